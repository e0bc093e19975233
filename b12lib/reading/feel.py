"""The part of FEEL that the protocol uses: unary tests for cells, formulas for derived values.

Unary tests follow DMN's S-FEEL: ``-``, ``< 133``, ``[133..258]``, ``"raised", "extreme"``,
``not("low")``, ``true``. ``unknown`` is DMN's null: it matches a value that is not known, which
only ``-`` matches besides. A value that is not known is ``None`` throughout the library.
"""

from __future__ import annotations

import ast
import operator
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

Value = bool | Decimal | str | None
"""What a case, a cell or a decision can hold; ``None`` is *unknown*."""


@dataclass(frozen=True, slots=True)
class Anything:
    """``-``: no condition."""

    def matches(self, value: Value) -> bool:
        """Match every value, known or not."""
        return True


@dataclass(frozen=True, slots=True)
class Unknown:
    """``unknown``: the value is not known."""

    def matches(self, value: Value) -> bool:
        """Match a value that is not known."""
        return value is None


@dataclass(frozen=True, slots=True)
class Equal:
    """A single allowed value: ``true``, ``"raised"``, ``5``."""

    value: bool | Decimal | str

    def matches(self, value: Value) -> bool:
        """Match this value of this type."""
        return type(value) is type(self.value) and value == self.value


@dataclass(frozen=True, slots=True)
class Interval:
    """``< 133``, ``>= 4``, ``[133..258]``: between two limits, ``None`` for an open side."""

    low: Decimal | None
    high: Decimal | None
    low_included: bool
    high_included: bool

    def matches(self, value: Value) -> bool:
        """Match a number inside the limits."""
        if not isinstance(value, Decimal):
            return False
        if value == self.low:
            return self.low_included
        if value == self.high:
            return self.high_included
        return (self.low is None or self.low < value) and (self.high is None or value < self.high)


@dataclass(frozen=True, slots=True)
class Not:
    """``not(...)``: known, and none of these."""

    tests: tuple[Test, ...]

    def matches(self, value: Value) -> bool:
        """Match a known value that none of the tests matches."""
        return value is not None and not any(test.matches(value) for test in self.tests)


Test = Anything | Unknown | Equal | Interval | Not


@dataclass(frozen=True, slots=True)
class UnaryTests:
    """One input cell: it matches when any of its comma-separated tests does."""

    text: str
    tests: tuple[Test, ...]

    def matches(self, value: Value) -> bool:
        """Say whether ``value`` satisfies this cell."""
        return any(test.matches(value) for test in self.tests)

    @property
    def leaves(self) -> tuple[Test, ...]:
        """Every test in the cell, those inside ``not(...)`` included."""
        return tuple(
            leaf
            for test in self.tests
            for leaf in (test.tests if isinstance(test, Not) else (test,))
        )

    @property
    def asks_unknown(self) -> bool:
        """Whether the cell has the word ``unknown``."""
        return any(isinstance(leaf, Unknown) for leaf in self.leaves)

    @property
    def limits(self) -> frozenset[Decimal]:
        """The numbers at which the cell changes its answer."""
        ends: set[Decimal] = set()
        for leaf in self.leaves:
            if isinstance(leaf, Interval):
                ends |= {end for end in (leaf.low, leaf.high) if end is not None}
            elif isinstance(leaf, Equal) and isinstance(leaf.value, Decimal):
                ends.add(leaf.value)
        return frozenset(ends)


NUMBER = r"-?[0-9]{1,12}(?:\.[0-9]{1,12})?"
"""How a number is written everywhere in the protocol; so many digits are never rounded away."""
_TEST = re.compile(
    rf"""\s*(?:
      (?P<negation>not\()
    | (?P<word>unknown|true|false)\b
    | "(?P<string>[^"]*)"
    | (?P<opening>[\[(])\s*(?P<low>{NUMBER})\s*\.\.\s*(?P<high>{NUMBER})\s*(?P<closing>[\])])
    | (?P<comparator><=|>=|<|>)?\s*(?P<number>{NUMBER})
    )\s*""",
    re.VERBOSE,
)


def plain_number(text: str) -> Decimal:
    """Read a number; raise ``ValueError`` for an exponent, an infinity, an underscore, a word."""
    if not re.fullmatch(NUMBER, text):
        raise ValueError(f"{text!r} is not a plain number such as 0.738")
    return Decimal(text)


def unary_tests(text: str) -> UnaryTests:
    """Read one input cell; raise ``ValueError`` saying what is wrong with it."""
    text = text.strip()
    if re.search(r"\d,\d", re.sub(r'"[^"]*"', "", text)):
        raise ValueError("write numbers with a decimal point, and a space after a comma")
    if text == "-":
        return UnaryTests(text, (Anything(),))
    tests, end = _list_of_tests(text, 0)
    if end != len(text):
        raise ValueError(f"cannot read {text[end:]!r}")
    return UnaryTests(text, tests)


def _list_of_tests(text: str, start: int) -> tuple[tuple[Test, ...], int]:
    tests: list[Test] = []
    while True:
        found = _TEST.match(text, start)
        if not found:
            raise ValueError(f"cannot read {text[start:]!r}" if text[start:] else "nothing to read")
        start = found.end()
        if found["negation"]:
            inner, start = _list_of_tests(text, start)
            if text[start : start + 1] != ")":
                raise ValueError("not( without its closing parenthesis")
            tests.append(Not(inner))
            start = len(text) - len(text[start + 1 :].lstrip())
        else:
            tests.append(_single_test(found))
        if text[start : start + 1] != ",":
            return tuple(tests), start
        start += 1


