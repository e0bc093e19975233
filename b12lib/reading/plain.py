"""The patient's wording of what the protocol says, and of what it asks.

A plain row stands under the heading of the patient's page that shows it, and bears the id of what
it words: a row of ``statements.md``, ``regimens.md`` or ``schedule.md``, or a question's field. Two
rows word nothing else: what every page says.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from b12lib.errors import Place, ProtocolFault, did_you_mean
from b12lib.reading.catalogues import Regimen, ScheduleItem, Statement
from b12lib.reading.consistency import PLACEHOLDER

QUESTIONS = "What to ask and to tell"
AT_VISITS = "At your visits"
ON_EVERY_PAGE = "On every page"
IF_WORSE, NOT_ADVICE = "if-worse", "not-advice"
"""What a patient reads on every page: when to get help in any case, and what the page is not."""
HEADINGS = (
    *("The answer", "When to seek help", "What happens next", "Checks, and what to expect"),
    "What to watch for",
    *("Your results", AT_VISITS, QUESTIONS, ON_EVERY_PAGE),
)
"""The headings of ``plain.md``: the sections of a patient's page, and what stands on every page."""

_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


@dataclass(frozen=True, slots=True)
class Plain:
    """What a patient reads in the place of a statement, a regimen, a schedule row or a question."""

    id: str
    plain: str
    place: Place

    @property
    def section(self) -> str:
        """The section of the patient's page that shows it."""
        return self.place.table


Clinical = Statement | Regimen | ScheduleItem
"""A row that a professional reads and that a patient is told in other words."""


def clinical_text(row: Clinical) -> str:
    """Return what a row says, numbers and placeholders included; a regimen's cells by name."""
    if isinstance(row, Statement):
        return row.statement
    if isinstance(row, ScheduleItem):
        return f"{row.what} {row.aim}"
    cells = ("drug", "dose", "first", "how_long", *(("then",) if row.goes_on else ()))
    return " ".join(f"{{{row.id}.{cell}}}" for cell in cells)


def plain_faults(
    rows: Mapping[str, Plain], shown: Mapping[str, Clinical], questions: Mapping[str, Place]
) -> Iterator[ProtocolFault]:
    """Refuse a missing wording, one of nothing, and one that says something else.

    ``shown`` holds every clinical row that a page may show, ``questions`` where each field that a
    person can be asked for stands.
    """
    for id_, place in {**{id_: row.place for id_, row in shown.items()}, **questions}.items():
        if id_ not in rows:
            mend = f"add a row {id_} to plain.md, under the heading that is to show it"
            yield ProtocolFault(place, "plain.md has no wording of it for patients", mend)
    for id_ in (IF_WORSE, NOT_ADVICE):
        if id_ not in rows:
            mend = f"add a row {id_} under the heading {ON_EVERY_PAGE!r}"
            yield ProtocolFault(Place("plain.md"), f"it has no {id_}, which every page says", mend)
    for id_, row in rows.items():
        if row.section not in HEADINGS:
            problem = f"a patient's page has no section {row.section!r}"
            yield ProtocolFault(row.place, problem, f"there are {', '.join(HEADINGS)}")
        if id_ in questions and row.section != QUESTIONS:
            yield ProtocolFault(row.place, f"a question stands under {QUESTIONS!r}")
        if id_ in shown:
            yield from _unfaithful(row, shown[id_])


def unknown_faults(rows: Iterable[Plain], known: Iterable[str]) -> Iterator[ProtocolFault]:
    """Refuse a wording of what the protocol never says."""
    known = {*known, IF_WORSE, NOT_ADVICE}
    for row in rows:
        if row.id not in known:
            problem = f"{row.id} is no statement, regimen, schedule row or question"
            yield ProtocolFault(row.place, problem, did_you_mean(row.id, known))


def _unfaithful(row: Plain, clinical: Clinical) -> Iterator[ProtocolFault]:
    text, said = clinical_text(clinical), row.plain
    if _folder(clinical.place) not in ("", _folder(row.place)):
        mend = f"word it in {_folder(clinical.place)}plain.md too"
        yield ProtocolFault(clinical.place, "the profile says something else than plain.md", mend)
    wanted, found = (sorted(set(PLACEHOLDER.findall(each))) for each in (text, said))
    if wanted != found:
        problem = f"it fills in {_listed(found)}, what it words {_listed(wanted)}"
        yield ProtocolFault(row.place, problem, "use the same placeholders")
    if surplus := sorted(_numbers(said) - _numbers(text)):
        problem = f"{', '.join(surplus)}: no number of what it words"
        yield ProtocolFault(row.place, problem, "leave it out, or write its placeholder")


def _numbers(text: str) -> set[str]:
    return set(_NUMBER.findall(PLACEHOLDER.sub("", text).replace("B12", "")))


def _folder(place: Place) -> str:
    return "".join(place.file.rpartition("/")[:2])


def _listed(placeholders: Iterable[tuple[str, str]]) -> str:
    named = ("{" + ".".join(filter(None, parts)) + "}" for parts in placeholders)
    return ", ".join(named) or "nothing"
