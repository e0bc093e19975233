"""An assessment as Markdown, the one form from which page, notebook and terminal are made.

The answer comes first, then what to do, what is open, what was found, and last what is behind it.
Within a part the order is that of ``decisions.md``.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from b12lib.deciding.assessment import Answer, Assessment
from b12lib.explaining.dates import dates, first_dose
from b12lib.explaining.people import standings
from b12lib.explaining.plan import Option, headline, plan, spoken
from b12lib.explaining.wording import (
    because,
    cited,
    filled,
    inside,
    label,
    rule_ids,
    sentence,
    statement,
    value_of,
    weak,
    words,
)
from b12lib.reading.catalogues import Claim, Regimen, ScheduleItem, Statement
from b12lib.reading.feel import Value
from b12lib.reading.protocol import Header, Protocol
from b12lib.reading.sources import Citation, is_addition
from b12lib.reading.tables import Rule
from b12lib.showing import render
from b12lib.showing.levels import Level
from b12lib.showing.outlook import turning, unknown
from b12lib.showing.readings import mma_readings

DISCLAIMER = (
    "For education and for professionals. It does not replace clinical judgement, local guidance "
    "or the verification of its sources, and it must not be the only ground of a decision about a "
    "patient."
)

PARTS = ("What to do", "What is open", "What was found", "Behind the answer")
"""The parts that follow the answer."""
ADDITION = " *addition*"
"""The mark of what the seed does not say."""
SAID_FIRST = ("emergency", "same_day")
"""Decisions that the answer begins with: whatever B12 shows, these come before it."""
SAID_AT_ONCE = (
    *("treatment_stops", "hazards", "transfusion", "form_safety", "treatment_pitfalls"),
    *("urgent_referral", "metabolic_advice", "unit_check"),
)
"""Decisions that the answer itself tells, before their own section: acting on it may harm else."""


@dataclass(frozen=True, slots=True, repr=False)
class Section:
    """One titled part of the document; shows itself in a notebook."""

    title: str
    body: str

    def __repr__(self) -> str:
        """Return the section as Markdown, which reads well as plain text."""
        return f"## {self.title}\n\n{self.body}".rstrip()

    _repr_markdown_ = __repr__

    def _repr_html_(self) -> str:
        return render.html(self._repr_markdown_())


def markdown(assessment: Assessment, level: Level = Level.CLINICIAN) -> str:
    """Return the whole assessment as Markdown, for a reader of some level."""
    shown = [section(assessment, "Answer", level)]
    shown += [part(assessment, title, level) for title in PARTS]
    written = [f"# {escape(assessment.case.name)}", *map(Section._repr_markdown_, shown)]
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


Writers = dict[str, Callable[[], str]]


def _writers(assessment: Assessment, level: Level) -> Writers:
    """Return the sections by title, each ready to be written when it is asked for."""
    from b12lib.showing import patient  # which writes its sections by this module

    write = patient.answer if level == Level.PATIENT else partial(answer, level=level)
    writers: Writers = {"Answer": partial(write, assessment)}
    for sections_of in _parts(assessment, level).values():
        writers |= sections_of
    return writers


def _parts(assessment: Assessment, level: Level) -> dict[str, Writers]:
    from b12lib.showing import calendar, follow_up, glossary, patient  # which write by this module

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
            "Calendar": partial(calendar.section, assessment),
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
            "Where primary sources say otherwise": partial(disagreements, assessment),
            "How it was decided": partial(trace, assessment),
            "How the visits were judged": partial(follow_up.traces, assessment),
            "Sources": partial(sources, assessment),
            **explained,
            "Status of this protocol": partial(status, assessment),
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


def answer(assessment: Assessment, level: Level = Level.CLINICIAN) -> str:
    """Say whether to treat, what cannot wait or must not be done, with what, and what is open."""
    before, after = (_raised(names, assessment, level) for names in (SAID_FIRST, SAID_AT_ONCE))
    after += [
        _option(option) + why([assessment.protocol.rules[option.rule][1]], level)
        for option in plan(assessment).options
        if option.regimen.given
    ]
    after += [f"- {taken}" for taken in used_assumptions(assessment)]
    reason, verdict = assessment["indication"], assessment["treat_now"]
    asked = [reason] if verdict.values == reason.values else [reason, verdict]
    after.append(f"- Why: {' '.join(_because(item, assessment.protocol) for item in asked)}")
    if assessment.visits:
        last = assessment.visits[-1]
        response = sentence("response", last["response"].value, assessment.at(last))
        after.append(f"- **At the last visit, on day {last.visit.day}:** {response}")
    parts = ["\n".join(before), f"**{headline(assessment)}**", "\n".join(after)]
    return "\n\n".join(filter(None, parts))


def _raised(names: Iterable[str], assessment: Assessment, level: Level) -> list[str]:
    """Return what these decisions list, as bold lines."""
    raised = [(name, assessment.answers[name]) for name in names if name in assessment.answers]
    return [
        f"- **{sentence(name, value, assessment)}**{why(saying(answer, value), level)}"
        for name, answer in raised
        for value in answer.values
    ]


def saying(item: Answer, value: Value) -> list[Rule]:
    """Return the rules that fired and say this."""
    outcome = item.outcome
    return [rule for rule in outcome.fired if outcome.said(rule, item.decision.name) == value]


def why(rules: Iterable[Rule], level: Level) -> str:
    """Say why, to those who learn: the rationale of the rules behind an answer."""
    reasons = dict.fromkeys(rule.rationale for rule in rules)
    return f" *Why:* {' '.join(reasons)}" if reasons and level == Level.TRAINEE else ""


def used_assumptions(assessment: Assessment) -> Iterator[str]:
    """Tell each quantity that was assumed and that something known was worked out from."""
    inputs = assessment.protocol.inputs
    for name in assessment.assumed:
        following = (i for i in inputs.values() if i.formula and name in i.formula.names)
        used = any(assessment.values[item.name] is not None for item in following)
        if inputs[name].kind == "quantity" and used:
            label_, value = label(name, assessment.protocol), value_of(name, assessment)
            yield f"{label_}: assumed {value}, because the case does not give it."


def _option(option: Option) -> str:
    regimen = option.regimen
    basis = f"`{option.rule}` *Basis: {regimen.basis}; {cited(regimen.sources)}.*{beyond(regimen)}"
    if not option.condition:  # then the headline has said it already
        return f"- The regimen: {basis}"
    return f"- **{option.condition}** — {spoken(regimen)} {basis}"


def _because(item: Answer, protocol: Protocol) -> str:
    return because(item.outcome.fired or item.outcome.open, protocol)


def beyond(row: Statement | Regimen | ScheduleItem | None) -> str:
    """Mark what the seed does not say; the status section explains the word."""
    return ADDITION if row and is_addition(row.sources) else ""


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
                behind = "*Stated by the case.*" if item.stated else behind
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


def disagreements(assessment: Assessment) -> str:
    """Show, for all that answered, where primary sources do not share the seed's claim."""
    return claims(disputed(assessment))


