"""When the doses of a regimen fall, counted in days from the first.

A dose has a window: the days on which it falls whatever is chosen where the regimen gives a range.
What no source says is chosen here, and told to the reader by the calendar: doses of one week are
spread evenly over it, and the first dose of a phase comes one interval after the last before it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import count

from b12lib.explaining.dates import day_after, spread
from b12lib.reading.timing import Phase, Timing

Window = tuple[int, int]
"""The first and the last day on which something may fall."""


@dataclass(frozen=True, slots=True)
class Dose:
    """One dose: it falls on ``day`` to ``last_day``, of which day 0 is the first dose.

    ``order`` numbers its phase from 0. It is not ``certain`` where a phase may be given longer or
    shorter, and it falls only into the longer.
    """

    phase: Phase
    order: int
    day: int
    last_day: int
    certain: bool


def course(
    phases: Sequence[Phase], reviews: Sequence[int], days: int, start: date | None
) -> tuple[Dose, ...]:
    """Return the doses in order; ``start`` is the date of the first, if it is known.

    A phase that goes on is followed for ``days`` days. One that ends by what is found, not by a
    number, is followed up to the next of the days of ``reviews``; what comes after it has no day.
    """
    doses: list[Dose] = []
    given: list[Dose] = []
    for order, phase in enumerate(phases):
        begin = _begin(phase.timing, given, start) if order else (0, 0)
        openly = ends_openly(phases, order)
        review = next_review(begin[0], reviews) if openly else None
        given = [*_phase(phase, order, begin, days if review is None else review, start)]
        doses += given
        if openly:
            break
    return tuple(doses)


def next_review(day: int, reviews: Sequence[int]) -> int | None:
    """Return the day of the first review after a day."""
    return min((review for review in reviews if review > day), default=None)


def ends_openly(phases: Sequence[Phase], order: int) -> bool:
    """Say whether a phase gives way to the next on a day that nobody can tell beforehand."""
    return bool(phases[order].timing.until) and order + 1 < len(phases)


def _begin(timing: Timing, before: Sequence[Dose], start: date | None) -> Window:
    """Return when a phase begins: one interval after the last dose of the phase before."""
    certain = [dose for dose in before if dose.certain]
    return _window(timing, 1, (certain[-1].day, before[-1].last_day), start)


def _phase(phase: Phase, order: int, begin: Window, end: int, start: date | None) -> Iterator[Dose]:
    """Yield the doses of a phase whose first falls into ``begin``.

    A phase of two weeks has the doses of its first 14 days: what would fall on the day on which two
    weeks are over belongs to it no more.
    """
    timing = phase.timing
    for number in range(timing.count) if timing.count else count():
        day, last_day = _window(timing, number, begin, start)
        certain = True
        if timing.bounds:
            least, most, unit = timing.bounds.least, timing.bounds.most, timing.bounds.unit
            if day >= day_after(begin[0], most, unit, start):
                return
            certain = last_day < day_after(begin[1], least, unit, start)
            last_day = min(last_day, day_after(begin[1], most, unit, start) - 1)
        elif not timing.count and day > end:
            return
        yield Dose(phase, order, day, last_day, certain)


def _window(timing: Timing, number: int, begin: Window, start: date | None) -> Window:
    """Return when a dose falls, by its number from 0, if that of number 0 falls into ``begin``."""
    periods, within = divmod(number, timing.frequency)
    unit = timing.period_unit
    later = spread(within, timing.frequency, timing.period, unit)
    return (
        day_after(begin[0], periods * timing.period, unit, start) + later,
        day_after(begin[1], periods * timing.period_max, unit, start) + later,
    )
