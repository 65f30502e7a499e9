from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from minerdesk.domain.tariff import Adder, Percentage, Tariff
from minerdesk.engine.tariff import flat_price_per_kwh, marginal_price


def test_adders_then_percentages_in_their_order() -> None:
    tariff = Tariff(
        "t",
        "t",
        0.10,
        adders=(Adder("grid", 0.03), Adder("rebate", -0.01)),
        percentages=(Percentage("levy", 0.5), Percentage("VAT", 0.2)),
    )
    price = marginal_price(tariff, steps=3)
    assert [part.name for part in price.parts] == ["energy", "grid", "rebate", "levy", "VAT"]
    assert [part.per_kwh[0] for part in price.parts] == pytest.approx(
        [0.10, 0.03, -0.01, 0.06, 0.036]
    )
    assert price.per_kwh == pytest.approx([0.216] * 3)
    assert flat_price_per_kwh(tariff) == pytest.approx(0.216)


def test_a_monthly_bills_price_per_kwh() -> None:
    # 17,588 kWh at 0.09444 less 0.017192: the energy part of a published bill.
    tariff = Tariff("t", "t", 0.09444, adders=(Adder("fuel", -0.017192),))
    assert 17_588 * flat_price_per_kwh(tariff) + 262.34 + 3.74 == pytest.approx(1_624.72, abs=0.01)


def test_a_negative_price_stays_negative() -> None:
    tariff = Tariff("t", "t", -0.05, percentages=(Percentage("VAT", 0.2),))
    assert flat_price_per_kwh(tariff) == pytest.approx(-0.06)


@given(
    st.floats(-1, 1),
    st.lists(st.floats(-0.1, 0.1), max_size=4),
    st.lists(st.floats(-0.5, 0.5), max_size=4),
)
def test_the_parts_are_what_the_price_is_the_sum_of(
    energy: float, adders: list[float], percentages: list[float]
) -> None:
    price = marginal_price(
        Tariff(
            "t",
            "t",
            energy,
            adders=tuple(Adder("a", each) for each in adders),
            percentages=tuple(Percentage("p", each) for each in percentages),
        ),
        steps=2,
    )
    assert np.sum([part.per_kwh for part in price.parts], axis=0) == pytest.approx(price.per_kwh)
    expected = (energy + sum(adders)) * np.prod([1 + each for each in percentages])
    assert price.per_kwh == pytest.approx(expected)
