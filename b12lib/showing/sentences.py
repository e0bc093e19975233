"""An answer in the words of its reader, and its marks: why, and what the seed does not say."""

from __future__ import annotations

from collections.abc import Iterable

from b12lib.deciding.assessment import Answer
from b12lib.reading.catalogues import Regimen, ScheduleItem, Statement
from b12lib.reading.feel import Value
from b12lib.reading.sources import is_addition
from b12lib.reading.tables import Rule
from b12lib.showing.levels import Level

ADDITION = " *addition*"
"""The mark of what the seed does not say."""


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
