"""Visits of a case: what was found under treatment, on which day after the first dose."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from b12lib.deciding.fields import (
    Given,
    Unfit,
    expected_answers,
    mapping,
    read_date,
    read_fields,
    read_value,
    shown,
)
from b12lib.errors import CaseFault
from b12lib.reading.feel import Value
from b12lib.reading.protocol import Protocol
from b12lib.reading.visits import DAY, TOLD

WHEN_MEND = "write 'day: 10', or 'date: 2026-03-11' with treatment_start among the inputs"


@dataclass(frozen=True, slots=True)
class Visit:
    """One day under treatment: ``day`` counts from the first dose, whose day is 0.

    ``given`` holds what was found, the day included; ``date`` is known where the first dose's is.
    """

    day: int
    date: date | None
    given: Mapping[str, Given]
    expected: Mapping[str, tuple[Value, ...]]


def visit_field(number: int, field: str) -> str:
    """Name a field of the visit of that number, the first being 1, as FEEL counts.

    Without a field the visit itself is named.
    """
    visit = f"visits[{number}]"
    return f"{visit}.{field}" if field else visit


def read_visits(
    written: Any, start: date | None, protocol: Protocol, faults: list[CaseFault]
) -> tuple[Visit, ...]:
    """Read the visits of a case whose first dose was given on ``start``; add what is wrong."""
    if written is None or written == "":
        return ()
    if not isinstance(written, list | tuple):
        expected = "expected a list: each visit begins with '- day:' or '- date:'"
        faults.append(CaseFault("visits", shown(written), expected))
        return ()
    visits: list[Visit] = []
    for number, one in enumerate(written, 1):
        found: list[CaseFault] = []
        if not isinstance(one, Mapping):
            found.append(CaseFault("", shown(one), "expected 'name: value' lines", WHEN_MEND))
        elif visit := _visit(one, start, protocol, found):
            if visits and visit.day <= visits[-1].day:
                expected = f"expected a later day than that of the visit before, {visits[-1].day}"
                found.append(CaseFault(DAY, str(visit.day), expected, "one visit for each day"))
            visits.append(visit)
        faults += [replace(f, field=visit_field(number, f.field)) for f in found]
    return tuple(visits)


def _visit(
    one: Mapping[str, Any], start: date | None, protocol: Protocol, faults: list[CaseFault]
) -> Visit | None:
    stage = protocol.visits
    rest = {name: value for name, value in one.items() if name not in (DAY, *TOLD)}
    given = read_fields(rest, stage, protocol, faults)
    expected = expected_answers(mapping("expect", one, faults), stage, faults)
    if (DAY in one) == ("date" in one):
        faults.append(CaseFault("", "", "expected either the day or the date", WHEN_MEND))
        return None
    when = DAY if DAY in one else "date"
    try:
        days = _days(one[DAY]) if DAY in one else _days_since(start, one["date"])
        day = read_value(stage.inputs[DAY], f"{days} {stage.inputs[DAY].unit}", protocol)
    except Unfit as unfit:
        faults.append(CaseFault(when, shown(one[when]), *unfit.args))
        return None
    on = start + timedelta(days) if start else None
    return Visit(days, on, {DAY: replace(day, written=f"day {days}"), **given}, expected)


def _days(value: Any) -> int:
    written = shown(value)
    if not (written.isascii() and written.isdigit()):
        raise Unfit("expected a whole number of days since the first dose", WHEN_MEND)
    return int(written)


def _days_since(start: date | None, value: Any) -> int:
    day = read_date(value)
    if start is None:
        raise Unfit("a date needs that of the first dose", WHEN_MEND)
    if day < start:
        raise Unfit(f"expected a day not before the first dose, {start}")
    return (day - start).days
