"""The documents and the code: nothing public goes untold."""

from __future__ import annotations

import inspect
import re
from pathlib import Path

import nbformat
import pytest

import b12lib
from b12lib.publishing.examples import notebooks
from b12lib.showing import audit, calculators, figures, lessons
from b12lib.showing.comparison import Comparison
from b12lib.showing.display import Assessment
from b12lib.showing.quiz import Quiz

ROOT = Path(__file__).parent.parent


def public() -> list[str]:
    """Name every public function, and every method of what the functions return."""
    modules = (b12lib, calculators, figures)
    named = [(module, name) for module in modules for name in module.__all__]
    for module in (audit, lessons):
        taught = inspect.getmembers(module, inspect.isfunction)
        named += [(module, name) for name, made in taught if made.__module__ == module.__name__]
    named += [(kind, name) for kind in (Assessment, Comparison, Quiz) for name in vars(kind)]
    functions = {
        name
        for of, name in named
        if not name.startswith("_") and inspect.isfunction(getattr(of, name))
    }
    # Assessment.figure and Quiz.interactive are the doors to these two.
    return sorted(functions - {"of_assessment", "quiz_widget"})


def told() -> str:
    """Return what README, CONTRIBUTING and the notebooks' cells say."""
    texts = [(ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "CONTRIBUTING.md")]
    for file in notebooks():
        notebook = nbformat.read(file, as_version=4)  # type: ignore[no-untyped-call]
        texts += [cell.source for cell in notebook.cells]
    return "\n".join(texts)


@pytest.mark.parametrize("name", public())
def test_every_public_function_is_told_of(name: str) -> None:
    """A function that no reader meets in the README or in a notebook is a hidden one."""
    assert re.search(rf"\b{name}\b", told())
