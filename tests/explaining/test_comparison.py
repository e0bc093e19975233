"""One case under several protocols: answers that differ, texts that differ, refusals."""

from __future__ import annotations

from pathlib import Path

import pytest

import b12lib
from b12lib.explaining.comparison import Comparison, Row
from b12lib.rooms import room

SEED = room("protocol") / "cases" / "seed-as-asked.yaml"
TONGUE = {"tongue_symptoms": "yes", "neurological": "no", "b12": "120 ng/L"}


@pytest.fixture(scope="module")
def seed() -> Comparison:
    """The seed's patient under the base and every profile."""
    return b12lib.compare(SEED)


def row(comparison: Comparison, name: str) -> Row:
    """Return the row of one decision."""
    [found] = [item for item in comparison.rows if item.name == name]
    return found


def values(comparison: Comparison, name: str) -> dict[str, tuple[object, ...] | None]:
    """Return each side's answer to one decision."""
    positions = row(comparison, name).positions
    return {
        side.name: position.answer.values if position else None
        for side, position in zip(comparison.sides, positions, strict=True)
    }


def test_the_base_stands_first_and_every_profile_follows(seed: Comparison) -> None:
    """All profiles are compared unless some are named."""
    assert tuple(side.name for side in seed.sides) == ("base", *b12lib.profiles())
    named = b12lib.compare(SEED, ["us-label"])
    assert [side.name for side in named.sides] == ["base", "us-label"]


def test_a_differing_answer_is_marked(seed: Comparison) -> None:
    """The seed's patient is confirmed by the base and not by NICE, and the rules say why."""
    found = row(seed, "deficiency_status")
    assert found.differs
    assert not found.reworded
    assert values(seed, "deficiency_status")["nice-ng239"] == ("not tested",)
    rules = [[rule.id for rule in position.rules] for position in found.positions if position]
    assert rules == [["DS1"], ["NDS7"], ["DS1"], ["DS1"], ["DS1"]]


def test_the_same_answer_with_another_dose_is_marked() -> None:
    """One regimen's name may mean another dose elsewhere: the texts are compared too."""
    case = {"mma": "900 nmol/L", "mma_limit": "400 nmol/L", "neurological": "no"}
    case |= {"haemoglobin": "140 g/L", "platelets": "250 x10^9/L", "anc": "3 x10^9/L"}
    case |= {"planned_route": "oral", "b12": "200 ng/L", "egfr": "95 mL/min/1.73m2"}
    compared = b12lib.compare(case, ["nice-ng239"])
    found = row(compared, "regimen")
    assert values(compared, "regimen") == {
        "base": ("oral-daily",),
        "nice-ng239": ("oral-daily",),
    }
    assert found.reworded
    assert not found.differs
    texts = [position.sentences for position in found.positions if position]
    assert "1,000–2,000 µg" in texts[0][0]
    assert "at least 1 mg" in texts[1][0]


def test_an_agreed_answer_is_not_marked(seed: Comparison) -> None:
    """Where all say the same in the same words, nothing is marked."""
    assert not row(seed, "megaloblastic_picture").differs
    assert not row(seed, "megaloblastic_picture").reworded


def test_an_open_answer_has_no_text_but_regimens_have_their_doses(seed: Comparison) -> None:
    """What is not known is not told as a sentence; each regimen still possible is."""
    [base, *_] = row(seed, "anaemia").positions
    assert base
    assert base.sentences == ()
    [base, *_] = row(seed, "regimen").positions
    assert base
    assert len(base.sentences) == 2
    assert all(text.startswith("Hydroxocobalamin 1 mg") for text in base.sentences)


def test_advice_that_nobody_gives_has_no_row(seed: Comparison) -> None:
    """A list that is empty under every side says nothing of the case."""
    names = [item.name for item in seed.rows]
    assert "treatment_stops" not in names
    assert "contradiction" not in names


def test_a_refusal_is_told_and_the_other_sides_decide() -> None:
    """The seed counts the tongue as neurological and refuses what NICE accepts."""
    compared = b12lib.compare(TONGUE)
    refused = {side.name: bool(side.faults) for side in compared.sides}
    assert refused["base"]
    assert not refused["nice-ng239"]
    assert values(compared, "treat_now")["base"] is None
    assert values(compared, "treat_now")["nice-ng239"] == ("immediately",)


def test_a_case_that_all_refuse_is_refused() -> None:
    """Nothing is compared of a case that nobody can read."""
    with pytest.raises(b12lib.CaseError, match="did you mean mcv"):
        b12lib.compare({"mvc": "104 fL"})


def test_nothing_given_is_told_as_nothing() -> None:
    """A regimen that gives nothing says so."""
    compared = b12lib.compare({"mma": "200 nmol/L", "b12": "400 ng/L"}, [])
    [position] = row(compared, "regimen").positions
    assert position
    assert position.sentences == ("Nothing is given.",)


def test_a_stated_finding_needs_no_rule(seed: Comparison) -> None:
    """What the case states itself is no table's answer."""
    [base, *_] = row(seed, "leukopenia").positions
    assert base
    assert base.answer.stated
    assert base.rules == ()


def test_a_case_read_before_is_read_again_under_each_side(seed: Comparison) -> None:
    """A case object, its text, its file and its mapping compare alike."""
    read = b12lib.compare(b12lib.read_case(SEED))
    text = b12lib.compare(SEED.read_text(encoding="utf-8"))
    for other in (read, text):
        assert other.case == seed.case
        assert [item.differs for item in other.rows] == [item.differs for item in seed.rows]


def test_another_folder(tmp_path: Path) -> None:
    """A protocol without profiles is compared with nothing."""
    for file in room("protocol").iterdir():
        if file.is_file():
            (tmp_path / file.name).write_bytes(file.read_bytes())
    assert [side.name for side in b12lib.compare(SEED, folder=tmp_path).sides] == ["base"]


def test_what_all_answer_alike_is_left_out() -> None:
    """Of the differences every row differs, in its answer or its text, and no other is lost."""
    whole = b12lib.compare({"mma": "90 umol/L"}, ["nice-ng239"])
    rows = whole.differences().rows
    assert 0 < len(rows) < len(whole.rows)
    assert rows == tuple(row for row in whole.rows if row.differs or row.reworded)


def test_chosen_decisions_alone() -> None:
    """A comparison can be cut down to what is asked for; what is not compared is refused."""
    whole = b12lib.compare({"mma": "5 umol/L"}, ["us-label"])
    cut = whole.only("folic_acid_plan", "regimen")
    assert [row.name for row in cut.rows] == ["folic_acid_plan", "regimen"]
    assert set(cut.rows) <= set(whole.rows)
    with pytest.raises(KeyError, match="'folate' is not compared; there are mma_level, "):
        whole.only("folate")
