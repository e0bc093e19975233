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
NO_CLAIM = "is no claim of the seed\n  write the ids with spaces between them, such as @seed C12 D3"
HEADER = "title, version, status, last_reviewed, review_by, reviewer"
MIXED = "a formula makes a quantity of quantities or a boolean of booleans"
BAD_ID = "a rule id is one to four capitals and a number without leading zero, such as DS1"
NO_NUMBER = "is not a plain number such as 0.738"


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
            '\'"raised", "huge"\' does not fit mma_level:'
            ' it holds "normal", "raised", "extreme"',
            id="word that is no answer",
        ),
        pytest.param(
            "01-confirmation.md",
            "| TB1 | < 133 |",
            "| TB1 | < 20001 |",
            f"{TOTAL}, rule 'TB1', column 'b12': "
            "the limit 20001 lies outside b12's range 10..20000",
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
            f"rule 'NS': {BAD_ID}",
            id="bad rule id",
        ),
        pytest.param(
            "| NS2 |",
            "| NS02 |",
            f"rule 'NS02': {BAD_ID}",
            id="rule id with leading zero",
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
            "rule 'NS6', column 'sources': 'NICE' is not a source; write '@key' or '@key locator'",
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
            "| @seed C15, C16 |",
            f"rule 'NS6': 'C15,' {NO_CLAIM}",
            id="claims with a comma",
        ),
        pytest.param(
            "| @seed C15 C16 |",
            "| @seed page C15 |",
            f"rule 'NS6': 'page' {NO_CLAIM}",
            id="a word that is no claim",
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


STRAY = (
    ", table 'Neurological involvement': the row belongs to no table\n"
    "  no row is indented, no blank line stands inside a table, and |---| for each column"
    r" below its head; a | in prose is written \|"
)


def test_blank_line_in_table(refused: Callable[..., str], line_of: Callable[..., int]) -> None:
    """A blank line inside a table does not make the rules below it disappear."""
    line = line_of(NERVES, "| NS2 |") + 1

    assert refused(NERVES, "| NS2 |", "\n| NS2 |") == f"{NERVES}:{line}{STRAY}"


@pytest.mark.parametrize(
    ("before", "row"),
    [
        pytest.param("", "    | NS6 |", id="four spaces"),
        pytest.param("", "\t| NS6 |", id="tab"),
        pytest.param("\nMoreover:\n", "| NS6 |", id="below a line of text"),
        pytest.param("\n", "NS6 |", id="no first bar"),
        pytest.param("\n", "> | NS6 |", id="quoted"),
        pytest.param("\n[NS]:\n", "| NS6 |", id="as the address of a link"),
    ],
)
def test_row_outside_its_table(
    refused: Callable[..., str], line_of: Callable[..., int], before: str, row: str
) -> None:
    """A row that Markdown takes for code, prose or a link does not disappear."""
    line = line_of(NERVES, "| NS6 |") + before.count("\n")

    assert refused(NERVES, "| NS6 |", before + row) == f"{NERVES}:{line}{STRAY}"


def test_catalogue_row_outside_its_table(check: Callable[..., None]) -> None:
    """A row of a catalogue disappears no more than a rule does."""
    place = "regimens.md:LINE, table 'Regimens'"

    check("regimens.md", "| none | none |", "    | none | none |", place + STRAY.partition("t'")[2])


def test_example_in_a_fence(edited: Callable[..., dict[str, str]]) -> None:
    """A fenced code block may show a table, and HTML, and an escaped bar is prose."""
    example = "```\n| NS9 | <!-- no --> |\n```\n\nOr \\|, 1 <2, <https://who.int>.\n"

    assert not _faults(edited(NERVES, "## Neurological inv", f"{example}\n## Neurological inv"))


@pytest.mark.parametrize(
    ("old", "new", "html"),
    [
        pytest.param("| F | sensory_", "<!--\n| F | sensory_", "<!--", id="block"),
        pytest.param("So everybody", "So <!-- not --> everybody", "<!--", id="in a text"),
        pytest.param("| Asked and", "| <!-- Asked --> and", "<!--", id="in a cell"),
        pytest.param("So everybody", "[x]:\n<!-- So everybody", "<!--", id="in a link"),
        pytest.param("So everybody", r"\\<!--So everybody", "<!--So", id="behind a backslash"),
        pytest.param("So everybody", "<details>So everybody", "<details>", id="folded"),
        pytest.param("So everybody", "</div>So everybody", "</div>", id="end of an element"),
        pytest.param("So everybody", "<?php So everybody", "<?php", id="instruction"),
    ],
)
def test_html(
    refused: Callable[..., str], line_of: Callable[..., int], old: str, new: str, html: str
) -> None:
    """HTML could hide from the reader of a page a rule that the library executes."""
    line = line_of(NERVES, old) + new[: new.index(html)].count("\n")
    found = refused(NERVES, old, new)

    assert found.startswith(f"{NERVES}:{line}, table '")
    assert found.endswith(
        f": {html} begins HTML, which can hide rules from a reader\n"
        "  write Markdown, and a space after a < that means less than"
    )


def test_no_heading(texts: Mapping[str, str]) -> None:
    """A table without a name is refused: no message or page could say which one it is."""
    header = texts[NERVES].partition("\n---\n")[0] + "\n---\n"
    table = texts[NERVES][texts[NERVES].index("| F | sensory") :]

    assert _faults({**texts, NERVES: header + table}) == [f"{NERVES}:9: no heading names the table"]


@pytest.mark.parametrize("policy", ["f", "P", "`F`", ""])
def test_hit_policy(check: Callable[..., None], policy: str) -> None:
    """A table with the marks of a decision table and no known hit policy is refused as one."""
    check(
        NERVES,
        "| F | sensory_symptoms",
        f"| {policy} | sensory_symptoms",
        f"{NERVES_TABLE}: the hit policy in the corner is {policy!r}\n"
        "  write U unique, F first or C collect",
    )


def test_corner_of_marks(check: Callable[..., None]) -> None:
    """The row of marks is no rule and has no id."""
    check(
        NERVES,
        "| | `i` | `i` | `i` | `i` | `i` | `o` |",
        "| NS9 | `i` | `i` | `i` | `i` | `i` | `o` |",
        f"{NERVES_TABLE}: the row of marks begins with 'NS9'; its first cell is empty",
    )


def test_head_too_narrow(refused: Callable[..., str], line_of: Callable[..., int]) -> None:
    """A second line that does not fit the head does not make the whole table disappear."""
    line = line_of(NERVES, "| F | sensory_symptoms")

    assert refused(NERVES, ":---:|-----------|", ":---:|") == f"{NERVES}:{line}{STRAY}"


@pytest.mark.parametrize("separator", ["\u2028", "\x0c", "\x85", "\x1c"])
def test_odd_line_ends(
    edited: Callable[..., dict[str, str]], line_of: Callable[..., int], separator: str
) -> None:
    """Signs that only some programs take for line ends do not shift the line numbers."""
    texts = edited(NERVES, "So everybody", f"So{separator}everybody{separator}")
    assert not _faults(texts)

    texts = edited(NERVES, "| NS6 | false |", "| NS6 |", texts)
    line = line_of(NERVES, "| NS6 |")
    assert _faults(texts) == [
        f"{NERVES}:{line}, table 'Neurological involvement', rule 'NS6': "
        "the row has 8 cells, the table 9 columns\n"
        r"    add or remove a cell; a | inside a cell is written \|"
    ]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("title: Is", "name: Is", f"the header must have exactly {HEADER}"),
        ("---\ntitle: Is", "title: Is", f"the header must have exactly {HEADER}"),
        ("reviewer:\n---\n", "reviewer:\n", "the header has no closing ---"),
        ("title: Is", "title: *is", "the header: line 1: aliases (*name) are not read;"),
        (
            "status: submitted",
            "status: done",
            "status must be one of submitted, under review, approved",
        ),
        (
            "last_reviewed:",
            "last_reviewed: yesterday",
            "a date is written 2026-02-25: Invalid isoformat string: 'yesterday'",
        ),
        (
            "review_by: 2027-02-25",
            "review_by: 25.02.2027",
            "a date is written 2026-02-25: Invalid isoformat string: '25.02.2027'",
        ),
        (
            "review_by: 2027-02-25",
            "review_by:",
            "a date is written 2026-02-25: Invalid isoformat string: ''",
        ),
    ],
)
def test_header(refused: Callable[..., str], old: str, new: str, message: str) -> None:
    """A chapter that does not say who answers for it, and until when, is refused."""
    assert refused(NERVES, old, new).startswith(f"{NERVES}:1: {message}")


