"""The answer: whether to treat and with what, what cannot wait or may harm, what is open."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain

from b12lib.deciding.assessment import Answer, Assessment
from b12lib.explaining.plan import Option, headline, plan, spoken
from b12lib.explaining.wording import because, cited, label, sentence, value_of
from b12lib.reading.protocol import Protocol
from b12lib.showing.levels import Level
from b12lib.showing.sentences import beyond, said, saying, why

SAID_FIRST = ("emergency", "same_day")
"""Decisions that the answer begins with: whatever B12 shows, these come before it."""
SAID_AT_ONCE = (
    *("treatment_stops", "hazards", "transfusion", "form_safety", "treatment_pitfalls"),
    *("urgent_referral", "metabolic_advice", "unit_check"),
)
"""Decisions that the answer itself tells, before their own section: acting on it may harm else."""

SAID_FIRST_AT_LAST_VISIT = ("emergency_now",)
"""Decisions of the last visit that the answer begins with."""
SAID_AT_LAST_VISIT = ("visit_warnings", "reevaluate")
"""Decisions of the last visit that the answer tells: what is dangerous, what to look at again."""
BEFORE = "Before treatment began, the answer was:"
"""What stands above an answer that a visit has overtaken."""


def answer(assessment: Assessment, level: Level = Level.CLINICIAN) -> str:
    """Say whether to treat, what cannot wait or must not be done, with what, and what is open."""
    first = [*said_first(assessment, level), *_last_visit(assessment, level)]
    lead = [BEFORE] if assessment.visits else []
    told = raised(SAID_AT_ONCE, assessment, level)
    told += [
        _option(option) + why([assessment.protocol.rules[option.rule][1]], level)
        for option in plan(assessment).options
        if option.regimen.given
    ]
    told += [f"- {taken}" for taken in used_assumptions(assessment)]
    reason, verdict = assessment["indication"], assessment["treat_now"]
    asked = [reason] if verdict.values == reason.values else [reason, verdict]
    told.append(f"- Why: {' '.join(_because(item, assessment.protocol) for item in asked)}")
    parts = ["\n".join(first), *lead, f"**{headline(assessment)}**", "\n".join(told)]
    return "\n\n".join(filter(None, parts))


def _last_visit(assessment: Assessment, level: Level) -> list[str]:
    """Say how treatment does at the last visit, what is dangerous there, what to look at again."""
    if not assessment.visits:
        return []
    last = assessment.visits[-1]
    there = assessment.at(last)
    response = sentence("response", last["response"].value, there)
    line = f"- **At the last visit, on day {last.visit.day}:** {response}"
    return [line, *raised(SAID_AT_LAST_VISIT, there, level)]


def said_first(assessment: Assessment, level: Level) -> list[str]:
    """Return what comes before any answer: first of the last visit, then of before treatment."""
    now = [
        raised(SAID_FIRST_AT_LAST_VISIT, assessment.at(visit), level)
        for visit in assessment.visits[-1:]
    ]
    return list(dict.fromkeys(chain(*now, raised(SAID_FIRST, assessment, level))))


def raised(names: Iterable[str], assessment: Assessment, level: Level) -> list[str]:
    """Return what these decisions list, as bold lines in the words of a reader."""
    found = [assessment.answers[name] for name in names if name in assessment.answers]
    return [
        f"- **{said(item, value, assessment, level)}**{why(saying(item, value), level)}"
        for item in found
        for value in item.values
    ]


def used_assumptions(assessment: Assessment) -> Iterator[str]:
    """Tell each quantity that was assumed and that something known was worked out from."""
    inputs = assessment.protocol.inputs
    for name in assessment.assumed:
        following = (i for i in inputs.values() if i.formula and name in i.formula.names)
        used = any(assessment.values[item.name] is not None for item in following)
        if inputs[name].kind == "quantity" and used:
            label_, value = label(name, assessment.protocol), value_of(name, assessment)
            yield f"{label_}: assumed {value}, because the case does not give it."


def _option(option: Option) -> str:
    regimen = option.regimen
    basis = f"`{option.rule}` *Basis: {regimen.basis}; {cited(regimen.sources)}.*{beyond(regimen)}"
    if not option.condition:  # then the headline has said it already
        return f"- The regimen: {basis}"
    return f"- **{option.condition}** — {spoken(regimen)} {basis}"


def _because(item: Answer, protocol: Protocol) -> str:
    return because(item.outcome.fired or item.outcome.open, protocol)
