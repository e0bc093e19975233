"""Markdown files as the library sees them: a header, and tables with their line numbers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from b12lib.errors import Place, ProtocolError, ProtocolFault
from b12lib.reading.yaml import read_mapping

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token


@dataclass(frozen=True, slots=True)
class Row:
    """One table row: its line in the file and its cells as written."""

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
            place = Place(self.file, row.line, self.heading, row.cells[0])
            yield place, dict(zip(columns, row.cells, strict=True))


@dataclass(frozen=True, slots=True)
class Document:
    """One Markdown file: header fields, text below the header, tables."""

    file: str
    header: Mapping[str, str]
    body: str
    tables: tuple[Table, ...]


def read_document(file: str, text: str) -> Document:
    """Read a Markdown file; raise ``ProtocolError`` where a table would lose a cell."""
    header, body, skipped = _split_header(file, text)
    tokens = parser().parse(body)
    return Document(file, header, body, tuple(_tables(file, body, skipped, tokens)))


@cache
def parser() -> MarkdownIt:
    """Return the one Markdown dialect of the project: CommonMark with tables, no raw HTML."""
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark", {"html": False, "typographer": False}).enable("table")


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


def _tables(file: str, body: str, skipped: int, tokens: list[Token]) -> Iterator[Table]:
    lines = body.split("\n")  # not splitlines, which knows more line ends than Markdown
    heading = ""
    rows: list[Row] = []
    cells: list[str] = []
    for position, token in enumerate(tokens):
        match token.type:
            case "heading_open":
                heading = tokens[position + 1].content
            case "table_open":
                rows = []
            case "tr_open":
                cells = []
            case "inline" if tokens[position - 1].type in ("th_open", "td_open"):
                cells.append(token.content.strip())
            case "inline" if token.content.startswith("|"):
                assert token.map is not None
                _refuse_stray_row(file, heading, skipped + token.map[0] + 1)
            case "tr_close":
                start = next(t for t in reversed(tokens[:position]) if t.type == "tr_open").map
                assert start is not None
                rows.append(Row(skipped + start[0] + 1, tuple(cells)))
                _refuse_lost_cells(file, heading, rows[-1], lines[start[0]], len(rows[0].cells))
            case "table_close":
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


def _refuse_stray_row(file: str, heading: str, line: int) -> None:
    """A blank line inside a table, or a bad second line, makes Markdown read rows as prose."""
    raise ProtocolError(
        [
            ProtocolFault(
                Place(file, line, heading),
                "the row belongs to no table",
                "no blank line stands inside a table, and |---| for each column below its head",
            )
        ]
    )