def test_reviewed(edited: Callable[..., dict[str, str]]) -> None:
    """A chapter may name its reviewer and the day of the review."""
    texts = edited("README.md", "last_reviewed:", "last_reviewed: 2026-03-01")
    texts = edited("README.md", "reviewer:", "reviewer: A. Reader", texts)

    header = read_protocol(texts).header

    assert (str(header.last_reviewed), header.reviewer) == ("2026-03-01", "A. Reader")


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        pytest.param(
            NERVES,
            "| NS2 |",
            "| NS1 |",
            f"{NERVES_TABLE}, rule 'NS1': the rule id also stands at {NERVES}:BEFORE, "
            "table 'Neurological involvement', rule 'NS1'",
            id="in one table",
        ),
        pytest.param(
            "05-folate.md",
            "| FD1 |",
            "| NS1 |",
            "05-folate.md:LINE, table 'Folate deficiency', rule 'NS1': the rule id also stands at "
            f"{NERVES}:BEFORE, table 'Neurological involvement', rule 'NS1'",
            id="in two chapters",
        ),
    ],
)
def test_rule_id_twice(
    check: Callable[..., None],
    line_of: Callable[..., int],
    file: str,
    old: str,
    new: str,
    message: str,
) -> None:
    """A rule id that stands twice is refused, and both places named."""
    check(file, old, new, message.replace("BEFORE", str(line_of(NERVES, "| NS1 |"))))


