"""Pages of text and lists of them, as all parts of the site have them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from b12lib.publishing.pages import Heading, page
from b12lib.publishing.text import Body
from b12lib.reading.protocol import Header, Protocol


@dataclass(frozen=True, slots=True)
class Page:
    """A page as other pages list it; ``href`` is relative to the page that lists it."""

    href: str
    title: str
    summary: str = ""
    header: Header | None = None
    here: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    """A notebook or a case report in a list of them."""

    href: str
    title: str
    summary: str = ""
    headline: str = ""
    source: Body | None = None
    readers: Sequence[Page] = ()


def write(file: Path, html: str) -> None:
    """Write a page, and the folder that it stands in."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(html, encoding="utf-8")


def beside(pages: list[Page], href: str) -> list[Page]:
    """Mark the page that lists the others."""
    return [replace(item, here=item.href == href) for item in pages]


def text_page(
    body: Body,
    protocol: Protocol,
    section: str,
    pages: list[Page],
    header: Header | None = None,
    told: tuple[str, ...] = (),
    root: str = "../",
) -> str:
    """Return a chapter, a catalogue, a notebook or a comparison as a page."""
    return page(
        "chapter.html.j2",
        protocol,
        title=body.title,
        summary=body.summary,
        contents=body.contents,
        root=root,
        section=section,
        pages=pages,
        notices=told,
        header=header,
        body=body,
    )


def write_list(
    out: Path,
    protocol: Protocol,
    title: str,
    intro: str,
    groups: dict[Heading | None, list[Entry]],
    nothing: str,
    told: tuple[str, ...],
    root: str = "../",
) -> None:
    """Write the page that lists a part of the site, entries under their headings."""
    html = page(
        "list.html.j2",
        protocol,
        title=title,
        summary=intro,
        root=root,
        section=out.name,
        contents=list(filter(None, groups)),
        notices=told,
        intro=intro,
        groups=groups,
        nothing=nothing,
    )
    write(out / "index.html", html)
