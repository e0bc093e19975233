"""Tables of Markdown as HTML: decision tables that explain themselves, and catalogues."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from markupsafe import Markup, escape

from b12lib.publishing.links import Links, linked, term_id
from b12lib.publishing.pages import environment
from b12lib.reading.dictionary import CATALOGUES, Decision, Input
from b12lib.reading.sources import citations
from b12lib.reading.tables import HIT_POLICIES
from b12lib.showing.annotations import IN_CASE
from b12lib.showing.rules import FIRES, MAY_FIRE

if TYPE_CHECKING:
    from markdown_it.token import Token

_PLACEHOLDER = re.compile(r"\{([\w.-]+)\}")
_MARKS = ("`i`", "`o`", "`a`")
_ROW_ID = re.compile(r"[A-Za-z][\w.-]*")
TERM = "term"
"""The first column of a table that explains words."""
_KEYED = ("id", "name", "rule", "claim", "unit", TERM)
"""First columns whose cells name their row, so that it can be linked to."""
_FATES = {FIRES: "fires", MAY_FIRE: "may-fire"}
"""How a rule stands out by what became of it in the case; every other one is calm."""
_TAG_OR_DATE = re.compile(r"(<[^>]*>)|\b(\d{4}-\d\d-\d\d)\b")


@dataclass(frozen=True, slots=True)
class _Column:
    name: str
    label: str = ""
    unit: str = ""
    href: str = ""
    mark: str = ""


_Cells = list[tuple[_Column, Markup]]


@dataclass(frozen=True, slots=True)
class _Row:
    """A row with its first cell as its head; a rule's annotations are its ``notes``."""

    id: str
    head: Markup
    cells: _Cells
    notes: _Cells
    fate: str


@dataclass(frozen=True, slots=True)
class TableWriter:
    """Writes a page's tables; ``inline`` writes a cell's text, ``unique`` makes an id of a name."""

    links: Links
    inline: Callable[[Token], str]
    unique: Callable[[str], str]

    def html(self, tokens: list[Token], label: str) -> str:
        """Write the table that the parser found, in a region of its own named ``label``."""
        rows: list[list[Token]] = []
        for token in tokens:
            if token.type == "tr_open":
                rows.append([])
            elif token.type == "inline":
                rows[-1].append(token)
        head, *rows = rows
        names = [cell.content.strip() for cell in head]
        second = [cell.content.strip() for cell in rows[0][1:]] if rows else []
        marked = bool(second) and all(cell in _MARKS for cell in second)
        marks = self._marks(names, rows.pop(0) if marked else None)
        policy = names[0] if any(marks) else ""
        names = [name.strip("*") for name in names]
        columns = [self._column(*pair) for pair in zip(names, marks, strict=True)]
        written = (
            environment()
            .get_template("table.html.j2")
            .render(
                label=label,
                policy=policy,
                columns=[column for column in columns if column.mark != "a"],
                rows=[self._row(columns, row) for row in rows],
            )
        )
        return _TAG_OR_DATE.sub(_whole, written)

    def _marks(self, names: list[str], row: list[Token] | None) -> list[str]:
        """Tell a decision table's columns apart: by its second row, or as ``why`` prints them."""
        plain = [""] * len(names)
        if names[0] not in HIT_POLICIES:
            return plain
        if row:
            return [cell.content.strip("` ") for cell in row]
        known = self.links.protocol.dictionary
        kinds = ["o" if name.startswith("**") else "i" if name in known else "a" for name in names]
        return ["", *kinds[1:]] if "o" in kinds else plain

    def _column(self, name: str, mark: str) -> _Column:
        if mark not in ("i", "o"):
            return _Column(name, name, mark=mark)
        protocol = self.links.protocol
        item = protocol.dictionary[name]
        unit = ""
        if isinstance(item, Input) and item.unit:
            unit = protocol.units[item.unit].printed
        return _Column(name, item.label, unit, self.links.row(item.place, name), mark)

    def _row(self, columns: list[_Column], cells: list[Token]) -> _Row:
        keyed = columns[-1].mark or columns[0].name.lower() in _KEYED
        first = cells[0].content.strip().replace(" ", "-")
        wanted = term_id(first) if columns[0].name.lower() == TERM else first
        name = self.unique(wanted) if keyed and _ROW_ID.fullmatch(first) else ""
        pairs = zip(columns, cells, strict=True)
        written = [self._cell(column, cell) for column, cell in pairs]
        for position, column in enumerate(columns):
            if column.name == "what follows" and first in self.links.protocol.claims:
                became = Markup('<p class="became">{}</p>').format(self.links.became(first))
                written[position] += became
        head, *others = zip(columns, written, strict=True)
        return _Row(
            name,
            head[1],
            [each for each in others if each[0].mark != "a"],
            sorted((e for e in others if e[0].mark == "a"), key=lambda e: e[0].name != IN_CASE),
            self._fate(columns, cells),
        )

    def _fate(self, columns: list[_Column], cells: list[Token]) -> str:
        """Tell what became of a rule in the case, if the table says that."""
        for column, cell in zip(columns, cells, strict=True):
            if column.name == IN_CASE:
                return _FATES.get(cell.content.strip(), "calm")
        return ""

    def _cell(self, column: _Column, cell: Token) -> Markup:
        text = cell.content.strip().strip("*")
        if column.mark in ("i", "o"):
            return self._condition(column, text)
        if column.name.lower() == "sources" and text.startswith("@"):
            items = Markup("").join(
                Markup("<li>{}</li>").format(self.links.cite(source)) for source in citations(text)
            )
            return Markup('<ul class="cites">{}</ul>').format(items)
        if column.name.lower() == "verdict":
            kind = text.replace(" ", "-")
            return Markup('<span class="verdict {}">{}</span>').format(kind, text)
        html = Markup(self.inline(cell))
        if column.name in ("statement", "plain", "aim"):
            html = Markup(_PLACEHOLDER.sub(r"<var>\1</var>", html))
        return html

    def _condition(self, column: _Column, text: str) -> Markup:
        """Write a condition or an answer as it stands, set so that it reads easily."""
        if text == "-":
            return Markup(
                '<span class="any"><span aria-hidden="true">–</span>'
                '<span class="unseen">any</span></span>'
            )
        parts = re.split(r'"([^"]*)"', text)
        html = Markup("").join(
            Markup("<q>{}</q>").format(part) if quoted % 2 else escape(part)
            for quoted, part in enumerate(parts)
        )
        html = Markup(re.sub(r"\bunknown\b(?!<)", '<span class="unknown">unknown</span>', html))
        decision = self.links.protocol.dictionary.get(column.name)
        if (
            isinstance(decision, Decision)
            and decision.kind in CATALOGUES
            and column.mark == "o"
            and len(parts) == 3
        ):
            return linked(
                self.links.row(self.links.shown(decision.kind, parts[1]).place, parts[1]), html
            )
        return html


def _whole(found: re.Match[str]) -> str:
    """Mark a date, which no line shall break; leave tags as they are."""
    return found[1] or f"<time>{found[2]}</time>"
