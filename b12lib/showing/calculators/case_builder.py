"""The case builder: every field that a case may have, and the answer as it is typed."""

from __future__ import annotations

from typing import Any

from b12lib.deciding.assessment import Assessment
from b12lib.deciding.case import Case, read_case
from b12lib.deciding.fields import case_fields
from b12lib.errors import CaseError
from b12lib.explaining.comparison import written
from b12lib.explaining.missing import missing
from b12lib.explaining.wording import label
from b12lib.showing.background import trace
from b12lib.showing.calculators.calculator import (
    Calculator,
    Disclosure,
    beside,
    calculator,
    case_area,
    panel,
    reader,
    refused,
    styled,
    tell,
    widgets,
)
from b12lib.showing.calculators.fields import Form
from b12lib.showing.case_yaml import case_yaml
from b12lib.showing.document import section
from b12lib.showing.levels import Level
from b12lib.showing.section import escape, table

TRACE = "How it was decided"


def case_builder(case: Case, level: str = Level.CLINICIAN) -> Calculator:
    """Build a case field by field, beginning with ``case``; answer and trace follow as one types.

    Its name and its visits are kept; its kind, source and note are not, for they speak of the case
    as it was. ``level`` is that of the reader to begin with; raises ``ValueError`` for another.
    """
    builder = _Builder(case, level)
    return calculator(
        "case-builder", [builder.widget], builder.plain(), case.protocol, builder.level
    )


class _Builder:
    def __init__(self, case: Case, level: str) -> None:
        self.protocol = case.protocol
        self.level = reader(level)
        self.form = Form(case_fields(self.protocol).values(), self.protocol)
        self.name = styled(widgets().Text(description="Name of the case"), "above")
        self.sections = list(_sections(self.form, case))
        self.asked_first, self.answer = panel(), panel()
        self.trace = Disclosure(TRACE, panel())
        self.text = case_area("The case as text: copy it, or paste another one")
        self.pasted = panel()
        self.take(case)
        self.form.observe(self.show)
        self.name.observe(self.show, names="value")
        self.level.observe(self.show, names="value")
        self.trace.button.on_click(self.show)
        self.text.observe(self.paste, names="value")

    @property
    def widget(self) -> Any:
        """The fields, and beside them the answer; below them on a narrow page."""
        ask = widgets().Button(description="What should be asked first?")
        ask.on_click(self.ask)
        parts = [part for one in self.sections for part in one.parts]
        fields = [self.name, ask, self.asked_first, *parts]
        told = [self.level, self.answer, *self.trace.parts, self.text, self.pasted]
        return beside(fields, told)

    def take(self, case: Case) -> None:
        """Show another case in the fields."""
        self.visits = written(case)["visits"]
        self.taking = True  # every field that is filled calls, and only the whole case counts
        self.name.value = case.name
        self.form.fill(case.given)
        self.taking = False
        self.show()

    def show(self, _: object = None) -> None:
        """Answer the case that the fields say now."""
        if self.taking:
            return
        tell(self.asked_first, "")
        try:
            assessment = self.decide()
        except CaseError as error:
            tell(self.answer, refused(error.faults, self.protocol))
            tell(self.trace.content, "")
        else:
            tell(self.answer, self.answered(assessment))
            tell(self.trace.content, trace(assessment) if self.trace.opened else "")
        for one in self.sections:
            one.count()
        self.written = case_yaml(
            {"case": self.name.value, "inputs": self.form.said, "visits": self.visits}
        )
        self.text.value = self.written

    def answered(self, assessment: Assessment) -> str:
        """Write the answer for the reader who is chosen."""
        return section(assessment, "Answer", self.level.value).body

    def decide(self) -> Assessment:
        """Decide the case that the fields say now; raise ``CaseError`` when it is refused."""
        return self.form.decide(case=self.name.value, visits=self.visits)

    def paste(self, _: object) -> None:
        """Take the case that the text says, where it says another one than the fields."""
        if self.text.value == self.written:
            return
        tell(self.pasted, "")
        try:
            self.take(read_case(self.text.value, self.protocol))
        except CaseError as error:
            tell(self.pasted, refused(error.faults, self.protocol))

    def ask(self, _: object) -> None:
        """Mark what would settle most of the treatment, in order."""
        try:
            assessment = self.decide()
        except CaseError:  # the answer tells why
            return
        found = [item.name for item in missing(assessment).whole]
        lines = []
        for number, name in enumerate(found, 1):
            self.form.fields[name].tell(mark=f"Asked as number {number} of {len(found)}:")
            item = self.form.fields[name].item
            lines.append(f"{number}. **{item.label}**, under “{item.group}”")
        nothing = "Nothing that is not known would by itself change the treatment."
        tell(self.asked_first, "\n".join(lines) or nothing)

    def plain(self) -> str:
        """Write what is given, and the answer, as a page without widgets keeps them."""
        said = self.form.said.items()
        rows = [[label(name, self.protocol), escape(value)] for name, value in said]
        try:
            told = self.answered(self.decide())
        except CaseError as error:
            told = refused(error.faults, self.protocol)
        return "\n\n".join([table(["Field", "Given"], rows), told])


class _Section(Disclosure):
    """The fields under one heading of the dictionary."""

    def __init__(self, title: str, form: Form, *, opened: bool) -> None:
        self.fields = [each for each in form.fields.values() if each.item.group == title]
        box = styled(widgets().Box([each.widget for each in self.fields]), "fields")
        super().__init__(title, box, opened=opened)

    def count(self) -> None:
        """Say in the title how many of its fields are given, and how many are to be mended."""
        given = sum(bool(each.said) for each in self.fields)
        wrong = sum(each.wrong for each in self.fields)
        told = [f"{given} given"] * bool(given) + [f"{wrong} to mend"] * bool(wrong)
        self.say(", ".join(told))


def _sections(form: Form, case: Case) -> list[_Section]:
    """Return a section for each heading; those in which the case says something are open."""
    groups = [each.item.group for each in form.fields.values()]
    said = {form.fields[name].item.group for name in case.given} or groups[:1]
    return [_Section(title, form, opened=title in said) for title in dict.fromkeys(groups)]
