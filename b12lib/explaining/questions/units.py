"""The same number in two units: what would each of them mean?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Context, localcontext
from functools import partial
from itertools import product
from types import MappingProxyType

from b12lib.deciding.assessment import Assessment
from b12lib.deciding.fields import Given, Unfit, plain, read_value
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
)
from b12lib.explaining.supposing import operands, tables_behind
from b12lib.explaining.wording import inside, label, number, word
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
    given = case.given[field]
    assert given.number is not None
    printed = [protocol.units[code].printed for code in (given.unit, unit)]
    try:
        with localcontext(Context()):  # whatever the caller's own decimals do
            written = f"{plain(given.number)} {printed[1]}"
            other = read_value(protocol.inputs[field], written, protocol)
        swapped = replace(case, given=MappingProxyType({**case.given, field: other}))
        sides = material.assessment(name), material.decided(swapped)
    except (Unfit, CaseError):  # nobody has that value, or it contradicts another
        return None
    answers = [side[decision.name] for side in sides]
    if answers[0].stated or not all(answer.known for answer in answers):
        return None
    right = answers[0].value, answers[1].value
    pool = dict.fromkeys(
        answers[0].outcome.said(rule, decision.name) for rule in answers[0].outcome.table.rules
    )
    wrong = lots.shuffled(pair for pair in product(pool, pool) if pair != right)
    choices = [_choice(pair, decision, printed, sides) for pair in [right, *wrong][:CHOICES]]
    apart: dict[str, Given] = {n: one for n, one in case.given.items() if n != field}
    known = f"Beside it is known:\n\n{facts(apart, protocol)}\n\n" if apart else ""
    report = (
        f"A report says **{number(given.number)}** for {inside(label(field, protocol))}, and the "
        f"unit is lost: it may be {printed[0]} or {printed[1]}"
    )
    return Question(
        kind=KIND,
        topic=material.topic(decision.name),
        level=max(level([decision.name], side) for side in sides),
        stem=(
            f"{report}.\n\n{known}"
            f"Under **{label(decision.name, protocol)}**, what is the answer in each unit?"
        ),
        choices=tuple(lots.shuffled(choices, lambda choice: choice.means)),
        point=report,
        patients=tuple(side.case for side in sides),
        asks=decision.name,
    )


def _choice(
    pair: tuple[Value, ...],
    decision: Decision,
    printed: list[str],
    sides: tuple[Assessment, Assessment],
) -> Choice:
    text = "; ".join(f"in {unit}: {word(value)}" for unit, value in zip(printed, pair, strict=True))
    right = tuple(side[decision.name].value for side in sides) == pair
    told = [  # of a wrong pair only what is wrong in it
        (unit, side)
        for unit, side, value in zip(printed, sides, pair, strict=True)
        if right or side[decision.name].value != value
    ]
    feedback = " ".join(f"In {unit}: {fired(decision.name, side)}" for unit, side in told)
    rules = tuple(rule for _, side in told for rule in behind(decision.name, side))
    return Choice(text, right, pair, feedback, rules)
