"""Case reports: the notebook ``case_report.ipynb`` run by papermill, one HTML file a case.

Every case is read and decided before the first notebook runs, so that a misspelt field is refused
and not merely logged. A report appears under its name only when it is whole.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import b12lib
from b12lib.errors import CaseError, CaseFault, MissingExtra
from b12lib.folder import case_text
from b12lib.publishing.pages import report_page
from b12lib.reading.yaml import read_mapping
from b12lib.rooms import room

if TYPE_CHECKING:
    from nbformat import NotebookNode

NOTEBOOK = "case_report.ipynb"


def write_reports(
    cases: Iterable[Path], folder: Path, protocol: Path | None = None
) -> Iterator[Path]:
    """Write ``folder/<case>.html`` for each case file, and yield each path when it is done.

    ``protocol`` is the folder of another protocol. Raises ``CaseError`` with the faults of all
    cases before anything is written.
    """
    cases = list(cases)
    parameters = _parameters_of_all(cases, protocol)
    folder.mkdir(parents=True, exist_ok=True)
    for file, values in zip(cases, parameters, strict=True):
        yield write_whole(folder / f"{file.stem}.html", report_html(values))


def report_html(parameters: dict[str, Any]) -> str:
    """Run the report's notebook on one case's parameters and return the page."""
    return report_page(execute(parameters), title=str(parameters.get("case", "")))


def parameters_of(file: Path, protocol: Path | None = None) -> dict[str, Any]:
    """Return the notebook's parameters for a case file; raise ``CaseError`` if it is refused."""
    loaded = b12lib.load_protocol(protocol)
    text = case_text(file)
    b12lib.assess(b12lib.read_case(text, loaded))
    given = read_mapping(text)
    whole = given if "inputs" in given else {"case": file.stem, "inputs": given}
    return {**whole, "protocol_folder": str(protocol.resolve()) if protocol else ""}


def _parameters_of_all(cases: list[Path], protocol: Path | None) -> list[dict[str, Any]]:
    names = [file.stem for file in cases]
    faults = [
        CaseFault(str(file), "", "another case has the same name", "rename one of the files")
        for position, file in enumerate(cases)
        if file.stem in names[:position]
    ]
    parameters = []
    for file in cases:
        try:
            parameters.append(parameters_of(file, protocol))
        except CaseError as error:
            faults += [
                CaseFault(f"{file.name}: {fault.field}", fault.value, fault.expected, fault.mend)
                for fault in error.faults
            ]
    if faults:
        raise CaseError(faults)
    return parameters


def execute(parameters: dict[str, Any]) -> NotebookNode:
    """Run the report's notebook by papermill, in a kernel of its own."""
    try:
        import papermill
    except ImportError as error:
        raise MissingExtra("a case report", "report") from error
    with tempfile.TemporaryDirectory() as scratch:
        return papermill.execute_notebook(
            room("notebooks") / NOTEBOOK,
            Path(scratch) / NOTEBOOK,
            parameters=parameters,
            kernel_name="python3",
            progress_bar=False,
        )


def write_whole(file: Path, text: str) -> Path:
    """Write a file so that its name never stands on half of it, even when the program is killed."""
    handle, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            stream.write(text)
        os.chmod(name, 0o644)
        os.replace(name, file)
    except BaseException:
        os.unlink(name)
        raise
    return file
