"""The worked cases of the protocol: what a clinician expects is what the tables decide."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import b12lib
from b12lib.deciding.case import Case
from b12lib.publishing.worked_cases import all_case_files, case_files, read_cases
from b12lib.reading.sources import citations
from b12lib.reading.yaml import read_mapping

PROTOCOL = b12lib.load_protocol()
CASES, WRONGLY_REFUSED = read_cases(PROTOCOL)
REPORTED = [CASES[file.name] for file in case_files()]
TOLD = {
    file: read_mapping(file.read_text(encoding="utf-8")) for file in all_case_files()
}  # those that cannot be read as a case included

each_case = pytest.mark.parametrize("case", CASES.values(), ids=list(CASES))


@each_case
def test_a_case_gets_the_decisions_that_its_source_expects(case: Case) -> None:
    """Every expected decision comes out, one answer or the exact set of answers still open."""
    if case.refused:
        with pytest.raises(b12lib.CaseError) as caught:
            b12lib.assess(case)
        told = {field for fault in caught.value.faults for field in fault.fields or (fault.field,)}
        assert told == set(case.refused)
        return
    assessment = b12lib.assess(case)
    found = {name: set(assessment[name].values) for name in case.expected}
    assert found == {name: set(answers) for name, answers in case.expected.items()}
    assert found
    for visit in assessment.visits:
        expected = visit.visit.expected
        found = {name: set(visit[name].values) for name in expected}
        assert found == {name: set(answers) for name, answers in expected.items()}


def test_a_bare_number_is_refused() -> None:
    """The cases that cannot be read are refused for the fields they name (the seed's bare 90)."""
    unread = {file.stem for file in TOLD} - {Path(name).stem for name in CASES}
    assert unread == {"t21-bare-number"}
    assert WRONGLY_REFUSED == []


@pytest.mark.parametrize("case", REPORTED, ids=[case.name for case in REPORTED])
def test_a_reported_case_expects_everything_that_would_be_done_or_warned_of(case: Case) -> None:
    """No treatment, follow-up or advice can appear or vanish without a case noticing."""
    told = [(PROTOCOL, case.expected), *((PROTOCOL.visits, v.expected) for v in case.visits)]
    for stage, expected in told:
        wanted = {
            name
            for name, decision in stage.decisions.items()
            if decision.part in ("treatment", "follow-up", "advice")
        }
        assert wanted <= set(expected)
    assert all("response" in visit.expected for visit in case.visits)


@pytest.mark.parametrize("file", TOLD, ids=[file.stem for file in TOLD])
def test_a_case_rests_on_sources_that_exist(file: Path) -> None:
    """Every source of a case is in references.bib, every claim it names in the ledger."""
    for source in citations(" ".join(TOLD[file]["source"].split())):
        assert source.key in PROTOCOL.references
        claims = re.findall(r"\b[CD]\d+\b", source.locator) if source.key == "seed" else []
        assert set(claims) <= set(PROTOCOL.claims)


@pytest.mark.parametrize("file", TOLD, ids=[file.stem for file in TOLD])
def test_a_case_is_named_by_a_sentence(file: Path) -> None:
    """A case says in one sentence what it shows, and says of which kind it is."""
    told = TOLD[file]
    assert re.fullmatch(r"[A-Z](\S* ){3,}\S+\.", told["case"])
    assert told["kind"]
    assert told["note"]


def test_no_two_cases_share_a_name() -> None:
    """A report can name a case by its sentence, and a person by its file."""
    assert len({told["case"] for told in TOLD.values()}) == len(TOLD)
    assert len({file.stem for file in TOLD}) == len(TOLD)


def test_case_files_have_short_plain_names() -> None:
    """A file name is a handle for the command line: lower-case words joined by hyphens."""
    assert all(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", file.stem) for file in TOLD)
