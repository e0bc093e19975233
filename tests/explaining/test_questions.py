"""Questions: what they call right is what the evaluator says, and the same seed asks the same."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Mapping
from decimal import localcontext
from itertools import islice
from pathlib import Path

import pytest

import b12lib
from b12lib.deciding.case import Case
from b12lib.explaining.questions import claims, decisions, limits, units, unknowns, visits
from b12lib.explaining.questions.question import (
    LEVELS,
    UNDECIDED,
    Choice,
    Lots,
    Material,
    Question,
)
from b12lib.explaining.questions.quiz import KINDS, Quiz, TooFewQuestions, quiz
from b12lib.explaining.wording import label, word
from b12lib.publishing.worked_cases import read_cases
from b12lib.reading.dictionary import Input
from b12lib.reading.protocol import read_protocol
from b12lib.rooms import room

PROTOCOL = b12lib.load_protocol()
MANY = {limits: 60, decisions: 130, visits: 150, unknowns: 12, units: 60, claims: 100}
"""How many questions of each kind are looked at; of claims there are fewer."""


SMALL = (
    *("b12-only.yaml", "seed-as-asked.yaml", "folate-not-measured.yaml", "follow-up-days.yaml"),
    *("limits/folate-7-0.yaml", "limits/haemoglobin-79.yaml", "limits/mma-271.yaml"),
    *("limits/b12-132-pmol.yaml", "limits/neutrophils-0-50.yaml", "limits/egfr-60.yaml"),
    *("limits/platelets-50.yaml", "cyanocobalamin-in-renal-dysfunction.yaml"),
    *("follow-up-not-responding.yaml", "follow-up-late.yaml"),
)
"""Cases for a set that is made quickly."""


@pytest.fixture(scope="module")
def cases() -> Mapping[str, Case]:
    """Every worked case of the base protocol."""
    return read_cases(PROTOCOL)[0]


@pytest.fixture(scope="module")
def made(cases: Mapping[str, Case]) -> dict[str, list[Question]]:
    """A few hundred questions, by kind, as lots happen to draw them."""
    material, lots = Material(PROTOCOL, cases), Lots("test")
    found = {}
    for kind in KINDS:
        drafts = lots.shuffled(kind.drafts(material, lots), lambda draft: draft.name)
        questions = (draft.make() for draft in drafts)
        found[kind.KIND] = list(islice(filter(None, questions), MANY[kind]))
    return found


@pytest.fixture(scope="module")
def every(made: dict[str, list[Question]]) -> list[Question]:
    """All of them."""
    return [question for questions in made.values() for question in questions]


def small(cases: Mapping[str, Case], *names: str) -> dict[str, Case]:
    """Return a few of the cases."""
    return {name: cases[name] for name in names}


def drawn(kind: object, cases: Mapping[str, Case], **about: str) -> list[Question]:
    """Return all questions of a kind that a few cases lead to."""
    material, lots = Material(PROTOCOL, cases), Lots(0)
    drafts = kind.drafts(material, lots)  # type: ignore[attr-defined]
    wanted = (d for d in drafts if all(getattr(d, name) == is_ for name, is_ in about.items()))
    return [question for draft in wanted if (question := draft.make())]


def answers(patient: Case) -> b12lib.Assessment:
    """Decide a patient anew, without anything that the questions remembered."""
    return b12lib.assess(patient)


def test_there_are_hundreds(every: list[Question]) -> None:
    """What follows is looked at in more than three hundred questions, of every kind and level."""
    assert len(every) > 300
    assert {question.level for question in every} == set(LEVELS)
    assert {question.kind for question in every} == {kind.KIND for kind in KINDS}


def test_a_claim_is_asked_with_the_sources_of_the_ledger(made: dict[str, list[Question]]) -> None:
    """The feedback on a claim cites what the ledger cites for it."""
    sources = {claim.id: set(claim.sources) for claim in PROTOCOL.claims.values() if claim.sources}
    asked = [question for question in made[claims.KIND] if question.asks in sources]
    assert asked
    for question in asked:
        found = Quiz(PROTOCOL, (question,), None, 0).cited(question)
        assert sources[question.asks] <= set(found)


def test_limit_is_crossed_by_one_reporting_step(made: dict[str, list[Question]]) -> None:
    """The two patients are alike but for one quantity, and that differs by one step."""
    for question in made[limits.KIND]:
        below, above = question.patients
        (field,) = (name for name in below.given if below.given[name] != above.given[name])
        step = above.given[field].value - below.given[field].value  # type: ignore[operator]
        assert step == PROTOCOL.inputs[field].precision
        written = [side.given[field].written for side in question.patients]
        assert all(f"**{value}**" in question.stem.replace(",", "") for value in written)


def test_answers_that_differ_at_a_limit_are_right(made: dict[str, list[Question]]) -> None:
    """Far from the data a decision is right to choose where the patients' answers differ."""
    for question in (q for q in made[limits.KIND] if q.several):
        below, above = map(answers, question.patients)
        for choice in question.choices:
            (name,) = choice.means
            assert choice.right == (below[str(name)].values != above[str(name)].values)
            assert choice.text == label(str(name), PROTOCOL)


