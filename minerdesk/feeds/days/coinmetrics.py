"""Coin Metrics' community data, licensed for non-commercial use (CC BY-NC 4.0): off unless wanted.

``v4/timeseries/asset-metrics``: ``{"data": [{"asset": "btc", "time": …, "PriceUSD": "…"}],
"next_page_url": …}``; values are numbers in text, a missing one is absent or null.
"""

from __future__ import annotations

from datetime import date
from typing import Final

import msgspec

from minerdesk.domain.cancel import CancelToken
from minerdesk.domain.network_days import DayQuantity
from minerdesk.domain.text import _
from minerdesk.domain.units import HS_PER_THS
from minerdesk.feeds import fields as f
from minerdesk.feeds.address import Address
from minerdesk.feeds.asker import Tools
from minerdesk.feeds.days.base import (
    DayAnswer,
    DayCollector,
    Known,
    Loose,
    give_up_without,
    number_of,
)
from minerdesk.feeds.days.past_asker import PastAsker
from minerdesk.feeds.fields import Fields

COIN_METRICS: Final = "Coin Metrics"
_METRICS: Final = "PriceUSD,HashRate,IssTotUSD,FeeTotNtv"
_PAGE: Final = 2_000
_AGAIN_DAYS: Final = 3
_QUANTITIES: Final = (
    *(DayQuantity.PRICE, DayQuantity.HASHRATE, DayQuantity.FEES, DayQuantity.ISSUANCE),
)


class _Row(msgspec.Struct):
    time: str = ""
    PriceUSD: Loose = None
    HashRate: Loose = None
    IssTotUSD: Loose = None
    FeeTotNtv: Loose = None


class _Page(msgspec.Struct):
    data: list[_Row]
    next_page_url: str | None = None


class CoinMetricsDays(PastAsker):
    """Price, hashrate, fees and issuance, a page at a step."""

    def __init__(self, address: Address, tools: Tools) -> None:
        super().__init__("coin metrics days", COIN_METRICS, 43_200, address, tools)

    def ask(self, known: Known, token: CancelToken) -> DayAnswer:
        """Take one step; see `DayFeed.ask`."""
        today = self.tools.clock().toordinal()
        last = known.last_day(*_QUANTITIES)
        if last is not None and last >= today - 1:
            return DayAnswer()
        path = f"v4/timeseries/asset-metrics?assets=btc&metrics={_METRICS}&frequency=1d"
        path += f"&page_size={_PAGE}&paging_from=start"
        if last is not None:
            path += f"&start_time={date.fromordinal(last - _AGAIN_DAYS).isoformat()}"
        answer = self.door.get(path, token)
        found = f.decode(answer.body, _Page, self.source)
        fields = Fields(self.source)
        sentence = _("{source} sent no day that was asked for.").format(source=self.source)
        collectors = self._collect(found.data)
        series = give_up_without(
            fields, (rows for each in collectors for rows in each.rows(fields)), sentence
        )
        # The next page is asked for by its first day: its own address need not be this source's,
        # and goes out of date.
        led_on = last is None or max(max(rows.day) for rows in series) > last
        more = bool(found.next_page_url) and led_on
        return DayAnswer(series, (), fields.problems, answer.fresh_for_s, more=more)

    def _collect(self, rows: list[_Row]) -> tuple[DayCollector, ...]:
        now = self.tools.clock()
        price = DayCollector(DayQuantity.PRICE, now, "USD")
        hashrate = DayCollector(DayQuantity.HASHRATE, now)
        fees = DayCollector(DayQuantity.FEES, now)
        issuance = DayCollector(DayQuantity.ISSUANCE, now)
        for row in rows:
            day = _day(row.time)
            price.add(day, row.PriceUSD)
            hashrate.add(day, row.HashRate or None, HS_PER_THS)
            fees.add(day, row.FeeTotNtv)
            price_usd, issued_usd = (
                number_of(value, f.PRICE) for value in (row.PriceUSD, row.IssTotUSD)
            )
            if price_usd is not None and issued_usd is not None:
                issuance.add(day, issued_usd / price_usd)
        return price, hashrate, fees, issuance


def _day(text: str) -> int | None:
    try:
        return date.fromisoformat(text[:10]).toordinal()
    except ValueError:
        return None
