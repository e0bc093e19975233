"""Profiles laid over the packaged protocol: what they replace, add, and may not do."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

import b12lib
from b12lib.reading.profiles import Overlay
from b12lib.reading.protocol import read_protocol

HEADER = """---
title: Elsewhere
version: 2.0.0
status: under review
last_reviewed: 2026-10-01
review_by: 2027-10-01
reviewer: A. Reader
---

# Elsewhere
"""
MARROW = """
## Severe anaemia

| U | anaemia | haemoglobin | severe_anaemia | rationale | sources |
|:---:|:---:|:---:|:---:|-----------|---------|
| | `i` | `i` | `o` | `a` | `a` |
| SA1 | false | - | false | No anaemia. | @who2024 |
| EL1 | true | < 70 | true | Elsewhere anaemia is severe below 70 g/L. | @elsewhere |
| EL2 | true | >= 70 | false | Elsewhere anaemia is severe below 70 g/L. | @elsewhere |
"""
ELSEWHERE = """@misc{elsewhere,
  title  = {Elsewhere},
  status = {unverified},
  checked = {2026-02-25},
  note   = {Made up.}
}
"""
PLAIN = "\n## Your results\n\n| id | plain |\n|----|-------|\n"
STATEMENT = "| id | statement | sources |\n|----|-----------|---------|\n"

Laid = Callable[..., b12lib.Protocol]


@pytest.fixture(scope="module")
def laid(texts: Mapping[str, str]) -> Laid:
    """Return a function: the packaged protocol with these files laid over it."""

    def lay(files: Mapping[str, str], front: str = HEADER) -> b12lib.Protocol:
        own = {file: HEADER + text for file, text in files.items() if file.endswith(".md")}
        bib = files.get("references.bib", ELSEWHERE)
        return read_protocol(
            texts, Overlay("elsewhere", {"README.md": front, "references.bib": bib, **own})
        )

    return lay


@pytest.fixture(scope="module")
def refusal(laid: Laid) -> Callable[..., str]:
    """Return a function: the message with which files are refused as a profile."""

    def refuse(files: Mapping[str, str]) -> str:
        with pytest.raises(b12lib.ProtocolError) as caught:
            laid(files)
        return "\n".join(map(str, caught.value.faults))

    return refuse


@pytest.fixture(scope="module")
def elsewhere(laid: Laid) -> b12lib.Protocol:
    """A profile that replaces one table, rewrites one statement and adds another."""
    statement = "| severe_anaemia.true | Anaemia is severe, as Elsewhere counts. | @elsewhere |\n"
    added = "| another | Another sentence. | @elsewhere |\n"
    return laid(
        {
            "02-marrow.md": MARROW,
            "statements.md": f"\n## How ill is the marrow\n\n{STATEMENT}{statement}{added}",
            "plain.md": PLAIN + "| severe_anaemia.true | Severe, as Elsewhere counts. |\n",
        }
    )


def test_a_table_takes_the_place_of_the_bases(
    elsewhere: b12lib.Protocol, protocol: b12lib.Protocol
) -> None:
    """The profile's table decides; every other table is the base's."""
    case = {"haemoglobin": "75 g/L"}
    assert b12lib.assess(case, protocol)["severe_anaemia"].value is True
    assert b12lib.assess(case, elsewhere)["severe_anaemia"].value is False
    assert set(protocol.rules) - set(elsewhere.rules) == {"SA2", "SA3"}
    assert set(elsewhere.rules) - set(protocol.rules) == {"EL1", "EL2"}


def test_a_rule_that_stays_keeps_its_id(elsewhere: b12lib.Protocol) -> None:
    """A rule of the base may stand in the profile's table, unchanged."""
    assert elsewhere.rules["SA1"][1].place.file == "profiles/elsewhere/02-marrow.md"


def test_a_row_takes_the_place_of_the_bases(
    elsewhere: b12lib.Protocol, protocol: b12lib.Protocol
) -> None:
    """A row of the same id is replaced where it stands; a new one follows under its heading."""
    row = elsewhere.statements["severe_anaemia.true"]
    assert row.statement == "Anaemia is severe, as Elsewhere counts."
    assert row.place.file == "profiles/elsewhere/statements.md"
    assert [name for name in elsewhere.statements if name != "another"] == [*protocol.statements]
    names = list(elsewhere.statements)
    assert names[names.index("another") - 1] == "megaloblastic_picture.false"


