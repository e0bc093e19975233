"""Pages: the protocol's Markdown and the notebooks as HTML, in the one page shell of ``site/``."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import takewhile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from b12lib.errors import MissingExtra
from b12lib.reading.dictionary import CATALOGUES, Decision, Input
from b12lib.reading.markdown import parser
from b12lib.reading.protocol import Header, Protocol
from b12lib.reading.sources import Citation, citations
from b12lib.reading.tables import HIT_POLICIES
from b12lib.rooms import room

try:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined
    from markupsafe import Markup, escape
except ModuleNotFoundError as error:
    raise MissingExtra("a page or a report", "report") from error

if TYPE_CHECKING:
    from markdown_it.token import Token
    from nbformat import NotebookNode

_CLAIM = re.compile(r"\b[CD]\d+\b")
_PLACEHOLDER = re.compile(r"\{([\w.-]+)\}")
_MARKS = ("`i`", "`o`", "`a`")
_ROW_ID = re.compile(r"[A-Za-z][\w.-]*")
_SOURCE = re.compile(r"@[A-Za-z][\w-]*(?: [CD]\d+)*")
_SHOWN = (
    *("text/markdown", "text/html", "image/svg+xml", "image/png", "image/jpeg"),
    "text/plain",
)
_KEYED = ("id", "name", "rule", "claim", "unit")
"""First columns whose cells name their row, so that it can be linked to."""
_WIDGET = "application/vnd.jupyter.widget-view+json"


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading below the title, for the table of contents."""

    level: int
    id: str
    text: str


@dataclass(frozen=True, slots=True)
class Body:
    """A text ready for the shell: the top heading it begins with taken out as its title."""

    title: str
    summary: str
    html: Markup
    contents: tuple[Heading, ...]

    def __html__(self) -> str:
        return self.html


@dataclass(frozen=True, slots=True)
class _Column:
    name: str
    label: str = ""
    unit: str = ""
    href: str = ""
    mark: str = ""


@dataclass(frozen=True, slots=True)
class _Row:
    id: str
    cells: list[Markup]


