"""Explaining: what an assessment means, what is missing, and whether a protocol holds together."""
