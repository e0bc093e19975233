"""Figures: what they say is what the case and the protocol say, for every eye."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from itertools import combinations, pairwise
from math import log10
from typing import Any
from xml.etree import ElementTree

import pytest

import b12lib
from b12lib.errors import MissingExtra
from b12lib.explaining.calendar import Calendar, Event
from b12lib.reading.protocol import read_protocol
from b12lib.rooms import room
from b12lib.showing.figures import OF_ASSESSMENT, Figure, calendar, coverage_map, guidelines, path
from b12lib.showing.figures.drawing import BLUE, GREEN, PAPER, VERMILION, Spec
from b12lib.verifying.coverage import coverage

CASES = room("protocol") / "cases"
NAMES = [*OF_ASSESSMENT, "followed", "guidelines", "coverage"]
SEED, FOLLOWED = CASES / "seed-as-asked.yaml", CASES / "follow-up-on-track.yaml"
TEXT = "{http://www.w3.org/2000/svg}text"
NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
PAPERS = {
    "white": "#ffffff",
    "site, light": "#fbfaf6",
    "site, dark": "#14191b",
    "Jupyter": "#111111",
}


@pytest.fixture(scope="module")
def seed() -> b12lib.Assessment:
    """The seed's patient."""
    return b12lib.assess(SEED)


@pytest.fixture(scope="module")
def figures(seed: b12lib.Assessment) -> Mapping[str, Figure]:
    """Every figure once: of the seed's patient, of one followed up, guidelines, coverage by one."""
    return {
        **{name: seed.figure(name) for name in OF_ASSESSMENT},
        "followed": b12lib.assess(FOLLOWED).figure("timeline"),
        "guidelines": b12lib.compare(SEED).figure(),
        "coverage": coverage_map(seed.protocol, coverage(seed.protocol, {"seed": seed})),
    }


def drawn(figure: Figure) -> list[str]:
    """Return every line of text in a drawing."""
    root = ElementTree.fromstring(figure.svg)
    parts = [part for text in root.iter(TEXT) for part in text.itertext()]
    return [part.replace("\N{NO-BREAK SPACE}", " ") for part in parts]


def layers(spec: Spec, mark: str) -> list[list[dict[str, Any]]]:
    """Return the values of every layer of one kind of mark."""
    return [one["data"]["values"] for one in spec["layer"] if one["mark"]["type"] == mark]


@pytest.mark.parametrize("name", NAMES)
def test_well_formed(figures: Mapping[str, Figure], name: str) -> None:
    """A figure is well-formed XML that has the role and the name of an image, and its table."""
    figure = figures[name]
    root = ElementTree.fromstring(figure.svg)
    assert root.attrib["role"] == "img"
    assert root.attrib["aria-label"] == figure.alt
    page = ElementTree.fromstring(figure._repr_html_())
    assert len(page.findall(".//tbody/tr")) == len(figure.rows)
    assert all(len(row) == len(figure.head) for row in figure.rows)
    assert not page.findall(".//*[@id]")


@pytest.mark.parametrize("name", NAMES)
def test_colour_is_the_pages(figures: Mapping[str, Figure], name: str) -> None:
    """Text has the colour of the page; every other colour is one of three."""
    colours = set(re.findall(r'(?:fill|stroke)="([^"]+)"', figures[name].svg))
    assert colours <= {"currentColor", "none", PAPER, BLUE, GREEN, VERMILION}
    root = ElementTree.fromstring(figures[name].svg)
    assert {text.get("fill") for text in root.iter(TEXT)} == {"currentColor"}


@pytest.mark.parametrize("paper", PAPERS.values(), ids=PAPERS)
@pytest.mark.parametrize("colour", [BLUE, GREEN, VERMILION])
def test_contrast(colour: str, paper: str) -> None:
    """Every colour stands out from every page by 3 to 1, as WCAG 2 asks of graphics."""
    light, dark = sorted(map(luminance, (colour, paper)), reverse=True)
    assert (light + 0.05) / (dark + 0.05) >= 3


