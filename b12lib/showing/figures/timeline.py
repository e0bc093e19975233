"""The timeline: what to expect after the first dose, and what the visits found of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise, zip_longest
from math import log1p
from typing import Any

from b12lib.deciding.assessment import Assessment, worked_out
from b12lib.deciding.evaluate import decide
from b12lib.deciding.fields import printed
from b12lib.explaining.dates import dates, day_after, first_dose, length
from b12lib.explaining.wording import filled, inside, quantity, word, words
from b12lib.reading.catalogues import ScheduleItem
from b12lib.reading.dictionary import Input
from b12lib.reading.feel import Value
from b12lib.reading.protocol import Protocol
from b12lib.reading.tables import DecisionTable
from b12lib.reading.visits import DAY
from b12lib.showing.figures.drawing import (
    BLUE,
    DASHES,
    GREEN,
    INK,
    LINE,
    PAPER,
    SMALL,
    WIDTH,
    Spec,
    clear,
    datum,
    field,
    layer,
    lines,
    place,
    raw,
)
from b12lib.showing.figures.figure import Figure

NOW, LIMIT = "_now", "_limit"
"""Endings: of what a visit found in the place of what was there before; of the upper limit."""
EXPECTED = "expected_response"
PANEL = 90
"""How high the panel of one value is, in pixels."""
NOTHING = "No response is expected: nothing is given, or that is not decided"
BEND = 5
"""Days that have most room on the scale of time."""
WIDE_SPREAD = 20
"""How many times the lowest value the highest is where a panel takes a logarithmic scale."""
LETTER = 6
"""The width of a letter of the smallest text, in pixels."""


@dataclass(frozen=True, slots=True)
class _Found:
    """A value on a day, and in which word the protocol judges it there; none before treatment."""

    day: int
    value: Decimal
    judged: str = ""


@dataclass(frozen=True, slots=True)
class _Course:
    """What was found of one value; ``limits`` are those that change what a table says of it."""

    item: Input
    found: tuple[_Found, ...]
    limits: tuple[Decimal, ...]


def timeline(assessment: Assessment) -> Figure:
    """Draw the expected response of a case, and below it each value that its visits followed.

    Time counts from the first dose and is drawn on a scale that gives the first days most room.
    Bands are the times between which the protocol's tables tell apart what can have answered.
    """
    items = _expected(assessment)
    courses = tuple(_courses(assessment))
    return Figure(
        title="Response to treatment: what to expect, and what was found",
        alt=_alt(items, courses, assessment),
        spec=_drawing(items, courses, assessment),
        head=("What", "When", "Value or aim", "Judged"),
        rows=tuple(_rows(items, courses, assessment)),
        note=(
            "The first days have most room on the scale. Bars: when to expect a response; dashed, "
            "the protocol gives no date. Below, each value that a visit followed, and the word in "
            "which the protocol judges it that day; the open circle is from before treatment, "
            "dashed lines are limits of the tables for this patient."
        ),
    )


def _expected(assessment: Assessment) -> list[ScheduleItem]:
    answer = assessment[EXPECTED]
    return [assessment.protocol.schedule[str(value)] for value in answer.values if answer.known]


def _courses(assessment: Assessment) -> Iterator[_Course]:
    """Yield what visits found of each value that the protocol judges against time."""
    for name, decision in _judged(assessment.protocol).items():
        found = [
            _Found(visit.visit.day, value, words(visit[decision].values))
            for visit in assessment.visits
            if isinstance(value := visit.values[name], Decimal)
        ]
        before = assessment.values.get(name.removesuffix(NOW))
        if found and isinstance(before, Decimal):
            found.insert(0, _Found(0, before))
        if found:
            item = assessment.protocol.visits.inputs[name]
            yield _Course(item, tuple(found), tuple(_limits(item, assessment)))


def _judged(protocol: Protocol) -> dict[str, str]:
    """Name, for each value of a visit, the decision that rests on it and on the day alone."""
    judged = {}
    for name in protocol.visits.decisions:
        values = _rests_on(name, protocol)
        if len(values) == 2 and DAY in values:
            (value,) = values - {DAY}
            if protocol.visits.inputs[value].kind == "quantity":
                judged[value] = name
    order = list(protocol.visits.inputs)
    return {name: judged[name] for name in sorted(judged, key=order.index)}


def _rests_on(name: str, protocol: Protocol) -> frozenset[str]:
    """Name the values of a visit that a decision was made of, through formulas and tables."""
    stage = protocol.visits
    if name in stage.inputs:
        item = stage.inputs[name]
        if item.may_be_given or not item.formula:
            return frozenset({name})
        formula = item.formula
        return frozenset[str]().union(*(_rests_on(n, protocol) for n in formula.names))
    for table in stage.tables:
        if name in table.outputs:
            return frozenset[str]().union(*(_rests_on(c.name, protocol) for c in table.columns))
    return frozenset()


def _limits(item: Input, assessment: Assessment) -> Iterator[Decimal]:
    """Yield the limits at which a table changes what it says of a value, whatever the day."""
    protocol = assessment.protocol
    laboratory = assessment.values.get(item.name.removesuffix(NOW) + LIMIT)
    for table in protocol.visits.tables:
        resting = [_rests_on(column.name, protocol) for column in table.columns]
        if frozenset[str]().union(*resting) != {item.name}:
            continue
        own = {
            limit
            for position, column in enumerate(table.columns)
            for rule in table.rules
            for limit in rule.inputs[position].limits
            if column.name == item.name
        }
        own |= {laboratory} if isinstance(laboratory, Decimal) else set()
        for limit in sorted(own):
            around = [limit + step for step in (-item.precision, Decimal(0), item.precision)]
            if len({_said(table, item, value, assessment) for value in around}) > 1:
                yield limit


def _said(
    table: DecisionTable, item: Input, value: Decimal, assessment: Assessment
) -> tuple[Value, ...]:
    """Return what a table would answer of a value found at a visit."""
    values = {**assessment.values, item.name: value}
    for name, other in assessment.protocol.visits.inputs.items():
        if other.formula and name != item.name:
            values[name] = worked_out(other, values, {})
    possible = {name: (known,) for name, known in values.items() if known is not None}
    return decide(table, possible).answers(table.outputs[0])


def _phases(protocol: Protocol) -> Iterator[tuple[Decimal, str]]:
    """Yield the day on which each time of the treatment begins, and what the tables call it."""
    for table in protocol.visits.tables:
        if [column.name for column in table.columns] == [DAY]:
            limits = (rule.inputs[0].limits for rule in table.rules)
            for start in sorted(frozenset({Decimal(0)}).union(*limits)):
                yield start, word(table.hits((start,))[0].outputs[0])


def _when(item: ScheduleItem, assessment: Assessment) -> str:
    """Say when an item is due, by date too where the first dose has one."""
    start = first_dose(assessment)
    on = dates(start, item.from_, item.to) if start else ""
    return f"{item.when} ({on})" if on else item.when


def _day(period: str) -> int:
    """Return the day on which a period after the first dose is over; of none, the first day."""
    return day_after(0, *length(period), None) if period else 0


def _alt(items: Sequence[ScheduleItem], courses: Sequence[_Course], assessment: Assessment) -> str:
    told = [f"{_when(item, assessment)}: {inside(filled(item.what, assessment))}" for item in items]
    parts = [f"To expect: {'; '.join(told)}" if told else NOTHING]
    for course in courses:
        values = (
            f"day {one.day} {quantity(course.item, one.value, assessment.protocol)}"
            + (f" ({one.judged})" if one.judged else "")
            for one in course.found
        )
        parts.append(f"{course.item.label}: {', '.join(values)}")
    return ". ".join(parts) + "."


def _rows(
    items: Sequence[ScheduleItem], courses: Sequence[_Course], assessment: Assessment
) -> Iterator[tuple[str, str, str, str]]:
    for item in items:
        what, aim = (filled(text, assessment) for text in (item.what, item.aim))
        yield what, _when(item, assessment), aim, "expected"
    for course in courses:
        for one in course.found:
            value = quantity(course.item, one.value, assessment.protocol)
            yield course.item.label, f"day {one.day}", value, one.judged


def _drawing(
    items: Sequence[ScheduleItem], courses: Sequence[_Course], assessment: Assessment
) -> Spec:
    phases = list(_phases(assessment.protocol))
    days = [one.day for course in courses for one in course.found]
    starts = [float(start) for start, _ in phases]
    ends = [*starts, 1.6 * max([starts[-1], *days])]
    bands = [
        {"day": start, "end": end, "said": said, "shade": 0.06 * (i % 2)}
        for i, ((_, said), (start, end)) in enumerate(zip(phases, pairwise(ends), strict=True))
    ]
    time = [_time(ends, axis=i == len(courses)) for i in range(len(courses) + 1)]
    parts = [_expectation(items, bands, ends, time[0], assessment)]
    for course, x in zip(courses, time[1:], strict=True):
        parts.append(_panel(course, bands, ends, x, assessment.protocol))
    return {"vconcat": parts, "spacing": 14}


def _time(ends: Sequence[float], axis: bool) -> Spec:
    """Return the scale of time, which all parts share; one of them shows it."""
    shown = {
        "grid": False,
        "labelOverlap": False,
        "title": "days since the first dose",
        "values": ends[:-1],
    }
    scale = {"type": "symlog", "constant": BEND, "domain": [0, ends[-1]], "nice": False}
    return field(DAY, scale=scale, axis=shown if axis else None)


def _bands(bands: Sequence[Mapping[str, Any]], x: Spec, height: float) -> Spec:
    """Shade every other time of the treatment over the height of a part."""
    values = [{**band, "top": 0, "bottom": height} for band in bands]
    encoding = {"x": x, "x2": {"field": "end"}, "y": place("top"), "y2": place("bottom")}
    return layer("rect", values, {**encoding, "opacity": raw("shade")}, color=INK)


def _expectation(
    items: Sequence[ScheduleItem],
    bands: Sequence[Mapping[str, Any]],
    ends: Sequence[float],
    x: Spec,
    assessment: Assessment,
) -> Spec:
    """Draw the names of the times, and below them a bar for each response to expect."""
    names = [name for band in bands for name in _names(band, ends[-1])]
    top = max(name["y"] for name in names) + LINE
    bars: list[dict[str, Any]] = []
    open_: list[dict[str, Any]] = []
    if not items:
        names.append({"x": WIDTH / 2, "y": top, "said": f"{NOTHING}."})
        top += LINE
    for row, item in enumerate(items):
        said = f"{_when(item, assessment)}: {inside(filled(item.what, assessment))}"
        start, end = _day(item.from_), _day(item.to or item.from_)
        bar = {DAY: start, "end": end, "said": said}
        bar |= {"y": top + LINE * 2 * row + LINE}
        (bars if item.from_ else open_).append(bar)
    height = top + LINE * 2 * len(items)
    open_ = [{**bar, "end": ends[-1]} for bar in open_]
    at = {"x": x, "y": place("y")}
    spans = {**at, "x2": {"field": "end"}}
    return {
        "width": WIDTH,
        "height": height,
        "layer": [
            _bands(bands, x, height),
            layer(
                "text",
                names,
                {"x": place("x"), "y": place("y"), "text": raw("said")},
                fontSize=SMALL - 1,
            ),
            layer("rule", bars, spans, color=GREEN, strokeWidth=8),
            layer("rule", open_, spans, color=GREEN, strokeWidth=2, strokeDash=DASHES),
            layer(
                "text",
                [*bars, *open_],
                {**at, "text": raw("said")},
                **clear(align="left", dy=-12, fontSize=SMALL),
            ),
        ],
    }


def _names(band: Mapping[str, Any], last: float) -> Iterator[dict[str, Any]]:
    """Write the name of a time in the middle of its band, in as many lines as it needs."""
    left, right = (WIDTH * log1p(band[end] / BEND) / log1p(last / BEND) for end in (DAY, "end"))
    for row, part in enumerate(lines(band["said"], int((right - left) / LETTER))):
        yield {"x": (left + right) / 2, "y": LINE * (row + 0.5), "said": part}


def _panel(
    course: _Course,
    bands: Sequence[Mapping[str, Any]],
    ends: Sequence[float],
    x: Spec,
    protocol: Protocol,
) -> Spec:
    """Draw the course of one value: before treatment, at each visit, and the limits of it."""
    values = [float(one.value) for one in course.found] + list(map(float, course.limits))
    steep = min(values) > 0 and max(values) > WIDE_SPREAD * min(values)
    scale = {"type": "log"} if steep else {"zero": False}
    y = field(
        "value",
        scale={**scale, "nice": True, "padding": 14},
        axis={"grid": False, "tickCount": 3, "title": None, "minExtent": 52, "format": ",~r"},
    )
    points = [
        {
            DAY: one.day,
            "value": float(one.value),
            "said": one.judged,
            "away": -11 if following and following.value < one.value else 11,
        }
        for one, following in zip_longest(course.found, course.found[1:])
    ]
    at = {"x": x, "y": y}
    limits = [
        {"value": float(v), "said": quantity(course.item, v, protocol), DAY: ends[-1]}
        for v in course.limits
    ]
    before = [point for point in points if not point["said"]]
    after = [point for point in points if point["said"]]
    return {
        "title": {
            "text": f"{course.item.label}, {printed(course.item, protocol)}",
            "anchor": "start",
            "color": INK,
            "fontSize": SMALL,
            "offset": 4,
        },
        "width": WIDTH,
        "height": PANEL,
        "layer": [
            _bands(bands, x, PANEL),
            layer("rule", limits, {"y": y}, color=INK, strokeDash=DASHES, opacity=0.7),
            layer(
                "text",
                limits,
                {**at, "text": raw("said")},
                **clear(align="right", dy=-7, fontSize=SMALL - 1),
            ),
            layer("line", points, at, strokeWidth=2),
            layer(
                "point",
                before,
                at,
                filled=True,
                fill=PAPER,
                stroke=BLUE,
                size=70,
                strokeWidth=2,
                opacity=1,
            ),
            layer("point", after, at, filled=True, color=BLUE, size=80, opacity=1),
            layer(
                "text",
                after,
                {**at, "text": raw("said")},
                **clear(align="left", dx=6, dy=datum("away"), fontSize=SMALL),
            ),
        ],
    }