def test_a_limit_itself_is_asked_by_both_answers(made: dict[str, list[Question]]) -> None:
    """One table from the data each patient's answer is to be known, and the two differ."""
    near = [question for question in made[limits.KIND] if not question.several]
    assert {question.level for question in near} == {1}
    for question in near:
        pair = tuple(answers(patient)[question.asks].value for patient in question.patients)
        assert pair[0] != pair[1]
        (right,) = (question.choices[i] for i in question.right)
        assert right.means == pair
        assert right.text == f"in A: {word(pair[0])}; in B: {word(pair[1])}"
        assert label(question.asks, PROTOCOL) in question.stem


def test_right_answer_about_a_patient_is_the_assessments(made: dict[str, list[Question]]) -> None:
    """The right choice is the one answer of the decision, or that nothing can be said yet."""
    undecided = 0
    for question in made[decisions.KIND]:
        answer = answers(*question.patients)[question.asks]
        (right,) = (question.choices[i] for i in question.right)
        assert right.means == (answer.values if answer.known else ())
        assert (right.text == UNDECIDED) is not answer.known
        undecided += not answer.known
    assert 0 < undecided < len(made[decisions.KIND]) / 2


def test_wrong_answers_about_a_patient_are_real_ones(made: dict[str, list[Question]]) -> None:
    """What else is offered is what the same table answers in other cases."""
    for question in made[decisions.KIND]:
        table = next(t for t in PROTOCOL.tables if question.asks in t.outputs)
        position = table.outputs.index(question.asks)
        given = {rule.outputs[position] for rule in table.rules}
        assert {c.means[0] for c in question.choices if c.means} <= given


def test_what_could_change_the_treatment_does(made: dict[str, list[Question]]) -> None:
    """Of the missing things offered, one changes a treatment decision exactly if it is right.

    Every answer is tried; of a quantity the ends of its range and what lies a tenth inside.
    """
    treatment = [d.name for d in PROTOCOL.decisions.values() if d.part == "treatment"]
    for question in made[unknowns.KIND]:
        (patient,) = question.patients
        now = answers(patient)
        for choice in question.choices:
            name = str(choice.means[0])
            changed = [
                decision
                for value in tried(name)
                if (then := supposed(patient, name, value))
                for decision in treatment
                if set(then[decision].values) != set(now[decision].values)
            ]
            assert choice.right or not changed, (patient.name, name)
            if not choice.right:  # whoever chose it may suppose any value, and meets no refusal
                assert all(supposed(patient, name, value) for value in tried(name))
            numeric = getattr(PROTOCOL.dictionary[name], "kind", "") == "quantity"
            assert changed or not choice.right or numeric


def tried(name: str) -> list[object]:
    """Return values to suppose of a field, as a case would give them."""
    item = PROTOCOL.dictionary[name]
    if isinstance(item, Input) and item.kind == "quantity":
        low, high = item.range
        tenth = (high - low) / 10
        return [f"{item.round(v)} {item.unit}" for v in (low, low + tenth, high - tenth, high)]
    return list(item.domain)


def supposed(patient: Case, name: str, value: object) -> b12lib.Assessment | None:
    """Decide the patient with one more field, unless that contradicts the rest."""
    fields = {field: given.written for field, given in patient.given.items()} | {name: value}
    try:
        return b12lib.assess({"inputs": fields}, PROTOCOL)
    except b12lib.CaseError:
        return None


def at_visit(patient: Case) -> b12lib.Assessment:
    """Decide a patient anew, as it stood at the last visit."""
    assessment = answers(patient)
    return assessment.at(assessment.visits[-1])


