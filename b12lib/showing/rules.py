"""A decision table as a reader sees it, with how each rule fared in one case."""

from __future__ import annotations

from b12lib.deciding.assessment import Answer
from b12lib.explaining.meaning import in_general
from b12lib.explaining.wording import cited, inside, label, weak, words
from b12lib.reading.dictionary import CATALOGUES
from b12lib.reading.protocol import Protocol
from b12lib.reading.tables import DecisionTable, Rule, spelled
from b12lib.showing.annotations import IN_CASE, SAYS, SOURCES, WHY
from b12lib.showing.section import Section, table

FIRES, MAY_FIRE = "**fires**", "may fire"


def why(answer: Answer, protocol: Protocol) -> Section:
    """Show the table behind an answer, and what became of each rule."""
    found = answer.outcome.table
    rows = [[*row(rule, found, protocol), _verdict(rule, answer, protocol)] for rule in found.rules]
    heads = [*head(found, protocol), IN_CASE]
    return Section(f"Why: {answer.decision.label}", table(heads, rows))


def head(found: DecisionTable, protocol: Protocol) -> list[str]:
    """Return the head of a table as a reader sees it."""
    names = [column.name for column in found.columns]
    outputs = [f"**{name}**" for name in found.outputs]
    says = [SAYS] if _says(found.rules[0], found, protocol) else []
    return [found.hit_policy, *names, *outputs, *says, WHY, SOURCES]


def row(rule: Rule, found: DecisionTable, protocol: Protocol) -> list[str]:
    """Return one rule of a table as a reader sees it."""
    outputs = [f"**{spelled(value)}**" for value in rule.outputs]
    return [
        rule.id,
        *(cell.text for cell in rule.inputs),
        *outputs,
        *_says(rule, found, protocol),
        " ".join([rule.rationale, *weak([rule], protocol)]),
        cited(rule.sources),
    ]


def _says(rule: Rule, found: DecisionTable, protocol: Protocol) -> list[str]:
    """Return what a rule's answers say, if they are ids of rows that say it."""
    decisions = {**protocol.decisions, **protocol.visits.decisions}
    answers = zip((decisions[name] for name in found.outputs), rule.outputs, strict=True)
    told = [in_general(item, value, protocol) for item, value in answers if item.kind in CATALOGUES]
    return [" ".join(told)] if told else []


def _verdict(rule: Rule, answer: Answer, protocol: Protocol) -> str:
    outcome = answer.outcome
    if answer.stated:
        return "not asked: the case states it"
    if rule in outcome.fired:
        return FIRES
    if rule in outcome.open:
        return MAY_FIRE
    column = outcome.failed_at(rule)
    if column is None:
        return "not needed: another rule decides"
    position = [item.name for item in outcome.table.columns].index(column)
    values = words(outcome.considered[position])
    return f"no ({inside(label(column, protocol))}: {values})"
