"""The notebooks: what they show is what the library says, today and elsewhere."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from b12lib.rooms import room

NOTEBOOKS = sorted(room("notebooks").glob("*.ipynb"))
PLACES = [{}, {"TZ": "Pacific/Kiritimati", "LC_ALL": "C", "PYTHONHASHSEED": "7"}]


@pytest.mark.parametrize("place", PLACES, ids=["here", "elsewhere"])
def test_stored_outputs_are_what_the_cells_give(place: dict[str, str], tmp_path: Path) -> None:
    """Every cell gives its stored output exactly, also in another time zone and language."""
    command = [sys.executable, "-m", "pytest", "--nbval", "-q", "-p", "no:cacheprovider"]
    done = subprocess.run(
        [*command, "-c", os.devnull, *map(str, NOTEBOOKS)],
        cwd=tmp_path,
        env={**os.environ, **place},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout


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
