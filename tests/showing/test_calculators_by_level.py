"""The calculators for each reader: other words, the same decision."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import icalendar
import pytest

import b12lib
from b12lib.explaining.calendar import calendar
from b12lib.reading.plain import IF_WORSE, NOT_ADVICE
from b12lib.showing.background import DISCLAIMER
from b12lib.showing.calculators import (
    Calculator,
    case_builder,
    guideline_comparison,
    mma_reader,
    scheduler,
    what_if,
)
from b12lib.showing.calendar import ics, markdown, worded
from b12lib.showing.levels import Level
from b12lib.showing.sentences import in_full

Control = Callable[[Calculator, str], Any]
Told = Callable[[Calculator], str]
Make = Callable[[str], Calculator]

PROTOCOL = b12lib.load_protocol()
SEED = {"mma": "90 µmol/L", "leukopenia": True, "neutropenia": True, "macrocytosis": True}
DECIDED = {**SEED, "neurological": False}
FIRST = date(2026, 3, 2)

MAKES: dict[str, Make] = {
    "case builder": lambda level: case_builder(b12lib.read_case(SEED), level),
    "mma reader": lambda level: mma_reader(PROTOCOL, 90, level=level),
    "what if": lambda level: what_if(b12lib.assess(SEED), level=level),
    "comparison": lambda level: guideline_comparison(b12lib.compare(SEED, ["nice-ng239"]), level),
    "scheduler": lambda level: scheduler(b12lib.assess(DECIDED), FIRST, level),
}


@pytest.fixture(params=MAKES)
def make(request: pytest.FixtureRequest) -> Make:
    """Each calculator, to be made for a reader."""
    return MAKES[request.param]


def test_every_calculator_asks_who_reads(make: Make, control: Control, told: Told) -> None:
    """Whom it begins with or is turned to: a reader is told the same, in the plain form too."""
    begun = {level: make(level) for level in Level}
    shown = {level: told(calculator) for level, calculator in begun.items()}
    assert len(set(shown.values())) == 3
    assert len({calculator.markdown for calculator in begun.values()}) == 3
    turned = make(Level.CLINICIAN)
    for level in (*Level, Level.CLINICIAN):
        control(turned, "Reader").value = level
        assert told(turned) == shown[level]


def test_no_calculator_knows_another_reader(make: Make) -> None:
    """A misspelt level names those that there are."""
    with pytest.raises(ValueError, match="'nurse' is no reader's level; there are clinician, tr"):
        make("nurse")


def test_a_patient_reads_no_rules_and_what_to_do_in_any_case(make: Make) -> None:
    """In plain words, without ids of rules, with the patient's advice instead of our disclaimer."""
    shown = make(Level.PATIENT).markdown
    plain = PROTOCOL.plain
    assert plain[NOT_ADVICE].plain in shown
    assert not [id_ for id_ in PROTOCOL.rules if f"{id_}:" in shown or f"`{id_}`" in shown]
    assert plain[IF_WORSE].plain in shown
    assert DISCLAIMER not in shown
    assert "You" in shown


def test_patients_and_trainees_have_words_explained() -> None:
    """The trainee's terms come with sources, the patient's in plain words, the clinician's not."""
    shown = {level: mma_reader(PROTOCOL, 90, level=level).markdown for level in Level}
    term = PROTOCOL.glossary["MMA"]
    assert term.definition in shown[Level.TRAINEE]
    assert term.plain in shown[Level.PATIENT]
    assert "Glossary" not in shown[Level.CLINICIAN]


def test_a_trainee_is_told_why() -> None:
    """The MMA reader and the explorer give the rationale of the rules behind what they tell."""
    _, checked = PROTOCOL.rules["UC1"]
    _, given = PROTOCOL.rules["RG2"]
    assert f"*Why:* {checked.rationale}" in mma_reader(PROTOCOL, 90, level="trainee").markdown
    explorer = what_if(b12lib.assess(SEED), "regimen", "trainee")
    assert f"RG2: {given.rationale}" in explorer.markdown
    assert given.rationale not in what_if(b12lib.assess(SEED), "regimen").markdown


def test_a_value_tried_is_told_to_its_reader(control: Control, told: Told) -> None:
    """What a value would change is told in plain words, and to a trainee with the rationale."""
    explorer = what_if(b12lib.assess(SEED), "treat_now", "patient")
    control(explorer, "Earlier allergic reaction to vitamin B12: yes").click()
    assert "You should be treated with vitamin B12 at once." in told(explorer)
    assert "You should get no dose of vitamin B12 yet." in told(explorer)
    control(explorer, "Reader").value = Level.TRAINEE
    control(explorer, "Earlier allergic reaction to vitamin B12: yes").click()
    (rule,) = b12lib.assess({**SEED, "b12_allergy": True})["treat_now"].outcome.fired
    assert f"{rule.id}: {rule.rationale}" in told(explorer).replace("’", "'")


def test_a_patients_calendar_says_what_is_done() -> None:
    """Each dose and check is in plain words, in the table and as the note of the file's event."""
    assessment = b12lib.assess(DECIDED)
    shown = worded(calendar(assessment, FIRST), assessment, Level.PATIENT)
    table = markdown(shown, assessment, Level.PATIENT)
    assert "Blood test: Potassium should be measured before the first dose" in table
    assert "Dose: The treatment is injections of hydroxocobalamin" in table
    assert "uninformative" not in table
    events = icalendar.Calendar.from_ical(ics(shown)).walk("VEVENT")
    notes = [str(event["DESCRIPTION"]) for event in events]
    assert any(note.startswith("Potassium should be measured") for note in notes)
    clinicians = ics(calendar(assessment, FIRST))
    assert [str(e["SUMMARY"]) for e in events] == [
        str(e["SUMMARY"]) for e in icalendar.Calendar.from_ical(clinicians).walk("VEVENT")
    ]


def test_a_trainees_calendar_says_to_what_end() -> None:
    """The aim of every check stands in a column of its own, which a clinician's lacks."""
    assessment = b12lib.assess(DECIDED)
    aim = PROTOCOL.schedule["potassium-first-days"].aim
    assert aim in markdown(calendar(assessment), assessment, Level.TRAINEE)
    assert aim not in markdown(calendar(assessment), assessment)


def test_what_is_open_is_not_worded_as_if_it_were_so() -> None:
    """Of an open answer a patient reads that it is open, and which treatments are possible."""
    assessment = b12lib.assess(SEED)
    target = in_full(assessment["homocysteine_target"], assessment, Level.PATIENT)
    assert target == "Not decided yet."
    regimen = in_full(assessment["regimen"], assessment, Level.PATIENT)
    assert regimen.count("Possible: The treatment is injections of") == 2
    nothing = in_full(assessment["same_day"], assessment, Level.PATIENT)
    assert nothing == "Nothing."
