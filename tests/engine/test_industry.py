from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from minerdesk.engine.indicators.days import Days
from minerdesk.engine.industry import Machines, can_run, industry_cost, weights

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
TODAY = date(2026, 1, 19).toordinal()


def days(count: int = 40, *, price: float = 90_000.0, last: int = TODAY) -> Days:
    def full(value: float) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
        return np.full(count, value)

    return Days(last - count + 1, full(price), full(1e21), full(np.nan), full(2.0), full(450.0))


def machines(*rows: tuple[int, float]) -> Machines:
    """Machines by age in days and J/TH."""
    return Machines(np.array([TODAY - age for age, _ in rows]), np.array([j for _, j in rows]))


def test_the_threshold_is_where_a_hash_earns_its_power() -> None:
    some = days()
    found = industry_cost(some, machines((400, 15.0)), 0.05)
    # J/TH at the threshold x kWh price = revenue per TH.
    revenue_per_th = 452 * 90_000 / (1e9 * 86_400)
    assert found.threshold_j_per_th[-1] == pytest.approx(revenue_per_th / (0.05 / 3.6e6))
    assert np.isnan(found.threshold_j_per_th[:13]).all()


def test_three_estimates_of_machines_by_hand() -> None:
    found = industry_cost(days(), machines((300, 10.0), (600, 20.0), (1_000, 30.0), (500, 900.0)))
    assert found.eligible[-1] == 3
    assert found.lower.j_per_th_ex_pue[-1] == pytest.approx(10)
    assert found.upper.j_per_th_ex_pue[-1] == pytest.approx(30)
    # Weights 1.0 (239 days), 0.8 (539), 0.6 (939) since delivery.
    expected = (10 + 0.8 * 20 + 0.6 * 30) / 2.4
    best = found.best_guess
    assert best.j_per_th_ex_pue[-1] == pytest.approx(expected)
    assert best.j_per_th[-1] == pytest.approx(expected * 1.10)
    assert best.gw[-1] == pytest.approx(expected * 1.10 * 1e9 / 1e9)
    assert best.twh_per_year[-1] == pytest.approx(best.gw[-1] * 8.76582)
    kwh_per_btc = expected * 1e9 * 24 / 1_000 / 452
    assert best.cost_per_btc_ex_pue[-1] == pytest.approx(0.05 * kwh_per_btc)
    assert found.lower.cost_per_btc[-1] == pytest.approx(0.05 * 1.01 * kwh_per_btc / expected * 10)


@pytest.mark.parametrize(
    ("age", "weight"),
    [
        *((0, 0.0), (1, 1.0), (364, 1.0), (365, 0.8), (730, 0.6), (1_095, 0.4), (1_460, 0.2)),
        *((1_763, 0.2), (1_764, 0.0), (9_999, 0.0), (-5, 0.0)),
    ],
)
def test_weights_by_age_since_delivery(age: int, weight: float) -> None:
    assert weights(np.array([age]))[0] == weight


@given(st.integers(-100, 3_000), st.floats(1, 200))
def test_who_can_run_is_who_has_a_weight(age: int, j_per_th: float) -> None:
    some = machines((age, j_per_th))
    found = industry_cost(days(), some)
    threshold = float(found.threshold_j_per_th[-1])
    assert can_run(TODAY, some, threshold)[0] == (found.eligible[-1] == 1)


def test_with_no_machine_left_the_day_before_stands() -> None:
    some = days(60)
    some.price[40:] = 0.01
    found = industry_cost(some, machines((400, 15.0)))
    assert found.eligible[-1] == 0
    assert found.best_guess.j_per_th_ex_pue[-1] == pytest.approx(15)


def test_with_no_machine_left_after_a_gap_the_last_day_with_one_stands() -> None:
    some = days(80)
    some.price[30] = np.nan
    some.price[31:] = 0.01
    found = industry_cost(some, machines((400, 15.0)))
    assert np.isnan(found.best_guess.j_per_th[30:50]).all()
    assert found.best_guess.j_per_th_ex_pue[50:] == pytest.approx(15)


