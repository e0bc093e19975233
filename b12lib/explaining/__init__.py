"""Explaining: what an assessment means, what is missing, and what would change it."""
