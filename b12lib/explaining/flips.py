"""What would change the answer: for each known value the nearest other one that does.

Exact on the steps in which a value is reported, and from the tables' own limits: see ``supposing``.
A value with which the case would contradict itself is passed over, never offered.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby

from b12lib.deciding.assessment import Assessment
from b12lib.deciding.fields import case_fields
from b12lib.explaining.supposing import Suppose
from b12lib.reading.feel import Value

PARTS = ("finding", "treatment")


@dataclass(frozen=True, slots=True)
class Change:
    """What one decision comes to now, what it would, and the rules behind that."""

    decision: str
    now: tuple[Value, ...]
    then: tuple[Value, ...]
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Flip:
    """Another value of something known, and the decisions that it would change.

    A quantity is the nearest ``below`` or ``above`` the known one at which these decisions change,
    ``value`` in the unit of the dictionary; a word or a yes or no is one of the ``other`` answers.
    ``written`` is the value as the case would give it, in the unit that it used.
    """

    name: str
    side: str
    value: Value
    written: str
    changes: tuple[Change, ...]


def flips(assessment: Assessment, decisions: Iterable[str] | None = None) -> tuple[Flip, ...]:
    """Return what would change ``decisions``, by default every finding and treatment decision.

    Everything that the case gives is tried, and what was assumed because it does not. Raises
    ``KeyError`` for a decision that the protocol does not have.
    """
    protocol = assessment.protocol
    if decisions is None:
        named = [d.name for d in protocol.decisions.values() if d.part in PARTS]
    else:
        named = [protocol.decisions[name].name for name in decisions]
    suppose = Suppose(assessment, named)
    return tuple(
        flip
        for name, item in case_fields(protocol).items()
        if item.kind != "date" and (name in assessment.case.given or name in assessment.assumed)
        for side, values in _around(name, suppose)
        for flip in _first(name, side, values, named, suppose)
    )


def outcomes(name: str, assessment: Assessment, decisions: Iterable[str]) -> Iterator[Flip]:
    """Yield the ways in which something not known could turn out that would change ``decisions``.

    Neighbouring values of a quantity that change the same by the same rules are one way: ``value``
    is the least of them, ``written`` names the least and the greatest; words are all named.
    """
    named = list(decisions)
    suppose = Suppose(assessment, named)
    tried = [(*way, _supposed(name, way[0], named, suppose)) for way in _ways(name, suppose)]
    for _, alike in groupby(
        tried, lambda way: [(change.decision, change.then) for change in way[2]]
    ):
        (first, last, changes), *more = alike
        if changes:
            if isinstance(first, Decimal):
                ends, joiner = dict.fromkeys([first, more[-1][1] if more else last]), " to "
            else:
                ends, joiner = dict.fromkeys([first, *(way[0] for way in more)]), " or "
            written = joiner.join(suppose.said(name, end).written for end in ends)
            yield Flip(name, "other", first, written, changes)


def _ways(name: str, suppose: Suppose) -> list[tuple[Value, Value]]:
    if case_fields(suppose.assessment.protocol)[name].kind == "quantity":
        return list(suppose.intervals(name))
    return [(value, value) for value in suppose.values(name)]


def _supposed(
    name: str, value: Value, decisions: Iterable[str], suppose: Suppose
) -> tuple[Change, ...]:
    then = suppose(name, value)
    return tuple(changes_between(suppose.assessment, then, decisions)) if then else ()


def _around(name: str, suppose: Suppose) -> Iterator[tuple[str, list[Value]]]:
    """Yield the values to try, nearest first: the near end of each interval on either side."""
    now = suppose.assessment
    known = now.values[name] if name in now.values else now[name].value
    if isinstance(known, Decimal):
        intervals = suppose.intervals(name)
        yield "below", [last for _, last in reversed(intervals) if last < known]
        yield "above", [first for first, _ in intervals if first > known]
    else:
        yield from (("other", [value]) for value in suppose.values(name) if value != known)


def _first(
    name: str, side: str, values: Iterable[Value], decisions: Iterable[str], suppose: Suppose
) -> Iterator[Flip]:
    """Yield the values at which a decision changes that no value before them changes."""
    waiting = [decision for decision in decisions if decision != name]
    for value in values:
        then = suppose(name, value)
        if then is None:
            continue
        changes = tuple(changes_between(suppose.assessment, then, waiting))
        changed = {change.decision for change in changes}
        waiting = [decision for decision in waiting if decision not in changed]
        if changes:
            yield Flip(name, side, value, suppose.said(name, value).written, changes)


def changes_between(
    now: Assessment, then: Assessment, decisions: Iterable[str]
) -> Iterator[Change]:
    """Yield each of ``decisions`` that comes to something else in another assessment."""
    for name in decisions:
        answer = then[name]
        if set(answer.values) != set(now[name].values):
            rules = answer.outcome.fired or answer.outcome.open
            yield Change(name, now[name].values, answer.values, tuple(r.id for r in rules))
