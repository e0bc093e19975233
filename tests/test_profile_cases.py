"""The worked cases of the profiles: each shows what its guideline answers differently."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import b12lib
from b12lib.publishing.worked_cases import case_files
from b12lib.reading.sources import citations

BASE = b12lib.load_protocol()
EACH = [(name, file) for name in b12lib.profiles() for file in case_files(profile=name)]

each_case = pytest.mark.parametrize(
    ("profile", "file"), EACH, ids=[f"{name}-{file.stem}" for name, file in EACH]
)


@each_case
def test_a_case_gets_the_decisions_that_it_expects(profile: str, file: Path) -> None:
    """Every expected decision comes out, one answer or the exact set of answers still open."""
    assessment = b12lib.assess(file, b12lib.load_protocol(profile=profile))
    expected = assessment.case.expected
    found = {name: set(assessment[name].values) for name in expected}
    assert found == {name: set(answers) for name, answers in expected.items()}


@each_case
def test_a_case_is_named_by_a_sentence_and_rests_on_sources(profile: str, file: Path) -> None:
    """A case says what it shows, and every source that it names is in the protocol."""
    protocol = b12lib.load_protocol(profile=profile)
    case = b12lib.read_case(file, protocol)
    assert re.fullmatch(r"[A-Z](\S* ){3,}\S+\.", case.name)
    assert case.kind
    assert case.note
    assert {source.key for source in citations(case.source)} <= protocol.references.keys()


@pytest.mark.parametrize("profile", b12lib.profiles())
def test_every_rule_of_a_profile_fires_in_one_of_its_cases(profile: str) -> None:
    """A rule that no case of its profile shows is a rule that nobody has looked at."""
    protocol = b12lib.load_protocol(profile=profile)
    fired = {
        rule.id
        for file in case_files(profile=profile)
        for answer in b12lib.assess(file, protocol).answers.values()
        for rule in answer.outcome.fired
    }
    assert protocol.rules.keys() - BASE.rules.keys() <= fired


@pytest.mark.parametrize("file", case_files(), ids=lambda file: file.stem)
def test_every_case_of_the_base_compares(file: Path) -> None:
    """No profile stumbles over a case that the base decides."""
    assert all(side.assessment for side in b12lib.compare(file).sides)