def test_limit_at_a_visit_is_crossed_by_one_reporting_step(
    made: dict[str, list[Question]],
) -> None:
    """Two patients differ in one thing that the visit found, or in its day, by one step."""
    fields = set()
    for question in (q for q in made[visits.KIND] if len(q.patients) == 2):
        below, above = (at_visit(patient) for patient in question.patients)
        one, other = (patient.visits[-1].given for patient in question.patients)
        (field,) = (name for name in one if one[name] != other[name])
        step = above.values[field] - below.values[field]  # type: ignore[operator]
        assert step == PROTOCOL.visits.inputs[field].precision
        assert [patient.visits[-1].day for patient in question.patients] == [
            side.values["day"] for side in (below, above)
        ]
        assert f"{label(field, PROTOCOL)} at the last visit: it is" in question.stem
        pair = (below[question.asks].value, above[question.asks].value) if question.asks else ()
        for choice in question.choices:
            differs = [
                below[str(name)].values != above[str(name)].values
                for name in choice.means
                if question.several
            ]
            assert choice.right == (all(differs) if differs else choice.means == pair)
        fields.add(field)
    assert {"day", "haemoglobin_now", "platelets_now"} <= fields


def test_right_answer_at_a_visit_is_the_assessments(made: dict[str, list[Question]]) -> None:
    """The right choice is what the visit came to, and the visit found something to go by."""
    asked = [q for q in made[visits.KIND] if len(q.patients) == 1 and not q.several]
    for question in asked:
        (patient,) = question.patients
        answer = at_visit(patient)[question.asks]
        (right,) = (question.choices[i] for i in question.right)
        assert right.means == (answer.values if answer.known else ())
        assert not answer.stated
        assert patient.visits[-1].given.keys() - {"day"}
    assert {"response", "haemoglobin_response"} <= {question.asks for question in asked}


def test_what_follows_from_a_visit_is_what_its_rules_list(made: dict[str, list[Question]]) -> None:
    """A choice is right if a rule lists it, with that rule's reason; else none ever could."""
    asked = [q for q in made[visits.KIND] if len(q.patients) == 1 and q.several]
    assert asked
    for question in asked:
        answer = at_visit(*question.patients)[question.asks]
        may = {answer.outcome.said(rule, question.asks) for rule in answer.outcome.open}
        for choice in question.choices:
            assert choice.right == (choice.means[0] in answer.values)
            assert choice.right or choice.means[0] not in may
            assert not choice.right or all(
                rule.rationale in choice.feedback for rule in choice.rules
            )


def test_visits_are_told_up_to_the_one_that_is_asked_about(cases: Mapping[str, Case]) -> None:
    """What was known before, and each visit by its day; of two patients what they share."""
    late = small(cases, "follow-up-late.yaml")
    told = {q.asks: q.stem for q in drawn(visits, late, subject="response")}
    assert "- Haemoglobin: 76 g/L" in told["response"]
    assert (
        "Under treatment, at visits:\n\n"
        "- **Day 11.** Reticulocytes: 25 ×10⁹/L; Platelets: 160 ×10⁹/L\n"
        "- **Day 28.** Haemoglobin: 90 g/L\n"
        "- **Day 29.** Absolute neutrophil count: 1.4 ×10⁹/L\n\n"
        "Under **Response**, what is the answer at the last visit?"
    ) in told["response"]
    stems = [q.stem for q in drawn(visits, late, subject="Neutropenia")]
    assert stems
    assert all("- **Day 29.** Nothing else\n" in stem for stem in stems)
    stems = [q.stem for q in drawn(visits, late, subject="Time since the first dose")]
    assert stems
    assert all("- **The visit.** Reticulocytes: 25 ×10⁹/L; Platelets" in stem for stem in stems)


def test_visits_are_a_topic_of_their_own(made: dict[str, list[Question]]) -> None:
    """A table of another chapter that is read again at a visit is asked about as one of visits."""
    assert {q.topic for q in made[visits.KIND]} == {"Is the treatment working"}
    again = {
        str(choice.means[0]) for q in made[visits.KIND] for choice in q.choices if choice.means
    }
    assert "anaemia_now" in again


def test_field_of_two_visits_is_left_out_of_the_last_alone(cases: Mapping[str, Case]) -> None:
    """What an earlier visit found stays told where the last visit's value is asked about."""
    twice = small(cases, "limits/follow-up-reticulocytes.yaml")
    stems = [q.stem for q in drawn(visits, twice, subject="Reticulocytes")]
    assert any(
        "- **Day 10.** Reticulocytes: 199 ×10⁹/L\n- **Day 11.** Nothing else\n" in stem
        for stem in stems
    )


