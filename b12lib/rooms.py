"""Where the rooms beside the library are: top level in a checkout, packed inside a wheel."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def room(name: str) -> Path:
    """Return the folder ``protocol``, ``notebooks`` or ``site``."""
    from pathlib import Path  # slow to import, and the deciding core does without

    here = Path(__file__).parent
    packed = here / "rooms" / name
    return packed if packed.is_dir() else here.parent / name
