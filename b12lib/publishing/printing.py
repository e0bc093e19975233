"""How the command line prints: text and tables, JSON, refusals and failures."""

from __future__ import annotations

import io
import json
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict

import typer
from rich.console import Console
from rich.markdown import Markdown
from rich.table import Table
from rich.text import Text

from b12lib.errors import CaseError, ProtocolError

WIDTH = None if sys.stdout.isatty() else 140
# What is printed is meant literally: a path or a cell may look like rich's markup.
_out = Console(width=WIDTH, highlight=False, markup=False, emoji=False)
_err = Console(stderr=True, highlight=False, markup=False, emoji=False)


def set_up_streams() -> None:
    """Read UTF-8 whatever the terminal; write a ? for a character that it cannot show."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    if isinstance(sys.stdin, io.TextIOWrapper):
        sys.stdin.reconfigure(encoding="utf-8", errors="strict")


def line(text: str, style: str | None = None) -> None:
    """Print one line, however long."""
    _out.print(text, style=style, soft_wrap=True)


def markdown(text: str) -> None:
    """Print Markdown, laid out for the terminal."""
    _out.print(Markdown(text))


def named(values: Mapping[str, str]) -> None:
    """Print each value after its name, one a line."""
    for name, value in values.items():
        _out.print(Text.assemble((name.replace("_", " "), "bold"), f"  {value}"), soft_wrap=True)


def table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> None:
    """Print a plain table; its first column, the names, is broken only where it must be."""
    laid = Table(box=None, padding=(0, 2, 0, 0))
    longest = max(len(row[0]) for row in rows)
    for name in head:
        whole = name == head[0] and longest < _out.width // 2
        laid.add_column(name, no_wrap=whole, overflow="fold")
    for row in rows:
        laid.add_row(*row)
    _out.print(laid)


def data(value: object) -> None:
    """Print JSON, in plain ASCII where the terminal knows no more."""
    ascii_only = not (sys.stdout.encoding or "").lower().startswith("utf")
    typer.echo(json.dumps(value, ensure_ascii=ascii_only, indent=2))


@contextmanager
def refusals(as_json: bool) -> Iterator[None]:
    """Tell a refusal as JSON too, to a program that asked for JSON."""
    try:
        yield
    except (CaseError, ProtocolError) as refusal:
        if as_json:
            data({"refused": [asdict(fault) for fault in refusal.faults]})
        raise


def failure(error: Exception) -> None:
    """Say on standard error what went wrong."""
    text = str(error)
    if isinstance(error, OSError):
        about = error.filename2 or error.filename
        reason = error.strerror or text
        text = f"{about}: {reason}" if about else reason
    _err.print(text, style="red", soft_wrap=True)


def give_up_output() -> None:
    """Throw away what could not be written, so that Python does not try once more at its end."""
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
