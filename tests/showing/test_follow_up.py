"""How visits are shown: what was found beside what was, what it means, and by which rules."""

from __future__ import annotations

import pytest

import b12lib

CASE = {
    "case": "A try.",
    "inputs": {
        "haemoglobin": "76 g/L",
        "sex": "male",
        "mma": "5 umol/L",
        "treatment_start": "2026-03-01",
    },
    "visits": [
        {"day": 10, "reticulocytes_now": "90 x10^9/L", "reticulocyte_response": "rising"},
        {"date": "2026-03-29", "haemoglobin_now": "9.0 g/dL", "nerves_now": "better"},
    ],
}


@pytest.fixture
def assessment() -> b12lib.Assessment:
    """A patient seen twice."""
    return b12lib.assess(CASE)


def test_what_was_found(assessment: b12lib.Assessment) -> None:
    """A table has one column a visit and the value from before treatment beside it."""
    body = assessment.section("Follow-up visits").body

    assert "| Found | Before treatment | Day 10 | Day 28 |" in body
    assert "| Haemoglobin | 76 g/L |  | 9.0 g/dL |" in body
    assert "| Reticulocytes |  | 90 x10^9/L |  |" in body


def test_what_it_means(assessment: b12lib.Assessment) -> None:
    """Each visit says by day and date what its answers mean, and by which rule."""
    body = assessment.section("Follow-up visits").body

    assert "**Day 28 (2026-03-29)**" in body
    assert "- Haemoglobin rises more slowly than expected (≥ 20 g/L in two weeks). `VH9`" in body
    assert "- Reticulocytes have risen: the marrow answers. *(stated by the case)*" in body
    assert "- Ask whether the doses were given as planned. `VA3`" in body
    assert "- Not assessable from what was found: response of the neutrophils, response of" in body
    assert "yes or no" not in body


def test_how_it_was_judged(assessment: b12lib.Assessment) -> None:
    """The reasons are shown for what was decided at a visit, not for what stayed open."""
    body = assessment.section("How the visits were judged").body

    assert "| Anaemia at the visit | yes | AN1 |" in body
    assert "not decided" not in body


def test_the_answer_tells_of_the_last_visit(assessment: b12lib.Assessment) -> None:
    """Who reads the answer alone learns whether the treatment works."""
    body = assessment.section("Answer").body

    assert (
        "- **At the last visit, on day 28:** Something answers more slowly than expected." in body
    )


@pytest.mark.parametrize("level", ["clinician", "patient"])
def test_an_emergency_at_the_last_visit_comes_first(level: str) -> None:
    """Fever with severe neutropenia at the last visit stands above the answer, and once."""
    visits = [{"day": 10, "anc_now": "3 G/L"}, {"day": 12, "anc_now": "0.3 G/L", "fever_now": True}]
    case = {"inputs": {"mma": "5 umol/L", "anc": "0.4 G/L", "fever": True}, "visits": visits}
    page = b12lib.assess(case).at_level(level)
    body = page.section("Answer").body

    assert body.startswith("- **Emergency")
    assert body.count("**Emergency") == 1
    visits_told = page.section("At your visits" if level == "patient" else "Follow-up visits").body
    assert visits_told.index("Emergency") > visits_told.index("Day 12")


def test_every_rule_that_says_the_same_is_named_by_itself() -> None:
    """Two rules that lead to one sentence stand side by side, so that each can be linked."""
    case = {
        "inputs": {"mma": "5 umol/L", "numbness": True, "anc": "1.2 G/L"},
        "visits": [{"day": 21, "anc_now": "1.1 G/L", "nerves_now": "worse"}],
    }
    assert "`VA7` `VA8`" in b12lib.assess(case).section("Follow-up visits").body


def test_sources_and_ledger_of_visits(assessment: b12lib.Assessment) -> None:
    """What a visit's rules cite is listed and held against the ledger as well."""
    assert "- **hoffbrand**" in assessment.section("Sources").body
    assert "VH9" in assessment.section("Where primary sources say otherwise").body


def test_a_case_without_visits_says_nothing_of_them() -> None:
    """Nothing of this is shown where the case tells of no visit."""
    text = b12lib.assess({"mma": "5 umol/L"})._repr_markdown_()

    assert "visit" not in text.lower()


def test_a_visit_without_findings() -> None:
    """A visit at which nothing was found has no table, and still says what that means."""
    body = b12lib.assess({"inputs": {}, "visits": [{"day": 40}]}).section("Follow-up visits").body

    assert body.startswith("**Day 40**")
    assert "Nothing that was found tells whether the treatment works. `VO13`" in body


def test_what_is_not_known_leaves_its_cell_empty() -> None:
    """A finding stated at one visit and open before and after it is shown at that visit only."""
    visits = [{"day": 40, "anaemia_now": "no"}, {"day": 50, "nerves_now": "better"}]
    body = b12lib.assess({"inputs": {}, "visits": visits}).section("Follow-up visits").body

    assert "| Anaemia at the visit |  | no |  |" in body


def test_record_of_visits(assessment: b12lib.Assessment) -> None:
    """The JSON form has each visit with its day, date, values and decisions with their rules."""
    first, second = assessment.to_dict()["visits"]

    assert (first["day"], first["date"]) == (10, "2026-03-11")
    assert second["values"]["haemoglobin_rate"] == 7
    assert second["given"]["haemoglobin_now"] == "9.0 g/dL"
    assert second["decisions"]["haemoglobin_response"]["fired"][0]["id"] == "VH9"
    assert (
        b12lib.assess({"inputs": {}, "visits": [{"day": 1}]}).to_dict()["visits"][0]["date"] is None
    )
