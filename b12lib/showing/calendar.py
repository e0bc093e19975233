"""A calendar as a Markdown table, as data, and as an iCalendar file."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from b12lib.deciding.assessment import Assessment
from b12lib.errors import MissingExtra
from b12lib.explaining.calendar import Calendar, Event, calendar
from b12lib.explaining.dates import START
from b12lib.explaining.wording import cited, filled, plainly
from b12lib.reading.catalogues import ScheduleItem
from b12lib.showing.background import DISCLAIMER
from b12lib.showing.levels import Level
from b12lib.showing.section import table

if TYPE_CHECKING:
    import icalendar

LISTED = 6
"""How many days of the same event a row lists before it leaves some out."""
NAMESPACE = uuid.uuid5(uuid.NAMESPACE_DNS, "b12lib")
"""Of the ids that calendar programs know events by."""


def section(assessment: Assessment, level: Level = Level.CLINICIAN) -> str:
    """Show the calendar of a case that gives the date of its first dose; else nothing."""
    if START not in assessment.case.given:
        return ""
    return markdown(worded(calendar(assessment), assessment, level), assessment, level)


def worded(shown: Calendar, assessment: Assessment, level: Level) -> Calendar:
    """Return the calendar as its reader needs it: a patient's says in plain words what is done."""
    plain = assessment.protocol.plain if level == Level.PATIENT else {}
    events = [
        replace(event, aim=plainly(event.id, assessment)) if event.id in plain else event
        for event in shown.events
    ]
    return replace(shown, events=tuple(events))


def markdown(shown: Calendar, assessment: Assessment, level: Level = Level.CLINICIAN) -> str:
    """Show what falls when; what comes back unchanged shares a row. ``assessment`` is the case."""
    head = ["Day", "Date", "What", "When, and why then"]
    rows = [
        [
            _listed([_from_to(str(e.day), str(e.last_day)) for e in events]),
            _listed([_from_to(str(e.date), str(e.last_date)) for e in events]),
            _cell(kind, what, aim, level),
            note,
            aim,
        ]
        for (kind, what, note, aim), events in _alike(shown.events).items()
    ]
    if level == Level.TRAINEE:
        head.append("Aim")
    else:
        rows = [row[:-1] for row in rows]
    if not shown.start:
        head, rows = [head[0], *head[2:]], [[row[0], *row[2:]] for row in rows]
    lines = [f"- {remark}" for remark in shown.remarks]
    lines += [
        f"- {lead}: {_said(row, assessment, level)} ({row.when})."
        for lead, items in (("Later", shown.later), ("Without a date", shown.undated))
        for row in items
    ]
    if not shown.start:
        lines.append("- Days count from the first dose, whose date is not known.")
    return "\n\n".join(filter(None, [table(head, rows) if rows else "", "\n".join(lines)]))


def _cell(kind: str, what: str, aim: str, level: Level) -> str:
    if level == Level.PATIENT:
        return f"{kind.capitalize()}: {aim or what}"
    return f"**{what}**" if kind == "dose" else f"{kind.capitalize()}: {what}"


def _said(row: ScheduleItem, assessment: Assessment, level: Level) -> str:
    if level == Level.PATIENT:
        return plainly(row.id, assessment).removesuffix(".")
    return filled(row.what, assessment)


def _alike(events: Sequence[Event]) -> dict[tuple[str, str, str, str], list[Event]]:
    """Bring together the events that differ in nothing but their day."""
    alike: defaultdict[tuple[str, str, str, str], list[Event]] = defaultdict(list)
    for event in events:
        alike[event.kind, event.what, event.note, event.aim].append(event)
    return alike


def _from_to(first: str, last: str) -> str:
    return first if first == last else f"{first} to {last}"


def _listed(days: Sequence[str]) -> str:
    if len(days) <= LISTED:
        return ", ".join(days)
    return f"{', '.join(days[:3])} … {days[-1]} ({len(days)} times)"


def record(shown: Calendar) -> dict[str, Any]:
    """Return a calendar as JSON data."""
    return {
        "start": shown.start and shown.start.isoformat(),
        "days": shown.days,
        "events": [_event_record(event) for event in shown.events],
        "later": [row.id for row in shown.later],
        "undated": [row.id for row in shown.undated],
        "remarks": list(shown.remarks),
    }


def _event_record(event: Event) -> dict[str, Any]:
    return asdict(event) | {
        "date": event.date and event.date.isoformat(),
        "last_date": event.last_date and event.last_date.isoformat(),
        "sources": [str(source) for source in event.sources],
    }


def ics(shown: Calendar) -> bytes:
    """Write a calendar as an iCalendar file (RFC 5545) of all-day events, without a name in it.

    The same calendar gives the same bytes: ids come from its content, and the time stamp, which
    the format demands, is the beginning of the first day, in UTC.

    Raises ``ValueError`` when the date of the first dose is not known, ``MissingExtra`` when the
    library that writes the format is not installed.
    """
    try:
        import icalendar
    except ImportError as error:
        raise MissingExtra("an iCalendar file", "calendar") from error
    if not shown.start:
        raise ValueError("an iCalendar file needs the date of the first dose")
    written = icalendar.Calendar()
    written.add("prodid", "-//b12lib//b12lib//EN")
    written.add("version", "2.0")
    written.add("name", "Vitamin B12: doses and checks")
    written.add("description", "\n".join([*shown.remarks, DISCLAIMER]))
    stamp = datetime.combine(shown.start, time(), UTC)
    for event in shown.events:
        written.add_component(_entry(event, stamp, shown.basis))
    return bytes(written.to_ical())


def _entry(event: Event, stamp: datetime, basis: str) -> icalendar.Event:
    import icalendar

    assert event.date is not None
    assert event.last_date is not None
    entry = icalendar.Event()
    name = f"{basis} {event.date} {event.last_date} {event.kind} {event.id} {event.what}"
    entry.add("uid", str(uuid.uuid5(NAMESPACE, name)))
    entry.add("dtstamp", stamp)
    entry.add("dtstart", event.date)
    entry.add("dtend", event.last_date + timedelta(days=1))  # the format's end is the day after
    entry.add("summary", f"{event.kind.capitalize()}: {event.what}")
    about = [event.aim, event.note, f"Sources: {cited(event.sources)}"]
    entry.add("description", "\n".join(filter(None, about)))
    entry.add("categories", [event.kind])
    entry.add("status", "CONFIRMED" if event.certain else "TENTATIVE")
    entry.add("transp", "TRANSPARENT")
    entry.add("class", "PRIVATE")
    return entry
