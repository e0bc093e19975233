"""What misleads the tests never outvotes the patient, and is told."""

from __future__ import annotations

from typing import Any

import pytest

import b12lib

NORMAL = {"mma": "240 nmol/L", "b12": "520 ng/L"}


@pytest.mark.parametrize(
    "misled", [{"nitrous_oxide": "yes"}, {"intrinsic_factor_antibody": "positive"}]
)
def test_normal_b12_never_outvotes_the_nerves_when_misled(misled: dict[str, str]) -> None:
    """Two normal tests speak against treatment, but not under nitrous oxide or antibodies."""
    known = {"nitrous_oxide": "no", "intrinsic_factor_antibody": "negative"}
    nerves = {**NORMAL, "neurological": "yes", **known}

    assert b12lib.assess(nerves)["treat_now"].value == "no"
    assert b12lib.assess({**nerves, **misled})["treat_now"].value == "while testing"


@pytest.mark.parametrize("test", [{"b12": "520 ng/L"}, {"active_b12": "95 pmol/L"}])
def test_nitrous_oxide_doubts_either_test(test: dict[str, str]) -> None:
    """After nitrous oxide a normal total or active B12 counts as indeterminate."""
    assert b12lib.assess(test)["serum_b12"].value == "normal"
    assert b12lib.assess({**test, "nitrous_oxide": "yes"})["serum_b12"].value == "indeterminate"


@pytest.mark.parametrize(
    ("test", "reading"), [({"b12": "150 ng/L"}, "low"), ({"b12": "300 ng/L"}, "indeterminate")]
)
def test_nothing_misleads_upwards(test: dict[str, str], reading: str) -> None:
    """A low or indeterminate B12 is read as it is, whatever may have misled the test."""
    misled = {**test, "nitrous_oxide": "yes", "intrinsic_factor_antibody": "positive"}

    assert b12lib.assess(misled)["serum_b12"].value == reading


def test_unknown_interference_is_named_where_it_could_change_the_treatment() -> None:
    """With two normal tests and failing nerves it is asked what could have misled them."""
    assessment = b12lib.assess({**NORMAL, "neurological": "yes"})

    assert assessment["treat_now"].value == "test first"
    assert not assessment["b12_interference"].known
    assert "b12_interference" in assessment["serum_b12"].outcome.could_change


@pytest.mark.parametrize(
    ("kidneys", "told"),
    [
        ({"egfr": "59 mL/min/1.73m2"}, ("mma-with-kidneys",)),
        ({"egfr": "60 mL/min/1.73m2"}, ()),
        ({}, ("mma-kidneys-unknown",)),
    ],
)
def test_kidneys(kidneys: dict[str, str], told: tuple[str, ...]) -> None:
    """A raised MMA is not left alone while the kidneys may explain it; treatment goes on."""
    assessment = b12lib.assess({"mma": "900 nmol/L", **kidneys})

    assert assessment["mma_confounders"].values == told
    assert assessment["treat_now"].value == "immediately"


@pytest.mark.parametrize(
    ("mma", "inherited"), [("50000 nmol/L", False), ("50001 nmol/L", True), ("50 umol/L", False)]
)
def test_inherited_limit(mma: str, inherited: bool) -> None:
    """Above our limit, not at it, an inherited disorder is considered for the size alone."""
    assessment = b12lib.assess({"mma": mma})

    assert assessment["inherited_range"].value is inherited
    assert ("inherited-consider" in assessment["inherited_disorder"].values) is inherited


@pytest.mark.parametrize(("homocysteine", "raised"), [("14.9 umol/L", False), ("15 umol/L", True)])
def test_homocysteine_limit(homocysteine: str, raised: bool) -> None:
    """Homocysteine is raised from its limit on."""
    assert b12lib.assess({"homocysteine": homocysteine})["homocysteine_raised"].value is raised


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({}, ("nitrous-oxide-stop", "nitrous-oxide-measure")),
        ({"mma": "200 nmol/L"}, ("nitrous-oxide-stop",)),
        ({"homocysteine_raised": "yes"}, ("nitrous-oxide-stop", "nitrous-oxide-homocysteine")),
    ],
)
def test_nitrous_oxide(more: dict[str, Any], told: tuple[str, ...]) -> None:
    """The exposure is stopped, and one of the tests that show the damage asked for once."""
    assert b12lib.assess({"nitrous_oxide": "yes", **more})["b12_confounders"].values == told


def test_misled_b12_is_no_sign_of_an_inherited_disorder() -> None:
    """A normal B12 beside an extreme MMA is not held against deficiency after nitrous oxide."""
    extreme = {"mma": "20 umol/L", "b12": "500 pmol/L"}

    assert b12lib.assess(extreme)["inherited_disorder"].values == ("inherited-b12-normal",)
    assert b12lib.assess({**extreme, "nitrous_oxide": "yes"})["inherited_disorder"].values == ()