def luminance(colour: str) -> float:
    """Return the relative luminance that WCAG 2 defines."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return sum(weight * c for weight, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def test_deterministic(figures: Mapping[str, Figure]) -> None:
    """Another process with another hash seed draws the same bytes."""
    code = (
        "import sys, b12lib\n"
        "from b12lib.showing.figures import OF_ASSESSMENT\n"
        f"case = b12lib.read_case(open({str(SEED)!r}, encoding='utf-8').read())\n"
        "for name in OF_ASSESSMENT:\n"
        "    sys.stdout.buffer.write(b12lib.assess(case).figure(name)._repr_html_().encode())\n"
    )
    done = [
        subprocess.run(
            [sys.executable, "-c", code],
            capture_output=True,
            check=True,
            timeout=120,
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(sys.path)},
        ).stdout.decode()
        for seed in ("1", "2")
    ]
    assert done[0] == done[1] == "".join(figures[name]._repr_html_() for name in OF_ASSESSMENT)


def test_no_number_of_its_own(
    figures: Mapping[str, Figure], seed: b12lib.Assessment, texts: Mapping[str, str]
) -> None:
    """Every number on the ruler is the case's, the protocol's, or a power of ten of the scale."""
    known = set(NUMBER.findall(" ".join([*texts.values(), str(seed)])))
    known |= {number.replace(",", "") for number in known}
    people = {str(100 - 2 * share) for share in seed.protocol.people["mma"].centiles if share < 50}
    shown = {n.replace(",", "") for said in drawn(figures["ruler"]) for n in NUMBER.findall(said)}
    own = shown - known - people
    assert {"90000", "33544"} <= shown
    assert all(re.fullmatch(r"10*|0\.0*1", number) for number in own)


def test_ruler_follows_the_case() -> None:
    """Another value, another unit and another limit give another sentence."""
    said = b12lib.assess({"mma": "900 nmol/L", "mma_limit": "400 nmol/L"}).figure("ruler").alt
    assert said.startswith("This patient's MMA is 900 nmol/L: raised, above 99 in 100")
    assert "upper limit 400 nmol/L;" in said
    assert "assumed" not in said
    assert "if 900 µmol/L or nmol/mL: extreme" in said


def test_ruler_has_the_zones_of_the_table(seed: b12lib.Assessment) -> None:
    """The shaded zones are what the table of MMA answers, from limit to limit."""
    zones, _ = layers(seed.figure("ruler").spec, "rect")
    ends = [(zone["said"], zone["x"], zone["end"]) for zone in zones]
    assert ends == [("normal", 10, 271), ("raised", 271, 15000), ("extreme", 15000, 1000000)]
    for said, start, end in ends:
        for value in (start + 1, end):
            asked = b12lib.assess({"mma": f"{value:.0f} nmol/L"})
            assert asked["mma_level"].value == said


def test_ruler_has_people_by_area(seed: b12lib.Assessment) -> None:
    """The area of a bar is the share of people between two centiles, on the logarithmic scale."""
    centiles = list(seed.protocol.people["mma"].centiles.items())
    _, bars = layers(seed.figure("ruler").spec, "rect")
    areas = {bar["x"]: (bar["bottom"] - bar["y"]) * log10(bar["end"] / bar["x"]) for bar in bars}
    middle = [(float(low), float(b - a)) for (a, low), (b, _) in pairwise(centiles[:-1])]
    whole = sum(areas[low] for low, _ in middle)
    for low, share in middle:
        assert areas[low] / whole == pytest.approx(share / sum(s for _, s in middle))


def test_ruler_without_a_value(seed: b12lib.Assessment) -> None:
    """Where MMA was not measured the ruler says so, and still shows limits and people."""
    figure = b12lib.assess({"b12": "100 ng/L"}).figure("ruler")
    assert figure.alt.startswith("This patient's MMA was not measured. Limits: upper limit 271")
    assert "this patient" not in " ".join(drawn(figure))


def test_ruler_follows_the_protocol(edited: Callable[..., dict[str, str]]) -> None:
    """A limit that is moved in the protocol is moved on the ruler."""
    moved = edited("11-confounders.md", "| <= 50000 |", "| <= 60000 |")
    moved = edited("11-confounders.md", "| > 50000 |", "| > 60000 |", moved)
    figure = b12lib.assess({"mma": "5 umol/L"}, read_protocol(moved)).figure("ruler")
    assert "above 60,000 nmol/L: MMA as high as in inherited disorders" in figure.alt
    assert "50,000" not in figure.alt


def test_ruler_without_a_limit() -> None:
    """A guideline that assumes no upper limit has none on the ruler."""
    protocol = b12lib.load_protocol(None, "nice-ng239")
    figure = b12lib.assess({"mma": "5 umol/L"}, protocol).figure("ruler")
    assert "upper limit" not in figure.alt
    assert "normal" not in drawn(figure)


def test_path_says_what_fired(seed: b12lib.Assessment) -> None:
    """The path names the rules that fired, in order, and what is open and not known."""
    said = seed.figure("path").alt
    assert said.startswith("Regimen: alternate-days or three-times-weekly (one of RG2, RG3).")
    order = [said.index(f"({rule})") for rule in ("MM3", "DS1", "TN1", "RO4")]
    assert order == sorted(order)
    assert "Not decided: Neurological involvement." in said
    assert "Sensory symptoms" in said.partition("Not known: ")[2]


def test_path_follows_the_case() -> None:
    """What the rules did not look at is not on the path; what is stated has nothing behind it."""
    known = b12lib.assess({"mma": "5 umol/L", "neurological": "no", "b12": "500 ng/L"})
    figure = known.figure("path")
    names = [row[0] for row in figure.rows]
    assert "Total serum B12" not in names
    assert ("Neurological involvement", "no", "stated by the case", "") in figure.rows
    assert "Not decided" not in figure.alt


def test_path_of_any_decision(seed: b12lib.Assessment) -> None:
    """Every decision has a path; one that there is not is refused."""
    for name in seed.answers:
        assert path(seed, name).rows[-1][0] == seed[name].decision.label
    with pytest.raises(KeyError):
        path(seed, "nothing")


@pytest.mark.parametrize("file", ["seed-as-asked", "t01-pancytopenia", "down-dietary"])
def test_boxes_of_the_path_stand_apart(file: str) -> None:
    """No box lies on another, whatever the case needs."""
    spec = b12lib.assess(CASES / f"{file}.yaml").figure("path").spec
    boxes = [box for kind in layers(spec, "rect") for box in kind]
    assert len(boxes) > 5
    for one, other in combinations(boxes, 2):
        beside = one["x2"] <= other["x"] or other["x2"] <= one["x"]
        assert beside or one["y2"] <= other["y"] or other["y2"] <= one["y"]


def test_timeline_follows_the_case(seed: b12lib.Assessment) -> None:
    """Nerves are expected to improve only where involved; the axis has the tables' own limits."""
    involved = b12lib.assess({"mma": "5 umol/L", "neurological": "yes"}).figure("timeline")
    assert "weeks to months: neurological symptoms improve" in involved.alt
    assert "neurological symptoms improve" not in seed.figure("timeline").alt
    assert {"0", "3", "10", "14", "56", "91", "183"} <= set(drawn(involved))


