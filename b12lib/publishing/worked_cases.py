"""The worked cases that come with a protocol: found, run, and compared with what they expect."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import b12lib
from b12lib.errors import CaseError, Place
from b12lib.explaining.wording import words
from b12lib.publishing.case_files import read_file
from b12lib.reading.consistency import citation_faults
from b12lib.reading.ledger import became
from b12lib.reading.protocol import Protocol
from b12lib.reading.sources import citations
from b12lib.rooms import room

CASE_FILES = (".yaml", ".yml", ".json")
"""How the name of a worked case ends."""


def case_files(folder: Path | None = None) -> list[Path]:
    """Return the worked cases of the protocol in ``folder``, by default the packaged one."""
    cases = (folder or room("protocol")) / "cases"
    return sorted(file for file in cases.glob("*") if file.suffix in CASE_FILES)


def wrong_cases(protocol: Protocol, folder: Path | None = None) -> list[str]:
    """Say for every worked case that fails what it expects and what it gives."""
    return [line for file in case_files(folder) for line in _differences(file, protocol)]


def cases_by_claim(protocol: Protocol, folder: Path | None = None) -> dict[str, tuple[str, ...]]:
    """Name, for every claim, the worked cases in which a rule fires that cites it.

    Raises ``CaseError`` for a worked case that is refused.
    """
    cases: dict[str, dict[str, None]] = {claim: {} for claim in protocol.claims}
    for file in case_files(folder):
        for item in b12lib.assess(read_file(file, protocol)).answers.values():
            for rule in item.outcome.fired if not item.stated else ():
                for source in rule.sources:
                    for claim in source.claims:
                        cases[claim][file.stem] = None
    return {claim: tuple(names) for claim, names in cases.items()}


def unshown_claims(protocol: Protocol, folder: Path | None = None) -> list[str]:
    """Say of every claim that became rules, but no worked case shows one of them, that it is so."""
    return [
        f"claims.md: {claim} became {' '.join(rules)}, but in no worked case does one of them fire"
        for claim, cases in cases_by_claim(protocol, folder).items()
        if not cases and (rules := became(claim, protocol).get("rules"))
    ]


def _differences(file: Path, protocol: Protocol) -> Iterator[str]:
    try:
        assessment = b12lib.assess(read_file(file, protocol))
    except CaseError as error:
        yield f"{file.name}: {error}"
        return
    place = Place(file.name)
    try:
        cited = citations(assessment.case.source) if assessment.case.source else ()
    except ValueError as error:
        yield f"{place}: source: {error}"
        return
    for fault in citation_faults([(place, cited)], protocol.references, protocol.claims):
        yield str(fault)
    if not assessment.case.expected:
        yield f"{file.name}: it expects nothing; say under 'expect' what should come out"
    for name, expected in assessment.case.expected.items():
        values = assessment[name].values
        if set(values) != set(expected):
            yield f"{file.name}: {name} is {words(values)}, expected {words(expected)}"
