"""What the packaged profiles answer differently from the base, in sentences."""

from __future__ import annotations

import pytest

import b12lib
from b12lib.deciding.fields import case_fields

SEED = {"mma": "90 umol/L", "leukopenia": "yes", "neutropenia": "yes", "macrocytosis": "yes"}
SURE = {"mma": "900 nmol/L", "mma_limit": "400 nmol/L", "neurological": "no"}
WELL = {
    "haemoglobin": "140 g/L",
    "wbc": "6 x10^9/L",
    "anc": "3 x10^9/L",
    "platelets": "250 x10^9/L",
}


def answer(case: dict[str, str], profile: str, decision: str) -> object:
    """Return what a profile answers."""
    return b12lib.assess(case, b12lib.load_protocol(profile=profile))[decision].value


def base(case: dict[str, str], decision: str) -> object:
    """Return what the base answers."""
    return b12lib.assess(case)[decision].value


def test_the_profiles_that_come_with_the_library() -> None:
    """Four guidelines lie beside the base."""
    assert b12lib.profiles() == ("nice-ng239", "uk-bnf", "uk-licence", "us-label")


def test_nice_confirms_by_serum_b12_and_not_by_mma() -> None:
    """MMA alone confirms for the seed; for NICE a low serum B12 does."""
    assert base(SEED, "deficiency_status") == "confirmed"
    assert answer(SEED, "nice-ng239", "deficiency_status") == "not tested"
    low = {"b12": "132 pmol/L"}
    assert base(low, "deficiency_status") is None
    assert answer(low, "nice-ng239", "deficiency_status") == "confirmed"
    assert answer({"active_b12": "24.9 pmol/L"}, "nice-ng239", "deficiency_status") == "confirmed"


def test_nice_still_treats_the_seeds_patient_without_waiting() -> None:
    """What is not confirmed yet may still be urgent."""
    assert base(SEED, "treat_now") == "immediately"
    assert answer(SEED, "nice-ng239", "treat_now") == "while testing"


@pytest.mark.parametrize(
    ("b12", "mma", "status"),
    [
        ("132 pmol/L", "200 nmol/L", "confirmed"),
        ("133 pmol/L", "200 nmol/L", "unlikely"),
        ("133 pmol/L", "900 nmol/L", "confirmed"),
        ("133 pmol/L", None, "indeterminate"),
        ("258 pmol/L", None, "indeterminate"),
        ("259 pmol/L", None, "unlikely"),
        ("259 pmol/L", "900 nmol/L", "discordant"),
    ],
)
def test_nice_asks_mma_only_after_an_indeterminate_serum_b12(
    b12: str, mma: str | None, status: str
) -> None:
    """Outside the indeterminate band serum B12 speaks for itself, but for a raised MMA above it."""
    case = {"b12": b12, "mma_limit": "400 nmol/L", "mma": mma or "unknown"}
    assert answer(case, "nice-ng239", "deficiency_status") == status


def test_nice_has_no_limit_of_mma() -> None:
    """Without the laboratory's limit MMA is not classified; the base takes the seed's limit."""
    assert base({"mma": "300 nmol/L"}, "mma_level") == "raised"
    assert answer({"mma": "300 nmol/L"}, "nice-ng239", "mma_level") is None


def test_an_extreme_mma_is_checked_without_a_limit_too() -> None:
    """The unit check of the safety layer stays when no limit is assumed."""
    nice = b12lib.load_protocol(profile="nice-ng239")
    assert b12lib.assess(SEED, nice)["unit_check"].values == ("confirm-unit-extreme",)
    known = b12lib.assess({**SEED, "mma_limit": "271 nmol/L"}, nice)
    assert known["unit_check"].values == ("confirm-unit-normal",)


def test_a_sore_tongue_is_neurological_for_the_seed_only() -> None:
    """The tongue selects the intensive schedule under the base, not under NICE."""
    symptoms = ("paraesthesia", "numbness", "gait_disturbance", "cognitive_difficulty")
    symptoms += ("memory_problems", "visual_loss", "psychiatric_symptoms")
    case = {**dict.fromkeys((*symptoms, "autonomic_symptoms"), "no"), "glossitis": "yes"}
    assert base(case, "neurological") is True
    assert answer(case, "nice-ng239", "neurological") is False


