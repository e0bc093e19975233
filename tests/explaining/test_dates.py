"""Dates counted from the first dose."""

from __future__ import annotations

from datetime import date

import pytest

from b12lib.explaining.dates import after, dates, day_after


@pytest.mark.parametrize(
    ("start", "period", "day"),
    [
        (date(2026, 3, 1), "P5D", date(2026, 3, 6)),
        (date(2026, 3, 1), "P2W", date(2026, 3, 15)),
        (date(2026, 1, 31), "P1M", date(2026, 2, 28)),
        (date(2024, 2, 29), "P1Y", date(2025, 2, 28)),
    ],
)
def test_period_is_counted_from_the_start(start: date, period: str, day: date) -> None:
    """Days, weeks, months and years are counted; a month too short gives its last day."""
    assert after(start, period) == day


@pytest.mark.parametrize(
    ("day", "count", "unit", "start", "expected"),
    [
        (10, 3, "d", None, 13),
        (11, 2, "wk", None, 25),
        (0, 3, "mo", None, 91),
        (0, 1, "a", None, 365),
        (11, 2, "mo", date(2026, 3, 2), 72),
        (0, 1, "a", date(2024, 2, 29), 365),
        (1, 1, "a", date(2024, 2, 29), 366),
    ],
)
def test_days_are_counted_with_or_without_a_date(
    day: int, count: int, unit: str, start: date | None, expected: int
) -> None:
    """Without a date a month has the length that UCUM gives it; with one, that of the calendar."""
    assert day_after(day, count, unit, start) == expected


def test_unreadable_period_is_refused() -> None:
    """A period that is not ISO 8601 is refused, not guessed."""
    with pytest.raises(ValueError, match="'3 months' is not a period such as P3M or P5D"):
        after(date(2026, 3, 1), "3 months")


def test_item_without_period_has_no_date() -> None:
    """A schedule item that names no period gets no invented date."""
    assert dates(date(2026, 3, 1), "", "") == ""


def test_item_with_two_periods_is_a_range() -> None:
    """A from and a to give a range of days."""
    assert dates(date(2026, 3, 1), "P3D", "P5D") == "2026-03-04 to 2026-03-06"
