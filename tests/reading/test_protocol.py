"""What the packaged protocol says of itself, and how its parts refer to each other."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Context, Decimal, localcontext

import pytest

import b12lib
from b12lib.reading.feel import Formula, formula
from b12lib.reading.markdown import read_document
from b12lib.reading.protocol import read_protocol
from b12lib.reading.sources import VERIFIED, Citation, Reference, citations, references
from b12lib.reading.tables import spelled

CHECKED = "checked = {2026-11-22}"


def test_version(protocol: b12lib.Protocol) -> None:
    """The protocol's version is that of its front page."""
    assert protocol.version == protocol.header.version == "0.1.0"
    assert protocol.header.status == "submitted"


def test_rules(protocol: b12lib.Protocol) -> None:
    """Every rule is found by its id, with its table, its reason and its sources."""
    table, rule = protocol.rules["DS1"]

    assert table.title == "Deficiency status"
    assert rule.place.rule == "DS1"
    assert all(rule.rationale and rule.sources for _, rule in protocol.rules.values())


def test_numbers_stand_in_classifications(protocol: b12lib.Protocol) -> None:
    """A number stands in a cell only where the column is a measured quantity."""
    for table, rule in protocol.rules.values():
        for column, cell in zip(table.columns, rule.inputs, strict=True):
            quantity = protocol.dictionary[column.name].kind == "quantity"
            assert quantity or not cell.limits, rule.id


def test_dictionary(protocol: b12lib.Protocol) -> None:
    """Inputs and decisions are found by name in one place, which is made once."""
    visits = protocol.visits
    before = {**protocol.inputs, **protocol.decisions}
    assert protocol.dictionary == {**before, **visits.inputs, **visits.decisions}
    assert protocol.dictionary is protocol.dictionary
    assert protocol.rules is protocol.rules


def test_every_fact_table_is_asked_no_unknown(protocol: b12lib.Protocol) -> None:
    """A table that makes a fact has no rule for unknown."""
    for table in protocol.tables:
        if protocol.facts & set(table.outputs):
            assert not table.asks_unknown


@pytest.mark.parametrize(
    ("name", "value", "rounded"),
    [
        ("b12", "132.84", "133"),
        ("b12", "132.5", "133"),
        ("b12", "132.49", "132"),
        ("wbc", "3.995", "4.00"),
        ("mcv", "100.04", "100.0"),
        ("neutrophil_excess", "-0.005", "-0.01"),
    ],
)
def test_rounding(protocol: b12lib.Protocol, name: str, value: str, rounded: str) -> None:
    """A value is rounded to the step in which laboratories report it, halves upwards."""
    assert protocol.inputs[name].round(Decimal(value)) == Decimal(rounded)


def test_domains(protocol: b12lib.Protocol) -> None:
    """What has finitely many values lists them."""
    assert protocol.inputs["numbness"].domain == (True, False)
    assert protocol.inputs["sex"].domain == ("female", "male")
    assert protocol.inputs["mma"].domain == ()
    assert protocol.decisions["neurological"].domain == (True, False)
    assert protocol.decisions["regimen"].domain == tuple(protocol.regimens)


@pytest.mark.parametrize(
    ("value", "text"),
    [(None, "unknown"), (True, "true"), (False, "false"), ("low", '"low"'), (Decimal(5), "5")],
)
def test_spelled(value: object, text: str) -> None:
    """A value is written as a table's cell would write it."""
    assert spelled(value) == text


def test_citations() -> None:
    """A source is a key and, where it helps, a place in it."""
    read = citations("@seed C01 C02; @bsh2014 recommendation 4;@who2024")

    assert read == (
        Citation("seed", "C01 C02"),
        Citation("bsh2014", "recommendation 4"),
        Citation("who2024", ""),
    )
    assert [str(citation) for citation in read] == [
        "@seed C01 C02",
        "@bsh2014 recommendation 4",
        "@who2024",
    ]
    assert [citation.claims for citation in read] == [("C01", "C02"), (), ()]


@pytest.mark.parametrize(
    ("fields", "link"),
    [
        ("doi = {10.1/x}, pmid = {1}, url = {https://x.org}", "https://doi.org/10.1/x"),
        ("pmid = {1}, url = {https://x.org}", "https://pubmed.ncbi.nlm.nih.gov/1/"),
        ("url = {https://x.org}", "https://x.org"),
        ("year = {2024}", ""),
    ],
)
def test_link(fields: str, link: str) -> None:
    """A reference links to its DOI, else PubMed, else its page, else to nothing."""
    entry = f"@misc{{x, title = {{T}}, note = {{N}}, status = {{read}}, {CHECKED}, {fields}}}"

    found, faults = references("x.bib", entry)

    assert not faults
    assert found["x"].link == link


