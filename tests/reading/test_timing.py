"""The words of regimens, read as how often and for how long."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

import b12lib
from b12lib.reading.timing import LONG, OFTEN, THEN, Phase, Span, Timing, read_course

REGIMEN = b12lib.load_protocol().regimens["three-times-weekly"]


def course(first: str = "daily", how_long: str = "for 2 weeks", then: str = "—") -> list[Phase]:
    """Return the phases of a regimen of these words."""
    return [*read_course(replace(REGIMEN, first=first, how_long=how_long, then=then))]


@pytest.mark.parametrize(
    ("words", "timing"),
    [
        ("daily", (1, 1, 1, "d")),
        ("on alternate days", (1, 2, 2, "d")),
        ("weekly", (1, 1, 1, "wk")),
        ("once weekly", (1, 1, 1, "wk")),
        ("twice weekly", (2, 1, 1, "wk")),
        ("three times weekly", (3, 1, 1, "wk")),
        ("monthly", (1, 1, 1, "mo")),
        ("every 10 days", (1, 10, 10, "d")),
        ("every 3–4 weeks", (1, 3, 4, "wk")),
        ("every 2–3 months", (1, 2, 3, "mo")),
    ],
)
def test_how_often(words: str, timing: tuple[int, int, int, str]) -> None:
    """Each phrase has one reading: so many times in so many days, weeks or months."""
    [phase] = course(first=words)
    assert phase.timing == Timing(*timing, bounds=Span(2, 2, "wk"))
    assert phase.words == f"{words} for 2 weeks"


@pytest.mark.parametrize(
    ("words", "end"),
    [
        ("for 5 days", {"bounds": Span(5, 5, "d")}),
        ("for 1–2 weeks", {"bounds": Span(1, 2, "wk")}),
        ("for 1 month", {"bounds": Span(1, 1, "mo")}),
        ("for 7 doses", {"count": 7}),
        ("until it is better, or not", {"until": "until it is better, or not"}),
        ("for as long as it lasts", {"until": "for as long as it lasts"}),
    ],
)
def test_how_long(words: str, end: dict[str, object]) -> None:
    """A phase ends after a time, after a count, or by an end that stays words."""
    [phase] = course(how_long=words)
    assert phase.timing == replace(Timing(1, 1, 1, "d"), **end)  # type: ignore[arg-type]


def test_phases_that_follow_keep_what_they_do_not_change() -> None:
    """A dose or a route that a phase does not name is that of the phase before."""
    then = (
        "250 µg weekly for 2 doses, 1,000 µg intramuscularly every 2 weeks until well, "
        "and monthly after that"
    )
    assert [(p.dose, p.route, p.words) for p in course(then=then)] == [
        ("1 mg", "intramuscularly", "daily for 2 weeks"),
        ("250 µg", "intramuscularly", "weekly for 2 doses"),
        ("1,000 µg", "intramuscularly", "every 2 weeks until well"),
        ("1,000 µg", "intramuscularly", "monthly"),
    ]


@pytest.mark.parametrize(
    ("column", "old", "new", "expected"),
    [
        ("first", "| three times weekly |", f"| {odd} |", OFTEN)
        for odd in (
            "4 times weekly",
            "every month",
            "every 3–2 days",
            "every 0 days",
            "weekly at 8",
        )
    ]
    + [
        ("how long", "| for 2 weeks |", f"| {odd} |", LONG)
        for odd in ("2 weeks", "for 2–1 weeks", "for 2–3 doses", "until", "for some weeks")
    ]
    + [
        ("then", "| 1 mg intramuscularly every 2–3 months |", f"| {odd} |", THEN)
        for odd in (
            "1 mg by mouth monthly",
            "1 mg monthly, weekly",
            "every few months",
            "weekly for ever",
            "1 mL monthly",
            "monthly and weekly",
        )
    ],
)
def test_other_words(
    refused: Callable[..., str],
    line_of: Callable[..., int],
    column: str,
    old: str,
    new: str,
    expected: str,
) -> None:
    """What nobody could date is refused, with the cell, the words, and what may stand there."""
    line = line_of("regimens.md", old)
    assert refused("regimens.md", old, new) == (
        f"regimens.md:{line}, table 'Regimens', rule 'three-times-weekly', column '{column}': "
        f"{new.strip('| ')!r} cannot be dated\n  expected {expected}"
    )


def test_what_is_not_given_has_no_time(refused: Callable[..., str]) -> None:
    """A regimen without a dose says nothing of when."""
    said = refused("regimens.md", "| none | none | — | — | — |", "| none | none | — | — | daily |")
    assert said.endswith(
        "column 'first': 'daily' cannot be dated\n  expected —, because no dose is given"
    )


@pytest.mark.parametrize("profile", [None, *b12lib.profiles()])
def test_every_regimen_reads(profile: str | None) -> None:
    """The base and every profile have phases for all that they give, and none for nothing."""
    protocol = b12lib.load_protocol(profile=profile)
    assert [*protocol.courses] == [*protocol.regimens]
    given = {id_ for id_, phases in protocol.courses.items() if phases}
    assert given == {row.id for row in protocol.regimens.values() if row.given}