def test_before_the_first_machine_nothing_is_known() -> None:
    assert np.isnan(industry_cost(days(), machines((-10, 15.0))).best_guess.j_per_th).all()


def test_a_gap_stays_a_gap() -> None:
    some = days(60)
    some.price[30] = np.nan
    found = industry_cost(some, machines((400, 15.0)))
    assert np.isnan(found.threshold_j_per_th[30:44]).all()
    assert np.isnan(found.best_guess.j_per_th[30:50]).all()
    assert np.isfinite(found.best_guess.j_per_th[50])


def test_a_dearer_kwh_leaves_fewer_machines_and_never_less_efficient_ones() -> None:
    fleet = machines((300, 10.0), (600, 20.0), (900, 30.0), (1_200, 60.0))
    found = [industry_cost(days(), fleet, price) for price in (0.01, 0.05, 0.07, 0.10)]
    assert [int(each.eligible[-1]) for each in found] == [4, 3, 2, 1]
    means = [float(each.best_guess.j_per_th[-1]) for each in found]
    assert means == sorted(means, reverse=True)


@pytest.mark.parametrize("price", [0.0, -0.01, float("nan")])
def test_a_price_of_nothing_is_refused(price: float) -> None:
    with pytest.raises(ValueError, match="greater than 0"):
        industry_cost(days(), machines((400, 15.0)), price)


def test_no_days_give_no_estimate() -> None:
    assert len(industry_cost(days(0), machines((400, 15.0))).best_guess.gw) == 0


def test_what_comes_later_changes_no_estimate() -> None:
    random = np.random.default_rng(5)
    count = 120
    whole = Days(
        TODAY - count,
        90_000 * np.exp(np.cumsum(random.normal(0, 0.05, count))),
        1e21 * np.exp(random.normal(0, 0.08, count)),
        np.full(count, np.nan),
        random.uniform(1, 5, count),
        np.full(count, 450.0),
    )
    fleet = machines((100, 12.0), (300, 17.5), (800, 29.5), (1_500, 38.0))
    full = industry_cost(whole, fleet)
    for known in (30, 77, 119):
        part = Days(
            whole.first_day,
            *(
                getattr(whole, name)[:known]
                for name in ("price", "hashrate_hs", "difficulty", "fees_btc", "issuance_btc")
            ),
        )
        found = industry_cost(part, fleet)
        for estimate in ("lower", "best_guess", "upper"):
            for figure in ("j_per_th", "gw", "cost_per_btc"):
                assert np.array_equal(
                    getattr(getattr(found, estimate), figure),
                    getattr(getattr(full, estimate), figure)[:known],
                    equal_nan=True,
                )


def test_the_replica_keeps_to_cambridge_by_the_month() -> None:
    history = DATA / "btc_daily_coinmetrics_2020-01-01_2026-06-01.csv"
    published = DATA / "cbeci_monthly_j_per_th_2023-08_2026-09.csv"
    if not history.is_file() or not published.is_file():
        pytest.skip("the real history is not at hand")
    from minerdesk.services.network_reading.machines import industry_machines
    from minerdesk.storage.catalogue_file import load_catalogue
    from minerdesk.storage.resources import catalogue_path

    with history.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))

    def column(name: str) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
        return np.array([float(row[name] or "nan") for row in rows])

    price = column("PriceUSD")
    first = date.fromisoformat(rows[0]["time"]).toordinal()
    some = Days(
        first,
        price,
        column("HashRate") * 1e12,
        np.full(len(rows), np.nan),
        column("FeeTotNtv"),
        column("IssTotUSD") / price,
    )
    found = industry_cost(some, industry_machines(load_catalogue(catalogue_path())))
    months: dict[str, list[float]] = {}
    for row, value in zip(rows, found.best_guess.j_per_th, strict=True):
        months.setdefault(row["time"][:7], []).append(float(value))
    with published.open(encoding="utf-8") as file:
        errors = [
            float(np.mean(months[row["month"]])) / float(row["j_per_th_best_guess"]) - 1
            for row in csv.DictReader(file)
            if row["month"] in months
        ]
    assert len(errors) >= 10
    assert max(map(abs, errors)) < 0.06
