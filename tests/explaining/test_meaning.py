"""What an answer means: to a patient, and of nobody."""

from __future__ import annotations

import b12lib
from b12lib.explaining.meaning import in_general, in_words


def test_an_answer_means_the_same_with_and_without_a_patient(protocol: b12lib.Protocol) -> None:
    """A sentence without values, a regimen and a date are the same; a value is named instead."""
    low = b12lib.assess({"potassium": "3.1 mmol/L", "mma": "900 nmol/L", "neurological": False})
    decisions = protocol.decisions
    for name, value in {"regimen": "three-times-weekly", "hazards": "potassium-low"}.items():
        told = in_general(decisions[name], value, protocol)
        assert told == in_words(decisions[name], value, low)
    assert in_general(decisions["regimen"], "none", protocol) == "Nothing is given."
    level = decisions["potassium_level"]
    assert in_words(level, "low", low) == "Potassium is low (3.1 mmol/L)."
    named = "Potassium is low ([potassium in serum or plasma])."
    assert in_general(level, "low", protocol) == named


def test_a_place_among_people_is_named(protocol: b12lib.Protocol) -> None:
    """Where nobody's value stands among people is named in brackets, as the value itself is."""
    told = in_general(protocol.decisions["mma_level"], "normal", protocol)
    assert told == (
        "MMA is [methylmalonic acid (MMA)], not above its upper limit of [upper limit of MMA]; "
        "[methylmalonic acid (MMA) among people]."
    )


def test_a_date_and_what_has_no_sentence(protocol: b12lib.Protocol) -> None:
    """A row of the schedule says when; an answer without a sentence is told by its label."""
    checks = protocol.decisions["early_checks"]
    assert in_general(checks, "count-8-weeks", protocol).startswith("8 weeks: full blood count")
    silent = protocol.decisions["indication"]
    assert in_general(silent, "maybe", protocol) == "Reason to treat: maybe."
