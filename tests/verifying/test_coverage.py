"""What the worked cases cover of the tables, and what none of them tries."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from b12lib.verifying.coverage import coverage

B12 = "Total serum B12"


def b12(value: str) -> tuple[dict[str, str], dict[str, object]]:
    """Return a case with one B12, which expects nothing."""
    return {"b12": value}, {}


def test_a_rule_knows_the_cases_in_which_it_fires(only: Callable, cases_of: Callable) -> None:
    """Each rule names its cases; a rule without one is listed, its conditions too."""
    protocol = only(B12)
    cases = cases_of(
        protocol, low=b12("100 pmol/L"), lower=b12("50 pmol/L"), high=b12("300 pmol/L")
    )
    found = coverage(protocol, cases)
    assert {item.rule: item.fired for item in found.rules} == {
        "TB1": ("low", "lower"),
        "TB2": (),
        "TB3": ("high",),
    }
    assert found.never_fired == ("TB2",)
    assert found.never_decisive == (("TB2", "b12"),)


def test_a_condition_decides_where_its_input_alone_would_change_the_answer(
    only: Callable, cases_of: Callable
) -> None:
    """With large cells and low counts each condition decides; one that never can is not asked."""
    stated = ("Macrocytosis", "Leukopenia", "Neutropenia")
    protocol = only("Megaloblastic blood picture", "Any cytopenia", *stated)
    cases = cases_of(
        protocol,
        both=({"macrocytosis": "yes", "leukopenia": "yes"}, {}),
        counts=({"leukopenia": "yes", "neutropenia": "yes"}, {}),
    )
    found = {item.rule: item for item in coverage(protocol, cases).rules}
    assert found["MP1"].decisive == {"macrocytosis": ("both",), "cytopenia": ("both",)}
    assert found["CY1"].decisive == {"leukopenia": ("both",)}  # else neutropenia decides
    assert "leukopenia" not in found["CY2"].decisive  # the answer is the same without it


def test_a_limit_has_a_case_on_each_side(only: Callable, cases_of: Callable) -> None:
    """The limit of a printed band is paired by cases one reporting step apart."""
    protocol = only(B12)
    cases = cases_of(protocol, at=b12("133 pmol/L"), under=b12("132 pmol/L"), top=b12("258 pmol/L"))
    low, high = coverage(protocol, cases).limits
    assert (low.table, low.column, low.below, low.above) == (B12, "b12", Decimal(132), Decimal(133))
    assert (low.rules, low.at_below, low.at_above) == (("TB1", "TB2"), ("under",), ("at",))
    assert low.paired
    assert (high.at_below, high.at_above, high.paired) == (("top",), (), False)
    assert coverage(protocol, cases).unpaired == (high,)


def test_a_value_at_a_limit_that_changes_nothing_is_no_pair(
    only: Callable, cases_of: Callable
) -> None:
    """The limit for men is not tried by a woman, who is not anaemic on either side of it."""
    protocol = only("Anaemia")
    cases = cases_of(
        protocol,
        woman=({"sex": "female", "haemoglobin": "129 g/L"}, {}),
        man=({"sex": "male", "haemoglobin": "129 g/L"}, {}),
    )
    [limit] = [item for item in coverage(protocol, cases).limits if item.above == 130]
    assert limit.at_below == ("man",)


def test_a_limit_at_the_end_of_what_is_plausible_has_one_side(only: Callable) -> None:
    """Nobody can stand beyond a range, so a limit at its end asks for no case there."""
    old = "| XX2 | - | not([-0.5..0.5]) |"
    wide = ("09-contradictions.md", old, "| XX2 | - | not([-500..500]) |")
    protocol = only("Contradictions", edit=wide)
    assert [limit.column for limit in coverage(protocol, {}).limits] == ["neutrophil_excess"]
