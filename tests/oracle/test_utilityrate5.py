"""Our bills against NREL's Utilityrate5, every month of a year of generated tariffs and loads.

The model bills under net billing (option 2), which walks the tiers step by step with the month's
kWh over all periods, as ours does; under net metering (option 0) it shares every tier out by each
period's part of the month's kWh, which is another rule. Its year has 8,760 hours and begins on a
Monday, so ours is 2018. Its ratchet looks one month further into the year before than it says: its
peaks of the year before are zero here except where it looks back the whole year.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

from minerdesk.domain.calendar import Calendar
from minerdesk.domain.tariff import (
    Adder,
    DemandCharge,
    DemandTier,
    FixedCharge,
    Period,
    Ratchet,
    Tariff,
    Tier,
    TierUnit,
    TimeOfUse,
)
from minerdesk.engine.tariff import Bill, BillFacts, LineKind, Usage, bill, demand_peaks
from minerdesk.engine.tariff.times import Floats, StepTimes
from tests.engine.tariff.clock import part_of, steps

utilityrate5 = pytest.importorskip("PySAM.Utilityrate5")

YEAR = 2018
ENDLESS = 1e38
Rows = list[list[float]]


@dataclass(frozen=True)
class Case:
    """One tariff in our words and in the model's, with a load of a year."""

    tariff: Tariff
    rates: dict[str, Any]
    minutes: int
    load_kw: Floats
    past: Usage


def grid(calendar: Calendar | None, keys: str) -> dict[str, list[list[float]]]:
    """Return a calendar in the model's words: weekday and weekend, periods from 1."""
    calendar = calendar or Calendar.always(keys[0])
    return {
        day: [[keys.index(key) + 1.0 for key in row] for row in rows]
        for day, rows in (
            ("weekday", calendar.weekday),
            ("weekend", calendar.weekend or calendar.weekday),
        )
    }


def random_calendar(random: np.random.Generator, keys: str) -> Calendar:
    """Two or three spans of a day, other ones in summer, the first key all weekend."""

    def row() -> str:
        borders = sorted(random.choice(np.arange(1, 24), size=2, replace=False).tolist())
        chosen = random.choice(list(keys), size=3).tolist()
        lengths = np.diff([0, *borders, 24])
        return "".join(key * length for key, length in zip(chosen, lengths, strict=True))

    winter, summer = row(), row()
    rows = tuple(summer if month in range(5, 9) else winter for month in range(12))
    weekend = (keys[0] * 24,) * 12 if random.random() < 0.7 else ()
    return Calendar(rows, weekend)


def energy(random: np.random.Generator, seed: int, most_kw: float) -> tuple[TimeOfUse, Rows]:
    """Flat, time of use, tiers, both, or tiers by kWh per kW, in turn."""
    kind = seed % 5
    keys = "ABC" if kind in {1, 3} else "A"
    unit = TierUnit.KWH_PER_KW if kind == 4 else TierUnit.KWH
    scale = 1.0 if kind == 4 else most_kw
    borders = (
        sorted((scale * random.uniform(60, 500, size=int(random.integers(1, 4)))).tolist())
        if kind in {2, 3, 4}
        else []
    )
    borders = [b for i, b in enumerate(borders) if i == 0 or b > borders[i - 1] + 2 * scale]
    periods, rows = [], []
    for p, key in enumerate(keys):
        prices = random.uniform(-0.01, 0.3, size=len(borders) + 1).round(4).tolist()
        ends = [*borders, None]
        periods.append(
            Period(key, key, tuple(Tier(*pair) for pair in zip(prices, ends, strict=True)))
        )
        for t, (price, end) in enumerate(zip(prices, ends, strict=True)):
            units = 1.0 if kind == 4 else 0.0
            rows.append([p + 1.0, t + 1.0, end or ENDLESS, units, price, 0.0])
    calendar = random_calendar(random, keys) if len(keys) > 1 else None
    return TimeOfUse(tuple(periods), calendar, unit), rows


def demand_tiers(random: np.random.Generator, most_kw: float, tiers: int) -> list[DemandTier]:
    borders = sorted((most_kw * random.uniform(0.2, 0.9, size=tiers - 1)).tolist())
    prices = random.uniform(1, 25, size=tiers).round(2).tolist()
    return [DemandTier(*pair) for pair in zip(prices, [*borders, None], strict=True)]


