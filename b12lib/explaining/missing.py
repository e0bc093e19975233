"""What is not known, whether knowing it could change the treatment, and what to ask first.

*Cannot matter* is proved, not tried. Each table is looked at on every combination of what its
columns could still come to, whatever else becomes known. A column in which no difference alone
makes a different answer there cannot make one in any narrower case either; what reaches the
treatment through such columns only is out of it. Columns are taken one by one and all combinations
of them are thought possible, so the proof may miss something that cannot matter, never the
reverse. Values that were assumed stand: what another value of them would change is a matter of
``flips``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from statistics import fmean

from b12lib.deciding.assessment import Assessment
from b12lib.deciding.evaluate import Completions, Row, columns_that_matter, complete
from b12lib.deciding.fields import case_fields
from b12lib.explaining.supposing import Suppose, may_be_asked, operands, tables_behind
from b12lib.reading.protocol import Protocol
from b12lib.reading.tables import Column, DecisionTable

PART = "treatment"


@dataclass(frozen=True, slots=True)
class Unknown:
    """Something not known that alone could change the treatment.

    ``changes`` names the treatment decisions that some answer to it would change. How much it
    settles, the less of both the more, is told once it is known, as the mean over the ways in
    which it can turn out, each weighing the same: ``open`` by how many treatment decisions still
    wait for something, ``remaining`` by how many answers they could come to whatever else becomes
    known, all told. ``part_of`` is the finding through which alone it matters, if a person could
    state that instead; empty otherwise.
    """

    name: str
    changes: tuple[str, ...]
    open: float
    remaining: float
    part_of: str


@dataclass(frozen=True, slots=True)
class Missing:
    """Everything that a person could still answer or measure, by what it does to the treatment.

    ``alone`` could change it by itself: what an open decision waits for first, then what settles
    most, and of what settles as much that which changes the earlier decision of ``decisions.md``;
    ``together`` changes nothing by
    itself but was not proved unable to together with other unknowns; ``cannot`` was: whatever else
    becomes known, it changes nothing; ``unrelated`` no table that leads to the treatment asks for,
    in any case. ``remaining`` is how many answers the treatment decisions could still come to now.
    """

    alone: tuple[Unknown, ...]
    together: tuple[str, ...]
    cannot: tuple[str, ...]
    unrelated: tuple[str, ...]
    remaining: float

    @property
    def whole(self) -> tuple[Unknown, ...]:
        """What could change it alone, without the parts of a finding that is listed itself."""
        listed = {item.name for item in self.alone}
        return tuple(item for item in self.alone if item.part_of not in listed)


def missing(assessment: Assessment, decisions: Iterable[str] | None = None) -> Missing:
    """Sort what is not known by whether it could change ``decisions``, by default the treatment's.

    Raises ``KeyError`` for a decision that the protocol does not have. Where others are named,
    what ``Missing`` says of the treatment decisions is said of them.
    """
    protocol = assessment.protocol
    if decisions is None:
        named = [d.name for d in protocol.decisions.values() if d.part == PART]
    else:
        named = [protocol.decisions[name].name for name in decisions]
    prospects = _Prospects(tables_behind(named, protocol), named)
    coming = prospects.of(assessment)
    consumers = _consumers(coming.values(), named, assessment)
    asked_at_all = _asked(prospects.tables, protocol)
    suppose = Suppose(assessment, named)
    alone, together, cannot, unrelated = [], [], [], []
    for name, item in case_fields(protocol).items():
        if name in named or not may_be_asked(item, assessment):
            continue
        if name not in asked_at_all:
            unrelated.append(name)
        elif name not in consumers:
            cannot.append(name)
        elif found := _tried(name, suppose, prospects):
            part_of = _part_of(name, consumers, assessment)
            alone.append(Unknown(name, *found, part_of if part_of != name else ""))
        else:
            together.append(name)
    order = list(protocol.decisions)
    alone.sort(key=lambda item: (item.open, item.remaining, min(map(order.index, item.changes))))
    return Missing(
        alone=tuple(alone),
        together=tuple(together),
        cannot=tuple(cannot),
        unrelated=tuple(unrelated),
        remaining=prospects.size(coming),
    )


def _tried(
    name: str, suppose: Suppose, prospects: _Prospects
) -> tuple[tuple[str, ...], float, float] | None:
    """Try every way it can turn out: which decisions change, how many stay open, what remains."""
    now = suppose.assessment
    changed: set[str] = set()
    ways: dict[tuple[frozenset[object], ...], tuple[float, float]] = {}
    for value in suppose.values(name):
        then = suppose(name, value)
        if then is None:
            continue
        changed |= {
            decision
            for decision in prospects.decisions
            if set(then[decision].values) != set(now[decision].values)
        }
        # Two values after which every table that leads there answers alike are one way.
        way = tuple(frozenset(then[output].values) for output in prospects.outputs)
        if way not in ways:
            undecided = sum(not then[decision].known for decision in prospects.decisions)
            ways[way] = undecided, prospects.size(prospects.of(then))
    in_order = tuple(decision for decision in prospects.decisions if decision in changed)
    still_open, remaining = (fmean(each) for each in zip(*ways.values(), strict=True))
    return (in_order, still_open, remaining) if changed else None


@dataclass(frozen=True, slots=True)
class _Prospect:
    """What one table could still come to, whatever becomes known."""

    table: DecisionTable
    completions: Completions
    matter: tuple[str, ...]
    answers: int

    def said(self, output: str) -> Row:
        """Return every answer that one of its decisions could come to."""
        position = self.table.outputs.index(output)
        rules = (rule for hit in self.completions.values() for rule in hit)
        return tuple(dict.fromkeys(rule.outputs[position] for rule in rules))


@dataclass(frozen=True, slots=True)
class _Prospects:
    """What the tables that lead to ``decisions`` could still come to, in one case or another."""

    tables: tuple[DecisionTable, ...]
    decisions: list[str]
    _seen: dict[tuple[tuple[str, ...], tuple[Row, ...]], _Prospect] = field(default_factory=dict)

    @property
    def outputs(self) -> Iterator[str]:
        """Name every decision that these tables make."""
        return (output for table in self.tables for output in table.outputs)

    def of(self, assessment: Assessment) -> dict[tuple[str, ...], _Prospect]:
        """Return the prospect of each table in a case."""
        ever: dict[str, Row] = {
            name: (value,)
            for name, value in assessment.values.items()
            if value is not None and not _may_be_worked_out(name, assessment)
        }
        found = {}
        for table in self.tables:
            considered = tuple(_ever(column, ever) for column in table.columns)
            key = table.outputs, considered
            if key not in self._seen:
                self._seen[key] = _prospect(table, considered)
            found[table.outputs] = self._seen[key]
            for output in table.outputs:
                answer = assessment[output]
                ever[output] = answer.values if answer.stated else self._seen[key].said(output)
        return found

    def size(self, found: Mapping[tuple[str, ...], _Prospect]) -> float:
        """Count the answers that ``decisions`` could still come to."""
        return float(
            sum(
                prospect.answers
                for outputs, prospect in found.items()
                if not set(outputs).isdisjoint(self.decisions)
            )
        )


def _may_be_worked_out(name: str, assessment: Assessment) -> bool:
    """Say whether a value stands in only until what it is worked out from becomes known."""
    return name in assessment.assumed and assessment.protocol.inputs[name].formula is not None


def _ever(column: Column, ever: Mapping[str, Row]) -> Row:
    """Return what a column could be, *not known* included where its table asks for that."""
    values = ever.get(column.name, column.domain)
    known = column.name in ever and len(values) == 1
    return values if known or not column.asks_unknown else (*values, None)


def _prospect(table: DecisionTable, considered: tuple[Row, ...]) -> _Prospect:
    completions = complete(table, considered)
    answers = {tuple(rule.outputs for rule in hit) for hit in completions.values()}
    return _Prospect(table, completions, columns_that_matter(table, completions), len(answers))


def _consumers(
    prospects: Iterable[_Prospect], decisions: list[str], assessment: Assessment
) -> dict[str, set[str]]:
    """Say, for all that may matter to ``decisions``, through what it does so directly."""
    consumers: dict[str, set[str]] = {name: set() for name in decisions}
    for prospect in reversed(list(prospects)):
        for output in prospect.table.outputs:
            if output in consumers and not assessment[output].stated:
                for name in prospect.matter:
                    consumers.setdefault(name, set()).add(output)
    for item in reversed(list(assessment.protocol.inputs.values())):
        if item.formula and item.name in consumers:
            for name in item.formula.names:
                if assessment.values.get(name) is None:
                    consumers.setdefault(name, set()).add(item.name)
    return consumers


def _asked(tables: Iterable[DecisionTable], protocol: Protocol) -> set[str]:
    """Name all that tables ask for, and what that is worked out from."""
    return operands((column.name for table in tables for column in table.columns), protocol)


def _part_of(name: str, consumers: Mapping[str, set[str]], assessment: Assessment) -> str:
    """Name the finding that a person could state and that all its ways there pass."""
    item = case_fields(assessment.protocol).get(name)
    if name in assessment.answers and item and may_be_asked(item, assessment):
        return name
    through = {_part_of(other, consumers, assessment) for other in consumers[name]}
    return through.pop() if len(through) == 1 else ""
