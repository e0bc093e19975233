"""An assessment: every decision of a protocol on one case, with the reasons."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Context, Decimal, localcontext
from types import MappingProxyType

from b12lib.deciding.case import Case
from b12lib.deciding.evaluate import Outcome, Row, decide
from b12lib.errors import CaseError, CaseFault
from b12lib.reading.dictionary import Decision, Input
from b12lib.reading.feel import Value
from b12lib.reading.protocol import Protocol
from b12lib.reading.tables import spelled

Memory = dict[tuple[tuple[str, ...], tuple[Row | None, ...]], Outcome]
"""What tables, named by their outputs, have said already of what their columns may be."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What one decision came to.

    ``values`` holds the one answer when ``known``, every possible answer otherwise; for a decision
    that collects, all that hold. A *fact* speaks of the patient: what is added to the case never
    contradicts it, unless it replaces a value that was assumed. Any other answer says what to do on
    what is known now. ``stated``: the case said so itself.
    """

    decision: Decision
    values: tuple[Value, ...]
    outcome: Outcome
    fact: bool
    stated: bool = False

    @property
    def known(self) -> bool:
        """Whether one answer holds whatever the unknown turns out to be."""
        return self.collects or len(self.values) == 1

    @property
    def collects(self) -> bool:
        """Whether the decision lists all that applies instead of choosing one answer."""
        return self.outcome.table.hit_policy == "C"

    @property
    def value(self) -> Value:
        """The one answer, or ``None`` while it is not known."""
        return self.values[0] if len(self.values) == 1 and not self.collects else None


@dataclass(frozen=True, slots=True)
class Assessment:
    """A case decided.

    ``values`` holds what every input came to, ``None`` where unknown; ``assumed`` the inputs whose
    value the dictionary assumes because the case is silent; ``answers`` every decision, in order.
    """

    case: Case
    values: Mapping[str, Value]
    assumed: tuple[str, ...]
    answers: Mapping[str, Answer]

    @property
    def protocol(self) -> Protocol:
        """The protocol that decided."""
        return self.case.protocol

    def __getitem__(self, decision: str) -> Answer:
        """Return one decision's answer."""
        return self.answers[decision]

    def part(self, part: str) -> Iterator[Answer]:
        """Yield the answers of one part: finding, treatment, follow-up or advice."""
        return (answer for answer in self.answers.values() if answer.decision.part == part)


def assess(case: Case, memory: Memory | None = None) -> Assessment:
    """Decide every table of the case's protocol.

    ``memory`` is for many cases that differ little, all under one protocol: a table asked the
    same again is not decided again. Raises ``CaseError`` when the case contradicts itself, or the
    protocol is not made for it.
    """
    assessment = decided(case, memory)
    if faults := list(refusals(assessment)):
        raise CaseError(faults)
    return assessment


def decided(case: Case, memory: Memory | None = None) -> Assessment:
    """Decide every table, even of a case to be refused: only verifying asks for that."""
    with localcontext(Context()):  # whatever the caller's own decimals do
        values, assumed = _values(case)
    stated = {
        name: case.given[name].value for name in case.protocol.decisions if name in case.given
    }
    answers = _answers(case.protocol, values, stated, {} if memory is None else memory)  # type: ignore[arg-type]
    return Assessment(case, MappingProxyType(values), assumed, MappingProxyType(answers))


def _answers(
    protocol: Protocol,
    values: Mapping[str, Value],
    stated: Mapping[str, Value],
    memory: Memory,
) -> dict[str, Answer]:
    """Let every table decide in turn; a stated answer stands in place of the table's own."""
    possible: dict[str, tuple[Value, ...]] = {
        name: (value,) for name, value in values.items() if value is not None
    }
    answers: dict[str, Answer] = {}
    for table in protocol.tables:
        asked = table.outputs, tuple(possible.get(column.name) for column in table.columns)
        if asked not in memory:
            memory[asked] = decide(table, possible)
        answers.update(answers_of(memory[asked], protocol, stated))
        possible.update({name: answers[name].values for name in table.outputs})
    return answers


def answers_of(
    outcome: Outcome, protocol: Protocol, stated: Mapping[str, Value]
) -> Iterator[tuple[str, Answer]]:
    """Yield what one table came to for each of its decisions, by name."""
    for name in outcome.table.outputs:
        said = name in stated
        yield (
            name,
            Answer(
                decision=protocol.decisions[name],
                values=(stated[name],) if said else outcome.answers(name),
                outcome=outcome,
                fact=name in protocol.facts,
                stated=said,
            ),
        )


def _values(case: Case) -> tuple[dict[str, Value], tuple[str, ...]]:
    """Return the value of every input: given, else worked out, else assumed, else unknown."""
    values: dict[str, Value] = {}
    numbers = {name: given.number for name, given in case.given.items() if given.number is not None}
    assumed = []
    for name, item in case.protocol.inputs.items():
        if item.kind == "date":
            continue
        if name in case.given:
            values[name] = case.given[name].value  # type: ignore[assignment]
            continue
        values[name] = worked_out(item, values, numbers)
        if values[name] is None and item.assumed is not None:
            values[name] = item.assumed
            assumed.append(name)
    return values, tuple(assumed)


def worked_out(item: Input, values: Mapping[str, Value], numbers: Mapping[str, Decimal]) -> Value:
    """Return what the formula of an input makes of others, as it would be reported."""
    derived = item.formula.value(values, numbers) if item.formula else None
    return item.round(derived) if isinstance(derived, Decimal) else derived


def refusals(assessment: Assessment) -> Iterator[CaseFault]:
    """Yield what the values contradict, and what the protocol itself refuses, in its own words."""
    case = assessment.case
    statements = case.protocol.statements
    for name, answer in assessment.answers.items():
        if answer.stated and answer.values[0] not in answer.outcome.answers(name):
            other = ", ".join(map(spelled, answer.outcome.answers(name)))
            rules = ", ".join(rule.id for rule in answer.outcome.fired + answer.outcome.open)
            contrary = f"the values of the case make it {other} (rule {rules})"
            yield CaseFault(name, case.given[name].written, contrary, "correct one of them")
        if answer.decision.part == "refusal":
            for rule in answer.outcome.fired:
                columns = zip(answer.outcome.table.columns, rule.inputs, strict=True)
                names = [column.name for column, cell in columns if cell.text != "-"]
                fields = tuple(dict.fromkeys(_sources_of(names, case)))
                why = statements[str(answer.outcome.said(rule, name))].statement
                told = " and ".join(f"{field} = {case.given[field].written}" for field in fields)
                yield CaseFault(told, "", f"{why} (rule {rule.id})", fields=fields)


def _sources_of(names: list[str], case: Case) -> Iterator[str]:
    """Name the given fields behind derived ones."""
    for name in names:
        item = case.protocol.inputs.get(name)
        if item and item.formula and name not in case.given:
            yield from _sources_of(sorted(item.formula.names), case)
        elif name in case.given:
            yield name
