"""One case under several protocols: where they answer differently, and on whose word."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Self

from b12lib.deciding.assessment import Answer, Assessment, assess
from b12lib.deciding.case import Case, read_case
from b12lib.errors import CaseError, CaseFault
from b12lib.explaining.meaning import in_words
from b12lib.reading.protocol import Protocol
from b12lib.reading.tables import Rule
from b12lib.reading.visits import DAY

BASE = "base"
"""What the protocol is called beside its profiles."""


@dataclass(frozen=True, slots=True)
class Side:
    """The case under one protocol: ``assessment``, or the ``faults`` for which it is refused."""

    protocol: Protocol
    assessment: Assessment | None
    faults: tuple[CaseFault, ...] = ()

    @property
    def name(self) -> str:
        """The name of the profile, or ``base``."""
        return self.protocol.profile.name if self.protocol.profile else BASE


@dataclass(frozen=True, slots=True)
class Position:
    """What one side answers to a question: the answer, in what words, and by which rules.

    ``sentences`` has the regimen's doses, the schedule's dates, the statement's text: two sides can
    give the same answer and mean another dose by it. An answer that is open has none, but for
    regimens: each that is still possible has its dose.
    """

    answer: Answer
    sentences: tuple[str, ...]
    rules: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One decision under every side; a side that refuses the case has no position."""

    name: str
    label: str
    positions: tuple[Position | None, ...]

    @property
    def differs(self) -> bool:
        """Whether two sides answer differently."""
        return len({frozenset(position.answer.values) for position in self._taken}) > 1

    @property
    def reworded(self) -> bool:
        """Whether all answer alike, but mean another dose, date or text by it."""
        return not self.differs and len({frozenset(p.sentences) for p in self._taken}) > 1

    @property
    def _taken(self) -> list[Position]:
        return [position for position in self.positions if position]


@dataclass(frozen=True, slots=True)
class Comparison:
    """One case under several protocols, the base first; one row a decision, in report order.

    A decision in which every side has nothing to say, such as advice for others, has no row; what
    is decided at visits has none either.
    """

    case: str
    sides: tuple[Side, ...]
    rows: tuple[Row, ...]

    def differences(self) -> Self:
        """Return the comparison without the decisions that all answer alike."""
        return replace(self, rows=tuple(row for row in self.rows if row.differs or row.reworded))

    def only(self, *decisions: str) -> Self:
        """Return the comparison of these decisions alone, in their order.

        Raises ``KeyError`` when one of ``decisions`` is not compared.
        """
        rows = {row.name: row for row in self.rows}
        if unknown := [name for name in decisions if name not in rows]:
            raise KeyError(f"{unknown[0]!r} is not compared; there are {', '.join(rows)}")
        return replace(self, rows=tuple(rows[name] for name in decisions))


def side(source: str | Mapping[str, Any], protocol: Protocol) -> Side:
    """Decide a case under one protocol; a refusal is kept, for another may accept the case."""
    try:
        return Side(protocol, assess(read_case(source, protocol)))
    except CaseError as error:
        return Side(protocol, None, error.faults)


def written(case: Case) -> dict[str, Any]:
    """Return a case as it was written, to be read again under another protocol."""
    return {
        "case": case.name,
        "kind": case.kind,
        "source": case.source,
        "note": case.note,
        "inputs": {name: given.written for name, given in case.given.items()},
        "visits": [
            {name: given.written for name, given in visit.given.items()} | {DAY: visit.day}
            for visit in case.visits
        ],
    }


def comparison(sides: Sequence[Side]) -> Comparison:
    """Set the sides' answers beside each other.

    Raises ``CaseError`` with the first side's faults when no side accepts the case.
    """
    decided = [side.assessment for side in sides if side.assessment]
    if not decided:
        raise CaseError(sides[0].faults)
    rows = [  # a profile asks what the base asks: its tables make the base's decisions
        Row(name, decision.label, tuple(_position(name, side.assessment) for side in sides))
        for name, decision in decided[0].protocol.decisions.items()
    ]
    told = tuple(row for row in rows if any(p and p.answer.values for p in row.positions))
    return Comparison(decided[0].case.name, tuple(sides), told)


def _position(name: str, assessment: Assessment | None) -> Position | None:
    if assessment is None:
        return None
    answer = assessment[name]
    told = answer.values if answer.known or answer.decision.kind == "regimen" else ()
    sentences = tuple(in_words(answer.decision, value, assessment) for value in told)
    rules = () if answer.stated else answer.outcome.fired or answer.outcome.open
    return Position(answer, sentences, rules)