def test_retired_rule_id(refused: Callable[..., str], line_of: Callable[..., int]) -> None:
    """The id of a rule that was removed is never used again."""
    dashes = "|------|------|------------|-----|\n"
    place = NERVES_TABLE.replace("LINE", str(line_of(NERVES, "| NS1 |")))

    assert refused("retired.md", dashes, f"{dashes}| NS1 | neurological | 0.2.0 | moved |\n") == (
        f"{place}, rule 'NS1': the rule id was retired in 0.2.0 and is never used again\n"
        "  give the rule a new id"
    )


def test_circle(refused: Callable[..., str], line_of: Callable[..., int]) -> None:
    """Tables that need each other's answers are refused, and the circle named."""
    head = "| U | leukopenia | neutropenia | anaemia |"
    line = line_of("02-marrow.md", head)

    assert refused("02-marrow.md", head, head.replace("leukopenia", "megaloblastic_picture")) == (
        f"02-marrow.md:{line}, table 'Any cytopenia': the tables need each other"
        " in a circle: cytopenia → megaloblastic_picture → cytopenia"
    )


def test_decided_twice(refused: Callable[..., str], line_of: Callable[..., int]) -> None:
    """A decision that two tables make is refused, and so is the one that no table makes."""
    second = "| U | active_b12 | active_b12_level |"
    lines = [
        line_of("01-confirmation.md", "| U | b12 |"),
        line_of("01-confirmation.md", second),
        line_of("decisions.md", "| active_b12_level |"),
    ]

    assert refused("01-confirmation.md", second, "| U | active_b12 | b12_level |") == (
        f"01-confirmation.md:{lines[1]}, table 'Active B12': b12_level is already decided at"
        f" 01-confirmation.md:{lines[0]}, table 'Total serum B12'\n"
        f"decisions.md:{lines[2]}, table 'Confirming deficiency', rule 'active_b12_level':"
        " no table decides it"
    )


