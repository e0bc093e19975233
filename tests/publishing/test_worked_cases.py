"""The worked cases of a protocol, compared with what they expect."""

from __future__ import annotations

from pathlib import Path

import b12lib
from b12lib.publishing.worked_cases import packaged_cases, read_cases, run_cases


def test_what_a_visit_expects_is_compared_too(tmp_path: Path, protocol: b12lib.Protocol) -> None:
    """A visit that comes out otherwise, or expects nothing, is told with its day."""
    (tmp_path / "cases").mkdir()
    (tmp_path / "cases" / "one.yaml").write_text(
        "inputs:\n  anaemia: yes\n"
        "visits:\n- day: 1\n  expect: {response: late}\n- day: 2\n"
        "expect:\n  anaemia: yes\n",
        encoding="utf-8",
    )

    assert run_cases(protocol, tmp_path)[1] == [
        "one.yaml: day 1: response is too early, expected late",
        "one.yaml: day 2: it expects nothing; say under 'expect' what should come out",
    ]


def test_cases_that_come_with_the_library_are_read_once() -> None:
    """Whoever makes several sets of questions waits for the files only before the first."""
    protocol = b12lib.load_protocol(profile="uk-bnf")
    assert packaged_cases("uk-bnf") is packaged_cases("uk-bnf")
    assert packaged_cases("uk-bnf") == read_cases(protocol)[0]
