"""Decision tables in DMN's sense, read from the Markdown form a clinician edits.

The corner cell holds the hit policy: ``U`` exactly one rule matches, ``F`` the first that
matches, ``C`` all that match. The second row marks each column ``i`` (input), ``o`` (output) or
``a`` (annotation).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property, lru_cache
from itertools import count

from b12lib.errors import Place, ProtocolError, ProtocolFault, did_you_mean
from b12lib.reading.dictionary import Decision, Input, literal
from b12lib.reading.feel import Anything, Equal, Interval, UnaryTests, Unknown, Value, unary_tests
from b12lib.reading.markdown import Row, Table
from b12lib.reading.sources import Citation, citations

HIT_POLICIES = {"U": "unique", "F": "first", "C": "collect"}
ANNOTATIONS = ("rationale", "sources")
RULE_ID = re.compile(r"[A-Z]{1,4}[1-9][0-9]*")
MARKS = ("`i`", "`o`", "`a`")

Dictionary = Mapping[str, Input | Decision]


@dataclass(frozen=True, slots=True)
class Rule:
    """One row: it fires when every input cell matches."""

    id: str
    place: Place
    inputs: tuple[UnaryTests, ...]
    outputs: tuple[Value, ...]
    rationale: str
    sources: tuple[Citation, ...]

    def matches(self, values: tuple[Value, ...]) -> bool:
        """Say whether the rule applies to these values, one for each input column."""
        return all(map(UnaryTests.matches, self.inputs, values))


@dataclass(frozen=True, slots=True)
class Column:
    """An input column: ``domain`` has one known value for each way its cells can turn out.

    ``asks_unknown``: some rule has the word ``unknown`` here, so not knowing is an ordinary value.
    """

    name: str
    domain: tuple[Value, ...]
    asks_unknown: bool


@dataclass(frozen=True)
class DecisionTable:
    """A decision table; ``columns`` are its inputs, ``outputs`` the decisions that it makes."""

    title: str
    place: Place
    hit_policy: str
    columns: tuple[Column, ...]
    outputs: tuple[str, ...]
    rules: tuple[Rule, ...]

    @property
    def asks_unknown(self) -> bool:
        """Whether some rule treats not knowing as an ordinary value."""
        return any(column.asks_unknown for column in self.columns)

    def matching(self, values: tuple[Value, ...]) -> tuple[Rule, ...]:
        """Return the rules that apply to these values, before the hit policy chooses."""
        fitting = frozenset.intersection(*map(self._fitting, count(), values))
        return tuple(self.rules[number] for number in sorted(fitting))

    @cached_property
    def _fitting(self) -> Callable[[int, Value], frozenset[int]]:
        """Number the rules whose cell in a column fits a value.

        The same few words come again and again, so what was found is kept; not without end, for
        the numbers of many patients would pile up.
        """

        @lru_cache(maxsize=1024, typed=True)
        def fitting(column: int, value: Value) -> frozenset[int]:
            cells = (rule.inputs[column] for rule in self.rules)
            return frozenset(number for number, cell in enumerate(cells) if cell.matches(value))

        return fitting

    def hits(self, values: tuple[Value, ...]) -> tuple[Rule, ...]:
        """Return the rules that fire for these values; a gap or an overlap is never passed over."""
        matching = self.matching(values)
        if self.hit_policy == "C" or len(matching) == 1:
            return matching
        if self.hit_policy == "F" and matching:
            return matching[:1]
        row = zip((column.name for column in self.columns), values, strict=True)
        case = ", ".join(f"{name} = {spelled(value)}" for name, value in row)
        which = " and ".join(rule.id for rule in matching)
        problem = (f"{which} apply" if which else "no rule applies") + f" when {case}"
        raise ProtocolError([ProtocolFault(self.place, problem, "exactly one rule must apply")])


def is_decision_table(table: Table) -> bool:
    """Tell a decision table from any other table in a chapter: by its corner or by its marks."""
    marks = table.rows[0].cells if table.rows else ()
    return table.head.cells[0] in HIT_POLICIES or not set(MARKS).isdisjoint(marks)


def marked_outputs(table: Table) -> tuple[str, ...]:
    """Name the columns that a decision table marks as its outputs, before it is read."""
    marks = table.rows[0].cells if table.rows else ()
    columns = zip(table.head.cells, marks, strict=bool(marks))
    return tuple(name for name, mark in columns if mark == "`o`")


def read_table(table: Table, dictionary: Dictionary) -> DecisionTable:
    """Read one decision table; raise ``ProtocolError`` with everything wrong in it."""
    faults: list[ProtocolFault] = []
    marks = table.rows[0].cells if table.rows else ()
    place = Place(table.file, table.head.line, table.heading)
    heads = list(zip(table.head.cells, marks, strict=True))[1:] if marks else []
    names = {mark: [name for name, m in heads if m == f"`{mark}`"] for mark in "ioa"}
    if (corner := table.head.cells[0]) not in HIT_POLICIES:
        problem = f"the hit policy in the corner is {corner!r}"
        faults.append(ProtocolFault(place, problem, "write U unique, F first or C collect"))
    if marks and marks[0]:
        problem = f"the row of marks begins with {marks[0]!r}; its first cell is empty"
        faults.append(ProtocolFault(replace(place, line=table.rows[0].line), problem))
    faults += _head_faults(table, place, heads, names, dictionary)
    if faults:
        raise ProtocolError(faults)
    rules = [_rule(table, row, names, dictionary, faults) for row in table.rows[1:]]
    if not rules:
        faults.append(ProtocolFault(place, "the table has no rules"))
    if faults:
        raise ProtocolError(faults)
    columns = input_columns(names["i"], rules, dictionary)
    return DecisionTable(table.heading, place, corner, columns, tuple(names["o"]), tuple(rules))


def input_columns(
    names: Iterable[str], rules: Sequence[Rule], dictionary: Dictionary
) -> tuple[Column, ...]:
    """Tell apart, for each input of a table, what its rules' cells tell apart."""
    return tuple(
        _column(dictionary[name], [rule.inputs[i] for rule in rules])
        for i, name in enumerate(names)
    )


