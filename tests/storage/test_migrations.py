from __future__ import annotations

import contextlib
import copy
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from minerdesk.domain.book import BOOK_VERSION, Assumptions, Book
from minerdesk.domain.errors import UserError
from minerdesk.domain.rigs import ModeOverride, Origin, PowerMode
from minerdesk.storage import book_file, migrations

FIXTURES = Path(__file__).parent / "fixtures"


def test_there_is_a_step_and_an_old_file_for_every_older_version() -> None:
    assert sorted(migrations.STEPS) == list(range(BOOK_VERSION))
    for version in range(BOOK_VERSION):
        path = FIXTURES / f"book-v{version}.minerdesk"
        assert json.loads(path.read_text())["version"] == version
        assert isinstance(book_file.load(path), Book)


def test_version_0_says_the_same_after_it_was_carried_over() -> None:
    book = book_file.load(FIXTURES / "book-v0.minerdesk")
    assert [tariff.price_per_kwh for tariff in book.tariffs] == [0.285, -0.01]
    assert book.tariffs[1].adders[0].per_kwh == 0.02
    assert [model.modes for model in book.models] == [
        (PowerMode("normal", 110.0, 3250.0),),
        (PowerMode("normal", 1.2, 18.0),),
    ]
    assert [group.overrides for group in book.groups] == [
        (),
        (ModeOverride("normal", 104.5, 3300.0, Origin.TYPED, Origin.TYPED),),
        (ModeOverride("normal", None, 17.5),),
    ]
    assert book.sites[0].pue == 1.02
    assert book.rig_count == 16
    assert book.assumptions == Assumptions(0.02, 0.98)


def test_a_migrated_book_is_written_in_the_present_version() -> None:
    book = book_file.load(FIXTURES / "book-v0.minerdesk")
    data = book_file.encode(book)
    assert json.loads(data)["version"] == BOOK_VERSION
    assert book_file.decode(data) == book


def test_migrating_changes_nothing_it_was_given() -> None:
    tree = json.loads((FIXTURES / "book-v0.minerdesk").read_text())["book"]
    before = copy.deepcopy(tree)
    migrations.migrate(tree, 0, BOOK_VERSION)
    assert tree == before


def test_the_present_version_is_left_as_it_is() -> None:
    tree = {"name": "x", "models": [{"ths": 1}]}
    assert migrations.migrate(tree, BOOK_VERSION, BOOK_VERSION) is tree


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["models", "groups", "tariffs", "ths", "watts", "price_cents", "id"]),
            inner,
            max_size=3,
        )
    ),
    max_leaves=12,
)


@given(st.dictionaries(st.sampled_from(["models", "groups", "tariffs", "sites"]), json_values))
def test_whatever_stands_in_an_old_file_it_is_read_or_refused_by_a_sentence(
    tree: dict[str, object],
) -> None:
    data = json.dumps({"format": "minerdesk-book", "version": 0, "book": tree}).encode()
    with contextlib.suppress(UserError):
        assert isinstance(book_file.decode(data), Book)


@pytest.mark.parametrize("cents", [True, "3", None, [1]])
def test_a_price_that_is_none_is_refused_under_the_name_it_has_in_the_file(cents: object) -> None:
    tree = {"tariffs": [{"id": "t", "name": "t", "price_cents": cents}]}
    data = json.dumps({"format": "minerdesk-book", "version": 0, "book": tree}).encode()
    with pytest.raises(UserError) as caught:
        book_file.decode(data)
    assert caught.value.where == "$.tariffs[0].price_cents"
