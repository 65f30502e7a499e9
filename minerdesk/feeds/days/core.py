"""The past out of an own Bitcoin Core node, by the cheapest scan.

Retargets are one header each. A day's hashrate and new coins need nothing but the two headers at
its bounds: the difference of their chain work, and of their heights. The bounds are found by
bisecting headers by their median time, which never goes back. Fees alone need every block, so only
those of the last days are asked for.
"""

from __future__ import annotations

import bisect
from typing import Final

import msgspec

from minerdesk.domain.cancel import CancelToken
from minerdesk.domain.errors import WorldError
from minerdesk.domain.network_days import DayQuantity, RetargetRow
from minerdesk.domain.units import (
    BLOCKS_PER_EPOCH,
    SATOSHI_PER_BTC,
    SECONDS_PER_DAY,
    TARGET_SPACING_S,
    UNIX_DAY,
)
from minerdesk.feeds import fields as f
from minerdesk.feeds.address import Address
from minerdesk.feeds.asker import Tools
from minerdesk.feeds.core_rpc import CORE, ChainInfo, CoreRpc, Credentials
from minerdesk.feeds.days.base import (
    GENESIS_DAY,
    DayAnswer,
    DayCollector,
    Known,
    start_s,
)
from minerdesk.feeds.days.past_asker import PastAsker
from minerdesk.feeds.fields import Fields

FEE_DAYS: Final = 90
_RETARGETS_A_STEP: Final = 64
_DAYS_A_STEP: Final = 32
_STATS_A_BATCH: Final = 24
# The median of eleven times is that of the sixth: five blocks behind.
_MEDIAN_LAG: Final = 5
_FEW: Final = 8
_HALVING: Final = 210_000
_FIRST_SUBSIDY_SAT: Final = 50 * SATOSHI_PER_BTC


class _Header(msgspec.Struct):
    height: int
    time: float
    mediantime: float
    difficulty: float
    chainwork: str


class _Stats(msgspec.Struct):
    totalfee: float


