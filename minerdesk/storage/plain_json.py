"""JSON as strict as its standard, and with the place where it is not.

Python's own reader takes NaN, the last of several fields of one name, and half a character; all
three would come out somewhere else, where nobody can tell what is wrong with the file.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from minerdesk.domain.limits import first_twice
from minerdesk.storage.book_tree import Misplaced

_HALF = re.compile(rb"\\u[dD][89a-fA-F]")
_SURROGATE = re.compile("[\ud800-\udfff]")


class _Fault:
    """Stands in the tree where the file has what JSON has not."""

    def __init__(self, what: str, value: object) -> None:
        self.what = what
        self.value = value


def parse(data: bytes) -> object:
    """Read JSON; a byte order mark is passed over.

    Raises:
        Misplaced: a number is not finite, a text holds half a character, or a field stands there
            twice; ``tree`` of the error is what was read.
        ValueError: it is not JSON, or not UTF-8.
        RecursionError: it is nested too deep.
    """
    faults: list[_Fault] = []

    def fault(what: str, value: object) -> _Fault:
        faults.append(_Fault(what, value))
        return faults[-1]

    def each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        twice = None if len(found) == len(pairs) else first_twice(name for name, _value in pairs)
        if twice is not None:
            values = [value for name, value in pairs if name == twice]
            found[twice] = fault(f"the field {twice!r} stands there twice", values)
        return found

    tree = json.loads(
        data.decode("utf-8-sig"),
        object_pairs_hook=each_once,
        parse_constant=lambda name: fault("the number is not finite", name),
    )
    if faults or _HALF.search(data):
        for place, found in _faults(tree, "$"):
            raise Misplaced(found.what, place, found.value, tree)
    return tree


def _faults(tree: object, place: str) -> Iterator[tuple[str, _Fault]]:
    if isinstance(tree, _Fault):
        yield place, tree
    elif isinstance(tree, str):
        if _SURROGATE.search(tree):
            yield place, _Fault("the text holds half a character", ascii(tree)[1:-1])
    elif isinstance(tree, dict):
        for name, value in tree.items():
            if _SURROGATE.search(name):
                yield place, _Fault("the name of a field holds half a character", ascii(name)[1:-1])
            yield from _faults(value, f"{place}.{name}")
    elif isinstance(tree, list):
        for index, value in enumerate(tree):
            yield from _faults(value, f"{place}[{index}]")
