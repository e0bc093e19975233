"""The same number in two units: what would each of them mean?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from types import MappingProxyType

from b12lib.deciding.assessment import Assessment
from b12lib.deciding.case import Case
from b12lib.deciding.fields import Unfit, plain, read_value
from b12lib.errors import CaseError
from b12lib.explaining.questions.pairs import pairs
from b12lib.explaining.questions.question import (
    LEVELS,
    Draft,
    Lots,
    Material,
    Question,
    facts,
    level,
    said,
)
from b12lib.explaining.supposing import operands, tables_behind
from b12lib.explaining.wording import inside, label, words
from b12lib.reading.dictionary import Decision

KIND = "Which unit"


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
    if answers[0].value == answers[1].value:
        return None  # the unit that is lost is the point
    units = [protocol.units[code].printed for code in (given.unit, unit)]
    named = [f"in {unit}" for unit in units]
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
        choices=pairs(decision.name, named, sides, lots),
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
