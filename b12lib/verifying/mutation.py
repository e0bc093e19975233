"""Would anybody notice? Every table changed in every small way, and who notices each change.

A mutant is one table with one slip in it: a limit one reporting step off, a word replaced, a rule
lost. The protocol's own check or a worked case must catch it. A mutant that gives the
same answers as the table everywhere is no slip and is told as equivalent.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import product

from b12lib.deciding.assessment import Assessment, Memory, decided
from b12lib.deciding.evaluate import Outcome, Row, decide
from b12lib.reading.consistency import collected_input_faults
from b12lib.reading.dictionary import CATALOGUES, Decision, Input
from b12lib.reading.feel import Equal, Interval, Not, Test, UnaryTests, Value, unary_tests
from b12lib.reading.protocol import Protocol
from b12lib.reading.tables import (
    HIT_POLICIES,
    DecisionTable,
    Dictionary,
    Rule,
    check_cell,
    input_columns,
    spelled,
)
from b12lib.verifying.cases import differences
from b12lib.verifying.check import check_table
from b12lib.verifying.states import States, reachable, situations


@dataclass(frozen=True, slots=True)
class Mutant:
    """One small change of a table, and what caught it.

    ``rule`` is empty where the whole table was changed. ``caught`` is ``check`` or
    ``case``, ``equivalent`` where the change changes no answer, empty where it survived; ``by``
    says which.
    """

    table: str
    rule: str
    change: str
    caught: str
    by: str

    @property
    def survived(self) -> bool:
        """Whether nothing would notice the change."""
        return not self.caught


def mutants(
    protocol: Protocol,
    assessments: Mapping[str, Assessment],
) -> Iterator[Mutant]:
    """Change every table of a protocol that holds together, and say what catches each change.

    ``assessments`` are the worked cases, decided; every one gets what it expects.
    """
    states = reachable(protocol)
    memory: Memory = {}
    for assessment in assessments.values():
        decided(assessment.case, memory)
    for table in protocol.written:
        asked = _asked(table, protocol, assessments)
        for rule, change, mutate in changes(table, protocol.dictionary):
            caught, by = _caught(table, mutate, protocol, states, assessments, asked, memory)
            yield Mutant(table.title, rule, change, caught, by)


Asking = tuple[Row | None, ...]
"""What each column of a table may be; ``None`` where it may be anything."""
Asked = Mapping[str, Sequence[tuple[Asking, Outcome]]]
"""For each case what it, and each of its visits, asked of one table, and what that said."""


def _asked(
    table: DecisionTable, protocol: Protocol, assessments: Mapping[str, Assessment]
) -> Asked:
    asked: dict[str, list[tuple[Asking, Outcome]]] = {}
    for case, assessment in assessments.items():
        asked[case] = []
        for stage, reading in protocol.readings(table):
            for one in [assessment] if stage is protocol else _at_visits(assessment):
                possible = _possible(one)
                row = tuple(possible.get(column.name) for column in reading.columns)
                asked[case].append((row, one[reading.outputs[0]].outcome))
    return asked


def _at_visits(assessment: Assessment) -> list[Assessment]:
    return [assessment.at(visit) for visit in assessment.visits]


def _caught(
    table: DecisionTable,
    mutate: Mutation,
    protocol: Protocol,
    states: States,
    assessments: Mapping[str, Assessment],
    asked: Asked,
    memory: Memory,
) -> tuple[str, str]:
    """Ask the cheapest first: check, cases, equivalence. ``memory`` is of the unchanged tables."""
    try:
        mutant = mutate()
    except ValueError as error:
        return "check", str(error)
    if fault := next(check_table(mutant), None):
        return "check", " ".join((fault.kind, *fault.rules))
    changed = protocol.with_table(mutant)
    lists = collected_input_faults((*changed.tables, *changed.visits.tables))
    if refused := next(lists, None):
        return "check", refused.problem
    said: dict[Asking, Outcome] = {}
    known = memory | {reading.outputs: {} for _, reading in changed.readings(mutant)}
    for case, outcomes in asked.items():
        if _otherwise(mutant, outcomes, said):
            again = decided(replace(assessments[case].case, protocol=changed), known)
            if any(differences(again)):
                return "case", case
    if all(
        equivalent(before, after, protocol, states)
        for (_, before), (_, after) in zip(
            protocol.readings(table), changed.readings(table), strict=True
        )
    ):
        return "equivalent", "the same answers everywhere"
    return "", ""


def _otherwise(
    mutant: DecisionTable, outcomes: Sequence[tuple[Asking, Outcome]], said: dict[Asking, Outcome]
) -> bool:
    """Say whether the mutant answers otherwise where the table was asked; ``said`` remembers."""
    names = [column.name for column in mutant.columns]
    for asked, before in outcomes:
        if asked not in said:
            known = zip(names, asked, strict=True)
            said[asked] = decide(mutant, {name: row for name, row in known if row is not None})
        twins = zip(mutant.outputs, before.table.outputs, strict=True)
        if any(said[asked].answers(name) != before.answers(twin) for name, twin in twins):
            return True
    return False


def _possible(assessment: Assessment) -> dict[str, Row]:
    known = {name: (value,) for name, value in assessment.values.items() if value is not None}
    return known | {name: answer.values for name, answer in assessment.answers.items()}


def equivalent(
    table: DecisionTable, mutant: DecisionTable, protocol: Protocol, states: States
) -> bool:
    """Say whether both tables answer alike whatever is known: an enumeration, hence a proof."""
    if _alike(table, mutant, _both(table, mutant, protocol)):
        return True
    if table.hit_policy == mutant.hit_policy == "C":  # what no changed rule says stays said
        touched = {rule.outputs for rule in set(table.rules) ^ set(mutant.rules)}
        table, mutant = (
            _with_rules(
                one, tuple(r for r in one.rules if r.outputs in touched), protocol.dictionary
            )
            for one in (table, mutant)
        )
    return all(
        set(decide(table, possible).answers(name)) == set(decide(mutant, possible).answers(name))
        for possible in situations(_both(table, mutant, protocol), protocol, states)
        for name in table.outputs
    )


def _both(table: DecisionTable, mutant: DecisionTable, protocol: Protocol) -> DecisionTable:
    return _with_rules(table, table.rules + mutant.rules, protocol.dictionary)


def _alike(table: DecisionTable, mutant: DecisionTable, both: DecisionTable) -> bool:
    """Say whether both choose alike on every single row: then they do so whatever is open.

    A table that collects says which of its rules fire for sure, so that its rows do not tell all.
    """
    asks = [[column.asks_unknown for column in each.columns] for each in (table, mutant)]
    if table.hit_policy == "C" or mutant.hit_policy == "C" or asks[0] != asks[1]:
        return False
    rows = product(*(column.domain + (None,) * column.asks_unknown for column in both.columns))
    return all(_chosen(table, row) == _chosen(mutant, row) for row in rows)


def _chosen(table: DecisionTable, row: Row) -> list[Row]:
    return [rule.outputs for rule in table.hits(row)]


Mutation = Callable[[], DecisionTable]
"""Makes the mutant; raises ``ValueError`` where the protocol's own reading refuses it."""


