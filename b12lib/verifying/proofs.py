"""Proofs of the safety properties, or the case that breaks one, confirmed by the evaluator."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from b12lib.deciding.assessment import Assessment, assess
from b12lib.deciding.case import read_case
from b12lib.deciding.fields import case_fields, plain, printed
from b12lib.errors import CaseError, MissingExtra, ProtocolError
from b12lib.reading.dictionary import Input
from b12lib.reading.feel import Value
from b12lib.reading.properties import ANSWERED, MORE, UNITS, Property
from b12lib.reading.protocol import Protocol
from b12lib.reading.tables import spelled
from b12lib.verifying.clauses import holds, holds_between
from b12lib.verifying.model import Decided, starts

if TYPE_CHECKING:
    from b12lib.verifying.search import Search

EFFORT = 50_000_000
"""How long the solver may try one property, in its own unit, which no machine's speed changes."""

PROVED, VIOLATED = "proved", "violated"
Fields = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Proof:
    """What became of one property.

    ``verdict`` is ``PROVED``, ``VIOLATED`` or ``undecided``; undecided is not proved. ``cases``
    holds the case that breaks it, field by field as it would be written, or two where the property
    compares two; ``found`` what each of them came to, in the words of the tables.
    """

    property: str
    when: str
    must: str
    verdict: str
    cases: tuple[Fields, ...] = ()
    found: tuple[str, ...] = ()


def prove(protocol: Protocol, effort: int = EFFORT) -> tuple[Proof, ...]:
    """Prove each property of the protocol, or find the case that breaks it.

    Raises ``MissingExtra`` where the solver is not installed.
    """
    try:
        from b12lib.verifying.search import Search
    except ImportError as error:
        raise MissingExtra("proving the safety properties", "verify") from error
    search = Search(protocol, effort)
    return tuple(_proof(item, protocol, search) for item in protocol.properties.values())


def _proof(item: Property, protocol: Protocol, search: Search) -> Proof:
    of_reading = item.demands[0].verb == UNITS
    cases = _read_bare(item, protocol) if of_reading else search.find(item)
    if not (cases and _broken(item, cases, protocol)):
        return Proof(item.id, item.when, item.must, PROVED if cases == () else "undecided")
    if not of_reading:
        cases = _least(item, cases, protocol)
    found = _broken(item, cases, protocol)
    return Proof(item.id, item.when, item.must, VIOLATED, cases, found)


def _read_bare(item: Property, protocol: Protocol) -> tuple[Fields, ...]:
    """Return the first quantity read without its unit, trying each stretch of its values."""
    for name, field in case_fields(protocol).items():
        if isinstance(field, Input) and field.kind == "quantity":
            for number in (*starts(field, protocol), field.range[1]):
                cases = ({name: str(number)},)
                if _broken(item, cases, protocol):
                    return cases
    return ()


def _broken(item: Property, cases: Sequence[Fields], protocol: Protocol) -> tuple[str, ...]:
    """Return what each case came to where the evaluator finds the property broken, else nothing."""
    try:
        read = [read_case({"inputs": dict(case)}, protocol) for case in cases]
        if item.demands[0].verb == UNITS:
            return tuple(f"{name} is read" for case in read for name in case.given)
        found = [assess(case) for case in read]
    except CaseError:
        return ()
    except ProtocolError as error:
        return tuple(map(str, error.faults)) if item.demands[0].verb == ANSWERED else ()
    decided = [_decided(assessment) for assessment in found]
    first, last = decided[0], decided[-1]
    if item.of_two_cases:
        meant = _changed(item, *found)
        kept = [holds_between(demand, first, last, protocol, 0) for demand in item.demands]
    else:
        meant = all(holds(premise, first, protocol, 0) for premise in item.premises)
        kept = [holds(demand, first, protocol, 0) for demand in item.demands]
    broken = [demand for demand, is_ in zip(item.demands, kept, strict=True) if not is_]
    if not (meant and broken):
        return ()
    names = dict.fromkeys(clause.name for clause in (*item.premises, *broken) if clause.name)
    return tuple(_told(names, assessment) for assessment in found)


def _decided(assessment: Assessment) -> Decided[int]:
    """Return the evaluator's answers as the model has them: every bit set where possible."""
    possible: dict[str, Mapping[Value, int]] = {}
    for name, item in assessment.protocol.dictionary.items():
        values = _values(name, assessment)
        possible[name] = {value: -(value in values) for value in item.domain}
    return Decided(possible, refused=0, gap=0)


def _values(name: str, assessment: Assessment) -> tuple[Value, ...]:
    if name in assessment.answers:
        return assessment[name].values
    value = assessment.values.get(name)
    return (value,) if value is not None else assessment.protocol.dictionary[name].domain


def _changed(item: Property, first: Assessment, second: Assessment) -> bool:
    """Say whether two cases differ as the property wants."""
    before, after = dict(first.case.given), dict(second.case.given)
    if item.premises[0].verb == MORE:
        known = {name: value for name, value in first.values.items() if value is not None}
        stated = {name: before[name] for name in before if name in first.answers}
        return known.items() <= second.values.items() and stated.items() <= after.items()
    name = item.premises[0].name
    low, high = before.pop(name, None), after.pop(name, None)
    if low is None or high is None or low.unit != high.unit or before != after:
        return False
    return first.values[name] < second.values[name]  # type: ignore[operator]


def _told(names: Iterable[str], assessment: Assessment) -> str:
    """Write what some names came to: ``deficiency_status = "confirmed"; treat_now = "no"``."""
    told = []
    for name in names:
        values = " or ".join(map(spelled, _values(name, assessment)))
        told.append(f"{name} = {values or 'nothing'}")
    return "; ".join(told)


def _least(item: Property, cases: tuple[Fields, ...], protocol: Protocol) -> tuple[Fields, ...]:
    """Leave out every field that breaking the property does not need; write the rest plainly.

    A field may be needed only beside another that goes later, hence again until nothing goes.
    """
    before: tuple[Fields, ...] = ()
    while cases != before:
        before = cases
        cases = _less(item, cases, protocol)
    return cases


def _less(item: Property, cases: tuple[Fields, ...], protocol: Protocol) -> tuple[Fields, ...]:
    """Try once to do without each field, or to write it more plainly."""
    everywhere = set(range(len(cases)))
    for name in dict.fromkeys(name for case in cases for name in case):
        for where in (everywhere, *({position} for position in everywhere)):
            for change in (_without, _plainly):
                simpler = tuple(
                    change(name, case, protocol) if position in where and name in case else case
                    for position, case in enumerate(cases)
                )
                if simpler != cases and _broken(item, simpler, protocol):
                    cases = simpler
    return cases


def _without(name: str, case: Fields, protocol: Protocol) -> Fields:
    return {field: case[field] for field in case if field != name}


def _plainly(name: str, case: Fields, protocol: Protocol) -> Fields:
    """Write a quantity as it is reported: in the unit of the dictionary, rounded."""
    given, field = read_case({"inputs": case}, protocol).given[name], protocol.dictionary[name]
    if not (isinstance(field, Input) and isinstance(given.value, Decimal)):
        return case
    return {**case, name: f"{plain(given.value)} {printed(field, protocol)}"}
