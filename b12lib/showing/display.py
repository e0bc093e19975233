"""An assessment that shows itself: in a notebook, in a terminal, as data."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from b12lib.deciding import assessment as deciding
from b12lib.deciding.case import Case
from b12lib.showing.levels import Level, level_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from b12lib.explaining.calendar import Calendar
    from b12lib.explaining.flips import Flip
    from b12lib.explaining.missing import Missing
    from b12lib.showing.figures import Figure
    from b12lib.showing.section import Section


@dataclass(frozen=True, slots=True, repr=False)
class Assessment(deciding.Assessment):
    """A case decided, shown richly in a notebook and as plain text elsewhere.

    ``level`` is the reader's: it changes the words and what is told, never a decision.
    """

    level: Level = Level.CLINICIAN

    def at_level(self, level: str) -> Assessment:
        """Return the same assessment, shown to a ``clinician``, a ``trainee`` or a ``patient``.

        Raises ``ValueError`` for any other level.
        """
        return replace(self, level=level_of(level))

    def _repr_markdown_(self) -> str:
        from b12lib.showing.document import markdown

        return markdown(self, self.level)

    def _repr_html_(self) -> str:
        from b12lib.showing.render import html

        return html(self._repr_markdown_())

    def __repr__(self) -> str:
        """Return the answer in one line."""
        from b12lib.explaining.plan import headline

        return f"<Assessment of {self.case.name!r}: {headline(self)}>"

    def __str__(self) -> str:
        """Return the whole assessment as plain text."""
        from b12lib.showing.render import text

        return text(self._repr_markdown_())

    def section(self, title: str) -> Section:
        """Return one section by its title, such as ``Answer`` or ``Folate``."""
        from b12lib.showing.document import section

        return section(self, title, self.level)

    def find(self, title: str) -> Section | None:
        """Return one section by its title, or ``None`` where the level leaves it out."""
        from b12lib.showing.document import find

        return find(self, title, self.level)

    def all_of(self, title: str) -> Section:
        """Return one part with all its sections, such as ``What to do``."""
        from b12lib.showing.document import part

        return part(self, title, self.level)

    def figure(self, name: str) -> Figure:
        """Return a figure by its name: ``ruler``, ``path``, ``calendar`` or ``timeline``.

        ``KeyError`` for any other name. What needs the extra ``figures`` is the drawing, not what
        the figure says: its ``alt`` and ``rows``.
        """
        from b12lib.showing.figures import of_assessment

        return of_assessment(self, name)

    def why(self, decision: str) -> Section:
        """Return how one decision came about: its table's rules, and which of them fired."""
        from b12lib.showing.rules import why

        return why(self[decision], self.protocol)

    def missing(self) -> Missing:
        """Return what is not known, sorted by whether it could change the treatment."""
        from b12lib.explaining.missing import missing

        return missing(self)

    def flips(self, decisions: Iterable[str] | None = None) -> tuple[Flip, ...]:
        """Return the nearest other values of what is known that would change ``decisions``.

        By default these are all findings and treatment decisions; ``KeyError`` for any other name.
        """
        from b12lib.explaining.flips import flips

        return flips(self, decisions)

    def calendar(self, start: date | None = None, days: int | None = None) -> Calendar:
        """Return when doses, checks and reviews fall, from the first dose on; by default a year.

        ``start`` is the date of the first dose, by default the case's ``treatment_start``.
        """
        from b12lib.explaining.calendar import calendar

        return calendar(self, start, days)

    def to_dict(self) -> dict[str, Any]:
        """Return the assessment as JSON data."""
        from b12lib.showing.record import record

        return record(self)


def assess(case: Case) -> Assessment:
    """Decide every table of the case's protocol; raises ``CaseError`` when it is refused."""
    decided = deciding.assess(case)
    return Assessment(
        decided.case, decided.values, decided.assumed, decided.answers, decided.visits
    )
