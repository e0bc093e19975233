"""What a lesson shows beside one case: a table as it stands, a chapter, patients side by side.

>>> import b12lib
>>> rules("severe_anaemia", b12lib.load_protocol()).title
'Severe anaemia'
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from b12lib.deciding.assessment import Answer, Assessment
from b12lib.explaining.wording import cell, filled, inside, label, number, sentence, word, words
from b12lib.reading.ledger import acting
from b12lib.reading.protocol import Protocol
from b12lib.reading.tables import DecisionTable, Rule
from b12lib.showing import background
from b12lib.showing.background import source_list, standing_of
from b12lib.showing.glossary import definitions
from b12lib.showing.rules import head, row
from b12lib.showing.section import Section, table


def rules(decision: str, protocol: Protocol) -> Section:
    """Show the decision table that answers one decision, as it stands in its chapter.

    Raises ``KeyError`` when no table answers ``decision``.
    """
    found = _table_of(decision, protocol)
    cells = [row(rule, found, protocol) for rule in found.rules]
    return Section(found.title, table(head(found, protocol), cells))


def _table_of(decision: str, protocol: Protocol) -> DecisionTable:
    for found in protocol.written:
        if decision in found.outputs:
            return found
    raise KeyError(f"no table answers {decision!r}; b12 rules lists what the tables answer")


def limits(decisions: Iterable[str], protocol: Protocol) -> Section:
    """Show in one table how findings are told from values: what each asks for, and its rule.

    Raises ``KeyError`` when no table answers one of ``decisions``.
    """
    cells = []
    for name in decisions:
        found = _table_of(name, protocol)
        for rule in found.rules:
            answer = word(rule.outputs[found.outputs.index(name)])
            asked = _asked(rule, found, protocol)
            cells.append([label(name, protocol), answer, asked, f"`{rule.id}`"])
    return Section("Limits", table(["Finding", "answer", "when", "rule"], cells))


def _asked(rule: Rule, found: DecisionTable, protocol: Protocol) -> str:
    return ", ".join(
        f"{inside(label(column.name, protocol))} {cell(rule, column.name, protocol)}"
        for column, condition in zip(found.columns, rule.inputs, strict=True)
        if condition.text != "-"
    )


def units(names: Iterable[str], protocol: Protocol) -> Section:
    """Show in which units each value may be given, and how much of the first another one is.

    Raises ``KeyError`` when the data dictionary has no quantity of one of ``names``.
    """
    known = {name: item for name, item in protocol.inputs.items() if item.factors}
    cells = []
    for name in names:
        if name not in known:
            raise KeyError(f"{name!r} has no units; there are {', '.join(known)}")
        own = protocol.units[known[name].unit].printed
        others = (
            f"1 {protocol.units[unit].printed} = {number(factor)} {own}"
            for unit, factor in known[name].factors.items()
            if unit != known[name].unit
        )
        cells.append([known[name].label, own, "; ".join(others)])
    return Section("Units", table(["Value", "unit", "others"], cells))


def terms(names: Iterable[str], protocol: Protocol) -> Section:
    """Show what words mean, as the glossary says it.

    Raises ``KeyError`` when the glossary has no such term.
    """
    found = []
    for name in names:
        if name not in protocol.glossary:
            raise KeyError(f"{name!r} is no term of the glossary")
        found.append(protocol.glossary[name])
    return Section("Words", definitions(found))


def chapter(name: str, protocol: Protocol) -> Section:
    """Show who answers for a chapter, how far it was reviewed, and the sources of its rules.

    Raises ``KeyError`` naming the chapters there are when ``name`` is none of them.
    """
    files = {each.file.removesuffix(".md"): each for each in protocol.chapters}
    if name not in files:
        raise KeyError(f"{name!r} is no chapter; there are {', '.join(files)}")
    found = files[name]
    tables = (each for each in protocol.written if each.place.file == found.file)
    cited_there = [source for each in tables for rule in each.rules for source in rule.sources]
    lines = [*standing_of("Chapter", found.header), source_list(cited_there, protocol)]
    return Section(f"Where this comes from: {inside(found.header.title)}", "\n".join(lines))


def claims(ids: Iterable[str], protocol: Protocol) -> Section:
    """Show claims of the seed and what primary sources say of them.

    Raises ``KeyError`` when the ledger has no such claim.
    """
    found = {
        protocol.claims[id_]: [name for kind in acting(id_, protocol).values() for name in kind]
        for id_ in ids
    }
    return Section("What primary sources say", background.claims(found))


def side_by_side(
    patients: Mapping[str, Assessment], decisions: Iterable[str], title: str = "Side by side"
) -> Section:
    """Show what the same decisions come to in several patients, each answer with its rule."""
    protocol = next(iter(patients.values())).protocol
    cells = [
        [label(name, protocol), *(_told(each[name], each) for each in patients.values())]
        for name in decisions
    ]
    return Section(title, table(["Decision", *patients], cells))


def _told(answer: Answer, assessment: Assessment) -> str:
    """Write an answer for a cell; what is listed is written out."""
    if not answer.values:
        return "nothing"
    match answer.decision.kind:
        case "statement":
            name = answer.decision.name
            said = " ".join(sentence(name, value, assessment) for value in answer.values)
        case "schedule":
            rows = (assessment.protocol.schedule[str(value)] for value in answer.values)
            said = "; ".join(f"{row.when}: {filled(inside(row.what), assessment)}" for row in rows)
        case _:
            said = words(answer.values)
    return f"{said} {_rules(answer)}"


def _rules(answer: Answer) -> str:
    """Name the rules behind an answer, each in a mark of its own, which a page makes a link."""
    if answer.stated:
        return "*stated*"
    ids = " ".join(f"`{rule.id}`" for rule in answer.outcome.fired or answer.outcome.open)
    return ids if answer.outcome.fired else f"(one of {ids})"
