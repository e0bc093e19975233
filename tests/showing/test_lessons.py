"""What lessons show beside one case."""

from __future__ import annotations

import pytest

import b12lib
from b12lib.showing.lessons import (
    chapter,
    claims,
    limits,
    rules,
    side_by_side,
    terms,
    units,
)


def test_a_table_is_shown_as_it_stands(protocol: b12lib.Protocol) -> None:
    """Every rule of the table that answers a decision has a row, with reasons and sources."""
    shown = rules("severe_anaemia", protocol)
    assert shown.title == "Severe anaemia"
    assert all(f"| {id_} |" in shown.body for id_ in ("SA1", "SA2", "SA3"))
    assert "Below 80 g/L anaemia is severe" in shown.body
    assert "@who2024" in shown.body


def test_ids_are_told_in_words_too(protocol: b12lib.Protocol) -> None:
    """Where a table answers with ids of sentences, regimens or dates, each rule says them."""
    row = next(line for line in rules("hazards", protocol).body.splitlines() if "| HZ3 |" in line)
    assert '**"potassium-low"** | Replace potassium now' in row
    assert "| Nothing is given. |" in rules("regimen", protocol).body
    assert (
        "| First 48 hours: potassium, before the first dose" in rules("early_checks", protocol).body
    )
    assert " says " not in rules("severe_anaemia", protocol).body


def test_limits_stand_in_one_table(protocol: b12lib.Protocol) -> None:
    """What each finding asks for is told with units and in words, whatever its table's form."""
    shown = limits(["b12_level", "severe_anaemia"], protocol).body.splitlines()[2:]
    serum = "total vitamin B12 in serum"
    assert shown == [
        f"| Total serum B12 | low | {serum} < 133 pmol/L | `TB1` |",
        f"| Total serum B12 | indeterminate | {serum} 133 to 258 pmol/L | `TB2` |",
        f"| Total serum B12 | normal | {serum} > 258 pmol/L | `TB3` |",
        "| Severe anaemia | no | anaemia no | `SA1` |",
        "| Severe anaemia | yes | anaemia yes, haemoglobin < 80 g/L | `SA2` |",
        "| Severe anaemia | no | anaemia yes, haemoglobin ≥ 80 g/L | `SA3` |",
    ]


def test_units_are_told_with_what_they_are_worth(protocol: b12lib.Protocol) -> None:
    """Every unit that a value may come in stands beside the one that the tables use."""
    assert units(["b12", "mma"], protocol).body.splitlines()[2:] == [
        "| Total vitamin B12 in serum | pmol/L | 1 ng/L = 0.738 pmol/L; 1 pg/mL = 0.738 pmol/L |",
        "| Methylmalonic acid (MMA) | nmol/L | 1 µmol/L = 1,000 nmol/L; 1 nmol/mL = 1,000 nmol/L;"
        " 1 ng/mL = 8.468 nmol/L; 1 mg/L = 8,468 nmol/L |",
    ]
    with pytest.raises(KeyError, match="'leukopenia' has no units; there are age, "):
        units(["leukopenia"], protocol)


def test_words_are_told_as_the_glossary_has_them(protocol: b12lib.Protocol) -> None:
    """A term stands with its definition and what that rests on; an unknown one is refused."""
    term = protocol.glossary["fever"]
    row = f"| fever | {term.definition} | @neutropenia-textbook |"
    assert terms(["fever"], protocol).body.splitlines()[2:] == [row]
    with pytest.raises(KeyError, match="'fevers' is no term of the glossary"):
        terms(["fevers"], protocol)


def test_a_table_of_visits_is_shown_too(protocol: b12lib.Protocol) -> None:
    """What is decided only at a visit has a table as well."""
    assert "| VR3 |" in rules("reticulocyte_response", protocol).body


def test_no_such_decision(protocol: b12lib.Protocol) -> None:
    """A name that no table answers is refused, with where to look."""
    with pytest.raises(KeyError, match="no table answers 'mma'; b12 rules lists"):
        rules("mma", protocol)


def test_a_chapter_says_who_answers_for_it_and_what_it_rests_on(protocol: b12lib.Protocol) -> None:
    """Review status and the sources of its own rules, none of another chapter's."""
    shown = chapter("05-folate", protocol)
    assert "Status: submitted" in shown.body
    assert "no clinician has reviewed it" in shown.body
    assert "**morris2007**" in shown.body
    assert "**hoffbrand**" not in shown.body


def test_no_such_chapter(protocol: b12lib.Protocol) -> None:
    """A chapter that does not exist is refused with those that do."""
    with pytest.raises(KeyError, match=r"'folate' is no chapter; there are .*05-folate"):
        chapter("folate", protocol)


def test_claims_are_shown_with_what_they_became(protocol: b12lib.Protocol) -> None:
    """Each claim has its verdict, what sources say, and the ids that cite it."""
    shown = claims(["C16"], protocol).body
    assert "**contradicted**" in shown
    assert "@chapuis2009" in shown
    assert "`NS5`" in shown


def test_patients_stand_side_by_side() -> None:
    """One column a patient, one row a decision, each answer with its rule."""
    patients = {unit: b12lib.assess({"mma": f"90 {unit}"}) for unit in ("µmol/L", "nmol/L")}
    head, _, level = side_by_side(patients, ["mma_level"]).body.splitlines()
    assert head == "| Decision | µmol/L | nmol/L |"
    assert level == "| MMA level | extreme `MM3` | normal `MM1` |"


def test_a_stated_and_an_open_answer_say_so() -> None:
    """What the case states has no rule; what is open names each rule that may decide."""
    patients = b12lib.vary({"anaemia": True}, {"one": {}})
    shown = side_by_side(patients, ["anaemia", "severe_anaemia"]).body
    assert "| yes *stated* |" in shown
    assert "yes or no (one of `SA2` `SA3`) |" in shown


def test_what_is_listed_is_written_out() -> None:
    """Advice stands as its sentence, a check with its time; an empty list says so."""
    patients = {
        "treated": b12lib.assess({"mma": "5 µmol/L", "potassium": "3.0 mmol/L"}),
        "not": b12lib.assess({"mma": "150 nmol/L", "b12": "400 pmol/L", "neurological": False}),
    }
    shown = side_by_side(patients, ["hazards", "early_checks"], "Two patients")
    assert shown.title == "Two patients"
    hazards, checks = shown.body.splitlines()[2:]
    assert "Replace potassium now" in hazards
    assert hazards.endswith("| nothing |")
    assert "8 weeks: full blood count" in checks
