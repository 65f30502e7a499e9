from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from minerdesk.domain.tariff import CurtailmentCredit, Percentage, PercentageOf, TakeOrPay, Tariff
from minerdesk.engine.tariff import BillFacts, Called, LineKind, bill, marginal_price, plan_price
from tests.engine.tariff.clock import month, steps

CREDIT = CurtailmentCredit("DR", 40.0, per_kw_month=3.0, per_kwh=0.5)
TAX = Percentage("tax", 0.2, PercentageOf.BILL)
HOURS = steps("2026-01-15T00:00", 6)
INSIDE = np.array([0.0, 1.0, 1.0, 0.25, 0.0, 0.0])


def test_a_credit_by_hand() -> None:
    times = month("2026-01")
    share = np.zeros(times.count)
    share[10:13] = [0.5, 1.0, 1.0]
    load = np.full(times.count, 100.0)
    load[10:13] = [70.0, 30.0, 110.0]
    facts = BillFacts(called={"DR": Called(share, 100.0)})
    made = bill(Tariff("t", "t", 0.0, curtailment=(CREDIT,)), times, load, facts=facts)
    amounts = {line.kind: (line.quantity, line.amount) for line in made.lines}
    # Half an hour of 30 kW under 100, an hour of the 40 enrolled, and nothing above the baseline.
    assert amounts[LineKind.CURTAILMENT] == pytest.approx((15 + 40, -27.5))
    assert amounts[LineKind.AVAILABILITY] == pytest.approx((40, -120))


def test_the_marginal_price_holds_it_only_between_its_two_loads() -> None:
    tariff = Tariff("t", "t", 0.05, curtailment=(CREDIT,), percentages=(TAX,))
    for load, lost in ((59.0, 0.0), (60.0, 0.0), (60.1, 0.5), (100.0, 0.5), (100.1, 0.0)):
        price = marginal_price(
            tariff, HOURS, load_kw=np.full(6, load), curtailing={"DR": Called(INSIDE, 100.0)}
        )
        assert price.per_kwh == pytest.approx((0.05 + lost * INSIDE) * 1.2)


@given(
    load=st.integers(0, 60).map(lambda n: n * 2.5 + 0.01),
    baseline=st.sampled_from([-5.0, 20.0, 60.0, 100.0, 400.0]),
    enrolled=st.sampled_from([0.0, 15.0, 40.0, 400.0]),
    reach=st.sampled_from([(0.0, 151.0), (0.0, np.inf), (0.01, 150.01)]),
    block=st.none() | st.just(TakeOrPay(55.0, 0.04)),
    minimum=st.booleans(),
)
def test_a_plan_pays_the_marginal_price_at_every_load(
    load: float,
    baseline: float,
    enrolled: float,
    reach: tuple[float, float],
    block: TakeOrPay | None,
    minimum: bool,
) -> None:
    credit = CurtailmentCredit("DR", enrolled, per_kwh=0.5)
    idle = CurtailmentCredit("idle", 10.0)
    tariff = Tariff(
        "t", "t", 0.05, curtailment=(credit, idle), percentages=(TAX,), take_or_pay=block
    )
    kw = np.full(6, load)
    called = {name: Called(INSIDE, baseline) for name in ("DR", "idle")}
    under = np.arange(6) == 2 if minimum else None
    told = marginal_price(tariff, HOURS, load_kw=kw, curtailing=called, under_minimum=under)
    plan = plan_price(
        tariff, HOURS, load_kw=kw, curtailing=called, under_minimum=under, reach_kw=reach
    )
    above = plan.above is not None and plan.block_kw is not None and load > plan.block_kw
    price = plan.above.per_kwh if above and plan.above is not None else plan.inside.per_kwh
    for step in plan.steps:
        assert reach[0] < step.kw < reach[1]
        price = price + step.per_kwh * (load > step.kw)
    assert price == pytest.approx(told.per_kwh)