def changes(table: DecisionTable, dictionary: Dictionary) -> Iterator[tuple[str, str, Mutation]]:
    """Yield every small change of a table: the rule it concerns, what it is, how it is made."""
    for policy in HIT_POLICIES:
        if policy != table.hit_policy:
            words = f"hit policy {table.hit_policy} → {policy}"
            yield "", words, partial(replace, table, hit_policy=policy)
    for position, rule in enumerate(table.rules):
        for words, rules in _instead(table, position, dictionary):
            yield rule.id, words, partial(_with_rules, table, rules, dictionary)
        for i, column in enumerate(table.columns):
            item = dictionary[column.name]
            for text in other_cells(rule.inputs[i], item):
                words = f"{column.name}: {rule.inputs[i].text} → {text}"
                yield rule.id, words, partial(_with_cell, table, position, i, text, dictionary)


def _instead(
    table: DecisionTable, position: int, dictionary: Dictionary
) -> Iterator[tuple[str, tuple[Rule, ...]]]:
    """Yield the table's rules with one answer swapped, or one rule dropped, doubled or moved."""
    above, rule, below = table.rules[:position], table.rules[position], table.rules[position + 1 :]
    if len(table.rules) > 1:
        yield "dropped", above + below
    if table.hit_policy == "F" and below:
        yield f"swapped with {below[0].id}", (*above, below[0], rule, *below[1:])
    for i, name in enumerate(table.outputs):
        answers = _other_answers(table, rule, i, dictionary[name])
        for answer in answers:
            other = replace(rule, outputs=(*rule.outputs[:i], answer, *rule.outputs[i + 1 :]))
            words = f"{name}: {spelled(rule.outputs[i])} → {spelled(answer)}"
            yield words, (*above, other, *below)
            if answer == answers[-1]:
                twin = replace(other, id=f"{rule.id} again")
                yield f"doubled, {words}", (*above, rule, twin, *below)


