"""What the package is for: the seed's question, asked as its patient was described."""

from __future__ import annotations

import pytest

import b12lib

SEED = {"mma": "90 umol/L", "leukopenia": "yes", "neutropenia": "yes", "macrocytosis": "yes"}


def test_seed() -> None:
    """The seed's patient is treated at once by injection, and the nerves decide the regimen."""
    assessment = b12lib.assess(SEED)

    assert assessment["deficiency_status"].value == "confirmed"
    assert assessment["treat_now"].value == "immediately"
    assert assessment["route"].value == "intramuscular"
    assert not assessment["regimen"].known
    assert assessment["regimen"].value is None
    assert set(assessment["regimen"].values) == {"alternate-days", "three-times-weekly"}
    assert assessment["regimen"].outcome.could_change == ("neurological",)
    assert assessment["severe_cytopenia"].value is None
    assert assessment["unit_check"].values == ("confirm-unit-normal",)
    assert assessment["megaloblastic_picture"].value is True


@pytest.mark.parametrize(
    ("more", "regimen"),
    [
        ({"neurological": "no"}, "three-times-weekly"),
        ({"neurological": "yes"}, "alternate-days"),
        ({"paraesthesia": "yes"}, "alternate-days"),
        ({"glossitis": "yes"}, "alternate-days"),
    ],
)
def test_nervous_system(more: dict[str, str], regimen: str) -> None:
    """With neurological involvement injections go on alternate days, else three times weekly."""
    assessment = b12lib.assess({**SEED, **more})

    assert assessment["treat_now"].value == "immediately"
    assert assessment["regimen"].value == regimen


def test_serum_b12_not_measured() -> None:
    """A raised MMA confirms deficiency although serum B12 was never measured."""
    status = b12lib.assess({"mma": "90 umol/L"})["deficiency_status"]

    assert status.value == "confirmed"
    assert status.outcome.could_change == ()
    assert [rule.id for rule in status.outcome.fired] == ["DS1"]


def test_unit_decides() -> None:
    """The same number in nmol/L confirms nothing and treats nobody at once."""
    assessment = b12lib.assess({**SEED, "mma": "90 nmol/L"})

    assert assessment["mma_level"].value == "normal"
    assert "confirmed" not in assessment["deficiency_status"].values
    assert assessment["treat_now"].value == "test first"
    assert assessment["regimen"].value == "none"


def test_nerves_without_mma() -> None:
    """Neurological signs are treated while tests run, though MMA was never measured."""
    assessment = b12lib.assess({"neurological": "yes"})

    assert assessment["deficiency_status"].value is None
    assert "mma_level" in assessment["deficiency_status"].outcome.could_change
    assert assessment["treat_now"].value == "while testing"
    assert assessment["regimen"].value == "alternate-days"
