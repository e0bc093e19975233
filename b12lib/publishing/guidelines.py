"""The pages of other guidelines: every profile's own, and cases read under all side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from markupsafe import Markup

import b12lib
from b12lib.explaining.comparison import BASE
from b12lib.publishing.case_files import compare_file, read_file
from b12lib.publishing.links import Links
from b12lib.publishing.pages import Heading, notices
from b12lib.publishing.parts import Entry, Page, beside, text_page, write, write_list
from b12lib.publishing.text import markdown_html
from b12lib.publishing.worked_cases import case_files
from b12lib.reading.profiles import FOLDER, FRONT_PAGE
from b12lib.reading.protocol import Protocol


def compared_files(profile: str | None = None) -> list[Path]:
    """Return the cases to compare: the seed's patients, or those by which a profile differs."""
    files = case_files(profile=profile)
    protocol = b12lib.load_protocol(profile=profile)
    return files if profile else [f for f in files if read_file(f, protocol).kind == "seed"]


def write_guidelines(
    out: Path, protocol: Protocol, profiles: Sequence[Protocol], today: date
) -> None:
    """Write the pages of every profile, the cases compared, and the list of both."""
    groups: dict[Heading | None, list[Entry]] = {
        Heading(2, "profiles", "The profiles"): [
            _profile(out / "protocol", each, today) for each in profiles
        ]
    }
    for name in (None, *(each.profile.name for each in profiles if each.profile)):
        of = f"Cases by which {name} differs" if name else "The seed’s patient, compared"
        groups[Heading(2, f"compared-{name or BASE}", of)] = [
            _comparison(out / "compared", name or BASE, file, protocol, profiles, today)
            for file in compared_files(name)
        ]
    write_list(
        out / "protocol" / "profiles",
        protocol,
        "Guidelines side by side",
        "What other guidelines say differently, and what that comes to in the same patient.",
        groups,
        "There is no profile.",
        notices(protocol.header, today),
        "../../",
    )


def _profile(out: Path, protocol: Protocol, today: date) -> Entry:
    """Write a page for every file of a profile, and return its entry in the list of profiles."""
    assert protocol.profile
    within = f"{FOLDER}/{protocol.profile.name}/"
    links = Links(protocol, "../../")
    own = [item for item in protocol.chapters if item.file.startswith(within)]
    own.sort(key=lambda item: (not item.file.endswith(FRONT_PAGE), item.file))
    bodies = [markdown_html(item.body, links) for item in own]
    pages = [
        Page(item.file.removeprefix(within).replace(".md", ".html"), body.title, body.summary)
        for item, body in zip(own, bodies, strict=True)
    ]
    for item, body, entry in zip(own, bodies, pages, strict=True):
        told = notices(item.header, today)
        others = beside(pages, entry.href)
        html = text_page(body, protocol, "profiles", others, item.header, told, "../../../")
        write(out / within / entry.href, html)
    front = pages[0]
    return Entry(f"{protocol.profile.name}/{front.href}", own[0].header.title, front.summary)


def _comparison(
    out: Path,
    name: str,
    file: Path,
    protocol: Protocol,
    profiles: Sequence[Protocol],
    today: date,
) -> Entry:
    """Write the page of one case under every guideline, and return its entry in the list."""
    compared = compare_file(file)
    body = markdown_html(
        compared._repr_markdown_(), Links(protocol, "../protocol/", others=tuple(profiles))
    )
    figure = Markup(compared.figure()._repr_html_())
    body = replace(body, html=figure + body.html)
    html = text_page(body, protocol, "profiles", [], told=notices(protocol.header, today))
    href = f"{name}-{file.stem}.html"
    write(out / href, html)
    differing = ", ".join(row.label for row in compared.rows if row.differs)
    summary = f"They differ in: {differing}." if differing else "They answer alike."
    return Entry(f"../../compared/{href}", compared.case, summary)
