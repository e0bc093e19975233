"""The one Markdown dialect: tables, no HTML, but an answer that a reader reveals."""

from __future__ import annotations

import pytest

from b12lib.reading.markdown import ANSWER, parser

OPENING, CLOSING = ANSWER


def test_an_answer_opens_and_closes() -> None:
    """What stands between the two ends is Markdown, hidden until it is revealed."""
    html = parser().render(f"Why?\n\n{OPENING}\n\nSo **it** is.\n\n{CLOSING}\n\nNext.")
    assert html == (
        "<p>Why?</p>\n<details>\n<summary>Answer</summary>\n"
        "<p>So <strong>it</strong> is.</p>\n</details>\n<p>Next.</p>\n"
    )


@pytest.mark.parametrize(
    "text",
    [
        "<details>",
        "<details open>\n<summary>Answer</summary>",
        "<details>\n<summary><b>x</b></summary>",
        f"{OPENING} <script>",
        f"x {CLOSING}",
        rf"\{CLOSING}",
        f"# {CLOSING}",
        f"- {CLOSING}",
        f"> {CLOSING}",
        f"| {CLOSING} |\n|---|",
        f"`{CLOSING}`",
        f"    {CLOSING}",
    ],
)
def test_anything_else_that_looks_like_html_is_text(text: str) -> None:
    """Only the two ends, each a paragraph of its own at the top, are more than text."""
    html = parser().render(text)
    assert "<details" not in html
    assert "</details" not in html
    assert "<script" not in html
