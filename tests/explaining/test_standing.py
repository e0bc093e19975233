"""Where a value stands among people, at each kind of place."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest

import b12lib
from b12lib.explaining.people import standing, standings
from b12lib.reading.protocol import read_protocol


@pytest.mark.parametrize(
    ("mma", "said"),
    [
        (26, "below the lowest of 33,544 people, 27 nmol/L"),
        (27, "below 99 in 100 of 33,544 people"),
        (49, "below 99 in 100 of 33,544 people"),
        (50, "below 95 in 100 of 33,544 people"),
        (122, "below 50 in 100 of 33,544 people"),
        (123, "in the middle of 33,544 people"),
        (124, "above 50 in 100 of 33,544 people"),
        (620, "above 95 in 100 of 33,544 people"),
        (621, "above 99 in 100 of 33,544 people"),
        (1740, "above 99 in 100 of 33,544 people"),
        (1741, "above 999 in 1,000 of 33,544 people"),
        (35960, "above 999 in 1,000 of 33,544 people"),
        (35961, "above the highest of 33,544 people, 35,960 nmol/L"),
    ],
)
def test_standing(protocol: b12lib.Protocol, mma: int, said: str) -> None:
    """At, between and beyond the centiles, no more is said than holds."""
    assert standing("mma", Decimal(mma), protocol) == said


def test_unit_and_number_are_the_inputs_own(protocol: b12lib.Protocol) -> None:
    """The extremes are told in the canonical unit, and by those who had the value."""
    said = standing("homocysteine", Decimal("200"), protocol)
    assert said == "above the highest of 23,349 people, 156.3 µmol/L"


def test_unlisted_input(protocol: b12lib.Protocol) -> None:
    """Nothing is made up of a value that the table of people does not have."""
    with pytest.raises(KeyError):
        standing("folate", Decimal(10), protocol)


def test_only_known_values_stand_somewhere() -> None:
    """A value that is not known has no place; a converted one has that of its canonical unit."""
    assert standings(b12lib.assess({})) == {}
    assert standings(b12lib.assess({"b12": "180 ng/L"})) == {
        "b12": "below 95 in 100 of 33,544 people"
    }


def test_sentence_of_a_stated_finding_has_no_place_to_tell(
    edited: Callable[..., dict[str, str]],
) -> None:
    """Where a finding was stated without its value, its place is told as unknown."""
    other = edited(
        "statements.md",
        "Homocysteine is raised;",
        "Homocysteine is raised ({homocysteine.people});",
        edited("plain.md", "homocysteine is raised;", "homocysteine is {homocysteine.people};"),
    )
    assessment = b12lib.assess({"homocysteine_raised": "yes"}, read_protocol(other))
    assert "raised (unknown)" in assessment.section("What can mislead the tests").body
