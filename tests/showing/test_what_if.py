"""The explorer: what would change a decision, what cannot, and what comes of a value tried."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

import b12lib
from b12lib.showing.calculators import Calculator, what_if

Control = Callable[[Calculator, str], Any]
Told = Callable[[Calculator], str]
Buttons = Callable[[Calculator], list[str]]

SEED = {"mma": "90 µmol/L", "leukopenia": True, "neutropenia": True, "macrocytosis": True}


@pytest.fixture(scope="module")
def seed() -> b12lib.Assessment:
    """The seed's question, decided."""
    return b12lib.assess(SEED)


def test_every_value_that_would_change_it_is_a_button(
    seed: b12lib.Assessment, buttons: Buttons
) -> None:
    """For the regimen: another MMA, and each answer that would settle or forbid it, first first."""
    assert buttons(what_if(seed, "regimen")) == [
        "Methylmalonic acid (MMA): 0.271 µmol/L",
        "Neurological involvement: yes",
        "Neurological involvement: no",
        "Earlier allergic reaction to vitamin B12: yes",
        "Earlier B12 treatment did not help: yes",
    ]


def test_picking_another_decision_looks_at_that(
    seed: b12lib.Assessment, control: Control, buttons: Buttons, told: Told
) -> None:
    """Buttons and what cannot matter follow the decision that is picked."""
    explorer = what_if(seed, "regimen")
    control(explorer, "Decision").value = "anaemia"
    assert buttons(explorer) == [
        "Haemoglobin: 15 g/L to 119 g/L",
        "Haemoglobin: 130 g/L to 250 g/L",
    ]
    assert "Anaemia</strong>, not decided yet: yes or no" in told(explorer)
    assert "might together with other things not known: Sex." in told(explorer)


def test_what_cannot_matter_is_told(seed: b12lib.Assessment, told: Told) -> None:
    """Serum B12 changes nothing once MMA is raised, and the explorer says so."""
    assert "whatever else becomes known: Total vitamin B12 in serum;" in told(what_if(seed))


def test_pressing_a_value_shows_the_difference(
    seed: b12lib.Assessment, control: Control, told: Told
) -> None:
    """The picked decision comes first, then all else that changes but the field itself."""
    explorer = what_if(seed, "regimen")
    assert "Press a value" in told(explorer)
    control(explorer, "Neurological involvement: yes").click()
    rows = told(explorer).partition('<th style="text-align:left">If so</th>')[2].split("<tr>")[1:]
    assert "Regimen" in rows[0]
    assert "alternate-days or three-times-weekly" in rows[0]
    assert "RG2" in rows[0]
    assert any("Urgent advice" in row and "haematologist or neurologist" in row for row in rows)
    assert not any("NS1" in row for row in rows)


def test_of_all_that_applies_only_what_is_new_is_told(
    seed: b12lib.Assessment, control: Control, told: Told
) -> None:
    """An advice that no longer holds stands at the left, without a rule that is not behind it."""
    explorer = what_if(seed, "treat_now")
    control(explorer, "Methylmalonic acid (MMA): 0.271 µmol/L").click()
    rows = told(explorer).split("<tr>")
    (check,) = (row for row in rows if "Unit check" in row)
    assert "Confirm the unit of MMA" in check
    assert "UC" not in check
    assert any(">Treat now?<" in row and "TR7" in row for row in rows)


def test_difference_is_that_of_the_case_with_the_value(
    seed: b12lib.Assessment, control: Control, told: Told
) -> None:
    """What the button shows is what the same case answers when it gives the value."""
    explorer = what_if(seed, "treat_now")
    control(explorer, "Earlier allergic reaction to vitamin B12: yes").click()
    then = b12lib.assess({**SEED, "b12_allergy": True})
    assert str(then["treat_now"].value) == "ask first"
    assert ">ask first<" in told(explorer)


def test_plain_form_lists_the_same(seed: b12lib.Assessment) -> None:
    """A page without widgets keeps the decision, both tables, and what cannot matter."""
    plain = repr(what_if(seed, "regimen"))
    assert plain.startswith("**Regimen**, not decided yet: alternate-days or three-times-weekly.")
    assert (
        "| Methylmalonic acid (MMA) (90 µmol/L (90,000 nmol/L)) | 0.271 µmol/L | none | RG1 |"
        in plain
    )
    assert "| Neurological involvement | yes | alternate-days | RG2 |" in plain
    assert "cannot change it, whatever else becomes known" in plain


def test_known_answer_is_told_in_a_sentence(seed: b12lib.Assessment, told: Told) -> None:
    """A decision that is made says what it comes to, in the protocol's words."""
    assert "Treat now?</strong>: immediately. Treat immediately." in told(what_if(seed))


def test_stated_finding_cannot_be_picked(seed: b12lib.Assessment) -> None:
    """What the case itself states nothing else changes; the message names what can be picked."""
    with pytest.raises(KeyError, match="'leukopenia' cannot be picked; there are mma_level"):
        what_if(seed, "leukopenia")
