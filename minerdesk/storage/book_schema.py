"""The JSON schema of the book's file, made from the types and limits it is decoded by."""

from __future__ import annotations

import dataclasses
import inspect
from typing import Any

import msgspec

from minerdesk.domain.book import BOOK_VERSION, Book
from minerdesk.domain.limits import Limits, limits_of
from minerdesk.storage.book_file import FORMAT
from minerdesk.storage.book_tree import fields_of

_KEYWORDS = {
    "minimum": "minimum",
    "above": "exclusiveMinimum",
    "maximum": "maximum",
    "below": "exclusiveMaximum",
}


def schema() -> dict[str, Any]:
    """Return the schema (draft 2020-12) of a whole ``*.minerdesk`` file of this version.

    Times are UTC or carry their offset; references (a site's tariff, a group's site and model) are
    beyond what a schema can say and are checked when the file is read.
    """
    (book,), components = msgspec.json.schema_components([Book], ref_template="#/$defs/{name}")
    for cls in _classes(Book):
        part = components[cls.__name__]
        part["additionalProperties"] = False
        part["description"] = inspect.cleandoc(part["description"])
        for field in dataclasses.fields(cls):
            limits = limits_of(field)
            if limits is not None:
                part["properties"][field.name].update(_keywords(limits))
    whole = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "minerdesk book",
        "type": "object",
        "properties": {
            "format": {"const": FORMAT},
            "version": {"const": BOOK_VERSION},
            "book": book,
        },
        "required": ["format", "version", "book"],
        "additionalProperties": False,
        "$defs": components,
    }
    # Defaults are tuples until they were JSON once.
    plain: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(whole))
    return plain


def _keywords(limits: Limits) -> dict[str, float]:
    return {
        keyword: bound
        for name, keyword in _KEYWORDS.items()
        if (bound := getattr(limits, name)) is not None
    }


def _classes(cls: type) -> list[type]:
    """Return a dataclass and all it holds, at any depth, each once."""
    found = [cls]
    for seen in found:
        inner = (held for held, _many in fields_of(seen).values() if held is not None)
        found += [held for held in dict.fromkeys(inner) if held not in found]
    return found
