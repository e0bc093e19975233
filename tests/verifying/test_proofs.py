"""Safety properties: proved for the packaged protocol, and found broken where a table is."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from functools import reduce
from types import MappingProxyType
from typing import Any

import pytest

import b12lib
from b12lib.errors import MissingExtra
from b12lib.reading.dictionary import Unit
from b12lib.reading.protocol import read_protocol
from b12lib.verifying.proofs import prove
from b12lib.verifying.search import Search

CONFIRMING, TREATMENT, FOLATE = "01-confirmation.md", "04-treatment.md", "05-folate.md"
SAFETY, REFERRAL = "12-safety.md", "14-referral.md"
CAUSE, PITFALLS, PROPERTIES = "06-cause-and-duration.md", "08-pitfalls.md", "properties.md"
GAP = (CONFIRMING, "| TB2 | [133..258]", "| TB2 | (133..258]")
LATE = (TREATMENT, '- | - | - | - | "immediately" |', '- | - | - | - | "test first" |')
LESS = (TREATMENT, '| true | "alternate-days" |', '| true | "three-times-weekly" |')

Edit = tuple[str, str, str]


@pytest.fixture(scope="module")
def made(edited: Callable[..., Any]) -> Callable[..., b12lib.Protocol]:
    """Return a function: the packaged protocol after some edits, with one property alone."""

    def make(name: str, first: Edit, *others: Edit) -> b12lib.Protocol:
        texts = reduce(lambda so_far, edit: edited(*edit, so_far), others, edited(*first))
        return only(name, read_protocol(texts))

    return make


def only(name: str, protocol: b12lib.Protocol) -> b12lib.Protocol:
    """Return the protocol with one property alone."""
    return replace(protocol, properties=MappingProxyType({name: protocol.properties[name]}))


def test_every_property_is_proved(protocol: b12lib.Protocol) -> None:
    """The packaged protocol keeps every property that it states."""
    proofs = prove(protocol)
    assert [proof.property for proof in proofs] == list(protocol.properties)
    assert [proof for proof in proofs if proof.verdict != "proved"] == []


@pytest.mark.parametrize(
    ("name", "edits", "found"),
    [
        ("P1", [LATE], 'deficiency_status = "confirmed"; indication = "test first"; treat_now = '),
        (
            "P2",
            [
                (
                    TREATMENT,
                    '"not measured" | true | - | - | "while testing"',
                    '"not measured" | true | - | - | "test first"',
                )
            ],
            'neurological = true; indication = "test first"; ',
        ),
        (
            "P3",
            [(TREATMENT, 'unknown | - | "intramuscular" |', 'unknown | - | "none" |')],
            'route = "none"; regimen = "none"',
        ),
        (
            "P4",
            [(TREATMENT, '"go on" | - | - | "none" |', '"go on" | - | - | "oral" |')],
            'route = "oral"; regimen = "oral-daily"',
        ),
        ("P5", [LESS], 'neurological = true; regimen = "three-times-weekly"'),
        ("P6", [LESS], 'regimen = "three-times-weekly"'),
        (
            "P7",
            [(TREATMENT, '"not yet" | Neurological', '"allowed" | Neurological')],
            'neurological = true or false; route = "oral"',
        ),
        (
            "P8",
            [(TREATMENT, '"not yet" | The counts', '"allowed" | The counts')],
            'severe_cytopenia = true or false; route = "oral"',
        ),
        (
            "P9",
            [
                (
                    "decisions.md",
                    '"intramuscular", "oral", "none" |',
                    '"intramuscular", "oral", "none", "intravenous" |',
                ),
                (TREATMENT, 'unknown | - | "intramuscular" |', 'unknown | - | "intravenous" |'),
                (TREATMENT, '| RG4 | "oral" |', '| RG4 | "oral", "intravenous" |'),
            ],
            'route = "intravenous"',
        ),
        (
            "P10",
            [(TREATMENT, '| SP1 | "intravenous" |', '| SP1 | "oral" |')],
            'planned_route = "intravenous"; treatment_stops = nothing',
        ),
        (
            "P11",
            [(TREATMENT, '| true | - | "do not use" |', '| true | - | "second choice" |')],
            'renal_dysfunction = true; cyanocobalamin = "second choice"',
        ),
        (
            "P12",
            [(TREATMENT, '| "not yet" | Kidney', '| "second choice" | Kidney')],
            'renal_dysfunction = true or false; cyanocobalamin = "second choice"',
        ),
        (
            "P13",
            [(TREATMENT, '| "cyanocobalamin" | true, unknown |', '| "cyanocobalamin" | true |')],
            'planned_form = "cyanocobalamin"; treatment_stops = nothing',
        ),
        (
            "P14",
            [(FOLATE, '| false | - | "wait" |', '| false | - | "give" |')],
            'b12_started = false; folic_acid_plan = "give"',
        ),
        (
            "P15",
            [(PITFALLS, 'not("no") | "pitfall-folate"', '"no" | "pitfall-folate"')],
            "treatment_pitfalls = nothing",
        ),
        (
            "P16",
            [(CAUSE, '| true | "lifelong" |', '| true | "by cause" |')],
            'cause = "autoimmune"; duration = "by cause"',
        ),
        (
            "P17",
            [(CAUSE, '"positive" | - | - | true |', '"positive" | - | - | false |')],
            'intrinsic_factor_antibody = "positive"; duration = "by cause"',
        ),
        (
            "P18",
            [(PITFALLS, '| "lifelong", "until the cause is known" |', '| "lifelong" |')],
            "stopping_planned = true; treatment_pitfalls = nothing",
        ),
        ("P19", [GAP], "no rule applies when b12 = 133"),
        (
            "P24",
            [(TREATMENT, '| true | "do not use" | Severe', '| true | "second choice" | Severe')],
            'leber = true; cyanocobalamin = "second choice"',
        ),
        (
            "P25",
            [
                (
                    TREATMENT,
                    '| SP3 | - | "cyanocobalamin" | - |',
                    '| SP3 | - | "methylcobalamin" | - |',
                )
            ],
            'planned_form = "cyanocobalamin"; treatment_stops = ',
        ),
        (
            "P26",
            [(TREATMENT, '"test first" | Neither nerves', '"no" | Neither nerves')],
            'treat_now = "no"; mma_level = ',
        ),
        (
            "P27",
            [
                (
                    CONFIRMING,
                    'true | "indeterminate" | Total B12 looks',
                    'true | "normal" | Total B12 looks',
                )
            ],
            'b12_interference = true; neurological = true; indication = "test first"',
        ),
        (
            "P28",
            [(SAFETY, "| DT2 | - | false |", '| DT2 | "immediately" | false |')],
            "deficiency_tests = ",
        ),
        (
            "P29",
            [(SAFETY, "| false | - | true, unknown |", "| false | - | true |")],
            'severe_anaemia = false or true; early_checks = "reticulocytes-checked"',
        ),
        (
            "P30",
            [(SAFETY, '| HZ4 | "immediately", "while testing", ', '| HZ4 | "immediately", ')],
            'treat_now = "while testing"; b12_improving = false; severe_anaemia = true; hazards = ',
        ),
        (
            "P31",
            [(SAFETY, '| HZ3 | "immediately", "while testing", ', '| HZ3 | "immediately", ')],
            'potassium_level = "low"; hazards = nothing',
        ),
        (
            "P32",
            [(SAFETY, '| true | true | true, unknown | "avoid', '| true | true | true | "avoid')],
            "transfusion = nothing",
        ),
        (
            "P33",
            [(SAFETY, '| HZ1 | "ask first" |', '| HZ1 | "immediately" |')],
            "b12_allergy = true; hazards = nothing",
        ),
        (
            "P34",
            [(REFERRAL, '| "severe" | "neutropenic', '| "mild" | "neutropenic')],
            'fever = true; neutropenia_grade = "severe"; emergency = nothing',
        ),
        (
            "P35",
            [(REFERRAL, "| EM2 | true | - |", "| EM2 | true | true |")],
            'neutropenia_grade = "none" or "mild" or "moderate" or "severe"; emergency = nothing',
        ),
        (
            "P36",
            [(REFERRAL, "| SD1 | true | - |", "| SD1 | true | false |")],
            "visual_loss = true; same_day = nothing",
        ),
        (
            "P37",
            [(REFERRAL, '| true | true, unknown | "same', '| true | true | "same')],
            "thrombocytopenia = true or false; same_day = nothing",
        ),
        (
            "P38",
            [(REFERRAL, "| UR2 | - | true |", '| UR2 | "shown" | true |')],
            "severe_cytopenia = true; urgent_referral = nothing",
        ),
        (
            "P39",
            [(TREATMENT, 'false, unknown | "immediately" |', 'false, unknown | "ask first" |')],
            'treat_now = "ask first"; b12_allergy = ',
        ),
        (
            "P40",
            [(TREATMENT, '"ask first" | Hypersensitivity', '"immediately" | Hypersensitivity')],
            'b12_allergy = true; treat_now = "immediately"',
        ),
        (
            "P41",
            [(TREATMENT, '"ask first" | Vitamin B12 has', '"while testing" | Vitamin B12 has')],
            'b12_failed = true; treat_now = "while testing"',
        ),
        (
            "P42",
            [(TREATMENT, '"go on" | Values', '"no" | Values')],
            'b12_started = true; treat_now = "no"',
        ),
        (
            "P43",
            [
                (
                    TREATMENT,
                    '"test first" | MMA is normal and serum B12 decides nothing: the nervous',
                    '"no" | MMA is normal and serum B12 decides nothing: the nervous',
                )
            ],
            'indication = "no"; serum_b12 = "indeterminate"',
        ),
        (
            "P44",
            [(TREATMENT, '"do not use" | "not allowed" |', '"do not use" | "allowed" |')],
            'leber = true; route = "oral"',
        ),
        (
            "P45",
            [(TREATMENT, '"not yet" | "not yet" | The tab', '"not yet" | "allowed" | The tab')],
            'route = "oral"',
        ),
        (
            "P46",
            [(TREATMENT, '| - | "not allowed" | An autoimmune', '| - | "allowed" | An autoimmune')],
            'cause = "autoimmune"; route = "oral"',
        ),
        (
            "P47",
            [(FOLATE, '| false | - | "wait" |', '| false | - | "give" |')],
            'b12_improving = false; folic_acid_plan = "give"',
        ),
        (
            "P48",
            [(SAFETY, 'unknown | true | true, unknown | "', 'unknown | true | true | "')],
            "transfusion = nothing",
        ),
    ],
)
def test_broken(
    made: Callable[..., b12lib.Protocol], name: str, edits: list[Edit], found: str
) -> None:
    """A table that breaks a property is found out, and the case that shows it cannot be less."""
    protocol = made(name, *edits)
    [proof] = prove(protocol)
    assert proof.verdict == "violated"
    [told], [case] = proof.found, proof.cases
    assert found in told
    for field in case:  # the evaluator takes each field for needed
        assert not breaks(protocol, [{k: v for k, v in case.items() if k != field}])


def breaks(protocol: b12lib.Protocol, cases: list[dict[str, str]]) -> bool:
    """Say whether these cases are found to break the protocol's one property."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Search, "find", lambda self, item: tuple(cases))
        return prove(protocol)[0].verdict == "violated"


