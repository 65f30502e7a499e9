"""The bill and the marginal price are two views of one contract."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from minerdesk.domain.tariff import Tariff
from minerdesk.engine.tariff import (
    Bill,
    BillFacts,
    Called,
    Usage,
    bill,
    marginal_price,
    plan_price,
)
from minerdesk.engine.tariff.times import Floats
from tests.engine.tariff.tariffs import Priced, loads, tariffs

PAST = Usage(peak_kw={2025 * 12 + 11: 150.37, 2025 * 12 + 3: 210.73})


def events(priced: Priced) -> dict[str, Called]:
    """Return events whose last hour ends a third inside, under a baseline that loads exceed."""
    share = np.isin(priced.times.hour, (17, 18)) + (priced.times.hour == 19) / 3
    return {"DR": Called(share, 150.13)}


def billed(tariff: Tariff, priced: Priced, load_kw: Floats) -> Bill:
    facts = BillFacts(PAST, called=events(priced), nameplate_kwh=9_000.0)
    return bill(tariff, priced.times, load_kw, index_per_kwh=priced.index, facts=facts)


@settings(max_examples=300, deadline=None)
@given(tariffs(), loads, st.data())
def test_one_more_kwh_changes_the_bill_by_its_marginal_price(
    tariff: Tariff, priced: Priced, data: st.DataObject
) -> None:
    step = data.draw(st.integers(0, len(priced.load_kw) - 1))
    now = billed(tariff, priced, priced.load_kw)

    def with_more(kwh: float) -> float:
        load = priced.load_kw.copy()
        load[step] += kwh / priced.times.hours
        return billed(tariff, priced, load).total - now.total

    small = 1e-3
    change = with_more(small) / small
    assume(abs(with_more(2 * small) / (2 * small) - change) < 1e-6)  # no kink in between
    least = tariff.minimum_per_month
    under = np.full(len(priced.load_kw), least is not None and now.before_minimum < least)
    price = marginal_price(
        tariff,
        priced.times,
        load_kw=priced.load_kw,
        index_per_kwh=priced.index,
        usage=PAST,
        curtailing=events(priced),
        under_minimum=under,
    )
    assert price.per_kwh[step] == pytest.approx(change, abs=1e-5)
    assert np.sum([part.per_kwh for part in price.parts], axis=0) == pytest.approx(price.per_kwh)


@settings(max_examples=100, deadline=None)
@given(tariffs(), loads)
def test_the_lines_add_up_and_each_is_its_quantity_times_its_rate(
    tariff: Tariff, priced: Priced
) -> None:
    found = billed(tariff, priced, priced.load_kw)
    assert sum(line.amount for line in found.lines) == pytest.approx(found.total)
    for line in found.lines:
        assert line.amount == pytest.approx(line.quantity * line.rate)
    if tariff.minimum_per_month is not None:
        assert found.total >= tariff.minimum_per_month - 1e-6


@settings(max_examples=100, deadline=None)
@given(tariffs(), loads)
def test_a_bill_is_the_sum_of_the_bills_of_its_components(tariff: Tariff, priced: Priced) -> None:
    whole = replace(tariff, percentages=(), minimum_per_month=None)
    nothing = replace(
        whole,
        price_per_kwh=0.0,
        adders=(),
        time_of_use=None,
        index=whole.index,
        demand=(),
        fixed=(),
        hosting=None,
        curtailment=(),
        heat=None,
    )
    energy = replace(
        nothing,
        price_per_kwh=whole.price_per_kwh,
        adders=whole.adders,
        time_of_use=whole.time_of_use,
        demand=whole.demand,  # tiers in kWh per kW hang on it
    )
    others = (
        replace(nothing, demand=whole.demand),
        replace(nothing, fixed=whole.fixed),
        replace(nothing, hosting=whole.hosting),
        replace(nothing, curtailment=whole.curtailment),
        replace(nothing, heat=whole.heat),
    )

    def total(part: Tariff) -> float:
        return billed(part, priced, priced.load_kw).total

    empty = total(nothing)
    apart = total(energy) - total(others[0]) + sum(total(each) - empty for each in others) + empty
    assert total(whole) == pytest.approx(apart)


@settings(max_examples=100, deadline=None)
@given(tariffs(), loads)
def test_a_plan_pays_the_marginal_price_less_demand(tariff: Tariff, priced: Priced) -> None:
    """Where nothing makes a new peak."""
    tariff = replace(tariff, demand=())
    usage = Usage(expected_peak_kw=250.0)
    load, index = priced.load_kw, priced.index
    price = marginal_price(
        tariff, priced.times, load_kw=load, index_per_kwh=index, usage=usage
    ).per_kwh
    plan = plan_price(tariff, priced.times, load_kw=load, index_per_kwh=index, usage=usage)
    if plan.above is None or plan.block_kw is None:
        assert plan.inside.per_kwh.tolist() == price.tolist()
    else:
        expected = np.where(priced.load_kw > plan.block_kw, plan.above.per_kwh, plan.inside.per_kwh)
        assert expected == pytest.approx(price)