def test_reference_text() -> None:
    """A reference is one line of prose, without braces, and without what it lacks."""
    entry = (
        "@article{x, title = {{B12} \\& folate}, author = {{NICE}}, year = {2024},\n"
        "  journal = {BMJ}, note = {N}, status = {read}}"
    )
    (reference,) = references("x.bib", entry)[0].values()
    names = "author = {{Institute for Health and Care} and Smith, J}"
    (together,) = references("x.bib", entry.replace("author = {{NICE}}", names))[0].values()
    bare = Reference(*("x", "T", "", "", "", "", "", "", "read", "N", "2026-11-22"))

    assert reference.text == "NICE. B12 & folate. BMJ. 2024."
    assert together.author == "Institute for Health and Care; Smith, J"
    assert bare.text == "T."


def test_references_hold(protocol: b12lib.Protocol) -> None:
    """Every reference says how far it was verified and what was found in it."""
    for reference in protocol.references.values():
        assert reference.title
        assert reference.note
        assert reference.verified == VERIFIED[reference.status]


def test_document() -> None:
    """A chapter is its header, its text, and its tables under their headings."""
    text = "---\ntitle: T\nstatus:\n---\n\n# One\n\nWords.\n\n| a | b |\n|---|---|\n| 1 | `2` |\n"

    document = read_document("x.md", text)

    assert document.header == {"title": "T", "status": ""}
    assert document.body.startswith("\n# One")
    (table,) = document.tables
    assert (table.heading, table.head.line, table.head.cells) == ("One", 10, ("a", "b"))
    assert [(row.line, row.cells) for row in table.rows] == [(12, ("1", "`2`"))]
    assert text.split("\n")[11] == "| 1 | `2` |"


def test_places(protocol: b12lib.Protocol, line_of: Callable[[str, str], int]) -> None:
    """Every rule knows the line on which it stands."""
    for id_ in ("NS1", "DS3", "FA5", "XX1"):
        place = protocol.rules[id_][1].place
        assert place.line == line_of(place.file, f"| {id_} |")


def test_unchecked_formula() -> None:
    """A formula that was never checked is not worked out."""
    import ast

    tree = ast.parse("-x", mode="eval").body
    with pytest.raises(AssertionError, match="not checked"):
        Formula("-x", frozenset("x"), tree).value({"x": Decimal(1)}, {})


def test_two_spellings_of_one_protocol(texts: dict[str, str], protocol: b12lib.Protocol) -> None:
    """The order in which files are read does not change the protocol."""
    again = read_protocol(dict(reversed(texts.items())))

    assert again.digest == protocol.digest
    assert [table.title for table in again.tables] == [table.title for table in protocol.tables]


def test_equal(texts: dict[str, str], protocol: b12lib.Protocol) -> None:
    """The same files read twice make equal protocols; another formula makes another."""
    assert read_protocol(texts) == protocol
    assert formula("a or b") == formula("a or b") != formula("b or a")


@pytest.mark.parametrize("end", ["\r\n", "\r"])
def test_line_ends(texts: dict[str, str], protocol: b12lib.Protocol, end: str) -> None:
    """A byte order mark and the line ends of another system make no other protocol."""
    other = {file: "\ufeff" + text.replace("\n", end) for file, text in texts.items()}

    assert read_protocol(other) == protocol


def test_precision_of_the_caller(texts: dict[str, str], protocol: b12lib.Protocol) -> None:
    """Whatever precision the caller calculates with, the protocol is the same."""
    with localcontext(Context(prec=2)):
        assert read_protocol(texts) == protocol


def test_range_that_ends_at_zero(edited: Callable[..., dict[str, str]]) -> None:
    """A quantity whose plausible range ends at zero is a quantity all the same."""
    row = "| Neutrophils beyond all white cells | quantity | 10*9/L | | 0.01 | -500..{} |"

    item = read_protocol(edited("inputs.md", row.format(500), row.format(0))).inputs

    assert item["neutrophil_excess"].range == (Decimal(-500), Decimal(0))


def test_repr(protocol: b12lib.Protocol) -> None:
    """A protocol shows its title and version, not its whole content."""
    assert repr(protocol) == "<Protocol 'Vitamin B12 deficiency', version 0.1.0>"


def test_nothing_given(protocol: b12lib.Protocol) -> None:
    """Only the regimen called none gives nothing."""
    assert {id_ for id_, regimen in protocol.regimens.items() if not regimen.given} == {"none"}


def test_protocol_that_does_not_answer_the_question(edited: Callable[..., dict[str, str]]) -> None:
    """A protocol without the decision that the question asks for is refused, not run into."""
    renamed = edited("decisions.md", "| treat_now | Treat now?", "| treat_when | Treat now?")
    with pytest.raises(b12lib.ProtocolError, match="the decision treat_now is missing"):
        read_protocol(renamed)
    renamed = edited("decisions.md", "| indication | Reason", "| reason | Reason")
    with pytest.raises(b12lib.ProtocolError, match="the decision indication is missing"):
        read_protocol(renamed)
