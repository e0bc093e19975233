"""Gaps, overlaps and dead rules, found by enumerating all that a table's cells can tell apart."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product

from b12lib.reading.feel import Value
from b12lib.reading.protocol import Protocol
from b12lib.reading.tables import DecisionTable


@dataclass(frozen=True, slots=True)
class TableFault:
    """A gap, an overlap or a rule that can never fire, with an example case where there is one."""

    kind: str
    table: DecisionTable
    rules: tuple[str, ...]
    example: Mapping[str, Value]


def check(protocol: Protocol) -> tuple[TableFault, ...]:
    """Return every fault of every table; an empty result means each table always decides."""
    return tuple(fault for table in protocol.tables for fault in check_table(table))


def check_table(table: DecisionTable) -> Iterator[TableFault]:
    """Yield one fault for each different set of rules that clash, and for each gap.

    In a column that asks for ``unknown``, not knowing is one more value to cover.
    """
    told: set[tuple[str, ...]] = set()
    reached: set[str] = set()
    names = [column.name for column in table.columns]
    domains = [column.domain + (None,) * column.asks_unknown for column in table.columns]
    for row in product(*domains):
        matching = tuple(rule.id for rule in table.rules if rule.matches(row))
        reached |= set(matching[:1] if table.hit_policy == "F" else matching)
        overlap = len(matching) > 1 and table.hit_policy == "U"
        gap = not matching and table.hit_policy != "C"
        if (overlap or gap) and matching not in told:
            told.add(matching)
            yield TableFault(
                "overlap" if overlap else "gap", table, matching, dict(zip(names, row, strict=True))
            )
    for rule in table.rules:
        if rule.id not in reached:
            yield TableFault("unreachable", table, (rule.id,), {})
