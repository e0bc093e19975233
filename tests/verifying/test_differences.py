"""A worked case says what it expects, and is told what it gets instead."""

from __future__ import annotations

import b12lib
from b12lib.deciding.assessment import decided
from b12lib.errors import CaseFault
from b12lib.verifying.cases import differences, wrong_refusal

SLIP = {"wbc": "2.0 x10^9/L", "anc": "3.0 x10^9/L"}


def told(case: dict[str, object]) -> list[str]:
    """Return everything in which a case differs from what it expects."""
    return list(differences(decided(b12lib.read_case(case))))


def test_a_case_that_gets_its_answers_differs_in_nothing() -> None:
    """Nothing is told of an answer that was expected."""
    assert told({"inputs": {"mma": "272 nmol/L"}, "expect": {"mma_level": "raised"}}) == []


def test_another_answer_is_told() -> None:
    """What came out and what should have are both named."""
    case = {"inputs": {"mma": "271 nmol/L"}, "expect": {"mma_level": "raised"}}
    assert told(case) == ["mma_level is normal, expected raised"]


def test_another_answer_at_a_visit_is_told_with_its_day() -> None:
    """Every visit expects answers of its own; one that expects nothing is told too."""
    visits = [{"day": 2, "expect": {"treatment_phase": "second week"}}, {"day": 3}]
    case = {"inputs": {"mma": "272 nmol/L"}, "expect": {"mma_level": "raised"}, "visits": visits}
    assert told(case) == [
        "day 2: treatment_phase is first days, expected second week",
        "day 3: it expects nothing; say under 'expect' what should come out",
    ]


def test_a_case_without_expectation_is_told() -> None:
    """A case that expects nothing could never fail."""
    assert told({"inputs": SLIP | {"anc": "1.0 x10^9/L"}, "expect": {}}) == [
        "it expects nothing; say under 'expect' what should come out"
    ]


def test_an_expected_contradiction_differs_in_nothing() -> None:
    """A case may be made to be refused, and say for which reason."""
    expect = {"contradiction": "more-neutrophils"}
    assert told({"inputs": SLIP, "expect": expect, "refused": ["anc", "wbc"]}) == []


def test_a_refusal_that_nobody_expects_is_told() -> None:
    """A contradiction in a case that expects answers is told once, though it has two fields."""
    [line] = told({"inputs": SLIP, "expect": {"leukopenia": "yes"}})
    assert line.startswith("it is refused: anc = 3.0 x10^9/L and wbc = 2.0 x10^9/L: there are more")


def test_a_refusal_that_does_not_come_is_told() -> None:
    """A field that should be told as faulty and is not is named."""
    assert told({"inputs": {"wbc": "5 x10^9/L"}, "refused": ["wbc"]}) == [
        "wbc is not told as faulty, expected a refusal"
    ]


def test_a_stated_finding_against_the_values_is_a_refusal_of_its_field() -> None:
    """The seed counts the tongue as neurological, so stating the contrary is told as faulty."""
    case = {"inputs": {"tongue_symptoms": "yes", "neurological": "no"}}
    assert told({**case, "refused": ["neurological"]}) == []


def test_faults_are_compared_by_field() -> None:
    """Another faulty field than the one expected is told, and the expected one is missed."""
    fault = CaseFault("b12", "9", "expected more")
    assert list(wrong_refusal(["mma"], [fault])) == [
        "it is refused: b12 = 9: expected more",
        "mma is not told as faulty, expected a refusal",
    ]
