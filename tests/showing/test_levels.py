"""The reader's level: other words, other depth, the same decision."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

import b12lib
from b12lib.deciding.case import Case
from b12lib.errors import CaseError
from b12lib.explaining.wording import plainly, row_id, sentence
from b12lib.publishing.worked_cases import case_files
from b12lib.reading.glossary import named
from b12lib.reading.protocol import read_protocol
from b12lib.showing.answer import SAID_AT_ONCE, SAID_FIRST
from b12lib.showing.document import PARTS, find
from b12lib.showing.levels import Level

PROTOCOL = b12lib.load_protocol()
SEED = {"mma": "90 µmol/L", "leukopenia": True, "neutropenia": True, "macrocytosis": True}
JARGON = (
    *("leukopenia", "neutropenia", "cytopenia", "pancytopenia", "thrombocytopenia"),
    *("macrocytosis", "megaloblastic", "haemopoiesis", "haemolysis", "myelodysplasia"),
    *("paraesthesia", "autonomic", "glossitis", "neurological", "renal dysfunction"),
    *("malabsorption", "schistocytes", "holotranscobalamin", "intramuscular", "film"),
    *("deficiency", "indeterminate", "discordant", "seed", "serum B12"),
)
"""Words that a patient is not to meet; the glossary explains them to trainees."""
SAID_WITH_ITS_MEANING = {
    "intramuscular": "into a muscle (intramuscularly)",  # the regimen's own cell holds the word
    "myelodysplasia": "diseases of the bone marrow",  # it has no other name
}
"""What a row that cannot do without a word says about it in the same breath."""


def decided() -> Iterator[b12lib.Assessment]:
    """Decide every worked case that gets a report, under the guideline whose case it is."""
    for profile in (None, *b12lib.profiles()):
        protocol = b12lib.load_protocol(profile=profile)
        yield from (b12lib.assess(file, protocol) for file in case_files(profile=profile))


@pytest.fixture(scope="module")
def assessments() -> list[b12lib.Assessment]:
    """The worked cases, decided."""
    return list(decided())


def test_no_decision_differs_by_level(assessments: list[b12lib.Assessment]) -> None:
    """In every worked case, under every guideline, each level has the same answers and record."""
    for assessment in assessments:
        for level in Level:
            shown = assessment.at_level(level)
            assert (shown.level, shown.answers) == (level, assessment.answers)
            assert shown.visits == assessment.visits
    seed = b12lib.assess(SEED)
    assert [seed.at_level(level).to_dict() for level in Level] == [seed.to_dict()] * 3


@given(st.sampled_from(case_files()), st.permutations(list(Level)))
def test_the_level_shown_before_leaves_no_trace(file: object, levels: list[Level]) -> None:
    """Whatever level a case was shown at before, a level tells its answer in the same words."""
    assessment = b12lib.assess(file)  # type: ignore[arg-type]
    fresh = {level: b12lib.assess(assessment.case).at_level(level) for level in levels}
    for level in levels:
        assessment = assessment.at_level(level)
        assert assessment.section("Answer") == fresh[level].section("Answer")


def test_a_clinician_is_the_default() -> None:
    """Nothing is to be asked for to get the document of the clinician."""
    assessment = b12lib.assess(SEED)
    assert assessment.level == Level.CLINICIAN
    assert assessment.at_level("clinician")._repr_markdown_() == assessment._repr_markdown_()
    assert str(assessment.at_level("patient")) != str(assessment)


def test_an_unknown_level_is_refused() -> None:
    """A misspelt level names those that there are."""
    with pytest.raises(ValueError, match="'nurse' is no reader's level; there are clinician, tr"):
        b12lib.assess(SEED).at_level("nurse")


def test_a_patient_is_told_every_emergency_and_danger(
    assessments: list[b12lib.Assessment],
) -> None:
    """What the clinician's answer begins with or warns of at once, the patient's does too."""
    told = set()
    for assessment in assessments:
        clinician = assessment.section("Answer").body
        patient = assessment.at_level("patient").section("Answer").body
        for name in (*SAID_FIRST, *SAID_AT_ONCE):
            if name not in assessment.answers:
                continue
            for value in assessment[name].values:
                assert f"- **{sentence(name, value, assessment)}**" in clinician
                assert f"- **{plainly(row_id(assessment[name], value), assessment)}**" in patient
                told.add(value)
    assert {"neutropenic-fever", "fever-count-unknown", "same-day-cord", "urgent-neurology"} < told


def test_a_patient_is_told_everything_that_was_answered(
    assessments: list[b12lib.Assessment],
) -> None:
    """No sentence that the clinician reads lacks its plain wording on the patient's page."""
    for assessment in assessments[::5]:
        page = assessment.at_level("patient")._repr_markdown_()
        for item in assessment.answers.values():
            for value in item.values if item.known else ():
                if (id_ := row_id(item, value)) in assessment.protocol.plain:
                    assert plainly(id_, assessment) in page, id_


