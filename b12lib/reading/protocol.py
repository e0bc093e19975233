"""The whole protocol: every chapter and catalogue read, checked against each other, in order."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Context, localcontext
from functools import cached_property
from graphlib import CycleError, TopologicalSorter
from types import MappingProxyType
from typing import TypeVar

from b12lib.errors import Place, ProtocolError, ProtocolFault
from b12lib.reading import consistency, visits
from b12lib.reading.catalogues import (
    Claim,
    Regimen,
    Retired,
    ScheduleItem,
    Statement,
    answer_id,
    read_catalogue,
)
from b12lib.reading.dictionary import (
    CATALOGUES,
    Decision,
    Input,
    Unit,
    read_decisions,
    read_inputs,
    read_units,
)
from b12lib.reading.glossary import Term, absent_faults, read_glossary
from b12lib.reading.markdown import Document, read_document
from b12lib.reading.people import People, read_people
from b12lib.reading.plain import Clinical, Plain, plain_faults, unknown_faults
from b12lib.reading.profiles import FRONT_PAGE, Overlay, overlaid
from b12lib.reading.properties import Property, Vocabulary, read_properties
from b12lib.reading.sources import Citation, Reference, references
from b12lib.reading.tables import DecisionTable, Dictionary, Rule, is_decision_table, read_table
from b12lib.reading.timing import Phase, read_course

STATUSES = ("submitted", "under review", "approved")
HEADER = ("title", "version", "status", "last_reviewed", "review_by", "reviewer")
REQUIRED = (
    *("README.md", "inputs.md", "visits.md", "decisions.md", "units.md", "regimens.md"),
    *("schedule.md", "statements.md", "plain.md", "claims.md", "people.md", "glossary.md"),
    "references.bib",
)

WORDINGS = ("glossary.md", "plain.md")
"""The files that say in other words what the others say."""


@dataclass(frozen=True, slots=True)
class Header:
    """Who answers for a chapter and until when; ``reviewer`` may be empty: nobody has yet."""

    title: str
    version: str
    status: str
    last_reviewed: date | None
    review_by: date
    reviewer: str


@dataclass(frozen=True, slots=True)
class Profile:
    """The guideline that was laid over the base protocol, by the name of its folder."""

    name: str
    header: Header

    def __str__(self) -> str:
        return f"{self.header.title} ({self.name}), version {self.header.version}"


@dataclass(frozen=True, slots=True)
class Chapter:
    """One Markdown file of the protocol."""

    file: str
    header: Header
    body: str


@dataclass(frozen=True, repr=False)
class Stage:
    """What may be said at one time, and what is decided from it, by which tables.

    ``tables`` stand in the order in which they decide; ``facts`` names the decisions that speak of
    the patient, not of what happens to be known.
    """

    inputs: Mapping[str, Input]
    decisions: Mapping[str, Decision]
    tables: tuple[DecisionTable, ...]
    facts: frozenset[str]

    @cached_property
    def collecting(self) -> frozenset[str]:
        """The decisions that list all that applies instead of choosing one answer."""
        return frozenset(
            name for table in self.tables if table.hit_policy == "C" for name in table.outputs
        )


@dataclass(frozen=True, repr=False)
class Protocol(Stage):
    """A protocol that holds together.

    Its own stage is the first, before treatment; that of ``visits`` is decided at every visit, from
    what the visit found and from all of the first. ``profile`` is ``None`` for the base protocol;
    ``digest`` covers the profile's files too. ``courses`` has the phases of each regimen.
    """

    header: Header
    digest: str
    chapters: tuple[Chapter, ...]
    visits: Stage
    units: Mapping[str, Unit]
    regimens: Mapping[str, Regimen]
    courses: Mapping[str, tuple[Phase, ...]]
    schedule: Mapping[str, ScheduleItem]
    statements: Mapping[str, Statement]
    claims: Mapping[str, Claim]
    people: Mapping[str, People]
    plain: Mapping[str, Plain]
    glossary: Mapping[str, Term]
    references: Mapping[str, Reference]
    properties: Mapping[str, Property]
    profile: Profile | None = None

    def __repr__(self) -> str:
        """Name the protocol; its content is too large to print."""
        profile = f", profile {self.profile}" if self.profile else ""
        return f"<Protocol {self.header.title!r}, version {self.version}{profile}>"

    @cached_property
    def written(self) -> tuple[DecisionTable, ...]:
        """Every table of either stage as it stands in its chapter, none that is read again."""
        stands = {table.place for table in self.tables}
        return (*self.tables, *(t for t in self.visits.tables if t.place not in stands))

    def readings(self, table: DecisionTable) -> tuple[tuple[Stage, DecisionTable], ...]:
        """Return where a written table decides: at its own stage, and wherever it is read again."""
        stages: tuple[Stage, ...] = (self, self.visits)
        return tuple((stage, t) for stage in stages for t in stage.tables if t.place == table.place)

    @cached_property
    def rules(self) -> Mapping[str, tuple[DecisionTable, Rule]]:
        """Every rule by its id, with the table it stands in."""
        return MappingProxyType(
            {rule.id: (table, rule) for table in self.written for rule in table.rules}
        )

    @cached_property
    def dictionary(self) -> Dictionary:
        """Every input and every decision by its name, those of visits included."""
        stages = (self, self.visits)
        inputs = {name: item for stage in stages for name, item in stage.inputs.items()}
        decisions = {name: item for stage in stages for name, item in stage.decisions.items()}
        return MappingProxyType({**inputs, **decisions})

    def with_table(self, table: DecisionTable) -> Protocol:
        """Return the protocol with another table in the place of the one that decides the same.

        Where that one is read again at visits, so is the other.
        """
        again, _ = visits.read_again([table], self.dictionary)
        changed = {other.outputs: other for other in (table, *again)}
        first, later = (
            tuple(changed[old.outputs] if old.place == table.place else old for old in stage.tables)
            for stage in (self, self.visits)
        )
        facts = _facts((*first, *later))
        return replace(
            self,
            tables=first,
            facts=facts.intersection(self.decisions),
            visits=replace(
                self.visits, tables=later, facts=facts.intersection(self.visits.decisions)
            ),
        )

    @property
    def version(self) -> str:
        """The version of the protocol as a whole."""
        return self.header.version


S = TypeVar("S")
T = TypeVar("T")


def read_protocol(texts: Mapping[str, str], overlay: Overlay | None = None) -> Protocol:
    """Read a protocol from its files' texts, by file name, with a profile laid over it or not.

    Raises ``ProtocolError`` naming file, line, table, rule and cell for everything found wrong.
    """
    with localcontext(Context()):  # whatever precision the caller calculates with
        own = {overlay.path(file): text for file, text in overlay.texts.items()} if overlay else {}
        texts = {file: _in_one_form(text) for file, text in {**texts, **own}.items()}
        required = (*REQUIRED, overlay.path(FRONT_PAGE)) if overlay else REQUIRED
        documents = _documents(texts, required)
        merged = overlaid(
            [item for item in documents if item.file not in own],
            [item for item in documents if item.file in own],
        )
        protocol, retired = _without_tables(documents, merged, texts, overlay)
        protocol = _staged(protocol, _tables(merged, protocol, retired))
        _refuse(_wording_faults(protocol))
        return replace(protocol, properties=_properties(merged, protocol))


def _in_one_form(text: str) -> str:
    """Leave off the byte order mark, and end lines as Markdown does, whatever editor wrote them."""
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def _documents(texts: Mapping[str, str], required: Iterable[str]) -> list[Document]:
    _refuse(
        ProtocolFault(Place(name), "the file is missing") for name in required if name not in texts
    )
    faults: list[ProtocolFault] = []
    files = [file for file in sorted(texts) if file.endswith(".md")]
    documents = _each(files, lambda file: read_document(file, texts[file]), faults)
    _refuse(faults)
    return documents


def _without_tables(
    documents: list[Document],
    merged: list[Document],
    texts: Mapping[str, str],
    overlay: Overlay | None,
) -> tuple[Protocol, Mapping[str, Retired]]:
    """Read all that the decision tables speak of; also return the rules that are no more."""
    faults: list[ProtocolFault] = []
    headers = _each(documents, _header, faults)
    _refuse(faults)
    header = {item.file: head for item, head in zip(documents, headers, strict=True)}
    document = {item.file: item for item in merged}
    cited, found = references("references.bib", texts["references.bib"])
    faults += found
    if overlay and (file := overlay.path("references.bib")) in texts:
        more, found = references(file, texts[file])
        faults += found
        faults += [
            ProtocolFault(Place(file, rule=key), "the base has an entry of this key")
            for key in more.keys() & cited.keys()
        ]
        cited |= more
    statements = read_catalogue(document["statements.md"], Statement, faults)
    regimens = read_catalogue(document["regimens.md"], Regimen, faults)
    courses = _each(regimens.values(), lambda regimen: (regimen.id, read_course(regimen)), faults)
    schedule = read_catalogue(document["schedule.md"], ScheduleItem, faults)
    claims = read_catalogue(document["claims.md"], Claim, faults)
    retired = (
        read_catalogue(document["retired.md"], Retired, faults) if "retired.md" in texts else {}
    )
    units, found = read_units(document["units.md"])
    faults += found
    inputs, found = read_inputs(document["inputs.md"], units)
    faults += found
    visited, found = read_inputs(document["visits.md"], units, inputs)
    faults += [*found, *visits.day_faults(visited)]
    people, found = read_people(document["people.md"])
    faults += found
    plain = read_catalogue(document["plain.md"], Plain, faults)
    glossary, found = read_glossary(document["glossary.md"])
    faults += found
    ids = {
        "statement": tuple(statements),
        "regimen": tuple(regimens),
        "schedule": tuple(schedule),
    }
    decisions, found = read_decisions(document["decisions.md"], ids)
    faults += found
    _refuse(faults)
    chapters = tuple(Chapter(item.file, header[item.file], item.body) for item in documents)
    protocol = Protocol(
        header=header[FRONT_PAGE],
        digest=_digest(texts),
        chapters=chapters,
        inputs=MappingProxyType(inputs),
        decisions=MappingProxyType(decisions),
        tables=(),
        facts=frozenset(),
        visits=Stage(MappingProxyType(visited), MappingProxyType({}), (), frozenset()),
        units=MappingProxyType(units),
        regimens=MappingProxyType(regimens),
        courses=MappingProxyType(dict(courses)),
        schedule=MappingProxyType(schedule),
        statements=MappingProxyType(statements),
        claims=MappingProxyType(claims),
        people=MappingProxyType(people),
        plain=MappingProxyType(plain),
        glossary=MappingProxyType(glossary),
        references=MappingProxyType(cited),
        properties=MappingProxyType({}),
        profile=Profile(overlay.name, header[overlay.path(FRONT_PAGE)]) if overlay else None,
    )
    return protocol, retired


def _tables(
    documents: Iterable[Document], protocol: Protocol, retired: Mapping[str, Retired]
) -> tuple[DecisionTable, ...]:
    """Read the decision tables, check all files against each other, put the tables in order."""
    faults: list[ProtocolFault] = []
    written = [table for item in documents for table in item.tables if is_decision_table(table)]
    tables = _each(written, lambda table: read_table(table, protocol.dictionary), faults)
    again, found = visits.read_again(tables, protocol.dictionary)
    faults += found
    inputs = {**protocol.inputs, **protocol.visits.inputs}
    sourced: list[tuple[Place, tuple[Citation, ...]]] = [
        *((rule.place, rule.sources) for table in tables for rule in table.rules),
        *((item.place, item.sources) for item in inputs.values()),
        *((row.place, row.sources) for row in protocol.statements.values()),
        *((row.place, row.sources) for row in protocol.regimens.values()),
        *((row.place, row.sources) for row in protocol.schedule.values()),
        *((row.place, row.sources) for row in protocol.claims.values()),
        *((row.place, row.sources) for row in protocol.people.values()),
        *((term.place, term.sources) for term in protocol.glossary.values()),
    ]
    shown = [(row.place, row.statement) for row in protocol.statements.values()]
    given = {output for table in tables for rule in table.rules for output in rule.outputs}
    shown += [  # a row that no rule gives is never shown; a profile leaves such rows behind
        (row.place, row.what + row.aim) for row in protocol.schedule.values() if row.id in given
    ]
    faults += consistency.clashes(protocol.inputs, protocol.visits.inputs)
    faults += consistency.clashes(inputs, protocol.decisions)
    faults += consistency.people_faults(protocol.people, protocol.inputs)
    faults += consistency.rule_id_faults(tables, retired)
    faults += consistency.citation_faults(sourced, protocol.references, protocol.claims)
    faults += consistency.verdict_faults(protocol.claims)
    faults += consistency.schedule_faults(protocol.schedule)
    faults += consistency.unanswered_faults(protocol.decisions)
    faults += consistency.answer_sentence_faults(protocol.statements, protocol.decisions)
    faults += consistency.collected_input_faults(tables)
    faults += consistency.refusal_faults(protocol.statements, protocol.decisions, tables)
    if len(tables) == len(written):  # a table that cannot be read may hold what seems missing
        faults += consistency.undecided([*tables, *again], protocol.decisions)
        if not protocol.profile:  # what a profile replaces may leave a claim behind
            faults += consistency.ledger_faults(protocol.claims, sourced)
        faults += consistency.placeholder_faults(
            shown, protocol.dictionary, protocol.regimens, protocol.people, tables
        )
    _refuse(faults)
    return _in_order([*tables, *again])


def _staged(protocol: Protocol, ordered: tuple[DecisionTable, ...]) -> Protocol:
    """Part the tables, and what they decide, into what is decided once and at every visit."""
    later = visits.at_visits(ordered, protocol.visits.inputs)
    facts = _facts(ordered)
    decided = {
        now: {name: d for name, d in protocol.decisions.items() if (name in later) == now}
        for now in (False, True)
    }
    _refuse(consistency.left_to_visits_faults(decided[True]))
    tables = {
        now: tuple(t for t in ordered if (t.outputs[0] in later) == now) for now in (False, True)
    }
    return replace(
        protocol,
        decisions=MappingProxyType(decided[False]),
        tables=tables[False],
        facts=facts - later,
        visits=Stage(
            protocol.visits.inputs, MappingProxyType(decided[True]), tables[True], facts & later
        ),
    )


def _wording_faults(protocol: Protocol) -> Iterator[ProtocolFault]:
    """Refuse what a patient's page could not say, and a term that nobody would look up."""
    written: dict[str, Clinical] = {**protocol.statements, **protocol.schedule}
    written |= {id_: regimen for id_, regimen in protocol.regimens.items() if regimen.given}
    decisions = {**protocol.decisions, **protocol.visits.decisions}
    answers = {
        str(answer) if decisions[name].kind in CATALOGUES else answer_id(name, answer)
        for table in (*protocol.tables, *protocol.visits.tables)
        for rule in table.rules
        for name, answer in zip(table.outputs, rule.outputs, strict=True)
        if decisions[name].part != "refusal"  # a refused case has no page
    }
    shown = {id_: row for id_, row in written.items() if id_ in answers}
    asked = {
        name: i.place for name, i in protocol.inputs.items() if i.question and i.kind != "date"
    }
    asked |= {name: item.place for name, item in protocol.decisions.items() if item.may_be_stated}
    yield from plain_faults(protocol.plain, shown, asked)
    yield from unknown_faults(protocol.plain.values(), (*written, *asked))
    own = [chapter.body for chapter in protocol.chapters if chapter.file not in WORDINGS]
    yield from absent_faults(protocol.glossary.values(), own)


