"""What can be known of each decision: every set of answers that the tables can leave it with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations, islice, product

from b12lib.deciding.evaluate import Possible, Row, decide
from b12lib.reading.dictionary import Input
from b12lib.reading.feel import UnaryTests, Value
from b12lib.reading.protocol import Protocol, Stage
from b12lib.reading.tables import Column, DecisionTable

States = Mapping[str, frozenset[Row]]
"""For each decision, the sets of answers it may come to: one answer, or several still open."""


MOST = 5_000
"""Situations of one table that are looked at; of more, every set of answers is thought possible."""


def reachable(protocol: Protocol) -> States:
    """Return every state of every decision, and perhaps more: columns are taken as independent."""
    states: dict[str, frozenset[Row]] = {}
    stages: tuple[Stage, ...] = (protocol, protocol.visits)
    for stage, table in ((of, table) for of in stages for table in of.tables):
        few = list(islice(situations(table, protocol, states), MOST + 1))
        outcomes = [decide(table, possible) for possible in few] if len(few) <= MOST else []
        for name in table.outputs if table.hit_policy != "C" else ():  # no table asks for a list
            decision = stage.decisions[name]
            stated = decision.domain if decision.may_be_stated else ()
            states[name] = frozenset(
                [_in_order(outcome.answers(name), decision.domain) for outcome in outcomes]
                + [(answer,) for answer in stated]
            ) or frozenset(_subsets(decision.domain))
    return states


def _subsets(domain: Row) -> Iterator[Row]:
    return (some for size in range(1, len(domain) + 1) for some in combinations(domain, size))


def situations(table: DecisionTable, protocol: Protocol, states: States) -> Iterator[Possible]:
    """Yield everything that can be known of a table's inputs, as far as its cells tell it apart."""
    names = [column.name for column in table.columns]
    choices = [
        _choices(column, [rule.inputs[i] for rule in table.rules], protocol, states)
        for i, column in enumerate(table.columns)
    ]
    for row in product(*choices):
        known = zip(names, row, strict=True)
        yield {name: values for name, values in known if values}


def _choices(
    column: Column, cells: list[UnaryTests], protocol: Protocol, states: States
) -> list[Row]:
    """Return what may be known of one column; an empty row is a value that nobody gave."""
    if column.name in states:
        alike = {tuple(cell.matches(value) for cell in cells): value for value in column.domain}
        spoken = {
            value: alike[tuple(cell.matches(value) for cell in cells)]
            for value in protocol.dictionary[column.name].domain
        }
        return list(
            dict.fromkeys(
                _told(state, spoken, column) for state in sorted(states[column.name], key=str)
            )
        )
    known: list[Row] = [(value,) for value in column.domain]
    item = protocol.dictionary[column.name]
    assumed = isinstance(item, Input) and item.assumed is not None
    return known if assumed else [*known, ()]


def _told(state: Row, spoken: Mapping[Value, Value], column: Column) -> Row:
    """Return a state in the column's own words; of answers that are all alike two stay open."""
    told = _in_order([spoken[answer] for answer in state], column.domain)
    return state[:2] if column.asks_unknown and len(told) == 1 else told


def _in_order(answers: Sequence[Value], domain: Row) -> Row:
    return tuple(answer for answer in domain if answer in answers)
