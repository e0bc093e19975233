"""A quiz for Moodle: what is written is read back as the same questions."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

import b12lib
from b12lib.explaining.questions.question import Choice, Question
from b12lib.explaining.questions.quiz import KINDS, Quiz
from b12lib.publishing.moodle import gift, moodle_xml
from b12lib.reading.markdown import parser

PROTOCOL = b12lib.load_protocol()
HOSTILE = r"a {b} ~ c = d # e : \n \ %50% // ]]> & <b> ::x:: 'q' \"r\" $CATEGORY: =y"


@dataclass(frozen=True)
class Read:
    """A question as a learning platform reads it; a choice is text, share of the mark, feedback."""

    name: str
    stem: str
    several: bool
    choices: tuple[tuple[str, Decimal, str], ...]
    after: str


def from_xml(text: str) -> list[Read]:
    """Read Moodle XML by its elements."""
    return [
        Read(
            one.findtext("name/text", ""),
            one.findtext("questiontext/text", ""),
            one.findtext("single") == "false",
            tuple(
                (
                    answer.findtext("text", ""),
                    Decimal(answer.attrib["fraction"]),
                    answer.findtext("feedback/text", ""),
                )
                for answer in one.iter("answer")
            ),
            one.findtext("generalfeedback/text", ""),
        )
        for one in ET.fromstring(text.encode()).iter("question")
        if one.attrib["type"] == "multichoice"
    ]


def from_gift(text: str) -> list[Read]:
    """Read GIFT as it is defined: blank lines part questions, a backslash takes away a meaning."""
    lines = [line for line in text.split("\n") if not line.startswith("//")]
    blocks = [block for block in "\n".join(lines).split("\n\n") if block.strip()]
    return [_question(block) for block in blocks if not block.strip().startswith("$CATEGORY:")]


def _question(block: str) -> Read:
    tokens = re.findall(r"\\.|[^\\]", block, flags=re.DOTALL)
    marks = "".join(token if len(token) == 1 else "\0" for token in tokens)  # nothing escaped
    found = re.fullmatch(r"::([^:]*)::\[html\]([^{]*)\{(.*)####(.*)\}\s*", marks, re.DOTALL)
    assert found, block

    def plain(start: int, end: int) -> str:
        return "".join(
            token if len(token) == 1 else {"n": "\n"}.get(token[1], token[1])
            for token in tokens[start:end]
        ).strip()

    choices = []
    for choice in re.finditer(r"([=~])(%[-.0-9]+%)?([^=~#]*)#([^=~]*)", found[3]):
        at = found.start(3)
        share = choice[2].strip("%") if choice[2] else "100" if choice[1] == "=" else "0"
        text, feedback = (plain(at + choice.start(i), at + choice.end(i)) for i in (3, 4))
        choices.append((text, Decimal(share), feedback))
    several = "=" not in found[3]
    return Read(
        plain(*found.span(1)), plain(*found.span(2)), several, tuple(choices), plain(*found.span(4))
    )


FORMATS = [(moodle_xml, from_xml), (gift, from_gift)]
BOTH = pytest.mark.parametrize(("write", "read"), FORMATS, ids=["xml", "gift"])
Write, Reader = Callable[[Quiz], str], Callable[[str], list[Read]]


def html(markdown: str) -> str:
    """Return Markdown as a platform is to show it."""
    return parser().render(markdown).strip()


def hand_made(text: str, several: bool = False) -> Quiz:
    """Return a quiz of one question that says the same thing everywhere."""
    choices = tuple(Choice(f"{text} {i}", i == 1, (i == 1,), f"{i} {text}") for i in range(3))
    return Quiz(PROTOCOL, (Question("k", "t", 1, text, choices, "p", several),), None, 0)


@pytest.fixture(scope="module")
def real() -> Quiz:
    """A quiz as it comes."""
    return b12lib.quiz(10, seed=2)


@BOTH
def test_read_back_are_the_same_questions(write: Write, read: Reader, real: Quiz) -> None:
    """Stems, choices, what is right and every reason survive; so does whether several may be."""
    assert {question.kind for question in real.questions} == {kind.KIND for kind in KINDS}
    for asked, found in zip(real.questions, read(write(real)), strict=True):
        assert found.stem == html(asked.stem)
        assert found.several == asked.several
        assert [text for text, _, _ in found.choices] == [html(c.text) for c in asked.choices]
        assert [why for _, _, why in found.choices] == [html(c.feedback) for c in asked.choices]
        assert {i for i, (_, share, _) in enumerate(found.choices) if share > 0} == asked.right


@BOTH
@pytest.mark.parametrize("several", [False, True])
def test_text_that_means_something_to_the_format_is_inert(
    write: Write, read: Reader, several: bool
) -> None:
    """Braces, tildes, backslashes, markup and blank lines are text, wherever they stand."""
    quiz = hand_made(HOSTILE, several)
    (found,) = read(write(quiz))
    (asked,) = quiz.questions
    assert found.stem == html(HOSTILE)
    assert [text for text, _, _ in found.choices] == [html(c.text) for c in asked.choices]
    assert "<b>" not in found.stem


@given(st.text(st.characters(min_codepoint=32, exclude_categories=["C"]), min_size=1))
def test_any_text_is_read_back(text: str) -> None:
    """Whatever a protocol says comes out as it went in, in both formats."""
    quiz = hand_made(text)
    for write, read in FORMATS:
        (found,) = read(write(quiz))
        assert found.stem == html(text)
        assert [why for _, _, why in found.choices] == [html(f"{i} {text}") for i in range(3)]


@BOTH
def test_shares_are_such_as_moodle_knows(write: Write, read: Reader, real: Quiz) -> None:
    """Right choices make up the mark; where several may be right, ticking all gives nothing."""
    for found in read(write(real)):
        shares = [share for _, share, _ in found.choices]
        assert abs(sum(share for share in shares if share > 0) - 100) < Decimal("0.001")
        assert all(share == round(share, 5) for share in shares)
        if found.several:
            assert abs(sum(shares)) < Decimal("0.001")
        else:
            assert sorted(shares)[:-1] == [0] * (len(shares) - 1)


@BOTH
def test_sources_are_told_in_full_after_each_question(
    write: Write, read: Reader, real: Quiz
) -> None:
    """A student outside the site sees what a key such as nice2024 stands for."""
    for asked, found in zip(real.questions, read(write(real)), strict=True):
        keys = {source.key for source in real.cited(asked)}
        assert set(re.findall(r"<strong>([\w-]+)</strong>: ", found.after)) == keys


def test_set_is_one_category_that_says_what_it_is(real: Quiz) -> None:
    """The category names protocol, version and seed; its description the review status."""
    root = ET.fromstring(moodle_xml(real).encode())
    category = root.find("question[@type='category']")
    assert category is not None
    name = category.findtext("category/text", "")
    assert name.startswith("$course$/top/10 questions on Vitamin B12 deficiency, version")
    assert name.endswith("seed 2")
    assert "no clinician has reviewed it" in category.findtext("info/text", "")
    written = gift(real)
    assert f"$CATEGORY: {name}\n" in written
    assert "// - Status: submitted\n" in written


def test_order_of_choices_is_the_sets(real: Quiz) -> None:
    """The platform is told not to shuffle: a class talks about the same letters."""
    root = ET.fromstring(moodle_xml(real).encode())
    assert {item.text for item in root.iter("shuffleanswers")} == {"false"}
    assert {item.text for item in root.iter("answernumbering")} == {"ABCD"}
