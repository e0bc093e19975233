"""How the library refuses."""

from __future__ import annotations

import pytest

import b12lib
from b12lib.errors import CaseFault, MissingExtra, Place, ProtocolFault, did_you_mean


def test_family() -> None:
    """Whatever the library refuses can be caught as one kind of error."""
    assert issubclass(b12lib.CaseError, b12lib.B12Error)
    assert issubclass(b12lib.ProtocolError, b12lib.B12Error)
    assert issubclass(MissingExtra, b12lib.B12Error)


@pytest.mark.parametrize(
    ("place", "text"),
    [
        (Place("a.md"), "a.md"),
        (Place("a.md", 3), "a.md:3"),
        (Place("a.md", 3, "T", "R1", "c"), "a.md:3, table 'T', rule 'R1', column 'c'"),
        (Place("a.md", 3, rule="R1"), "a.md:3, rule 'R1'"),
    ],
)
def test_place(place: Place, text: str) -> None:
    """A place names what applies and leaves out the rest."""
    assert str(place) == text


def test_faults() -> None:
    """A fault says what is wrong and, where it can, how to mend it."""
    place = Place("a.md", 3)

    assert str(ProtocolFault(place, "wrong")) == "a.md:3: wrong"
    assert str(ProtocolFault(place, "wrong", "mend it")) == "a.md:3: wrong\n    mend it"
    assert str(CaseFault("mma", "", "expected more")) == "mma: expected more"
    assert str(CaseFault("mma", "9", "expected more", "add it")) == (
        "mma = 9: expected more\n    add it"
    )


def test_missing_extra() -> None:
    """A missing optional part is named with the command that installs it."""
    assert str(MissingExtra("the case report", "report")) == (
        "the case report needs an optional part: pip install 'b12lib[report]'"
    )


def test_did_you_mean() -> None:
    """A suggestion is made only for what is close."""
    assert did_you_mean("leukopaenia", ["neutropenia", "leukopenia"]) == "did you mean leukopenia?"
    assert did_you_mean("shoe", ["neutropenia", "leukopenia"]) == ""
