"""Every small slip in a table is made, and what would notice it is named."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

import b12lib
from b12lib.deciding.assessment import decided
from b12lib.reading.feel import unary_tests
from b12lib.reading.protocol import Protocol
from b12lib.verifying.mutation import Mutant, _asked, changes, mutants, other_cells

B12 = "Total serum B12"


def of_table(title: str, protocol: Protocol) -> list[tuple[str, str]]:
    """Return every change of a table: rule and description."""
    [table] = [table for table in protocol.tables if table.title == title]
    return [(rule, words) for rule, words, _ in changes(table, protocol.dictionary)]


def found(protocol: Protocol, cases: dict) -> dict[tuple[str, str], Mutant]:
    """Return what became of each change, by rule and description."""
    return {(item.rule, item.change): item for item in mutants(protocol, cases)}


@pytest.mark.parametrize(
    ("text", "name", "others"),
    [
        ("-", "b12", ()),
        ("< 133", "b12", ("-", "<= 133", "< 132", "< 134", "> 133")),
        (">= 4", "wbc", ("-", "> 4", ">= 3.99", ">= 4.01", "<= 4")),
        (
            "[133..258]",
            "b12",
            (
                *("-", "(133..258]", "[132..258]", "[134..258]"),
                *("[133..258)", "[133..257]", "[133..259]"),
            ),
        ),
        ("not((25..70))", "active_b12", None),
        ("true", "anaemia", ("-", "false")),
        ("unknown", "anaemia", ("-", "true", "false")),
        ('"low"', "b12_level", ("-", '"indeterminate"', '"normal"')),
        ('"low", unknown', "b12_level", None),
        ('not("low")', "b12_level", ("-", '"low"', 'not("indeterminate")', 'not("normal")')),
    ],
)
def test_a_cell_is_changed_in_every_small_way(
    protocol: b12lib.Protocol, text: str, name: str, others: tuple[str, ...] | None
) -> None:
    """A condition is lost, turned round or a step off; a word is replaced; each can be read."""
    texts = other_cells(unary_tests(text), protocol.dictionary[name])
    assert text not in texts
    assert len(set(texts)) == len(texts)
    assert all(unary_tests(other).text == other for other in texts)
    if others is not None:
        assert texts == others


def test_a_list_loses_a_word_or_has_one_replaced(protocol: b12lib.Protocol) -> None:
    """No word is put where it stands already."""
    cell = unary_tests('"low", unknown')
    assert other_cells(cell, protocol.dictionary["b12_level"]) == (
        *("-", "unknown", '"indeterminate", unknown', '"normal", unknown', '"low"'),
        *('"low", "indeterminate"', '"low", "normal"'),
    )


def test_the_inside_of_a_negation_is_changed_too(protocol: b12lib.Protocol) -> None:
    """A limit inside not(...) is moved as any other."""
    texts = other_cells(
        unary_tests("not([-0.5..0.5])"), protocol.dictionary["neutrophil_difference"]
    )
    assert "[-0.5..0.5]" in texts
    assert "not([-0.5..0.51])" in texts
    assert "not((-0.5..0.5])" in texts


def test_a_rule_is_dropped_doubled_or_answers_otherwise(only: Callable) -> None:
    """Each rule is lost once, doubled once with another answer, and given every other answer."""
    every = of_table(B12, only(B12))
    assert [words for rule, words in every if rule == "TB1" and "b12:" not in words] == [
        "dropped",
        'b12_level: "low" → "indeterminate"',
        'b12_level: "low" → "normal"',
        'doubled, b12_level: "low" → "normal"',
    ]
    assert [words for rule, words in every if not rule] == ["hit policy U → F", "hit policy U → C"]


def test_the_order_of_rules_is_changed_where_it_counts(only: Callable) -> None:
    """In a first-hit table each rule changes places with the one below it; elsewhere none does."""
    swapped = [
        rule
        for rule, words in of_table("Neurological involvement", only("Neurological involvement"))
        if words.startswith("swapped")
    ]
    assert swapped == ["NS1", "NS2", "NS3", "NS4", "NS5"]
    assert not any(words.startswith("swapped") for _, words in of_table(B12, only(B12)))


def test_an_answer_from_a_catalogue_becomes_another_row(only: Callable) -> None:
    """Of the many rows the table's other answers are tried, and one that the table never gives."""
    every = of_table("Monitoring", only("Monitoring"))
    assert [words for rule, words in every if rule == "MO4" and words.startswith("monit")] == [
        f'monitoring: "yearly" → "{answer}"'
        for answer in ("month-3", "month-6", "month-12", "potassium-first-days")
    ]


def test_a_table_of_one_rule_keeps_it(only: Callable) -> None:
    """A table without rules cannot be read, so the only rule is never dropped."""
    protocol = only(B12)
    [table] = protocol.tables
    alone = replace(table, rules=table.rules[:1])
    assert "dropped" not in [words for _, words, _ in changes(alone, protocol.dictionary)]


