"""What is not known, and whether knowing it could change the treatment."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from b12lib.deciding.assessment import Assessment, answer_all
from b12lib.reading.dictionary import Decision, Input
from b12lib.reading.feel import Value


@dataclass(frozen=True, slots=True)
class Open:
    """Something not known: a finding, or an input that a treatment decision asks for.

    ``affects`` names the treatment decisions that some answer to it would settle or change;
    ``ask`` the inputs and findings whose value would settle it.
    """

    name: str
    candidates: tuple[Value, ...]
    affects: tuple[str, ...]
    ask: tuple[str, ...]


def open_questions(assessment: Assessment) -> tuple[Open, ...]:
    """Return everything unknown that some decision depends on, what changes treatment first."""
    found = [
        Open(name, candidates, _affects(name, candidates, assessment), _ask(name, assessment))
        for name, candidates in _unknown(assessment)
    ]
    order = [decision.name for decision in assessment.protocol.decisions.values()]
    return tuple(
        sorted(found, key=lambda item: min(map(order.index, item.affects), default=len(order)))
    )


def _unknown(assessment: Assessment) -> Iterator[tuple[str, tuple[Value, ...]]]:
    for answer in assessment.part("finding"):
        if not answer.known:
            yield answer.decision.name, answer.values
    asked: dict[str, dict[Value, None]] = {}
    for answer in assessment.part("treatment"):
        for column in answer.outcome.table.columns:
            if column.name in answer.outcome.could_change and column.name in assessment.values:
                asked.setdefault(column.name, {}).update(dict.fromkeys(column.domain))
    yield from ((name, tuple(values)) for name, values in asked.items())


def _affects(name: str, candidates: Iterable[Value], assessment: Assessment) -> tuple[str, ...]:
    """Try every answer to the question and see which treatment decisions come out differently."""
    protocol = assessment.protocol
    stated = {
        answer.decision.name: answer.values[0]
        for answer in assessment.answers.values()
        if answer.stated
    }
    affected: dict[str, None] = {}
    for value in candidates:
        if name in protocol.inputs:
            answers = answer_all(protocol, {**assessment.values, name: value}, stated)
        else:
            answers = answer_all(protocol, assessment.values, {**stated, name: value})
        for now in assessment.part("treatment"):
            if answers[now.decision.name].values != now.values:
                affected[now.decision.name] = None
    return tuple(affected)


def _ask(name: str, assessment: Assessment) -> tuple[str, ...]:
    """Name what a person can answer or measure to settle ``name``."""
    protocol = assessment.protocol
    item: Input | Decision
    if name in protocol.inputs:
        item = protocol.inputs[name]
        if item.formula and not item.question:
            return _each(item.formula.names, assessment)
        return (name,) if assessment.values.get(name) is None else ()
    item = protocol.decisions[name]
    values = _each(assessment[name].outcome.could_change, assessment)
    return (name, *values) if item.may_be_stated else values


def _each(names: Iterable[str], assessment: Assessment) -> tuple[str, ...]:
    return tuple(dict.fromkeys(leaf for name in sorted(names) for leaf in _ask(name, assessment)))