def test_timeline_lays_visits_over(figures: Mapping[str, Figure]) -> None:
    """Every value of a visit stands there with the protocol's word for it that day."""
    figure = figures["followed"]
    assert ("Haemoglobin", "day 14", "100 g/L", "on track") in figure.rows
    assert (
        "Methylmalonic acid (MMA): day 0 5,000 nmol/L, day 64 150 nmol/L (recovered)" in figure.alt
    )
    judged = {"too early", "rising", "on track", "recovered"}
    assert judged <= set(drawn(figure))
    assert {row[-1] for row in figure.rows} == {*judged, "expected", ""}


def test_timeline_has_the_limits_of_this_patient() -> None:
    """The dashed lines are those of the tables for this patient's sex, and the laboratory's own."""
    case = {"mma": "5 umol/L", "mma_limit": "400 nmol/L", "haemoglobin": "90 g/L"}
    visit = {"day": 20, "haemoglobin_now": "110 g/L", "mma_now": "300 nmol/L"}
    limits = {}
    for sex in ("female", "male"):
        inputs = {**case, "sex": sex}
        figure = b12lib.assess({"inputs": inputs, "visits": [visit]}).figure("timeline")
        limits[sex] = {said for said in drawn(figure) if re.fullmatch(r"\d+ g/L", said)}
        assert "400 nmol/L" in drawn(figure)
    assert limits == {"female": {"120 g/L", "160 g/L"}, "male": {"130 g/L", "165 g/L"}}


