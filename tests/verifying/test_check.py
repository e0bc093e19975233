"""Gaps, overlaps and dead rules are found, each with a case that shows it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

import b12lib
from b12lib.reading.profiles import Overlay
from b12lib.reading.protocol import read_protocol
from b12lib.verifying.check import TableFault, check, check_ids


def faults(texts: dict[str, str]) -> list[TableFault]:
    """Check an edited protocol."""
    return list(check(read_protocol(texts)))


def test_packaged_protocol_has_no_fault(protocol: b12lib.Protocol) -> None:
    """The protocol that comes with the library has no gap, no overlap and no dead rule."""
    assert check(protocol) == ()


def test_gap_between_two_limits_is_found(edited: Callable[..., dict[str, str]]) -> None:
    """A limit that leaves one value uncovered is a gap, with that value as its example."""
    [fault] = faults(edited("01-confirmation.md", "| TB2 | [133..258]", "| TB2 | (133..258]"))
    assert (fault.kind, fault.table.title, fault.rules) == ("gap", "Total serum B12", ())
    assert str(fault.example["b12"]) == "133"


def test_overlap_of_two_rules_is_found(edited: Callable[..., dict[str, str]]) -> None:
    """Two rules of a unique table that both apply are named, with a case for both."""
    [fault] = faults(edited("01-confirmation.md", "| TB1 | < 133", "| TB1 | <= 133"))
    assert (fault.kind, fault.rules) == ("overlap", ("TB1", "TB2"))
    assert str(fault.example["b12"]) == "133"


def test_unknown_left_out_is_a_gap(edited: Callable[..., dict[str, str]]) -> None:
    """Where a column asks for unknown, not knowing is one more value that a rule must cover."""
    old = '| SB9 | unknown | "normal" |'
    [fault] = faults(edited("01-confirmation.md", old, '| SB9 | "low" | "normal" |'))[:1]
    assert {fault.kind for fault in [fault]} <= {"gap", "overlap"}
    kinds = {
        (item.kind, item.rules)
        for item in faults(edited("01-confirmation.md", old, '| SB9 | "low" | "normal" |'))
    }
    assert ("gap", ()) in kinds
    assert ("overlap", ("SB1", "SB9")) in kinds


def test_rule_behind_another_is_unreachable(edited: Callable[..., dict[str, str]]) -> None:
    """In a first-hit table a rule that never comes first is reported as unreachable."""
    old = "| NS2 | - | true | - | - | - | true |"
    found = faults(edited("03-nervous-system.md", old, "| NS2 | true | - | - | - | - | true |"))
    assert ("unreachable", ("NS2",)) in [(fault.kind, fault.rules) for fault in found]


@pytest.mark.parametrize("profile", b12lib.profiles())
def test_packaged_profiles_have_no_fault(profile: str) -> None:
    """No profile that comes with the library has a gap, an overlap or a dead rule."""
    assert check(b12lib.load_protocol(profile=profile)) == ()


def test_packaged_profiles_share_no_id_but_those_of_the_base() -> None:
    """An id is one rule, whoever uses it."""
    profiles = [b12lib.load_protocol(profile=name) for name in b12lib.profiles()]
    assert list(check_ids([b12lib.load_protocol(), *profiles])) == []


def test_one_id_for_rules_of_two_profiles_is_found(
    texts: Mapping[str, str], protocol: b12lib.Protocol
) -> None:
    """Two profiles that name their own rules alike are told, in the file of the second."""
    header = texts["README.md"].split("\n# ")[0]
    table = (
        "\n\n## Leukopenia\n\n| U | wbc | leukopenia | rationale | sources |\n"
        "|:---:|:---:|:---:|---|---|\n| | `i` | `o` | `a` | `a` |\n"
        "| EL1 | - | true | Made up. | @seed |\n"
    )
    files = {"README.md": header, "02-marrow.md": header + table}
    one, two = (read_protocol(texts, Overlay(name, files)) for name in ("one", "two"))
    [fault] = check_ids([protocol, one, two])
    assert (fault.kind, fault.rules) == ("shared id", ("EL1",))
    assert fault.table.place.file == "profiles/two/02-marrow.md"
