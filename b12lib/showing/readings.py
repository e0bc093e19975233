"""What a bare number for MMA means in each unit that a laboratory may have used."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from b12lib.deciding.assessment import assess
from b12lib.deciding.case import read_case
from b12lib.errors import CaseError
from b12lib.explaining.wording import number, quantity, value_of
from b12lib.reading.protocol import Protocol

_HEAD = ["If the laboratory means", "it is", "times the limit", "reading"]


def mma_readings(
    value: Decimal, limit: str, protocol: Protocol
) -> tuple[list[str], list[list[str]]]:
    """Return head and rows of a table: what the number is in each accepted unit.

    ``limit`` is the laboratory's upper limit with its unit; empty for the protocol's default.
    Raises ``CaseError`` when the limit itself cannot be read.
    """
    if limit:
        read_case({"mma_limit": limit}, protocol)  # a fault of the limit is told as such
    rows = []
    for unit in protocol.inputs["mma"].factors:
        printed = protocol.units[unit].printed
        given = {"mma": f"{value} {printed}"} | ({"mma_limit": limit} if limit else {})
        rows.append([f"{number(value)} {printed}", *_mma_reading(given, protocol)])
    return _HEAD, rows


def _mma_reading(given: Mapping[str, str], protocol: Protocol) -> list[str]:
    try:
        assessment = assess(read_case(given, protocol))
    except CaseError:
        return ["", "", "not plausible in this unit"]
    reading = str(assessment["mma_level"].value)
    value = assessment.values["mma"]
    assert isinstance(value, Decimal)
    return [
        quantity(protocol.inputs["mma"], value, protocol),
        value_of("mma_fold", assessment).removesuffix(" times"),
        reading,
    ]
