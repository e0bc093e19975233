"""Verifying: whether a protocol holds together, and whether that has been shown."""
