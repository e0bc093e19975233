"""An assessment: every decision of a protocol on one case, with the reasons."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Context, Decimal, localcontext
from types import MappingProxyType

from b12lib.deciding.case import Case
from b12lib.deciding.evaluate import Outcome, Row, decide
from b12lib.deciding.fields import Given
from b12lib.deciding.visits import Visit, visit_field
from b12lib.errors import CaseError, CaseFault
from b12lib.reading.dictionary import Decision, Input
from b12lib.reading.feel import Value
from b12lib.reading.protocol import Protocol, Stage
from b12lib.reading.tables import spelled

Memory = dict[tuple[str, ...], dict[tuple[Row | None, ...], Outcome]]
"""What each table, named by its outputs, has said already of what its columns may be."""


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
class VisitAssessment:
    """One visit decided: the values of ``visits.md`` on that day, and what was decided from them.

    The baseline's values and answers were inputs too; they stand in the assessment of the case.
    """

    visit: Visit
    values: Mapping[str, Value]
    assumed: tuple[str, ...]
    answers: Mapping[str, Answer]

    def __getitem__(self, decision: str) -> Answer:
        """Return one decision's answer at this visit."""
        return self.answers[decision]


@dataclass(frozen=True, slots=True)
class Assessment:
    """A case decided.

    ``values`` holds what every input came to, ``None`` where unknown; ``assumed`` the inputs whose
    value the dictionary assumes because the case is silent; ``answers`` every decision, in order.
    ``visits`` holds what was decided at each visit under treatment.
    """

    case: Case
    values: Mapping[str, Value]
    assumed: tuple[str, ...]
    answers: Mapping[str, Answer]
    visits: tuple[VisitAssessment, ...] = ()

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

    def everything(self) -> Iterator[Answer]:
        """Yield every answer, of the case and then of each visit."""
        yield from self.answers.values()
        for visit in self.visits:
            yield from visit.answers.values()

    def at(self, visit: VisitAssessment) -> Assessment:
        """Return the assessment as it stood at a visit: what was found there beside the rest."""
        return replace(
            self,
            case=_at(self.case, visit.visit),
            values=MappingProxyType({**self.values, **visit.values}),
            assumed=self.assumed + visit.assumed,
            answers=MappingProxyType({**self.answers, **visit.answers}),
        )


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
        memory = {} if memory is None else memory
        values, assumed = _values(case.protocol, case.given)
        answers = _answers(case.protocol, values, _stated(case.protocol, case.given), memory)
        visits = tuple(_visits(case, values, answers, memory))
    return Assessment(case, MappingProxyType(values), assumed, MappingProxyType(answers), visits)


def _visits(
    case: Case, values: Mapping[str, Value], answers: Mapping[str, Answer], memory: Memory
) -> Iterator[VisitAssessment]:
    """Decide each visit on what it found, what was known before, and what earlier ones found."""
    stage, earlier = case.protocol.visits, list[Mapping[str, Value]]()
    for visit in case.visits:
        found, assumed = _values(stage, visit.given, values, earlier)
        stated = _stated(stage, visit.given)
        judged = _answers(stage, {**values, **found}, stated, memory, answers)
        earlier.append(found)
        yield VisitAssessment(visit, MappingProxyType(found), assumed, MappingProxyType(judged))


def _at(case: Case, visit: Visit) -> Case:
    return replace(case, given=MappingProxyType({**case.given, **visit.given}))


def _stated(stage: Stage, given: Mapping[str, Given]) -> dict[str, Value]:
    return {name: given[name].value for name in stage.decisions if name in given}  # type: ignore[misc]


def _answers(
    stage: Stage,
    values: Mapping[str, Value],
    stated: Mapping[str, Value],
    memory: Memory,
    before: Mapping[str, Answer] = MappingProxyType({}),
) -> dict[str, Answer]:
    """Let every table of a stage decide in turn; a stated answer stands in place of the table's.

    ``before`` holds what was decided at the stage before.
    """
    possible: dict[str, tuple[Value, ...]] = {
        name: (value,) for name, value in values.items() if value is not None
    }
    possible |= {name: answer.values for name, answer in before.items()}
    answers: dict[str, Answer] = {}
    for table in stage.tables:
        said = memory.setdefault(table.outputs, {})
        asked = tuple(possible.get(column.name) for column in table.columns)
        if asked not in said:
            said[asked] = decide(table, possible)
        answers.update(_answers_of(said[asked], stage, stated))
        possible.update({name: answers[name].values for name in table.outputs})
    return answers


