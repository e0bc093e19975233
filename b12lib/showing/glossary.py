"""The words of a page explained at its end."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from b12lib.reading.glossary import Term, named
from b12lib.reading.protocol import Protocol
from b12lib.showing.levels import Level
from b12lib.showing.section import table

TITLE = "Glossary"
PLAIN_TITLE = "Words on this page"


def used(text: str, protocol: Protocol) -> list[Term]:
    """Return the terms that a text uses, in the order of the alphabet."""
    terms = {term.term: term for _, term in named(text, tuple(protocol.glossary.values()))}
    return [terms[name] for name in sorted(terms, key=str.lower)]


def glossary(protocol: Protocol, text: Callable[[], str]) -> str:
    """Explain the terms that the text of a page uses, with sources."""
    found = used(text(), protocol)
    return definitions(found) if found else ""


def definitions(terms: Iterable[Term]) -> str:
    """Tabulate what terms mean to professionals, with sources."""
    rows = [[term.term, term.definition, term.basis] for term in terms]
    return table(["Term", "Definition", "Sources"], rows)


def plain_words(protocol: Protocol, text: Callable[[], str]) -> str:
    """Explain, in plain words, the terms that the text of a patient's page uses."""
    rows = [[term.term, term.plain] for term in used(text(), protocol)]
    return table(["Term", "What it means"], rows) if rows else ""


def explained(text: str, protocol: Protocol, level: Level) -> str:
    """Return a text with its terms explained below, in the words of a reader who may not know."""
    writers = {Level.TRAINEE: (TITLE, glossary), Level.PATIENT: (PLAIN_TITLE, plain_words)}
    if level not in writers:
        return text
    title, write = writers[level]
    terms = write(protocol, lambda: text)
    return f"{text}\n\n**{title}**\n\n{terms}" if terms else text
