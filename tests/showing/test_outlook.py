"""The sections that look ahead: short, grouped, in words."""

from __future__ import annotations

from collections.abc import Callable

import b12lib
from b12lib.reading.protocol import read_protocol

SEED = {"mma": "90 µmol/L", "leukopenia": True, "neutropenia": True, "macrocytosis": True}
AHEAD = "What is not known, and whether it matters"
TURNING = "What would change the answer"


def test_symptoms_are_told_as_parts_of_one_question() -> None:
    """The nervous system is one line with its question; its symptoms stand in that line."""
    body = b12lib.assess(SEED).section(AHEAD).body
    lines = [line for line in body.splitlines() if "disturbed gait" in line]
    assert len(lines) == 1
    assert lines[0].startswith("- **Neurological involvement** could change: ")
    assert "Examine the nervous system" in lines[0]


def test_three_groups_are_named_honestly() -> None:
    """What could, what might together, and what cannot stand apart, in this order."""
    could, _, together, cannot = b12lib.assess(SEED).section(AHEAD).body.split("\n\n")
    assert could.startswith("Could change the treatment")
    assert "white blood cells" in together
    assert "might" in together
    assert "cannot change" in cannot
    assert "total vitamin B12 in serum" in cannot
    assert "thyroid" not in cannot


def test_nothing_missing_is_said() -> None:
    """A case in which nothing unknown can matter says so first."""
    case = {
        "mma": "200 nmol/L",
        "b12": "300 pmol/L",
        "active_b12": "100 pmol/L",
        "egfr": "90 mL/min/1.73m2",
        "intrinsic_factor_antibody": "positive",
        "neurological": True,
        "leukopenia": False,
        "leber": False,
        "b12_allergy": False,
        "b12_failed": False,
    }
    body = b12lib.assess(case).section(AHEAD).body
    assert body.startswith("Nothing that matters to the treatment is missing.")
    assert (
        "cannot change the treatment, whatever else becomes known: recent nitrous oxide, sex"
        in body
    )


def test_seeds_flip_is_told_in_both_units() -> None:
    """The value of MMA that would change the treatment stands in the case's unit and in nmol/L."""
    body = b12lib.assess(SEED).section(TURNING).body
    assert (
        "- **Methylmalonic acid (MMA)**: 0.271 µmol/L (271 nmol/L) instead of 90 µmol/L "
        "(90,000 nmol/L). Reason to treat test first instead of immediately `TN7`; Treat now? "
        "test first instead of immediately `TR7`;" in body
    )
    assert "Megaloblastic" not in body


def test_an_assumption_that_flips_says_so() -> None:
    """What was assumed because the case is silent is told where it would change the treatment."""
    body = b12lib.assess({}).section(TURNING).body
    assert "instead of no, which was assumed. Treat now? go on instead of test first" in body


def test_symptoms_that_do_the_same_are_told_together() -> None:
    """Symptoms that were denied stand in one line: any of them would change the schedule."""
    case = {"mma": "900 nmol/L", "paraesthesia": False, "numbness": False, "visual_loss": False}
    body = b12lib.assess(case).section(TURNING).body
    assert (
        "**Paraesthesia (pins and needles), numbness, loss of vision**: yes instead of no" in body
    )


def test_no_flip_is_said(edited: Callable[..., dict[str, str]]) -> None:
    """Where nothing known would change the treatment, the section says so."""
    begun = "| b12_started | Vitamin B12 treatment has begun | boolean | | | | | {} |"
    improving = "| b12_improving | Levels improving under treatment | boolean | | | | | {} |"
    texts = edited("inputs.md", begun.format("false"), begun.format("unknown"))
    texts = edited("inputs.md", improving.format("false"), improving.format("unknown"), texts)
    protocol = read_protocol(texts)
    section = b12lib.assess({"homocysteine": "20 umol/L"}, protocol).section(TURNING)
    assert section.body.startswith("No other value of anything known")
