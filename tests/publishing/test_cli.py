"""The command line as a user runs it: as a program of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import jsonschema
import pytest

import b12lib
from b12lib.rooms import room
from b12lib.showing.record import schema

SEED = room("protocol") / "cases" / "seed-as-asked.yaml"
Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def b12(tmp_path: Path) -> Run:
    """Return a function that runs ``b12`` in an empty folder."""

    def run(*arguments: object) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-c", "from b12lib.publishing.cli import main; main()"]
        return subprocess.run(
            [*command, *map(str, arguments)], cwd=tmp_path, capture_output=True, text=True
        )

    return run


def test_help_names_every_command(b12: Run) -> None:
    """Help lists the commands and says that the tool is for education."""
    done = b12("--help")
    assert done.returncode == 0
    for command in ("assess", "report", "check", "rules", "schema", "notebooks", "site"):
        assert command in done.stdout
    assert "For education" in " ".join(done.stdout.split())


def test_no_arguments_show_help_and_are_misuse(b12: Run) -> None:
    """Called without arguments the program shows its help and exits with 2."""
    done = b12()
    assert done.returncode == 2
    assert "Usage" in done.stdout + done.stderr


def test_assess_prints_the_answer_without_colours_in_a_pipe(b12: Run) -> None:
    """The answer comes as plain text when nobody's terminal is at the other end."""
    done = b12("assess", SEED)
    assert done.returncode == 0
    assert "Treat immediately: hydroxocobalamin 1 mg intramuscularly." in done.stdout
    assert "\x1b" not in done.stdout


def test_assess_as_json_fits_the_published_schema(b12: Run, protocol: b12lib.Protocol) -> None:
    """The JSON form is valid under the schema that ``b12 schema assessment`` prints."""
    done = b12("assess", SEED, "--json")
    published = json.loads(b12("schema", "assessment").stdout)
    assert published == schema("assessment", protocol)
    jsonschema.validate(json.loads(done.stdout), published)


def test_refused_case_is_a_message_and_exit_1(b12: Run, tmp_path: Path) -> None:
    """A bad case is refused with every fault on standard error, without a traceback."""
    (tmp_path / "bad.yaml").write_text("inputs: {mma: 90, mvc: 104 fL}\n", encoding="utf-8")
    done = b12("assess", "bad.yaml")
    assert done.returncode == 1
    assert done.stdout == ""
    assert "mma = 90: a number without a unit is not read" in done.stderr
    assert "did you mean mcv?" in done.stderr
    assert "Traceback" not in done.stderr


def test_missing_file_is_a_message(b12: Run) -> None:
    """A case file that is not there is named, with the reason."""
    done = b12("assess", "nowhere.yaml")
    assert done.returncode == 1
    assert "nowhere.yaml: cannot be opened: No such file or directory" in done.stderr


def test_unknown_option_is_misuse(b12: Run) -> None:
    """A misspelt option exits with 2."""
    assert b12("assess", SEED, "--jsn").returncode == 2


def test_check_passes_the_packaged_protocol(b12: Run) -> None:
    """The protocol that comes with the library passes its own check."""
    done = b12("check")
    assert done.returncode == 0
    assert "no gap, no overlap, no dead rule" in done.stdout


def copied_protocol(tmp_path: Path, file: str, old: str, new: str) -> Path:
    """Copy the packaged protocol with one edit."""
    folder = tmp_path / "protocol"
    folder.mkdir()
    for source in room("protocol").iterdir():
        if source.is_file():
            (folder / source.name).write_bytes(source.read_bytes())
    text = (folder / file).read_text(encoding="utf-8")
    assert text.count(old) == 1
    (folder / file).write_text(text.replace(old, new), encoding="utf-8")
    return folder


def test_check_finds_a_gap_in_another_protocol(b12: Run, tmp_path: Path) -> None:
    """A gap in another folder's table is named with its file and an example; exit code 1."""
    folder = copied_protocol(tmp_path, "01-confirmation.md", "| TB2 | [133..", "| TB2 | (133..")
    done = b12("check", "--protocol", folder)
    assert done.returncode == 1
    assert "gap in 01-confirmation.md:" in done.stdout
    assert "b12 = 133" in done.stdout
    found = json.loads(b12("check", "--protocol", folder, "--json").stdout)
    assert found["tables"][0]["kind"] == "gap"


def test_check_runs_the_worked_cases(b12: Run, tmp_path: Path) -> None:
    """A worked case that no longer gives what it expects fails the check."""
    folder = copied_protocol(tmp_path, "schedule.md", "# Schedule", "# Schedule ")
    (folder / "cases").mkdir()
    case = "inputs: {mma: 300 nmol/L}\nexpect: {treat_now: no}\n"
    (folder / "cases" / "wrong.yaml").write_text(case, encoding="utf-8")
    done = b12("check", "--protocol", folder)
    assert done.returncode == 1
    assert "wrong.yaml: " in done.stdout


def test_broken_protocol_is_refused_with_its_place(b12: Run, tmp_path: Path) -> None:
    """A protocol that does not hold together is refused naming file, line, table and cell."""
    folder = copied_protocol(tmp_path, "01-confirmation.md", "| TB1 | < 133", "| TB1 | below 133")
    done = b12("check", "--protocol", folder)
    assert done.returncode == 1
    assert "01-confirmation.md:" in done.stderr
    assert "table 'Total serum B12', rule 'TB1', column 'b12'" in done.stderr


def test_rules_lists_every_rule(b12: Run, protocol: b12lib.Protocol) -> None:
    """Every rule of the protocol stands in the list, in text and in JSON."""
    listed = b12("rules").stdout
    assert all(rule in listed for rule in protocol.rules)
    assert [rule["rule"] for rule in json.loads(b12("rules", "--json").stdout)] == [*protocol.rules]


def test_one_rule_is_shown_in_full(b12: Run) -> None:
    """A rule is shown with its place, conditions, answer, reason and sources."""
    shown = b12("rules", "TB1").stdout
    for part in ("01-confirmation.md:", "< 133 pmol/L", "low", "@nice2024"):
        assert part in shown


def test_rule_that_does_not_exist_is_misuse(b12: Run) -> None:
    """Asking for a rule that is not there says so."""
    done = b12("rules", "ZZ9")
    assert done.returncode == 2
    assert "there is no rule ZZ9" in done.stderr


def test_inputs_lists_every_field(b12: Run, protocol: b12lib.Protocol) -> None:
    """The fields of a case are listed with what they hold."""
    shown = b12("rules", "--inputs").stdout
    assert all(name in shown for name in protocol.inputs)
    assert set(json.loads(b12("rules", "--inputs", "--json").stdout)) >= set(protocol.inputs)
