"""Two patients one reporting step apart, on either side of a table's limit: what differs?"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from itertools import pairwise

from b12lib.deciding.assessment import Assessment
from b12lib.explaining.questions.pairs import Sides, pairs
from b12lib.explaining.questions.question import (
    CHAINED,
    NEAR,
    OPEN,
    Choice,
    Draft,
    Lots,
    Material,
    Question,
    behind,
    fired,
    level,
    said,
    told,
)
from b12lib.explaining.supposing import operands, tables_behind
from b12lib.explaining.wording import label
from b12lib.reading.protocol import Stage
from b12lib.reading.tables import DecisionTable

KIND = "At a limit"
RIGHT, CHOICES = 2, 4
"""How many right choices there are at most, and how many choices."""


def drafts(material: Material, lots: Lots) -> Iterator[Draft]:
    """Yield a draft for every table that asks for a number, and every case that gives it.

    A quantity may reach the table through what is worked out from it.
    """
    asked = {decision.name for decision in material.asked}
    for table in material.stage.tables:
        numbers = _numbers(table, material.stage)
        if not numbers or asked.isdisjoint(table.outputs):
            continue
        for name in material.cases:
            for field in filter(numbers.__contains__, material.movable(name)):
                for levels in ((NEAR,), (CHAINED, OPEN)):
                    words = f"{table.title}, {field} of {name}, {levels}"
                    make = partial(
                        _question, material, table, name, field, levels, lots.of(KIND, words)
                    )
                    topic = material.topic(table.outputs[0])
                    yield Draft(KIND, topic, table.title, levels, words, make)


def _numbers(table: DecisionTable, stage: Stage) -> set[str]:
    """Name the quantities that a table compares with a limit, and what they are worked out from."""
    compared = (
        column.name
        for i, column in enumerate(table.columns)
        if any(rule.inputs[i].limits for rule in table.rules)
    )
    return operands(compared, stage)


def _question(
    material: Material,
    table: DecisionTable,
    name: str,
    field: str,
    levels: tuple[int, ...],
    lots: Lots,
) -> Question | None:
    """Cross one of the table's limits, by one reporting step, and see which answers differ."""
    suppose = material.suppose(name, table.outputs)
    steps = [(low, high) for (_, low), (high, _) in pairwise(suppose.intervals(field))]
    for low, high in lots.shuffled(steps):
        below, above = suppose(field, low), suppose(field, high)
        if below and above and any(_differs(output, below, above) for output in table.outputs):
            ask = _read if levels == (NEAR,) else _followed
            return ask(material, table, field, (below, above), lots)
    return None


def _differs(decision: str, below: Assessment, above: Assessment) -> bool:
    return set(below[decision].values) != set(above[decision].values)


def _read(
    material: Material, table: DecisionTable, field: str, sides: Sides, lots: Lots
) -> Question | None:
    """Ask what the table itself answers on either side: who knows the limit knows that."""
    names = [
        decision.name
        for decision in material.asked
        if decision.name in table.outputs
        and all(side[decision.name].known and not side[decision.name].stated for side in sides)
        and _differs(decision.name, *sides)
    ]
    if not names or max(level([names[0]], side) for side in sides) != NEAR:
        return None
    asked = f"Under **{label(names[0], material.protocol)}**, what is the answer for each?"
    return Question(
        kind=KIND,
        topic=material.topic(names[0]),
        level=NEAR,
        stem="\n\n".join([*_stem(material, field, sides), asked]),
        choices=pairs(names[0], ("in A", "in B"), sides, lots),
        point=_stem(material, field, sides)[0],
        patients=tuple(side.case for side in sides),
        asks=names[0],
    )


def _followed(
    material: Material, table: DecisionTable, field: str, sides: Sides, lots: Lots
) -> Question | None:
    """Ask which answers differ that only follow from the table's."""
    protocol = material.protocol
    names = [
        decision.name
        for decision in material.asked
        if all(side[decision.name].known and not side[decision.name].stated for side in sides)
    ]
    hard = {name: max(level([name], side) for side in sides) for name in names}
    changed = [name for name in names if _differs(name, *sides) and hard[name] != NEAR]
    same = [name for name in names if not _differs(name, *sides)]
    right = lots.shuffled(changed)[:RIGHT]
    # What rests on the table could have changed: that it does not is worth asking.
    resting = [name for name in same if table in tables_behind([name], protocol)]
    others = [*lots.shuffled(resting), *lots.shuffled(set(same) - set(resting))]
    wrong = others[: CHOICES - len(right)]
    if not right or not wrong:
        return None
    stem = _stem(material, field, sides)
    asked = "Which of these answers differ between them? Choose all that do."
    return Question(
        kind=KIND,
        topic=material.topic(table.outputs[0]),
        level=max(hard[name] for name in right),
        stem="\n\n".join([*stem, asked]),
        choices=tuple(
            _choice(decision, sides, material) for decision in lots.shuffled([*right, *wrong])
        ),
        point=stem[0],
        several=True,
        patients=tuple(side.case for side in sides),
    )


def _stem(material: Material, field: str, sides: Sides) -> list[str]:
    """Tell two patients: first in what they differ, then what is known of both."""
    protocol, patient = material.protocol, sides[0].case
    values = [said(side.case.given[field], protocol) for side in sides]
    apart = (
        f"Two patients differ in one value alone, {label(field, protocol)}{material.when}: it is "
        f"**{values[0]}** in patient A and **{values[1]}** in patient B."
    )
    alike = len(patient.given) > 1
    return [apart, *(["Of both it is known:", told(patient, but=field)] if alike else [])]


def _choice(decision: str, sides: Sides, material: Material) -> Choice:
    below, above = sides
    differs = _differs(decision, below, above)
    if differs:
        feedback = f"A: {fired(decision, below)} B: {fired(decision, above)}"
        rules = behind(decision, below) + behind(decision, above)
    else:
        feedback = f"The same for both: {fired(decision, below)}"
        rules = behind(decision, below)
    return Choice(label(decision, material.protocol), differs, (decision,), feedback, rules)
