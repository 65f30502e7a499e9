"""What a kWh costs at every site, by step and now, in the book's currency."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
from numpy.typing import NDArray

from minerdesk.domain.book import Book
from minerdesk.domain.errors import UserError, WorldError
from minerdesk.engine.fleet import FleetArrays
from minerdesk.engine.tariff import (
    StepTimes,
)
from minerdesk.services.planning.site_power import SitePower
from minerdesk.services.power.calendar import (
    step_times,
)
from minerdesk.services.power.prices import IndexPrices, PriceState, prices_over
from minerdesk.services.power.series import PriceSeries
from minerdesk.services.power.site_price import Place, SitePrice, priced, rate_between
from minerdesk.services.power.usage import full_loads_kw, idle_loads_kw, loads_kw, meter_state

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
SeriesNamed = Callable[[str], PriceSeries | None]


class SitePrices:
    """Prices of power for the planner, the Power page and the present moment.

    Args:
        series: gives a kept price series by name, or None (`KeptPrices.series`).
    """

    def __init__(self, series: SeriesNamed) -> None:
        self._series = series
        self._now: tuple[tuple[object, ...], dict[str, float]] | None = None

    def times_over(
        self, book: Book, start: datetime, count: int, step_minutes: int
    ) -> tuple[StepTimes, ...]:
        """Return the steps in the civil time of each site, in the book's order.

        Raises:
            UserError: a site's zone, or a tariff's country, is unknown.
        """
        tariffs = {tariff.id: tariff for tariff in book.tariffs}
        return tuple(
            step_times(site, tariffs[site.tariff].holidays, start, count, step_minutes)
            for site in book.sites
        )

    def over(
        self,
        book: Book,
        fleet: FleetArrays,
        rates: Mapping[str, float],
        times: Sequence[StepTimes],
    ) -> tuple[SitePrice, ...]:
        """Return the price at each site, in the book's order.

        Args:
            book: its sites and tariffs.
            fleet: of the same book; what runs now.
            rates: what a unit of each currency is worth in the book's (`evaluation.rates_into`).
            times: the steps of each site (`times_over`), one or more.

        Raises:
            UserError: a site's zone is unknown.
        """
        return tuple(
            self._site_price(place, rates, steps)
            for place, steps in zip(_places(book, fleet), times, strict=True)
        )

    def site_by_site(
        self,
        book: Book,
        fleet: FleetArrays,
        rates: Mapping[str, float],
        start: datetime,
        count: int,
        step_minutes: int,
    ) -> tuple[SitePrice | str, ...]:
        """Return `over` so many steps, or, of a site whose calendar is none, a sentence on why."""
        found: list[SitePrice | str] = []
        for place in _places(book, fleet):
            try:
                days = place.tariff.holidays
                steps = step_times(place.site, days, start, count, step_minutes)
                found.append(self._site_price(place, rates, steps))
            except UserError as error:
                found.append(error.sentence)
        return tuple(found)

    def power(
        self, book: Book, fleet: FleetArrays, rates: Mapping[str, float], times: Sequence[StepTimes]
    ) -> tuple[SitePower, ...]:
        """Return what the planner asks for; see `over`.

        Raises:
            UserError: a site has no price; the sentence says which and why.
        """
        return tuple(price.power(i) for i, price in enumerate(self.over(book, fleet, rates, times)))

    def price_now(
        self, book: Book, fleet: FleetArrays, rates: Mapping[str, float], at: datetime
    ) -> dict[str, float]:
        """Return what a kWh is worth now at each site by its id, money of the book's currency.

        It is the price of the quarter of an hour that ``at`` lies in, demand charges outside; NaN
        where there is none. It is made once for each quarter, fleet and state of the series.
        """
        start = datetime.fromtimestamp(at.timestamp() // 900 * 900, UTC)
        used = [tariff.index.series for tariff in book.tariffs if tariff.index is not None]
        series = tuple(self._try_series(name)[0] for name in used)
        key = (book, fleet, dict(rates), start, series)
        if self._now is None or not _same(self._now[0], key):
            prices = self.site_by_site(book, fleet, rates, start, 1, 15)
            by_site = {
                site.id: float("nan") if isinstance(price, str) else price.now_per_kwh
                for site, price in zip(book.sites, prices, strict=True)
            }
            self._now = (key, by_site)
        return dict(self._now[1])

    def _site_price(self, place: Place, rates: Mapping[str, float], times: StepTimes) -> SitePrice:
        meter = meter_state(place.site, place.tariff, place.load_kw, times)
        certain = np.ones(times.count, dtype=np.bool_), np.zeros(times.count)
        index, problem = self._index(place, times)
        blank = SitePrice(
            place.site, place.tariff, times, place.load_kw, None, None, *certain, index, meter
        )
        notes = (*meter.notes, *(() if index is None else index.sentences))
        if problem:
            return replace(blank, notes=meter.notes, problem=problem)
        rate, missing = rate_between(rates, place.currency, place.book_currency)
        own = index.per_kwh if index is not None else None
        if index is not None and own is not None and not missing:
            into, missing = rate_between(rates, index.currency or place.currency, place.currency)
            own = own * into
            blank = replace(blank, known=index.known, error=index.forecast_error * into)
        if missing:
            return replace(blank, notes=notes, problem=missing)
        return priced(replace(blank, notes=notes), place, own, rate)

    def _index(self, place: Place, times: StepTimes) -> tuple[IndexPrices | None, str]:
        asked = place.tariff.index
        if asked is None:
            return None, ""
        series, trouble = self._try_series(asked.series)
        found = prices_over(asked, series, times, place.site.time_zone, place.currency)
        if found.state is PriceState.NO_PRICES:
            return found, trouble or found.sentences[0]
        if trouble:
            found = replace(found, sentences=(trouble, *found.sentences))
        return found, ""

    def _try_series(self, name: str) -> tuple[PriceSeries | None, str]:
        try:
            return self._series(name), ""
        except WorldError as error:
            return None, str(error)


def _places(book: Book, fleet: FleetArrays) -> list[Place]:
    tariffs = {tariff.id: tariff for tariff in book.tariffs}
    drawn_kw = loads_kw(fleet), full_loads_kw(fleet), idle_loads_kw(fleet)
    return [
        Place(site, tariffs[site.tariff], book.currency, *(float(each) for each in kw))
        for site, *kw in zip(book.sites, *drawn_kw, strict=True)
    ]


def _same(one: tuple[object, ...], other: tuple[object, ...]) -> bool:
    """Compare the keys of `SitePrices.price_now`: arrays by identity, the rest by value."""
    book, fleet, rates, start, series = one
    book2, fleet2, rates2, start2, series2 = other
    return (
        book is book2
        and fleet is fleet2
        and (rates, start) == (rates2, start2)
        and isinstance(series, tuple)
        and isinstance(series2, tuple)
        and all(a is b for a, b in zip(series, series2, strict=True))
    )
