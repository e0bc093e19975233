"""What became of the seed's claims, and how well their sources carry it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

import b12lib
from b12lib.reading.ledger import acting, became
from b12lib.reading.sources import citations, is_addition, references, support

LEDGER = "claims.md"
WHY = "Special considerations"


def test_a_claim_became_what_cites_it(protocol: b12lib.Protocol) -> None:
    """Rules, regimens, schedule rows, sentences and inputs are found by the claim they name."""
    assert "SX5" in became("C44", protocol)["rules"]
    assert "down-and-thyroid" in became("C44", protocol)["statements"]
    assert "alternate-days" in became("C13", protocol)["regimens"]
    assert "yearly" in became("C35", protocol)["schedule"]
    assert "mma_fold" in became("D2", protocol)["inputs"]


def test_what_acts_stands_for_a_claim(protocol: b12lib.Protocol) -> None:
    """Of what a claim became only what decides or has something done, if anything does."""
    assert set(acting("C44", protocol)) == {"rules"}
    assert set(acting("C13", protocol)) >= {"rules", "regimens"}
    assert acting("D2", protocol) == became("D2", protocol) != {}


def test_a_claim_that_nothing_cites_says_why(protocol: b12lib.Protocol) -> None:
    """Exactly the claims without any row give a reason for it."""
    for claim in protocol.claims.values():
        assert claim.what_follows.startswith("none: ") == (became(claim.id, protocol) == {})


def test_every_claim_stands_in_a_section(protocol: b12lib.Protocol) -> None:
    """A claim knows the part of the seed that it comes from."""
    assert protocol.claims["C31"].section == "Monitoring"
    assert {claim.section for claim in protocol.claims.values()} >= {"Folate", "Down syndrome"}


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        pytest.param(
            "sensitivity. | misattributed |",
            "sensitivity. | wrong |",
            "'wrong' is no verdict\n  write one of supported, partly, contradicted, misattributed,"
            " unit trap, unverifiable, omission",
            id="verdict",
        ),
        pytest.param(
            "none: a sensitivity",
            "A sensitivity",
            "nothing came of the claim: no rule, input or other row of the protocol cites it\n"
            "  cite it as @seed C04, or write 'none: ' and why under 'what follows'",
            id="nothing came of it",
        ),
    ],
)
def test_a_claim_that_leads_nowhere_is_refused(
    refused: Callable[..., str], line_of: Callable[..., int], old: str, new: str, message: str
) -> None:
    """A claim needs one of the seven verdicts, and something that it became or a reason."""
    place = f"{LEDGER}:{line_of(LEDGER, old)}, table 'Confirmation', rule 'C04'"
    assert refused(LEDGER, old, new) == f"{place}: {message}"


def test_a_reason_that_holds_no_longer_is_refused(
    refused: Callable[..., str], line_of: Callable[..., int]
) -> None:
    """A claim cannot have come to nothing while a rule cites it; the rule is named."""
    old = "Faithful to the seed, the two together"
    rule = f"06-cause-and-duration.md:{line_of('06-cause-and-duration.md', '| SX5 |')}"
    assert refused(LEDGER, old, f"none: {old}") == (
        f"{LEDGER}:{line_of(LEDGER, old)}, table 'Down syndrome', rule 'C44': 'what follows' says"
        f" that nothing came of the claim; {rule}, table {WHY!r}, rule 'SX5' cites it\n"
        "  say what follows for the protocol"
    )


def test_a_claim_is_not_blamed_for_a_table_that_cannot_be_read(refused: Callable[..., str]) -> None:
    """While a table is unreadable, what it may cite counts as missing nowhere."""
    assert "nothing came" not in refused(
        "06-cause-and-duration.md", "| SX5 | true |", "| SX5 | x |"
    )


ENTRY = "@misc{{{0}, title = {{T}}, note = {{N}}, checked = {{2026-11-22}}, status = {{{0}}}}}"
BIB = "".join(map(ENTRY.format, ("read", "secondary", "unverified")))
KNOWN, _ = references("x.bib", BIB)


@pytest.mark.parametrize(
    ("sources", "best"),
    [
        ("@seed C01; @unverified; @read page 3", "read"),
        ("@unverified; @secondary; @seed C01", "secondary"),
        ("@seed C01; @unverified", "unverified"),
        ("@seed C01 C02", "seed"),
    ],
)
def test_support_is_the_best_source(sources: str, best: str) -> None:
    """The best verified source counts; the seed, which is the claim itself, does not."""
    assert support(citations(sources), KNOWN) == best


def test_an_addition_cites_no_claim() -> None:
    """What names the seed among its sources comes from it; all else was added."""
    assert is_addition(citations("@read; @secondary"))
    assert not is_addition(citations("@read; @seed C01"))


@pytest.mark.parametrize("day", ["", "checked = {yesterday},", "checked = {20261122},"])
def test_a_source_says_when_it_was_looked_at(day: str) -> None:
    """A reference without a day, or with one that is not written out, is refused."""
    entry = f"@misc{{x, title = {{T}}, note = {{N}}, {day} status = {{read}}}}"
    (fault,) = references("x.bib", entry)[1]
    assert str(fault) == (
        "x.bib:1, rule 'x': checked must say on which day the source was last looked at\n"
        "    write checked = {2026-02-25}"
    )
