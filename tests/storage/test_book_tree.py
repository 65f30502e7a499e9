from __future__ import annotations

import pytest

from minerdesk.domain.book import Book
from minerdesk.domain.rigs import RigGroup, StateNow
from minerdesk.domain.sites import Site
from minerdesk.storage.book_checks import _bad_references
from minerdesk.storage.book_tree import Misplaced, fields_of, refuse_unknown, shown, value_at
from tests.storage.a_book import FULL

TREE = {"groups": [{"count": 3}, {"count": 4}], "name": "x"}


@pytest.mark.parametrize(
    ("place", "value"),
    [
        ("$", TREE),
        ("$.name", "x"),
        ("$.groups[1].count", 4),
        ("$.groups[2].count", None),
        ("$.none.count", None),
        ("$.name.count", None),
    ],
)
def test_the_value_at_a_place(place: str, value: object) -> None:
    assert value_at(TREE, place) == value


def test_fields_tell_what_they_hold() -> None:
    assert fields_of(Book)["groups"] == (RigGroup, True)
    assert fields_of(Book)["name"] == (None, False)
    assert fields_of(RigGroup)["state_now"] == (StateNow, False)
    assert fields_of(Site)["limit_kw"] == (None, False)


def test_the_first_unknown_field_is_named_at_any_depth() -> None:
    refuse_unknown(TREE, Book)
    refuse_unknown({"groups": 3, "sites": [4], "assumptions": None}, Book)
    with pytest.raises(Misplaced) as caught:
        refuse_unknown({"groups": [{}, {"state_now": {"runs": 5}}]}, Book)
    assert caught.value.place == "$.groups[1].state_now.runs"
    assert caught.value.value == 5


def test_a_long_value_is_shortened() -> None:
    assert shown("ä") == '"ä"'
    assert len(shown(list(range(1000)))) == 61


def test_a_sound_book_has_no_bad_reference() -> None:
    assert list(_bad_references(FULL)) == []
