"""A case as YAML, ready to be kept in a file or read again."""

from __future__ import annotations

from collections.abc import Mapping
from io import StringIO
from typing import Any

_WIDTH = 96


def case_yaml(whole: Mapping[str, Any]) -> str:
    """Write a case that is a mapping; what has nothing to say is left out."""
    from ruamel.yaml import YAML

    yaml = YAML()
    yaml.width = _WIDTH
    text = StringIO()
    yaml.dump({name: value for name, value in whole.items() if value}, text)
    return text.getvalue()
