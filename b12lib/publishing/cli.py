"""The command line, ``b12``. Exit codes: 0 done, 1 something was refused or found, 2 misused."""

from __future__ import annotations

import json
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markdown import Markdown
from rich.markup import escape
from rich.table import Table

import b12lib
from b12lib.errors import B12Error
from b12lib.explaining.check import check as check_tables
from b12lib.explaining.wording import cell, word
from b12lib.reading.protocol import Protocol
from b12lib.reading.tables import DecisionTable, Rule, spelled
from b12lib.showing.document import cited
from b12lib.showing.record import schema as json_schema

app = typer.Typer(
    help="An executable, literate clinical protocol for vitamin B12 deficiency. For education.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
WIDTH = None if sys.stdout.isatty() else 140
out = Console(width=WIDTH, highlight=False)
err = Console(stderr=True, highlight=False)

CaseFile = Annotated[Path, typer.Argument(help="A case: a YAML or JSON file.")]
Folder = Annotated[
    Path | None,
    typer.Option(
        "--protocol", help="Folder of another protocol; default: the one that comes with b12lib."
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for another program.")]


class Kind(StrEnum):
    """What ``b12 schema`` can describe."""

    case = "case"
    assessment = "assessment"


@app.command()
def assess(case: CaseFile, protocol: Folder = None, as_json: AsJson = False) -> None:
    """Decide one case and say why."""
    assessment = b12lib.assess(case, b12lib.load_protocol(protocol))
    if as_json:
        _print_json(assessment.to_dict())
    else:
        out.print(Markdown(assessment._repr_markdown_()))


@app.command()
def report(
    cases: Annotated[list[Path], typer.Argument(help="Cases: YAML or JSON files.")],
    folder: Annotated[Path, typer.Option("--out", "-o", help="Folder for the reports.")] = Path(
        "reports"
    ),
    protocol: Folder = None,
) -> None:
    """Write one self-contained HTML report for each case; none if a case is refused."""
    from b12lib.publishing.report import write_reports

    for written in write_reports(cases, folder, protocol):
        out.print(str(written), soft_wrap=True)


@app.command()
def check(protocol: Folder = None, as_json: AsJson = False) -> None:
    """Load the protocol, look for gaps, overlaps and dead rules, and run its worked cases."""
    from b12lib.publishing.worked_cases import wrong_cases

    loaded = b12lib.load_protocol(protocol)
    faults = [
        {
            "kind": fault.kind,
            "table": fault.table.title,
            "file": str(fault.table.place),
            "rules": list(fault.rules),
            "example": {name: spelled(value) for name, value in fault.example.items()},
        }
        for fault in check_tables(loaded)
    ]
    cases = wrong_cases(loaded, protocol)
    if as_json:
        _print_json({"rules": len(loaded.rules), "tables": faults, "cases": cases})
    else:
        for fault in faults:
            example = ", ".join(f"{name} = {value}" for name, value in fault["example"].items())  # type: ignore[attr-defined]
            rules = ", ".join(fault["rules"])
            out.print(escape(f"{fault['kind']} in {fault['file']}: {rules} {example}"), style="red")
        for line in cases:
            out.print(escape(line), style="red")
        if not faults and not cases:
            tables = len(loaded.tables)
            out.print(
                f"{len(loaded.rules)} rules in {tables} tables: no gap, no overlap, no dead rule; "
                "every worked case gives what it expects.",
                style="green",
                soft_wrap=True,
            )
    if faults or cases:
        raise typer.Exit(1)


@app.command()
def rules(
    id: Annotated[str | None, typer.Argument(help="A rule, such as DS1.")] = None,
    inputs: Annotated[bool, typer.Option("--inputs", help="List the fields of a case.")] = False,
    protocol: Folder = None,
    as_json: AsJson = False,
) -> None:
    """List the rules, show one of them, or list the fields that a case may have."""
    loaded = b12lib.load_protocol(protocol)
    if inputs:
        _list_inputs(loaded, as_json)
    elif id is None:
        _list_rules(loaded, as_json)
    elif id.upper() in loaded.rules:
        table, rule = loaded.rules[id.upper()]
        described = _described(table, rule, loaded)
        if as_json:
            _print_json(described)
        else:
            for name, value in described.items():
                shown = (
                    value
                    if isinstance(value, str)
                    else "; ".join(f"{k}: {v}" for k, v in value.items())
                )
                out.print(f"[bold]{name}[/bold]  {escape(shown)}", soft_wrap=True)
    else:
        raise typer.BadParameter(f"there is no rule {id}; 'b12 rules' lists them")


@app.command()
def schema(kind: Annotated[Kind, typer.Argument()] = Kind.case, protocol: Folder = None) -> None:
    """Print the JSON Schema of a case or of an assessment."""
    _print_json(json_schema(kind.value, b12lib.load_protocol(protocol)))


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


def _described(table: DecisionTable, rule: Rule, protocol: Protocol) -> dict[str, Any]:
    outputs = zip(table.outputs, rule.outputs, strict=True)
    return {
        "rule": rule.id,
        "table": table.title,
        "place": f"{rule.place.file}:{rule.place.line}",
        "when": {
            column.name: cell(rule, column.name, protocol)
            for column, test in zip(table.columns, rule.inputs, strict=True)
            if test.text != "-"
        },
        "then": {name: word(value) for name, value in outputs},
        "why": rule.rationale,
        "sources": cited(rule.sources),
    }


def _list_rules(protocol: Protocol, as_json: bool) -> None:
    described = [_described(table, rule, protocol) for table, rule in protocol.rules.values()]
    if as_json:
        _print_json(described)
        return
    table = _columns("rule", "when", "then", "sources")
    for item in described:
        when = "; ".join(f"{name} {value}" for name, value in item["when"].items())
        then = "; ".join(f"{name}: {value}" for name, value in item["then"].items())
        table.add_row(item["rule"], escape(when), escape(then), escape(item["sources"]))
    out.print(table)


def _list_inputs(protocol: Protocol, as_json: bool) -> None:
    fields = json_schema("case", protocol)["properties"]["inputs"]["properties"]
    if as_json:
        _print_json(fields)
        return
    table = _columns("field", "label", "holds")
    for name, field in fields.items():
        holds = field.get("enum", [field.get("description", "a date")])
        table.add_row(name, field["title"], escape(", ".join(dict.fromkeys(map(word, holds)))))
    out.print(table)


def _columns(first: str, *others: str) -> Table:
    """Return a plain table whose first column, the name, is never broken."""
    table = Table(box=None, padding=(0, 2, 0, 0))
    table.add_column(first, no_wrap=True)
    for name in others:
        table.add_column(name)
    return table


def _print_json(data: object) -> None:
    typer.echo(json.dumps(data, ensure_ascii=False, indent=2))


def main() -> None:
    """Run the command line; a refusal is a message and exit code 1, never a traceback."""
    try:
        app()
    except B12Error as error:
        err.print(escape(str(error)), style="red", soft_wrap=True)
        sys.exit(1)
