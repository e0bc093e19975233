"""Whether a worked case gets what it expects: the answers, or the refusal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from b12lib.deciding.assessment import Assessment, refusals
from b12lib.errors import CaseFault
from b12lib.explaining.wording import words


def differences(assessment: Assessment) -> Iterator[str]:
    """Yield what a worked case expects and does not get, a sentence each."""
    case = assessment.case
    yield from wrong_refusal(case.refused, refusals(assessment))
    if not case.expected and not case.refused:
        yield "it expects nothing; say under 'expect' what should come out"
    for name, expected in case.expected.items():
        values = assessment[name].values
        if set(values) != set(expected):
            yield f"{name} is {words(values)}, expected {words(expected)}"


def wrong_refusal(expected: Iterable[str], faults: Iterable[CaseFault]) -> Iterator[str]:
    """Yield how a refusal differs from the one that a worked case expects."""
    told = {field: fault for fault in faults for field in fault.fields or (fault.field,)}
    expected = tuple(expected)
    for fault in dict.fromkeys(told[field] for field in told if field not in expected):
        yield f"it is refused: {fault}"
    for field in expected:
        if field not in told:
            yield f"{field} is not told as faulty, expected a refusal"
