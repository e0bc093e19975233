"""Markdown files as the library sees them: a header, and tables with their line numbers."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from itertools import pairwise
from types import MappingProxyType
from typing import TYPE_CHECKING

from b12lib.errors import Place, ProtocolError, ProtocolFault
from b12lib.reading.yaml import read_mapping

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_core import StateCore
    from markdown_it.token import Token

ANSWER = ("<details>\n<summary>Answer</summary>", "</details>")
"""How an answer that a reader reveals begins and ends, each a paragraph of its own."""
_HTML = re.compile(r"<(?!https?:)[A-Za-z/!?][^\s>]*>?")
_BAR = re.compile(r"(?<!\\)\|")


@dataclass(frozen=True, slots=True)
class Row:
    """One table row: its cells as written, and where; a profile may put in a row of its own."""

    file: str
    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """One Markdown table under the heading that names it."""

    file: str
    heading: str
    head: Row
    rows: tuple[Row, ...]

    def records(self, columns: tuple[str, ...]) -> Iterator[tuple[Place, dict[str, str]]]:
        """Yield each row as a mapping; the head must be exactly ``columns``."""
        if self.head.cells != columns:
            raise ProtocolError(
                [
                    ProtocolFault(
                        Place(self.file, self.head.line, self.heading),
                        f"the columns are {' | '.join(self.head.cells)}",
                        f"expected exactly {' | '.join(columns)}",
                    )
                ]
            )
        for row in self.rows:
            place = Place(row.file, row.line, self.heading, row.cells[0])
            yield place, dict(zip(columns, row.cells, strict=True))


@dataclass(frozen=True, slots=True)
class Document:
    """One Markdown file: header fields, text below the header, tables."""

    file: str
    header: Mapping[str, str]
    body: str
    tables: tuple[Table, ...]


@lru_cache(maxsize=256)  # every profile reads the files of the base again
def read_document(file: str, text: str) -> Document:
    """Read a Markdown file; raise ``ProtocolError`` where a table would lose a row or a cell."""
    header, body, skipped = _split_header(file, text)
    in_place = "\n" * skipped + body  # so that every line keeps its number in the file
    lines = in_place.split("\n")  # not splitlines, which knows more line ends than Markdown
    tokens = _block_parser().parse(in_place)
    _refuse_hidden(file, lines, tokens)
    tables = tuple(_tables(file, lines, tokens))
    return Document(file, MappingProxyType(header), body, tables)


def blanks(place: Place, row: Mapping[str, str], optional: Collection[str]) -> list[ProtocolFault]:
    """Return a fault for each blank cell of a row, but for the ``optional`` columns."""
    return [
        ProtocolFault(replace(place, column=column), "the cell is blank")
        for column, cell in row.items()
        if not cell and column not in optional
    ]


@cache
def parser() -> MarkdownIt:
    """Return the one Markdown dialect of the project: CommonMark with tables.

    No raw HTML but what opens and closes an ``ANSWER``, which a reader reveals.
    """
    dialect = _dialect()
    dialect.core.ruler.push("answer", _let_answers_open)
    return dialect


@cache
def _block_parser() -> MarkdownIt:
    """Return a parser that leaves the text of a line or a cell as it is written."""
    return _dialect().disable(["inline", "text_join"])


def _dialect() -> MarkdownIt:
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark", {"html": False, "typographer": False}).enable("table")


def _let_answers_open(state: StateCore) -> None:
    """Take a paragraph that is an end of ``ANSWER``, and nothing else, as the HTML that it is."""
    from markdown_it.token import Token

    tokens = iter(state.tokens)
    state.tokens = []
    for token in tokens:
        if token.type == "paragraph_open" and token.level == 0:
            inline, closing = next(tokens), next(tokens)
            if inline.content in ANSWER:
                state.tokens.append(Token("html_block", "", 0, content=f"{inline.content}\n"))
            else:
                state.tokens += [token, inline, closing]
        else:
            state.tokens.append(token)


def _split_header(file: str, text: str) -> tuple[dict[str, str], str, int]:
    if not text.startswith("---\n"):
        return {}, text, 0
    header, found, body = text[4:].partition("\n---\n")
    if not found:
        raise ProtocolError([ProtocolFault(Place(file, 1), "the header has no closing ---")])
    try:
        fields = read_mapping(header)
    except ValueError as error:
        raise ProtocolError([ProtocolFault(Place(file, 1), f"the header: {error}")]) from error
    return {key: str(value) for key, value in fields.items()}, body, header.count("\n") + 3


def _tables(file: str, lines: list[str], tokens: list[Token]) -> Iterator[Table]:
    heading = ""
    rows: list[Row] = []
    cells: list[str] = []
    start = 0
    for position, token in enumerate(tokens):
        match token.type:
            case "heading_open":
                heading = tokens[position + 1].content
            case "table_open":
                rows = []
            case "tr_open":
                cells = []
                start = _span(token)[0]
            case "inline" if tokens[position - 1].type in ("th_open", "td_open"):
                cells.append(token.content.strip())
            case "tr_close":
                rows.append(Row(file, start + 1, tuple(cells)))
                _refuse_lost_cells(file, heading, rows[-1], lines[start], len(rows[0].cells))
            case "table_close":
                if not heading:
                    place = Place(file, rows[0].line)
                    raise ProtocolError([ProtocolFault(place, "no heading names the table")])
                yield Table(file, heading, rows[0], tuple(rows[1:]))


def _refuse_lost_cells(file: str, heading: str, row: Row, line: str, width: int) -> None:
    """Markdown drops surplus cells and fills missing ones in silence; a protocol must not."""
    from markdown_it.rules_block.table import escapedSplit

    written = len(escapedSplit(line.strip().removeprefix("|").removesuffix("|")))
    if written != width:
        raise ProtocolError(
            [
                ProtocolFault(
                    Place(file, row.line, heading, row.cells[0]),
                    f"the row has {written} cells, the table {width} columns",
                    r"add or remove a cell; a | inside a cell is written \|",
                )
            ]
        )


def _refuse_hidden(file: str, lines: list[str], tokens: list[Token]) -> None:
    """Refuse what a reader and the library would not both see: HTML, rows outside a table.

    A blank line inside a table, a bad second line or an indent makes Markdown read rows as prose.
    """
    headings = {_span(a)[0]: b.content for a, b in pairwise(tokens) if a.type == "heading_open"}
    tables = {line for token in tokens if token.type == "table_open" for line in _span(token)}
    fences = {line for token in tokens if token.type == "fence" for line in _span(token)}
    heading = ""
    for number, line in enumerate(lines):
        heading = headings.get(number, heading)
        place = Place(file, number + 1, heading)
        if number in fences:
            continue
        if html := _HTML.search(line):
            problem = f"{html[0]} begins HTML, which can hide rules from a reader"
            mend = "write Markdown, and a space after a < that means less than"
            raise ProtocolError([ProtocolFault(place, problem, mend)])
        if number not in tables and _BAR.search(line):
            mend = (
                "no row is indented, no blank line stands inside a table, and |---| for each column"
                r" below its head; a | in prose is written \|"
            )
            raise ProtocolError([ProtocolFault(place, "the row belongs to no table", mend)])


def _span(token: Token) -> range:
    assert token.map is not None
    return range(*token.map)
