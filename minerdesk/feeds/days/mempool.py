"""A mempool instance: hashrate and difficulty of each day, and every retarget.

Its days of hashrate are dated at their end, midnight UTC. ``difficulty[].time`` is called
``timestamp`` in its documentation. An own instance may have indexed the last weeks alone.
"""

from __future__ import annotations

from typing import Final

import msgspec

from minerdesk.domain.cancel import CancelToken
from minerdesk.domain.network_days import DayQuantity, RetargetRow
from minerdesk.domain.text import _, ngettext
from minerdesk.domain.units import BLOCKS_PER_EPOCH, SECONDS_PER_DAY
from minerdesk.feeds import fields as f
from minerdesk.feeds.address import Address
from minerdesk.feeds.asker import Tools
from minerdesk.feeds.days.base import (
    DayAnswer,
    DayCollector,
    Known,
    Loose,
    day_of,
    number_of,
    unix_of,
)
from minerdesk.feeds.days.past_asker import PastAsker
from minerdesk.feeds.fields import Fields

_HOUR_S: Final = 3_600.0
# An own instance may have indexed more since, and what lies further back than the last days is
# looked at again this often.
ALL_AGAIN_DAYS: Final = 30
_SPANS: Final = (("1m", 28), ("3m", 85), ("6m", 175), ("1y", 360), ("2y", 725), ("3y", 1090))


class MempoolDays(PastAsker):
    """Base of the endpoints of a mempool instance; its cursor is the day of the last full answer.

    Args:
        name: what it is of.
        address: of the instance.
        tools: clock and door.
        hours: until it is asked again.
    """

    def __init__(self, name: str, address: Address, tools: Tools, hours: float) -> None:
        super().__init__(f"mempool past {name}", address.label, hours * _HOUR_S, address, tools)

    @property
    def today(self) -> int:
        """Ordinal of the day that is not over."""
        return self.tools.clock().toordinal()

    def missing_days(self, known: Known, *quantities: DayQuantity) -> int | None:
        """Return how many days lack at the end; None where all should be asked for."""
        last = known.last_day(*quantities)
        full = int(known.cursor) if known.cursor.isdecimal() else 0
        if last is None or self.today - full >= ALL_AGAIN_DAYS:
            return None
        return max(self.today - 1 - last, 0)


class _Point(msgspec.Struct):
    timestamp: Loose = None
    avgHashrate: Loose = None  # noqa: N815 - the source's own name


class _Change(msgspec.Struct):
    difficulty: Loose = None
    height: Loose = None
    time: Loose = None
    timestamp: Loose = None


class _Hashrates(msgspec.Struct):
    hashrates: list[_Point] = []
    difficulty: list[_Change] = []


class MempoolHashrateDays(MempoolDays):
    """One-day hashrates, and the retargets that come with them."""

    def __init__(self, address: Address, tools: Tools) -> None:
        super().__init__("hashrate", address, tools, 6)

    def ask(self, known: Known, token: CancelToken) -> DayAnswer:
        """Take one step; see `DayFeed.ask`."""
        missing = self.missing_days(known, DayQuantity.HASHRATE)
        if missing == 0:
            return DayAnswer(cursor=known.cursor)
        span = "all" if missing is None else _span(missing)
        answer = self.door.get(f"api/v1/mining/hashrate/{span}", token)
        found = f.decode(answer.body, _Hashrates, self.source)
        fields = Fields(self.source)
        days = DayCollector(DayQuantity.HASHRATE, self.tools.clock())
        for point in found.hashrates:
            end_s = unix_of(point.timestamp)
            # The nearest midnight, should the source not be on the second.
            days.add(
                None if end_s is None else day_of(end_s + SECONDS_PER_DAY / 2) - 1,
                point.avgHashrate,
            )
        series = days.rows(fields)
        retargets = _retargets(
            fields,
            [
                (c.height, c.time if c.time is not None else c.timestamp, c.difficulty)
                for c in found.difficulty
            ],
        )
        if not series and not retargets:
            fields.note(_("{source} has no past hashrates.").format(source=self.source))
            fields.give_up()
        return DayAnswer(
            series,
            retargets,
            fields.problems,
            answer.fresh_for_s,
            cursor=str(self.today) if span == "all" else known.cursor,
        )


class MempoolRetargets(MempoolDays):
    """Every retarget that the instance knows; a few kilobytes."""

    def __init__(self, address: Address, tools: Tools) -> None:
        super().__init__("retargets", address, tools, 24)

    def ask(self, known: Known, token: CancelToken) -> DayAnswer:
        """Take one step; see `DayFeed.ask`."""
        answer = self.door.get("api/v1/mining/difficulty-adjustments", token)
        found = f.decode(answer.body, list[list[Loose]], self.source)
        fields = Fields(self.source)
        # time, height, difficulty, ratio; the newest first.
        rows = [(row[1], row[0], row[2]) if len(row) > 2 else (None, None, None) for row in found]
        retargets = _retargets(fields, rows)
        if not retargets:
            fields.note(_("{source} has no past retargets.").format(source=self.source))
            fields.give_up()
        return DayAnswer((), retargets, fields.problems, answer.fresh_for_s, known.cursor)


def _retargets(fields: Fields, rows: list[tuple[Loose, Loose, Loose]]) -> tuple[RetargetRow, ...]:
    """Return those of (height, Unix time, difficulty) that can be so, by height."""
    found: dict[int, RetargetRow] = {}
    refused = 0
    for raw_height, raw_time, raw_difficulty in rows:
        height = number_of(raw_height, f.HEIGHT)
        time_s, difficulty = unix_of(raw_time), number_of(raw_difficulty, f.DIFFICULTY)
        if height is None or time_s is None or difficulty is None or height % BLOCKS_PER_EPOCH:
            refused += 1
        else:
            found[int(height)] = RetargetRow(int(height), time_s, difficulty)
    if refused:
        fields.refuse(
            "difficulty",
            ngettext("{n} retarget cannot be so", "{n} retargets cannot be so", refused).format(
                n=refused
            ),
        )
    return tuple(found[height] for height in sorted(found))


def _span(missing: int) -> str:
    return next((name for name, days in _SPANS if missing <= days), "all")
