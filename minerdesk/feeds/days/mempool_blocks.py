"""A mempool instance: fees and rewards of blocks, and prices, day by day.

``blocks/fees/all`` and ``blocks/rewards/all`` are means per block over UTC days; ``3d`` has each
block by itself, which gives the exact sums of the last two days. Where an own instance has no
price feed both are empty lists.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Final

import msgspec

from minerdesk.domain.cancel import CancelToken
from minerdesk.domain.limits import Limits
from minerdesk.domain.network_days import DayQuantity, DayRows
from minerdesk.domain.text import _
from minerdesk.domain.units import SATOSHI_PER_BTC, SECONDS_PER_DAY
from minerdesk.feeds import fields as f
from minerdesk.feeds.address import Address
from minerdesk.feeds.asker import Tools
from minerdesk.feeds.days.base import (
    DayAnswer,
    DayCollector,
    Known,
    Loose,
    day_at,
    give_up_without,
    number_of,
    start_s,
    unix_of,
)
from minerdesk.feeds.days.mempool import MempoolDays
from minerdesk.feeds.fields import Fields

_EXACT_DAYS: Final = 2
_SINGLE_PRICES: Final = 7
_BTC: Final = 1 / SATOSHI_PER_BTC
_SATS: Final = Limits(minimum=0, maximum=21e6 * SATOSHI_PER_BTC)


class _Block(msgspec.Struct):
    avgHeight: Loose = None  # noqa: N815 - the source's own name
    timestamp: Loose = None
    avgFees: Loose = None  # noqa: N815 - the source's own name
    avgRewards: Loose = None  # noqa: N815 - the source's own name

    @property
    def sats(self) -> Loose:
        """Fees or reward, whichever was asked for."""
        return self.avgFees if self.avgFees is not None else self.avgRewards


class MempoolBlockDays(MempoolDays):
    """Fees, or rewards, of the blocks of each day.

    Args:
        which: ``fees`` or ``rewards``.
        address: of the instance.
        tools: clock and door.
    """

    def __init__(self, which: str, address: Address, tools: Tools) -> None:
        super().__init__(which, address, tools, 24)
        self._which = which
        fees = which == "fees"
        self._mean = DayQuantity.FEES_PER_BLOCK if fees else DayQuantity.REWARD_PER_BLOCK
        self._sum = DayQuantity.FEES if fees else DayQuantity.REWARD

    def ask(self, known: Known, token: CancelToken) -> DayAnswer:
        """Take one step; see `DayFeed.ask`."""
        missing = self.missing_days(known, self._mean, self._sum)
        if missing == 0:
            return DayAnswer(cursor=known.cursor)
        exact = missing is not None and missing <= _EXACT_DAYS
        span = "3d" if exact else "all"
        answer = self.door.get(f"api/v1/mining/blocks/{self._which}/{span}", token)
        found = f.decode(answer.body, list[_Block], self.source)
        fields = Fields(self.source)
        sentence = _("{source} has no past {which}; an instance without a price feed has none.")
        series = give_up_without(
            fields,
            self._sums(fields, found) if exact else self._means(fields, found),
            sentence.format(source=self.source, which=self._which),
        )
        cursor = known.cursor if exact else str(self.today)
        return DayAnswer(series, (), fields.problems, answer.fresh_for_s, cursor)

    def _means(self, fields: Fields, blocks: list[_Block]) -> tuple[DayRows, ...]:
        days = DayCollector(self._mean, self.tools.clock())
        for block in blocks:
            days.add(day_at(block.timestamp), block.sats, _BTC)
        return days.rows(fields)

    def _sums(self, fields: Fields, blocks: list[_Block]) -> tuple[DayRows, ...]:
        """Return sums of the days that lie inside the answer with each of their blocks."""
        by_day: defaultdict[int, dict[int, float]] = defaultdict(dict)
        for block in blocks:
            day, height = day_at(block.timestamp), number_of(block.avgHeight, f.HEIGHT)
            sats = number_of(block.sats, _SATS)
            if day is None or height is None or sats is None:
                fields.refuse(self._sum.value, _("a block cannot be so"))
                return ()
            by_day[day][int(height)] = sats
        days = DayCollector(self._sum, self.tools.clock())
        for day in sorted(by_day)[1:]:  # the first is cut in two
            sats_of = by_day[day]
            if max(sats_of) - min(sats_of) + 1 == len(sats_of):
                days.add(day, sum(sats_of.values()), _BTC)
        return days.rows(fields)


class _Prices(msgspec.Struct):
    prices: list[dict[str, msgspec.Raw]] = []


class MempoolPriceDays(MempoolDays):
    """The last price of each day in one currency.

    A few missing days are asked for one by one; otherwise all days at once.
    """

    def __init__(self, address: Address, tools: Tools, currency: str) -> None:
        super().__init__(f"prices {currency}", address, tools, 12)
        self._currency = currency

    @property
    def currency(self) -> str:
        """Of its prices."""
        return self._currency

    def ask(self, known: Known, token: CancelToken) -> DayAnswer:
        """Take one step; see `DayFeed.ask`."""
        missing = self.missing_days(known, DayQuantity.PRICE)
        if missing == 0:
            return DayAnswer(cursor=known.cursor)
        single = missing is not None and missing <= _SINGLE_PRICES
        path = f"api/v1/historical-price?currency={self._currency}"
        day = self.today - (missing or 0)
        if single:
            path += f"&timestamp={start_s(day) + SECONDS_PER_DAY - 1:.0f}"
        answer = self.door.get(path, token)
        found = f.decode(answer.body, _Prices, self.source)
        fields = Fields(self.source)
        days = DayCollector(DayQuantity.PRICE, self.tools.clock(), self._currency)
        for at, price in self._closes(found).items():
            if not single or at == day:
                days.add(at, price)
        sentence = _("{source} has no past prices in {currency}.")
        series = give_up_without(
            fields,
            days.rows(fields),
            sentence.format(source=self.source, currency=self._currency),
        )
        more = single and missing is not None and missing > 1
        cursor = known.cursor if single else str(self.today)
        return DayAnswer(series, (), fields.problems, answer.fresh_for_s, cursor, more)

    def _closes(self, found: _Prices) -> dict[int, float]:
        """Return the last price inside each day; it stands for what it has no price of as 0."""
        last: dict[int, tuple[float, float]] = {}
        for entry in found.prices:
            at_s, price = _loose(entry.get("time")), _loose(entry.get(self._currency))
            time_s, number = unix_of(at_s), number_of(price, f.PRICE)
            if time_s is None or number is None:
                continue
            day = day_at(time_s)
            if day is not None and (day not in last or last[day][0] <= time_s):
                last[day] = (time_s, number)
        return {day: price for day, (_time, price) in sorted(last.items())}


def _loose(raw: msgspec.Raw | None) -> Loose:
    if raw is None:
        return None
    try:
        found: Loose = msgspec.json.decode(raw, type=Loose)
    except msgspec.MsgspecError:
        return None
    return found
