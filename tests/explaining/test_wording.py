"""Numbers, units, answers and conditions in words."""

from __future__ import annotations

from decimal import Decimal

import pytest

import b12lib
from b12lib.explaining import wording
from b12lib.explaining.wording import (
    cell,
    filled,
    inside,
    plainly,
    row_id,
    rule_ids,
    sentence,
    value_of,
    word,
    words,
)


@pytest.mark.parametrize(
    ("name", "given", "shown"),
    [
        ("mma", {"mma": "90 umol/L"}, "90 µmol/L (90,000 nmol/L)"),
        ("mma", {"mma": "90 nmol/L"}, "90 nmol/L"),
        ("mma_fold", {"mma": "90 umol/L"}, "332 times"),
        ("mma_fold", {"mma": "90 nmol/L"}, "0.332 times"),
        ("b12", {"b12": "180 pg/mL"}, "180 pg/mL (133 pmol/L)"),
        ("neutrophils_percent", {"neutrophils_percent": "27 %"}, "27%"),
        ("anc", {"wbc": "3600/mm3", "neutrophils_percent": "27 %"}, "0.97 ×10⁹/L"),
        ("sex", {"sex": "female"}, "female"),
        ("egfr", {}, "unknown"),
        ("treatment_start", {"treatment_start": "2026-03-01"}, "2026-03-01"),
        ("regimen", {"mma": "3 umol/L"}, "alternate-days or three-times-weekly"),
    ],
)
def test_value_is_shown_with_its_unit(name: str, given: dict[str, str], shown: str) -> None:
    """A value shows as it was given and, where that differs, in the canonical unit."""
    assert value_of(name, b12lib.assess(given)) == shown


def test_condition_of_a_rule_is_readable(protocol: b12lib.Protocol) -> None:
    """A cell's condition is written with the unit of its column, or in plain words."""
    assert cell(protocol.rules["HT1"][1], "homocysteine", protocol) == "< 10 µmol/L"
    assert cell(protocol.rules["MM1"][1], "mma_fold", protocol) == "≤ 1"
    assert cell(protocol.rules["TB2"][1], "b12", protocol) == "133 to 258 pmol/L"
    assert cell(protocol.rules["AN2"][1], "haemoglobin", protocol) == "120 to below 130 g/L"
    assert cell(protocol.rules["MM2"][1], "mma", protocol) == "≤ 15,000 nmol/L"
    assert cell(protocol.rules["TN4"][1], "neurological", protocol) == "no or unknown"
    assert cell(protocol.rules["MM3"][1], "mma_now", protocol) == "> 15,000 nmol/L"
    assert cell(protocol.rules["VE2"][1], "haemoglobin_now", protocol) == "above 160 to 165 g/L"


def test_words_of_answers() -> None:
    """Booleans read yes and no; several answers are joined as in a sentence."""
    assert [word(value) for value in (True, False, None, Decimal("1500"), "mild")] == [
        "yes",
        "no",
        "unknown",
        "1,500",
        "mild",
    ]
    assert words(("a", "b", "c")) == "a, b or c"
    assert words(()) == ""


def test_label_inside_a_sentence_keeps_abbreviations() -> None:
    """A label loses its first capital inside a sentence unless it is an abbreviation."""
    assert inside("Total serum B12") == "total serum B12"
    assert inside("MMA level") == "MMA level"
    assert inside("B12 treatment begun") == "B12 treatment begun"


def test_answer_without_a_statement_reads_label_and_answer() -> None:
    """A decision that statements.md does not word still reads as a sentence."""
    assert sentence("regimen", "none", b12lib.assess({})) == "Regimen: none."


def test_placeholders_are_filled_from_case_rules_and_regimens() -> None:
    """A text's gaps are filled with a value, with a rule's limit, with a regimen's cell."""
    text = "{mma}; {HT1.homocysteine}; {folic-acid.dose}"
    assert filled(text, b12lib.assess({"mma": "90 nmol/L"})) == "90 nmol/L; < 10 µmol/L; 5 mg"


def test_rules_behind_an_answer_are_named() -> None:
    """The rule that fired is named, or those of which one did, or that the case states it."""
    assessment = b12lib.assess({"mma": "3 umol/L", "neutropenia": True})
    assert rule_ids(assessment["treat_now"]) == "TR5"
    assert rule_ids(assessment["cytopenia"]) == "one of CY1, CY2"
    assert rule_ids(assessment["neutropenia"]) == "stated"


def test_standing_names_rules_that_rest_on_little(protocol: b12lib.Protocol) -> None:
    """A rule whose source nobody saw is named with what it rests on; one that was read is not."""
    unread, read = protocol.rules["FD1"][1], protocol.rules["MM2"][1]
    assert wording.standing([read], protocol) == ""
    assert wording.standing([unread, read], protocol).startswith("FD1: ")


def test_an_answer_has_a_plain_wording_by_the_id_of_its_row() -> None:
    """An answer of its own is worded under its decision, a row of a catalogue under its id."""
    assessment = b12lib.assess({"mma": "90 umol/L", "neurological": True})
    treat_now, regimen = assessment["treat_now"], assessment["regimen"]
    assert row_id(treat_now, treat_now.value) == "treat_now.immediately"
    assert row_id(regimen, regimen.value) == "alternate-days"
    told = plainly("alternate-days", assessment)
    assert "injections of hydroxocobalamin" in told
    assert "{" not in told
