"""The command line as a user runs it: as a program of its own."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import typer

import b12lib
from b12lib.deciding.fields import case_fields
from b12lib.publishing.cli import app
from b12lib.rooms import room
from b12lib.showing.levels import Level
from b12lib.showing.record import schema

SEED = room("protocol") / "cases" / "seed-as-asked.yaml"
HOUSE = Path(__file__).parents[2]
COMMANDS = typer.main.get_command(app).commands  # type: ignore[attr-defined]
COMMAND = [sys.executable, "-c", "from b12lib.publishing.cli import main; main()"]
MINIMAL = "inputs: {mma: 300 nmol/L}\n"
Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def b12(tmp_path: Path) -> Run:
    """Return a function that runs ``b12`` in an empty folder; ``more`` goes to ``subprocess``."""

    def run(*arguments: object, **more: Any) -> subprocess.CompletedProcess[str]:
        more = {"capture_output": True, "text": True, "encoding": "utf-8", **more}
        return subprocess.run([*COMMAND, *map(str, arguments)], cwd=tmp_path, **more)

    return run


def test_help_names_every_command(b12: Run) -> None:
    """Help lists the commands and says that the tool is for education."""
    done = b12("--help")
    assert done.returncode == 0
    for command in COMMANDS:
        assert command in done.stdout
    assert "For education" in " ".join(done.stdout.split())
    summaries = done.stdout.partition("Commands:")[2]
    assert "..." not in summaries, "a summary is too long for its line"


@pytest.mark.parametrize("file", ["README.md", "CONTRIBUTING.md"])
def test_every_command_is_described(file: str) -> None:
    """Nobody needs --help to learn what the command line can do; a list names every command."""
    text = (HOUSE / file).read_text(encoding="utf-8")
    assert {*re.findall(r"(?:^\$ |`)b12 ([a-z]+)", text, re.MULTILINE)} == {*COMMANDS}


def test_the_commands_in_the_readme_can_be_typed() -> None:
    """Every example there has a comment, and options and arguments that the command takes."""
    text = (HOUSE / "README.md").read_text(encoding="utf-8")
    examples = re.findall(r"^\$ b12 (.*)$", text, re.MULTILINE)
    assert len(examples) >= len(COMMANDS)
    for example in examples:
        name, *arguments = shlex.split(example, comments=True)
        assert "  # " in example
        COMMANDS[name].make_context(name, arguments)


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


DATED = "inputs: {mma: 90 µmol/L, neurological: no, treatment_start: 2026-03-02}\n"


def test_calendar_is_printed_and_written(b12: Run, tmp_path: Path) -> None:
    """Without a file the table is printed; with one, the file stands there, lines ended by CRLF."""
    (tmp_path / "case.yaml").write_text(DATED, encoding="utf-8")
    printed = b12("calendar", "case.yaml")
    assert "2026-03-02, 2026-03-04" in " ".join(printed.stdout.split())
    assert b12("calendar", "case.yaml", "--ics", "doses.ics").stdout == "doses.ics\n"
    written = (tmp_path / "doses.ics").read_bytes()
    assert written.startswith(b"BEGIN:VCALENDAR\r\n")
    assert b"\r\r" not in written
    data = json.loads(b12("calendar", "case.yaml", "--json", "--days", "0").stdout)
    assert {event["day"] for event in data["events"]} == {0}


def test_calendar_overwrites_nothing(b12: Run, tmp_path: Path) -> None:
    """A file that stands there already is left as it is, and that is said."""
    (tmp_path / "doses.ics").write_text("mine", encoding="utf-8")
    done = b12("calendar", SEED, "--start", "2026-03-02", "--ics", "doses.ics")
    assert done.returncode == 1
    assert one_line(done) == "doses.ics: it exists already and is left as it is"
    assert (tmp_path / "doses.ics").read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--ics", "doses.ics"], "--ics needs --start, or treatment_start in the case"),
        (["--start", "soon"], "start is soon: expected a date; write it as year-month-day"),
        (["--days", "-1"], "days is -1: expected a number from 0 to 36500"),
    ],
)
def test_calendar_misused(b12: Run, tmp_path: Path, options: list[str], message: str) -> None:
    """A day that is none, a length that is none, a file without dates are misuse."""
    done = b12("calendar", SEED, *options)
    assert done.returncode == 2
    assert message in " ".join(done.stderr.split())
    assert not (tmp_path / "doses.ics").exists()


def test_assess_as_json_fits_the_published_schema(b12: Run, protocol: b12lib.Protocol) -> None:
    """The JSON form is valid under the schema that ``b12 schema assessment`` prints."""
    done = b12("assess", SEED, "--json")
    published = json.loads(b12("schema", "assessment").stdout)
    assert published == schema("assessment", protocol)
    jsonschema.validate(json.loads(done.stdout), published)


def test_assess_at_a_readers_level(b12: Run) -> None:
    """A patient gets plain words, the same JSON as everybody; a misspelt level is misuse."""
    plain = b12("assess", SEED, "--level", "patient")
    assert plain.returncode == 0
    assert "You should be treated with vitamin B12 at once." in plain.stdout
    assert "TN1" not in plain.stdout
    data = [b12("assess", SEED, "--level", name, "--json").stdout for name in Level]
    assert len(set(data)) == 1
    wrong = b12("assess", SEED, "--level", "nurse")
    assert wrong.returncode == 2
    assert "clinician" in wrong.stderr


def test_flips_lists_what_would_change_an_answer(b12: Run) -> None:
    """Each line has field, other value, decision, both answers and rule; the same as JSON."""
    listed = b12("flips", SEED)
    assert listed.returncode == 0
    line = next(line for line in listed.stdout.splitlines() if "treat_now" in line)
    assert line.split()[:3] == ["mma", "0.271", "µmol/L"]
    assert line.split()[-1] == "TR7"
    (flip,) = json.loads(b12("flips", SEED, "--decision", "treat_now", "--json").stdout)
    assert (flip["name"], flip["value"], flip["side"]) == ("mma", 271, "below")


@pytest.mark.parametrize(
    ("format_", "begins"),
    [
        ("md", "# Self-assessment\n"),
        ("moodle", "<?xml version='1.0' encoding='utf-8'?>\n<quiz>"),
        ("gift", "// - Protocol: Vitamin B12 deficiency"),
    ],
)
def test_quiz_prints_or_writes_each_format(
    b12: Run, tmp_path: Path, format_: str, begins: str
) -> None:
    """What is printed without a file is, byte for byte, what is written with one."""
    options = ("--questions", 2, "--level", 1, "--seed", 5, "--format", format_)
    printed = b12("quiz", *options)
    written = b12("quiz", *options, "-o", "class.txt")
    assert printed.stdout.startswith(begins)
    assert (tmp_path / "class.txt").read_bytes() == printed.stdout.encode()
    assert (written.returncode, written.stdout) == (0, "class.txt\n")


def test_quiz_says_how_many_questions_there_are(b12: Run) -> None:
    """More than there are is refused with what can be had; no traceback."""
    done = b12("quiz", "--questions", 2000, "--level", 1, "--profile", "uk-licence")
    assert done.returncode == 1
    assert re.search(r"only \d+ questions of level 1, 2000 were asked for", done.stderr)
    assert "Traceback" not in done.stderr


def test_flips_says_when_there_is_nothing_to_list(b12: Run) -> None:
    """Where no other value would change a decision, that is said."""
    done = b12("flips", SEED, "--decision", "homocysteine_target")
    assert done.returncode == 0
    assert "by itself" in done.stdout


def test_flips_of_a_decision_that_does_not_exist_is_misuse(b12: Run) -> None:
    """A misspelt decision is told, with the nearest name."""
    done = b12("flips", SEED, "--decision", "treet_now")
    assert done.returncode == 2
    assert "treat_now" in done.stderr
    done = b12("flips", SEED, "--decision", "zzz")
    assert "there is no decision zzz; decisions.md lists them" in done.stderr


def test_flips_under_a_profile(b12: Run) -> None:
    """A profile's own limits and rules change the answer."""
    found = json.loads(b12("flips", SEED, "--profile", "nice-ng239", "--json").stdout)
    rules = {rule for flip in found for change in flip["changes"] for rule in change["rules"]}
    assert "NMM1" in rules


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
    (folder / "cases").mkdir()
    (folder / "cases" / "gap.yaml").write_text("inputs: {b12: 133 pmol/L}\n", encoding="utf-8")
    found = json.loads(b12("check", "--protocol", folder, "--json").stdout)
    assert found["tables"][0]["kind"] == "gap"


