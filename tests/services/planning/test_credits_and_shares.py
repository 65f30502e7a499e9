"""Programmes that pay for power not drawn, and hosts that share the profit."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest

from minerdesk.domain.book import Book
from minerdesk.domain.rigs import RigGroup
from minerdesk.domain.sites import Event, Site
from minerdesk.domain.starts import StartCosts
from minerdesk.domain.tariff import (
    CurtailmentCredit,
    DemandCharge,
    DemandTier,
    Hosting,
    HostingBasis,
    PriceIndex,
    TakeOrPay,
    Tariff,
)
from minerdesk.engine.tariff import BillFacts, bill
from minerdesk.services.planning.plan import OFF, Plan, WhatIf, Why
from minerdesk.services.power.calendar import share_inside, step_times
from minerdesk.services.power.programmes import called_programmes
from minerdesk.services.words import Formats
from minerdesk.services.words.plan_words import PlanWords
from tests.services.planning.a_plan import FREE, NOW, book, hourly, hours_from, plan

EVEN = 4 / 72  # USD/kWh at which a rig earns nothing; a rig draws 3 kW
PRICE = 0.05


def programme(
    kw: float,
    per_kwh: float,
    baseline_kw: float | None = None,
    *,
    begin_h: float = 1.0,
    end_h: float = 3.0,
    block: TakeOrPay | None = None,
) -> Book:
    """Return ten rigs under a programme whose event asks for nothing and pays for what is off."""
    event = Event("Call", hours_from(NOW, begin_h), hours_from(NOW, end_h), 1e6, "DR")
    credit = CurtailmentCredit("DR", kw, 2.0, per_kwh, baseline_kw)
    tariff = Tariff("power", "Power", PRICE, curtailment=(credit,), take_or_pay=block)
    return book(site=Site("here", "Here", "power", events=(event,)), tariff=tariff)


def on(found: Plan) -> list[int]:
    return [int(each) for each in found.counts(0)[:, 1:].sum(axis=1)]


def billed_gain(made: Book, found: Plan) -> float:
    """Return what the plan is worth over always-on by two bills and the revenue between them."""
    site, tariff = made.sites[0], made.tariffs[0]
    seen = found.sites[0]
    times = step_times(site, None, found.begins, len(found.start_s), 60)
    facts = BillFacts(called=called_programmes(site, tariff, times, 30.0))
    paid, full = (bill(tariff, times, kw, facts=facts).total for kw in (seen.kw, seen.kw_always_on))
    return full - paid - float((seen.kw_always_on - seen.kw).sum()) * EVEN


@pytest.mark.parametrize("block", [None, TakeOrPay(12.0, 0.04)])
def test_no_more_rigs_are_off_than_the_programme_pays_for(block: TakeOrPay | None) -> None:
    made = programme(15.0, 0.5, block=block)
    found = plan(made, hours=24)
    assert on(found) == [10, 5, 5, *[10] * 21]
    down = found.moves[0]
    assert (down.count, down.why) == (5, Why.CREDIT)
    worth = 15 * 2 * (0.5 + PRICE - EVEN)
    assert sum(move.worth for move in found.moves if move.after == OFF) == pytest.approx(worth)
    assert found.gains.over_always_on == pytest.approx(worth)
    assert billed_gain(made, found) == pytest.approx(worth)
    assert (
        PlanWords(found, Formats("en")).why(down).startswith("a programme pays Here more for power")
    )
    assert any("DR pays Here for each kWh under 30 kW in 2 h" in note for note in found.notes)


def test_an_event_that_begins_inside_a_step_pays_for_its_part() -> None:
    made = programme(15.0, 0.5, begin_h=1.5)
    found = plan(made, hours=24)
    assert on(found)[:4] == [10, 5, 5, 10]
    worth = 15 * (1.5 * 0.5 - 2 * (EVEN - PRICE))
    assert found.gains.over_always_on == pytest.approx(worth)
    assert billed_gain(made, found) == pytest.approx(worth)
    # A quarter of an hour of three cents does not pay for an hour that is not mined.
    assert on(plan(programme(15.0, 0.02, begin_h=1.75, end_h=2.0), hours=24)) == [10] * 24


@pytest.mark.parametrize(("per_kwh", "rigs"), [(0.5, 1), (0.011, 2), (0.009, 10)])
def test_a_baseline_below_what_runs_is_weighed_whole(per_kwh: float, rigs: int) -> None:
    made = programme(15.0, per_kwh, 20.0)
    found = plan(made, hours=24)

    def worth(n: int) -> float:
        return per_kwh * min(15.0, max(0.0, 20.0 - 3 * n)) - (10 - n) * 3 * (EVEN - PRICE)

    assert max(range(11), key=worth) == rigs
    assert on(found)[1:3] == [rigs, rigs]
    assert found.objective == pytest.approx(found.advised_objective)
    assert found.gains.over_always_on == pytest.approx(2 * worth(rigs))
    assert billed_gain(made, found) == pytest.approx(2 * worth(rigs))


def test_what_every_kwh_loses_is_in_the_price_and_couples_nothing() -> None:
    found = plan(programme(30.0, 0.5), hours=24)
    assert found.sites[0].price.per_kwh[:4] == pytest.approx([PRICE, 0.55, 0.55, PRICE])
    assert on(found)[:4] == [10, 0, 0, 10]
    assert found.moves[0].why is Why.POWER_DEARER_THAN_WORTH


def test_power_prices_of_a_what_if_reach_the_credit() -> None:
    made = programme(15.0, 0.5)
    found = plan(made, hours=24, what_if=WhatIf(price_per_kwh=1.05))
    worth = 15 * 2 * (0.55 * 1.05 - EVEN)
    assert found.gains.over_always_on == pytest.approx(worth)


def test_spans_that_overlap_count_once() -> None:
    times = step_times(Site("here", "Here", "power"), None, NOW, 3, 60)
    minutes = [(15, 45), (30, 60), (40, 50), (100, 130)]
    spans = [(NOW + timedelta(minutes=a), NOW + timedelta(minutes=b)) for a, b in minutes]
    assert share_inside(times, spans) == pytest.approx([0.75, 20 / 60, 10 / 60])
    assert not share_inside(times, ()).any()


# --- a host's share


def hosted(share: float, starts: StartCosts = FREE) -> Book:
    tariff = Tariff(
        "power",
        "Power",
        0.0,
        index=PriceIndex("hub"),
        hosting=Hosting(0.0, HostingBasis.METERED, share),
        demand=(DemandCharge("peak", (DemandTier(0.1),), 60),),
    )
    return book(RigGroup("a", "here", "Rig", 10), tariff=tariff, starts=starts)


def test_a_host_takes_his_share_of_what_a_plan_earns_and_moves_nothing() -> None:
    own, shared = plan(hosted(0.0)), plan(hosted(0.2))
    assert on(own) == on(shared)
    assert shared.objective == pytest.approx(own.objective * 0.8)
    assert shared.gains.over_always_on == pytest.approx(own.gains.over_always_on * 0.8)  # type: ignore[operator] # always-on is possible here
    assert len(own.moves) == len(shared.moves) > 0
    for mine, his in zip(own.moves, shared.moves, strict=True):
        assert his.worth == pytest.approx(mine.worth * 0.8)
        assert his.price_per_kwh == pytest.approx(mine.price_per_kwh)
        assert his.break_even_per_kwh == pytest.approx(mine.break_even_per_kwh)
        assert his.flips.price_per_kwh == pytest.approx(mine.flips.price_per_kwh)
        assert his.flips.price_per_btc == pytest.approx(mine.flips.price_per_btc)
    assert his.why is mine.why
    assert shared.sites[0].price.per_kwh.tolist() == own.sites[0].price.per_kwh.tolist()
    (one,), (other,) = own.hysteresis, shared.hysteresis
    assert other.stop_above_per_kwh == pytest.approx(one.stop_above_per_kwh)
    assert any("The host of Here keeps 20% of revenue less power" in n for n in shared.notes)


def test_wear_is_not_shared() -> None:
    # A dear hour saves 10 rigs x 3 kW x (0.09 - even); a stop and a start cost 0.5 a rig.
    dear = hourly(*[0.04] * 5, 0.30, *[0.04] * 42)
    worn = StartCosts(0.0, 0.0, 0.5, 0.0, 0.0, 0.0, 0)
    own = plan(hosted(0.0, worn), prices=dear)
    saved = 30 * (0.30 - EVEN)
    assert own.moves[0].after == OFF
    assert own.gains.over_always_on == pytest.approx(saved - 5)
    shared = plan(hosted(0.25, worn), prices=dear)
    assert shared.gains.over_always_on == pytest.approx(saved * 0.75 - 5)
    assert on(plan(hosted(0.5, worn), prices=dear)) == [10] * 48
    by_hand, flips = own.hysteresis[0], shared.moves[0].flips
    assert by_hand.stop_above_per_kwh == pytest.approx(EVEN + 0.5 / 3)
    assert shared.hysteresis[0].stop_above_per_kwh == pytest.approx(EVEN + 0.5 / 3 / 0.75)
    assert flips.price_per_kwh == pytest.approx(EVEN + 0.5 / 3 / 0.75)


def test_doubt_on_forecast_prices_is_shared_too() -> None:
    rng = np.random.default_rng(1)
    past = hourly(
        *(rng.uniform(0.02, 0.12, 24 * 9)), start=NOW - timedelta(days=9) + timedelta(hours=6)
    )
    own, shared = (plan(hosted(share), prices=past) for share in (0.0, 0.2))
    assert [move.doubt * 0.8 for move in own.moves] == pytest.approx(
        [move.doubt for move in shared.moves]
    )
    assert any(move.doubt > 0 for move in own.moves)