def _answers_of(
    outcome: Outcome, stage: Stage, stated: Mapping[str, Value]
) -> Iterator[tuple[str, Answer]]:
    """Yield what one table came to for each of its decisions, by name."""
    for name in outcome.table.outputs:
        said = name in stated
        yield (
            name,
            Answer(
                decision=stage.decisions[name],
                values=(stated[name],) if said else outcome.answers(name),
                outcome=outcome,
                fact=name in stage.facts,
                stated=said,
            ),
        )


def _values(
    stage: Stage,
    given: Mapping[str, Given],
    before: Mapping[str, Value] = MappingProxyType({}),
    earlier: Iterable[Mapping[str, Value]] = (),
) -> tuple[dict[str, Value], tuple[str, ...]]:
    """Return the value of every input: given, else worked out, else assumed, else unknown."""
    values = dict(before)
    numbers = {name: value.number for name, value in given.items() if value.number is not None}
    inputs = {name: item for name, item in stage.inputs.items() if item.kind != "date"}
    assumed = []
    for name, item in inputs.items():
        if name in given:
            values[name] = given[name].value  # type: ignore[assignment]
        else:
            values[name] = worked_out(item, values, numbers, earlier)
            if values[name] is None and item.assumed is not None:
                values[name] = item.assumed
                assumed.append(name)
    return {name: values[name] for name in inputs}, tuple(assumed)


def worked_out(
    item: Input,
    values: Mapping[str, Value],
    numbers: Mapping[str, Decimal],
    earlier: Iterable[Mapping[str, Value]] = (),
) -> Value:
    """Return what the formula of an input makes of others, as it would be reported.

    ``earlier`` holds the values of the visits before this one.
    """
    derived = item.formula.value(values, numbers, earlier) if item.formula else None
    return item.round(derived) if isinstance(derived, Decimal) else derived


def refusals(assessment: Assessment) -> Iterator[CaseFault]:
    """Yield what the values contradict, and what the protocol itself refuses, in its own words."""
    case = assessment.case
    yield from _refusals(case, assessment.answers, {})
    for number, one in enumerate(assessment.visits, 1):
        found = {name: visit_field(number, name) for name in one.visit.given}
        yield from _refusals(_at(case, one.visit), one.answers, found)


def _refusals(
    case: Case, answers: Mapping[str, Answer], found: Mapping[str, str]
) -> Iterator[CaseFault]:
    """Yield what is refused at one stage; ``found`` is how fields of a visit are named."""
    statements = case.protocol.statements
    for name, answer in answers.items():
        if answer.stated and answer.values[0] not in (possible := _possible(answer.outcome, name)):
            other = ", ".join(map(spelled, possible))
            rules = ", ".join(rule.id for rule in answer.outcome.fired + answer.outcome.open)
            contrary = f"the values of the case make it {other} (rule {rules})"
            yield CaseFault(
                found.get(name, name), case.given[name].written, contrary, "correct one of them"
            )
        if answer.decision.part == "refusal":
            for rule in answer.outcome.fired:
                columns = zip(answer.outcome.table.columns, rule.inputs, strict=True)
                names = [column.name for column, cell in columns if cell.text != "-"]
                given = {
                    found.get(field, field): case.given[field].written
                    for field in _sources_of(names, case)
                }
                why = statements[str(answer.outcome.said(rule, name))].statement
                told = " and ".join(f"{field} = {written}" for field, written in given.items())
                yield CaseFault(told, "", f"{why} (rule {rule.id})", fields=tuple(given))


def _possible(outcome: Outcome, name: str) -> tuple[Value, ...]:
    """Return what the table could answer: where it takes not knowing as a value, it only seems so.

    Whoever states an answer may know what the case does not say.
    """
    columns = [
        (None, *column.domain) if values == (None,) else values
        for column, values in zip(outcome.table.columns, outcome.considered, strict=True)
    ]
    rules = (
        rule
        for rule in outcome.table.rules
        if all(
            any(map(cell.matches, values))
            for cell, values in zip(rule.inputs, columns, strict=True)
        )
    )
    return tuple(dict.fromkeys(outcome.said(rule, name) for rule in rules))


def _sources_of(names: list[str], case: Case) -> Iterator[str]:
    """Name the given fields behind derived ones."""
    for name in names:
        item = case.protocol.dictionary.get(name)
        if isinstance(item, Input) and item.formula and name not in case.given:
            yield from _sources_of(sorted(item.formula.names), case)
        elif name in case.given:
            yield name
