"""Decision tables in a notebook: two rows a rule, its annotations below its conditions."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

import b12lib
from b12lib.reading.markdown import parser
from b12lib.showing.lessons import limits, rules
from b12lib.showing.render import html
from b12lib.showing.section import Section, escape, table

LABEL = re.compile("^(In this case|Says|Sources): ")
ANNOTATIONS = ("says", "why", "sources", "In this case")


@pytest.fixture(scope="module")
def seed() -> b12lib.Assessment:
    """The seed's question, decided."""
    return b12lib.assess({"mma": "90 µmol/L", "leukopenia": True, "macrocytosis": True})


def grid(written: str) -> list[list[ElementTree.Element]]:
    """Return the cells of the one table that a text shows, row by row."""
    shown = ElementTree.fromstring(f"<div>{written}</div>".replace("<wbr>", ""))
    return [list(row) for row in shown.iter("tr")]


def text(element: ElementTree.Element) -> str:
    """Return what a reader of an element sees."""
    return "".join(element.itertext())


def told(cell: ElementTree.Element) -> list[str]:
    """Return what the lines of a cell say."""
    return [text(line) for line in cell]


def as_before(section: Section) -> str:
    """Return a section as any Markdown is written, one row of the page for one of the table."""
    return parser().render(repr(section))


def test_a_rule_says_and_gives_reasons_below_its_conditions(protocol: b12lib.Protocol) -> None:
    """A rule has one row for its conditions and answer, and one for what that says, and why."""
    section = rules("copper", protocol)
    head, *body = grid(section._repr_html_())
    assert [text(cell) for cell in head][::8] == ["C", "copper"]
    assert len(head) == 9
    assert len(body) == 2 * len(section.body.splitlines()[2:])
    for conditions, notes in zip(body[::2], body[1::2], strict=True):
        assert [cell.get("rowspan") for cell in conditions] == ["2"] + [None] * 8
        assert [cell.get("colspan") for cell in notes] == ["8"]
        says, _, sources = told(notes[0])
        assert says.startswith("Says: ")
        assert sources.startswith("Sources: @")
    assert told(body[1][0])[1].startswith("Zinc keeps copper out")


def test_a_table_that_says_nothing_more_has_reasons_and_sources(protocol: b12lib.Protocol) -> None:
    """Where answers are plain, two lines stand below a rule."""
    head, *body = grid(rules("severe_anaemia", protocol)._repr_html_())
    assert len(head) == 4
    assert told(body[1][0]) == [
        "No anaemia. SA1: known only through another source.",
        "Sources: @who2024",
    ]


def test_what_became_of_a_rule_is_told_first(seed: b12lib.Assessment) -> None:
    """Beside a case, the first line below a rule is what became of it there."""
    _, *body = grid(seed.why("mma_level")._repr_html_())
    fates = [told(notes[0])[0] for notes in body[1::2]]
    assert all(fate.startswith("In this case: ") for fate in fates)
    assert "In this case: fires" in fates
    says = grid(seed.why("copper")._repr_html_())[2][0]
    assert [line.split(": ")[0] for line in told(says)][:2] == ["In this case", "Says"]


def test_cells_are_set_as_in_any_table(protocol: b12lib.Protocol) -> None:
    """Cells are aligned as the table asks, a rule's id at the top; long names may still break."""
    written = rules("copper", protocol)._repr_html_()
    assert "zinc_<wbr>excess" in written
    head, *body = grid(written)
    ids = [conditions[0] for conditions in body[::2]]
    assert {id_.get("style") for id_ in ids} == {"text-align:left;vertical-align:top"}
    others = [*head, *(cell for row in body for cell in row if cell not in ids)]
    assert {cell.get("style") for cell in others} == {"text-align:left"}


def test_no_word_of_a_rule_is_lost(protocol: b12lib.Protocol, seed: b12lib.Assessment) -> None:
    """Each rule of every table tells what its row of the Markdown has, behind labels or without."""
    sections = [rules(name, protocol) for found in protocol.written for name in found.outputs]
    sections += [seed.why(name) for name in protocol.decisions]
    for section in sections:
        written, shown = grid(as_before(section)), grid(section._repr_html_())
        assert [text(cell) for cell in shown[0]] == [
            name for name in map(text, written[0]) if name not in ANNOTATIONS
        ]
        rows = zip(shown[1::2], shown[2::2], strict=True)
        assert [sorted(map(text, cells)) for cells in written[1:]] == [
            sorted([*map(text, upper), *(LABEL.sub("", line) for line in told(lower[0]))])
            for upper, lower in rows
        ]


def test_markdown_keeps_one_row_a_rule(protocol: b12lib.Protocol) -> None:
    """Pages are made from the Markdown, which stays a table of all columns."""
    body = rules("severe_anaemia", protocol).body
    assert body.splitlines()[0] == (
        "| U | anaemia | haemoglobin | **severe_anaemia** | why | sources |"
    )
    assert len(body.splitlines()) == 5


@pytest.mark.parametrize(
    "head",
    [
        ["id", "when", "must", "why", "sources"],
        ["U", "a", "**b**", "why"],
        ["U", "a", "**b**", "sources"],
        ["X", "a", "**b**", "why", "sources"],
    ],
)
def test_other_tables_stay_as_they_are(head: list[str]) -> None:
    """Only what begins with a hit policy and has reasons and sources lists rules."""
    section = Section("Other", table(head, [list("vwxyz")[: len(head)]]))
    assert section._repr_html_() == f'<div class="b12">\n{as_before(section)}</div>'


def test_a_table_after_rules_stays_as_it_is(protocol: b12lib.Protocol) -> None:
    """What stands around a table of rules is written as it would be without it."""
    listed, other = rules("severe_anaemia", protocol), limits(["b12_level"], protocol)
    inner = [section._repr_html_().split("\n", 1)[1] for section in (other, listed, other)]
    together = html("\n\n".join(map(repr, (other, listed, other))))
    assert together == '<div class="b12">\n' + "".join(part[:-6] for part in inner) + "</div>"


def test_text_of_a_case_is_inert_below_a_rule() -> None:
    """Neither tags nor Markdown in a note become anything but text."""
    hostile = "<img src=x onerror=alert(1)> **b** | `c` </td></tr>"
    heads = ["U", "a", "**b**", "why", "sources", "In this case"]
    section = Section("Why", table(heads, [["R1", "-", "x", "<script>", "@s", escape(hostile)]]))
    written = section._repr_html_()
    assert "<img" not in written
    assert "<script" not in written
    notes = grid(written)[2][0]
    assert told(notes) == [f"In this case: {hostile}", "<script>", "Sources: @s"]
