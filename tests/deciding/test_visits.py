"""Visits under treatment: what is read of them, and how the response is judged."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

import b12lib
from b12lib.reading.protocol import read_protocol

PATIENT = {
    "sex": "male",
    "mma": "5 umol/L",
    "haemoglobin": "76 g/L",
    "platelets": "88 x10^9/L",
    "anc": "1.2 x10^9/L",
    "reticulocytes": "20 x10^9/L",
    "numbness": "yes",
}


def followed(*visits: dict[str, Any], **inputs: Any) -> b12lib.Assessment:
    """Assess the severely anaemic patient with these visits."""
    return b12lib.assess({"inputs": {**PATIENT, **inputs}, "visits": list(visits)})


def judged(decision: str, *visits: dict[str, Any], **inputs: Any) -> object:
    """Return one decision of the last visit; unknown is ``None``."""
    return followed(*visits, **inputs).visits[-1][decision].value


@pytest.mark.parametrize("visits", [None, "", []])
def test_no_visits(visits: object) -> None:
    """A case that tells of no visit has none, and decides what it decided without them."""
    assessment = b12lib.assess({"inputs": PATIENT, "visits": visits})

    assert assessment.visits == ()
    assert "response" not in assessment.answers
    assert assessment.answers.keys() == b12lib.assess(PATIENT).answers.keys()


def test_a_visit_has_its_own_values_and_answers() -> None:
    """A visit knows what it found and what follows; the baseline stays what it was."""
    assessment = followed({"day": 14, "haemoglobin_now": "10.0 g/dL"})
    (visit,) = assessment.visits

    assert visit.values["haemoglobin_now"] == Decimal(100)
    assert visit.values["haemoglobin_rise"] == Decimal(24)
    assert visit.values["haemoglobin_rate"] == Decimal(24)
    assert visit["response"].value == "on track"
    assert visit["anaemia_now"].value is True
    assert assessment["treat_now"].value == "immediately"
    assert assessment.values["haemoglobin"] == Decimal(76)


def test_the_baseline_stands_beside_a_visit() -> None:
    """Seen at a visit, an assessment holds the values and answers of both."""
    assessment = followed({"day": 14, "haemoglobin_now": "100 g/L"})
    at_visit = assessment.at(assessment.visits[0])

    assert at_visit.values["haemoglobin"] == Decimal(76)
    assert at_visit.values["haemoglobin_now"] == Decimal(100)
    assert at_visit["response"].value == "on track"
    assert at_visit["treat_now"].value == "immediately"
    assert at_visit.case.given["haemoglobin_now"].written == "100 g/L"


def test_what_a_visit_assumes(edited: Callable[..., dict[str, str]]) -> None:
    """What silence means at a visit is assumed there, beside what the baseline assumes."""
    row = '| nerves_now | Neurological symptoms since the first dose | "better", "same", "worse" '
    silent = edited("visits.md", f"{row}| | | | | unknown |", f'{row}| | | | | "same" |')
    assessment = b12lib.assess({"inputs": PATIENT, "visits": [{"day": 14}]}, read_protocol(silent))
    (visit,) = assessment.visits

    assert (visit.values["nerves_now"], visit.assumed) == ("same", ("nerves_now",))
    assert assessment.at(visit).assumed == (*assessment.assumed, "nerves_now")
    assert assessment.assumed


def test_everything() -> None:
    """The answers of the case come first, then those of each visit."""
    assessment = followed({"day": 1}, {"day": 2})
    names = [answer.decision.name for answer in assessment.everything()]

    assert names.count("treat_now") == 1
    assert names.count("response") == 2


def test_a_date_counts_from_the_first_dose() -> None:
    """A visit's date and its day say the same, once the date of the first dose is known."""
    visits = followed({"date": "2026-03-04"}, {"day": 10}, treatment_start="2026-03-01").visits

    assert [visit.visit.day for visit in visits] == [3, 10]
    assert [visit.visit.date for visit in visits] == [date(2026, 3, 4), date(2026, 3, 11)]
    assert [visit.visit.given["day"].written for visit in visits] == ["day 3", "day 10"]
    assert followed({"day": 3}).visits[0].visit.date is None


