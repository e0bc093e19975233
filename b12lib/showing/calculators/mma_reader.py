"""The MMA reader: what a number means in each unit, beside its limit and among people."""

from __future__ import annotations

from decimal import Decimal

from b12lib.deciding.assessment import Assessment
from b12lib.deciding.case import read_case
from b12lib.deciding.fields import Given
from b12lib.errors import CaseError
from b12lib.explaining.people import standings
from b12lib.explaining.wording import label, value_of
from b12lib.reading.protocol import Protocol
from b12lib.showing.calculators.calculator import (
    Calculator,
    calculator,
    panel,
    reader,
    refused,
    styled,
    tell,
    widgets,
)
from b12lib.showing.calculators.fields import Form
from b12lib.showing.glossary import explained
from b12lib.showing.levels import Level
from b12lib.showing.readings import mma_readings
from b12lib.showing.section import table
from b12lib.showing.sentences import said, saying, why

NAME, LIMIT, MULTIPLE = "mma", "mma_limit", "mma_fold"
TOLD = ("mma_level", "unit_check", "deficiency_status")
"""Decisions whose sentences read the value."""


def mma_reader(
    protocol: Protocol,
    value: float,
    unit: str = "umol/L",
    limit: str = "",
    level: str = Level.CLINICIAN,
) -> Calculator:
    """Read an MMA value: choose number, unit and the laboratory's limit, see what it means.

    ``unit`` is a UCUM code, ``limit`` the laboratory's upper limit with its unit; empty for the
    protocol's default, ``level`` that of the reader to begin with. Raises ``CaseError`` when the
    limit cannot be read, ``ValueError`` for no reader's level, and what ipywidgets raises for a
    unit that the protocol does not accept.
    """
    form = Form((protocol.inputs[name] for name in (NAME, LIMIT)), protocol)
    form.fill(read_case({LIMIT: limit or None}, protocol).given)
    form.fields[NAME].fill(Given(None, "", Decimal(str(value)), unit))
    who, told = reader(level), panel()

    def show(_: object = None) -> None:
        tell(told, _reading(form, who.value))

    form.observe(show)
    who.observe(show, names="value")
    show()
    row = styled(widgets().Box([each.widget for each in form.fields.values()]), "fields")
    return calculator("mma-reader", [row, who, told], _reading(form, who.value), protocol, who)


def _reading(form: Form, level: Level) -> str:
    try:
        return explained(_told(form.decide(), level), form.protocol, level)
    except CaseError as error:
        return refused(error.faults, form.protocol)


def _told(assessment: Assessment, level: Level) -> str:
    protocol = assessment.protocol
    mma, limit = (assessment.case.given.get(name) for name in (NAME, LIMIT))
    if mma is None or mma.number is None:
        return protocol.inputs[NAME].question
    facts = [[label(MULTIPLE, protocol), value_of(MULTIPLE, assessment)]]
    facts += [["Among people", place] for place in [standings(assessment).get(NAME)] if place]
    meaning = [
        f"- {said(answer, value, assessment, level)}{why(saying(answer, value), level)}"
        for answer in (assessment[name] for name in TOLD)
        for value in (answer.values if answer.known else ())
    ]
    readings = mma_readings(mma.number, limit.written if limit else "", protocol)
    value = value_of(NAME, assessment)
    return "\n\n".join(
        [table([label(NAME, protocol), value], facts), "\n".join(meaning), table(*readings)]
    )
