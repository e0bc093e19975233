"""The fields of a case as controls, made from their rows of the data dictionary.

Nothing here knows one field from another: what a control looks like follows from the kind.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from html import escape
from typing import Any

from b12lib.deciding.assessment import Assessment, assess
from b12lib.deciding.case import read_case
from b12lib.deciding.fields import Given, plain
from b12lib.errors import CaseError, CaseFault
from b12lib.explaining.wording import quantity, word
from b12lib.reading.dictionary import Decision, Input
from b12lib.reading.protocol import Protocol
from b12lib.showing.calculators.calculator import styled, what_is_wrong, widgets

NOT_KNOWN = "not known"


class Field:
    """One field of a case: its control, and below it the question or what is wrong."""

    def __init__(self, item: Input | Decision, protocol: Protocol) -> None:
        self.item, self.protocol = item, protocol
        self.controls: Sequence[Any] = self._controls()
        self._note = styled(widgets().HTML(), "note")
        row = widgets().HBox(self.controls)
        self.widget = styled(widgets().VBox([row, self._note]), "field")
        self.tell()

    @property
    def said(self) -> str:
        """What a case would say of the field; empty for what is not known."""
        return str(self.controls[0].value)

    def fill(self, given: Given | None) -> None:
        """Show what a case gives, or that it does not."""
        self.controls[0].value = given.written if given else ""

    def observe(self, changed: Callable[[object], None]) -> None:
        """Call ``changed`` whenever the field says something else."""
        for control in self.controls:
            control.observe(changed, names="value")

    def tell(self, faults: Sequence[CaseFault] = (), mark: str = "") -> None:
        """Show below the control what is wrong; else the question, after a ``mark``."""
        self.wrong = bool(faults)
        if faults:
            told = " ".join(escape(what_is_wrong(fault)) for fault in faults)
            self._note.value = f'<div role="alert"><strong>To mend:</strong> {told}</div>'
        else:
            marked = f"<strong>{escape(mark)}</strong> " if mark else ""
            self._note.value = f"<div>{marked}{escape(self._help)}</div>"

    @property
    def _help(self) -> str:
        item = self.item
        if not isinstance(item, Input) or item.assumed is None:
            return item.question
        assumed = item.assumed
        taken = (
            quantity(item, assumed, self.protocol)
            if isinstance(assumed, Decimal)
            else word(assumed)
        )
        return f"{item.question} If not known: taken as {taken}."

    def _controls(self) -> Sequence[Any]:
        answers = [word(value) for value in self.item.domain]
        options = [(NOT_KNOWN, ""), *((answer, answer) for answer in answers)]
        control = widgets().Dropdown(options=options, value="", description=self.item.label)
        return [styled(control, "above")]


class Quantity(Field):
    """A number, and the unit in which the laboratory prints it."""

    item: Input

    @property
    def said(self) -> str:
        """The number with its unit, as a case would say it; empty without a number."""
        number, unit = (control.value for control in self.controls)
        return f"{number.strip()} {self.protocol.units[unit].printed}" if number.strip() else ""

    def fill(self, given: Given | None) -> None:
        """Show the number in the unit in which the case gives it."""
        number, unit = self.controls
        if given and given.number is not None:
            unit.value = given.unit
            number.value = plain(given.number)
        else:
            number.value = ""

    def _controls(self) -> Sequence[Any]:
        units = [(self.protocol.units[code].printed, code) for code in self.item.factors]
        named = f"Unit of: {self.item.label}"
        return [
            styled(widgets().Text(description=self.item.label), "above"),
            styled(widgets().Dropdown(options=units, description=named), "unit"),
        ]


class Day(Field):
    """A date."""

    @property
    def said(self) -> str:
        """The day as a case would say it."""
        day = self.controls[0].value
        return day.isoformat() if day else ""

    def fill(self, given: Given | None) -> None:
        """Show the day that the case gives."""
        self.controls[0].value = given.value if given and isinstance(given.value, date) else None

    def _controls(self) -> Sequence[Any]:
        return [styled(widgets().DatePicker(description=self.item.label), "above")]


def field(item: Input | Decision, protocol: Protocol) -> Field:
    """Return the control of one field of a case."""
    kinds: Mapping[str, type[Field]] = {"quantity": Quantity, "date": Day}
    return kinds.get(item.kind, Field)(item, protocol)


class Form:
    """Fields of one case, read together; what is wrong shows at every field that it names."""

    def __init__(self, items: Iterable[Input | Decision], protocol: Protocol) -> None:
        self.protocol = protocol
        self.fields = {item.name: field(item, protocol) for item in items}

    @property
    def said(self) -> dict[str, str]:
        """What is known, by name, as a case would say it."""
        return {name: field.said for name, field in self.fields.items() if field.said}

    def fill(self, given: Mapping[str, Given]) -> None:
        """Show what a case gives."""
        for name, each in self.fields.items():
            each.fill(given.get(name))

    def observe(self, changed: Callable[[object], None]) -> None:
        """Call ``changed`` whenever a field says something else."""
        for each in self.fields.values():
            each.observe(changed)

    def decide(self, **more: Any) -> Assessment:
        """Decide the case that the fields say, with ``more`` of it, such as its visits.

        Raises ``CaseError`` when it cannot be read or is refused.
        """
        faults: tuple[CaseFault, ...] = ()
        try:
            return assess(read_case({**more, "inputs": self.said}, self.protocol))
        except CaseError as error:
            faults = error.faults
            raise
        finally:
            for name, each in self.fields.items():
                each.tell([fault for fault in faults if name in (fault.fields or (fault.field,))])
