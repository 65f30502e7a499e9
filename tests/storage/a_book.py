"""Books for the tests of storage: one that uses every field, and any number of small ones."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from hypothesis import strategies as st

from minerdesk.domain import limits
from minerdesk.domain.book import Assumptions, Book
from minerdesk.domain.rigs import (
    ModeCount,
    ModeOverride,
    Origin,
    PoolScheme,
    PowerMode,
    Purchase,
    RigGroup,
    RigModel,
    StateNow,
    StateSource,
)
from minerdesk.domain.sites import Capital, CostLayer, MonthlyCost, Site
from minerdesk.domain.tariff import Adder, Percentage, Tariff

TARIFF = Tariff(
    "t1",
    "Night",
    price_per_kwh=-0.01,
    currency="EUR",
    adders=(Adder("grid", 0.035), Adder("rebate", -0.01)),
    percentages=(Percentage("tax", 0.2),),
)
SITE = Site(
    "s1",
    "Barn “ä”",
    "t1",
    time_zone="Europe/Berlin",
    pue=1.05,
    fixed_load_kw=3.5,
    limit_kw=900.0,
    monthly_costs=(MonthlyCost("rent", 1200.5, CostLayer.OVERHEAD, "EUR"),),
    capital=Capital(50_000.0, 60, 0.04, "USD"),
    required_margin=-0.05,
    note="two\nlines",
)
MODEL = RigModel(
    "Rig A",
    (PowerMode("normal", 200.0, 3500.0), PowerMode("eco", 150.0, 2250.0)),
    maker="Maker",
    released="2024-05",
    idle_w=12.0,
    home=True,
)
GROUP = RigGroup(
    "g1",
    "s1",
    "Rig A",
    40,
    overrides=(ModeOverride("normal", 198.5, None, Origin.MEASURED),),
    state_now=StateNow(
        (ModeCount("normal", 30), ModeCount("eco", 4)),
        datetime(2026, 1, 19, 12, 30, 0, 250, tzinfo=UTC),
        StateSource.DONE,
    ),
    uptime=0.97,
    reject_rate=0.002,
    pool_fee=0.02,
    pool_fee_on_fees=0.0,
    pool_scheme=PoolScheme.PPS_PLUS,
    firmware_fee=0.01,
    idle_w=0.0,
    owner="me",
    location="row 3",
    note="=1+1",
    purchase=Purchase(2999.99, "USD", date(2025, 2, 28), 48, 100.0),
)
FULL = Book("Farm", "USD", (SITE,), (TARIFF,), (MODEL,), (GROUP,), Assumptions(0.02, 0.98))


def with_groups(count: int) -> Book:
    """Return a book of many groups, each of another count."""
    groups = tuple(replace(GROUP, id=f"g{i}", count=100 + i) for i in range(count))
    return replace(FULL, groups=groups)


@st.composite
def books(draw: st.DrawFn) -> Book:
    """Draw books whose texts and numbers are whatever the types allow."""
    text = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
    number = st.floats(limits.PER_KWH.minimum, limits.PER_KWH.maximum)
    positive = st.floats(limits.POSITIVE.minimum, limits.POSITIVE.maximum)
    names = draw(st.lists(text, min_size=1, max_size=4, unique=True))
    others = text.filter(lambda name: name not in {mode.name for mode in MODEL.modes})
    own = PowerMode(draw(others), draw(positive), draw(positive))
    model = replace(MODEL, modes=(own, *MODEL.modes))
    tariff = replace(TARIFF, name=draw(text), price_per_kwh=draw(number))
    groups = tuple(
        replace(GROUP, id=name, count=draw(st.integers(34, 10**9)), note=draw(text))
        for name in names
    )
    return replace(FULL, name=draw(text), tariffs=(tariff,), models=(model,), groups=groups)
