"""Case reports: the notebook ``case_report.ipynb`` run by papermill, one HTML file a case.

Every case is read and decided before the first notebook runs, so that a misspelt field is refused
and not merely logged. A report appears under its name only when it is whole.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from copy import deepcopy
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import b12lib
from b12lib.deciding.case import Case
from b12lib.errors import CaseError, CaseFault, MissingExtra
from b12lib.explaining.comparison import written
from b12lib.explaining.plan import headline
from b12lib.publishing.case_files import PIPE, name_of, read_file
from b12lib.publishing.examples import KERNEL
from b12lib.publishing.files import write_whole
from b12lib.publishing.links import Links
from b12lib.publishing.notebook import notebook_html
from b12lib.publishing.pages import notices, page
from b12lib.publishing.parts import Page
from b12lib.publishing.text import markdown_html
from b12lib.reading.plain import NOT_ADVICE
from b12lib.reading.protocol import Protocol
from b12lib.rooms import room
from b12lib.showing import patient
from b12lib.showing.levels import Level

if TYPE_CHECKING:
    from nbformat import NotebookNode

NOTEBOOK = "case_report.ipynb"

ANSWER, NOTEBOOK_ONLY = "answer", "notebook-only"
"""Tags of cells: the answer, which a report shows first; text that only a notebook's user needs."""


def write_reports(
    files: Iterable[Path],
    folder: Path,
    protocol: Path | None = None,
    profile: str | None = None,
    level: str = Level.CLINICIAN,
) -> Iterator[Path]:
    """Write ``folder/<case>.html`` for each case file, and yield each path when it is done.

    ``protocol`` is the folder of another protocol, ``profile`` the name of one of its profiles;
    ``level`` is the reader's.
    Raises ``CaseError`` with the faults of all cases before anything is written.
    """
    cases = _read_all(list(files), b12lib.load_protocol(protocol, profile))
    folder.mkdir(parents=True, exist_ok=True)
    for name, case in cases.items():
        yield write_whole(folder / f"{name}.html", report_html(case, protocol, level=level))


def _read_all(files: list[Path], protocol: Protocol) -> dict[str, Case]:
    cases: dict[str, Case] = {}
    faults: list[CaseFault] = []
    for file in files:
        name = "standard-input" if file == PIPE else file.stem
        if name in cases:
            mend = "rename one of the files"
            faults.append(CaseFault(str(file), "", "another case has the same name", mend))
        try:
            cases[name] = read_file(file, protocol)
            b12lib.assess(cases[name])
        except CaseError as error:
            faults += [_placed(fault, file) for fault in error.faults]
    if faults:
        raise CaseError(faults)
    return cases


def _placed(fault: CaseFault, file: Path) -> CaseFault:
    whole = fault.field in (name_of(file), str(file))
    return fault if whole else replace(fault, field=f"{name_of(file)}: {fault.field}")


def report_html(
    case: Case,
    protocol: Path | None = None,
    today: date | None = None,
    up: str = "",
    engine: str | None = None,
    level: str = Level.CLINICIAN,
    readers: Sequence[Page] = (),
) -> str:
    """Run the report's notebook on one case and return the page, which stands alone.

    ``today`` decides whether a review date has passed. ``up`` links a report that is part of a site
    back to the list of reports; its rules and sources then link into the site as well.
    ``engine`` is papermill's name of another way to run a notebook than in a kernel of its own;
    ``level`` is the reader's; ``readers`` links the same report for others.
    """
    executed = execute(parameters(case, protocol, level), engine)
    assessment = b12lib.assess(case).at_level(level)
    explain = assessment.level != Level.CLINICIAN
    for_patient = assessment.level == Level.PATIENT
    told = (case.protocol.plain[NOT_ADVICE].plain,) if for_patient else ()
    links = Links(case.protocol, "../protocol/" if up else None, explain=explain)
    if not up:  # alone, it can link only to what stands in it
        links = replace(links, here=markdown_html(assessment._repr_markdown_(), links).ids)
    body = notebook_html(_without(executed, ANSWER, NOTEBOOK_ONLY), links, hide_code=True)
    return page(
        "report.html.j2",
        case.protocol,
        title=patient.TITLE if for_patient else case.name,
        summary=patient.verdict(assessment) if for_patient else headline(assessment),
        root=None,
        contents=body.contents,
        notices=(*told, *_notices(case.protocol, today or date.today())),
        answer=notebook_html(_only(executed, ANSWER), links, hide_code=True),
        body=body,
        receipt=_receipt(case.protocol),
        up=up,
        readers=readers,
    )


def _notices(protocol: Protocol, today: date) -> tuple[str, ...]:
    found = notices(protocol.header, today)
    if profile := protocol.profile:
        found += tuple(f"Profile {profile.name}: {text}" for text in notices(profile.header, today))
    return found


def _receipt(protocol: Protocol) -> str:
    profile = f", profile {protocol.profile}" if protocol.profile else ""
    return f"Decided by b12lib {b12lib.__version__}{profile}, protocol content {protocol.digest}."


def parameters(
    case: Case, protocol: Path | None = None, level: str = Level.CLINICIAN
) -> dict[str, Any]:
    """Return the notebook's parameters for a case."""
    return written(case) | {
        "protocol_folder": str(protocol.resolve()) if protocol else "",
        "profile": case.protocol.profile.name if case.protocol.profile else "",
        "level": str(level),
    }


def _only(notebook: NotebookNode, *tags: str) -> NotebookNode:
    return _kept(notebook, lambda cell: _tagged(cell, tags))


def _without(notebook: NotebookNode, *tags: str) -> NotebookNode:
    return _kept(notebook, lambda cell: not _tagged(cell, tags))


def _kept(notebook: NotebookNode, wanted: Callable[[NotebookNode], bool]) -> NotebookNode:
    kept = deepcopy(notebook)
    kept.cells = [cell for cell in kept.cells if wanted(cell)]
    return kept


def _tagged(cell: NotebookNode, tags: tuple[str, ...]) -> bool:
    return not set(tags).isdisjoint(cell.metadata.get("tags", []))


def execute(parameters: dict[str, Any], engine: str | None = None) -> NotebookNode:
    """Run the report's notebook by papermill, in a kernel of its own or by another engine."""
    try:
        import nbformat
        import papermill
    except ImportError as error:
        raise MissingExtra("a case report", "report") from error
    # Given as a path, it would be formatted: papermill takes braces in a path for parameters.
    notebook = nbformat.read(room("notebooks") / NOTEBOOK, as_version=4)  # type: ignore[no-untyped-call]
    executed: NotebookNode = papermill.execute_notebook(
        notebook,
        None,
        parameters=parameters,
        engine_name=engine,
        kernel_name="python3",
        progress_bar=False,
        extra_arguments=KERNEL,
    )
    return executed
