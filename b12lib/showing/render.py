"""Markdown to what a notebook or a terminal shows."""

from __future__ import annotations

import re

from b12lib.reading.markdown import parser
from b12lib.showing.annotations import in_two_rows

TERMINAL_WIDTH = 100
_TABLE = re.compile(r"<table>.*?</table>", re.DOTALL)
_NAME = re.compile(r"(?<=>)[^<]*_[^<]*")
"""Text that holds a name of several words, but no part of a tag."""


def html(markdown: str) -> str:
    """Return inert HTML: raw tags in the text show as text; in tables long names may break."""
    dialect = parser()
    tokens = in_two_rows(dialect.parse(markdown))
    written = _TABLE.sub(_breakable, dialect.renderer.render(tokens, dialect.options, {}))
    return f'<div class="b12">\n{written}</div>'


def _breakable(table: re.Match[str]) -> str:
    return _NAME.sub(lambda name: name[0].replace("_", "_<wbr>"), table[0])


def plain(markdown: str) -> str:
    """Return the words alone, on one line: for a control, which shows no markup."""
    tokens = parser().parse(markdown)
    return "".join(child.content for token in tokens for child in token.children or ())


def text(markdown: str) -> str:
    """Return plain text, laid out for a terminal, without colours."""
    from io import StringIO

    from rich.console import Console
    from rich.markdown import Markdown

    console = Console(file=StringIO(), width=TERMINAL_WIDTH, color_system=None, force_jupyter=False)
    console.print(Markdown(markdown))
    assert isinstance(console.file, StringIO)
    return "\n".join(line.rstrip() for line in console.file.getvalue().splitlines()) + "\n"
