"""The guidelines: what each of them answers, and where one differs from the first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile
from string import ascii_uppercase
from typing import Any

from b12lib.explaining.comparison import BASE, Comparison, Position, Row, Side
from b12lib.explaining.wording import words
from b12lib.reading.protocol import Protocol
from b12lib.showing.figures.drawing import (
    BLUE,
    DASHES,
    INK,
    LINE,
    SMALL,
    VERMILION,
    Spec,
    drawing,
    layer,
    lines,
    place,
    raw,
)
from b12lib.showing.figures.figure import Figure

LABEL, CELL = 150, 152
"""Widths of a decision's name and of an answer, in pixels."""
LETTERS = 21
"""Letters in a line of either."""
MOST = 5
"""Lines that an answer may take; the table has all of it."""
REFUSED = "×"
ALIKE = "All that take the case answer alike"
MARKS: dict[str, dict[str, Any]] = {
    "same": {},
    "other": {"stroke": VERMILION, "fill": VERMILION, "cornerRadius": 10},
    "reworded": {"stroke": BLUE, "fill": BLUE, "strokeDash": DASHES},
}
"""How the frame of an answer looks: as the first; another; the same with another dose or text."""
SIGNS = {"same": "", "other": "●", "reworded": "◇"}


@dataclass(frozen=True, slots=True)
class _Line:
    """A decision on which the sides differ: a letter a side, its answer in full, and in short."""

    row: Row
    letters: tuple[str, ...]
    answers: tuple[str, ...]
    short: tuple[str, ...]

    @property
    def first(self) -> Position:
        """The first answer, with which all others are compared."""
        return next(position for position in self.row.positions if position)


def guidelines(comparison: Comparison) -> Figure:
    """Draw, for every decision that is not answered alike, what each guideline answers.

    Answers are compared with those of the first side that takes the case. Decisions in which all
    agree are only counted.
    """
    told = [_line(row, comparison.sides) for row in comparison.differences().rows]
    names = [_name(side) for side in comparison.sides]
    alike = len(comparison.rows) - len(told)
    refused = [f"{_name(side)} refuses the case." for side in comparison.sides if side.faults]
    return Figure(
        title=f"Guidelines compared: {comparison.case.removesuffix('.')}",
        alt=" ".join([*refused, _alt(told, comparison.sides, alike)]),
        spec=_drawing(told, names, refused),
        head=("Decision", *names),
        rows=tuple((each.row.label, *_cells(each)) for each in told),
        note=(
            "Not drawn: what all answer alike. “=”: as the first column. "
            "●, round frame: another answer; ◇, dashed frame: the same answer with another dose, "
            "date or text; ×: the guideline refuses the case. The table has every answer in full."
        ),
    )


def _name(side: Side) -> str:
    profile = side.protocol.profile
    return profile.header.title if profile else f"{BASE.capitalize()} protocol"


def _line(row: Row, sides: Sequence[Side]) -> _Line:
    seen: list[Position] = []
    letters, answers, short = [], [], []
    for position, side in zip(row.positions, sides, strict=True):
        if position is None:
            letters.append(REFUSED)
            answers.append("refused")
            short.append(REFUSED)
            continue
        same = next((other for other in seen if _meaning(other) == _meaning(position)), None)
        if same is None:
            seen.append(same := position)
        letters.append(ascii_uppercase[seen.index(same)])
        answers.append(" ".join(position.sentences) or _words(position, side.protocol))
        short.append(_words(position, side.protocol) if row.differs else answers[-1])
    return _Line(row, tuple(letters), tuple(answers), tuple(short))


def _meaning(position: Position) -> tuple[frozenset[object], frozenset[str]]:
    return frozenset(position.answer.values), frozenset(position.sentences)


def _words(position: Position, protocol: Protocol) -> str:
    """Write an answer in short: of a schedule the times, of a regimen the doses."""
    answer = position.answer
    match answer.decision.kind:
        case "regimen":
            given = [protocol.regimens[str(value)] for value in answer.values]
            said = " or ".join(
                f"{r.drug} {r.dose} {r.first}" if r.given else "nothing" for r in given
            )
        case "schedule":
            said = "; ".join(protocol.schedule[str(value)].when for value in answer.values)
        case "statement":
            ids = tuple(str(value).replace("-", " ") for value in answer.values)
            said = words(ids, "and" if answer.collects else "or")
        case _:
            said = words(answer.values, "and" if answer.collects else "or")
    return f"{'' if answer.known else 'open: '}{said or 'nothing'}"


def _cells(told: _Line) -> Iterator[str]:
    """Write each answer where it is first given, and its letter alone after that."""
    seen = set()
    for letter, answer in zip(told.letters, told.answers, strict=True):
        if letter == REFUSED:
            yield answer
        else:
            yield letter if letter in seen else f"{letter}: {answer}"
        seen.add(letter)


