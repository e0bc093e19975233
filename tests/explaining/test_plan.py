"""The answer in one line, and the regimens behind it."""

from __future__ import annotations

import pytest

import b12lib
from b12lib.explaining.plan import headline, plan

SEED = {"mma": "90 µmol/L", "leukopenia": True, "neutropenia": True, "macrocytosis": True}


def test_seed_as_asked_is_treated_at_once_whatever_the_schedule() -> None:
    """The seed's patient is treated immediately; the schedule waits for an examination."""
    assert headline(b12lib.assess(SEED)) == (
        "Treat immediately: hydroxocobalamin 1 mg intramuscularly. The first dose is the same "
        "either way; the schedule depends on neurological involvement, which is not known yet. "
        "Examine the nervous system: is there any neurological symptom or sign?"
    )


def test_both_schedules_stand_with_their_condition() -> None:
    """While the schedule is open, each regimen says under which condition it is given."""
    options = {item.regimen.id: item.condition for item in plan(b12lib.assess(SEED)).options}
    assert options == {
        "alternate-days": "Neurological involvement: yes",
        "three-times-weekly": "Neurological involvement: no",
    }


@pytest.mark.parametrize(
    ("found", "regimen"), [(True, "alternate-days"), (False, "three-times-weekly")]
)
def test_examination_settles_the_schedule(found: bool, regimen: str) -> None:
    """Once the nervous system is examined one regimen is left, without a condition."""
    [option] = plan(b12lib.assess({**SEED, "neurological": found})).options
    assert (option.regimen.id, option.condition) == (regimen, "")


def test_nothing_is_given_when_mma_is_normal() -> None:
    """With the same number in nmol/L no first dose is named."""
    assessment = b12lib.assess({**SEED, "mma": "90 nmol/L"})
    assert plan(assessment).first_dose == ""
    assert headline(assessment).startswith("Test first; do not treat yet.")


def test_settled_regimen_asks_nothing() -> None:
    """When one regimen is left the line gives it whole."""
    assert headline(b12lib.assess({**SEED, "neurological": False})) == (
        "Treat immediately: hydroxocobalamin 1 mg intramuscularly three times weekly for 2 weeks, "
        "then 1 mg intramuscularly every 2–3 months."
    )
    assert headline(b12lib.assess({**SEED, "neurological": True})) == (
        "Treat immediately: hydroxocobalamin 1 mg intramuscularly on alternate days until "
        "neurological improvement plateaus (weeks to months), then 1 mg intramuscularly every "
        "2 months."
    )
