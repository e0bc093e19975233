"""A quiz as Markdown: each answer stands below its question, hidden until a reader reveals it.

That takes neither a kernel nor JavaScript, on the site, in a notebook and on a git host.
"""

from __future__ import annotations

from collections.abc import Mapping
from string import ascii_uppercase
from typing import TYPE_CHECKING

from b12lib.deciding.case import Case
from b12lib.explaining.questions import quiz as asking
from b12lib.explaining.questions.question import Choice, Question
from b12lib.reading.markdown import ANSWER
from b12lib.reading.protocol import Protocol
from b12lib.showing import render
from b12lib.showing.background import DISCLAIMER, review_status, source_list
from b12lib.showing.section import Section

if TYPE_CHECKING:
    from b12lib.showing.calculators import Calculator


class Quiz(asking.Quiz):
    """A quiz that shows itself, in a notebook and as plain Markdown."""

    def _repr_markdown_(self) -> str:
        return markdown(self)

    def _repr_html_(self) -> str:
        return render.html(markdown(self))

    def interactive(self) -> Calculator:
        """Return the quiz to be taken in a notebook: it marks and explains what is chosen."""
        from b12lib.showing.calculators.quiz import quiz_widget

        return quiz_widget(self)

    def __repr__(self) -> str:
        """Say in one line which quiz it is."""
        return f"<Quiz: {about(self)}>"

    def __str__(self) -> str:
        """Return the whole quiz as Markdown."""
        return markdown(self)


def quiz(
    protocol: Protocol, cases: Mapping[str, Case], n: int, level: int | None = None, seed: int = 0
) -> Quiz:
    """Make a quiz that shows itself; see ``b12lib.explaining.questions.quiz``."""
    made = asking.quiz(protocol, cases, n, level, seed)
    return Quiz(made.protocol, made.questions, made.level, made.seed)


def markdown(quiz: asking.Quiz) -> str:
    """Return the whole quiz as Markdown, its sources and its standing last."""
    cited = (source for question in quiz.questions for source in quiz.cited(question))
    sections = [
        *(_question(number, question) for number, question in enumerate(quiz.questions, 1)),
        Section("Sources", source_list(cited, quiz.protocol)),
        Section("Status", standing(quiz)),
    ]
    written = ["# Self-assessment", f"{about(quiz)}.", *map(Section._repr_markdown_, sections)]
    return "\n\n".join(written) + "\n"


def about(quiz: asking.Quiz) -> str:
    """Name what makes the set: protocol and version, number, level and seed."""
    name = f"{quiz.protocol.header.title}, version {quiz.protocol.header.version}"
    if quiz.protocol.profile:
        name += f", profile {quiz.protocol.profile}"
    level = f"level {quiz.level}" if quiz.level else "all levels"
    return f"{len(quiz.questions)} questions on {name}; {level}, seed {quiz.seed}"


def standing(quiz: asking.Quiz) -> str:
    """Say how far the protocol was reviewed, and what the questions are not."""
    return "\n".join([*review_status(quiz.protocol), f"- {DISCLAIMER}"])


def heading(number: int, question: Question) -> str:
    """Name a question: its number, kind and topic."""
    return f"Question {number}. {question.kind}: {question.topic}"


def _question(number: int, question: Question) -> Section:
    opening, closing = ANSWER
    parts = [
        f"*Level {question.level}.*",
        question.stem,
        "\n".join(f"- **{letter}** {choice.text}" for letter, choice in lettered(question).items()),
        opening,
        explained(question),
        closing,
    ]
    return Section(heading(number, question), "\n\n".join(parts))


def explained(question: Question) -> str:
    """Say of each choice whether it is right, and why."""
    return "\n".join(
        f"- **{letter}, {'right' if choice.right else 'wrong'}.** {choice.feedback}"
        for letter, choice in lettered(question).items()
    )


def lettered(question: Question) -> dict[str, Choice]:
    """Return the choices by the letters under which they are offered."""
    return dict(zip(ascii_uppercase, question.choices, strict=False))
