"""What stands in the protocol and no rule, input or text ever uses."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from b12lib.deciding.case import Case
from b12lib.errors import Place
from b12lib.reading.catalogues import Regimen, ScheduleItem, Statement, answer_id
from b12lib.reading.consistency import PLACEHOLDER
from b12lib.reading.dictionary import CATALOGUES, Input
from b12lib.reading.feel import Value
from b12lib.reading.protocol import Protocol
from b12lib.reading.sources import citations
from b12lib.reading.tables import DecisionTable


@dataclass(frozen=True, slots=True)
class Unused:
    """An input, unit, row, answer or reference that could go without anybody noticing."""

    kind: str
    name: str
    place: Place


def unused(protocol: Protocol, cases: Iterable[Case] = ()) -> tuple[Unused, ...]:
    """Return everything unused; ``cases`` may cite references that nothing else cites."""
    return (
        *_inputs(protocol),
        *_answers(protocol),
        *_rows(protocol),
        *_units(protocol),
        *_references(protocol, cases),
    )


def _inputs(protocol: Protocol) -> Iterator[Unused]:
    """Yield inputs that no table reads, not even through a formula; a date times the schedule."""
    inputs = _all_inputs(protocol)
    read = {column.name for table in _deciding(protocol) for column in table.columns}
    for item in reversed(inputs):  # a formula only uses inputs above it
        if item.name in read and item.formula:
            read |= item.formula.names | item.formula.earlier
    for item in inputs:
        if item.name not in read and item.kind != "date":
            yield Unused("input", item.name, item.place)


def _all_inputs(protocol: Protocol) -> list[Input]:
    return [*protocol.inputs.values(), *protocol.visits.inputs.values()]


def _deciding(protocol: Protocol) -> tuple[DecisionTable, ...]:
    return (*protocol.tables, *protocol.visits.tables)


def _given(protocol: Protocol) -> set[tuple[str, Value]]:
    """Return every decision with every answer that some rule gives it."""
    return {
        (name, answer)
        for table in _deciding(protocol)
        for rule in table.rules
        for name, answer in zip(table.outputs, rule.outputs, strict=True)
    }


def _answers(protocol: Protocol) -> Iterator[Unused]:
    given = _given(protocol)
    for decision in (*protocol.decisions.values(), *protocol.visits.decisions.values()):
        for answer in decision.domain if decision.kind not in CATALOGUES else ():
            if (decision.name, answer) not in given:
                yield Unused("answer", answer_id(decision.name, answer), decision.place)


def _rows(protocol: Protocol) -> Iterator[Unused]:
    """Yield rows that no rule answers with and no text quotes."""
    given = _given(protocol)
    answers = {answer_id(*pair) for pair in given} | {str(answer) for _, answer in given}
    texts = [row.statement for row in protocol.statements.values()]
    texts += [row.what + row.aim for row in protocol.schedule.values()]
    quoted = {name for text in texts for name, part in PLACEHOLDER.findall(text) if part}
    rows: dict[str, Mapping[str, Statement | Regimen | ScheduleItem]] = {
        "statement": protocol.statements,
        "regimen": protocol.regimens,
        "schedule": protocol.schedule,
    }
    for kind, catalogue in rows.items():
        for name, row in catalogue.items():
            if name not in answers | quoted:
                yield Unused(kind, name, row.place)


def _units(protocol: Protocol) -> Iterator[Unused]:
    accepted = {unit for item in _all_inputs(protocol) for unit in item.factors}
    for unit in protocol.units:
        if unit not in accepted:
            yield Unused("unit", unit, Place("units.md"))


def _references(protocol: Protocol, cases: Iterable[Case]) -> Iterator[Unused]:
    cited = {
        source.key
        for sources in (
            *(rule.sources for _, rule in protocol.rules.values()),
            *(item.sources for item in _all_inputs(protocol)),
            *(row.sources for row in protocol.statements.values()),
            *(row.sources for row in protocol.regimens.values()),
            *(row.sources for row in protocol.schedule.values()),
            *(row.sources for row in protocol.claims.values()),
        )
        for source in sources
    }
    cited |= {source.key for case in cases if case.source for source in citations(case.source)}
    for key in protocol.references:
        if key not in cited:
            yield Unused("reference", key, Place("references.bib"))
