"""The solver's search for a case, or for two, that break a property."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property

import z3

from b12lib.reading.properties import ANSWERED, MORE, Property
from b12lib.reading.protocol import Protocol
from b12lib.verifying.clauses import holds, holds_between
from b12lib.verifying.model import all_of
from b12lib.verifying.unknowns import AnyCase


class Search:
    """All cases of one protocol; ``effort`` is how long Z3 may try, in its own unit."""

    def __init__(self, protocol: Protocol, effort: int) -> None:
        self._protocol, self._effort = protocol, effort
        self._context = z3.Context()  # its own: what was proved before must not matter

    @cached_property
    def _first(self) -> AnyCase:
        return AnyCase(self._protocol, "", self._context)

    @cached_property
    def _second(self) -> AnyCase:
        return AnyCase(self._protocol, " then", self._context)

    def find(self, item: Property) -> tuple[Mapping[str, str], ...] | None:
        """Return what seems to break a property: nothing where nothing can, ``None`` if unknown."""
        cases = (self._first, self._second) if item.of_two_cases else (self._first,)
        solver = z3.SimpleSolver(ctx=self._context)
        solver.set("rlimit", self._effort)
        for case in cases:
            solver.add(*case.demands, ~case.decided.refused)
            if item.demands[0].verb != ANSWERED:
                solver.add(~case.decided.gap)  # where a table has no answer, only that is wrong
        solver.add(*self._premises(item), ~all_of(self._demands(item), ~self._first.false))
        match solver.check():
            case z3.unsat:
                return ()
            case z3.sat:
                return tuple(case.fields(solver.model()) for case in cases)
        return None

    def _premises(self, item: Property) -> Iterator[z3.BoolRef]:
        first = self._first
        for clause in item.premises:
            if clause.verb == MORE:
                yield from self._more_is_known()
            elif clause.verb == "rises":
                yield from self._rises(clause.name)
            else:
                yield holds(clause, first.decided, self._protocol, first.false)

    def _demands(self, item: Property) -> Iterator[z3.BoolRef]:
        before, false = self._first.decided, self._first.false
        for clause in item.demands:
            if item.of_two_cases:
                yield holds_between(clause, before, self._second.decided, self._protocol, false)
            else:
                yield holds(clause, before, self._protocol, false)

    def _more_is_known(self) -> Iterator[z3.BoolRef]:
        """What the first case says, worked out or assumed, stands in the second too."""
        first, second = self._first, self._second
        for name in first.given:
            yield z3.Implies(first.known(name), first.says_alike(second, name))
            for before, after in zip(
                first.said[name].values(), second.said[name].values(), strict=True
            ):
                yield z3.Implies(before, after)
        for name, item in self._protocol.inputs.items():
            if item.assumed is not None:
                yield first.says_alike(second, name)

    def _rises(self, quantity: str) -> Iterator[z3.BoolRef]:
        """One quantity is higher in the second case, in the same unit; all else is alike."""
        first, second = self._first, self._second
        for name in first.given:
            if name != quantity:
                yield first.says_alike(second, name)
        yield first.known(quantity) & second.known(quantity)
        yield second.amounts[quantity] > first.amounts[quantity]
        yield from (
            before == after
            for before, after in zip(first.units(quantity), second.units(quantity), strict=True)
        )
