"""YAML and JSON text to plain mappings, refusing what could surprise or harm.

Every scalar arrives as text: the data dictionary alone decides what is a number, a boolean or a
date, so that ``no``, ``010`` or ``2026-03-01`` never turn into something that nobody wrote.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

LARGEST = 100_000
"""Characters a case or a header may have; a real one has a few thousand."""
DEEPEST = 20
"""Levels of nesting that a case may have; a real one has three."""


def read_mapping(text: str) -> dict[str, Any]:
    """Read YAML (JSON included) whose top level is a mapping; scalars stay text.

    Raises ``ValueError`` with one plain sentence for anything else: too large, too deep, aliases,
    duplicate keys, custom tags, several documents, broken syntax.
    """
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    if len(text) > LARGEST:
        raise ValueError(f"it is too large: at most {LARGEST:,} characters are read")
    try:
        loaded = _document(YAML(typ="base", pure=True).parse(text))
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = f"line {mark.line + 1}: " if mark else ""
        raise ValueError(where + (error.problem or error.context or "cannot be read")) from error
    except YAMLError as error:
        raise ValueError(" ".join(str(error).split())) from error
    except OverflowError as error:
        raise ValueError("it names a character that does not exist") from error
    if loaded == "":
        raise ValueError("it is empty")
    if not isinstance(loaded, dict):
        raise ValueError("expected 'name: value' lines at the top level")
    return loaded


def _document(events: Iterator[Any]) -> Any:
    """Build the one document, straight from the bare syntax; nothing at all is an empty text."""
    from ruamel.yaml.events import DocumentStartEvent, StreamEndEvent

    next(events)  # the stream starts
    if isinstance(next(events), StreamEndEvent):
        return ""
    built = _value(next(events), events, 0)
    next(events)  # the document ends
    if isinstance(event := next(events), DocumentStartEvent):
        raise ValueError(f"line {_line(event)}: a second document starts; only one is read")
    return built


def _value(event: Any, events: Iterator[Any], depth: int) -> Any:
    """Build what begins with an event, on so many levels."""
    from ruamel.yaml.events import AliasEvent, ScalarEvent, SequenceStartEvent

    if isinstance(event, AliasEvent):
        problem = "aliases (*name) are not read; write the value again"
        raise ValueError(f"line {_line(event)}: {problem}")
    if event.tag:
        raise ValueError(
            f"line {_line(event)}: tags ({event.tag}) are not read; write the plain value"
        )
    if isinstance(event, ScalarEvent):
        return event.value
    if depth == DEEPEST:
        raise ValueError(f"line {_line(event)}: nested more than {DEEPEST} levels deep")
    within = _list if isinstance(event, SequenceStartEvent) else _mapping
    return within(events, depth + 1)


def _list(events: Iterator[Any], depth: int) -> list[Any]:
    from ruamel.yaml.events import SequenceEndEvent

    items = []
    while not isinstance(event := next(events), SequenceEndEvent):
        items.append(_value(event, events, depth))
    return items


def _mapping(events: Iterator[Any], depth: int) -> dict[str, Any]:
    from ruamel.yaml.events import MappingEndEvent

    found: dict[str, Any] = {}
    while not isinstance(event := next(events), MappingEndEvent):
        key, value = _value(event, events, depth), _value(next(events), events, depth)
        if not isinstance(key, str):
            raise ValueError(f"line {_line(event)}: a list or a mapping is not a name")
        if key in found:
            twice = f'"{key}" with value "{value}" (original value: "{found[key]}")'
            raise ValueError(f"line {_line(event)}: found duplicate key {twice}")
        found[key] = value
    return found


def _line(event: Any) -> int:
    return int(event.start_mark.line) + 1
