"""The goals for the packaged protocol: nothing unused, nothing untried, no slip unnoticed."""

from __future__ import annotations

import pytest

import b12lib
from b12lib.publishing.worked_cases import read_cases
from b12lib.verifying.verification import Verification, verify


@pytest.fixture(scope="module")
def found() -> Verification:
    """All that ``b12 verify`` finds in the protocol that comes with the library."""
    protocol = b12lib.load_protocol()
    return verify(protocol, *read_cases(protocol))


def test_every_worked_case_gets_what_it_expects(found: Verification) -> None:
    """No table has a fault and no case a wrong answer; otherwise nothing below says anything."""
    assert found.faults == ()
    assert found.wrong == ()
    assert found.mutants


def test_nothing_in_the_protocol_is_unused(found: Verification) -> None:
    """Every input, answer, row and unit serves a rule; every reference is cited."""
    assert found.unused == ()


def test_every_safety_property_is_proved(found: Verification) -> None:
    """What must hold of every patient holds, and the solver was there to say so."""
    assert found.proofs
    assert found.unproved == ()


def test_every_rule_fires_in_a_case(found: Verification) -> None:
    """A rule that no worked case shows is a rule that nobody has looked at."""
    assert found.coverage is not None
    assert found.coverage.never_fired == ()


def test_every_condition_decides_in_a_case(found: Verification) -> None:
    """For each condition that can make a difference there is a case in which it does."""
    assert found.coverage is not None
    assert found.coverage.never_decisive == ()


def test_every_limit_has_a_case_on_each_side(found: Verification) -> None:
    """One patient stands at the limit, another one reporting step beyond it."""
    assert found.coverage is not None
    assert found.coverage.unpaired == ()


def test_no_slip_in_a_table_would_go_unnoticed(found: Verification) -> None:
    """Every small change is refused, noticed by a case, or proved to change nothing."""
    assert found.survivors == ()