def _single_test(found: re.Match[str]) -> Test:
    if found["word"]:
        return Unknown() if found["word"] == "unknown" else Equal(found["word"] == "true")
    if found["string"] is not None:
        return Equal(found["string"])
    if found["opening"]:
        low, high = Decimal(found["low"]), Decimal(found["high"])
        if low > high:
            raise ValueError(f"the interval {found[0].strip()} is empty: its low end is the higher")
        closed = found["opening"] == "[", found["closing"] == "]"
        if low == high and not all(closed):
            raise ValueError(f"the interval {found[0].strip()} is empty: it leaves out its own end")
        return Interval(low, high, *closed)
    number = Decimal(found["number"])
    match found["comparator"]:
        case "<" | "<=":
            return Interval(None, number, False, found["comparator"] == "<=")
        case ">" | ">=":
            return Interval(number, None, found["comparator"] == ">=", False)
        case _:
            return Equal(number)


@dataclass(frozen=True, slots=True)
class Formula:
    """A derived value: arithmetic, ``or``, ``and``; ``number(x)`` is the number of x as written.

    ``max(earlier.x)`` is the highest x of the visits before the one that is looked at, as far as it
    was measured: in FEEL, ``earlier`` is the list of those visits. ``names`` are used of now,
    ``earlier`` of those visits.
    """

    text: str
    names: frozenset[str]
    tree: ast.expr = field(compare=False, repr=False)
    earlier: frozenset[str] = frozenset()

    def value(
        self,
        values: Mapping[str, Value],
        numbers: Mapping[str, Decimal],
        earlier: Iterable[Mapping[str, Value]] = (),
    ) -> Value:
        """Work the formula out; unknown operands make it unknown unless the rest decides it."""
        best = {name: _highest(name, earlier) for name in self.earlier}
        return _evaluate(self.tree, values, numbers, best)

    def kind(self, kinds: Mapping[str, str]) -> str:
        """Return the kind of its value; raise ``ValueError`` where an operand's kind is wrong."""
        return _kind(self.tree, kinds)


_ARITHMETIC: dict[type[ast.operator], Callable[[Decimal, Decimal], Decimal]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}


def formula(text: str) -> Formula:
    """Read a formula; raise ``ValueError`` for anything beyond the few forms allowed."""
    try:
        # FEEL writes these few forms exactly as Python does, so Python's own parser reads them.
        tree = ast.parse(text.strip(), mode="eval").body
    except SyntaxError as error:
        raise ValueError(f"cannot read {text!r} as a formula") from error
    _check(tree, text.strip())
    nodes = list(ast.walk(tree))
    names = {node.id for node in nodes if isinstance(node, ast.Name)} - {"number", "max", "earlier"}
    earlier = {node.attr for node in nodes if isinstance(node, ast.Attribute)}
    if not names | earlier:
        raise ValueError(f"the formula {text!r} uses no input")
    return Formula(text, frozenset(names), tree, frozenset(earlier))


def _check(node: ast.expr, text: str) -> None:
    match node:
        case ast.Name():
            return
        case ast.Constant() if re.fullmatch(NUMBER, ast.get_source_segment(text, node) or ""):
            return
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _ARITHMETIC:
            operands = [left, right]
        case ast.BoolOp(values=operands):
            pass
        case ast.Call(func=ast.Name("number"), args=[ast.Name()], keywords=[]):
            return
        case ast.Call(
            func=ast.Name("max"), args=[ast.Attribute(value=ast.Name("earlier"))], keywords=[]
        ):
            return
        case _:
            raise ValueError(f"{ast.unparse(node)!r} is not allowed in a formula")
    for operand in operands:
        _check(operand, text)


def _kind(node: ast.expr, kinds: Mapping[str, str]) -> str:
    """Arithmetic makes a quantity of quantities, ``or`` and ``and`` a boolean of booleans."""
    match node:
        case ast.Name(name) | ast.Attribute(attr=name):
            return kinds[name]
        case ast.BoolOp(values=operands):
            kind = "boolean"
        case ast.BinOp(left=left, right=right):
            operands, kind = [left, right], "quantity"
        case ast.Call(args=operands):
            kind = "quantity"
        case _:
            return "quantity"
    for operand in operands:
        if _kind(operand, kinds) != kind:
            whole, part = ast.unparse(node), ast.unparse(operand)
            raise ValueError(f"{part!r} is not a {kind}, which {whole!r} needs")
    return kind


def _highest(name: str, visits: Iterable[Mapping[str, Value]]) -> Decimal | None:
    known = [value for visit in visits if isinstance(value := visit.get(name), Decimal)]
    return max(known, default=None)


def _evaluate(
    node: ast.expr,
    values: Mapping[str, Value],
    numbers: Mapping[str, Decimal],
    best: Mapping[str, Value],
) -> Value:
    match node:
        case ast.Name(name):
            return values.get(name)
        case ast.Constant(number):
            return Decimal(str(number))
        case ast.Call(args=[ast.Name(name)]):
            return numbers.get(name)
        case ast.Call(args=[ast.Attribute(attr=name)]):
            return best[name]
        case ast.BoolOp(op, operands):
            decisive = isinstance(op, ast.Or)
            known = [_evaluate(operand, values, numbers, best) for operand in operands]
            if any(value is decisive for value in known):
                return decisive
            return None if None in known else not decisive
        case ast.BinOp(left, op, right):
            a, b = (_evaluate(side, values, numbers, best) for side in (left, right))
            if not isinstance(a, Decimal) or not isinstance(b, Decimal):
                return None
            if isinstance(op, ast.Div) and not b:
                return None
            return _ARITHMETIC[type(op)](a, b)
    raise AssertionError(f"not checked: {ast.dump(node)}")
