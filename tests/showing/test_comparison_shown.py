"""A comparison as text, page and data."""

from __future__ import annotations

import json
import re

import pytest

import b12lib
from b12lib.rooms import room
from b12lib.showing.comparison import Comparison

SEED = room("protocol") / "cases" / "seed-as-asked.yaml"
TONGUE = {"case": "A *sore* tongue", "inputs": {"tongue_symptoms": "yes", "neurological": "no"}}


@pytest.fixture(scope="module")
def seed() -> Comparison:
    """The seed's patient under the base and every profile."""
    return b12lib.compare(SEED)


def cells(markdown: str, label: str) -> list[str]:
    """Return the row of the table of decisions that begins with ``label``."""
    [found] = re.findall(rf"^\| {re.escape(label)} \|.*$", markdown, re.MULTILINE)
    return [cell.strip() for cell in found.strip("|").split("|")]


def test_one_row_a_decision(seed: Comparison) -> None:
    """A row has every side's answer, says where one is the base's, and marks a difference."""
    markdown = seed._repr_markdown_()
    assert cells(markdown, "Decision")[1:-1] == ["base", *b12lib.profiles()]
    assert cells(markdown, "Functional B12 deficiency") == [
        *("Functional B12 deficiency", "confirmed", "not tested"),
        *("as base", "as base", "as base", "**differs**"),
    ]
    assert cells(markdown, "Leukopenia")[1:] == ["yes", *["as base"] * 4, ""]
    assert cells(markdown, "Expected response")[-1] == "**text differs**"
    assert cells(markdown, "Anaemia")[1] == "yes or no"


def test_what_all_answer_alike_can_be_left_out(seed: Comparison) -> None:
    """Only decisions with another answer or another text stay; the sides stay as they are."""
    left = seed.differences()
    assert {row.label for row in left.rows} < {row.label for row in seed.rows}
    assert all(row.differs or row.reworded for row in left.rows)
    assert left.sides == seed.sides


def test_a_difference_is_explained_with_rules_and_sources(seed: Comparison) -> None:
    """Each different answer stands once, with its sides, its rules and how far they are known."""
    markdown = seed._repr_markdown_()
    why = markdown.split("## Why: Functional B12 deficiency\n")[1].split("\n## ")[0]
    assert why.count("- **") == 2
    assert "- **base, uk-bnf, uk-licence, us-label**: Functional vitamin B12 deficiency is" in why
    assert "`DS1`" in why
    assert "- **nice-ng239**: Serum B12, the first test of this guideline" in why
    assert "`NDS7`" in why
    assert "@nice2024 (secondary); @sands2024" in why
    assert "## Why: Leukopenia" not in markdown


def test_an_open_answer_is_told_as_open(seed: Comparison) -> None:
    """Where a side does not know, it says between what it does not know."""
    why = seed._repr_markdown_().split("## Why: Homocysteine target\n")[1]
    assert "- **base, uk-bnf, uk-licence**: Not known: reached or not reached." in why


def test_the_table_tells_ids_in_words(seed: Comparison) -> None:
    """Regimens are spoken, both while it is open which; of a schedule the table has the times."""
    markdown = seed._repr_markdown_()
    regimens = cells(markdown, "Regimen")[1].split(" *Or:* ")
    assert [words.partition(" until ")[0].partition(" for ")[0] for words in regimens] == [
        "Hydroxocobalamin 1 mg intramuscularly on alternate days",
        "Hydroxocobalamin 1 mg intramuscularly three times weekly",
    ]
    assert cells(markdown, "Monitoring")[2] == "3 months; after that"


def test_a_refusal_is_shown() -> None:
    """The side that refuses says why; its cells say that it refused."""
    markdown = b12lib.compare(TONGUE)._repr_markdown_()
    assert "    - refused: neurological: the values of the case make it true" in markdown
    assert cells(markdown, "Treat now?")[1] == "refused"
    assert markdown.startswith("# A \\*sore\\* tongue\n")


def test_advice_that_one_side_does_not_give() -> None:
    """An empty list is told as nothing."""
    markdown = b12lib.compare({"b12": "120 ng/L"}, ["nice-ng239"])._repr_markdown_()
    assert cells(markdown, "Pitfalls of testing")[1:3] == [
        "Do not rely on serum B12 alone: measure MMA.",
        "nothing",
    ]
    assert "- **nice-ng239**: Nothing." in markdown


def test_who_stands_behind_each_side(seed: Comparison) -> None:
    """Every side names its title, version and review."""
    text = seed._repr_markdown_()
    assert "- **base**: Vitamin B12 deficiency, version 0.1.0 (submitted, reviewed by nob" in text
    assert "- **nice-ng239**: NICE guideline NG239 (2024), version 0.1.0 (submitted, " in text
    assert "For education" in text


def test_it_shows_itself(seed: Comparison) -> None:
    """In a notebook it is a table, in a terminal text, in a list one line."""
    assert "<table>" in seed._repr_html_()
    assert "Functional B12 deficiency" in str(seed)
    assert re.fullmatch(
        r"<Comparison of 'An MMA .*' under base, .*: \d+ decisions differ>", repr(seed)
    )


def test_as_data(seed: Comparison) -> None:
    """Programs get the sides, every answer, and the rules with the standing of their sources."""
    data = json.loads(json.dumps(seed.to_dict()))
    assert [side["name"] for side in data["sides"]] == ["base", *b12lib.profiles()]
    assert len({side["digest"] for side in data["sides"]}) == len(data["sides"])
    status = data["decisions"]["deficiency_status"]
    assert status["differs"] is True
    assert status["answers"]["nice-ng239"]["values"] == ["not tested"]
    [rule] = status["answers"]["nice-ng239"]["rules"]
    assert rule["sources"] == {"@nice2024": "secondary", "@sands2024": "read"}


def test_a_refusal_as_data() -> None:
    """A side that refuses has its faults and no answers."""
    data = b12lib.compare(TONGUE).to_dict()
    assert data["sides"][0]["refused"][0]["field"] == "neurological"
    assert data["decisions"]["treat_now"]["answers"]["base"] is None
