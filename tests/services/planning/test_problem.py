from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import numpy as np
import pytest

from minerdesk.domain.cancel import CancelToken
from minerdesk.domain.rigs import ModeCount, Pin, RigGroup, StateNow
from minerdesk.domain.sites import Event, QuietHours, Site
from minerdesk.domain.starts import StartCosts
from minerdesk.domain.tariff import DemandCharge, DemandTier, PriceIndex, TakeOrPay, Tariff, Unused
from minerdesk.services.evaluation import network_now
from minerdesk.services.planning.income import income_by_step
from minerdesk.services.planning.plan import Plan, PlanOptions, WhatIf, Why
from minerdesk.services.planning.planner import Planner
from minerdesk.services.planning.units import limited_days
from minerdesk.services.power.site_prices import SitePrices
from tests.services.planning.a_plan import FREE, NOW, book, day, hourly, hours_from, network, plan


def running(found: Plan) -> list[int]:
    counts = found.counts(0)
    return [int(each) for each in counts[:, 1:].sum(axis=1)]


def steps(count: int) -> np.ndarray:
    return NOW.timestamp() + 3600.0 * np.arange(count)


class TestIncome:
    def test_a_step_with_the_retarget_inside_is_weighed(self) -> None:
        state = network(retarget=-20.0)
        assert state.retarget is not None
        early = replace(state.retarget, at=hours_from(NOW, 2.25))
        state = replace(state, retarget=early)
        found = income_by_step(network_now(state), state, steps(5), 1.0, NOW)
        expected = [40, 40, 0.25 * 40 + 0.75 * 50, 50, 50]
        assert found.hashprice_per_ph_day == pytest.approx(expected)
        assert found.after[:2].tolist() == [0, 0]
        assert found.after[2] == pytest.approx(0.75 * 50 / expected[2])
        assert found.error == pytest.approx(early.error_pct / 100 / 0.8)

    def test_one_that_is_overdue_happens_now(self) -> None:
        state = network(retarget=-20.0)
        assert state.retarget is not None
        state = replace(state, retarget=replace(state.retarget, at=hours_from(NOW, -5)))
        found = income_by_step(network_now(state), state, steps(3), 1.0, NOW)
        assert found.hashprice_per_ph_day == pytest.approx([50, 50, 50])
        assert found.retarget_at == NOW

    def test_that_of_an_example_is_of_its_own_date(self) -> None:
        state = replace(network(retarget=-20.0), example_of=NOW)
        later = hours_from(NOW, 1000)
        begin = steps(3) + 1000 * 3600
        found = income_by_step(network_now(state), state, begin, 1.0, later)
        assert found.retarget is None
        assert found.hashprice_per_ph_day == pytest.approx([40, 40, 40])

    def test_one_beyond_the_horizon_is_not_told(self) -> None:
        state = network(retarget=-20.0)
        found = income_by_step(network_now(state), state, steps(3), 1.0, NOW)
        assert found.retarget is None
        assert (found.factor, found.error) == (1.0, 0.0)

    def test_the_subsidy_halves_at_its_height(self) -> None:
        # The tip is 12 blocks before the last of the old subsidy: two hours to the halving block.
        state = network(tip=1_050_000 - 13)
        found = income_by_step(network_now(state), state, steps(4), 1.0, NOW)
        assert found.subsidy[[0, 3]] == pytest.approx([40 / 24 / 1000, 20 / 24 / 1000])
        assert found.subsidy.tolist() == sorted(found.subsidy.tolist(), reverse=True)

    def test_after_a_retarget_blocks_come_every_ten_minutes(self) -> None:
        # The retarget comes 6 hours from now and 48 blocks before the halving.
        tip = 1_050_000 - 1 - 48 - 1
        state = network(retarget=0.0, tip=tip)
        assert state.retarget is not None
        pending = replace(state.retarget, at=hours_from(NOW, 6), remaining_blocks=1)
        state = replace(state, retarget=pending)
        found = income_by_step(network_now(state), state, steps(24), 1.0, NOW)
        half = 20 / 24 / 1000
        assert int(np.argmax(np.isclose(found.subsidy, half))) in {13, 14, 15}

    def test_before_a_retarget_they_come_as_projected(self) -> None:
        state = network(retarget=0.0, tip=1_050_000 - 13)
        assert state.retarget is not None
        slow = replace(state.retarget, at=hours_from(NOW, 100), remaining_blocks=100)
        state = replace(state, retarget=slow)
        found = income_by_step(network_now(state), state, steps(24), 1.0, NOW)
        assert found.subsidy[11] == pytest.approx(40 / 24 / 1000)
        assert found.subsidy[13] == pytest.approx(20 / 24 / 1000)


def test_unused_energy_of_a_block_is_sold_where_that_brings_more() -> None:
    # Paid whatever one does: 30 kW. Selling it back at 0.09 brings more than mining, at 0.04 less.
    block = TakeOrPay(30.0, 0.05, Unused.SOLD_AT_INDEX)
    tariff = Tariff("power", "Power", 0.0, index=PriceIndex("hub"), take_or_pay=block)
    found = plan(book(tariff=tariff))
    assert running(found) == [0 if price > 0.0556 else 10 for price in day()]
    lost = replace(tariff, take_or_pay=TakeOrPay(15.0, 0.05, Unused.LOST))
    above = plan(book(tariff=lost), prices=hourly(*[0.3] * 48))
    assert running(above) == [5] * 48  # inside the block power is free, above it is dear
    assert above.gap <= 1e-4
    dearer = plan(book(tariff=lost), prices=hourly(*[0.05] * 48), what_if=WhatIf(price_per_kwh=6.0))
    assert running(dearer) == [5] * 48