def test_a_patients_page_names_no_rule_and_no_source(
    assessments: list[b12lib.Assessment],
) -> None:
    """Ids and citations are for professionals; the page says where they are."""
    for assessment in assessments[::7]:
        page = assessment.at_level("patient")._repr_markdown_().partition("\n")[2]
        assert "`" not in page
        assert "@" not in page
        assert set(re.findall(r"\w+", page)).isdisjoint(assessment.protocol.rules)
        assert "level of a clinician, names the rules" in page
        assert "Do not begin, change or stop any treatment" in page
        assert "If you get worse, or are worried, get medical help at once" in page


def test_a_trainee_reads_why_at_each_answer(assessments: list[b12lib.Assessment]) -> None:
    """The rationale of every rule that decided the treatment stands where its answer does."""
    for assessment in assessments:
        page = assessment.at_level("trainee").all_of("What to do").body
        treatment = [item for item in assessment.part("treatment") if not item.stated]
        for rule in (rule for item in treatment if item.known for rule in item.outcome.fired):
            assert rule.rationale in page, rule.id


def test_a_trainee_reads_why_of_dates_and_visits() -> None:
    """A date of the schedule and an answer at a visit have their reason too."""
    file = next(file for file in case_files() if file.stem == "follow-up-not-responding")
    trainee = b12lib.assess(file).at_level("trainee")
    protocol = trainee.protocol
    assert protocol.rules["EC1"][1].rationale in trainee.section("Early checks").body
    visit = trainee.visits[-1]["response"].outcome.fired[0]
    assert f"`{visit.id}` *Why:* {visit.rationale}" in trainee.section("Follow-up visits").body


def test_a_trainee_reads_all_that_a_clinician_reads() -> None:
    """Nothing is left out for a trainee: without the additions the page is the clinician's."""
    clinician = b12lib.assess(SEED)
    trainee = clinician.at_level("trainee")
    for title in ("Treatment", "Folate", "Confirming deficiency", "Answer"):
        lines = trainee.section(title).body.splitlines()
        bare = [line.partition(" *Why:*")[0] for line in lines]
        assert bare == clinician.section(title).body.splitlines()
    for title in ("How it was decided", "Sources", "Status of this protocol"):
        assert trainee.section(title) == clinician.section(title)


def test_a_glossary_explains_the_words_of_a_trainees_page() -> None:
    """Every term that the page uses is explained at its end, with what that rests on."""
    page = b12lib.assess(SEED).at_level("trainee")
    body = page.section("Glossary").body
    text = page._repr_markdown_().replace(body, "")
    terms = {term for _, term in named(text, tuple(PROTOCOL.glossary.values()))}
    assert len(terms) > 20
    rows = body.splitlines()[2:]
    assert rows == [
        f"| {term.term} | {term.definition} | {term.basis} |"
        for term in sorted(terms, key=lambda term: term.term.lower())
    ]


def test_words_of_a_patients_page_are_explained_plainly(
    assessments: list[b12lib.Assessment],
) -> None:
    """What the page cannot do without is explained at its end, in plain words."""
    for assessment in assessments[::9]:
        page = assessment.at_level("patient")
        explained = page.section("Words on this page").body
        text = "\n".join(page.all_of(title).body for title in PARTS[:3])
        for _, term in named(text, tuple(assessment.protocol.glossary.values())):
            assert f"| {term.term} | {term.plain} |" in explained


@pytest.mark.parametrize("profile", [None, *b12lib.profiles()])
def test_plain_words_are_free_of_jargon(profile: str | None) -> None:
    """No wording for patients uses a word of the trade; the few that must say what it means."""
    protocol = b12lib.load_protocol(profile=profile)
    explained = {spelling for term in protocol.glossary.values() for spelling in term.spellings}
    assert explained >= {*JARGON}
    for row in protocol.plain.values():
        for word in JARGON:
            if re.search(rf"\b{word}", row.plain, flags=re.IGNORECASE):
                assert SAID_WITH_ITS_MEANING.get(word, "?" * 9) in row.plain, f"{row.place}: {word}"


