"""A visit under treatment: what does it mean, where is a limit, and what follows from it?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import partial

from b12lib.deciding.assessment import Answer, Assessment
from b12lib.deciding.case import Case
from b12lib.explaining.meaning import in_words
from b12lib.explaining.questions import decisions, limits
from b12lib.explaining.questions.question import (
    LEVELS,
    PARTS,
    Choice,
    Draft,
    Lots,
    Material,
    Question,
    level,
    nearest,
    offered,
    told,
    why_not,
)
from b12lib.explaining.supposing import SupposeAtVisit, operands, tables_behind
from b12lib.explaining.wording import because
from b12lib.reading.feel import Value
from b12lib.reading.visits import DAY

KIND = "At a visit"
RIGHT, CHOICES = 2, 4
"""How many right choices there are at most of what follows, and how many choices."""


def drafts(material: Material, lots: Lots) -> Iterator[Draft]:
    """Yield what is drafted of limits and of patients, here of visits, and lists that follow."""
    visits, own = Visits(material), lots.of(KIND)
    for found in (
        *limits.drafts(visits, own),
        *decisions.drafts(visits, own),
        *_follow_ups(visits, own),
    ):
        yield replace(found, kind=KIND, make=partial(_made, found))


def _made(draft: Draft) -> Question | None:
    question = draft.make()
    return replace(question, kind=KIND) if question else None


class Visits(Material):
    """The same of visits: each case is told up to the visit that is asked about."""

    sought = PARTS
    when = " at the last visit"

    def __init__(self, material: Material) -> None:
        super().__init__(material.protocol, material.whole)
        self.stage = material.protocol.visits
        self.cases = {
            f"{name} on day {visit.day}": replace(case, visits=case.visits[:number])
            for name, case in material.whole.items()
            for number, visit in enumerate(case.visits, 1)
            if visit.given.keys() - {DAY}
        }

    def decided(self, case: Case) -> Assessment:
        """Decide a case as it stood at its last visit."""
        whole = super().decided(case)
        return whole.at(whole.visits[-1])

    def _topic(self, decision: str) -> str:
        """Return the title of its chapter; where a table is read again, that on visits."""
        first = {table.place for table in self.protocol.tables}
        own = [n for table in self.stage.tables if table.place not in first for n in table.outputs]
        return super()._topic(decision if decision in own else own[0])

    def suppose(self, name: str, decisions: Iterable[str]) -> SupposeAtVisit:
        """Return what would become of decisions if the visit had found something else."""
        return SupposeAtVisit(self.assessment(name), decisions, self.memory)

    def movable(self, name: str) -> Iterable[str]:
        """Name what the visit found, and its day if no other visit stands in the way."""
        *earlier, last = self.cases[name].visits
        return (field for field in last.given if field != DAY or not earlier)

    def about(self, decision: str) -> Iterable[str]:
        """Name the visits that found something on which a decision rests."""
        tables = tables_behind([decision], self.protocol)
        columns = (column.name for table in tables for column in table.columns)
        asked = operands(columns, self.stage) - {DAY}
        return (name for name, case in self.cases.items() if asked & case.visits[-1].given.keys())


def _follow_ups(visits: Visits, lots: Lots) -> Iterator[Draft]:
    """Yield a draft for every list of what is to be done after a visit."""
    for decision in sorted(visits.stage.collecting):
        for name in visits.about(decision):
            words = f"{decision} after {name}"
            make = partial(_question, visits, name, decision, lots.of(words))
            yield Draft(KIND, visits.topic(decision), decision, LEVELS, words, make)


def _question(visits: Visits, name: str, decision: str, lots: Lots) -> Question | None:
    assessment = visits.assessment(name)
    answer = assessment[decision]
    outcome = answer.outcome
    open_ = {outcome.said(rule, decision) for rule in outcome.open}
    right = lots.shuffled(answer.values)[:RIGHT]
    wrong = lots.shuffled(set(offered(answer)) - set(answer.values) - open_)
    if not right or not wrong:
        return None
    values = lots.shuffled([*right, *wrong[: CHOICES - len(right)]])
    stem = (
        f"Of a patient this is known:\n\n{told(assessment.case)}\n\n"
        "Which of these follow from the last visit? Choose all that do."
    )
    return Question(
        kind=KIND,
        topic=visits.topic(decision),
        level=level([decision], assessment),
        stem=stem,
        choices=tuple(_choice(value, answer, assessment) for value in values),
        point=stem,
        several=True,
        patients=(assessment.case,),
        asks=decision,
    )


def _choice(value: Value, answer: Answer, assessment: Assessment) -> Choice:
    outcome, name = answer.outcome, answer.decision.name
    rules = tuple(rule for rule in outcome.fired if outcome.said(rule, name) == value)
    if right := bool(rules):
        feedback = because(rules, assessment.protocol)
    else:
        rules = (nearest(answer, value),)
        feedback = why_not(rules[0], answer, assessment)
    return Choice(in_words(answer.decision, value, assessment), right, (value,), feedback, rules)
