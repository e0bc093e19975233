"""A claim of the seed: does it hold in primary sources?"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import partial

from b12lib.explaining.questions.question import OPEN, Choice, Draft, Lots, Material, Question
from b12lib.explaining.wording import cited
from b12lib.reading.catalogues import VERDICTS, Claim
from b12lib.reading.protocol import Protocol

KIND = "A claim"
LEDGER = "claims.md"
SILENT = "omission"
"""The verdict on what the seed does not say: there is no claim to be weighed."""
CHOICES = 4


def drafts(material: Material, lots: Lots) -> Iterator[Draft]:
    """Yield a draft for every claim that the seed makes."""
    for claim in material.protocol.claims.values():
        if claim.verdict != SILENT:
            make = partial(_question, claim, material.protocol, lots.of(KIND, claim.id))
            yield Draft(KIND, claim.section, claim.id, (OPEN,), claim.id, make)


def _question(claim: Claim, protocol: Protocol, lots: Lots) -> Question:
    others = lots.shuffled(set(VERDICTS) - {claim.verdict, SILENT})
    offered = {claim.verdict, *others[: CHOICES - 1]}
    meanings = _meanings(protocol)
    return Question(
        kind=KIND,
        topic=claim.section,
        level=OPEN,
        stem=(
            "The published answer that the protocol follows makes this claim:\n\n"
            f"> {claim.claim}\n\n"
            "What do primary sources make of it?"
        ),
        choices=tuple(
            _choice(verdict, meanings, claim) for verdict in VERDICTS if verdict in offered
        ),
        point=claim.id,
        asks=claim.id,
    )


def _meanings(protocol: Protocol) -> dict[str, str]:
    """Return what each verdict means, as the ledger's own list says it."""
    body = next(chapter.body for chapter in protocol.chapters if chapter.file == LEDGER)
    found = dict(re.findall(r"^- \*(.+?)\*: (.+?)[;.]$", body, flags=re.MULTILINE))
    return {verdict: found.get(verdict, "") for verdict in VERDICTS}


def _choice(verdict: str, meanings: Mapping[str, str], claim: Claim) -> Choice:
    right = verdict == claim.verdict
    text = f"{verdict}: {meanings[verdict]}" if meanings[verdict] else verdict
    if right:
        on = f" *{cited(claim.sources)}.*" if claim.sources else ""
        feedback = f"{claim.what_primary_sources_say}{on} {claim.what_follows}"
    else:
        meant = f", that is: {meanings[claim.verdict]}" if meanings[claim.verdict] else ""
        feedback = f"The ledger says of {claim.id}: {claim.verdict}{meant}."
    return Choice(text, right, (verdict,), feedback)
