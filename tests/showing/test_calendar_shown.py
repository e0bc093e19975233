"""A calendar as a table, as data, and as a file that calendar programs read."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta

import icalendar
import pytest

import b12lib
from b12lib.errors import MissingExtra
from b12lib.showing.calendar import ics, markdown, record

CASE = "case: Jane Doe\ninputs: {mma: 90 µmol/L, neurological: no, treatment_start: 2026-03-02}"
ASSESSMENT = b12lib.assess(CASE)
SHOWN = ASSESSMENT.calendar()
NERVES = b12lib.assess({"mma": "90 µmol/L", "neurological": True})


def rows(text: str) -> list[list[str]]:
    """Return the cells of a table's rows, its head first."""
    lines = [line.strip("| ").split(" | ") for line in text.split("\n") if line.startswith("|")]
    return [lines[0], *lines[2:]]


def test_what_comes_back_shares_a_row() -> None:
    """The six loading doses stand in one row, each with its day and date."""
    head, *shown = rows(markdown(SHOWN, ASSESSMENT))
    assert head == ["Day", "Date", "What", "When, and why then"]
    [loading] = [row for row in shown if row[0] == "0, 2, 4, 7, 9, 11"]
    assert loading[1].startswith("2026-03-02, 2026-03-04, ")
    assert loading[2] == "**hydroxocobalamin 1 mg intramuscularly**"
    [first, *_] = [row[0] for row in shown if row[3].startswith("every 2–3 months")]
    assert first.startswith("72 to 103, 133 to 195")


def test_a_long_row_leaves_days_out() -> None:
    """Of many doses the first three and the last are listed, and how many there are."""
    shown = NERVES.calendar()
    head, *shown_rows = rows(markdown(shown, NERVES))
    assert head == ["Day", "What", "When, and why then"]
    assert "0, 2, 4 … 90 (46 times)" in [row[0] for row in shown_rows]


def test_what_has_no_place_in_the_table_is_told_below_it() -> None:
    """What is open, what comes later and what nobody dates stand under the table."""
    told = markdown(NERVES.calendar(), NERVES)
    assert "- Nobody can date the end of this phase: on alternate days until" in told
    assert "- Later: Full blood count" in told
    assert "- Without a date: Macrocytosis resolves (several weeks to months)." in told
    assert "- Days count from the first dose, whose date is not known." in told


def test_without_events_only_the_reason_is_told() -> None:
    """Where nothing is dated there is no table."""
    waiting = b12lib.assess({"mma": "90 nmol/L"})
    assert markdown(waiting.calendar(), waiting).startswith("- No dose is dated. Test first")


def test_an_assessment_shows_it_once_the_first_dose_has_a_date() -> None:
    """The section stands in an assessment whose case gives the date of the first dose."""
    assert ASSESSMENT.section("Calendar").body == markdown(SHOWN, ASSESSMENT)
    assert "### Calendar" in ASSESSMENT._repr_markdown_()
    assert "### Calendar" not in NERVES._repr_markdown_()


def test_as_data() -> None:
    """The JSON form has the same events, with dates and sources as text."""
    data = json.loads(json.dumps(record(SHOWN)))
    assert data["start"] == "2026-03-02"
    assert [(e["day"], e["date"]) for e in data["events"]] == [
        (e.day, str(e.date)) for e in SHOWN.events
    ]
    first = next(e for e in data["events"] if e["kind"] == "dose")
    assert first["sources"] == ["@seed C18 C19", "@bnf"]
    assert record(NERVES.calendar())["events"][0]["date"] is None


def test_the_file_read_back_is_the_calendar() -> None:
    """Every event comes back with its days; the end that the format wants is the day after."""
    found = icalendar.Calendar.from_ical(ics(SHOWN))
    entries = found.walk("VEVENT")
    assert [
        (e["DTSTART"].dt, e["DTEND"].dt - timedelta(days=1), str(e["SUMMARY"])) for e in entries
    ] == [(e.date, e.last_date, f"{e.kind.capitalize()}: {e.what}") for e in SHOWN.events]
    for entry, event in zip(entries, SHOWN.events, strict=True):
        assert event.note in entry["DESCRIPTION"]
        assert event.aim in entry["DESCRIPTION"]
        assert entry["DTSTAMP"].dt == datetime(2026, 3, 2, tzinfo=UTC)
    assert len({str(e["UID"]) for e in entries}) == len(entries)
    assert "It does not replace clinical judgement" in found["DESCRIPTION"]


def test_the_file_names_nobody() -> None:
    """The name of a case, which may be that of a patient, is not in the file."""
    assert b"Jane" not in ics(SHOWN)
    assert b"Doe" not in ics(SHOWN)


def test_a_dose_that_may_not_be_given_is_tentative() -> None:
    """What the regimen leaves open is marked as such in the format's own word."""
    licence = b12lib.load_protocol(profile="uk-licence")
    shown = b12lib.assess(CASE, licence).calendar()
    entries = icalendar.Calendar.from_ical(ics(shown)).walk("VEVENT")
    certain = [e.certain for e in shown.events]
    assert [str(e["STATUS"]) == "CONFIRMED" for e in entries] == certain
    assert not all(certain)


def test_two_cases_have_no_id_in_common() -> None:
    """Calendars of two patients in one program do not overwrite each other."""
    other = b12lib.assess(CASE.replace("90 µmol/L", "91 µmol/L")).calendar()
    ids = [
        {str(e["UID"]) for e in icalendar.Calendar.from_ical(ics(shown)).walk("VEVENT")}
        for shown in (SHOWN, other)
    ]
    assert len(ids[0]) == len(ids[1])
    assert ids[0].isdisjoint(ids[1])


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "America/Los_Angeles"])
def test_the_same_bytes_everywhere(zone: str) -> None:
    """Another process in another time zone and locale writes the same file."""
    code = (
        "import sys, b12lib; from b12lib.showing.calendar import ics;"
        f"sys.stdout.buffer.write(ics(b12lib.assess({CASE!r}).calendar()))"
    )
    env = {**os.environ, "TZ": zone, "LC_ALL": "C", "PYTHONUTF8": "1"}
    done = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, check=True)
    assert done.stdout == ics(SHOWN)


def test_a_file_needs_a_first_day() -> None:
    """Without the date of the first dose there is nothing to write."""
    with pytest.raises(ValueError, match="needs the date of the first dose"):
        ics(NERVES.calendar())
    assert ics(NERVES.calendar(start=date(2026, 3, 2)))


def test_without_the_library(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the optional part is missing, the message says how to install it."""
    monkeypatch.setitem(sys.modules, "icalendar", None)
    with pytest.raises(MissingExtra, match=r"b12lib\[calendar\]"):
        ics(SHOWN)
