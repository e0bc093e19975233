"""Small protocols for the tests of verifying: a few tables, so that everything is quick."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

import b12lib
from b12lib.deciding.assessment import Assessment, decided
from b12lib.reading.protocol import Protocol, read_protocol

Decided = dict[str, Assessment]


@pytest.fixture(scope="session")
def only(protocol: Protocol, edited: Callable[..., dict[str, str]]) -> Callable[..., Protocol]:
    """Return a function: the named tables alone, no visit's, perhaps after an edit of one file."""

    def chosen(*titles: str, edit: tuple[str, str, str] | None = None) -> Protocol:
        whole = read_protocol(edited(*edit)) if edit else protocol
        tables = tuple(table for table in whole.tables if table.title in titles)
        assert len(tables) == len(titles)
        visits = replace(whole.visits, decisions={}, tables=())
        return replace(whole, tables=tables, visits=visits)

    return chosen


@pytest.fixture(scope="session")
def cases_of() -> Callable[..., Decided]:
    """Return a function: cases decided under a protocol, each from its inputs and its answers."""

    def read(protocol: Protocol, **cases: tuple[dict[str, str], dict[str, object]]) -> Decided:
        return {
            name: decided(b12lib.read_case({"inputs": inputs, "expect": expect}, protocol))
            for name, (inputs, expect) in cases.items()
        }

    return read
