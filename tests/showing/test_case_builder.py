"""The case builder: every field of the dictionary, an answer as one types, faults at the field."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import pytest

import b12lib
from b12lib.deciding.fields import case_fields
from b12lib.reading.protocol import read_protocol
from b12lib.rooms import room
from b12lib.showing.calculators import Calculator, case_builder

Control = Callable[[Calculator, str], Any]
Told = Callable[[Calculator], str]

SEED = {"mma": "90 µmol/L", "leukopenia": True, "neutropenia": True, "macrocytosis": True}
AS_TEXT = "The case as text: copy it, or paste another one"
ASK = "What should be asked first?"


def built(given: Mapping[str, Any]) -> Calculator:
    """Return a builder that begins with these fields."""
    return case_builder(b12lib.read_case(given))


def text_of(builder: Calculator, control: Control) -> str:
    """Return the case as the builder writes it."""
    return str(control(builder, AS_TEXT).value)


def test_every_field_has_a_control(protocol: b12lib.Protocol, control: Control) -> None:
    """Whatever a case may say can be said: each field by its label, each quantity in each unit."""
    builder = built({})
    for item in case_fields(protocol).values():
        found = control(builder, item.label)
        if item.kind == "quantity":
            units = control(builder, f"Unit of: {item.label}")
            assert [code for _, code in units.options] == list(item.factors)  # type: ignore[union-attr]
        elif item.kind == "boolean":
            assert [label for label, _ in found.options] == ["not known", "yes", "no"]


def test_new_row_of_the_dictionary_needs_no_code(
    edited: Callable[..., dict[str, str]], control: Control
) -> None:
    """A field added to inputs.md appears with its answers and its question."""
    row = "| age | Age |"
    new = '| pet | Pet | "cat", "dog" | | | | | unknown | | | Which pet is kept? | @nice2024 |\n'
    asked = "| age | How old"
    texts = edited("plain.md", asked, f"| pet | Which pet do you keep? |\n{asked}")
    protocol = read_protocol(edited("inputs.md", row, new + row, texts))
    builder = case_builder(b12lib.read_case({}, protocol))
    assert [label for label, _ in control(builder, "Pet").options] == ["not known", "cat", "dog"]
    control(builder, "Pet").value = "dog"
    assert "pet: dog" in text_of(builder, control)


def test_the_answer_is_in_the_words_of_the_reader(control: Control, told: Told) -> None:
    """Another reader gets the same answer in other words; no other level is taken."""
    builder = built(SEED)
    assert "Treat immediately" in told(builder)
    control(builder, "Reader").value = "patient"
    assert "You should be treated with vitamin B12 at once." in told(builder)
    assert "Treat immediately" not in told(builder)
    case = b12lib.read_case(SEED)
    assert "You should be treated" in case_builder(case, "patient").markdown
    with pytest.raises(ValueError, match="'nurse' is no reader's level"):
        case_builder(case, "nurse")


def test_begins_with_the_given_case(control: Control, told: Told) -> None:
    """What is given stands in the controls, the rest is not known, and the answer is there."""
    builder = built({**SEED, "treatment_start": "2026-03-02"})
    assert control(builder, "Methylmalonic acid (MMA)").value == "90"
    assert control(builder, "Unit of: Methylmalonic acid (MMA)").value == "umol/L"
    assert control(builder, "Leukopenia").label == "yes"
    assert control(builder, "Anaemia").label == "not known"
    assert control(builder, "Date of the first dose").value == date(2026, 3, 2)
    assert "Treat immediately" in told(builder)


def test_answer_follows_as_one_types(control: Control, told: Told) -> None:
    """A field that becomes known changes the answer; not known again changes it back."""
    builder = built(SEED)
    before = told(builder)
    control(builder, "Neurological involvement").value = "no"
    assert "three times weekly for 2 weeks" in told(builder)
    assert "schedule depends" not in told(builder)
    control(builder, "Neurological involvement").value = ""
    assert told(builder) == before


def test_written_case_is_read_as_the_same_case(control: Control) -> None:
    """Every worked case put in comes out as the same case, its name and its visits included."""
    builder = built({})
    for file in sorted((room("protocol") / "cases").glob("*.yaml")):
        case = b12lib.read_case(file)
        control(builder, AS_TEXT).value = file.read_text(encoding="utf-8")
        again = b12lib.read_case(text_of(builder, control))
        assert again.name == case.name, file.name
        values = {name: given.value for name, given in case.given.items()}
        assert {name: given.value for name, given in again.given.items()} == values, file.name
        found = [(visit.day, dict(visit.given)) for visit in case.visits]
        assert [(visit.day, dict(visit.given)) for visit in again.visits] == found, file.name


def test_kind_and_source_of_the_case_are_not_kept(control: Control) -> None:
    """A changed case does not go on claiming to be the published one."""
    text = text_of(
        case_builder(b12lib.read_case({"inputs": SEED, "kind": "seed", "source": "@seed"})), control
    )
    assert "kind" not in text
    assert "source" not in text


def test_pasted_case_fills_the_fields(control: Control, told: Told) -> None:
    """A case put into the text area replaces the one in the fields."""
    builder = built(SEED)
    control(builder, AS_TEXT).value = "case: Another\ninputs:\n  haemoglobin: 7.9 g/dL\n"
    assert control(builder, "Haemoglobin").value == "7.9"
    assert control(builder, "Unit of: Haemoglobin").value == "g/dL"
    assert control(builder, "Methylmalonic acid (MMA)").value == ""
    assert control(builder, "Leukopenia").label == "not known"
    assert control(builder, "Name of the case").value == "Another"
    assert "Treat immediately" not in told(builder)


def test_pasted_text_that_is_no_case_changes_nothing(control: Control, told: Told) -> None:
    """What cannot be read is told below the text; the fields stay as they were."""
    builder = built(SEED)
    control(builder, AS_TEXT).value = "inputs: {mna: 90 nmol/L}"
    assert "did you mean mma?" in told(builder)
    assert control(builder, "Methylmalonic acid (MMA)").value == "90"
    control(builder, AS_TEXT).value = "inputs: {mma: 90 nmol/L}"
    assert "did you mean" not in told(builder)


def test_fault_shows_at_the_field_it_names(control: Control, told: Told) -> None:
    """A number that no patient has is refused below its own control, and no answer stands."""
    builder = built(SEED)
    control(builder, "Haemoglobin").value = "900"
    assert "Treat immediately" not in told(builder)
    assert told(builder).count("outside what is plausible: 15 to 250 g/L") == 1
    control(builder, "▸ Show: Blood count (1 given, 1 to mend)").click()
    assert told(builder).count("outside what is plausible: 15 to 250 g/L") == 2
    control(builder, "Haemoglobin").value = "90"
    assert "Treat immediately" in told(builder)
    assert 'role="alert"' not in told(builder)


def test_contradiction_shows_at_every_field_it_is_between(control: Control, told: Told) -> None:
    """More neutrophils than white cells: both counts are asked to be mended."""
    builder = built({"wbc": "2 G/L", "anc": "1 G/L"})
    control(builder, "Absolute neutrophil count").value = "3"
    assert told(builder).count('role="alert"') == 2
    assert control(builder, "▾ Hide: Blood count (2 given, 2 to mend)")


def test_trace_opens_and_follows(control: Control, told: Told) -> None:
    """How it was decided is told only when it is asked for, and of the case as it then is."""
    builder = built(SEED)
    assert "Other rules, ruled out by" not in told(builder)
    control(builder, "▸ Show: How it was decided").click()
    assert "Other rules, ruled out by" in told(builder)
    assert "RG3" in told(builder)
    control(builder, "Neurological involvement").value = "yes"
    control(builder, "▾ Hide: How it was decided").click()
    assert "Other rules, ruled out by" not in told(builder)


def test_what_settles_most_is_marked_until_something_changes(control: Control, told: Told) -> None:
    """Asked for, the list begins with the nervous system, whose field says so; then it is stale."""
    builder = built(SEED)
    control(builder, "▸ Show: Is the nervous system involved").click()
    control(builder, ASK).click()
    first = b12lib.assess(SEED).missing().alone[0]
    assert first.name == "neurological"
    assert "<li><strong>Neurological involvement</strong>" in told(builder)
    assert "Asked as number 1 of" in told(builder)
    control(builder, "Fever").value = "no"
    assert "Asked as number 1 of" not in told(builder)
    assert "<li><strong>Neurological involvement</strong>" not in told(builder)


def test_nothing_is_asked_of_a_case_that_is_refused(control: Control, told: Told) -> None:
    """What cannot be read is to be mended before anything can be asked."""
    builder = built({"age": "12 a"})
    assert "No answer until this is mended" in told(builder)
    control(builder, ASK).click()
    assert "Asked as number" not in told(builder)


def test_settled_case_says_that_nothing_is_to_be_asked(control: Control, told: Told) -> None:
    """Where nothing unknown can change the treatment, the button says so."""
    builder = case_builder(b12lib.read_case(room("protocol") / "cases" / "oral-allowed.yaml"))
    for label in (
        "Leber's hereditary optic neuropathy",
        "Earlier allergic reaction to vitamin B12",
        "Earlier B12 treatment did not help",
    ):
        control(builder, label).value = "no"
    control(builder, ASK).click()
    assert "Nothing that is not known would by itself change the treatment." in told(builder)


def test_plain_form_has_fields_and_answer() -> None:
    """A page without widgets keeps what was given and what follows; a refused case says why."""
    plain = repr(built(SEED))
    assert "| Methylmalonic acid (MMA) | 90 µmol/L |" in plain
    assert "**Treat immediately" in plain
    assert "No answer until this is mended" in repr(built({"age": "12 a"}))


@pytest.mark.parametrize("profile", b12lib.profiles())
def test_profiles_have_a_builder_too(profile: str, control: Control) -> None:
    """The fields are those of whatever protocol the case was read under."""
    protocol = b12lib.load_protocol(profile=profile)
    builder = case_builder(b12lib.read_case(SEED, protocol))
    assert all(control(builder, item.label) for item in case_fields(protocol).values())
