"""The command line, ``b12``: its commands and their options.

Exit codes: 0 done, 1 something was refused, found or could not be written, 2 misused, 130 stopped.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

import b12lib
from b12lib.errors import B12Error
from b12lib.explaining.questions.question import LEVELS
from b12lib.explaining.wording import word, words
from b12lib.publishing import asked, printing
from b12lib.reading.sources import SUPPORT
from b12lib.showing.levels import Level

# A command imports the rest itself: what it needs can be slow to import.

app = typer.Typer(
    help="An executable, literate clinical protocol for vitamin B12 deficiency. For education.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)

CaseFile = Annotated[
    Path, typer.Argument(metavar="CASE", help="A case: a YAML or JSON file; - is standard input.")
]
CaseFiles = Annotated[
    list[Path],
    typer.Argument(metavar="CASE", help="Cases: YAML or JSON files; - is standard input."),
]
Folder = Annotated[
    Path | None,
    typer.Option(
        "--protocol",
        metavar="FOLDER",
        help="Folder of another protocol; default: the one that comes with b12lib.",
    ),
]
ProfileName = Annotated[
    str | None,
    typer.Option(
        "--profile",
        metavar="NAME",
        help="Read under a profile, such as nice-ng239; default: the base protocol.",
    ),
]
OneProfile = Annotated[
    str | None,
    typer.Option(
        "--profile",
        metavar="NAME",
        help="Check this profile alone; default: the base protocol and all profiles.",
    ),
]
ProfileNames = Annotated[
    list[str] | None,
    typer.Option(
        "--profile", metavar="NAME", help="A profile to compare; may be repeated; default: all."
    ),
]
ReaderLevel = Annotated[
    Level,
    typer.Option(
        "--level", help="Who reads: a patient gets plain words, a trainee the why and a glossary."
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for another program.")]
Out = Annotated[Path, typer.Option("--out", "-o", metavar="FOLDER", help="Folder to write into.")]


class Kind(StrEnum):
    """What ``b12 schema`` can describe."""

    case = "case"
    assessment = "assessment"


class Format(StrEnum):
    """How ``b12 quiz`` can write its questions."""

    md = "md"
    moodle = "moodle"
    gift = "gift"


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
    level: ReaderLevel = Level.CLINICIAN,
    as_json: AsJson = False,
) -> None:
    """Decide one case and say why.

    The decision is the same at every level; so is the JSON.
    """
    assessment = _assessed(case, protocol, profile, as_json)
    if as_json:
        printing.data(assessment.to_dict())
    else:
        printing.markdown(assessment.at_level(level)._repr_markdown_())


@app.command()
def flips(
    case: CaseFile,
    decision: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME",
            help="A decision to look at; may be repeated; default: all findings and treatment.",
        ),
    ] = None,
    protocol: Folder = None,
    profile: ProfileName = None,
    as_json: AsJson = False,
) -> None:
    """List what would change the answer if it were otherwise.

    For everything known or assumed, the nearest other value at which a decision changes.
    """
    from b12lib.showing.record import flip_records

    assessment = _assessed(case, protocol, profile, as_json)
    asked.decisions(decision or (), assessment.protocol)
    found = assessment.flips(decision)
    if as_json:
        printing.data(flip_records(found))
    elif found:
        rows = [
            (flip.name, flip.written, change.decision, words(change.now), words(change.then), ids)
            for flip in found
            for change in flip.changes
            for ids in [", ".join(change.rules)]
        ]
        printing.table(("field", "if it were", "decision", "now", "then", "rules"), rows)
    else:
        printing.line("No other value of anything known would by itself change the answer.")


@app.command()
def compare(
    case: CaseFile,
    protocol: Folder = None,
    profile: ProfileNames = None,
    level: ReaderLevel = Level.CLINICIAN,
    as_json: AsJson = False,
) -> None:
    """Decide one case under several guidelines, side by side.

    These are the base protocol and its profiles; where they differ, their rules say why.
    """
    from b12lib.publishing.case_files import compare_file
    from b12lib.showing.comparison import markdown

    with printing.refusals(as_json):
        comparison = compare_file(case, profile and dict.fromkeys(profile), protocol)
    if as_json:
        printing.data(comparison.to_dict())
    else:
        printing.markdown(markdown(comparison, level))


@app.command()
def calendar(
    case: CaseFile,
    start: Annotated[
        str | None,
        typer.Option(
            metavar="DATE", help="Date of the first dose; default: treatment_start of the case."
        ),
    ] = None,
    days: Annotated[
        int | None,
        typer.Option(metavar="N", help="How many days after the first dose; default: one year."),
    ] = None,
    ics: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Write an iCalendar file, which must not exist yet."),
    ] = None,
    protocol: Folder = None,
    profile: ProfileName = None,
    level: ReaderLevel = Level.CLINICIAN,
    as_json: AsJson = False,
) -> None:
    """Date doses, blood tests and reviews.

    Where the protocol leaves a choice an event has a window; what it does not date stays undated.
    """
    from b12lib.publishing.files import write_new
    from b12lib.showing import calendar as showing

    assessment = _assessed(case, protocol, profile, as_json)
    found = showing.worded(asked.calendar(assessment, start, days), assessment, level)
    if ics and not found.start:
        raise typer.BadParameter("--ics needs --start, or treatment_start in the case")
    if ics:
        write_new(ics, showing.ics(found).decode())
    if as_json:
        printing.data(showing.record(found))
    elif ics:
        printing.line(str(ics))
    else:
        printing.markdown(showing.markdown(found, assessment, level))


@app.command()
def report(
    cases: CaseFiles,
    out: Out = Path("reports"),
    protocol: Folder = None,
    profile: ProfileName = None,
    level: ReaderLevel = Level.CLINICIAN,
) -> None:
    """Write an HTML report for each case.

    Each report stands alone and bears its case's file name. None is written if a case is refused.
    """
    from b12lib.publishing.report import write_reports

    for written in write_reports(cases, out, protocol, profile, level):
        printing.line(str(written))


@app.command()
def check(protocol: Folder = None, profile: OneProfile = None, as_json: AsJson = False) -> None:
    """Look for gaps, overlaps and dead rules; run the worked cases.

    Without --profile the base protocol and all its profiles are checked, each with its own cases,
    and every claim that became a rule needs a case in which one of its rules fires.
    """
    from b12lib.publishing.checking import check as check_protocol

    with printing.refusals(as_json):
        found = check_protocol(protocol, profile)
    if as_json:
        printing.data(found.record())
    elif found.passed:
        printing.line(found.praise(), style="green")
    else:
        for line in found.lines():
            printing.line(line, style="red")
    if not found.passed:
        raise typer.Exit(1)


@app.command()
def verify(protocol: Folder = None, profile: ProfileName = None, as_json: AsJson = False) -> None:
    """Prove the safety properties; find what could go unnoticed.

    That is what is unused, what no worked case tries, and which small change of a table nobody
    would notice. It takes minutes. A profile is verified with its own cases alone, so that most of
    what it shares with the base is told as untried.
    """
    from b12lib.publishing.worked_cases import read_cases
    from b12lib.showing import verification
    from b12lib.verifying.verification import verify as verify_protocol

    with printing.refusals(as_json):
        loaded = b12lib.load_protocol(protocol, profile)
    found = verify_protocol(loaded, *read_cases(loaded, protocol))
    if as_json:
        printing.data(verification.record(found))
    else:
        printing.markdown(verification.markdown(found))
    if not found.passed:
        raise typer.Exit(1)


@app.command()
def rules(
    id_: Annotated[
        str | None, typer.Argument(metavar="RULE", help="A rule to show, such as DS1.")
    ] = None,
    inputs: Annotated[
        bool, typer.Option("--inputs", help="List the fields of a case instead.")
    ] = False,
    protocol: Folder = None,
    profile: ProfileName = None,
    as_json: AsJson = False,
) -> None:
    """List the rules, show one, or list the fields of a case."""
    from b12lib.showing import described
    from b12lib.showing.record import schema as json_schema

    if inputs and id_ is not None:
        raise typer.BadParameter("give a rule or --inputs, not both")
    with printing.refusals(as_json):
        loaded = b12lib.load_protocol(protocol, profile)
    if inputs:
        case = json_schema("case", loaded)["properties"]
        visit = case["visits"]["items"]["properties"].items()
        at_visits = {
            f"{described.AT_VISIT}{name}": field for name, field in visit if "title" in field
        }
        fields = case["inputs"]["properties"] | at_visits
        if as_json:
            printing.data(fields)
        else:
            holds = described.held(loaded).items()
            listed = [(name, fields[name]["title"], held) for name, held in holds]
            printing.table(("field", "label", "holds"), listed)
    elif id_ is not None:
        one = described.rule(asked.rule(id_, loaded, protocol), loaded)
        if as_json:
            printing.data(one)
        else:
            printing.named(_rule_lines(one))
    else:
        every = [described.rule(name, loaded) for name in loaded.rules]
        if as_json:
            printing.data(every)
        else:
            rows = [
                (item["id"], _pairs(item["when"], " "), _pairs(item["then"]), _cited(item))
                for item in every
            ]
            printing.table(("rule", "when", "then", "sources"), rows)


@app.command()
def claims(
    id_: Annotated[
        str | None, typer.Argument(metavar="CLAIM", help="A claim to show, such as C16.")
    ] = None,
    verdict: Annotated[
        str | None, typer.Option(metavar="WORD", help="Only claims of this verdict.")
    ] = None,
    section: Annotated[
        str | None, typer.Option(metavar="TITLE", help="Only claims of this section.")
    ] = None,
    rule: Annotated[
        str | None, typer.Option(metavar="RULE", help="Only claims that became this rule.")
    ] = None,
    protocol: Folder = None,
    as_json: AsJson = False,
) -> None:
    """List what the seed claims and became, or show one claim.

    The seed is the published answer that the base protocol implements; no profile changes it.
    """
    from b12lib.publishing.worked_cases import cases_by_claim, run_cases
    from b12lib.showing import described

    with printing.refusals(as_json):
        loaded = b12lib.load_protocol(protocol)
        cases = cases_by_claim(loaded, run_cases(loaded, protocol)[0])
    found = [
        described.claim(claim, loaded, cases[claim.id])
        for claim in asked.claims(loaded, id_, verdict, section, rule)
    ]
    if as_json:
        printing.data(found)
    elif not found:
        printing.line("No claim is all of that.")
    elif id_ is not None:
        printing.named(_claim_lines(found[0]))
    else:
        rows = [(item["id"], item["verdict"], item["claim"], _became(item)) for item in found]
        printing.table(("claim", "verdict", "the seed says", "became"), rows)


@app.command()
def quiz(
    questions: Annotated[int, typer.Option(metavar="N", min=1, help="How many questions.")] = 10,
    level: Annotated[
        int | None,
        typer.Option(
            metavar="L",
            min=LEVELS[0],
            max=LEVELS[-1],
            help="1: one table away from the data; 2: through several; 3: about what is not known, "
            "or a claim to be weighed; default: all.",
        ),
    ] = None,
    seed: Annotated[
        int, typer.Option(metavar="S", help="The same seed gives the same questions.")
    ] = 0,
    format_: Annotated[
        Format, typer.Option("--format", help="Markdown, Moodle XML or GIFT.")
    ] = Format.md,
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", metavar="FILE", help="File to write; default: print."),
    ] = None,
    protocol: Folder = None,
    profile: ProfileName = None,
) -> None:
    """Make questions, with answers and reasons.

    They come from the tables, the worked cases and the claims; the tables answer and explain.
    """
    from b12lib.publishing import moodle

    made = b12lib.quiz(questions, level, seed, profile, protocol)
    match format_:
        case Format.md:
            text = str(made)
        case Format.moodle:
            text = moodle.moodle_xml(made)
        case Format.gift:
            text = moodle.gift(made)
    if out:
        out.write_text(text, encoding="utf-8", newline="\n")
        printing.line(str(out))
    else:
        typer.echo(text, nl=False)


@app.command()
def schema(
    kind: Annotated[Kind, typer.Argument(metavar="KIND", help="What to describe.")] = Kind.case,
    protocol: Folder = None,
    profile: ProfileName = None,
) -> None:
    """Print the JSON Schema of a case or of an assessment."""
    from b12lib.showing.record import schema as json_schema

    printing.data(json_schema(kind.value, b12lib.load_protocol(protocol, profile)))


@app.command()
def notebooks() -> None:
    """Run the notebooks and store their outputs anew.

    For a checkout, after a table has changed.
    """
    from b12lib.publishing.examples import notebooks, store_outputs

    for file in notebooks():
        store_outputs(file)
        printing.line(str(file))


@app.command()
def site(out: Out = Path("public")) -> None:
    """Build the static site.

    First the protocol and the notebooks are checked; then the worked cases get their reports.
    """
    from b12lib.publishing.examples import check_notebooks, notebooks
    from b12lib.publishing.site import build

    check()
    check_notebooks(notebooks())
    printing.line(f"open {build(out) / 'index.html'}")


def _assessed(
    case: Path, protocol: Path | None, profile: str | None, as_json: bool
) -> b12lib.Assessment:
    from b12lib.publishing.case_files import read_file

    with printing.refusals(as_json):
        return b12lib.assess(read_file(case, b12lib.load_protocol(protocol, profile)))


def _rule_lines(described: Mapping[str, Any]) -> dict[str, str]:
    return {
        **described,
        "when": _pairs(described["when"]),
        "then": _pairs(described["then"]),
        "sources": _cited(described),
        "support": SUPPORT[described["support"]] or "a source that was read",
        "addition": word(described["addition"]),
    }


def _claim_lines(described: Mapping[str, Any]) -> dict[str, str]:
    sources = [
        "\n  {source}: {verified}, {checked}. {link}".format(**source).rstrip()
        for source in described["sources"]
    ]
    return {
        **described,
        "became": _became(described),
        "cases": ", ".join(described["cases"]) or "none",
        "sources": "".join(sources) or "none",
    }


def _cited(described: Mapping[str, Any]) -> str:
    return "; ".join(described["sources"])


def _became(described: Mapping[str, Any]) -> str:
    return "; ".join(f"{kind} {', '.join(ids)}" for kind, ids in described["became"].items()) or "—"


def _pairs(values: Mapping[str, str], between: str = ": ") -> str:
    return "; ".join(f"{name}{between}{value}" for name, value in values.items())


def main() -> None:
    """Run the command line; what goes wrong is a message and an exit code, never a traceback."""
    printing.set_up_streams()
    try:
        app()
    except B12Error as error:
        printing.failure(error)
        sys.exit(1)
    except OSError as error:
        printing.failure(error)
        printing.give_up_output()
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
