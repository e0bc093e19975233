"""A question with its choices, and what every kind of question needs to be made."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache, cached_property
from hashlib import sha256
from typing import TypeVar

from b12lib.deciding.assessment import Answer, Assessment, Memory, assess
from b12lib.deciding.case import Case
from b12lib.deciding.fields import Given
from b12lib.explaining.meaning import in_words
from b12lib.explaining.supposing import Suppose
from b12lib.explaining.wording import because, cell, label, number, value_of, word, words
from b12lib.reading.dictionary import Decision
from b12lib.reading.feel import Value
from b12lib.reading.protocol import Protocol, Stage
from b12lib.reading.tables import Rule
from b12lib.reading.visits import DAY

T = TypeVar("T")

TREATMENT = "treatment"
PARTS = ("finding", TREATMENT)
"""Parts of an assessment that are asked about: they answer, where the others list."""
NEAR, CHAINED, OPEN = LEVELS = (1, 2, 3)
"""How hard a question is: one table away from the data; through several tables; about what is not
known, or about a claim of the seed that has to be weighed against other sources."""
UNDECIDED = "What is known does not decide it."
"""The choice that no answer can be given yet."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer to choose, with the reason why it is right or wrong.

    ``text`` and ``feedback`` are Markdown. ``means`` is what it stands for: answers of a decision,
    the name of a decision or a field, a verdict. ``rules`` are those that ``feedback`` names.
    """

    text: str
    right: bool
    means: tuple[Value, ...]
    feedback: str
    rules: tuple[Rule, ...] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """A question: ``stem`` in Markdown, choices, and what it was made from.

    ``topic`` is the chapter or the part of the ledger that it is about. Where ``several`` choices
    may be right, all that are have to be chosen. ``patients`` are the cases that it tells of, of a
    visit as they stood there, ``asks`` the decision or the claim that it asks for; empty where the
    choices name decisions. ``point`` is what it comes down to, the rest of the patient left aside:
    no set asks it twice.
    """

    kind: str
    topic: str
    level: int
    stem: str
    choices: tuple[Choice, ...]
    point: str
    several: bool = False
    patients: tuple[Case, ...] = ()
    asks: str = ""

    @property
    def right(self) -> frozenset[int]:
        """The positions of the choices that are right."""
        return frozenset(i for i, choice in enumerate(self.choices) if choice.right)

    def mark(self, chosen: Iterable[int]) -> bool:
        """Say whether exactly the right choices, by their positions, were chosen."""
        return frozenset(chosen) == self.right


@dataclass(frozen=True, slots=True)
class Draft:
    """A question that may be made: what it would be about, before anything is decided for it.

    ``topic`` is as in ``Question``, ``subject`` what in it: a table, a decision, a quantity.
    ``make`` returns ``None`` where the case turns out not to lend itself to it.
    """

    kind: str
    topic: str
    subject: str
    levels: tuple[int, ...]
    name: str
    make: Callable[[], Question | None]


class Lots:
    """Chance that anybody can repeat: the order of things follows from the seed and their names.

    Lots are SHA-256 digests, which are the same with every version of Python and on every machine;
    ``random`` promises that of single numbers only. Nor does an added name move the others.
    """

    def __init__(self, *names: object) -> None:
        self._names = names

    def of(self, *names: object) -> Lots:
        """Return the lots for something smaller, such as the choices of one question."""
        return Lots(*self._names, *names)

    def lot(self, name: object) -> bytes:
        """Draw for one name."""
        return sha256("\0".join(map(str, (*self._names, name))).encode()).digest()

    def shuffled(
        self, items: Iterable[T], name: Callable[[T], object] = lambda item: item
    ) -> list[T]:
        """Return the items in the order of their lots."""
        return sorted(items, key=lambda item: self.lot(name(item)))


class Material:
    """What questions are made from: a protocol and its worked cases, each decided once.

    Cases that must be refused are left out. ``cases`` are told without their visits: what is asked
    is decided before treatment; ``whole`` keeps them. Answers that belong to one of the parts
    ``sought`` are asked for however far they lie from the data; ``when`` is the time of a question.
    """

    sought: tuple[str, ...] = (TREATMENT,)
    when = ""

    def __init__(self, protocol: Protocol, whole: Mapping[str, Case]) -> None:
        self.protocol = protocol
        self.stage: Stage = protocol
        self.whole = {name: case for name, case in whole.items() if not case.refused}
        self.cases = {name: replace(case, visits=()) for name, case in self.whole.items()}
        self.memory: Memory = {}
        self.assessment = cache(self._assessment)
        self.topic = cache(self._topic)

    def _assessment(self, name: str) -> Assessment:
        return self.decided(self.cases[name])

    def decided(self, case: Case) -> Assessment:
        """Decide a case; raises ``CaseError`` where it is refused."""
        return assess(case, self.memory)

    def suppose(self, name: str, decisions: Iterable[str]) -> Suppose:
        """Return what would become of decisions about a case if a field of it were otherwise."""
        return Suppose(self.assessment(name), decisions, self.memory)

    def movable(self, name: str) -> Iterable[str]:
        """Name the fields of a case that may be supposed to be otherwise."""
        return self.cases[name].given

    def about(self, decision: str) -> Iterable[str]:
        """Name the cases of which a decision is asked."""
        return self.cases

    @cached_property
    def asked(self) -> tuple[Decision, ...]:
        """The decisions that may be asked about: findings and treatment, one answer each."""
        lists, decisions = self.stage.collecting, self.stage.decisions.values()
        return tuple(d for d in decisions if d.part in PARTS and d.name not in lists)

    def _topic(self, decision: str) -> str:
        """Return the title of the chapter that makes a decision."""
        table = next(t for t in self.stage.tables if decision in t.outputs)
        chapters = (c for c in self.protocol.chapters if c.file == table.place.file)
        return next(chapters).header.title


def told(case: Case, but: str = "") -> str:
    """Tell what is known of a patient, and what was found at each visit.

    What was said of one field is left out, if it was found at a visit: at the last.
    """
    *earlier, last = [visit.given for visit in case.visits] or [{}]
    known = [name for name in case.given if name != but and name not in last]
    before = facts({name: case.given[name] for name in known}, case.protocol)
    if not last:
        return before
    visits = [_visit(given, case.protocol) for given in earlier]
    visits.append(_visit(last, case.protocol, but))
    return "\n".join([before, "\nUnder treatment, at visits:\n", *visits])


def _visit(given: Mapping[str, Given], protocol: Protocol, but: str = "") -> str:
    day = "The visit" if but == DAY else f"Day {said(given[DAY], protocol).split()[0]}"
    names = (name for name in given if name not in (DAY, but))
    values = "; ".join(f"{label(name, protocol)}: {said(given[name], protocol)}" for name in names)
    return f"- **{day}.** {values or ('Nothing else' if but else 'Nothing')}"


def facts(given: Mapping[str, Given], protocol: Protocol) -> str:
    """List what is known of a patient, a line each."""
    if not given:
        return "- nothing"
    lines = (f"- {label(name, protocol)}: {said(one, protocol)}" for name, one in given.items())
    return "\n".join(lines)


def said(given: Given, protocol: Protocol) -> str:
    """Write a value as it was given, by its number and unit and not by the case's own text."""
    if given.number is not None:
        return f"{number(given.number)} {protocol.units[given.unit].printed}"
    return word(given.value) if isinstance(given.value, bool | str) else str(given.value)


