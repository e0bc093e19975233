"""Reports made many at a time, each in a process of its own, without starting a kernel for each.

A process is forked from one that has imported everything already, does one piece of work and ends:
what a case leaves behind is gone with it. Where nothing can be forked it is started anew.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_all_start_methods, get_context
from typing import Any

from b12lib.errors import MissingExtra

try:
    from IPython.core.displayhook import DisplayHook
    from IPython.core.interactiveshell import InteractiveShell
    from nbformat.v4 import new_output
    from papermill.engines import Engine, papermill_engines
    from traitlets.config import Config
except ModuleNotFoundError as error:
    raise MissingExtra("a case report", "report") from error

ENGINE = "own-process"
"""What papermill calls the engine below."""


@contextmanager
def processes() -> Iterator[ProcessPoolExecutor]:
    """Yield a pool as wide as the machine, which does each piece of work in a fresh process."""
    context = get_context("forkserver" if "forkserver" in get_all_start_methods() else "spawn")
    context.set_forkserver_preload(["__main__", "b12lib.publishing.warm"])
    with ProcessPoolExecutor(os.cpu_count(), context, max_tasks_per_child=1) as pool:
        try:
            yield pool
        except BaseException:
            pool.shutdown(cancel_futures=True)  # what nobody will read is not begun
            raise


class _Shown(DisplayHook):
    """Keeps what a cell shows, as a kernel does, instead of printing it."""

    def write_output_prompt(self) -> None:
        """Print no prompt."""

    def write_format_data(self, format_dict: Any, md_dict: Any = None) -> None:
        """Keep every form of it."""
        shell: Any = self.shell
        kept = new_output("display_data", data=format_dict, metadata=md_dict)  # type: ignore[no-untyped-call]
        shell.shown.append(kept)


class _Shell(InteractiveShell):
    """IPython without a kernel, a terminal or a history; ``shown`` is what the cell showed."""

    shown: list[Any]
    displayhook_class = _Shown

    def _showtraceback(self, *_: Any) -> None:
        """Print nothing: whoever runs the notebook raises the error."""


class OwnProcess(Engine):  # type: ignore[misc]
    """Runs a notebook in this very process, which must do nothing else afterwards."""

    @classmethod
    def execute_managed_notebook(cls, nb_man: Any, kernel_name: str, **_: Any) -> None:
        """Run every cell as a kernel would, and keep what it shows."""
        quiet = Config({"HistoryManager": {"enabled": False}})
        shell: Any = _Shell(config=quiet)  # type: ignore[no-untyped-call]
        for cell in nb_man.nb.cells:
            if cell.cell_type == "code":
                shell.shown = cell.outputs = []
                shell.run_cell(cell.source).raise_error()


papermill_engines.register(ENGINE, OwnProcess)
