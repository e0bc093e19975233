"""Values, cells and answers in words: every number a reader sees comes from here."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from decimal import Decimal

from b12lib.deciding.assessment import Answer, Assessment
from b12lib.deciding.fields import plain
from b12lib.explaining.people import standings
from b12lib.reading.catalogues import Statement, answer_id
from b12lib.reading.consistency import AMONG_PEOPLE, PLACEHOLDER
from b12lib.reading.dictionary import CATALOGUES, Input
from b12lib.reading.feel import Value
from b12lib.reading.protocol import Protocol
from b12lib.reading.sources import SUPPORT, Citation, support
from b12lib.reading.tables import Rule

_COMPARED = {
    r"\[([\d.]+)\.\.([\d.]+)\]": r"\1 to \2",
    r"\[([\d.]+)\.\.([\d.]+)\)": r"\1 to below \2",
    r"\(([\d.]+)\.\.([\d.]+)\]": r"above \1 to \2",
    "<=": "≤",
    ">=": "≥",
    r"\b(\d+)(\d{3})\b": r"\1,\2",
}
"""How a comparison with numbers is read."""
_SIGNIFICANT = 3
"""Digits shown of a value that was worked out, such as a multiple of a limit."""


def label(name: str, protocol: Protocol) -> str:
    """Return the label of an input or a decision."""
    return protocol.dictionary[name].label


def inside(text: str) -> str:
    """Write a label as it stands inside a sentence; abbreviations keep their capitals."""
    first = text.split()[0]
    abbreviation = any(letter.isupper() or letter.isdigit() for letter in first[1:])
    return text if abbreviation else text[0].lower() + text[1:]


def begun(text: str) -> str:
    """Write a text as a sentence begins."""
    return text[:1].upper() + text[1:]


def number(value: Decimal) -> str:
    """Write a number with thousands separators and without trailing zeros."""
    return f"{Decimal(plain(value)):,f}"


def quantity(item: Input, value: Decimal, protocol: Protocol) -> str:
    """Write a value with its printed unit; one that was worked out with few digits."""
    if item.formula and value:
        exponent = max(value.adjusted() - _SIGNIFICANT + 1, -_SIGNIFICANT)
        value = round(value, -exponent)
    unit = protocol.units[item.unit].printed
    return f"{number(value)}{'' if unit == '%' else ' '}{unit}"


def word(value: Value) -> str:
    """Write an answer: yes and no for booleans, the word itself otherwise."""
    match value:
        case None:
            return "unknown"
        case bool():
            return "yes" if value else "no"
        case Decimal():
            return number(value)
        case _:
            return value


def words(values: tuple[Value, ...], joiner: str = "or") -> str:
    """Write several answers: ``mild, moderate or severe``."""
    written = [word(value) for value in values]
    if len(written) < 2:
        return "".join(written)
    return f"{', '.join(written[:-1])} {joiner} {written[-1]}"


def value_of(name: str, assessment: Assessment) -> str:
    """Write what an input or a decision came to; a converted value also as it was given."""
    protocol = assessment.protocol
    if name in assessment.answers:
        return words(assessment[name].values)
    item, value = protocol.dictionary[name], assessment.values.get(name)
    if item.kind == "date" and name in assessment.case.given:
        return assessment.case.given[name].written
    if not isinstance(item, Input) or not isinstance(value, Decimal):
        return word(value)
    canonical = quantity(item, value, protocol)
    given = assessment.case.given.get(name)
    if given and given.number is not None and given.number != given.value:
        return f"{number(given.number)} {protocol.units[given.unit].printed} ({canonical})"
    return canonical


def cell(rule: Rule, column: str, protocol: Protocol) -> str:
    """Write the condition that a rule's cell states, with the unit of its column."""
    written, _ = protocol.rules[rule.id]
    readings = ([c.name for c in table.columns] for _, table in protocol.readings(written))
    names = next(names for names in readings if column in names)
    text = rule.inputs[names.index(column)].text
    item = protocol.dictionary[column]
    if isinstance(item, Input) and item.kind == "quantity":
        unit = protocol.units[item.unit].printed
        for comparison, read in _COMPARED.items():
            text = re.sub(comparison, read, text)
        return f"{text} {unit}" if unit != "times" else text
    spoken = text.replace('"', "").replace("true", "yes").replace("false", "no")
    return re.sub(r", (?!.*, )", " or ", spoken)


