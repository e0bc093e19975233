"""Where a value stands among people."""

from __future__ import annotations

from decimal import Decimal

from b12lib.deciding.assessment import Assessment
from b12lib.deciding.fields import printed
from b12lib.reading.protocol import Protocol

_MEDIAN = Decimal(50)


def standing(name: str, value: Decimal, protocol: Protocol) -> str:
    """Say where a value of an input, in its canonical unit, stands: ``above 99 in 100 of …``.

    What is said holds for certain: above ``k`` in 100 means above the ``k``-th centile of
    ``people.md``, not at it. Raises ``KeyError`` where nothing is known of people.
    """
    people = protocol.people[name]
    unit = printed(protocol.inputs[name], protocol)
    everybody = f"{people.count:,} people"
    if value > people.highest:
        return f"above the highest of {everybody}, {people.highest:,f} {unit}"
    if value < people.lowest:
        return f"below the lowest of {everybody}, {people.lowest:,f} {unit}"
    above = [share for share, at in people.centiles.items() if share >= _MEDIAN and value > at]
    below = [share for share, at in people.centiles.items() if share <= _MEDIAN and value < at]
    if above:
        return f"above {_in(max(above))} of {everybody}"
    if below:
        return f"below {_in(100 - min(below))} of {everybody}"
    return f"in the middle of {everybody}"


def _in(share: Decimal) -> str:
    """Write a share of 100 in whole people: ``99 in 100``, ``999 in 1,000``."""
    return f"{share} in 100" if share == int(share) else f"{int(share * 10)} in 1,000"


def standings(assessment: Assessment) -> dict[str, str]:
    """Say of every value of a case where it stands, as far as anything is known of people."""
    values = {name: assessment.values[name] for name in assessment.protocol.people}
    return {
        name: standing(name, value, assessment.protocol)
        for name, value in values.items()
        if isinstance(value, Decimal)
    }
