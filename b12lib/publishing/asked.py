"""What a user asks for by name; a name that is not there is misuse, told with what there is."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import typer

import b12lib
from b12lib.deciding.fields import Unfit, read_date
from b12lib.errors import did_you_mean
from b12lib.explaining.calendar import Calendar
from b12lib.reading.catalogues import Claim
from b12lib.reading.ledger import became
from b12lib.reading.protocol import Protocol


def rule(asked: str, protocol: Protocol, folder: Path | None) -> str:
    """Return the id of a rule, whatever its capitals.

    One that only profiles of the protocol in ``folder`` have is told with their names.
    """
    if (id_ := asked.upper()) in protocol.rules:
        return id_
    owners = [n for n in b12lib.profiles(folder) if id_ in b12lib.load_protocol(folder, n).rules]
    if owners:
        mend = f"a rule of {', '.join(owners)}; add --profile {owners[0]}"
        raise typer.BadParameter(f"{id_} is {mend}")
    raise typer.BadParameter(f"there is no rule {asked}; 'b12 rules' lists them")


def decisions(asked: Iterable[str], protocol: Protocol) -> None:
    """Refuse the name of a decision that the protocol does not make."""
    for name in asked:
        if name not in protocol.decisions:
            mend = did_you_mean(name, protocol.decisions) or "decisions.md lists them"
            raise typer.BadParameter(f"there is no decision {name}; {mend}")


def calendar(assessment: b12lib.Assessment, start: str | None, days: int | None) -> Calendar:
    """Return the calendar from the day that is written in ``start``, or that the case gives."""
    try:
        return assessment.calendar(read_date(start) if start else None, days)
    except Unfit as unfit:
        expected, mend = unfit.args
        raise typer.BadParameter(f"start is {start}: {expected}; {mend}") from unfit
    except ValueError as error:
        raise typer.BadParameter(str(error)) from error


def claims(
    protocol: Protocol, id_: str | None, verdict: str | None, section: str | None, rule: str | None
) -> list[Claim]:
    """Return the claims of that id, verdict and section that became that rule; ``None``: any."""
    found = list(protocol.claims.values())
    if id_ is not None:
        if id_.upper() not in protocol.claims:
            raise typer.BadParameter(f"there is no claim {id_}; 'b12 claims' lists them")
        found = [protocol.claims[id_.upper()]]
    if verdict is not None:
        known = _known("verdict", verdict, (claim.verdict for claim in protocol.claims.values()))
        found = [claim for claim in found if claim.verdict == known]
    if section is not None:
        known = _known("section", section, (claim.section for claim in protocol.claims.values()))
        found = [claim for claim in found if claim.section == known]
    if rule is not None:
        known = _known("rule", rule, protocol.rules)
        found = [claim for claim in found if known in became(claim.id, protocol).get("rules", ())]
    return found


def _known(kind: str, word: str, known: Iterable[str]) -> str:
    """Return the known word that is meant, whatever its capitals."""
    words = list(dict.fromkeys(known))
    for one in words:
        if one.lower() == word.lower():
            return one
    raise typer.BadParameter(f"there is no {kind} {word}; there are {', '.join(words)}")
