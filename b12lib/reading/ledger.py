"""The claim ledger read backwards: what became of each claim of the seed.

Rules and rows name the claims that they come from; nowhere is the reverse written, so the two
directions cannot disagree.
"""

from __future__ import annotations

from collections.abc import Mapping

from b12lib.reading.protocol import Protocol
from b12lib.reading.sources import Citation

ACTING = ("rules", "regimens", "schedule")
"""Kinds of rows that decide something or have something done."""


def became(claim: str, protocol: Protocol) -> dict[str, tuple[str, ...]]:
    """Return the ids of all that cites a claim, by kind; a kind that does not is left out."""
    citing = {kind: _citing(claim, rows) for kind, rows in _sources(protocol).items()}
    return {kind: ids for kind, ids in citing.items() if ids}


def acting(claim: str, protocol: Protocol) -> dict[str, tuple[str, ...]]:
    """Return what a claim became that acts, by kind; all that cites it where nothing does."""
    kinds = became(claim, protocol)
    return {kind: ids for kind, ids in kinds.items() if kind in ACTING} or kinds


def _citing(claim: str, rows: Mapping[str, tuple[Citation, ...]]) -> tuple[str, ...]:
    return tuple(
        id_ for id_, sources in rows.items() if any(claim in source.claims for source in sources)
    )


def _sources(protocol: Protocol) -> dict[str, dict[str, tuple[Citation, ...]]]:
    return {
        "rules": {id_: rule.sources for id_, (_, rule) in protocol.rules.items()},
        "regimens": {id_: row.sources for id_, row in protocol.regimens.items()},
        "schedule": {id_: row.sources for id_, row in protocol.schedule.items()},
        "statements": {id_: row.sources for id_, row in protocol.statements.items()},
        "inputs": {id_: row.sources for id_, row in protocol.inputs.items()},
        "visits": {id_: row.sources for id_, row in protocol.visits.inputs.items()},
    }
