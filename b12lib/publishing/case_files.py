"""Case files as a user names them: a fault says in which file it is."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import b12lib
from b12lib.deciding.case import Case
from b12lib.errors import CaseError, CaseFault
from b12lib.reading.protocol import Protocol
from b12lib.reading.yaml import LARGEST

WHOLE = "case file"
"""The field of a fault of the whole text, whose file only its reader knows."""


def read_file(file: Path, protocol: Protocol) -> Case:
    """Read a case file; ``-`` is standard input.

    Raises ``CaseError``; a fault of the whole file has the file's name as its field.
    """
    piped = str(file) == "-"
    name = "standard input" if piped else file.name
    try:
        return b12lib.read_case(_piped(name) if piped else file, protocol)
    except CaseError as error:
        raise CaseError(
            replace(fault, field=name) if fault.field == WHOLE else fault for fault in error.faults
        ) from error


def _piped(name: str) -> str:
    try:
        return sys.stdin.read(LARGEST + 1)
    except UnicodeDecodeError as error:
        raise CaseError([CaseFault(name, "", "it is not UTF-8 text")]) from error
