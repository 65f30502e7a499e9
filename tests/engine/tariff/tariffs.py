"""Any tariff that hypothesis can think of, and the load it prices."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from hypothesis import strategies as st

from minerdesk.domain.calendar import Calendar
from minerdesk.domain.tariff import (
    Adder,
    CurtailmentCredit,
    DemandCharge,
    DemandTier,
    FixedCharge,
    HeatCredit,
    Hosting,
    HostingBasis,
    Percentage,
    PercentageOf,
    Period,
    PriceIndex,
    Ratchet,
    TakeOrPay,
    Tariff,
    Tier,
    TierUnit,
    TimeOfUse,
    Unused,
)
from minerdesk.engine.tariff.times import Floats, StepTimes
from tests.engine.tariff.clock import steps

DAY_AND_NIGHT = Calendar(("N" * 8 + "D" * 12 + "N" * 4,) * 12, ("N" * 24,) * 12)
PEAK_HOURS = Calendar(("." * 12 + "x" * 6 + "." * 6,) * 12, ("." * 24,) * 12)

prices = st.floats(-0.1, 0.4).map(lambda price: round(price, 4))
money = st.floats(0, 30).map(lambda price: round(price, 2))


def day_and_night(day: tuple[Tier, ...], night: tuple[Tier, ...], **more: TierUnit) -> TimeOfUse:
    return TimeOfUse((Period("D", "Day", day), Period("N", "Night", night)), DAY_AND_NIGHT, **more)


@st.composite
def tiers(draw: st.DrawFn, unit: TierUnit) -> tuple[Tier, ...]:
    borders = st.floats(1, 60) if unit is TierUnit.KWH_PER_KW else st.floats(50, 9_000)
    ends = sorted(draw(st.lists(borders, max_size=2, unique=True)))
    return tuple(Tier(draw(prices), end) for end in [*ends, None])


@st.composite
def times_of_use(draw: st.DrawFn) -> TimeOfUse:
    unit = draw(st.sampled_from(TierUnit))
    return day_and_night(draw(tiers(unit)), draw(tiers(unit)), tier_unit=unit)


@st.composite
def demand_charges(draw: st.DrawFn, name: str) -> DemandCharge:
    ends = sorted(draw(st.lists(st.floats(10, 150), max_size=1)))
    return DemandCharge(
        name,
        tuple(DemandTier(draw(money), end) for end in [*ends, None]),
        draw(st.sampled_from([15, 30, 60])),
        draw(st.sampled_from([None, PEAK_HOURS])),
        draw(st.none() | st.builds(Ratchet, fraction=st.floats(0.1, 1))),
    )


blocks = st.builds(
    TakeOrPay,
    kw=st.floats(10, 120).map(lambda kw: kw + 0.37),  # never just a load
    per_kwh=prices,
    unused=st.sampled_from(Unused),
    sold_per_kwh=prices,
)


@st.composite
def tariffs(draw: st.DrawFn) -> Tariff:
    """Every component whose price is a derivative of the bill; system peaks are expectations."""
    fractions = st.floats(-0.3, 0.3)
    return Tariff(
        "t",
        "t",
        draw(prices),
        adders=draw(st.just(()) | st.just((Adder("grid", 0.01), Adder("rebate", -0.03)))),
        percentages=tuple(
            Percentage(f"p{i}", draw(fractions), draw(st.sampled_from(PercentageOf)))
            for i in range(draw(st.integers(0, 3)))
        ),
        time_of_use=draw(st.none() | times_of_use()),
        index=PriceIndex("hub", multiplier=draw(st.sampled_from([1.0, 1.03]))),
        demand=tuple(draw(demand_charges(f"demand {i}")) for i in range(draw(st.integers(0, 2)))),
        fixed=draw(st.just(()) | st.just((FixedCharge("meter", 90.0),))),
        minimum_per_month=draw(st.none() | st.floats(0, 3_000)),
        take_or_pay=draw(st.none() | blocks),
        hosting=draw(
            st.none() | st.builds(Hosting, per_kwh=prices, basis=st.sampled_from(HostingBasis))
        ),
        curtailment=draw(st.just(()) | st.just((CurtailmentCredit("DR", 100.0, 3.0, 0.2),))),
        heat=draw(st.none() | st.just(HeatCredit((0.02,) * 6 + (0.0,) * 6))),
    )


@dataclass(frozen=True)
class Priced:
    """A few days of one month, from Thursday over the weekend, with prices of a market."""

    seed: int
    minutes: int
    in_blocks: bool  # rigs in blocks: several steps share the highest load
    times: StepTimes = field(init=False, repr=False)
    load_kw: Floats = field(init=False, repr=False)
    index: Floats = field(init=False, repr=False)

    def __post_init__(self) -> None:
        count = 3 * 24 * 60 // self.minutes
        random = np.random.default_rng(self.seed)
        load = random.uniform(0, 200, size=count)
        load = np.round(load / 40) * 40 if self.in_blocks else load
        object.__setattr__(self, "times", steps("2026-01-15T00:00", count, self.minutes))
        object.__setattr__(self, "load_kw", load)
        object.__setattr__(self, "index", random.uniform(-0.1, 0.3, size=count))


loads = st.builds(
    Priced,
    seed=st.integers(0, 10_000),
    minutes=st.sampled_from([15, 30, 60]),
    in_blocks=st.booleans(),
)