def test_an_answer_for_now_may_be_contradicted(made: Callable[..., b12lib.Protocol]) -> None:
    """More information changes what was said of what is known now: only facts are kept."""
    edit = (PROPERTIES, "| every fact only narrows |", "| serum_b12 only narrows |")
    [proof] = prove(made("P21", edit))
    assert proof.verdict == "violated"
    assert proof.cases[0] == {}
    assert [*proof.cases[1]] in (["b12"], ["active_b12"])
    assert proof.found[0] == 'serum_b12 = "not measured"'


def test_what_is_listed_may_go(made: Callable[..., b12lib.Protocol]) -> None:
    """A list that answers for now loses an item as more is known, and is told as it was before."""
    edit = (PROPERTIES, "| every fact only narrows |", "| considerations only narrows |")
    [proof] = prove(made("P21", edit))
    assert proof.verdict == "violated"
    assert proof.cases[0] == {"autoimmune_thyroid_disease": "yes"}
    assert proof.found[0] == 'considerations = "thyroid-screening" or "test-antibodies"'


def test_a_fact_that_asks_for_unknown(made: Callable[..., b12lib.Protocol]) -> None:
    """A status that reads a missing serum B12 as normal is contradicted when it is measured."""
    old = '| DS3 | "normal" | "indeterminate", "normal" |'
    new = '| DS3 | "normal" | "indeterminate", "normal", unknown |'
    [proof] = prove(made("P22", (CONFIRMING, old, new)))
    assert proof.verdict == "violated"
    before, after = proof.cases
    assert {*after} - {*before} == {"b12"}