def claims(became: Mapping[Claim, Sequence[str]]) -> str:
    """Show claims of the seed, what sources say of each, and the ids of what each became."""
    rows = [
        [
            claim.id,
            claim.claim,
            f"**{claim.verdict}**",
            f"{claim.what_primary_sources_say} *{cited(claim.sources)}.*"
            if claim.sources
            else claim.what_primary_sources_say,
            claim.what_follows,
            " ".join(f"`{id_}`" for id_ in ids),
        ]
        for claim, ids in became.items()
    ]
    head = ["Claim", "The seed says", "Verdict", "Primary sources", "What follows", "Became"]
    return table(head, rows) if rows else ""


def disputed(assessment: Assessment) -> dict[Claim, list[str]]:
    """Return the claims behind the answers that sources do not support, with what they became."""
    citing: defaultdict[str, list[str]] = defaultdict(list)
    for id_, cited_there in _answering(assessment).items():
        for claim in dict.fromkeys(claim for source in cited_there for claim in source.claims):
            citing[claim].append(id_)
    return {
        claim: citing[claim.id]
        for claim in assessment.protocol.claims.values()
        if claim.id in citing and claim.verdict != "supported"
    }


def _answering(assessment: Assessment) -> dict[str, tuple[Citation, ...]]:
    """Return the rules that fired, the regimens and the schedule rows, each with its sources."""
    protocol = assessment.protocol
    answers = [item for item in assessment.everything() if not item.stated]
    return {
        **{rule.id: rule.sources for item in answers for rule in item.outcome.fired},
        **{option.regimen.id: option.regimen.sources for option in plan(assessment).options},
        **{
            str(value): protocol.schedule[str(value)].sources
            for item in answers
            if item.decision.kind == "schedule"
            for value in item.values
        },
    }