def test_compare_shows_where_profiles_differ(b12: Run) -> None:
    """One case under the base and every profile: one row a decision, and why they differ."""
    done = b12("compare", SEED)
    assert done.returncode == 0
    assert "Why: Functional B12 deficiency" in done.stdout
    assert all(name in done.stdout for name in b12lib.profiles())


def test_compare_as_json_and_from_a_pipe(b12: Run) -> None:
    """The comparison is data too; a piped case is read once for all sides."""
    text = SEED.read_text(encoding="utf-8")
    done = b12("compare", "-", "--json", "--profile", "us-label", input=text)
    found = json.loads(done.stdout)
    assert [side["name"] for side in found["sides"]] == ["base", "us-label"]
    assert found["decisions"]["regimen"]["differs"]


def test_compare_shows_a_profile_once(b12: Run) -> None:
    """A profile that is named twice is one side."""
    twice = ("--profile", "uk-bnf", "--profile", "uk-bnf")
    found = json.loads(b12("compare", SEED, "--json", *twice).stdout)
    assert [side["name"] for side in found["sides"]] == ["base", "uk-bnf"]


def test_compare_refuses_what_every_side_refuses(b12: Run, tmp_path: Path) -> None:
    """A case that nobody can read is a message with the file's name and exit code 1."""
    (tmp_path / "bad.yaml").write_text("inputs: [", encoding="utf-8")
    done = b12("compare", "bad.yaml")
    assert done.returncode == 1
    assert "bad.yaml: " in done.stderr


