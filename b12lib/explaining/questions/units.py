"""The same number in two units: what would each of them mean?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from itertools import product
from types import MappingProxyType

from b12lib.deciding.assessment import Assessment
from b12lib.deciding.case import Case
from b12lib.deciding.fields import Unfit, plain, read_value
from b12lib.errors import CaseError
from b12lib.explaining.questions.question import (
    LEVELS,
    Choice,
    Draft,
    Lots,
    Material,
    Question,
    behind,
    facts,
    fired,
    level,
    offered,
    said,
)
from b12lib.explaining.supposing import operands, tables_behind
from b12lib.explaining.wording import inside, label, rule_ids, word, words
from b12lib.reading.dictionary import Decision
from b12lib.reading.feel import Value

KIND = "Which unit"
CHOICES = 4


def drafts(material: Material, lots: Lots) -> Iterator[Draft]:
    """Yield a draft for every quantity of a case that laboratories print in units that differ."""
    protocol = material.protocol
    for decision in material.asked:
        if decision.kind == "regimen":
            continue
        tables = tables_behind([decision.name], protocol)
        asked = operands((column.name for table in tables for column in table.columns), protocol)
        for name, case in material.cases.items():
            for field, given in case.given.items():
                if field not in asked or given.number is None:
                    continue
                factors = protocol.inputs[field].factors
                for unit in factors:
                    if factors[unit] == factors[given.unit]:
                        continue
                    words = f"{decision.name} by {field} of {name} in {unit}"
                    make = partial(
                        _question, material, name, field, unit, decision, lots.of(KIND, words)
                    )
                    yield Draft(KIND, material.topic(decision.name), field, LEVELS, words, make)


def _question(
    material: Material, name: str, field: str, unit: str, decision: Decision, lots: Lots
) -> Question | None:
    protocol, case = material.protocol, material.cases[name]
    given, swapped = case.given[field], _swapped(material.cases[name], field, unit, material)
    if swapped is None:
        return None
    sides = material.assessment(name), swapped
    answers = [side[decision.name] for side in sides]
    if answers[0].stated or not all(answer.known for answer in answers):
        return None
    if all(sides[0][d.name].values == sides[1][d.name].values for d in material.asked):
        return None  # whichever the unit, nothing follows from it
    units = [protocol.units[code].printed for code in (given.unit, unit)]
    right = tuple(answer.value for answer in answers)
    pairs = product(offered(answers[0]), repeat=len(sides))
    wrong = lots.shuffled(pair for pair in pairs if pair != right)
    choices = [_choice(pair, decision.name, units, sides) for pair in [right, *wrong][:CHOICES]]
    report = (
        f"A report says **{said(given, protocol).split()[0]}** for "
        f"{inside(label(field, protocol))}, and the unit is lost: it may be {words(tuple(units))}."
    )
    beside = {other: one for other, one in case.given.items() if other != field}
    known = f"Beside it is known:\n\n{facts(beside, protocol)}\n\n" if beside else ""
    asked = f"Under **{label(decision.name, protocol)}**, what is the answer in each unit?"
    return Question(
        kind=KIND,
        topic=material.topic(decision.name),
        level=max(level([decision.name], side) for side in sides),
        stem=f"{report}\n\n{known}{asked}",
        choices=tuple(lots.shuffled(choices, lambda choice: choice.means)),
        point=report,
        patients=tuple(side.case for side in sides),
        asks=decision.name,
    )


def _swapped(case: Case, field: str, unit: str, material: Material) -> Assessment | None:
    """Decide a case with the same number in another unit, where a patient can have that."""
    protocol, given = material.protocol, case.given[field]
    assert given.number is not None
    written = f"{plain(given.number)} {protocol.units[unit].printed}"
    try:
        other = read_value(protocol.inputs[field], written, protocol)
        return material.decided(replace(case, given=MappingProxyType({**case.given, field: other})))
    except (Unfit, CaseError):  # nobody has that value, or it contradicts another
        return None


def _choice(
    pair: tuple[Value, ...], decision: str, units: list[str], sides: tuple[Assessment, Assessment]
) -> Choice:
    each = list(zip(units, pair, sides, strict=True))
    text = "; ".join(f"in {unit}: {word(value)}" for unit, value, _ in each)
    wrong = [(unit, side) for unit, value, side in each if side[decision].value != value]
    if wrong:
        feedback = "; ".join(
            f"in {unit} it is {word(side[decision].value)} (`{rule_ids(side[decision])}`)"
            for unit, side in wrong
        )
        feedback = f"{feedback[:1].upper()}{feedback[1:]}."
    else:
        feedback = " ".join(f"In {unit}: {fired(decision, side)}" for unit, _, side in each)
    told = [side for _, side in wrong] or sides
    rules = tuple(rule for side in told for rule in behind(decision, side))
    return Choice(text, not wrong, pair, feedback, rules)