def test_same_name(refused: Callable[..., str], line_of: Callable[..., int]) -> None:
    """A name means an input or a decision, never both."""
    found = refused("inputs.md", "| waiting_for_serum_b12 |", "| leukopenia |").split("\n")
    line = line_of("decisions.md", "| leukopenia |")

    assert found[-1] == (
        f"decisions.md:{line}, table 'How ill is the marrow', rule 'leukopenia':"
        " an input has the same name"
    )


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        pytest.param(
            "statements.md",
            "is low ({active_b12})",
            "is low ({active_b13})",
            "statements.md:{line}, table 'Confirming deficiency', rule 'active_b12_level.low':"
            " {{active_b13}} names no input,"
            " decision, rule cell or regimen cell",
            id="no such value",
        ),
        pytest.param(
            "statements.md",
            "{oral-daily.dose}",
            "{oral-daily.dosis}",
            "statements.md:{line}, table 'Treatment', rule 'oral_option.allowed':"
            " {{oral-daily.dosis}} names no input,"
            " decision, rule cell or regimen cell",
            id="no such regimen cell",
        ),
        pytest.param(
            "schedule.md",
            "| month-6 | 6 months | P6M | | | blood test | Full",
            "| month-6 | 6 months | P6M | | | blood test | {HT9.homocysteine} Full",
            "schedule.md:{line}, table 'Monitoring', rule 'month-6':"
            " {{HT9.homocysteine}} names no input,"
            " decision, rule cell or regimen cell",
            id="no such rule",
        ),
        *(
            pytest.param(
                "statements.md",
                "is low ({active_b12})",
                f"is low ({odd})",
                "statements.md:{line}, table 'Confirming deficiency', rule 'active_b12_level.low':"
                f" a {brace * 2} belongs to no placeholder\n"
                "  write {{name}}, {{RULE.column}} or {{regimen.column}}",
                id=odd,
            )
            for odd, brace in (
                ("{active_b12", "{"),
                ("active_b12}", "}"),
                ("{{active_b12}}", "{"),
                ("{}", "{"),
            )
        ),
    ],
)
def test_placeholder(
    refused: Callable[..., str],
    line_of: Callable[[str, str], int],
    file: str,
    old: str,
    new: str,
    message: str,
) -> None:
    """A sentence with a gap that nothing fills is refused."""
    assert refused(file, old, new) == message.format(line=line_of(file, old))


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "10..20000",
            "20000..10",
            f"{B12}, rule 'b12': precision must be above zero and the range run from low to high",
        ),
        ("10..20000", "10-20000", f"{B12}, rule 'b12': '10-20000' {NO_NUMBER}"),
        *(
            ("ng/L × 0.738", f"ng/L × {odd}", f"{B12}, rule 'b12': {odd!r} {NO_NUMBER}")
            for odd in ("a lot", "Infinity", "NaN", "0.7_38", "1e3", "٣", "1" * 13, "")
        ),
        ("10..20000", "10..inf", f"{B12}, rule 'b12': 'inf' {NO_NUMBER}"),
        (
            "ng/L × 0.738",
            "stone × 0.738",
            f"{B12}, rule 'b12': the unit 'stone' is not in units.md",
        ),
        (
            "| paraesthesia |",
            "| Paraesthesia |",
            "table 'Symptoms', rule 'Paraesthesia': "
            "a name is small letters, digits and underscores",
        ),
        (
            "| memory_problems |",
            "| numbness |",
            "table 'Symptoms', rule 'numbness': the name is given twice",
        ),
        (
            "| memory_problems | Memory problems | boolean |",
            "| memory_problems | Memory problems | yes or no |",
            "table 'Symptoms', rule 'memory_problems': 'yes or no' is neither quantity,"
            " boolean, date nor a list of quoted words",
        ),
        (
            '| sex | Sex | "female", "male" |',
            '| sex | Sex | "female", "male", unknown |',
            "table 'Blood count', rule 'sex': '\"female\", \"male\", unknown' is neither quantity,"
            " boolean, date nor a list of quoted words",
        ),
        (
            "| 271 nmol/L |",
            "| 0.271 umol/L |",
            f"{MMA}, rule 'mma_limit': the value assumed when not given must be in nmol/L",
        ),
        ("| 271 nmol/L |", "| 2_71 nmol/L |", f"{MMA}, rule 'mma_limit': '2_71' {NO_NUMBER}"),
        ("| 1 | 10..20000 |", "| 1e0 | 10..20000 |", f"{B12}, rule 'b12': '1e0' {NO_NUMBER}"),
        (
            "ng/L × 0.738",
            "pmol/L × 0.738",
            f"{B12}, rule 'b12': the unit pmol/L is given twice",
        ),
        (
            "ng/L × 0.738; pg/mL",
            "pg/mL × 0.738; pg/mL",
            f"{B12}, rule 'b12': the unit pg/mL is given twice",
        ),
        (
            "| numbness | Numbness |",
            "| numbness | |",
            "table 'Symptoms', rule 'numbness', column 'label': the cell is blank",
        ),
        (
            '"female", "male"',
            '"female", "female"',
            "table 'Blood count', rule 'sex': '\"female\", \"female\"' names an answer twice",
        ),
    ],
)
def test_input(
    refused: Callable[..., str], line_of: Callable[..., int], old: str, new: str, message: str
) -> None:
    """A row of the data dictionary that cannot be meant is refused."""
    first = refused("inputs.md", old, new).split("\n")[0]

    assert first == f"inputs.md:{line_of('inputs.md', old)}, {message}"