def test_the_day_of_the_first_dose_is_a_visit_too() -> None:
    """On day 0 nothing can be told of a rate, and it is too early."""
    found = {"date": "2026-03-01", "haemoglobin_now": "76 g/L"}
    (visit,) = followed(found, treatment_start="2026-03-01").visits

    assert visit.visit.day == 0
    assert visit.values["haemoglobin_rate"] is None
    assert visit["response"].value == "too early"


LINES = "expected 'name: value' lines"
LIST = "expected a list: each visit begins with '- day:' or '- date:'"
WHEN = "  write 'day: 10', or 'date: 2026-03-11' with treatment_start among the inputs"
EITHER = f"expected either the day or the date\n{WHEN}"
WHOLE = f"expected a whole number of days since the first dose\n{WHEN}"
NO_FIELD = "there is no field of this name"


@pytest.mark.parametrize(
    ("visits", "message"),
    [
        ("tomorrow", f"visits = tomorrow: {LIST}"),
        ({"day": 3}, f"visits = {{'day': 3}}: {LIST}"),
        ([5], f"visits[1] = 5: {LINES}\n{WHEN}"),
        ([{}], f"visits[1]: {EITHER}"),
        ([{"day": 1, "date": "2026-03-02"}], f"visits[1]: {EITHER}"),
        ([{"day": "ten"}], f"visits[1].day = ten: {WHOLE}"),
        ([{"day": -1}], f"visits[1].day = -1: {WHOLE}"),
        ([{"day": "1.5"}], f"visits[1].day = 1.5: {WHOLE}"),
        ([{"day": "²"}], f"visits[1].day = ²: {WHOLE}"),
        (
            [{"day": 36501}],
            "visits[1].day = 36501: outside what is plausible: 0 to 36500 days\n  check the number",
        ),
        (
            [{"day": "9" * 30}],
            f"visits[1].day = {'9' * 30}: expected a number with its unit\n"
            "  write at most 12 digits on each side of the point",
        ),
        (
            [{"date": "2026-03-02"}],
            f"visits[1].date = 2026-03-02: a date needs that of the first dose\n{WHEN}",
        ),
        (
            [{"date": "March"}],
            "visits[1].date = March: expected a date\n"
            "  write it as year-month-day, such as 2026-03-01",
        ),
        (
            [{"day": 5}, {"day": 5}],
            "visits[2].day = 5: expected a later day than that of the visit before, 5\n"
            "  one visit for each day",
        ),
        (
            [{"day": 1}, {"day": 2, "mvc_now": "9"}],
            f"visits[2].mvc_now = 9: {NO_FIELD}\n  did you mean mcv_now?",
        ),
        (
            [{"day": 1, "mcv_now.": "9"}],
            f"visits[1].mcv_now. = 9: {NO_FIELD}\n  did you mean mcv_now?",
        ),
        (
            [{"day": 1, "haemoglobin": "80 g/L"}],
            f"visits[1].haemoglobin = 80 g/L: {NO_FIELD}\n  did you mean haemoglobin_now?",
        ),
        (
            [{"day": 1, "mcv_now": 90}],
            "visits[1].mcv_now = 90: a number without a unit is not read; expected one of fL\n"
            "  it could be read as 90 fL",
        ),
        (
            [{"day": 1, "expect": {"regimen": "none"}}],
            f"visits[1].expect: regimen = none: {NO_FIELD}\n  b12 rules --inputs lists the fields",
        ),
        ([{"day": 1, "expect": 3}], f"visits[1].expect = 3: {LINES}"),
    ],
)
def test_refused_visits(case_refused: Callable[..., str], visits: object, message: str) -> None:
    """What cannot be read of a visit is told with its number and field, and how to mend it."""
    assert case_refused({"inputs": {}, "visits": visits}) == message


def test_a_visit_before_the_first_dose(case_refused: Callable[..., str]) -> None:
    """Values from before the first dose are no response."""
    inputs = {"treatment_start": "2026-03-01"}

    told = case_refused({"inputs": inputs, "visits": [{"date": "2026-02-28"}]})

    assert told == (
        "visits[1].date = 2026-02-28: expected a day not before the first dose, 2026-03-01"
    )


