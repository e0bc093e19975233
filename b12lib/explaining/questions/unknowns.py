"""What is not known of a patient: which of it could still change the treatment?"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from itertools import islice

from b12lib.deciding.assessment import Assessment
from b12lib.explaining.missing import missing
from b12lib.explaining.questions.question import (
    OPEN,
    TREATMENT,
    Choice,
    Draft,
    Lots,
    Material,
    Question,
    behind,
    facts,
    fired,
)
from b12lib.explaining.supposing import Suppose
from b12lib.explaining.wording import inside, label

KIND = "What is missing"
RIGHT, CHOICES = 2, 4
"""How many right choices there are at most, and how many choices."""


def drafts(material: Material, lots: Lots) -> Iterator[Draft]:
    """Yield a draft for every case."""
    first = _treatment(material)[0]
    for name in material.cases:
        make = partial(_question, material, name, lots.of(KIND, name))
        yield Draft(KIND, material.topic(first), name, (OPEN,), name, make)


def _treatment(material: Material) -> list[str]:
    return [decision.name for decision in material.asked if decision.part == TREATMENT]


def _question(material: Material, name: str, lots: Lots) -> Question | None:
    protocol, assessment = material.protocol, material.assessment(name)
    found = missing(assessment)
    right = lots.shuffled(item.name for item in found.alone)[:RIGHT]
    suppose = Suppose(assessment, _treatment(material), material.memory)
    idle = (field for field in lots.shuffled(found.cannot) if _may_be_anything(field, suppose))
    wrong = list(islice(idle, CHOICES - len(right)))
    if not right or not wrong:
        return None
    choices = [_could(field, suppose, material) for field in right]
    choices += [_cannot(field, assessment, material) for field in wrong]
    stem = (
        f"Of a patient this is known, and nothing else:\n\n"
        f"{facts(assessment.case.given, protocol)}\n\n"
        f"Which of these could by itself change the treatment ({_listed(material)}), once it is "
        "known? Choose all that could."
    )
    return Question(
        kind=KIND,
        topic=material.topic(_treatment(material)[0]),
        level=OPEN,
        stem=stem,
        choices=tuple(lots.shuffled(choices, lambda choice: choice.means)),
        several=True,
        point=stem,
        patients=(assessment.case,),
    )


def _listed(material: Material) -> str:
    return ", ".join(inside(label(name, material.protocol)) for name in _treatment(material))


def _may_be_anything(field: str, suppose: Suppose) -> bool:
    """Say whether no way in which it may turn out would contradict the case."""
    return all(suppose(field, value) for value in suppose.values(field))


def _could(field: str, suppose: Suppose, material: Material) -> Choice:
    """Show one way in which it may turn out that changes a treatment decision."""
    protocol, now = material.protocol, suppose.assessment
    value, then, decision = next(
        (value, then, decision)
        for value in suppose.values(field)
        if (then := suppose(field, value))
        for decision in _treatment(material)
        if set(then[decision].values) != set(now[decision].values)
    )
    feedback = (
        f"If it were {suppose.said(field, value).written}, {inside(label(decision, protocol))} "
        f"would come to: {fired(decision, then)} Now: {fired(decision, now)}"
    )
    rules = behind(decision, then) + behind(decision, now)
    return Choice(label(field, protocol), True, (field,), feedback, rules)


def _cannot(field: str, assessment: Assessment, material: Material) -> Choice:
    """Say that no answer to it changes the treatment, whatever else becomes known."""
    first = _treatment(material)[0]
    feedback = (
        "Whatever it turns out to be, and whatever else becomes known, it changes no treatment "
        f"decision. {label(first, material.protocol)}: {fired(first, assessment)}"
    )
    return Choice(
        label(field, material.protocol), False, (field,), feedback, behind(first, assessment)
    )
