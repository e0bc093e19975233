"""An assessment as Markdown, the one form from which page, notebook and terminal are made.

The answer comes first, then what to do, what is open, what was found, and last what is behind it.
Within a part the order is that of ``decisions.md``.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from b12lib.deciding.assessment import Answer, Assessment
from b12lib.explaining.dates import dates, first_dose
from b12lib.explaining.plan import spoken
from b12lib.explaining.wording import (
    cited,
    filled,
    inside,
    label,
    rule_ids,
    sentence,
    statement,
    value_of,
)
from b12lib.reading.protocol import Protocol
from b12lib.reading.sources import is_addition
from b12lib.showing import background, calendar, follow_up, glossary, patient
from b12lib.showing.answer import answer
from b12lib.showing.levels import Level
from b12lib.showing.outlook import turning, unknown
from b12lib.showing.readings import mma_readings
from b12lib.showing.section import Section, Writers, escape, table
from b12lib.showing.sentences import ADDITION, STATED, beyond, saying, why

PARTS = ("What to do", "What is open", "What was found", "Behind the answer")
"""The parts that follow the answer."""


def markdown(assessment: Assessment, level: Level = Level.CLINICIAN) -> str:
    """Return the whole assessment as Markdown, for a reader of some level."""
    shown = [section(assessment, "Answer", level)]
    shown += [part(assessment, title, level) for title in PARTS]
    title = patient.TITLE if level == Level.PATIENT else escape(assessment.case.name)
    written = [f"# {title}", *map(Section._repr_markdown_, shown)]
    return "\n\n".join(written) + "\n"


def sections(assessment: Assessment, level: Level = Level.CLINICIAN) -> tuple[Section, ...]:
    """Return the sections that have something to say, in order."""
    written = (Section(title, write()) for title, write in _writers(assessment, level).items())
    return tuple(section for section in written if section.body)


def section(assessment: Assessment, title: str, level: Level = Level.CLINICIAN) -> Section:
    """Return one section by its title; it says so when there is nothing to say.

    Raises ``KeyError`` naming the sections there are when ``title`` is none of them.
    """
    writers = _writers(assessment, level)
    if title not in writers:
        raise KeyError(f"{title!r} is no section; there are {', '.join(writers)}")
    return Section(title, writers[title]() or "Nothing applies to this case.")


def find(assessment: Assessment, title: str, level: Level = Level.CLINICIAN) -> Section | None:
    """Return one section by its title, or ``None`` where this level leaves it out.

    Raises ``KeyError`` naming the sections there are when no level has one of this title.
    """
    titles = dict.fromkeys(name for each in Level for name in _writers(assessment, each))
    if title not in titles:
        raise KeyError(f"{title!r} is no section; there are {', '.join(titles)}")
    return section(assessment, title, level) if title in _writers(assessment, level) else None


def part(assessment: Assessment, title: str, level: Level = Level.CLINICIAN) -> Section:
    """Return one of ``PARTS`` with all its sections that have something to say.

    Raises ``KeyError`` naming the parts there are when ``title`` is none of them.
    """
    if title not in PARTS:
        raise KeyError(f"{title!r} is no part; there are {', '.join(PARTS)}")
    written = ((name, write()) for name, write in _parts(assessment, level)[title].items())
    return Section(title, "\n\n".join(f"### {name}\n\n{body}" for name, body in written if body))


def _writers(assessment: Assessment, level: Level) -> Writers:
    """Return the sections by title, each ready to be written when it is asked for."""
    write = patient.answer if level == Level.PATIENT else partial(answer, level=level)
    writers: Writers = {"Answer": partial(write, assessment)}
    for sections_of in _parts(assessment, level).values():
        writers |= sections_of
    return writers


def _parts(assessment: Assessment, level: Level) -> dict[str, Writers]:
    if level == Level.PATIENT:
        return dict(zip(PARTS, patient.parts(assessment), strict=True))
    explained: Writers = {}
    if level == Level.TRAINEE:
        page = partial(_text, assessment, level, without=glossary.TITLE)
        explained[glossary.TITLE] = partial(glossary.glossary, assessment.protocol, page)
    decided = {title: partial(group, assessment, title, level) for title in groups(assessment)}
    found = [title for title in decided if _finds(title, assessment.protocol)]
    sections_of: list[Writers] = [
        {
            **{title: write for title, write in decided.items() if title not in found},
            "Calendar": partial(calendar.section, assessment, level),
            "Follow-up visits": partial(follow_up.visits, assessment, level),
        },
        {
            "What is not known, and whether it matters": partial(unknown, assessment),
            "What would change the answer": partial(turning, assessment),
        },
        {
            "What was given": partial(given, assessment),
            "What was assumed": partial(assumed, assessment),
            **{title: decided[title] for title in found},
        },
        {
            "Where primary sources say otherwise": partial(background.disagreements, assessment),
            "How it was decided": partial(background.trace, assessment),
            "How the visits were judged": partial(follow_up.traces, assessment),
            "Sources": partial(background.sources, assessment),
            **explained,
            "Status of this protocol": partial(background.status, assessment),
        },
    ]
    return dict(zip(PARTS, sections_of, strict=True))


def _text(assessment: Assessment, level: Level, without: str) -> str:
    """Return all that a page says in its other sections."""
    writers = _writers(assessment, level)
    return "\n".join(write() for title, write in writers.items() if title != without)


def groups(assessment: Assessment) -> tuple[str, ...]:
    """Return the headings of ``decisions.md``, in order; a refused case's are not among them."""
    decisions = assessment.protocol.decisions.values()
    return tuple(dict.fromkeys(d.group for d in decisions if d.part != "refusal"))