def test_earlier_visit_that_found_nothing_is_told() -> None:
    """A visit without a finding is no question of its own, but it took place."""
    seen = {"inputs": {"haemoglobin": "90 g/L", "sex": "male"}}
    found = [{"day": 3}, {"day": 30, "haemoglobin_now": "95 g/L"}]
    patient = b12lib.read_case({**seen, "visits": found})
    questions = drawn(visits, {"it": patient})
    assert questions
    assert all("- **Day 3.** Nothing\n- **Day 30.** " in q.stem for q in questions)


def test_response_that_was_stated_is_not_asked_for() -> None:
    """Who says what the haemoglobin's response is knows it; what follows from it is asked."""
    seen = {"inputs": {"haemoglobin": "90 g/L", "sex": "male"}}
    found = {"day": 30, "haemoglobin_now": "95 g/L", "haemoglobin_response": "absent"}
    patient = b12lib.read_case({**seen, "visits": [found]})
    asked = {question.asks for question in drawn(visits, {"it": patient})}
    assert "haemoglobin_response" not in asked
    assert {"response", "reevaluate"} <= asked


def test_same_number_in_two_units(made: dict[str, list[Question]]) -> None:
    """Both patients have the same number in units that differ; the right pair is their answers."""
    for question in made[units.KIND]:
        sides = [answers(patient) for patient in question.patients]
        one, other = (patient.given for patient in question.patients)
        (field,) = (name for name in one if one[name] != other[name])
        assert one[field].number == other[field].number
        assert one[field].unit != other[field].unit
        (right,) = (question.choices[i] for i in question.right)
        assert right.means == tuple(side[question.asks].value for side in sides)
        assert None not in right.means
        assert right.means[0] != right.means[1]  # else the unit would not matter


def test_right_verdict_is_the_ledgers(made: dict[str, list[Question]]) -> None:
    """Every claim that the seed makes can be asked for, and the ledger's verdict is right."""
    asked = {question.asks: question for question in made[claims.KIND]}
    silent = {claim.id for claim in PROTOCOL.claims.values() if claim.verdict == "omission"}
    assert asked.keys() == PROTOCOL.claims.keys() - silent
    for id_, question in asked.items():
        (right,) = (question.choices[i] for i in question.right)
        assert right.means == (PROTOCOL.claims[id_].verdict,)
        assert PROTOCOL.claims[id_].claim in question.stem


def test_verdicts_are_offered_with_what_they_mean(made: dict[str, list[Question]]) -> None:
    """The ledger's own words say what each verdict means."""
    for question in made[claims.KIND]:
        for choice in question.choices:
            assert re.fullmatch(rf"{choice.means[0]}: \w.+", choice.text)


def test_verdict_without_a_meaning_stands_alone(edited: Callable[..., dict[str, str]]) -> None:
    """A ledger that does not list what its verdicts mean is still asked about."""
    texts = edited("claims.md", "- *supported*: sources agree;", "")
    material = Material(read_protocol(texts), {})
    offered = [
        choice.text
        for draft in claims.drafts(material, Lots(0))
        for choice in draft.make().choices  # type: ignore[union-attr]
    ]
    assert "supported" in offered


def test_choices_differ_and_each_is_explained(every: list[Question]) -> None:
    """No two choices read the same, one at least is wrong and one right, and each says why."""
    for question in every:
        assert len({choice.text for choice in question.choices}) == len(question.choices) >= 2
        assert 0 < len(question.right) < len(question.choices)
        assert question.several or len(question.right) == 1
        assert all(choice.feedback.strip() for choice in question.choices)


def test_feedback_names_rules_that_there_are(every: list[Question]) -> None:
    """Whatever stands as a rule id in a reason is one, and is told with the choice."""
    named = 0
    for question in every:
        for choice in question.choices:
            ids = {id_ for code in re.findall(r"`(.+?)`", choice.feedback) for id_ in split(code)}
            assert ids <= PROTOCOL.rules.keys()
            assert {rule.id for rule in choice.rules} >= ids
            named += len(ids)
    assert named > len(every)


def split(code: str) -> list[str]:
    """Split a list of rule ids."""
    return re.split(r", ", code.removeprefix("one of "))


def test_right_answer_about_a_patient_says_why_with_its_sources(
    made: dict[str, list[Question]],
) -> None:
    """The reason of the rule that fired, its id and its sources stand at the right answer."""
    for question in made[decisions.KIND]:
        (right,) = (question.choices[i] for i in question.right)
        for rule in right.rules:
            assert rule.rationale in right.feedback
            assert all(str(source) in right.feedback for source in rule.sources)


