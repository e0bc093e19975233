"""The static site: every chapter, notebook and worked case as a page, linked relatively."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from pathlib import Path

import b12lib
from b12lib.errors import B12Error
from b12lib.explaining.plan import headline
from b12lib.publishing.case_files import read_file
from b12lib.publishing.examples import notebooks
from b12lib.publishing.links import Links
from b12lib.publishing.notebook import notebook_html
from b12lib.publishing.pages import Heading, notices, page
from b12lib.publishing.report import NOTEBOOK, report_html
from b12lib.publishing.text import Body, markdown_html
from b12lib.publishing.worked_cases import case_files
from b12lib.reading.protocol import Header, Protocol
from b12lib.rooms import room
from b12lib.showing.document import escape

PATIENTS = {
    "seed": Heading(2, "seed", "The seed’s patient"),
    "published": Heading(2, "published", "Published patients"),
    "synthetic": Heading(2, "synthetic", "Synthetic patients"),
    "": Heading(2, "other", "Other patients"),
}
"""Under what the list of case reports gathers each kind of case, in this order."""

MARKER = ".b12-site"
"""Lies in every built site, so that no other folder is ever replaced by one."""


class SiteError(B12Error):
    """The site cannot be put where it was asked for."""


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


def build(out: Path, today: date | None = None) -> Path:
    """Build the site into ``out`` and return that folder, which is replaced only on success.

    ``today`` decides whether a review date has passed. Raises ``SiteError`` when ``out`` holds
    anything but a site built earlier.
    """
    out = out.absolute()
    if out.is_symlink() or (out.exists() and not out.is_dir()):
        raise SiteError(f"{out} is not a folder")
    if out.is_dir() and any(out.iterdir()) and not (out / MARKER).is_file():
        raise SiteError(f"{out} holds something else than a site; give an empty or new folder")
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{out.name}-", dir=out.parent) as scratch:
        new, old = Path(scratch, "new"), Path(scratch, "old")
        new.mkdir()
        _write_site(new, b12lib.load_protocol(), today or date.today())
        if out.exists():
            out.rename(old)
        try:
            new.rename(out)
        except BaseException:
            if old.exists():
                old.rename(out)
            raise
    return out


def _write_site(out: Path, protocol: Protocol, today: date) -> None:
    (out / MARKER).touch()
    shutil.copyfile(room("site") / "style.css", out / "style.css")
    chapters, catalogues = _chapters(out, protocol, today)
    _references(out, protocol, _beside([*chapters, *catalogues], "references.html"), today)
    _notebooks(out, protocol, today)
    _reports(out, protocol, today)
    _write(
        out / "index.html",
        page(
            "index.html.j2",
            protocol,
            title=protocol.header.title,
            notices=notices(protocol.header, today),
            readme=_seen_from_top(chapters[0]),
            chapters=[_seen_from_top(item) for item in chapters[1:]],
            catalogues=[_seen_from_top(item) for item in catalogues],
        ),
    )


def _write(file: Path, html: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(html, encoding="utf-8")


def _seen_from_top(item: Page) -> Page:
    return replace(item, href=f"protocol/{item.href}")


def _beside(pages: list[Page], href: str) -> list[Page]:
    """Mark the page that lists the others."""
    return [replace(item, here=item.href == href) for item in pages]


def _chapters(out: Path, protocol: Protocol, today: date) -> tuple[list[Page], list[Page]]:
    """Write a page for every file of the protocol; return the chapters, then the catalogues."""
    bodies = {item: markdown_html(item.body, Links(protocol)) for item in protocol.chapters}
    chapters: list[Page] = []
    catalogues: list[Page] = []
    for item, body in bodies.items():
        href = item.file.replace(".md", ".html")
        entry = Page(href, body.title or item.header.title, body.summary, item.header)
        numbered = item.file == "README.md" or item.file[0].isdigit()
        (chapters if numbered else catalogues).append(entry)
    catalogues.append(Page("references.html", "References"))
    chapters.sort(key=lambda entry: (entry.href != "README.html", entry.href))
    for item, body in bodies.items():
        href = item.file.replace(".md", ".html")
        beside = _beside([*chapters, *catalogues], href)
        section = "claims" if item.file == "claims.md" else "protocol"
        html = _text(body, protocol, section, beside, item.header, notices(item.header, today))
        _write(out / "protocol" / href, html)
    return chapters, catalogues


def _text(
    body: Body,
    protocol: Protocol,
    section: str,
    pages: list[Page],
    header: Header | None = None,
    told: tuple[str, ...] = (),
) -> str:
    return page(
        "chapter.html.j2",
        protocol,
        title=body.title,
        summary=body.summary,
        contents=body.contents,
        root="../",
        section=section,
        pages=pages,
        notices=told,
        header=header,
        body=body,
    )


def _references(out: Path, protocol: Protocol, pages: list[Page], today: date) -> None:
    used: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for table, rule in protocol.rules.values():
        href = table.place.file.replace(".md", ".html")
        for key in dict.fromkeys(source.key for source in rule.sources):
            used[key].append((rule.id, f"{href}#{rule.id}"))
    claims: dict[str, list[str]] = defaultdict(list)
    for claim in protocol.claims.values():
        for key in dict.fromkeys(source.key for source in claim.sources):
            claims[key].append(claim.id)
    html = page(
        "references.html.j2",
        protocol,
        title="References",
        root="../",
        section="references",
        pages=pages,
        notices=notices(protocol.header, today),
        header=None,
        references=protocol.references.values(),
        used=used,
        claims=claims,
    )
    _write(out / "protocol" / "references.html", html)


def _notebooks(out: Path, protocol: Protocol, today: date) -> None:
    links = Links(protocol, "../protocol/")
    bodies = {
        f"{file.stem}.html": notebook_html(file, links)
        for file in notebooks()
        if file.name != NOTEBOOK
    }
    pages = [Page(href, body.title or href, body.summary) for href, body in bodies.items()]
    for href, body in bodies.items():
        # What the outputs are headed recurs from cell to cell: only the story's own headings guide.
        story = replace(body, contents=tuple(h for h in body.contents if h.level == 2))
        told = notices(protocol.header, today)
        html = _text(story, protocol, "notebooks", _beside(pages, href), told=told)
        _write(out / "notebooks" / href, html)
    _list(
        out / "notebooks",
        protocol,
        "Notebooks",
        "The protocol as a story, tried out on examples.",
        {None: [Entry(item.href, item.title, item.summary) for item in pages]},
        "There is no notebook yet.",
        notices(protocol.header, today),
    )


def _reports(out: Path, protocol: Protocol, today: date) -> None:
    found: dict[Heading | None, list[Entry]] = {heading: [] for heading in PATIENTS.values()}
    for kind, entry in _worked_cases(out / "reports", protocol, today):
        found[PATIENTS[kind]].append(entry)
    _list(
        out / "reports",
        protocol,
        "Case reports",
        "Worked cases: what was known of a patient, and what the protocol answers.",
        {heading: entries for heading, entries in found.items() if entries},
        "There is no worked case yet.",
        notices(protocol.header, today),
    )


def _worked_cases(out: Path, protocol: Protocol, today: date) -> Iterator[tuple[str, Entry]]:
    cases = {file.stem: read_file(file, protocol) for file in case_files()}
    links = Links(protocol, "../protocol/")
    with ThreadPoolExecutor(os.cpu_count()) as pool:  # each notebook runs in a process of its own
        reports = pool.map(partial(report_html, today=today, up="index.html"), cases.values())
        for (name, case), html in zip(cases.items(), reports, strict=True):
            _write(out / f"{name}.html", html)
            source = markdown_html(escape(case.source), links) if case.source else None
            answer = headline(b12lib.assess(case))
            yield case.kind, Entry(f"{name}.html", case.name, headline=answer, source=source)


def _list(
    out: Path,
    protocol: Protocol,
    title: str,
    intro: str,
    groups: dict[Heading | None, list[Entry]],
    nothing: str,
    told: tuple[str, ...],
) -> None:
    html = page(
        "list.html.j2",
        protocol,
        title=title,
        summary=intro,
        root="../",
        section=out.name,
        contents=list(filter(None, groups)),
        notices=told,
        intro=intro,
        groups=groups,
        nothing=nothing,
    )
    _write(out / "index.html", html)
