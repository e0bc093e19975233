"""Which worked case fires which rule, what decided there, and what no case has ever tried."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import product

from b12lib.deciding.assessment import Assessment
from b12lib.deciding.evaluate import Outcome, Row
from b12lib.reading.dictionary import Input
from b12lib.reading.feel import UnaryTests, Value
from b12lib.reading.protocol import Protocol
from b12lib.reading.tables import DecisionTable, Rule


@dataclass(frozen=True, slots=True)
class RuleCoverage:
    """The cases in which a rule fires.

    ``decisive`` has, for each column whose cell could make a difference to the table's answer, the
    cases in which it does: another value of that input alone would change the answer.
    """

    rule: str
    fired: tuple[str, ...]
    decisive: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Limit:
    """Where a numeric input changes an answer: between two values one reporting step apart.

    ``at_below`` and ``at_above`` name the cases with exactly these values in which the step over
    the limit alone would change the table's answer.
    """

    table: str
    column: str
    below: Decimal
    above: Decimal
    rules: tuple[str, ...]
    at_below: tuple[str, ...]
    at_above: tuple[str, ...]

    @property
    def paired(self) -> bool:
        """Whether a case stands on each side."""
        return bool(self.at_below and self.at_above)


@dataclass(frozen=True, slots=True)
class Coverage:
    """What the worked cases cover of the tables."""

    rules: tuple[RuleCoverage, ...]
    limits: tuple[Limit, ...]

    @property
    def never_fired(self) -> tuple[str, ...]:
        """The rules that no case fires."""
        return tuple(item.rule for item in self.rules if not item.fired)

    @property
    def never_decisive(self) -> tuple[tuple[str, str], ...]:
        """The cells, by rule and column, that could decide but do in no case."""
        return tuple(
            (item.rule, column)
            for item in self.rules
            for column, cases in item.decisive.items()
            if not cases
        )

    @property
    def unpaired(self) -> tuple[Limit, ...]:
        """The limits that lack a case on one side."""
        return tuple(limit for limit in self.limits if not limit.paired)


def coverage(protocol: Protocol, assessments: Mapping[str, Assessment]) -> Coverage:
    """Say what the decided cases cover, each under its name."""
    rules: list[RuleCoverage] = []
    limits: list[Limit] = []
    for table in protocol.written:
        seen = list(_seen(table, assessments))
        rules += (_rule_coverage(table, rule, seen) for rule in table.rules)
        limits += _limits(table, protocol, seen)
    return Coverage(tuple(rules), tuple(limits))


Seen = Sequence[tuple[str, Outcome]]


def _seen(
    table: DecisionTable, assessments: Mapping[str, Assessment]
) -> Iterator[tuple[str, Outcome]]:
    """Yield what a table said in every case, and at every visit at which it decides."""
    for name, assessment in assessments.items():
        for answer in assessment.everything():
            asked = answer.outcome.table
            if asked.place == table.place and answer.decision.name == asked.outputs[0]:
                yield name, answer.outcome


def _rule_coverage(table: DecisionTable, rule: Rule, seen: Seen) -> RuleCoverage:
    fired = [(name, outcome) for name, outcome in seen if rule in outcome.fired]
    rows = [row for row in product(*_values(table)) if rule in table.hits(row)]
    decisive = {
        column.name: _names(
            name
            for name, outcome in fired
            if any(_decisive(table, i, row) for row in product(*outcome.considered))
        )
        for i, column in enumerate(table.columns)
        if rule.inputs[i].text != "-" and any(_decisive(table, i, row) for row in rows)
    }
    return RuleCoverage(rule.id, _names(name for name, _ in fired), decisive)


def _names(cases: Iterable[str]) -> tuple[str, ...]:
    """Name each case once, however many of its visits are meant."""
    return tuple(dict.fromkeys(cases))


def _values(table: DecisionTable) -> list[Row]:
    return [column.domain + (None,) * column.asks_unknown for column in table.columns]


def _decisive(table: DecisionTable, position: int, row: Row) -> bool:
    """Say whether another value in this column alone would change the table's answer."""
    return any(
        _said(table, _with(row, position, other)) != _said(table, row)
        for other in _values(table)[position]
    )


def _with(row: Row, position: int, value: Value) -> Row:
    return (*row[:position], value, *row[position + 1 :])


def _said(table: DecisionTable, row: Row) -> set[Row]:
    return {rule.outputs for rule in table.hits(row)}


def _limits(table: DecisionTable, protocol: Protocol, seen: Seen) -> Iterator[Limit]:
    for position, column in enumerate(table.columns):
        item = protocol.dictionary[column.name]
        if not isinstance(item, Input) or item.kind != "quantity":
            continue
        cells = {rule: rule.inputs[position] for rule in table.rules}
        steps = sorted({step for cell in cells.values() for step in _steps(cell, item)})
        for below, above in steps:
            rules = tuple(
                rule.id
                for rule, cell in cells.items()
                if cell.matches(below) != cell.matches(above)
            )
            at_below, at_above = (
                _names(name for name, outcome in seen if _asked(position, *sides, outcome))
                for sides in ((below, above), (above, below))
            )
            yield Limit(table.title, column.name, below, above, rules, at_below, at_above)


def _steps(cell: UnaryTests, item: Input) -> Iterator[tuple[Decimal, Decimal]]:
    """Yield the reporting steps over which the cell changes its mind."""
    low, high = item.range
    for limit in cell.limits:
        for below in (limit - item.precision, limit):
            above = below + item.precision
            if low <= below and above <= high and cell.matches(below) != cell.matches(above):
                yield below, above


def _asked(position: int, value: Decimal, other: Decimal, outcome: Outcome) -> bool:
    """Say whether the case has this value, and the other alone would change the table's answer."""
    return outcome.considered[position] == (value,) and any(
        _said(outcome.table, row) != _said(outcome.table, _with(row, position, other))
        for row in product(*outcome.considered)
    )
