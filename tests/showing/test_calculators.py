"""Calculators: the widget reacts, and its default state stands as a plain table."""

from __future__ import annotations

import sys

import pytest

import b12lib
from b12lib.errors import MissingExtra
from b12lib.showing.calculators import mma_reader


def test_default_state_is_a_plain_table(protocol: b12lib.Protocol) -> None:
    """Every form of the output but the widget itself carries the readings of the number."""
    bundle = mma_reader(protocol, 90)._repr_mimebundle_()
    for form in ("text/plain", "text/html"):
        assert "90,000 nmol/L" in str(bundle[form])
        assert "extreme" in str(bundle[form])
    assert bundle["application/vnd.jupyter.widget-view+json"]["model_id"] == "b12-mma-reader"  # type: ignore[index]


def test_reading_follows_the_controls(protocol: b12lib.Protocol) -> None:
    """Changing unit or limit changes the reading; the engine decides, not the widget."""
    amount, unit, limit, reading = mma_reader(protocol, 90).widget.children
    assert "beyond" in reading.value
    unit.value = "nmol/L"
    assert "not above its upper limit of 271 nmol/L" in reading.value
    amount.value, unit.value, limit.value = 0.35, "umol/L", "400 nmol/L"
    assert "not above its upper limit of 400 nmol/L" in reading.value


def test_fault_shows_at_the_calculator_and_is_inert(protocol: b12lib.Protocol) -> None:
    """A limit that cannot be read shows its fault as text."""
    *_, limit, reading = mma_reader(protocol, 90).widget.children
    limit.value = "<img src=x> nmol/L"
    assert "mma_limit" in reading.value
    assert "<img" not in reading.value


def test_limit_given_at_the_start_is_used_in_the_table(protocol: b12lib.Protocol) -> None:
    """The plain table judges by the laboratory's limit when there is one."""
    calculator = mma_reader(protocol, value=0.35, unit="umol/L", limit="0.4 umol/L")
    row = next(line for line in repr(calculator).splitlines() if "µmol/L" in line)
    assert row.endswith("| normal |")


def test_number_that_fits_no_unit_is_said_to_be_implausible(protocol: b12lib.Protocol) -> None:
    """A reading outside what a person can have is marked so."""
    assert "not plausible in this unit" in repr(mma_reader(protocol, value=5000))


def test_missing_ipywidgets_is_a_clear_message(
    protocol: b12lib.Protocol, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the optional part the message names what to install."""
    monkeypatch.setitem(sys.modules, "ipywidgets", None)
    with pytest.raises(MissingExtra, match=r"pip install 'b12lib\[notebooks\]'"):
        mma_reader(protocol, 90)