@pytest.mark.parametrize(
    ("assumed", "sources", "message"),
    [
        ("yes", "@seed C29", "cannot read 'yes'"),
        ('"no"', "@seed C29", '"no" cannot be assumed: it is not among the answers'),
        ("0", "@seed C29", "0 cannot be assumed: it is not among the answers"),
        ("false", "", "a value assumed when not given needs a source"),
        ("false", "C29", "'C29' is not a source; write '@key' or '@key locator'"),
    ],
)
def test_assumption(
    texts: Mapping[str, str], line_of: Callable[..., int], assumed: str, sources: str, message: str
) -> None:
    """What silence is taken to mean must be an answer of the field, and have a source."""
    line = line_of("inputs.md", "| b12_started |")
    lines = texts["inputs.md"].split("\n")
    cells = [cell.strip() for cell in lines[line - 1].split("|")]
    cells[8], cells[12] = assumed, sources
    lines[line - 1] = " | ".join(cells)
    with pytest.raises(b12lib.ProtocolError) as caught:
        read_protocol({**texts, "inputs.md": "\n".join(lines)})

    place = f"inputs.md:{line}, table 'What is planned or done', rule 'b12_started'"
    assert [str(fault) for fault in caught.value.faults] == [f"{place}: {message}"]


@pytest.mark.parametrize(
    ("formula", "message"),
    [
        (
            "paraesthesia or oral_symptoms",
            "the formula uses oral_symptoms, not an input above it",
        ),
        ("paraesthesia or true", "the formula uses true, not an input above it"),
        ("paraesthesia or", "cannot read 'paraesthesia or' as a formula"),
        ("mma / mma_limit", MIXED),
        ("mma", MIXED),
        ("sex", MIXED),
        (
            "paraesthesia + numbness",
            "'paraesthesia' is not a quantity, which 'paraesthesia + numbness' needs",
        ),
        ("paraesthesia or 1", "'1' is not a boolean, which 'paraesthesia or 1' needs"),
        (
            "paraesthesia or mma + 1",
            "'mma + 1' is not a boolean, which 'paraesthesia or mma + 1' needs",
        ),
        ("number(numbness)", "'numbness' is not a quantity, which 'number(numbness)' needs"),
        ("sex or numbness", "'sex' is not a boolean, which 'sex or numbness' needs"),
        ("not numbness", "'not numbness' is not allowed in a formula"),
    ],
)
def test_formula(check: Callable[..., None], formula: str, message: str) -> None:
    """A formula may use the fields above its own, in the few forms allowed, and nothing else."""
    old = (
        "| oral_symptoms | Glossitis or tongue symptoms | boolean | | | | | unknown | `glossitis or"
    )

    check(
        "inputs.md",
        f"{old} tongue_symptoms`",
        old.partition("`")[0] + f"`{formula}`",
        f"inputs.md:LINE, table 'Symptoms', rule 'oral_symptoms': {message}",
    )


@pytest.mark.parametrize(
    ("row", "formula", "message"),
    [
        (
            '| cause | Cause of the deficiency | "autoimmune", "malabsorption", "dietary",'
            ' "medication", "other" | | | | | unknown |',
            "intrinsic_factor_antibody",
            MIXED,
        ),
        (
            "| treatment_start | Date of the first dose | date | | | | | unknown |",
            "stopping_planned or b12_started",
            MIXED,
        ),
        (
            "| b12 | Total vitamin B12 in serum | quantity | pmol/L | ng/L × 0.738; pg/mL × 0.738"
            " | 1 | 10..20000 | unknown |",
            "mma * 1e3",
            "'1000.0' is not allowed in a formula",
        ),
    ],
)
def test_formula_of_another_kind(
    refused: Callable[..., str], row: str, formula: str, message: str
) -> None:
    """A formula makes a quantity or a boolean, and its numbers are plain."""
    first = refused("inputs.md", row, f"{row} `{formula}`").split("\n")[0]

    assert first.endswith(f", rule '{row.split()[1]}': {message}")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "| boolean | finding | yes | Examine",
            "| boolean | finding | Yes | Examine",
            "may be stated must be yes or no",
        ),
        (
            "| boolean | finding | yes | Examine",
            '| "left", "left" | finding | yes | Examine',
            '\'"left", "left"\' names an answer twice',
        ),
        (
            "| boolean | finding | yes | Examine",
            "| boolean | findings | yes | Examine",
            "part must be one of finding, treatment, follow-up, advice, refusal",
        ),
        (
            "| boolean | finding | yes | Examine",
            "| yesno | finding | yes | Examine",
            "'yesno' is neither boolean, statement, regimen, schedule nor a list of quoted words",
        ),
        (
            "| boolean | finding | yes | Examine",
            "| 1, 2 | finding | yes | Examine",
            "'1, 2' is neither boolean, statement, regimen, schedule nor a list of quoted words",
        ),
    ],
)
def test_decision(
    refused: Callable[..., str], line_of: Callable[..., int], old: str, new: str, message: str
) -> None:
    """A decision whose answers or whose place in a report cannot be meant is refused."""
    place = f"decisions.md:{line_of('decisions.md', old)}, table 'Is the nervous system involved'"

    assert refused("decisions.md", old, new) == f"{place}, rule 'neurological': {message}"


