"""What a reviewer's lesson shows."""

from __future__ import annotations

from dataclasses import replace

import pytest

import b12lib
from b12lib.showing.audit import faults, followed, proofs, tally
from b12lib.verifying.check import check
from b12lib.verifying.proofs import PROVED, VIOLATED, Proof


def test_values_are_counted() -> None:
    """The most frequent first, and all of them last."""
    shown = tally("Verdict", ["partly", "supported", "partly"])
    assert shown.body.splitlines() == [
        "| Verdict | how many |",
        "| :-- | :-- |",
        "| partly | 2 |",
        "| supported | 1 |",
        "| *all* | 3 |",
    ]


def test_a_claim_is_followed(protocol: b12lib.Protocol) -> None:
    """All that cites it stands there by kind; a claim that there is not is an error."""
    assert "| rules | `NS5` `NS6` |" in followed("C16", protocol).body
    with pytest.raises(KeyError):
        followed("C99", protocol)


def test_faults_show_a_patient(protocol: b12lib.Protocol) -> None:
    """A gap comes with a patient who falls into it; without a fault that is said."""
    assert faults(check(protocol)).body == "No gap, no overlap, no dead rule."
    [level] = [table for table in protocol.tables if "mma_level" in table.outputs]
    holed = protocol.with_table(replace(level, rules=level.rules[:-1]))
    [row] = faults(check(holed)).body.splitlines()[2:]
    assert row.startswith("| gap | Methylmalonic acid |")
    assert "mma_fold: " in row


def test_proofs_show_who_breaks_them() -> None:
    """What was proved has no patient; what was not has one."""
    found = [
        Proof("P1", "always", "x", PROVED),
        Proof("P2", "always", "y", VIOLATED, ({"mma": "900 nmol/L", "fever": "yes"},)),
    ]
    assert proofs(found).body.splitlines()[2:] == [
        "| P1 | always | x | **proved** |  |",
        "| P2 | always | y | **violated** | mma: 900 nmol/L, fever: yes |",
    ]
