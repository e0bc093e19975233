"""The static site: every chapter, notebook and worked case as a page, linked relatively."""

from __future__ import annotations

import shutil
import tempfile
from collections import defaultdict
from collections.abc import Mapping, Sequence
from concurrent.futures import Executor, Future
from dataclasses import replace
from datetime import date
from pathlib import Path

import b12lib
from b12lib.deciding.case import Case
from b12lib.errors import B12Error
from b12lib.explaining.plan import headline
from b12lib.publishing.case_files import read_file
from b12lib.publishing.examples import notebooks
from b12lib.publishing.guidelines import write_guidelines
from b12lib.publishing.links import Links
from b12lib.publishing.notebook import notebook_html
from b12lib.publishing.own_process import ENGINE, processes
from b12lib.publishing.pages import Heading, notices, page
from b12lib.publishing.parts import Entry, Page, beside, text_page, write, write_list
from b12lib.publishing.report import NOTEBOOK, report_html
from b12lib.publishing.text import markdown_html
from b12lib.publishing.verified import verification_html, verified
from b12lib.publishing.worked_cases import case_files
from b12lib.reading.protocol import Protocol
from b12lib.rooms import room
from b12lib.showing.levels import Level
from b12lib.showing.section import escape

PATIENTS = {
    "seed": Heading(2, "seed", "The seed’s patient"),
    "published": Heading(2, "published", "Published patients"),
    "synthetic": Heading(2, "synthetic", "Synthetic patients"),
    "": Heading(2, "other", "Other patients"),
}
"""Under what the list of case reports gathers each kind of case, in this order."""

READERS = {"seed": tuple(Level)}
"""Who gets a report of a kind of case: of any other kind clinicians alone."""

MARKER = ".b12-site"
"""Lies in every built site, so that no other folder is ever replaced by one."""


class SiteError(B12Error):
    """The site cannot be put where it was asked for."""


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
    profiles = [b12lib.load_protocol(profile=name) for name in b12lib.profiles()]
    with processes() as pool:  # the reports are made while the rest of the site is written
        reports = _reports(pool, protocol, today)
        chapters, catalogues = _chapters(out, protocol, today)
        others = beside([*chapters, *catalogues], "references.html")
        _references(out, protocol, others, today, profiles)
        write_guidelines(out, protocol, profiles, today)
        _notebooks(out, protocol, profiles, today)
        found = verified(protocol)
        write(out / "verification.html", verification_html(found, reports, today))
        _write_reports(out / "reports", protocol, reports, today)
    write(
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


def _seen_from_top(item: Page) -> Page:
    return replace(item, href=f"protocol/{item.href}")


def _chapters(out: Path, protocol: Protocol, today: date) -> tuple[list[Page], list[Page]]:
    """Write a page for every file of the protocol; return the chapters, then the catalogues."""
    bodies = {
        item: markdown_html(item.body, Links(protocol, explain=_numbered(item.file)))
        for item in protocol.chapters
    }
    chapters: list[Page] = []
    catalogues: list[Page] = []
    for item, body in bodies.items():
        href = item.file.replace(".md", ".html")
        entry = Page(href, body.title or item.header.title, body.summary, item.header)
        (chapters if item.file == "README.md" or _numbered(item.file) else catalogues).append(entry)
    catalogues.append(Page("references.html", "References"))
    chapters.sort(key=lambda entry: (entry.href != "README.html", entry.href))
    for item, body in bodies.items():
        href = item.file.replace(".md", ".html")
        others = beside([*chapters, *catalogues], href)
        section = "claims" if item.file == "claims.md" else "protocol"
        html = text_page(body, protocol, section, others, item.header, notices(item.header, today))
        write(out / "protocol" / href, html)
    return chapters, catalogues


def _numbered(file: str) -> bool:
    """Tell a chapter from the lists that it uses."""
    return file[0].isdigit()


def _references(
    out: Path,
    protocol: Protocol,
    pages: list[Page],
    today: date,
    profiles: Sequence[Protocol] = (),
) -> None:
    """Write the page of all sources, those that only a profile cites included."""
    used: dict[str, dict[str, str]] = defaultdict(dict)
    references = {**protocol.references}
    for each in (protocol, *profiles):
        references |= each.references
        for table, rule in each.rules.values():
            href = table.place.file.replace(".md", ".html")
            for source in rule.sources:
                used[source.key].setdefault(rule.id, f"{href}#{rule.id}")
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
        references=references.values(),
        used=used,
        claims=claims,
    )
    write(out / "protocol" / "references.html", html)


def _notebooks(out: Path, protocol: Protocol, profiles: Sequence[Protocol], today: date) -> None:
    links = Links(protocol, "../protocol/", others=tuple(profiles))
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
        html = text_page(story, protocol, "notebooks", beside(pages, href), told=told)
        write(out / "notebooks" / href, html)
    write_list(
        out / "notebooks",
        protocol,
        "Notebooks",
        "The protocol as a story, tried out on examples.",
        {None: [Entry(item.href, item.title, item.summary) for item in pages]},
        "There is no notebook yet.",
        notices(protocol.header, today),
    )


def _reports(pool: Executor, protocol: Protocol, today: date) -> dict[str, Future[str]]:
    """Have the worked cases' reports made, by name, each in a process of its own."""
    return {
        _name(file, level): pool.submit(_report, file, level, today)
        for file in case_files()
        for level in _levels(read_file(file, protocol))
    }


def _levels(case: Case) -> tuple[Level, ...]:
    return READERS.get(case.kind, (Level.CLINICIAN,))


def _name(file: Path, level: Level) -> str:
    return file.stem if level == Level.CLINICIAN else f"{file.stem}-{level}"


def _report(file: Path, level: Level, today: date) -> str:
    case = read_file(file, b12lib.load_protocol())
    readers = _readers(file, case, level)
    return report_html(
        case, today=today, up="index.html", engine=ENGINE, level=level, readers=readers
    )


def _readers(file: Path, case: Case, here: Level) -> list[Page]:
    """Return the pages of one case, one for each reader, if there are several."""
    if len(levels := _levels(case)) == 1:
        return []
    pages = [Page(f"{_name(file, level)}.html", f"{level}s") for level in levels]
    return beside(pages, f"{_name(file, here)}.html")


def _write_reports(
    out: Path, protocol: Protocol, reports: Mapping[str, Future[str]], today: date
) -> None:
    found: dict[Heading | None, list[Entry]] = {heading: [] for heading in PATIENTS.values()}
    links = Links(protocol, "../protocol/")
    for file in case_files():
        case = read_file(file, protocol)
        for level in _levels(case):
            write(out / f"{_name(file, level)}.html", reports[_name(file, level)].result())
        source = markdown_html(escape(case.source), links) if case.source else None
        answer = headline(b12lib.assess(case))
        readers = _readers(file, case, Level.CLINICIAN)
        entry = Entry(f"{file.stem}.html", case.name, "", answer, source, readers)
        found[PATIENTS[case.kind]].append(entry)
    write_list(
        out,
        protocol,
        "Case reports",
        "Worked cases: what was known of a patient, and what the protocol answers.",
        {heading: entries for heading, entries in found.items() if entries},
        "There is no worked case yet.",
        notices(protocol.header, today),
    )