def test_decision_twice(check: Callable[..., None]) -> None:
    """Two rows for one decision are refused: nobody could tell which one holds."""
    check(
        "decisions.md",
        "| macrocytosis |",
        "| anaemia |",
        "decisions.md:LINE, table 'How ill is the marrow', rule 'anaemia': the name is given twice",
    )


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        (
            "regimens.md",
            "| folic-acid |",
            "| three-times-weekly |",
            "regimens.md:LINE, table 'Regimens', rule 'three-times-weekly': the id is given twice",
        ),
        (
            "claims.md",
            "| C09 |",
            "| C08 |",
            "claims.md:LINE, table 'Confirmation', rule 'C08': the id is given twice",
        ),
        (
            "statements.md",
            "| pitfall-folate |",
            "| pitfall-oral |",
            "statements.md:LINE, table 'Pitfalls', rule 'pitfall-oral': the id is given twice",
        ),
        (
            "units.md",
            "| fL | fL | um3 cubicmicrons |",
            "| fL | fL | um3 |\n| fL | fl | cubicmicrons |",
            "units.md:NEXT, table 'Units', rule 'fL': the unit is given twice",
        ),
    ],
)
def test_id_twice(
    check: Callable[..., None],
    line_of: Callable[..., int],
    file: str,
    old: str,
    new: str,
    message: str,
) -> None:
    """An id of a catalogue stands for one row."""
    check(file, old, new, message.replace("NEXT", str(line_of(file, old) + 1)))


@pytest.mark.parametrize(
    ("file", "old", "new", "place"),
    [
        ("units.md", "| fL | fL |", "| fL | |", "table 'Units', rule 'fL', column 'printed'"),
        (
            "decisions.md",
            "| neurological | Neurological involvement |",
            "| neurological | |",
            "table 'Is the nervous system involved', rule 'neurological', column 'label'",
        ),
        (
            "regimens.md",
            "| oral-daily | cyanocobalamin |",
            "| oral-daily | |",
            "table 'Regimens', rule 'oral-daily', column 'drug'",
        ),
        (
            "statements.md",
            "| Treat immediately. |",
            "| |",
            "table 'Treatment', rule 'treat_now.immediately', column 'statement'",
        ),
        (
            "statements.md",
            "| Treat immediately. | @seed C01 |",
            "| Treat immediately. | |",
            "table 'Treatment', rule 'treat_now.immediately', column 'sources'",
        ),
        (
            "schedule.md",
            "| reticulocytes-rise | days 3–5 |",
            "| reticulocytes-rise | |",
            "table 'Expected response', rule 'reticulocytes-rise', column 'when'",
        ),
    ],
)
def test_blank_cell(check: Callable[..., None], file: str, old: str, new: str, place: str) -> None:
    """A cell that should say something and is blank is refused; a dash says: nothing."""
    check(file, old, new, f"{file}:LINE, {place}: the cell is blank")


@pytest.mark.parametrize("period", ["3 months", "P3", "3M", "P3M2D", "P1.5M", "p3m", "—"])
def test_period(check: Callable[..., None], period: str) -> None:
    """A date that could not be counted from the first dose is refused."""
    for old, new, column in (
        ("| P3D | P5D |", f"| {period} | P5D |", "from"),
        ("| P3D | P5D |", f"| P3D | {period} |", "to"),
    ):
        check(
            "schedule.md",
            old,
            new,
            "schedule.md:LINE, table 'Expected response', rule 'reticulocytes-rise',"
            f" column '{column}': '{period}' is not a period such as P3M or P5D",
        )


@pytest.mark.parametrize(
    ("column", "old", "new", "problem"),
    [
        (
            "kind",
            "| P3M | | | review |",
            "| P3M | | | talk |",
            "'talk' is no kind of item\n  write one of blood test, review, response",
        ),
        (
            "every",
            "| 3 months | P3M | | | review |",
            "| 3 months | | | P1M | review |",
            "from no day to no day it cannot come back\n"
            "  what comes back has a from, no to, and some time between",
        ),
        (
            "every",
            "| 3 months | P3M | | | review |",
            "| 3 months | P3M | P4M | P1M | review |",
            "from P3M to P4M it cannot come back\n"
            "  what comes back has a from, no to, and some time between",
        ),
        (
            "every",
            "| 3 months | P3M | | | review |",
            "| 3 months | P3M | | P0M | review |",
            "from P3M to no day it cannot come back\n"
            "  what comes back has a from, no to, and some time between",
        ),
        (
            "every",
            "| 3 months | P3M | | | review |",
            "| 3 months | P3M | | monthly | review |",
            "'monthly' is not a period such as P3M or P5D",
        ),
    ],
)
def test_schedule_item(
    check: Callable[..., None], column: str, old: str, new: str, problem: str
) -> None:
    """An item of no kind, and one of which nobody knows when it comes back, are refused."""
    place = "table 'Early checks (additions to the seed)', rule 'symptoms-3-months'"
    check("schedule.md", old, new, f"schedule.md:LINE, {place}, column '{column}': {problem}")


