"""Evaluations of small books on round numbers, for tests of words and reports."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from minerdesk.domain.book import Book
from minerdesk.domain.readings import Gauge, NetworkState, Provenance, Quantity, Reading
from minerdesk.domain.rigs import ModeCount, PowerMode, RigGroup, RigModel, StateNow
from minerdesk.domain.sites import Site
from minerdesk.domain.tariff import Tariff
from minerdesk.services.evaluation import Evaluation, Evaluator

NOW = datetime(2026, 1, 19, 12, 0, tzinfo=UTC)

# At 40 USD a PH/s and day 100 TH/s earn 4 USD a day; 3,000 W use 72 kWh, so 0.0556 USD/kWh is even.
RIG = RigModel("Rig", (PowerMode("normal", 100, 3000),))
TWO_MODES = RigModel("Dual", (PowerMode("normal", 100, 3000), PowerMode("eco", 70, 1750)))

_DIFFICULTY = 1e12 * 86400 * 1000 * 3.125 * 100_000 / (40 * 2**32)


def gauge(
    quantity: Quantity,
    value: float,
    *,
    age: timedelta = timedelta(0),
    source: str = "mempool.space",
    provenance: Provenance = Provenance.LIVE,
    stale_after: timedelta = timedelta(minutes=30),
) -> Gauge:
    """Return a number as one source says it."""
    currency = "USD" if quantity is Quantity.PRICE else ""
    reading = Reading(quantity, value, source, NOW - age, provenance, currency)
    return Gauge(reading, beside=(reading,), stale_after=stale_after)


def network(
    *, price_age: timedelta = timedelta(0), difficulty_age: timedelta = timedelta(0)
) -> NetworkState:
    """Return a network of 40 USD a PH/s and day: 100,000 USD, 3.125 BTC, no fees."""
    return NetworkState(
        price=gauge(Quantity.PRICE, 100_000, age=price_age, source="Kraken"),
        height=gauge(Quantity.HEIGHT, 932_935),
        difficulty=gauge(Quantity.DIFFICULTY, _DIFFICULTY, age=difficulty_age),
        fees=gauge(Quantity.FEES, 0.0),
        online=True,
    )


def example_network() -> NetworkState:
    """Return the same as the example of 19 January 2026."""
    return replace(network(), example_of=NOW, online=False)


def group(
    name: str,
    site: str,
    count: int,
    *,
    model: RigModel = RIG,
    running: Sequence[tuple[str, int]] | None = None,
    idle_w: float | None = None,
) -> RigGroup:
    """Return a group; ``running`` says how many rigs run in which mode."""
    state = None
    if running is not None:
        state = StateNow(tuple(ModeCount(mode, number) for mode, number in running))
    return RigGroup(name, site, model.name, count, state_now=state, idle_w=idle_w)


def book(*groups: RigGroup, margin: float = 0.0, currency: str = "USD") -> Book:
    """Return a book with sites of cheap (0.04), dear (0.09), even and negative power."""
    prices = {"cheap": 0.04, "dear": 0.09, "even": 0.0555, "paid": -0.01}
    return Book(
        name="Test",
        currency=currency,
        sites=tuple(
            Site(name, name.title(), name, required_margin=margin if name != "paid" else 0.0)
            for name in prices
        ),
        tariffs=tuple(Tariff(name, name, price) for name, price in prices.items()),
        models=(RIG, TWO_MODES),
        groups=groups,
    )


def evaluate(made: Book, state: NetworkState | None = None) -> Evaluation:
    """Evaluate at `NOW`."""
    return Evaluator().evaluate(made, state or network(), NOW)
