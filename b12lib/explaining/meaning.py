"""What an answer means in full: the regimen's doses, the schedule's dates, or the sentence."""

from __future__ import annotations

from collections.abc import Callable

from b12lib.deciding.assessment import Assessment
from b12lib.explaining.plan import spoken
from b12lib.explaining.wording import begun, filled, inside, label, statement, unfilled, word
from b12lib.reading.dictionary import Decision
from b12lib.reading.feel import Value
from b12lib.reading.protocol import Protocol


def in_words(decision: Decision, value: Value, assessment: Assessment) -> str:
    """Return what an answer means to the patient of an assessment."""
    return _meaning(decision, value, assessment.protocol, lambda text: filled(text, assessment))


def in_general(decision: Decision, value: Value, protocol: Protocol) -> str:
    """Return what an answer means, of no patient: values are named in brackets."""
    return _meaning(decision, value, protocol, lambda text: unfilled(text, protocol))


def _meaning(
    decision: Decision, value: Value, protocol: Protocol, fill: Callable[[str], str]
) -> str:
    match decision.kind:
        case "regimen":
            regimen = protocol.regimens[str(value)]
            return begun(spoken(regimen)) if regimen.given else "Nothing is given."
        case "schedule":
            item = protocol.schedule[str(value)]
            what, aim = inside(fill(item.what)), inside(fill(item.aim))
            return f"{begun(item.when)}: {what}; aim: {aim}."
        case _:
            if row := statement(decision.name, value, protocol):
                return fill(row.statement)
            return f"{label(decision.name, protocol)}: {word(value)}."
