"""The calendar of a treatment: when doses, blood tests and reviews fall, one line each."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import groupby, pairwise
from math import log1p
from typing import Any

from b12lib.explaining.calendar import Calendar, Event
from b12lib.explaining.wording import inside
from b12lib.showing.figures.drawing import (
    BLUE,
    GREEN,
    INK,
    LINE,
    SMALL,
    VERMILION,
    WIDTH,
    Spec,
    clear,
    drawing,
    field,
    layer,
    lines,
    place,
    raw,
)
from b12lib.showing.figures.figure import Figure

BEND = 20
"""Days that have most room on the scale of time."""
APART = 80
"""The least distance of two labels of the scale of time, in pixels."""
LANE = LINE + 4
"""The height that a line takes without the words above it, in pixels."""
WIDE = 112
"""Letters in a line of words."""
BELOW = 48
"""From the scale of time to the remarks, in pixels."""
LOOKS: dict[str, dict[str, Any]] = {
    "dose": {"color": BLUE, "shape": "circle"},
    "blood test": {"color": VERMILION, "shape": "triangle-up"},
    "review": {"color": INK, "shape": "square"},
    "response": {"color": GREEN, "shape": "diamond"},
}
"""How an event of each kind looks."""


def calendar(planned: Calendar) -> Figure:
    """Draw the events of a calendar on a scale that gives the first weeks most room.

    Events of one kind that are the same thing share a line; what may fall on any day of a window is
    a bar, from the first of these days to the last.
    """
    lanes = _lanes(planned.events)
    told = [*planned.remarks, *_undated(planned)]
    return Figure(
        title="Calendar of the treatment",
        alt=" ".join([*(f"{_said(lane)}." for lane in lanes), *told]),
        spec=_drawing(planned, lanes, told),
        head=("When", "Kind", "What", "How it came to fall there"),
        rows=tuple((_when(e), e.kind, e.what, e.note) for e in planned.events),
        note=" ".join(_legend(planned, lanes)),
    )


def _lanes(events: Sequence[Event]) -> list[list[Event]]:
    """Sort the events into lines: by kind, doses first, and by what they are."""
    order = {kind: i for i, kind in enumerate(LOOKS)}
    known = [event.what for event in events]
    ordered = sorted(events, key=lambda e: (order[e.kind], known.index(e.what), e.day))
    return [list(lane) for _, lane in groupby(ordered, key=lambda e: (e.kind, e.what))]


def _legend(planned: Calendar, lanes: Sequence[Sequence[Event]]) -> Iterator[str]:
    """Say what the marks mean that are drawn."""
    points = [event for event in planned.events if not _is_bar(event, planned)]
    kinds = {event.kind for event in points}
    shapes = [
        f"{look['shape'].removesuffix('-up')}: {kind}"
        for kind, look in LOOKS.items()
        if kind in kinds
    ]
    if shapes:
        yield f"{'; '.join(shapes).capitalize()}."
    if not all(event.certain for event in points):
        yield "Open: only if the phase lasts that long."
    if len(points) < len(planned.events):
        yield "Bar: on one of these days."
    doses = (lane for lane in lanes if lane[0].kind == "dose")
    if any(one.last_day >= next_.day for lane in doses for one, next_ in pairwise(lane)):
        yield (
            "Bars of doses that overlap are one dose after the other, each counted from the one "
            "before: the later, the wider its window."
        )
    yield "The first weeks have most room on the scale."


def _is_bar(event: Event, planned: Calendar) -> bool:
    """Tell whether an event may fall on several days of the calendar."""
    return min(event.last_day, planned.days) > event.day


def _undated(planned: Calendar) -> Iterator[str]:
    if planned.undated:
        named = "; ".join(f"{row.when}: {inside(row.what)}" for row in planned.undated)
        yield f"Without a day: {named}."


def _when(event: Event) -> str:
    days = f"day {event.day}" + (f" to {event.last_day}" if event.last_day > event.day else "")
    if not event.date:
        return days
    on = str(event.date)
    return f"{days} ({on} to {event.last_date})" if event.last_day > event.day else f"{days} ({on})"


def _said(lane: Sequence[Event]) -> str:
    """Say when the events of a line fall; of many, the first three, the last and their number."""
    shown = [_when(event) for event in lane]
    if len(shown) > 5:
        shown = [*shown[:3], "…", f"{shown[-1]}, {len(lane)} times in all"]
    return f"{lane[0].kind.capitalize()}: {inside(lane[0].what)}: {', '.join(shown)}"


def _drawing(planned: Calendar, lanes: Sequence[Sequence[Event]], told: Sequence[str]) -> Spec:
    x = _time(planned, lanes)
    at = {"x": x, "y": place("y")}
    bars: list[dict[str, Any]] = []
    points: list[dict[str, Any]] = []
    names = []
    height = 0
    for lane in lanes:
        name = lines(f"{lane[0].kind}: {inside(lane[0].what)}", WIDE)
        names += _below(name, height + LANE / 2)
        height += LINE * len(name) + LANE
        middle = height - LANE / 2
        for number, event in enumerate(lane):
            kind = event.kind if event.certain else f"{event.kind}, perhaps"
            if _is_bar(event, planned):
                last = min(event.last_day, planned.days)
                step = 4 * (number % 3 - 1) if len(lane) > 1 else 0
                bars.append({"day": event.day, "end": last, "y": middle + step, "kind": event.kind})
            else:
                points.append({"day": event.day, "y": middle, "kind": kind})
    remarks = [part for remark in told for part in lines(remark, WIDE)]
    height = max(height, LANE)
    names += _below(remarks, height + BELOW)
    text = {"x": {"value": 0}, "y": place("y"), "text": raw("said")}
    words = layer("text", names, text, **clear(align="left", fontSize=SMALL))
    return drawing([*_marks(bars, points, at), words], height)


def _below(said: Sequence[str], top: float) -> list[dict[str, Any]]:
    """Place lines of text below each other."""
    return [{"y": top + LINE * row, "said": part} for row, part in enumerate(said)]


def _time(planned: Calendar, lanes: Sequence[Sequence[Event]]) -> Spec:
    """Return the scale of time, labelled where there is room: at checks, for doses are too many."""
    shown: list[int] = []
    checks = (event.day for lane in lanes for event in lane if event.kind != "dose")
    for day in sorted({0, planned.days, *checks}):
        if not shown or _across(day, planned.days) - _across(shown[-1], planned.days) >= APART:
            shown.append(day)
    start = planned.start
    labels = {
        day: [f"day {day}", *([str(start + timedelta(day))] if start else [])] for day in shown
    }
    return field(
        "day",
        scale={
            "type": "symlog",
            "constant": BEND,
            "domain": [0, planned.days],
            "nice": False,
        },
        axis={
            "grid": True,
            "values": shown,
            "labelOverlap": False,
            "labelExpr": f"({json.dumps(labels)})[datum.value]",
            "title": None,
        },
    )


def _across(day: int, last: int) -> float:
    return WIDTH * log1p(day / BEND) / log1p(last / BEND)


def _marks(
    bars: Sequence[dict[str, Any]], points: Sequence[dict[str, Any]], at: Spec
) -> Iterator[Spec]:
    for kind, look in LOOKS.items():
        windows = [bar for bar in bars if bar["kind"] == kind]
        span = {**at, "x2": {"field": "end"}}
        yield layer("rule", windows, span, color=look["color"], strokeWidth=4)
        sure = [point for point in points if point["kind"] == kind]
        yield layer("point", sure, at, filled=True, size=60, opacity=1, **look)
        perhaps = [point for point in points if point["kind"] == f"{kind}, perhaps"]
        yield layer("point", perhaps, at, filled=False, size=60, opacity=1, **look)