def trace(assessment: Assessment) -> str:
    """Show for every decision the rule that fired, why, and what ruled out the others."""
    rows = []
    for item in assessment.answers.values():
        if item.decision.part == "refusal" or (item.collects and not item.values):
            continue
        fired = item.outcome.fired or item.outcome.open
        ids = rule_ids(item) if item.known else ""
        reasons = [*(rule.rationale for rule in fired), *weak(fired, assessment.protocol)]
        why = " ".join(reasons) if item.known else "not decided"
        sources = dict.fromkeys(source for rule in fired for source in rule.sources)
        rows.append(
            [
                item.decision.label,
                words(item.values, "and" if item.collects else "or"),
                ids,
                "stated by the case" if item.stated else why,
                "" if item.stated or not item.known else cited(tuple(sources)),
                "" if item.collects else _ruled_out(item, assessment),
            ]
        )
    return table(
        ["Decision", "Answer", "Rule", "Why", "Sources", "Other rules, ruled out by"], rows
    )


def _ruled_out(item: Answer, assessment: Assessment) -> str:
    by: defaultdict[str, list[str]] = defaultdict(list)
    for rule in item.outcome.table.rules:
        if rule not in item.outcome.fired + item.outcome.open:
            column = item.outcome.failed_at(rule)
            by[label(column, assessment.protocol) if column else "another rule decides"].append(
                rule.id
            )
    return "; ".join(f"{' '.join(ids)}: {inside(reason)}" for reason, ids in by.items())


def sources(assessment: Assessment) -> str:
    """List every source that the report cites, and how far each was verified."""
    protocol = assessment.protocol
    shown = [
        *_answering(assessment).values(),
        *(protocol.inputs[name].sources for name in assessment.assumed),
        *(protocol.people[name].sources for name in standings(assessment)),
        *(claim.sources for claim in disputed(assessment)),
    ]
    return source_list((source for cited_there in shown for source in cited_there), protocol)


def source_list(cited_there: Iterable[Citation], protocol: Protocol) -> str:
    """List sources in full, each once and with its key, and how far each was verified."""
    lines = []
    for key in sorted({source.key for source in cited_there}):
        reference = protocol.references[key]
        link = f" <{reference.link}>" if reference.link else ""
        lines.append(f"- **{key}**: {escape(reference.text)}{link} *{reference.verified}.*")
    return "\n".join(lines)


def status(assessment: Assessment) -> str:
    """Say which protocol and profile decided, how far each was reviewed, and what it is not."""
    added = "- *addition* marks what the seed does not say: it was added, with its own sources."
    return "\n".join([*review_status(assessment.protocol), added, f"- {DISCLAIMER}"])


def review_status(protocol: Protocol) -> list[str]:
    """Name the protocol and its profile, and say how far each was reviewed."""
    lines = standing_of("Protocol", protocol.header)
    if protocol.profile:
        lines += standing_of(f"Profile {protocol.profile.name}", protocol.profile.header)
    return lines


def standing_of(what: str, header: Header) -> list[str]:
    """Say of a protocol, a profile or a chapter which it is and how far it was reviewed."""
    reviewer = header.reviewer or "nobody yet: no clinician has reviewed it"
    reviewed = header.last_reviewed.isoformat() if header.last_reviewed else "never"
    return [
        f"- {what}: {header.title}, version {header.version}",
        f"- Status: {header.status}",
        f"- Reviewed by: {reviewer}; last reviewed: {reviewed}; review by: {header.review_by}",
    ]


def table(head: list[str], rows: list[list[str]]) -> str:
    """Write a Markdown table; cells may hold inline Markdown but no line break or bare pipe."""
    lines = [head, [":--"] * len(head), *rows]  # left, whatever a notebook would make of it
    return "\n".join(
        "| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in lines
    )


def escape(text: str) -> str:
    """Make text from a case inert: nothing in it is Markdown or HTML any more."""
    return re.sub(r"([\\`*_{}\[\]()#!|<>&~$:@])", r"\\\1", " ".join(text.split()))
