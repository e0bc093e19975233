"""The regimen scheduler: a first day gives the dates of doses, blood tests and reviews."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import replace
from datetime import date
from html import escape
from types import MappingProxyType

from b12lib.deciding.assessment import Assessment
from b12lib.errors import CaseError, MissingExtra
from b12lib.explaining.calendar import Calendar, calendar
from b12lib.explaining.dates import START
from b12lib.showing.calculators.calculator import (
    Calculator,
    calculator,
    panel,
    reader,
    styled,
    tell,
    widgets,
)
from b12lib.showing.calculators.fields import Form
from b12lib.showing.calendar import ics, markdown, worded
from b12lib.showing.glossary import explained
from b12lib.showing.levels import Level

FILE = "b12-calendar.ics"


def scheduler(
    assessment: Assessment, start: date | None = None, level: str = Level.CLINICIAN
) -> Calculator:
    """Date what a case asks for from the day of its first dose, to see or to take along as a file.

    ``start`` is the date of the first dose, by default the case's; without any, days are counted.
    ``level`` is that of the reader to begin with. Raises ``ValueError`` for a date that no case may
    name, and for no reader's level.
    """
    form = Form([assessment.protocol.inputs[START]], assessment.protocol)
    (day,) = (each.controls[0] for each in form.fields.values())
    form.fill(assessment.case.given)
    if start:
        day.value = start
    undated = _without_date(assessment)  # the control alone says when it begins
    who, told, file = reader(level), panel(), panel()

    def shown() -> Calendar:
        return worded(calendar(undated, day.value), undated, who.value)

    def written(found: Calendar) -> str:
        text = markdown(found, undated, who.value)
        return explained(text, assessment.protocol, who.value)

    def show(_: object = None) -> None:
        try:
            form.decide()
        except CaseError:  # the field says what is wrong
            told.value = file.value = ""
            return
        found = shown()
        tell(told, written(found))
        file.value = _file(found)

    form.observe(show)
    who.observe(show, names="value")
    show()
    row = styled(widgets().Box([form.fields[START].widget]), "fields")
    return calculator(
        "scheduler", [row, who, file, told], written(shown()), assessment.protocol, who
    )


def _without_date(assessment: Assessment) -> Assessment:
    given = {name: said for name, said in assessment.case.given.items() if name != START}
    return replace(assessment, case=replace(assessment.case, given=MappingProxyType(given)))


def _file(found: Calendar) -> str:
    """Return a link that holds the calendar as a file; nothing while there are no dates."""
    if not found.start:
        return ""
    try:
        data = b64encode(ics(found)).decode("ascii")
    except MissingExtra as error:
        return f"<p>{escape(str(error))}</p>"
    link = f'href="data:text/calendar;charset=utf-8;base64,{data}" download="{FILE}"'
    return f"<p><a {link}>Download these dates as a file for a calendar program (.ics)</a></p>"
