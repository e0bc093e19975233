"""An assessment as plain data for other programs, and the JSON Schemas of cases and assessments."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import date
from decimal import Decimal
from typing import Any

from b12lib.deciding.assessment import Answer, Assessment, VisitAssessment
from b12lib.deciding.case import FIELDS, KINDS
from b12lib.deciding.fields import case_fields
from b12lib.explaining.flips import Flip, flips
from b12lib.explaining.missing import missing
from b12lib.explaining.people import standings
from b12lib.explaining.plan import headline
from b12lib.explaining.wording import sentence
from b12lib.reading.dictionary import Decision, Input
from b12lib.reading.feel import Value
from b12lib.reading.protocol import Protocol, Stage
from b12lib.reading.sources import SUPPORT, is_addition, support
from b12lib.reading.tables import Rule
from b12lib.reading.visits import DAY

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def record(assessment: Assessment) -> dict[str, Any]:
    """Return the assessment as JSON data; ``schema("assessment", …)`` describes it."""
    protocol, case = assessment.protocol, assessment.case
    return {
        "protocol": protocol_record(protocol),
        "case": {
            "name": case.name,
            "kind": case.kind,
            "source": case.source,
            "given": {name: given.written for name, given in case.given.items()},
        },
        "headline": headline(assessment),
        "values": {name: _plain(value) for name, value in assessment.values.items()},
        "assumed": list(assessment.assumed),
        "people": standings(assessment),
        "decisions": {
            name: _answer(answer, assessment) for name, answer in assessment.answers.items()
        },
        "missing": asdict(missing(assessment)),
        "flips": flip_records(flips(assessment)),
        "visits": [_visit(visit, assessment) for visit in assessment.visits],
    }


def _visit(visit: VisitAssessment, assessment: Assessment) -> dict[str, Any]:
    at_visit, told = assessment.at(visit), visit.visit
    return {
        "day": told.day,
        "date": _plain(told.date),
        "given": {name: given.written for name, given in told.given.items()},
        "values": {name: _plain(value) for name, value in visit.values.items()},
        "assumed": list(visit.assumed),
        "decisions": {name: _answer(answer, at_visit) for name, answer in visit.answers.items()},
    }


def flip_records(found: Iterable[Flip]) -> list[dict[str, Any]]:
    """Return what would change an answer as JSON data."""
    return [
        {
            "name": flip.name,
            "side": flip.side,
            "value": _plain(flip.value),
            "written": flip.written,
            "changes": [
                {
                    "decision": change.decision,
                    "now": [_plain(value) for value in change.now],
                    "then": [_plain(value) for value in change.then],
                    "rules": list(change.rules),
                }
                for change in flip.changes
            ],
        }
        for flip in found
    ]


def protocol_record(protocol: Protocol) -> dict[str, Any]:
    """Return which protocol and which profile it is, as JSON data."""
    return {
        "title": protocol.header.title,
        "version": protocol.version,
        "status": protocol.header.status,
        "digest": protocol.digest,
        "profile": _profile(protocol),
    }


def _profile(protocol: Protocol) -> dict[str, str] | None:
    """Describe the profile; ``None`` for the base protocol."""
    if not (profile := protocol.profile):
        return None
    header = profile.header
    return {
        "name": profile.name,
        "title": header.title,
        "version": header.version,
        "status": header.status,
    }


def _answer(answer: Answer, assessment: Assessment) -> dict[str, Any]:
    outcome = answer.outcome
    worded = answer.decision.kind not in ("regimen", "schedule")
    ruled_out = {
        rule.id: outcome.failed_at(rule)
        for rule in outcome.table.rules
        if rule not in outcome.fired + outcome.open
    }
    return {
        "label": answer.decision.label,
        "known": answer.known,
        "fact": answer.fact,
        "stated": answer.stated,
        "values": [_plain(value) for value in answer.values],
        "sentences": [
            sentence(answer.decision.name, value, assessment)
            for value in (answer.values if worded and answer.known else ())
        ],
        "inputs": {
            column.name: [_plain(value) for value in values]
            for column, values in zip(outcome.table.columns, outcome.considered, strict=True)
        },
        "fired": [rule_record(rule, assessment.protocol) for rule in outcome.fired],
        "could_fire": [rule_record(rule, assessment.protocol) for rule in outcome.open],
        "ruled_out": ruled_out,
        "could_change": list(outcome.could_change),
    }


def rule_record(rule: Rule, protocol: Protocol) -> dict[str, Any]:
    """Return a rule's reason, and how well it is supported, as JSON data."""
    return {
        "id": rule.id,
        "rationale": rule.rationale,
        "sources": [str(source) for source in rule.sources],
        "support": support(rule.sources, protocol.references),
        "addition": is_addition(rule.sources),
    }


def _plain(value: Value | date) -> bool | float | str | None:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value.isoformat() if isinstance(value, date) else value


def schema(kind: str, protocol: Protocol) -> dict[str, Any]:
    """Return the JSON Schema of a ``case`` or an ``assessment`` under ``protocol``."""
    described = {"case": _case_schema, "assessment": _assessment_schema}[kind](protocol)
    title = f"{kind.capitalize()} under {protocol.header.title}, version {protocol.version}"
    if protocol.profile:
        title += f", profile {protocol.profile}"
    return {"$schema": DIALECT, "title": title, **described}


