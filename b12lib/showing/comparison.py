"""A comparison of protocols as Markdown, which reads well as text, and as data."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from b12lib.explaining import comparison as comparing
from b12lib.explaining.comparison import Position, Row, Side
from b12lib.explaining.wording import words
from b12lib.reading.protocol import Protocol
from b12lib.reading.tables import Rule
from b12lib.showing import render
from b12lib.showing.background import disclaimer
from b12lib.showing.glossary import explained
from b12lib.showing.levels import Level
from b12lib.showing.section import Section, escape, table
from b12lib.showing.sentences import in_full

if TYPE_CHECKING:
    from b12lib.showing.figures import Figure

DIFFERS, REWORDED = "differs", "text differs"
"""The marks of a row: another answer, or the same answer with another dose, date or text."""


class Comparison(comparing.Comparison):
    """A comparison that shows itself: in a notebook, in a terminal, as data."""

    def _repr_markdown_(self) -> str:
        return markdown(self)

    def _repr_html_(self) -> str:
        return render.html(markdown(self))

    def __repr__(self) -> str:
        """Return the number of differences in one line."""
        names = ", ".join(side.name for side in self.sides)
        differing = len(self.differences().rows)
        return f"<Comparison of {self.case!r} under {names}: {differing} decisions differ>"

    def __str__(self) -> str:
        """Return the whole comparison as plain text."""
        return render.text(markdown(self))

    def figure(self) -> Figure:
        """Return what each guideline answers as a figure."""
        from b12lib.showing.figures import guidelines

        return guidelines(self)

    def to_dict(self) -> dict[str, Any]:
        """Return the comparison as JSON data."""
        return record(self)


def shown(comparison: comparing.Comparison) -> Comparison:
    """Return the comparison with its ways to show itself."""
    return Comparison(comparison.case, comparison.sides, comparison.rows)


def markdown(comparison: comparing.Comparison, level: Level = Level.CLINICIAN) -> str:
    """Return the whole comparison as Markdown: who is compared, one row a decision, and why.

    A patient reads what each says in plain words, without rules.
    """
    parts = [Section("Compared", _compared(comparison.sides, level))]
    if level == Level.PATIENT:
        told = [row for row in comparison.rows if any(p and p.sentences for p in row.positions)]
        parts += [Section(row.label, _plainly(row, comparison)) for row in told]
    else:
        parts.append(Section("Decisions", _decisions(comparison)))
        differing = [row for row in comparison.rows if _mark(row)]
        parts += [Section(f"Why: {row.label}", _why(row, comparison)) for row in differing]
    title = f"# {escape(comparison.case)}"
    whole = "\n\n".join([title, *(part._repr_markdown_() for part in parts)])
    return explained(whole, comparison.sides[0].protocol, level) + "\n"


def _compared(sides: tuple[Side, ...], level: Level) -> str:
    lines = []
    for side in sides:
        lines.append(f"- **{side.name}**: {named(side.protocol)}")
        lines += [
            f"    - refused: {escape(fault.field)}: {escape(fault.expected)}"
            for fault in side.faults
        ]
    return "\n".join([*lines, f"- {disclaimer(sides[0].protocol, level)}"])


def named(protocol: Protocol) -> str:
    """Name a protocol or its profile, with its version and whether anybody has reviewed it."""
    header = protocol.profile.header if protocol.profile else protocol.header
    reviewer = f"reviewed by {header.reviewer}" if header.reviewer else "reviewed by nobody yet"
    return f"{header.title}, version {header.version} ({header.status}, {reviewer})"


def _decisions(comparison: comparing.Comparison) -> str:
    head = ["Decision", *(side.name for side in comparison.sides), "Compared"]
    rows = [
        [
            row.label,
            *_cells(row, comparison.sides),
            f"**{mark}**" if (mark := _mark(row)) else "",
        ]
        for row in comparison.rows
    ]
    return table(head, rows)


def _mark(row: Row) -> str:
    return DIFFERS if row.differs else REWORDED if row.reworded else ""


def _cells(row: Row, sides: Sequence[Side]) -> Iterator[str]:
    """Write each side's answer; one that is the first side's to the word says only that."""
    first = row.positions[0]
    for position, side in zip(row.positions, sides, strict=True):
        if position is None:
            yield "refused"
        elif position is not first and first and _alike(position, first):
            yield f"as {sides[0].name}"
        else:
            yield _cell(position, side.protocol)


def _cell(position: Position, protocol: Protocol) -> str:
    """Write an answer: an id that only the tables know is told in the words of its row."""
    match position.answer.decision.kind:
        case "schedule":
            whens = [protocol.schedule[str(value)].when for value in position.answer.values]
            return "; ".join(whens) or "nothing"
        case "statement" | "regimen" if position.sentences:
            return (" " if position.answer.known else " *Or:* ").join(position.sentences)
        case _:
            return _answer(position)


def _alike(one: Position, other: Position) -> bool:
    same = set(one.answer.values) == set(other.answer.values)
    return same and set(one.sentences) == set(other.sentences)


def _answer(position: Position) -> str:
    joiner = "and" if position.answer.collects else "or"
    return words(position.answer.values, joiner) or "nothing"


def _why(row: Row, comparison: comparing.Comparison) -> str:
    """Give every different answer in full, with the rules behind it and their sources."""
    told: list[tuple[Position, list[Side]]] = []
    for side, position in zip(comparison.sides, row.positions, strict=True):
        if position:
            for other, sides in told:
                if _alike(position, other) and _ids(position) == _ids(other):
                    sides.append(side)
                    break
            else:
                told.append((position, [side]))
    return "\n".join(line for position, sides in told for line in _told(position, sides))


def _plainly(row: Row, comparison: comparing.Comparison) -> str:
    """Say in plain words what each side answers; those that say the same stand together."""
    by: defaultdict[str, list[str]] = defaultdict(list)
    for side, position in zip(comparison.sides, row.positions, strict=True):
        if position and side.assessment:
            by[in_full(position.answer, side.assessment, Level.PATIENT)].append(side.name)
    return "\n".join(f"- **{', '.join(names)}**: {told}" for told, names in by.items())


def _told(position: Position, sides: list[Side]) -> Iterator[str]:
    names = ", ".join(side.name for side in sides)
    open_ = "Nothing." if position.answer.collects else f"Not known: {_answer(position)}."
    yield f"- **{names}**: {' '.join(position.sentences) or open_}"
    for rule in position.rules:
        yield f"    - `{rule.id}` {rule.rationale} *{_sources(rule, sides[0].protocol)}.*"


def _ids(position: Position) -> list[str]:
    return [rule.id for rule in position.rules]


def _sources(rule: Rule, protocol: Protocol) -> str:
    """Write a rule's sources; one that was not read itself says so."""
    said = []
    for source in rule.sources:
        status = protocol.references[source.key].status
        said.append(f"{source} ({status})" if status != "read" else str(source))
    return "; ".join(said)


def record(comparison: comparing.Comparison) -> dict[str, Any]:
    """Return the comparison as JSON data: the sides, and each decision with every side's answer."""
    return {
        "case": comparison.case,
        "sides": [
            {
                "name": side.name,
                "protocol": named(side.protocol),
                "digest": side.protocol.digest,
                "refused": [
                    {"field": fault.field, "value": fault.value, "expected": fault.expected}
                    for fault in side.faults
                ],
            }
            for side in comparison.sides
        ],
        "decisions": {
            row.name: {
                "label": row.label,
                "differs": row.differs,
                "text_differs": row.reworded,
                "answers": {
                    side.name: _position(position, side.protocol) if position else None
                    for side, position in zip(comparison.sides, row.positions, strict=True)
                },
            }
            for row in comparison.rows
        },
    }


def _position(position: Position, protocol: Protocol) -> dict[str, Any]:
    return {
        "known": position.answer.known,
        "stated": position.answer.stated,
        "values": list(position.answer.values),
        "sentences": list(position.sentences),
        "rules": [
            {
                "id": rule.id,
                "rationale": rule.rationale,
                "sources": {
                    str(source): protocol.references[source.key].status for source in rule.sources
                },
            }
            for rule in position.rules
        ],
    }
