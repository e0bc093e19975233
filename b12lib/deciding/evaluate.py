"""How a table decides when some of its inputs are not known. The definition of the semantics.

A *completion* gives every unknown input one of the values it could have. A decision is known when
every completion leads to the same answer: then what is unknown cannot matter. Otherwise, where a
column has a rule for ``unknown``, not knowing is taken as the value of that column: the table says
what to do now. What is still open after that stays open, as the set of possible answers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from b12lib.reading.feel import Value
from b12lib.reading.tables import DecisionTable, Rule

Possible = Mapping[str, tuple[Value, ...]]
"""What each name may be: one value when known; a name that is missing may be anything."""
Row = tuple[Value, ...]
Completions = Mapping[Row, tuple[Rule, ...]]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one table says of one case.

    ``considered`` holds what each column may be; ``fired`` the rules that fire whatever the unknown
    turns out to be; ``open`` those that may; ``could_change`` the columns that would settle or
    change the answer if they were known.
    """

    table: DecisionTable
    considered: tuple[Row, ...]
    fired: tuple[Rule, ...]
    open: tuple[Rule, ...]
    could_change: tuple[str, ...]

    def answers(self, output: str) -> tuple[Value, ...]:
        """Return the possible answers of a decision, or all that hold where rules are collected."""
        rules = self.fired if self.table.hit_policy == "C" else self.fired + self.open
        return tuple(dict.fromkeys(self.said(rule, output) for rule in rules))

    def said(self, rule: Rule, output: str) -> Value:
        """Return what a rule of the table answers for one of its decisions."""
        return rule.outputs[self.table.outputs.index(output)]

    def failed_at(self, rule: Rule) -> str | None:
        """Return the first column that rules the rule out; ``None`` when another decides."""
        cells = zip(self.table.columns, rule.inputs, self.considered, strict=True)
        for column, cell, values in cells:
            if not any(map(cell.matches, values)):
                return column.name
        return None


def decide(table: DecisionTable, possible: Possible) -> Outcome:
    """Let ``table`` decide on what is possible."""
    considered = [possible.get(column.name, column.domain) for column in table.columns]
    completions = complete(table, considered)
    could_change = columns_that_matter(table, completions)
    if table.asks_unknown:
        now = [
            (None,) if column.asks_unknown and len(possible.get(column.name, ())) != 1 else values
            for column, values in zip(table.columns, considered, strict=True)
        ]
        for_now = complete(table, now)
        collects = table.hit_policy == "C"  # it lists what holds now, not knowing included
        if could_change or collects or _answers(for_now) == _answers(completions):
            considered, completions = now, for_now
    fired, open_ = _rules(table, completions)
    return Outcome(table, tuple(considered), fired, open_, could_change)


def complete(table: DecisionTable, considered: Sequence[Row]) -> Completions:
    """Return the rules that fire in every completion of what each column may be."""
    return {row: table.hits(row) for row in product(*considered)}


def _rules(
    table: DecisionTable, completions: Completions
) -> tuple[tuple[Rule, ...], tuple[Rule, ...]]:
    """Return the rules that fire in every completion, and those that fire in some."""
    hits = list(completions.values())
    ever = [rule for rule in table.rules if any(rule in hit for hit in hits)]
    always = tuple(rule for rule in ever if all(rule in hit for hit in hits))
    if table.hit_policy == "F" and not always and (surest := _surest(ever, completions)):
        return (surest,), ()
    return always, tuple(rule for rule in ever if rule not in always)


def _surest(ever: Sequence[Rule], completions: Completions) -> Rule | None:
    """Return the rule that alone guarantees the one answer, though one above it may come first."""
    for rule in ever:
        same = _answers(completions) == {(rule.outputs,)}
        if same and all(rule.matches(row) for row in completions):
            return rule
    return None


def _answers(completions: Completions) -> set[tuple[Row, ...]]:
    return {_answer(hit) for hit in completions.values()}


def _answer(hit: tuple[Rule, ...]) -> tuple[Row, ...]:
    return tuple(rule.outputs for rule in hit)


def columns_that_matter(table: DecisionTable, completions: Completions) -> tuple[str, ...]:
    """Name the columns in which a difference alone makes a different answer.

    Where rules are collected, one answer from two rules is two: neither of them fires for sure.
    """
    said = {
        row: hit if table.hit_policy == "C" else _answer(hit) for row, hit in completions.items()
    }
    return tuple(
        column.name for position, column in enumerate(table.columns) if _matters(position, said)
    )


def _matters(position: int, said: Mapping[Row, tuple[object, ...]]) -> bool:
    answers: dict[Row, tuple[object, ...]] = {}
    for row, answer in said.items():
        others = row[:position] + row[position + 1 :]
        if answers.setdefault(others, answer) != answer:
            return True
    return False
