"""Plans of small books, through the real planner."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np

from minerdesk.domain.book import Assumptions, Book
from minerdesk.domain.cancel import CancelToken
from minerdesk.domain.readings import NetworkState
from minerdesk.domain.rigs import PowerMode, RigGroup, RigModel
from minerdesk.domain.sites import Site
from minerdesk.domain.starts import StartCosts
from minerdesk.domain.tariff import PriceIndex, Tariff
from minerdesk.engine.dispatch import Tolerance
from minerdesk.services.given import GivenNumbers, network_of, with_retarget
from minerdesk.services.planning.plan import Plan, PlanOptions
from minerdesk.services.planning.planner import Planner
from minerdesk.services.power.series import PriceSeries
from minerdesk.services.power.site_prices import SitePrices

NOW = datetime(2026, 1, 19, 12, 0, tzinfo=UTC)
EXACT = Tolerance(0.0, 0.0, 0.0)
FREE = StartCosts(0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0)
# At 40 USD a PH/s and day 100 TH/s earn 4 USD a day; 3,000 W use 72 kWh, so 0.0556 USD/kWh is even.
RIG = RigModel("Rig", (PowerMode("normal", 100, 3000),))
DUAL = RigModel("Dual", (PowerMode("normal", 100, 3000), PowerMode("eco", 70, 1750)))
_DIFFICULTY = 1e12 * 86400 * 1000 * 3.125 * 100_000 / (40 * 2**32)


def network(
    *, retarget: float | None = None, tip: int = 932_935, now: datetime = NOW
) -> NetworkState:
    """Return a network of 40 USD a PH/s and day, without fees."""
    made = network_of(GivenNumbers(100_000, _DIFFICULTY, 0.0, tip + 1), now)
    return made if retarget is None else with_retarget(made, retarget, now)


def book(
    *groups: RigGroup,
    site: Site | None = None,
    tariff: Tariff | None = None,
    starts: StartCosts = FREE,
) -> Book:
    """Return a book with one site, whose tariff is an index unless another is given."""
    return Book(
        sites=(site or Site("here", "Here", "power"),),
        tariffs=(tariff or Tariff("power", "Power", 0.0, index=PriceIndex("hub")),),
        models=(RIG, DUAL),
        groups=groups or (RigGroup("a", "here", "Rig", 10),),
        assumptions=Assumptions(starts=starts),
    )


def hourly(*prices: float, start: datetime = NOW) -> Callable[[str], PriceSeries | None]:
    """Return what gives a series of hourly prices, for any name."""
    seconds = int(start.timestamp()) + 3600 * np.arange(len(prices))
    series = PriceSeries("hub", seconds, np.array(prices, float), 60, "USD", "file", start)
    return lambda _name: series


def day(
    *, night: float = 0.04, evening: float = 0.09, hours: Sequence[int] = range(16, 22)
) -> list[float]:
    """Return the prices of two days from noon UTC on, dear in some hours."""
    return [evening if (12 + h) % 24 in hours else night for h in range(48)]


def plan(
    made: Book,
    state: NetworkState | None = None,
    *,
    prices: Callable[[str], PriceSeries | None] | None = None,
    now: datetime = NOW,
    tolerance: Tolerance = EXACT,
    **options: object,
) -> Plan:
    """Plan a book; every number is exact unless a tolerance is given."""
    asked = replace(PlanOptions(seconds=10.0), **options)  # type: ignore[arg-type] # fields by name
    series = prices or hourly(*day())
    found = Planner(SitePrices(series)).plan(
        made, state or network(), now, asked, CancelToken(), tolerance=tolerance
    )
    assert found is not None
    return found


def hours_from(begin: datetime, hours: float) -> datetime:
    """Return a moment so many hours later."""
    return begin + timedelta(hours=hours)
