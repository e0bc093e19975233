"""The scheduler: a first day in, dates out, and the same as a file."""

from __future__ import annotations

import re
import sys
from base64 import b64decode
from collections.abc import Callable
from datetime import date

import icalendar
import pytest

import b12lib
from b12lib.explaining.calendar import calendar
from b12lib.showing.calculators import Calculator, scheduler
from b12lib.showing.calendar import ics, markdown

Told = Callable[[Calculator], str]

CASE = {"mma": "90 µmol/L", "neurological": False}
FIRST = date(2028, 2, 28)
DAY = "Date of the first dose"


def assessed(**more: object) -> b12lib.Assessment:
    """Return a case whose regimen is decided."""
    return b12lib.assess({**CASE, **more})


def file_of(calculator: Calculator) -> list[bytes]:
    """Return the files that the calculator holds ready."""
    links = (getattr(part, "value", "") for part in calculator.widget.children)
    return [b64decode(found) for found in re.findall(r'base64,([^"]+)"', "".join(map(str, links)))]


def test_days_are_counted_while_there_is_no_date(told: Told) -> None:
    """Without a date nothing is dated and there is no file to take along."""
    calculator = scheduler(assessed())
    assert repr(calculator).startswith(markdown(calendar(assessed()), assessed()))
    assert not re.search(r"\d{4}-\d\d-\d\d", told(calculator))
    assert file_of(calculator) == []


def test_a_date_dates_everything(control: Callable[..., object], told: Told) -> None:
    """A day picked gives the dates of the calendar, leap day included, and a file of them."""
    calculator = scheduler(assessed())
    control(calculator, DAY).value = FIRST  # type: ignore[attr-defined]
    assert "2028-02-28" in told(calculator)
    (file,) = file_of(calculator)
    assert file == ics(calendar(assessed(), FIRST))
    events = icalendar.Calendar.from_ical(file).walk("VEVENT")
    assert min(event["DTSTART"].dt for event in events) == FIRST
    control(calculator, DAY).value = None  # type: ignore[attr-defined]
    assert file_of(calculator) == []
    assert "2028" not in told(calculator)


def test_date_of_the_case_is_where_it_begins() -> None:
    """A case that gives the day of the first dose is dated from it; an argument goes first."""
    given = assessed(treatment_start="2026-03-02")
    assert file_of(scheduler(given)) == [ics(calendar(assessed(), date(2026, 3, 2)))]
    assert file_of(scheduler(given, FIRST)) == [ics(calendar(assessed(), FIRST))]


def test_date_taken_away_is_not_the_cases(control: Callable[..., object], told: Told) -> None:
    """Where the control is emptied, the date that the case gave is gone too."""
    calculator = scheduler(assessed(treatment_start="2026-03-02"))
    control(calculator, DAY).value = None  # type: ignore[attr-defined]
    assert "2026" not in told(calculator)


def test_impossible_date_is_told_at_the_control(control: Callable[..., object], told: Told) -> None:
    """A year that no case may name is refused where it is typed, and nothing is dated from it."""
    calculator = scheduler(assessed(), FIRST)
    control(calculator, DAY).value = date(1026, 3, 2)  # type: ignore[attr-defined]
    assert "expected a date from" in told(calculator)
    assert file_of(calculator) == []
    assert "<table>" not in told(calculator)
    control(calculator, DAY).value = FIRST  # type: ignore[attr-defined]
    assert "<table>" in told(calculator)


def test_without_the_library_for_the_file_the_dates_remain(
    monkeypatch: pytest.MonkeyPatch, told: Told
) -> None:
    """Where icalendar is not installed the calculator says what to install."""
    monkeypatch.setitem(sys.modules, "icalendar", None)
    calculator = scheduler(assessed(), FIRST)
    assert "2028-02-28" in told(calculator)
    (message,) = (
        part.value
        for part in calculator.widget.children
        if "pip install" in str(getattr(part, "value", ""))
    )
    assert "icalendar" in message.lower()
