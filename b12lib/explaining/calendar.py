"""When doses, blood tests and reviews fall, and when a response is to be expected.

Days count from the first dose, which is day 0. Where the protocol leaves a choice, an event has a
window. What the protocol does not date is not dated here; what we had to add says so in the note.
"""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count

from b12lib.deciding.assessment import Assessment
from b12lib.deciding.fields import EARLIEST, LATEST
from b12lib.explaining.course import Dose, Window, course, ends_openly, next_review
from b12lib.explaining.dates import day_after, first_dose, length
from b12lib.explaining.plan import Plan, dependence, plan
from b12lib.explaining.wording import filled, sentence
from b12lib.reading.catalogues import ScheduleItem
from b12lib.reading.sources import Citation
from b12lib.reading.timing import Phase
from b12lib.reading.visits import DAY

KINDS = ("blood test", "dose", "review", "response")
"""What an event can be, in the order of one day: blood is drawn before a dose."""

SPACING = "the days of the week are our spacing"
COUNTED = "counted from the last dose of the phase before, which is our reading"
WIDENS = "the window widens, as each dose is counted from the one before"
PERHAPS = "only if the phase is given that long"


@dataclass(frozen=True, slots=True)
class Event:
    """Something that falls on a day, or on some day of a window.

    ``day`` to ``last_day`` count from the first dose, day 0, and are the same where there is no
    window; ``date`` and ``last_date`` are their dates, if that of the first dose is known.
    ``kind`` is one of ``KINDS``. ``certain`` is false for a dose that is given only if its phase
    lasts longer than the least that the regimen asks for. ``what`` says what it is, ``aim`` to what
    end (nothing for a dose), ``note`` how it came to fall there. ``id`` is the row of
    ``regimens.md`` or ``schedule.md``, and empty for the first dose that several regimens share.
    """

    day: int
    last_day: int
    date: datetime.date | None
    last_date: datetime.date | None
    kind: str
    what: str
    aim: str
    note: str
    certain: bool
    id: str
    sources: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class Calendar:
    """The events of ``days`` days, in order; ``start`` is the date of day 0, if it is known.

    ``later`` has the items of the schedule that begin after that, ``undated`` those that nobody
    dates. ``remarks`` are sentences on what is open about the whole. ``basis`` is a digest of the
    protocol and of what the case gives: it tells this calendar from others, not whose it is.
    """

    start: datetime.date | None
    days: int
    events: tuple[Event, ...]
    later: tuple[ScheduleItem, ...]
    undated: tuple[ScheduleItem, ...]
    remarks: tuple[str, ...]
    basis: str


def calendar(
    assessment: Assessment, start: datetime.date | None = None, days: int | None = None
) -> Calendar:
    """Return the calendar of a case for ``days`` days after the first dose; by default one year.

    ``start`` is the date of the first dose, by default the ``treatment_start`` of the case; without
    either, events have days but no dates, and a month has 30.4375 days. While the regimen is open,
    the first dose alone is dated, if all regimens that are still possible share it.

    Raises ``ValueError`` for a date that no case may name, and for days that no visit may have.
    """
    start, days = _limits(assessment, start, days)
    rows = _rows(assessment)
    reviews = [day for row in rows if row.kind == "review" for day, _ in _falls(row, days, start)]
    events = [event for row in rows for event in _checks(row, assessment, reviews, days, start)]
    doses, remarks = _doses(assessment, reviews, days, start)
    return Calendar(
        start=start,
        days=days,
        events=tuple(sorted(events + doses, key=lambda e: (e.day, KINDS.index(e.kind)))),
        later=tuple(r for r in rows if r.from_ and not any(_falls(r, days, start))),
        undated=tuple(row for row in rows if not row.from_),
        remarks=tuple(remarks),
        basis=_basis(assessment),
    )


def _limits(
    assessment: Assessment, start: datetime.date | None, days: int | None
) -> tuple[datetime.date | None, int]:
    """Return the date of the first dose, if any is known, and how many days to look ahead."""
    start = start or first_dose(assessment)
    if start and not EARLIEST <= start <= LATEST:
        raise ValueError(f"start is {start}: expected a date from {EARLIEST} to {LATEST}")
    longest = int(assessment.protocol.visits.inputs[DAY].range[1])
    if days is not None and not 0 <= days <= longest:
        raise ValueError(f"days is {days}: expected a number from 0 to {longest}")
    return start, day_after(0, 1, "a", start) if days is None else days


def _rows(assessment: Assessment) -> list[ScheduleItem]:
    """Return the items of the schedule that the case's decisions list."""
    answers = (a for a in assessment.answers.values() if a.decision.kind == "schedule")
    ids = dict.fromkeys(str(value) for answer in answers for value in answer.values)
    return [assessment.protocol.schedule[id_] for id_ in ids]