def test_catalogue_source(check: Callable[..., None], texts: Mapping[str, str]) -> None:
    """A sentence without a source that can be looked up is refused."""
    row = next(line for line in texts["statements.md"].split("\n") if "| pitfall-oral |" in line)

    check(
        "statements.md",
        row,
        row.rpartition("@")[0] + "C20 |",
        "statements.md:LINE, table 'Pitfalls', rule 'pitfall-oral': "
        "'C20' is not a source; write '@key' or '@key locator'",
    )


def test_catalogue_columns(check: Callable[..., None], texts: Mapping[str, str]) -> None:
    """A catalogue has exactly its columns."""
    head = next(line for line in texts["regimens.md"].split("\n") if line.startswith("| id |"))
    wrong = head.replace("| dose |", "| amount |")

    check(
        "regimens.md",
        head,
        wrong,
        f"regimens.md:LINE, table 'Regimens': the columns are {wrong.strip('| ')}\n"
        f"  expected exactly {head.strip('| ')}",
    )


@pytest.mark.parametrize(
    "missing",
    ["README.md", "inputs.md", "statements.md", "claims.md", "people.md", "references.bib"],
)
def test_missing_file(texts: Mapping[str, str], missing: str) -> None:
    """A protocol without one of its catalogues is refused."""
    with pytest.raises(b12lib.ProtocolError) as caught:
        read_protocol({name: text for name, text in texts.items() if name != missing})

    assert str(caught.value) == f"the protocol is refused\n  {missing}: the file is missing"


def test_nothing_retired(texts: Mapping[str, str]) -> None:
    """A protocol from which no rule was ever removed needs no list of retired rules."""
    protocol = read_protocol({name: text for name, text in texts.items() if name != "retired.md"})

    assert protocol.rules


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "@misc{seed,\n  author  =",
            "@misc{seed,\n  author",
            "references.bib:LINE: not a BibTeX entry:"
            " Expected a `=` after entry key, but found `{`.",
        ),
        (
            "@misc{nice2024,",
            "@misc{seed,",
            "references.bib:LINE: not a BibTeX entry: Duplicate entry key 'seed'",
        ),
        (
            "@article{sands2024,\n  author",
            "@article{sands2024,\n  status = {read},\n  author",
            "references.bib:LINE: not a BibTeX entry: Duplicate field keys on entry: 'status'.",
        ),
    ],
)
def test_bibtex(
    caplog: pytest.LogCaptureFixture,
    edited: Callable[..., dict[str, str]],
    line_of: Callable[..., int],
    old: str,
    new: str,
    message: str,
) -> None:
    """A reference that is no BibTeX, or stands there twice, is refused, and its line named."""
    faults = _faults(edited("references.bib", old, new))

    expected = message.replace("LINE", str(line_of("references.bib", old)))
    assert any(fault.startswith(expected) for fault in faults)
    assert not caplog.records, "what is wrong is told once"


@pytest.mark.parametrize(
    ("field", "new", "message"),
    [
        ("title", "heading", "the entry has no title"),
        ("note", "remark", "the entry has no note"),
        ("status", "state", "status must be one of read, secondary, unverified"),
    ],
)
def test_reference_fields(
    texts: Mapping[str, str], line_of: Callable[..., int], field: str, new: str, message: str
) -> None:
    """A reference says what it is, how far it was verified, and what was found in it."""
    line = line_of("references.bib", "@misc{nice2024,")
    before, entry, after = texts["references.bib"].partition("@misc{nice2024,")
    edited = before + entry + after.replace(f"  {field} ", f"  {new} ", 1)

    assert _faults({**texts, "references.bib": edited}) == [
        f"references.bib:{line}, rule 'nice2024': {message}"
    ]


