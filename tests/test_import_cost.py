"""What ``import b12lib`` may not drag in."""

from __future__ import annotations

import subprocess
import sys

import pytest

HEAVY = (
    *("IPython", "ipywidgets", "papermill", "nbconvert", "nbformat", "jinja2"),
    *("typer", "rich", "ruamel", "markdown_it", "bibtexparser", "pandas", "numpy", "vl_convert"),
)


@pytest.fixture(scope="module")
def imported() -> set[str]:
    """Return the top-level modules that a fresh ``import b12lib`` loads."""
    code = "import sys, b12lib; print(*{name.partition('.')[0] for name in sys.modules})"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    return set(done.stdout.split())


@pytest.mark.parametrize("module", HEAVY)
def test_not_imported(imported: set[str], module: str) -> None:
    """Importing the library loads no optional part and no parser before it is needed."""
    assert "b12lib" in imported
    assert module not in imported


def test_public_names() -> None:
    """The front door offers exactly the names it lists."""
    import b12lib

    assert all(hasattr(b12lib, name) for name in b12lib.__all__)
    assert b12lib.__all__ == sorted(b12lib.__all__)
