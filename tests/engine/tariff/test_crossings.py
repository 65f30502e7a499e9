"""Borders of tiers as a plan weighs them, held against the month's bill."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from minerdesk.domain.calendar import Calendar
from minerdesk.domain.tariff import (
    Percentage,
    PercentageOf,
    Period,
    TakeOrPay,
    Tariff,
    Tier,
    TierUnit,
    TimeOfUse,
)
from minerdesk.engine.tariff import Usage, before_crossings, bill, plan_price, tier_crossings
from minerdesk.engine.tariff.typical import plain_year

TIMES = plain_year().first(31 * 24)
ROW = "b" * 16 + "p" * 5 + "b" * 3
TARIFF = Tariff(
    "t",
    "T",
    0.01,
    percentages=(Percentage("loss", 0.03), Percentage("tax", 0.08, PercentageOf.BILL)),
    time_of_use=TimeOfUse(
        (
            Period("b", "base", (Tier(0.03, 2000.0), Tier(0.05, 5000.0), Tier(0.06))),
            Period("p", "peak", (Tier(0.08, 2000.0), Tier(0.10, 5000.0), Tier(0.11))),
        ),
        Calendar((ROW,) * 12),
    ),
)


@given(st.lists(st.floats(0, 20), min_size=31, max_size=31))
def test_price_below_and_crossings_make_the_bill(by_day: list[float]) -> None:
    load = np.repeat(by_day, 24)
    crossings = tier_crossings(TARIFF, TIMES, Usage())
    assert crossings is not None
    below = plan_price(TARIFF, TIMES, load_kw=0 * load, usage=before_crossings(Usage()))
    cost = float(load @ below.inside.per_kwh)
    cost += sum(
        each.per_kwh * max(0.0, float(load[each.inside].sum()) - each.kwh) for each in crossings
    )
    assert cost == pytest.approx(bill(TARIFF, TIMES, load).total, abs=1e-6)


def test_what_was_used_and_what_comes_anyway_are_passed() -> None:
    usage = Usage(kwh={0: 1500.0}, kwh_later={0: 1000.0})
    (only,) = tier_crossings(TARIFF, TIMES, usage) or ()
    assert only.kwh == pytest.approx(2500.0)
    assert only.per_kwh == pytest.approx(0.01 * 1.03 * 1.08)
    assert before_crossings(usage).kwh == {0: 2500.0}
    assert tier_crossings(TARIFF, TIMES, Usage(kwh={0: 6000.0})) == ()


def test_what_a_plan_cannot_weigh() -> None:
    tou = TARIFF.time_of_use
    assert tou is not None
    base, peak = tou.periods
    others = [
        replace(tou, tier_unit=TierUnit.KWH_PER_KW),
        replace(tou, periods=(base, replace(peak, tiers=(Tier(0.08),)))),
        replace(tou, periods=(base, replace(peak, tiers=(*peak.tiers[:2], Tier(0.2))))),
        replace(
            tou, periods=tuple(replace(p, tiers=(Tier(0.2, 100.0), Tier(0.1))) for p in tou.periods)
        ),
        None,
    ]
    for other in others:
        assert tier_crossings(replace(TARIFF, time_of_use=other), TIMES, Usage()) is None
    assert tier_crossings(replace(TARIFF, take_or_pay=TakeOrPay(5.0, 0.1)), TIMES, Usage()) is None
