"""The pen: drawings in Vega-Lite's grammar, rendered to SVG in the ink of the page.

vl-convert runs Vega-Lite itself, offline, and brings its own font, so that every machine draws the
same bytes. matplotlib was tried beside it: it knows no colour of the page. Specifications are plain
data in Vega-Lite's own words; Altair would only write them, and takes two seconds to import.

Text and lines have the colour of the page's text, so they are right in light, dark and print. The
other colours are the three of Okabe and Ito that have a contrast of 3 to 1 at least with white
paper and with a dark page. None means anything alone: shape, dashes or words say the same.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from xml.etree import ElementTree

from b12lib.errors import MissingExtra

Spec = dict[str, Any]
"""A part of a Vega-Lite specification."""

INK = "currentColor"
BLUE, VERMILION, GREEN = "#0072b2", "#d55e00", "#009e73"
PAPER = "var(--paper, var(--jp-layout-color0, Canvas))"
"""The colour behind the drawing: on our pages, in Jupyter, elsewhere."""
DASHES = [5, 3]
WIDTH = 660
"""Of a drawing without its margins, in pixels."""
SIZE, SMALL = 13, 12
"""Of text, in pixels."""
LINE = 16
"""From one line of text to the next, in pixels."""

_FONT = "Liberation Sans, Arial, Helvetica, sans-serif"
"""The font that vl-convert brings comes first; the others have the same widths."""
_AXIS = {
    "domainColor": INK,
    "gridColor": INK,
    "gridOpacity": 0.15,
    "labelColor": INK,
    "labelFontSize": SMALL,
    "tickColor": INK,
    "titleColor": INK,
    "titleFontSize": SMALL,
    "titleFontWeight": "normal",
}
_CONFIG = {
    "aria": False,
    "axis": _AXIS,
    "background": None,
    "font": _FONT,
    "line": {"color": BLUE},
    "rule": {"color": INK},
    "text": {"color": INK, "fontSize": SIZE, "baseline": "middle"},
    "view": {"stroke": None},
}
_SVG = "http://www.w3.org/2000/svg"
_LONG = re.compile(r"-?\d+\.\d{3,}")


def layer(mark: str, values: Iterable[Mapping[str, Any]], encoding: Spec, **style: Any) -> Spec:
    """Return one kind of mark for some values; ``style`` has the mark's other properties."""
    return {
        "data": {"values": list(values)},
        "mark": {"type": mark, **style},
        "encoding": encoding,
    }


def field(name: str, **more: Any) -> Spec:
    """Return a channel that reads a number."""
    return {"field": name, "type": "quantitative", **more}


def raw(name: str) -> Spec:
    """Return a channel that reads what the mark shall have: a place in pixels, a colour, a text."""
    return {"field": name, "scale": None, "axis": None, "legend": None}


def place(name: str) -> Spec:
    """Return a channel that reads a place in pixels."""
    return {"field": name, "type": "quantitative", "scale": None, "axis": None}


def datum(name: str) -> Spec:
    """Return a property of a mark that each value sets for itself."""
    return {"expr": f"datum.{name}"}


def drawing(layers: Sequence[Spec], height: float, width: float = WIDTH) -> Spec:
    """Lay layers over each other, the first at the bottom."""
    return {"width": width, "height": height, "layer": list(layers)}


def clear(**style: Any) -> Spec:
    """Return the style of text that stays readable where lines pass behind it."""
    return {"stroke": PAPER, "strokeWidth": 3, "strokeJoin": "round", **style}


def lines(said: str, wide: int) -> list[str]:
    """Break text into lines of at most ``wide`` letters; a number keeps its unit beside it."""
    kept = re.sub(r"(?<=\d) ", "\N{NO-BREAK SPACE}", said)
    return textwrap.wrap(kept, wide, break_long_words=False, break_on_hyphens=False)


def svg(spec: Spec, alt: str) -> ElementTree.Element:
    """Render a drawing; the root has the role of an image and ``alt`` as its name.

    Raises ``MissingExtra`` where the renderer is not installed.
    """
    try:
        from vl_convert import vegalite_to_svg
    except ImportError as error:
        raise MissingExtra("a figure", "figures") from error
    root = ElementTree.fromstring(vegalite_to_svg({**spec, "config": _CONFIG}))
    _tidy(root)
    width = root.attrib["width"]
    root.attrib.update({"role": "img", "aria-label": alt, "style": _style(float(width))})
    root.attrib["xmlns"] = _SVG
    return root


def _style(width: float) -> str:
    """Let a drawing shrink a little; a page that is narrower still scrolls it."""
    least = f"min-width: {width * 0.8:.0f}px; max-width: {width:.0f}px"
    return f"display: block; width: 100%; height: auto; {least}"


def _tidy(root: ElementTree.Element) -> None:
    """Drop what draws nothing, round places to hundredths of a pixel, keep lines behind text."""
    for parent in list(root.iter()):
        for child in list(parent):
            if child.get("class") in ("background", "foreground") and not child.get("fill"):
                parent.remove(child)
    for item in root.iter():
        item.tag = item.tag.removeprefix(f"{{{_SVG}}}")
        for name in {"class", "pointer-events", "role", "aria-hidden"} & item.attrib.keys():
            del item.attrib[name]
        for name, value in item.attrib.items():
            item.attrib[name] = _LONG.sub(lambda found: f"{float(found[0]):.2f}", value)
        if item.tag == "text" and "stroke" in item.attrib:
            item.attrib["paint-order"] = "stroke"
