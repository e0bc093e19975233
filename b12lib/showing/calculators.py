"""Calculators for notebooks: ipywidgets over the same assessment that everything else shows.

Each shows its default state as a plain table too, which is what a static page or a reader without
JavaScript keeps.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from b12lib.deciding.assessment import assess
from b12lib.deciding.case import read_case
from b12lib.errors import CaseError, CaseFault, MissingExtra
from b12lib.explaining.wording import sentence
from b12lib.reading.protocol import Protocol
from b12lib.showing import render
from b12lib.showing.document import escape, table
from b12lib.showing.readings import mma_readings

_LIVE: dict[str, Any] = {}
"""The widgets shown under a stable id; showing one again closes its former self."""
_VIEW = "application/vnd.jupyter.widget-view+json"


@dataclass(frozen=True, repr=False)
class Calculator:
    """A widget together with the plain form of its default state."""

    widget: Any
    markdown: str

    def __repr__(self) -> str:
        """Return the plain form, which is all that a terminal can show."""
        return self.markdown

    def _repr_mimebundle_(self, **_: object) -> dict[str, object]:
        return {
            "text/plain": repr(self),
            "text/html": render.html(self.markdown),
            _VIEW: {"version_major": 2, "version_minor": 0, "model_id": self.widget.model_id},
        }


def mma_reader(
    protocol: Protocol, value: float, unit: str = "umol/L", limit: str = ""
) -> Calculator:
    """Read an MMA value: choose number, unit and the laboratory's limit, see what it means."""
    widgets = _ipywidgets()
    units = {protocol.units[code].printed: code for code in protocol.inputs["mma"].factors}
    wide = {"style": {"description_width": "10em"}, "layout": {"width": "24em"}}
    amount = widgets.FloatText(value=value, description="MMA", **wide)
    choice = widgets.Dropdown(options=units, value=unit, description="Unit", **wide)
    upper = widgets.Text(
        value=limit,
        description="Laboratory's limit",
        placeholder="number and unit, as printed",
        **wide,
    )
    reading = widgets.HTML()

    def show(_: object = None) -> None:
        given = {"mma": f"{amount.value} {choice.value}"}
        if upper.value.strip():
            given["mma_limit"] = upper.value
        reading.value = render.html(_reading(given, protocol))

    for control in (amount, choice, upper):
        control.observe(show, names="value")
    show()
    name = _stable_id("b12-mma-reader")
    _LIVE[name] = box = widgets.VBox([amount, choice, upper, reading], model_id=name)
    readings = mma_readings(Decimal(str(value)), limit, protocol)
    return Calculator(box, table(*readings))


def _reading(given: Mapping[str, str], protocol: Protocol) -> str:
    try:
        assessment = assess(read_case(given, protocol))
    except CaseError as error:
        return "\n".join(f"- {escape(_told(fault))}" for fault in error.faults)
    told = [
        sentence(name, value, assessment)
        for name in ("mma_level", "unit_check", "deficiency_status")
        for value in (assessment[name].values if assessment[name].known else ())
    ]
    return "\n".join(f"- {line}" for line in told)


def _told(fault: CaseFault) -> str:
    return f"{fault.field}: " + ". ".join(part for part in (fault.expected, fault.mend) if part)


def _stable_id(name: str) -> str:
    """Return a widget id that is the same in every run, so that a stored output never changes."""
    if former := _LIVE.pop(name, None):
        former.close()
    return name


def _ipywidgets() -> Any:
    try:
        import ipywidgets
    except ImportError as error:
        raise MissingExtra("a calculator", "notebooks") from error
    return ipywidgets
