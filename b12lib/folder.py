"""The only place where protocols and cases are read from disk."""

from __future__ import annotations

from functools import cache
from os import PathLike
from typing import TYPE_CHECKING

from b12lib.errors import (
    CaseError,
    CaseFault,
    Place,
    ProtocolError,
    ProtocolFault,
    did_you_mean,
)
from b12lib.reading.profiles import FOLDER, Overlay
from b12lib.reading.protocol import Protocol, read_protocol
from b12lib.reading.yaml import LARGEST
from b12lib.rooms import room

if TYPE_CHECKING:
    from pathlib import Path

READ = (".md", ".bib")


def load_protocol(
    folder: PathLike[str] | str | None = None, profile: str | None = None
) -> Protocol:
    """Load the protocol in ``folder``, or the one that comes with the library.

    ``profile`` names one of its ``profiles``, which is laid over it.

    Raises ``ProtocolError`` naming file, line, table, rule and cell of everything wrong with it.
    """
    from pathlib import Path

    return _load(Path(folder), profile) if folder else _packaged(profile)


def profiles(folder: PathLike[str] | str | None = None) -> tuple[str, ...]:
    """Name the profiles of the protocol in ``folder``, or of the one that comes with the library.

    Each is a folder in ``profiles/``; a protocol may have none.
    """
    from pathlib import Path

    place = (Path(folder) if folder else room("protocol")) / FOLDER
    if not place.is_dir():
        return ()
    return tuple(
        item.name for item in _listed(place) if item.is_dir() and not item.name.startswith(".")
    )


@cache
def _packaged(profile: str | None) -> Protocol:
    return _load(room("protocol"), profile)


def _load(folder: Path, profile: str | None) -> Protocol:
    if not folder.is_dir():
        raise ProtocolError([ProtocolFault(Place(str(folder)), "there is no such folder")])
    if profile is None:
        return read_protocol(_texts(folder))
    if profile not in (known := profiles(folder)):
        mend = did_you_mean(profile, known) or f"there are: {', '.join(known) or 'none'}"
        place = Place(f"{FOLDER}/{profile}")
        raise ProtocolError([ProtocolFault(place, "there is no such profile", mend)])
    own = _texts(folder / FOLDER / profile, f"{FOLDER}/{profile}/")
    return read_protocol(_texts(folder), Overlay(profile, own))


def _texts(folder: Path, within: str = "") -> dict[str, str]:
    return {file.name: _text(file, within) for file in _files(folder)}


def _files(folder: Path) -> list[Path]:
    """List the files to read; a link that leads nowhere is one, so that it is not passed over."""
    return [
        file
        for file in _listed(folder)
        if file.suffix in READ
        and not file.name.startswith(".")
        and (file.is_file() or file.is_symlink())
    ]


def _listed(folder: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir())
    except OSError as error:
        raise ProtocolError([ProtocolFault(Place(str(folder)), _reason(error))]) from error


def _text(file: Path, within: str) -> str:
    place = Place(within + file.name)
    try:
        return file.read_text(encoding="utf-8")
    except OSError as error:
        raise ProtocolError([ProtocolFault(place, _reason(error))]) from error
    except UnicodeDecodeError as error:
        raise ProtocolError([ProtocolFault(place, "it is not UTF-8 text")]) from error


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