def test_assess_under_a_profile(b12: Run) -> None:
    """A profile answers by its own tables and is named in the status."""
    done = b12("assess", SEED, "--profile", "nice-ng239")
    assert "Draw blood for the tests, then treat" in done.stdout
    assert "Profile nice-ng239: NICE guideline NG239 (2024), version" in done.stdout


def test_rules_and_schema_of_a_profile(b12: Run) -> None:
    """A profile's rules and fields are listed as the base's are."""
    assert (
        "profiles/nice-ng239/01-confirmation.md:"
        in b12("rules", "NDS1", "--profile", "nice-ng239").stdout
    )
    fields = json.loads(b12("schema", "--profile", "nice-ng239").stdout)
    assert "gut_removed" in fields["properties"]["inputs"]["properties"]


def test_unknown_profile_is_a_message(b12: Run) -> None:
    """A misspelt profile is refused with the one that was meant."""
    done = b12("assess", SEED, "--profile", "nice")
    assert done.returncode == 1
    assert "profiles/nice: there is no such profile" in done.stderr


def test_check_covers_every_profile(b12: Run) -> None:
    """The base and its profiles are checked together, or one of them alone."""
    names = b12lib.profiles()
    told = b12("check").stdout
    assert f" tables, and {len(names)} profiles ({', '.join(names)}): no gap, no overlap" in told
    assert "every claim that became a rule has one" in told
    alone = b12("check", "--profile", "uk-bnf").stdout
    assert " tables under uk-bnf: no gap, no overlap" in alone
    assert "claim" not in alone, "the ledger is not looked at"
    data = json.loads(b12("check", "--profile", "uk-bnf", "--json").stdout)
    assert data["profiles"] == ["uk-bnf"]


def test_check_finds_a_wrong_case_and_a_gap_in_a_profile(b12: Run, tmp_path: Path) -> None:
    """What is wrong in a profile is told with the profile's file; a gap before any case."""
    folder = copied_protocol(tmp_path, "schedule.md", "# Schedule", "# Schedule ")
    own = folder / "profiles" / "uk-licence"
    shutil.copytree(room("protocol") / "profiles" / "uk-licence", own)
    wrong = "inputs: {mma: 900 nmol/L}\nexpect: {treat_now: no}\n"
    (own / "cases" / "wrong.yaml").write_text(wrong, encoding="utf-8")
    done = b12("check", "--protocol", folder)
    assert done.returncode == 1
    assert "uk-licence/wrong.yaml: treat_now is immediately, expected no" in done.stdout
    lose_a_rule(own)
    done = b12("check", "--protocol", folder)
    assert done.returncode == 1
    assert "gap in profiles/uk-licence/04-treatment.md:" in done.stdout
    assert "wrong.yaml" not in done.stdout


