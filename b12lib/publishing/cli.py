"""The command line, ``b12``.

Exit codes: 0 done, 1 something was refused, found or could not be written, 2 misused, 130 stopped.
"""

from __future__ import annotations

import io
import json
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markdown import Markdown
from rich.table import Table
from rich.text import Text

import b12lib
from b12lib.errors import B12Error, CaseError, ProtocolError, did_you_mean
from b12lib.explaining.wording import cell, word, words
from b12lib.reading.protocol import Protocol
from b12lib.reading.sources import SUPPORT, is_addition, support
from b12lib.reading.tables import HIT_POLICIES, DecisionTable, Rule
from b12lib.showing import verification
from b12lib.showing.document import cited
from b12lib.showing.record import flip_records
from b12lib.showing.record import schema as json_schema
from b12lib.showing.verification import fault_line, fault_record
from b12lib.verifying.check import check as check_tables
from b12lib.verifying.check import check_ids

app = typer.Typer(
    help="An executable, literate clinical protocol for vitamin B12 deficiency. For education.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
WIDTH = None if sys.stdout.isatty() else 140
# What is printed is meant literally: a path or a cell may look like rich's markup.
out = Console(width=WIDTH, highlight=False, markup=False, emoji=False)
err = Console(stderr=True, highlight=False, markup=False, emoji=False)

CaseFile = Annotated[Path, typer.Argument(help="A case: a YAML or JSON file; - is standard input.")]
Folder = Annotated[
    Path | None,
    typer.Option(
        "--protocol", help="Folder of another protocol; default: the one that comes with b12lib."
    ),
]
ProfileName = Annotated[
    str | None,
    typer.Option("--profile", help="A profile of the protocol, such as nice-ng239; default: none."),
]
ProfileNames = Annotated[
    list[str] | None,
    typer.Option("--profile", help="A profile to compare; may be repeated; default: all."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for another program.")]


class Kind(StrEnum):
    """What ``b12 schema`` can describe."""

    case = "case"
    assessment = "assessment"


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"b12lib {b12lib.__version__}")
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version."),
    ] = False,
) -> None:
    """Hold what stands before a command."""


@app.command()
def assess(
    case: CaseFile,
    protocol: Folder = None,
    profile: ProfileName = None,
    as_json: AsJson = False,
) -> None:
    """Decide one case and say why."""
    from b12lib.publishing.case_files import read_file

    with _refusals(as_json):
        assessment = b12lib.assess(read_file(case, b12lib.load_protocol(protocol, profile)))
    if as_json:
        _print_json(assessment.to_dict())
    else:
        out.print(Markdown(assessment._repr_markdown_()))


@app.command()
def flips(
    case: CaseFile,
    decision: Annotated[
        list[str] | None,
        typer.Option(help="A decision to look at; default: all findings and treatment."),
    ] = None,
    protocol: Folder = None,
    as_json: AsJson = False,
) -> None:
    """List the nearest other values of what is known that would change an answer."""
    from b12lib.publishing.case_files import read_file

    with _refusals(as_json):
        loaded = b12lib.load_protocol(protocol)
        assessment = b12lib.assess(read_file(case, loaded))
    for name in decision or ():
        if name not in loaded.decisions:
            hint = did_you_mean(name, loaded.decisions)
            raise typer.BadParameter(f"there is no decision {name}. {hint}".strip())
    found = assessment.flips(decision)
    if as_json:
        _print_json(flip_records(found))
        return
    if not found:
        out.print("No other value of anything known would by itself change the answer.")
        return
    rows = [
        (flip.name, flip.written, change.decision, words(change.now), words(change.then), ids)
        for flip in found
        for change in flip.changes
        for ids in [", ".join(change.rules)]
    ]
    _print_table(("field", "if it were", "decision", "now", "then", "rules"), rows)


