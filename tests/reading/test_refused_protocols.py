"""Protocols that must not load: one small edit of the packaged one, and the exact refusal.

``LINE`` stands for the line on which the edit was made.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

import b12lib
from b12lib.reading.protocol import read_protocol

NERVES = "03-nervous-system.md"
NERVES_TABLE = f"{NERVES}:LINE, table 'Neurological involvement'"
MMA, B12 = "table 'Methylmalonic acid'", "table 'Vitamin B12 in serum'"
TOTAL = "01-confirmation.md:LINE, table 'Total serum B12'"
HEADER = "title, version, status, last_reviewed, review_by, reviewer"
NO_NUMBER = "precision, range, factor and assumed value must be plain numbers"


@pytest.fixture
def check(
    refused: Callable[..., str], line_of: Callable[[str, str], int]
) -> Callable[[str, str, str, str], None]:
    """Return a function: the edit is refused with exactly this message."""

    def check(file: str, old: str, new: str, message: str) -> None:
        assert refused(file, old, new) == message.replace("LINE", str(line_of(file, old)))

    return check


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        pytest.param(
            NERVES,
            "| F | sensory_symptoms |",
            "| F | sensory_symptom |",
            f"{NERVES_TABLE}, column 'sensory_symptom': there is no input or decision of this"
            " name\n  did you mean sensory_symptoms?",
            id="unknown input column",
        ),
        pytest.param(
            NERVES,
            "| oral_symptoms | neurological |",
            "| oral_symptoms | neurologic |",
            f"{NERVES_TABLE}, column 'neurologic': there is no decision of this name\n"
            "  did you mean neurological?",
            id="unknown output column",
        ),
        pytest.param(
            NERVES,
            "| oral_symptoms | neurological |",
            "| oral_symptoms | glossitis |",
            f"{NERVES_TABLE}, column 'glossitis': there is no decision of this name\n"
            "  did you mean glossitis?",
            id="an input cannot be decided",
        ),
        pytest.param(
            NERVES,
            "| F | sensory_symptoms | gait_disturbance |",
            "| F | sensory_symptoms | sensory_symptoms |",
            f"{NERVES_TABLE}, column 'sensory_symptoms': the column stands there twice",
            id="one column twice",
        ),
        pytest.param(
            "01-confirmation.md",
            "| U | b12 | b12_level |",
            "| U | treatment_start | b12_level |",
            f"{TOTAL}, column 'treatment_start': a date cannot be an input of a table",
            id="date as input",
        ),
        pytest.param(
            "01-confirmation.md",
            "| U | b12 | b12_level |",
            "| U | unit_check | b12_level |",
            f"{TOTAL}, column 'unit_check': a statement cannot be an input of a table",
            id="statement as input",
        ),
        pytest.param(
            NERVES,
            "| oral_symptoms | neurological | rationale | sources |",
            "| oral_symptoms | neurological | sources | rationale |",
            f"{NERVES_TABLE}: the annotations must be rationale and sources",
            id="annotations in another order",
        ),
    ],
)
def test_head(check: Callable[..., None], file: str, old: str, new: str, message: str) -> None:
    """A table with a wrong column is refused, and the column named."""
    check(file, old, new, message)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        pytest.param(
            "| `i` | `i` | `i` | `i` | `i` | `o` |",
            "| `i` | i | `i` | `i` | `i` | `o` |",
            ", column 'gait_disturbance': the second row marks it 'i'\n"
            "  mark each column `i` input, `o` output or `a` annotation",
            id="unmarked column",
        ),
        pytest.param(
            "| `i` | `i` | `i` | `i` | `i` | `o` |",
            "| `i` | `i` | `i` | `i` | `i` | `i` |",
            ": no column is marked `o`: the table decides nothing",
            id="no output",
        ),
    ],
)
def test_marks(
    refused: Callable[..., str], line_of: Callable[..., int], old: str, new: str, message: str
) -> None:
    """A table whose second row does not say what each column is for is refused."""
    place = NERVES_TABLE.replace("LINE", str(line_of(NERVES, "| F | sensory_symptoms")))

    assert refused(NERVES, old, new) == place + message


def test_no_rules(texts: Mapping[str, str], line_of: Callable[[str, str], int]) -> None:
    """A table without rules, or without even its second row, decides nothing."""
    file = NERVES
    place = NERVES_TABLE.replace("LINE", str(line_of(file, "| F | sensory_symptoms")))
    lines = texts[file].split("\n")
    first = line_of(file, "| NS1 |") - 1
    found = []
    for end in (first, first - 1):
        with pytest.raises(b12lib.ProtocolError) as caught:
            read_protocol({**texts, file: "\n".join(lines[:end])})
        found.append([str(fault) for fault in caught.value.faults])

    assert found == [
        [f"{place}: the table has no rules"],
        [
            f"{place}: no column is marked `o`: the table decides nothing",
            f"{place}: the annotations must be rationale and sources",
        ],
    ]


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        pytest.param(
            NERVES,
            "| NS1 | true |",
            "| NS1 | yes |",
            f"{NERVES_TABLE}, rule 'NS1', column 'sensory_symptoms': cannot read 'yes'",
            id="cell that does not parse",
        ),
        pytest.param(
            NERVES,
            "| NS1 | true |",
            '| NS1 | "yes" |',
            f"{NERVES_TABLE}, rule 'NS1', column 'sensory_symptoms': "
            "'\"yes\"' does not fit sensory_symptoms: it holds true, false",
            id="word for a boolean",
        ),
        pytest.param(
            NERVES,
            "| NS1 | true |",
            "| NS1 | 1 |",
            f"{NERVES_TABLE}, rule 'NS1', column 'sensory_symptoms': "
            "'1' does not fit sensory_symptoms: it holds true, false",
            id="number for a boolean",
        ),
        pytest.param(
            NERVES,
            "| NS1 | true |",
            "| NS1 | not(not(true)) |",
            f"{NERVES_TABLE}, rule 'NS1', column 'sensory_symptoms': "
            "'not(not(true))' does not fit sensory_symptoms: it holds true, false",
            id="double negation",
        ),
        pytest.param(
            "01-confirmation.md",
            "| TB1 | < 133 |",
            '| TB1 | "low" |',
            f"{TOTAL}, rule 'TB1', column 'b12': '\"low\"' does not fit b12: it holds numbers",
            id="word for a number",
        ),
        pytest.param(
            "01-confirmation.md",
            '| DS1 | "raised", "extreme" |',
            '| DS1 | "raised", "huge" |',
            "01-confirmation.md:LINE, table 'Deficiency status', rule 'DS1', column 'mma_level': "
            "'\"raised\", \"huge\"' does not fit mma_level:"
            ' it holds "normal", "raised", "extreme"',
            id="word that is no answer",
        ),
        pytest.param(
            "01-confirmation.md",
            "| TB1 | < 133 |",
            "| TB1 | < 20001 |",
            f"{TOTAL}, rule 'TB1', column 'b12': the limit 20001 lies outside b12's range 10..20000",
            id="limit outside the range",
        ),
        pytest.param(
            "01-confirmation.md",
            "| TB1 | < 133 |",
            "| TB1 | < 133.5 |",
            f"{TOTAL}, rule 'TB1', column 'b12': the limit 133.5 is finer than b12 is reported",
            id="limit finer than the precision",
        ),
        pytest.param(
            "01-confirmation.md",
            "| TB2 | [133..258] |",
            "| TB2 | [258..133] |",
            f"{TOTAL}, rule 'TB2', column 'b12': "
            "the interval [258..133] is empty: its low end is the higher",
            id="empty interval",
        ),
        pytest.param(
            NERVES,
            "| NS5 | - | - | - | - | true | true |",
            "| NS5 | - | - | - | - | true | 1 |",
            f"{NERVES_TABLE}, rule 'NS5', column 'neurological': "
            "1 is not an answer that decisions.md allows",
            id="number for a boolean answer",
        ),
        pytest.param(
            "01-confirmation.md",
            '| DS3 | "normal" | "indeterminate", "normal" | "unlikely" |',
            '| DS3 | "normal" | "indeterminate", "normal" | "unlikly" |',
            "01-confirmation.md:LINE, table 'Deficiency status', rule 'DS3', column "
            "'deficiency_status': \"unlikly\" is not an answer that decisions.md allows",
            id="misspelt answer",
        ),
        pytest.param(
            "01-confirmation.md",
            '| DS3 | "normal" | "indeterminate", "normal" | "unlikely" |',
            '| DS3 | "normal" | "indeterminate", "normal" | unknown |',
            "01-confirmation.md:LINE, table 'Deficiency status', rule 'DS3', column "
            "'deficiency_status': 'unknown' is not a single value;"
            " write true, false or a quoted word",
            id="unknown as an answer",
        ),
    ],
)
def test_cell(check: Callable[..., None], file: str, old: str, new: str, message: str) -> None:
    """A cell that cannot be meant is refused, and file, line, table, rule and column named."""
    check(file, old, new, message)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        pytest.param(
            "| NS2 |",
            "| NS |",
            "rule 'NS': a rule id is one to four capitals and a number, such as DS1",
            id="bad rule id",
        ),
        pytest.param(
            "| Asked and examined for all of them: none. |",
            "| |",
            "rule 'NS6', column 'rationale': every rule says why",
            id="no rationale",
        ),
        pytest.param(
            "| @seed C15 C16 |",
            "| |",
            "rule 'NS6', column 'sources': '' is not a source; write '@key' or '@key locator'",
            id="no source",
        ),
        pytest.param(
            "| @seed C15 C16 |",
            "| @seed C15, C16; NICE |",
            "rule 'NS6', column 'sources': 'NICE' is not a source;"
            " write '@key' or '@key locator'",
            id="source without its key",
        ),
        pytest.param(
            "| @seed C15 C16 |",
            "| @sneed C15 |",
            "rule 'NS6': @sneed is not in references.bib",
            id="unknown reference",
        ),
        pytest.param(
            "| @seed C15 C16 |",
            "| @seed C15 C96 |",
            "rule 'NS6': C96 is not in claims.md",
            id="unknown claim",
        ),
        pytest.param(
            "| @seed C15 C16 |",
            "| @seed C15 C16 | true |",
            "rule 'NS6': the row has 10 cells, the table 9 columns\n"
            r"  add or remove a cell; a | inside a cell is written \|",
            id="a cell too many",
        ),
        pytest.param(
            "| Asked and examined for all of them: none. | @seed C15 C16 |",
            "| @seed C15 C16 |",
            "rule 'NS6': the row has 8 cells, the table 9 columns\n"
            r"  add or remove a cell; a | inside a cell is written \|",
            id="a cell too few",
        ),
    ],
)
def test_rule(check: Callable[..., None], old: str, new: str, message: str) -> None:
    """A rule without id, reason or source, or with a lost cell, is refused."""
    check(NERVES, old, new, f"{NERVES_TABLE}, {message}")


def test_escaped_bar(edited: Callable[..., dict[str, str]]) -> None:
    r"""A bar inside a cell is written \| and loses nothing."""
    texts = edited(NERVES, "| Asked and examined for all", r"| Asked \| examined for all")

    rule = read_protocol(texts).rules["NS6"][1]

    assert rule.rationale == "Asked | examined for all of them: none."


def test_blank_line_in_table(check: Callable[..., None]) -> None:
    """A blank line inside a table does not make the rules below it disappear."""
    message = (
        f"{NERVES}:NEXT, table 'Neurological involvement': the row belongs to no table\n"
        "  no blank line stands inside a table, and |---| for each column below its head"
    )
    line = 27  # checked below: one further down than NS2 stands
    with pytest.raises(AssertionError):
        check(NERVES, "| NS2 |", "\n| NS2 |", message.replace("NEXT", str(line - 1)))