def lose_a_rule(profile: Path) -> None:
    """Take one rule out of the regimens of the British licence."""
    table = (profile / "04-treatment.md").read_text(encoding="utf-8")
    rows = [line for line in table.splitlines() if not line.startswith("| RG4 |")]
    assert len(rows) == len(table.splitlines()) - 1
    (profile / "04-treatment.md").write_text("\n".join(rows) + "\n", encoding="utf-8")


def test_check_runs_the_worked_cases(b12: Run, tmp_path: Path) -> None:
    """A worked case that no longer gives what it expects fails the check."""
    folder = copied_protocol(tmp_path, "schedule.md", "# Schedule", "# Schedule ")
    (folder / "cases").mkdir()
    case = "inputs: {mma: 300 nmol/L}\nexpect: {treat_now: no}\n"
    (folder / "cases" / "wrong.yaml").write_text(case, encoding="utf-8")
    done = b12("check", "--protocol", folder)
    assert done.returncode == 1
    assert "wrong.yaml: " in done.stdout


def test_check_asks_for_a_case_behind_every_claim(b12: Run, tmp_path: Path) -> None:
    """A claim that became rules, none of which fires in a worked case, is named with its rules."""
    folder = copied_protocol(tmp_path, "schedule.md", "# Schedule", "# Schedule ")
    (folder / "cases").mkdir()
    case = "inputs: {autoimmune_thyroid_disease: yes}\nexpect: {treat_now: test first}\n"
    (folder / "cases" / "thyroid.yaml").write_text(case, encoding="utf-8")
    found = json.loads(b12("check", "--protocol", folder, "--json").stdout)["cases"]
    assert "claims.md: C44 became SX5, but in no worked case does one of them fire" in found
    assert not [line for line in found if line.startswith("claims.md: C37 ")]


@pytest.mark.parametrize(
    ("source", "fault"),
    [
        ("@nobody2020", "wrong.yaml: @nobody2020 is not in references.bib"),
        ("@seed C96", "wrong.yaml: C96 is not in claims.md"),
        (
            "A book.",
            "wrong.yaml: source: 'A book.' is not a source; write '@key' or '@key locator'",
        ),
    ],
)
def test_check_follows_the_sources_of_a_case(
    b12: Run, tmp_path: Path, source: str, fault: str
) -> None:
    """A worked case that rests on a source that is not there fails the check."""
    folder = copied_protocol(tmp_path, "schedule.md", "# Schedule", "# Schedule ")
    (folder / "cases").mkdir()
    case = f"source: '{source}'\ninputs: {{mma: 300 nmol/L}}\nexpect: {{treat_now: immediately}}\n"
    (folder / "cases" / "wrong.yaml").write_text(case, encoding="utf-8")
    found = json.loads(b12("check", "--protocol", folder, "--json").stdout)
    assert found["cases"] == [fault]


def small_cases(folder: Path, **cases: str) -> None:
    """Write worked cases of a copied protocol into a subfolder."""
    (folder / "cases" / "small").mkdir(parents=True)
    for name, text in cases.items():
        (folder / "cases" / "small" / f"{name}.yaml").write_text(text, encoding="utf-8")