@app.command()
def compare(
    case: CaseFile,
    protocol: Folder = None,
    profile: ProfileNames = None,
    as_json: AsJson = False,
) -> None:
    """Decide one case under the base protocol and its profiles, and say where they differ."""
    from b12lib.publishing.case_files import compare_file

    with _refusals(as_json):
        comparison = compare_file(case, profile, protocol)
    if as_json:
        _print_json(comparison.to_dict())
    else:
        out.print(Markdown(comparison._repr_markdown_()))


@app.command()
def report(
    cases: Annotated[list[Path], typer.Argument(help="Cases: YAML or JSON files.")],
    folder: Annotated[Path, typer.Option("--out", "-o", help="Folder for the reports.")] = Path(
        "reports"
    ),
    protocol: Folder = None,
    profile: ProfileName = None,
) -> None:
    """Write one self-contained HTML report for each case; none if a case is refused."""
    from b12lib.publishing.report import write_reports

    for written in write_reports(cases, folder, protocol, profile):
        out.print(str(written), soft_wrap=True)


@app.command()
def check(protocol: Folder = None, profile: ProfileName = None, as_json: AsJson = False) -> None:
    """Look for gaps, overlaps and dead rules, and run the worked cases.

    Without --profile the base protocol and all its profiles are checked, each with its own cases.
    """
    from b12lib.publishing.worked_cases import unshown_claims, wrong_cases

    names = [profile] if profile else [None, *b12lib.profiles(protocol)]
    with _refusals(as_json):
        everything = [b12lib.load_protocol(protocol, name) for name in names]
    loaded = everything[0]
    found = [fault for each in everything for fault in check_tables(each)]
    found += check_ids(everything)
    faults = list({fault_line(fault): fault for fault in found}.values())
    cases: list[str] = []
    if not faults:  # a table with a gap decides nothing
        cases = [line for each in everything for line in wrong_cases(each, protocol)]
    if not faults and not cases and not profile:
        cases = unshown_claims(loaded, protocol)
    if as_json:
        _print_json(
            {
                "rules": len(loaded.rules),
                "profiles": [each.profile.name for each in everything if each.profile],
                "tables": [fault_record(fault) for fault in faults],
                "cases": cases,
            }
        )
    else:
        for fault in faults:
            out.print(fault_line(fault), style="red")
        for line in cases:
            out.print(line, style="red")
        if not faults and not cases:
            out.print(
                f"{len(loaded.rules)} rules in {len(loaded.written)} tables"
                f"{_and_profiles(everything)}: no gap, no overlap, no dead rule; every worked case "
                "gives what it expects; every claim that became a rule has one.",
                style="green",
                soft_wrap=True,
            )
    if faults or cases:
        raise typer.Exit(1)


@app.command()
def verify(protocol: Folder = None, as_json: AsJson = False) -> None:
    """Do all that check does; find what is unused, untried, or could change unnoticed."""
    from b12lib.publishing.worked_cases import read_cases
    from b12lib.verifying.verification import verify as verify_protocol

    with _refusals(as_json):
        loaded = b12lib.load_protocol(protocol)
    found = verify_protocol(loaded, *read_cases(loaded, protocol))
    if as_json:
        _print_json(verification.record(found))
    else:
        out.print(Markdown(verification.markdown(found)))
    if not found.passed:
        raise typer.Exit(1)


@app.command()
def rules(
    id: Annotated[str | None, typer.Argument(help="A rule, such as DS1.")] = None,
    inputs: Annotated[bool, typer.Option("--inputs", help="List the fields of a case.")] = False,
    protocol: Folder = None,
    profile: ProfileName = None,
    as_json: AsJson = False,
) -> None:
    """List the rules, show one of them, or list the fields that a case may have."""
    if inputs and id is not None:
        raise typer.BadParameter("give a rule or --inputs, not both")
    with _refusals(as_json):
        loaded = b12lib.load_protocol(protocol, profile)
    if inputs:
        _list_inputs(loaded, as_json)
    elif id is None:
        _list_rules(loaded, as_json)
    elif id.upper() in loaded.rules:
        _show_rule(_described(*loaded.rules[id.upper()], loaded), as_json)
    else:
        raise typer.BadParameter(f"there is no rule {id}; 'b12 rules' lists them")


