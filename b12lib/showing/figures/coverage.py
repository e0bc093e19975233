"""The coverage map: every rule of every table, and how many worked cases fire it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from b12lib.reading.protocol import Protocol
from b12lib.reading.tables import DecisionTable
from b12lib.showing.figures.drawing import (
    BLUE,
    DASHES,
    LINE,
    SMALL,
    VERMILION,
    Spec,
    drawing,
    layer,
    place,
    raw,
)
from b12lib.showing.figures.figure import Figure
from b12lib.verifying.coverage import Coverage, RuleCoverage

WIDTH = 860
CELL, TALL = 38, 24
"""How wide and how high a rule is, in pixels."""
APART = 14
"""The space between two tables, in pixels."""
LETTER = 6.2
"""The width of a letter of a table's name, on average, in pixels."""
SHADES = {
    0: ("0", 0.0),
    1: ("1", 0.04),
    2: ("2–4", 0.14),
    5: ("5–9", 0.25),
    10: ("10–19", 0.37),
    20: ("20+", 0.5),
}
"""From how many cases on a cell takes which shade, and how the legend calls it.

Text on the strongest can still be read.
"""
FRAMES: dict[str, dict[str, Any]] = {
    "tried": {"stroke": BLUE, "strokeWidth": 1},
    "idle": {"stroke": VERMILION, "strokeWidth": 1.5, "strokeDash": [2, 2]},
    "never": {"stroke": VERMILION, "strokeWidth": 3, "strokeDash": DASHES},
}
"""How the frame of a rule looks: tried; with a condition that decides in no case; fired by none."""


def coverage_map(protocol: Protocol, coverage: Coverage) -> Figure:
    """Draw every rule as a cell under the name of its table, the darker the more cases fire it.

    ``coverage`` is that of ``b12lib.verifying.coverage``, or of a whole ``Verification``.
    """
    rules = {item.rule: item for item in coverage.rules}
    return Figure(
        title=f"Rules that worked cases try: {protocol.header.title}, {protocol.version}",
        alt=_alt(protocol, coverage),
        spec=_drawing(protocol, rules),
        head=("Table", "Rule", "Cases that fire it", "Conditions that decide in no case"),
        rows=tuple(
            (table.title, rule.id, str(len(rules[rule.id].fired)), ", ".join(_idle(rules[rule.id])))
            for table in _in_file_order(protocol)
            for rule in table.rules
        ),
        note=(
            "One cell a rule, by chapter and table; the darker, the more worked cases fire it. "
            "Thick dashed frame: no case fires it. Thin dashed frame: a condition of it decides in "
            "no case."
        ),
    )


def _idle(found: RuleCoverage) -> list[str]:
    return [column for column, cases in found.decisive.items() if not cases]


def _in_file_order(protocol: Protocol) -> list[DecisionTable]:
    return sorted(protocol.written, key=lambda table: table.place)


def _alt(protocol: Protocol, coverage: Coverage) -> str:
    total, never = len(coverage.rules), coverage.never_fired
    idle = coverage.never_decisive
    fired = (
        f"{total - len(never)} of {total} rules in {len(protocol.written)} tables fire in a case"
    )
    parts = [fired]
    if never:
        parts.append(f"No case fires {', '.join(never)}")
    if idle:
        cells = ", ".join(f"{column} of {rule}" for rule, column in idle)
        parts.append(f"Decided in no case: {cells}")
    return ". ".join(parts) + "."


def _drawing(protocol: Protocol, rules: Mapping[str, RuleCoverage]) -> Spec:
    titles = {chapter.file: chapter.header.title for chapter in protocol.chapters}
    names: list[dict[str, Any]] = []
    cells: list[dict[str, Any]] = []
    y = _legend(cells, names)
    for file, tables in groupby(_in_file_order(protocol), lambda table: table.place.file):
        names.append({"x": 0, "y": y + LINE / 2, "said": titles[file], "weight": "bold"})
        y += LINE + 4
        x = 0.0
        for table in tables:
            wide = max(CELL * len(table.rules), LETTER * len(table.title))
            if x and x + wide > WIDTH:
                x, y = 0.0, y + LINE + TALL + 10
            names.append({"x": x, "y": y + LINE / 2, "said": table.title, "weight": "normal"})
            cells += (
                _cell(rules[rule.id], x + CELL * i, y + LINE) for i, rule in enumerate(table.rules)
            )
            x += wide + APART
        y += LINE + TALL + 18
    return drawing(list(_layers(cells, names)), y, WIDTH)


def _legend(cells: list[dict[str, Any]], names: list[dict[str, Any]]) -> float:
    """Show the shades and what they mean; return where the map begins."""
    names.append({"x": 0, "y": TALL / 2, "said": "worked cases:", "weight": "normal"})
    for i, (least, (said, shade)) in enumerate(SHADES.items()):
        kind = "tried" if least else "never"
        cells.append(_box(said, 90 + (CELL + APART) * i, 0, shade, kind))
    return TALL + 2 * APART


def _cell(found: RuleCoverage, x: float, y: float) -> dict[str, Any]:
    kind = "never" if not found.fired else "idle" if _idle(found) else "tried"
    _, shade = SHADES[max(least for least in SHADES if least <= len(found.fired))]
    return _box(found.rule, x, y, shade, kind)


def _box(said: str, x: float, y: float, shade: float, kind: str) -> dict[str, Any]:
    ends = {"x2": x + CELL - 3, "y2": y + TALL}
    middle = {"middle": x + (CELL - 3) / 2, "line": y + TALL / 2 + 1}
    return {"said": said, "x": x, "y": y, "shade": shade, "kind": kind} | ends | middle


def _layers(cells: Sequence[dict[str, Any]], names: Sequence[dict[str, Any]]) -> Iterator[Spec]:
    at = {"x": place("x"), "y": place("y")}
    ends = {**at, "x2": {"field": "x2"}, "y2": {"field": "y2"}}
    for kind, frame in FRAMES.items():
        boxes = [cell for cell in cells if cell["kind"] == kind]
        shade = {**ends, "fillOpacity": raw("shade")}
        yield layer("rect", boxes, shade, fill=BLUE, cornerRadius=2, **frame)
    inside = {"x": place("middle"), "y": place("line"), "text": raw("said")}
    yield layer("text", cells, inside, fontSize=SMALL - 1)
    for weight in ("normal", "bold"):
        said = [name for name in names if name["weight"] == weight]
        text = {**at, "text": raw("said")}
        yield layer("text", said, text, align="left", fontSize=SMALL, fontWeight=weight)