def test_stem_holds_nothing_of_the_cases_own_words(every: list[Question]) -> None:
    """What a case is called says what comes out; a question never does."""
    for question in every:
        assert not any(patient.name in question.stem for patient in question.patients)


def test_marking_wants_all_that_is_right_and_nothing_else(every: list[Question]) -> None:
    """Exactly the right choices are right; one too few or too many is not."""
    for question in every:
        assert question.mark(question.right)
        assert not question.mark(question.right - {min(question.right)})
        assert not question.mark(range(len(question.choices)))


def test_level_is_the_way_from_the_data(cases: Mapping[str, Case]) -> None:
    """Whether haemoglobin is low is one table away, what follows from it further."""
    questions = drawn(limits, small(cases, "limits/haemoglobin-119-woman.yaml"))
    assert {q.asks for q in questions if q.level == 1} == {"anaemia"}
    assert {q.level for q in drawn(claims, {})} == {3}


def test_what_is_not_known_makes_a_question_hard(cases: Mapping[str, Case]) -> None:
    """The seed's patient has no counts: what that leaves open is of the third level."""
    seed = small(cases, "seed-as-asked.yaml")
    (regimen,) = drawn(decisions, seed, subject="regimen")
    assert regimen.level == 3
    (right,) = (regimen.choices[i] for i in regimen.right)
    assert right.text == UNDECIDED
    assert "neurological involvement" in right.feedback
    possible = [c for c in regimen.choices if c.feedback.startswith("It may come to that")]
    assert {c.means[0] for c in possible} == {"alternate-days", "three-times-weekly"}


def test_of_nobody_is_anything_known() -> None:
    """A case that gives nothing is asked about as such."""
    material = Material(PROTOCOL, {"it": b12lib.read_case({})})
    (question,) = (draft.make() for draft in unknowns.drafts(material, Lots(0)))
    assert question
    assert "this is known, and nothing else:\n\n- nothing\n" in question.stem


def test_where_nothing_could_change_the_treatment_nothing_is_asked(
    cases: Mapping[str, Case],
) -> None:
    """A patient of whom all that matters is known lacks nothing that could be chosen."""
    known = {name: one.written for name, one in cases["oral-allowed.yaml"].given.items()}
    known |= dict.fromkeys(("leber", "b12_allergy", "b12_failed"), "no")
    assert drawn(unknowns, {"it": b12lib.read_case(known)}) == []
    assert len(drawn(unknowns, small(cases, "oral-allowed.yaml"))) == 1


def test_an_answer_by_order_is_explained_by_it(edited: Callable[..., dict[str, str]]) -> None:
    """Where the first rule that applies decides, a later one that would apply is told so."""
    texts = edited("05-folate.md", "| U | treat_now |", "| F | treat_now |")
    old, new = '| not("no") | true | false |', '| not("no") | true | - |'
    texts = edited("05-folate.md", old, new, texts)
    protocol = read_protocol(texts)
    begun = {"b12_started": True, "b12_improving": True}
    patient = b12lib.read_case({"mma": "900 nmol/L", "folate": "5 nmol/L", **begun}, protocol)
    told = {
        choice.means: choice.feedback
        for seed in range(5)  # which wrong answers are offered, lots decide
        for draft in decisions.drafts(Material(protocol, {"it": patient}), Lots(seed))
        if draft.subject == "folic_acid_plan" and (question := draft.make())
        for choice in question.choices
    }
    assert told["not needed",] == "`FA4` would say so, but a rule above it decides."


def test_the_seeds_unit_trap(cases: Mapping[str, Case]) -> None:
    """90 is asked for in µmol/L and nmol/L: extreme in the one, normal in the other."""
    questions = drawn(units, small(cases, "seed-as-asked.yaml"))
    (question,) = (q for q in questions if q.asks == "mma_level" and "µmol/L or nmol/L" in q.stem)
    (right,) = (question.choices[i] for i in question.right)
    assert "A report says **90** for" in question.stem
    assert right.text == "in µmol/L: extreme; in nmol/L: normal"
    swapped = next(c for c in question.choices if not c.right)
    assert re.match(r"In [nµ]mol/L it is (normal|extreme) \(`MM[13]`\)", swapped.feedback)


def test_cases_that_are_refused_are_not_asked_about(every: list[Question]) -> None:
    """Nobody is asked what the protocol answers where it refuses to."""
    assert not any(patient.refused for question in every for patient in question.patients)