@app.command()
def claims(
    id: Annotated[str | None, typer.Argument(help="A claim of the seed, such as C16.")] = None,
    verdict: Annotated[str | None, typer.Option(help="Only claims of this verdict.")] = None,
    section: Annotated[str | None, typer.Option(help="Only claims of this section.")] = None,
    rule: Annotated[str | None, typer.Option(help="Only claims that became this rule.")] = None,
    protocol: Folder = None,
    as_json: AsJson = False,
) -> None:
    """List what the seed claims and what sources say of it, or show one claim in full."""
    from b12lib.publishing.claims import chosen, described
    from b12lib.publishing.worked_cases import cases_by_claim

    with _refusals(as_json):
        loaded = b12lib.load_protocol(protocol)
        cases = cases_by_claim(loaded, protocol)
    if id is not None and id.upper() not in loaded.claims:
        raise typer.BadParameter(f"there is no claim {id}; 'b12 claims' lists them")
    try:
        picked = chosen(loaded, verdict, section, rule)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from error
    if id is not None:
        picked = [claim for claim in picked if claim.id == id.upper()]
    data = [described(claim, loaded, cases) for claim in picked]
    if as_json:
        _print_json(data)
    elif id is not None and data:
        _show_claim(data[0])
    elif data:
        columns = ("claim", "verdict", "the seed says", "became")
        rows = [
            tuple(_became(item) if c == "became" else item[c] for c in columns) for item in data
        ]
        _print_table(columns, rows)
    else:
        out.print("No claim is all of that.")


@app.command()
def schema(
    kind: Annotated[Kind, typer.Argument()] = Kind.case,
    protocol: Folder = None,
    profile: ProfileName = None,
) -> None:
    """Print the JSON Schema of a case or of an assessment."""
    _print_json(json_schema(kind.value, b12lib.load_protocol(protocol, profile)))


@app.command()
def notebooks() -> None:
    """Run the notebooks of the checkout and store their outputs; after a table has changed."""
    from b12lib.publishing.examples import notebooks, store_outputs

    for file in notebooks():
        store_outputs(file)
        out.print(str(file), soft_wrap=True)


@app.command()
def site(
    folder: Annotated[Path, typer.Option("--out", "-o", help="Folder for the site.")] = Path(
        "public"
    ),
) -> None:
    """Check the notebooks, write the worked cases' reports, and build the static site."""
    from b12lib.publishing.examples import check_notebooks, notebooks
    from b12lib.publishing.site import build

    check()
    check_notebooks(notebooks())
    out.print(f"open {build(folder) / 'index.html'}", soft_wrap=True)


def _and_profiles(protocols: Sequence[Protocol]) -> str:
    """Say which profiles were checked; nothing where there are none."""
    names = [each.profile.name for each in protocols if each.profile]
    return f", with {' and '.join(names)}" if names else ""


def _described(table: DecisionTable, rule: Rule, protocol: Protocol) -> dict[str, Any]:
    outputs = zip(table.outputs, rule.outputs, strict=True)
    return {
        "rule": rule.id,
        "table": table.title,
        "hit policy": HIT_POLICIES[table.hit_policy],
        "place": f"{rule.place.file}:{rule.place.line}",
        "when": {
            column.name: cell(rule, column.name, protocol)
            for column, test in zip(table.columns, rule.inputs, strict=True)
            if test.text != "-"
        },
        "then": {name: word(value) for name, value in outputs},
        "why": rule.rationale,
        "sources": cited(rule.sources),
        "support": support(rule.sources, protocol.references),
        "addition": is_addition(rule.sources),
    }


