"""YAML and JSON text to plain mappings, refusing what could surprise or harm.

Every scalar arrives as text: the data dictionary alone decides what is a number, a boolean or a
date, so that ``no``, ``010`` or ``2026-03-01`` never turn into something that nobody wrote.
"""

from __future__ import annotations

from functools import cache
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
    yaml = YAML(typ="base", pure=True)
    yaml.Parser = _careful_parser()
    try:
        loaded = yaml.load(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = f"line {mark.line + 1}: " if mark else ""
        raise ValueError(where + (error.problem or error.context or "cannot be read")) from error
    except YAMLError as error:
        raise ValueError(" ".join(str(error).split())) from error
    except OverflowError as error:
        raise ValueError("it names a character that does not exist") from error
    if loaded is None or loaded == "":
        raise ValueError("it is empty")
    if not isinstance(loaded, dict):
        raise ValueError("expected 'name: value' lines at the top level")
    if odd := [key for key in loaded if not isinstance(key, str)]:
        raise ValueError(f"{odd[0]!r} is not a name")
    return dict(loaded)


@cache
def _careful_parser() -> type:
    """Return a parser that looks at the bare syntax before anything is built from it."""
    from ruamel.yaml.events import (
        AliasEvent,
        CollectionEndEvent,
        CollectionStartEvent,
        DocumentStartEvent,
        NodeEvent,
    )
    from ruamel.yaml.parser import Parser

    class CarefulParser(Parser):
        depth = documents = 0

        def get_event(self) -> Any:
            event = super().get_event()
            line = event.start_mark.line + 1
            self.documents += isinstance(event, DocumentStartEvent)
            if self.documents > 1:
                raise ValueError(f"line {line}: a second document starts; only one is read")
            if isinstance(event, AliasEvent):
                raise ValueError(
                    f"line {line}: aliases (*name) are not read; write the value again"
                )
            if isinstance(event, NodeEvent) and (tag := getattr(event, "tag", None)):
                raise ValueError(f"line {line}: tags ({tag}) are not read; write the plain value")
            if isinstance(event, CollectionStartEvent):
                self.depth += 1
                if self.depth > DEEPEST:
                    raise ValueError(f"line {line}: nested more than {DEEPEST} levels deep")
            elif isinstance(event, CollectionEndEvent):
                self.depth -= 1
            return event

    return CarefulParser
