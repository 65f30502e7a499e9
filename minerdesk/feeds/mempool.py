"""A mempool instance: the chain's tip, the times of its blocks, and its own projection.

Paths and shapes as of mempool 3 (``/api/blocks/tip/height``, ``/api/v1/blocks/{height}``,
``/api/v1/difficulty-adjustment``); any instance under any base address.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import msgspec

from minerdesk.domain.cancel import CancelToken
from minerdesk.domain.errors import WorldError
from minerdesk.domain.readings import Quantity
from minerdesk.domain.text import _
from minerdesk.domain.units import BLOCKS_PER_EPOCH
from minerdesk.feeds import fields as f
from minerdesk.feeds.address import Address, parse_address
from minerdesk.feeds.asker import Asker, Tools
from minerdesk.feeds.base import FeedAnswer
from minerdesk.feeds.fields import UNKNOWN, Fields
from minerdesk.feeds.height import HeightGuard

QUARTER_BLOCKS: Final = 503


def mempool_instance(url: str, tools: Tools, *, any_certificate: bool) -> tuple[Address, Tools]:
    """Return where a mempool instance is asked, and with what.

    Args:
        url: its base, whether typed with ``/api`` at its end or not.
        tools: those of all sources.
        any_certificate: whether the instance is the operator's own, whatever it shows.

    Raises:
        UserError: the address is not one.
    """
    if any_certificate:
        tools = replace(tools, settings=replace(tools.settings, verify_tls=False))
    return parse_address(url).without("/api/v1", "/api"), tools


class _Adjustment(msgspec.Struct):
    difficultyChange: msgspec.Raw = UNKNOWN  # noqa: N815 - the source's own name
    previousRetarget: msgspec.Raw = UNKNOWN  # noqa: N815 - the source's own name
    previousTime: msgspec.Raw = UNKNOWN  # noqa: N815 - the source's own name


class _Block(msgspec.Struct):
    height: int
    timestamp: float


class MempoolAdjustment(Asker):
    """The source's own projection, the last change, and when the epoch began."""

    def __init__(self, address: Address, tools: Tools) -> None:
        super().__init__("mempool difficulty-adjustment", address.label, 60, address, tools)

    def fetch(self, token: CancelToken) -> FeedAnswer:
        """Ask once; see `Feed.fetch`."""
        answer = self.door.get("api/v1/difficulty-adjustment", token)
        found = f.decode(answer.body, _Adjustment, self.source)
        fields = Fields(self.source)
        change = fields.number("difficultyChange", found.difficultyChange, f.CHANGE_PCT)
        previous = fields.number("previousRetarget", found.previousRetarget, f.CHANGE_PCT)
        start = fields.number("previousTime", found.previousTime, f.UNIX_S)
        return self.answer(
            fields,
            (
                self.reading(Quantity.RETARGET, change),
                self.reading(Quantity.PREVIOUS_RETARGET, previous),
                self.reading(Quantity.EPOCH_START, start),
            ),
            answer.fresh_for_s,
        )


class MempoolTip(Asker):
    """The tip's height, and the times of the few blocks that the own projection needs.

    Each call asks for the tip and for at most one block, so no path is asked twice a minute.
    """

    def __init__(self, address: Address, tools: Tools) -> None:
        super().__init__("mempool tip", address.label, 60, address, tools)
        self._guard = HeightGuard()
        self._times_s: dict[int, float] = {}

    def fetch(self, token: CancelToken) -> FeedAnswer:
        """Ask once; see `Feed.fetch`."""
        answer = self.door.get("api/blocks/tip/height", token)
        raw = f.decode(answer.body, msgspec.Raw, self.source)
        fields = Fields(self.source)
        height = self._guard.check(fields, "tip height", raw, self.tools.clock())
        if height is None:
            fields.give_up()
        wanted = wanted_blocks(height)
        missing = [block for block in wanted if block not in self._times_s]
        if missing:
            try:
                self._times_s[missing[0]] = self._block_time(missing[0], token)
            except WorldError as error:
                fields.note(str(error))
        self._times_s = {h: t for h, t in self._times_s.items() if h in wanted}
        readings = [self.reading(Quantity.HEIGHT, height)]
        readings += [
            self.reading(quantity, self._times_s.get(block)) for block, quantity in wanted.items()
        ]
        return self.answer(fields, readings, answer.fresh_for_s)

    def _block_time(self, height: int, token: CancelToken) -> float:
        answer = self.door.get(f"api/v1/blocks/{height}", token)
        for block in f.decode(answer.body, list[_Block], self.source):
            if block.height == height and f.UNIX_S.allow(block.timestamp):
                return block.timestamp
        raise WorldError(
            _("{source} did not send block {height}.").format(source=self.source, height=height)
        )


def wanted_blocks(height: int) -> dict[int, Quantity]:
    """Return the blocks whose times the projection needs at ``height``, most needed first."""
    blocks_in = height % BLOCKS_PER_EPOCH
    wanted: dict[int, Quantity] = {}
    if blocks_in < QUARTER_BLOCKS and height >= QUARTER_BLOCKS:
        wanted[height - QUARTER_BLOCKS] = Quantity.QUARTER_TIME
    if blocks_in == BLOCKS_PER_EPOCH - 1:
        wanted[height] = Quantity.TIP_TIME
    wanted[height - blocks_in] = Quantity.EPOCH_START
    return wanted
