"""All that a report needs, imported, read and compiled once: processes are forked from this."""

from __future__ import annotations

from nbformat.v4 import new_notebook

import b12lib
import b12lib.publishing.own_process
from b12lib.publishing.links import Links
from b12lib.publishing.notebook import notebook_html
from b12lib.publishing.pages import environment

for name in (None, *b12lib.profiles()):
    b12lib.load_protocol(profile=name)
notebook_html(new_notebook(), Links(b12lib.load_protocol()))  # type: ignore[no-untyped-call]
environment().get_template("report.html.j2")