def _other_answers(
    table: DecisionTable, rule: Rule, position: int, item: Input | Decision
) -> tuple[Value, ...]:
    """Return every other answer; of a catalogue, those of the table and one that it never gives."""
    answers, said = item.domain, rule.outputs[position]
    if item.kind in CATALOGUES:
        given = tuple(dict.fromkeys(other.outputs[position] for other in table.rules))
        answers = given + tuple(answer for answer in answers if answer not in given)[:1]
    return tuple(answer for answer in answers if answer != said)


def _with_rules(
    table: DecisionTable, rules: tuple[Rule, ...], dictionary: Dictionary
) -> DecisionTable:
    columns = input_columns([column.name for column in table.columns], rules, dictionary)
    return replace(table, rules=rules, columns=columns)


def _with_cell(
    table: DecisionTable, position: int, column: int, text: str, dictionary: Dictionary
) -> DecisionTable:
    """Read a cell's new text as the protocol would."""
    cell = unary_tests(text)
    check_cell(cell, dictionary[table.columns[column].name])
    rule = table.rules[position]
    other = replace(rule, inputs=(*rule.inputs[:column], cell, *rule.inputs[column + 1 :]))
    return _with_rules(
        table, (*table.rules[:position], other, *table.rules[position + 1 :]), dictionary
    )


def other_cells(cell: UnaryTests, item: Input | Decision) -> tuple[str, ...]:
    """Return the texts that one slip could make of a cell: its condition lost, or a little off."""
    if cell.text == "-":
        return ()
    texts = ["-", *(", ".join(map(_written, tests)) for tests in _other_lists(cell.tests, item))]
    return tuple(dict.fromkeys(text for text in texts if text != cell.text))


def _other_lists(tests: Sequence[Test], item: Input | Decision) -> Iterator[Sequence[Test]]:
    """Yield a list of tests with one of them lost or changed."""
    for i, test in enumerate(tests):
        above, below = tests[:i], tests[i + 1 :]
        if len(tests) > 1:
            yield (*above, *below)
        for others in _other_tests(test, item):
            if set(others).isdisjoint((*above, *below)):
                yield (*above, *others, *below)


def _other_tests(test: Test, item: Input | Decision) -> Iterator[Sequence[Test]]:
    """Yield what one slip makes of a test."""
    match test:
        case Not(tests):
            yield tests
            yield from ((Not(tuple(others)),) for others in _other_lists(tests, item))
        case Interval():
            yield from ((other,) for other in _other_intervals(test, item))
        case _:
            said = test.value if isinstance(test, Equal) else None
            yield from ((Equal(word),) for word in item.domain if word is not None and word != said)


def _other_intervals(test: Interval, item: Input | Decision) -> Iterator[Interval]:
    """Yield an interval with a comparator flipped, turned round, or a limit one step off."""
    assert isinstance(item, Input)
    steps = (-item.precision, item.precision)
    if test.low is not None:
        yield replace(test, low_included=not test.low_included)
        yield from (replace(test, low=test.low + step) for step in steps)
    if test.high is not None:
        yield replace(test, high_included=not test.high_included)
        yield from (replace(test, high=test.high + step) for step in steps)
    if test.low is None or test.high is None:
        yield Interval(test.high, test.low, test.high_included, test.low_included)


def _written(test: Test) -> str:
    """Write a test as a cell does."""
    match test:
        case Not(tests):
            return f"not({', '.join(map(_written, tests))})"
        case Interval(None, high, _, included):
            return f"{'<=' if included else '<'} {high}"
        case Interval(low, None, included, _):
            return f"{'>=' if included else '>'} {low}"
        case Interval(low, high, from_, to):
            return f"{'[' if from_ else '('}{low}..{high}{']' if to else ')'}"
        case Equal(value):
            return spelled(value)
        case _:
            return "unknown"
