"""Case files as a user names them: a fault says in which file it is."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import b12lib
from b12lib.deciding.case import Case
from b12lib.errors import CaseError, CaseFault
from b12lib.reading.protocol import Protocol
from b12lib.reading.yaml import LARGEST
from b12lib.showing.comparison import Comparison

PIPE = Path("-")
"""How a user names standard input."""
WHOLE = "case file"
"""The field of a fault of the whole text, whose file only its reader knows."""


def read_file(file: Path, protocol: Protocol) -> Case:
    """Read a case file; ``-`` is standard input.

    Raises ``CaseError``; a fault of the whole file has the file's name as its field.
    """
    with _named(file) as source:
        return b12lib.read_case(source, protocol)


def compare_file(
    file: Path, profiles: Iterable[str] | None = None, folder: Path | None = None
) -> Comparison:
    """Compare the profiles of the protocol in ``folder`` on a case file; ``-`` is standard input.

    Raises ``CaseError`` as ``read_file`` does, when every side refuses the case.
    """
    with _named(file) as source:
        return b12lib.compare(source, profiles, folder)


def name_of(file: Path) -> str:
    """Return what a message calls a case file."""
    return "standard input" if file == PIPE else file.name


@contextmanager
def _named(file: Path) -> Iterator[Path | str]:
    """Yield what to read; a fault of the whole text is told with the file's name."""
    name = name_of(file)
    try:
        yield _piped(name) if file == PIPE else file
    except CaseError as error:
        raise CaseError(
            replace(fault, field=name) if fault.field == WHOLE else fault for fault in error.faults
        ) from error


def _piped(name: str) -> str:
    try:
        return sys.stdin.read(LARGEST + 1)
    except UnicodeDecodeError as error:
        raise CaseError([CaseFault(name, "", "it is not UTF-8 text")]) from error