class CoreDays(PastAsker):
    """Retargets, hashrate, new coins and fees of an own node.

    The cursor is the span of days scanned so far, ``first,last``: it grows at both ends.

    Args:
        address: of its RPC port, credentials in it where there is no cookie.
        tools: clock and door.
        credentials: asked before each batch, since a cookie changes whenever the node starts.
    """

    def __init__(
        self, address: Address, tools: Tools, credentials: Credentials = lambda: None
    ) -> None:
        super().__init__("bitcoin core past", CORE, 3_600, address, tools)
        self._rpc = CoreRpc(self.door, credentials)
        self._seen: list[tuple[int, float]] = []  # height and median time, sorted

    @property
    def pause_s(self) -> float:
        """Seconds between two steps: it is the operator's own."""
        return 0.0

    def ask(self, known: Known, token: CancelToken) -> DayAnswer:
        """Take one step; see `DayFeed.ask`."""
        (raw,) = self._rpc.batch([("getblockchaininfo", [])], token)
        chain = f.decode(raw, ChainInfo, self.source)
        chain.check_usable()
        fields = Fields(self.source)
        tip = fields.number("blocks", chain.blocks, f.HEIGHT)
        if tip is None:
            fields.give_up()
        if lacking := [
            h for h in range(0, int(tip) + 1, BLOCKS_PER_EPOCH) if h not in known.heights
        ]:
            return self._retargets(lacking, known, token)
        tip_header = self._headers([int(tip)], token)[int(tip)]
        last = int(tip_header.mediantime // SECONDS_PER_DAY) + UNIX_DAY - 1
        last = min(last, self.tools.clock().toordinal() - 1)
        scanned = _span(known.cursor, last)
        if days := _next_days(scanned, last):
            return self._days(days, scanned, token)
        return self._fees(known, last, token)

    def _retargets(self, lacking: list[int], known: Known, token: CancelToken) -> DayAnswer:
        wanted = lacking[-_RETARGETS_A_STEP:]
        headers = self._headers(wanted, token)
        rows = tuple(RetargetRow(h, headers[h].time, headers[h].difficulty) for h in wanted)
        return DayAnswer(retargets=rows, cursor=known.cursor, more=True)

    def _days(self, days: range, scanned: tuple[int, int], token: CancelToken) -> DayAnswer:
        bounds = self._bounds(range(days.start, days.stop + 1), token)
        # The work before a day is that of the block before its first.
        headers = self._headers(sorted({max(height - 1, 0) for height in bounds.values()}), token)
        work = {h: int(header.chainwork, 16) for h, header in headers.items()}
        hashrate = DayCollector(DayQuantity.HASHRATE, self.tools.clock())
        issuance = DayCollector(DayQuantity.ISSUANCE, self.tools.clock())
        for day in days:
            first, after = bounds[day], bounds[day + 1]
            if after > first > 0:
                done = work[after - 1] - work[first - 1]
                hashrate.add(day, done / SECONDS_PER_DAY)
                sats = sum(_FIRST_SUBSIDY_SAT >> (h // _HALVING) for h in range(first, after))
                issuance.add(day, sats / SATOSHI_PER_BTC)
        fields = Fields(self.source)
        series = (*hashrate.rows(fields), *issuance.rows(fields))
        first, last = scanned
        cursor = f"{min(first, days.start)},{max(last, days.stop - 1)}"
        return DayAnswer(series, (), fields.problems, cursor=cursor, more=True)

    def _fees(self, known: Known, last: int, token: CancelToken) -> DayAnswer:
        have = known.days.get(DayQuantity.FEES, frozenset())
        oldest = max(last - FEE_DAYS + 1, GENESIS_DAY + 1)
        lacking = [day for day in range(last, oldest - 1, -1) if day not in have]
        if not lacking:
            return DayAnswer(cursor=known.cursor)
        bounds = self._bounds(range(lacking[0], lacking[0] + 2), token)
        heights = range(bounds[lacking[0]], bounds[lacking[0] + 1])
        total_sat = 0.0
        try:
            for begin in range(0, len(heights), _STATS_A_BATCH):
                part = heights[begin : begin + _STATS_A_BATCH]
                found = self._rpc.batch([("getblockstats", [h, ["totalfee"]]) for h in part], token)
                total_sat += sum(f.decode(raw, _Stats, self.source).totalfee for raw in found)
        except WorldError as error:
            # A pruned node has no statistics of blocks it threw away; the rest is as good as ever.
            return DayAnswer(problems=(str(error),), cursor=known.cursor)
        fields = Fields(self.source)
        fees = DayCollector(DayQuantity.FEES, self.tools.clock())
        fees.add(lacking[0], total_sat / SATOSHI_PER_BTC)
        series = fees.rows(fields)
        return DayAnswer(
            series, (), fields.problems, cursor=known.cursor, more=bool(series and lacking[1:])
        )

    def _bounds(self, days: range, token: CancelToken) -> dict[int, int]:
        """Return the height of the first block of each day, by its median time."""
        found: dict[int, int] = {}
        while open_days := [day for day in days if day not in found]:
            ask: set[int] = set()
            for day in open_days:
                low, high = self._around(start_s(day))
                if high[0] - low[0] <= 1:
                    found[day] = max(high[0] - _MEDIAN_LAG, 0)
                else:
                    ask.update(_guesses(low, high, start_s(day)))
            if ask:
                self._headers(sorted(ask), token)
        return found

    def _around(self, moment_s: float) -> tuple[tuple[int, float], tuple[int, float]]:
        """Return the nearest headers seen whose median time is before, and not before, a moment.

        No moment is after that of the tip, which has been seen.
        """
        at = bisect.bisect_left(self._seen, moment_s, key=lambda pair: pair[1])
        low = self._seen[at - 1] if at else (-1, start_s(GENESIS_DAY))
        return low, self._seen[at]

    def _headers(self, heights: list[int], token: CancelToken) -> dict[int, _Header]:
        hashes = self._rpc.batch([("getblockhash", [height]) for height in heights], token)
        raws = self._rpc.batch(
            [("getblockheader", [f.decode(raw, str, self.source)]) for raw in hashes], token
        )
        found = {}
        for height, raw in zip(heights, raws, strict=True):
            header = f.decode(raw, _Header, self.source)
            found[height] = header
            pair = (height, header.mediantime)
            at = bisect.bisect_left(self._seen, pair)
            if self._seen[at : at + 1] != [pair]:
                self._seen.insert(at, pair)
        return found


def _guesses(low: tuple[int, float], high: tuple[int, float], moment_s: float) -> range | set[int]:
    """Return heights strictly between, near where the moment should be."""
    if high[0] - low[0] <= _FEW:
        return range(low[0] + 1, high[0])
    share = (moment_s - low[1]) / max(high[1] - low[1], TARGET_SPACING_S)
    near = low[0] + round(share * (high[0] - low[0]))
    middle = (low[0] + high[0]) // 2
    inside = (min(max(h, low[0] + 1), high[0] - 1) for h in (near - 3, near + 3, middle))
    return set(inside)


def _span(cursor: str, last: int) -> tuple[int, int]:
    """Return the days scanned so far; an empty span after ``last`` where there are none."""
    first, comma, end = cursor.partition(",")
    if comma and first.isdecimal() and end.isdecimal():
        return int(first), int(end)
    return last + 1, last


def _next_days(scanned: tuple[int, int], last: int) -> range:
    """Return the days of the next step: the newest first, then back to the first block."""
    first, end = scanned
    if end < last:
        return range(end + 1, min(end + _DAYS_A_STEP, last) + 1)
    return range(max(first - _DAYS_A_STEP, GENESIS_DAY), first)