def _falls(row: ScheduleItem, end: int, start: datetime.date | None) -> Iterator[Window]:
    """Yield when an item falls: once, or as often as it comes back up to the day ``end``."""
    if not row.from_:
        return
    first = day_after(0, *length(row.from_), start)
    wide = day_after(0, *length(row.to), start) - first if row.to else 0
    every, unit = length(row.every) if row.every else (0, "d")
    for number in count() if every else (0,):
        day = day_after(first, number * every, unit, start)
        if day > end:
            return
        yield day, day + wide


def _checks(
    row: ScheduleItem,
    assessment: Assessment,
    reviews: Sequence[int],
    days: int,
    start: datetime.date | None,
) -> Iterator[Event]:
    """Yield the events of an item; one without end comes back up to the first review after it."""
    note = row.when
    if row.every and row.kind != "review":
        review = next_review(day_after(0, *length(row.from_), start), reviews)
        if review is not None:
            days = review
            note += f"; listed up to {_on(review)}, as nobody can date the end"
    for window in _falls(row, days, start):
        yield _event(
            window,
            start,
            kind=row.kind,
            what=filled(row.what, assessment),
            aim=filled(row.aim, assessment),
            note=note,
            id=row.id,
            sources=row.sources,
        )


def _doses(
    assessment: Assessment, reviews: Sequence[int], days: int, start: datetime.date | None
) -> tuple[list[Event], list[str]]:
    """Return the doses that have a day, and what is open about the others."""
    given = plan(assessment)
    if not given.first_dose:
        return [], [f"No dose is dated. {_why_none(given, assessment)}"]
    regimens = {option.regimen.id: option.regimen for option in given.options}
    if len(regimens) > 1:
        sources = tuple(dict.fromkeys(s for r in regimens.values() for s in r.sources))
        note = "the first dose is the same either way"
        first = _event(
            (0, 0), start, kind="dose", what=given.first_dose, note=note, id="", sources=sources
        )
        return [first], [
            f"The schedule after the first dose {dependence(given, assessment.protocol)}"
        ]
    [regimen] = regimens.values()
    phases = assessment.protocol.courses[regimen.id]
    planned = course(phases, reviews, days, start)
    doses = [dose for dose in planned if dose.day <= days]
    events = [
        _event(
            (dose.day, dose.last_day),
            start,
            kind="dose",
            what=f"{regimen.drug} {dose.phase.dose} {dose.phase.route}",
            note="; ".join(_notes(dose)),
            certain=dose.certain,
            id=regimen.id,
            sources=regimen.sources,
        )
        for dose in doses
    ]
    return events, _afterwards(phases, planned, reviews, days)


def _why_none(given: Plan, assessment: Assessment) -> str:
    treat_now = assessment["treat_now"]
    if len(given.options) > 1 or not treat_now.known:
        return f"What is given {dependence(given, assessment.protocol)}"
    return sentence("treat_now", treat_now.value, assessment)


def _notes(dose: Dose) -> Iterator[str]:
    """Say how a dose came to its day."""
    yield dose.phase.words
    if dose.phase.timing.frequency > 1:
        yield SPACING
    if dose.order:
        yield COUNTED
    if dose.phase.timing.period_max > dose.phase.timing.period:
        yield WIDENS
    if not dose.certain:
        yield PERHAPS


def _afterwards(
    phases: Sequence[Phase], planned: Sequence[Dose], reviews: Sequence[int], days: int
) -> list[str]:
    """Say what comes after the last dose that has a day, if anything does."""
    doses = [dose for dose in planned if dose.day <= days]
    last = doses[-1]
    if ends_openly(phases, last.order):
        begin = next(dose.day for dose in doses if dose.order == last.order)
        review = next_review(begin, reviews)
        listed = f"day {days}, where this calendar ends" if review is None else _on(review)
        then = _in_words(phases[last.order + 1 :])
        return [
            f"Nobody can date the end of this phase: {last.phase.words}. Its doses are listed up "
            f"to {listed}; what follows it has no day yet: {then}."
        ]
    if len(doses) == len(planned) and phases[-1].timing.dated_end:
        return []
    return [f"The doses go on after day {days}: {_in_words(phases[last.order :])}."]


def _in_words(phases: Sequence[Phase]) -> str:
    return ", then ".join(f"{phase.dose} {phase.route} {phase.words}" for phase in phases)


def _on(review: int) -> str:
    return f"the next review, on day {review}"


def _event(
    window: Window,
    start: datetime.date | None,
    *,
    kind: str,
    what: str,
    note: str,
    id: str,
    sources: tuple[Citation, ...],
    aim: str = "",
    certain: bool = True,
) -> Event:
    day, last_day = window
    on, last = (start and start + datetime.timedelta(number) for number in window)
    return Event(day, last_day, on, last, kind, what, aim, note, certain, id, sources)


def _basis(assessment: Assessment) -> str:
    """Return a digest of the protocol and of the values that the case gives."""
    given = sorted((name, value.written) for name, value in assessment.case.given.items())
    return hashlib.sha256(repr((assessment.protocol.digest, given)).encode()).hexdigest()
