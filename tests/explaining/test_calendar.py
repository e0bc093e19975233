"""When doses, checks and reviews fall."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import pytest

import b12lib
from b12lib.explaining.calendar import COUNTED, PERHAPS, SPACING, WIDENS, Calendar
from b12lib.reading.protocol import read_protocol

SEED = {"mma": "90 µmol/L", "leukopenia": True, "neutropenia": True, "macrocytosis": True}
WELL, NERVES = {**SEED, "neurological": False}, {**SEED, "neurological": True}
LEAP = date(2024, 2, 29)
Days = list[tuple[int, int]]


def calendar(case: Mapping[str, Any], profile: str | None = None, **more: Any) -> Calendar:
    """Return the calendar of a case under a profile."""
    return b12lib.assess(case, b12lib.load_protocol(profile=profile)).calendar(**more)


def windows(shown: Calendar, id_: str, words: str = "") -> Days:
    """Return when the events of one row fall, or those whose note has these words."""
    return [(e.day, e.last_day) for e in shown.events if e.id == id_ and words in e.note]


def test_loading_ends_before_two_weeks_are_over() -> None:
    """Three times weekly for two weeks: six doses, the last on day 11, none on day 14."""
    shown = calendar(WELL)
    days = [day for day, _ in windows(shown, "three-times-weekly", "three times weekly")]
    assert days == [0, 2, 4, 7, 9, 11]
    [note] = {e.note for e in shown.events if e.kind == "dose" and e.day < 14}
    assert note == f"three times weekly for 2 weeks; {SPACING}"


def test_maintenance_has_windows() -> None:
    """Every 2–3 months: two to three months after the last dose, and wider from dose to dose."""
    shown = calendar(WELL, start=date(2026, 3, 2))
    later = [e for e in shown.events if e.kind == "dose" and e.day > 11]
    assert [(str(e.date), str(e.last_date)) for e in later[:2]] == [
        ("2026-05-13", "2026-06-13"),
        ("2026-07-13", "2026-09-13"),
    ]
    assert {e.note for e in later} == {f"every 2–3 months; {COUNTED}; {WIDENS}"}
    assert all(e.day <= shown.days for e in later)
    assert shown.remarks == (
        "The doses go on after day 365: 1 mg intramuscularly every 2–3 months.",
    )


def test_an_end_that_nobody_can_date_stops_at_the_review() -> None:
    """Until improvement plateaus: doses to the review, the open end said, no maintenance dated."""
    shown = calendar(NERVES)
    [review] = [e.day for e in shown.events if e.kind == "review"]
    assert review == 91
    days = [day for day, _ in windows(shown, "alternate-days")]
    assert days == [*range(0, review, 2)]
    [remark] = shown.remarks
    assert remark == (
        "Nobody can date the end of this phase: on alternate days until neurological improvement "
        "plateaus (weeks to months). Its doses are listed up to the next review, on day 91; what "
        "follows it has no day yet: 1 mg intramuscularly every 2 months."
    )


def test_without_a_review_an_open_end_is_followed_to_the_last_day() -> None:
    """Where no review falls within the days asked for, doses are listed as far as these go."""
    shown = calendar(NERVES, days=10)
    assert [day for day, _ in windows(shown, "alternate-days")] == [0, 2, 4, 6, 8, 10]
    assert "up to day 10, where this calendar ends" in shown.remarks[0]


def test_checks_come_back_up_to_the_review() -> None:
    """Weekly counts have no dated end either; the yearly check comes back to the last day."""
    shown = calendar(WELL, start=date(2026, 3, 2), days=1500)
    assert [day for day, _ in windows(shown, "counts-weekly")] == [*range(7, 92, 7)]
    assert [day for day, _ in windows(shown, "yearly")] == [731, 1096, 1461]
    assert "on day 92, as nobody can date the end" in next(
        e.note for e in shown.events if e.id == "counts-weekly"
    )


def test_a_window_of_checks() -> None:
    """A check that the schedule gives a span of days is one event of that span."""
    assert windows(calendar(WELL), "reticulocytes-checked") == [(5, 10)]


def test_nothing_beyond_the_horizon() -> None:
    """By default the first year is dated; what begins later and what nobody dates is named."""
    shown = calendar(NERVES)
    assert max(e.day for e in shown.events) == shown.days == 365
    assert [row.id for row in shown.later] == ["yearly"]
    assert [row.id for row in shown.undated] == ["mcv-falls", "nerves-improve"]


def test_blood_is_drawn_before_the_dose_of_the_same_day() -> None:
    """On one day blood tests stand before doses, doses before reviews and responses."""
    kinds = [e.kind for e in calendar(WELL).events if e.day == 7]
    assert kinds == ["blood test", "dose", "response"]


def test_a_start_on_a_leap_day() -> None:
    """Months are those of the calendar: the last day of a month that is too short."""
    shown = calendar(WELL, start=LEAP)
    dated = {e.id: e.date for e in shown.events}
    assert (shown.start, shown.days) == (LEAP, 365)
    assert dated["month-12"] == date(2025, 2, 28)
    assert [str(e.date) for e in shown.events if e.kind == "dose"][:2] == [
        "2024-02-29",
        "2024-03-02",
    ]


def test_the_start_is_the_cases_unless_another_is_given() -> None:
    """The date of the first dose is that of the case; one that is asked for goes before it."""
    case = {**WELL, "treatment_start": "2026-03-02"}
    assert calendar(case).start == date(2026, 3, 2)
    assert calendar(case, start=LEAP).start == LEAP
    assert {e.date for e in calendar(WELL).events} == {None}


def test_an_open_regimen_has_its_first_dose_alone() -> None:
    """While the nervous system is not examined only the shared first dose is dated."""
    shown = calendar(SEED)
    [dose] = [e for e in shown.events if e.kind == "dose"]
    assert (dose.day, dose.what, dose.id) == (0, "hydroxocobalamin 1 mg intramuscularly", "")
    assert {"@seed C12 C13 C17", "@seed C18 C19"} <= {str(source) for source in dose.sources}
    assert shown.remarks == (
        "The schedule after the first dose depends on neurological involvement, which is not known "
        "yet. Examine the nervous system: is there any neurological symptom or sign?",
    )


def test_regimens_that_begin_differently_have_no_dose(
    edited: Callable[..., dict[str, str]],
) -> None:
    """Where the regimens still possible begin with other doses, no dose is dated."""
    row = "| three-times-weekly | hydroxocobalamin | 1 mg |"
    texts = edited("regimens.md", row, row.replace("1 mg", "2 mg"))
    shown = b12lib.assess(SEED, read_protocol(texts)).calendar()
    assert [e for e in shown.events if e.kind == "dose"] == []
    [remark] = shown.remarks
    assert remark.startswith("No dose is dated. What is given depends on neurological involvement")


def test_no_treatment_no_events() -> None:
    """Where nothing is begun nothing is dated, and the answer says why."""
    shown = calendar({**SEED, "mma": "90 nmol/L"})
    assert shown.events == ()
    assert shown.remarks[0].startswith("No dose is dated. Test first; do not treat yet.")


def test_under_treatment_that_goes_on_checks_are_dated() -> None:
    """Doses that somebody else planned are not invented; the checks still have their days."""
    shown = calendar({"mma": "90 nmol/L", "b12": "300 pmol/L", "b12_started": True})
    assert {e.kind for e in shown.events} == {"blood test", "review", "response"}
    assert shown.remarks[0].startswith("No dose is dated. Go on with the treatment")


def test_a_phase_of_one_to_two_weeks_is_certain_for_one() -> None:
    """The licence loads for 1–2 weeks: doses of the second week only perhaps; then a window."""
    shown = calendar(WELL, "uk-licence")
    loading = [e for e in shown.events if "1–2 weeks" in e.note and e.kind == "dose"]
    assert [(e.day, e.certain) for e in loading] == [
        *((day, True) for day in (0, 2, 4, 6)),
        *((day, False) for day in (8, 10, 12)),
    ]
    assert [e.note.endswith(PERHAPS) for e in loading] == [not e.certain for e in loading]
    assert windows(shown, "licensed-loading", "weekly until")[:2] == [(13, 19), (20, 26)]
    assert "what follows it has no day yet: 1 mg intramuscularly every 2–3 months" in str(
        shown.remarks
    )


def test_four_phases_follow_each_other() -> None:
    """The US label's phases: a count ends after its doses, a span of spans stays within it."""
    case = {**WELL, "planned_form": "cyanocobalamin", "egfr": "90 mL/min/1.73 m2"}
    shown = calendar(case, "us-label")
    assert len(windows(shown, "us-cyano", "daily for 6–7 days")) == 7
    assert windows(shown, "us-cyano", "for 7 doses") == [(d, d + 1) for d in range(7, 20, 2)]
    apart = windows(shown, "us-cyano", "every 3–4 days")
    assert (apart[0], apart[-1]) == ((22, 24), (40, 44))
    assert windows(shown, "us-cyano", "monthly")[0] == (61, 74)


