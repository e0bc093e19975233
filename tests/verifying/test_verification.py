"""All findings together: what is run, what is left out after a fault, and when nothing is found."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

import pytest

import b12lib
from b12lib.deciding.case import Case
from b12lib.errors import MissingExtra
from b12lib.reading.properties import Clause
from b12lib.reading.protocol import Protocol
from b12lib.verifying import verification
from b12lib.verifying.verification import Verification, verify

B12 = "Total serum B12"
VALUES: dict[str, str | list[str]] = {
    "unknown": ["low", "indeterminate", "normal"],
    "132 pmol/L": "low",
    "133 pmol/L": "indeterminate",
    "258 pmol/L": "indeterminate",
    "259 pmol/L": "normal",
}


@pytest.fixture(scope="session")
def small(only: Callable[..., Protocol]) -> Protocol:
    """One table, and nothing beside it that could be unused."""
    protocol = only(B12)
    named = {"b12": protocol.inputs["b12"]}
    level = {"b12_level": protocol.decisions["b12_level"]}
    sources = {name: protocol.references[name] for name in ("nice2024", "seed")}
    units = {unit: protocol.units[unit] for unit in named["b12"].factors}
    empty: Mapping[str, object] = {}
    return replace(
        protocol, inputs=named, decisions=level, units=units, references=sources,
        statements=empty, regimens=empty, schedule=empty, properties=empty,
        visits=replace(protocol.visits, inputs=empty),
    )  # fmt: skip


def cases(protocol: Protocol, values: Mapping[str, str | list[str]] = VALUES) -> dict[str, Case]:
    """Return a case for each value, which expects its level."""
    return {
        value: b12lib.read_case(
            {"inputs": {"b12": value}, "expect": {"b12_level": level}}, protocol
        )
        for value, level in values.items()
    }


def stating(protocol: Protocol, premise: Clause, demand: Clause) -> Protocol:
    """Return the protocol with one property of two clauses."""
    item = replace(next(iter(b12lib.load_protocol().properties.values())), id="P1")
    item = replace(item, premises=(premise,), demands=(demand,))
    return replace(protocol, properties={item.id: item})


RISING = Clause("b12", "rises"), Clause("b12_level", "never weakens in", tuple(VALUES["unknown"]))
"""A property that the small table keeps: more B12 is never read as less."""


def test_a_table_with_a_pair_at_each_limit_passes(small: Protocol) -> None:
    """Five cases cover three rules and two limits, and notice every change."""
    found = verify(small, cases(small))
    assert found.passed
    assert len(found.mutants) > 20


def test_a_case_that_is_missing_is_found(small: Protocol) -> None:
    """Without a normal B12 and an unknown one a rule is left alone, and so is the hit policy."""
    less = {value: level for value, level in VALUES.items() if level in ("low", "indeterminate")}
    found = verify(small, cases(small, less))
    assert not found.passed
    assert found.coverage is not None
    assert found.coverage.never_fired == ("TB3",)
    assert {item.rule or item.change for item in found.survivors} == {"TB3", "hit policy U → C"}


def test_an_unused_row_alone_is_enough_not_to_pass(small: Protocol) -> None:
    """What is unused counts as found."""
    more = replace(small, units={**small.units, "ng": next(iter(small.units.values()))})
    assert [item.name for item in verify(more, cases(more)).unused] == ["ng"]
    assert not verify(more, cases(more)).passed


def test_a_wrong_case_stops_the_changes(small: Protocol) -> None:
    """A change can only be noticed by cases that are right."""
    found = verify(small, cases(small, {**VALUES, "300 pmol/L": "low"}), ["x.yaml: unreadable"])
    assert found.wrong == (
        "x.yaml: unreadable",
        "300 pmol/L: b12_level is normal, expected low",
    )
    assert found.mutants == ()
    assert found.coverage is not None
    assert not found.passed


def test_a_fault_stops_the_cases(only: Callable[..., Protocol]) -> None:
    """A table with a gap decides nothing, so no case is run."""
    protocol = only(B12, edit=("01-confirmation.md", "| TB2 | [133..258]", "| TB2 | (133..258]"))
    found: Verification = verify(protocol, cases(protocol))
    assert [fault.kind for fault in found.faults] == ["gap"]
    assert found.wrong == ()
    assert found.coverage is None
    assert not found.passed


def test_a_property_that_holds_is_proved(small: Protocol) -> None:
    """What is proved for every case does not stand in the way of passing."""
    protocol = stating(small, *RISING)
    found = verify(protocol, cases(protocol))
    assert found.proofs is not None
    assert [proof.property for proof in found.proofs] == ["P1"]
    assert found.unproved == ()
    assert found.passed


def test_a_property_that_is_broken_is_found(small: Protocol) -> None:
    """A promise that the table does not keep is told, and nothing passes."""
    protocol = stating(small, Clause("", "always"), Clause("b12_level", "is never", ("low",)))
    found = verify(protocol, cases(protocol))
    assert [(proof.property, proof.verdict) for proof in found.unproved] == [("P1", "violated")]
    assert not found.passed


def test_without_the_solver_nothing_passes(
    small: Protocol, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where nobody could prove anything that is said, and not taken for a proof."""

    def missing(protocol: Protocol) -> None:
        raise MissingExtra("proving the safety properties", "verify")

    monkeypatch.setattr(verification, "prove", missing)
    found = verify(small, cases(small))
    assert found.proofs is None
    assert found.unproved == ()
    assert found.survivors == ()
    assert not found.passed
