"""Self-assessment on a built page: questions and answers, with neither kernel nor script."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest

import b12lib
from b12lib.publishing.links import Links
from b12lib.publishing.notebook import notebook_html
from b12lib.publishing.pages import page
from b12lib.rooms import room

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture(scope="module")
def quiz() -> b12lib.showing.quiz.Quiz:
    """A small set."""
    return b12lib.quiz(4, seed=5)


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory, quiz: Any) -> str:
    """A notebook's page that shows the quiz, and once more as a widget that has lost its kernel."""
    v4: Any = nbformat.v4
    shown = {"text/markdown": quiz._repr_markdown_(), "text/html": quiz._repr_html_()}
    widget = quiz.interactive()._repr_mimebundle_()
    cells = [v4.new_markdown_cell("# Test yourself")]
    cells += [
        v4.new_code_cell(code, outputs=[v4.new_output("display_data", data)])
        for code, data in (("quiz", shown), ("quiz.interactive()", widget))
    ]
    body = notebook_html(v4.new_notebook(cells=cells), Links(quiz.protocol, "../protocol/"))
    html = page(
        "chapter.html.j2",
        quiz.protocol,
        title=body.title,
        contents=body.contents,
        root="../",
        section="notebooks",
        header=None,
        body=body,
    )
    folder = tmp_path_factory.mktemp("quiz")
    (folder / "notebooks").mkdir()
    style = (room("site") / "style.css").read_text(encoding="utf-8")
    (folder / "style.css").write_text(style, encoding="utf-8")
    written: Path = folder / "notebooks" / "quiz.html"
    written.write_text(html, encoding="utf-8")
    return written.as_uri()


def test_answers_are_revealed_by_keyboard_without_a_script(
    tab: Callable[..., Any], address: str, quiz: Any
) -> None:
    """Each answer is hidden until its own summary is opened; then reason and rule are in sight."""
    opened = tab(java_script_enabled=False)
    opened.goto(address)
    answers = opened.locator("main details", has=opened.locator("summary", has_text="Answer"))
    assert answers.count() == 2 * len(quiz.questions)
    for answer in answers.all():
        reason = answer.locator("li").first
        assert not reason.is_visible()
        answer.locator("summary").focus()
        opened.keyboard.press("Enter")
        assert reason.is_visible()


def test_reasons_lead_to_rules_and_sources(tab: Callable[..., Any], address: str) -> None:
    """On the site a rule id and a source in a reason are links; no widget is left dead."""
    opened = tab()
    opened.goto(address)
    links = opened.locator("main details a")
    hrefs = {str(link.get_attribute("href")) for link in links.all()}
    assert any(href.startswith("../protocol/0") and "#" in href for href in hrefs)
    assert any(href.startswith("../protocol/references.html#") for href in hrefs)
    assert opened.locator(".jupyter-widgets").count() == 0
    assert opened.evaluate("document.documentElement.scrollWidth <= innerWidth")
