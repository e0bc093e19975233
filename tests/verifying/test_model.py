"""The model says what the evaluator says: over many random cases, and over the solver's own."""

from __future__ import annotations

import ast
import os
import random
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import pytest
import z3

import b12lib
from b12lib.deciding import assessment as deciding
from b12lib.reading.feel import formula
from b12lib.reading.protocol import read_protocol
from b12lib.verifying.model import decide_all, starts
from b12lib.verifying.unknowns import AnyCase

CASES = int(os.environ.get("VERIFY_CASES", "1000"))
"""How many random cases to decide; ``make model`` asks for 100,000."""

Masks = dict[str, dict[Any, int]]


@pytest.fixture(scope="module")
def memory() -> deciding.Memory:
    """What the tables said before, for all seeds: the evaluator decides the same only once."""
    return {}


def masks(rows: list[Mapping[str, tuple[Any, ...]]], domains: Mapping[str, Any]) -> Masks:
    """Return, for each value of each name, a whole number with one bit for each row."""
    return {
        name: {value: int("".join("01"[value in row[name]] for row in rows), 2) for value in domain}
        for name, domain in domains.items()
    }


@pytest.mark.parametrize("seed", range(10))
def test_model_and_evaluator_agree(
    protocol: b12lib.Protocol, memory: deciding.Memory, seed: int
) -> None:
    """On random cases, a tenth of them a seed, each decision has the same answers in both."""
    count, chance = CASES // 10, random.Random(seed)
    inputs = {
        name: starts(item, protocol)
        for name, item in protocol.inputs.items()
        if item.kind != "date"
    }
    statable = {
        name: item.domain for name, item in protocol.decisions.items() if item.may_be_stated
    }
    said, answered = [], []
    for _ in range(count):
        share = chance.random()  # from cases that say next to nothing to cases that say all
        values = {
            name: chance.choice(domain) if chance.random() < share else None
            for name, domain in inputs.items()
        }
        stated = {
            name: chance.choice(domain)
            for name, domain in statable.items()
            if chance.random() < share / 4
        }
        answers = deciding._answers(protocol, values, stated, memory)
        said.append(
            {name: (value,) if value is not None else () for name, value in values.items()}
            | {name: (stated[name],) if name in stated else () for name in statable}
        )
        answered.append({name: answer.values for name, answer in answers.items()})

    decided = decide_all(protocol, masks(said, inputs | statable), 0)

    every = (1 << count) - 1
    expected = masks(answered, {name: item.domain for name, item in protocol.decisions.items()})
    for name, answers_ in expected.items():
        assert {
            value: mask & every for value, mask in decided.possible[name].items()
        } == answers_, name
    assert decided.gap & every == 0


def compare_with_found(protocol: b12lib.Protocol, count: int, seed: int) -> int:
    """Let the solver find cases with random beginnings; return how many were refused in both."""
    chance, context = random.Random(seed), z3.Context()
    case = AnyCase(protocol, "", context)
    solver = z3.SimpleSolver(ctx=context)
    solver.add(*case.demands)
    unknowns = [is_ for values in case.given.values() for is_ in values.values()]
    refused = 0
    for _ in range(count):
        solver.push()
        for unknown in chance.sample(unknowns, 12):
            solver.push()
            solver.add(unknown)
            if solver.check() == z3.unsat:
                solver.pop()
        assert solver.check() == z3.sat
        model = solver.model()

        def true(formula: z3.BoolRef, model: z3.ModelRef = model) -> bool:
            return z3.is_true(model.eval(formula, model_completion=True))

        fields = case.fields(model)
        try:
            found = deciding.assess(b12lib.read_case({"inputs": fields}, protocol))
        except b12lib.CaseError:
            assert true(case.decided.refused), fields
            refused += 1
        else:
            assert not true(case.decided.refused), fields
            for name, answer in found.answers.items():
                possible = {v for v, is_ in case.decided.possible[name].items() if true(is_)}
                assert possible == set(answer.values), (name, fields)
        while solver.num_scopes():
            solver.pop()
    return refused


def test_solver_and_evaluator_agree(protocol: b12lib.Protocol) -> None:
    """A case that the solver makes up, written down and read, is decided as the solver says."""
    assert 0 < compare_with_found(protocol, 40, seed=1) < 40


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param("`paraesthesia or numbness`", "`paraesthesia and numbness`", id="and"),
        pytest.param("`anc - wbc`", "`anc + wbc - 3`", id="plus"),
        pytest.param("`anc - wbc`", "`(anc - wbc) / (wbc - 4)`", id="a divisor of either sign"),
        pytest.param("`mma / mma_limit`", "`mma_limit / number(mma)`", id="a number below"),
        pytest.param("`anc - wbc`", "`number(neutrophil_difference) - 1`", id="never a number"),
    ],
)
def test_every_form_of_formula(edited: Callable[..., Any], old: str, new: str) -> None:
    """Whatever a formula does, the solver works it out as the evaluator does."""
    compare_with_found(read_protocol(edited("inputs.md", old, new)), 10, seed=2)


def test_unknown_form_of_formula_may_be_any_number(protocol: b12lib.Protocol) -> None:
    """What the model cannot work out it takes for anything, so that nothing false is proved."""
    unread = replace(formula("anc - wbc"), tree=ast.parse("max(anc, wbc)", mode="eval").body)
    item = replace(protocol.inputs["neutrophil_excess"], formula=unread)
    inputs = {**protocol.inputs, item.name: item}
    case = AnyCase(replace(protocol, inputs=inputs), "", z3.Context())
    solver = z3.SimpleSolver(ctx=case.false.ctx)
    solver.add(*case.demands, ~case.known("wbc"))
    said = list(case.said["neutrophil_excess"].values())
    for free in (*said, ~z3.Or(said)):
        assert solver.check(free) == z3.sat
