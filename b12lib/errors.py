"""How the library refuses: a small family of exceptions, each holding all faults at once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


class B12Error(Exception):
    """Base of everything that b12lib raises on purpose."""


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where in the protocol something stands; parts that do not apply are empty."""

    file: str
    line: int = 0
    table: str = ""
    rule: str = ""
    column: str = ""

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}" if self.line else self.file
        parts = [("table", self.table), ("rule", self.rule), ("column", self.column)]
        return ", ".join([where, *(f"{name} {value!r}" for name, value in parts if value)])


@dataclass(frozen=True, slots=True)
class ProtocolFault:
    """One thing wrong in the protocol: where it stands, what is wrong, how to mend it."""

    place: Place
    problem: str
    mend: str = ""

    def __str__(self) -> str:
        return f"{self.place}: {self.problem}" + (f"\n    {self.mend}" if self.mend else "")


@dataclass(frozen=True, slots=True)
class CaseFault:
    """One thing wrong in a case: field, value as given, what was expected, how to mend it.

    ``fields`` names the fields that contradict each other, where it takes several.
    """

    field: str
    value: str
    expected: str
    mend: str = ""
    fields: tuple[str, ...] = ()

    def __str__(self) -> str:
        value = f" = {self.value}" if self.value else ""
        return f"{self.field}{value}: {self.expected}" + (f"\n    {self.mend}" if self.mend else "")


class ProtocolError(B12Error):
    """The protocol cannot be trusted as it stands; nothing of it is loaded."""

    def __init__(self, faults: Iterable[ProtocolFault]) -> None:
        self.faults = tuple(faults)
        super().__init__(_listed("the protocol is refused", self.faults))


class CaseError(B12Error):
    """The case cannot be read safely; nothing is decided from it."""

    def __init__(self, faults: Iterable[CaseFault]) -> None:
        self.faults = tuple(faults)
        super().__init__(_listed("the case is refused", self.faults))


class MissingExtra(B12Error):
    """An optional part of the package is not installed."""

    def __init__(self, what: str, extra: str) -> None:
        super().__init__(f"{what} needs an optional part: pip install 'b12lib[{extra}]'")


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Return a suggestion for a misspelt name, or an empty string."""
    import difflib  # only a refusal needs it, and it is slow to import

    close = difflib.get_close_matches(name, list(known), n=1)
    return f"did you mean {close[0]}?" if close else ""


def _listed(heading: str, faults: tuple[ProtocolFault, ...] | tuple[CaseFault, ...]) -> str:
    return "\n".join([heading, *(f"  {fault}" for fault in faults)])
