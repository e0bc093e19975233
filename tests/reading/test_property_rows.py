"""Safety properties as they are read, and those that are refused."""

from __future__ import annotations

from collections.abc import Callable

import pytest

import b12lib
from b12lib.reading.properties import Clause
from b12lib.reading.protocol import read_protocol

P11 = '| P11 | renal_dysfunction is true | cyanocobalamin is "do not use" |'
P19 = "| P19 | always | every decision has an answer |"
P21 = "| P21 | more is known | every fact only narrows |"
P23_MUST = '| indication never weakens in "no", "test first", "while testing", "immediately" |'
ROUTES = '"intramuscular", "oral", "none"'


def test_clauses(protocol: b12lib.Protocol) -> None:
    """A cell is read clause by clause: name, verb, answers of the right kind."""
    item = protocol.properties["P2"]
    assert item.group == "Treatment"
    assert item.premises == (
        Clause("neurological", "is", (True,)),
        Clause("indication", "is never", ("immediately", "while testing")),
    )
    assert item.demands == (
        Clause("mma_level", "is", ("normal",)),
        Clause("serum_b12", "is", ("normal",)),
    )
    assert not item.of_two_cases


def test_two_cases(protocol: b12lib.Protocol) -> None:
    """A property of two cases names every fact where it speaks of every fact."""
    item = protocol.properties["P21"]
    assert item.of_two_cases
    assert item.premises == (Clause("", "more is known"),)
    assert item.demands == tuple(Clause(fact, "only narrows") for fact in sorted(protocol.facts))


def test_and_inside_an_answer(edited: Callable[..., dict[str, str]]) -> None:
    """An answer may contain the word that joins clauses."""
    answers = edited("decisions.md", '"lifelong", "by cause"', '"lifelong", "now and then"')
    answers = edited("06-cause-and-duration.md", '| "by cause" |', '| "now and then" |', answers)
    for file in ("statements.md", "plain.md"):
        answers = edited(file, "duration.by cause", "duration.now and then", answers)
    new = '| P11 | renal_dysfunction is true | duration may be "now and then" |'
    item = read_protocol(edited("properties.md", P11, new, answers)).properties["P11"]
    assert item.demands == (Clause("duration", "may be", ("now and then",)),)


def test_without_properties(texts: dict[str, str]) -> None:
    """A protocol need not state any property."""
    rest = {file: text for file, text in texts.items() if file != "properties.md"}
    assert read_protocol(rest).properties == {}


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        pytest.param(
            P11,
            '| P11 | weather is true | cyanocobalamin is "do not use" |',
            "there is no input or decision 'weather'",
            id="unknown name",
        ),
        pytest.param(
            P11,
            '| P11 | renal_dysfunctoin is true | cyanocobalamin is "do not use" |',
            "there is no input or decision 'renal_dysfunctoin'; did you mean renal_dysfunction?",
            id="misspelt name",
        ),
        pytest.param(
            P11,
            '| P11 | renal_dysfunction is true | cyanocobalamin is "never" |',
            '"never" does not fit cyanocobalamin: it holds "second choice", "do not use", '
            '"not yet"',
            id="unknown answer",
        ),
        pytest.param(
            P11,
            '| P11 | renal_dysfunction is 1 | cyanocobalamin is "do not use" |',
            "1 does not fit renal_dysfunction: it holds true, false",
            id="a number for yes",
        ),
        pytest.param(
            P11,
            '| P11 | renal_dysfunction is unknown | cyanocobalamin is "do not use" |',
            "unknown does not fit renal_dysfunction: it holds true, false",
            id="no answer",
        ),
        pytest.param(
            P11,
            '| P11 | renal_dysfunction was true | cyanocobalamin is "do not use" |',
            "cannot read 'renal_dysfunction was true' as a clause; properties.md lists the verbs",
            id="unknown verb",
        ),
        pytest.param(
            P11,
            '| P11 | egfr is 60 | cyanocobalamin is "do not use" |',
            "the verb 'is' does not fit egfr",
            id="a number",
        ),
        pytest.param(
            P11,
            '| P11 | treatment_stops is "no-cyanocobalamin" | cyanocobalamin is "do not use" |',
            "the verb 'is' does not fit treatment_stops",
            id="a list that is",
        ),
        pytest.param(
            P11,
            '| P11 | renal_dysfunction is true | cyanocobalamin lists "do not use" |',
            "the verb 'lists' does not fit cyanocobalamin",
            id="no list",
        ),
        pytest.param(
            P11,
            "| P11 | renal_dysfunction is true | cyanocobalamin only narrows |",
            "'only narrows' does not fit the column 'must' here",
            id="two cases in one",
        ),
        pytest.param(
            P11,
            '| P11 | every decision has an answer | cyanocobalamin is "do not use" |',
            "'every decision has an answer' does not fit the column 'when' here",
            id="a demand as premise",
        ),
        pytest.param(
            P11,
            '| P11 | always and renal_dysfunction is true | cyanocobalamin is "do not use" |',
            "nothing can be joined to 'always' by 'and'",
            id="always and",
        ),
        pytest.param(
            P21,
            "| P21 | down_syndrome rises | every fact only narrows |",
            "the verb 'rises' does not fit down_syndrome",
            id="no quantity",
        ),
        pytest.param(
            P21,
            "| P21 | mma_fold rises | every fact only narrows |",
            "the verb 'rises' does not fit mma_fold",
            id="never given",
        ),
        pytest.param(
            P21,
            "| P21 | more is known | mma only narrows |",
            "the verb 'only narrows' does not fit mma",
            id="an input that narrows",
        ),
        pytest.param(
            P21,
            "| P21 | more is known | every fact rises |",
            "there is no input or decision 'every fact'",
            id="every fact rises",
        ),
        pytest.param(
            P23_MUST,
            '| indication never weakens in "no", "immediately" |',
            "the order of indication must name each of its answers once",
            id="half an order",
        ),
        pytest.param(
            P19,
            "| P19 | always | |",
            "cannot read '' as a clause; properties.md lists the verbs",
            id="no demand",
        ),
        pytest.param(
            P19,
            P19.replace("P19", "P20"),
            "the id is given twice",
            id="an id twice",
        ),
        pytest.param(
            P19, P19.replace("P19", "X1"), "the id of a property is P and a number: P1", id="an id"
        ),
        pytest.param(
            "The intravenous route is never used. | @seed C21",
            "The intravenous route is never used. | @seed C99",
            "C99 is not in claims.md",
            id="no such claim",
        ),
        pytest.param(
            "The intravenous route is never used. | @seed C21; ",
            "The intravenous route is never used. | seed; ",
            "'seed' is not a source; write '@key' or '@key locator'",
            id="no source",
        ),
    ],
)
def test_refused(refused: Callable[..., str], old: str, new: str, message: str) -> None:
    """A property that names nothing, or says nothing that can be checked, is refused."""
    told = refused("properties.md", old, new)
    assert message in [line.partition(": ")[2] for line in told.split("\n")]
    assert all(line.startswith("properties.md:") for line in told.split("\n"))
