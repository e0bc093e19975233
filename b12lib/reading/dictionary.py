"""The data dictionary: what may be said of a patient, in which units, and what silence means."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import ROUND_HALF_UP, Decimal
from types import MappingProxyType

from b12lib.errors import Place, ProtocolFault
from b12lib.reading.feel import Equal, Formula, Value, formula, plain_number, unary_tests
from b12lib.reading.markdown import Document, blanks
from b12lib.reading.sources import Citation, citations

INPUT_COLUMNS = (
    *("name", "label", "type", "unit", "other units", "precision", "range"),
    *("not given", "formula", "code", "question", "sources"),
)
DECISION_COLUMNS = ("name", "label", "answers", "part", "may be stated", "question")
UNIT_COLUMNS = ("unit", "printed", "spellings")
PARTS = ("finding", "treatment", "follow-up", "advice", "refusal")
NAME = re.compile(r"[a-z][a-z0-9_]*")


@dataclass(frozen=True, slots=True)
class Unit:
    """A UCUM unit, how it is printed, and the laboratory spellings understood as it."""

    code: str
    printed: str
    spellings: tuple[str, ...]

    @property
    def written(self) -> frozenset[str]:
        """Every way to write the unit, look-alikes made one."""
        return frozenset(map(fold, (self.code, self.printed, *self.spellings)))


def fold(spelling: str) -> str:
    """Make one spelling of the look-alikes: the signs for micro, and spaces. Case is kept."""
    micro = dict.fromkeys(map(ord, "\u00b5\u03bc\u039c"), "u")  # a capital mu comes from upper()
    return "".join(spelling.split()).translate(micro)


@dataclass(frozen=True, slots=True)
class Input:
    """One row of the data dictionary.

    ``kind`` is ``quantity``, ``boolean``, ``one of`` or ``date``. A quantity's ``range`` is what a
    living person can plausibly have, ``precision`` the step in which it is reported, both in
    ``unit``; ``factors`` turn every accepted unit into it. ``assumed`` is what silence means:
    ``None`` for *unknown*.
    """

    name: str
    label: str
    group: str
    kind: str
    place: Place
    answers: tuple[str, ...] = ()
    unit: str = ""
    factors: Mapping[str, Decimal] = field(default_factory=lambda: MappingProxyType({}))
    precision: Decimal = Decimal(1)
    range: tuple[Decimal, Decimal] = (Decimal(0), Decimal(0))
    assumed: Value = None
    formula: Formula | None = None
    code: str = ""
    question: str = ""
    sources: tuple[Citation, ...] = ()

    def round(self, value: Decimal) -> Decimal:
        """Round to the reporting precision, halves upwards as laboratories do."""
        steps = (value / self.precision).quantize(Decimal(1), rounding=ROUND_HALF_UP)
        return steps * self.precision

    @property
    def may_be_given(self) -> bool:
        """Whether a case may give it; a value without a question is only ever worked out."""
        return bool(self.question)

    @property
    def domain(self) -> tuple[Value, ...]:
        """Every known value, where there are finitely many; empty for a quantity or a date."""
        return (True, False) if self.kind == "boolean" else self.answers


@dataclass(frozen=True, slots=True)
class Decision:
    """What one decision may answer. ``part`` says which part of an assessment it belongs to.

    Where ``kind`` names a catalogue (statement, regimen, schedule) the answers are its ids.
    """

    name: str
    label: str
    group: str
    kind: str
    part: str
    may_be_stated: bool
    question: str
    place: Place
    answers: tuple[str, ...] = ()

    @property
    def domain(self) -> tuple[Value, ...]:
        """Every answer the decision may give."""
        return (True, False) if self.kind == "boolean" else self.answers


CATALOGUES = ("statement", "regimen", "schedule")
"""Kinds of decision whose answers are ids of rows elsewhere in the protocol."""


def read_units(document: Document) -> tuple[dict[str, Unit], list[ProtocolFault]]:
    """Read ``units.md``: UCUM code, printed form, spellings separated by spaces."""
    units: dict[str, Unit] = {}
    faults: list[ProtocolFault] = []
    for table in document.tables:
        for place, row in table.records(UNIT_COLUMNS):
            faults += blanks(place, row, {"spellings"})
            if row["unit"] in units:
                faults.append(ProtocolFault(place, "the unit is given twice"))
            units[row["unit"]] = Unit(row["unit"], row["printed"], tuple(row["spellings"].split()))
    return units, faults


def read_inputs(
    document: Document, units: Mapping[str, Unit], before: Mapping[str, Input] | None = None
) -> tuple[dict[str, Input], list[ProtocolFault]]:
    """Read ``inputs.md``; each heading is a group. Also return what is wrong.

    ``visits.md`` is read the same way; its formulas may also use what was known ``before``, and
    what earlier visits found.
    """
    inputs: dict[str, Input] = {}
    faults: list[ProtocolFault] = []
    for table in document.tables:
        for place, row in table.records(INPUT_COLUMNS):
            faults += blanks(place, row, set(INPUT_COLUMNS) - {"label", "not given"})
            if row["name"] in inputs:
                faults.append(ProtocolFault(place, "the name is given twice"))
            try:
                inputs[row["name"]] = _input(table.heading, place, row, units)
            except ValueError as error:
                faults.append(ProtocolFault(place, str(error)))
    names = list(inputs)
    for position, item in enumerate(inputs.values()):
        own = {name: inputs[name] for name in names[:position]}
        seen = own if before is not None else {}
        faults += _formula_faults(item, {**(before or {}), **own}, seen)
    return inputs, faults


def _formula_faults(
    item: Input, above: Mapping[str, Input], seen: Mapping[str, Input]
) -> Iterator[ProtocolFault]:
    """Refuse a formula that uses what is not ``above`` it, or no visit has ``seen`` before."""
    if not item.formula:
        return
    strange = sorted(item.formula.names - above.keys())
    unseen = sorted(item.formula.earlier - seen.keys())
    for name in strange:
        yield ProtocolFault(item.place, f"the formula uses {name}, not an input above it")
    for name in unseen:
        problem = f"the formula uses earlier.{name}, not a row of visits.md above it"
        yield ProtocolFault(item.place, problem)
    if strange or unseen:
        return
    try:
        kind = item.formula.kind({name: other.kind for name, other in above.items()})
        if kind != item.kind or kind not in ("quantity", "boolean"):
            raise ValueError("a formula makes a quantity of quantities or a boolean of booleans")
    except ValueError as error:
        yield ProtocolFault(item.place, str(error))


def _input(group: str, place: Place, row: Mapping[str, str], units: Mapping[str, Unit]) -> Input:
    if not NAME.fullmatch(row["name"]):
        raise ValueError("a name is small letters, digits and underscores")
    kind, answers = _kind(row["type"], ("quantity", "boolean", "date"))
    item = Input(
        name=row["name"],
        label=row["label"],
        group=group,
        kind=kind,
        place=place,
        answers=answers,
        formula=formula(row["formula"].strip("`")) if row["formula"] else None,
        code=row["code"],
        question=row["question"],
        sources=citations(row["sources"]) if row["sources"] else (),
        **(_quantity(row, units) if kind == "quantity" else {}),  # type: ignore[arg-type]
    )
    if not item.formula and not item.question:
        raise ValueError("a row needs a question to ask for it, or a formula to work it out")
    if row["not given"] == "unknown":
        return item
    if not item.sources:
        raise ValueError("a value assumed when not given needs a source")
    return replace(item, assumed=_assumed(item, row["not given"]))


def _assumed(item: Input, text: str) -> Value:
    if item.kind == "quantity":
        number, _, unit = text.partition(" ")
        if unit != item.unit:
            raise ValueError(f"the value assumed when not given must be in {item.unit}")
        quantity = item.round(plain_number(number))
        if not item.range[0] <= quantity <= item.range[1]:
            raise ValueError(f"the value assumed when not given, {text}, is out of range")
        return quantity
    value = literal(text)
    if not any(Equal(value).matches(answer) for answer in item.domain):
        raise ValueError(f"{text} cannot be assumed: it is not among the answers")
    return value


def _quantity(row: Mapping[str, str], units: Mapping[str, Unit]) -> dict[str, object]:
    factors = {row["unit"]: Decimal(1)}
    for other in filter(None, (part.strip() for part in row["other units"].split(";"))):
        unit, _, times = other.partition(" × ")
        if unit in factors:
            raise ValueError(f"the unit {unit} is given twice")
        factors[unit] = plain_number(times)
    known: dict[str, str] = {}
    for code, factor in factors.items():
        if code not in units:
            raise ValueError(f"the unit {code!r} is not in units.md")
        if factor <= 0:
            raise ValueError(f"the factor of {code} must be above zero")
        for spelling in units[code].written:
            if known.setdefault(spelling, code) != code:
                raise ValueError(f"{spelling!r} may mean {known[spelling]} and {code}")
    start, _, end = row["range"].partition("..")
    low, high, precision = map(plain_number, (start, end, row["precision"]))
    if precision <= 0 or low >= high:
        raise ValueError("precision must be above zero and the range run from low to high")
    return {
        "unit": row["unit"],
        "factors": MappingProxyType(factors),
        "precision": precision,
        "range": (low, high),
    }


def read_decisions(
    document: Document, catalogues: Mapping[str, tuple[str, ...]]
) -> tuple[dict[str, Decision], list[ProtocolFault]]:
    """Read ``decisions.md``; ``catalogues`` gives the ids of statements, regimens and schedule."""
    decisions: dict[str, Decision] = {}
    faults: list[ProtocolFault] = []
    for table in document.tables:
        for place, row in table.records(DECISION_COLUMNS):
            faults += blanks(place, row, {"question"})
            if row["name"] in decisions:
                faults.append(ProtocolFault(place, "the name is given twice"))
            try:
                kind, answers = _kind(row["answers"], ("boolean", *CATALOGUES))
                if row["part"] not in PARTS:
                    raise ValueError(f"part must be one of {', '.join(PARTS)}")
                if row["may be stated"] not in ("yes", "no"):
                    raise ValueError("may be stated must be yes or no")
                if row["part"] == "refusal" and kind != "statement":
                    raise ValueError("a refusal answers with a statement")
                decisions[row["name"]] = Decision(
                    name=row["name"],
                    label=row["label"],
                    group=table.heading,
                    kind=kind,
                    part=row["part"],
                    may_be_stated=row["may be stated"] == "yes",
                    question=row["question"],
                    place=place,
                    answers=catalogues.get(kind, answers),
                )
            except ValueError as error:
                faults.append(ProtocolFault(place, str(error)))
    return decisions, faults


def _kind(text: str, words: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    if text in words:
        return text, ()
    try:
        answers = [getattr(test, "value", None) for test in unary_tests(text).tests]
    except ValueError:
        answers = []
    if not answers or not all(isinstance(answer, str) for answer in answers):
        raise ValueError(f"{text!r} is neither {', '.join(words)} nor a list of quoted words")
    if len(set(answers)) < len(answers):
        raise ValueError(f"{text!r} names an answer twice")
    return "one of", tuple(str(answer) for answer in answers)


def literal(text: str) -> bool | Decimal | str:
    """Read a cell that states one value: ``true``, ``"raised"``; raise ``ValueError`` otherwise."""
    tests = unary_tests(text).tests
    if len(tests) != 1 or not isinstance(tests[0], Equal):
        raise ValueError(f"{text!r} is not a single value; write true, false or a quoted word")
    return tests[0].value
