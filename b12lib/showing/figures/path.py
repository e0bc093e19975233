"""The path of a case through the tables: a decision requirement graph of what was used.

Where the boxes go is worked out here, after Sugiyama: rows by depth, then fewer crossings. igraph
does that too, but it may be used under the GPL only, which is not ours.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from graphlib import TopologicalSorter
from itertools import pairwise
from statistics import fmean
from typing import Any

from b12lib.deciding.assessment import Answer, Assessment
from b12lib.explaining.wording import label, rule_ids, value_of, words
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

WIDE = 26
"""Letters in a line inside a box."""
WIDTH, GAP, DROP = 200, 14, 40
"""Of a box, of the space beside it and of the space below it, in pixels."""
UNKNOWN = "Not known"
"""What a box is called that names all the inputs of one table which nobody gave."""
STYLES: dict[str, dict[str, Any]] = {
    "title": {"fontWeight": "bold"},
    "value": {},
    "how": {"fontStyle": "italic"},
}
SWEEPS = 4
"""Passes that put each box near those it belongs to; more change little."""


@dataclass(frozen=True, slots=True)
class _Node:
    """A box: an input or a decision, what it came to, by which rules, and what it was made of."""

    name: str
    title: str
    value: str
    how: str
    needs: tuple[str, ...]
    settled: bool
    decided: bool


def path(assessment: Assessment, decision: str = "regimen") -> Figure:
    """Draw how a decision came about: what its rules looked at, back to what was given.

    Boxes and arrows are those of DMN's decision requirement graph, taken from the tables' columns.
    A column in which the rules that fired, or still may, have no condition is left out: it was not
    needed. Raises ``KeyError`` for a decision that there is not.
    """
    nodes = _nodes(assessment, decision)
    return Figure(
        title=f"How this came about: {label(decision, assessment.protocol)}",
        alt=_alt(nodes, decision),
        spec=_drawing(nodes),
        head=("What", "Came to", "How", "Made of"),
        rows=tuple(
            (node.title, node.value, node.how, ", ".join(nodes[name].title for name in node.needs))
            for node in reversed([*nodes.values()])
        ),
        note=(
            "Read from the top. Square boxes are decisions, with the rules that fired; round ones "
            "are what is known of the patient. Dashed: not known, or not decided yet. What the "
            "rules did not need is left out."
        ),
    )


def _nodes(assessment: Assessment, target: str) -> dict[str, _Node]:
    """Return the target and everything behind it, each before what it was made of."""
    nodes: dict[str, _Node] = {}
    waiting = [target]
    for name in waiting:  # which grows while it is walked
        if name not in nodes:
            node = _node(name, assessment)
            if unknown := [other for other in node.needs if _never_given(other, assessment)]:
                said = "; ".join(label(other, assessment.protocol) for other in unknown)
                known = tuple(other for other in node.needs if other not in unknown)
                blank = f"{UNKNOWN} {name}"
                nodes[blank] = _Node(blank, UNKNOWN, said, "not given", (), False, False)
                node = replace(node, needs=(*known, blank))
                waiting += known
            else:
                waiting += node.needs
            nodes[name] = node
    depth = _depths(nodes)
    return {name: nodes[name] for name in sorted(nodes, key=depth.__getitem__)}


def _never_given(name: str, assessment: Assessment) -> bool:
    """Say whether it is an input that nobody gave, that nothing gives, and that is not assumed."""
    return name not in assessment.answers and assessment.values[name] is None


def _node(name: str, assessment: Assessment) -> _Node:
    protocol = assessment.protocol
    title = label(name, protocol)
    if answer := assessment.answers.get(name):
        needs = () if answer.stated else tuple(_looked_at(answer))
        how = "stated by the case" if answer.stated else rule_ids(answer)
        value = words(answer.values, "and" if answer.collects else "or") or "nothing"
        return _Node(name, title, value, how, needs, answer.known, True)
    made_of: tuple[str, ...] = ()
    if name in assessment.case.given:
        how = "given"
    elif name in assessment.assumed:
        how = "assumed"
    else:
        formula = protocol.inputs[name].formula
        assert formula  # what is known was given, assumed or worked out
        how = f"= {formula.text}"
        made_of = tuple(n for n in sorted(formula.names) if not _never_given(n, assessment))
    return _Node(name, title, value_of(name, assessment), how, made_of, True, False)


def _looked_at(answer: Answer) -> Iterator[str]:
    """Name the columns in which a rule that fired, or still may, has a condition."""
    outcome = answer.outcome
    for position, column in enumerate(outcome.table.columns):
        if any(rule.inputs[position].text != "-" for rule in outcome.fired + outcome.open):
            yield column.name


def _depths(nodes: Mapping[str, _Node]) -> dict[str, int]:
    """Return how many steps each box stands above the last, on the longest way to it."""
    sources_first = TopologicalSorter({name: node.needs for name, node in nodes.items()})
    depth = dict.fromkeys(nodes, 0)
    for name in reversed([*sources_first.static_order()]):
        for other in nodes[name].needs:
            depth[other] = max(depth[other], depth[name] + 1)
    return depth


def _alt(nodes: Mapping[str, _Node], target: str) -> str:
    end = nodes[target]
    decided = [node for node in reversed([*nodes.values()]) if node.decided and node.settled]
    open_ = [n for n in reversed([*nodes.values()]) if n.decided and not n.settled and n is not end]
    blank = [node.value for node in reversed([*nodes.values()]) if node.title == UNKNOWN]
    parts = [f"{end.title}: {end.value} ({end.how})"]
    steps = [f"{node.title}, {node.value} ({node.how})" for node in decided if node is not end]
    if steps:
        parts.append(f"It follows from: {'; '.join(steps)}")
    if open_:
        parts.append(f"Not decided: {', '.join(node.title for node in open_)}")
    if blank:
        parts.append(f"Not known: {'; '.join(blank)}")
    return ". ".join(parts) + "."


@dataclass(frozen=True, slots=True)
class _Spot:
    """Where a place lies: its middle across, its top, its height, in pixels."""

    x: float
    top: float
    height: float

    @property
    def bottom(self) -> float:
        return self.top + self.height


Layers = list[list[str]]
"""The boxes of each row, the top row first; a way that passes a row has a place in it too."""


def _drawing(nodes: Mapping[str, _Node]) -> Spec:
    rows, ways = _layers(nodes, _depths(nodes))
    _untangle(rows, ways)
    across = _places(rows, nodes)
    heights = [max(_height(nodes[name]) for name in names if name in nodes) for names in rows]
    tops = [sum(heights[:row]) + row * DROP for row in range(len(rows))]
    spot = {
        name: _spot(name, across[name], top, height, nodes)
        for names, top, height in zip(rows, tops, heights, strict=True)
        for name in names
    }
    bends = [
        {"way": number, "order": order, "x": x, "y": y}
        for number, way in enumerate(ways)
        for order, (x, y) in enumerate(_bends([spot[name] for name in way]))
    ]
    tips = [{"x": spot[way[-1]].x, "y": spot[way[-1]].top - 5} for way in ways]
    at = {"x": place("x"), "y": place("y")}
    return drawing(
        [
            layer(
                "line",
                bends,
                {**at, "detail": {"field": "way"}, "order": {"field": "order"}},
                interpolate="basis",
                color=INK,
                opacity=0.7,
                strokeWidth=1.2,
            ),
            layer(
                "point", tips, at, shape="triangle-down", filled=True, size=60, color=INK, opacity=1
            ),
            *_boxes(nodes, spot),
        ],
        height=tops[-1] + heights[-1],
        width=max(x + _half(name, nodes) for name, x in across.items()) + GAP,
    )


def _layers(nodes: Mapping[str, _Node], depth: Mapping[str, int]) -> tuple[Layers, Layers]:
    """Sort the boxes into rows; return also each arrow as the places through which it passes."""
    deepest = max(depth.values())
    layers: Layers = [[] for _ in range(deepest + 1)]
    for name in nodes:
        layers[deepest - depth[name]].append(name)
    ways: Layers = []
    for name, node in nodes.items():
        for source in node.needs:
            passed = range(depth[source] - 1, depth[name], -1)
            bends = [f"{source}>{name}>{step}" for step in passed]
            for step, bend in zip(passed, bends, strict=True):
                layers[deepest - step].append(bend)
            ways.append([source, *bends, name])
    return layers, ways


def _untangle(layers: Layers, ways: Layers) -> None:
    """Put each place of a row in the order of the middles of its neighbours in the next rows."""
    beside: dict[str, list[str]] = {name: [] for names in layers for name in names}
    for way in ways:
        for upper, lower in pairwise(way):
            beside[upper].append(lower)
            beside[lower].append(upper)
    for _ in range(SWEEPS):
        for order in (list(reversed(layers)), layers):
            for fixed, names in pairwise(order):
                at = {name: (i + 0.5) / len(fixed) for i, name in enumerate(fixed)}
                now = {name: (i + 0.5) / len(names) for i, name in enumerate(names)}
                middle = {
                    name: fmean([at[other] for other in beside[name] if other in at] or [now[name]])
                    for name in names
                }
                # What nobody gave comes last, so that the way itself is seen first on a phone.
                names.sort(key=lambda name, m=middle: (name.startswith(UNKNOWN), m[name]))  # type: ignore[misc]


def _half(name: str, nodes: Mapping[str, _Node]) -> float:
    return WIDTH / 2 if name in nodes else GAP / 2


def _places(layers: Layers, nodes: Mapping[str, _Node]) -> dict[str, float]:
    """Return the middle of every place; rows begin at the left."""
    across = {}
    for names in layers:
        x = GAP / 2
        for name in names:
            across[name] = x + _half(name, nodes)
            x += 2 * _half(name, nodes) + GAP
    return across


def _spot(name: str, x: float, top: float, height: float, nodes: Mapping[str, _Node]) -> _Spot:
    """Return where a box lies in the middle of its row; a way passes the whole row."""
    own = _height(nodes[name]) if name in nodes else height
    return _Spot(x, top + (height - own) / 2, own)


def _height(node: _Node) -> int:
    return LINE * len(_said(node)) + 12


def _said(node: _Node) -> list[tuple[str, str]]:
    """Return the lines inside a box, each with its style."""
    value = node.value if node.settled or not node.decided else f"open: {node.value}"
    parts = {"title": node.title, "value": value, "how": node.how}
    return [(style, part) for style, said in parts.items() for part in lines(said, WIDE)]


def _boxes(nodes: Mapping[str, _Node], spot: Mapping[str, _Spot]) -> list[Spec]:
    """Draw each kind of box with its frame, and the lines inside."""
    kinds: dict[tuple[bool, bool], list[dict[str, float]]] = {}
    said: dict[str, list[dict[str, Any]]] = {}
    for name, node in nodes.items():
        at = spot[name]
        left, right = at.x - WIDTH / 2, at.x + WIDTH / 2
        frame = {"x": left, "x2": right, "y": at.top, "y2": at.bottom}
        kinds.setdefault((node.decided, node.settled), []).append(frame)
        for i, (style, part) in enumerate(_said(node)):
            line = {"x": at.x, "y": at.top + LINE * i + LINE - 2, "said": part}
            said.setdefault(style, []).append(line)
    ends = {name: place(name) for name in ("x", "y")} | {n: {"field": n} for n in ("x2", "y2")}
    return [
        *(
            layer(
                "rect",
                frames,
                ends,
                cornerRadius=2 if decided else 20,
                stroke=BLUE if settled else VERMILION,
                strokeWidth=2,
                fill=BLUE if settled else VERMILION,
                fillOpacity=0.12 if decided else 0,
                **({} if settled else {"strokeDash": DASHES}),
            )
            for (decided, settled), frames in kinds.items()
        ),
        *(
            layer(
                "text",
                parts,
                {"x": place("x"), "y": place("y"), "text": raw("said")},
                fontSize=SMALL,
                **STYLES[style],
            )
            for style, parts in said.items()
        ),
    ]


def _bends(spots: Sequence[_Spot]) -> Iterator[tuple[float, float]]:
    """Yield the points that pull a way down from its first place, past others, to its last."""
    yield spots[0].x, spots[0].bottom
    for above, below in pairwise(spots):
        middle = (above.bottom + below.top) / 2
        yield from ((above.x, middle), (below.x, middle), (below.x, below.top))
        if below is not spots[-1]:
            yield below.x, below.bottom
