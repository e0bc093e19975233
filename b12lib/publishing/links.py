"""Links: where a page leads for the rules, sources, claims and files that its text names."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from b12lib.errors import MissingExtra, Place
from b12lib.reading.catalogues import Regimen, ScheduleItem, Statement
from b12lib.reading.dictionary import Input
from b12lib.reading.glossary import named
from b12lib.reading.ledger import acting
from b12lib.reading.protocol import Protocol
from b12lib.reading.sources import Citation, Reference, citations
from b12lib.reading.tables import Rule

try:
    from markupsafe import Markup, escape
except ModuleNotFoundError as error:
    raise MissingExtra("a page or a report", "report") from error

_CLAIM = re.compile(r"\b[CD]\d+\b")
_CITED = re.compile(r"@[A-Za-z][\w-]*(?: [CD]\d+)*")
_TOLD = re.compile(r"(@[\w-]+[^@;]*?) \((?:secondary|unverified)\)")
"""A citation that says itself how far it was verified, as its mark on a page does."""
_REFERENCES = "references.html"
_GLOSSARY = "glossary.html"
_FOLDERS = r"\.\./[\w-]+/|\.\./\.\./|profiles/[\w-]+/"
"""Where a linked file may lie: beside the folder, above a profile's, or in a profile."""
Row = Input | Statement | Regimen | ScheduleItem


@dataclass(frozen=True, slots=True)
class Links:
    """What a page can link to. ``prefix`` leads from it to the protocol's pages.

    With ``None`` the page stands alone: it links the web, and those of its own ids that ``here``
    names. ``others`` are further protocols whose rules and sources the page names. ``explain``
    says that the page links the terms of the glossary.
    """

    protocol: Protocol
    prefix: str | None = ""
    here: frozenset[str] = frozenset()
    others: tuple[Protocol, ...] = ()
    explain: bool = False

    def to(self, file: str, fragment: str) -> str:
        """Return the way to a spot on a page of the protocol, or an empty string."""
        if self.prefix is not None:
            return f"{self.prefix}{file}#{fragment}"
        own = source_id(fragment) if file == _REFERENCES else fragment
        return f"#{own}" if own in self.here else ""

    def row(self, place: Place, id_: str) -> str:
        """Return the way to a row or rule on the page of the file that it stands in."""
        return self.to(place.file.replace(".md", ".html"), id_.replace(" ", "-"))

    def href(self, href: str, text: str) -> str:
        """Turn a link between the repository's files into one between pages."""
        path, hash_, fragment = href.partition("#")
        if not path or re.match(r"[a-z]+:", href):
            return href
        if self.prefix is None:
            return ""
        if path.endswith("claims.md") and not hash_ and (claim := _CLAIM.search(text)):
            hash_, fragment = "#", claim[0]
        return _page(path) + hash_ + fragment if _page(path) else ""

    def rules(self, text: str) -> Markup:
        """Link text that is nothing but ids of rules; return nothing for any other."""
        found = [self._rule(name) for name in text.split()]
        rules = [rule for rule in found if rule]
        if not rules or len(rules) < len(found):
            return Markup()
        return Markup(" ").join(
            linked(
                self.row(rule.place, rule.id),
                Markup("<code>{}</code>").format(rule.id),
                rule.rationale,
            )
            for rule in rules
        )

    def shown(self, kind: str, id_: str) -> Statement | Regimen | ScheduleItem:
        """Return the row of a catalogue that a decision of this kind answers with."""
        rows: dict[str, Mapping[str, Statement | Regimen | ScheduleItem]] = {
            "statement": self.protocol.statements,
            "regimen": self.protocol.regimens,
            "schedule": self.protocol.schedule,
        }
        return rows[kind][id_]

    def _rule(self, name: str) -> Rule | None:
        known = (other.rules for other in (self.protocol, *self.others))
        return next((rules[name][1] for rules in known if name in rules), None)

    def _reference(self, key: str) -> Reference | None:
        known = (other.references for other in (self.protocol, *self.others))
        return next((cited[key] for cited in known if key in cited), None)

    def became(self, claim: str) -> Markup:
        """Link what a claim became: rules, regimens and schedule rows, else whatever cites it."""
        kinds = acting(claim, self.protocol)
        links = [self.rules(" ".join(kinds.pop("rules", ())))]
        for kind, ids in kinds.items():
            rows: Mapping[str, Row] = getattr(self.protocol, kind)
            links += [linked(self.row(rows[id_].place, id_), id_) for id_ in ids]
        return Markup(" ").join(filter(None, links))

    def sources(self, text: str) -> Markup:
        """Link the sources that a text cites; return nothing for a text that cites none."""

        def cite(found: re.Match[str]) -> str:
            (source,) = citations(found[0])
            return self.cite(source) if self._reference(source.key) else found[0]

        if "@" not in text:
            return Markup()
        return Markup(_CITED.sub(cite, escape(_TOLD.sub(r"\1", text))))

    def terms(self, text: str, explained: set[str]) -> Markup:
        """Link terms of the glossary, but for those ``explained`` already, and add them to these.

        Return nothing for a text in which there is none to link.
        """
        written, end = [], 0
        for found, term in named(text, tuple(self.protocol.glossary.values())):
            href = self.to(_GLOSSARY, term_id(term.term))
            if href and term.term not in explained:
                explained.add(term.term)
                link = Markup('<a class="term" href="{}" title="{}">{}</a>')
                written += [text[end : found.start()], link.format(href, term.plain, found[0])]
                end = found.end()
        return Markup().join([*written, text[end:]]) if written else Markup()

    def cite(self, source: Citation) -> Markup:
        """Write one citation: its key, where in it, and how far it was verified if not read."""
        reference = self._reference(source.key)
        assert reference  # a protocol that cites what it does not list is refused
        parts = [linked(self.to(_REFERENCES, source.key), source.key, reference.text)]
        if source.key == "seed":
            parts += map(self._claim, source.locator.split())
        else:
            parts.append(escape(source.locator))
        if reference.status != "read":
            parts.append(Markup('<span class="status {0}">{0}</span>').format(reference.status))
        return Markup(" ").join(part for part in parts if part)

    def _claim(self, text: str) -> Markup:
        return linked(self.to("claims.html", text) if _CLAIM.fullmatch(text) else "", text)


def source_id(key: str) -> str:
    """Return the id that a source has in a report's own list of sources."""
    return f"source-{key}"


def term_id(term: str) -> str:
    """Return the id that a term has where it is explained: in the glossary, or in a report."""
    return f"term-{term.replace(' ', '-')}"


def linked(href: str, text: str | Markup, title: str = "") -> Markup:
    """Write a link, or the mere text where it leads nowhere."""
    if not href:
        return escape(text)
    hint = Markup(' title="{}"').format(title) if title else ""
    return Markup('<a href="{}"{}>{}</a>').format(href, hint, text)


def _page(path: str) -> str:
    """Return the page made from a file or folder of the repository, or an empty string."""
    if found := re.fullmatch(r"(?:\.\./protocol/)?cases(?:/([\w-]+)\.yaml)?/?", path):
        return f"../reports/{found[1] or 'index'}.html"
    if path == "profiles":
        return "profiles/index.html"
    if path == "../README.md":
        return "../index.html"
    found = re.fullmatch(rf"((?:{_FOLDERS})?[\w-]+)\.(?:md|bib|ipynb)", path)
    return f"{found[1]}.html" if found else path if path.endswith(".html") else ""
