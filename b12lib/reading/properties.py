"""Safety properties: what must hold of every patient, in the protocol's own words.

A property has two cells of clauses, ``when`` and ``must``. A clause is a name, a verb and, for most
verbs, a list of answers; clauses are joined by ``and``. ``properties.md`` says what each means.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from b12lib.errors import Place, ProtocolFault, did_you_mean
from b12lib.reading.dictionary import Input
from b12lib.reading.feel import Equal, Value, unary_tests
from b12lib.reading.markdown import Document, blanks
from b12lib.reading.sources import Citation, citations
from b12lib.reading.tables import Dictionary, spelled

COLUMNS = ("id", "when", "must", "why", "sources")
PROPERTY_ID = re.compile(r"P[1-9][0-9]*")

SAYS = ("is never", "may be", "is")
"""Verbs on one case: of an input, or of a decision that chooses one answer."""
COMPARES = ("only narrows", "never weakens in")
"""Verbs on what a second case may answer after a first."""
ALWAYS, MORE = "always", "more is known"
ANSWERED, UNITS = "every decision has an answer", "every quantity needs a unit"
ALONE = (ALWAYS, MORE, ANSWERED, UNITS, "rises")
"""What fills a cell by itself."""
EVERY_FACT = "every fact"

_CLAUSE = re.compile(
    f"(?P<phrase>{ALWAYS}|{MORE}|{ANSWERED}|{UNITS})"
    f"|(?P<name>{EVERY_FACT}|\\w+) (?:(?P<bare>rises|only narrows)"
    f"|(?P<verb>{'|'.join(SAYS)}|lists|never weakens in) (?P<words>.+))"
)
_AND = re.compile(r'\s+and\s+(?=(?:[^"]*"[^"]*")*[^"]*$)')
"""The word between two clauses; not one inside a quoted answer."""


@dataclass(frozen=True, slots=True)
class Clause:
    """``regimen is never "oral-daily"``: a name, a verb, and the answers it speaks of.

    A phrase that stands for itself, such as ``more is known``, is all verb.
    """

    name: str
    verb: str
    values: tuple[Value, ...] = ()


@dataclass(frozen=True, slots=True)
class Property:
    """What must hold of every case, or of every two cases, that it speaks of."""

    id: str
    group: str
    when: str
    must: str
    why: str
    sources: tuple[Citation, ...]
    place: Place
    premises: tuple[Clause, ...]
    demands: tuple[Clause, ...]

    @property
    def of_two_cases(self) -> bool:
        """Whether it compares two cases."""
        return self.premises[0].verb in (MORE, "rises")


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What a clause may speak of: names, and which decisions collect or are facts."""

    dictionary: Dictionary
    collecting: Collection[str]
    facts: Collection[str]


def read_properties(
    document: Document, words: Vocabulary
) -> tuple[dict[str, Property], list[ProtocolFault]]:
    """Read ``properties.md``; each heading is a group. Also return what is wrong."""
    properties: dict[str, Property] = {}
    faults: list[ProtocolFault] = []
    for table in document.tables:
        for place, row in table.records(COLUMNS):
            faults += blanks(place, row, ())
            if not PROPERTY_ID.fullmatch(row["id"]):
                faults.append(ProtocolFault(place, "the id of a property is P and a number: P1"))
            if row["id"] in properties:
                faults.append(ProtocolFault(place, "the id is given twice"))
            try:
                properties[row["id"]] = _property(table.heading, place, row, words)
            except ValueError as error:
                faults.append(ProtocolFault(place, str(error)))
    return properties, faults


def _property(group: str, place: Place, row: Mapping[str, str], words: Vocabulary) -> Property:
    item = Property(
        **{name: row[name] for name in ("id", "when", "must", "why")},
        group=group,
        sources=citations(row["sources"]),
        place=place,
        premises=tuple(_clauses(row["when"], words)),
        demands=tuple(_clauses(row["must"], words)),
    )
    one = ("lists", *SAYS)
    _check_verbs("when", item.premises, (ALWAYS, MORE, "rises", *one))
    _check_verbs("must", item.demands, COMPARES if item.of_two_cases else (ANSWERED, UNITS, *one))
    return item


def _check_verbs(column: str, clauses: Collection[Clause], fitting: Collection[str]) -> None:
    for clause in clauses:
        if clause.verb not in fitting:
            raise ValueError(f"{clause.verb!r} does not fit the column {column!r} here")
        if clause.verb in ALONE and len(clauses) > 1:
            raise ValueError(f"nothing can be joined to {clause.verb!r} by 'and'")


def _clauses(text: str, words: Vocabulary) -> Iterator[Clause]:
    for part in _AND.split(text):
        found = _CLAUSE.fullmatch(part.strip())
        if not found:
            raise ValueError(f"cannot read {part!r} as a clause; properties.md lists the verbs")
        name, verb = found["name"] or "", found["phrase"] or found["bare"] or found["verb"]
        if found["phrase"]:
            yield Clause(name, verb)
        elif name == EVERY_FACT and verb == "only narrows":
            yield from (Clause(fact, verb) for fact in sorted(words.facts))
        else:
            _check_subject(name, verb, words)
            yield Clause(name, verb, _values(name, verb, found["words"], words))


def _check_subject(name: str, verb: str, words: Vocabulary) -> None:
    item = words.dictionary.get(name)
    if item is None:
        hint = did_you_mean(name, words.dictionary)
        raise ValueError(f"there is no input or decision {name!r}" + (f"; {hint}" if hint else ""))
    given, chooses = isinstance(item, Input), name not in words.collecting
    fits = {
        "rises": given and item.kind == "quantity" and bool(item.question),
        "only narrows": not given,
        "never weakens in": not given and chooses,
        "lists": not chooses,
    }
    if not fits.get(verb, chooses and bool(item.domain)):
        raise ValueError(f"the verb {verb!r} does not fit {name}")


def _values(name: str, verb: str, text: str | None, words: Vocabulary) -> tuple[Value, ...]:
    if text is None:
        return ()
    domain = words.dictionary[name].domain
    tests = unary_tests(text).tests
    values = tuple(
        test.value for test in tests if isinstance(test, Equal) and any(map(test.matches, domain))
    )
    if len(values) < len(tests):
        allowed = ", ".join(map(spelled, domain))
        raise ValueError(f"{text} does not fit {name}: it holds {allowed}")
    if verb == "never weakens in" and sorted(values, key=str) != sorted(domain, key=str):
        raise ValueError(f"the order of {name} must name each of its answers once")
    return values