@pytest.mark.parametrize("profile", [None, *b12lib.profiles()])
def test_plain_sentences_are_short(profile: str | None) -> None:
    """A sentence that a patient reads has no more than 30 words, and most have half of that."""
    rows = b12lib.load_protocol(profile=profile).plain.values()
    sentences = [text for row in rows for text in re.split(r"(?<=[.?!:;])\s", row.plain)]
    lengths = sorted(len(text.split()) for text in sentences)
    assert lengths[-1] <= 30
    assert lengths[len(lengths) * 3 // 4] <= 15


def test_several_possible_regimens_are_all_told_to_a_patient() -> None:
    """While the schedule is open both are told, and that the first dose is the same."""
    body = b12lib.assess(SEED).at_level("patient").section("Answer").body
    assert "The first dose is the same either way: hydroxocobalamin 1 mg" in body
    assert body.count("- Possible: The treatment is injections") == 2
    settled = b12lib.assess({**SEED, "neurological": False}).at_level("patient")
    assert "Possible" not in settled.section("Answer").body
    assert "- The treatment is injections" in settled.section("Answer").body


def test_regimens_that_begin_differently_are_told_so() -> None:
    """Where the first dose is open too, a patient is not told that it is settled."""
    label = b12lib.load_protocol(profile="us-label")
    file = next(file for file in case_files(profile="us-label") if file.stem == "folate-low")
    body = b12lib.assess(file, label).at_level("patient").section("Answer").body
    assert "It is not decided yet which treatment is right" in body
    assert body.count("- Possible: ") == 2
    assert "first dose is the same" not in body


def test_a_patients_schedule_has_dates_once_treatment_has_a_start() -> None:
    """What is due stands with its day, as far as the day is known."""
    start = {**SEED, "neurological": False, "treatment_start": "2026-03-01"}
    body = b12lib.assess(start).at_level("patient").section("Checks, and what to expect").body
    assert "- **3 months (2026-06-01):** " in body
    assert "- **Several weeks to months:** " in body


def test_a_patient_is_told_each_visit() -> None:
    """What a visit found stands under its day, and the last one in the answer."""
    file = next(file for file in case_files() if file.stem == "follow-up-falls-again")
    page = b12lib.assess(file).at_level("patient")
    assert (
        "**Day 60**\n\n- A blood count is low and has fallen" in page.section("At your visits").body
    )
    assert "At the last visit, on day 60: A blood count is low" in page.section("Answer").body


def test_a_response_that_is_open_is_left_out() -> None:
    """A visit whose response waits for something does not tell a patient one of its answers."""
    case = {
        "inputs": {**SEED, "haemoglobin": "70 g/L", "sex": "female"},
        "visits": [{"day": 30, "neutrophils_percent_now": "50 %"}],
    }
    page = b12lib.assess(case).at_level("patient")
    known = page.visits[-1]["response"].known
    assert ("At the last visit" in page.section("Answer").body) == known


def test_a_reviewer_and_a_profile_are_named_to_a_patient(
    texts: dict[str, str],
) -> None:
    """The page says who has reviewed the protocol, and which guideline was read."""
    reviewed = {**texts, "README.md": texts["README.md"].replace("reviewer:\n", "reviewer: Dr A\n")}
    page = b12lib.assess(SEED, read_protocol(reviewed)).at_level("patient")
    assert "It was reviewed by Dr A." in page.section("Status of this protocol").body
    nice = b12lib.assess(SEED, b12lib.load_protocol(profile="nice-ng239")).at_level("patient")
    assert "read with NICE guideline NG239" in nice.section("Status of this protocol").body


def test_a_section_of_another_level_is_found_to_be_absent() -> None:
    """A report asks for sections that only some levels have; a misspelt one is refused."""
    assessment = b12lib.assess(SEED)
    assert assessment.find("Glossary") is None
    assert assessment.at_level("patient").find("Sources") is None
    assert assessment.find("Sources") == assessment.section("Sources")
    with pytest.raises(KeyError, match="'Sauces' is no section; there are Answer, Treatment"):
        find(assessment, "Sauces")


def test_a_case_has_no_level() -> None:
    """The level is the reader's: a case cannot state it."""
    with pytest.raises(CaseError, match="level"):
        b12lib.assess({"inputs": SEED, "level": "patient"})
    assert "level" not in Case.__dataclass_fields__


def test_a_visit_comes_before_what_it_has_overtaken() -> None:
    """What the last visit asks for stands first; the answer from before it is told as such."""
    file = next(file for file in case_files() if file.stem == "follow-up-falls-again")
    for level in (Level.CLINICIAN, Level.PATIENT):
        body = b12lib.assess(file).at_level(level).section("Answer").body
        assert re.search(r"\*\*.*leukaemia", body)
        assert body.index("leukaemia") < body.index("Before treatment began, the answer was:")
        fresh = b12lib.assess(SEED).at_level(level).section("Answer").body
        assert "Before treatment began" not in fresh


def test_a_patients_page_is_not_named_for_professionals() -> None:
    """The name of a case holds the words of those who gave it."""
    page = str(b12lib.assess(case_files()[0]).at_level("patient"))
    assert "Vitamin B12: your results, and what follows from them" in page.splitlines()[0]
