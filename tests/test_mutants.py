"""Whether `make mutants` tells survivors that are explained from those that are not."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[1] / ".ci" / "mutants.py"

PROJECT = {
    "pyproject.toml": """\
[tool.mutmut]
source_paths = ["small"]
pytest_add_cli_args_test_selection = ["tests"]
""",
    "small/__init__.py": "",
    "small/sizes.py": """\
class Sizes:
    def larger(self, one, other):
        return one if one >= other else other


def double(number):
    return number * 2
""",
    "tests/test_sizes.py": """\
from small.sizes import Sizes, double

def test_larger():
    assert (Sizes().larger(1, 2), Sizes().larger(2, 1), double(3)) == (2, 2, 6)
""",
}

LARGER = """\
[[survivor]]
function = "small.sizes.Sizes.larger"
before = "return one if one >= other else other"
after = ["return one if one > other else other"]
why = "Of two that are equal either is the larger."
"""
DOUBLE = """\
[[survivor]]
function = "small.sizes.double"
before = "return number * 2"
after = ["return number / 2"]
why = "Nobody doubles."
"""

Told = Callable[[str], subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Told:
    """Return a function: what is told of a mutated small project, given what is explained."""
    root = tmp_path_factory.mktemp("project")
    for name, text in PROJECT.items():
        (root / name).parent.mkdir(exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    subprocess.run([Path(sys.executable).with_name("mutmut"), "run"], cwd=root, check=True)

    def tell(explained: str) -> subprocess.CompletedProcess[str]:
        (root / "survivors.toml").write_text(explained, encoding="utf-8")
        command = [sys.executable, SCRIPT, "survivors.toml"]
        return subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)

    return tell


def test_every_survivor_explained(told: Told) -> None:
    """Where each survivor is explained, all is well."""
    result = told(LARGER)

    assert result.stdout == "mutants that survived: 1, explained: 1\n"
    assert result.returncode == 0


def test_a_survivor_without_explanation(told: Told) -> None:
    """A survivor that nobody explains is shown, with the lines that it changes."""
    result = told("")

    assert result.stdout == (
        "small.sizes.Sizes.larger\n"
        "- return one if one >= other else other\n"
        "+ return one if one > other else other\n"
        "  survived, or was not tried: notice it in a test, or explain it in survivors.toml\n\n"
        "mutants that survived: 1, explained: 0\n"
    )
    assert result.returncode == 1


def test_an_explanation_of_nothing(told: Told) -> None:
    """A mutant that a test notices needs no explanation, and may not keep one."""
    result = told(LARGER + DOUBLE)

    assert result.stdout == (
        "small.sizes.double\n"
        "- return number * 2\n"
        "+ return number / 2\n"
        "  did not survive: take it out of survivors.toml\n\n"
        "mutants that survived: 1, explained: 1\n"
    )
    assert result.returncode == 1


def test_an_explanation_without_reason(told: Told) -> None:
    """An empty reason explains nothing."""
    result = told(LARGER.replace("Of two that are equal either is the larger.", ""))

    assert "say in 'why' why no test can notice\nsmall.sizes.Sizes.larger\n" in result.stderr
    assert result.returncode == 1
