"""Dates of a schedule, counted from the first dose."""

from __future__ import annotations

from datetime import date

from b12lib.reading.catalogues import PERIOD

_UNITS = {"D": "days", "W": "weeks", "M": "months", "Y": "years"}


def after(start: date, period: str) -> date:
    """Return the day ``period`` after ``start``; a period is ISO 8601, such as ``P3M`` or ``P5D``.

    A month that is too short gives its last day: one month after 31 January is 28 February.
    """
    from dateutil.relativedelta import relativedelta

    found = PERIOD.fullmatch(period)
    if not found:
        raise ValueError(f"{period!r} is not a period such as P3M or P5D")
    return start + relativedelta(**{_UNITS[found["unit"]]: int(found["count"])})  # type: ignore[arg-type]


def dates(start: date, from_: str, to: str) -> str:
    """Write the day, or the days, that a schedule item names; empty when it names none."""
    days = [after(start, period).isoformat() for period in (from_, to) if period]
    return " to ".join(days)
