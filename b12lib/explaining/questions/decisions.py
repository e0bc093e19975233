"""A worked case: what does the protocol answer to one question about it?"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from b12lib.deciding.assessment import Answer, Assessment
from b12lib.explaining.meaning import in_words
from b12lib.explaining.questions.question import (
    LEVELS,
    NEAR,
    UNDECIDED,
    Choice,
    Draft,
    Lots,
    Material,
    Question,
    behind,
    fired,
    level,
    nearest,
    offered,
    told,
    why_not,
)
from b12lib.explaining.wording import because, inside, label, words
from b12lib.reading.feel import Value
from b12lib.reading.tables import Rule

KIND = "A patient"
LEAST = 3
"""How many answers a decision must have to be asked for: of two, one is too easily guessed."""
CHOICES = 5


def drafts(material: Material, lots: Lots) -> Iterator[Draft]:
    """Yield a draft for every case and every decision with enough answers.

    A finding is asked for only where the data show it: else what follows from it is asked.
    """
    for decision in material.asked:
        if len(decision.domain) < LEAST:
            continue
        levels = LEVELS if decision.part in material.sought else (NEAR,)
        topic = material.topic(decision.name)
        for name in material.about(decision.name):
            said = f"{decision.name} of {name}"
            own = lots.of(KIND, said)
            make = partial(_question, material, name, decision.name, levels, own)
            yield Draft(KIND, topic, decision.name, levels, said, make)


def _question(
    material: Material, name: str, decision: str, levels: tuple[int, ...], lots: Lots
) -> Question | None:
    assessment = material.assessment(name)
    answer = assessment[decision]
    if answer.stated or level([decision], assessment) not in levels:
        return None
    wrong = lots.shuffled(value for value in offered(answer) if value != answer.value)
    values = [answer.value, *wrong] if answer.known else wrong
    choices = [_choice(value, answer, assessment) for value in values[: CHOICES - 1]]
    stem = (
        f"Of a patient this is known:\n\n{told(assessment.case)}\n\n"
        f"Under **{label(decision, material.protocol)}**, what is the answer{material.when}?"
    )
    return Question(
        kind=KIND,
        topic=material.topic(decision),
        level=level([decision], assessment),
        stem=stem,
        choices=(
            *lots.shuffled(choices, lambda choice: choice.means),
            _undecided(answer, assessment),
        ),
        point=stem,
        patients=(assessment.case,),
        asks=decision,
    )


def _choice(value: Value, answer: Answer, assessment: Assessment) -> Choice:
    decision = answer.decision
    right = answer.known and value == answer.value
    rules: tuple[Rule, ...]
    if right:
        rules = behind(decision.name, assessment)
        feedback = because(rules, assessment.protocol)
    elif value in answer.values:
        outcome = answer.outcome
        rules = tuple(rule for rule in outcome.open if outcome.said(rule, decision.name) == value)
        why = because(rules, assessment.protocol)
        feedback = f"It may come to that: {why} {_waits(answer, assessment)}"
    else:
        rules = (nearest(answer, value),)
        feedback = why_not(rules[0], answer, assessment)
    return Choice(in_words(decision, value, assessment), right, (value,), feedback, rules)


def _undecided(answer: Answer, assessment: Assessment) -> Choice:
    """Offer that nothing can be said yet, which is the answer where several stay possible."""
    rules = behind(answer.decision.name, assessment)
    if answer.known:
        feedback = f"It does: {fired(answer.decision.name, assessment)}"
    else:
        feedback = f"Still possible: {words(answer.values)}. {_waits(answer, assessment)}"
    return Choice(UNDECIDED, not answer.known, (), feedback, rules if answer.known else ())


def _waits(answer: Answer, assessment: Assessment) -> str:
    """Name what an open answer waits for."""
    protocol = assessment.protocol
    names = tuple(inside(label(name, protocol)) for name in answer.outcome.could_change)
    return f"What is not known, and could decide: {words(names, 'and')}."
