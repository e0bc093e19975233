"""Hold the mutants that survived against those that a file explains, one by one.

Run behind ``mutmut run``, from the same folder, with the path of the file. A mutant is known by its
function and the lines that it changes: mutmut's running numbers shift with every edit.
"""

from __future__ import annotations

import sys
import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent, indent
from typing import NamedTuple

from mutmut.mutation.data import SourceFileMutationData
from mutmut.mutation.diff_apply import get_diff_for_mutant
from mutmut.stats import status_by_exit_code
from mutmut.utils.file_utils import walk_mutatable_files
from mutmut.utils.format_utils import (
    get_module_from_key,
    orig_function_and_class_names_from_key,
)

NOTICED = ("killed", "timeout")  # code that never ends is noticed too


class Mutant(NamedTuple):
    """One change of the code: in which function, and the lines before and after."""

    function: str
    before: str
    after: str

    def __str__(self) -> str:
        return f"{self.function}\n{indent(self.before, '- ')}\n{indent(self.after, '+ ')}"


def survivors() -> Iterator[Mutant]:
    """Yield every mutant of mutmut's last run that no test noticed, or that was not tried."""
    for path in walk_mutatable_files():
        results = SourceFileMutationData(path=path)
        results.load()
        for key, code in results.exit_code_by_key.items():
            if status_by_exit_code[code] not in NOTICED:
                yield mutant(key, get_diff_for_mutant(key, path=path))


def mutant(key: str, diff: str) -> Mutant:
    """Return the mutant that mutmut calls ``key`` and shows as a unified ``diff``."""
    name, owner = orig_function_and_class_names_from_key(key)
    function = ".".join(filter(None, (get_module_from_key(key), owner, name)))
    lines = diff.split("\n")[2:]  # below the names of the two files
    return Mutant(function, _marked(lines, "-"), _marked(lines, "+"))


def _marked(lines: list[str], sign: str) -> str:
    return dedent("\n".join(line[1:] for line in lines if line.startswith(sign)))


def explained(text: str) -> Iterator[Mutant]:
    """Yield the mutants that a TOML text explains; raise ``ValueError`` where it does not say why.

    An entry has ``function``, ``before``, ``after`` (a list: the ways to change it) and ``why``.
    """
    for entry in tomllib.loads(text).get("survivor", []):
        for after in entry["after"]:
            one = Mutant(entry["function"], entry["before"], after)
            if not entry["why"]:
                raise ValueError(f"say in 'why' why no test can notice\n{one}")
            yield one


def main(file: str) -> int:
    """Print what survived unexplained and what is explained in vain; return the exit code."""
    known = Counter(explained(Path(file).read_text(encoding="utf-8")))
    found = Counter(survivors())
    for what, mutants in (
        (
            f"survived, or was not tried: notice it in a test, or explain it in {file}",
            found - known,
        ),
        (f"did not survive: take it out of {file}", known - found),
    ):
        for one in mutants.elements():
            print(f"{one}\n  {what}\n")
    print(f"mutants that survived: {found.total()}, explained: {(found & known).total()}")
    return int(found != known)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
