"""The notebooks: what they show is what the library says, today and elsewhere."""

from __future__ import annotations

import re
from pathlib import Path

import nbformat
import pytest

from b12lib.publishing.examples import StaleExamples, check_notebooks, notebooks, store_outputs

NOTEBOOKS = notebooks()
PLACES = [{}, {"TZ": "Pacific/Kiritimati", "LC_ALL": "C", "PYTHONHASHSEED": "7"}]


@pytest.mark.parametrize("place", PLACES, ids=["here", "elsewhere"])
def test_stored_outputs_are_what_the_cells_give(
    place: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every cell gives its stored output exactly, also in another time zone and language."""
    for name, value in place.items():
        monkeypatch.setenv(name, value)
    check_notebooks(NOTEBOOKS)


def test_stale_output_is_refused(tmp_path: Path) -> None:
    """One stored output that differs from what its cell gives stops the build, and is shown."""
    stale = tmp_path / "stale.ipynb"
    fresh = Path(NOTEBOOKS[0]).read_text(encoding="utf-8")
    stale.write_text(fresh.replace("Treat immediately", "Wait"), encoding="utf-8")
    with pytest.raises(StaleExamples, match="Wait"):
        check_notebooks([stale])


def test_storing_outputs_again_changes_nothing(tmp_path: Path) -> None:
    """A notebook run and stored anew is byte for byte what it was."""
    for file in NOTEBOOKS:
        copy = tmp_path / file.name
        copy.write_bytes(file.read_bytes())
        store_outputs(copy)
        assert copy.read_text(encoding="utf-8") == file.read_text(encoding="utf-8")


@pytest.mark.parametrize("file", NOTEBOOKS, ids=lambda file: file.stem)
def test_notebook_is_tidy(file: Path) -> None:
    """Every cell has a telling id; nothing stored changes from run to run."""
    notebook = nbformat.read(file, as_version=4)  # type: ignore[no-untyped-call]
    nbformat.validate(notebook)  # type: ignore[no-untyped-call]
    text = file.read_text(encoding="utf-8")
    assert not re.search(r"\b0x[0-9a-f]{6,}\b", text), "a memory address"
    assert not re.search(r"\b[0-9a-f]{32}\b", text), "a random id"
    assert "execution" not in {key for cell in notebook.cells for key in cell.metadata}
    assert all(re.fullmatch(r"[a-z][a-z0-9-]*", cell.id) for cell in notebook.cells)
    counts = [cell.execution_count for cell in notebook.cells if cell.cell_type == "code"]
    assert counts == list(range(1, len(counts) + 1)), "run from top to bottom"


@pytest.mark.parametrize("file", NOTEBOOKS, ids=lambda file: file.stem)
def test_notebook_holds_no_logic(file: Path) -> None:
    """A cell calls the library: it branches on nothing and defines nothing of its own."""
    notebook = nbformat.read(file, as_version=4)  # type: ignore[no-untyped-call]
    code = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "code")
    assert not re.search(r"^\s*(if|elif|while|def|class|lambda)\b", code, flags=re.MULTILINE)