def _decisions(count: int) -> str:
    return f"{count or 'No'} decision{'' if count == 1 else 's'}"


def _alt(told: Sequence[_Line], sides: Sequence[Side], alike: int) -> str:
    """Count what all answer alike; of the rest, name who answers otherwise than the first."""
    first = next(_name(side) for side in sides if side.assessment)
    parts = [f"{_decisions(alike)} answered alike, {len(told)} otherwise than by {first}"]
    for each in told:
        kind = "another answer" if each.row.differs else "another dose, date or text"
        parts.append(f"{each.row.label}: {'; '.join(_otherwise(each, sides))} ({kind})")
    return ". ".join(parts) + "."


def _otherwise(told: _Line, sides: Sequence[Side]) -> Iterator[str]:
    """Yield the names of each group that answers alike, but not as the first does."""
    by: dict[str, list[str]] = {}
    for letter, side in zip(told.letters, sides, strict=True):
        by.setdefault(letter, []).append(_name(side))
    for letter, names in by.items():
        if letter not in (ascii_uppercase[0], REFUSED):
            yield words(tuple(names), "and")


def _drawing(told: Sequence[_Line], names: Sequence[str], refused: Sequence[str]) -> Spec:
    bold = [text for i, name in enumerate(names) for text in _column(lines(name, LETTERS), i, 0)]
    y = max(text["y"] for text in bold) + LINE
    plain, rules = [], [y]
    frames: dict[str, list[dict[str, float]]] = {kind: [] for kind in MARKS}
    for each in told:
        name = lines(each.row.label, LETTERS)
        cells = [_cell(each, side) for side in range(len(names))]
        bottom = y + LINE * max(len(name), *(len(said) for _, said in cells)) + 12
        bold += _column(name, -1, y + 6)
        for i, (kind, said) in enumerate(cells):
            left = LABEL + CELL * i
            frames[kind].append({"x": left, "x2": left + CELL - 6, "y": y + 3, "y2": bottom - 3})
            plain += _column(said, i, y + 6)
            if sign := SIGNS[kind]:
                bold.append({"x": left + CELL - 20, "y": y + 6 + LINE / 2, "said": sign})
        y = bottom
        rules.append(y)
    for said in (*refused, *(() if told else (f"{ALIKE}.",))):
        plain += _column([said], -1, y + 4)
        y += LINE
    across = [{"x": 0, "x2": LABEL + CELL * len(names), "y": y} for y in rules]
    return drawing(_layers(bold, plain, frames, across), y + 4, LABEL + CELL * len(names))


def _column(said: Sequence[str], column: int, top: float) -> list[dict[str, Any]]:
    """Write lines below each other in a column; the names of the decisions are in column -1."""
    x = LABEL + CELL * column + 8 if column >= 0 else 0
    return [{"x": x, "y": top + LINE * (row + 0.5), "said": part} for row, part in enumerate(said)]


def _cell(told: _Line, side: int) -> tuple[str, list[str]]:
    """Return the kind of an answer, and its lines."""
    position, first = told.row.positions[side], told.first
    if position is None or position is first:
        return "same", _cut(told.short[side])
    if _meaning(position) == _meaning(first):
        return "same", ["="]
    if set(position.answer.values) != set(first.answer.values):
        return "other", _cut(told.short[side])
    return "reworded", _cut(_from_difference(told.short[side], told.short))


def _cut(said: str) -> list[str]:
    parts = lines(said, LETTERS)
    return parts if len(parts) <= MOST else [*parts[: MOST - 1], f"{parts[MOST - 1]} …"]


def _from_difference(said: str, others: Sequence[str]) -> str:
    """Leave out the words with which all the others begin as well."""
    texts = [text.split() for text in others if text != REFUSED]
    together = list(takewhile(lambda at: len(set(at)) == 1, zip(*texts, strict=False)))
    return f"… {' '.join(said.split()[len(together) :])}" if together else said


def _layers(
    bold: list[dict[str, Any]],
    plain: list[dict[str, Any]],
    frames: dict[str, list[dict[str, float]]],
    rules: list[dict[str, float]],
) -> list[Spec]:
    at = {"x": place("x"), "y": place("y")}
    ends = {"x2": {"field": "x2"}, "y2": {"field": "y2"}}
    text = {**at, "text": raw("said")}
    return [
        layer("rule", rules, {**at, "x2": ends["x2"]}, color=INK, opacity=0.25),
        *(
            layer("rect", frames[kind], {**at, **ends}, strokeWidth=1.8, fillOpacity=0.12, **style)
            for kind, style in MARKS.items()
            if style
        ),
        layer("text", plain, text, align="left", fontSize=SMALL),
        layer("text", bold, text, align="left", fontSize=SMALL, fontWeight="bold"),
    ]