def test_timeline_with_dates() -> None:
    """Where the first dose has a date, what is expected has dates too."""
    case = {"mma": "5 umol/L", "treatment_start": "2026-03-02"}
    said = b12lib.assess(case).figure("timeline").alt
    assert "days 3–5 (2026-03-05 to 2026-03-07): reticulocytes begin to rise" in said


def test_nothing_given() -> None:
    """Where nothing is given, the timeline says so."""
    untreated = b12lib.assess({"mma": "100 nmol/L", "b12": "500 ng/L", "neurological": "no"})
    assert untreated.figure("timeline").alt.startswith("No response is expected")
    assert "No response is expected: nothing is given, or that is not decided." in drawn(
        untreated.figure("timeline")
    )


def event(day: int, kind: str, what: str, **more: Any) -> Event:
    """Return an event on day 0 or later; the first dose is on 2 March 2026."""
    more = {"last_day": day, "certain": True, "note": "a note", **more}
    ends = (date(2026, 3, 2) + timedelta(days) for days in (day, more["last_day"]))
    on = dict(zip(("date", "last_date"), ends, strict=True))
    return Event(day=day, kind=kind, what=what, aim="", id="", sources=(), **on, **more)


def planned(seed: b12lib.Assessment, *events: Event, **more: Any) -> Calendar:
    """Return a calendar of some events and of what has no day."""
    undated = (seed.protocol.schedule["mcv-falls"],)
    rest = {"start": date(2026, 3, 2), "days": 100, "later": (), "remarks": (), "basis": ""}
    return Calendar(events=events, undated=undated, **{**rest, **more})


def test_calendar_has_a_line_for_each_thing(seed: b12lib.Assessment) -> None:
    """Doses stand in one line however many, checks below them; days have their dates."""
    doses = [event(day, "dose", "Drug 1 mg") for day in range(0, 60, 2)]
    figure = calendar(planned(seed, event(0, "blood test", "Potassium", last_day=2), *doses))
    words = drawn(figure)
    assert words.index("dose: drug 1 mg") < words.index("blood test: potassium")
    assert words.count("dose: drug 1 mg") == 1
    assert "day 58 (2026-04-29), 30 times in all" in figure.alt
    assert "Blood test: potassium: day 0 to 2 (2026-03-02 to 2026-03-04)." in figure.alt
    assert {"day 0", "2026-03-02", "day 100", "2026-06-10"} <= set(words)
    assert ("day 2 (2026-03-04)", "dose", "Drug 1 mg", "a note") in figure.rows
    [circles, *_] = [points for points in layers(figure.spec, "point") if points]
    assert [point["day"] for point in circles] == list(range(0, 60, 2))


