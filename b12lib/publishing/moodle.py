"""A quiz for a learning platform: as Moodle XML, or in the plainer GIFT.

Both are described at docs.moodle.org and defined by what Moodle itself reads. The libraries found
that write them are for questions typed into tables or classes of their own, and none is kept well
enough to lean on; the few elements needed here are written with the standard library's XML.
"""

from __future__ import annotations

import re
from decimal import Decimal
from xml.etree import ElementTree as ET

from b12lib.explaining.questions.question import Question
from b12lib.explaining.questions.quiz import Quiz
from b12lib.reading.markdown import parser
from b12lib.showing.background import source_list
from b12lib.showing.quiz import about, heading, standing

_PLACES = Decimal("0.00001")
"""Moodle knows shares of a mark to five places, and refuses others."""


def moodle_xml(quiz: Quiz) -> str:
    """Write a quiz as Moodle XML: one category, with a multiple-choice question for each.

    Choices keep their order, which the seed has drawn: a class gets the same questions.
    """
    root = ET.Element("quiz")
    category = ET.SubElement(root, "question", type="category")
    _text(category, "category", f"$course$/top/{_category(quiz)}")
    _text(category, "info", _html(standing(quiz)), "html")
    for number, question in enumerate(quiz.questions, 1):
        _question(root, number, question, _html(_sources(quiz, question)))
    ET.indent(root)
    return str(ET.tostring(root, encoding="utf-8", xml_declaration=True), "utf-8") + "\n"


def _category(quiz: Quiz) -> str:
    return about(quiz).replace("/", "//")  # a single slash would begin a category inside


def _question(root: ET.Element, number: int, question: Question, sources: str) -> None:
    written = ET.SubElement(root, "question", type="multichoice")
    _text(written, "name", heading(number, question))
    _text(written, "questiontext", _html(question.stem), "html")
    _text(written, "generalfeedback", sources, "html")
    ET.SubElement(written, "single").text = "false" if question.several else "true"
    ET.SubElement(written, "shuffleanswers").text = "false"
    ET.SubElement(written, "answernumbering").text = "ABCD"
    for choice, share in zip(question.choices, _shares(question), strict=True):
        answer = _text(written, "answer", _html(choice.text), "html")
        answer.set("fraction", f"{share:f}")
        _text(answer, "feedback", _html(choice.feedback), "html")


def _text(parent: ET.Element, name: str, text: str, format_: str = "") -> ET.Element:
    element = ET.SubElement(parent, name, {"format": format_} if format_ else {})
    ET.SubElement(element, "text").text = text
    return element


def gift(quiz: Quiz) -> str:
    """Write a quiz in the GIFT format, its texts as HTML."""
    told = "".join(f"// {line}\n" for line in standing(quiz).splitlines())
    category = f"{told}\n$CATEGORY: $course$/top/{_category(quiz)}"
    questions = (
        _gift(number, question, _html(_sources(quiz, question)))
        for number, question in enumerate(quiz.questions, 1)
    )
    return "\n\n".join([category, *questions]) + "\n"


def _gift(number: int, question: Question, sources: str) -> str:
    lines = [f"::{_inert(heading(number, question))}::[html]{_inert(_html(question.stem))}{{"]
    for choice, share in zip(question.choices, _shares(question), strict=True):
        mark = f"~%{share:f}%" if question.several else "=" if choice.right else "~"
        lines.append(f"{mark}{_inert(_html(choice.text))}#{_inert(_html(choice.feedback))}")
    return "\n".join([*lines, f"####{_inert(sources)}", "}"])


def _inert(text: str) -> str:
    r"""Escape what GIFT acts on; a line break becomes ``\n``, for a blank line ends a question."""
    return re.sub(r"([\\~=#{}:])", r"\\\1", text).replace("\n", "\\n")


def _shares(question: Question) -> list[Decimal]:
    """Return what each choice counts, in hundredths of the mark.

    Where several may be right each takes its part of the mark, and each wrong one of as much away:
    whoever ticks everything gets nothing.
    """
    right = len(question.right)
    wrong = len(question.choices) - right
    good = (Decimal(100) / right).quantize(_PLACES).normalize()
    bad = (Decimal(-100) / wrong).quantize(_PLACES).normalize() if question.several else Decimal(0)
    return [good if choice.right else bad for choice in question.choices]


def _sources(quiz: Quiz, question: Question) -> str:
    return source_list(quiz.cited(question), quiz.protocol)


def _html(markdown: str) -> str:
    return str(parser().render(markdown)).strip()
