"""The protocol's lists: statements, regimens, schedule, claims, retired rules; a row, a value."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, TypeVar

from b12lib.errors import Place, ProtocolFault
from b12lib.reading.feel import Value
from b12lib.reading.markdown import Document, blanks
from b12lib.reading.sources import Citation, citations

T = TypeVar("T")

PERIOD = re.compile(r"P(?P<count>[0-9]{1,3})(?P<unit>[DWMY])")
"""A period as ISO 8601 writes it, as far as the schedule uses it: ``P5D``, ``P3M``."""
PERIODS = ("from", "to", "every")
"""Columns that hold a period or nothing; every other cell of a catalogue says something."""
EMPTY = "—"
"""What a cell says that has nothing to say."""
KINDS = ("blood test", "review", "response")
"""What an item of the schedule can be: something to measure, to talk over, or to expect."""


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence that a decision can answer with; ``{name}`` stands for a value of the case."""

    id: str
    statement: str
    sources: tuple[Citation, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class Regimen:
    """A drug with its dose, route, first phase, until when, and what follows.

    ``basis`` names the kind of support that the schedule has.
    """

    id: str
    drug: str
    dose: str
    route: str
    first: str
    how_long: str
    then: str
    basis: str
    sources: tuple[Citation, ...]
    place: Place

    @property
    def given(self) -> bool:
        """Whether anything is given: the regimen ``none`` has no dose."""
        return self.dose != EMPTY

    @property
    def goes_on(self) -> bool:
        """Whether something follows the first phase."""
        return self.then != EMPTY


@dataclass(frozen=True, slots=True)
class ScheduleItem:
    """Something to do or to expect, ``from_`` to ``to`` after the first dose (ISO 8601 periods).

    From then on it comes back ``every`` so often, if that says anything. ``kind`` is one of
    ``KINDS``.
    """

    id: str
    when: str
    from_: str
    to: str
    every: str
    kind: str
    what: str
    aim: str
    sources: tuple[Citation, ...]
    place: Place


VERDICTS = (
    *("supported", "partly", "contradicted", "misattributed"),
    *("unit trap", "unverifiable", "omission"),
)
"""What primary sources can make of a claim; ``claims.md`` says what each word means."""

NOTHING = "none: "
"""How ``what follows`` begins for a claim that no row of the protocol cites."""


@dataclass(frozen=True, slots=True)
class Claim:
    """One claim of the seed, what primary sources say of it, what follows for the protocol.

    What it became is not written: ``ledger.became`` reads it off the sources of everything else.
    """

    id: str
    claim: str
    verdict: str
    what_primary_sources_say: str
    what_follows: str
    sources: tuple[Citation, ...]
    place: Place

    @property
    def section(self) -> str:
        """The part of the seed that it stands in, by the heading of its table."""
        return self.place.table


@dataclass(frozen=True, slots=True)
class Retired:
    """A rule id that was used once and may never return."""

    rule: str
    said: str
    retired_in: str
    why: str
    place: Place


def answer_id(decision: str, answer: Value) -> str:
    """Return the id under which ``statements.md`` words an answer: ``treat_now.test first``."""
    return f"{decision}.{str(answer).lower() if isinstance(answer, bool) else answer}"


def read_catalogue(document: Document, kind: type[T], faults: list[ProtocolFault]) -> dict[str, T]:
    """Read a file whose tables have the columns of one dataclass; rows are known by their id."""
    names = [item.name for item in fields(kind) if item.name != "place"]  # type: ignore[arg-type]
    columns = tuple(name.strip("_").replace("_", " ") for name in names)
    rows: dict[str, T] = {}
    for table in document.tables:
        for place, record in table.records(columns):
            values: dict[str, Any] = dict(zip(names, record.values(), strict=True))
            if values[names[0]] in rows:
                faults.append(ProtocolFault(place, "the id is given twice"))
            faults += blanks(place, record, PERIODS)
            faults += _period_faults(place, record)
            if values.get("sources"):
                try:
                    values["sources"] = _sources(values["sources"])
                except ValueError as error:
                    faults.append(ProtocolFault(place, str(error)))
            values["place"] = place
            rows[record[columns[0]]] = kind(**values)
    return rows


def _period_faults(place: Place, record: Mapping[str, str]) -> Iterator[ProtocolFault]:
    for column in PERIODS:
        if (period := record.get(column)) and not PERIOD.fullmatch(period):
            problem = f"{period!r} is not a period such as P3M or P5D"
            yield ProtocolFault(replace(place, column=column), problem)


def _sources(cell: str) -> tuple[Citation, ...]:
    return () if cell == EMPTY else citations(cell)
