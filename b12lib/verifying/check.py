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
    every = set(range(len(table.rules)))
    fitting = [  # for each value of each column, the rules whose cell it fits
        [{n for n in every if table.rules[n].inputs[i].matches(value)} for value in domain]
        for i, domain in enumerate(domains)
    ]
    for row, fits in zip(product(*domains), product(*fitting), strict=True):
        matching = tuple(table.rules[n].id for n in sorted(every.intersection(*fits)))
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
