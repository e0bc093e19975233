"""The tables as formulas that say which answers are possible, in every case at once.

The formulas are made of ``&``, ``|`` and ``~`` alone and so have two readings: over a solver's
Booleans they speak of every case; over whole numbers, one bit a case, they decide many cases at
once, which is how they are compared with ``deciding.evaluate``, whose definition they follow.

A *saying* holds, for each value that a name can have, whether the case says it; none of them where
it says nothing. A quantity is told apart only as far as the tables do: its values are the starts of
the stretches between their limits.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Generic, Self, TypeVar
from typing import Protocol as Interface

from b12lib.reading.dictionary import Input
from b12lib.reading.feel import UnaryTests, Value
from b12lib.reading.protocol import Protocol
from b12lib.reading.tables import Column, DecisionTable, Rule


class Truth(Interface):
    """A truth value, or one for each of many cases."""

    def __and__(self, other: Self, /) -> Self: ...
    def __or__(self, other: Self, /) -> Self: ...
    def __invert__(self) -> Self: ...


T = TypeVar("T", bound=Truth)
Sayings = Mapping[str, Mapping[Value, T]]
Row = tuple[Value, ...]
Firing = list[T]
"""Where each rule of a table may decide, or is listed for sure, in the table's order."""


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
        firing, gaps = _firing(table, possible, settled, false)
        gap = gap | gaps
        for position, name in enumerate(table.outputs):
            answers = {
                value: any_of(
                    (
                        is_
                        for rule, is_ in zip(table.rules, firing, strict=True)
                        if rule.outputs[position] == value
                    ),
                    false,
                )
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
            if table.hit_policy != "C":  # no column asks whether a list is known
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


def _firing(
    table: DecisionTable, possible: Sayings[T], settled: Mapping[str, T], false: T
) -> tuple[Firing[T], T]:
    """Return where each rule fires once the table has decided, and where the table has a gap.

    A completion is a row of the values that the columns may have. Completions differ by steps in
    single columns, so an answer that no column could change is one that all completions share.
    """
    whole: list[Mapping[Value, T]] = []
    now: list[Mapping[Value, T]] = []
    for position, column in enumerate(table.columns):
        cells = [rule.inputs[position] for rule in table.rules]
        whole.append(dict(_of_column(column, cells, possible[column.name], false)))
        now.append(_as_known(whole[-1], settled[column.name]) if column.asks_unknown else whole[-1])
    if table.hit_policy == "C":
        return [_surely(rule, now, ~false) for rule in table.rules], false
    firing, gap = _deciding(table, whole, false)
    if not table.asks_unknown:
        return firing, gap
    for_now, gap_now = _deciding(table, now, false)
    shared = _unanimous(table, firing, false)
    either = zip(firing, for_now, strict=True)
    return [shared & any_ | ~shared & is_ for any_, is_ in either], gap | gap_now


def _as_known(values: Mapping[Value, T], known: T) -> Mapping[Value, T]:
    """Return a column's values where not knowing is one of them."""
    return {value: is_ & known for value, is_ in values.items()} | {None: ~known}


def _surely(rule: Rule, columns: Sequence[Mapping[Value, T]], true: T) -> T:
    """Return where a rule fires in every completion: no column may have a value against it."""
    return all_of(
        (
            ~is_
            for cell, values in zip(rule.inputs, columns, strict=True)
            for value, is_ in values.items()
            if not cell.matches(value)
        ),
        true,
    )


def _deciding(
    table: DecisionTable, columns: Sequence[Mapping[Value, T]], false: T
) -> tuple[Firing[T], T]:
    """Return where each rule decides some completion, and where not exactly one rule does."""
    rows: list[tuple[Row, T]] = [((), ~false)]
    for values in columns:
        rows = [
            ((*row, value), completed & is_)
            for row, completed in rows
            for value, is_ in values.items()
        ]
    firing, gap = [false] * len(table.rules), false
    for row, completed in rows:
        hit = [number for number, rule in enumerate(table.rules) if rule.matches(row)]
        if table.hit_policy == "F":
            hit = hit[:1]
        if len(hit) == 1:
            firing[hit[0]] = firing[hit[0]] | completed
        else:
            gap = gap | completed
    return firing, gap


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


def _unanimous(table: DecisionTable, firing: Firing[T], false: T) -> T:
    answers: dict[Row, T] = {}
    for rule, is_ in zip(table.rules, firing, strict=True):
        answers[rule.outputs] = answers.get(rule.outputs, false) | is_
    return _exactly_one(answers.values(), false)
