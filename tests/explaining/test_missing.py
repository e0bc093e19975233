"""What is not known is sorted by whether it could change the treatment, and that is proved."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import b12lib
from b12lib.deciding.fields import case_fields
from b12lib.explaining.missing import Missing, missing
from b12lib.reading.dictionary import Decision, Input
from b12lib.reading.protocol import read_protocol

SEED = {"mma": "90 µmol/L", "leukopenia": True, "neutropenia": True, "macrocytosis": True}
WELL = {
    "mma": "900 nmol/L",
    "neurological": False,
    "wbc": "6 G/L",
    "anc": "3 G/L",
    "haemoglobin": "140 g/L",
    "platelets": "250 G/L",
}
PROTOCOL = b12lib.load_protocol()
FIELDS = {name: item for name, item in case_fields(PROTOCOL).items() if item.kind != "date"}
TREATMENT = [d.name for d in PROTOCOL.decisions.values() if d.part == "treatment"]


def names(found: Missing) -> list[str]:
    """Return what could change the treatment alone, in order."""
    return [item.name for item in found.alone]


def treatment(assessment: b12lib.Assessment) -> dict[str, set[Any]]:
    """Return what each treatment decision may be."""
    return {name: set(assessment[name].values) for name in TREATMENT}


def test_neurological_involvement_comes_first_in_the_seeds_case() -> None:
    """What decides between two regimens is asked before what settles less."""
    first = b12lib.assess(SEED).missing().alone[0]
    assert first.name == "neurological"
    assert "regimen" in first.changes


def test_serum_b12_cannot_change_the_treatment_once_mma_is_raised() -> None:
    """With a raised MMA serum B12 is proved to change nothing; without MMA it may."""
    assert {"b12", "active_b12"} <= set(missing(b12lib.assess(SEED)).cannot)
    assert "b12" in names(missing(b12lib.assess({"neurological": False, "macrocytosis": False})))


def test_white_cells_and_percentage_matter_only_together() -> None:
    """Neither alone changes anything; both make a neutrophil count that does."""
    found = missing(b12lib.assess(SEED))
    assert {"wbc", "neutrophils_percent"} <= set(found.together)
    wbc, percent = {"wbc": "2 G/L"}, {"neutrophils_percent": "20 %"}
    before = treatment(b12lib.assess(SEED))
    assert treatment(b12lib.assess({**SEED, **wbc})) == before
    assert treatment(b12lib.assess({**SEED, **percent})) == before
    assert treatment(b12lib.assess({**SEED, **wbc, **percent})) != before


def test_wish_for_tablets_can_change_the_route() -> None:
    """In a patient who may take tablets the wish alone changes route and regimen."""
    well = {**WELL, "egfr": "90 mL/min/1.73m2"}
    found = {item.name: item for item in missing(b12lib.assess(well)).alone}
    assert {"route", "regimen"} <= set(found["planned_route"].changes)


def test_wish_for_tablets_cannot_once_nerves_are_involved() -> None:
    """With neurological involvement injections are given, whatever is wished and measured."""
    found = missing(b12lib.assess({**SEED, "neurological": True}))
    assert {"planned_route", "haemoglobin", "platelets", "anc", "sex"} <= set(found.cannot)
    assert found.together == ()


def test_complete_case_leaves_nothing_that_matters() -> None:
    """When everything that treatment needs is given, nothing else could change it."""
    whole = {
        **WELL,
        "egfr": "90 mL/min/1.73m2",
        "leber": False,
        "b12_allergy": False,
        "b12_failed": False,
        "intrinsic_factor_antibody": "negative",
        "cause": "dietary",
        "down_syndrome": False,
        "planned_route": "intramuscular",
    }
    found = missing(b12lib.assess(whole))
    assert (found.alone, found.together) == ((), ())


def test_symptoms_are_parts_of_the_finding_they_make() -> None:
    """What matters only through a finding that a person could state names that finding."""
    found = {item.name: item for item in missing(b12lib.assess(SEED)).alone}
    assert found["paraesthesia"].part_of == "neurological"
    assert found["egfr"].part_of == "renal_dysfunction"
    assert found["neurological"].part_of == ""
    assert found["intrinsic_factor_antibody"].part_of == ""


def test_known_finding_is_not_asked_for_again() -> None:
    """A finding that is stated or worked out stands in no group."""
    found = missing(b12lib.assess({**SEED, "egfr": "90 mL/min/1.73m2"}))
    everything = {*names(found), *found.together, *found.cannot, *found.unrelated}
    assert everything.isdisjoint({"mma", "leukopenia", "egfr", "renal_dysfunction", "b12_started"})


def test_what_leads_to_advice_only_is_kept_apart() -> None:
    """A field that no table on the way to the treatment asks for drowns nothing else."""
    found = missing(b12lib.assess(SEED))
    assert {"autoimmune_thyroid_disease", "homocysteine"} <= set(found.unrelated)
    assert "treatment_start" not in found.unrelated


def test_remaining_counts_answers() -> None:
    """Kidney function leaves one of the three answers that cyanocobalamin may still come to."""
    found = missing(b12lib.assess({**SEED, "neurological": True, "leber": False}))
    renal = next(item for item in found.alone if item.name == "renal_dysfunction")
    assert renal.changes == ("cyanocobalamin",)
    assert renal.remaining == found.remaining - 2


def test_what_an_open_decision_waits_for_comes_before_what_narrows_more() -> None:
    """Kidney function leaves fewer answers, but the regimen stays open; nerves settle it."""
    alone = missing(b12lib.assess(SEED)).alone
    found = {item.name: item for item in alone}
    nerves, kidneys = found["neurological"], found["renal_dysfunction"]
    assert (nerves.open, kidneys.open) == (0, 1)
    assert nerves.remaining > kidneys.remaining
    order = [(item.open, item.remaining) for item in alone]
    assert order == sorted(order)


def test_each_way_to_turn_out_weighs_the_same() -> None:
    """MMA is normal, raised or extreme: three ways, however many numbers each of them has."""
    case = {"b12": "100 pmol/L", "neurological": False, "macrocytosis": False}
    found = missing(b12lib.assess(case))
    after = [
        missing(b12lib.assess({**case, "mma": mma})).remaining
        for mma in ("200 nmol/L", "900 nmol/L", "20000 nmol/L")
    ]
    mma = next(item for item in found.alone if item.name == "mma")
    assert mma.remaining == pytest.approx(sum(after) / 3)


def test_assumption_that_others_would_replace_is_no_knowledge(
    edited: Callable[..., dict[str, str]],
) -> None:
    """What a formula would work out is not settled by the value assumed until then."""
    row = "| further_symptoms | Further signs (additions to the seed) | boolean | | | | | {} |"
    texts = edited("inputs.md", row.format("unknown"), row.format("false"))
    assessment = b12lib.assess(SEED, read_protocol(texts))
    assert "further_symptoms" in assessment.assumed
    found = missing(assessment)
    assert "visual_loss" in {*names(found), *found.together}


def value_of(item: Input | Decision) -> st.SearchStrategy[Any]:
    """Draw a value of a field: a quantity around some limit of a table, or anywhere plausible."""
    if isinstance(item, Decision) or item.kind != "quantity":
        return st.sampled_from(item.domain)
    low, high = item.range
    limits = {
        limit + step * item.precision
        for table in PROTOCOL.tables
        for rule in table.rules
        for column, cell in zip(table.columns, rule.inputs, strict=True)
        if column.name == item.name
        for limit in cell.limits
        for step in (-1, 0, 1)
    }
    anywhere = st.integers(math.ceil(low / item.precision), math.floor(high / item.precision)).map(
        lambda step: step * item.precision
    )
    near = [limit for limit in sorted(limits) if low <= limit <= high]
    drawn = st.sampled_from(near) | anywhere if near else anywhere
    printed = PROTOCOL.units[item.unit].printed
    return drawn.map(lambda value: f"{value} {printed}")


VALUES = {name: value_of(item) for name, item in FIELDS.items()}


def assessed(case: dict[str, Any]) -> b12lib.Assessment | None:
    """Return the assessment, or nothing where the case contradicts itself."""
    try:
        return b12lib.assess(case)
    except b12lib.CaseError:
        return None


@st.composite
def partial(draw: st.DrawFn) -> tuple[dict[str, Any], b12lib.Assessment]:
    """Draw a case that gives few fields, and its assessment."""
    few = draw(st.lists(st.sampled_from(list(VALUES)), max_size=8, unique=True))
    case = {name: draw(VALUES[name]) for name in few}
    assessment = assessed(case)
    assume(assessment is not None)
    assert assessment is not None
    return case, assessment


@settings(max_examples=30)
@given(partial(), st.data())
def test_what_cannot_matter_never_does(
    drawn: tuple[dict[str, Any], b12lib.Assessment], data: st.DataObject
) -> None:
    """Whatever else becomes known, then or before, what was proved unable changes nothing."""
    case, assessment = drawn
    found = missing(assessment)
    idle = [*found.cannot, *found.unrelated]
    others = [*names(found), *found.together, *idle]
    assume(idle and others)
    for name in data.draw(st.lists(st.sampled_from(others), max_size=6, unique=True), "others"):
        longer = {**case, name: data.draw(VALUES[name], name)}
        if assessed(longer) is not None:
            case = longer
    before = assessed(case)
    assert before is not None
    for name in data.draw(st.lists(st.sampled_from(idle), max_size=4, unique=True), "idle"):
        if name not in case and (after := assessed({**case, name: data.draw(VALUES[name], name)})):
            assert treatment(after) == treatment(before), name


@settings(max_examples=30)
@given(partial(), st.data())
def test_what_changes_the_treatment_alone_is_found(
    drawn: tuple[dict[str, Any], b12lib.Assessment], data: st.DataObject
) -> None:
    """A value that changes a treatment decision belongs to a field listed with that decision."""
    case, assessment = drawn
    now = treatment(assessment)
    changes = {item.name: set(item.changes) for item in missing(assessment).alone}
    unknown = [n for n in VALUES if n not in case and assessment.values.get(n) is None]
    for name in data.draw(st.lists(st.sampled_from(unknown), max_size=4, unique=True), "names"):
        if after := assessed({**case, name: data.draw(VALUES[name], name)}):
            changed = {each for each, values in treatment(after).items() if values != now[each]}
            assert changed <= changes.get(name, set()), name


def test_every_change_claimed_is_real() -> None:
    """Each decision that a field is said to change differs under one of the field's answers."""
    assessment = b12lib.assess(SEED)
    now = treatment(assessment)
    for item in missing(assessment).alone:
        domain = FIELDS[item.name].domain
        results = [treatment(b12lib.assess({**SEED, item.name: value})) for value in domain]
        for name in item.changes if domain else ():
            assert any(result[name] != now[name] for result in results), (item.name, name)