def test_calendar_draws_windows_as_bars(seed: b12lib.Assessment) -> None:
    """A window is a bar up to the end of the calendar, a dose that may not come an open circle."""
    dose = event(60, "dose", "Drug", last_day=200)
    figure = calendar(planned(seed, event(30, "dose", "Drug", certain=False), dose))
    [bar] = [bar for bars in layers(figure.spec, "rule") for bar in bars]
    assert (bar["day"], bar["end"]) == (60, 100)
    points = [one for one in figure.spec["layer"] if one["mark"]["type"] == "point"]
    [perhaps] = [one["mark"] for one in points if one["data"]["values"]]
    assert perhaps["filled"] is False
    assert "day 60 to 200" in figure.alt


def test_calendar_explains_the_marks_that_it_draws(seed: b12lib.Assessment) -> None:
    """A response with a window is a bar, so that no diamond is spoken of; the same for the rest."""
    response = event(3, "response", "Reticulocytes rise", last_day=5)
    bars = calendar(planned(seed, event(0, "dose", "Drug"), response))
    assert bars.note.startswith("Circle: dose. Bar: on one of these days. The first")
    assert [points for points in layers(bars.spec, "point") if points][1:] == []
    days = calendar(planned(seed, replace(response, last_day=3)))
    assert days.note.startswith("Diamond: response. The first")
    perhaps = calendar(planned(seed, event(30, "dose", "Drug", certain=False)))
    assert "Open: only if" in perhaps.note


def test_calendar_explains_windows_that_overlap(seed: b12lib.Assessment) -> None:
    """Doses whose windows overlap are told to follow each other; those that do not, are not."""
    one, two = event(60, "dose", "Drug", last_day=90), event(80, "dose", "Drug", last_day=99)
    assert "one dose after the other" in calendar(planned(seed, one, two)).note
    assert "after the other" not in calendar(planned(seed, replace(one, last_day=70), two)).note


def test_calendar_names_each_line_in_full(seed: b12lib.Assessment) -> None:
    """A long name takes several lines, and what stands below it moves down."""
    long = "Potassium, before the first dose and daily; if it was low, again once replaced; " * 2
    figure = calendar(planned(seed, event(0, "blood test", long), event(9, "review", "Symptoms")))
    assert long.lower().strip() in " ".join(drawn(figure)).lower()
    test, review = (points[0]["y"] for points in layers(figure.spec, "point") if points)
    assert review - test == 36
    assert test > 36


def test_calendar_without_dates(seed: b12lib.Assessment) -> None:
    """Without the date of the first dose there are days alone; what nobody dates is told."""
    check = replace(event(7, "blood test", "Count"), date=None, last_date=None)
    figure = calendar(planned(seed, check, start=None, remarks=("No dose is dated.",)))
    assert figure.alt == (
        "Blood test: count: day 7. No dose is dated. "
        "Without a day: several weeks to months: macrocytosis resolves."
    )
    assert {"day 0", "day 100", "No dose is dated."} <= set(drawn(figure))
    assert "2026" not in figure.svg


def test_guidelines_say_who_differs(figures: Mapping[str, Figure]) -> None:
    """The comparison has every answer under the title of its guideline, and says who differs."""
    figure = figures["guidelines"]
    titles = [b12lib.load_protocol(None, name).profile for name in b12lib.profiles()]
    assert figure.head == ("Decision", "Base protocol", *(p.header.title for p in titles if p))
    assert "Treat now?: NICE guideline NG239 (2024) (another answer)." in figure.alt
    treat = next(row for row in figure.rows if row[0] == "Treat now?")
    assert treat[1].startswith("A: Treat immediately")
    assert treat[2].startswith("B: ")
    assert treat[3] == "A"
    assert {"immediately", "while testing", "●", "◇", "="} <= set(drawn(figure))


