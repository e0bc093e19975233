"""Profiles: what another guideline says differently, laid over the files of the base protocol.

A profile's file has the name of a base file and holds only what differs: a decision table in place
of the base's table of the same heading, rows in place of the base's rows of the same id, or new
rows. Everything else stays as the base has it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from b12lib.errors import Place, ProtocolError, ProtocolFault, did_you_mean
from b12lib.reading.markdown import Document, Row, Table
from b12lib.reading.tables import is_decision_table, marked_outputs

FOLDER = "profiles"
"""Where in a protocol's folder its profiles lie, each in a folder of its own name."""
FRONT_PAGE = "README.md"
"""What a profile is and how complete: read for its header, laid over nothing."""
UNCHANGED = ("claims.md",)
"""What no profile changes: the claims are those of the seed, whoever reads them."""


@dataclass(frozen=True, slots=True)
class Overlay:
    """A profile as it is written: its name, and its files' texts by file name."""

    name: str
    texts: Mapping[str, str]

    def path(self, file: str) -> str:
        """Return where one of its files lies in the protocol's folder."""
        return f"{FOLDER}/{self.name}/{file}"


def overlaid(base: Sequence[Document], profile: Iterable[Document]) -> list[Document]:
    """Return the base's documents with the profile's tables and rows in their places.

    Raises ``ProtocolError`` naming everything of the profile that has no place in the base.
    """
    faults: list[ProtocolFault] = []
    merged = {document.file: document for document in base}
    rules = {row.cells[0]: _said(table, row) for table, row in _rules(base)}
    for document in profile:
        name = document.file.rpartition("/")[2]
        if name == FRONT_PAGE:
            continue
        if name in UNCHANGED:
            faults.append(ProtocolFault(Place(document.file), "no profile changes this file"))
        elif name not in merged:
            mend = did_you_mean(name, merged)
            faults.append(ProtocolFault(Place(document.file), "the base has no such file", mend))
        else:
            tables = list(merged[name].tables)
            for table in document.tables:
                lay = _lay_decision if is_decision_table(table) else _lay_rows
                faults += lay(table, tables)
            faults += _changed_rules(document, rules)
            merged[name] = replace(merged[name], tables=tuple(tables))
    if faults:
        raise ProtocolError(sorted(faults, key=lambda fault: fault.place))
    return list(merged.values())


def _lay_decision(table: Table, tables: list[Table]) -> Iterator[ProtocolFault]:
    """Put a decision table in the place of the base's of the same heading and decisions."""
    place = Place(table.file, table.head.line, table.heading)
    written = [other for other in tables if is_decision_table(other)]
    twins = [other for other in written if other.heading == table.heading]
    same = [other for other in twins if marked_outputs(other) == marked_outputs(table)]
    if not twins:
        mend = did_you_mean(table.heading, [other.heading for other in written])
        yield ProtocolFault(place, "the base's file has no decision table of this heading", mend)
    elif not same:
        problem = f"it decides {_listed(table)}, the base's table {_listed(twins[0])}"
        yield ProtocolFault(place, problem, "a profile's table makes the same decisions")
    elif same[0].file == table.file:
        yield ProtocolFault(place, "the profile gives the table twice")
    else:
        tables[tables.index(same[0])] = table


def _lay_rows(table: Table, tables: list[Table]) -> Iterator[ProtocolFault]:
    """Put each row in the place of the base's row of the same id, or below its own heading."""
    if table.head.cells not in (other.head.cells for other in tables):
        columns = " | ".join(table.head.cells)
        place = Place(table.file, table.head.line, table.heading)
        yield ProtocolFault(place, f"no table of the base's file has the columns {columns}")
        return
    for row in table.rows:
        position, at = _standing(row, table, tables)
        rows = tables[position].rows
        if at < len(rows) and rows[at].file == row.file:
            place = Place(row.file, row.line, table.heading, row.cells[0])
            yield ProtocolFault(place, "the profile gives the row twice")
        tables[position] = replace(tables[position], rows=(*rows[:at], row, *rows[at + 1 :]))


def _standing(row: Row, table: Table, tables: list[Table]) -> tuple[int, int]:
    """Return in which table a row stands, and where in it: a new one at its heading's end."""
    alike = {i: other for i, other in enumerate(tables) if other.head.cells == table.head.cells}
    for position, other in alike.items():
        ids = [old.cells[0] for old in other.rows]
        if row.cells[0] in ids:
            return position, ids.index(row.cells[0])
    for position, other in alike.items():
        if other.heading == table.heading:
            return position, len(other.rows)
    tables.append(replace(table, rows=()))
    return len(tables) - 1, 0


def _rules(documents: Iterable[Document]) -> Iterator[tuple[Table, Row]]:
    """Yield every rule as it is written; a table's first row holds its marks."""
    for document in documents:
        for table in filter(is_decision_table, document.tables):
            yield from ((table, row) for row in table.rows[1:])


def _said(table: Table, row: Row) -> dict[str, str]:
    """Return what a rule says, by column; a column that does not matter to it says nothing."""
    cells = zip(table.head.cells[1:], row.cells[1:], strict=True)
    return {column: cell for column, cell in cells if cell != "-"}


def _changed_rules(
    document: Document, rules: Mapping[str, Mapping[str, str]]
) -> Iterator[ProtocolFault]:
    """Refuse a rule with an id of the base that says something else: an id is one rule for ever."""
    for table, row in _rules([document]):
        if rules.get(row.cells[0], _said(table, row)) != _said(table, row):
            place = Place(row.file, row.line, table.heading, row.cells[0])
            yield ProtocolFault(
                place,
                "the base has a rule of this id that says something else",
                "give the rule a new id; a rule that stays as it is keeps its id and every cell",
            )


def _listed(table: Table) -> str:
    return ", ".join(marked_outputs(table)) or "nothing"