def test_more_mma_less_treatment(made: Callable[..., b12lib.Protocol]) -> None:
    """An extreme MMA taken for normal is found out, the two values in one unit."""
    [proof] = prove(made("P23", (CONFIRMING, '> 15000 | "extreme" |', '> 15000 | "normal" |')))
    assert proof.verdict == "violated"
    low, high = proof.cases
    assert low.keys() == high.keys()
    assert {name for name in low if low[name] != high[name]} == {"mma"}
    assert ['"immediately"' in told for told in proof.found] == [True, False]


def test_a_unit_that_is_written_as_nothing(protocol: b12lib.Protocol) -> None:
    """Where a unit could be left out, the bare number that would be read is shown."""
    units = {**protocol.units, "fL": Unit("fL", "fL", ("",))}
    [proof] = prove(only("P20", replace(protocol, units=MappingProxyType(units))))
    assert proof.verdict == "violated"
    assert proof.cases == ({"mcv": "40"},)
    assert proof.found == ("mcv is read",)


def test_undecided_is_not_proved(protocol: b12lib.Protocol) -> None:
    """A search that may not try hard enough proves nothing."""
    [proof] = prove(only("P23", protocol), effort=1)
    assert (proof.verdict, proof.cases, proof.found) == ("undecided", (), ())


