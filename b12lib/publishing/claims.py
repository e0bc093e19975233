"""The claim ledger for a command line: chosen claims, each as plain data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from b12lib.reading.catalogues import Claim
from b12lib.reading.ledger import became
from b12lib.reading.protocol import Protocol


def chosen(
    protocol: Protocol, verdict: str | None, section: str | None, rule: str | None
) -> list[Claim]:
    """Return the claims of that verdict, in that section, that became that rule.

    ``None`` asks for any. Raises ``ValueError`` for a word that the ledger does not know.
    """
    claims = list(protocol.claims.values())
    if verdict is not None:
        known = _known("verdict", verdict, (claim.verdict for claim in claims))
        claims = [claim for claim in claims if claim.verdict == known]
    if section is not None:
        known = _known("section", section, (claim.section for claim in protocol.claims.values()))
        claims = [claim for claim in claims if claim.section == known]
    if rule is not None:
        known = _known("rule", rule, protocol.rules)
        claims = [claim for claim in claims if known in became(claim.id, protocol).get("rules", ())]
    return claims


def _known(kind: str, word: str, known: Iterable[str]) -> str:
    """Return the known word that is meant, whatever its capitals."""
    words = list(dict.fromkeys(known))
    for one in words:
        if one.lower() == word.lower():
            return one
    raise ValueError(f"there is no {kind} {word}; there are {', '.join(words)}")


def described(
    claim: Claim, protocol: Protocol, cases: Mapping[str, Iterable[str]]
) -> dict[str, Any]:
    """Return one claim with what it became; ``cases`` names the worked cases that show each."""
    return {
        "claim": claim.id,
        "section": claim.section,
        "the seed says": claim.claim,
        "verdict": claim.verdict,
        "primary sources say": claim.what_primary_sources_say,
        "what follows": claim.what_follows,
        "became": {kind: list(ids) for kind, ids in became(claim.id, protocol).items()},
        "cases": list(cases[claim.id]),
        "sources": [
            {
                "source": str(source),
                "verified": protocol.references[source.key].verified,
                "checked": protocol.references[source.key].checked,
                "link": protocol.references[source.key].link,
            }
            for source in claim.sources
        ],
    }
