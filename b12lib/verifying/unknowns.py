"""Every case there can be, as unknowns of the solver Z3."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from fractions import Fraction
from typing import Any

import z3

from b12lib.deciding.fields import case_fields, plain
from b12lib.reading.dictionary import Decision, Input
from b12lib.reading.feel import Value
from b12lib.reading.protocol import Protocol
from b12lib.verifying.model import Decided, all_of, any_of, decide_all, starts

Said = dict[Value, z3.BoolRef]
FINEST = Decimal("1e-12")
"""The last digit that a case may write after the point."""


@dataclass(frozen=True, slots=True)
class Number:
    """A number, where it is known: a quotient, so that comparing it needs no division."""

    known: z3.BoolRef
    above: z3.ArithRef
    below: z3.ArithRef

    def at_least(self, limit: z3.ArithRef) -> z3.BoolRef:
        """Return where the number, known, is not below a limit."""
        positive = self.above >= limit * self.below
        return z3.If(self.below > 0, positive, self.above <= limit * self.below)

    def exceeds(self, limit: z3.ArithRef) -> z3.BoolRef:
        """Return where the number, known, is above a limit."""
        positive = self.above > limit * self.below
        return z3.If(self.below > 0, positive, self.above < limit * self.below)


class AnyCase:
    """A case of which nothing is fixed but what the dictionary demands.

    ``given`` has an unknown for each value of each field, at most one of them true; ``said`` counts
    what is worked out or assumed as well. A quantity is a whole number of reporting steps, and so
    is what arithmetic makes of it, rounded as the dictionary rounds. Formulas are worked out
    exactly, but for a form that is not known here, which may come to anything: these cases include
    every real one, so that what the solver does not find does not exist.
    """

    def __init__(self, protocol: Protocol, label: str, context: z3.Context) -> None:
        self._protocol, self._label = protocol, label
        self.false = z3.BoolVal(False, context)
        self.demands: list[z3.BoolRef] = []
        self.given: dict[str, Said] = {}
        self.said: dict[str, Said] = {}
        self.amounts: dict[str, z3.ArithRef] = {}
        self._written: dict[str, z3.ArithRef] = {}
        self._units: dict[str, dict[str, z3.BoolRef]] = {}
        self._numbers: dict[str, Number] = {}
        fields = case_fields(protocol)
        for name, item in protocol.inputs.items():
            if item.kind != "date":
                self.given[name] = self._ask(item) if name in fields else {}
                self.said[name] = self._worked_out(item)
        for name, field in fields.items():
            if name in protocol.decisions:
                self.given[name] = self.said[name] = self._ask(field)
        self.decided: Decided[Any] = decide_all(protocol, self.said, self.false)

    def known(self, name: str) -> z3.BoolRef:
        """Return whether the case gives a field."""
        return self._known(self.given[name])

    def units(self, name: str) -> tuple[z3.BoolRef, ...]:
        """Return which unit a field is written in, where a formula asks for the bare number."""
        return tuple(self._units.get(name, {}).values())

    def says_alike(self, other: AnyCase, name: str) -> z3.BoolRef:
        """Return whether two cases give the same in a field, or both nothing."""
        pairs = zip(self._unknowns(name), other._unknowns(name), strict=True)
        return all_of((mine == yours for mine, yours in pairs), ~self.false)

    def fields(self, model: z3.ModelRef) -> dict[str, str]:
        """Return the case that the solver found, field by field, as it would be written."""
        return {
            name: self._text(name, value, model)
            for name, values in self.given.items()
            for value, is_ in values.items()
            if _true(model, is_)
        }

    def _text(self, name: str, value: Value, model: z3.ModelRef) -> str:
        if name not in self.amounts:
            return str(value) if isinstance(value, str) else "yes" if value else "no"
        item, amount = self._protocol.inputs[name], _number(model, self.amounts[name])
        unit, number = item.unit, amount
        for other, chosen in self._units.get(name, {}).items():
            if _true(model, chosen):
                unit, number = other, _number(model, self._written[name])
        below = number.quantize(FINEST, rounding=ROUND_FLOOR)
        exact = below * item.factors[unit]
        reads_alike = item.range[0] <= exact and item.round(exact) == amount
        digits = below if reads_alike else number.quantize(FINEST, rounding=ROUND_CEILING)
        return f"{plain(digits)} {self._protocol.units[unit].printed}"

    def _unknowns(self, name: str) -> Iterator[z3.ExprRef]:
        yield from self.given[name].values()
        yield from self.units(name)
        yield from (which[name] for which in (self.amounts, self._written) if name in which)

    def _bool(self, name: str) -> z3.BoolRef:
        return z3.Bool(name + self._label, self.false.ctx)

    def _real(self, number: object) -> z3.RatNumRef:
        return z3.RealVal(str(number), self.false.ctx)

    def _known(self, said: Said) -> z3.BoolRef:
        return any_of(said.values(), self.false)

    def _ask(self, item: Input | Decision) -> Said:
        """Return an unknown for each value that a case may give."""
        values = starts(item, self._protocol) if isinstance(item, Input) else item.domain
        given = {value: self._bool(f"{item.name} = {value}") for value in values}
        self.demands.append(z3.AtMost(*given.values(), 1))
        if isinstance(item, Input) and item.kind == "quantity":
            self._measure(item, given)
        return given

    def _measure(self, item: Input, given: Said) -> None:
        """Let a given quantity be a whole number of steps, within its range and its stretch."""
        amount = self._steps(item)
        low, high = item.range
        self.demands.append(amount >= self._real(item.round(low)))
        self.demands.append(amount <= self._real(item.round(high)))
        stretches = self._stretches(list(given), lambda start: amount >= self._real(start))
        self.demands += [z3.Implies(is_, stretches[start]) for start, is_ in given.items()]
        self.amounts[item.name] = amount
        self._numbers[item.name] = Number(self._known(given), amount, self._real(1))

    def _steps(self, item: Input, what: str = "") -> z3.ArithRef:
        steps = z3.Int(f"{item.name}{what}{self._label}", self.false.ctx)
        return z3.ToReal(steps) * self._real(item.precision)

    def _stretches(
        self, starts: Sequence[Value], at_least: Callable[[Any], z3.BoolRef]
    ) -> dict[Value, z3.BoolRef]:
        """Return where a number lies in each of the stretches that begin at ``starts``."""
        reached = [~self.false, *map(at_least, starts[1:]), self.false]
        return {
            start: begun & ~left
            for start, begun, left in zip(starts, reached, reached[1:], strict=False)
        }

    def _worked_out(self, item: Input) -> Said:
        """Return what is said of an input: as given, else as derived, else as assumed."""
        said = dict(self.given[item.name])
        for source in (self._derived(item), self._assumed(item)):
            silent = ~self._known(said)
            for value, is_ in source.items():
                said[value] = said.get(value, self.false) | silent & is_
        return said

    def _derived(self, item: Input) -> Said:
        if not item.formula:
            return {}
        if item.kind == "boolean":
            return dict(zip((True, False), self._kleene(item.formula.tree), strict=True))
        number = self._number(item.formula.tree)
        self._pass_on(item, number)
        stretches = self._stretches(
            starts(item, self._protocol),
            lambda start: self._reaches(item, number, self._real(start)),
        )
        return {start: number.known & lies for start, lies in stretches.items()}

    def _assumed(self, item: Input) -> Said:
        if item.assumed is None:
            return {}
        if isinstance(item.assumed, Decimal):
            amount = self._real(item.assumed)
            self._pass_on(item, Number(~self.false, amount, self._real(1)))
            stretches = [start for start in starts(item, self._protocol) if start <= item.assumed]  # type: ignore[operator]
            return {stretches[-1]: ~self.false}
        return {item.assumed: ~self.false}

    def _reaches(self, item: Input, number: Number, value: z3.ArithRef) -> z3.BoolRef:
        """Return where a number, rounded half away from zero, is not below a reported value."""
        least = value - self._real(item.precision / 2)
        return z3.If(value > 0, number.at_least(least), number.exceeds(least))

    def _pass_on(self, item: Input, number: Number) -> None:
        """Let further formulas use a number that stands in where the field is not given."""
        if not any(
            item.name in other.formula.names
            for other in self._protocol.inputs.values()
            if other.formula
        ):
            return
        rounded, one = self._steps(item, " rounded"), self._real(1)
        beyond = rounded + self._real(item.precision)
        reported = self._reaches(item, number, rounded) & ~self._reaches(item, number, beyond)
        self.demands.append(z3.Implies(number.known, reported))
        given = self._numbers.get(item.name, Number(self.false, rounded, one))
        amount = z3.If(given.known, given.above, rounded)
        self._numbers[item.name] = Number(given.known | number.known, amount, one)

    def _kleene(self, node: ast.expr) -> tuple[z3.BoolRef, z3.BoolRef]:
        """Return where ``or`` and ``and`` of booleans are true, and where they are false."""
        match node:
            case ast.BoolOp(op, operands):
                yes, no = zip(*map(self._kleene, operands), strict=True)
                if isinstance(op, ast.Or):
                    return any_of(yes, self.false), all_of(no, ~self.false)
                return all_of(yes, ~self.false), any_of(no, self.false)
            case _:
                said = self.said[node.id]  # type: ignore[attr-defined]
                return said[True], said[False]

    def _number(self, node: ast.expr) -> Number:
        """Return what arithmetic comes to; a form that is not known here may be any number."""
        one = self._real(1)
        match node:
            case ast.Name(name):
                return self._numbers[name]
            case ast.Constant(value):
                return Number(~self.false, self._real(value), one)
            case ast.Call(ast.Name("number"), [ast.Name(name)]):
                if name not in self.amounts:  # what is never given is never written
                    return Number(self.false, one, one)
                return Number(self._known(self.given[name]), self._as_written(name), one)
            case ast.BinOp(left, op, right):
                return _combined(op, self._number(left), self._number(right))
            case _:
                text = ast.unparse(node)
                anything = z3.Real(text + self._label, self.false.ctx)
                return Number(self._bool(f"{text} is known"), anything, one)

    def _as_written(self, name: str) -> z3.ArithRef:
        """Return the bare number of a field in the unit that it was written in."""
        item = self._protocol.inputs[name]
        number = self._written[name] = z3.Real(f"number({name}){self._label}", self.false.ctx)
        half = self._real(item.precision / 2)
        low, high = map(self._real, item.range)
        units = self._units[name] = {unit: self._bool(f"{name} in {unit}") for unit in item.factors}
        self.demands += [any_of(units.values(), self.false), z3.AtMost(*units.values(), 1)]
        for unit, is_ in units.items():
            exact = number * self._real(item.factors[unit])
            near = (exact >= self.amounts[name] - half) & (exact < self.amounts[name] + half)
            self.demands.append(z3.Implies(is_, near & (exact >= low) & (exact <= high)))
        return number


def _combined(op: ast.operator, a: Number, b: Number) -> Number:
    known, below = a.known & b.known, a.below * b.below
    match op:
        case ast.Add():
            return Number(known, a.above * b.below + b.above * a.below, below)
        case ast.Sub():
            return Number(known, a.above * b.below - b.above * a.below, below)
        case ast.Mult():
            return Number(known, a.above * b.above, below)
        case _:
            return Number(known & (b.above != 0), a.above * b.below, a.below * b.above)


def _number(model: z3.ModelRef, unknown: z3.ArithRef) -> Decimal:
    ratio: Fraction = model.eval(unknown, model_completion=True).as_fraction()
    return Decimal(ratio.numerator) / ratio.denominator


def _true(model: z3.ModelRef, unknown: z3.BoolRef) -> bool:
    return bool(z3.is_true(model.eval(unknown, model_completion=True)))
