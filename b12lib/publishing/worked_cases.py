"""The worked cases that come with a protocol: found, read, run, and compared with what they say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from b12lib.deciding.assessment import Assessment, Memory, decided
from b12lib.deciding.case import Case, refused_fields
from b12lib.errors import CaseError, Place
from b12lib.folder import case_text, load_protocol
from b12lib.publishing.case_files import read_file
from b12lib.reading.consistency import citation_faults
from b12lib.reading.ledger import became
from b12lib.reading.profiles import FOLDER
from b12lib.reading.protocol import Protocol
from b12lib.reading.sources import citations
from b12lib.reading.yaml import read_mapping
from b12lib.rooms import room
from b12lib.verifying.cases import differences, wrong_refusal

CASE_FILES = (".yaml", ".yml", ".json")
"""How the name of a worked case ends."""


def case_files(folder: Path | None = None, profile: str | None = None) -> list[Path]:
    """Return the worked cases of the protocol in ``folder``, by default the packaged one.

    Those in a subfolder (at a limit, refused, a detail) are not among them: they get no report.
    Those of a ``profile`` are its own: the base's cases expect what the base answers.
    """
    return _cases(_folder(folder, profile), "*")


def all_case_files(folder: Path | None = None, profile: str | None = None) -> list[Path]:
    """Return the worked cases, those in subfolders included."""
    return _cases(_folder(folder, profile), "**/*")


def _cases(folder: Path, pattern: str) -> list[Path]:
    return sorted(file for file in folder.glob(pattern) if file.suffix in CASE_FILES)


def _folder(protocol: Path | None, profile: str | None) -> Path:
    base = protocol or room("protocol")
    return (base / FOLDER / profile if profile else base) / "cases"


def read_cases(
    protocol: Protocol, folder: Path | None = None
) -> tuple[Mapping[str, Case], list[str]]:
    """Read every worked case, by its path; also say which are refused though they should not be.

    A case that is rightly refused as it is read is in neither: no table ever sees it.
    """
    profile = protocol.profile.name if protocol.profile else None
    within = f"{profile}/" if profile else ""
    cases: dict[str, Case] = {}
    wrong: list[str] = []
    for file in all_case_files(folder, profile):
        name = within + file.relative_to(_folder(folder, profile)).as_posix()
        try:
            cases[name] = read_file(file, protocol)
        except CaseError as error:
            wrong += (f"{name}: {line}" for line in _wrongly_refused(file, error))
    return cases, wrong


@cache
def packaged_cases(profile: str | None = None) -> Mapping[str, Case]:
    """Return the worked cases that come with the library, read once: a package does not change."""
    cases, _ = read_cases(load_protocol(profile=profile))
    return MappingProxyType(dict(cases))


def run_cases(
    protocol: Protocol, folder: Path | None = None
) -> tuple[Mapping[str, Assessment], list[str]]:
    """Decide every worked case, by its path; also say what each gives other than it expects."""
    cases, wrong = read_cases(protocol, folder)
    memory: Memory = {}
    assessments = {name: decided(case, memory) for name, case in cases.items()}
    for name, assessment in assessments.items():
        wrong += _unknown_sources(name, assessment.case)
        wrong += (f"{name}: {line}" for line in differences(assessment))
    return assessments, wrong


def _unknown_sources(name: str, case: Case) -> Iterator[str]:
    place, protocol = Place(name), case.protocol
    try:
        cited = citations(case.source) if case.source else ()
    except ValueError as error:
        yield f"{place}: source: {error}"
        return
    yield from map(str, citation_faults([(place, cited)], protocol.references, protocol.claims))


def cases_by_claim(
    protocol: Protocol, assessments: Mapping[str, Assessment]
) -> dict[str, tuple[str, ...]]:
    """Name, for every claim, the worked cases in which a rule fires that cites it."""
    cases: dict[str, dict[str, None]] = {claim: {} for claim in protocol.claims}
    for name, assessment in assessments.items():
        for item in assessment.everything():
            for rule in item.outcome.fired if not item.stated else ():
                for source in rule.sources:
                    for claim in source.claims:
                        cases[claim][Path(name).stem] = None
    return {claim: tuple(names) for claim, names in cases.items()}


def unshown_claims(protocol: Protocol, assessments: Mapping[str, Assessment]) -> list[str]:
    """Say of every claim that became rules, but no worked case shows one of them, that it is so."""
    return [
        f"claims.md: {claim} became {' '.join(rules)}, but in no worked case does one of them fire"
        for claim, cases in cases_by_claim(protocol, assessments).items()
        if not cases and (rules := became(claim, protocol).get("rules"))
    ]


def _wrongly_refused(file: Path, error: CaseError) -> Iterator[str]:
    try:
        whole: Mapping[str, Any] = read_mapping(case_text(file))
        expected = refused_fields(whole)
    except (CaseError, ValueError):  # it is not even a mapping, so it expects nothing
        whole, expected = {}, ()
    yield from wrong_refusal(expected, error.faults)
    if expected and "expect" in whole:
        yield "it is refused before anything is decided; leave out 'expect'"
