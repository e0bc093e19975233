"""What a careful clinician adds to the seed: dangers, look-alikes, and who is called."""

from __future__ import annotations

from typing import Any

import pytest

import b12lib

PROTOCOL = b12lib.load_protocol()
TREATED = {"mma": "900 nmol/L"}


def said(case: dict[str, Any], decision: str) -> tuple[object, ...]:
    """Return everything that a decision lists for a case."""
    return b12lib.assess(case)[decision].values


@pytest.mark.parametrize("mma", ["unknown", "150 nmol/L", "900 nmol/L", "90 µmol/L"])
def test_neutropenic_fever_is_an_emergency_whatever_mma_is(mma: str) -> None:
    """Fever with severe neutropenia is an emergency, deficient or not."""
    case = {"mma": mma, "b12": "500 ng/L", "anc": "0.49 x10^9/L", "fever": True}
    assert said(case, "emergency") == ("neutropenic-fever",)


@pytest.mark.parametrize(
    ("blood", "told"),
    [
        ({}, ("fever-count-unknown",)),
        ({"neutropenia": True}, ("fever-count-unknown",)),
        ({"anc": "0.5 x10^9/L"}, ("fever-falling-count",)),
        ({"anc": "1.0 x10^9/L"}, ()),
        ({"neutropenia": False}, ()),
    ],
)
def test_fever_without_a_count_is_taken_as_the_worst(
    blood: dict[str, Any], told: tuple[str, ...]
) -> None:
    """Not knowing the neutrophils makes fever an emergency; knowing that they suffice ends it."""
    assert said({**TREATED, **blood, "fever": True}, "emergency") == told


def test_low_neutrophils_make_one_ask_for_fever() -> None:
    """Where neutrophils are low the temperature is asked for, and only there."""
    assert said({"neutropenia": True}, "emergency") == ("ask-fever",)
    assert said({"neutropenia": True, "fever": False}, "emergency") == ()
    assert said({"leukopenia": True}, "emergency") == ()


@pytest.mark.parametrize("egfr", ["unknown", "30 mL/min/1.73m2", "90 mL/min/1.73m2"])
def test_leber_bars_cyanocobalamin_and_not_hydroxocobalamin(egfr: str) -> None:
    """Leber's disease bars cyanocobalamin whatever the kidneys do; B12 is given all the same."""
    case = {**TREATED, "neurological": False, "leber": True, "egfr": egfr}
    cyano = b12lib.assess({**case, "planned_form": "cyanocobalamin"})
    hydroxo = b12lib.assess({**case, "planned_form": "hydroxocobalamin"})

    assert cyano["cyanocobalamin"].value == hydroxo["cyanocobalamin"].value == "do not use"
    assert "no-cyanocobalamin-in-leber" in cyano["treatment_stops"].values
    assert hydroxo["treatment_stops"].values == ()
    assert hydroxo["regimen"].value == "three-times-weekly"


def test_not_knowing_of_leber_bars_nothing() -> None:
    """Leber's disease is asked for when cyanocobalamin is planned, and bars it when known."""
    case = {**TREATED, "egfr": "90 mL/min/1.73m2", "planned_form": "cyanocobalamin"}
    assessment = b12lib.assess(case)

    assert assessment["cyanocobalamin"].value == "second choice"
    assert assessment["treatment_stops"].values == ()
    assert "ask-leber" in assessment["form_safety"].values


@pytest.mark.parametrize("severity", [{}, {"anaemia": True}, {"haemoglobin": "79 g/L"}])
def test_potassium_is_checked_unless_anaemia_is_known_to_be_mild(severity: dict[str, Any]) -> None:
    """Whoever is treated with severe anaemia, or with anaemia of unknown depth, has it checked."""
    case = {**TREATED, **severity}
    assert "potassium-first-days" in said(case, "early_checks")
    assert "potassium-falls" in said(case, "hazards") + said(case, "first_days")


@pytest.mark.parametrize(
    "case",
    [{"haemoglobin": "80 g/L"}, {"anaemia": False}, {"b12_started": True, "b12_improving": True}],
)
def test_potassium_is_no_burden_to_the_others(case: dict[str, Any]) -> None:
    """Mild anaemia, none, or a treatment that already works: no potassium on the schedule."""
    assert "potassium-first-days" not in said({**TREATED, **case}, "early_checks")


def test_early_checks_come_before_the_seeds_first() -> None:
    """Something is looked at within the first week, long before the seed's three months."""
    days = {"D": 1, "W": 7, "M": 30}
    starts = [
        int(item.from_[1:-1]) * days[item.from_[-1]]
        for item in (PROTOCOL.schedule[str(name)] for name in said(TREATED, "early_checks"))
    ]
    assert min(starts) == 0
    assert sum(start <= 7 for start in starts) >= 2


def test_what_is_known_is_not_drawn_again() -> None:
    """Only missing tests are asked for, and none once treatment has begun."""
    known = {
        **TREATED,
        "b12": "150 ng/L",
        "folate": "12 nmol/L",
        "iron_deficiency": False,
        "intrinsic_factor_antibody": "negative",
        "potassium": "4.0 mmol/L",
        "egfr": "90 mL/min/1.73m2",
    }
    assert said(known, "deficiency_tests") == ()
    assert said(known, "bloods") == ("draw-count",)
    assert said({**TREATED, "b12_started": True}, "bloods") == ()
    assert said({**TREATED, "b12_started": True}, "deficiency_tests") == ()


def test_serum_b12_and_antibodies_are_drawn_before_the_first_dose() -> None:
    """What a dose would spoil is drawn first, though it is not waited for."""
    assessment = b12lib.assess(TREATED)
    assert {"draw-b12", "draw-antibodies"} <= set(assessment["deficiency_tests"].values)
    assert assessment["treat_now"].value == "immediately"


