"""What every calculator is: a widget, and the plain form of the state in which it begins."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import count
from typing import Any

from b12lib.errors import CaseFault, MissingExtra
from b12lib.explaining.wording import label
from b12lib.reading.protocol import Protocol
from b12lib.rooms import room
from b12lib.showing import render
from b12lib.showing.background import disclaimer
from b12lib.showing.comparison import named
from b12lib.showing.levels import Level, level_of
from b12lib.showing.section import escape

STYLE = "calculators.css"
_VIEW = "application/vnd.jupyter.widget-view+json"
# JupyterLab's shortcuts would take the arrow keys from a drop-down list and cut the cell at an X on
# a button; where one writes text they stay off by themselves.
_OWN_KEYS = """\
this.closest('.b12-calculator').addEventListener('focusin', ({target}) => target.toggleAttribute(
  'data-lm-suppress-shortcuts', target.matches(':read-only')))"""


@dataclass(frozen=True, repr=False)
class Calculator:
    """A widget together with the plain form of its default state."""

    widget: Any
    markdown: str

    def __repr__(self) -> str:
        """Return the plain form, which is all that a terminal can show."""
        return self.markdown

    def _repr_mimebundle_(self, **_: object) -> dict[str, object]:
        return {
            "text/plain": repr(self),
            "text/markdown": self.markdown,
            "text/html": render.html(self.markdown),
            _VIEW: {"version_major": 2, "version_minor": 0, "model_id": self.widget.model_id},
        }


_LIVE: dict[str, Calculator] = {}
"""The calculators shown, by the id of their widget."""


def calculator(
    name: str,
    parts: Iterable[Any],
    markdown: str,
    protocol: Protocol | None = None,
    who: Any = None,
) -> Calculator:
    """Put the parts of a calculator below each other, and keep the whole under a stable id.

    Below them stands which ``protocol`` decides and what it is not, in the words of ``who`` reads
    (the control of ``reader``); nothing where the parts say so themselves.

    The id is the same in every run from top to bottom, so that a stored output never changes. The
    same calculator made again takes the place of its former self; one that begins otherwise gets
    an id of its own, so that both stay alive.
    """
    parts = list(parts)
    if protocol:
        parts.append(standing := panel())

        def stand(_: object = None) -> str:
            tell(standing, said := f"*{named(protocol)}. {disclaimer(protocol, who.value)}*")
            return said

        markdown = f"{markdown}\n\n{stand()}"
        who.observe(stand, names="value")
    numbered = (f"b12-{name}" if number == 1 else f"b12-{name}-{number}" for number in count(1))
    model_id = next(
        candidate
        for candidate in numbered
        if candidate not in _LIVE or _LIVE[candidate].markdown == markdown
    )
    if former := _LIVE.pop(model_id, None):
        former.widget.close()
    box = styled(widgets().VBox([_style(), *parts], model_id=model_id), "calculator")
    _LIVE[model_id] = Calculator(box, markdown)
    return _LIVE[model_id]


def _style() -> Any:
    """Return what lays a calculator out, and hands its controls the keys that are theirs."""
    css = (room("site") / STYLE).read_text(encoding="utf-8")
    return widgets().HTML(f'<style onload="{_OWN_KEYS}">{css}</style>')


def widgets() -> Any:
    """Return ipywidgets; raise ``MissingExtra`` where it is not installed."""
    try:
        import ipywidgets
    except ImportError as error:
        raise MissingExtra("a calculator", "notebooks") from error
    return ipywidgets


def styled(widget: Any, name: str) -> Any:
    """Return a widget that looks as the style sheet says of this name."""
    widget.add_class(f"b12-{name}")
    return widget


def panel() -> Any:
    """Return an empty place for what a calculator tells; ``tell`` fills it."""
    found = styled(widgets().HTML(), "told")
    found.add_class("jp-RenderedHTMLCommon")  # as Jupyter lays out all that is told
    return found


def tell(place: Any, markdown: str) -> None:
    """Show Markdown in a panel."""
    place.value = render.html(markdown)


def reader(level: str) -> Any:
    """Return a control that says who reads; its value is a level of ``Level``.

    Raises ``ValueError`` when ``level`` is none.
    """
    options = [(each.value, each) for each in Level]
    control = widgets().Dropdown(options=options, value=level_of(level), description="Reader")
    return styled(control, "above")


def beside(*parts: Iterable[Any]) -> Any:
    """Put parts beside each other; below each other on a narrow page."""
    boxes = [styled(widgets().VBox(list(part)), "part") for part in parts]
    return styled(widgets().Box(boxes), "beside")


def case_area(description: str) -> Any:
    """Return a text area for a whole case; it says something new when one leaves it."""
    return styled(
        widgets().Textarea(description=description, continuous_update=False, rows=10), "above"
    )


def what_is_wrong(fault: CaseFault) -> str:
    """Say what a field expected and how to mend it."""
    return "; ".join(part for part in (fault.expected, fault.mend) if part)


def refused(faults: Iterable[CaseFault], protocol: Protocol) -> str:
    """Say in Markdown that there is no answer, and what has to be mended before there is one."""
    lines = [f"- **{_where(fault, protocol)}**: {escape(what_is_wrong(fault))}" for fault in faults]
    return "No answer until this is mended:\n\n" + "\n".join(lines)


def _where(fault: CaseFault, protocol: Protocol) -> str:
    known = fault.field in protocol.dictionary
    return label(fault.field, protocol) if known else escape(fault.field)


class Disclosure:
    """Something below a button that shows and hides it; the button says which it would do."""

    def __init__(self, title: str, content: Any, *, opened: bool = False) -> None:
        self.title, self.content, self.note = title, content, ""
        self.button = styled(widgets().Button(), "disclosure")
        self.button.on_click(lambda _: self.open(not self.opened))
        self.open(opened)

    @property
    def parts(self) -> list[Any]:
        """The button, and below it what it shows."""
        return [self.button, self.content]

    @property
    def opened(self) -> bool:
        """Whether the content is shown."""
        return bool(self.content.layout.display != "none")

    def open(self, opened: bool) -> None:
        """Show the content, or hide it."""
        self.content.layout.display = None if opened else "none"
        self.say(self.note)

    def say(self, note: str) -> None:
        """Add a note to the title, such as how much is inside."""
        self.note = note
        act = "▾ Hide" if self.opened else "▸ Show"
        self.button.description = f"{act}: {self.title}" + (f" ({note})" if note else "")