def test_all_faults_of_all_visits_at_once(case_refused: Callable[..., str]) -> None:
    """Every visit is read, whatever is wrong with those before it."""
    visits = [{"day": "x", "foo": 1}, {"day": 2, "nerves_now": "fine"}]
    told = case_refused({"inputs": {"mna": 1}, "visits": visits})

    assert [line.split(" ")[0] for line in told.split("\n") if not line.startswith("  ")] == [
        "mna",
        "visits[1].foo",
        "visits[1].day",
        "visits[2].nerves_now",
    ]


def test_a_statement_that_the_visit_contradicts(case_refused: Callable[..., str]) -> None:
    """A stated finding is held against the same visit's values."""
    found = {"day": 5, "anc_now": "0.4 x10^9/L", "neutropenia_now": "no"}

    told = case_refused({"inputs": {}, "visits": [{"day": 1}, found]})

    assert told.startswith("visits[2].neutropenia_now = no: the values of the case make it true")


def test_a_statement_that_none_of_several_answers_allows(case_refused: Callable[..., str]) -> None:
    """What the values leave open is told beside the rules, where none of it was stated."""
    found = {"day": 14, "haemoglobin_now": "85 g/L", "haemoglobin_response": "recovered"}

    assert case_refused({"inputs": {"anaemia": "yes"}, "visits": [found]}) == (
        "visits[1].haemoglobin_response = recovered: the values of the case make it"
        ' "fell", "absent", "on track", "late" (rule VH7, VH8, VH9)\n  correct one of them'
    )


def test_a_refusal_at_a_visit_names_each_field_where_it_was_given(
    edited: Callable[..., dict[str, str]],
) -> None:
    """A visit that contradicts the baseline is told with the fields of either."""
    file = "09-contradictions.md"
    other = edited(file, "| C | neutrophil_excess |", "| C | haemoglobin_rise |")
    other = edited(file, "| XX1 | > 0 |", "| XX1 | > 100 |", other)
    visits = [{"day": 1}, {"day": 2, "haemoglobin_now": "190 g/L"}]

    with pytest.raises(b12lib.CaseError) as caught:
        b12lib.assess({"inputs": PATIENT, "visits": visits}, read_protocol(other))

    (fault,) = caught.value.faults
    assert fault.fields == ("haemoglobin", "visits[2].haemoglobin_now")
    assert str(fault) == (
        "haemoglobin = 76 g/L and visits[2].haemoglobin_now = 190 g/L: there are more neutrophils"
        " than white cells; correct one of them (rule XX1)"
    )


def test_a_stated_response_may_know_more() -> None:
    """A fall may be stated although the case does not hold the value that it fell from."""
    found = {"day": 60, "anaemia_now": "yes", "haemoglobin_response": "fell"}

    assert judged("response", found) == "relapsing"


@pytest.mark.parametrize(
    ("day", "phase"),
    [
        (2, "first days"),
        (3, "first ten days"),
        (9, "first ten days"),
        (10, "second week"),
        (13, "second week"),
        (14, "weeks 3 to 8"),
        (55, "weeks 3 to 8"),
        (56, "month 3"),
        (90, "month 3"),
        (91, "months 4 to 6"),
        (182, "months 4 to 6"),
        (183, "after 6 months"),
    ],
)
def test_phases(day: int, phase: str) -> None:
    """Each limit of time has a day on either side."""
    assert judged("treatment_phase", {"day": day}) == phase


