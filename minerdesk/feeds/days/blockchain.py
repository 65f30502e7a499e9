"""blockchain.com: its charts of hashrate, difficulty, market price and transaction fees.

``charts/<name>?timespan=…&sampled=false``: ``{"status": "ok", "unit": …, "values": [{"x": Unix
time, "y": value}]}``, one point a day. Held against other sources, prices and hashrates are dated
at the midnight that ends their day, difficulties at the one that begins it; nothing says so.
"""

from __future__ import annotations

from typing import Final

import msgspec

from minerdesk.domain.cancel import CancelToken
from minerdesk.domain.errors import WorldError
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
    day_of,
    give_up_without,
    unix_of,
)
from minerdesk.feeds.days.past_asker import PastAsker
from minerdesk.feeds.fields import Fields

BLOCKCHAIN: Final = "blockchain.com"
# Its newest days are still counted anew.
_AGAIN_DAYS: Final = 3

CHARTS: Final[dict[DayQuantity, tuple[str, float, str]]] = {
    DayQuantity.HASHRATE: ("hash-rate", HS_PER_THS, "&rollingAverage=1days"),
    DayQuantity.DIFFICULTY: ("difficulty", 1.0, ""),
    DayQuantity.PRICE: ("market-price", 1.0, ""),
    DayQuantity.FEES: ("transaction-fees", 1.0, ""),
}

DATED_AT_END: Final = frozenset({DayQuantity.PRICE, DayQuantity.HASHRATE})


class _Point(msgspec.Struct):
    x: Loose = None
    y: Loose = None


class _Chart(msgspec.Struct):
    status: str = ""
    error: str = ""
    values: list[_Point] = []


class BlockchainDays(PastAsker):
    """One chart, daily.

    Args:
        quantity: one of `CHARTS`.
        address: of the charts' server.
        tools: clock and door.
    """

    def __init__(self, quantity: DayQuantity, address: Address, tools: Tools) -> None:
        super().__init__(f"{BLOCKCHAIN} {quantity.value}", BLOCKCHAIN, 43_200, address, tools)
        self._quantity = quantity

    def ask(self, known: Known, token: CancelToken) -> DayAnswer:
        """Take one step; see `DayFeed.ask`."""
        today = self.tools.clock().toordinal()
        last = known.last_day(self._quantity)
        if last is not None and last >= today - 1:
            return DayAnswer(cursor=known.cursor)
        span = "all" if last is None else f"{today - last + _AGAIN_DAYS}days"
        chart, factor, options = CHARTS[self._quantity]
        path = f"charts/{chart}?timespan={span}&sampled=false&format=json{options}"
        answer = self.door.get(path, token)
        found = f.decode(answer.body, _Chart, self.source)
        if found.status != "ok":
            sentence = _("{source} has no chart {chart} now: {why}.")
            why = found.error or found.status or "?"
            raise WorldError(sentence.format(source=self.source, chart=chart, why=why))
        fields = Fields(self.source)
        currency = "USD" if self._quantity is DayQuantity.PRICE else ""
        days = DayCollector(self._quantity, self.tools.clock(), currency)
        for point in found.values:
            # 0 stands for what was not yet: a price before there were markets, a day without block.
            days.add(_day(self._quantity, point.x), point.y or None, factor)
        sentence = _("{source} sent an empty chart {chart}.")
        series = give_up_without(
            fields, days.rows(fields), sentence.format(source=self.source, chart=chart)
        )
        return DayAnswer(series, (), fields.problems, answer.fresh_for_s)


def _day(quantity: DayQuantity, x: Loose) -> int | None:
    time_s = unix_of(x)
    if time_s is None:
        return None
    return day_of(time_s - 1 if quantity in DATED_AT_END else time_s)
