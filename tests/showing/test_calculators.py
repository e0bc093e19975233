"""Calculators: the widget reacts, and its default state stands as a plain table."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import pytest

import b12lib
from b12lib.errors import MissingExtra
from b12lib.showing.calculators import Calculator, case_builder, mma_reader

Control = Callable[[Calculator, str], Any]
Told = Callable[[Calculator], str]

MMA = "Methylmalonic acid (MMA)"
LIMIT = "Upper limit of MMA"


def test_default_state_is_a_plain_table(protocol: b12lib.Protocol) -> None:
    """Every form of the output but the widget itself carries the readings of the number."""
    bundle = mma_reader(protocol, 90)._repr_mimebundle_()
    for form in ("text/plain", "text/html"):
        assert "90,000 nmol/L" in str(bundle[form])
        assert "332 times" in str(bundle[form])
        assert "above the highest of 33,544 people" in str(bundle[form])
    assert "application/vnd.jupyter.widget-view+json" in bundle


def test_its_limits_are_told(protocol: b12lib.Protocol, told: Told) -> None:
    """Which protocol answers, who has reviewed it and what it is not stand below every reading."""
    reader = mma_reader(protocol, 90)
    for form in (repr(reader), told(reader)):
        assert "version 0.1.0 (submitted, reviewed by nobody yet)" in form
        assert "does not replace clinical judgement" in form


def test_same_calculator_keeps_its_id_and_another_gets_its_own(protocol: b12lib.Protocol) -> None:
    """A cell run again shows the same id; two calculators on one page both stay alive."""
    one, other = mma_reader(protocol, 90), mma_reader(protocol, 91)
    shown = one.widget.model_id
    again = mma_reader(protocol, 90)
    assert again.widget.model_id == shown
    assert one.widget.comm is None, "the former self is closed"
    assert other.widget.model_id != again.widget.model_id
    assert other.widget.comm is not None


def test_reading_follows_the_controls(
    protocol: b12lib.Protocol, control: Control, told: Told
) -> None:
    """Changing number, unit or limit changes the reading; the engine decides, not the widget."""
    reader = mma_reader(protocol, 90)
    assert "beyond" in told(reader)
    control(reader, f"Unit of: {MMA}").value = "nmol/L"
    assert "not above its upper limit of 271 nmol/L" in told(reader)
    control(reader, MMA).value = "0.35"
    control(reader, f"Unit of: {MMA}").value = "umol/L"
    control(reader, LIMIT).value = "400"
    assert "not above its upper limit of 400 nmol/L" in told(reader)
    assert "above 95 in 100 of 33,544 people" in told(reader)


def test_every_reading_of_the_number_follows_too(
    protocol: b12lib.Protocol, control: Control, told: Told
) -> None:
    """The table says for each accepted unit what the number would be, or that nobody has that."""
    reader = mma_reader(protocol, 90)
    control(reader, MMA).value = "9"
    control(reader, f"Unit of: {MMA}").value = "umol/L"
    assert "9 mg/L" in told(reader)
    assert "not plausible in this unit" in told(reader)


def test_number_taken_away_is_asked_for(
    protocol: b12lib.Protocol, control: Control, told: Told
) -> None:
    """Without a number there is a question instead of a reading."""
    reader = mma_reader(protocol, 90)
    control(reader, MMA).value = " "
    assert "What is the methylmalonic acid" in told(reader)
    assert "332" not in told(reader)


def test_fault_shows_at_its_field_and_is_inert(
    protocol: b12lib.Protocol, control: Control, told: Told
) -> None:
    """A limit that cannot be read says so below itself, as text; mended, it says so no more."""
    reader = mma_reader(protocol, 90)
    fields, *_ = (w for w in reader.widget.children if "b12-fields" in w._dom_classes)
    limit = fields.children[1]
    control(reader, LIMIT).value = "<img src=x>"
    assert 'role="alert"' in limit.children[1].value
    assert 'role="alert"' not in fields.children[0].children[1].value
    assert "No answer until this is mended" in told(reader)
    assert "<img" not in told(reader)
    control(reader, LIMIT).value = "300"
    assert 'role="alert"' not in told(reader)


def test_limit_given_at_the_start_is_used_in_the_table(protocol: b12lib.Protocol) -> None:
    """The plain table judges by the laboratory's limit when there is one."""
    calculator = mma_reader(protocol, value=0.35, unit="umol/L", limit="0.4 umol/L")
    rows = [line for line in repr(calculator).splitlines() if line.startswith("| 0.35 µmol/L")]
    assert [row.endswith("| normal |") for row in rows] == [True]


def test_start_that_is_not_plausible_is_refused_in_plain_form_too(
    protocol: b12lib.Protocol,
) -> None:
    """A number that no patient can have in its unit is not read; its other readings are told."""
    said = repr(mma_reader(protocol, value=5000))
    assert "No answer until this is mended" in said
    assert "5000 ng/mL = 42340 nmol/L" in said


def test_limit_that_cannot_be_read_at_the_start_is_an_error(protocol: b12lib.Protocol) -> None:
    """A cell that gives a limit without a unit is told so, as a case would be."""
    with pytest.raises(b12lib.CaseError, match="a number without a unit is not read"):
        mma_reader(protocol, 90, limit="400")


def test_missing_ipywidgets_is_a_clear_message(
    protocol: b12lib.Protocol, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the optional part the message names what to install."""
    monkeypatch.setitem(sys.modules, "ipywidgets", None)
    with pytest.raises(MissingExtra, match=r"pip install 'b12lib\[notebooks\]'"):
        case_builder(b12lib.read_case({}, protocol))