def _finds(title: str, protocol: Protocol) -> bool:
    """Say whether the decisions under a heading begin with what was found, and end without acts."""
    parts = [item.part for item in protocol.decisions.values() if item.group == title]
    return parts[0] == "finding" and not {"treatment", "follow-up"} & set(parts)


def given(assessment: Assessment) -> str:
    """List the case's own fields, as they were given."""
    protocol, case = assessment.protocol, assessment.case
    lines = [f"- Case: {escape(case.name)}"]
    lines += [
        f"- {label(name, protocol)}: {escape(item.written)}" for name, item in case.given.items()
    ]
    lines += [f"- Source of the case: {escape(case.source)}"] if case.source else []
    lines += [f"- Note: {escape(case.note)}"] if case.note else []
    return "\n".join(lines)


def group(assessment: Assessment, title: str, level: Level = Level.CLINICIAN) -> str:
    """Say what the decisions under one heading of ``decisions.md`` came to."""
    answers = [a for a in assessment.answers.values() if a.decision.group == title]
    order = list(assessment.protocol.decisions)
    answers.sort(key=lambda item: order.index(item.decision.name))
    lines = [line for item in answers if item.known for line in _told(item, assessment, level)]
    open_ = [item for item in answers if not item.known]
    if any(item.decision.kind == "regimen" for item in open_):
        lines.insert(
            1, "- The schedule is not decided yet: the answer gives each with its condition."
        )
    if missing := [item.decision.label for item in open_ if item.decision.kind != "regimen"]:
        lines.append(f"- Not assessable from what was given: {', '.join(map(inside, missing))}.")
    dated = [item for item in answers if item.decision.kind == "schedule"]
    tables = [_schedule(item, assessment, level) for item in dated]
    tables += [
        _readings(item, assessment) for item in answers if item.decision.name == "unit_check"
    ]
    body = "\n\n".join(filter(None, ["\n".join(lines), *tables]))
    fired = [rule for item in answers if not item.stated for rule in item.outcome.fired]
    if fired and all(is_addition(rule.sources) for rule in fired):  # then it is said once
        return f"*Additions to the seed.*\n\n{body.replace(ADDITION, '')}"
    return body


def _told(item: Answer, assessment: Assessment, level: Level) -> Iterator[str]:
    match item.decision.kind:
        case "schedule":
            return
        case "regimen":
            chosen = assessment.protocol.regimens[str(item.value)]
            if chosen.given:
                reason = why(item.outcome.fired, level)
                yield f"- Give {spoken(chosen)}{beyond(chosen)} `{rule_ids(item)}`{reason}"
        case _:
            for value in item.values:
                name, rules = item.decision.name, saying(item, value)
                ids = rules[0].id if item.collects else rule_ids(item)
                behind = f"`{ids}`{why(rules, level)}"
                behind = STATED if item.stated else behind
                row = statement(name, value, assessment.protocol)
                yield f"- {sentence(name, value, assessment)}{beyond(row)} {behind}"


def _schedule(item: Answer, assessment: Assessment, level: Level) -> str:
    rows = [assessment.protocol.schedule[str(value)] for value in item.values]
    if not rows:
        return ""
    start = first_dose(assessment)
    head = ["When", "What", "Aim", "Sources"]
    cells = [
        [
            r.when,
            filled(r.what, assessment) + beyond(r),
            filled(r.aim, assessment),
            cited(r.sources),
        ]
        for r in rows
    ]
    if start:
        head.insert(1, "Date")
        for cell, row in zip(cells, rows, strict=True):
            cell.insert(1, dates(start, row.from_, row.to))
    if level == Level.TRAINEE:
        head.append("Why")
        for cell, value in zip(cells, item.values, strict=True):
            cell.append(" ".join(rule.rationale for rule in saying(item, value)))
    return table(head, cells)


def _readings(checked: Answer, assessment: Assessment) -> str:
    """Show what else the number of an MMA whose unit is to be checked could have meant."""
    mma, limit = (assessment.case.given.get(name) for name in ("mma", "mma_limit"))
    if not (checked.values and mma and mma.number):
        return ""
    return table(*mma_readings(mma.number, limit.written if limit else "", assessment.protocol))


def assumed(assessment: Assessment) -> str:
    """List what silence was taken to mean."""
    protocol = assessment.protocol
    return "\n".join(
        f"- {label(name, protocol)}: taken as {value_of(name, assessment)}, because it is not "
        f"known. {cited(protocol.inputs[name].sources)}"
        for name in assessment.assumed
    )
