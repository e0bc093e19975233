"""Gaps, overlaps and dead rules, found by enumerating all that a table's cells can tell apart.

Profiles are read one by one; that no two of them use one id for two rules is checked here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from b12lib.reading.feel import Value
from b12lib.reading.protocol import Protocol
from b12lib.reading.tables import DecisionTable


@dataclass(frozen=True, slots=True)
class TableFault:
    """A gap, an overlap, a rule that can never fire or an id that two profiles use.

    ``example`` is a case for which a gap or an overlap shows; it is empty for the others.
    """

    kind: str
    table: DecisionTable
    rules: tuple[str, ...]
    example: Mapping[str, Value]


def check(protocol: Protocol) -> tuple[TableFault, ...]:
    """Return every fault of every table; an empty result means each table always decides."""
    return tuple(fault for table in protocol.written for fault in check_table(table))


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


def check_ids(protocols: Sequence[Protocol]) -> Iterator[TableFault]:
    """Yield a fault for each rule of a profile that has the id of another profile's own rule.

    ``protocols`` are the base, which comes first, and its profiles.
    """
    base, *profiles = protocols
    owner: dict[str, Protocol] = {}
    for each in profiles:
        for id_, (table, _) in each.rules.items():
            if id_ not in base.rules and owner.setdefault(id_, each) is not each:
                yield TableFault("shared id", table, (id_,), {})
