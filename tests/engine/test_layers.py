from __future__ import annotations

from dataclasses import replace
from functools import partial

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from minerdesk.domain.book import Book
from minerdesk.domain.rigs import Purchase, RigGroup
from minerdesk.domain.sites import Capital, CostLayer, MonthlyCost, Site
from minerdesk.domain.tariff import DemandCharge, DemandTier, FixedCharge, Tariff
from minerdesk.engine.fleet import build_fleet
from minerdesk.engine.layers import LayerCosts, capital_per_month, depreciation_per_month
from tests.engine.books import USD, group, one_site

# A month is 30.4375 days.
HOSTING = MonthlyCost("hosting", 3_043.75)
OVERHEAD = MonthlyCost("office", 608.75, CostLayer.OVERHEAD)


def layers(book: Book, rates: dict[str, float] | None = None) -> LayerCosts:
    return build_fleet(book, USD if rates is None else rates).layers


here = partial(Site, "here", "Here", "power")


def test_nothing_entered_is_nan_and_never_0() -> None:
    found = layers(one_site(group()))
    assert all(np.isnan(each).all() for each in found)


def test_hosting_alone_fills_the_avoidable_layer() -> None:
    found = layers(one_site(group(), site=here(monthly_costs=(HOSTING,))))
    assert found.avoidable_per_day == pytest.approx([100])
    assert np.isnan(found.all_in_per_day).all()


def test_an_amount_of_0_was_entered() -> None:
    found = layers(one_site(group(), site=here(monthly_costs=(MonthlyCost("rent", 0.0),))))
    assert found.avoidable_per_day.tolist() == [0]


def test_fixed_load_costs_the_sites_price_of_power_without_pue() -> None:
    found = layers(one_site(group(), price_per_kwh=0.05, site=here(fixed_load_kw=10.0, pue=1.3)))
    assert found.avoidable_per_day == pytest.approx([10 * 24 * 0.05])


def test_overhead_capital_and_wear_make_the_all_in_layer() -> None:
    site = here(monthly_costs=(HOSTING, OVERHEAD), capital=Capital(60_875.0, 100))
    worn = replace(group(2), purchase=Purchase(3_652.5, residual_per_rig=0.0, life_months=12))
    found = layers(one_site(worn, site=site))
    assert found.avoidable_per_day == pytest.approx([100])
    assert found.all_in_per_day == pytest.approx([100 + 20 + 20 + 2 * 10])
    assert found.purchase_price.tolist() == [7_305]


@pytest.mark.parametrize(
    "site", [here(monthly_costs=(OVERHEAD,)), here(capital=Capital(60_875.0, 100))]
)
def test_either_opens_the_all_in_layer(site: Site) -> None:
    found = layers(one_site(group(), site=site))
    assert np.isnan(found.avoidable_per_day).all()
    assert found.all_in_per_day == pytest.approx([20])


def test_a_purchase_belongs_to_its_group_alone() -> None:
    bought = replace(group(key="a"), purchase=Purchase(3_652.5, life_months=12))
    found = layers(one_site(bought, group(key="b")))
    assert found.all_in_per_day[0] == pytest.approx(10)
    assert np.isnan(found.all_in_per_day[1])
    assert found.purchase_price[0] == 3_652.5
    assert np.isnan(found.purchase_price[1])


def test_a_sites_costs_are_shared_by_nameplate_power() -> None:
    found = layers(
        one_site(
            group(3, key="a"),
            group(10, "Three", key="b"),
            site=here(monthly_costs=(HOSTING, OVERHEAD)),
        )
    )
    watts = np.array([3 * 3_500.0, 10 * 830.0])
    assert found.avoidable_per_day == pytest.approx(100 * watts / watts.sum())
    assert found.all_in_per_day == pytest.approx(120 * watts / watts.sum())


