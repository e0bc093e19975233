"""Supposing that one field of a case were otherwise: which values to try, and what comes of them.

The tables compare a quantity with finitely many limits. Its range therefore falls into finitely
many intervals in which every table answers alike, and one value of each tells all. A table may
compare with a value worked out from the quantity instead, such as its multiple of a limit. Sums,
differences, products and quotients of values that are not negative, and rounding, run only one way
as one operand grows; so between two values that lie alike there is none that lies otherwise, and
bisecting the reporting steps finds each end of an interval exactly. That would not hold for a
formula that uses one value twice; a test holds what findings and treatment ask for to this.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import replace
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, Context, Decimal, localcontext
from functools import cache
from types import MappingProxyType

from b12lib.deciding.assessment import Assessment, Memory, assess, worked_out
from b12lib.deciding.fields import Given, case_fields, plain
from b12lib.errors import CaseError
from b12lib.explaining.wording import word
from b12lib.reading.dictionary import Decision, Input
from b12lib.reading.feel import Value
from b12lib.reading.protocol import Protocol, Stage
from b12lib.reading.tables import DecisionTable
from b12lib.reading.visits import DAY

DIGITS = 12
"""Digits after the point that a case may give."""


class Suppose:
    """One assessment, and what it would be if a field of its case were otherwise.

    Only the tables that lead to ``decisions``, or that refuse a case, set the values to try.
    ``memory`` is for many cases of one protocol, as ``assess`` takes it.
    """

    def __init__(
        self, assessment: Assessment, decisions: Iterable[str], memory: Memory | None = None
    ) -> None:
        self.assessment = assessment
        self._stage: Stage = assessment.protocol
        refusing = [a.decision.name for a in assessment.part("refusal")]
        self._limits = _limits(tables_behind([*decisions, *refusing], assessment.protocol))
        self._memory: Memory = {} if memory is None else memory

    def __call__(self, name: str, value: Value) -> Assessment | None:
        """Assess the case with this value; ``None`` where it would then contradict itself.

        Visits are left out: nothing before treatment rests on what was found under it.
        """
        try:
            return self._with(name, self.said(name, value))
        except CaseError:
            return None

    def _with(self, name: str, given: Given) -> Assessment:
        case = self.assessment.case
        told = MappingProxyType({**case.given, name: given})
        return assess(replace(case, given=told, visits=()), self._memory)

    def said(self, name: str, value: Value) -> Given:
        """Write a value as the case would give it: a quantity in the unit that it used."""
        if not isinstance(value, Decimal):
            return Given(value, word(value))
        with localcontext(Context()):
            number, unit = self._number(self._stage.inputs[name], value)
        printed = self.assessment.protocol.units[unit].printed
        return Given(value, f"{plain(number)} {printed}", number, unit)

    def _number(self, item: Input, value: Decimal) -> tuple[Decimal, str]:
        given = self.assessment.case.given.get(item.name)
        unit = given.unit if given else item.unit
        return _shortest(item, value, unit), unit

    def values(self, name: str) -> list[Value]:
        """Return one value for each way in which a field can turn out."""
        item = case_fields(self._stage)[name]
        if item.kind == "quantity":
            return [start for start, _ in self.intervals(name)]
        return list(item.domain)

    def intervals(self, name: str) -> list[tuple[Decimal, Decimal]]:
        """Return the first and last value of each interval of a quantity, from low to high."""
        item = self._stage.inputs[name]
        with localcontext(Context()):
            low, high = (end / item.precision for end in item.range)
            first, last = math.ceil(low), math.floor(high)
            starts = [first, *self._cuts(item, first, last)]
            ends = [start - 1 for start in starts[1:]] + [last]
            return [
                (start * item.precision, end * item.precision)
                for start, end in zip(starts, ends, strict=True)
            ]

    def _cuts(self, item: Input, first: int, last: int) -> Iterator[int]:
        """Yield the reporting steps at which a new interval begins."""
        following = tuple(self._following(item.name))

        @cache
        def place(step: int) -> tuple[int | None, ...]:
            """Say on which side of every limit the value, and all that follows from it, lies."""
            values = {**self.assessment.values, item.name: step * item.precision}
            if following:
                number, _ = self._number(item, step * item.precision)
                numbers = {**_numbers(self.assessment), item.name: number}
                for other in following:
                    values[other.name] = worked_out(other, values, numbers)
            names = (item.name, *(other.name for other in following))
            return tuple(self._place(name, values[name]) for name in names)

        def cuts(low: int, high: int) -> Iterator[int]:
            if place(low) == place(high):
                return
            if high - low == 1:
                yield high
                return
            middle = (low + high) // 2
            yield from cuts(low, middle)
            yield from cuts(middle, high)

        return cuts(first, last)

    def _following(self, name: str) -> Iterator[Input]:
        """Yield what is worked out from an input, directly or not, in the dictionary's order."""
        names = {name}
        for item in self._stage.inputs.values():
            given = item.name in self.assessment.case.given
            if item.formula and not given and names & item.formula.names:
                names.add(item.name)
                yield item

    def _place(self, name: str, value: Value) -> int | None:
        """Count the limits below a value and those not above it: alike means on the same side."""
        if not isinstance(value, Decimal):
            return None
        limits = self._limits.get(name, [])
        return bisect_left(limits, value) + bisect_right(limits, value)


