"""The package as a stranger gets it: a wheel, in a clean environment, in an empty folder."""

from __future__ import annotations

import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

from b12lib.rooms import room

ROOT = Path(__file__).parents[1]
CASE = room("protocol") / "cases" / "seed-as-asked.yaml"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel from the checkout."""
    out = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", out, ROOT]
    subprocess.run(command, check=True, capture_output=True)
    [built] = out.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def clean(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install the wheel, with the versions of the lock file, into a clean environment."""
    folder = tmp_path_factory.mktemp("clean")
    venv.create(folder, with_pip=True)
    python = folder / "bin" / "python"
    install = [python, "-m", "pip", "install", "-qq", "-c", ROOT / "requirements.lock"]
    subprocess.run([*install, f"{wheel}[report]"], check=True, capture_output=True)
    return folder


def test_wheel_carries_the_rooms(wheel: Path) -> None:
    """Protocol, notebooks and templates are packed; nothing built or private is."""
    names = zipfile.ZipFile(wheel).namelist()
    parts = ("protocol/04-treatment.md", "protocol/profiles/nice-ng239/README.md")
    for part in (*parts, "notebooks/case_report.ipynb", "site/style.css"):
        assert f"b12lib/rooms/{part}" in names
    assert not [name for name in names if "checkpoint" in name or name.endswith(".pyc")]


@pytest.mark.slow
def test_installed_command_works_in_an_empty_folder(clean: Path, tmp_path: Path) -> None:
    """From a wheel alone, b12 decides a case, checks its protocol and writes a report."""
    b12 = clean / "bin" / "b12"

    def run(*arguments: object) -> str:
        command = [str(b12), *map(str, arguments)]
        return subprocess.run(
            command, cwd=tmp_path, check=True, capture_output=True, text=True
        ).stdout

    assert "Treat immediately" in run("assess", CASE)
    assert "no gap" in run("check")
    assert "DS1" in run("rules")
    run("report", CASE, "-o", "out")
    assert "Treat immediately" in (tmp_path / "out" / "seed-as-asked.html").read_text("utf-8")
