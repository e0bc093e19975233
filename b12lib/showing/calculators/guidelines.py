"""Guidelines side by side: one case, the profiles one picks, all answers or only what differs."""

from __future__ import annotations

from typing import Any

from b12lib.errors import CaseError
from b12lib.explaining.comparison import Comparison, comparison, side, written
from b12lib.showing.calculators.calculator import (
    Calculator,
    calculator,
    case_area,
    panel,
    reader,
    refused,
    styled,
    tell,
    widgets,
)
from b12lib.showing.case_yaml import case_yaml
from b12lib.showing.comparison import markdown
from b12lib.showing.levels import Level

DIFFERENCES, ALL = "only what differs", "all answers"


def guideline_comparison(compared: Comparison, level: str = Level.CLINICIAN) -> Calculator:
    """Set guidelines side by side, as ``b12lib.compare`` did, and pick among them.

    The case can be changed as text; what is wrong with it is told below it. ``level`` is that of
    the reader to begin with; raises ``ValueError`` for another.
    """
    chooser = _Chooser(compared, level)
    return calculator("guideline-comparison", [chooser.widget], chooser.told())


class _Chooser:
    def __init__(self, compared: Comparison, level: str) -> None:
        self.compared = compared
        cases = [side.assessment.case for side in compared.sides if side.assessment]
        self.text = case_area("The case as text: change it, or paste another one")
        self.text.value = case_yaml(written(cases[0]))
        self.picked = [
            widgets().Checkbox(value=True, description=side.name, indent=False)
            for side in compared.sides
        ]
        self.rows = styled(
            widgets().Dropdown(options=[DIFFERENCES, ALL], description="Show"), "above"
        )
        self.reader = reader(level)
        self.faults, self.shown = panel(), panel()
        self.text.observe(self.compare, names="value")
        for control in (*self.picked, self.rows, self.reader):
            control.observe(self.show, names="value")
        self.show()

    @property
    def widget(self) -> Any:
        """The case, the guidelines to pick, and below them the answers side by side."""
        picked = styled(widgets().Box(self.picked), "buttons")
        parts = [self.text, self.faults, picked, self.rows, self.reader, self.shown]
        return widgets().VBox(parts)

    def compare(self, _: object = None) -> None:
        """Read the case under every guideline again; a refused one leaves what was compared."""
        try:
            sides = [side(self.text.value, former.protocol) for former in self.compared.sides]
            self.compared = comparison(sides)
        except CaseError as error:
            tell(self.faults, refused(error.faults, self.compared.sides[0].protocol))
        else:
            tell(self.faults, "")
            self.show()

    def show(self, _: object = None) -> None:
        """Show the guidelines that are picked."""
        tell(self.shown, self.told())

    def told(self) -> str:
        """Write the answers of the guidelines that are picked."""
        every = zip(self.compared.sides, self.picked, strict=True)
        if not (sides := [side for side, box in every if box.value]):
            return "Pick a guideline."
        try:
            found = comparison(sides)
        except CaseError as error:  # those picked all refuse what another accepts
            return refused(error.faults, sides[0].protocol)
        compared = found.differences() if self.rows.value == DIFFERENCES else found
        return markdown(compared, self.reader.value)
