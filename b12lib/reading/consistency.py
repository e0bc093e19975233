"""What must hold between the files of a protocol; each check yields what breaks it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, replace

from b12lib.errors import Place, ProtocolFault
from b12lib.reading.catalogues import (
    KINDS,
    NOTHING,
    VERDICTS,
    Claim,
    Regimen,
    Retired,
    ScheduleItem,
    Statement,
    answer_id,
)
from b12lib.reading.dictionary import Decision, Input
from b12lib.reading.people import People
from b12lib.reading.sources import CLAIM, Citation, Reference
from b12lib.reading.tables import DecisionTable, Dictionary

PLACEHOLDER = re.compile(r"\{([^{}.]+)(?:\.([^{}]+))?\}")
"""``{mma}`` a value, ``{mma.people}`` its place among people, ``{HT1.homocysteine}`` a rule's cell,
``{oral-daily.dose}`` a regimen's."""
AMONG_PEOPLE = "people"


def clashes(
    inputs: Mapping[str, Input], others: Mapping[str, Input] | Mapping[str, Decision]
) -> Iterator[ProtocolFault]:
    """Refuse one name for two things."""
    for name in inputs.keys() & others.keys():
        yield ProtocolFault(others[name].place, "an input has the same name")


def people_faults(
    people: Mapping[str, People], inputs: Mapping[str, Input]
) -> Iterator[ProtocolFault]:
    """Refuse a place among people for what has no number."""
    for name, row in people.items():
        if name not in inputs or inputs[name].kind != "quantity":
            yield ProtocolFault(row.place, f"{name!r} is not a quantity of inputs.md")


def rule_id_faults(
    tables: Iterable[DecisionTable], retired: Mapping[str, Retired]
) -> Iterator[ProtocolFault]:
    """Refuse a rule id that stands twice, or that once meant another rule."""
    rules = [rule for table in tables for rule in table.rules]
    for id_, count in Counter(rule.id for rule in rules).items():
        places = [rule.place for rule in rules if rule.id == id_]
        if count > 1:
            yield ProtocolFault(places[1], f"the rule id also stands at {places[0]}")
        if id_ in retired:
            was = retired[id_]
            yield ProtocolFault(
                places[0],
                f"the rule id was retired in {was.retired_in} and is never used again",
                "give the rule a new id",
            )


def undecided(
    tables: Iterable[DecisionTable], decisions: Mapping[str, Decision]
) -> Iterator[ProtocolFault]:
    """Refuse a decision that no table makes, or that two tables make."""
    deciding = [(name, table) for table in tables for name in table.outputs]
    for name, decision in decisions.items():
        places = [table.place for output, table in deciding if output == name]
        if not places:
            yield ProtocolFault(decision.place, "no table decides it")
        if len(places) > 1:
            yield ProtocolFault(places[1], f"{name} is already decided at {places[0]}")


def placeholder_faults(
    texts: Iterable[tuple[Place, str]],
    dictionary: Dictionary,
    regimens: Mapping[str, Regimen],
    people: Mapping[str, People],
    tables: Iterable[DecisionTable],
) -> Iterator[ProtocolFault]:
    """Refuse a placeholder that names nothing, or is none, before a report would print it bare."""
    named = {(name, "") for name in dictionary}
    named |= {(name, AMONG_PEOPLE) for name in people}
    named |= {(row, field.name) for row in regimens for field in fields(Regimen)}
    named |= {
        (rule.id, column.name)
        for table in tables
        for rule in table.rules
        for column in table.columns
    }
    for place, text in texts:
        for name, part in PLACEHOLDER.findall(text):
            if (name, part) not in named:
                written = "{" + ".".join(filter(None, (name, part))) + "}"
                problem = f"{written} names no input, decision, rule cell or regimen cell"
                yield ProtocolFault(place, problem)
        if stray := re.search("[{}]", PLACEHOLDER.sub("", text)):
            problem = f"a {stray[0]} belongs to no placeholder"
            yield ProtocolFault(place, problem, "write {name}, {RULE.column} or {regimen.column}")


def refusal_faults(
    statements: Mapping[str, Statement],
    decisions: Mapping[str, Decision],
    tables: Iterable[DecisionTable],
) -> Iterator[ProtocolFault]:
    """Refuse a placeholder in a refusal, which is told before there is an assessment to fill it."""
    refusals = {
        answer
        for table in tables
        for rule in table.rules
        for name, answer in zip(table.outputs, rule.outputs, strict=True)
        if decisions[name].part == "refusal"
    }
    for id_, row in statements.items():
        if id_ in refusals and PLACEHOLDER.search(row.statement):
            yield ProtocolFault(row.place, "a refusal names field and value itself: no placeholder")


