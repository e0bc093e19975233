"""A figure: a drawing, a sentence that says what it shows, and the same as a table."""

from __future__ import annotations

from dataclasses import dataclass
from xml.etree.ElementTree import Element, SubElement, tostring

from b12lib.showing.figures.drawing import Spec, svg


@dataclass(frozen=True, slots=True, repr=False)
class Figure:
    """What a cell shows.

    ``alt`` says in sentences what the drawing shows, ``note`` how to read it; ``head`` and ``rows``
    hold the same as a table. All of them are made from the data that is drawn. ``spec`` is the
    drawing in Vega-Lite's grammar.
    """

    title: str
    alt: str
    spec: Spec
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""

    @property
    def svg(self) -> str:
        """The drawing alone, as a file that stands by itself; the text in it is text."""
        return _written(svg(self.spec, self.alt))

    def _repr_html_(self) -> str:
        """Return the drawing with its table; no ids, scripts or styles of the page are needed.

        The drawing alone has the role of an image: what stands inside an image cannot be read out,
        and the table must be. What is wider than the page scrolls, by keyboard too. Where drawings
        and styles are taken out, as from a notebook that is not trusted, its sentence stands there.
        """
        root = Element("figure", {"class": "b12-figure", "style": _FIGURE})
        _text(root, "style", _STYLE)
        drawing = _scrolling(root, self.title, **{"class": "b12-drawing", "hidden": "hidden"})
        drawing.append(svg(self.spec, self.alt))
        _text(root, "p", self.alt, **{"class": "b12-alt"})
        caption = SubElement(root, "figcaption")
        _text(caption, "strong", self.title).tail = f". {self.note}"
        details = SubElement(root, "details")
        _text(details, "summary", "The same as a table")
        table = SubElement(_scrolling(details, f"Table: {self.title}"), "table")
        head = SubElement(SubElement(table, "thead"), "tr")
        for name in self.head:
            _text(head, "th", name, scope="col")
        body = SubElement(table, "tbody")
        for first, *cells in self.rows:
            row = SubElement(body, "tr")
            _text(row, "th", first, scope="row")
            for cell in cells:
                _text(row, "td", cell)
        return _written(root)

    def __repr__(self) -> str:
        """Return what the figure says, as plain text."""
        lines = [" | ".join(row) for row in (self.head, *self.rows)]
        return "\n".join([f"{self.title}. {self.alt}", "", *lines])


_FIGURE = "margin: 1rem 0; max-width: 60rem; font: 0.875rem/1.5 system-ui, sans-serif"
_STYLE = (
    ".b12-drawing { display: block !important } .b12-alt { display: none } "
    "@media print { .b12-figure { break-inside: avoid } "
    ".b12-figure svg { min-width: 0 !important } }"
)
"""The drawing stands in the place of its sentence. Paper does not scroll: there it shrinks."""


def _scrolling(parent: Element, name: str, **attributes: str) -> Element:
    """Add a region that scrolls by itself."""
    own = {"style": "overflow-x: auto", "tabindex": "0", "role": "group", "aria-label": name}
    return SubElement(parent, "div", own | attributes)


def _text(parent: Element, tag: str, said: str, **attributes: str) -> Element:
    child = SubElement(parent, tag, attributes)
    child.text = said
    return child


def _written(root: Element) -> str:
    return tostring(root, encoding="unicode", short_empty_elements=False)