def test_down_syndrome_is_a_permanent_cause_for_the_seed_only() -> None:
    """NICE looks at the cause of the deficiency, and Down syndrome is none."""
    case = {"intrinsic_factor_antibody": "negative", "cause": "dietary", "down_syndrome": "yes"}
    assert base(case, "duration") == "lifelong"
    assert answer(case, "nice-ng239", "duration") == "by cause"


def test_nice_and_the_labels_have_no_homocysteine_target() -> None:
    """A target of the seed alone is not asked of homocysteine elsewhere."""
    case = {"homocysteine": "15 umol/L"}
    assert base(case, "homocysteine_target") == "not reached"
    for profile in ("nice-ng239", "us-label"):
        assert answer(case, profile, "homocysteine_target") == "no target"


def test_the_formulary_gives_less_by_mouth_for_a_deficient_diet() -> None:
    """The low oral dose is for the diet, and for kidneys known to be well."""
    case = {**SURE, **WELL, "planned_route": "oral", "cause": "dietary"}
    well = {**case, "egfr": "60 mL/min/1.73m2"}
    assert base(well, "regimen") == "oral-daily"
    assert answer(well, "uk-bnf", "regimen") == "oral-dietary"
    assert answer(case, "uk-bnf", "regimen") == "three-times-weekly"
    assert answer({**well, "cause": "medication"}, "uk-bnf", "regimen") == "oral-daily"


def test_the_licence_loads_otherwise_where_the_nerves_are_well() -> None:
    """Formulary and licence agree only on the intensive schedule."""
    assert answer(SURE, "uk-licence", "regimen") == "licensed-loading"
    nerves = {**SURE, "neurological": "yes"}
    assert answer(nerves, "uk-licence", "regimen") == base(nerves, "regimen") == "alternate-days"


def test_the_us_label_doses_by_form() -> None:
    """Each form has its own label; cyanocobalamin needs the base's leave."""
    planned = {**SURE, "planned_form": "cyanocobalamin"}
    assert answer(SURE, "us-label", "regimen") == "us-hydroxo"
    assert answer({**SURE, "neurological": "yes"}, "us-label", "regimen") == "us-hydroxo-higher"
    assert answer({**planned, "egfr": "90 mL/min/1.73m2"}, "us-label", "regimen") == "us-cyano"
    assert answer({**planned, "egfr": "59 mL/min/1.73m2"}, "us-label", "regimen") == "us-hydroxo"


def test_the_us_label_gives_folic_acid_with_vitamin_b12_but_never_before() -> None:
    """The seed bars both; the label bars only folic acid alone."""
    case = {**SURE, "folate": "4 nmol/L", "folic_acid": "with the first B12"}
    label = b12lib.load_protocol(profile="us-label")
    assert base(case, "folic_acid_plan") == "wait"
    assert answer(case, "us-label", "folic_acid_plan") == "give with B12"
    assert "pitfall-folate" in b12lib.assess(case)["treatment_pitfalls"].values
    assert "pitfall-folate" not in b12lib.assess(case, label)["treatment_pitfalls"].values
    before = {**case, "folic_acid": "before B12"}
    assert "pitfall-folate" in b12lib.assess(before, label)["treatment_pitfalls"].values


def test_the_us_label_watches_potassium_first() -> None:
    """Early and often: the label's first date is the first day."""
    label = b12lib.load_protocol(profile="us-label")
    first = str(b12lib.assess(SURE, label)["monitoring"].values[0])
    assert (label.schedule[first].from_, label.schedule[first].to) == ("P0D", "P2D")


def test_a_question_of_one_profile_is_unknown_to_the_others() -> None:
    """A field that only one profile asks for is refused elsewhere, not passed over."""
    assert "gut_removed" in case_fields(b12lib.load_protocol(profile="nice-ng239"))
    with pytest.raises(b12lib.CaseError, match="gut_removed"):
        b12lib.assess({"gut_removed": "yes"})