def citation_faults(
    cited: Iterable[tuple[Place, tuple[Citation, ...]]],
    known: Mapping[str, Reference],
    claims: Mapping[str, Claim],
) -> Iterator[ProtocolFault]:
    """Refuse a source that is not in references.bib, and a claim that the ledger does not have."""
    for place, sources in cited:
        for source in sources:
            if source.key not in known:
                yield ProtocolFault(place, f"@{source.key} is not in references.bib")
            for claim in source.claims:
                if not CLAIM.fullmatch(claim):
                    mend = "write the ids with spaces between them, such as @seed C12 D3"
                    yield ProtocolFault(place, f"{claim!r} is no claim of the seed", mend)
                elif claim not in claims:
                    yield ProtocolFault(place, f"{claim} is not in claims.md")


def verdict_faults(claims: Mapping[str, Claim]) -> Iterator[ProtocolFault]:
    """Refuse a verdict that the ledger does not explain."""
    for claim in claims.values():
        if claim.verdict not in VERDICTS:
            problem = f"{claim.verdict!r} is no verdict"
            yield ProtocolFault(claim.place, problem, f"write one of {', '.join(VERDICTS)}")


def schedule_faults(schedule: Mapping[str, ScheduleItem]) -> Iterator[ProtocolFault]:
    """Refuse an item of which nobody could say what it is, or when it comes back."""
    for item in schedule.values():
        if item.kind not in KINDS:
            problem = f"{item.kind!r} is no kind of item"
            mend = f"write one of {', '.join(KINDS)}"
            yield ProtocolFault(replace(item.place, column="kind"), problem, mend)
        if item.every and (not item.from_ or item.to or not int(item.every[1:-1])):
            problem = f"from {item.from_ or 'no day'} to {item.to or 'no day'} it cannot come back"
            mend = "what comes back has a from, no to, and some time between"
            yield ProtocolFault(replace(item.place, column="every"), problem, mend)


def ledger_faults(
    claims: Mapping[str, Claim], cited: Iterable[tuple[Place, tuple[Citation, ...]]]
) -> Iterator[ProtocolFault]:
    """Refuse a claim that became nothing without a reason, and a reason that holds no longer."""
    became: dict[str, Place] = {}
    for place, sources in cited:
        for source in sources:
            for claim_id in source.claims:
                became.setdefault(claim_id, place)
    for claim in claims.values():
        excused = claim.what_follows.startswith(NOTHING)
        if claim.id not in became and not excused:
            yield ProtocolFault(
                claim.place,
                "nothing came of the claim: no rule, input or other row of the protocol cites it",
                f"cite it as @seed {claim.id}, or write {NOTHING!r} and why under 'what follows'",
            )
        if claim.id in became and excused:
            yield ProtocolFault(
                claim.place,
                f"'what follows' says that nothing came of the claim; {became[claim.id]} cites it",
                "say what follows for the protocol",
            )


ANSWERED = ("indication", "treat_now", "regimen")
"""The decisions that the question itself asks for: every report answers with them."""


def unanswered_faults(decisions: Mapping[str, Decision]) -> Iterator[ProtocolFault]:
    """Refuse a protocol that does not decide what the question asks."""
    for name in ANSWERED:
        if name not in decisions:
            yield ProtocolFault(Place("decisions.md"), f"the decision {name} is missing")


def left_to_visits_faults(at_visits: Mapping[str, Decision]) -> Iterator[ProtocolFault]:
    """Refuse a protocol that waits for a visit under treatment to say what the question asks."""
    for name in ANSWERED:
        if name in at_visits:
            problem = f"{name} is decided before treatment, but its table rests on visits.md"
            yield ProtocolFault(at_visits[name].place, problem)


def answer_sentence_faults(
    statements: Mapping[str, Statement], decisions: Mapping[str, Decision]
) -> Iterator[ProtocolFault]:
    """Refuse a sentence for an answer that does not exist: it would never be shown."""
    known = {
        answer_id(name, answer)
        for name, decision in decisions.items()
        for answer in decision.domain
    }
    for id_, row in statements.items():
        if "." in id_ and id_ not in known:
            yield ProtocolFault(row.place, f"{id_} is no answer of any decision in decisions.md")


def collected_input_faults(tables: Iterable[DecisionTable]) -> Iterator[ProtocolFault]:
    """Refuse a table that asks for a list: rules judge one value."""
    tables = list(tables)
    lists = {name for table in tables if table.hit_policy == "C" for name in table.outputs}
    for table in tables:
        for column in table.columns:
            if column.name in lists:
                problem = f"{column.name} lists all that applies and cannot be an input"
                yield ProtocolFault(table.place, problem)
