"""Where the rooms beside the library are: top level in a checkout, packed inside a wheel."""

from __future__ import annotations

from pathlib import Path

_PACKED = Path(__file__).parent / "rooms"
_CHECKOUT = Path(__file__).parents[1]


def room(name: str) -> Path:
    """Return the folder ``protocol``, ``notebooks`` or ``site``."""
    packed = _PACKED / name
    return packed if packed.is_dir() else _CHECKOUT / name
