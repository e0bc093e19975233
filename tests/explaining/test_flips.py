"""The nearest other value of something known that changes an answer, and none that does not."""

from __future__ import annotations

import ast
from decimal import Decimal, localcontext
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import b12lib
from b12lib.deciding.fields import case_fields
from b12lib.explaining.flips import Change, Flip
from b12lib.reading.dictionary import Input

SEED = {"mma": "90 µmol/L", "leukopenia": True, "neutropenia": True, "macrocytosis": True}
PROTOCOL = b12lib.load_protocol()


def found(case: dict[str, Any], name: str, decision: str) -> list[Flip]:
    """Return the flips of one field for one decision."""
    return [flip for flip in b12lib.assess(case).flips([decision]) if flip.name == name]


def test_seeds_mma_would_have_to_be_normal() -> None:
    """Only at the upper limit, 271 nmol/L or 0.271 µmol/L, is treatment no longer immediate."""
    (flip,) = found(SEED, "mma", "treat_now")
    assert (flip.side, flip.value, flip.written) == ("below", 271, "0.271 µmol/L")
    assert flip.changes == (Change("treat_now", ("immediately",), ("test first",), ("TR7",)),)


def test_assumed_limit_can_be_what_flips() -> None:
    """With a slightly raised MMA, the limit that was assumed counts as known and may flip it."""
    (flip,) = found({"mma": "300 nmol/L"}, "mma_limit", "mma_level")
    assert (flip.side, flip.value, flip.written) == ("above", 300, "300 nmol/L")
    assert flip.changes[0].then == ("normal",)


def test_value_is_written_in_the_unit_of_the_case() -> None:
    """A B12 in ng/L flips at 180 ng/L, which is 133 pmol/L, as the guideline prints it."""
    (flip,) = found({"b12": "150 ng/L"}, "b12", "treat_now")
    assert (flip.value, flip.written) == (133, "180 ng/L")


def test_product_flips_by_each_factor() -> None:
    """White cells and percentage each flip the neutropenia that they make together."""
    case = {"wbc": "3 G/L", "neutrophils_percent": "40 %"}
    (wbc,) = found(case, "wbc", "neutropenia")
    (percent,) = found(case, "neutrophils_percent", "neutropenia")
    assert (wbc.value, percent.value) == (Decimal("3.74"), Decimal("49.9"))
    assert wbc.changes[0].then == percent.changes[0].then == (False,)


def test_each_other_answer_is_tried() -> None:
    """Of the other causes only those that stay make treatment lifelong."""
    case = {"cause": "dietary", "intrinsic_factor_antibody": "negative", "down_syndrome": False}
    causes = found(case, "cause", "duration")
    assert [(flip.side, flip.value) for flip in causes] == [
        ("other", "autoimmune"),
        ("other", "malabsorption"),
    ]
    (down,) = found(case, "down_syndrome", "duration")
    assert (down.value, down.written) == (True, "yes")


def test_stated_finding_flips_what_follows_not_itself() -> None:
    """Stating the opposite changes later answers; that it changes itself is not worth saying."""
    flips = b12lib.assess(SEED).flips()
    changed = {c.decision for flip in flips if flip.name == "macrocytosis" for c in flip.changes}
    assert changed == {"megaloblastic_picture"}


def test_assumption_can_be_what_flips() -> None:
    """That treatment has not begun was assumed; had it, it would go on while tests are done."""
    (flip,) = found({}, "b12_started", "treat_now")
    assert flip.value is True
    assert flip.changes[0].then == ("go on",)


def test_contradictions_are_not_offered() -> None:
    """White cells fewer than the neutrophils among them are passed over, though they would flip."""
    case = {"wbc": "6 G/L", "anc": "5 G/L"}
    assert found(case, "wbc", "leukopenia") == []
    assert found({"haemoglobin": "70 g/L", "anaemia": True}, "anaemia", "severe_anaemia") == []


def test_flips_of_all_findings_and_treatment_by_default() -> None:
    """Without a choice every finding and treatment decision is looked at, advice is not."""
    parts = {
        PROTOCOL.decisions[change.decision].part
        for flip in b12lib.assess({**SEED, "planned_route": "oral"}).flips()
        for change in flip.changes
    }
    assert parts == {"finding", "treatment"}
    with pytest.raises(KeyError, match="treet_now"):
        b12lib.assess(SEED).flips(["treet_now"])


def test_nothing_known_nothing_flips() -> None:
    """A case that says nothing has only its assumptions to flip; dates flip nothing."""
    assert {f.name for f in b12lib.assess({"treatment_start": "2026-03-01"}).flips()} == {
        "b12_started"
    }


def test_callers_decimals_change_nothing() -> None:
    """The precision that a caller calculates with does not move a flip."""
    expected = b12lib.assess({"b12": "150 ng/L", **SEED}).flips()
    with localcontext(prec=2):
        assert b12lib.assess({"b12": "150 ng/L", **SEED}).flips() == expected