@pytest.mark.parametrize(
    ("name", "cases"),
    [
        pytest.param("P1", [{}], id="the premise does not hold"),
        pytest.param("P1", [{"mma": "90 umol/L"}], id="the property holds"),
        pytest.param("P1", [{"wbc": "1 G/L", "anc": "2 G/L"}], id="a case that is refused"),
        pytest.param("P1", [{"mma": "90 umol/L", "b12": "133 pmol/L"}], id="a gap elsewhere"),
        pytest.param("P23", [{}, {"mma": "90 umol/L"}], id="from unknown to high"),
        pytest.param("P23", [{"mma": "90 umol/L"}, {}], id="from high to unknown"),
        pytest.param("P23", [{"mma": "5 umol/L"}, {"mma": "9000 nmol/L"}], id="another unit"),
        pytest.param("P23", [{"mma": "5 umol/L"}, {"mma": "4 umol/L"}], id="a fall"),
        pytest.param("P21", [{"b12": "9 pmol/L"}, {}], id="less is known"),
        pytest.param("P21", [{"anaemia": "yes"}, {"anaemia": "no"}], id="another statement"),
    ],
)
def test_what_is_not_confirmed_is_undecided(
    made: Callable[..., b12lib.Protocol], name: str, cases: list[dict[str, str]]
) -> None:
    """A case that the evaluator does not find to break the property breaks nothing."""
    assert not breaks(made(name, GAP), cases)


def test_without_the_solver(protocol: b12lib.Protocol, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the solver is not installed, the message names the part to install."""
    monkeypatch.delitem(sys.modules, "b12lib.verifying.search")
    monkeypatch.setitem(sys.modules, "z3", None)
    monkeypatch.delitem(sys.modules, "b12lib.verifying.unknowns")
    with pytest.raises(MissingExtra, match=r"pip install 'b12lib\[verify\]'"):
        prove(protocol)