@pytest.mark.parametrize("found", [{"zinc_excess": True}, {"gastric_surgery": True}])
def test_copper_is_measured_where_it_may_be_missing(found: dict[str, Any]) -> None:
    """Zinc and stomach surgery call for copper even when MMA is raised."""
    assert said({**TREATED, **found}, "copper") == ("measure-copper",)
    assert said(TREATED, "copper") == ()


def test_failing_cord_with_normal_mma_calls_for_copper() -> None:
    """A normal MMA with neurological signs is treated, and copper is measured."""
    assessment = b12lib.assess({"mma": "200 nmol/L", "b12": "150 ng/L", "numbness": True})
    assert assessment["copper"].values == ("measure-copper",)
    assert assessment["treat_now"].value == "while testing"


def test_b12_that_failed_is_not_simply_repeated() -> None:
    """Treatment that failed before calls for marrow, copper and a haematologist."""
    case = {**TREATED, "b12_failed": True}
    assert "b12-failed" in said(case, "hazards")
    assert said(case, "urgent_referral") == ("urgent-no-response",)


def test_down_syndrome_does_not_explain_anaemia() -> None:
    """Large red cells alone are usual in Down syndrome; with anaemia they are not."""
    large = {"down_syndrome": True, "macrocytosis": True}
    assert said({**large, "anaemia": True}, "down_blood") == ("down-with-anaemia",)
    assert said({**large, "anaemia": False}, "down_blood") == ("down-without-anaemia",)
    assert said({"down_syndrome": True}, "down_blood") == ()


def test_negative_antibodies_do_not_end_the_search() -> None:
    """A negative test leaves pernicious anaemia possible; a known cause ends the search."""
    case = {**TREATED, "intrinsic_factor_antibody": "negative"}
    assert "antibodies-negative" in said(case, "cause_search")
    assert said({**case, "cause": "dietary"}, "cause_search") == ()


def test_additions_say_who_is_called_and_never_delay_treatment() -> None:
    """Every danger at once changes neither whether nor when B12 is given."""
    worst = {
        **TREATED,
        "fever": True,
        "visual_loss": True,
        "paraesthesia": True,
        "gait_disturbance": True,
        "red_cell_fragments": True,
        "leber": True,
        "cobalt_allergy": True,
        "transfusion_planned": True,
        "haemoglobin": "50 g/L",
        "potassium": "2.8 mmol/L",
    }
    assessment = b12lib.assess(worst)
    assert assessment["treat_now"].value == "immediately"
    assert assessment["regimen"].value == "alternate-days"
    assert len(assessment["same_day"].values) == 3


def test_a_quiet_patient_hears_little() -> None:
    """A well patient whose tests exclude deficiency gets no safety advice at all."""
    case = {"mma": "150 nmol/L", "b12": "450 ng/L", "mcv": "88 fL", "neurological": False}
    chapters = {"12-safety.md", "13-differential.md", "14-referral.md"}
    additions = [
        table.outputs[0]
        for table in PROTOCOL.tables
        if table.place.file in chapters and table.hit_policy == "C"
    ]
    assert additions
    assert [name for name in additions if said(case, name)] == []


def test_no_dose_is_ordered_above_what_forbids_it() -> None:
    """After a reaction, or where B12 has failed, the answer is to ask, never to inject."""
    for said_of in ({"b12_allergy": True}, {"b12_failed": True}):
        assessment = b12lib.assess({**TREATED, "numbness": True, **said_of})
        assert assessment["indication"].value == "immediately"
        assert assessment["treat_now"].value == "ask first"
        assert (assessment["route"].value, assessment["regimen"].value) == ("none", "none")


def test_treatment_that_has_begun_is_not_stopped_by_its_own_effect() -> None:
    """Normal values under treatment end nothing, and potassium is watched until they improve."""
    begun = {"mma": "150 nmol/L", "b12": "500 ng/L", "neurological": False, "b12_started": True}
    assessment = b12lib.assess({**begun, "haemoglobin": "60 g/L"})
    assert assessment["treat_now"].value == "go on"
    assert "potassium-first-days" in assessment["early_checks"].values
    improving = b12lib.assess({**begun, "haemoglobin": "60 g/L", "b12_improving": True})
    assert "potassium-first-days" not in improving["early_checks"].values


@pytest.mark.parametrize(
    "barred", [{"leber": True}, {"egfr": "59 mL/min/1.73m2"}, {"cause": "autoimmune"}]
)
def test_tablets_are_barred_with_their_form(barred: dict[str, Any]) -> None:
    """Leber's disease, failing kidneys and autoimmunity bar tablets, which are cyanocobalamin."""
    case = {
        **TREATED,
        "neurological": False,
        "haemoglobin": "140 g/L",
        "platelets": "200 G/L",
        "anc": "3 G/L",
        "egfr": "90 mL/min/1.73m2",
        "planned_route": "oral",
    }
    assert b12lib.assess(case)["route"].value == "oral"
    assert b12lib.assess({**case, **barred})["route"].value == "intramuscular"


def test_transfusion_is_warned_of_in_megaloblastic_anaemia_alone() -> None:
    """Small red cells, or B12 that has failed, make the anaemia another's matter."""
    severe = {**TREATED, "haemoglobin": "60 g/L"}
    assert said({**severe, "mcv": "118 fL"}, "transfusion") == ("avoid-transfusion",)
    assert said(severe, "transfusion") == ("avoid-transfusion",)
    assert said({**severe, "mcv": "72 fL"}, "transfusion") == ()
    assert said({**severe, "mcv": "118 fL", "b12_failed": True}, "transfusion") == ()
