"""Choices that tell what one decision comes to on each of two sides: patients, or units."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

from b12lib.deciding.assessment import Assessment
from b12lib.explaining.questions.question import Choice, Lots, behind, fired, offered
from b12lib.explaining.wording import begun, rule_ids, word
from b12lib.reading.feel import Value

CHOICES = 4

Sides = tuple[Assessment, Assessment]


def pairs(decision: str, named: Sequence[str], sides: Sides, lots: Lots) -> tuple[Choice, ...]:
    """Return the right pair of answers among others; ``named`` says which side is which."""
    right = tuple(side[decision].value for side in sides)
    possible = product(offered(sides[0][decision]), repeat=len(sides))
    wrong = lots.shuffled(pair for pair in possible if pair != right)
    choices = [_choice(pair, decision, named, sides) for pair in [right, *wrong][:CHOICES]]
    return tuple(lots.shuffled(choices, lambda choice: choice.means))


def _choice(pair: tuple[Value, ...], decision: str, named: Sequence[str], sides: Sides) -> Choice:
    each = list(zip(named, pair, sides, strict=True))
    text = "; ".join(f"{name}: {word(value)}" for name, value, _ in each)
    wrong = [(name, side) for name, value, side in each if side[decision].value != value]
    if wrong:
        feedback = "; ".join(
            f"{name} it is {word(side[decision].value)} (`{rule_ids(side[decision])}`)"
            for name, side in wrong
        )
        feedback = f"{begun(feedback)}."
    else:
        feedback = " ".join(f"{begun(name)}: {fired(decision, side)}" for name, _, side in each)
    told = [side for _, side in wrong] or sides
    rules = tuple(rule for side in told for rule in behind(decision, side))
    return Choice(text, not wrong, pair, feedback, rules)
