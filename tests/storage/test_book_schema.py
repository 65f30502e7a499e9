"""The schema against a small validator of just the keywords it uses."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

from minerdesk.domain.book import Book
from minerdesk.storage import book_file
from minerdesk.storage.book_schema import schema
from minerdesk.storage.resources import resource_root
from tests.storage.a_book import FULL, books

SCHEMA = schema()
TYPES: dict[str, tuple[type, ...]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "null": (type(None),),
}
KNOWN = {
    "$ref", "$schema", "$defs", "title", "description", "type", "properties", "required",
    "additionalProperties", "items", "default", "const", "enum", "anyOf", "format", "minimum",
    "exclusiveMinimum", "maximum", "exclusiveMaximum",
}  # fmt: skip


def faults(value: object, rule: dict[str, Any], place: str = "$") -> list[str]:
    assert set(rule) <= KNOWN, set(rule) - KNOWN
    if "$ref" in rule:
        found = faults(value, SCHEMA["$defs"][rule["$ref"].removeprefix("#/$defs/")], place)
    elif "anyOf" in rule:
        each = [faults(value, one, place) for one in rule["anyOf"]]
        found = [] if [] in each else [fault for one in each for fault in one]
    else:
        found = plain_faults(value, rule, place)
    if isinstance(value, int | float) and not isinstance(value, bool):
        bounds = (
            value >= rule.get("minimum", value),
            value <= rule.get("maximum", value),
            "exclusiveMinimum" not in rule or value > rule["exclusiveMinimum"],
            "exclusiveMaximum" not in rule or value < rule["exclusiveMaximum"],
        )
        found += [] if all(bounds) else [f"{place} out of bounds"]
    return found


def plain_faults(value: object, rule: dict[str, Any], place: str) -> list[str]:
    if "const" in rule:
        return [] if value == rule["const"] else [f"{place} not {rule['const']}"]
    if "enum" in rule:
        return [] if value in rule["enum"] else [f"{place} not in {rule['enum']}"]
    wrong_bool = isinstance(value, bool) and rule["type"] != "boolean"
    if not isinstance(value, TYPES[rule["type"]]) or wrong_bool:
        return [f"{place} no {rule['type']}"]
    if isinstance(value, list):
        return [
            fault
            for index, row in enumerate(value)
            for fault in faults(row, rule["items"], f"{place}[{index}]")
        ]
    if not isinstance(value, dict):
        return []
    assert rule["additionalProperties"] is False
    found = [f"{place} lacks {name}" for name in rule["required"] if name not in value]
    for name, inner in value.items():
        if name in rule["properties"]:
            found += faults(inner, rule["properties"][name], f"{place}.{name}")
        else:
            found.append(f"{place}.{name} unknown")
    return found


def faults_of(book: Book) -> list[str]:
    return faults(json.loads(book_file.encode(book)), SCHEMA)


def test_the_full_book_and_the_empty_one_fit() -> None:
    assert faults_of(FULL) == []
    assert faults_of(Book()) == []


@given(books())
def test_every_book_fits(book: Book) -> None:
    assert faults_of(book) == []


def test_the_sample_books_fit() -> None:
    samples = sorted((resource_root() / "samples").glob("*.minerdesk"))
    assert len(samples) >= 2
    for path in samples:
        assert faults(json.loads(path.read_text(encoding="utf-8")), SCHEMA) == []


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        (b'"count": 40', b'"count": 0', "$.book.groups[0].count out of bounds"),
        (b'"count": 40', b'"count": 4.5', "$.book.groups[0].count no integer"),
        (b'"count": 40', b'"cuont": 40', "$.book.groups[0].cuont unknown"),
        (b'"uptime": 0.97', b'"uptime": 1.01', "$.book.groups[0].uptime out of bounds"),
        (b'"pue": 1.05', b'"pue": 0.5', "$.book.sites[0].pue out of bounds"),
        (b'"limit_kw": 900.0', b'"limit_kw": 0', "$.book.sites[0].limit_kw out of bounds"),
        (b'"firmware_fee": 0.01', b'"firmware_fee": 1', "$.book.groups[0].firmware_fee out"),
        (b'"pps+"', b'"free"', "$.book.groups[0].pool_scheme not in"),
        (b'"version": 1', b'"version": 2', "$.version not 1"),
    ],
)
def test_what_the_reader_refuses_the_schema_refuses(old: bytes, new: bytes, fault: str) -> None:
    data = book_file.encode(FULL)
    assert data.count(old) == 1
    found = faults(json.loads(data.replace(old, new)), SCHEMA)
    assert any(text.startswith(fault) for text in found), found


def test_it_is_plain_json_and_is_the_same_each_time() -> None:
    assert json.loads(json.dumps(schema(), allow_nan=False)) == SCHEMA
    assert schema() == SCHEMA
    assert Path(SCHEMA["$schema"]).name == "schema"


def test_descriptions_are_not_indented_by_their_source() -> None:
    described = [part["description"] for part in SCHEMA["$defs"].values() if "description" in part]
    assert len(described) > 10
    assert not any("\n    Attributes" in text for text in described)


def test_a_book_changed_by_replace_still_fits() -> None:
    assert faults_of(replace(FULL, currency="EUR")) == []