def test_a_row_under_a_new_heading_is_added(laid: Laid) -> None:
    """A heading that the base does not have comes after its own."""
    row = "| another | Another sentence. | @elsewhere |\n"
    read = laid({"statements.md": f"\n## Elsewhere only\n\n{STATEMENT}{row}"})
    assert [*read.statements][-1] == "another"


def test_the_profile_is_named(elsewhere: b12lib.Protocol, protocol: b12lib.Protocol) -> None:
    """The profile has a header of its own beside the base's; the base has no profile."""
    assert protocol.profile is None
    assert elsewhere.profile
    assert elsewhere.profile.name == "elsewhere"
    assert elsewhere.profile.header.reviewer == "A. Reader"
    assert elsewhere.header == protocol.header
    assert "profile Elsewhere (elsewhere), version 2.0.0" in repr(elsewhere)


def test_the_digest_covers_both(
    elsewhere: b12lib.Protocol, laid: Laid, protocol: b12lib.Protocol
) -> None:
    """Base and profile make one content: neither can change unseen."""
    assert len({elsewhere.digest, laid({}).digest, protocol.digest}) == 3


def test_references_are_added(elsewhere: b12lib.Protocol, protocol: b12lib.Protocol) -> None:
    """What only the profile cites stands in its own list."""
    assert set(elsewhere.references) - set(protocol.references) == {"elsewhere"}


def test_a_profile_may_have_no_references(texts: Mapping[str, str]) -> None:
    """A profile that cites nothing new needs no list of its own."""
    read = read_protocol(texts, Overlay("elsewhere", {"README.md": HEADER}))
    assert "elsewhere" not in read.references


def test_a_column_that_does_not_matter_may_go(laid: Laid) -> None:
    """A rule stays the same rule in a table without a column that never mattered to it."""
    table = """
## Neutropenia

| U | anc | neutropenia | rationale | sources |
|:---:|:---:|:---:|-----------|---------|
| | `i` | `o` | `a` | `a` |
| EL1 | < 1 | true | Elsewhere. | @elsewhere |
| EL2 | >= 1 | false | Elsewhere. | @elsewhere |

## Grade of neutropenia

| U | neutropenia | neutropenia_grade | rationale | sources |
|:---:|:---:|:---:|-----------|---------|
| | `i` | `o` | `a` | `a` |
| NG1 | false | "none" | No neutropenia. | @asco-idsa2018 |
| EL3 | true | "severe" | Elsewhere. | @elsewhere |
"""
    read = laid({"02-marrow.md": table})
    assert b12lib.assess({"anc": "1.2 x10^9/L"}, read)["neutropenia_grade"].value == "none"


def test_a_row_that_no_rule_gives_may_name_a_rule_that_went(
    laid: Laid, protocol: b12lib.Protocol
) -> None:
    """The seed's schedule names the seed's target; a profile without it leaves the row unused."""
    table = """
## Homocysteine target

| U | homocysteine | homocysteine_target | rationale | sources |
|:---:|:---:|:---:|-----------|---------|
| | `i` | `o` | `a` | `a` |
| EL1 | - | "reached" | Elsewhere. | @elsewhere |

## Monitoring

| C | treat_now | monitoring | rationale | sources |
|:---:|:---:|:---:|-----------|---------|
| | `i` | `o` | `a` | `a` |
| MO1 | "immediately", "while testing", "go on" | "month-3" | {MO1} | {sources} |
"""
    rule = protocol.rules["MO1"][1]
    table = table.replace("{MO1}", rule.rationale)
    table = table.replace("{sources}", "; ".join(map(str, rule.sources)))
    assert "HT1" not in laid({"07-follow-up.md": table}).rules


