"""Bitcoin Core over JSON-RPC: the operator's own node as a source."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable
from typing import Any, Final

import msgspec

from minerdesk.domain.cancel import CancelToken
from minerdesk.domain.errors import WorldError
from minerdesk.domain.readings import Quantity
from minerdesk.domain.units import BLOCKS_PER_DAY, SATOSHI_PER_BTC
from minerdesk.feeds import fields as f
from minerdesk.feeds.address import Address
from minerdesk.feeds.asker import Asker, Tools
from minerdesk.feeds.base import FeedAnswer
from minerdesk.feeds.core_rpc import CORE, Call, ChainInfo, CoreRpc, Credentials
from minerdesk.feeds.fields import UNKNOWN, Fields
from minerdesk.feeds.height import HeightGuard
from minerdesk.feeds.mempool import wanted_blocks

_WEEK_BLOCKS: Final = 7 * BLOCKS_PER_DAY
_FEE_BATCH: Final = 24
# Statistics of 144 blocks may keep a small node busy; what is missing is asked for next time.
_FEE_SECONDS: Final = 2.0


class _Next(msgspec.Struct):
    difficulty: msgspec.Raw = UNKNOWN


class _MiningInfo(msgspec.Struct):
    next: _Next | None = None


class _BlockStats(msgspec.Struct):
    totalfee: float


class _Header(msgspec.Struct):
    time: float


class CoreNode(Asker):
    """Height, difficulty, 7-day hashrate, fees of 144 blocks and block times of an own node.

    Args:
        address: of its RPC port, credentials in it where there is no cookie.
        tools: clock and door.
        credentials: asked before each call, since a cookie changes whenever the node starts.
        monotonic: seconds that never go back.
    """

    def __init__(
        self,
        address: Address,
        tools: Tools,
        credentials: Credentials = lambda: None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__("bitcoin core", CORE, 60, address, tools)
        self._rpc = CoreRpc(self.door, credentials)
        self._monotonic = monotonic
        self._guard = HeightGuard()
        self._fees_sat: dict[int, float] = {}
        self._times_s: dict[int, float] = {}

    def fetch(self, token: CancelToken) -> FeedAnswer:
        """Ask once; see `Feed.fetch`."""
        chain_raw, mining_raw, hashrate_raw = self._rpc.batch(
            [
                ("getblockchaininfo", []),
                ("getmininginfo", []),
                ("getnetworkhashps", [_WEEK_BLOCKS]),
            ],
            token,
        )
        chain = f.decode(chain_raw, ChainInfo, self.source)
        chain.check_usable()
        fields = Fields(self.source)
        height = self._guard.check(fields, "blocks", chain.blocks, self.tools.clock())
        following = f.decode(mining_raw, _MiningInfo, self.source).next
        difficulty_raw = chain.difficulty if following is None else following.difficulty
        hashrate = fields.number("networkhashps", msgspec.Raw(hashrate_raw), f.HASHRATE_HS)
        readings = [
            self.reading(Quantity.HEIGHT, height),
            self.reading(
                Quantity.DIFFICULTY, fields.number("difficulty", difficulty_raw, f.DIFFICULTY)
            ),
            self.reading(Quantity.HASHRATE, hashrate, window_days=7),
        ]
        if height is not None:
            try:
                readings += self._times(height, token)
                readings.append(self.reading(Quantity.FEES, self._fees(fields, height, token)))
            except WorldError as error:
                fields.note(str(error))
        return self.answer(fields, readings)

    def _times(self, height: int, token: CancelToken) -> list[Any]:
        wanted = wanted_blocks(height)
        missing = [block for block in wanted if block not in self._times_s]
        if missing:
            hashes = self._rpc.batch([("getblockhash", [block]) for block in missing], token)
            headers = self._rpc.batch(
                [("getblockheader", [f.decode(raw, str, self.source)]) for raw in hashes], token
            )
            for block, raw in zip(missing, headers, strict=True):
                self._times_s[block] = f.decode(raw, _Header, self.source).time
        self._times_s = {h: t for h, t in self._times_s.items() if h in wanted}
        return [self.reading(wanted[h], t) for h, t in self._times_s.items()]

    def _fees(self, fields: Fields, height: int, token: CancelToken) -> float | None:
        """Return the mean fees in BTC once all 144 blocks are known."""
        wanted = range(height, max(height - BLOCKS_PER_DAY, -1), -1)
        self._fees_sat = {h: fee for h, fee in self._fees_sat.items() if h in wanted}
        missing = iter([h for h in wanted if h not in self._fees_sat])
        give_up_at = self._monotonic() + _FEE_SECONDS
        while self._monotonic() < give_up_at:
            part = list(itertools.islice(missing, _FEE_BATCH))
            if not part:
                break
            calls: list[Call] = [("getblockstats", [h, ["totalfee"]]) for h in part]
            for h, raw in zip(part, self._rpc.batch(calls, token), strict=True):
                self._fees_sat[h] = f.decode(raw, _BlockStats, self.source).totalfee
        if len(self._fees_sat) < len(wanted):
            return None
        mean_btc = sum(self._fees_sat.values()) / len(wanted) / SATOSHI_PER_BTC
        return fields.within("totalfee", mean_btc, f.FEES_BTC)
