"""The MMA ruler: this patient, the zones of the tables, and people, on one logarithmic scale."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from math import ceil, floor, log10
from typing import Any

from b12lib.deciding.assessment import Assessment, worked_out
from b12lib.deciding.evaluate import decide
from b12lib.deciding.fields import printed, readings
from b12lib.explaining.people import standings
from b12lib.explaining.wording import label, number, quantity, value_of
from b12lib.reading.people import People
from b12lib.reading.tables import DecisionTable, Rule
from b12lib.showing.figures.drawing import (
    BLUE,
    DASHES,
    GREEN,
    INK,
    LINE,
    SMALL,
    VERMILION,
    Spec,
    clear,
    datum,
    drawing,
    field,
    layer,
    place,
    raw,
)
from b12lib.showing.figures.figure import Figure
from b12lib.showing.readings import mma_readings

NAME, LIMIT, LEVEL = "mma", "mma_limit", "mma_level"
PEOPLE = 96
"""How high the tallest bar of people is, in pixels."""
ROW = LINE + 8
"""The height that a label and its mark take, in pixels."""
TAILS = (Decimal(25), Decimal(5))
"""The centiles that leave out as many people below as above: of the middle half, of 90 in 100."""


@dataclass(frozen=True, slots=True)
class _Mark:
    """A value on the scale: of a limit (``rule`` is empty for the laboratory's), or as read."""

    value: Decimal
    said: str
    rule: str = ""

    @property
    def told(self) -> str:
        return f"{self.rule} {self.said}".strip()


@dataclass(frozen=True, slots=True)
class _Scale:
    """A logarithmic scale over whole powers of ten."""

    low: int
    high: int

    @property
    def ends(self) -> tuple[float, float]:
        return 10.0**self.low, 10.0**self.high

    def right_half(self, value: Decimal) -> bool:
        return log10(value) > (self.low + self.high) / 2


def ruler(assessment: Assessment) -> Figure:
    """Draw MMA on a logarithmic scale: this patient, every limit of the tables, people.

    The number that the laboratory wrote is also shown as it would read in its other units. All
    values are in nmol/L, the protocol's unit; limits, centiles and factors are the protocol's.
    """
    protocol = assessment.protocol
    people = protocol.people[NAME]
    patient = assessment.values[NAME]
    limits = tuple(_limits(assessment))
    read = _readings(assessment)
    others = tuple(_others(assessment, read))
    shown = [people.lowest, people.highest, *(mark.value for mark in (*limits, *others))]
    shown += [patient] if isinstance(patient, Decimal) else []
    scale = _Scale(floor(log10(min(shown))), ceil(log10(max(shown))))
    rows = [
        ("This patient", value_of(NAME, assessment), _level(assessment)),
        *(("Limit", _written(mark.value, assessment), mark.said) for mark in limits),
        *(_people_rows(people, assessment)),
        *(("The same number in another unit", *row) for row in _other_rows(read)),
    ]
    return Figure(
        title="MMA of this patient, its limits, and people",
        alt=_alt(assessment, limits, others),
        spec=_drawing(assessment, scale, limits, others),
        head=("What", f"MMA, {printed(protocol.inputs[NAME], protocol)}", "Meaning"),
        rows=tuple(rows),
        note=(
            "Each long step to the right is ten times as much. Filled diamond: this patient; open "
            "circles: the same number, had the laboratory meant another unit; dashed lines: limits "
            "of the protocol's tables. The area of the bars shows how many people had such a "
            "value; they are those of a survey, no reference range."
        ),
    )


def _limits(assessment: Assessment) -> Iterator[_Mark]:
    """Yield the upper limit, and each limit that a table sets to MMA itself."""
    assumed = ", assumed" if LIMIT in assessment.assumed else ""
    upper = assessment.values[LIMIT]
    if isinstance(upper, Decimal):
        yield _Mark(upper, f"upper limit {_written(upper, assessment)}{assumed}")
    for table in assessment.protocol.tables:
        names = [column.name for column in table.columns]
        if NAME in names:
            yield from _limits_of(table, names.index(NAME), assessment)


def _limits_of(table: DecisionTable, position: int, assessment: Assessment) -> Iterator[_Mark]:
    step = assessment.protocol.inputs[NAME].precision
    cells = [(rule, rule.inputs[position]) for rule in table.rules]
    for limit in sorted({limit for _, cell in cells for limit in cell.limits}):
        for rule, cell in cells:  # the rule that begins just above it
            if cell.matches(limit + step) and not cell.matches(limit):
                said = f"above {_written(limit, assessment)}: {_answers(table, rule, assessment)}"
                yield _Mark(limit, said, rule.id)


def _answers(table: DecisionTable, rule: Rule, assessment: Assessment) -> str:
    """Write what a rule answers: a word as it is, a yes by the question that it answers."""
    said = zip(table.outputs, rule.outputs, strict=True)
    return ", ".join(
        label(name, assessment.protocol) if value is True else str(value) for name, value in said
    )


def _others(assessment: Assessment, read: list[list[str]]) -> Iterator[_Mark]:
    """Yield what the number would be in other units; units that agree are told together."""
    item = assessment.protocol.inputs[NAME]
    given = assessment.case.given.get(NAME)
    if given is None or given.number is None:
        return
    units: dict[Decimal, list[str]] = {}
    levels: dict[Decimal, str] = {}
    low, high = item.range
    for (unit, value), row in zip(readings(item, given.number).items(), read, strict=True):
        if low <= value <= high and item.round(value) != given.value:
            units.setdefault(item.round(value), []).append(assessment.protocol.units[unit].printed)
            levels[item.round(value)] = row[-1]
    for value, names in sorted(units.items()):
        yield _Mark(value, f"if {number(given.number)} {' or '.join(names)}: {levels[value]}")


def _readings(assessment: Assessment) -> list[list[str]]:
    """Return what the number means in each unit, as ``mma_readings`` does, or nothing."""
    given, limit = assessment.case.given.get(NAME), assessment.case.given.get(LIMIT)
    if given is None or given.number is None:
        return []
    _, rows = mma_readings(given.number, limit.written if limit else "", assessment.protocol)
    return rows


def _other_rows(read: list[list[str]]) -> list[tuple[str, str]]:
    return [(f"{row[0]} = {row[1]}" if row[1] else row[0], row[-1]) for row in read]


def _people_rows(people: People, assessment: Assessment) -> Iterator[tuple[str, str, str]]:
    who = f"of {number(Decimal(people.count))} people"
    yield "People", _written(people.lowest, assessment), f"the lowest {who}"
    for share, value in people.centiles.items():
        yield "People", _written(value, assessment), f"not exceeded by {share} in 100 {who}"
    yield "People", _written(people.highest, assessment), f"the highest {who}"


def _written(value: Decimal, assessment: Assessment) -> str:
    return quantity(assessment.protocol.inputs[NAME], value, assessment.protocol)


def _level(assessment: Assessment) -> str:
    return str(assessment[LEVEL].value or "not measured")


def _alt(assessment: Assessment, limits: Sequence[_Mark], others: Sequence[_Mark]) -> str:
    standing = standings(assessment).get(NAME)
    said = (
        f"This patient's MMA is {value_of(NAME, assessment)}: {_level(assessment)}, {standing}"
        if standing
        else "This patient's MMA was not measured"
    )
    parts = [said]
    if limits:
        parts.append("Limits: " + "; ".join(mark.said for mark in limits))
    if others:
        parts.append("The same number in another unit: " + "; ".join(mark.said for mark in others))
    return ". ".join(parts) + "."


def _drawing(
    assessment: Assessment, scale: _Scale, limits: Sequence[_Mark], others: Sequence[_Mark]
) -> Spec:
    """Draw from top to bottom: the limits, the people, this patient, the other readings."""
    patient = assessment.values[NAME]
    said = f"this patient: {value_of(NAME, assessment)}, {_level(assessment)}"
    own = [_Mark(patient, said)] if isinstance(patient, Decimal) else []
    people = ROW * (len(limits) + 1) + PEOPLE
    height = people + ROW * (len(own) + len(others) + 1)

    def spots(marks: Sequence[_Mark], top: float) -> list[dict[str, Any]]:
        """Place marks below each other, each with its label on the side that has room."""
        return [
            {
                "x": float(mark.value),
                "y": top + ROW * row,
                "bottom": height,
                "said": mark.told,
                "align": "right" if scale.right_half(mark.value) else "left",
                "away": -10 if scale.right_half(mark.value) else 10,
            }
            for row, mark in enumerate(marks, 1)
        ]

    limited = spots(sorted(limits, key=lambda mark: mark.value, reverse=True), 0)
    here = spots(own, people)
    elsewhere = spots(others, people + ROW * len(own))
    x = _axis(assessment, scale)
    at = {"x": x, "y": place("y")}
    down = {**at, "y2": place("bottom")}
    named = {**at, "text": raw("said")}
    beside = clear(align=datum("align"), dx=datum("away"))
    dashed = {"color": BLUE, "strokeDash": DASHES, "strokeWidth": 1.5}
    point = {"color": VERMILION, "opacity": 1}
    bars, told = _people(assessment, x, people)
    return drawing(
        [
            *_zones(assessment, scale, limits, height, x),
            bars,
            layer("rule", limited, down, **dashed),
            layer("rule", [{**mark, "y": 0} for mark in here], down, color=VERMILION),
            told,
            layer("text", limited, named, **beside),
            layer("point", here, at, shape="diamond", filled=True, size=220, **point),
            layer("text", here, named, fontWeight="bold", **beside),
            layer("point", elsewhere, at, size=90, strokeWidth=2, **point),
            layer("text", elsewhere, named, fontSize=SMALL, **beside),
        ],
        height,
    )


def _axis(assessment: Assessment, scale: _Scale) -> Spec:
    item, units = assessment.protocol.inputs[NAME], assessment.protocol.units
    tens = "abs(log(datum.value) / LN10 - round(log(datum.value) / LN10)) < 0.001"
    said = "format(datum.value, ',')"
    given = assessment.case.given.get(NAME)
    if given and given.unit != item.unit:  # each number once more, as the laboratory writes it
        other = f"format(datum.value / {item.factors[given.unit]}, ',.3~r')"
        said = f"[{said}, {other} + ' {units[given.unit].printed}']"
    return field(
        "x",
        scale={"type": "log", "domain": scale.ends, "nice": False},
        axis={
            "grid": False,
            "labelExpr": f"{tens} ? {said} : ''",
            "tickSize": {"condition": {"test": tens, "value": 8}, "value": 4},
            "title": f"{item.label}, {printed(item, assessment.protocol)}, logarithmic scale",
        },
    )


def _zones(
    assessment: Assessment, scale: _Scale, limits: Sequence[_Mark], height: float, x: Spec
) -> list[Spec]:
    """Shade what the table of MMA answers between the limits, the darker the higher."""
    low, high = map(Decimal, scale.ends)
    between = sorted({low, high, *(mark.value for mark in limits)})
    zones: list[dict[str, Any]] = []
    for start, end in pairwise(between):
        said = _level_at((start * end).sqrt(), assessment)
        if zones and zones[-1]["said"] == said:
            zones[-1]["end"] = float(end)
        elif said:
            zones.append({"said": said, "x": float(start), "end": float(end)})
    for step, zone in enumerate(zones):
        middle = float((Decimal(zone["x"]) * Decimal(zone["end"])).sqrt())
        zone |= {"top": 0, "height": height, "middle": middle, "shade": 0.05 * step}
    return [
        layer(
            "rect",
            zones,
            {
                "x": x,
                "x2": {"field": "end"},
                "y": place("top"),
                "y2": place("height"),
                "opacity": raw("shade"),
            },
            color=INK,
        ),
        layer(
            "text",
            zones,
            {"x": {**x, "field": "middle"}, "y": place("top"), "text": raw("said")},
            fontStyle="italic",
            dy=-9,
        ),
    ]


def _level_at(value: Decimal, assessment: Assessment) -> str:
    """Say what the table of MMA would answer this patient at another value, if that is known."""
    table, values = assessment[LEVEL].outcome.table, {**assessment.values, NAME: value}
    for column in table.columns:
        item = assessment.protocol.inputs[column.name]
        if item.formula:
            values[column.name] = worked_out(item, values, {})
    possible = {name: (value,) for name, value in values.items() if value is not None}
    answers = decide(table, possible).answers(LEVEL)
    return str(answers[0]) if len(answers) == 1 else ""


def _people(assessment: Assessment, x: Spec, bottom: float) -> tuple[Spec, Spec]:
    """Draw a bar from each centile to the next, whose area is the share of people between them.

    Returns the bars, and what is said beside them.
    """
    people = assessment.protocol.people[NAME]
    ends = [(Decimal(0), people.lowest), *people.centiles.items(), (Decimal(100), people.highest)]
    dense = [
        float(share - below) / (log10(value) - log10(lower))
        for (below, lower), (share, value) in pairwise(ends)
    ]
    bars = [
        {
            "x": float(lower),
            "end": float(value),
            "y": bottom - max(PEOPLE * density / max(dense), 1.5),
            "bottom": bottom,
            "shade": 0.25 + 0.3 * sum(tail <= below and share <= 100 - tail for tail in TAILS),
        }
        for ((below, lower), (share, value)), density in zip(pairwise(ends), dense, strict=True)
    ]
    half, most = (
        f"{number(people.centiles[tail])} to {_written(people.centiles[100 - tail], assessment)}"
        for tail in TAILS
    )
    told = [
        f"{number(Decimal(people.count))} people of a survey",
        f"dark: the middle half of them, {half}",
        f"paler: 90 in 100, {most}",
        f"palest: all, {number(people.lowest)} to {_written(people.highest, assessment)}",
    ]
    words = [
        {
            "x": float(people.centiles[100 - TAILS[-1]]),
            "y": bottom - PEOPLE + LINE * i,
            "said": said,
        }
        for i, said in enumerate(told)
    ]
    return (
        layer(
            "rect",
            bars,
            {
                "x": x,
                "x2": {"field": "end"},
                "y": place("y"),
                "y2": place("bottom"),
                "opacity": raw("shade"),
            },
            color=GREEN,
        ),
        layer(
            "text",
            words,
            {"x": x, "y": place("y"), "text": raw("said")},
            **clear(align="left", dx=8, dy=8, fontSize=SMALL),
        ),
    )
