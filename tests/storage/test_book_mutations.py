"""Books with one thing wrong: read as they are, or refused with the place; nothing else happens."""

from __future__ import annotations

import copy
import json
import math
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from minerdesk.domain.book import Book
from minerdesk.domain.errors import UserError
from minerdesk.storage import book_file, plain_json
from minerdesk.storage.book_tree import Misplaced
from minerdesk.storage.resources import sample_path
from tests.storage.a_book import FULL

TREES = (
    json.loads(book_file.encode(FULL)),
    json.loads(sample_path("farm").read_bytes()),
)
Path_ = tuple[str | int, ...]


def places(tree: object, path: Path_ = ()) -> Iterator[Path_]:
    yield path
    if isinstance(tree, dict):
        for name, value in tree.items():
            yield from places(value, (*path, name))
    elif isinstance(tree, list):
        for index, value in enumerate(tree):
            yield from places(value, (*path, index))


PLACES = tuple((i, path) for i, tree in enumerate(TREES) for path in places(tree) if path)
VALUES: tuple[Any, ...] = (
    *(None, True, 0, -1, 1.5, 1e308, -1e308, 5e-324, 2**53, 10**400, math.nan, math.inf),
    *("", "x", "\x00", "\ud800", "z" * 5000, "9999-12-31T23:59:59Z", "0001-01-01T00:00:00+14:00"),
    *([], {}, [[[]]], {"unknown": 1}),
)


def mutant(which: int, path: Path_, value: object) -> bytes:
    tree = copy.deepcopy(TREES[which])
    holder = tree
    for step in path[:-1]:
        holder = holder[step]
    holder[path[-1]] = value
    return json.dumps(tree).encode()


def read(data: bytes) -> Book | UserError:
    try:
        return book_file.decode(data)
    except UserError as error:
        return error


@settings(max_examples=50)
@given(st.sampled_from(PLACES), st.sampled_from(VALUES))
def test_one_wrong_value_is_read_or_refused_with_its_place(
    place: tuple[int, Path_], value: object
) -> None:
    found = read(mutant(*place, value))
    if isinstance(found, UserError):
        assert found.where
        assert len(found.sentence) < 700
        assert "Expected `" not in found.sentence
    else:
        assert read(book_file.encode(found)) == found


@pytest.mark.parametrize("value", [math.nan, math.inf, "\ud800"], ids=["nan", "infinity", "half"])
@pytest.mark.parametrize("path", ["groups.1.count", "tariffs.0.price_per_kwh", "sites.0.name"])
def test_what_json_has_not_is_told_with_its_row_and_field(path: str, value: object) -> None:
    steps = tuple(int(step) if step.isdigit() else step for step in path.split("."))
    with pytest.raises(UserError) as refused:
        book_file.decode(mutant(1, ("book", *steps), value))
    table, index, field = path.split(".")
    assert refused.value.where == f"$.{table}[{index}].{field}"
    assert TREES[1]["book"][table][int(index)]["id"] in refused.value.sentence


def test_a_field_that_stands_there_twice_is_told_with_its_row() -> None:
    text = book_file.encode(FULL).decode().replace('"pin": "free"', '"pin": "free", "pin": "on"')
    with pytest.raises(UserError, match="twice") as refused:
        book_file.decode(text.encode())
    assert refused.value.where == "$.groups[0].pin"


@pytest.mark.parametrize(
    ("data", "place"),
    [
        (b'{"a": [1, {"b": NaN}]}', "$.a[1].b"),
        (b'{"a": {"b": 1, "b": 2}}', "$.a.b"),
        (b'["\\ud83d\\ude00", "\\ud83d"]', "$[1]"),
        (b'{"\\udead": 1}', "$"),
    ],
)
def test_the_place_of_what_json_has_not(data: bytes, place: str) -> None:
    with pytest.raises(Misplaced) as found:
        plain_json.parse(data)
    assert found.value.place == place


def test_a_whole_character_of_two_halves_is_text() -> None:
    assert plain_json.parse(b'\xef\xbb\xbf["\\ud83d\\ude00"]') == ["\U0001f600"]


def test_a_month_is_metered_once() -> None:
    tree = copy.deepcopy(TREES[1])
    month = {"month": "2026-01", "kwh": 1.0}
    tree["book"]["sites"][0]["metered"] = [month, {**month, "kwh": 2.0}]
    with pytest.raises(UserError, match="each month once, found '2026-01' twice") as refused:
        book_file.decode(json.dumps(tree).encode())
    assert refused.value.where == "$.sites[0].metered"
    peaks = [{"charge": "peak", "kw": 1.0}, {"charge": "peak", "kw": 2.0}]
    tree["book"]["sites"][0]["metered"] = [{**month, "peaks": peaks}]
    with pytest.raises(UserError, match="each demand charge once, found 'peak' twice"):
        book_file.decode(json.dumps(tree).encode())


def test_what_is_wrong_is_told_shortly_whatever_the_names() -> None:
    tree = copy.deepcopy(TREES[1])
    tree["book"]["groups"][0]["model"] = "z" * 5000
    with pytest.raises(UserError) as refused:
        book_file.decode(json.dumps(tree).encode())
    assert len(refused.value.sentence) < 700
    assert refused.value.where == "$.groups[0].model"
