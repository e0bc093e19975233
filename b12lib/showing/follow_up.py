"""Visits under treatment: what was found beside what was there before, and what it means."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from b12lib.deciding.assessment import Answer, Assessment, VisitAssessment
from b12lib.explaining.wording import inside, label, rule_ids, sentence, statement, value_of
from b12lib.reading.visits import DAY
from b12lib.showing.background import trace
from b12lib.showing.levels import Level
from b12lib.showing.section import escape, table
from b12lib.showing.sentences import STATED, beyond, saying, why

NOW = "_now"
"""The ending of what a visit found, in the place of what was there before treatment."""


def visits(assessment: Assessment, level: Level = Level.CLINICIAN) -> str:
    """Show what each visit found, and say what it means; empty where the case tells of none."""
    told = [_told(visit, assessment, level) for visit in assessment.visits]
    return "\n\n".join(filter(None, [_found(assessment), *told]))


def traces(assessment: Assessment) -> str:
    """Show for every visit how what was decided there came about."""
    parts = []
    for visit in assessment.visits:
        known = {name: answer for name, answer in visit.answers.items() if answer.known}
        parts += [_when(visit), trace(replace(assessment.at(visit), answers=known))]
    return "\n\n".join(parts)


def _when(visit: VisitAssessment) -> str:
    on = f" ({visit.visit.date})" if visit.visit.date else ""
    return f"**Day {visit.visit.day}{on}**"


def _found(assessment: Assessment) -> str:
    """Tabulate what was given at the visits, with the value from before treatment beside it."""
    names = dict.fromkeys(
        name for visit in assessment.visits for name in visit.visit.given if name != DAY
    )
    rows = [
        [
            label(name, assessment.protocol),
            _value(name.removesuffix(NOW), assessment),
            *(_value(name, assessment.at(v)) for v in assessment.visits),
        ]
        for name in names
    ]
    days = [f"Day {visit.visit.day}" for visit in assessment.visits]
    return table(["Found", "Before treatment", *days], rows) if rows else ""


def _value(name: str, assessment: Assessment) -> str:
    given = assessment.case.given.get(name)
    if given:
        return escape(given.written)
    answer = assessment.answers.get(name)
    known = answer.known if answer else assessment.values.get(name) is not None
    return value_of(name, assessment) if known else ""


def _told(visit: VisitAssessment, assessment: Assessment, level: Level) -> str:
    """Say what the answers of a visit mean, as far as statements.md has a sentence for them."""
    at_visit = assessment.at(visit)
    order = [visit.answers[name] for name in assessment.protocol.visits.decisions]
    lines = [line for answer in order for line in _lines(answer, at_visit, level)]
    if missing := [inside(a.decision.label) for a in order if _missed(a, at_visit)]:
        lines.append(f"- Not assessable from what was found: {', '.join(missing)}.")
    return "\n".join([_when(visit), "", *lines])


def _missed(answer: Answer, assessment: Assessment) -> bool:
    """Whether something that a clinician could tell, and that would be told here, is not known."""
    name = answer.decision.name
    told = any(statement(name, value, assessment.protocol) for value in answer.values)
    return bool(told and not answer.known and answer.decision.question)


def _lines(answer: Answer, assessment: Assessment, level: Level) -> Iterator[str]:
    name = answer.decision.name
    for value in answer.values if answer.known else ():
        if row := statement(name, value, assessment.protocol):
            rules = saying(answer, value)
            ids = [rule.id for rule in rules] if answer.collects else [rule_ids(answer)]
            behind = " ".join(f"`{id_}`" for id_ in ids) + why(rules, level)
            behind = STATED if answer.stated else behind
            yield f"- {sentence(name, value, assessment)}{beyond(row)} {behind}"
