"""The notebooks' stored outputs, checked: what a page shows is what the library says today."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

from b12lib.errors import B12Error, MissingExtra


class StaleExamples(B12Error):
    """A notebook's stored output is not what its cell gives."""


def check_notebooks(files: list[Path]) -> None:
    """Run every cell with nbval and compare its output strictly.

    Raises ``StaleExamples`` with nbval's findings when one differs.
    """
    if not find_spec("nbval"):
        raise MissingExtra("checking the notebooks", "site")
    command = [sys.executable, "-m", "pytest", "--nbval", "-q", "-p", "no:cacheprovider"]
    done = subprocess.run(
        # No project's own pytest settings apply: the notebooks are checked the same everywhere.
        [*command, "-c", os.devnull, "--rootdir", str(files[0].parent), *map(str, files)],
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise StaleExamples(f"the notebooks' stored outputs are stale\n{done.stdout}")