def test_the_check_catches_what_leaves_a_gap_or_an_overlap(only: Callable) -> None:
    """A dropped rule leaves a gap, a doubled one overlaps; no case is needed."""
    caught = found(only(B12), {})
    assert caught["TB1", "dropped"].caught == "check"
    assert caught["TB1", "dropped"].by == "gap"
    assert caught["TB1", "b12: < 133 → <= 133"].by == "overlap TB1 TB2"


def test_what_reading_refuses_is_caught(only: Callable) -> None:
    """A limit moved out of its range, or past the other end, is refused as it is read."""
    narrow = ("09-contradictions.md", "not([-0.5..0.5])", "not([0.5..0.5])")
    caught = found(only("Contradictions", edit=narrow), {})
    assert caught["XX2", "neutrophil_difference: not([0.5..0.5]) → not([0.51..0.5])"].by == (
        "the interval [0.51..0.5] is empty: its low end is the higher"
    )


def test_a_list_as_an_input_is_refused(only: Callable) -> None:
    """A table whose answer another table reads may not list all that applies."""
    protocol = only("Serum B12 as measured so far", B12, "Active B12")
    lists = [item for item in mutants(protocol, {}) if item.change == "hit policy U → C"]
    assert {item.table: item.by for item in lists if item.caught == "check"} == {
        B12: "b12_level lists all that applies and cannot be an input",
        "Active B12": "active_b12_level lists all that applies and cannot be an input",
    }


def test_a_case_catches_another_answer(only: Callable, cases_of: Callable) -> None:
    """The first case that does not get what it expects is named; without one nobody notices."""
    protocol = only(B12)
    expect = {"b12_level": "low"}
    cases = cases_of(
        protocol,
        normal=({"b12": "300 pmol/L"}, {"b12_level": "normal"}),
        low=({"b12": "100 pmol/L"}, expect),
        lower=({"b12": "50 pmol/L"}, expect),
    )
    change = ("TB1", 'b12_level: "low" → "normal"')
    assert (found(protocol, cases)[change].caught, found(protocol, cases)[change].by) == (
        "case",
        "low",
    )
    assert found(protocol, {})[change].survived


def test_a_case_notices_what_changes_further_down(only: Callable, cases_of: Callable) -> None:
    """An answer that no case names is noticed by what follows from it."""
    lines = ("Leukopenia", "Neutropenia", "Anaemia", "Thrombocytopenia")
    protocol = only("Macrocytosis", *lines, "Any cytopenia", "Megaloblastic blood picture")
    large = {"mcv": "110 fL", "leukopenia": "yes"}
    cases = cases_of(
        protocol,
        platelets=({"platelets": "120 x10^9/L"}, {"anaemia": ["yes", "no"]}),
        large=(large, {"megaloblastic_picture": "yes"}),
        again=(large, {"megaloblastic_picture": "yes"}),
    )
    caught = found(protocol, cases)
    assert caught["MC1", "macrocytosis: true → false"].by == "large"
    assert caught["LE1", "leukopenia: true → false"].by == "large"  # it would be refused
    assert caught["TC1", "thrombocytopenia: true → false"].survived  # no case expects it


def test_a_refused_case_catches_a_contradiction_that_is_lost(only: Callable) -> None:
    """A worked case that must be refused notices when it no longer is."""
    from b12lib.deciding.assessment import decided

    protocol = only("Contradictions")
    slip = {"inputs": {"wbc": "2.0 x10^9/L", "anc": "3.0 x10^9/L"}, "refused": ["anc", "wbc"]}
    cases = {"slip": decided(b12lib.read_case(slip, protocol))}
    assert found(protocol, cases)["XX1", "dropped"].by == "slip"


def test_a_change_without_effect_is_told_apart(only: Callable) -> None:
    """A unique table read as a first-hit table answers the same everywhere: proved, not missed."""
    caught = found(only(B12), {})
    assert caught["", "hit policy U → F"].caught == "equivalent"
    assert not caught["", "hit policy U → F"].survived


def test_a_case_with_visits_notices_a_change_of_what_they_are_judged_by(
    protocol: b12lib.Protocol,
) -> None:
    """What a visit asked of a table is asked of the changed table too."""
    [table] = [one for one in protocol.visits.tables if one.outputs == ("neutrophil_response",)]
    only = replace(protocol, tables=(), visits=replace(protocol.visits, tables=(table,)))
    case = {"inputs": {"anc": "1.2 G/L"}, "visits": [{"day": "20", "anc_now": "1.0 G/L"}]}
    assert _asked(table, only, {"slow": decided(b12lib.read_case(case, protocol))})["slow"]
