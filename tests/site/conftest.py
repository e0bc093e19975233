"""A site built once, served on loopback, and a browser to look at it."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Iterator
from datetime import date
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import nbformat
import pytest

import b12lib
from b12lib.publishing import guidelines, site
from b12lib.publishing.links import Links
from b12lib.publishing.notebook import notebook_html
from b12lib.publishing.pages import page
from b12lib.rooms import room
from b12lib.verifying.coverage import coverage
from b12lib.verifying.mutation import Mutant
from b12lib.verifying.proofs import PROVED, VIOLATED, Proof
from b12lib.verifying.verification import Verification

CHROMIUMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
QUIET = (
    *("--no-sandbox", "--disable-gpu", "--disable-background-networking"),
    *("--disable-component-update", "--no-first-run"),
)
TODAY = date(2026, 11, 22)
HOSTILE = """\
case: Hostile
kind: synthetic
source: "[l](https://evil.example) ![t](https://evil.example/t.png) @seed C12"
inputs: {mma: 300 nmol/L}
"""


@pytest.fixture(scope="session")
def sample_notebook() -> Any:
    """A small notebook with all that a page must cope with."""
    v4: Any = nbformat.v4
    widget = {"application/vnd.jupyter.widget-view+json": {"model_id": "x"}}
    picture = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 9 9 0"/></svg>'
    return v4.new_notebook(
        metadata={"language_info": {"name": "python"}},
        cells=[
            v4.new_markdown_cell("# A title\n\nSee [the table](../protocol/01-confirmation.md)."),
            v4.new_code_cell("given = 1", metadata={"tags": ["parameters"]}),
            v4.new_markdown_cell("# A second top heading\n\n### One that skips a level\n\n`MM1`"),
            v4.new_code_cell(
                "calculator",
                outputs=[
                    v4.new_output("display_data", {**widget, "text/plain": "VBox(children=())"}),
                    v4.new_output(
                        "display_data", {"text/markdown": "## In it\n\n| a | b |\n|-|-|\n| 1 | 2 |"}
                    ),
                ],
            ),
            v4.new_code_cell(
                "slider",
                outputs=[v4.new_output("display_data", {**widget, "text/html": "<p>static</p>"})],
            ),
            v4.new_code_cell(
                "figure",
                outputs=[
                    v4.new_output(
                        "display_data",
                        {"image/svg+xml": picture, "text/plain": "<Figure>"},
                        metadata={"image/svg+xml": {"alt": "A line that rises"}},
                    )
                ],
            ),
        ],
    )


def tried() -> Verification:
    """One case, two changes and two properties; a whole verification takes minutes."""
    protocol = b12lib.load_protocol()
    name = "seed-as-asked.yaml"
    case = b12lib.assess(room("protocol") / "cases" / name)
    proofs = [
        Proof(item.id, item.when, item.must, verdict)
        for item, verdict in zip(protocol.properties.values(), (PROVED, VIOLATED), strict=False)
    ]
    changes = (
        Mutant("Reason to treat", "TN1", "dropped", "case", name),
        Mutant("Reason to treat", "TN1", "doubled", "", ""),
    )
    covered = coverage(protocol, {name: case})
    return Verification(protocol, (name,), (), (), (), covered, changes, tuple(proofs))


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory, sample_notebook: Any) -> Path:
    """The whole site, with few cases and little tried so that it is quick; a sample notebook."""
    folder = tmp_path_factory.mktemp("site")
    out = folder / "public"
    hostile = folder / "hostile.yaml"
    hostile.write_text(HOSTILE, encoding="utf-8")
    files = [hostile, room("protocol") / "cases" / "seed-as-asked.yaml"]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(site, "case_files", lambda: files)
        patch.setattr(site, "verified", lambda _: tried())
        patch.setattr(guidelines, "compared_files", lambda profile: files[1:] * (not profile))
        site.build(out, TODAY)
    protocol = b12lib.load_protocol()
    body = notebook_html(sample_notebook, Links(protocol, "../protocol/"))
    html = page(
        "chapter.html.j2",
        protocol,
        title=body.title,
        contents=body.contents,
        root="../",
        section="notebooks",
        header=None,
        body=body,
    )
    (out / "notebooks" / "sample.html").write_text(html, encoding="utf-8")
    return out


@pytest.fixture(scope="session")
def names(built: Path) -> list[str]:
    """Every page of the site, by its path."""
    return sorted(str(file.relative_to(built)) for file in built.rglob("*.html"))


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="session")
def address(built: Path) -> Iterator[str]:
    """Where the site is served while the tests run."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(built)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """A Chromium that does nothing of its own accord."""
    found = next(filter(None, map(shutil.which, CHROMIUMS)), None)
    if not found:
        pytest.skip(f"no Chromium: none of {', '.join(CHROMIUMS)} is installed")
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path=found, args=list(QUIET))
        yield opened
        opened.close()


@pytest.fixture
def tab(browser: Any) -> Iterator[Callable[..., Any]]:
    """Open a fresh tab, which remembers nothing, with Playwright's options."""
    contexts: list[Any] = []

    def opened(**options: Any) -> Any:
        contexts.append(browser.new_context(**options))
        return contexts[-1].new_page()

    yield opened
    for context in contexts:
        context.close()
