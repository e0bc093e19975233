"""A quiz as Markdown and as a widget: the answer is hidden, marked by the engine, and explained."""

from __future__ import annotations

import re

import pytest

import b12lib
from b12lib.explaining.questions import visits
from b12lib.explaining.questions.question import Choice, Question
from b12lib.reading.markdown import parser
from b12lib.showing.calculators.quiz import UNANSWERED
from b12lib.showing.quiz import Quiz


@pytest.fixture
def two(protocol: b12lib.Protocol) -> Quiz:
    """A question with one right choice, and one with two."""
    rule = protocol.rules["MM1"][1]
    yes = Choice("*Yes* <b>it</b> is", True, (True,), "Because of `MM1`.", (rule,))
    also, no = Choice("So too", True, ("a",), "Yes."), Choice("No", False, (False,), "It is not.")
    one = Question("A patient", "Treatment", 1, "What?", (no, yes), "one")
    several = Question("At a limit", "Folate", 2, "Which?", (yes, no, also), "two", several=True)
    return Quiz(protocol, (one, several), None, 7)


def test_markdown_hides_each_answer_until_it_is_revealed(two: Quiz) -> None:
    """The answer of every question stands in an element that opens without a script."""
    html = parser().render(two._repr_markdown_())
    hidden = re.findall(r"<details>\n<summary>Answer</summary>\n(.*?)</details>", html, re.DOTALL)
    assert len(hidden) == 2
    assert "<strong>A, wrong.</strong> It is not." in hidden[0]
    assert "<strong>B, right.</strong> Because of <code>MM1</code>." in hidden[0]
    assert "right." not in re.sub(r"<details>.*?</details>", "", html, flags=re.DOTALL)


def test_markdown_says_which_set_it_is_and_what_it_rests_on(two: Quiz) -> None:
    """Version, level and seed stand first; sources in full, review status and purpose last."""
    text = str(two)
    named = "2 questions on Vitamin B12 deficiency, version 0.1.0; all levels, seed 7."
    assert text.startswith(f"# Self-assessment\n\n{named}\n")
    sources, _, status = text.partition("## Sources")[2].partition("## Status")
    assert re.findall(r"- \*\*([\w-]+)\*\*: \w", sources) == ["savage1994", "seed", "solomon2005"]
    assert "no clinician has reviewed it" in status
    assert "For education" in status


def test_visits_are_told_a_line_each() -> None:
    """What was found at a visit stands in a list of its own, by the day, below what was known."""
    asked = [q for q in b12lib.quiz(12, seed=2).questions if q.kind == visits.KIND]
    assert asked
    for question in asked:
        html = parser().render(question.stem)
        before, found = re.findall(r"<ul>(.*?)</ul>", html, re.DOTALL)
        assert "<strong>" not in before
        days = re.findall(r"<li><strong>(?:Day \d+|The visit)\.</strong> \w", found)
        assert len(days) == found.count("<li>") == len(question.patients[0].visits)


def test_quiz_shows_itself_everywhere(two: Quiz) -> None:
    """A notebook gets Markdown and HTML, a terminal a line."""
    assert repr(two).startswith("<Quiz: 2 questions on Vitamin B12 deficiency")
    assert "<details>" in two._repr_html_()
    assert "<b>" not in two._repr_html_()


def test_set_under_a_profile_and_of_one_level_says_so() -> None:
    """Whose guideline the questions are about stands at the top."""
    text = str(b12lib.quiz(1, 1, profile="uk-bnf"))
    assert re.search(r"profile .*\(uk-bnf\), version .*; level 1, seed 0\.\n", text)


def test_widget_marks_and_explains(two: Quiz) -> None:
    """What is chosen is marked on request, with a reason for each choice."""
    _, first, _, score = two.interactive().widget.children
    _, radio, check, feedback = first.children
    check.click()
    assert UNANSWERED in feedback.value
    assert score.value == ""
    radio.value = 0
    check.click()
    assert "<strong>Not right.</strong>" in feedback.value
    assert "Because of <code>MM1</code>." in feedback.value
    assert "0 of 1 answered questions right; 1 to go" in score.value
    radio.value = 1
    check.click()
    assert "<strong>Right.</strong>" in feedback.value
    assert "1 of 1 answered questions right; 1 to go" in score.value


def test_widget_wants_all_that_is_right(two: Quiz) -> None:
    """Where several choices may be right, one of them alone is not enough."""
    *_, second, score = two.interactive().widget.children
    _, *boxes, check, feedback = second.children
    boxes[0].value = True
    check.click()
    assert "Not right." in feedback.value
    boxes[2].value = True
    check.click()
    assert "<strong>Right.</strong>" in feedback.value
    assert "1 of 1" in score.value


def test_controls_have_labels_of_their_own(two: Quiz) -> None:
    """A screen reader is told which question and which choice; markup stays out of labels."""
    _, first, second, _ = two.interactive().widget.children
    radio, check = first.children[1:3]
    assert radio.description == "Answer to question 1"
    assert [text for text, _ in radio.options] == ["A. No", "B. Yes <b>it</b> is"]
    assert check.description == "Check question 1"
    assert [box.description[:2] for box in second.children[1:4]] == ["A.", "B.", "C."]
    assert 'role="status"' in press(check, first.children[3])


def press(button: object, feedback: object) -> str:
    """Press a button and return what it makes of its feedback."""
    button.click()  # type: ignore[attr-defined]
    return str(feedback.value)  # type: ignore[attr-defined]


def test_static_page_keeps_the_whole_quiz(two: Quiz) -> None:
    """The widget's plain form is the quiz itself, under an id that never changes."""
    bundle = two.interactive()._repr_mimebundle_()
    assert bundle["text/plain"] == str(two)
    assert "<details>" in str(bundle["text/html"])
    view = bundle["application/vnd.jupyter.widget-view+json"]
    assert view["model_id"].startswith("b12-quiz")  # type: ignore[index]
