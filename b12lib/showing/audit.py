"""What a reviewer's lesson shows: counts, what became of a claim, faults of tables, proofs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from b12lib.reading.ledger import became
from b12lib.reading.protocol import Protocol
from b12lib.reading.tables import spelled
from b12lib.showing.section import Section, table
from b12lib.showing.verification import broken_by

if TYPE_CHECKING:
    from b12lib.verifying.check import TableFault
    from b12lib.verifying.proofs import Proof


def tally(title: str, values: Iterable[str]) -> Section:
    """Count how often each value occurs, the most frequent first."""
    counted = Counter(values).most_common()
    rows = [[value, str(count)] for value, count in counted]
    every = ["*all*", str(sum(count for _, count in counted))]
    return Section(title, table([title, "how many"], [*rows, every]))


def followed(claim: str, protocol: Protocol) -> Section:
    """Show all that cites a claim of the seed, by kind.

    Raises ``KeyError`` when the ledger has no such claim.
    """
    rows = [
        [kind, " ".join(f"`{id_}`" for id_ in ids)]
        for kind, ids in became(protocol.claims[claim].id, protocol).items()
    ]
    return Section(f"What became of {claim}", table(["Kind", "ids"], rows))


def faults(found: Sequence[TableFault]) -> Section:
    """Show gaps, overlaps and dead rules, each with a patient in whom it shows."""
    rows = [
        [
            fault.kind,
            fault.table.title,
            " ".join(f"`{id_}`" for id_ in fault.rules),
            ", ".join(f"{name}: {spelled(value)}" for name, value in fault.example.items()),
        ]
        for fault in found
    ]
    body = table(["Fault", "table", "rules", "for example"], rows)
    return Section("Faults of the tables", body if rows else "No gap, no overlap, no dead rule.")


def proofs(found: Iterable[Proof]) -> Section:
    """Show properties, what became of each, and the patient who breaks one."""
    rows = [
        [
            proof.property,
            proof.when,
            proof.must,
            f"**{proof.verdict}**",
            "; ".join(broken_by(proof)),
        ]
        for proof in found
    ]
    return Section("Promises", table(["Promise", "when", "must", "verdict", "broken by"], rows))
