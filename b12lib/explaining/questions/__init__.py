"""Questions about the protocol, made from its tables, worked cases and claims.

Nothing of an answer is stored: whoever makes a question asks the evaluator for what is right, and
the tables' own rules for why the rest is wrong.
"""