def _case_schema(protocol: Protocol) -> dict[str, Any]:
    fields = case_fields(protocol)
    text = {"type": "string"}
    visit = {name: _field(item, protocol) for name, item in case_fields(protocol.visits).items()}
    days = {"type": ["integer", "string"], "title": visit[DAY]["title"]}
    on = {"type": "string", "format": "date", "description": "Needs treatment_start."}
    properties: Mapping[str, Any] = {
        "case": text,
        "kind": {"enum": list(KINDS)},
        "source": text,
        "note": text,
        "inputs": _closed({name: _field(item, protocol) for name, item in fields.items()}),
        "visits": _list(
            _closed(visit | {DAY: days, "date": on, "expect": _expect(protocol.visits)})
        ),
        "expect": _expect(protocol),
        "refused": _list(text),
    }
    return _closed({name: properties[name] for name in FIELDS}, required=["inputs"])


def _expect(stage: Stage) -> dict[str, Any]:
    answer = {"type": ["string", "boolean"]}
    either = {"anyOf": [answer, _list(answer)]}
    return _closed(dict.fromkeys(stage.decisions, either))


def _field(item: Input | Decision, protocol: Protocol) -> dict[str, Any]:
    described: dict[str, Any] = {"title": item.label}
    if item.question:
        described["description"] = item.question
    match item:
        case Input(kind="quantity"):
            units = [protocol.units[unit].printed for unit in item.factors]
            described["examples"] = [f"{_plain(item.range[1])} {units[0]}"]
            described["description"] = f"A number with its unit: {', '.join(units)}."
            number = {"type": ["number", "string"]}
            pair = _closed({"value": number, "unit": {"type": "string"}}, ["value", "unit"])
            described["anyOf"] = [{"type": "string"}, pair]
            if item.code:
                described["$comment"] = f"LOINC {item.code}"
        case _ if item.kind == "boolean":
            described["enum"] = [True, False, "yes", "no", "true", "false", "unknown"]
        case _ if item.kind == "date":
            described |= {"type": "string", "format": "date"}
        case _:
            described["enum"] = [*item.answers, "unknown"]
    return described


def _closed(properties: Mapping[str, Any], required: list[str] | None = None) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": dict(properties),
        "required": required or [],
        "additionalProperties": False,
    }


def _list(items: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": dict(items)}


def _assessment_schema(protocol: Protocol) -> dict[str, Any]:
    text, flag = {"type": "string"}, {"type": "boolean"}
    value = {"type": ["boolean", "number", "string", "null"]}
    texts, values = _list(text), _list(value)
    rule = _all(
        {
            "id": {"enum": list(protocol.rules)},
            "rationale": text,
            "sources": texts,
            "support": {"enum": list(SUPPORT)},
            "addition": flag,
        }
    )
    decision = _all(
        {
            "label": text,
            "known": flag,
            "fact": flag,
            "stated": flag,
            "values": values,
            "sentences": texts,
            "inputs": {"type": "object", "additionalProperties": values},
            "fired": _list(rule),
            "could_fire": _list(rule),
            "ruled_out": {
                "type": "object",
                "additionalProperties": {"type": ["string", "null"]},
            },
            "could_change": texts,
        }
    )
    titled = {"title": text, "version": text, "status": text}
    profile = {"anyOf": [_all({"name": text, **titled}), {"type": "null"}]}
    names = _all({**titled, "digest": text, "profile": profile})
    given = {"type": "object", "additionalProperties": text}
    found = {"type": "object", "additionalProperties": value}
    visit = {
        "day": {"type": "integer"},
        "date": {"type": ["string", "null"]},
        "given": given,
        "values": found,
        "assumed": texts,
        "decisions": _all(dict.fromkeys(protocol.visits.decisions, decision)),
    }
    return _all(
        {
            "protocol": names,
            "case": _all({"name": text, "kind": text, "source": text, "given": given}),
            "headline": text,
            "values": found,
            "assumed": texts,
            "people": _closed(dict.fromkeys(protocol.people, text)),
            "decisions": _all(dict.fromkeys(protocol.decisions, decision)),
            "missing": _missing_schema(),
            "flips": _list(
                _all(
                    {
                        "name": text,
                        "side": {"enum": ["below", "above", "other"]},
                        "value": value,
                        "written": text,
                        "changes": _list(
                            _all({"decision": text, "now": values, "then": values, "rules": texts})
                        ),
                    }
                )
            ),
            "visits": _list(_all(visit)),
        }
    )


def _missing_schema() -> dict[str, Any]:
    text, count = {"type": "string"}, {"type": "number"}
    settles = {"open": count, "remaining": count}
    alone = _all({"name": text, "changes": _list(text), **settles, "part_of": text})
    groups = dict.fromkeys(("together", "cannot", "unrelated"), _list(text))
    return _all({"alone": _list(alone), **groups, "remaining": count})


def _all(properties: Mapping[str, Any]) -> dict[str, Any]:
    return _closed(properties, required=list(properties))
