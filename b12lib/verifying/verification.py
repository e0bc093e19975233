"""Everything that can be found out about a protocol without asking a clinician."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from b12lib.deciding.assessment import Memory, decided
from b12lib.deciding.case import Case
from b12lib.errors import MissingExtra
from b12lib.reading.protocol import Protocol
from b12lib.verifying.cases import differences
from b12lib.verifying.check import TableFault, check
from b12lib.verifying.coverage import Coverage, coverage
from b12lib.verifying.mutation import Mutant, mutants
from b12lib.verifying.proofs import PROVED, Proof, prove
from b12lib.verifying.unused import Unused, unused


@dataclass(frozen=True, slots=True)
class Verification:
    """What was found: ``wrong`` says which worked cases fail, and how.

    Tables with a fault decide no case, so there is no ``coverage`` of them; tables with a fault or
    a wrong case have no ``mutants``: a change that makes nothing worse proves nothing. ``proofs``
    is ``None`` where nobody tried: a table has a fault, or the solver is not installed.
    """

    protocol: Protocol
    cases: tuple[str, ...]
    faults: tuple[TableFault, ...]
    wrong: tuple[str, ...]
    unused: tuple[Unused, ...]
    coverage: Coverage | None
    mutants: tuple[Mutant, ...]
    proofs: tuple[Proof, ...] | None

    @property
    def survivors(self) -> tuple[Mutant, ...]:
        """The changes of the tables that nothing would notice."""
        return tuple(mutant for mutant in self.mutants if mutant.survived)

    @property
    def unproved(self) -> tuple[Proof, ...]:
        """The safety properties that do not hold, or that the solver could not decide."""
        return tuple(proof for proof in self.proofs or () if proof.verdict != PROVED)

    @property
    def passed(self) -> bool:
        """Whether nothing was found."""
        covered = self.coverage and not (
            self.coverage.never_fired or self.coverage.never_decisive or self.coverage.unpaired
        )
        found = (self.faults, self.wrong, self.unused, self.survivors, self.unproved)
        return bool(covered) and self.proofs is not None and not any(found)


def verify(
    protocol: Protocol,
    cases: Mapping[str, Case],
    unread: Sequence[str] = (),
) -> Verification:
    """Check the tables, prove the properties, look for what is unused, untried or unnoticed.

    ``cases`` are known by any name, such as that of their file; ``unread`` says which cases could
    not be read and why.
    """
    faults = check(protocol)
    memory: Memory = {}
    assessments = {} if faults else {name: decided(case, memory) for name, case in cases.items()}
    wrong = (
        *unread,
        *(f"{name}: {line}" for name, item in assessments.items() for line in differences(item)),
    )
    sound = not faults and not wrong
    return Verification(
        protocol=protocol,
        cases=tuple(cases),
        faults=faults,
        wrong=wrong,
        unused=unused(protocol, cases.values()),
        coverage=None if faults else coverage(protocol, assessments),
        mutants=tuple(mutants(protocol, assessments)) if sound else (),
        proofs=None if faults else _proofs(protocol),
    )


def _proofs(protocol: Protocol) -> tuple[Proof, ...] | None:
    try:
        return prove(protocol)
    except MissingExtra:
        return None
