"""What is behind an answer: the rules that fired, the claims disputed, the sources, the review."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from b12lib.deciding.assessment import Answer, Assessment
from b12lib.explaining.people import standings
from b12lib.explaining.plan import plan
from b12lib.explaining.wording import cited, inside, label, rule_ids, weak, words
from b12lib.reading.catalogues import Claim
from b12lib.reading.plain import IF_WORSE, NOT_ADVICE
from b12lib.reading.protocol import Header, Protocol
from b12lib.reading.sources import Citation
from b12lib.showing.levels import Level
from b12lib.showing.section import escape, table

DISCLAIMER = (
    "For education and for professionals. It does not replace clinical judgement, local guidance "
    "or the verification of its sources, and it must not be the only ground of a decision about a "
    "patient."
)


def disclaimer(protocol: Protocol, level: Level) -> str:
    """Say what an answer is not; to a patient also what to do whatever it is."""
    plain = protocol.plain
    patients = f"{plain[NOT_ADVICE].plain} {plain[IF_WORSE].plain}"
    return patients if level == Level.PATIENT else DISCLAIMER


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
