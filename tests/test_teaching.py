"""The notebooks as lessons: what each promises, and numbers that its own cells show."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import nbformat
import pytest

import b12lib
from b12lib.publishing.examples import notebooks

LESSONS = [file for file in notebooks() if re.match(r"\d\d-", file.name)]
NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
LABELS = re.compile(r"\]\([^)]*\)|\bchapter \d+|\b[A-Z]\d+\b|\bB12\b|`[^`]*`")
"""What holds digits and says nothing of a patient: links, chapters, ids, the vitamin's name."""


def read(file: Path) -> nbformat.NotebookNode:
    """Read a notebook."""
    return nbformat.read(file, as_version=4)  # type: ignore[no-untyped-call]


def prose(notebook: nbformat.NotebookNode) -> str:
    """Return the Markdown of a notebook."""
    return "\n\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")


def shown(notebook: nbformat.NotebookNode) -> str:
    """Return all that the code cells say and show."""
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    return "\n".join(str(part) for cell in code for part in (cell.source, cell.outputs))


@pytest.mark.parametrize("file", LESSONS, ids=lambda file: file.stem)
def test_a_lesson_says_what_it_teaches_and_sums_it_up(file: Path) -> None:
    """Every lesson begins with its objectives and ends with a summary."""
    notebook = read(file)
    first = notebook.cells[0].source
    assert first.startswith("# ")
    assert "**You will learn**" in first
    headings = re.findall(r"^## (.*)$", prose(notebook), flags=re.MULTILINE)
    assert headings[-1] == "Summary"
    assert len(re.findall(r"^# ", prose(notebook), flags=re.MULTILINE)) == 1


@pytest.mark.parametrize("file", LESSONS, ids=lambda file: file.stem)
def test_a_number_in_the_prose_stands_in_an_output_too(file: Path) -> None:
    """A number told in words is one that the notebook's cells show, so it cannot drift."""
    notebook = read(file)
    told = set(NUMBER.findall(LABELS.sub("", prose(notebook))))
    assert told <= set(NUMBER.findall(shown(notebook)))


@pytest.mark.parametrize("file", LESSONS, ids=lambda file: file.stem)
def test_a_lesson_says_what_it_rests_on_and_who_reviewed_it(file: Path) -> None:
    """Every lesson ends with its status of review and its sources, or the way to all of them."""
    notebook = read(file)
    last = str([cell.outputs for cell in notebook.cells[-6:] if cell.cell_type == "code"])
    assert "no clinician has reviewed it" in last
    assert "*Read for this protocol.*" in last or "references.bib" in prose(notebook)


def test_the_lessons_show_every_rule_and_every_claim() -> None:
    """Whoever reads the lessons alone has seen the whole protocol: each rule, each line of it."""
    tables = "\n".join(shown(read(file)) for file in LESSONS)
    protocol = b12lib.load_protocol()
    rows = {row.strip("`") for row in re.findall(r"\| (`?[A-Z]+\d+`?) \|", tables)}
    assert {*protocol.rules, *protocol.claims} <= rows


def test_each_lesson_leads_to_the_next() -> None:
    """Whoever reads on comes through all of them, in their order."""
    for file, following in pairwise(LESSONS):
        [*_, last] = re.findall(r"\*Next:\* \[[^]]+\]\(([^)]+)\)", prose(read(file)))
        assert last == following.name