def _show_claim(described: dict[str, Any]) -> None:
    shown = described | {
        "became": _became(described),
        "cases": ", ".join(described["cases"]) or "none",
        "sources": "".join(
            "\n  {source}: {verified}, {checked}. {link}".format(**source).rstrip()
            for source in described["sources"]
        )
        or "none",
    }
    for name, value in shown.items():
        out.print(Text.assemble((name, "bold"), f"  {value}"), soft_wrap=True)


def _became(described: dict[str, Any]) -> str:
    return "; ".join(f"{kind} {', '.join(ids)}" for kind, ids in described["became"].items()) or "—"


def _show_rule(described: dict[str, Any], as_json: bool) -> None:
    if as_json:
        _print_json(described)
        return
    told = described | {
        "support": SUPPORT[described["support"]] or "a source that was read",
        "addition": word(described["addition"]),
    }
    for name, value in told.items():
        shown = value if isinstance(value, str) else _pairs(value)
        out.print(Text.assemble((name, "bold"), f"  {shown}"), soft_wrap=True)


def _list_rules(protocol: Protocol, as_json: bool) -> None:
    described = [_described(table, rule, protocol) for table, rule in protocol.rules.values()]
    if as_json:
        _print_json(described)
        return
    rows = [
        (item["rule"], _pairs(item["when"], " "), _pairs(item["then"]), item["sources"])
        for item in described
    ]
    _print_table(("rule", "when", "then", "sources"), rows)


def _list_inputs(protocol: Protocol, as_json: bool) -> None:
    case = json_schema("case", protocol)["properties"]
    visit = case["visits"]["items"]["properties"]
    fields = case["inputs"]["properties"] | {
        f"visits: {name}": field for name, field in visit.items() if "title" in field
    }
    if as_json:
        _print_json(fields)
        return
    rows = []
    for name, field in fields.items():
        holds = field.get("enum", [field.get("description", "a date")])
        rows.append((name, field["title"], ", ".join(dict.fromkeys(map(word, holds)))))
    _print_table(("field", "label", "holds"), rows)


def _pairs(values: dict[str, str], between: str = ": ") -> str:
    return "; ".join(f"{name}{between}{value}" for name, value in values.items())


def _print_table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> None:
    """Print a plain table; its first column, the names, is broken only where it must be."""
    table = Table(box=None, padding=(0, 2, 0, 0))
    longest = max(len(row[0]) for row in rows)
    for name in head:
        whole = name == head[0] and longest < out.width // 2
        table.add_column(name, no_wrap=whole, overflow="fold")
    for row in rows:
        table.add_row(*row)
    out.print(table)


def _print_json(data: object) -> None:
    """Print JSON, in plain ASCII where the terminal knows no more."""
    ascii_only = not (sys.stdout.encoding or "").lower().startswith("utf")
    typer.echo(json.dumps(data, ensure_ascii=ascii_only, indent=2))


@contextmanager
def _refusals(as_json: bool) -> Iterator[None]:
    """Tell a refusal as JSON too, to a program that asked for JSON."""
    try:
        yield
    except (CaseError, ProtocolError) as refusal:
        if as_json:
            _print_json({"refused": [asdict(fault) for fault in refusal.faults]})
        raise


def main() -> None:
    """Run the command line; what goes wrong is a message and an exit code, never a traceback."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a character it cannot write becomes a ?
            stream.reconfigure(errors="replace")
    if isinstance(sys.stdin, io.TextIOWrapper):
        sys.stdin.reconfigure(encoding="utf-8", errors="strict")
    try:
        app()
    except B12Error as error:
        err.print(str(error), style="red", soft_wrap=True)
        sys.exit(1)
    except OSError as error:
        about = error.filename2 or error.filename
        reason = error.strerror or str(error)
        err.print(f"{about}: {reason}" if about else reason, style="red", soft_wrap=True)
        _give_up_output()
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)


def _give_up_output() -> None:
    """Throw away what could not be written, so that Python does not try once more at its end."""
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
