"""A notebook with its stored outputs as HTML, by the template ``site/notebook``."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from b12lib.errors import MissingExtra
from b12lib.publishing.links import Links
from b12lib.publishing.text import Body, Writer
from b12lib.rooms import room

if TYPE_CHECKING:
    from nbformat import NotebookNode

_SHOWN = (
    *("text/markdown", "text/html", "image/svg+xml", "image/png", "image/jpeg"),
    "text/plain",
)
_WIDGET = "application/vnd.jupyter.widget-view+json"


def notebook_html(notebook: Path | NotebookNode, links: Links, hide_code: bool = False) -> Body:
    """Turn a notebook into HTML; ``hide_code`` leaves all code out.

    Widgets are shown by their static alternative.
    """
    try:
        import nbformat
        from nbconvert import HTMLExporter
        from traitlets.config import Config
    except ModuleNotFoundError as error:
        raise MissingExtra("a page or a report", "report") from error

    if isinstance(notebook, Path):
        notebook = nbformat.read(notebook, as_version=4)  # type: ignore[no-untyped-call]
    copy: NotebookNode = nbformat.from_dict(notebook)  # type: ignore[no-untyped-call]
    for cell in copy.cells:
        if cell.cell_type == "code":
            cell.outputs = list(_without_dead_widgets(cell.outputs))
    writer = Writer(links)
    exporter = HTMLExporter(  # type: ignore[no-untyped-call]
        config=Config({"NbConvertBase": {"display_data_priority": list(_SHOWN)}}),
        extra_template_basedirs=[str(room("site"))],
        template_name="notebook",
        filters={"markdown2html": writer.html, "output2html": writer.output},
        exclude_input=hide_code,
        exclude_raw=True,
    )
    html, _ = exporter.from_notebook_node(copy)
    return writer.body(html)


def _without_dead_widgets(outputs: list[NotebookNode]) -> Iterator[NotebookNode]:
    """Drop a widget that has only its Python name to show, where another output stands in."""
    for output in outputs:
        data = output.get("data", {})
        shown = set(data) & set(_SHOWN)
        if _WIDGET not in data or shown - {"text/plain"} or (shown and len(outputs) == 1):
            yield output
