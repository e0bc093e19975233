"""What a table tells of a rule beside its conditions and its answer, and where a notebook shows it.

Below them: in columns of their own, sentences would have the width of a word.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from b12lib.reading.tables import HIT_POLICIES

if TYPE_CHECKING:
    from markdown_it.token import Token

    Cell = tuple[Token, Token, Token]
    """What opens it, its text, what closes it."""

IN_CASE = "In this case"
"""The column that tells what became of each rule."""
SAYS, WHY, SOURCES = "says", "why", "sources"
_TOP = "text-align:left;vertical-align:top"
"""A rule's id stands level with its conditions."""
_LABELS = {IN_CASE: "In this case: ", SAYS: "Says: ", WHY: "", SOURCES: "Sources: "}
"""How the line of each annotation begins, in the order of the lines; a reason needs no label."""


def in_two_rows(tokens: list[Token]) -> list[Token]:
    """Give each rule of a decision table a second row, with its annotations."""
    shown: list[Token] = []
    names: list[str] = []
    start = 0
    for token in tokens:
        shown.append(token)
        if token.type == "tr_open":
            start = len(shown) - 1
        elif token.type == "tr_close":
            opening, *row, closing = shown[start:]
            if row[0].type == "th_open":
                names = [text.content for text in row[1::3]]
            if names[0] in HIT_POLICIES and {WHY, SOURCES} <= set(names):
                parts = zip(row[::3], row[1::3], row[2::3], strict=True)
                cells = dict(zip(names, parts, strict=True))
                shown[start:] = [opening, *_conditions(cells), closing]
                if row[0].type == "td_open":
                    row[0].attrSet("rowspan", 2)
                    row[0].attrSet("style", _TOP)
                    shown += [opening, *_annotations(cells), closing]
    return shown


def _conditions(cells: Mapping[str, Cell]) -> Iterator[Token]:
    """Yield what stays in a row: the rule, its conditions and its answer."""
    for name, cell in cells.items():
        if name not in _LABELS:
            yield from cell


def _annotations(cells: Mapping[str, Cell]) -> Iterator[Token]:
    """Yield one cell below all but the first, with a line for each annotation."""
    from markdown_it.token import Token

    opening, _, closing = cells[WHY]
    opening.attrSet("colspan", len(cells.keys() - _LABELS.keys()) - 1)
    yield opening
    for name, label in _LABELS.items():
        if name in cells:
            text = cells[name][1]
            begun = [Token("text", "", 0, content=label), *(text.children or ())]
            yield Token("div_open", "div", 1, block=True)
            yield text.copy(children=begun)
            yield Token("div_close", "div", -1, block=True)
    yield closing
