from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given

from minerdesk.domain.book import Book
from minerdesk.domain.rigs import ModeCount, ModeOverride, RigModel, StateNow
from minerdesk.domain.sites import Site
from minerdesk.domain.tariff import Tariff
from minerdesk.engine.fleet import build_fleet, modes_of, with_prices
from tests.engine.books import S21, THREE_MODES, USD, books, group, one_site


def test_an_override_replaces_what_it_names_alone() -> None:
    measured = replace(group(), overrides=(ModeOverride("normal", hashrate_ths=187.5),))
    assert [(m.hashrate_ths, m.power_w) for m in modes_of(measured, S21)] == [(187.5, 3_500.0)]
    watts = replace(group(), overrides=(ModeOverride("normal", power_w=3_620.0),))
    assert [(m.hashrate_ths, m.power_w) for m in modes_of(watts, S21)] == [(200.0, 3_620.0)]


def test_a_custom_mode_comes_last_and_needs_both_values() -> None:
    custom = replace(
        group(model="Three"),
        overrides=(ModeOverride("undervolted", 70.0, 1_000.0), ModeOverride("eco", 54.0)),
    )
    found = modes_of(custom, THREE_MODES)
    assert [mode.name for mode in found] == ["eco", "standard", "super", "undervolted"]
    assert (found[0].hashrate_ths, found[0].power_w) == (54.0, 830.0)
    assert (found[3].hashrate_ths, found[3].power_w) == (70.0, 1_000.0)
    for half in (ModeOverride("mine", hashrate_ths=1.0), ModeOverride("mine", power_w=1.0)):
        with pytest.raises(ValueError, match="mode 'mine' is not one of 'S21'"):
            modes_of(replace(group(), overrides=(half,)), S21)


def test_the_arrays_of_a_small_book() -> None:
    book = Book(
        currency="USD",
        sites=(
            Site("north", "North", "cheap", pue=1.1, fixed_load_kw=7.0, required_margin=0.05),
            Site("south", "South", "dear"),
        ),
        tariffs=(Tariff("dear", "Dear", 0.2, currency="EUR"), Tariff("cheap", "Cheap", 0.03)),
        models=(S21, replace(THREE_MODES, idle_w=15.0)),
        groups=(
            replace(group(4, "Three", key="a", running={"super": 1, "eco": 2}), site="south"),
            replace(
                group(10, key="b"),
                site="north",
                uptime=0.9,
                reject_rate=0.1,
                firmware_fee=0.2,
                pool_fee=0.04,
                pool_fee_on_fees=0.5,
                idle_w=30.0,
            ),
        ),
    )
    fleet = build_fleet(book, {"USD": 1.0, "EUR": 1.25})
    assert (fleet.groups, fleet.modes) == (2, 4)
    assert fleet.first.tolist() == [0, 3, 4]
    assert fleet.mode_group.tolist() == [0, 0, 0, 1]
    assert fleet.ths.tolist() == [53, 82, 90, 200]
    assert fleet.power_w.tolist() == [830, 1_381, 1_674, 3_500]
    assert fleet.count.tolist() == [4, 10]
    assert fleet.site.tolist() == [1, 0]
    assert fleet.running.tolist() == [2, 0, 1, 10]
    assert fleet.off.tolist() == [1, 0]
    assert fleet.price_per_kwh.tolist() == [0.25, 0.03]
    assert fleet.pue.tolist() == [1.0, 1.1]
    assert fleet.required_margin.tolist() == [0, 0.05]
    assert fleet.idle_w.tolist() == [15, 30]
    assert fleet.site_fixed_kw.tolist() == [7, 0]
    work = 0.9 * 0.9 * 0.8
    assert fleet.keep_subsidy == pytest.approx([1, work * 0.96])
    assert fleet.keep_fees == pytest.approx([1, work * 0.5])
    assert fleet.over_modes(fleet.running).tolist() == [3, 10]
    assert fleet.by_mode(fleet.count).tolist() == [4, 4, 4, 10]
    assert fleet.in_mode(fleet.ths, np.array([2, 3])).tolist() == [90, 200]


def test_without_a_state_all_rigs_run_in_the_first_mode() -> None:
    fleet = build_fleet(one_site(group(7, "Three")), USD)
    assert fleet.running.tolist() == [7, 0, 0]
    assert fleet.off.tolist() == [0]


def test_an_empty_state_means_all_are_off() -> None:
    fleet = build_fleet(one_site(group(7, running={})), USD)
    assert (fleet.running.tolist(), fleet.off.tolist()) == ([0], [7])


def test_a_mode_named_twice_in_a_state_counts_twice() -> None:
    state = StateNow((ModeCount("normal", 2), ModeCount("normal", 3)))
    fleet = build_fleet(one_site(replace(group(7), state_now=state)), USD)
    assert (fleet.running.tolist(), fleet.off.tolist()) == ([5], [2])


def test_a_state_in_a_mode_the_group_lacks_is_refused() -> None:
    with pytest.raises(ValueError, match="in mode 'turbo', which it has not; it has normal"):
        build_fleet(one_site(group(7, running={"turbo": 1})), USD)


def test_a_missing_exchange_rate_makes_the_price_unknown() -> None:
    book = one_site(group(), tariff=Tariff("power", "Power", 0.06, currency="NOK"))
    assert np.isnan(build_fleet(book, USD).price_per_kwh).all()
    assert build_fleet(book, {"NOK": 0.1}).price_per_kwh == pytest.approx([0.006])


@pytest.mark.parametrize("book", [Book(), one_site()])
def test_a_book_without_groups_gives_empty_arrays(book: Book) -> None:
    fleet = build_fleet(book, USD)
    assert (fleet.groups, fleet.modes) == (0, 0)
    assert fleet.first.tolist() == [0]
    assert len(fleet.site_fixed_kw) == len(book.sites)
    for name in ("ths", "power_w", "count", "price_per_kwh", "running", "off", "required_margin"):
        assert getattr(fleet, name).shape == (0,)
    assert all(len(each) == 0 for each in fleet.layers)
    assert len(fleet.over_modes(fleet.running)) == 0


@given(books())
def test_every_rig_is_somewhere(book: Book) -> None:
    fleet = build_fleet(book, USD)
    assert fleet.count.sum() == book.rig_count
    assert (fleet.over_modes(fleet.running) + fleet.off == fleet.count).all()
    assert (fleet.off >= 0).all()
    assert (fleet.running >= 0).all()


def test_a_model_of_many_groups_is_shared() -> None:
    model = RigModel("S21", S21.modes, idle_w=12.0)
    fleet = build_fleet(one_site(group(key="a"), group(2, key="b"), models=(model,)), USD)
    assert fleet.idle_w.tolist() == [12, 12]


def test_another_price_changes_what_holds_money_alone() -> None:
    book = one_site(group(2), group(3, key="b"))
    fleet = build_fleet(book, USD)
    dearer = with_prices(fleet, book, USD, {book.sites[0].id: 0.25})
    assert dearer.price_per_kwh.tolist() == [0.25, 0.25]
    assert dearer.ths is fleet.ths
    unknown = with_prices(fleet, book, USD, {book.sites[0].id: float("nan")})
    assert np.isnan(unknown.price_per_kwh).all()
