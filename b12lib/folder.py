"""The only place where protocols and cases are read from disk."""

from __future__ import annotations

from functools import cache
from os import PathLike
from typing import TYPE_CHECKING

from b12lib.errors import CaseError, CaseFault, Place, ProtocolError, ProtocolFault
from b12lib.reading.protocol import Protocol, read_protocol
from b12lib.reading.yaml import LARGEST
from b12lib.rooms import room

if TYPE_CHECKING:
    from pathlib import Path

READ = (".md", ".bib")


def load_protocol(folder: PathLike[str] | str | None = None) -> Protocol:
    """Load the protocol in ``folder``, or the one that comes with the library.

    Raises ``ProtocolError`` naming file, line, table, rule and cell of everything wrong with it.
    """
    from pathlib import Path

    return _load(Path(folder)) if folder else _packaged()


@cache
def _packaged() -> Protocol:
    return _load(room("protocol"))


def _load(folder: Path) -> Protocol:
    if not folder.is_dir():
        raise ProtocolError([ProtocolFault(Place(str(folder)), "there is no such folder")])
    return read_protocol({file.name: _text(file) for file in _files(folder)})


def _files(folder: Path) -> list[Path]:
    """List the files to read; a link that leads nowhere is one, so that it is not passed over."""
    try:
        names = sorted(folder.iterdir())
    except OSError as error:
        raise ProtocolError([ProtocolFault(Place(str(folder)), _reason(error))]) from error
    return [
        file
        for file in names
        if file.suffix in READ
        and not file.name.startswith(".")
        and (file.is_file() or file.is_symlink())
    ]


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except OSError as error:
        raise ProtocolError([ProtocolFault(Place(file.name), _reason(error))]) from error
    except UnicodeDecodeError as error:
        raise ProtocolError([ProtocolFault(Place(file.name), "it is not UTF-8 text")]) from error


def case_text(file: PathLike[str]) -> str:
    """Return the text of a case file; raise ``CaseError`` when it is no readable text."""
    try:
        with open(file, encoding="utf-8") as stream:
            return stream.read(LARGEST + 1)
    except OSError as error:
        raise CaseError([CaseFault(str(file), "", _reason(error))]) from error
    except UnicodeDecodeError as error:
        raise CaseError([CaseFault(str(file), "", "it is not UTF-8 text")]) from error


def _reason(error: OSError) -> str:
    return f"cannot be opened: {error.strerror or error}"
