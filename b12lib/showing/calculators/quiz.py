"""A quiz to be taken in a notebook: it marks what is chosen, and says why.

Its controls are a browser's own, so that they are reached and used by keyboard and read out with
their labels. Each radio button is a tab stop, for ipywidgets gives those of a question no name in
common; but its other widgets for one choice of several do not break long lines. The plain form,
which a static page keeps, is the quiz as Markdown.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from b12lib.explaining.questions.question import Question
from b12lib.explaining.questions.quiz import Quiz
from b12lib.showing import render
from b12lib.showing.calculators.calculator import (
    Calculator,
    calculator,
    panel,
    styled,
    tell,
    widgets,
)
from b12lib.showing.quiz import explained, heading, lettered, markdown

UNANSWERED = "Choose an answer first."
_WIDE = {"width": "auto"}


def quiz_widget(quiz: Quiz) -> Calculator:
    """Return the quiz with a control for each choice and a button that marks each question."""
    score = panel()
    marks: dict[int, bool] = {}

    def marked(number: int, right: bool) -> None:
        marks[number] = right
        of = f"{sum(marks.values())} of {len(marks)} answered questions right"
        score.value = _spoken(f"**{of}; {len(quiz.questions) - len(marks)} to go.**")

    questions = [
        _question(number, question, marked) for number, question in enumerate(quiz.questions, 1)
    ]
    return calculator("quiz", [*questions, score], markdown(quiz))


def _question(number: int, question: Question, marked: Callable[[int, bool], None]) -> Any:
    tell(stem := panel(), f"### {heading(number, question)}\n\n{question.stem}")
    controls, chosen = _controls(number, question)
    button = widgets().Button(description=f"Check question {number}")
    feedback = panel()

    def check(_: object) -> None:
        choices = chosen()
        if not choices:
            feedback.value = _spoken(UNANSWERED)
            return
        right = question.mark(choices)
        verdict = "Right." if right else "Not right."
        feedback.value = _spoken(f"**{verdict}**\n\n{explained(question)}")
        marked(number, right)

    button.on_click(check)
    choices = [styled(control, "choices") for control in controls]
    return widgets().VBox([stem, *choices, button, feedback])


def _controls(number: int, question: Question) -> tuple[list[Any], Callable[[], set[int]]]:
    """Return the controls of a question, and what tells the positions that are chosen in them."""
    texts = [
        f"{letter}. {render.plain(choice.text)}" for letter, choice in lettered(question).items()
    ]
    if question.several:
        boxes = [widgets().Checkbox(description=text, indent=False, layout=_WIDE) for text in texts]
        return boxes, lambda: {i for i, box in enumerate(boxes) if box.value}
    radio = widgets().RadioButtons(
        options=[(text, i) for i, text in enumerate(texts)],
        value=None,
        description=f"Answer to question {number}",
        style={"description_width": "initial"},
        layout=_WIDE,
    )
    return [radio], lambda: set() if radio.value is None else {radio.value}


def _spoken(text: str) -> str:
    """Show Markdown where a screen reader tells it without being asked."""
    return f'<div role="status">{render.html(text)}</div>'