def test_guidelines_show_where_a_text_differs(figures: Mapping[str, Figure]) -> None:
    """Of an answer that differs in its text only, the words shown are not those of the first."""
    said = drawn(figures["guidelines"])
    starts = [text for text in said if text.startswith("… ")]
    assert "Oral treatment may be" in said
    assert len(starts) == len({"MMA level", "Duration", "Oral", "Expected response"})


def test_guidelines_refusing_and_agreeing() -> None:
    """A side that refuses is named; one side alone agrees with itself."""
    alone = b12lib.compare(SEED, profiles=[]).figure()
    assert "All that take the case answer alike." in drawn(alone)
    assert alone.rows == ()
    tongue = {"mma": "5 umol/L", "tongue_symptoms": "yes", "neurological": "no"}
    refused = b12lib.compare(tongue, ["nice-ng239"]).figure()
    told = {"Base protocol refuses the case.", "All that take the case answer alike."}
    assert refused.alt.startswith("Base protocol refuses the case. ")
    assert "otherwise than by NICE guideline NG239 (2024)." in refused.alt
    assert told <= set(drawn(refused))


def test_guidelines_mark_a_refusal_beside_answers() -> None:
    """Where others differ, the column of a side that refuses has a mark and no answer."""
    compared = b12lib.compare(SEED)
    rows = tuple(replace(row, positions=(None, *row.positions[1:])) for row in compared.rows)
    figure = guidelines(replace(compared, rows=rows))
    assert "×" in drawn(figure)
    assert {row[1] for row in figure.rows} == {"refused"}
    assert {row[2][:2] for row in figure.rows} == {"A:"}


def test_coverage_counts(figures: Mapping[str, Figure], seed: b12lib.Assessment) -> None:
    """The map tells how many rules fire, and frames and names those that no case tries."""
    figure = figures["coverage"]
    rules = set(seed.protocol.rules)
    fired = {rule.id for a in seed.answers.values() for rule in a.outcome.fired}
    assert figure.alt.startswith(f"{len(fired)} of {len(rules)} rules in ")
    assert {row[1] for row in figure.rows} == rules
    assert {row[1] for row in figure.rows if row[2] == "0"} == rules - fired
    *_, never = layers(figure.spec, "rect")
    assert {cell["said"] for cell in never} == {"0"} | rules - fired
    assert rules <= set(drawn(figure))


def test_text_of_a_case_is_inert() -> None:
    """Markup in the name of a case shows as text."""
    comparison = b12lib.compare({"case": "<script>x</script>", "inputs": {"mma": "5 umol/L"}})
    html = comparison.figure()._repr_html_()
    assert "<script>" not in html
    assert "&lt;script&gt;" in html


def test_fits_paper_and_phone(figures: Mapping[str, Figure]) -> None:
    """A drawing can be scaled; where it may not shrink further it scrolls, by keyboard too."""
    for figure in figures.values():
        root = ElementTree.fromstring(figure.svg)
        assert root.attrib["viewBox"] == f"0 0 {root.attrib['width']} {root.attrib['height']}"
        html = figure._repr_html_()
        assert 'style="overflow-x: auto" tabindex="0" role="group"' in html
        assert "@media print" in html


def test_shows_itself(seed: b12lib.Assessment) -> None:
    """A terminal gets the sentence and the table; an unknown figure is refused by name."""
    figure = seed.figure("ruler")
    assert repr(figure).startswith(f"{figure.title}. {figure.alt}")
    assert " | ".join(figure.rows[0]) in repr(figure)
    with pytest.raises(KeyError, match="there are ruler, path, calendar, timeline"):
        seed.figure("pie")


def test_missing_renderer(seed: b12lib.Assessment, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the optional part a figure says what it shows; drawing names what to install."""
    monkeypatch.setitem(sys.modules, "vl_convert", None)
    figure = seed.figure("ruler")
    assert figure.alt.startswith("This patient's MMA is 90")
    with pytest.raises(MissingExtra, match=r"pip install 'b12lib\[figures\]'"):
        figure._repr_html_()
