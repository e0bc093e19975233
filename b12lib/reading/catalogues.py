"""The protocol's lists: statements, regimens, schedule, claims, retired rules; a row, a value."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any, TypeVar

from b12lib.errors import Place, ProtocolFault
from b12lib.reading.feel import Value
from b12lib.reading.markdown import Document
from b12lib.reading.sources import Citation, citations

T = TypeVar("T")


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
        return self.dose != "—"


@dataclass(frozen=True, slots=True)
class ScheduleItem:
    """Something to do or to expect, ``from_`` to ``to`` after the first dose (ISO 8601 periods)."""

    id: str
    when: str
    from_: str
    to: str
    what: str
    aim: str
    sources: tuple[Citation, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class Claim:
    """One claim of the seed, and what primary sources say of it."""

    id: str
    claim: str
    verdict: str
    what_primary_sources_say: str
    sources: tuple[Citation, ...]
    place: Place


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
            if "sources" in values:
                try:
                    values["sources"] = _sources(values["sources"])
                except ValueError as error:
                    faults.append(ProtocolFault(place, str(error)))
            values["place"] = place
            rows[record[columns[0]]] = kind(**values)
    return rows


def _sources(cell: str) -> tuple[Citation, ...]:
    return () if cell == "—" else citations(cell)
