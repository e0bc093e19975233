"""An answer in the words of its reader, and its marks: why, and what the seed does not say."""

from __future__ import annotations

from collections.abc import Iterable

from b12lib.deciding.assessment import Answer, Assessment
from b12lib.explaining.meaning import in_words
from b12lib.explaining.wording import begun, plainly, row_id
from b12lib.reading.catalogues import Regimen, ScheduleItem, Statement
from b12lib.reading.feel import Value
from b12lib.reading.sources import is_addition
from b12lib.reading.tables import Rule
from b12lib.showing.levels import Level

ADDITION = " *addition*"
"""The mark of what the seed does not say."""
STATED = "*(stated by the case)*"
"""What stands in the place of a rule's id where the case itself gives the finding."""


def said(
    answer: Answer, value: Value, assessment: Assessment, level: Level = Level.CLINICIAN
) -> str:
    """Return what an answer means, in the words of its reader."""
    id_, protocol = row_id(answer, value), assessment.protocol
    if level == Level.PATIENT and id_ in protocol.plain:
        when = f"{begun(protocol.schedule[id_].when)}: " if id_ in protocol.schedule else ""
        return f"{when}{plainly(id_, assessment)}"
    return in_words(answer.decision, value, assessment)


def in_full(answer: Answer, assessment: Assessment, level: Level) -> str:
    """Return all that an answer means; of one that is open only regimens have a meaning yet."""
    told = answer.known or answer.decision.kind == "regimen"
    meant = [said(answer, value, assessment, level) for value in answer.values if told]
    if not answer.known:
        return " ".join(["Not decided yet.", *(f"Possible: {one}" for one in meant)])
    return " ".join(meant) or "Nothing."


def beyond(row: Statement | Regimen | ScheduleItem | None) -> str:
    """Mark what the seed does not say; the status section explains the word."""
    return ADDITION if row and is_addition(row.sources) else ""


def saying(item: Answer, value: Value) -> list[Rule]:
    """Return the rules that fired and say this."""
    outcome = item.outcome
    return [rule for rule in outcome.fired if outcome.said(rule, item.decision.name) == value]


def why(rules: Iterable[Rule], level: Level) -> str:
    """Say why, to those who learn: the rationale of the rules behind an answer."""
    reasons = dict.fromkeys(rule.rationale for rule in rules)
    return f" *Why:* {' '.join(reasons)}" if reasons and level == Level.TRAINEE else ""