@cache
def environment() -> Environment:
    """Return the templates of ``site/``: escaping everything, refusing a name not given."""
    found = Environment(
        loader=FileSystemLoader(room("site")),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.filters["day"] = day
    return found


def page(
    template: str,
    protocol: Protocol,
    *,
    title: str,
    summary: str = "",
    root: str | None = "",
    section: str = "",
    pages: Sequence[Any] = (),
    contents: Sequence[Heading] = (),
    notices: Sequence[str] = (),
    **more: Any,
) -> str:
    """Return a whole page; ``root`` is the way to the top of the site, ``None`` for a lone file.

    ``more`` is what the template itself asks for, named at its top.
    """
    return (
        environment()
        .get_template(template)
        .render(
            title=title,
            summary=summary,
            root=root,
            section=section,
            pages=pages,
            contents=contents,
            notices=notices,
            standing=protocol.header,
            **more,
        )
    )


def notices(header: Header, today: date) -> tuple[str, ...]:
    """Say what a reader must know about the review status."""
    found = []
    if header.status != "approved" or not header.reviewer:
        by = (
            f"reviewed by {header.reviewer}"
            if header.reviewer
            else "not yet reviewed by a clinician"
        )
        found.append(f"{header.status[:1].upper()}{header.status[1:]}, {by}.")
    if header.review_by < today:
        found.append(f"The review was due by {day(header.review_by)}; that day has passed.")
    return tuple(found)


def day(value: date) -> str:
    """Write a date as 5 March 2026, whatever the computer's language."""
    months = "January February March April May June July August September October November December"
    return f"{value.day} {months.split()[value.month - 1]} {value.year}"


def markdown_html(text: str, protocol: Protocol | None = None, prefix: str | None = "") -> Body:
    """Turn Markdown into HTML; ``protocol`` lends labels, units and sources to its tables.

    ``prefix`` leads to the protocol's pages; with ``None`` nothing is linked but the web.
    """
    writer = _Writer(protocol, prefix)
    return writer.body(writer.html(text))


def notebook_html(
    notebook: Path | NotebookNode,
    hide_code: bool = False,
    protocol: Protocol | None = None,
    prefix: str | None = "../protocol/",
) -> Body:
    """Turn a notebook with its stored outputs into HTML; ``hide_code`` leaves all code out.

    Widgets are shown by their static alternative. ``prefix`` as in ``markdown_html``.
    """
    try:
        import nbformat
        from nbconvert import HTMLExporter
        from traitlets.config import Config
    except ModuleNotFoundError as error:
        raise MissingExtra("a page or a report", "report") from error

    if isinstance(notebook, Path):
        notebook = nbformat.read(notebook, as_version=4)  # type: ignore[no-untyped-call]
    copy: NotebookNode = nbformat.from_dict(notebook)  # type: ignore[no-untyped-call]
    for cell in copy.cells:
        if cell.cell_type == "code":
            cell.outputs = list(_without_dead_widgets(cell.outputs))
    writer = _Writer(protocol, prefix)
    exporter = HTMLExporter(  # type: ignore[no-untyped-call]
        config=Config({"NbConvertBase": {"display_data_priority": list(_SHOWN)}}),
        extra_template_basedirs=[str(room("site"))],
        template_name="notebook",
        filters={"markdown2html": writer.html, "output2html": writer.output},
        exclude_input=hide_code,
        exclude_raw=True,
    )
    html, _ = exporter.from_notebook_node(copy)
    return writer.body(html)


def _without_dead_widgets(outputs: list[NotebookNode]) -> Iterator[NotebookNode]:
    """Drop a widget that has only its Python name to show, where another output stands in."""
    for output in outputs:
        data = output.get("data", {})
        shown = set(data) & set(_SHOWN)
        if _WIDGET not in data or shown - {"text/plain"} or (shown and len(outputs) == 1):
            yield output


class _Writer:
    """Writes one page's Markdown, in one piece or cell by cell; ids stay unique on the page."""

    def __init__(self, protocol: Protocol | None, prefix: str | None) -> None:
        self.protocol = protocol
        self.prefix = prefix
        self.title = ""
        self.summary = ""
        self.contents: list[Heading] = []
        self.used: Counter[str] = Counter()
        self.under = 1
        self.in_output = False

    def body(self, html: str) -> Body:
        """Gather what was written."""
        return Body(self.title, self.summary, Markup(html), tuple(self.contents))

    def html(self, text: str) -> str:
        """Write a piece of Markdown."""
        written: list[Token] = []
        stream = iter(parser().parse(text))
        for token in stream:
            if token.type == "heading_open":
                written += self._heading(token, next(stream), next(stream))
            elif token.type == "table_open":
                written.append(
                    self._table(list(takewhile(lambda t: t.type != "table_close", stream)))
                )
            else:
                if token.type == "inline":
                    self._inline(token)
                    self.summary = self.summary or _first_sentence(token)
                elif token.type in ("fence", "code_block"):
                    code = Markup('<pre tabindex="0"><code>{}</code></pre>\n')
                    token.type, token.content = "html_block", code.format(token.content)
                written.append(token)
        return self._render(written)

    def output(self, text: str) -> str:
        """Write what a cell put out: its headings stand below the heading above the cell."""
        self.in_output = True
        html = self.html(text)
        self.in_output = False
        return html

    def _render(self, tokens: list[Token]) -> str:
        return str(parser().renderer.render(tokens, parser().options, {}))

    def _id(self, wanted: str) -> str:
        self.used[wanted] += 1
        count = self.used[wanted] - 1
        return self._id(f"{wanted}-{count}") if count else wanted

    def _heading(self, opening: Token, inline: Token, closing: Token) -> list[Token]:
        """Take a top heading as the title; keep the others in order, each with an id."""
        text = _plain(inline)
        if opening.tag == "h1" and not self.title and not self.contents:
            self.title = text
            return []
        deepest = self.contents[-1].level + 1 if self.contents else 2
        below = self.under - 1 if self.in_output else 0
        level = min(max(int(opening.tag[1]) + below, 2), deepest, 6)
        self.under = self.under if self.in_output else level
        slug = re.sub(r"[^\w\- ]", "", text.lower()).replace(" ", "-")
        heading = Heading(level, self._id(slug), text)
        self.contents.append(heading)
        opening.tag = closing.tag = f"h{level}"
        opening.attrSet("id", heading.id)
        self._inline(inline)
        return [opening, inline, closing]

    def _inline(self, inline: Token) -> None:
        """Lead links to pages; link rules and sources that the text only names."""
        from markdown_it.token import Token

        self._links(children := inline.children or [])
        if not self.protocol or self.prefix is None:
            return
        linked = False
        for position, token in enumerate(children):
            linked = token.type == "link_open" or (linked and token.type != "link_close")
            if not linked and token.type in ("text", "code_inline"):
                html = self._rules(token) if token.type == "code_inline" else self._sources(token)
                children[position] = Token("html_inline", "", 0, content=html) if html else token

    def _rules(self, token: Token) -> Markup:
        assert self.protocol
        rules = self.protocol.rules
        names = token.content.split()
        if not names or not all(name in rules for name in names):
            return Markup()
        return Markup(" ").join(
            _link(
                self._to(rules[name][0].place.file.replace(".md", ".html"), name),
                Markup("<code>{}</code>").format(name),
                rules[name][1].rationale,
            )
            for name in names
        )

    def _sources(self, token: Token) -> Markup:
        def cite(found: re.Match[str]) -> str:
            assert self.protocol
            (source,) = citations(found[0])
            known = source.key in self.protocol.references
            return self._cite(source) if known else escape(found[0])

        if "@" not in token.content:
            return Markup()
        return Markup(_SOURCE.sub(cite, escape(token.content)))

    def _links(self, children: list[Token]) -> None:
        for position, token in enumerate(children):
            if token.type != "link_open":
                continue
            inside = takewhile(lambda t: t.type != "link_close", children[position + 1 :])
            href = self._href(
                str(token.attrGet("href")), "".join(child.content for child in inside)
            )
            if href:
                token.attrSet("href", href)
            else:  # nothing to lead to: the words stay, the link goes
                closing = next(t for t in children[position:] if t.type == "link_close")
                token.tag = closing.tag = "span"
                token.attrs = {}

    def _href(self, href: str, text: str) -> str:
        """Turn a link between the repository's files into one between pages."""
        path, hash_, fragment = href.partition("#")
        if not path or re.match(r"[a-z]+:", href):
            return href
        if self.prefix is None:
            return ""
        if path.endswith("claims.md") and not hash_ and (claim := _CLAIM.search(text)):
            hash_, fragment = "#", claim[0]
        return _page(path) + hash_ + fragment if _page(path) else ""

    def _table(self, tokens: list[Token]) -> Token:
        from markdown_it.token import Token

        rows: list[list[Token]] = []
        for token in tokens:
            if token.type == "tr_open":
                rows.append([])
            elif token.type == "inline":
                rows[-1].append(token)
        head, *rows = rows
        names = [cell.content.strip() for cell in head]
        marked = bool(rows) and all(c.content.strip() in _MARKS for c in rows[0][1:])
        marks = self._marks(names, rows.pop(0) if marked else None)
        policy = names[0] if any(marks) else ""
        names = [name.strip("*") for name in names]
        columns = [self._column(*pair) for pair in zip(names, marks, strict=True)]
        html = (
            environment()
            .get_template("table.html.j2")
            .render(
                label=self.contents[-1].text if self.contents else self.title,
                policy=policy,
                columns=columns,
                rows=[self._row(columns, row) for row in rows],
            )
        )
        return Token("html_block", "", 0, content=html + "\n")

    def _marks(self, names: list[str], row: list[Token] | None) -> list[str]:
        """Tell a decision table's columns apart: by its second row, or as ``why`` prints them."""
        plain = [""] * len(names)
        if names[0] not in HIT_POLICIES:
            return plain
        if row:
            return [cell.content.strip("` ") for cell in row]
        if not self.protocol:
            return plain
        known = self.protocol.inputs.keys() | self.protocol.decisions.keys()
        kinds = ["o" if name.startswith("**") else "i" if name in known else "a" for name in names]
        return ["", *kinds[1:]] if "o" in kinds else plain

    def _column(self, name: str, mark: str) -> _Column:
        if mark not in ("i", "o") or not self.protocol:
            return _Column(name, name, mark=mark)
        known: dict[str, Input | Decision] = {**self.protocol.inputs, **self.protocol.decisions}
        item = known[name]
        file = "inputs.html" if isinstance(item, Input) else "decisions.html"
        unit = ""
        if isinstance(item, Input) and item.unit:
            unit = self.protocol.units[item.unit].printed
        return _Column(name, item.label, unit, self._to(file, name), mark)

    def _to(self, file: str, fragment: str) -> str:
        return "" if self.prefix is None else f"{self.prefix}{file}#{fragment}"

    def _row(self, columns: list[_Column], cells: list[Token]) -> _Row:
        keyed = columns[-1].mark or columns[0].name.lower() in _KEYED
        first = cells[0].content.strip().replace(" ", "-")
        name = self._id(first) if keyed and _ROW_ID.fullmatch(first) else ""
        pairs = zip(columns, cells, strict=True)
        return _Row(name, [self._cell(column, cell) for column, cell in pairs])

    def _cell(self, column: _Column, cell: Token) -> Markup:
        text = cell.content.strip().strip("*")
        if column.mark in ("i", "o"):
            return self._condition(column, text)
        if self.protocol and column.name.lower() == "sources" and text.startswith("@"):
            items = Markup("").join(
                Markup("<li>{}</li>").format(self._cite(c)) for c in citations(text)
            )
            return Markup('<ul class="cites">{}</ul>').format(items)
        if self.protocol and column.name.lower() == "verdict":
            kind = text.replace(" ", "-")
            return Markup('<span class="verdict {}">{}</span>').format(kind, text)
        self._inline(cell)
        html = Markup(self._render([cell]))
        if self.protocol and column.name in ("statement", "aim"):
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
        decision = self.protocol.decisions.get(column.name) if self.protocol else None
        if decision and decision.kind in CATALOGUES and column.mark == "o" and len(parts) == 3:
            file = {"statement": "statements", "regimen": "regimens"}.get(decision.kind, "schedule")
            return _link(self._to(f"{file}.html", parts[1]), html)
        return html

    def _cite(self, source: Citation) -> Markup:
        assert self.protocol
        reference = self.protocol.references[source.key]
        cited = _link(self._to("references.html", source.key), source.key, reference.text)
        locator = escape(source.locator)
        if source.key == "seed":
            locator = Markup(" ").join(
                _link(self._to("claims.html", part), part) if _CLAIM.fullmatch(part) else part
                for part in source.locator.split()
            )
        parts = [cited, locator]
        if reference.status != "read":
            parts.append(Markup('<span class="status {0}">{0}</span>').format(reference.status))
        return Markup(" ").join(part for part in parts if part)


def _page(path: str) -> str:
    """Return the page made from a file or folder of the repository, or an empty string."""
    if found := re.fullmatch(r"(?:\.\./protocol/)?cases(?:/([\w-]+)\.yaml)?/?", path):
        return f"../reports/{found[1] or 'index'}.html"
    if path == "../README.md":
        return "../index.html"
    found = re.fullmatch(r"((?:\.\./(?:protocol|notebooks)/)?[\w-]+)\.(?:md|bib|ipynb)", path)
    return f"{found[1]}.html" if found else path if path.endswith(".html") else ""


def _link(href: str, text: str | Markup, title: str = "") -> Markup:
    if not href:
        return escape(text)
    hint = Markup(' title="{}"').format(title) if title else ""
    return Markup('<a href="{}"{}>{}</a>').format(href, hint, text)


def _plain(inline: Token) -> str:
    return "".join(
        child.content or " " * (child.type == "softbreak") for child in inline.children or []
    )


def _first_sentence(inline: Token) -> str:
    return re.split(r"(?<=[.?!])\s", _plain(inline).strip(), maxsplit=1)[0]
