"""The notebooks' stored outputs: checked strictly, and stored anew so that they stay the same."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

from b12lib.errors import B12Error, MissingExtra
from b12lib.rooms import room

KERNEL = ["--log-level=CRITICAL"]
"""How a kernel is started: what fails in a cell is told by the cell, not by the kernel's log."""


class StaleExamples(B12Error):
    """A notebook's stored output is not what its cell gives."""


def notebooks() -> list[Path]:
    """Return every notebook that comes with the library."""
    return sorted(room("notebooks").glob("*.ipynb"))


def check_notebooks(files: list[Path]) -> None:
    """Run every cell with nbval and compare its output strictly.

    Raises ``StaleExamples`` with nbval's findings when one differs.
    """
    if not find_spec("nbval"):
        raise MissingExtra("checking the notebooks", "site")
    command = [sys.executable, "-m", "pytest", "--nbval", "-q", "--color=no", "--tb=short"]
    done = subprocess.run(
        # No project's own pytest settings apply: the notebooks are checked the same everywhere.
        [
            *command,
            "-p",
            "no:cacheprovider",
            "-c",
            os.devnull,
            "--rootdir",
            str(files[0].parent),
            *map(str, files),
        ],
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise StaleExamples(
            f"{done.stdout}\nthe notebooks' stored outputs are not what their cells give (above); "
            "if the change is meant, run 'make notebooks' and look at what differs"
        )


def store_outputs(file: Path) -> None:
    """Run a notebook from the top and store its outputs, with nothing that differs between runs."""
    try:
        import nbformat
        from nbclient import NotebookClient
        from nbclient.exceptions import CellExecutionError
    except ImportError as error:
        raise MissingExtra("running a notebook", "report") from error
    notebook = nbformat.read(file, as_version=4)  # type: ignore[no-untyped-call]
    client = NotebookClient(
        notebook, kernel_name="python3", record_timing=False, extra_arguments=KERNEL
    )
    try:
        client.execute()
    except CellExecutionError as error:
        raise StaleExamples(f"{file.name}: a cell fails: {error.ename}: {error.evalue}") from error
    notebook.metadata["language_info"] = {"name": "python"}
    notebook.metadata.pop("widgets", None)
    nbformat.write(notebook, file)  # type: ignore[no-untyped-call]