def test_several_faults(edited: Callable[..., dict[str, str]], line_of: Callable[..., int]) -> None:
    """All faults are told at once, in the order in which they stand."""
    file = "05-folate.md"
    texts = edited(file, "| FD1 | < 7 |", "| FD1 | below 7 |")
    texts = edited(file, "| FD2 | >= 7 |", '| FD2 | "7" |', texts)
    texts = edited(NERVES, "| @seed C15 C16 |", "| @seed C15 C96 |", texts)

    table = f"{file}:{{}}, table 'Folate deficiency', rule {{!r}}, column 'folate': "
    assert _faults(texts) == [
        f"{NERVES}:{line_of(NERVES, '| NS6 |')}, table 'Neurological involvement', rule 'NS6':"
        " C96 is not in claims.md",
        table.format(line_of(file, "| FD1 |"), "FD1") + "cannot read 'below 7'",
        table.format(line_of(file, "| FD2 |"), "FD2")
        + "'\"7\"' does not fit folate: it holds numbers",
    ]


def test_faults_of_catalogues(edited: Callable[..., dict[str, str]]) -> None:
    """Faults of several catalogues are told at once as well."""
    texts = edited("regimens.md", "| folic-acid |", "| three-times-weekly |")
    texts = edited("inputs.md", "10..20000", "20000..10", texts)
    texts = edited("decisions.md", "| macrocytosis |", "| anaemia |", texts)

    files = [fault.partition(":")[0] for fault in _faults(texts)]
    assert files == ["decisions.md", "inputs.md", "regimens.md"]


def _faults(texts: Mapping[str, str]) -> list[str]:
    try:
        read_protocol(texts)
    except b12lib.ProtocolError as error:
        return [str(fault) for fault in error.faults]
    return []


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        pytest.param(
            "statements.md",
            "| mma_level.raised |",
            "| mma_level.rased |",
            "mma_level.rased is no answer of any decision in decisions.md",
            id="sentence for no answer",
        ),
        pytest.param(
            "01-confirmation.md",
            "| TB1 | < 133 |",
            "| TB1 | < 1,33 |",
            "write numbers with a decimal point, and a space after a comma",
            id="decimal comma in a cell",
        ),
        pytest.param(
            "07-follow-up.md",
            "| C | treat_now | neurological | expected_response",
            "| C | treat_now | unit_check | expected_response",
            "a statement cannot be an input of a table",
            id="list of statements as input",
        ),
        pytest.param(
            "04-treatment.md",
            "| U | egfr | renal_dysfunction |",
            "| C | egfr | renal_dysfunction |",
            "renal_dysfunction lists all that applies and cannot be an input",
            id="list as input",
        ),
        pytest.param(
            "decisions.md",
            "| contradiction | Contradiction in the case | statement |",
            "| contradiction | Contradiction in the case | boolean |",
            "a refusal answers with a statement",
            id="refusal without a statement",
        ),
        pytest.param(
            "statements.md",
            "whose limits and doses it uses;",
            "who are over {SO1.age};",
            "a refusal names field and value itself: no placeholder",
            id="placeholder in a refusal",
        ),
        pytest.param(
            "inputs.md",
            "`mma / mma_limit`",
            "`mma / glossitis`",
            "the formula uses glossitis, not an input above it",
            id="formula out of order",
        ),
        pytest.param(
            "inputs.md",
            "`glossitis or tongue_symptoms`",
            "`glossitis or mma`",
            "'mma' is not a boolean, which 'glossitis or mma' needs",
            id="formula of mixed kinds",
        ),
        pytest.param(
            "inputs.md",
            "| Which upper limit does the laboratory print for it? |",
            "| |",
            "a row needs a question to ask for it, or a formula to work it out",
            id="field that nobody can give",
        ),
        pytest.param(
            "inputs.md",
            "| 271 nmol/L |",
            "| 2710 nmol/L |",
            "the value assumed when not given, 2710 nmol/L, is out of range",
            id="assumed value out of range",
        ),
        pytest.param(
            "inputs.md",
            "g/dL × 10; mmol/L × 16.114",
            "g/dL × 0; mmol/L × 16.114",
            "the factor of g/dL must be above zero",
            id="factor zero",
        ),
        pytest.param(
            "units.md",
            "| nmol/mL | nmol/mL | nanomol/mL |",
            "| nmol/mL | nmol/mL | micromol/L |",
            "'micromol/L' may mean umol/L and nmol/mL",
            id="spelling of two units",
        ),
    ],
)
def test_what_would_load_in_silence(
    refused: Callable[..., str], file: str, old: str, new: str, message: str
) -> None:
    """What would load and mislead later is refused at once."""
    assert message in refused(file, old, new)
