"""A patient's page: the same answer in the plain words of ``plain.md``, without rules or sources.

Its sections are the headings of ``plain.md``; within one, the order is that of its rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cache, partial

from b12lib.deciding.assessment import Answer, Assessment
from b12lib.explaining.dates import dates, first_dose
from b12lib.explaining.missing import Missing, missing
from b12lib.explaining.plan import plan
from b12lib.explaining.wording import begun, plainly, row_id, standing, value_of
from b12lib.reading.plain import AT_VISITS, IF_WORSE, NOT_ADVICE, QUESTIONS
from b12lib.reading.protocol import Protocol
from b12lib.showing import calendar, glossary
from b12lib.showing.answer import BEFORE, SAID_AT_LAST_VISIT, SAID_AT_ONCE, raised, said_first
from b12lib.showing.background import disputed
from b12lib.showing.levels import Level
from b12lib.showing.section import Writers

TITLE = "Vitamin B12: your results, and what follows from them"
"""The title of a patient's page; a case is named for professionals."""


def parts(assessment: Assessment) -> tuple[Writers, ...]:
    """Return the sections of each part that follows the answer."""
    protocol = assessment.protocol
    found = cache(partial(missing, assessment))  # what several sections ask, and the last all again
    rows = ("What happens next", "Checks, and what to expect", "What to watch for")
    told: list[Writers] = [
        {
            "When to seek help": partial(seek_help, assessment),
            **{heading: partial(_told, heading, assessment) for heading in rows},
            "Calendar": partial(calendar.section, assessment, Level.PATIENT),
            AT_VISITS: partial(visits, assessment),
        },
        {
            "What is not known": partial(not_known, assessment, found),
            QUESTIONS: partial(questions, assessment, found),
        },
        {"Your results": partial(_told, "Your results", assessment)},
    ]

    def page() -> str:
        written = [answer(assessment), *(write() for part in told for write in part.values())]
        return "\n".join(written)

    behind: Writers = {
        glossary.PLAIN_TITLE: partial(glossary.plain_words, protocol, page),
        "Status of this protocol": partial(status, protocol),
    }
    return (*told, behind)


def answer(assessment: Assessment) -> str:
    """Say what cannot wait, whether to treat and with what, and why."""
    before = said_first(assessment, Level.PATIENT)
    after = raised(SAID_AT_ONCE, assessment, Level.PATIENT)
    headed = {row_id(assessment["treat_now"], value) for value in assessment["treat_now"].values}
    headed |= {option.regimen.id for option in plan(assessment).options}
    lines = [*after, *_regimens(assessment), *_lines("The answer", assessment, headed)]
    first = [BEFORE] if assessment.visits else []
    whole = [*before, *_last_visit(assessment)], first, [f"**{verdict(assessment)}**"], lines
    return "\n\n".join("\n".join(part) for part in whole if part)


def _last_visit(assessment: Assessment) -> list[str]:
    """Say what the last visit means, what is dangerous there and what to look at again."""
    if not assessment.visits:
        return []
    last = assessment.visits[-1]
    there, response = assessment.at(last), last["response"]
    told = plainly(row_id(response, response.value), there) if response.known else ""
    lines = [f"- At the last visit, on day {last.visit.day}: {told}"] if told else []
    return [*lines, *raised(SAID_AT_LAST_VISIT, there, Level.PATIENT)]


def verdict(assessment: Assessment) -> str:
    """Answer the question in one sentence or two."""
    treat = assessment["treat_now"]
    if not treat.known:
        return "It is not decided yet whether you should be treated."
    return plainly(row_id(treat, treat.value), assessment)


def _regimens(assessment: Assessment) -> list[str]:
    """Tell the regimen, or those that are still possible."""
    found = plan(assessment)
    given = [option.regimen for option in found.options if option.regimen.given]
    lines = [plainly(regimen.id, assessment) for regimen in given]
    if len(found.options) == 1:
        return [f"- {line}" for line in lines]
    lead = "It is not decided yet which treatment is right: the questions below ask what decides."
    if found.first_dose:
        lead += f" The first dose is the same either way: {found.first_dose}."
    return [f"- {lead}", *(f"- Possible: {line}" for line in lines)]


