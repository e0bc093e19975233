"""Everything that can be found out about a protocol without asking a clinician."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from b12lib.deciding.assessment import decided
from b12lib.deciding.case import Case
from b12lib.reading.protocol import Protocol
from b12lib.verifying.cases import differences
from b12lib.verifying.check import TableFault, check
from b12lib.verifying.coverage import Coverage, coverage
from b12lib.verifying.mutation import Mutant, Property, mutants
from b12lib.verifying.unused import Unused, unused


@dataclass(frozen=True, slots=True)
class Verification:
    """What was found: ``wrong`` says which worked cases fail, and how.

    Tables with a fault decide no case, so there is no ``coverage`` of them; tables with a fault or
    a wrong case have no ``mutants``: a change that makes nothing worse proves nothing.
    """

    protocol: Protocol
    cases: tuple[str, ...]
    faults: tuple[TableFault, ...]
    wrong: tuple[str, ...]
    unused: tuple[Unused, ...]
    coverage: Coverage | None
    mutants: tuple[Mutant, ...]

    @property
    def survivors(self) -> tuple[Mutant, ...]:
        """The changes of the tables that nothing would notice."""
        return tuple(mutant for mutant in self.mutants if mutant.survived)

    @property
    def passed(self) -> bool:
        """Whether nothing was found."""
        covered = self.coverage and not (
            self.coverage.never_fired or self.coverage.never_decisive or self.coverage.unpaired
        )
        return bool(covered) and not (self.faults or self.wrong or self.unused or self.survivors)


def verify(
    protocol: Protocol,
    cases: Mapping[str, Case],
    unread: Sequence[str] = (),
    properties: Mapping[str, Property] | None = None,
) -> Verification:
    """Check the tables, run the worked cases, and look for what is unused, untried or unnoticed.

    ``cases`` are known by any name, such as that of their file; ``unread`` says which cases could
    not be read and why. ``properties`` may catch what no case does, and are asked last.
    """
    faults = check(protocol)
    assessments = {} if faults else {name: decided(case) for name, case in cases.items()}
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
        mutants=tuple(mutants(protocol, assessments, properties)) if sound else (),
    )
