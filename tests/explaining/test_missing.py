"""What is not known is sorted by whether it could change the treatment."""

from __future__ import annotations

import b12lib
from b12lib.explaining.missing import open_questions

SEED = {"mma": "90 µmol/L", "leukopenia": True, "neutropenia": True, "macrocytosis": True}


def test_neurological_involvement_comes_first_in_the_seeds_case() -> None:
    """What decides between two regimens is asked before what decides anything smaller."""
    first = open_questions(b12lib.assess(SEED))[0]
    assert first.name == "neurological"
    assert "regimen" in first.affects
    assert first.ask[0] == "neurological"
    assert "paraesthesia" in first.ask


def test_serum_b12_cannot_change_the_treatment_once_mma_is_raised() -> None:
    """With a raised MMA an unmeasured serum B12 is listed as changing nothing."""
    found = {item.name: item for item in open_questions(b12lib.assess(SEED))}
    assert found["b12_level"].affects == ()
    assert found["b12_level"].ask == ("b12",)


def test_every_claimed_effect_is_real() -> None:
    """Each question said to affect a decision has an answer under which that decision differs."""
    assessment = b12lib.assess(SEED)
    for item in open_questions(assessment):
        if item.name in assessment.protocol.inputs or not item.affects:
            continue
        if not assessment.protocol.decisions[item.name].may_be_stated:
            continue
        results = [b12lib.assess({**SEED, item.name: value}) for value in item.candidates]
        for name in item.affects:
            assert any(result[name].values != assessment[name].values for result in results)


def test_derived_value_is_asked_for_by_its_parts() -> None:
    """A value that follows from others is settled by measuring those."""
    found = {item.name: item for item in open_questions(b12lib.assess({"b12": "100 ng/L"}))}
    assert found["mma_level"].ask == ("mma",)


def test_complete_case_leaves_nothing_that_matters() -> None:
    """When everything that treatment needs is given, no open question affects it."""
    whole = {
        **SEED,
        "neurological": False,
        "anc": "1.2 G/L",
        "haemoglobin": "110 g/L",
        "platelets": "200 G/L",
        "egfr": "90 mL/min/1.73m2",
        "intrinsic_factor_antibody": "negative",
        "cause": "dietary",
        "down_syndrome": False,
        "planned_route": "intramuscular",
        "leukopenia": True,
    }
    assert [item for item in open_questions(b12lib.assess(whole)) if item.affects] == []


def test_known_finding_is_not_asked_for_again() -> None:
    """What an open question depends on is asked for only as far as it is not known."""
    found = {
        item.name: item
        for item in open_questions(b12lib.assess({"leukopenia": True, "neurological": True}))
    }
    assert found["megaloblastic_picture"].ask == ("macrocytosis", "mcv")
    severe = {item.name: item for item in open_questions(b12lib.assess({"anaemia": False}))}
    assert "haemoglobin" not in severe["severe_cytopenia"].ask


def test_wish_for_tablets_can_change_the_route() -> None:
    """Every answer to an open question is tried, whichever other tables ask for it too."""
    well = {
        "mma": "900 nmol/L",
        "neurological": False,
        "wbc": "6 G/L",
        "anc": "3 G/L",
        "haemoglobin": "140 g/L",
        "platelets": "250 G/L",
    }
    found = {item.name: item for item in open_questions(b12lib.assess(well))}
    assert "oral" in found["planned_route"].candidates
    assert {"route", "regimen"} <= set(found["planned_route"].affects)
