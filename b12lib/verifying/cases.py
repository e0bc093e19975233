"""Whether a worked case gets what it expects: the answers, or the refusal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from b12lib.deciding.assessment import Assessment, VisitAssessment, refusals
from b12lib.deciding.case import Case
from b12lib.errors import CaseFault
from b12lib.explaining.wording import words
from b12lib.reading.feel import Value


def differences(assessment: Assessment) -> Iterator[str]:
    """Yield what a worked case expects and does not get, a sentence each."""
    case = assessment.case
    yield from wrong_refusal(case.refused, refusals(assessment))
    yield from _unlike(case.expected, assessment, case, "")
    for one in assessment.visits:
        yield from _unlike(one.visit.expected, one, case, f"day {one.visit.day}: ")


def _unlike(
    expected: Mapping[str, tuple[Value, ...]],
    found: Assessment | VisitAssessment,
    case: Case,
    when: str,
) -> Iterator[str]:
    if not expected and not case.refused:
        yield f"{when}it expects nothing; say under 'expect' what should come out"
    for name, answers in expected.items():
        values = found[name].values
        if set(values) != set(answers):
            yield f"{when}{name} is {words(values)}, expected {words(answers)}"


def wrong_refusal(expected: Iterable[str], faults: Iterable[CaseFault]) -> Iterator[str]:
    """Yield how a refusal differs from the one that a worked case expects."""
    told = {field: fault for fault in faults for field in fault.fields or (fault.field,)}
    expected = tuple(expected)
    for fault in dict.fromkeys(told[field] for field in told if field not in expected):
        yield f"it is refused: {fault}"
    for field in expected:
        if field not in told:
            yield f"{field} is not told as faulty, expected a refusal"
