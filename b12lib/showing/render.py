"""Markdown to what a notebook or a terminal shows."""

from __future__ import annotations

from b12lib.reading.markdown import parser

TERMINAL_WIDTH = 100


def html(markdown: str) -> str:
    """Return inert HTML: raw tags in the text show as text."""
    return f'<div class="b12">\n{parser().render(markdown)}</div>'


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
