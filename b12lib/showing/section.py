"""What every shown text is made of: titled sections, tables, and text made inert."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from b12lib.showing import render

Writers = dict[str, Callable[[], str]]
"""Sections by title, each ready to be written when it is asked for."""


@dataclass(frozen=True, slots=True, repr=False)
class Section:
    """One titled part of the document; shows itself in a notebook."""

    title: str
    body: str

    def __repr__(self) -> str:
        """Return the section as Markdown, which reads well as plain text."""
        return f"## {self.title}\n\n{self.body}".rstrip()

    _repr_markdown_ = __repr__

    def _repr_html_(self) -> str:
        return render.html(self._repr_markdown_())


def table(head: list[str], rows: list[list[str]]) -> str:
    """Write a Markdown table; cells may hold inline Markdown but no line break or bare pipe."""
    lines = [head, [":--"] * len(head), *rows]  # left, whatever a notebook would make of it
    return "\n".join(
        "| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in lines
    )


def escape(text: str) -> str:
    """Make text from a case inert: nothing in it is Markdown or HTML any more."""
    return re.sub(r"([\\`*_{}\[\]()#!|<>&~$:@])", r"\\\1", " ".join(text.split()))