WELL = {
    "mma": "300 nmol/L",
    "b12": "150 pmol/L",
    "sex": "male",
    "haemoglobin": "100 g/L",
    "platelets": "160 G/L",
    "mcv": "99 fL",
    "neurological": False,
    "egfr": "65 mL/min/1.73m2",
    "planned_route": "oral",
    "anc": "1.6 G/L",
    "wbc": "4.2 G/L",
    "intrinsic_factor_antibody": "negative",
}


def at(case: dict[str, Any], name: str, value: Decimal) -> b12lib.Assessment | None:
    """Assess the case with another value of a field; nothing where it contradicts itself."""
    printed = PROTOCOL.units[PROTOCOL.inputs[name].unit].printed
    try:
        return b12lib.assess({**case, name: f"{value:f} {printed}"})
    except b12lib.CaseError:
        return None


@pytest.mark.parametrize(
    "name", ["mma", "mma_limit", "b12", "haemoglobin", "egfr", "mcv", "wbc", "anc"]
)
def test_brute_force_finds_the_same(name: str) -> None:
    """Trying every value in reporting steps on either side finds exactly these flips."""
    now = b12lib.assess(WELL)
    known, step = now.values[name], PROTOCOL.inputs[name].precision
    assert isinstance(known, Decimal)
    looked_at = [d.name for d in PROTOCOL.decisions.values() if d.part in ("finding", "treatment")]
    window = 35
    expected = {}
    for side, way in (("below", -step), ("above", step)):
        for value in (known + way * count for count in range(1, window + 1)):
            then = at(WELL, name, value)
            for decision in looked_at if then else ():
                if set(then[decision].values) != set(now[decision].values):
                    expected.setdefault((side, decision), value)
    reported = {
        (flip.side, change.decision): flip.value
        for flip in now.flips()
        if flip.name == name
        for change in flip.changes
        if isinstance(flip.value, Decimal) and abs(flip.value - known) <= window * step
    }
    assert expected
    assert reported == expected


QUANTITIES = [
    name
    for name, item in case_fields(PROTOCOL).items()
    if isinstance(item, Input) and item.kind == "quantity"
]


@st.composite
def cases(draw: st.DrawFn) -> dict[str, Any]:
    """Draw some quantities in any of their units, to three figures, and a word or two."""
    case: dict[str, Any] = {"neurological": draw(st.booleans())}
    for name in draw(st.lists(st.sampled_from(QUANTITIES), min_size=1, max_size=5, unique=True)):
        item = PROTOCOL.inputs[name]
        unit = draw(st.sampled_from(list(item.factors)))
        low, high = (int(end / item.precision) + 1 for end in item.range)
        near = min(high - 1, low * 1000)
        canonical = draw(st.integers(low, near)) * item.precision
        number = canonical / item.factors[unit]
        case[name] = f"{number:.9f} {PROTOCOL.units[unit].printed}"
    return case


@settings(max_examples=40)
@given(cases(), st.data())
def test_every_flip_flips_and_nothing_nearer_does(
    case: dict[str, Any], data: st.DataObject
) -> None:
    """A value reported changes what it says when given; the step before it, and any other, not."""
    try:
        now = b12lib.assess(case)
    except b12lib.CaseError:
        assume(False)
    reported = now.flips()
    assume(reported)
    flip = data.draw(st.sampled_from(reported), "flip")
    then = b12lib.assess({**case, flip.name: flip.written})
    for change in flip.changes:
        assert set(now[change.decision].values) == set(change.now) != set(change.then)
        assert set(then[change.decision].values) == set(change.then)
        assert set(change.rules) <= set(PROTOCOL.rules)
    known, step = now.values.get(flip.name), PROTOCOL.dictionary[flip.name]
    if isinstance(known, Decimal) and isinstance(flip.value, Decimal) and isinstance(step, Input):
        assert then.values[flip.name] == flip.value
        count = int(abs(flip.value - known) / step.precision)
        way = step.precision if flip.side == "above" else -step.precision
        nearer = {count - 1, data.draw(st.integers(0, count - 1), "steps")}
        for steps in nearer - {0}:
            if between := at(case, flip.name, known + way * steps):
                for change in flip.changes:
                    assert set(between[change.decision].values) == set(change.now), steps


def test_worked_out_values_use_each_value_once() -> None:
    """What findings and treatment ask for is monotone in each operand: so bisecting is exact."""
    inputs = {**PROTOCOL.inputs, **PROTOCOL.visits.inputs}
    asked = {
        column.name
        for stage in (PROTOCOL, PROTOCOL.visits)
        for table in stage.tables
        for column in table.columns
        if any(stage.decisions[name].part in ("finding", "treatment") for name in table.outputs)
    }

    def operands(name: str) -> list[str]:
        item = inputs[name]
        if not item.formula or item.kind != "quantity":
            return [name]
        nodes = [
            node for node in ast.walk(ast.parse(item.formula.text)) if isinstance(node, ast.Name)
        ]
        return [leaf for node in nodes if node.id in inputs for leaf in operands(node.id)]

    for name in asked & inputs.keys():
        assert len(operands(name)) == len(set(operands(name))), name
