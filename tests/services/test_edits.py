from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from minerdesk.domain.book import Book, check_references
from minerdesk.domain.errors import UserError
from minerdesk.domain.rigs import (
    ModeCount,
    ModeOverride,
    PowerMode,
    RigGroup,
    RigModel,
    StateNow,
    StateSource,
)
from minerdesk.domain.sites import Site
from minerdesk.domain.tariff import Tariff
from minerdesk.services import edits
from tests.support.books import AVALON_Q, S21, small_book

NOW = datetime(2026, 1, 19, 12, tzinfo=UTC)


def group(book: Book, name: str) -> RigGroup:
    return next(each for each in book.groups if each.id == name)


@given(st.sets(st.text(max_size=3)), st.text(max_size=3))
def test_a_new_id_is_new_and_keeps_a_free_wish(taken: set[str], wish: str) -> None:
    found = edits.new_id(taken, wish)
    assert found not in taken
    assert found
    if wish and wish not in taken:
        assert found == wish


def test_only_the_named_groups_change() -> None:
    book = small_book()
    changed = edits.change_groups(book, {"a"}, {"uptime": 0.9})
    assert group(changed, "a").uptime == 0.9
    assert group(changed, "b") is group(book, "b")
    assert group(book, "a").uptime == 1.0


def test_a_value_outside_its_limits_is_refused_in_one_sentence() -> None:
    with pytest.raises(UserError, match=r"pool_fee must be at least 0 and below 1, found 1\.5"):
        edits.change_groups(small_book(), {"a"}, {"pool_fee": 1.5})


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"site": "moon"}, "There is no site 'moon'."),
        ({"model": "Abacus"}, "There is no rig model 'Abacus'."),
    ],
)
def test_a_reference_that_leads_nowhere_is_refused(changes: dict[str, str], sentence: str) -> None:
    with pytest.raises(UserError) as refused:
        edits.change_groups(small_book(), {"a"}, changes)
    assert refused.value.sentence == sentence


def test_another_model_drops_measured_values_and_keeps_how_many_run() -> None:
    state = StateNow((ModeCount("standard", 2),), NOW)
    book = small_book()
    measured = replace(
        group(book, "b"), overrides=(ModeOverride("eco", 50.0, 800.0),), state_now=state
    )
    book = replace(book, groups=(group(book, "a"), measured))
    changed = group(edits.change_groups(book, {"b"}, {"model": S21.name}), "b")
    assert changed.overrides == ()
    assert changed.state_now == replace(state, running=(ModeCount("normal", 2),))


def test_the_same_model_keeps_measured_values() -> None:
    book = small_book()
    measured = replace(group(book, "b"), overrides=(ModeOverride("eco", 50.0, 800.0),))
    book = replace(book, groups=(group(book, "a"), measured))
    assert group(edits.change_groups(book, {"b"}, {"model": "Avalon Q"}), "b") == measured


def test_no_edit_leaves_a_mode_that_is_not_there() -> None:
    """The book would not be opened again."""
    book = small_book()
    own = replace(
        group(book, "b"),
        overrides=(ModeOverride("turbo", 120.0, 4000.0), ModeOverride("eco", None, 900.0)),
        state_now=StateNow((ModeCount("turbo", 1),)),
    )
    book = replace(book, groups=(group(book, "a"), own))
    check_references(book)
    model = next(each for each in book.models if each.name == own.model)
    fewer = replace(model, modes=tuple(each for each in model.modes if each.name != "eco"))
    changes: tuple[dict[str, object], ...] = (
        {"overrides": ()},
        {"overrides": (*own.overrides, ModeOverride("boost", None, 900.0))},
        {"state_now": StateNow((ModeCount("boost", 1),))},
    )
    for change in changes:
        with pytest.raises(UserError, match=r"which (it|'Avalon Q') has not"):
            edits.change_groups(book, {"b"}, change)
    with pytest.raises(UserError, match="overrides mode 'eco', which 'Avalon Q' has not"):
        edits.add_model(book, fewer)
    check_references(edits.change_groups(book, {"b"}, {"overrides": own.overrides[:1]}))


