"""Where a statement comes from: citations in the tables, references and claims they point at."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from b12lib.errors import Place, ProtocolFault

SEED = "seed"
"""The key of the answer that the protocol implements: what it says is a claim, not a support."""


@dataclass(frozen=True, slots=True)
class Citation:
    """``@key locator``: a reference, and where in it."""

    key: str
    locator: str

    def __str__(self) -> str:
        return f"@{self.key} {self.locator}".strip()

    @property
    def claims(self) -> tuple[str, ...]:
        """The ids of the seed's claims that it points at; empty for any other source."""
        return tuple(self.locator.split()) if self.key == SEED else ()


CLAIM = re.compile(r"\b[CD][0-9]+\b")
"""The id of a claim of the seed, such as C12 or D3."""


VERIFIED = {
    "read": "Read for this protocol",
    "secondary": "Known only through another source",
    "unverified": "Not verified",
}
"""How a source can have been verified, the best first."""

SUPPORT = {
    "read": "",
    "secondary": "known only through another source",
    "unverified": "support unverified",
    SEED: "the seed alone",
}
"""How well something is supported, the best first, and what a reader is told of it."""


@dataclass(frozen=True, slots=True)
class Reference:
    """One entry of ``references.bib``; ``status`` says how far it was verified."""

    key: str
    title: str
    author: str
    year: str
    journal: str
    doi: str
    pmid: str
    url: str
    status: str
    note: str
    checked: str

    @property
    def link(self) -> str:
        """The best public address of the source, or an empty string."""
        if self.doi:
            return f"https://doi.org/{self.doi}"
        if self.pmid:
            return f"https://pubmed.ncbi.nlm.nih.gov/{self.pmid}/"
        return self.url

    @property
    def verified(self) -> str:
        """How far the source was verified, in words."""
        return VERIFIED[self.status]

    @property
    def text(self) -> str:
        """The reference as one line of prose."""
        parts = [self.author, self.title, self.journal, self.year]
        told = dict.fromkeys(part for part in parts if part)
        return " ".join(part if part[-1] in ".?" else f"{part}." for part in told)


_CITATION = re.compile(r"@(?P<key>[A-Za-z][\w-]*)(?:\s+(?P<locator>[^@;]+))?")


def citations(text: str) -> tuple[Citation, ...]:
    """Read ``@key locator; @key``; raise ``ValueError`` for anything else."""
    read = []
    for part in text.split(";"):
        found = _CITATION.fullmatch(part.strip())
        if not found:
            raise ValueError(f"{part.strip()!r} is not a source; write '@key' or '@key locator'")
        read.append(Citation(found["key"], (found["locator"] or "").strip()))
    return tuple(read)


def references(file: str, text: str) -> tuple[dict[str, Reference], list[ProtocolFault]]:
    """Read a BibTeX file; also return what is wrong with it."""
    import logging

    from bibtexparser.entrypoint import parse_string
    from bibtexparser.middlewares.names import split_multiple_persons_names

    logging.getLogger("bibtexparser").setLevel(logging.CRITICAL)  # what it finds is told below
    library = parse_string(text)
    faults = []
    for block in library.failed_blocks:
        why = getattr(block.error, "abort_reason", block.error)
        place = Place(file, (block.start_line or 0) + 1)
        faults.append(ProtocolFault(place, f"not a BibTeX entry: {why}"))
    entries = {}
    for entry in library.entries:
        written = {name: str(field.value) for name, field in entry.fields_dict.items()}
        authors = split_multiple_persons_names(written.get("author", ""))
        fields = {name: _plain(text) for name, text in written.items()}
        fields["author"] = "; ".join(map(_plain, authors))  # braces keep a name with "and" whole
        entries[entry.key] = _reference(entry.key, fields)
        place = Place(file, (entry.start_line or 0) + 1, rule=entry.key)
        faults += [
            ProtocolFault(place, f"the entry has no {name}")
            for name in ("title", "note")
            if not fields.get(name)
        ]
        if fields.get("status") not in VERIFIED:
            faults.append(ProtocolFault(place, f"status must be one of {', '.join(VERIFIED)}"))
        if not _is_day(fields.get("checked", "")):
            problem = "checked must say on which day the source was last looked at"
            faults.append(ProtocolFault(place, problem, "write checked = {2026-02-25}"))
    return entries, faults


def support(sources: Iterable[Citation], known: Mapping[str, Reference]) -> str:
    """Return how well ``sources`` support what cites them: the best status among them.

    The seed is what is to be supported, so it counts for nothing; ``"seed"`` is returned where
    there is no other source. ``SUPPORT`` has the words.
    """
    statuses = {known[source.key].status for source in sources if source.key != SEED}
    return next(status for status in SUPPORT if status in statuses or status == SEED)


def is_addition(sources: Iterable[Citation]) -> bool:
    """Tell whether what cites ``sources`` goes beyond the seed: none of them is a claim of it."""
    return all(source.key != SEED for source in sources)


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _reference(key: str, fields: Mapping[str, str]) -> Reference:
    def field(*names: str) -> str:
        return next((fields[name] for name in names if fields.get(name)), "")

    return Reference(
        key=key,
        title=field("title"),
        author=field("author"),
        year=field("year"),
        journal=field("journal", "publisher", "organization", "howpublished"),
        doi=field("doi"),
        pmid=field("pmid"),
        url=field("url"),
        status=field("status"),
        note=field("note"),
        checked=field("checked"),
    )


def _plain(value: str) -> str:
    for mark, meant in {"{": "", "}": "", "\\&": "&", "--": "–"}.items():
        value = value.replace(mark, meant)
    return " ".join(value.split())