def _head_faults(
    table: Table,
    place: Place,
    heads: list[tuple[str, str]],
    names: Mapping[str, list[str]],
    dictionary: Dictionary,
) -> Iterator[ProtocolFault]:
    for name, mark in heads:
        if mark not in MARKS:
            yield ProtocolFault(
                replace(place, column=name),
                f"the second row marks it {mark!r}",
                "mark each column `i` input, `o` output or `a` annotation",
            )
    for name, times in Counter(name for name, _ in heads).items():
        if times > 1:
            yield ProtocolFault(replace(place, column=name), "the column stands there twice")
    if not heads or not names["o"]:
        yield ProtocolFault(place, "no column is marked `o`: the table decides nothing")
    if tuple(names["a"]) != ANNOTATIONS:
        yield ProtocolFault(place, f"the annotations must be {' and '.join(ANNOTATIONS)}")
    for name in (*names["i"], *names["o"]):
        item = dictionary.get(name)
        if item is None or (name in names["o"] and isinstance(item, Input)):
            sort = "decision" if name in names["o"] else "input or decision"
            yield ProtocolFault(
                replace(place, column=name),
                f"there is no {sort} of this name",
                did_you_mean(name, dictionary),
            )
        elif item.kind in ("date", "statement", "schedule") and name in names["i"]:
            yield ProtocolFault(
                replace(place, column=name), f"a {item.kind} cannot be an input of a table"
            )


def _rule(
    table: Table,
    row: Row,
    names: Mapping[str, list[str]],
    dictionary: Dictionary,
    faults: list[ProtocolFault],
) -> Rule:
    cells = dict(zip(table.head.cells[1:], row.cells[1:], strict=True))
    place = Place(table.file, row.line, table.heading, row.cells[0])
    inputs: list[UnaryTests] = []
    outputs: list[Value] = []
    sources: tuple[Citation, ...] = ()

    def fault(column: str, problem: str) -> None:
        faults.append(ProtocolFault(replace(place, column=column), problem))

    if not RULE_ID.fullmatch(row.cells[0]):
        fault(
            "", "a rule id is one to four capitals and a number without leading zero, such as DS1"
        )
    for name in names["i"]:
        try:
            inputs.append(unary_tests(cells[name]))
            check_cell(inputs[-1], dictionary[name])
        except ValueError as error:
            fault(name, str(error))
    for name in names["o"]:
        try:
            outputs.append(answer := literal(cells[name]))
            if not any(Equal(answer).matches(allowed) for allowed in dictionary[name].domain):
                fault(name, f"{cells[name]} is not an answer that decisions.md allows")
        except ValueError as error:
            fault(name, str(error))
    if not cells["rationale"]:
        fault("rationale", "every rule says why")
    try:
        sources = citations(cells["sources"])
    except ValueError as error:
        fault("sources", str(error))
    return Rule(row.cells[0], place, tuple(inputs), tuple(outputs), cells["rationale"], sources)


def check_cell(cell: UnaryTests, item: Input | Decision) -> None:
    """Raise ``ValueError`` where a cell asks for something that its column cannot hold."""
    for test in cell.leaves:
        match test:
            case Anything() | Unknown():
                continue
            case Equal(value) if value in item.domain and type(value) is type(item.domain[0]):
                continue
            case Interval() | Equal(Decimal()) if (
                isinstance(item, Input) and item.kind == "quantity"
            ):
                _check_limits(cell, item)
            case _:
                allowed = ", ".join(spelled(value) for value in item.domain) or "numbers"
                raise ValueError(f"{cell.text!r} does not fit {item.name}: it holds {allowed}")


def _check_limits(cell: UnaryTests, item: Input) -> None:
    for limit in cell.limits:
        if not item.range[0] <= limit <= item.range[1]:
            low, high = item.range
            raise ValueError(f"the limit {limit} lies outside {item.name}'s range {low}..{high}")
        if limit != item.round(limit):
            raise ValueError(f"the limit {limit} is finer than {item.name} is reported")


def spelled(value: Value) -> str:
    """Write a value as a table cell would."""
    if value is None:
        return "unknown"
    return f'"{value}"' if isinstance(value, str) else str(value).lower()


def _column(item: Input | Decision, cells: list[UnaryTests]) -> Column:
    """Keep one value for each different outcome over the column's cells."""
    outcomes: dict[tuple[bool, ...], Value] = {}
    for value in item.domain or _representatives(item, cells):
        outcomes.setdefault(tuple(cell.matches(value) for cell in cells), value)
    return Column(item.name, tuple(outcomes.values()), any(cell.asks_unknown for cell in cells))


def _representatives(item: Input | Decision, cells: list[UnaryTests]) -> list[Decimal]:
    """Take each limit and one reporting step below and above it: no interval is missed."""
    assert isinstance(item, Input)
    low, high = item.range
    around = {
        limit + step
        for cell in cells
        for limit in cell.limits
        for step in (-item.precision, Decimal(0), item.precision)
    }
    return sorted(value for value in {low, high, *around} if low <= value <= high)
