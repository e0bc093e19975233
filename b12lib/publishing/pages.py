"""Pages: the one page shell of ``site/``, which chapters, notebooks and reports share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from b12lib.errors import MissingExtra
from b12lib.reading.protocol import Header, Protocol
from b12lib.rooms import room

try:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined
except ModuleNotFoundError as error:
    raise MissingExtra("a page or a report", "report") from error


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading below the title, for the table of contents."""

    level: int
    id: str
    text: str


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
