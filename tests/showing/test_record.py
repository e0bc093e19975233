"""The JSON form and its schemas."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

import b12lib
from b12lib.publishing.worked_cases import case_files
from b12lib.reading.yaml import read_mapping
from b12lib.showing.record import schema


@pytest.mark.parametrize("file", case_files(), ids=lambda file: file.stem)
def test_worked_case_and_its_assessment_fit_their_schemas(
    file: Path, protocol: b12lib.Protocol
) -> None:
    """Each worked case fits the case schema, and its assessment the assessment schema."""
    checker = jsonschema.Draft202012Validator
    checker(schema("case", protocol)).validate(read_mapping(file.read_text(encoding="utf-8")))
    data = json.loads(json.dumps(b12lib.assess(file).to_dict()))
    checker(schema("assessment", protocol)).validate(data)


@pytest.mark.parametrize("kind", ["case", "assessment"])
def test_schema_is_a_valid_schema(kind: str, protocol: b12lib.Protocol) -> None:
    """Both published schemas are valid JSON Schema themselves."""
    jsonschema.Draft202012Validator.check_schema(schema(kind, protocol))


@pytest.mark.parametrize("inputs", [{"mna": "90 umol/L"}, {"glossitis": "maybe"}, {"mma": 90}])
def test_case_schema_refuses_what_the_reader_refuses(
    inputs: dict[str, object], protocol: b12lib.Protocol
) -> None:
    """A misspelt field, an unknown answer and a bare number fail the schema too."""
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"inputs": inputs}, schema("case", protocol))
    with pytest.raises(b12lib.CaseError):
        b12lib.assess({"inputs": inputs})


def test_record_tells_the_place_among_people() -> None:
    """The JSON form says of each known value where it stands, and is silent on the others."""
    assert b12lib.assess({"mma": "90 umol/L"}).to_dict()["people"] == {
        "mma": "above the highest of 33,544 people, 35,960 nmol/L"
    }


def test_record_carries_the_reasons() -> None:
    """The JSON form has rule, rationale and sources, and what ruled out every other rule."""
    decision = b12lib.assess({"mma": "3 umol/L"}).to_dict()["decisions"]["deficiency_status"]
    assert [rule["id"] for rule in decision["fired"]] == ["DS1"]
    assert decision["fired"][0]["sources"][0].startswith("@seed")
    assert decision["fired"][0]["support"] == "read"
    assert decision["fired"][0]["addition"] is False
    assert decision["ruled_out"] == {"DS2": "mma_level", "DS3": "mma_level"}


def test_record_says_how_well_a_rule_is_supported() -> None:
    """A rule whose one source was never seen says so, and that the seed does not have it."""
    decision = b12lib.assess({"folate": "5 nmol/L"}).to_dict()["decisions"]["folate_deficiency"]
    (rule,) = decision["fired"]
    assert (rule["support"], rule["addition"]) == ("unverified", True)


@pytest.mark.parametrize("profile", b12lib.profiles())
def test_record_names_the_profile(profile: str) -> None:
    """Data decided under a profile says so, and fits that profile's own schemas."""
    protocol = b12lib.load_protocol(profile=profile)
    data = json.loads(json.dumps(b12lib.assess({"mma": "3 umol/L"}, protocol).to_dict()))
    assert data["protocol"]["profile"]["name"] == profile
    jsonschema.validate(data, schema("assessment", protocol))
    assert profile in schema("case", protocol)["title"]


def test_record_of_the_base_has_no_profile() -> None:
    """The base protocol is nobody's profile."""
    assert b12lib.assess({"mma": "3 umol/L"}).to_dict()["protocol"]["profile"] is None
