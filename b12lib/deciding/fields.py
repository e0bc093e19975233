"""The fields of a case: each value read against the data dictionary, with its unit."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from b12lib.errors import CaseFault, did_you_mean
from b12lib.reading.dictionary import Decision, Input, fold
from b12lib.reading.feel import Value
from b12lib.reading.protocol import Protocol, Stage

WORDS = {"yes": True, "true": True, "no": False, "false": False}
EARLIEST, LATEST = date(1900, 1, 1), date(2200, 1, 1)
"""Dates that a case may name: schedules count years on from them."""
UNKNOWN = ("unknown", "null", "~")

# A unit starts with no digit, but for powers of ten such as 10*9/L with a space before them.
_QUANTITY = re.compile(
    r"(?P<number>[+-]?\d{1,12}(?:\.\d{1,12})?(?:[eE][+-]?\d{1,2})?)"
    r"\s*(?P<unit>(?:(?<=\s)10[*^eE]|[^\d.,\s]).*)?"
)


@dataclass(frozen=True, slots=True)
class Given:
    """A value as given; a quantity also as its bare ``number`` and UCUM ``unit``, unconverted."""

    value: Value | date
    written: str
    number: Decimal | None = None
    unit: str = ""


def mapping(name: str, whole: Mapping[str, Any], faults: list[CaseFault]) -> Mapping[str, Any]:
    """Return the mapping below a name; an empty one where nothing stands there."""
    value = whole.get(name)
    if value is None or value == "":  # a name with nothing below it
        return {}
    if isinstance(value, Mapping):
        return value
    faults.append(CaseFault(name, shown(value), "expected 'name: value' lines"))
    return {}


def case_fields(stage: Stage) -> dict[str, Input | Decision]:
    """Return every field that a case, or a visit, may give: what can be asked or stated."""
    inputs = {name: item for name, item in stage.inputs.items() if item.may_be_given}
    stated = {name: item for name, item in stage.decisions.items() if item.may_be_stated}
    return {**inputs, **stated}


def read_fields(
    fields: Mapping[str, Any], stage: Stage, protocol: Protocol, faults: list[CaseFault]
) -> dict[str, Given]:
    """Read what is given at one stage; what is said to be unknown is left out."""
    known = case_fields(stage)
    given = {}
    for name, value in fields.items():
        item = known.get(name)
        if item is None:
            faults.append(unknown_name(shown(name), value, known))
        elif not (value is None or (isinstance(value, str) and value.strip().lower() in UNKNOWN)):
            try:
                given[name] = read_value(item, value, protocol)
            except Unfit as unfit:
                faults.append(CaseFault(name, shown(value), *unfit.args))
    return given


class Unfit(Exception):
    """A value that does not fit its field: what was expected, and how to mend it."""


def read_value(item: Input | Decision, value: Any, protocol: Protocol) -> Given:
    """Read one value; raise ``Unfit`` with what was expected."""
    if item.kind == "quantity":
        assert isinstance(item, Input)
        return _quantity(item, value, protocol)
    return _without_unit(item, value)


def _without_unit(item: Input | Decision, value: Any) -> Given:
    if item.kind == "date":
        day = read_date(value)
        return Given(day, day.isoformat())
    if item.kind == "boolean":
        truth = _boolean(value)
        return Given(truth, "yes" if truth else "no")
    word = value.strip().lower() if isinstance(value, str) else None
    for answer in item.answers:
        if answer.lower() == word:
            return Given(answer, answer)
    hint = did_you_mean(shown(value), item.answers)
    raise Unfit(f"expected one of {', '.join(item.answers)}", hint)


def _boolean(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    word = value.strip().lower() if isinstance(value, str) else None
    if word not in WORDS:
        raise Unfit("expected yes or no", "write unknown, or leave the line out, if not known")
    return WORDS[word]


def read_date(value: Any) -> date:
    """Read a day; raise ``Unfit`` where it is none that a case may name."""
    mend = "write it as year-month-day, such as 2026-03-01"
    if isinstance(value, datetime):
        value = value.date()
    try:
        day = value if isinstance(value, date) else date.fromisoformat(value)
    except (TypeError, ValueError):
        raise Unfit("expected a date", mend) from None
    if not EARLIEST <= day <= LATEST:
        raise Unfit(f"expected a date from {EARLIEST} to {LATEST}", mend)
    return day


def _quantity(item: Input, value: Any, protocol: Protocol) -> Given:
    if isinstance(value, Mapping) and set(value) == {"value", "unit"}:
        value = f"{shown(value['value'])} {shown(value['unit'])}"
    if isinstance(value, bool) or not isinstance(value, str | int | float | Decimal):
        raise Unfit("expected a number with its unit", f"write it as '5 {item.unit}'")
    written = shown(value)
    found = _QUANTITY.fullmatch(written)
    if not found:
        raise Unfit("expected a number with its unit", _mend_number(item, written))
    number = Decimal(found["number"])
    if number < 0:
        raise Unfit("expected a number that is not negative")
    spelling = found["unit"] or ""
    unit = unit_code(spelling, item, protocol)
    if unit is None:
        raise Unfit(*_unit_message(item, number, spelling, protocol))
    low, high = item.range
    exact = number * item.factors[unit]
    if not low <= exact <= high:
        raise Unfit(
            f"outside what is plausible: {plain(low)} to {plain(high)} {printed(item, protocol)}",
            "check number and unit; " + _readings_text(item, number, protocol)
            if len(item.factors) > 1
            else "check the number",
        )
    return Given(item.round(exact), written, number, unit)


def _mend_number(item: Input, written: str) -> str:
    if "," in written:
        return "write the number with a decimal point and without thousands separators"
    if written.startswith(("<", ">", "≤", "≥")):
        return "a result beyond the assay's range cannot be read yet; leave it out"
    if re.match(r"[\d.]{13}", written):
        return "write at most 12 digits on each side of the point"
    return f"write it as '5 {item.unit}'; infinite and undefined numbers are refused"


def unit_code(spelling: str, item: Input, protocol: Protocol) -> str | None:
    """Return the UCUM code that a laboratory's spelling means for this input, or ``None``.

    Capitals and small letters may be mixed up only where no other unit of the protocol is written
    so: ``MMOL/L`` is millimoles, but ``g/L`` is grams and never ``G/L``, thousands per microlitre.
    """
    written = fold(spelling)
    for code in item.factors:
        if written in protocol.units[code].written:
            return code
    loose = [
        code
        for code, unit in protocol.units.items()
        if written.lower() in map(str.lower, unit.written)
    ]
    return loose[0] if len(loose) == 1 and loose[0] in item.factors else None


def _unit_message(item: Input, number: Decimal, unit: str, protocol: Protocol) -> tuple[str, str]:
    units = ", ".join(protocol.units[code].printed for code in item.factors)
    problem = f"{unit!r} is not a unit of it" if unit else "a number without a unit is not read"
    return f"{problem}; expected one of {units}", _readings_text(item, number, protocol)


def readings(item: Input, number: Decimal) -> dict[str, Decimal]:
    """Return what a bare number would be in the canonical unit, for each unit it could have."""
    return {unit: number * factor for unit, factor in item.factors.items()}


def _readings_text(item: Input, number: Decimal, protocol: Protocol) -> str:
    low, high = item.range
    parts = []
    for unit, value in readings(item, number).items():
        reading = f"{plain(number)} {protocol.units[unit].printed}"
        if unit != item.unit:
            reading += f" = {plain(value)} {printed(item, protocol)}"
        parts.append(reading if low <= value <= high else f"{reading} (not plausible)")
    return "it could be read as " + ", or ".join(parts)


def printed(item: Input, protocol: Protocol) -> str:
    """Return the canonical unit of an input as it is printed."""
    return protocol.units[item.unit].printed


def plain(value: Decimal) -> str:
    """Write a number without exponent or trailing zeros."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def shown(value: Any) -> str:
    """Write a value given in a case: shortened, on one line, with nothing that acts on a screen."""
    try:
        text = " ".join(str(value).split())
    except (ValueError, RecursionError):  # Python writes no number of over 4,300 digits
        text = f"something too large to show ({type(value).__name__})"
    text = "".join(sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in text)
    return text if len(text) <= 60 else text[:57] + "..."


