"""A rule, a claim and a field of a case, each described as plain data.

The names are those of the tables in the protocol; ``b12`` prints them as they are, with spaces.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from b12lib.deciding.fields import case_fields
from b12lib.explaining.wording import cell, word
from b12lib.reading.catalogues import Claim
from b12lib.reading.dictionary import Decision, Input
from b12lib.reading.ledger import became
from b12lib.reading.protocol import Protocol
from b12lib.reading.sources import Citation
from b12lib.reading.tables import HIT_POLICIES
from b12lib.showing.record import rule_record


def rule(id_: str, protocol: Protocol) -> dict[str, Any]:
    """Describe one rule: its place, when it fires, what it answers, why, and on whose word."""
    table, found = protocol.rules[id_]
    columns = zip(table.columns, found.inputs, strict=True)
    return {
        "id": id_,
        "table": table.title,
        "hit_policy": HIT_POLICIES[table.hit_policy],
        "place": f"{found.place.file}:{found.place.line}",
        "when": {
            column.name: cell(found, column.name, protocol)
            for column, test in columns
            if test.text != "-"
        },
        "then": {
            name: word(value) for name, value in zip(table.outputs, found.outputs, strict=True)
        },
        **rule_record(found, protocol),
    }


def claim(found: Claim, protocol: Protocol, cases: Iterable[str]) -> dict[str, Any]:
    """Describe one claim and what it became; ``cases`` are the worked cases that show it."""
    return {
        "id": found.id,
        "section": found.section,
        "claim": found.claim,
        "verdict": found.verdict,
        "what_primary_sources_say": found.what_primary_sources_say,
        "what_follows": found.what_follows,
        "became": {kind: list(ids) for kind, ids in became(found.id, protocol).items()},
        "cases": list(cases),
        "sources": [_source(source, protocol) for source in found.sources],
    }


def _source(source: Citation, protocol: Protocol) -> dict[str, str]:
    reference = protocol.references[source.key]
    return {
        "source": str(source),
        "verified": reference.verified,
        "checked": reference.checked,
        "link": reference.link,
    }


AT_VISIT = "visits: "
"""How the name of a field that stands in a visit begins."""


def held(protocol: Protocol) -> dict[str, str]:
    """Say of every field of a case, those of its visits included, what it holds."""
    visit = {AT_VISIT + name: item for name, item in case_fields(protocol.visits).items()}
    fields = case_fields(protocol) | visit
    return {name: _held(item, protocol) for name, item in fields.items()}


def _held(item: Input | Decision, protocol: Protocol) -> str:
    match item:
        case Input(kind="quantity"):
            units = (protocol.units[unit].printed for unit in item.factors)
            return f"a number in {', '.join(units)}"
        case _ if item.kind == "date":
            return "a date, written year-month-day"
        case _:
            answers = ("yes", "no") if item.kind == "boolean" else tuple(map(word, item.answers))
            return ", ".join([*answers, word(None)])
