"""What is given: the regimen, or the regimens still possible and what they have in common."""

from __future__ import annotations

from dataclasses import dataclass

from b12lib.deciding.assessment import Assessment
from b12lib.explaining.wording import cell, inside, label, sentence
from b12lib.reading.catalogues import Regimen
from b12lib.reading.protocol import Protocol


@dataclass(frozen=True, slots=True)
class Option:
    """One regimen still possible, on which condition, and the rule that gives it."""

    regimen: Regimen
    condition: str
    rule: str


@dataclass(frozen=True, slots=True)
class Plan:
    """The regimens still possible; ``first_dose`` what all of them begin with, empty if nothing.

    ``undecided`` names what decides between them, when there are several; ``questions`` asks it.
    """

    options: tuple[Option, ...]
    first_dose: str
    undecided: tuple[str, ...]
    questions: tuple[str, ...]


def plan(assessment: Assessment) -> Plan:
    """Return what is given, as far as it is decided."""
    protocol = assessment.protocol
    answer = assessment["regimen"]
    asked = answer.outcome.could_change
    options = []
    for rule in answer.outcome.fired + answer.outcome.open:
        condition = " and ".join(
            f"{label(name, protocol)}: {cell(rule, name, protocol)}" for name in asked
        )
        regimen = protocol.regimens[str(answer.outcome.said(rule, "regimen"))]
        options.append(Option(regimen, condition, rule.id))
    first = {
        f"{o.regimen.drug} {o.regimen.dose} {o.regimen.route}" if o.regimen.given else ""
        for o in options
    }
    return Plan(
        options=tuple(options),
        first_dose=first.pop() if len(first) == 1 else "",
        undecided=asked,
        questions=tuple(
            protocol.dictionary[name].question or label(name, protocol) for name in asked
        ),
    )


def spoken(regimen: Regimen) -> str:
    """Write a regimen as one sentence, which begins with the drug's name."""
    after = f", then {regimen.then}" if regimen.goes_on else ""
    return (
        f"{regimen.drug} {regimen.dose} {regimen.route} {regimen.first} {regimen.how_long}{after}."
    )


def headline(assessment: Assessment) -> str:
    """Answer the question in one line: treat now, with what, and what is still open about it."""
    given = plan(assessment)
    verdict = sentence("treat_now", assessment["treat_now"].value, assessment)
    if not given.first_dose:
        return verdict
    start = verdict.removesuffix(".")
    if len(given.options) == 1:
        return f"{start}: {spoken(given.options[0].regimen)}"
    return (
        f"{start}: {given.first_dose}. The first dose is the same either way; the schedule "
        f"{dependence(given, assessment.protocol)}"
    )


def dependence(given: Plan, protocol: Protocol) -> str:
    """Say on what an open plan depends, and ask for it; the sentence lacks its subject."""
    undecided = " and ".join(inside(label(name, protocol)) for name in given.undecided)
    return f"depends on {undecided}, which is not known yet. {' '.join(given.questions)}"