def _properties(documents: Iterable[Document], protocol: Protocol) -> Mapping[str, Property]:
    """Read the safety properties, where the protocol states any."""
    before: Dictionary = {**protocol.inputs, **protocol.decisions}  # none speaks of visits
    words = Vocabulary(before, protocol.collecting, protocol.facts)
    properties: dict[str, Property] = {}
    faults: list[ProtocolFault] = []
    for document in documents:
        if document.file == "properties.md":
            properties, faults = read_properties(document, words)
    sourced = [(item.place, item.sources) for item in properties.values()]
    faults += consistency.citation_faults(sourced, protocol.references, protocol.claims)
    _refuse(faults)
    return MappingProxyType(properties)


def _refuse(faults: Iterable[ProtocolFault]) -> None:
    if faults := sorted(faults, key=lambda fault: fault.place):
        raise ProtocolError(faults)


def _each(items: Iterable[S], read: Callable[[S], T], faults: list[ProtocolFault]) -> list[T]:
    """Read each item, so that all faults are told at once, not one by one."""
    done = []
    for item in items:
        try:
            done.append(read(item))
        except ProtocolError as error:
            faults += error.faults
    return done


def _header(document: Document) -> Header:
    place, given = Place(document.file, 1), document.header
    if tuple(given) != HEADER:
        wanted = ", ".join(HEADER)
        raise ProtocolError([ProtocolFault(place, f"the header must have exactly {wanted}")])
    if given["status"] not in STATUSES:
        raise ProtocolError([ProtocolFault(place, f"status must be one of {', '.join(STATUSES)}")])
    try:
        return Header(
            title=given["title"],
            version=given["version"],
            status=given["status"],
            last_reviewed=date.fromisoformat(given["last_reviewed"])
            if given["last_reviewed"]
            else None,
            review_by=date.fromisoformat(given["review_by"]),
            reviewer=given["reviewer"],
        )
    except ValueError as error:
        raise ProtocolError(
            [ProtocolFault(place, f"a date is written 2026-02-25: {error}")]
        ) from error


