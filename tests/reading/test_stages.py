"""How the protocol tells what is decided once from what is decided at every visit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest

import b12lib
from b12lib.reading.feel import formula
from b12lib.reading.protocol import read_protocol

DAY = "| day | Days since the first dose | quantity | d | | 1 | 0..36500 | unknown | | |"

OLD = "max(earlier.haemoglobin_now)"
BEST = f"unknown | `{OLD}` |"


def test_tables_that_rest_on_a_visit_decide_at_every_visit(protocol: b12lib.Protocol) -> None:
    """Directly, through another decision, or not at all: every table has one stage."""
    assert "treatment_phase" in protocol.visits.decisions
    assert "reevaluate" in protocol.visits.decisions
    assert "treat_now" in protocol.decisions
    assert not protocol.decisions.keys() & protocol.visits.decisions.keys()
    for stage in (protocol, protocol.visits):
        assert {name for table in stage.tables for name in table.outputs} == set(stage.decisions)


def test_facts_of_visits(protocol: b12lib.Protocol) -> None:
    """A finding of a visit is a fact; a response judged without an earlier visit holds for now."""
    assert "anaemia_now" in protocol.visits.facts
    assert "haemoglobin_response" not in protocol.visits.facts
    assert not protocol.facts & protocol.visits.decisions.keys()


def test_a_table_is_read_again_of_a_visit(protocol: b12lib.Protocol) -> None:
    """The table of anaemia judges a visit's haemoglobin; its rules stay those of their chapter."""
    again = next(t for t in protocol.visits.tables if t.outputs == ("anaemia_now",))
    own, _ = protocol.rules["AN1"]

    assert [column.name for column in again.columns] == ["haemoglobin_now", "sex"]
    assert again.rules == own.rules
    assert own.outputs == ("anaemia",)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (DAY, DAY.replace("| day |", "| days |"), "the row day is missing: a quantity in d"),
        (DAY, DAY.replace("| d |", "| 1 |"), "the row day is missing"),
        (
            "| nerves_now | Neurological symptoms since the first dose |",
            "| expect | Neurological symptoms since the first dose |",
            "expect means something else in a visit",
        ),
        (
            BEST,
            BEST.replace(OLD, "max(earlier.haemoglobin)"),
            "the formula uses earlier.haemoglobin, not a row of visits.md above it",
        ),
        (
            BEST,
            BEST.replace(OLD, "max(earlier.haemoglobin_now) + foo"),
            "the formula uses foo, not an input above it",
        ),
        (BEST, BEST.replace(OLD, "max(haemoglobin_now)"), "is not allowed in a formula"),
        (BEST, BEST.replace(OLD, "max(later.haemoglobin_now)"), "is not allowed in a"),
        (BEST, BEST.replace(OLD, "earlier.haemoglobin_now"), "is not allowed in a formula"),
        (BEST, BEST.replace(OLD, "max(earlier.nerves_now)"), "is not a quantity"),
        (
            "| potassium_now | Potassium in serum or plasma |",
            "| homocysteine | Homocysteine |",
            "an input has the same",
        ),
    ],
)
def test_refused_visits_page(refused: Callable[..., str], old: str, new: str, message: str) -> None:
    """What cannot be meant in visits.md is refused, with its place."""
    told = [line for line in refused("visits.md", old, new).split("\n") if message in line]

    assert told
    assert told[0].startswith("visits.md")


def test_only_a_visit_looks_back(edited: Callable[..., dict[str, str]]) -> None:
    """Before treatment there is no earlier visit, so inputs.md cannot ask for one."""
    old = "`wbc * neutrophils_percent / 100`"
    texts = edited("inputs.md", old, "`max(earlier.wbc)`")

    with pytest.raises(b12lib.ProtocolError, match=r"earlier\.wbc, not a row of visits\.md"):
        read_protocol(texts)


def test_a_table_read_again_gives_the_same_answers(refused: Callable[..., str]) -> None:
    """A decision that borrows a table has its answers and no others."""
    row = "| homocysteine_target_now | Homocysteine target at the visit |"

    told = refused("decisions.md", f'{row} "reached", "not reached" |', f'{row} "reached", "no" |')

    assert "its answers are not those of homocysteine_target, whose table it uses" in told


def test_a_name_without_twin_borrows_no_table(refused: Callable[..., str]) -> None:
    """A decision whose table would read nothing of the visit is decided by no table."""
    told = refused("decisions.md", "| homocysteine_target_now |", "| renal_dysfunction_now |")

    assert "no table decides it" in told


def test_the_question_is_not_left_to_a_visit(refused: Callable[..., str]) -> None:
    """Whether to treat is decided before treatment, so it cannot rest on a visit."""
    told = refused(
        "04-treatment.md",
        "| U | deficiency_status | mma_level | serum_b12 | neurological |",
        "| U | deficiency_status | mma_level_now | serum_b12 | neurological |",
    )

    assert told.split("\n")[0].startswith("decisions.md")
    assert "treat_now is decided before treatment, but its table rests on visits.md" in told


def test_another_table_is_read_again_too(protocol: b12lib.Protocol) -> None:
    """Who exchanges the table of a limit exchanges it wherever that is used, and no other."""
    table = next(t for t in protocol.tables if t.outputs == ("potassium_level",))
    other = replace(table, rules=tuple(reversed(table.rules)))

    changed = protocol.with_table(other)

    assert [reading.rules for _, reading in changed.readings(table)] == [other.rules] * 2
    assert [reading.outputs for _, reading in changed.readings(table)] == [
        ("potassium_level",),
        ("potassium_level_now",),
    ]
    for before, after in ((protocol, changed), (protocol.visits, changed.visits)):
        same = [t for t in before.tables if t.place != table.place]
        assert [t for t in after.tables if t.place != table.place] == same
        assert after.facts == before.facts


def test_no_property_speaks_of_a_visit(refused: Callable[..., str]) -> None:
    """The solver searches what is decided before treatment, so a property names nothing else."""
    told = refused("properties.md", "| neurological is true |", '| nerves_now is "worse" |')

    assert "there is no input or decision 'nerves_now'" in told


@pytest.mark.parametrize(
    ("earlier", "highest"),
    [
        ((), None),
        (({"x": None}, {}), None),
        (({"x": Decimal(3)}, {"x": Decimal(5)}, {"x": None}), Decimal(5)),
    ],
)
def test_the_highest_of_earlier_visits(
    earlier: tuple[dict[str, Decimal | None], ...], highest: Decimal | None
) -> None:
    """``max(earlier.x)`` is the highest x that was measured; unknown where none was."""
    read = formula("max(earlier.x)")

    assert read.names == frozenset()
    assert read.earlier == {"x"}
    assert read.value({"x": Decimal(9)}, {}, earlier) == highest
