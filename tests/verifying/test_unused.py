"""What stands in the protocol and is never used is found, each with its place."""

from __future__ import annotations

from collections.abc import Callable

import pytest

import b12lib
from b12lib.reading.protocol import read_protocol
from b12lib.verifying.unused import Unused, unused

Edit = Callable[..., dict[str, str]]


def found(texts: dict[str, str]) -> list[tuple[str, str]]:
    """Return everything unused in an edited protocol but the sources, by kind and name."""
    items = unused(read_protocol(texts))
    return [(item.kind, item.name) for item in items if item.kind != "reference"]


@pytest.fixture(scope="module")
def asking(edited: Edit) -> Edit:
    """Return a function: the packaged texts with a plain question for one more field."""

    def ask(name: str) -> dict[str, str]:
        return edited("plain.md", "| age | How old", f"| {name} | What is it? |\n| age | How old")

    return ask


def test_packaged_protocol_has_nothing_unused(texts: dict[str, str]) -> None:
    """Every input, answer, row and unit of the protocol serves some rule."""
    assert found(texts) == []


UNREAD = {
    "input": (
        (
            "inputs.md",
            "| cause | Cause",
            "| {new} | Shoe size | boolean | | | | | unknown | | | Large? | |\n",
        ),
        "shoes",
    ),
    "visit": (
        (
            "visits.md",
            "| nerves_now | ",
            "| {new} | Mood | boolean | | | | | unknown | | | Happy? | |\n",
        ),
        "mood",
    ),
    "statement": (
        ("statements.md", "| pitfall-waiting |", "| {new} | Smile. | @seed C01 |\n"),
        "smile",
    ),
    "regimen": (
        (
            "regimens.md",
            "| none | none",
            "| {new} | b12 | 1 | nasal | daily | until better | — | — | @seed |\n",
        ),
        "spray",
    ),
    "schedule": (
        (
            "schedule.md",
            "| yearly | every",
            "| {new} | now | P1D | | | blood test | Blood | None | @seed C31 |\n",
        ),
        "day-1",
    ),
    "unit": (("units.md", "| g/L | g/L", "| {new} | mL | |\n"), "mL"),
}


@pytest.mark.parametrize("kind", UNREAD)
def test_a_row_that_nothing_uses_is_found(edited: Edit, asking: Edit, kind: str) -> None:
    """A new row that no rule reads or answers with, and no text quotes, is unused."""
    (file, before, row), name = UNREAD[kind]
    more = [asking(name)] if kind == "input" else []
    kind = {"visit": "input"}.get(kind, kind)
    texts = edited(file, before, row.replace("{new}", name) + before, *more)
    assert found(texts) == [(kind, name)]


def test_what_is_unused_has_its_place(edited: Edit, line_of: Callable[[str, str], int]) -> None:
    """The finding names file and line."""
    (file, before, row), name = UNREAD["statement"]
    [item] = [
        item
        for item in unused(read_protocol(edited(file, before, row.replace("{new}", name) + before)))
        if item.kind == "statement"
    ]
    assert (item.place.file, item.place.line) == (file, line_of(file, before))


def test_an_input_behind_an_unused_formula_is_unused(edited: Edit, asking: Edit) -> None:
    """A formula that no table reads uses nothing itself."""
    row = "| {} | Twice | quantity | fL | | 1 | 0..400 | unknown | {} | | {} | |\n"
    before = "| platelets | Platelets"
    rows = row.format("width", "", "Width?") + row.format("double", "`width + width`", "")
    assert found(edited("inputs.md", before, rows + before, asking("width"))) == [
        ("input", "width"),
        ("input", "double"),
    ]


def test_an_answer_that_no_rule_gives_is_found(edited: Edit) -> None:
    """An answer that a decision may give and no rule does is unused, its sentence with it."""
    answers = '"allowed", "not allowed", "not yet"'
    more = edited("decisions.md", answers, f'{answers}, "far"')
    sentence = "| oral_option.far | Far. | @seed C20 |\n"
    before = "| oral_option.not yet |"
    texts = edited("statements.md", before, sentence + before, more)
    assert found(texts) == [
        ("answer", "oral_option.far"),
        ("statement", "oral_option.far"),
    ]


def test_a_source_that_nothing_cites_is_found(edited: Edit) -> None:
    """A reference that no row cites is unused, unless a worked case rests on it."""
    fields = "title = {T}, status = {read}, checked = {2026-02-25}, note = {N}"
    entry = f"@misc{{nobody, {fields}}}\n\n@misc{{seed,"
    protocol = read_protocol(edited("references.bib", "@misc{seed,", entry))
    case = b12lib.read_case({"inputs": {}, "source": "@nobody page 1"}, protocol)
    nobody = [item for item in unused(protocol) if item.name == "nobody"]
    assert [item.kind for item in nobody] == ["reference"]
    assert nobody[0] not in unused(protocol, [case])
    assert isinstance(nobody[0], Unused)