@pytest.mark.parametrize(
    ("day", "found", "decision", "answer"),
    [
        (5, {"reticulocytes_now": "39 x10^9/L"}, "reticulocyte_response", "too early"),
        (5, {"reticulocytes_now": "40 x10^9/L"}, "reticulocyte_response", "rising"),
        (10, {"reticulocytes_now": "39 x10^9/L"}, "reticulocyte_response", "absent"),
        (10, {"reticulocytes_now": "40 x10^9/L"}, "reticulocyte_response", "rising"),
        (14, {"haemoglobin_now": "85 g/L"}, "haemoglobin_response", "absent"),
        (14, {"haemoglobin_now": "86 g/L"}, "haemoglobin_response", "late"),
        (14, {"haemoglobin_now": "95 g/L"}, "haemoglobin_response", "late"),
        (14, {"haemoglobin_now": "96 g/L"}, "haemoglobin_response", "on track"),
        (13, {"haemoglobin_now": "76 g/L"}, "haemoglobin_response", "too early"),
        (14, {"haemoglobin_now": "129 g/L"}, "haemoglobin_response", "on track"),
        (14, {"haemoglobin_now": "130 g/L"}, "haemoglobin_response", "recovered"),
        (14, {"anc_now": "1.2 x10^9/L"}, "neutrophil_response", "absent"),
        (14, {"anc_now": "1.21 x10^9/L"}, "neutrophil_response", "late"),
        (14, {"anc_now": "1.5 x10^9/L"}, "neutrophil_response", "recovered"),
        (14, {"platelets_now": "88 x10^9/L"}, "platelet_response", "absent"),
        (14, {"platelets_now": "89 x10^9/L"}, "platelet_response", "late"),
        (1, {"potassium_now": "3.4 mmol/L"}, "potassium_level_now", "low"),
        (1, {"potassium_now": "3.5 mmol/L"}, "potassium_level_now", "not low"),
        (90, {"nerves_now": "same"}, "nerve_response", "too early"),
        (91, {"nerves_now": "same"}, "nerve_response", "late"),
        (7, {"nerves_now": "worse"}, "nerve_response", "worse"),
        (55, {"mcv_now": "100.1 fL"}, "mcv_response", "too early"),
        (56, {"mcv_now": "100.1 fL"}, "mcv_response", "late"),
        (182, {"mma_now": "272 nmol/L"}, "mma_response", "too early"),
        (183, {"mma_now": "272 nmol/L"}, "mma_response", "late"),
        (183, {"mma_now": "271 nmol/L"}, "mma_response", "recovered"),
        (90, {"homocysteine_now": "10 umol/L"}, "homocysteine_target_now", "not reached"),
    ],
)
def test_limits(day: int, found: dict[str, str], decision: str, answer: object) -> None:
    """Each limit of the response is judged on either side of it."""
    assert judged(decision, {"day": day, **found}) == answer


@pytest.mark.parametrize(
    ("best", "now", "answer"),
    [("118", "109", "late"), ("118", "108", "fell"), ("130", "129", "fell")],
)
def test_haemoglobin_that_falls(best: str, now: str, answer: str) -> None:
    """It fell when it had been normal, or when it lost as much as the protocol says."""
    earlier = {"day": 28, "haemoglobin_now": f"{best} g/L"}
    between = {"day": 35, "nerves_now": "better"}

    assert (
        judged(
            "haemoglobin_response", earlier, between, {"day": 56, "haemoglobin_now": f"{now} g/L"}
        )
        == answer
    )


def test_the_best_of_the_earlier_visits() -> None:
    """The best value is that of the visits before, as far as it was measured there."""
    counts = ["100 x10^9/L", "unknown", "170 x10^9/L", "120 x10^9/L"]
    visits = followed(*({"day": n, "platelets_now": count} for n, count in enumerate(counts, 20)))

    found = [visit.values["platelets_best"] for visit in visits.visits]
    assert found == [None, Decimal(100), Decimal(100), Decimal(170)]
    assert visits.visits[-1]["platelet_response"].value == "fell"


def test_unknown_is_not_a_response() -> None:
    """Without a haemoglobin from before treatment, its rise stays open, with what may be."""
    assessment = b12lib.assess(
        {"inputs": {"anaemia": "yes"}, "visits": [{"day": 20, "haemoglobin_now": "90 g/L"}]}
    )
    answer = assessment.visits[0]["haemoglobin_response"]

    assert set(answer.values) == {"absent", "on track", "late"}
    assert assessment.visits[0]["response"].value == "cannot be judged"


def test_the_neutrophil_count_of_a_visit_is_worked_out() -> None:
    """White cells and percentage of the visit make its neutrophil count."""
    found = {"day": 15, "wbc_now": "5 x10^9/L", "neutrophils_percent_now": "40 %"}

    assert judged("neutrophil_response", found) == "recovered"


def test_a_visit_expects() -> None:
    """What a worked case expects of a visit is read against the visit's own decisions."""
    case = {"inputs": {}, "visits": [{"day": 1, "expect": {"response": "too early"}}]}

    assert b12lib.read_case(case).visits[0].expected == {"response": ("too early",)}
