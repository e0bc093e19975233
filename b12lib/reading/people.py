"""Where values stand among people: the centiles of a survey, as facts of the protocol."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from types import MappingProxyType

from b12lib.errors import Place, ProtocolFault
from b12lib.reading.feel import plain_number
from b12lib.reading.markdown import Document, blanks
from b12lib.reading.sources import Citation, citations

CENTILES = ("p1", "p5", "p10", "p25", "p50", "p75", "p90", "p95", "p99", "p99.9")
VALUES = ("lowest", *CENTILES, "highest")
COLUMNS = ("name", "people", *VALUES, "sources")


@dataclass(frozen=True, slots=True)
class People:
    """How one input is spread over ``count`` people, in its canonical unit.

    ``centiles`` maps 95 to the lowest value that at least 95 in 100 of them do not exceed.
    """

    name: str
    count: int
    lowest: Decimal
    centiles: Mapping[Decimal, Decimal]
    highest: Decimal
    sources: tuple[Citation, ...]
    place: Place


def read_people(document: Document) -> tuple[dict[str, People], list[ProtocolFault]]:
    """Read ``people.md``: one row an input. Also return what is wrong."""
    people: dict[str, People] = {}
    faults: list[ProtocolFault] = []
    for table in document.tables:
        for place, row in table.records(COLUMNS):
            faults += blanks(place, row, ())
            if row["name"] in people:
                faults.append(ProtocolFault(place, "the name is given twice"))
            try:
                people[row["name"]] = found = _people(place, row)
                faults += _falls(found)
            except ValueError as error:
                faults.append(ProtocolFault(place, str(error)))
    return people, faults


def _people(place: Place, row: Mapping[str, str]) -> People:
    if not row["people"].isdecimal():
        raise ValueError(f"{row['people']!r} is not a number of people")
    centiles = {Decimal(column[1:]): plain_number(row[column]) for column in CENTILES}
    return People(
        name=row["name"],
        count=int(row["people"]),
        lowest=plain_number(row["lowest"]),
        centiles=MappingProxyType(centiles),
        highest=plain_number(row["highest"]),
        sources=citations(row["sources"]),
        place=place,
    )


def _falls(found: People) -> Iterator[ProtocolFault]:
    values = (found.lowest, *found.centiles.values(), found.highest)
    for lower, higher in pairwise(values):
        if lower > higher:
            problem = f"{higher} follows {lower}: the values rise from lowest to highest"
            yield ProtocolFault(found.place, problem)
