"""What was found out about a protocol, as text and as data."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType

import pytest

import b12lib
from b12lib.reading.properties import Property
from b12lib.reading.protocol import Protocol, read_protocol
from b12lib.showing.verification import markdown, record
from b12lib.verifying.verification import Verification, verify

B12 = "Total serum B12"


def found(
    protocol: Protocol, properties: Mapping[str, Property] = MappingProxyType({}), **levels: str
) -> Verification:
    """Verify one table alone, with a case for each B12 in pmol/L and the level it expects."""
    tables = tuple(table for table in protocol.tables if table.title == B12)
    visits = replace(protocol.visits, decisions={}, tables=())
    small = replace(protocol, tables=tables, properties=properties, visits=visits)
    cases = {
        name: b12lib.read_case(
            {"inputs": {"b12": f"{name[1:]} pmol/L"}, "expect": {"b12_level": level}}, small
        )
        for name, level in levels.items()
    }
    return verify(small, cases)


@pytest.fixture(scope="module")
def some(protocol: Protocol) -> Verification:
    """Two cases of a table with three rules and two limits."""
    return found(protocol, p132="low", p133="indeterminate")


def test_a_summary_counts_what_was_found(some: Verification) -> None:
    """Rules, conditions, limits and changes are counted, each against all there are."""
    text = markdown(some)
    assert text.startswith("# Verification of “Vitamin B12 deficiency”, version ")
    assert "- 3 rules in 1 tables: no gap, overlap or dead rule" in text
    assert "- 2 worked cases run: no wrong answer" in text
    assert "- 2 of 3 rules fire in a case" in text
    assert "- 2 of 3 conditions decide an answer in a case" in text
    assert "- 1 of 2 limits have a case on each side" in text
    assert "of its inputs, answers, rows, units and sources unused" in text


def test_every_finding_is_listed(some: Verification) -> None:
    """What no case tries or notices stands below the summary, with its place."""
    text = markdown(some)
    assert "## Unused\n\n- input age (inputs.md:" in text
    assert "## Rules that fire in no case\n\n- TB3" in text
    assert "## Conditions that decide in no case\n\n- TB3: b12" in text
    assert "## Limits without a case on each side\n\n- Total serum B12: b12 258 | 259" in text
    assert "## Changes that nobody would notice\n\n- Total serum B12, the whole table: hit" in text
    assert 'Total serum B12, TB3: b12_level: "normal" → "low"' in text


def test_a_wrong_case_leaves_the_changes_out(protocol: Protocol) -> None:
    """The summary says why no table was changed."""
    text = markdown(found(protocol, p132="low", p133="low", p258="low"))
    assert "- 3 worked cases run: 2 wrong answers" in text
    assert "- p133: b12_level is indeterminate, expected low" in text
    assert "- no table was changed: first every case must get what it expects" in text


def test_a_fault_leaves_the_cases_out(edited: Callable[..., dict[str, str]]) -> None:
    """A gap is listed with its example; nothing else was tried."""
    texts = edited("01-confirmation.md", "| TB2 | [133..258]", "| TB2 | (133..258]")
    with_gap = found(read_protocol(texts), p133="low")
    text = markdown(with_gap)
    assert "- 3 rules in 1 tables: 1 gap, overlap or dead rule" in text
    assert "- gap in 01-confirmation.md:" in text
    assert "worked cases run" not in text
    assert record(with_gap)["rules"] == {}


def test_the_data_has_everything_by_rule(some: Verification) -> None:
    """A page can show for each rule its cases, its deciding conditions and its changes."""
    data = json.loads(json.dumps(record(some)))
    assert (data["passed"], data["cases"]) == (False, {"run": ["p132", "p133"], "wrong": []})
    rule = data["rules"]["TB1"]
    assert (rule["fired"], rule["decisive"]) == (["p132"], {"b12": ["p132"]})
    gap = {"change": "dropped", "caught": "check", "by": "gap"}
    assert gap in rule["mutants"]
    assert [item["change"] for item in data["tables"][B12]["mutants"]] == [
        "hit policy U → F",
        "hit policy U → C",
    ]
    assert data["limits"][0] == {
        "table": B12,
        "column": "b12",
        "below": "132",
        "above": "133",
        "rules": ["TB1", "TB2"],
        "at_below": ["p132"],
        "at_above": ["p133"],
    }


@pytest.fixture(scope="module")
def promised(edited: Callable[..., dict[str, str]]) -> Mapping[str, Property]:
    """A property that the table keeps, and one that it does not."""
    rows = [
        '| P98 | b12_level is "low" | b12_level is never "normal" | As said. | @nice2024 |',
        '| P99 | always | b12_level is never "low" | To be broken. | @nice2024 |',
        "| P19 | always |",
    ]
    whole = read_protocol(edited("properties.md", rows[-1], "\n".join(rows)))
    return MappingProxyType({name: whole.properties[name] for name in ("P98", "P99")})


def test_a_broken_property_is_told_with_its_case(
    protocol: Protocol, promised: Mapping[str, Property]
) -> None:
    """What was proved is counted; what is broken stands below with the case that breaks it."""
    proved = found(protocol, promised, p132="low")
    text = markdown(proved)
    assert "- 1 of 2 safety properties proved for every possible case" in text
    assert (
        "## Safety properties that do not hold\n\n"
        '- P99, violated: when always, must b12_level is never "low"; ' in text
    )
    assert [item["verdict"] for item in record(proved)["proofs"]] == ["proved", "violated"]


def test_a_missing_solver_is_told(some: Verification) -> None:
    """Where nothing could be proved the summary names the part to install."""
    unproved = replace(some, proofs=None)
    assert "- proving the safety properties needs" in markdown(unproved)
    assert record(unproved)["proofs"] is None
