"""What was found out about a protocol, for a reader and as plain data for other programs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from typing import Any

from b12lib.errors import MissingExtra
from b12lib.reading.tables import spelled
from b12lib.showing.record import protocol_record
from b12lib.verifying.check import TableFault
from b12lib.verifying.coverage import Coverage, Limit
from b12lib.verifying.mutation import Mutant
from b12lib.verifying.proofs import Proof
from b12lib.verifying.verification import Verification

CAUGHT = {
    "check": "refused by the check",
    "case": "noticed by a worked case",
    "equivalent": "without any effect",
    "": "**noticed by nobody**",
}
"""What became of a changed table, in words."""


def fault_record(fault: TableFault) -> dict[str, Any]:
    """Return a gap, an overlap or a dead rule as JSON data, its example case included."""
    return {
        "kind": fault.kind,
        "table": fault.table.title,
        "file": str(fault.table.place),
        "rules": list(fault.rules),
        "example": {name: spelled(value) for name, value in fault.example.items()},
    }


def fault_line(fault: TableFault) -> str:
    """Write a fault in one line, with the case in which it shows."""
    example = ", ".join(f"{name} = {spelled(value)}" for name, value in fault.example.items())
    return f"{fault.kind} in {fault.table.place}: {', '.join(fault.rules)} {example}"


def record(found: Verification) -> dict[str, Any]:
    """Return everything found as JSON data, by rule where it concerns one."""
    covered = found.coverage or Coverage((), ())
    return {
        "protocol": protocol_record(found.protocol),
        "passed": found.passed,
        "faults": [fault_record(fault) for fault in found.faults],
        "cases": {"run": list(found.cases), "wrong": list(found.wrong)},
        "unused": [
            {"kind": item.kind, "name": item.name, "place": str(item.place)}
            for item in found.unused
        ],
        "rules": {
            item.rule: {
                "fired": list(item.fired),
                "decisive": {name: list(cases) for name, cases in item.decisive.items()},
                "mutants": _mutants(m for m in found.mutants if m.rule == item.rule),
            }
            for item in covered.rules
        },
        "tables": {
            table.title: {"mutants": _mutants(m for m in whole if m.table == table.title)}
            for whole in [[m for m in found.mutants if not m.rule]]
            for table in found.protocol.tables
        },
        "limits": [_limit(limit) for limit in covered.limits],
        "proofs": None if found.proofs is None else [asdict(proof) for proof in found.proofs],
    }


def _mutants(mutants: Iterable[Mutant]) -> list[dict[str, str]]:
    return [{"change": m.change, "caught": m.caught, "by": m.by} for m in mutants]


def _limit(limit: Limit) -> dict[str, Any]:
    return {
        "table": limit.table,
        "column": limit.column,
        "below": str(limit.below),
        "above": str(limit.above),
        "rules": list(limit.rules),
        "at_below": list(limit.at_below),
        "at_above": list(limit.at_above),
    }


def markdown(found: Verification) -> str:
    """Write a summary, and below it everything that was found, one list a kind."""
    protocol = found.protocol
    profile = f", profile {protocol.profile}" if protocol.profile else ""
    lines = [
        f"# Verification of “{protocol.header.title}”, version {protocol.version}{profile}",
        "",
        *(f"- {line}" for line in summary(found)),
    ]
    for title, listed in findings(found):
        if listed:
            lines += ["", f"## {title}", "", *(f"- {line}" for line in listed)]
    return "\n".join(lines)


def summary(found: Verification) -> Iterator[str]:
    """Yield what was found in numbers, one line a question."""
    protocol = found.protocol
    yield f"{len(protocol.rules)} rules in {len(protocol.tables)} tables: " + _counted(
        len(found.faults), "gap, overlap or dead rule", "gaps, overlaps or dead rules"
    )
    if found.faults:
        yield "cases, coverage and changes were not tried: a table with a fault decides nothing"
        return
    if found.proofs is None:
        yield str(MissingExtra("proving the safety properties", "verify"))
    else:
        proved = len(found.proofs) - len(found.unproved)
        yield f"{proved} of {len(found.proofs)} safety properties proved for every possible case"
    wrong = _counted(len(found.wrong), "wrong answer", "wrong answers")
    yield f"{len(found.cases)} worked cases run: {wrong}"
    yield f"{len(found.unused) or 'none'} of its inputs, answers, rows, units and sources unused"
    assert found.coverage  # there is one wherever there is no fault
    rules, limits = found.coverage.rules, found.coverage.limits
    cells = [cases for rule in rules for cases in rule.decisive.values()]
    yield f"{sum(bool(rule.fired) for rule in rules)} of {len(rules)} rules fire in a case"
    yield f"{sum(map(bool, cells))} of {len(cells)} conditions decide an answer in a case"
    paired = sum(limit.paired for limit in limits)
    yield f"{paired} of {len(limits)} limits have a case on each side"
    if found.wrong:
        yield "no table was changed: first every case must get what it expects"
        return
    fates = Counter(mutant.caught for mutant in found.mutants)
    told = ", ".join(f"{fates[fate]} {words}" for fate, words in CAUGHT.items() if fates[fate])
    yield f"{len(found.mutants)} small changes of the tables: {told}"


def _unproved(proof: Proof) -> str:
    """Write a property that fails, with the case that breaks it and what that comes to."""
    said = f"{proof.property}, {proof.verdict}: when {proof.when}, must {proof.must}"
    return "; ".join([said, *broken_by(proof), *proof.found])


def broken_by(proof: Proof) -> list[str]:
    """Write the cases that break a property, each in one line."""
    return [", ".join(f"{name}: {value}" for name, value in case.items()) for case in proof.cases]


def _counted(count: int, one: str, more: str) -> str:
    return f"{count or 'no'} {one if count < 2 else more}"


def findings(found: Verification) -> Iterator[tuple[str, list[str]]]:
    """Yield each kind of fault by its title, with all that was found of it, perhaps nothing."""
    yield "Gaps, overlaps and dead rules", [fault_line(fault) for fault in found.faults]
    yield "Worked cases that fail", list(found.wrong)
    yield "Safety properties that do not hold", list(map(_unproved, found.unproved))
    yield "Unused", [f"{item.kind} {item.name} ({item.place})" for item in found.unused]
    if found.coverage:
        yield "Rules that fire in no case", list(found.coverage.never_fired)
        cells = found.coverage.never_decisive
        yield "Conditions that decide in no case", [f"{rule}: {column}" for rule, column in cells]
        yield (
            "Limits without a case on each side",
            [
                f"{limit.table}: {limit.column} {limit.below} | {limit.above}"
                for limit in found.coverage.unpaired
            ],
        )
    yield (
        "Changes that nobody would notice",
        [f"{m.table}, {m.rule or 'the whole table'}: {m.change}" for m in found.survivors],
    )
