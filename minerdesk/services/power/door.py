"""What the Power page asks for: prices and bills of every site, loads kept, prices imported."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from minerdesk.domain.book import Book
from minerdesk.domain.cancel import CancelToken
from minerdesk.domain.errors import UserError, WorldError
from minerdesk.domain.loads import LoadRows
from minerdesk.domain.prices import PriceRows
from minerdesk.domain.readings import NetworkState
from minerdesk.domain.sites import Site
from minerdesk.domain.tariff import Tariff
from minerdesk.domain.text import _
from minerdesk.engine import economics
from minerdesk.engine.fleet import FleetArrays, build_fleet
from minerdesk.engine.tariff import MarginalPrice, PartKind, PricePart
from minerdesk.services.evaluation import network_now, price_in, rates_into
from minerdesk.services.power.loads import read_load
from minerdesk.services.power.month_bill import BillSource, last_months, month_bill
from minerdesk.services.power.series import KeptPrices, PriceSeries
from minerdesk.services.power.site_price import SitePrice
from minerdesk.services.power.site_prices import SitePrices
from minerdesk.services.power.usage import full_loads_kw, loads_kw
from minerdesk.services.power.view import (
    BillBasis,
    BillView,
    PartSteps,
    PowerView,
    PriceSteps,
    SeriesState,
    SitePower,
)
from minerdesk.storage.load_files import LoadFiles

Floats = NDArray[np.float64]
_DAYS: Final = 7
_STEP_MINUTES: Final = 60


@dataclass(frozen=True, slots=True)
class _Moment:
    """What every site's view is made from."""

    book: Book
    key: str
    fleet: FleetArrays
    now: datetime
    even: tuple[Floats, Floats] | None


