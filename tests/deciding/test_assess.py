"""A whole assessment: given, derived, assumed and stated values, and what each answer rests on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal, localcontext
from pathlib import Path
from typing import Any

import pytest

import b12lib
from b12lib.deciding.assessment import Memory, assess
from b12lib.reading.protocol import read_protocol


def test_derived_neutrophils() -> None:
    """3.6 thousand white cells with 27 % neutrophils are 0.97 neutrophils: moderate neutropenia."""
    assessment = b12lib.assess({"wbc": "3.6 K/uL", "neutrophils_percent": "27 %"})

    assert assessment.values["anc"] == Decimal("0.97")
    assert assessment["neutropenia"].value is True
    assert assessment["neutropenia_grade"].value == "moderate"
    assert assessment["leukopenia"].value is True


def test_derived_severe_neutrophils() -> None:
    """1.5 thousand white cells with 19 % neutrophils are 0.29 neutrophils: severe."""
    assessment = b12lib.assess({"wbc": "1.5 K/uL", "neutrophils_percent": "19 %"})

    assert assessment.values["anc"] == Decimal("0.29")
    assert assessment["neutropenia_grade"].value == "severe"
    assert assessment["severe_cytopenia"].value is True


@pytest.mark.parametrize(
    ("count", "grade"),
    [
        ("1.5", "none"),
        ("1.49", "mild"),
        ("1.0", "mild"),
        ("0.99", "moderate"),
        ("0.5", "moderate"),
        ("0.49", "severe"),
    ],
)
def test_grades(count: str, grade: str) -> None:
    """Neutropenia is graded at its printed limits."""
    assert b12lib.assess({"anc": f"{count} x10^9/L"})["neutropenia_grade"].value == grade


def test_given_before_derived() -> None:
    """A count that was given stands in place of the one that could be worked out."""
    case = {"wbc": "3.6 K/uL", "neutrophils_percent": "27 %", "anc": "0.95 K/uL"}

    assert b12lib.assess(case).values["anc"] == Decimal("0.95")


def test_derived_needs_its_parts() -> None:
    """What cannot be worked out stays unknown."""
    assessment = b12lib.assess({"wbc": "3.6 K/uL"})

    assert assessment.values["anc"] is None
    assert assessment["neutropenia"].value is None


def test_derived_from_the_bare_number() -> None:
    """A formula may take the number as it was written, to show what another unit would make."""
    values = b12lib.assess({"mma": "90 umol/L", "mma_limit": "300 nmol/L"}).values

    assert (values["mma_fold"], values["mma_swapped_fold"]) == (Decimal(300), Decimal("0.3"))


def test_a_date_is_no_value(protocol: b12lib.Protocol) -> None:
    """No table reads a date, so that it is no value of an assessment; every other input is."""
    assessment = b12lib.assess({"treatment_start": "2026-03-01"})

    assert "treatment_start" in assessment.case.given
    assert assessment.values.keys() == protocol.inputs.keys() - {"treatment_start"}


def test_derived_booleans() -> None:
    """One symptom of a group is enough; only when all are denied is the group absent."""
    some = b12lib.assess({"numbness": "yes"}).values
    half = b12lib.assess({"numbness": "no"}).values
    none = b12lib.assess({"numbness": "no", "paraesthesia": "no"}).values

    found = [values["sensory_symptoms"] for values in (some, half, none)]
    assert found == [True, None, False]


@pytest.mark.parametrize(
    ("case", "assumed"),
    [
        ({}, ("mma_limit", "b12_started", "b12_improving")),
        ({"mma_limit": "400 nmol/L"}, ("b12_started", "b12_improving")),
        ({"mma_limit": "0.4 umol/L", "b12_started": "no"}, ("b12_improving",)),
        ({"mma_limit": "0.4 umol/L", "b12_started": "no", "b12_improving": "no"}, ()),
        ({"mma_limit": "unknown"}, ("mma_limit", "b12_started", "b12_improving")),
    ],
)
def test_assumed(case: dict[str, str], assumed: tuple[str, ...]) -> None:
    """Every value that is assumed because the case is silent is listed."""
    assessment = b12lib.assess(case)

    assert assessment.assumed == assumed
    assert assessment.values["mma_limit"] in (271, 400)


def test_laboratory_limit_first() -> None:
    """The limit that the laboratory prints goes before the one that stands in for it."""
    mma = {"mma": "300 nmol/L"}

    assert b12lib.assess(mma)["mma_level"].value == "raised"
    assert b12lib.assess({**mma, "mma_limit": "400 nmol/L"})["mma_level"].value == "normal"
    assert b12lib.assess({**mma, "mma_limit": "300 nmol/L"})["mma_level"].value == "normal"


@pytest.mark.parametrize("case", [{}, "inputs:", "mma: unknown", {"mma": None, "sex": " unknown "}])
def test_nothing_known(case: object) -> None:
    """A case that says nothing still gets every answer, and the advice to test first."""
    assessment = b12lib.assess(case)

    assert assessment["treat_now"].value == "test first"
    assert all(answer.values or answer.collects for answer in assessment.answers.values())
    assert not assessment.case.given


def test_stated_finding() -> None:
    """A finding may be stated without its values; what it would have decided stays open."""
    assessment = b12lib.assess({"neutropenia": "yes"})

    stated = assessment["neutropenia"]
    assert (stated.stated, stated.known, stated.value) == (True, True, True)
    assert [rule.id for rule in stated.outcome.open] == ["NE1", "NE2"]
    assert assessment["neutropenia_grade"].values == ("mild", "moderate", "severe")
    assert not assessment["leukopenia"].stated


def test_stated_in_place_of_open() -> None:
    """A stated finding settles what the values leave open."""
    assessment = b12lib.assess({"haemoglobin": "125 g/L", "anaemia": "yes"})

    assert assessment["anaemia"].value is True
    assert b12lib.assess({"haemoglobin": "125 g/L"})["anaemia"].values == (True, False)


def test_chained_possibilities() -> None:
    """What one table leaves open goes on as a set, and may not matter further down."""
    assessment = b12lib.assess({"haemoglobin": "125 g/L"})

    assert not assessment["anaemia"].known
    assert assessment["severe_anaemia"].value is False


def test_collected() -> None:
    """A decision that collects is always known: it lists all that holds, even nothing."""
    stops = b12lib.assess({"planned_route": "intravenous", "planned_form": "cyanocobalamin"})
    nothing = b12lib.assess({"planned_route": "oral", "planned_form": "hydroxocobalamin"})

    assert stops["treatment_stops"].values == ("never-intravenous", "no-cyanocobalamin")
    assert (stops["treatment_stops"].known, stops["treatment_stops"].value) == (True, None)
    assert nothing["treatment_stops"].values == ()
    assert nothing["treatment_stops"].known


def test_one_collected(protocol: b12lib.Protocol) -> None:
    """A single collected item is a list of one, not an answer."""
    answer = b12lib.assess({"planned_route": "intravenous"})["treatment_stops"]

    assert answer.values == ("never-intravenous",)
    assert answer.value is None
    assert answer.decision == protocol.decisions["treatment_stops"]


@pytest.mark.parametrize("waiting", ["unknown", "no", "yes"])
def test_pitfall_of_serum_b12_alone(waiting: str) -> None:
    """Relying on serum B12 alone is warned of, whatever is said of waiting for it."""
    answer = b12lib.assess({"b12": "100 pmol/L", "waiting_for_serum_b12": waiting})

    assert answer["testing_pitfalls"].values == ("pitfall-serum-only",)


def test_facts_and_actions(protocol: b12lib.Protocol) -> None:
    """What speaks of the patient is a fact; what rests on not knowing holds for now."""
    answers = b12lib.assess({}).answers

    facts = {name for name, answer in answers.items() if answer.fact}
    assert facts == protocol.facts
    assert {"mma_level", "deficiency_status", "neurological", "severe_cytopenia"} <= facts
    assert facts.isdisjoint({"serum_b12", "treat_now", "route", "regimen", "testing_pitfalls"})


def test_parts() -> None:
    """The answers of one part of a report are found by its name, none is in two."""
    assessment = b12lib.assess({})
    parts = ["finding", "treatment", "follow-up", "advice", "refusal"]

    found = [answer.decision.name for part in parts for answer in assessment.part(part)]

    assert sorted(found) == sorted(assessment.answers)
    assert "treat_now" in {answer.decision.name for answer in assessment.part("treatment")}


def test_order(protocol: b12lib.Protocol) -> None:
    """Every table decides after those whose answers it needs."""
    done: set[str] = set()
    for table in protocol.tables:
        needed = {column.name for column in table.columns} & protocol.decisions.keys()
        assert needed <= done
        done.update(table.outputs)
    assert done == protocol.decisions.keys()


def test_memory() -> None:
    """Cases may share what tables said: a table asked the same again is not decided again."""
    memory: Memory = {}
    first = assess(b12lib.read_case({"mma": "90 umol/L"}), memory)
    again = assess(b12lib.read_case({"mma": "91 umol/L"}), memory)

    assert again["leukopenia"].outcome is first["leukopenia"].outcome
    assert again.answers == assess(again.case).answers


def test_frozen() -> None:
    """An assessment does not change once it is made."""
    assessment = b12lib.assess({"mma": "90 umol/L"})
    for mapping in (assessment.values, assessment.answers, assessment.case.given):
        with pytest.raises(TypeError):
            mapping["mma"] = None  # type: ignore[index]
    with pytest.raises(AttributeError):
        assessment["treat_now"].values = ()  # type: ignore[misc]


CASE = """\
case: The seed's
  patient
