"""Who the protocol is not made for is refused, told why, and sent on."""

from __future__ import annotations

from collections.abc import Callable

import pytest

import b12lib

Refused = Callable[..., str]
SEED = {"mma": "90 umol/L", "leukopenia": "yes", "neutropenia": "yes", "macrocytosis": "yes"}


@pytest.mark.parametrize("age", ["0 years", "15 years", "15.99 a"])
def test_child(case_refused: Refused, age: str) -> None:
    """A patient under 16 is refused, however clear the picture; the message says whom to ask."""
    assert case_refused({**SEED, "age": age}) == (
        f"age = {age}: this protocol is made for older patients, whose limits and doses it uses;"
        " ask a paediatrician, and the same day with neurological signs, fever or a severe anaemia;"
        " treatment that is due is not withheld (our advice) (rule SO1)"
    )


def test_pregnant(case_refused: Refused) -> None:
    """A pregnant patient is refused, without a reason to withhold treatment that is needed."""
    message = case_refused({**SEED, "pregnant": "yes", "age": "30 y"})

    assert message.startswith("pregnant = yes: this protocol is not made for pregnancy")
    assert "do not withhold vitamin B12" in message
    assert message.endswith("(rule SO2)")
    assert "age" not in message


def test_each_reason_is_told(case_refused: Refused) -> None:
    """A pregnant girl of 15 is refused for both, and for what her case contradicts besides."""
    case = {"age": "15 years", "pregnant": "yes", "anc": "3 G/L", "wbc": "2 G/L"}

    message = case_refused(case)

    assert [rule for rule in ("XX1", "SO1", "SO2") if f"(rule {rule})" in message] == [
        "XX1",
        "SO1",
        "SO2",
    ]


@pytest.mark.parametrize("more", [{}, {"age": "16 years"}, {"age": "16 yr", "pregnant": "no"}])
def test_within(more: dict[str, str]) -> None:
    """From 16 on, or where neither age nor pregnancy is told, the case is decided."""
    assert b12lib.assess({**SEED, **more})["treat_now"].value == "immediately"
