"""The book's types as a tree of plain values: unknown fields refused, places found again."""

from __future__ import annotations

import dataclasses
import json
import re
import types
import typing
from collections.abc import Iterator
from functools import cache
from typing import Any

_STEP = re.compile(r"\.([A-Za-z_]\w*)|\[(\d+)\]")
_SHOWN = 60
_LARGEST_WHOLE = 2**53


class Misplaced(ValueError):  # noqa: N818 - a field is misplaced
    """A value that the type it stands in has no room for.

    Attributes:
        place: such as ``$.groups[3].cuont``.
        value: the value found there.
        tree: what it stands in, where that is not known otherwise.
    """

    def __init__(self, message: str, place: str, value: object, tree: object = None) -> None:
        super().__init__(message)
        self.place = place
        self.value = value
        self.tree = tree


@cache
def fields_of(cls: type) -> dict[str, tuple[type | None, bool]]:
    """Return each field of a dataclass with the dataclass it holds and whether it holds many.

    Returns:
        By name: ``(None, False)`` for a plain value, ``(cls, False)`` for one dataclass or None,
        ``(cls, True)`` for a tuple of them.
    """
    hints = typing.get_type_hints(cls)
    return {field.name: _held(hints[field.name]) for field in dataclasses.fields(cls)}


def refuse_unknown(tree: object, cls: type, place: str = "$") -> None:
    """Check that a tree has no field that ``cls`` lacks, at any depth.

    Wrong types are left to the decoder. Whole numbers too large for exact arithmetic are refused.

    Raises:
        Misplaced: with the first such place in the order of the file.
    """
    if not isinstance(tree, dict):
        return
    known = fields_of(cls)
    for name, value in tree.items():
        if name not in known:
            raise Misplaced(f"the field {name!r} is unknown", f"{place}.{name}", value)
        inner, many = known[name]
        if inner is None:
            if type(value) is int and abs(value) > _LARGEST_WHOLE:
                raise Misplaced("the number is too large", f"{place}.{name}", value)
        elif not many:
            refuse_unknown(value, inner, f"{place}.{name}")
        elif isinstance(value, list):
            for index, row in enumerate(value):
                refuse_unknown(row, inner, f"{place}.{name}[{index}]")


def value_at(tree: object, place: str) -> object:
    """Return the value at a place such as ``$.groups[3].count``, or None where nothing is."""
    found: Any = tree
    for name, index in _STEP.findall(place):
        try:
            found = found[name or int(index)]
        except (KeyError, IndexError, TypeError):
            return None
    return found


def shown(value: object) -> str:
    """Return a value as it stands in a file, shortened."""
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def _held(hint: object) -> tuple[type | None, bool]:
    for part in _parts(hint):
        if typing.get_origin(part) is tuple:
            inner, _many = _held(typing.get_args(part)[0])
            return inner, inner is not None
        if isinstance(part, type) and dataclasses.is_dataclass(part):
            return part, False
    return None, False


def _parts(hint: object) -> Iterator[object]:
    if typing.get_origin(hint) in {types.UnionType, typing.Union}:
        yield from typing.get_args(hint)
    else:
        yield hint
