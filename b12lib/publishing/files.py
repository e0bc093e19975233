"""How the library writes a file: whole or not at all."""

from __future__ import annotations

import errno
import secrets
from pathlib import Path


def write_whole(file: Path, text: str) -> Path:
    """Write a file so that its name never stands on half of it, even when the program is killed.

    Who may read it is for the user's umask to say, for it may hold a patient's data.
    """
    half = file.with_name(f".b12-{secrets.token_hex(8)}")
    try:
        with half.open("x", encoding="utf-8", newline="") as stream:
            stream.write(text)
        half.replace(file)
    except BaseException:
        half.unlink(missing_ok=True)
        raise
    return file


def write_new(file: Path, text: str) -> Path:
    """Write a whole file that does not stand there yet; raises ``FileExistsError`` if one does."""
    if file.exists():
        raise FileExistsError(errno.EEXIST, "it exists already and is left as it is", str(file))
    return write_whole(file, text)