def test_a_small_move_that_keeps_the_peak_down_is_judged_with_what_it_saves() -> None:
    charge = DemandCharge("demand", (DemandTier(50.0),), 60)
    tariff = Tariff("power", "Power", 0.0, index=PriceIndex("hub"), demand=(charge,))
    site = Site("here", "Here", "power", expected_peak_kw=12.0)
    found = plan(book(site=site, tariff=tariff), prices=hourly(*[0.05] * 48))
    assert running(found) == [4] * 48
    (down,) = found.moves
    assert (down.why, down.count) == (Why.DEMAND_PEAK, 6)
    earned = 6 * 48 * (4 / 24 - 3 * 0.05)
    assert down.worth == pytest.approx(6 * 3 * 50 - earned)


def test_a_pin_at_a_site_with_a_limit_says_what_it_costs() -> None:
    site = Site("here", "Here", "power", limit_kw=31.0)
    held = RigGroup("a", "here", "Rig", 10, pin=Pin.OFF)
    cheap = hourly(*[0.02] * 48)
    found = plan(book(held, site=site), prices=cheap)
    assert dict(found.pin_costs)["a"] == pytest.approx(10 * 48 * (4 / 24 - 3 * 0.02), rel=1e-3)


def test_a_group_held_on_starts_as_soon_as_it_may_and_again_after_an_event() -> None:
    event = Event("Call", hours_from(NOW, 8), hours_from(NOW, 10))
    site = Site("here", "Here", "power", events=(event,), no_start=(QuietHours(12, 14),))
    held = RigGroup("a", "here", "Rig", 10, pin=Pin.ON, state_now=StateNow(()))
    found = plan(
        book(held, site=site, starts=StartCosts(min_off_minutes=240.0)),
        prices=hourly(*[0.2] * 48),
    )
    assert running(found)[:14] == [0] * 2 + [10] * 6 + [0] * 4 + [10] * 2
    back = next(move for move in found.moves if move.at == hours_from(NOW, 12))
    assert back.why is Why.PINNED


def test_an_event_with_some_power_left_keeps_the_best_running() -> None:
    event = Event("Call", hours_from(NOW, 2), hours_from(NOW, 4), most_kw=15.0)
    site = Site("here", "Here", "power", events=(event,))
    found = plan(book(site=site), prices=hourly(*[0.02] * 48))
    assert running(found)[:5] == [10, 10, 5, 5, 10]
    down = found.moves[0]
    assert (down.why, down.detail, down.count) == (Why.EVENT, "Call", 5)


def test_a_least_load_keeps_losing_rigs_on() -> None:
    site = Site("here", "Here", "power", least_kw=9.0)
    off = RigGroup("a", "here", "Rig", 10, state_now=StateNow(()))
    found = plan(book(off, site=site), prices=hourly(*[0.2] * 48))
    assert running(found) == [3] * 48
    assert found.moves[0].why is Why.SITE_LEAST
    assert found.moves[0].forced


def test_a_ramp_takes_its_time() -> None:
    site = Site("here", "Here", "power", ramp_kw=9.0)
    found = plan(book(site=site), prices=hourly(*[0.2] * 48))
    assert running(found)[:5] == [7, 4, 1, 0, 0]


def test_a_group_that_can_be_in_no_state_is_told() -> None:
    event = Event("Call", hours_from(NOW, 1), hours_from(NOW, 2))
    site = Site("here", "Here", "power", events=(event,))
    held = RigGroup("a", "here", "Rig", 10, pin=Pin.ON)
    started = replace(
        held, state_now=StateNow((ModeCount("normal", 10),), NOW - timedelta(hours=1))
    )
    once = StartCosts(most_starts_per_day=1)
    found = plan(book(started, site=site, starts=once), prices=hourly(*[0.02] * 48))
    assert "held on" in found.cannot
    assert "10 × Rig at Here" in found.cannot
    limited = replace(site, limit_kw=100.0)
    again = plan(book(started, site=limited, starts=once), prices=hourly(*[0.02] * 48))
    assert again.cannot == found.cannot


def test_starts_that_are_used_today_are_not_there_again() -> None:
    off = RigGroup("a", "here", "Rig", 10, state_now=StateNow(()))
    once = book(off, starts=replace(FREE, most_starts_per_day=1))
    options = PlanOptions(hours=24)

    def first_start(used: dict[str, int]) -> datetime:
        planner = Planner(SitePrices(hourly(*[0.04] * 24)), starts_today=lambda _book, _now: used)
        found = planner.plan(once, network(), NOW, options, CancelToken())
        assert found is not None
        return found.moves[0].at

    assert first_start({}) == NOW
    assert first_start({"other": 1}) == NOW
    assert first_start({"a": 1}) == hours_from(NOW, 12)  # midnight at the site


def test_only_groups_whose_starts_are_limited_have_a_day_to_count() -> None:
    made = book(RigGroup("a", "here", "Rig", 10), starts=replace(FREE, most_starts_per_day=2))
    far = replace(made.sites[0], time_zone="America/Chicago")
    days = limited_days(replace(made, sites=(far,)), NOW)
    assert {group: f"{day:%H:%M%z}" for group, day in days.items()} == {"a": "00:00-0600"}
    assert limited_days(book(), NOW) == {}
    assert limited_days(replace(made, sites=(replace(far, time_zone="Nowhere"),)), NOW) == {}
