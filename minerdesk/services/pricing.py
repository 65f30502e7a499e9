"""The BTC price in the book's currency: the median of the fresh, outliers named, rates said."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from minerdesk.domain.readings import Gauge, Provenance, Quantity, Reading
from minerdesk.domain.text import _
from minerdesk.services.rules import Rules, of

USD: Final = "USD"


@dataclass(frozen=True, slots=True)
class Priced:
    """A price gauge in the book's currency.

    Attributes:
        note: says by which rate it was converted; empty where it was not.
    """

    gauge: Gauge
    note: str = ""


def rates_in_force(readings: Sequence[Reading], rules: Rules, now: datetime) -> tuple[Reading, ...]:
    """Return the best exchange rate of each currency, by its code."""
    rates = of(Quantity.EXCHANGE_RATE, readings)
    currencies = sorted({rate.currency for rate in rates})
    chosen = (rules.best([r for r in rates if r.currency == c], now) for c in currencies)
    return tuple(rate for rate in chosen if rate is not None)


def price_in(
    currency: str,
    readings: Sequence[Reading],
    rates: Sequence[Reading],
    rules: Rules,
    now: datetime,
) -> Priced:
    """Return the BTC price in ``currency``.

    A typed price wins. Then come readings in the currency itself, then those in USD times the
    exchange rate; old ones only where neither has a fresh one.

    Args:
        currency: the book's, an ISO 4217 code.
        readings: live, cached and typed ones of every quantity.
        rates: units of each currency for one USD, one per currency.
        rules: limits of age and distance.
        now: UTC.
    """
    prices = of(Quantity.PRICE, readings)
    usable = [p for p in prices if _factor(p.currency, currency, rates) is not None]
    beside = tuple(p for p in prices if p.currency in {currency, USD} or _is_typed(p))
    typed = [p for p in usable if _is_typed(p)]
    direct = [p for p in usable if p.currency == currency]
    dollars = [p for p in usable if p.currency == USD]
    for pool in (typed, _fresh(direct, rules, now), _fresh(dollars, rules, now)):
        if pool:
            return _converted(_median(pool, rules), currency, rates, beside)
    newest = max((*direct, *dollars), key=lambda p: p.taken_at, default=None)
    if newest is None:
        return Priced(Gauge(beside=beside))
    gauge = Gauge(newest, stale_after=rules.stale_after(newest))
    return _converted(gauge, currency, rates, beside)


def _fresh(prices: Sequence[Reading], rules: Rules, now: datetime) -> list[Reading]:
    return [price for price in prices if rules.is_fresh(price, now)]


def _is_typed(reading: Reading) -> bool:
    return reading.provenance is Provenance.TYPED


def _median(prices: Sequence[Reading], rules: Rules) -> Gauge:
    """Return the median of fresh prices in one currency, in the sources' own words."""
    kept, left_out = list(prices), []
    middle = statistics.median(price.value for price in prices)
    if len(prices) >= 3:
        kept = [p for p in prices if abs(p.value - middle) <= rules.outlier_fraction * middle]
        left_out = [p.source for p in prices if p not in kept]
        if not kept:
            # An even number of sources in two camps: none is nearer to the truth than another.
            kept, left_out = list(prices), []
        middle = statistics.median(price.value for price in kept)
    spread = 0.0
    if len(prices) == 2:
        apart = abs(prices[0].value - prices[1].value) / middle
        spread = apart / 2 if apart > rules.outlier_fraction else 0.0
    # The newer of the middle two: an hourly price beside a live one does not make it an hour old.
    times = sorted(price.taken_at for price in kept)
    timely = [p for p in kept if p.source in rules.exchanges] or kept
    reading = Reading(
        quantity=Quantity.PRICE,
        value=middle,
        source=_source(kept),
        taken_at=times[len(times) // 2],
        provenance=kept[0].provenance,
        currency=kept[0].currency,
    )
    return Gauge(
        reading,
        left_out=tuple(left_out),
        disputed=spread > 0,
        spread=spread,
        stale_after=rules.stale_after(timely[0]),
    )


def _source(prices: Sequence[Reading]) -> str:
    if len(prices) == 1:
        return prices[0].source
    return _("median of {sources}").format(sources=", ".join(price.source for price in prices))


def _factor(origin: str, wanted: str, rates: Sequence[Reading]) -> float | None:
    """Return units of ``wanted`` for one of ``origin``, by way of USD."""
    per_usd = {USD: 1.0} | {rate.currency: rate.value for rate in rates}
    if origin == wanted:
        return 1.0
    if origin not in per_usd or wanted not in per_usd:
        return None
    return per_usd[wanted] / per_usd[origin]


def _converted(
    gauge: Gauge, currency: str, rates: Sequence[Reading], beside: tuple[Reading, ...]
) -> Priced:
    reading = gauge.reading
    if reading is None or reading.currency == currency:
        return Priced(replace(gauge, beside=beside))
    factor = _factor(reading.currency, currency, rates) or 1.0
    converted = replace(reading, value=reading.value * factor, currency=currency)
    return Priced(
        replace(gauge, reading=converted, beside=beside),
        _note(reading.currency, currency, factor, rates),
    )


def _note(origin: str, wanted: str, factor: float, rates: Sequence[Reading]) -> str:
    used = [rate for rate in rates if rate.currency in {origin, wanted}]
    said = ", ".join(f"{rate.source}, {rate.taken_at:%Y-%m-%d}" for rate in used)
    return _("converted from {origin}: 1 {origin} = {factor:.6g} {wanted} ({said})").format(
        origin=origin, factor=factor, wanted=wanted, said=said
    )