@pytest.mark.parametrize(
    ("files", "message"),
    [
        pytest.param(
            {"claims.md": ""},
            "profiles/elsewhere/claims.md: no profile changes this file",
            id="the claims are the seed's",
        ),
        pytest.param(
            {"02-marow.md": MARROW},
            "profiles/elsewhere/02-marow.md: the base has no such file\n"
            "    did you mean 02-marrow.md?",
            id="unknown file",
        ),
        pytest.param(
            {"02-marrow.md": MARROW.replace("## Severe anaemia", "## Severe anemia")},
            "profiles/elsewhere/02-marrow.md:14, table 'Severe anemia': the base's file has no "
            "decision table of this heading\n    did you mean Severe anaemia?",
            id="unknown heading",
        ),
        pytest.param(
            {
                "02-marrow.md": MARROW.replace("| severe_anaemia |", "| anaemia_grade |").replace(
                    "| SA1 ", "| EL3 "
                )
            },
            "profiles/elsewhere/02-marrow.md:14, table 'Severe anaemia': it decides anaemia_grade, "
            "the base's table severe_anaemia\n    a profile's table makes the same decisions",
            id="other decisions",
        ),
        pytest.param(
            {"02-marrow.md": "\n## Severe anaemia\n\n| U | anaemia |\n|---|---|\n"},
            "profiles/elsewhere/02-marrow.md:14, table 'Severe anaemia': it decides nothing, "
            "the base's table severe_anaemia\n    a profile's table makes the same decisions",
            id="no decision",
        ),
        pytest.param(
            {"02-marrow.md": MARROW + MARROW},
            "profiles/elsewhere/02-marrow.md:23, table 'Severe anaemia': "
            "the profile gives the table twice",
            id="one table twice",
        ),
        pytest.param(
            {"02-marrow.md": MARROW.replace("| EL1 ", "| SA2 ")},
            "profiles/elsewhere/02-marrow.md:18, table 'Severe anaemia', rule 'SA2': "
            "the base has a rule of this id that says something else\n"
            "    give the rule a new id; a rule that stays as it is keeps its id and every cell",
            id="an id is one rule",
        ),
        pytest.param(
            {"statements.md": "\n## Elsewhere\n\n| id | sentence |\n|---|---|\n| x | Y. |\n"},
            "profiles/elsewhere/statements.md:14, table 'Elsewhere': "
            "no table of the base's file has the columns id | sentence",
            id="other columns",
        ),
        pytest.param(
            {"02-marrow.md": "\n## Severe anaemia\n\n| a | b |\n|---|---|\n| x | y |\n"},
            "profiles/elsewhere/02-marrow.md:14, table 'Severe anaemia': "
            "no table of the base's file has the columns a | b",
            id="a table of prose",
        ),
        pytest.param(
            {"statements.md": f"\n## E\n\n{STATEMENT}| x | Y. | @seed |\n| x | Z. | @seed |\n"},
            "profiles/elsewhere/statements.md:17, table 'E', rule 'x': "
            "the profile gives the row twice",
            id="one row twice",
        ),
        pytest.param(
            {"statements.md": f"\n## E\n\n{STATEMENT}| x | {{nothing}} | @nobody |\n"},
            "profiles/elsewhere/statements.md:16, table 'E', rule 'x': "
            "@nobody is not in references.bib\n"
            "profiles/elsewhere/statements.md:16, table 'E', rule 'x': "
            "{nothing} names no input, decision, rule cell or regimen cell",
            id="what holds for the base holds for a profile",
        ),
        pytest.param(
            {"references.bib": ELSEWHERE.replace("{elsewhere,", "{who2024,")},
            "profiles/elsewhere/references.bib, rule 'who2024': the base has an entry of this key",
            id="a reference of the base",
        ),
    ],
)
def test_refused(refusal: Callable[..., str], files: Mapping[str, str], message: str) -> None:
    """What has no place in the base is refused, with the profile's own file and line."""
    assert refusal(files) == message


def test_a_profile_without_front_page(texts: Mapping[str, str]) -> None:
    """A profile says what it is on its front page, or is refused."""
    with pytest.raises(b12lib.ProtocolError, match=r"profiles/x/README\.md: the file is missing"):
        read_protocol(texts, Overlay("x", {}))
