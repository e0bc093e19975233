"""What tests of calculators share: finding a control as its user does, by what it is called."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from b12lib.showing.calculators import Calculator


def within(widget: Any) -> Iterator[Any]:
    """Yield a widget and all that it holds, but nothing that it hides."""
    yield widget
    if widget.layout.display != "none":
        for child in getattr(widget, "children", ()):
            yield from within(child)


@pytest.fixture
def control() -> Callable[[Calculator, str], Any]:
    """Return a function: the one control of a calculator that is called so, hidden or not."""

    def find(calculator: Calculator, called: str) -> Any:
        found = [w for w in everything(calculator.widget) if called_so(w, called)]
        assert len(found) == 1, f"{len(found)} controls are called {called!r}"
        return found[0]

    def everything(widget: Any) -> Iterator[Any]:
        yield widget
        for child in getattr(widget, "children", ()):
            yield from everything(child)

    def called_so(widget: Any, called: str) -> bool:
        return getattr(widget, "description", "") == called

    return find


@pytest.fixture
def told() -> Callable[[Calculator], str]:
    """Return a function: all that a calculator tells at the moment, as HTML."""

    def tell(calculator: Calculator) -> str:
        texts = (getattr(w, "value", "") for w in within(calculator.widget))
        return "\n".join(text for text in texts if str(text).startswith("<div"))

    return tell


@pytest.fixture
def buttons() -> Callable[[Calculator], list[str]]:
    """Return a function: what the buttons of a calculator say, in order."""

    def said(calculator: Calculator) -> list[str]:
        every = within(calculator.widget)
        return [w.description for w in every if type(w).__name__ == "Button"]

    return said