def test_check_wants_a_refused_case_to_be_refused(b12: Run, tmp_path: Path) -> None:
    """A case may say which fields must be told as faulty; anything else fails the check."""
    folder = copied_protocol(tmp_path, "schedule.md", "# Schedule", "# Schedule ")
    small_cases(
        folder,
        a_right='inputs: {mma: "90"}\nrefused: [mma]\n',
        b_decided="inputs: {mma: 90 nmol/L}\nrefused: [mma]\n",
        c_otherwise='inputs: {mma: "90"}\nrefused: [b12]\n',
        d_useless='inputs: {mma: "90"}\nrefused: [mma]\nexpect: {treat_now: no}\n',
        e_unexpected='inputs: {mma: "90"}\nexpect: {treat_now: no}\n',
        f_broken="refused: [\n",
    )
    told = json.loads(b12("check", "--protocol", folder, "--json").stdout)["cases"]
    assert [line.split(" =")[0].split(": line")[0] for line in told] == [
        "small/c_otherwise.yaml: it is refused: mma",
        "small/c_otherwise.yaml: b12 is not told as faulty, expected a refusal",
        "small/d_useless.yaml: it is refused before anything is decided; leave out 'expect'",
        "small/e_unexpected.yaml: it is refused: mma",
        "small/f_broken.yaml: it is refused: f_broken.yaml",
        "small/b_decided.yaml: mma is not told as faulty, expected a refusal",
    ]


def test_verify_lists_a_gap_and_stops_there(b12: Run, tmp_path: Path) -> None:
    """After a gap no case and no change is tried; the summary says so, and the exit code is 1."""
    folder = copied_protocol(tmp_path, "01-confirmation.md", "| TB2 | [133..", "| TB2 | (133..")
    small_cases(folder, gap="inputs: {b12: 133 pmol/L}\n")
    done = b12("verify", "--protocol", folder)
    assert done.returncode == 1
    assert "1 gap, overlap or dead rule" in done.stdout
    assert "gap in 01-confirmation.md:" in done.stdout
    assert "a table with a fault decides nothing" in done.stdout
    found = json.loads(b12("verify", "--protocol", folder, "--json").stdout)
    assert found["faults"][0]["example"] == {"b12": "133"}
    assert (found["passed"], found["rules"], found["limits"]) == (False, {}, [])


def test_verify_under_a_profile(b12: Run, tmp_path: Path) -> None:
    """What is verified is the profile's tables, and the result names it."""
    folder = copied_protocol(tmp_path, "schedule.md", "# Schedule", "# Schedule ")
    own = folder / "profiles" / "uk-licence"
    shutil.copytree(room("protocol") / "profiles" / "uk-licence", own)
    lose_a_rule(own)
    done = b12("verify", "--protocol", folder, "--profile", "uk-licence", "--json")
    assert done.returncode == 1
    found = json.loads(done.stdout)
    assert found["protocol"]["profile"]["name"] == "uk-licence"
    assert found["faults"][0]["file"].startswith("profiles/uk-licence/04-treatment.md:")
    text = b12("verify", "--protocol", folder, "--profile", "uk-licence").stdout
    assert "(uk-licence), version" in " ".join(text.split())


def test_verify_refuses_a_broken_protocol_as_check_does(b12: Run, tmp_path: Path) -> None:
    """What cannot be loaded cannot be verified; the refusal is JSON when JSON was asked for."""
    folder = copied_protocol(tmp_path, "01-confirmation.md", "| TB1 | < 133", "| TB1 | below 133")
    done = b12("verify", "--protocol", folder, "--json")
    assert done.returncode == 1
    assert json.loads(done.stdout)["refused"][0]["place"]["rule"] == "TB1"


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
    assert [rule["id"] for rule in json.loads(b12("rules", "--json").stdout)] == [*protocol.rules]


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


def test_a_rule_of_a_profile_is_told_with_its_profile(b12: Run) -> None:
    """Asking the base for a rule that only a profile has says where it is."""
    done = b12("rules", "nds1")
    assert done.returncode == 2
    assert "NDS1 is a rule of nice-ng239; add --profile nice-ng239" in done.stderr


def test_a_rule_says_how_well_it_is_supported(b12: Run) -> None:
    """One rule tells whether its sources were read, and whether the seed has it at all."""
    shown = b12("rules", "FD1").stdout
    assert "support  support unverified" in shown
    assert "addition  yes" in shown
    assert "support  a source that was read" in b12("rules", "DS1").stdout
    data = json.loads(b12("rules", "SX5", "--json").stdout)
    assert (data["support"], data["addition"]) == ("seed", False)


