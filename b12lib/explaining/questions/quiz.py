"""A set of questions: the same from the same seed, balanced over kinds and chapters."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Context, localcontext

from b12lib.deciding.case import Case
from b12lib.errors import B12Error
from b12lib.explaining.questions import claims, decisions, limits, units, unknowns, visits
from b12lib.explaining.questions.question import Draft, Lots, Material, Question
from b12lib.reading.protocol import Protocol
from b12lib.reading.sources import Citation

KINDS = (limits, decisions, visits, unknowns, units, claims)


class TooFewQuestions(B12Error):
    """The protocol and its cases do not yield as many questions as were asked for."""


@dataclass(frozen=True, slots=True)
class Quiz:
    """Questions from one protocol, the easier first; ``level`` is ``None`` for all levels."""

    protocol: Protocol
    questions: tuple[Question, ...]
    level: int | None
    seed: int

    def cited(self, question: Question) -> tuple[Citation, ...]:
        """Return what the feedback on a question cites: sources of rules, or of a claim."""
        rules = (rule for choice in question.choices for rule in choice.rules)
        found = [source for rule in rules for source in rule.sources]
        if question.asks in self.protocol.claims:
            found += self.protocol.claims[question.asks].sources
        return tuple(dict.fromkeys(found))


def quiz(
    protocol: Protocol, cases: Mapping[str, Case], n: int, level: int | None = None, seed: int = 0
) -> Quiz:
    """Make ``n`` questions of one level, or of all, from a protocol and its worked cases.

    The kind of which there are fewest so far comes next, and of it the chapter, and within that
    the table or decision, that was tried least; lots decide between equals (see ``Lots``). No
    point is asked twice. Raises ``TooFewQuestions`` when there are not so many.
    """
    with localcontext(Context()):  # whatever the caller's own decimals do
        found = _chosen(Material(protocol, cases), n, level, Lots(seed))
    easiest_first = sorted(found, key=lambda question: question.level)
    return Quiz(protocol, tuple(easiest_first), level, seed)


def _chosen(material: Material, n: int, level: int | None, lots: Lots) -> Iterable[Question]:
    waiting = {
        kind.KIND: lots.shuffled(
            (draft for draft in kind.drafts(material, lots) if _wanted(draft, level)),
            lambda draft: (draft.kind, draft.name),
        )
        for kind in KINDS
    }
    found: dict[str, Question] = {}
    kinds, tried = Counter[str](), Counter[tuple[str, ...]]()
    while len(found) < n:
        left = [kind for kind in waiting if waiting[kind]]
        if not left:
            raise TooFewQuestions(
                f"there are only {len(found)} questions{f' of level {level}' if level else ''}, "
                f"{n} were asked for; ask for fewer{', or for all levels' if level else ''}"
            )
        drafts = waiting[min(left, key=lambda kind: kinds[kind])]
        draft = min(drafts, key=lambda draft: [tried[part] for part in _parts(draft)])
        drafts.remove(draft)
        tried.update(_parts(draft))
        question = draft.make()
        if question and level in (None, question.level) and question.point not in found:
            found[question.point] = question
            kinds[question.kind] += 1
    return found.values()


def _parts(draft: Draft) -> list[tuple[str, ...]]:
    """Name the chapter, and within it the table or decision, that a kind of question is about."""
    return [(draft.kind, draft.topic), (draft.kind, draft.topic, draft.subject)]


def _wanted(draft: Draft, level: int | None) -> bool:
    return level is None or level in draft.levels
