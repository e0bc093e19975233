"""Deciding: a protocol and a case in, an assessment out. Pure: no files, no clock, no network."""