def test_claims_lists_every_claim(b12: Run, protocol: b12lib.Protocol) -> None:
    """Every claim of the seed stands in the list with what it became, in text and in JSON."""
    listed = b12("claims").stdout
    assert all(claim in listed for claim in protocol.claims)
    data = json.loads(b12("claims", "--json").stdout)
    assert [item["id"] for item in data] == [*protocol.claims]
    assert "month-3" in next(item for item in data if item["id"] == "C31")["became"]["schedule"]


def test_one_claim_is_shown_in_full(b12: Run) -> None:
    """A claim is shown with verdict, rules, the cases that show them, and how its sources stand."""
    shown = b12("claims", "c16").stdout
    for part in (
        *("verdict  contradicted", "what follows  Faithful to the seed", "rules NS5, NS6"),
        *("cases  ", "glossitis-only", "@devalia2006 case 1: Read for this protocol, 2026-11-22."),
        "https://doi.org/10.1136/bmj.333.7564.385",
    ):
        assert part in shown
    shown = b12("claims", "D5").stdout
    for part in ("became  —", "cases  none", "what follows  none: "):
        assert part in shown
    assert "sources  none" in b12("claims", "C44").stdout


@pytest.mark.parametrize(
    ("arguments", "found"),
    [
        (("--verdict", "Unit Trap"), ["C02", "D1"]),
        (("--section", "folate", "--verdict", "supported"), ["C28"]),
        (("--rule", "sx1"), ["C37", "C38", "C39"]),
        (("C37", "--rule", "SX1"), ["C37"]),
        (("C37", "--rule", "SX2"), []),
    ],
)
def test_claims_are_filtered(b12: Run, arguments: tuple[str, ...], found: list[str]) -> None:
    """Verdict, section and rule narrow the list, whatever the capitals; all must hold."""
    data = json.loads(b12("claims", *arguments, "--json").stdout)
    assert [item["id"] for item in data] == found


def test_no_claim_is_said_plainly(b12: Run) -> None:
    """Filters that leave nothing say so."""
    assert b12("claims", "C01", "--verdict", "supported").stdout == "No claim is all of that.\n"


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("C99",), "there is no claim C99"),
        (("--verdict", "true"), "there is no verdict true; there are "),
        (("--section", "Drugs"), "there is no section Drugs; there are "),
        (("--rule", "ZZ9"), "there is no rule ZZ9; there are "),
    ],
)
def test_what_the_ledger_does_not_know_is_misuse(
    b12: Run, arguments: tuple[str, ...], told: str
) -> None:
    """A claim, verdict, section or rule that is not there is named, with those that are."""
    done = b12("claims", *arguments)
    assert done.returncode == 2
    assert told in " ".join(done.stderr.split())


def test_inputs_lists_every_field(b12: Run, protocol: b12lib.Protocol) -> None:
    """The fields of a case and of its visits are listed with what they hold, in their words."""
    shown = b12("rules", "--inputs").stdout
    visit = [f"visits: {name}" for name in case_fields(protocol.visits)]
    fields = [*case_fields(protocol), *visit]
    assert all(name in shown for name in fields)
    holds = {
        name: line.rpartition("  ")[2]
        for line in map(str.strip, shown.splitlines())
        for name in line.split()[:1]
    }
    assert holds["pregnant"] == "yes, no, unknown"
    assert holds["sex"] == "female, male, unknown"
    assert holds["mcv"] == "a number in fL"
    assert holds["treatment_start"] == "a date, written year-month-day"
    assert set(json.loads(b12("rules", "--inputs", "--json").stdout)) == set(fields)


def one_line(done: subprocess.CompletedProcess[str]) -> str:
    """Return what a failed run says on standard error: one line, and exit code 1."""
    assert done.returncode == 1
    [line] = done.stderr.splitlines()
    return line


