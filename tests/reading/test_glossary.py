"""The glossary: every term once, with a source or the honest word that there is none, and used."""

from __future__ import annotations

from collections.abc import Callable

import pytest

import b12lib
from b12lib.reading.glossary import BASES, named
from b12lib.reading.protocol import WORDINGS

FILM = "| film | blood film | Blood"


def terms(text: str, protocol: b12lib.Protocol) -> list[tuple[str, str]]:
    """Return what a text writes of the glossary, and the term that it means."""
    return [(found[0], term.term) for found, term in named(text, (*protocol.glossary.values(),))]


def test_a_definition_says_what_it_rests_on(protocol: b12lib.Protocol) -> None:
    """Sources, or the words that there are none."""
    for term in protocol.glossary.values():
        assert bool(term.sources) == (term.basis not in BASES)
    assert protocol.glossary["MMA"].sources[0].key == "mayo-mma"
    assert protocol.glossary["platelets"].basis == "common usage"


def test_no_definition_holds_a_number(protocol: b12lib.Protocol) -> None:
    """Limits stand in the tables, not in the meaning of a word."""
    for term in protocol.glossary.values():
        text = (term.definition + term.plain).replace("B12", "").replace("ADAMTS13", "")
        assert not any(letter.isdigit() for letter in text), term.term


def test_terms_are_found_as_they_are_written(protocol: b12lib.Protocol) -> None:
    """A capital may begin a sentence; an abbreviation keeps its own; the longest term counts."""
    assert terms("Neutropenia; macrocytosis.", protocol) == [
        ("Neutropenia", "neutropenia"),
        ("macrocytosis", "macrocytosis"),
    ]
    assert terms("serum B12 or B12", protocol) == [
        ("serum B12", "serum B12"),
        ("B12", "vitamin B12"),
    ]
    assert terms("methylmalonic acid", protocol) == [("methylmalonic acid", "MMA")]
    assert terms("mma, filmed, {MMA}, {x.MMA}, @MMA, non-MMA", protocol) == []


def test_a_protocol_may_explain_nothing() -> None:
    """Without terms no text uses one."""
    assert list(named("MMA", ())) == []


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        pytest.param(
            FILM,
            f"| film | | Again. | Again. | common usage |\n{FILM}",
            "the term is given twice",
            id="twice",
        ),
        pytest.param(
            FILM,
            f"| smear | blood film | Again. | Again. | common usage |\n{FILM}",
            "'blood film' is explained at 'smear'",
            id="one spelling for two",
        ),
        pytest.param(
            FILM,
            f"| quixotry | | Of windmills. | Odd. | common usage |\n{FILM}",
            "no chapter and no sentence of the protocol uses it",
            id="a term that occurs nowhere",
        ),
        pytest.param(
            FILM,
            f"| ferric | | Of iron. | Of iron. | @nobody |\n{FILM}",
            "@nobody is not in references.bib",
            id="unknown reference",
        ),
        pytest.param(
            FILM,
            f"| ferric | | Of iron. | Of iron. | hearsay |\n{FILM}",
            "'hearsay' is not a source; write '@key' or '@key locator'",
            id="no source",
        ),
        pytest.param(
            FILM,
            f"| ferric | | Of iron. | | |\n{FILM}",
            "the cell is blank",
            id="blank",
        ),
    ],
)
def test_a_slip_is_refused(refused: Callable[..., str], old: str, new: str, message: str) -> None:
    """A fault of the glossary is told with its row."""
    told = refused("glossary.md", old, new)
    assert told.startswith("glossary.md:")
    assert message in told


def test_what_is_only_worded_again_is_no_use(protocol: b12lib.Protocol) -> None:
    """The glossary and the plain words do not count as texts that use a term."""
    assert set(WORDINGS) < {chapter.file for chapter in protocol.chapters}