kind: seed
source: "@seed"
note:
inputs:
  mma: 90 µmol/L
  treatment_start: 2026-03-01
expect:
  treat_now: immediately
  regimen: [alternate-days, three-times-weekly]
  leukopenia: yes
"""


def test_whole_case(protocol: b12lib.Protocol) -> None:
    """A case file holds name, kind, source, note, inputs, and the answers expected of it."""
    case = b12lib.read_case(CASE)

    assert (case.name, case.kind, case.source, case.note) == (
        "The seed's patient",
        "seed",
        "@seed",
        "",
    )
    assert list(case.given) == ["mma", "treatment_start"]
    assert case.given["treatment_start"].written == "2026-03-01"
    assert case.expected == {
        "treat_now": ("immediately",),
        "regimen": ("alternate-days", "three-times-weekly"),
        "leukopenia": (True,),
    }
    assert case.protocol is protocol
    assert b12lib.assess(case).protocol is protocol


def test_what_a_case_notes() -> None:
    """A case may hold a note, and the fields for which it must be refused."""
    case = b12lib.read_case({"inputs": {}, "note": "Made\n up.", "refused": ["mma", "b12"]})

    assert (case.note, case.refused) == ("Made up.", ("mma", "b12"))
    assert b12lib.read_case({"inputs": {}}).refused == ()


def test_ways_to_give_a_case(tmp_path: Path) -> None:
    """A file, its text, JSON and a mapping are one case."""
    file = tmp_path / "case.yaml"
    file.write_text("mma: 90 umol/L\nnumbness: no\n", encoding="utf-8")
    ways = [
        file,
        file.read_text(encoding="utf-8"),
        '{"mma": "90 umol/L", "numbness": "no"}',
        {"mma": "90 umol/L", "numbness": False},
        {"inputs": {"mma": "90 umol/L", "numbness": " No "}},
    ]

    cases = [b12lib.read_case(way) for way in ways]

    assert all(case == cases[0] for case in cases)
    assert {case.name for case in cases} == {"unnamed case"}


def test_other_protocol(edited: Callable[..., dict[str, str]]) -> None:
    """A case may be decided under another protocol, whose limits then count."""
    other = read_protocol(edited("inputs.md", "| 271 nmol/L |", "| 400 nmol/L |"))

    case = {"mma": "300 nmol/L"}

    assert b12lib.assess(case)["mma_level"].value == "raised"
    assert b12lib.assess(case, other)["mma_level"].value == "normal"
    assert b12lib.assess(case, other).protocol is other


def test_contradiction_with_an_assumption(
    edited: Callable[..., dict[str, str]], case_refused: Callable[..., str]
) -> None:
    """A contradiction names only fields that were given, never an assumed one."""
    file = "09-contradictions.md"
    other = edited(file, "| C | neutrophil_excess |", "| C | mma_fold |")
    other = edited(file, "| XX1 | > 0 |", "| XX1 | > 300 |", other)

    assert case_refused({"mma": "90 umol/L"}, read_protocol(other)) == (
        "mma = 90 umol/L: there are more neutrophils than white cells; correct one of them"
        " (rule XX1)"
    )


def test_contradiction_of_derived_values(
    edited: Callable[..., dict[str, str]], case_refused: Callable[..., str]
) -> None:
    """A contradiction names each field that was given, not what was worked out from them."""
    other = read_protocol(edited("09-contradictions.md", "| XX1 | > 0 |", "| XX1 | < -400 |"))
    case = {"wbc": "450 x10^9/L", "neutrophils_percent": "1 %"}

    assert case_refused(case, other) == (
        "neutrophils_percent = 1 % and wbc = 450 x10^9/L:"
        " there are more neutrophils than white cells; correct one of them (rule XX1)"
    )


def test_case_of_another_protocol_is_not_decided_silently(edited: Callable[..., Any]) -> None:
    """A case read under one protocol is not passed off as decided under another."""
    other = read_protocol(edited("schedule.md", "# Schedule", "# Schedules"))
    case = b12lib.read_case({"mma": "3 umol/L"})

    assert b12lib.assess(case, case.protocol).protocol is case.protocol
    with pytest.raises(ValueError, match="read under another protocol"):
        b12lib.assess(case, other)


@pytest.mark.parametrize("given", [5, None, ["mma"]])
def test_case_that_is_no_mapping(given: Any, case_refused: Callable[..., str]) -> None:
    """Anything but text or a mapping is refused as a case."""
    assert case_refused(given) == f"case = {given}: expected a mapping, or text that is one"


@pytest.mark.parametrize("unknown", ["unknown", "Unknown", "null", "~", None])
def test_unknown_may_be_said(unknown: str | None) -> None:
    """To say that something is unknown is the same as to leave it out."""
    assert "mma" not in b12lib.read_case({"mma": unknown}).given


@pytest.mark.parametrize("word", ["male", "Male", " male "])
def test_answer_is_read_whatever_its_capitals(word: str) -> None:
    """A word to choose from may be written with capitals or blanks around it."""
    given = b12lib.read_case({"sex": word}).given["sex"]
    assert (given.value, given.written) == ("male", "male")


def test_moment_counts_as_its_day() -> None:
    """A date with a time of day is read as the day, and written so that it can be read again."""
    given = b12lib.read_case({"treatment_start": datetime(2026, 3, 1, 12, 30)}).given
    assert given["treatment_start"].written == "2026-03-01"


def test_nothing_below_inputs_is_an_empty_case() -> None:
    """A case whose inputs are left blank is one of which nothing is known."""
    assert b12lib.read_case({"inputs": None}).given == {}


def test_callers_decimals_change_nothing() -> None:
    """However coarse the caller's own decimal arithmetic, the same values come out."""
    usual = b12lib.assess({"mma": "6434 nmol/L", "wbc": "3.6 G/L", "neutrophils_percent": "27 %"})
    with localcontext() as context:
        context.prec = 2
        again = {name: given.written for name, given in usual.case.given.items()}
        coarse = b12lib.assess(again)
    assert coarse.values == usual.values


def test_one_patient_told_in_several_ways() -> None:
    """Each way adds to the patient or says otherwise; the others stay as they were."""
    ways = {"as told": {}, "in nmol/L": {"mma": "90 nmol/L"}, "tingling": {"paraesthesia": True}}
    found = b12lib.vary({"mma": "90 µmol/L"}, ways)
    assert list(found) == list(ways)
    assert [each["mma_level"].value for each in found.values()] == ["extreme", "normal", "extreme"]
    assert found["as told"]["neurological"].value is None
    assert found["tingling"]["neurological"].value is True


def test_ways_may_be_told_under_another_guideline() -> None:
    """The protocol that is given decides each way."""
    nice = b12lib.load_protocol(profile="nice-ng239")
    [found] = b12lib.vary({"mma": "90 µmol/L"}, {"as told": {}}, nice).values()
    assert found.protocol is nice