def test_odd_paths_are_only_paths(b12: Run, tmp_path: Path) -> None:
    """Brackets, colons and braces in a path mean nothing to rich or papermill."""
    names = ["[x]", "x]:warning:"]
    for name in names:
        (tmp_path / f"{name}.yaml").write_text(MINIMAL, encoding="utf-8")
    (tmp_path / "t{z}").mkdir()
    scratch = {**os.environ, "TMPDIR": str(tmp_path / "t{z}")}
    done = b12("report", *(f"{name}.yaml" for name in names), "-o", "{rep}", env=scratch)
    assert done.stdout.splitlines() == [f"{{rep}}/{name}.html" for name in names]
    assert all((tmp_path / line).is_file() for line in done.stdout.splitlines())


def test_a_refusal_is_printed_as_it_is(b12: Run, tmp_path: Path) -> None:
    """What looks like markup or an emoji in a case is told as it stands there."""
    (tmp_path / "bad.yaml").write_text("inputs: {'[red]:warning:[/x]': 90}", encoding="utf-8")
    assert "  [red]:warning:[/x] = 90: there is no" in b12("assess", "bad.yaml").stderr


def test_a_report_that_cannot_be_written_is_one_line(b12: Run, tmp_path: Path) -> None:
    """A folder that is a file, or below one, and a name that is a folder, are told in one line."""
    (tmp_path / "file").touch()
    (tmp_path / "seed-as-asked.html").mkdir()
    assert one_line(b12("report", SEED, "-o", "file")) == "file: File exists"
    assert one_line(b12("report", SEED, "-o", "file/x")) == "file/x: Not a directory"
    assert one_line(b12("report", SEED, "-o", ".")) == "seed-as-asked.html: Is a directory"
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["file", "seed-as-asked.html"]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full here")
@pytest.mark.parametrize("arguments", [("rules",), ("rules", "--json"), ("--help",)])
def test_full_disk_is_one_line(b12: Run, arguments: tuple[str, ...]) -> None:
    """Output that cannot be written is told in one line."""
    with open("/dev/full", "w", encoding="utf-8") as full:
        done = b12(*arguments, capture_output=False, stdout=full, stderr=subprocess.PIPE)
    assert one_line(done) == "No space left on device"


def test_a_terminal_that_knows_only_ascii(b12: Run) -> None:
    """A character that the terminal cannot show becomes a ?; JSON stays whole."""
    ascii_only = {**os.environ, "PYTHONIOENCODING": "ascii"}
    assert "90 ?mol/L" in b12("assess", SEED, env=ascii_only).stdout
    assert b12("rules", env=ascii_only).returncode == 0
    written = json.loads(b12("assess", SEED, "--json", env=ascii_only).stdout)
    assert written["case"]["given"]["mma"] == "90 µmol/L"


def test_stopping_is_no_traceback(tmp_path: Path) -> None:
    """Ctrl-C ends the program with exit code 130 and without a word."""
    folder = tmp_path / "rep"
    pipe = subprocess.PIPE
    command = [*COMMAND, "report", str(SEED), "-o", str(folder)]
    # Tests run in the background hand on that Ctrl-C is ignored; a shell in front does not.
    hear = partial(signal.signal, signal.SIGINT, signal.SIG_DFL)
    with subprocess.Popen(command, stdout=pipe, stderr=pipe, text=True, preexec_fn=hear) as running:
        while not folder.exists():  # made when the cases are read, just before the first notebook
            assert running.poll() is None
        running.send_signal(signal.SIGINT)
        _, told = running.communicate()
    assert running.returncode == 130
    assert "Traceback" not in told
    assert list(folder.iterdir()) == []


def test_version_and_short_help(b12: Run) -> None:
    """The version is told without a command; -h is help, for a command too."""
    assert b12("--version").stdout == f"b12lib {b12lib.__version__}\n"
    assert b12("-h").stdout == b12("--help").stdout
    assert "--json" in b12("assess", "-h").stdout


