"""The worked cases that come with a protocol: found, run, and compared with what they expect."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import b12lib
from b12lib.errors import CaseError
from b12lib.explaining.wording import words
from b12lib.publishing.case_files import read_file
from b12lib.reading.protocol import Protocol
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


def _differences(file: Path, protocol: Protocol) -> Iterator[str]:
    try:
        assessment = b12lib.assess(read_file(file, protocol))
    except CaseError as error:
        yield f"{file.name}: {error}"
        return
    if not assessment.case.expected:
        yield f"{file.name}: it expects nothing; say under 'expect' what should come out"
    for name, expected in assessment.case.expected.items():
        values = assessment[name].values
        if set(values) != set(expected):
            yield f"{file.name}: {name} is {words(values)}, expected {words(expected)}"
