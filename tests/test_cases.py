"""The worked cases of the protocol: what a clinician expects is what the tables decide."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import b12lib
from b12lib.reading.sources import citations
from b12lib.rooms import room

FILES = sorted((room("protocol") / "cases").glob("*.yaml"))
CASES = [b12lib.read_case(file) for file in FILES]
PROTOCOL = b12lib.load_protocol()

each_case = pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])


@each_case
def test_a_case_gets_the_decisions_that_its_source_expects(case: b12lib.Case) -> None:
    """Every expected decision comes out, one answer or the exact set of answers still open."""
    assessment = b12lib.assess(case)
    found = {name: set(assessment[name].values) for name in case.expected}
    assert found == {name: set(answers) for name, answers in case.expected.items()}


@each_case
def test_a_case_expects_everything_that_would_be_done_or_warned_of(case: b12lib.Case) -> None:
    """No treatment, follow-up or advice can appear or vanish without a case noticing."""
    wanted = {
        name
        for name, decision in PROTOCOL.decisions.items()
        if decision.part in ("treatment", "follow-up", "advice")
    }
    assert wanted <= set(case.expected)


@each_case
def test_a_case_rests_on_sources_that_exist(case: b12lib.Case) -> None:
    """Every source of a case is in references.bib, every claim it names in the ledger."""
    for source in citations(case.source):
        assert source.key in PROTOCOL.references
        claims = re.findall(r"\b[CD]\d+\b", source.locator) if source.key == "seed" else []
        assert set(claims) <= set(PROTOCOL.claims)


@each_case
def test_a_case_is_named_by_a_sentence(case: b12lib.Case) -> None:
    """A case says in one sentence what it shows, and says of which kind it is."""
    assert re.fullmatch(r"[A-Z](\S* ){3,}\S+\.", case.name)
    assert case.kind
    assert case.note


def test_no_two_cases_share_a_name() -> None:
    """A report can name a case by its sentence."""
    assert len({case.name for case in CASES}) == len(CASES)


def test_every_rule_fires_in_a_case() -> None:
    """A rule that no worked case shows is a rule that nobody has looked at."""
    assessments = [b12lib.assess(case) for case in CASES]
    fired = {
        rule.id
        for assessment in assessments
        for answer in assessment.answers.values()
        for rule in answer.outcome.fired
    }
    refusing = {
        rule.id
        for table in PROTOCOL.tables
        for rule in table.rules
        if PROTOCOL.decisions[table.outputs[0]].part == "refusal"
    }
    assert set(PROTOCOL.rules) - fired == refusing


def test_a_contradictory_case_is_refused_instead_of_decided() -> None:
    """More neutrophils than white cells are told as a fault of the case (rule XX1)."""
    with pytest.raises(b12lib.CaseError, match="more neutrophils than white cells"):
        b12lib.assess({"wbc": "2.0 x10^9/L", "anc": "3.0 x10^9/L"})


def test_a_sore_tongue_contradicts_a_normal_nervous_system() -> None:
    """The seed counts the tongue as neurological, so saying both is refused (rule NS5)."""
    with pytest.raises(b12lib.CaseError, match="neurological"):
        b12lib.assess({"tongue_symptoms": "yes", "neurological": "no"})


def test_case_files_have_short_plain_names() -> None:
    """A file name is a handle for the command line: lower-case words joined by hyphens."""
    assert all(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", Path(file).stem) for file in FILES)
