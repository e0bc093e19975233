"""What ``b12 check`` finds: in the tables, in the worked cases, in the ledger."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import b12lib
from b12lib.publishing.worked_cases import run_cases, unshown_claims
from b12lib.reading.protocol import Protocol
from b12lib.showing.verification import fault_line, fault_record
from b12lib.verifying.check import TableFault, check_ids
from b12lib.verifying.check import check as check_tables


@dataclass(frozen=True, slots=True)
class Findings:
    """``tables`` and ``cases`` say what is wrong; ``protocols`` were read, the base first."""

    protocols: tuple[Protocol, ...]
    tables: tuple[TableFault, ...]
    cases: tuple[str, ...]

    @property
    def passed(self) -> bool:
        """Whether nothing was found."""
        return not self.tables and not self.cases

    @property
    def profiles(self) -> list[str]:
        """The names of the profiles that were read."""
        return [each.profile.name for each in self.protocols if each.profile]

    def record(self) -> dict[str, Any]:
        """Return everything found as JSON data."""
        return {
            "rules": len(self.protocols[0].rules),
            "profiles": self.profiles,
            "tables": [fault_record(fault) for fault in self.tables],
            "cases": list(self.cases),
        }

    def lines(self) -> list[str]:
        """Say what is wrong, one line each."""
        return [*map(fault_line, self.tables), *self.cases]

    def praise(self) -> str:
        """Say what was looked at and found right."""
        first = self.protocols[0]
        size = f"{len(first.rules)} rules in {len(first.written)} tables"
        right = "no gap, no overlap, no dead rule; every worked case gives what it expects"
        if first.profile:
            return f"{size} under {first.profile.name}: {right}."
        if self.profiles:
            count = len(self.profiles)
            size += f", and {count} profile{'s' * (count > 1)} ({', '.join(self.profiles)})"
        return f"{size}: {right}; every claim that became a rule has one."


def check(folder: Path | None = None, profile: str | None = None) -> Findings:
    """Check the protocol in ``folder`` and all its profiles, or one profile alone.

    Raises ``ProtocolError`` for what cannot be read.
    """
    names = [profile] if profile else [None, *b12lib.profiles(folder)]
    protocols = [b12lib.load_protocol(folder, name) for name in names]
    found = [fault for each in protocols for fault in check_tables(each)]
    found += check_ids(protocols)
    # A profile repeats what is wrong with the base's tables.
    tables = {fault_line(fault): fault for fault in found}.values()
    cases: list[str] = []
    if not tables:  # a table with a gap decides nothing
        run = [run_cases(each, folder) for each in protocols]
        cases = [line for _, wrong in run for line in wrong]
        if not cases and not profile:
            cases = unshown_claims(protocols[0], run[0][0])
    return Findings(tuple(protocols), tuple(tables), tuple(cases))
