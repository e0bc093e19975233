"""The glossary: what the words of the protocol mean, for those who learn them and for patients."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from b12lib.errors import Place, ProtocolFault
from b12lib.reading.markdown import Document, blanks
from b12lib.reading.sources import Citation, citations

COLUMNS = ("term", "also written", "definition", "in plain words", "sources")
BASES = ("common usage", "this protocol")
"""What a definition rests on where it cites no source; the glossary explains both."""


@dataclass(frozen=True, slots=True)
class Term:
    """A word, its other spellings, and what it means: to professionals, and in plain words.

    ``basis`` is the cell ``sources`` as written: one of ``BASES``, or what ``sources`` holds.
    """

    term: str
    also: tuple[str, ...]
    definition: str
    plain: str
    basis: str
    sources: tuple[Citation, ...]
    place: Place

    @property
    def spellings(self) -> tuple[str, ...]:
        """Every way in which it is written."""
        return (self.term, *self.also)


def read_glossary(document: Document) -> tuple[dict[str, Term], list[ProtocolFault]]:
    """Read ``glossary.md``: one row a term. Also return what is wrong."""
    terms: dict[str, Term] = {}
    faults: list[ProtocolFault] = []
    spelt: dict[str, str] = {}
    for table in document.tables:
        for place, row in table.records(COLUMNS):
            faults += blanks(place, row, {"also written"})
            try:
                term = _term(place, row)
            except ValueError as error:
                faults.append(ProtocolFault(place, str(error)))
                continue
            for spelling in term.spellings:
                if (other := spelt.setdefault(_key(spelling), term.term)) != term.term:
                    faults.append(ProtocolFault(place, f"{spelling!r} is explained at {other!r}"))
            if term.term in terms:
                faults.append(ProtocolFault(place, "the term is given twice"))
            terms[term.term] = term
    return terms, faults


def _term(place: Place, row: dict[str, str]) -> Term:
    basis = row["sources"]
    return Term(
        term=row["term"],
        also=tuple(filter(None, map(str.strip, row["also written"].split(";")))),
        definition=row["definition"],
        plain=row["in plain words"],
        basis=basis,
        sources=() if basis in BASES or not basis else citations(basis),
        place=place,
    )


def absent_faults(terms: Iterable[Term], texts: Iterable[str]) -> Iterator[ProtocolFault]:
    """Refuse a term that no text uses: nobody would look it up."""
    used = "\n".join(texts).lower()
    for term in terms:
        if not any(spelling.lower() in used for spelling in term.spellings):
            yield ProtocolFault(term.place, "no chapter and no sentence of the protocol uses it")


def named(text: str, terms: tuple[Term, ...]) -> Iterator[tuple[re.Match[str], Term]]:
    """Yield each place where a text uses a term, and the term; the longest spelling counts."""
    meant = _meant(terms)
    for found in _pattern(terms).finditer(text):
        yield found, meant[_key(found[0])]


def _key(spelling: str) -> str:
    """Leave the case of the first letter aside, which begins a sentence; MMA stays MMA."""
    return spelling[:1].lower() + spelling[1:]


@cache
def _meant(terms: tuple[Term, ...]) -> dict[str, Term]:
    return {_key(spelling): term for term in terms for spelling in term.spellings}


@cache
def _pattern(terms: tuple[Term, ...]) -> re.Pattern[str]:
    spellings = sorted(_meant(terms), key=lambda spelling: (-len(spelling), spelling))
    either = "|".join(f"(?i:{re.escape(word[0])}){re.escape(word[1:])}" for word in spellings)
    return re.compile(rf"(?<![\w{{@.-])(?:{either})(?![\w}}])" if spellings else r"(?!)")
