"""What is special about visits: their day, tables read again at a visit, and which decide there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from b12lib.errors import Place, ProtocolFault
from b12lib.reading.dictionary import Decision, Input
from b12lib.reading.tables import DecisionTable, Dictionary

DAY, DAYS = "day", "d"
"""The row of ``visits.md`` that counts from the first dose, and its unit."""
TOLD = ("date", "expect")
"""What else stands in a visit of a case file beside the rows of ``visits.md``."""


def day_faults(visits: Mapping[str, Input]) -> Iterator[ProtocolFault]:
    """Refuse a ``visits.md`` without the day of the visit, or with a name that means another."""
    day = visits.get(DAY)
    if day is None or day.unit != DAYS or day.formula or not day.may_be_given:
        place = day.place if day else Place("visits.md")
        problem = f"the row {DAY} is missing: a quantity in {DAYS}, asked for, without a formula"
        yield ProtocolFault(place, problem)
    for name in visits.keys() & set(TOLD):
        yield ProtocolFault(visits[name].place, f"{name} means something else in a visit")


def read_again(
    tables: Iterable[DecisionTable], dictionary: Dictionary
) -> tuple[list[DecisionTable], list[ProtocolFault]]:
    """Return the tables that are read once more of a visit, so that no limit is written twice.

    A decision ``anaemia_now`` without a table of its own is decided by the table of ``anaemia``,
    with ``haemoglobin_now`` in the place of ``haemoglobin``: whatever has a twin of that ending.
    """
    tables = list(tables)
    decided = {name for table in tables for name in table.outputs}
    again: list[DecisionTable] = []
    faults: list[ProtocolFault] = []
    for name, decision in dictionary.items():
        base, _, ending = name.rpartition("_")
        for table in tables:
            if isinstance(decision, Input) or name in decided or table.outputs != (base,):
                continue
            twins = {c.name: f"{c.name}_{ending}" for c in table.columns}
            columns = tuple(
                replace(c, name=twins[c.name]) if twins[c.name] in dictionary else c
                for c in table.columns
            )
            if columns != table.columns:
                again.append(replace(table, columns=columns, outputs=(name,)))
                faults += _unlike(decision, dictionary[base])
    return again, faults


def _unlike(twin: Decision, base: Input | Decision) -> Iterator[ProtocolFault]:
    if (twin.kind, twin.answers) != (base.kind, base.answers):
        yield ProtocolFault(
            twin.place, f"its answers are not those of {base.name}, whose table it uses"
        )


def at_visits(ordered: Iterable[DecisionTable], visits: Iterable[str]) -> frozenset[str]:
    """Name the decisions that rest on something a visit found, whatever stands between."""
    resting = set(visits)
    found: set[str] = set()
    for table in ordered:
        if not resting.isdisjoint(column.name for column in table.columns):
            resting.update(table.outputs)
            found.update(table.outputs)
    return frozenset(found)
