"""One immutable state of the network, made of readings."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from minerdesk.domain.readings import Gauge, NetworkState, Provenance, Quantity, Reading
from minerdesk.services.pricing import price_in, rates_in_force
from minerdesk.services.projection import project
from minerdesk.services.rules import Rules, believable, of

WEEK_DAYS = 7.0


def build_state(
    readings: Sequence[Reading],
    *,
    now: datetime,
    currency: str = "USD",
    example: Sequence[Reading] = (),
    rules: Rules | None = None,
    online: bool = False,
) -> NetworkState:
    """Make the state that the whole program shows and computes with.

    Args:
        readings: the newest of each source, live or cached, and the typed ones.
        now: UTC.
        currency: the book's, an ISO 4217 code.
        example: the embedded snapshot. It is used whole, and only where ``readings`` say nothing
            of the network at all; exchange rates say nothing of it.
        rules: limits of age and distance.
        online: whether sources answer.

    Returns:
        A state of revision 0.
    """
    rules = rules or Rules()
    if example and not _of_network(readings):
        return _example_state(example, readings, currency, rules, online)
    return _state(believable(readings, now), now, currency, rules, online)


def _of_network(readings: Sequence[Reading]) -> bool:
    return any(reading.quantity is not Quantity.EXCHANGE_RATE for reading in readings)


def _state(
    readings: Sequence[Reading], now: datetime, currency: str, rules: Rules, online: bool
) -> NetworkState:
    rates = rates_in_force(readings, rules, now)
    priced = price_in(currency, readings, rates, rules, now)
    weekly = [r for r in readings if r.window_days in {WEEK_DAYS, None}]
    return NetworkState(
        currency=currency,
        price=priced.gauge,
        height=_height(readings, rules, now),
        difficulty=_gauge(Quantity.DIFFICULTY, readings, rules, now),
        fees=_gauge(Quantity.FEES, readings, rules, now),
        hashrate=_gauge(Quantity.HASHRATE, weekly, rules, now),
        retarget=project(readings, rules, now),
        rates=rates,
        price_note=priced.note,
        online=online,
    )


def _gauge(quantity: Quantity, readings: Sequence[Reading], rules: Rules, now: datetime) -> Gauge:
    return _gauge_of(rules.best(of(quantity, readings), now), of(quantity, readings), rules)


def _gauge_of(reading: Reading | None, beside: tuple[Reading, ...], rules: Rules) -> Gauge:
    if reading is None:
        return Gauge(stale_after=rules.chain)
    return Gauge(reading, beside=beside, stale_after=rules.stale_after(reading))


def _height(readings: Sequence[Reading], rules: Rules, now: datetime) -> Gauge:
    """Return the highest tip that a fresh source knows: one that lags is not wrong, only late."""
    heights = of(Quantity.HEIGHT, readings)
    fresh = [r for r in heights if rules.is_fresh(r, now)]
    typed = [r for r in heights if r.provenance is Provenance.TYPED]
    best = rules.best(typed, now) or max(fresh, key=lambda r: r.value, default=None)
    return _gauge_of(best or rules.best(heights, now), heights, rules)


def _example_state(
    example: Sequence[Reading],
    readings: Sequence[Reading],
    currency: str,
    rules: Rules,
    online: bool,
) -> NetworkState:
    """Return the snapshot, judged at its own moment.

    A book in a currency it has no rate for is shown by a rate known today; the note says so.
    """
    taken_at = max(reading.taken_at for reading in example)
    own_rates = {r.currency for r in example if r.quantity is Quantity.EXCHANGE_RATE}
    lent = [r for r in of(Quantity.EXCHANGE_RATE, readings) if r.currency not in own_rates]
    made = _state((*example, *lent), taken_at, currency, rules, online)
    return NetworkState(
        currency=made.currency,
        price=made.price,
        height=made.height,
        difficulty=made.difficulty,
        fees=made.fees,
        hashrate=made.hashrate,
        rates=made.rates,
        price_note=made.price_note,
        example_of=taken_at,
        online=online,
    )
