"""Days and dates counted from the first dose."""

from __future__ import annotations

from datetime import date, timedelta

from b12lib.deciding.assessment import Assessment
from b12lib.reading.catalogues import PERIOD

START = "treatment_start"
"""The input that has the date of the first dose."""
_UCUM = {"D": "d", "W": "wk", "M": "mo", "Y": "a"}
_WORDS = {"d": "days", "wk": "weeks", "mo": "months", "a": "years"}
_DAYS = {"d": 1, "wk": 7, "mo": 30.4375, "a": 365.25}
"""Days in a unit of time, as UCUM defines it: what a month counts while no date is known."""


def first_dose(assessment: Assessment) -> date | None:
    """Return the date of the first dose, if the case gives it."""
    given = assessment.case.given.get(START)
    return given.value if given and isinstance(given.value, date) else None


def length(period: str) -> tuple[int, str]:
    """Return the count and the UCUM unit of an ISO 8601 period, such as ``P3M`` or ``P5D``."""
    found = PERIOD.fullmatch(period)
    if not found:
        raise ValueError(f"{period!r} is not a period such as P3M or P5D")
    return int(found["count"]), _UCUM[found["unit"]]


def after(start: date, period: str) -> date:
    """Return the day ``period`` after ``start``; a period is ISO 8601, such as ``P3M`` or ``P5D``.

    A month that is too short gives its last day: one month after 31 January is 28 February.
    """
    return _moved(start, *length(period))


def day_after(day: int, count: int, unit: str, start: date | None) -> int:
    """Return the day ``count`` units (UCUM) after another; both count from the first dose, day 0.

    With ``start``, the date of day 0, months are those of the calendar; without it they have
    30.4375 days, as UCUM defines them, and the sum is rounded.
    """
    if start is None:
        return round(day + count * _DAYS[unit])
    return (_moved(start + timedelta(day), count, unit) - start).days


def spread(dose: int, frequency: int, count: int, unit: str) -> int:
    """Return on which day of its period a dose falls, if ``frequency`` of them are spread evenly.

    The doses of the period, which lasts ``count`` units (UCUM), are numbered from 0.
    """
    return int(dose * count * _DAYS[unit] / frequency)


def dates(start: date, from_: str, to: str) -> str:
    """Write the day, or the days, that a schedule item names; empty when it names none."""
    days = [after(start, period).isoformat() for period in (from_, to) if period]
    return " to ".join(days)


def _moved(start: date, count: int, unit: str) -> date:
    from dateutil.relativedelta import relativedelta

    return start + relativedelta(**{_WORDS[unit]: count})  # type: ignore[arg-type]
