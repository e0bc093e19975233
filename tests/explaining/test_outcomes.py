"""How something not known could turn out so that it changes an answer: ranges, words, yes or no."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

import b12lib
from b12lib.explaining.flips import Flip, outcomes


def found(case: dict[str, Any], name: str, *decisions: str) -> list[Flip]:
    """Return the ways in which one unknown field could turn out that change the decisions."""
    return list(outcomes(name, b12lib.assess(case), decisions))


def test_values_that_come_to_the_same_are_one_range() -> None:
    """A haemoglobin settles anaemia below one limit and above another, whatever lies within."""
    low, high = found({}, "haemoglobin", "anaemia")
    assert (low.value, low.written) == (15, "15 g/L to 119 g/L")
    assert low.changes[0].then == (True,)
    assert (high.value, high.written) == (130, "130 g/L to 250 g/L")
    assert high.changes[0].then == (False,)


def test_every_value_of_a_range_changes_the_same() -> None:
    """Ends of each range answer as it says, and one reporting step beyond them does not."""
    for way in found({"sex": "female"}, "haemoglobin", "anaemia", "severe_anaemia"):
        first, last = (Decimal(end.split()[0]) for end in way.written.split(" to "))
        for value in (first, (first + last) // 2, last):
            then = b12lib.assess({"sex": "female", "haemoglobin": f"{value} g/L"})
            for change in way.changes:
                assert then[change.decision].values == change.then, value
        for value in (first - 1, last + 1):
            if 15 <= value <= 250:
                beyond = b12lib.assess({"sex": "female", "haemoglobin": f"{value} g/L"})
                said = [beyond[change.decision].values for change in way.changes]
                assert said != [change.then for change in way.changes], value


def test_each_word_and_each_yes_or_no_is_one_way() -> None:
    """An answer to choose is told as itself, and one that changes nothing is left out."""
    (yes,) = found({"mma": "90 umol/L"}, "b12_allergy", "treat_now")
    assert (yes.value, yes.written, yes.side) == (True, "yes", "other")
    assert yes.changes[0].then == ("ask first",)


def test_words_that_come_to_the_same_are_all_named() -> None:
    """Causes that change the same stand together, each by its own word: they are no range."""
    seed = {"mma": "90 umol/L", "intrinsic_factor_antibody": "negative"}
    ways = {way.changes[0].then: way.written for way in found(seed, "cause", "duration")}
    assert ways[("lifelong",)] == "autoimmune or malabsorption"


def test_value_that_would_be_refused_is_left_out() -> None:
    """More neutrophils than white cells would contradict the case, so no range reaches so far."""
    *_, last = found({"wbc": "3 G/L"}, "anc", "neutropenia")
    assert last.written.endswith("to 3 ×10⁹/L")


def test_unknown_field_is_an_error() -> None:
    """A misspelt field is told."""
    with pytest.raises(KeyError, match="haemoglobine"):
        found({}, "haemoglobine", "anaemia")
