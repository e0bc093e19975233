"""The MMA reader: what a number means in each unit, beside its limit and among people."""

from __future__ import annotations

from decimal import Decimal

from b12lib.deciding.assessment import Assessment
from b12lib.deciding.case import read_case
from b12lib.deciding.fields import Given
from b12lib.errors import CaseError
from b12lib.explaining.people import standings
from b12lib.explaining.wording import label, sentence, value_of
from b12lib.reading.protocol import Protocol
from b12lib.showing.calculators.calculator import (
    Calculator,
    calculator,
    panel,
    refused,
    styled,
    tell,
    widgets,
)
from b12lib.showing.calculators.fields import Form
from b12lib.showing.readings import mma_readings
from b12lib.showing.section import table

NAME, LIMIT, MULTIPLE = "mma", "mma_limit", "mma_fold"
TOLD = ("mma_level", "unit_check", "deficiency_status")
"""Decisions whose sentences read the value."""


def mma_reader(
    protocol: Protocol, value: float, unit: str = "umol/L", limit: str = ""
) -> Calculator:
    """Read an MMA value: choose number, unit and the laboratory's limit, see what it means.

    ``unit`` is a UCUM code, ``limit`` the laboratory's upper limit with its unit; empty for the
    protocol's default. Raises ``CaseError`` when the limit cannot be read, and what ipywidgets
    raises for a unit that the protocol does not accept.
    """
    form = Form((protocol.inputs[name] for name in (NAME, LIMIT)), protocol)
    form.fill(read_case({LIMIT: limit or None}, protocol).given)
    form.fields[NAME].fill(Given(None, "", Decimal(str(value)), unit))
    told = panel()

    def show(_: object = None) -> None:
        tell(told, _reading(form))

    form.observe(show)
    show()
    row = styled(widgets().Box([each.widget for each in form.fields.values()]), "fields")
    return calculator("mma-reader", [row, told], _reading(form), protocol)


def _reading(form: Form) -> str:
    try:
        return _told(form.decide())
    except CaseError as error:
        return refused(error.faults, form.protocol)


def _told(assessment: Assessment) -> str:
    protocol = assessment.protocol
    mma, limit = (assessment.case.given.get(name) for name in (NAME, LIMIT))
    if mma is None or mma.number is None:
        return protocol.inputs[NAME].question
    facts = [[label(MULTIPLE, protocol), value_of(MULTIPLE, assessment)]]
    facts += [["Among people", place] for place in [standings(assessment).get(NAME)] if place]
    said = [
        f"- {sentence(name, value, assessment)}"
        for name in TOLD
        for value in (assessment[name].values if assessment[name].known else ())
    ]
    readings = mma_readings(mma.number, limit.written if limit else "", protocol)
    value = value_of(NAME, assessment)
    return "\n\n".join(
        [table([label(NAME, protocol), value], facts), "\n".join(said), table(*readings)]
    )