def test_any_decision_can_be_asked_of() -> None:
    """What could change one named decision is sorted as for the treatment; it asks no other."""
    found = missing(b12lib.assess(SEED), ["anaemia"])
    assert names(found) == ["haemoglobin"]
    assert found.alone[0].changes == ("anaemia",)
    assert found.together == ("sex",)
    assert "neurological" in found.unrelated


def test_a_decision_does_not_ask_for_itself() -> None:
    """A finding that may be stated is no answer to what could change it."""
    found = missing(b12lib.assess(SEED), ["neurological"])
    everything = {*names(found), *found.together, *found.cannot, *found.unrelated}
    assert "neurological" not in everything
    assert "numbness" in names(found)


def test_unknown_decision_is_an_error() -> None:
    """A misspelt decision is told, not passed over."""
    with pytest.raises(KeyError, match="treet_now"):
        missing(b12lib.assess(SEED), ["treet_now"])


def test_what_is_part_of_something_listed_is_not_asked_twice() -> None:
    """Symptoms are left out beside neurological involvement, and stand where that is no answer."""
    whole = [item.name for item in missing(b12lib.assess(SEED)).whole]
    assert "neurological" in whole
    assert "numbness" not in whole
    parts = missing(b12lib.assess(SEED), ["neurological"]).whole
    assert "numbness" in [item.name for item in parts]