def test_another_model_with_all_rigs_off_stays_off() -> None:
    book = edits.set_running(small_book(), {"b": None}, NOW)
    state = group(edits.change_groups(book, {"b"}, {"model": S21.name}), "b").state_now
    assert state is not None
    assert state.running == ()


def test_fewer_rigs_come_off_what_runs_last() -> None:
    state = StateNow((ModeCount("super", 2), ModeCount("eco", 1)))
    book = small_book()
    book = replace(book, groups=(group(book, "a"), replace(group(book, "b"), state_now=state)))
    for count, running in ((2, (ModeCount("super", 2),)), (1, (ModeCount("super", 1),))):
        changed = group(edits.change_groups(book, {"b"}, {"count": count}), "b")
        assert changed.state_now is not None
        assert changed.state_now.running == running


def test_added_groups_get_new_ids_and_bring_their_models() -> None:
    hydro = RigModel("Hydro", (PowerMode("normal", 500, 5500),))
    book = edits.add_groups(
        small_book(), [RigGroup("a", "garage", "Hydro", 2)], [hydro, replace(S21, idle_w=99.0)]
    )
    assert [each.id for each in book.groups] == ["a", "b", "a-2"]
    assert book.models == (S21, AVALON_Q, hydro)
    check_references(book)


@pytest.mark.parametrize(
    "stray", [RigGroup("x", "moon", S21.name, 1), RigGroup("x", "garage", "Abacus", 1)]
)
def test_an_added_group_must_lead_somewhere(stray: RigGroup) -> None:
    with pytest.raises(UserError, match="There is no"):
        edits.add_groups(small_book(), [stray])


def test_groups_are_removed_and_models_stay() -> None:
    book = edits.remove_groups(small_book(), {"b"})
    assert [each.id for each in book.groups] == ["a"]
    assert AVALON_Q in book.models


def test_a_model_is_added_or_replaced() -> None:
    own = RigModel("Own", (PowerMode("normal", 1, 15),))
    book = edits.add_model(small_book(), own)
    assert book.models[-1] == own
    book = edits.add_model(book, replace(own, idle_w=2.0))
    assert [each.idle_w for each in book.models if each.name == "Own"] == [2.0]


def test_a_model_cannot_lose_a_mode_that_runs() -> None:
    book = edits.set_running(small_book(), {"b": "eco"}, NOW)
    with pytest.raises(UserError, match="Group b runs in mode eco, which Avalon Q would lack"):
        edits.add_model(book, replace(AVALON_Q, modes=AVALON_Q.modes[:1]))
    assert edits.add_model(book, replace(AVALON_Q, modes=AVALON_Q.modes[1:])).models


def test_a_site_comes_with_its_tariff_and_goes_with_its_groups() -> None:
    book = edits.put_site(small_book(), Site("hall", "Hall", "grid"), Tariff("grid", "Grid", 0.05))
    assert [site.id for site in book.sites] == ["garage", "hall"]
    book = edits.put_site(book, Site("hall", "Big hall", "grid"))
    assert book.sites[1].name == "Big hall"
    book = edits.remove_site(book, "garage")
    assert book.groups == ()
    assert [tariff.id for tariff in book.tariffs] == ["grid"]
    check_references(book)


def test_a_site_needs_a_tariff_that_is_there() -> None:
    with pytest.raises(UserError, match="There is no tariff 'grid'"):
        edits.put_site(small_book(), Site("hall", "Hall", "grid"))


def test_what_runs_is_set_with_who_says_so_and_since_when() -> None:
    book = edits.set_running(small_book(), {"a": None, "b": "eco"}, NOW)
    assert group(book, "a").state_now == StateNow((), NOW, StateSource.DONE)
    assert group(book, "b").state_now == StateNow((ModeCount("eco", 3),), NOW, StateSource.DONE)