def _told(heading: str, assessment: Assessment) -> str:
    return "\n".join(_lines(heading, assessment))


def _lines(heading: str, assessment: Assessment, without: Iterable[str] = ()) -> list[str]:
    """Word the answers that stand under a heading of ``plain.md``."""
    found = _answers(assessment.answers)
    rows = [row for row in assessment.protocol.plain.values() if row.section == heading]
    return [
        f"- {_when(row.id, assessment)}{plainly(row.id, assessment)}"
        for row in rows
        if row.id in found and row.id not in without
    ]


def _answers(answers: Mapping[str, Answer]) -> set[str]:
    """Return the ids of all that was answered."""
    return {row_id(item, value) for item in answers.values() if item.known for value in item.values}


def _when(id_: str, assessment: Assessment) -> str:
    """Say when something of the schedule is due; nothing of anything else."""
    row = assessment.protocol.schedule.get(id_)
    if not row:
        return ""
    start = first_dose(assessment)
    day = dates(start, row.from_, row.to) if start else ""
    return f"**{begun(row.when)}{f' ({day})' if day else ''}:** "


def seek_help(assessment: Assessment) -> str:
    """Say what is urgent, and what to do in any case."""
    lines = _lines("When to seek help", assessment)
    return "\n".join([*lines, f"- {plainly(IF_WORSE, assessment)}"])


def visits(assessment: Assessment) -> str:
    """Say what each visit under treatment found."""
    told = []
    for visit in assessment.visits:
        found, at_visit = _answers(visit.answers), assessment.at(visit)
        rows = [row.id for row in assessment.protocol.plain.values() if row.id in found]
        lines = [f"- {plainly(id_, at_visit)}" for id_ in rows]
        told.append("\n".join([f"**Day {visit.visit.day}**", "", *lines]))
    return "\n\n".join(told)


def not_known(assessment: Assessment, sort: Callable[[], Missing]) -> str:
    """Say what is open, what was assumed, and how far it all can be relied on."""
    protocol, found = assessment.protocol, sort()
    lines = []
    if found.alone:
        lines.append("Some things that could change your treatment are not known: see below.")
    else:
        lines.append("No single thing that is not known could change your treatment.")
    if found.together:
        lines.append("Some things change nothing alone, but might together with others.")
    lines += [
        f"{protocol.plain[name].plain} Nobody said; taken as {value_of(name, assessment)}."
        for name in assessment.assumed
    ]
    if disputed(assessment):
        lines.append(
            "Other sources do not, or not fully, support some points of the published answer "
            "behind this page. Ask your doctor about them."
        )
    fired = [rule for item in assessment.everything() for rule in item.outcome.fired]
    if standing(fired, protocol):
        lines.append(
            "Some of it rests on sources that we have not read ourselves, or on the published "
            "answer alone."
        )
    return "\n".join(f"- {line}" for line in lines)


def questions(assessment: Assessment, sort: Callable[[], Missing]) -> str:
    """List what would decide more, as questions to ask and things to tell."""
    asked = [assessment.protocol.plain[item.name].plain for item in sort().alone]
    return "\n".join(f"- {question}" for question in asked)


def status(protocol: Protocol) -> str:
    """Say what made this page, who has reviewed it, what it is not, and where the rules stand."""
    header = protocol.header
    made = f"{header.title}, version {header.version}, {header.status}"
    if protocol.profile:
        made += f"; read with {protocol.profile}, {protocol.profile.header.status}"
    reviewed = (
        f"It was reviewed by {header.reviewer}."
        if header.reviewer
        else "No doctor or other clinician has reviewed it yet."
    )
    lines = [
        f"A computer program made this page from a protocol: {made}. {reviewed}",
        protocol.plain[NOT_ADVICE].plain,
        "The same case, shown at the level of a clinician, names the rules and the sources behind "
        "every sentence.",
    ]
    return "\n".join(f"- {line}" for line in lines)