def filled(text: str, assessment: Assessment) -> str:
    """Put values, rule cells and regimen cells in the place of a text's ``{placeholders}``."""

    def value(name: str, among_people: bool) -> str:
        if among_people:
            return standings(assessment).get(name, word(None))
        return value_of(name, assessment)

    return _fill(text, assessment.protocol, value)


def unfilled(text: str, protocol: Protocol) -> str:
    """Write a text as it is said of nobody: a patient's value is named in brackets."""

    def named(name: str, among_people: bool) -> str:
        return f"[{inside(label(name, protocol))}{' among people' if among_people else ''}]"

    return _fill(text, protocol, named)


def _fill(text: str, protocol: Protocol, value: Callable[[str, bool], str]) -> str:
    def fill(found: re.Match[str]) -> str:
        name, part = found.groups()
        if not part or part == AMONG_PEOPLE:
            return value(name, bool(part))
        if name in protocol.regimens:
            return str(getattr(protocol.regimens[name], part))
        return cell(protocol.rules[name][1], part, protocol)

    return PLACEHOLDER.sub(fill, text)


def statement(decision: str, value: Value, protocol: Protocol) -> Statement | None:
    """Return the row of statements.md that words an answer, where there is one."""
    statements = protocol.statements
    return statements.get(str(value)) or statements.get(answer_id(decision, value))


def sentence(decision: str, value: Value, assessment: Assessment) -> str:
    """Return the sentence that statements.md has for an answer, else ``label: answer``."""
    if row := statement(decision, value, assessment.protocol):
        return filled(row.statement, assessment)
    return f"{label(decision, assessment.protocol)}: {word(value)}."


def row_id(answer: Answer, value: Value) -> str:
    """Return the id of the row that words an answer, whatever the catalogue it stands in."""
    decision = answer.decision
    return str(value) if decision.kind in CATALOGUES else answer_id(decision.name, value)


def plainly(id_: str, assessment: Assessment) -> str:
    """Return the patient's wording of a statement, a regimen or a schedule row."""
    return filled(assessment.protocol.plain[id_].plain, assessment)


def standing(rules: Iterable[Rule], protocol: Protocol) -> str:
    """Say which rules rest on less than a source that was read, and on what; else nothing."""
    by: defaultdict[str, list[str]] = defaultdict(list)
    for rule in rules:
        by[SUPPORT[support(rule.sources, protocol.references)]].append(rule.id)
    return "; ".join(f"{' '.join(ids)}: {words}" for words, ids in by.items() if words)


def cited(sources: Iterable[Citation]) -> str:
    """Write sources as the tables do."""
    return "; ".join(map(str, sources))


def weak(rules: Iterable[Rule], protocol: Protocol) -> list[str]:
    """Say, where it is so, that rules rest on less than a source that was read."""
    words = standing(rules, protocol)
    return [f"*{words}.*"] if words else []


def because(rules: Iterable[Rule], protocol: Protocol) -> str:
    """Say why rules answer as they do, on whose word, and how well that is supported."""
    rules = tuple(rules)
    reasons = (f"{rule.rationale} `{rule.id}` *{cited(rule.sources)}.*" for rule in rules)
    return " ".join([*reasons, *weak(rules, protocol)])


def rule_ids(answer: Answer) -> str:
    """Name the rules behind an answer: those that fired, or that could."""
    if answer.stated:
        return "stated"
    fired = ", ".join(rule.id for rule in answer.outcome.fired)
    return fired or "one of " + ", ".join(rule.id for rule in answer.outcome.open)
