"""How often and for how long: the words of ``regimens.md`` as values like FHIR's ``Timing``.

The words are a closed little vocabulary (``OFTEN``, ``LONG``, ``THEN``), so that no number has to
stand a second time for the library.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from b12lib.errors import ProtocolError, ProtocolFault
from b12lib.reading.catalogues import EMPTY, Regimen

OFTEN = "daily; on alternate days; once, twice or three times weekly; monthly; every 2–3 months"
LONG = "for 2 weeks; for 1–2 weeks; for 7 doses; until …; for as long as …"
THEN = (
    "phases with a comma between, each how often (if the dose changes after the dose, with or "
    "without the regimen's route) and how long or 'after that', such as "
    "'250 µg weekly for 2 weeks, and monthly after that'; all but the last say how long"
)
"""What the columns ``first``, ``how long`` and ``then`` may say; days, weeks and months alike."""


@dataclass(frozen=True, slots=True)
class Span:
    """A length of time from ``least`` to ``most``, both in ``unit`` (UCUM: d, wk or mo)."""

    least: int
    most: int
    unit: str


@dataclass(frozen=True, slots=True)
class Timing:
    """How often and for how long, in the terms of FHIR's ``Timing.repeat``.

    ``frequency`` times in each ``period`` to ``period_max``, counted in ``period_unit`` (UCUM: d,
    wk or mo). It ends after ``bounds``, or after ``count`` doses, or by an end that no number
    gives, which ``until`` has in words; with none of the three it goes on.
    """

    frequency: int
    period: int
    period_max: int
    period_unit: str
    bounds: Span | None = None
    count: int | None = None
    until: str = ""

    @property
    def dated_end(self) -> bool:
        """Whether a number says when it ends."""
        return bool(self.bounds or self.count)


@dataclass(frozen=True, slots=True)
class Phase:
    """One phase of a regimen: the dose, the route, when; ``words`` say when as it is written."""

    dose: str
    route: str
    timing: Timing
    words: str


_WORDS: Mapping[str, Timing] = MappingProxyType(
    {
        "daily": Timing(1, 1, 1, "d"),
        "on alternate days": Timing(1, 2, 2, "d"),
        "weekly": Timing(1, 1, 1, "wk"),
        "once weekly": Timing(1, 1, 1, "wk"),
        "twice weekly": Timing(2, 1, 1, "wk"),
        "three times weekly": Timing(3, 1, 1, "wk"),
        "monthly": Timing(1, 1, 1, "mo"),
    }
)
_UNITS = {"day": "d", "week": "wk", "month": "mo"}
_COUNT = "[1-9][0-9]{0,2}"
_SPAN = re.compile(rf"(?P<least>{_COUNT})(?:–(?P<most>{_COUNT}))? (?P<unit>day|week|month)s?")
_AFTER_THAT = "after that"
_DOSES = re.compile(rf"for (?P<count>{_COUNT}) doses")
_OPEN = re.compile(r"(?:until|for as long as) \S.*")
_PHASE = re.compile(
    r"(?:(?P<dose>[0-9][0-9,.–]* [mµ]g) (?:(?P<route>\S.*?) )?)?"
    rf"(?P<often>{'|'.join(_WORDS)}|every \S+ [a-z]+)"
    rf"(?: (?P<long>(?:for|until) .+|{_AFTER_THAT}))?"
)
_COMMA = re.compile(r", (?:and )?")


def read_course(regimen: Regimen) -> tuple[Phase, ...]:
    """Read the phases of a regimen, in order; one that gives nothing has none.

    Raises ``ProtocolError`` where a cell says what the vocabulary does not know.
    """
    if not regimen.given:
        cells = {"first": regimen.first, "how long": regimen.how_long, "then": regimen.then}
        for column, cell in cells.items():
            if cell != EMPTY:
                raise _refusal(regimen, column, cell, f"{EMPTY}, because no dose is given")
        return ()
    often = _often(regimen.first)
    if often is None:
        raise _refusal(regimen, "first", regimen.first, OFTEN)
    timing = _lasting(often, regimen.how_long)
    if timing is None:
        raise _refusal(regimen, "how long", regimen.how_long, LONG)
    words = f"{regimen.first} {regimen.how_long}"
    phases = [Phase(regimen.dose, regimen.route, timing, words)]
    for words in _COMMA.split(regimen.then) if regimen.goes_on else ():
        phase = _following(words, phases[-1])
        if phase is None or not (phases[-1].timing.dated_end or phases[-1].timing.until):
            raise _refusal(regimen, "then", regimen.then, THEN)
        phases.append(phase)
    return tuple(phases)


def _often(words: str) -> Timing | None:
    """Read how often, without an end."""
    if words in _WORDS:
        return _WORDS[words]
    span = _span(words, "every ")
    return Timing(1, span.least, span.most, span.unit) if span else None


def _lasting(often: Timing, words: str) -> Timing | None:
    """Read how long, and let the timing end then."""
    if _OPEN.fullmatch(words):
        return replace(often, until=words)
    if doses := _DOSES.fullmatch(words):
        return replace(often, count=int(doses["count"]))
    span = _span(words, "for ")
    return replace(often, bounds=span) if span else None


def _following(words: str, before: Phase) -> Phase | None:
    """Read a phase that follows; a dose that it does not name stays as it was."""
    found = _PHASE.fullmatch(words)
    if not found or found["route"] not in (None, before.route):
        return None
    often, long = found["often"], found["long"]
    timing = _often(often)
    if timing and long and long != _AFTER_THAT:
        timing, often = _lasting(timing, long), f"{often} {long}"
    return Phase(found["dose"] or before.dose, before.route, timing, often) if timing else None


def _span(words: str, lead: str) -> Span | None:
    """Read a length of time, such as ``2–3 weeks``, after its leading word."""
    found = _SPAN.fullmatch(words.removeprefix(lead)) if words.startswith(lead) else None
    if not found:
        return None
    least, most = int(found["least"]), int(found["most"] or found["least"])
    return Span(least, most, _UNITS[found["unit"]]) if least <= most else None


def _refusal(regimen: Regimen, column: str, cell: str, expected: str) -> ProtocolError:
    place = replace(regimen.place, column=column)
    return ProtocolError(
        [ProtocolFault(place, f"{cell!r} cannot be dated", f"expected {expected}")]
    )