def test_daily_tablets_go_on_for_as_long_as_the_cause_lasts() -> None:
    """An open end that nothing follows is no reason to stop at the review."""
    case = {**WELL, "planned_route": "oral", "cause": "dietary", "haemoglobin": "14 g/dL"}
    case |= {"egfr": "90 mL/min/1.73 m2", "platelets": "250 10*9/L", "sex": "female"}
    case |= {"anc": "1.2 10*9/L", "leber": False, "wbc": "3.5 10*9/L"}
    shown = calendar(case, days=30)
    assert [day for day, _ in windows(shown, "oral-daily")] == [*range(31)]
    assert shown.remarks[0].startswith("The doses go on after day 30: ")


def test_a_course_that_is_over(edited: Callable[..., dict[str, str]]) -> None:
    """Of a regimen with a last dose nothing is said beyond it, unless the calendar ends earlier."""
    row = "| for 2 weeks | 1 mg intramuscularly every 2–3 months |"
    texts = edited("regimens.md", row, "| for 2 weeks | — |")
    after = "{three-times-weekly.how_long}. After that comes {three-times-weekly.then}."
    texts = edited("plain.md", after, "{three-times-weekly.how_long}.", texts)
    protocol = read_protocol(texts)
    assessment = b12lib.assess(WELL, protocol)
    assert assessment.calendar().remarks == ()
    assert assessment.calendar(days=11).remarks == ()
    [cut] = assessment.calendar(days=10).remarks
    assert (
        cut == "The doses go on after day 10: 1 mg intramuscularly three times weekly for 2 weeks."
    )


