"""What the Power page asks for: prices and bills of every site, loads kept, prices imported."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from importlib.util import find_spec
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
from minerdesk.domain.tariff import PriceIndex, Provider, Tariff
from minerdesk.domain.text import _
from minerdesk.engine.fleet import FleetArrays, build_fleet
from minerdesk.services.evaluation import rates_into
from minerdesk.services.power.bills import BillSource, bills
from minerdesk.services.power.drawn import break_evens, steps_of
from minerdesk.services.power.live import LivePrices
from minerdesk.services.power.load_table import read_load
from minerdesk.services.power.series import KeptPrices, PriceSeries
from minerdesk.services.power.site_price import SitePrice
from minerdesk.services.power.site_prices import SitePrices
from minerdesk.services.power.usage import loads_kw
from minerdesk.services.power.view import (
    BillView,
    PowerView,
    SeriesState,
    SitePower,
)
from minerdesk.storage.load_files import LoadFiles

Floats = NDArray[np.float64]
_DAYS: Final = 7
_LIBRARIES: Final = {Provider.GRIDSTATUS: "gridstatus", Provider.ENTSOE: "entsoe"}
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
        self._live: LivePrices | None = None
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
        even = break_evens(book, fleet, network)
        moment = _Moment(book, book_key, fleet, now, even)
        sites = []
        for index, price in enumerate(self._all_prices(moment, rates)):
            token.check()
            sites.append(self._site(moment, index, price))
        return PowerView(revision, network.revision, now, tuple(sites))

    def import_load(self, path: Path, book_key: str, site: Site) -> LoadRows:
        """Read a load and keep it for a site.

        Raises:
            UserError: the file is no load; the sentence says where.
            WorldError: the disk refuses.
        """
        load = read_load(path)
        rows = LoadRows(tuple(load.start_s.tolist()), tuple(load.kw.tolist()), load.step_minutes)
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

    def use_live(self, live: LivePrices) -> None:
        """Ask live sources through ``live`` from now on."""
        self._live = live

    def renew(self, book: Book, token: CancelToken) -> tuple[str, ...]:
        """Ask the live sources that are due, and return the names of the series renewed.

        Raises:
            Cancelled: the token was cancelled.
        """
        if self._live is None or not self._live.due(book):
            return ()
        renewed = self._live.refresh(book, token)
        # What failed is told as well as what came.
        self._tell()
        return renewed

    def ask_source(self, index: PriceIndex) -> None:
        """Ask the live source of an index now.

        Raises:
            UserError: the index has no live source, or nobody can be asked.
            WorldError: the source gave no prices; the sentence says why.
        """
        if self._live is None or index.live is None:
            raise UserError(_("Choose a live source first."))
        asked = self._live.ask(index)
        self._tell()
        if not asked:
            raise WorldError(self._live.states[index.series].problem)

    def source_problem(self, provider: Provider) -> str:
        """Return what lacks for a provider to be asked, a sentence; empty where nothing does."""
        if find_spec(_LIBRARIES[provider]) is not None:
            return ""
        return _("Live prices need the grid extra: pip install 'minerdesk[grid]'.")

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
    ) -> tuple[SitePrice | str, ...]:
        step_s = _STEP_MINUTES * 60
        start = datetime.fromtimestamp(moment.now.timestamp() // step_s * step_s, UTC)
        count = _DAYS * 24 * 60 // _STEP_MINUTES
        return self._prices.site_by_site(
            moment.book, moment.fleet, rates, start, count, _STEP_MINUTES
        )

    def _site(self, moment: _Moment, index: int, price: SitePrice | str) -> SitePower:
        book, site = moment.book, moment.book.sites[index]
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
        if isinstance(price, str):
            return replace(blank, problem=price)
        try:
            found, trouble = self._bills(moment, index, site)
        except UserError as error:
            found, trouble = (), error.sentence
        return replace(
            blank,
            steps=None if price.marginal is None else steps_of(price, price.marginal),
            bills=found,
            series=self._series_state(price, tariff),
            notes=tuple(filter(None, (*price.notes, trouble))),
            problem=price.problem,
        )

    def _bills(self, moment: _Moment, index: int, site: Site) -> tuple[tuple[BillView, ...], str]:
        load, trouble = None, ""
        try:
            load = self._loads.load(_key(moment.key, site.id))
        except WorldError as error:
            trouble = str(error)
        load_kw = float(loads_kw(moment.fleet)[index])
        source = BillSource(moment.book, site, load, load_kw, self._kept)
        return bills(source, moment.now), trouble

    def _series_state(self, price: SitePrice, tariff: Tariff) -> SeriesState | None:
        index = tariff.index
        if index is None:
            return None
        kept = self._kept(index.series)
        asked = None if self._live is None else self._live.states.get(index.series)
        problem = price.problem or ("" if asked is None else asked.problem)
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


def _finite(value: float) -> float | None:
    return value if np.isfinite(value) else None


def _key(book_key: str, site_id: str) -> str:
    return f"{book_key}\n{site_id}"
