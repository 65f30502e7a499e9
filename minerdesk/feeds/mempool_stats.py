"""A mempool instance: hashrate and difficulty, fees of 144 blocks, and its prices.

Its fields are read leniently where versions differ: ``difficulty[].time`` is called ``timestamp``
in its documentation, and reward statistics are numbers in text.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import msgspec

from minerdesk.domain.cancel import CancelToken
from minerdesk.domain.limits import Limits
from minerdesk.domain.readings import Quantity, Reading
from minerdesk.domain.text import _
from minerdesk.domain.units import BLOCKS_PER_DAY, SATOSHI_PER_BTC
from minerdesk.feeds import fields as f
from minerdesk.feeds.address import Address
from minerdesk.feeds.asker import Asker, Tools
from minerdesk.feeds.base import FeedAnswer
from minerdesk.feeds.fields import UNKNOWN, Fields

_SATS: Final = Limits(minimum=0, maximum=21e6 * SATOSHI_PER_BTC)
_FEWEST_BLOCKS: Final = 72
_MEMPOOL_CURRENCIES: Final = ("USD", "EUR", "GBP", "CAD", "CHF", "AUD", "JPY")


class _Hashrates(msgspec.Struct):
    currentHashrate: msgspec.Raw = UNKNOWN  # noqa: N815 - the source's own name
    currentDifficulty: msgspec.Raw = UNKNOWN  # noqa: N815 - the source's own name
    hashrates: msgspec.Raw = UNKNOWN
    difficulty: msgspec.Raw = UNKNOWN


class _HashratePoint(msgspec.Struct):
    timestamp: float
    avgHashrate: float  # noqa: N815 - the source's own name


class _DifficultyPoint(msgspec.Struct):
    difficulty: float
    time: float | None = None
    timestamp: float | None = None


class _RewardStats(msgspec.Struct):
    startBlock: msgspec.Raw = UNKNOWN  # noqa: N815 - the source's own name
    endBlock: msgspec.Raw = UNKNOWN  # noqa: N815 - the source's own name
    totalFee: msgspec.Raw = UNKNOWN  # noqa: N815 - the source's own name


class MempoolHashrate(Asker):
    """The 7-day hashrate and the difficulty now, with three months of each for history."""

    def __init__(self, address: Address, tools: Tools, span: str = "3m") -> None:
        super().__init__("mempool hashrate", address.label, 600, address, tools)
        self._span = span

    def fetch(self, token: CancelToken) -> FeedAnswer:
        """Ask once; see `Feed.fetch`."""
        answer = self.door.get(f"api/v1/mining/hashrate/{self._span}", token)
        found = f.decode(answer.body, _Hashrates, self.source)
        fields = Fields(self.source)
        if bytes(found.currentHashrate).strip() in {b"0", b"0.0"}:
            hashrate = None
            fields.refuse("currentHashrate", _("it is 0 because the node behind it is down"))
        else:
            hashrate = fields.number("currentHashrate", found.currentHashrate, f.HASHRATE_HS)
        difficulty = fields.number("currentDifficulty", found.currentDifficulty, f.DIFFICULTY)
        return self.answer(
            fields,
            (
                self.reading(Quantity.HASHRATE, hashrate, window_days=7),
                self.reading(Quantity.DIFFICULTY, difficulty),
            ),
            answer.fresh_for_s,
            (*self._hashrates(fields, found), *self._difficulties(fields, found)),
        )

    def _hashrates(self, fields: Fields, found: _Hashrates) -> Iterator[Reading]:
        try:
            points = msgspec.json.decode(found.hashrates, type=list[_HashratePoint])
        except msgspec.MsgspecError as error:
            fields.refuse("hashrates", str(error))
            return
        for point in points:
            if f.HASHRATE_HS.allow(point.avgHashrate):
                yield from self._past(
                    Quantity.HASHRATE, point.avgHashrate, point.timestamp, window_days=1
                )

    def _difficulties(self, fields: Fields, found: _Hashrates) -> Iterator[Reading]:
        try:
            points = msgspec.json.decode(found.difficulty, type=list[_DifficultyPoint])
        except msgspec.MsgspecError as error:
            fields.refuse("difficulty", str(error))
            return
        for point in points:
            time_s = point.time if point.time is not None else point.timestamp
            if f.DIFFICULTY.allow(point.difficulty) and time_s is not None:
                yield from self._past(Quantity.DIFFICULTY, point.difficulty, time_s)

    def _past(
        self, quantity: Quantity, value: float, unix_s: float, window_days: float | None = None
    ) -> Iterator[Reading]:
        now = self.tools.clock()
        if f.UNIX_S.allow(unix_s) and (taken_at := f.source_time(unix_s, now)) < now:
            found = self.reading(quantity, value, taken_at=taken_at, window_days=window_days)
            if found is not None:
                yield found


class MempoolFees(Asker):
    """The mean transaction fees of the last 144 blocks."""

    def __init__(self, address: Address, tools: Tools) -> None:
        super().__init__("mempool reward-stats", address.label, 600, address, tools)

    def fetch(self, token: CancelToken) -> FeedAnswer:
        """Ask once; see `Feed.fetch`."""
        answer = self.door.get(f"api/v1/mining/reward-stats/{BLOCKS_PER_DAY}", token)
        found = f.decode(answer.body, _RewardStats, self.source)
        fields = Fields(self.source)
        start = fields.numeral("startBlock", found.startBlock, f.HEIGHT)
        end = fields.numeral("endBlock", found.endBlock, f.HEIGHT)
        total_sat = fields.numeral("totalFee", found.totalFee, _SATS)
        fees_btc = None
        if start is not None and end is not None and total_sat is not None:
            fees_btc = self._mean(fields, end - start + 1, total_sat)
        return self.answer(fields, (self.reading(Quantity.FEES, fees_btc),), answer.fresh_for_s)

    def _mean(self, fields: Fields, blocks: float, total_sat: float) -> float | None:
        if not _FEWEST_BLOCKS <= blocks <= BLOCKS_PER_DAY:
            fields.refuse(
                "endBlock",
                _("it must count {blocks} blocks, found {found:g}").format(
                    blocks=BLOCKS_PER_DAY, found=blocks
                ),
            )
            return None
        return fields.within("totalFee", total_sat / blocks / SATOSHI_PER_BTC, f.FEES_BTC)


class MempoolPrices(Asker):
    """The instance's own prices, which it renews hourly."""

    def __init__(self, address: Address, tools: Tools, currencies: tuple[str, ...]) -> None:
        super().__init__("mempool prices", address.label, 300, address, tools)
        self._currencies = tuple(c for c in currencies if c in _MEMPOOL_CURRENCIES)

    def fetch(self, token: CancelToken) -> FeedAnswer:
        """Ask once; see `Feed.fetch`."""
        answer = self.door.get("api/v1/prices", token)
        found = f.decode(answer.body, dict[str, msgspec.Raw], self.source)
        fields = Fields(self.source)
        unix_s = fields.number("time", found.get("time", UNKNOWN), f.UNIX_S)
        taken_at = f.source_time(unix_s, self.tools.clock())
        readings = [
            self.reading(
                Quantity.PRICE,
                fields.number(currency, found.get(currency, UNKNOWN), f.PRICE),
                taken_at=taken_at,
                currency=currency,
            )
            for currency in self._currencies
        ]
        return self.answer(fields, readings, answer.fresh_for_s)
