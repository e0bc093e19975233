"""The calculators alive: in a kernel, and in a real browser in each front end, by keyboard."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

import nbformat
import pytest
from nbclient import NotebookClient

pytestmark = pytest.mark.slow

# Each front end by its module: where it shows a file of the folder that it serves, and how it is
# started so that only this machine, but any user of it, is let in.
OPEN = ("--ip=127.0.0.1", "--IdentityProvider.token=", "--allow-root")
FRONT_ENDS = {
    "voila": ("voila/render/", ()),
    "jupyterlab": ("lab/tree/", OPEN),
    "notebook": ("notebooks/", OPEN),
}
# These ask the network for news and for extensions.
SILENT = ("@jupyterlab/apputils-extension:announcements", "@jupyterlab/extensionmanager-extension")

CELLS = (
    "import b12lib\n"
    "from b12lib.showing.calculators import (\n"
    "    case_builder, guideline_comparison, mma_reader, scheduler, what_if\n"
    ")\n"
    'seed = {"mma": "90 µmol/L", "leukopenia": "yes", "neutropenia": "yes", "macrocytosis": "yes"}',
    "mma_reader(b12lib.load_protocol(), 90)",
    "case_builder(b12lib.read_case(seed))",
    'what_if(b12lib.assess(seed), "regimen")',
    'guideline_comparison(b12lib.compare(seed, ["nice-ng239"]))',
    'scheduler(b12lib.assess({**seed, "neurological": "no"}))',
    "b12lib.quiz(2, seed=5).interactive()",
)


def notebook() -> Any:
    """A notebook with every calculator."""
    v4: Any = nbformat.v4
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    cells = [v4.new_code_cell(source, id=f"cell-{n}") for n, source in enumerate(CELLS)]
    return v4.new_notebook(metadata={"kernelspec": kernel}, cells=cells)


def stored_figure() -> Any:
    """A notebook with a figure that ran elsewhere, so that no front end trusts it."""
    source = f"{CELLS[0]}\nb12lib.assess(seed).figure('ruler')"
    cell = nbformat.v4.new_code_cell(source, id="figure")  # type: ignore[no-untyped-call]
    whole = notebook()
    whole.cells = [cell]
    NotebookClient(whole, timeout=300, record_timing=False).execute()
    return whole


@pytest.fixture(scope="module", params=FRONT_ENDS)
def served(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """Where a front end serves the notebook while the tests run."""
    module = request.param
    pytest.importorskip(module)
    shown, options = FRONT_ENDS[module]
    folder = tmp_path_factory.mktemp(module)
    for name, written in (("calculators", notebook()), ("figure", stored_figure())):
        nbformat.write(written, folder / f"{name}.ipynb")  # type: ignore[no-untyped-call]
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", module, "--no-browser", f"--port={port}", *options, folder]
    with subprocess.Popen(command, env=at_home(folder), stderr=subprocess.DEVNULL) as server:
        address = f"http://127.0.0.1:{port}/"
        try:
            wait_for(address)
            yield f"{address}{shown}calculators.ipynb"
        finally:
            server.terminate()


def at_home(folder: Path) -> dict[str, str]:
    """Return an environment in which Jupyter keeps to the folder and asks the network nothing."""
    config = folder / ".jupyter" / "labconfig" / "page_config.json"
    config.parent.mkdir(parents=True)
    config.write_text(json.dumps({"disabledExtensions": dict.fromkeys(SILENT, True)}))
    elsewhere = ("JUPYTER", "IPYTHON", "XDG_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(elsewhere)}
    return {**kept, "HOME": str(folder), "JUPYTER_PREFER_ENV_PATH": "1"}


def wait_for(address: str) -> None:
    """Return once something answers there."""
    for _ in range(240):
        try:
            with urlopen(address):
                return
        except URLError:
            time.sleep(0.25)
    pytest.fail(f"nothing answers at {address}")


@pytest.fixture(scope="module")
def page(browser: Any, served: str) -> Iterator[Any]:
    """The notebook in Chromium, with every calculator drawn."""
    context = browser.new_context()
    opened = context.new_page()
    opened.set_default_timeout(120_000)
    opened.goto(served)
    if "/voila/" not in served:
        run_all_cells(opened)
    opened.wait_for_function("document.querySelectorAll('.b12-calculator').length === 6")
    yield opened
    context.close()


def run_all_cells(page: Any) -> None:
    """Run the notebook by the menu, which Voilà does by itself."""
    wait_for_kernel(page)
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_role("menuitem", name="Run All Cells", exact=True).click()


def wait_for_kernel(page: Any) -> None:
    """Return once the kernel is there; a server told to stop while one starts may never stop."""
    page.locator(".jp-Toolbar-kernelName", has_text="Python 3").wait_for()
    page.locator(".jp-Notebook-ExecutionIndicator[data-status=idle]").wait_for()


def calculator(page: Any, id_: int) -> Any:
    """Return one calculator of the page, in the order of the notebook."""
    return page.locator(".b12-calculator").nth(id_)


def test_a_kernel_gives_the_same_outputs_each_time() -> None:
    """Run twice from the top, every output is the same, with a plain form beside each widget."""
    stored = []
    for _ in range(2):
        run = notebook()
        NotebookClient(run, timeout=300, record_timing=False, store_widget_state=False).execute()
        stored.append([cell.outputs for cell in run.cells])
    assert stored[0] == stored[1]
    for (output,) in stored[0][1:]:
        assert output.data["application/vnd.jupyter.widget-view+json"]["model_id"].startswith(
            "b12-"
        )
        assert re.search("<table>|<summary>Answer", output.data["text/html"])


@pytest.mark.browser
def test_every_control_has_a_name(page: Any) -> None:
    """To a screen reader each control, hidden sections opened, says what it is."""
    builder = calculator(page, 1)
    for button in builder.get_by_role("button", name="▸ Show").all()[::-1]:
        button.click()
    builder.get_by_role("combobox", name="Fever", exact=True).wait_for()
    tree = "\n".join(part.aria_snapshot() for part in page.locator(".b12-calculator").all())
    role = "textbox|combobox|button|checkbox|radio|spinbutton"
    controls = re.findall(rf"^ *- '?(?:{role})\b.*", tree, re.M)
    assert len(controls) > 80
    assert [line for line in controls if '"' not in line] == []


@pytest.mark.browser
def test_reader_answers_to_the_keyboard(page: Any) -> None:
    """Another unit picked with the arrow keys turns an extreme value into a normal one."""
    reader = calculator(page, 0)
    reader.get_by_role("textbox", name="Methylmalonic acid (MMA)").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowUp")
    reader.get_by_text("not above its upper limit").wait_for()
    assert reader.get_by_role("cell", name="0.332 times").count() == 1


@pytest.mark.browser
def test_focus_shows(page: Any) -> None:
    """A control that has the focus from the keyboard stands within an outline."""
    reader = calculator(page, 0)
    reader.get_by_role("textbox", name="Methylmalonic acid (MMA)").focus()
    for control in ("input", "select"):
        focused = reader.locator(f"{control}:focus")
        assert focused.evaluate("control => getComputedStyle(control).outlineStyle") == "solid"
        page.keyboard.press("Tab")


@pytest.mark.browser
@pytest.mark.parametrize("served", ["voila"], indirect=True)
def test_fields_of_a_row_stand_level(page: Any) -> None:
    """A label that takes two lines moves the number of the field beside it down as well."""
    builder = calculator(page, 1)
    names = ("Total vitamin B12 in serum", "Active vitamin B12 (holotranscobalamin)")
    labels = [builder.locator("label", has_text=name).first for name in names]
    numbers = [builder.get_by_role("textbox", name=name, exact=True) for name in names]
    assert len({label.bounding_box()["height"] for label in labels}) == 2
    assert len({number.bounding_box()["y"] for number in numbers}) == 1


@pytest.mark.browser
def test_builder_answers_while_one_types(page: Any) -> None:
    """A fault is announced at its field while the number grows, and the answer follows it."""
    sync_api = pytest.importorskip("playwright.sync_api")
    builder = calculator(page, 1)
    number = builder.get_by_role("textbox", name="Upper limit of MMA")
    number.focus()
    page.keyboard.type("5")
    builder.get_by_role("alert").wait_for()
    assert "100 to 1000 nmol/L" in builder.get_by_role("alert").inner_text()
    builder.get_by_text("No answer until this is mended").wait_for()
    page.keyboard.type("00")
    builder.get_by_text("Treat immediately:").wait_for()
    assert builder.get_by_role("alert").count() == 0
    written = re.compile("mma_limit: 500 nmol/L")
    sync_api.expect(builder.get_by_label("The case as text")).to_have_value(written)


@pytest.mark.browser
def test_explorer_tries_a_value(page: Any) -> None:
    """A button pressed by the keyboard shows what would change."""
    explorer = calculator(page, 2)
    explorer.get_by_role("button", name="Neurological involvement: yes").focus()
    page.keyboard.press("Enter")
    explorer.get_by_role("cell", name="Urgent advice").wait_for()


@pytest.mark.browser
def test_guidelines_can_be_left_out(page: Any) -> None:
    """A box cleared by the keyboard takes its column away."""
    chooser = calculator(page, 3)
    chooser.get_by_role("columnheader", name="nice-ng239").wait_for()
    chooser.get_by_role("checkbox", name="nice-ng239").focus()
    page.keyboard.press("Space")
    chooser.get_by_role("columnheader", name="nice-ng239").wait_for(state="detached")


@pytest.mark.browser
def test_scheduler_gives_a_file(page: Any) -> None:
    """A first day typed dates the doses, and the link saves them as an iCalendar file."""
    scheduler = calculator(page, 4)
    scheduler.get_by_label("Date of the first dose").fill("2026-03-02")
    with page.expect_download() as download:
        scheduler.get_by_role("link", name="Download these dates").click()
    assert download.value.suggested_filename == "b12-calendar.ics"
    assert b"DTSTART;VALUE=DATE:20260302" in download.value.path().read_bytes()


@pytest.mark.browser
def test_quiz_marks_an_answer(page: Any) -> None:
    """An answer chosen and checked by the keyboard is marked."""
    quiz = calculator(page, 5)
    quiz.get_by_role("radio").or_(quiz.get_by_role("checkbox")).first.focus()
    page.keyboard.press("Space")
    quiz.get_by_role("button", name="Check question 1").focus()
    page.keyboard.press("Enter")
    quiz.get_by_text("of 1 answered questions right; 1 to go").wait_for()


@pytest.mark.browser
@pytest.mark.parametrize("served", ["voila"], indirect=True)
def test_nothing_is_cut_off_on_a_telephone(page: Any) -> None:
    """At 360 pixels no control and no text reaches beyond the page; wide tables scroll alone."""
    page.set_viewport_size({"width": 360, "height": 740})
    page.wait_for_function("document.documentElement.scrollWidth <= 360")
    beyond = "e => e.filter(c => c.getBoundingClientRect().right > 360).length"
    controls = page.locator(".b12-calculator :is(input, select, textarea, button):visible")
    assert controls.evaluate_all(beyond) == 0


@pytest.mark.browser
def test_a_figure_stands_as_a_sentence_until_it_has_run(browser: Any, served: str) -> None:
    """JupyterLab and Notebook strip what they do not trust: a sentence tells what was drawn."""
    opened = browser.new_page()
    opened.set_default_timeout(120_000)
    opened.goto(
        served.replace("calculators", "figure") + "?reset"
    )  # JupyterLab: without other tabs
    figure = opened.locator("figure.b12-figure")
    figure.wait_for()
    drawn = "/voila/" in served  # it has run the notebook
    if not drawn:
        wait_for_kernel(opened)
    assert figure.locator(".b12-drawing").is_visible() == drawn
    assert figure.locator(".b12-alt").is_visible() != drawn
    assert ("This patient's MMA is 90 µmol/L" in figure.inner_text()) != drawn
    opened.close()
