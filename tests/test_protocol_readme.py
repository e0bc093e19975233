"""The guide to the protocol shows the protocol as it is."""

from __future__ import annotations

import re

from b12lib.rooms import room

GUIDE = (room("protocol") / "README.md").read_text(encoding="utf-8")


def test_the_example_table_is_the_chapters_own() -> None:
    """Every line of the table that is explained cell by cell stands in its chapter."""
    example = re.search(r"```markdown\n(.*?)```", GUIDE, re.DOTALL)
    assert example
    chapter = (room("protocol") / "02-marrow.md").read_text(encoding="utf-8")
    assert example[1] in chapter


def test_the_guide_names_every_file_of_the_folder() -> None:
    """A file that the guide does not mention is one that a reader never opens."""
    unnumbered = {
        file.name
        for file in room("protocol").iterdir()
        if file.suffix in (".md", ".bib") and not file.name[0].isdigit()
    }
    assert {name for name in unnumbered if f"({name})" in GUIDE} == unnumbered - {"README.md"}


def test_the_links_of_the_guide_lead_somewhere() -> None:
    """No relative link of the guide points at a file that does not exist."""
    targets = {link.split("#")[0] for link in re.findall(r"\]\(([^)]+)\)", GUIDE)}
    assert [target for target in targets if not (room("protocol") / target).exists()] == []