def _in_order(tables: list[DecisionTable]) -> tuple[DecisionTable, ...]:
    """Sort the tables so that each stands after those whose decisions it uses."""
    decider = {name: table for table in tables for name in table.outputs}
    needs = {
        table.outputs[0]: [
            decider[column.name].outputs[0] for column in table.columns if column.name in decider
        ]
        for table in tables
    }
    try:
        order = list(TopologicalSorter(needs).static_order())
    except CycleError as error:
        circle = error.args[1]
        place = decider[circle[0]].place
        raise ProtocolError(
            [ProtocolFault(place, f"the tables need each other in a circle: {' → '.join(circle)}")]
        ) from error
    return tuple(decider[name] for name in order)


def _facts(ordered: Iterable[DecisionTable]) -> frozenset[str]:
    """Name the decisions that speak of the patient, not of what happens to be known.

    A table that asks for ``unknown``, or needs a decision that does, answers for now only.
    """
    actions: set[str] = set()
    facts: set[str] = set()
    for table in ordered:
        now = table.asks_unknown or any(column.name in actions for column in table.columns)
        (actions if now else facts).update(table.outputs)
    return frozenset(facts)


def _digest(texts: Mapping[str, str]) -> str:
    import hashlib

    content = hashlib.sha256()
    for file, text in sorted(texts.items()):
        for part in (file, text):
            content.update(len(part.encode()).to_bytes(8, "big") + part.encode())
    return content.hexdigest()