def level(names: Iterable[str], assessment: Assessment) -> int:
    """Say how hard it is to tell what some decisions came to."""
    answers = [assessment[name] for name in names]
    if any(not answer.known or _rests_on_unknown(answer) for answer in answers):
        return OPEN
    steps = _steps(assessment)
    return NEAR if all(steps[answer.decision.name] == 1 for answer in answers) else CHAINED


def _rests_on_unknown(answer: Answer) -> bool:
    """Say whether a rule fired on something that is not known."""
    columns = range(len(answer.outcome.considered))
    return any(
        rule.inputs[i].text != "-" and answer.outcome.considered[i] in ((None,), ())
        for rule in answer.outcome.fired
        for i in columns
    )


def _steps(assessment: Assessment) -> dict[str, int]:
    """Count, for every decision, the tables from what the case gives to its answer."""
    steps: dict[str, int] = {}
    stages = (assessment.protocol, assessment.protocol.visits)
    for table in (table for stage in stages for table in stage.tables):
        before = max((steps.get(column.name, 0) for column in table.columns), default=0)
        decided = assessment.answers.keys() & set(table.outputs)  # of visits, only at a visit
        steps |= {name: 0 if assessment[name].stated else before + 1 for name in decided}
    return steps


def fired(name: str, assessment: Assessment) -> str:
    """Say what a decision came to, and why."""
    answer = assessment[name]
    told = [in_words(answer.decision, value, assessment) for value in answer.values]
    return f"{' Or: '.join(told)} {because(behind(name, assessment), assessment.protocol)}".strip()


def behind(name: str, assessment: Assessment) -> tuple[Rule, ...]:
    """Return the rules that made a decision, or that may."""
    answer = assessment[name]
    return () if answer.stated else answer.outcome.fired or answer.outcome.open


def offered(answer: Answer) -> tuple[Value, ...]:
    """Return every answer that the rules of a decision's table give: what can be chosen from."""
    outcome, name = answer.outcome, answer.decision.name
    return tuple(dict.fromkeys(outcome.said(rule, name) for rule in outcome.table.rules))


def nearest(answer: Answer, value: Value) -> Rule:
    """Return the rule that would give another answer and that the fewest of its cells rule out."""
    outcome = answer.outcome
    rules = [r for r in outcome.table.rules if outcome.said(r, answer.decision.name) == value]
    return min(rules, key=lambda rule: len(list(_unfit(rule, answer))))


def _unfit(rule: Rule, answer: Answer) -> Iterator[str]:
    for column, test, values in zip(
        answer.outcome.table.columns, rule.inputs, answer.outcome.considered, strict=True
    ):
        if not any(map(test.matches, values)):
            yield column.name


def why_not(rule: Rule, answer: Answer, assessment: Assessment) -> str:
    """Say what rules a rule out."""
    protocol = assessment.protocol
    column = answer.outcome.failed_at(rule)
    if column is None:
        return f"`{rule.id}` would say so, but a rule above it decides."
    names = [item.name for item in answer.outcome.table.columns]
    values = answer.outcome.considered[names.index(column)]
    found = value_of(column, assessment) if column in assessment.values else words(values)
    asked = f"{label(column, protocol)}: {cell(rule, column, protocol)}"
    return f"`{rule.id}` would say so, but asks for {asked}; it is {found}."