class SupposeAtVisit(Suppose):
    """The same of what the last visit of a case found, its day included.

    ``assessment`` is that of the case as it stood at the visit, and so is what comes of it.
    """

    def __init__(
        self, assessment: Assessment, decisions: Iterable[str], memory: Memory | None = None
    ) -> None:
        super().__init__(assessment, decisions, memory)
        self._stage = assessment.protocol.visits

    def _with(self, name: str, given: Given) -> Assessment:
        case = self.assessment.case
        last = case.visits[-1]
        found = MappingProxyType({**last.given, name: given})
        visit = replace(last, day=int(str(found[DAY].value)), date=None, given=found)
        whole = assess(replace(case, visits=(*case.visits[:-1], visit)), self._memory)
        return whole.at(whole.visits[-1])


def tables_behind(decisions: Iterable[str], protocol: Protocol) -> tuple[DecisionTable, ...]:
    """Return the tables that make these decisions, and all that those ask, in order."""
    wanted = set(decisions)
    behind = []
    for table in reversed((*protocol.tables, *protocol.visits.tables)):
        if not wanted.isdisjoint(table.outputs):
            behind.append(table)
            wanted.update(column.name for column in table.columns)
    return tuple(reversed(behind))


def operands(names: Iterable[str], stage: Stage) -> set[str]:
    """Return names of inputs together with all that they are worked out from at one stage."""
    found = set(names)
    for item in reversed(list(stage.inputs.values())):
        if item.formula and item.name in found:
            found |= item.formula.names
    return found


def _limits(tables: Iterable[DecisionTable]) -> dict[str, list[Decimal]]:
    limits: dict[str, set[Decimal]] = {}
    for table in tables:
        for rule in table.rules:
            for column, cell in zip(table.columns, rule.inputs, strict=True):
                limits.setdefault(column.name, set()).update(cell.limits)
    return {name: sorted(found) for name, found in limits.items()}


def _numbers(assessment: Assessment) -> dict[str, Decimal]:
    given = assessment.case.given.items()
    return {name: item.number for name, item in given if item.number is not None}


def _shortest(item: Input, value: Decimal, unit: str) -> Decimal:
    """Find the number with the fewest digits that is read as ``value``, and is not refused."""
    factor = item.factors[unit]
    low, high = item.range
    way = {low: ROUND_CEILING, high: ROUND_FLOOR}.get(value, ROUND_HALF_EVEN)
    exact = value / factor
    numbers = (exact.quantize(Decimal(1).scaleb(-digits), way) for digits in range(DIGITS + 1))
    return next(n for n in numbers if item.round(n * factor) == value and low <= n * factor <= high)


def may_be_asked(item: Input | Decision, assessment: Assessment) -> bool:
    """Say whether a person could still answer or measure it."""
    name = item.name
    if item.kind == "date" or name in assessment.case.given:
        return False
    if name in assessment.answers:
        return not assessment[name].known
    return assessment.values[name] is None
