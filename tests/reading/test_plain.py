"""The patient's wordings: complete, of what the protocol says, and of nothing else."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

import b12lib
from b12lib.reading.plain import HEADINGS, clinical_text
from b12lib.reading.profiles import Overlay
from b12lib.reading.protocol import read_protocol

HEADER = """---
title: Elsewhere
version: 2.0.0
status: submitted
last_reviewed:
review_by: 2027-10-01
reviewer:
---

# Elsewhere
"""
STATEMENT = f"""{HEADER}
## How ill is the marrow

| id | statement | sources |
|----|-----------|---------|
| anaemia.true | Haemoglobin is low, as Elsewhere counts. | @who2024 |
"""
PLAIN = f"""{HEADER}
## Your results

| id | plain |
|----|-------|
| anaemia.true | Your haemoglobin is low, as Elsewhere counts. |
"""


def test_every_row_stands_under_a_heading_of_the_page(protocol: b12lib.Protocol) -> None:
    """Every section of a patient's page that rows fill has some."""
    assert {row.section for row in protocol.plain.values()} == set(HEADINGS)


def test_what_refuses_a_case_needs_no_plain_wording(protocol: b12lib.Protocol) -> None:
    """A refused case has no page; everything else that a table can answer has a wording."""
    without = {id_ for id_ in protocol.statements if id_ not in protocol.plain}
    decided = {"contradiction", "scope"}
    assert without == {
        str(rule.outputs[0])
        for table, rule in protocol.rules.values()
        if table.outputs[0] in decided
    }


def test_a_regimens_text_is_its_cells_by_name(protocol: b12lib.Protocol) -> None:
    """A plain regimen has to name every cell that is spoken; one that ends has nothing after."""
    goes_on = clinical_text(protocol.regimens["alternate-days"])
    ends = clinical_text(protocol.regimens["oral-daily"])
    assert goes_on.endswith("{alternate-days.how_long} {alternate-days.then}")
    assert ends.endswith("{oral-daily.how_long}")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        pytest.param(
            "| leukopenia.true | You have too few white blood cells. |\n",
            "",
            "statements.md:LINE, table 'How ill is the marrow', rule 'leukopenia.true': "
            "plain.md has no wording of it for patients\n"
            "  add a row leukopenia.true to plain.md, under the heading that is to show it",
            id="missing statement",
        ),
        pytest.param(
            "| glossitis | Is your tongue inflamed? |\n",
            "",
            "inputs.md:LINE, table 'Symptoms', rule 'glossitis': "
            "plain.md has no wording of it for patients\n"
            "  add a row glossitis to plain.md, under the heading that is to show it",
            id="missing question",
        ),
        pytest.param(
            "| leukopenia.true | You",
            "| leukopenia.false_ | You may know. |\n| leukopenia.true | You",
            "plain.md:LINE, table 'Your results', rule 'leukopenia.false_': "
            "leukopenia.false_ is no statement, regimen, schedule row or question\n"
            "  did you mean leukopenia.false?",
            id="unknown id",
        ),
        pytest.param(
            "| leukopenia.true | You",
            "| leukopenia.true | We know. |\n| leukopenia.true | You",
            "plain.md:LINE, table 'Your results', rule 'leukopenia.true': the id is given twice",
            id="twice",
        ),
        pytest.param(
            "| leukopenia.true | You have too few white blood cells. |",
            "| leukopenia.true | |",
            "plain.md:LINE, table 'Your results', rule 'leukopenia.true', column 'plain': "
            "the cell is blank",
            id="blank",
        ),
        pytest.param(
            "low ({active_b12}).",
            "low.",
            "plain.md:LINE, table 'Your results', rule 'active_b12_level.low': "
            "it fills in nothing, what it words {active_b12}\n  use the same placeholders",
            id="a number left out",
        ),
        pytest.param(
            "for 72 hours after",
            "for 2 days after",
            "plain.md:LINE, table 'When to seek help', rule 'cobalt-allergy': "
            "2: no number of what it words\n  leave it out, or write its placeholder",
            id="another number",
        ),
        pytest.param(
            "{three-times-weekly.how_long}. After",
            "{alternate-days.how_long}. After",
            "plain.md:LINE, table 'The answer', rule 'three-times-weekly': it fills in "
            "{alternate-days.how_long}, {three-times-weekly.dose}, {three-times-weekly.drug}, "
            "{three-times-weekly.first}, {three-times-weekly.then}, what it words "
            "{three-times-weekly.dose}, {three-times-weekly.drug}, {three-times-weekly.first}, "
            "{three-times-weekly.how_long}, {three-times-weekly.then}\n"
            "  use the same placeholders",
            id="another regimen's cell",
        ),
    ],
)
def test_a_slip_is_refused(refused: Callable[..., str], old: str, new: str, message: str) -> None:
    """A missing, surplus or unfaithful wording is told with its place and how to mend it."""
    told = refused("plain.md", old, new)
    place, _, rest = message.partition(":LINE")
    assert told.startswith(f"{place}:")
    assert told.removeprefix(f"{place}:").lstrip("0123456789") == rest


def test_what_every_page_says_is_not_left_out(edited: Callable[..., dict[str, str]]) -> None:
    """Without when to get help in any case, or what a page is not, no patient is told anything."""
    with pytest.raises(b12lib.ProtocolError) as caught:
        read_protocol(edited("plain.md", "| if-worse |", "| if-worst |"))
    absent, unknown = caught.value.faults
    assert absent.problem == "it has no if-worse, which every page says"
    assert absent.mend == "add a row if-worse under the heading 'On every page'"
    assert unknown.mend == "did you mean if-worse?"


def test_a_heading_that_no_page_has_is_refused(
    edited: Callable[..., dict[str, str]],
) -> None:
    """Every row below a misspelt heading is told, with the headings there are."""
    with pytest.raises(b12lib.ProtocolError) as caught:
        read_protocol(edited("plain.md", "## What to watch for", "## What to watch"))
    told = str(caught.value.faults[0])
    assert "a patient's page has no section 'What to watch'" in told
    assert "there are The answer, When to seek help, What happens next" in told


def test_a_question_stands_among_the_questions(edited: Callable[..., dict[str, str]]) -> None:
    """A question under another heading would never be shown."""
    row, before = "| glossitis | Is your tongue inflamed? |\n", "| leukopenia.true |"
    without = edited("plain.md", row, "")
    with pytest.raises(b12lib.ProtocolError) as caught:
        read_protocol(edited("plain.md", before, row + before, without))
    [fault] = caught.value.faults
    assert fault.place.rule == "glossitis"
    assert fault.problem == "a question stands under 'What to ask and to tell'"


def test_a_profile_words_anew_what_it_says_anew(texts: Mapping[str, str]) -> None:
    """A profile's own statement is not told to patients in the words of the base's."""

    def lay(**own: str) -> b12lib.Protocol:
        files = {"README.md": HEADER, **{f"{name}.md": text for name, text in own.items()}}
        return read_protocol(texts, Overlay("elsewhere", files))

    with pytest.raises(b12lib.ProtocolError) as caught:
        lay(statements=STATEMENT)
    [fault] = caught.value.faults
    assert fault.place.file == "profiles/elsewhere/statements.md"
    assert fault.problem == "the profile says something else than plain.md"
    assert fault.mend == "word it in profiles/elsewhere/plain.md too"
    read = lay(statements=STATEMENT, plain=PLAIN)
    assert read.plain["anaemia.true"].plain == "Your haemoglobin is low, as Elsewhere counts."
    assert read.plain["anaemia.true"].section == "Your results"
