"""Cases that must not be read: each refusal names field, value, what was expected, how to mend."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import b12lib
from b12lib.reading.protocol import read_protocol

MMA_UNITS = "nmol/L, µmol/L, nmol/mL, ng/mL, mg/L"
B12_RANGE = "outside what is plausible: 10 to 20000 pmol/L"
NUMBER = "expected a number with its unit"
WRITE_B12 = "  write it as '5 pmol/L'; infinite and undefined numbers are refused"
POINT = "  write the number with a decimal point and without thousands separators"
BEYOND = "  a result beyond the assay's range cannot be read yet; leave it out"
YES_OR_NO = "expected yes or no\n  write unknown, or leave the line out, if not known"

Refused = Callable[..., str]
Edited = Callable[..., dict[str, str]]


def test_misspelt_field(case_refused: Refused) -> None:
    """A misspelt field is refused, never passed over, and the likely one suggested."""
    assert case_refused({"macrocitosis": "yes"}) == (
        "macrocitosis = yes: there is no field of this name\n  did you mean macrocytosis?"
    )


def test_strange_field(case_refused: Refused) -> None:
    """A field like no other is refused with a hint where the fields are listed."""
    assert case_refused({"shoe_size": "43"}) == (
        "shoe_size = 43: there is no field of this name\n  b12 rules --inputs lists the fields"
    )


def test_decision_not_statable(case_refused: Refused) -> None:
    """What the tables alone decide cannot be stated in a case."""
    assert case_refused({"treat_now": "immediately"}).startswith(
        "treat_now = immediately: there is no field of this name"
    )


def test_no_unit(case_refused: Refused) -> None:
    """A number without a unit is refused, and every reading it could have is shown."""
    assert case_refused({"mma": "90"}) == (
        f"mma = 90: a number without a unit is not read; expected one of {MMA_UNITS}\n"
        "  it could be read as 90 nmol/L, or 90 µmol/L = 90000 nmol/L, or"
        " 90 nmol/mL = 90000 nmol/L, or 90 ng/mL = 762.12 nmol/L, or 90 mg/L = 762120 nmol/L"
    )


@pytest.mark.parametrize("number", [90, 90.0])
def test_bare_number(case_refused: Refused, number: float) -> None:
    """A number from Python is a number without a unit."""
    assert "a number without a unit is not read" in case_refused({"mma": number})


def test_wrong_unit(case_refused: Refused) -> None:
    """A unit of something else is refused, and implausible readings are marked."""
    assert case_refused({"b12": "180 mmol/L"}) == (
        "b12 = 180 mmol/L: 'mmol/L' is not a unit of it; expected one of pmol/L, ng/L, pg/mL\n"
        "  it could be read as 180 pmol/L, or 180 ng/L = 132.84 pmol/L,"
        " or 180 pg/mL = 132.84 pmol/L"
    )
    assert case_refused({"haemoglobin": "76 K/uL"}) == (
        "haemoglobin = 76 K/uL: 'K/uL' is not a unit of it; expected one of g/L, g/dL, mmol/L\n"
        "  it could be read as 76 g/L, or 76 g/dL = 760 g/L (not plausible),"
        " or 76 mmol/L = 1224.664 g/L (not plausible)"
    )


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("high", f"{NUMBER}\n{WRITE_B12}"),
        ("", f"{NUMBER}\n{WRITE_B12}"),
        ("nan", f"{NUMBER}\n{WRITE_B12}"),
        ("nan ng/L", f"{NUMBER}\n{WRITE_B12}"),
        ("inf ng/L", f"{NUMBER}\n{WRITE_B12}"),
        ("-Infinity ng/L", f"{NUMBER}\n{WRITE_B12}"),
        (float("nan"), f"{NUMBER}\n{WRITE_B12}"),
        (float("inf"), f"{NUMBER}\n{WRITE_B12}"),
        ("5. ng/L", f"{NUMBER}\n{WRITE_B12}"),
        ("180 200 ng/L", f"{NUMBER}\n{WRITE_B12}"),
        ("1 000 ng/L", f"{NUMBER}\n{WRITE_B12}"),
        ("1234567890123 ng/L", f"{NUMBER}\n  write at most 12 digits on each side of the point"),
        ("1,000 ng/L", f"{NUMBER}\n{POINT}"),
        ("132,8 pmol/L", f"{NUMBER}\n{POINT}"),
        ("<150 ng/L", f"{NUMBER}\n{BEYOND}"),
        ("> 1500 ng/L", f"{NUMBER}\n{BEYOND}"),
        ("≤ 150 ng/L", f"{NUMBER}\n{BEYOND}"),
        ("≥150 ng/L", f"{NUMBER}\n{BEYOND}"),
        ("-180 ng/L", "expected a number that is not negative"),
        (True, f"{NUMBER}\n  write it as '5 pmol/L'"),
        (["180 ng/L"], f"{NUMBER}\n  write it as '5 pmol/L'"),
        ({"value": 180}, f"{NUMBER}\n  write it as '5 pmol/L'"),
    ],
)
def test_no_number(case_refused: Refused, value: Any, message: str) -> None:
    """What is not one finite number with its unit is refused, with the way to write it."""
    written = f" = {value}" if value != "" else ""

    assert case_refused({"b12": value}) == f"b12{written}: {message}"


@pytest.mark.parametrize(
    ("value", "readings"),
    [
        (
            "13 ng/L",
            "13 pmol/L, or 13 ng/L = 9.594 pmol/L (not plausible),"
            " or 13 pg/mL = 9.594 pmol/L (not plausible)",
        ),
        (
            "20000.5 pmol/L",
            "20000.5 pmol/L (not plausible), or 20000.5 ng/L = 14760.369 pmol/L,"
            " or 20000.5 pg/mL = 14760.369 pmol/L",
        ),
    ],
)
def test_implausible(case_refused: Refused, value: str, readings: str) -> None:
    """A value that no living person has is refused, with the readings that would be plausible."""
    assert case_refused({"b12": value}) == (
        f"b12 = {value}: {B12_RANGE}\n  check number and unit; it could be read as {readings}"
    )


@pytest.mark.parametrize("value", ["10", "20000"])
def test_ends_of_range(case_refused: Refused, value: str) -> None:
    """The ends of the plausible range are plausible, and so are readings that lie there."""
    assert b12lib.read_case({"b12": f"{value} pmol/L"}).given["b12"].number == Decimal(value)
    assert f"it could be read as {value} pmol/L, or" in case_refused({"b12": value})


def test_implausible_in_one_of_two_units(edited: Edited, case_refused: Refused) -> None:
    """As soon as a field has a second unit, it is shown what the number would be in it."""
    two = edited("inputs.md", "g/dL × 10; mmol/L × 16.114 | 1 | 15..250", "g/dL × 10 | 1 | 15..250")

    assert case_refused({"haemoglobin": "14 g/L"}, read_protocol(two)) == (
        "haemoglobin = 14 g/L: outside what is plausible: 15 to 250 g/L\n  check number and unit;"
        " it could be read as 14 g/L (not plausible), or 14 g/dL = 140 g/L"
    )


@pytest.mark.parametrize("day", ["1900-01-01", "2200-01-01"])
def test_first_and_last_date(day: str) -> None:
    """The first and the last date that a case may name are read."""
    assert b12lib.read_case({"treatment_start": day}).given["treatment_start"].written == day


@pytest.mark.parametrize("day", ["1899-12-31", "2200-01-02", "9999-12-31"])
def test_date_off_the_calendar(case_refused: Refused, day: str) -> None:
    """A day so far off that it is a slip of the pen is refused."""
    assert case_refused({"treatment_start": day}) == (
        f"treatment_start = {day}: expected a date from 1900-01-01 to 2200-01-01\n"
        "  write it as year-month-day, such as 2026-03-01"
    )


def test_long_values_are_shortened(case_refused: Refused) -> None:
    """Sixty characters of a value are shown, of a longer one the beginning."""
    assert case_refused({"numbness": "x" * 60}) == f"numbness = {'x' * 60}: {YES_OR_NO}"
    assert case_refused({"numbness": "x" * 61}) == f"numbness = {'x' * 57}...: {YES_OR_NO}"


@pytest.mark.parametrize(
    "case",
    [
        "- mma",
        {"case": "A patient."},
        {"inputs": {}, "visits": [{}]},
        {"wbc": "2.0 x10^9/L", "anc": "3.0 x10^9/L"},
    ],
)
def test_a_fault_of_no_one_value_shows_none(case: Any) -> None:
    """Where a fault is not in a value, a program that reads it finds an empty text there."""
    with pytest.raises(b12lib.CaseError) as caught:
        b12lib.assess(case)
    assert [fault.value for fault in caught.value.faults] == [""]


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("numbness", "maybe", YES_OR_NO),
        ("numbness", 1, YES_OR_NO),
        ("numbness", ["yes"], YES_OR_NO),
        ("leukopenia", "moderate", YES_OR_NO),
        (
            "cause",
            "Autoimune",
            "expected one of autoimmune, malabsorption, dietary, medication, other\n"
            "  did you mean autoimmune?",
        ),
        ("sex", "F", "expected one of female, male"),
        ("sex", ["female"], "expected one of female, male\n  did you mean female?"),
        (
            "treatment_start",
            "1 March 2026",
            "expected a date\n  write it as year-month-day, such as 2026-03-01",
        ),
        (
            "treatment_start",
            "2026-02-30",
            "expected a date\n  write it as year-month-day, such as 2026-03-01",
        ),
        (
            "treatment_start",
            20260301,
            "expected a date\n  write it as year-month-day, such as 2026-03-01",
        ),
    ],
)
def test_other_types(case_refused: Refused, field: str, value: Any, message: str) -> None:
    """A value of the wrong type, or that is none of the choices, is refused."""
    assert case_refused({field: value}) == f"{field} = {value}: {message}"


def test_all_faults_at_once(case_refused: Refused) -> None:
    """Every fault of a case is told at once, in the order of the case."""
    case = {
        "kind": "made up",
        "inputs": {"mma": "90", "numbness": "perhaps", "b13": "5"},
        "expect": {"treat_now": "soon"},
    }

    lines = [line for line in case_refused(case).split("\n") if not line.startswith(" ")]

    assert [line.partition(":")[0] for line in lines] == [
        "kind = made up",
        "mma = 90",
        "numbness = perhaps",
        "b13 = 5",
        "expect",
    ]


@pytest.mark.parametrize(
    ("case", "message"),
    [
        (
            {"kind": "real", "inputs": {}},
            "kind = real: expected one of seed, published, synthetic",
        ),
        (
            {"case": ["a"], "inputs": {}},
            "case = ['a']: expected a text of at most 2000 characters",
        ),
        (
            {"note": "x" * 2001, "inputs": {}},
            f"note = {'x' * 57}...: expected a text of at most 2000 characters",
        ),
        (
            {"kind": ["seed"], "inputs": {}},
            "kind = ['seed']: expected a text of at most 2000 characters",
        ),
        (
            {"case": "A patient."},
            "inputs: expected what is known of the patient\n  write 'inputs:' and below it one"
            " 'field: value' line for each thing known",
        ),
        (
            {"note": "x" * 2000, "kind": "real", "inputs": {}},
            "kind = real: expected one of seed, published, synthetic",
        ),
        ({"inputs": ["mma"]}, "inputs = ['mma']: expected 'name: value' lines"),
        (
            {"inputs": {}, "expect": "treat"},
            "expect = treat: expected 'name: value' lines",
        ),
        (
            {"inputs": {}, "expects": {}},
            "expects = {}: there is no field of this name\n  did you mean expect?",
        ),
        (
            {"inputs": {}, "expect": {"regimen": "weekly"}},
            "expect: regimen = weekly: expected one of"
            " alternate-days, three-times-weekly, oral-daily, none",
        ),
        (
            {"inputs": {}, "expect": {"emergency": ["fever"]}},
            "expect: emergency = ['fever']: expected one of"
            " neutropenic-fever, fever-count-unknown, fever-falling-count, ask-fever\n"
            "  did you mean ask-fever?",
        ),
        (
            {"inputs": {}, "expect": {"leukopenia": ["yes", "perhaps"]}},
            f"expect: leukopenia = ['yes', 'perhaps']: {YES_OR_NO}",
        ),
        (
            {"inputs": {}, "expect": {"regimens": "none"}},
            "expect: regimens = none: there is no field of this name\n  did you mean regimen?",
        ),
        (
            {"inputs": {}, "expect": {"mma": "90 umol/L"}},
            "expect: mma = 90 umol/L: there is no field of this name\n"
            "  b12 rules --inputs lists the fields",
        ),
    ],
)
def test_frame(case_refused: Refused, case: dict[str, Any], message: str) -> None:
    """What stands around the inputs is checked as well: name, kind, note, expected answers."""
    assert case_refused(case) == message


CONTRADICTORY = [
    (
        {"wbc": "3.0 x10^9/L", "anc": "3.5 x10^9/L"},
        "anc = 3.5 x10^9/L and wbc = 3.0 x10^9/L: there are more neutrophils than"
        " white cells; correct one of them (rule XX1)",
    ),
    (
        {"leukopenia": "yes", "wbc": "6 x10^9/L"},
        "leukopenia = yes: the values of the case make it false (rule LE2)\n  correct one of them",
    ),
    (
        {"leukopenia": "no", "wbc": "3.9 x10^9/L"},
        "leukopenia = no: the values of the case make it true (rule LE1)\n  correct one of them",
    ),
    (
        {"anaemia": "yes", "haemoglobin": "140 g/L"},
        "anaemia = yes: the values of the case make it false (rule AN4)\n  correct one of them",
    ),
    (
        {"neutropenia": "no", "wbc": "3.6 x10^9/L", "neutrophils_percent": "27 %"},
        "neutropenia = no: the values of the case make it true (rule NE1)\n  correct one of them",
    ),
    (
        {"neurological": "no", "paraesthesia": "yes"},
        "neurological = no: the values of the case make it true (rule NS1)\n  correct one of them",
    ),
    (
        {"anc": "2 x10^9/L", "wbc": "3.6 x10^9/L", "neutrophils_percent": "27 %"},
        "anc = 2 x10^9/L and neutrophils_percent = 27 % and wbc = 3.6 x10^9/L: the neutrophil"
        " count is not what white cells and percentage make of it; correct one of them (rule XX2)",
    ),
]


@pytest.mark.parametrize(("case", "message"), CONTRADICTORY)
def test_contradiction(case_refused: Refused, case: dict[str, str], message: str) -> None:
    """A case that says two things at once is refused before anything is decided from it."""
    assert case_refused(case) == message


@pytest.mark.parametrize("name", ["mma_fold", "mma_swapped_fold", "sensory_symptoms"])
def test_derived_value_cannot_be_given(case_refused: Refused, name: str) -> None:
    """What only follows from other fields is no field itself, so it cannot contradict them."""
    assert case_refused({name: "yes"}).startswith(f"{name} = yes: there is no field of this name")


def test_contradictions_at_once(case_refused: Refused) -> None:
    """All contradictions of a case are told at once."""
    both = {**CONTRADICTORY[1][0], **CONTRADICTORY[5][0]}

    message = case_refused(both)

    assert CONTRADICTORY[1][1] in message
    assert CONTRADICTORY[5][1] in message


@pytest.mark.parametrize(
    "case",
    [
        {"wbc": "3.5 x10^9/L", "anc": "3.5 x10^9/L"},
        {"leukopenia": "yes", "wbc": "3.99 x10^9/L"},
        {"leukopenia": "no", "wbc": "4 x10^9/L"},
        {"anaemia": "yes", "haemoglobin": "125 g/L"},
        {"anaemia": "no", "haemoglobin": "125 g/L"},
        {"anc": "1 x10^9/L", "wbc": "3.6 x10^9/L", "neutrophils_percent": "27 %"},
        {"leukopenia": "no", "neutropenia": "yes"},
    ],
)
def test_no_contradiction(case: dict[str, str]) -> None:
    """Two statements that can both be true of one patient are not refused."""
    assert b12lib.assess(case)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "it is empty"),
        ("  \n# nothing but a comment\n", "it is empty"),
        ("90 umol/L", "expected 'name: value' lines at the top level"),
        ("- mma", "expected 'name: value' lines at the top level"),
        (
            "mma: 90 umol/L\nmma: 90 nmol/L",
            'line 2: found duplicate key "mma" with value "90 nmol/L"'
            ' (original value: "90 umol/L")',
        ),
        (
            '{"mma": "90 umol/L", "mma": "90 nmol/L"}',
            'line 1: found duplicate key "mma" with value "90 nmol/L"'
            ' (original value: "90 umol/L")',
        ),
        (
            "inputs: &a {mma: 90 umol/L}\nexpect: *a",
            "line 2: aliases (*name) are not read; write the value again",
        ),
        (
            "mma: !!python/object/apply:os.system [exit]",
            "line 1: tags (tag:yaml.org,2002:python/object/apply:os.system)"
            " are not read; write the plain value",
        ),
        ("mma: !secret 90", "line 1: tags (!secret) are not read; write the plain value"),
        (
            "mma: 90 umol/L\n---\nmma: 90 nmol/L",
            "line 2: a second document starts; only one is read",
        ),
        ("a: " + "[" * 30 + "]" * 30, "line 1: nested more than 20 levels deep"),
        ("\n\nmma: 90: umol/L", "line 3: mapping values are not allowed here"),
        ("mma: [90", "line 1: expected ',' or ']', but got '<stream end>'"),
        ("[mma, b12]: 90", "line 1: a list or a mapping is not a name"),
        ("{mma: b12}: 90", "line 1: a list or a mapping is not a name"),
        (
            "mma: \x07",
            "unacceptable character #x0007: special characters are not allowed"
            ' in "<unicode string>", position 5',
        ),
    ],
)
def test_text(case_refused: Refused, text: str, message: str) -> None:
    """Text that could surprise or harm is refused with one plain sentence."""
    assert case_refused(text) == f"case file: {message}"


def test_alias_bomb(case_refused: Refused) -> None:
    """A few lines of YAML that would unfold to billions of values are refused at once."""
    lines = ["a: &a [x, x, x, x, x, x, x, x, x]"]
    lines += [
        f"{new}: &{new} [{', '.join([f'*{old}'] * 9)}]"
        for old, new in zip("abcdefgh", "bcdefghi", strict=True)
    ]

    assert case_refused("\n".join(lines)) == (
        "case file: line 2: aliases (*name) are not read; write the value again"
    )


def test_many_levels(case_refused: Refused) -> None:
    """Twenty levels are read, one more is refused."""
    deepest = "mma: " + "[" * 19 + "]" * 19

    assert "expected a number with its unit" in case_refused(deepest)
    assert case_refused(deepest.replace("[]", "[[]]")) == (
        "case file: line 1: nested more than 20 levels deep"
    )


def test_huge_text(case_refused: Refused) -> None:
    """Ten megabytes are refused before anything is parsed."""
    assert case_refused("mma: 90 umol/L\n" + "#" * 10_000_000) == (
        "case file: it is too large: at most 100,000 characters are read"
    )


def test_huge_file(case_refused: Refused, tmp_path: Path) -> None:
    """A file of ten megabytes is refused, and no more of it read than needed."""
    file = tmp_path / "case.yaml"
    file.write_bytes(b"mma: 90 umol/L\n" + b"#" * 10_000_000)

    assert case_refused(file) == "case file: it is too large: at most 100,000 characters are read"


def test_huge_number(case_refused: Refused) -> None:
    """A number of thousands of digits is refused like any other impossible one."""
    huge = 10**5000

    assert f"mma = something too large to show (int): {NUMBER}\n" in case_refused({"mma": huge})
    assert f"{NUMBER}\n" in case_refused({"mma": {"value": huge, "unit": "nmol/L"}})
    assert "there is no field of this name" in case_refused({huge: huge})


def test_huge_nesting(case_refused: Refused) -> None:
    """A value nested beyond what can be shown is refused all the same."""
    value: list[Any] = []
    for _ in range(100_000):
        value = [value]

    assert case_refused({"numbness": value}) == (
        f"numbness = something too large to show (list): {YES_OR_NO}"
    )


def test_missing_file(case_refused: Refused, tmp_path: Path) -> None:
    """A file that is not there is refused as a case would be."""
    file = tmp_path / "nobody.yaml"

    assert case_refused(file) == f"{file}: cannot be opened: No such file or directory"


def test_file_not_utf8(case_refused: Refused, tmp_path: Path) -> None:
    """A file in another encoding is refused, not guessed at."""
    file = tmp_path / "case.yaml"
    file.write_bytes("mma: 90 µmol/L".encode("latin-1"))

    assert case_refused(file) == f"{file}: it is not UTF-8 text"


@pytest.mark.parametrize(
    ("case", "message"),
    [
        ({"wbc": "1 g/L"}, "wbc = 1 g/L: 'g/L' is not a unit of it"),
        ({"haemoglobin": "91 G/L"}, "haemoglobin = 91 G/L: 'G/L' is not a unit of it"),
        ('"\\UFFFFFFFF": a', "it names a character that does not exist"),
        ({"case": "a\u202eb", "inputs": {}}, "expected text without control characters"),
        ({"case": "a\x1bb", "inputs": {}}, "case = a\N{REPLACEMENT CHARACTER}b: expected text"),
        ({"mma": "\x1b]0;x"}, "mma = \N{REPLACEMENT CHARACTER}]0;x: expected a number"),
        ({"mma": "0.30000000000000004 umol/L"}, "write at most 12 digits on each side"),
        ({"mcv": "1112 fL"}, "outside what is plausible: 40 to 180 fL\n  check the number"),
    ],
)
def test_what_would_mislead_or_harm(case_refused: Refused, case: object, message: str) -> None:
    """Units that differ by a capital, signs that act on a screen."""
    assert message in case_refused(case)


@pytest.mark.parametrize("names", ["mma", {"mma": "90"}, [["mma"]]])
def test_the_fields_of_a_refusal_are_a_list(case_refused: Refused, names: object) -> None:
    """A worked case names the fields for which it must be refused as a list of texts."""
    told = case_refused({"inputs": {}, "refused": names})
    assert told == f"refused = {names}: expected a list of fields, such as [mma]"


def test_a_contradiction_names_its_fields() -> None:
    """A program can tell which fields contradict each other without reading the sentence."""
    with pytest.raises(b12lib.CaseError) as caught:
        b12lib.assess({"wbc": "2.0 x10^9/L", "anc": "3.0 x10^9/L"})
    assert [fault.fields for fault in caught.value.faults] == [("anc", "wbc")]