def test_currencies_of_costs() -> None:
    site = here(
        monthly_costs=(replace(HOSTING, currency="EUR"), replace(OVERHEAD, currency="EUR")),
        capital=Capital(60_875.0, 100, currency="NOK"),
    )
    bought = replace(group(), purchase=Purchase(3_652.5, "CAD", life_months=12))
    rates = {"USD": 1.0, "EUR": 1.2, "NOK": 0.1, "CAD": 0.7}
    found = layers(one_site(bought, site=site), rates)
    assert found.avoidable_per_day == pytest.approx([120])
    assert found.all_in_per_day == pytest.approx([120 + 24 + 2 + 7])
    assert found.purchase_price == pytest.approx([3_652.5 * 0.7])


@pytest.mark.parametrize("missing", ["EUR", "NOK", "CAD"])
def test_a_missing_exchange_rate_is_nan_where_it_matters(missing: str) -> None:
    site = here(
        monthly_costs=(replace(HOSTING, currency="EUR"),),
        capital=Capital(60_875.0, 100, currency="NOK"),
    )
    bought = replace(group(), purchase=Purchase(3_652.5, "CAD"))
    rates = {"USD": 1.0, "EUR": 1.2, "NOK": 0.1, "CAD": 0.7}
    del rates[missing]
    found = layers(one_site(bought, site=site), rates)
    assert np.isnan(found.all_in_per_day).all()
    assert np.isnan(found.avoidable_per_day).all() == (missing == "EUR")
    assert np.isnan(found.purchase_price).all() == (missing == "CAD")


def test_what_the_contract_charges_for_being_open_is_avoidable() -> None:
    """Demand at full load, PUE and fixed load inside, and a fee, in the tariff's money."""
    tariff = Tariff(
        "power",
        "Power",
        0.05,
        currency="EUR",
        demand=(DemandCharge("demand", (DemandTier(10.0),)),),
        fixed=(FixedCharge("meter", 365.25),),
    )
    site = here(pue=1.2, fixed_load_kw=5.0)
    book = one_site(group(2, key="a"), group(2, key="b"), site=site, tariff=tariff)
    found = layers(book, {"USD": 1.0, "EUR": 1.5})
    full_kw = 4 * 3.5 * 1.2 + 5
    per_day = 1.5 * ((10 * full_kw + 365.25) / 30.4375 + 5 * 24 * 0.05)
    assert found.avoidable_per_day == pytest.approx([per_day / 2] * 2)
    assert np.isnan(found.all_in_per_day).all()


def test_a_contract_beside_what_was_typed() -> None:
    tariff = Tariff("power", "Power", 0.05, fixed=(FixedCharge("meter", 304.375),))
    found = layers(one_site(group(), site=here(monthly_costs=(HOSTING,)), tariff=tariff))
    assert found.avoidable_per_day == pytest.approx([110])


def test_a_loan_of_a_year() -> None:
    # 12 payments of 1,066.1855 repay 12,000 at 12 % a year.
    assert capital_per_month(Capital(12_000, 12, 0.12)) == pytest.approx(1_066.1855, abs=1e-4)
    assert capital_per_month(Capital(12_000, 12)) == 1_000


@given(st.floats(1, 1e9), st.integers(1, 600), st.floats(1e-9, 2))
def test_the_annuity_repays_amount_and_interest(
    amount: float, months: int, interest: float
) -> None:
    payment = capital_per_month(Capital(amount, months, interest))
    rate = interest / 12
    present = sum(payment / (1 + rate) ** k for k in range(1, months + 1))
    assert present == pytest.approx(amount, rel=1e-9)
    assert payment >= amount / months * (1 - 1e-9)


def test_straight_line_wear() -> None:
    assert depreciation_per_month(Purchase(3_600, residual_per_rig=360)) == 90


@given(st.integers(1, 50), st.integers(1, 50))
def test_shares_of_split_groups_add_up(one: int, other: int) -> None:
    site = here(monthly_costs=(HOSTING, OVERHEAD), fixed_load_kw=3.0)

    def total(*groups: RigGroup) -> float:
        return float(layers(one_site(*groups, site=site)).all_in_per_day.sum())

    whole = total(group(one + other, key="a"))
    assert total(group(one, key="a"), group(other, key="b")) == pytest.approx(whole)
    assert whole == pytest.approx(120 + 3 * 24 * 0.06)
