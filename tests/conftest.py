"""What several tests share: the packaged protocol, small edits of it, and how it refuses."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping

import pytest
from hypothesis import settings

import b12lib
from b12lib.reading.protocol import read_protocol
from b12lib.rooms import room

settings.register_profile("ci", derandomize=True, print_blob=True, deadline=None)
settings.register_profile("dev", deadline=None)
settings.load_profile("ci" if os.environ.get("CI") else "dev")

Texts = dict[str, str]


@pytest.fixture(scope="session")
def protocol() -> b12lib.Protocol:
    """The protocol that comes with the library."""
    return b12lib.load_protocol()


@pytest.fixture(scope="session")
def texts() -> Mapping[str, str]:
    """The packaged protocol's files as text."""
    files = sorted(room("protocol").iterdir())
    return {
        file.name: file.read_text(encoding="utf-8")
        for file in files
        if file.suffix in (".md", ".bib")
    }


@pytest.fixture(scope="session")
def edited(texts: Mapping[str, str]) -> Callable[..., Texts]:
    """Return a function: the packaged texts with one spot of one file edited."""

    def edit(file: str, old: str, new: str, start: Mapping[str, str] = texts) -> Texts:
        assert start[file].count(old) == 1, f"{old!r} must stand exactly once in {file}"
        return {**start, file: start[file].replace(old, new)}

    return edit


@pytest.fixture(scope="session")
def line_of(texts: Mapping[str, str]) -> Callable[[str, str], int]:
    """Return a function: the line on which some text of a packaged file begins."""

    def line(file: str, text: str) -> int:
        assert texts[file].count(text) == 1, f"{text!r} must stand exactly once in {file}"
        return texts[file][: texts[file].index(text)].count("\n") + 1

    return line


@pytest.fixture(scope="session")
def refused(edited: Callable[..., Texts]) -> Callable[..., str]:
    """Return a function: the message with which the protocol is refused after one edit.

    The heading line is left off; the faults stand one below the other.
    """

    def refusal(file: str, old: str, new: str) -> str:
        with pytest.raises(b12lib.ProtocolError) as caught:
            read_protocol(edited(file, old, new))
        return faults_of(caught.value)

    return refusal


@pytest.fixture(scope="session")
def case_refused() -> Callable[..., str]:
    """Return a function: the message with which a case is refused, its heading left off."""

    def refusal(case: object, protocol: b12lib.Protocol | None = None) -> str:
        with pytest.raises(b12lib.CaseError) as caught:
            b12lib.assess(case, protocol)  # type: ignore[arg-type]
        return faults_of(caught.value)

    return refusal


def faults_of(error: b12lib.CaseError | b12lib.ProtocolError) -> str:
    """Return the faults as the message lists them."""
    heading, _, listed = str(error).partition("\n")
    assert heading in ("the case is refused", "the protocol is refused")
    return "\n".join(line.removeprefix("  ") for line in listed.split("\n"))
