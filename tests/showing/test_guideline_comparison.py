"""Guidelines side by side: which ones, which answers, and of which case."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

import b12lib
from b12lib.showing.calculators import Calculator, guideline_comparison
from b12lib.showing.comparison import Comparison

Control = Callable[[Calculator, str], Any]
Told = Callable[[Calculator], str]

SEED = {"mma": "90 µmol/L", "leukopenia": True, "neutropenia": True, "macrocytosis": True}
AS_TEXT = "The case as text: change it, or paste another one"


@pytest.fixture(scope="module")
def compared() -> Comparison:
    """The seed's question under two guidelines."""
    return b12lib.compare(SEED, ["nice-ng239", "us-label"])


def test_begins_with_what_differs(compared: Comparison, told: Told) -> None:
    """Every row that differs is there and none that does not, in the plain form too."""
    chooser = guideline_comparison(compared)
    for row in compared.rows:
        differs = row.differs or row.reworded
        assert (f"| {row.label} |" in repr(chooser)) == differs, row.name
    assert '<td style="text-align:left">Functional B12 deficiency</td>' in told(chooser)


def test_all_answers_can_be_shown(compared: Comparison, control: Control, told: Told) -> None:
    """Asked for, the rows in which all agree are there as well."""
    chooser = guideline_comparison(compared)
    same = next(row for row in compared.rows if not (row.differs or row.reworded))
    cell = f">{same.label}</td>"
    assert cell not in told(chooser)
    control(chooser, "Show").value = "all answers"
    assert cell in told(chooser)


def test_guideline_can_be_left_out(compared: Comparison, control: Control, told: Told) -> None:
    """Without a guideline neither its column nor a difference that only it makes remains."""
    chooser = guideline_comparison(compared)
    assert ">us-label</th>" in told(chooser)
    control(chooser, "us-label").value = False
    assert ">us-label</th>" not in told(chooser)
    control(chooser, "nice-ng239").value = False
    assert ">Functional B12 deficiency</td>" not in told(chooser)
    control(chooser, "base").value = False
    assert "Pick a guideline." in told(chooser)


def test_case_can_be_changed(compared: Comparison, control: Control, told: Told) -> None:
    """Another case in the text area is compared in place of the first."""
    chooser = guideline_comparison(compared)
    control(chooser, AS_TEXT).value = "case: Another\ninputs: {b12: 120 pmol/L}"
    assert ">Another</h1>" in told(chooser)
    assert "90 µmol/L" not in told(chooser)


def test_case_that_cannot_be_read_is_told(
    compared: Comparison, control: Control, told: Told
) -> None:
    """A fault stands below the case, and goes when it is mended."""
    chooser = guideline_comparison(compared)
    control(chooser, AS_TEXT).value = "inputs: {mma: 90}"
    assert "a number without a unit is not read" in told(chooser)
    control(chooser, AS_TEXT).value = "inputs: {mma: 90 nmol/L}"
    assert "a number without a unit is not read" not in told(chooser)


def test_begins_with_the_case_as_text(compared: Comparison, control: Control) -> None:
    """The text area holds the case that was compared."""
    case = b12lib.read_case(control(guideline_comparison(compared), AS_TEXT).value)
    assert {name: given.value for name, given in case.given.items()} == {
        name: given.value for name, given in b12lib.read_case(SEED).given.items()
    }
