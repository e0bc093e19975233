"""The tables as formulas that say which answers are possible, in every case at once.

The formulas are made of ``&``, ``|`` and ``~`` alone and so have two readings: over a solver's
Booleans they speak of every case; over whole numbers, one bit a case, they decide many cases at
once, which is how they are compared with ``deciding.evaluate``, whose definition they follow.

A *saying* holds, for each value that a name can have, whether the case says it; none of them where
it says nothing. A quantity is told apart only as far as the tables do: its values are the starts of
the stretches between their limits.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import reduce
from typing import Generic, Self, TypeVar
from typing import Protocol as Interface

from b12lib.reading.dictionary import Input
from b12lib.reading.feel import UnaryTests, Value
from b12lib.reading.protocol import Protocol
from b12lib.reading.tables import Column, DecisionTable


class Truth(Interface):
    """A truth value, or one for each of many cases."""

    def __and__(self, other: Self, /) -> Self: ...
    def __or__(self, other: Self, /) -> Self: ...
    def __invert__(self) -> Self: ...


T = TypeVar("T", bound=Truth)
Sayings = Mapping[str, Mapping[Value, T]]
Row = tuple[Value, ...]
Hit = tuple[int, ...]
"""The rules that fire together, by their place in the table."""


@dataclass(frozen=True, slots=True)
class Decided(Generic[T]):
    """What the tables make of a case.

    ``possible`` holds, for each input and decision, the values that it may have, or for a decision
    that collects those that it lists; ``refused``: the case contradicts itself; ``gap``: some table
    has not exactly one rule for it.
    """

    possible: Sayings[T]
    refused: T
    gap: T


def starts(item: Input, protocol: Protocol) -> tuple[Value, ...]:
    """Return one value for each way in which the tables can tell values of an input apart.

    Of a quantity these are the lowest values of the stretches between limits, in rising order.
    """
    if item.kind != "quantity":
        return item.domain
    limits = {
        limit
        for table in protocol.tables
        for position, column in enumerate(table.columns)
        if column.name == item.name
        for rule in table.rules
        for limit in rule.inputs[position].limits
    }
    low, high = item.range
    ends = {low, *limits, *(limit + item.precision for limit in limits)}
    return tuple(sorted(end for end in ends if low <= end <= high))


def decide_all(protocol: Protocol, said: Sayings[T], false: T) -> Decided[T]:
    """Let every table decide in turn; a stated answer stands in place of the table's own.

    ``said`` covers every input that is no date, and every decision that may be stated.
    """
    possible: dict[str, Mapping[Value, T]] = {}
    settled: dict[str, T] = {}
    for name in (name for name in protocol.inputs if name in said):
        settled[name] = any_of(said[name].values(), false)
        possible[name] = {value: is_ | ~settled[name] for value, is_ in said[name].items()}
    refused = gap = false
    for table in protocol.tables:
        hits, gaps = _hits(table, possible, settled, false)
        gap = gap | gaps
        for position, name in enumerate(table.outputs):
            answers = {
                value: _said(table, position, value, hits, false)
                for value in protocol.decisions[name].domain
            }
            if protocol.decisions[name].part == "refusal":
                refused = refused | any_of(answers.values(), false)
            if name in said:
                stated = any_of(said[name].values(), false)
                for value, is_ in said[name].items():
                    refused = refused | is_ & ~answers[value]
                    answers[value] = is_ | answers[value] & ~stated
            possible[name] = answers
            settled[name] = _exactly_one(answers.values(), false)
    return Decided(possible, refused, gap)


def any_of(truths: Iterable[T], false: T) -> T:
    """Return where one of them is true."""
    return reduce(lambda one, other: one | other, truths, false)


def all_of(truths: Iterable[T], true: T) -> T:
    """Return where each of them is true."""
    return reduce(lambda one, other: one & other, truths, true)


def _exactly_one(truths: Iterable[T], false: T) -> T:
    one = more = false
    for truth in truths:
        more = more | one & truth
        one = one | truth
    return one & ~more


def _hits(
    table: DecisionTable, possible: Sayings[T], settled: Mapping[str, T], false: T
) -> tuple[dict[Hit, T], T]:
    """Return where each hit is possible once the table has decided, and where it has a gap.

    A completion is a row of the values that the columns may have. Completions differ by steps in
    single columns, so an answer that no column could change is one that all completions share.
    """
    rows: list[tuple[Row, T, T]] = [((), ~false, ~false)]
    for position, column in enumerate(table.columns):
        cells = [rule.inputs[position] for rule in table.rules]
        whole = dict(_of_column(column, cells, possible[column.name], false))
        now = whole
        if column.asks_unknown:
            known = settled[column.name]
            now = {value: is_ & known for value, is_ in whole.items()} | {None: ~known}
        rows = [
            ((*row, value), completed & whole.get(value, false), as_known & is_)
            for row, completed, as_known in rows
            for value, is_ in now.items()
        ]
    hits: dict[Hit, T] = {}
    hits_now: dict[Hit, T] = {}
    gap = false
    for row, completed, as_known in rows:
        hit = tuple(number for number, rule in enumerate(table.rules) if rule.matches(row))
        if table.hit_policy == "F":
            hit = hit[:1]
        if table.hit_policy != "C" and len(hit) != 1:
            gap = gap | completed | as_known
        else:
            hits[hit] = hits.get(hit, false) | completed
            hits_now[hit] = hits_now.get(hit, false) | as_known
    if not table.asks_unknown:
        return hits, gap
    shared = false if table.hit_policy == "C" else _unanimous(table, hits, false)
    return {hit: shared & hits[hit] | ~shared & hits_now[hit] for hit in hits}, gap


def _of_column(
    column: Column, cells: list[UnaryTests], possible: Mapping[Value, T], false: T
) -> Iterator[tuple[Value, T]]:
    """Yield each value that the column's cells can tell apart, and where it is possible."""
    for known in column.domain:
        alike = (
            is_
            for value, is_ in possible.items()
            if all(cell.matches(value) == cell.matches(known) for cell in cells)
        )
        yield known, any_of(alike, false)


def _unanimous(table: DecisionTable, hits: Mapping[Hit, T], false: T) -> T:
    answers: dict[Row, T] = {}
    for hit, is_ in hits.items():
        answer = table.rules[hit[0]].outputs
        answers[answer] = answers.get(answer, false) | is_
    return _exactly_one(answers.values(), false)


def _said(table: DecisionTable, position: int, value: Value, hits: Mapping[Hit, T], false: T) -> T:
    """Return where a decision may answer ``value``, or lists it whatever the unknown is."""
    says = [number for number, rule in enumerate(table.rules) if rule.outputs[position] == value]
    if table.hit_policy != "C":
        return any_of((is_ for hit, is_ in hits.items() if hit[0] in says), false)
    return any_of(
        (all_of((~is_ for hit, is_ in hits.items() if rule not in hit), ~false) for rule in says),
        false,
    )