def test_reviews_that_come_back(edited: Callable[..., dict[str, str]]) -> None:
    """A review that comes back is no end of itself: it is dated as far as the calendar goes."""
    texts = edited("schedule.md", "| P3M | | | review |", "| P3M | | P3M | review |")
    shown = b12lib.assess(WELL, read_protocol(texts)).calendar()
    assert [e.day for e in shown.events if e.kind == "review"] == [91, 182, 274, 365]


def test_the_digest_tells_cases_apart() -> None:
    """Another value or protocol is another calendar; the name of a case is no part of it."""
    named = b12lib.read_case("case: Somebody\ninputs: {mma: 90 µmol/L}")
    bare = b12lib.read_case({"mma": "90 µmol/L"})
    assert b12lib.assess(named).calendar().basis == b12lib.assess(bare).calendar().basis
    others = {calendar(SEED).basis, calendar(WELL).basis, calendar(WELL, "uk-licence").basis}
    assert len(others) == 3


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"start": date(1899, 12, 31)}, "start is 1899-12-31: expected a date from 1900-01-01"),
        ({"days": -1}, "days is -1: expected a number from 0 to 36500"),
        ({"days": 36501}, "days is 36501: expected a number from 0 to 36500"),
    ],
)
def test_what_no_calendar_can_have(more: dict[str, Any], said: str) -> None:
    """A start or a length that no case could have is refused."""
    with pytest.raises(ValueError, match=said):
        calendar(WELL, **more)
