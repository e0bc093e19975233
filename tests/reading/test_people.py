"""The table of people: every number is that of the survey, and a slip in it is refused."""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pytest

import b12lib

SURVEY = Path(__file__).parents[2].parent / "shared" / "data" / "nhanes_b12_mma.csv"
COLUMNS = {
    "mma": ("mma_nmol_l", "1"),
    "b12": ("b12_pg_ml", "0.738"),
    "homocysteine": ("hcy_umol_l", "1"),
}


@pytest.fixture(scope="module")
def survey() -> list[Mapping[str, str]]:
    """The participants of the survey."""
    if not SURVEY.exists():
        pytest.skip(f"the survey's file is not beside the project: {SURVEY}")
    with SURVEY.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.mark.parametrize("name", COLUMNS)
def test_numbers_are_those_of_the_survey(
    protocol: b12lib.Protocol, survey: list[Mapping[str, str]], name: str
) -> None:
    """Counts, centiles and extremes come out again when they are worked out from the file."""
    column, factor = COLUMNS[name]
    step = protocol.inputs[name].precision
    values = sorted(
        (Decimal(row[column]) * Decimal(factor) / step).quantize(Decimal(1), ROUND_HALF_UP) * step
        for row in survey
        if row[column]
    )
    people = protocol.people[name]

    assert (people.count, people.lowest, people.highest) == (len(values), values[0], values[-1])
    for share, value in people.centiles.items():
        position = values.index(value)  # how many people have less
        not_above = len(values) - sum(other > value for other in values)
        assert position * 100 < share * len(values) <= not_above * 100, share


def test_every_row_is_recomputed(protocol: b12lib.Protocol) -> None:
    """No row of the table escapes the comparison with the survey."""
    assert protocol.people.keys() == COLUMNS.keys()


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("| mma | 33544 |", "| mma | 33,544 |", "'33,544' is not a number of people"),
        ("| mma | 33544 | 27 |", "| mma | 33544 | 27.. |", "'27..' is not a plain number"),
        ("| mma | 33544 |", "| mna | 33544 |", "'mna' is not a quantity of inputs.md"),
        ("| mma | 33544 |", "| numbness | 33544 |", "'numbness' is not a quantity of inputs.md"),
        ("| b12 | 33544 |", "| mma | 33544 |", "the name is given twice"),
        ("| 27 | 50 | 70 |", "| 27 | 50 | 7 |", "7 follows 50: the values rise from lowest"),
        ("| 1740 | 35960 |", "| 1740 | 1739 |", "1739 follows 1740: the values rise from lowest"),
        ("| 35960 | @nhanes |", "| 35960 | |", "the cell is blank"),
        ("| 35960 | @nhanes |", "| 35960 | @nhanse |", "@nhanse is not in references.bib"),
    ],
)
def test_slip_is_refused(refused: Callable[..., str], old: str, new: str, problem: str) -> None:
    """A slip in the table of people is told with file, line and row."""
    message = refused("people.md", old, new)

    assert problem in message
    assert message.startswith("people.md:")


def test_place_of_an_unlisted_input_is_refused(refused: Callable[..., str]) -> None:
    """A statement cannot tell the place of a value of which nothing is known among people."""
    assert "{active_b12.people} names no input" in refused(
        "statements.md", "low ({active_b12})", "low ({active_b12.people})"
    )