def test_a_refusal_is_json_for_who_asked_for_json(b12: Run, tmp_path: Path) -> None:
    """With --json the faults of a case or a protocol come as JSON too; the text is the same."""
    (tmp_path / "bad.yaml").write_text("inputs: {mma: 90, mvc: 104 fL}\n", encoding="utf-8")
    done = b12("assess", "bad.yaml", "--json")
    assert done.returncode == 1
    mma, mvc = json.loads(done.stdout)["refused"]
    assert list(mma) == ["field", "value", "expected", "mend", "fields"]
    assert (mma["field"], mma["value"], mvc["mend"]) == ("mma", "90", "did you mean mcv?")
    assert done.stderr == b12("assess", "bad.yaml").stderr
    folder = copied_protocol(tmp_path, "01-confirmation.md", "| TB1 | < 133", "| TB1 | below 133")
    for command in (("check",), ("rules",), ("assess", SEED)):
        done = b12(*command, "--protocol", folder, "--json")
        [fault] = json.loads(done.stdout)["refused"]
        assert (fault["place"]["file"], fault["place"]["rule"]) == ("01-confirmation.md", "TB1")
        assert fault["problem"] in done.stderr


def test_a_rule_and_inputs_together_are_misuse(b12: Run) -> None:
    """One rule and the list of fields cannot both be asked for."""
    assert b12("rules", "DS1", "--inputs").returncode == 2


def test_a_narrow_terminal_folds_names(tmp_path: Path, protocol: b12lib.Protocol) -> None:
    """On a terminal of 30 columns names are broken into lines, and nothing is cut off."""
    pty = pytest.importorskip("pty")
    for arguments, names in ((["rules"], protocol.rules), (["rules", "--inputs"], ["mma_limit"])):
        leader, follower = pty.openpty()
        width = {**os.environ, "COLUMNS": "30", "LINES": "24", "TERM": "dumb"}
        with subprocess.Popen(
            [*COMMAND, *arguments], stdout=follower, cwd=tmp_path, env=width
        ) as running:
            os.close(follower)
            shown = b""
            try:
                while part := os.read(leader, 65536):
                    shown += part
            except OSError:  # how a pseudo-terminal says that nobody writes to it any more
                pass
        os.close(leader)
        text = shown.decode()
        assert running.returncode == 0
        assert "…" not in text
        assert max(len(line) for line in text.splitlines()) <= 30
        if arguments == ["rules"]:
            assert {line.split()[0] for line in text.splitlines() if line[:1].isalnum()} >= {*names}


def test_a_case_comes_through_a_pipe(b12: Run) -> None:
    """A case is read from standard input when its file is called -, whatever the encoding."""
    ascii_only = {**os.environ, "PYTHONIOENCODING": "ascii"}
    case = SEED.read_text(encoding="utf-8")
    done = b12("assess", "-", "--json", input=case, env=ascii_only)
    assert done.stdout == b12("assess", SEED, "--json", env=ascii_only).stdout
    assert "standard input: line 1: " in b12("assess", "-", input="inputs: {").stderr
    written = b12("report", "-", input=case)
    assert written.stdout == "reports/standard-input.html\n"
    assert b12("report", "-", input="").stderr.splitlines()[1:] == ["  standard input: it is empty"]
    done = b12("assess", "-", input=b"\xff", text=False, encoding=None)
    assert b"standard input: it is not UTF-8 text" in done.stderr


def test_broken_yaml_names_its_file(b12: Run, tmp_path: Path) -> None:
    """A fault of a whole file is told by the file's name, once."""
    (tmp_path / "broken.yaml").write_text("inputs: {", encoding="utf-8")
    assert "\n  broken.yaml: line 1: " in b12("assess", "broken.yaml").stderr
    refused = b12("report", "broken.yaml", "nowhere.yaml").stderr
    assert "\n  broken.yaml: line 1: " in refused
    assert "\n  nowhere.yaml: cannot be opened: " in refused


def test_worked_cases_may_be_yml_or_json(b12: Run, tmp_path: Path) -> None:
    """The check runs every case file of the protocol, however its name ends."""
    folder = copied_protocol(tmp_path, "schedule.md", "# Schedule", "# Schedule ")
    (folder / "cases").mkdir()
    case = '{"inputs": {"mma": "300 nmol/L"}, "expect": {"treat_now": "no"}}'
    for name in ("a.yaml", "b.yml", "c.json", "notes.txt"):
        (folder / "cases" / name).write_text(case, encoding="utf-8")
    told = b12("check", "--protocol", folder).stdout.splitlines()
    assert [line.split(":")[0] for line in told] == ["a.yaml", "b.yml", "c.json"]