class PowerDoor:
    """Prices of the next days and bills, site by site. Methods block: call them off the GUI thread.

    Args:
        series: the price series that are kept. loads: the loads that are kept.
        clock: UTC, aware.
    """

    def __init__(self, series: KeptPrices, loads: LoadFiles, clock: Callable[[], datetime]) -> None:
        self.series = series
        self._loads = loads
        self._clock = clock
        self._listeners: list[Callable[[], None]] = []
        self._prices = SitePrices(series.series)

    def view(
        self,
        book: Book,
        revision: int,
        network: NetworkState,
        token: CancelToken,
        *,
        book_key: str = "",
    ) -> PowerView:
        """Return every site's price of the next seven days, and its bills.

        Args:
            book: the book as it is.
            revision: the number of its last edit.
            network: for what the rigs earn, and for exchange rates.
            token: checked between sites.
            book_key: tells one book's loads from another's.

        Raises:
            Cancelled: the token was cancelled.
        """
        now = self._clock()
        rates = rates_into(book.currency, network)
        fleet = build_fleet(book, rates)
        even = _break_evens(book, fleet, network)
        moment = _Moment(book, book_key, fleet, now, even)
        prices, trouble = self._all_prices(moment, rates)
        sites = []
        for index, site in enumerate(book.sites):
            token.check()
            price = prices[index] if prices else None
            sites.append(self._site(moment, index, site, price, trouble))
        return PowerView(revision, network.revision, now, tuple(sites))

    def import_load(self, path: Path, book_key: str, site: Site) -> LoadRows:
        """Read a load and keep it for a site.

        Raises:
            UserError: the file is no load; the sentence says where.
            WorldError: the disk refuses.
        """
        rows = read_load(path, site.time_zone)
        self._loads.save(_key(book_key, site.id), rows)
        self._tell()
        return rows

    def forget_load(self, book_key: str, site_id: str) -> None:
        """Forget a site's load.

        Raises:
            WorldError: the disk refuses.
        """
        self._loads.remove(_key(book_key, site_id))
        self._tell()

    def keep_prices(self, name: str, rows: PriceRows) -> PriceRows:
        """Add prices to a series, newer ones over older, and return what is kept now.

        Raises:
            UserError: the name is empty, or the currency another.
            WorldError: the disk refuses.
        """
        merged = self.series.merge(name, rows)
        self._tell()
        return merged

    def subscribe(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Call ``listener`` after a load or prices changed, in the thread that changed them.

        Returns:
            What ends that.
        """
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def _tell(self) -> None:
        for listener in tuple(self._listeners):
            listener()

    def _all_prices(
        self, moment: _Moment, rates: Mapping[str, float]
    ) -> tuple[tuple[SitePrice, ...], str]:
        step_s = _STEP_MINUTES * 60
        start = datetime.fromtimestamp(moment.now.timestamp() // step_s * step_s, UTC)
        count = _DAYS * 24 * 60 // _STEP_MINUTES
        try:
            times = self._prices.times_over(moment.book, start, count, _STEP_MINUTES)
            return self._prices.over(moment.book, moment.fleet, rates, times), ""
        except UserError as error:
            return (), error.sentence

    def _site(
        self, moment: _Moment, index: int, site: Site, price: SitePrice | None, trouble: str
    ) -> SitePower:
        book = moment.book
        tariff = next(each for each in book.tariffs if each.id == site.tariff)
        least, most = (
            (None, None)
            if moment.even is None
            else tuple(_finite(float(side[index])) for side in moment.even)
        )
        blank = SitePower(
            site.id,
            site.name,
            tariff.id,
            tariff.name,
            site.time_zone,
            book.currency,
            break_even_least=least,
            break_even_most=most,
        )
        if price is None:
            return replace(blank, problem=trouble)
        try:
            bills, trouble = self._bills(moment, index, site, tariff)
        except UserError as error:
            bills, trouble = (), error.sentence
        return replace(
            blank,
            steps=None if price.marginal is None else _steps(price, price.marginal),
            bills=bills,
            series=self._series_state(price, tariff),
            notes=tuple(filter(None, (*price.notes, trouble))),
            problem=price.problem,
        )

    def _bills(
        self, moment: _Moment, index: int, site: Site, tariff: Tariff
    ) -> tuple[tuple[BillView, ...], str]:
        load, series, trouble = None, None, ""
        try:
            load = self._loads.load(_key(moment.key, site.id))
        except WorldError as error:
            trouble = str(error)
        if tariff.index is not None:
            series = self._kept(tariff.index.series)
        source = BillSource(
            moment.book,
            site,
            tariff,
            load,
            float(loads_kw(moment.fleet)[index]),
            float(full_loads_kw(moment.fleet)[index]),
            series,
        )
        months = last_months(source, moment.now)
        return tuple(_bill(source, month) for month in months), trouble

    def _series_state(self, price: SitePrice, tariff: Tariff) -> SeriesState | None:
        index = tariff.index
        if index is None:
            return None
        kept = self._kept(index.series)
        problem = price.problem
        if kept is not None and kept.holes:
            problem = problem or kept.holes[0].sentence(f"“{index.series}”", price.site.time_zone)
        return SeriesState(
            index.series,
            None if kept is None else kept.taken_at,
            None if kept is None else kept.end,
            problem,
        )

    def _kept(self, name: str) -> PriceSeries | None:
        with suppress(WorldError):
            return self.series.series(name)
        return None


def _bill(source: BillSource, month: str) -> BillView:
    try:
        return month_bill(source, month)
    except (UserError, ValueError) as error:
        basis = BillBasis.AS_NOW if source.load is None else BillBasis.IMPORTED
        return BillView(month, basis, problem=_("There is no bill: {why}").format(why=error))


def _steps(price: SitePrice, marginal: MarginalPrice) -> PriceSteps:
    parts = tuple(
        PartSteps(_part_name(part), part.per_kwh)
        for part in marginal.parts
        if np.nan_to_num(part.per_kwh).any()
    )
    if not parts:
        parts = tuple(PartSteps(_part_name(p), p.per_kwh) for p in marginal.parts[:1])
    return PriceSteps(price.times.start_s, price.times.hours, marginal.per_kwh, parts, price.known)


def _part_name(part: PricePart) -> str:
    names = {
        PartKind.ENERGY: _("energy"),
        PartKind.RESALE: _("worth of the block's unused energy"),
        PartKind.HEAT: _("heat credit"),
        PartKind.LATER_TIERS: _("moves later kWh into another tier"),
        PartKind.HOURS_OF_USE: _("moves the borders of tiers"),
        PartKind.HOSTING: _("hosting"),
    }
    name = names.get(part.kind, part.name)
    return _("{name}, tier {n}").format(name=name, n=part.tier) if part.tier else name


def _break_evens(
    book: Book, fleet: FleetArrays, network: NetworkState
) -> tuple[Floats, Floats] | None:
    """Return the least and the most a kWh may cost by site, each group in its best mode, (S,)."""
    if not network.complete or price_in(book.currency, network) is None or not len(fleet.count):
        return None
    figures = economics.evaluate(economics.prepare(fleet), network_now(network, book.currency))
    best = np.maximum.reduceat(figures.break_even_price_per_kwh, fleet.first[:-1])
    least, most = np.full(len(book.sites), np.inf), np.full(len(book.sites), -np.inf)
    np.minimum.at(least, fleet.site, best)
    np.maximum.at(most, fleet.site, best)
    return least, most


def _finite(value: float) -> float | None:
    return value if np.isfinite(value) else None


def _key(book_key: str, site_id: str) -> str:
    return f"{book_key}\n{site_id}"