def set_of(cases: Mapping[str, Case], seed: int, level: int | None = None) -> tuple[Question, ...]:
    """Return a set made from a few cases."""
    return quiz(PROTOCOL, small(cases, *SMALL), 12, level, seed).questions


def test_same_seed_same_questions_other_seed_others(cases: Mapping[str, Case]) -> None:
    """A seed stands for a set; another one for another."""
    first = set_of(cases, 1)
    assert set_of(cases, 1) == first
    assert {q.point for q in set_of(cases, 2)} != {q.point for q in first}


def test_set_is_spread_over_kinds(cases: Mapping[str, Case]) -> None:
    """Twelve questions are two of each kind, no point twice, the easier first."""
    questions = set_of(cases, 3)
    assert set(Counter(q.kind for q in questions).values()) == {2}
    assert len({q.point for q in questions}) == len(questions)
    assert [q.level for q in questions] == sorted(q.level for q in questions)


@pytest.mark.parametrize("level", LEVELS)
def test_set_of_one_level(level: int, cases: Mapping[str, Case]) -> None:
    """Asked for one level, all questions have it."""
    assert {question.level for question in set_of(cases, 4, level)} == {level}


def test_too_few_questions_are_refused(cases: Mapping[str, Case]) -> None:
    """The message says how many there are, and what to ask for instead."""
    few = small(cases, "limits/folate-7-0.yaml")
    with pytest.raises(TooFewQuestions, match=r"only \d questions of level 1, 50 were asked for;"):
        quiz(PROTOCOL, few, 50, level=1)
    with pytest.raises(TooFewQuestions, match=r"only \d+ questions, 500 were asked for; ask for"):
        quiz(PROTOCOL, {}, 500)


def test_other_names_do_not_move_a_lot() -> None:
    """What is added to a protocol leaves the order of what was there as it was."""
    names = ["a", "b", "c", "d", "e"]
    with_more = Lots(7).shuffled([*names, "more"])
    assert [name for name in with_more if name != "more"] == Lots(7).shuffled(names)
    assert Lots(7).shuffled(names) != Lots(8).shuffled(names)
    assert Lots(7).of("x").lot("a") != Lots(7).lot("a")


def test_lots_are_the_same_everywhere() -> None:
    """The digest is fixed by its definition: SHA-256 of seed and name, a zero byte between them."""
    assert Lots(7).lot("a").hex().startswith("04d8652d558d")


def test_callers_decimals_change_nothing(cases: Mapping[str, Case]) -> None:
    """The precision that a caller calculates with moves no question."""
    few = small(cases, *SMALL)
    expected = quiz(PROTOCOL, few, 8)
    with localcontext(prec=2):
        assert quiz(PROTOCOL, few, 8) == expected


def test_another_process_asks_the_same() -> None:
    """Not even Python's own order of hashes, which differs by process, moves a question."""
    code = "import b12lib; print(b12lib.quiz(3, 2, seed=12), end='')"
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
        env={**os.environ, "PYTHONHASHSEED": "7", "PYTHONIOENCODING": "utf-8"},
    )
    assert done.stdout == str(b12lib.quiz(3, 2, seed=12))


def test_a_profile_asks_of_its_own_cases() -> None:
    """Under a profile the questions are about what that profile answers."""
    made = b12lib.quiz(5, profile="uk-bnf")
    assert made.protocol.profile is not None
    assert all(p.protocol is made.protocol for q in made.questions for p in q.patients)


def test_another_protocol_asks_of_its_own_cases(tmp_path: Path) -> None:
    """A protocol in a folder of one's own is asked about with the cases that stand there."""
    shutil.copytree(
        room("protocol"), tmp_path, dirs_exist_ok=True, ignore=shutil.ignore_patterns("cases")
    )
    (tmp_path / "cases").mkdir()
    (tmp_path / "cases" / "one.yaml").write_text("inputs: {mma: 90 umol/L}\nexpect: {}\n")
    made = b12lib.quiz(6, folder=tmp_path)
    patients = [patient for question in made.questions for patient in question.patients]
    assert patients
    assert all(patient.given.keys() == {"mma"} for patient in patients)


def test_a_choice_is_right_or_not() -> None:
    """A question made by hand is marked by what its choices say."""
    yes, no = Choice("yes", True, (True,), "It is."), Choice("no", False, (False,), "It is not.")
    assert Question("k", "t", 1, "?", (no, yes), "p").right == {1}
