"""A case: what is said of one patient, checked against the data dictionary before anything decides.

All faults of a case are told at once, each with field, value, what was expected and how to mend it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Context, localcontext
from types import MappingProxyType
from typing import Any

from b12lib.deciding.fields import (
    Given,
    expected_answers,
    mapping,
    read_fields,
    shown,
    unknown_name,
)
from b12lib.deciding.visits import Visit, read_visits
from b12lib.errors import CaseError, CaseFault
from b12lib.reading.feel import Value
from b12lib.reading.protocol import Protocol
from b12lib.reading.yaml import read_mapping

FIELDS = ("case", "kind", "source", "note", "inputs", "visits", "expect", "refused")
KINDS = ("seed", "published", "synthetic")
LONGEST_TEXT = 2_000
INPUTS_MEND = "write 'inputs:' and below it one 'field: value' line for each thing known"


@dataclass(frozen=True, slots=True)
class Case:
    """One patient under one protocol. ``given`` holds inputs and stated findings, in case order.

    ``visits`` holds what was found under treatment, in order of time. A worked case has
    ``expected`` answers, or the fields for which it must be ``refused``.
    """

    protocol: Protocol = field(repr=False)
    name: str
    given: Mapping[str, Given]
    kind: str = ""
    source: str = ""
    note: str = ""
    expected: Mapping[str, tuple[Value, ...]] = field(default_factory=lambda: MappingProxyType({}))
    visits: tuple[Visit, ...] = ()
    refused: tuple[str, ...] = ()


def read_case(source: str | Mapping[str, Any], protocol: Protocol) -> Case:
    """Read a case from YAML or JSON text, or from a mapping.

    A mapping is either the whole case (``case``, ``inputs``, …) or the inputs alone.
    Raises ``CaseError`` listing every fault.
    """
    if isinstance(source, str):
        try:
            source = read_mapping(source)
        except ValueError as error:
            raise CaseError([CaseFault("case file", "", str(error))]) from error
    if not isinstance(source, Mapping):
        raise CaseError(
            [CaseFault("case", shown(source), "expected a mapping, or text that is one")]
        )
    whole = source if set(FIELDS) & set(source) else {"inputs": source}
    faults: list[CaseFault] = []
    if "inputs" not in whole:
        faults.append(CaseFault("inputs", "", "expected what is known of the patient", INPUTS_MEND))
    for name in whole:
        if name not in FIELDS:
            faults.append(unknown_name(shown(name), whole[name], FIELDS))
    texts = {name: _text(name, whole, faults) for name in ("case", "kind", "source", "note")}
    if texts["kind"] and texts["kind"] not in KINDS:
        faults.append(CaseFault("kind", texts["kind"], f"expected one of {', '.join(KINDS)}"))
    with localcontext(Context()):  # whatever the caller's own decimals do
        given = read_fields(mapping("inputs", whole, faults), protocol, protocol, faults)
        first = given.get("treatment_start")
        start = first.value if first and isinstance(first.value, date) else None
        visits = read_visits(whole.get("visits"), start, protocol, faults)
    expected = expected_answers(mapping("expect", whole, faults), protocol, faults)
    try:
        refused = refused_fields(whole)
    except ValueError as error:
        faults.append(CaseFault("refused", shown(whole["refused"]), str(error)))
    if faults:
        raise CaseError(faults)
    return Case(
        protocol=protocol,
        name=texts["case"] or "unnamed case",
        given=MappingProxyType(given),
        kind=texts["kind"],
        source=texts["source"],
        note=texts["note"],
        expected=expected,
        visits=visits,
        refused=refused,
    )


def refused_fields(whole: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the fields for which a worked case says that it must be refused.

    They can be read where the rest of the case cannot. Raises ``ValueError`` for anything else.
    """
    names = whole.get("refused", [])
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise ValueError("expected a list of fields, such as [mma]")
    return tuple(names)


def _text(name: str, whole: Mapping[str, Any], faults: list[CaseFault]) -> str:
    text = whole.get(name, "")
    if not isinstance(text, str) or len(text) > LONGEST_TEXT:
        expected = f"expected a text of at most {LONGEST_TEXT} characters"
    elif not (folded := " ".join(text.split())).isprintable():
        expected = "expected text without control characters or signs that turn its direction"
    else:
        return folded
    faults.append(CaseFault(name, shown(text), expected))
    return ""