def unknown_name(name: str, value: Any, known: Iterable[str]) -> CaseFault:
    """Say that there is no such field, and which one may have been meant."""
    hint = did_you_mean(name, known) or "b12 rules --inputs lists the fields"
    return CaseFault(shown(name), shown(value), "there is no field of this name", hint)


def expected_answers(
    expect: Mapping[str, Any], stage: Stage, faults: list[CaseFault]
) -> Mapping[str, tuple[Value, ...]]:
    """Read what a worked case expects of one stage's decisions."""
    return MappingProxyType(
        {name: _expected(shown(name), answer, stage, faults) for name, answer in expect.items()}
    )


def _expected(name: str, answer: Any, stage: Stage, faults: list[CaseFault]) -> tuple[Value, ...]:
    decision = stage.decisions.get(name)
    if decision is None:
        faults.append(unknown_name(f"expect: {name}", answer, stage.decisions))
        return ()
    answers = list(answer) if isinstance(answer, list | tuple) else [answer]
    try:
        return tuple(_without_unit(decision, one).value for one in answers)  # type: ignore[misc]
    except Unfit as unfit:
        problem, *hint = unfit.args
        if reachable := _reachable(decision, stage):
            problem = f"expected one of {', '.join(reachable)}"
        faults.append(CaseFault(f"expect: {name}", shown(answer), problem, *hint))
        return ()


def _reachable(decision: Decision, stage: Stage) -> list[str]:
    """Name the answers that a rule gives: of a catalogue that is a handful of its rows.

    Another row of the catalogue may be expected all the same, for another profile may give it.
    """
    said = {
        rule.outputs[table.outputs.index(decision.name)]
        for table in stage.tables
        if decision.name in table.outputs
        for rule in table.rules
    }
    return [answer for answer in decision.answers if answer in said]