def demand(
    random: np.random.Generator, seed: int, most_kw: float, minutes: int
) -> tuple[tuple[DemandCharge, ...], dict[str, Any]]:
    """None, flat by season, time of use, both, or with a ratchet: on all hours or on-peak ones."""
    kind = seed % 6
    if kind == 5 and seed % 5 == 4:
        # The model would hang borders in kWh per kW on the demand of the on-peak hours alone.
        kind = 4
    if kind == 0:
        return (), {"ur_dc_enable": 0}
    charges: list[DemandCharge] = []
    flat_rows, tou_rows = [], []
    ratchet = None
    if kind >= 4:
        months = tuple(range(6, 10)) if seed % 4 == 0 else ()
        ratchet = Ratchet(
            round(float(random.uniform(0.4, 0.95)), 2),
            (3, 6, 6 if months else 12)[seed // 6 % 3],
            months,
        )
    seasons = (
        [("all", range(12))]
        if kind >= 3
        else [("W", (0, 1, 2, 3, 4, 9, 10, 11)), ("S", range(5, 9))]
    )
    for name, months_of in seasons:
        priced = kind in {1, 3, 4}
        tiers = demand_tiers(random, most_kw, 2 if seed % 2 else 1) if priced else []
        rows = tuple(("x" if m in months_of else ".") * 24 for m in range(12))
        if priced:
            calendar = None if name == "all" else Calendar(rows)
            charges.append(
                DemandCharge(name, tuple(tiers), minutes, calendar, ratchet if kind == 4 else None)
            )
        for m in months_of:
            for t, tier in enumerate(tiers or [DemandTier(0.0)]):
                flat_rows.append([float(m), t + 1.0, tier.up_to_kw or ENDLESS, tier.per_kw])
    keys = "12" if kind in {2, 3, 5} else "1"
    calendar = random_calendar(random, keys) if len(keys) > 1 else Calendar.always("1")
    shared = demand_tiers(random, most_kw, 2 if seed % 3 == 0 else 1)
    for p, key in enumerate(keys):
        tiers = [
            DemandTier(round(float(random.uniform(1, 25)), 2), tier.up_to_kw) for tier in shared
        ]
        if len(keys) == 1:
            tiers = [DemandTier(0.0)]
        else:
            held = ratchet if kind == 5 and key == "2" else None
            marked = Calendar(
                *(
                    tuple("".join("x" if k == key else "." for k in row) for row in rows)
                    for rows in (calendar.weekday, calendar.weekend)
                )
            )
            charges.append(DemandCharge(f"on {key}", tuple(tiers), minutes, marked, held))
        for t, tier in enumerate(tiers):
            tou_rows.append([p + 1.0, t + 1.0, tier.up_to_kw or ENDLESS, tier.per_kw])
    schedule = grid(calendar, keys)
    rates: dict[str, Any] = {
        "ur_dc_enable": 1,
        "ur_dc_flat_mat": flat_rows,
        "ur_dc_tou_mat": tou_rows,
        "ur_dc_sched_weekday": schedule["weekday"],
        "ur_dc_sched_weekend": schedule["weekend"],
    }
    if ratchet is not None:
        of_months = ratchet.of_months or tuple(range(1, 13))
        rates |= {
            "ur_enable_billing_demand": 1,
            "ur_billing_demand_minimum": 0.0,
            "ur_billing_demand_lookback_period": ratchet.months,
            # A list of its own for each month: one repeated would be the same list twelve times.
            "ur_billing_demand_lookback_percentages": [
                [100 * ratchet.fraction * (m in of_months), 1.0] for m in range(1, 13)
            ],
            "ur_dc_billing_demand_periods": (
                [[1.0, 0.0], [2.0, 1.0]] if kind == 5 else [[1.0, 1.0]]
            ),
        }
    return tuple(charges), rates


def make(seed: int) -> Case:
    random = np.random.default_rng(seed)
    minutes = (60, 60, 60, 30, 15)[seed % 7 % 5]
    most_kw = float(random.uniform(50, 5_000))
    count = 8_760 * 60 // minutes
    load = most_kw * random.uniform(0.2, 1, size=count)
    # Machines that are off for whole days, and months that differ.
    load *= np.repeat(random.uniform(size=365) > 0.1, count // 365)
    load *= np.repeat(random.uniform(0.2, 1, size=12), count // 12)
    time_of_use, rows = energy(random, seed, most_kw)
    charges, rates = demand(random, seed, most_kw, minutes)
    adder = round(float(random.uniform(-0.01, 0.03)), 4)
    fixed = round(float(random.uniform(0, 900)), 2)
    least = round(float(random.uniform(0, 400) * most_kw), 2) if seed % 4 == 1 else None
    tariff = Tariff(
        f"t{seed}",
        "t",
        0.0,
        adders=(Adder("grid", adder),),
        time_of_use=time_of_use,
        demand=charges,
        fixed=(FixedCharge("meter", fixed),),
        minimum_per_month=least,
    )
    schedule = grid(time_of_use.calendar, "".join(p.key for p in time_of_use.periods))
    ratchets = [charge for charge in charges if charge.ratchet is not None]
    past = np.zeros(12)
    if ratchets and ratchets[0].ratchet is not None and ratchets[0].ratchet.months == 12:
        past = np.sort(random.uniform(0.5, 1.2, size=12)) * most_kw
    rates |= {
        "en_electricity_rates": 1,
        "rate_escalation": [0.0],
        "ur_metering_option": 2,
        "ur_monthly_fixed_charge": fixed,
        "ur_monthly_min_charge": least or 0.0,
        "ur_ec_sched_weekday": schedule["weekday"],
        "ur_ec_sched_weekend": schedule["weekend"],
        "ur_ec_tou_mat": [[*row[:4], row[4] + adder, row[5]] for row in rows],
        "ur_yearzero_usage_peaks": past.tolist(),
    }
    peaks = {
        ((YEAR - 1) * 12 + m, charge.name): float(past[m]) for charge in ratchets for m in range(12)
    }
    return Case(tariff, rates, minutes, load, Usage(peaks=peaks))


def their_bills(case: Case) -> list[float]:
    model = utilityrate5.new()
    model.assign(
        {
            "Lifetime": {
                "analysis_period": 1,
                "inflation_rate": 0.0,
                "system_use_lifetime_output": 0,
            },
            "SystemOutput": {"gen": [0.0] * len(case.load_kw), "degradation": [0.0]},
            "Load": {"load": case.load_kw.tolist(), "load_escalation": [0.0]},
            "ElectricityRates": case.rates,
        }
    )
    model.execute(0)
    return list(model.Outputs.utility_bill_wo_sys_ym[1])


def our_bills(case: Case) -> list[Bill]:
    year = steps(f"{YEAR}-01-01T00:00", len(case.load_kw), case.minutes)
    past = dict(case.past.peaks)
    bills = []
    for number in range(1, 13):
        inside = year.month == number
        times: StepTimes = part_of(year, inside)
        load = case.load_kw[inside]
        made = bill(case.tariff, times, load, facts=BillFacts(past=Usage(peaks=past)))
        past |= demand_peaks(case.tariff, times, load)
        bills.append(made)
    return bills


@pytest.mark.parametrize("seed", range(60))
def test_every_months_bill_is_the_models(seed: int) -> None:
    case = make(seed)
    theirs = their_bills(case)
    assert [each.total for each in our_bills(case)] == pytest.approx(theirs, rel=0, abs=0.01)
    assert max(map(abs, theirs)) > 1


def test_the_generated_tariffs_have_every_component() -> None:
    cases = [make(seed) for seed in range(60)]
    charges = [charge for case in cases for charge in case.tariff.demand]
    lines = [each for case in cases for made in our_bills(case) for each in made.lines]
    assert {line.kind for line in lines} == {
        LineKind.PERIOD,
        LineKind.ADDER,
        LineKind.DEMAND,
        LineKind.RATCHET,
        LineKind.FIXED,
        LineKind.MINIMUM,
    }
    assert sum(line.kind is LineKind.RATCHET for line in lines) > 50
    assert {line.tier for line in lines if line.kind is LineKind.PERIOD} >= {0, 1, 2, 3}
    assert any(charge.calendar is None and len(charge.tiers) > 1 for charge in charges)
    assert any(charge.calendar is not None and len(charge.tiers) > 1 for charge in charges)
    assert {charge.ratchet.months for charge in charges if charge.ratchet} == {3, 6, 12}
    assert {charge.interval_minutes for charge in charges} == {15, 30, 60}
