"""Every state that a decision can be in is known before any case is decided."""

from __future__ import annotations

from collections.abc import Callable

import b12lib
from b12lib.verifying.states import reachable, situations


def test_a_decision_may_be_open_between_answers_that_its_table_can_leave_open(
    only: Callable,
) -> None:
    """Total B12 is one of three or all three; no table leaves it open between two."""
    states = reachable(only("Total serum B12"))["b12_level"]
    assert states == {
        ("low",),
        ("indeterminate",),
        ("normal",),
        ("low", "indeterminate", "normal"),
    }


def test_no_case_comes_to_a_state_that_is_not_reachable(protocol: b12lib.Protocol) -> None:
    """The states hold what the seed's patient and an empty case come to."""
    states = reachable(protocol)
    seed = {"mma": "90 umol/L", "leukopenia": "yes", "neutropenia": "yes", "macrocytosis": "yes"}
    for case in (seed, {}):
        for name, answer in b12lib.assess({"inputs": case}).answers.items():
            if name not in protocol.collecting:
                assert set(answer.values) in [set(state) for state in states[name]]


def test_what_is_open_stays_open_where_only_not_knowing_counts(protocol: b12lib.Protocol) -> None:
    """A table that asks whether potassium is known, not what it is, meets both."""
    [table] = [item for item in protocol.tables if item.title == "Blood before the first dose"]
    found = situations(table, protocol, reachable(protocol))
    assert {len(possible["potassium_level"]) for possible in found} == {1, 2}


def test_an_action_is_never_open(protocol: b12lib.Protocol) -> None:
    """Whether to treat now has one answer whatever is known."""
    assert all(len(state) == 1 for state in reachable(protocol)["treat_now"])


def test_an_assumed_input_is_never_missing(protocol: b12lib.Protocol) -> None:
    """What the dictionary assumes when a case is silent is always known to the tables."""
    states = reachable(protocol)
    [table] = [table for table in protocol.tables if table.title == "Folic acid"]
    found = list(situations(table, protocol, states))
    assert all("b12_improving" in possible for possible in found)
    assert any("folate_deficiency" in possible for possible in found)
