"""Who reads: the words of a page, and what it tells, are for them; the decision is the same."""

from __future__ import annotations

from enum import StrEnum


class Level(StrEnum):
    """A reader's level: ``TRAINEE`` adds the why and a glossary, ``PATIENT`` is in plain words."""

    CLINICIAN = "clinician"
    TRAINEE = "trainee"
    PATIENT = "patient"


def level_of(name: str) -> Level:
    """Return the level of that name; raises ``ValueError`` naming the levels there are."""
    if name not in list(Level):
        raise ValueError(f"{name!r} is no reader's level; there are {', '.join(Level)}")
    return Level(name)
