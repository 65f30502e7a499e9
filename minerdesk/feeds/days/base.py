"""What a source of daily values is, and what one step of it answers."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Protocol, TypeAlias

from minerdesk.domain.cancel import CancelToken
from minerdesk.domain.limits import Limits
from minerdesk.domain.network_days import DayQuantity, DayRows, RetargetRow
from minerdesk.domain.text import ngettext
from minerdesk.domain.units import SECONDS_PER_DAY, UNIX_DAY
from minerdesk.feeds import fields as f
from minerdesk.feeds.fields import Fields

GENESIS_DAY: Final = 733_410  # 3 January 2009

# A number, a number in text, or nothing: sources differ, and one source from day to day.
Loose: TypeAlias = float | str | None

LIMITS: Final[Mapping[DayQuantity, Limits]] = {
    DayQuantity.PRICE: f.PRICE,
    DayQuantity.HASHRATE: f.HASHRATE_HS,
    DayQuantity.DIFFICULTY: f.DIFFICULTY,
    DayQuantity.FEES: Limits(minimum=0, maximum=50_000),
    DayQuantity.ISSUANCE: Limits(minimum=0, maximum=50_000),
    DayQuantity.REWARD: Limits(minimum=0, maximum=50_000),
    DayQuantity.FEES_PER_BLOCK: f.FEES_BTC,
    DayQuantity.REWARD_PER_BLOCK: Limits(above=0, maximum=350),
}


@dataclass(frozen=True, slots=True)
class Known:
    """What of a source is kept already.

    Attributes:
        days: ordinals by quantity (of prices, those in `DayFeed.currency`).
        heights: of its retargets.
        cursor: what its last answer gave to go on with; empty at first.
    """

    days: Mapping[DayQuantity, frozenset[int]] = field(default_factory=dict)
    heights: frozenset[int] = frozenset()
    cursor: str = ""

    def last_day(self, *quantities: DayQuantity) -> int | None:
        """Return the last day known of any of these, or None."""
        return max((max(d) for q in quantities if (d := self.days.get(q))), default=None)


@dataclass(frozen=True, slots=True)
class DayAnswer:
    """What one step brought.

    Attributes:
        series, retargets: of complete days alone.
        problems: one sentence for each thing that was refused; the rest is used.
        fresh_for_s: seconds for which the source calls its answer fresh, or None.
        cursor: to be given back in `Known` at the next step.
        more: there is another step, after `DayFeed.pause_s`.
    """

    series: tuple[DayRows, ...] = ()
    retargets: tuple[RetargetRow, ...] = ()
    problems: tuple[str, ...] = ()
    fresh_for_s: float | None = None
    cursor: str = ""
    more: bool = False


class DayFeed(Protocol):
    """One endpoint of a source of daily values."""

    @property
    def name(self) -> str:
        """Unique among all, such as ``mempool past hashrate``."""
        ...

    @property
    def source(self) -> str:
        """Who is asked, such as ``mempool.space``."""
        ...

    @property
    def interval_s(self) -> float:
        """Seconds until it is asked again once there is nothing more."""
        ...

    @property
    def pause_s(self) -> float:
        """Seconds between two steps."""
        ...

    @property
    def currency(self) -> str:
        """Of its prices, where it has any."""
        ...

    def ask(self, known: Known, token: CancelToken) -> DayAnswer:
        """Take one step: ask for something that is missing.

        Raises:
            WorldError: nothing of the answer can be used; one sentence with the source and why.
            Cancelled: the token was cancelled meanwhile.
        """
        ...


def day_of(unix_s: float) -> int:
    """Return the ordinal of the UTC day that a Unix time lies in."""
    return math.floor(unix_s / SECONDS_PER_DAY) + UNIX_DAY


def start_s(day: int) -> float:
    """Return the Unix time at which a day begins."""
    return float((day - UNIX_DAY) * SECONDS_PER_DAY)


def number_of(value: Loose, limits: Limits) -> float | None:
    """Return a number, or a number in text, inside limits; None for anything else."""
    try:
        found = float("nan" if value is None else value)
    except ValueError:
        return None
    return found if limits.allow(found) else None


class DayCollector:
    """Takes values day by day: those of complete days inside their limits; counts the others.

    Args:
        now: UTC; a day is complete when it is over.
    """

    def __init__(self, quantity: DayQuantity, now: datetime, currency: str = "") -> None:
        self._quantity, self._currency = quantity, currency
        self._today = now.toordinal()
        self._days: list[int] = []
        self._values: list[float] = []
        self._refused = 0

    def add(self, day: int | None, value: Loose, factor: float = 1.0) -> None:
        """Take a value, times ``factor``; nothing (None, or an empty text) is no value."""
        if value is None or value == "":
            return
        number = number_of(value, Limits())
        if number is not None:
            number = number_of(number * factor, LIMITS[self._quantity])
        if day is None or number is None or day < GENESIS_DAY:
            self._refused += 1
        elif day < self._today:
            self._days.append(day)
            self._values.append(number)

    def rows(self, fields: Fields) -> tuple[DayRows, ...]:
        """Return one series, or none where nothing was taken; what was refused is noted."""
        if self._refused:
            fields.refuse(
                self._quantity.value,
                ngettext(
                    "{n} value of a day cannot be so",
                    "{n} values of days cannot be so",
                    self._refused,
                ).format(n=self._refused),
            )
        if not self._days:
            return ()
        found = DayRows(self._quantity, tuple(self._days), tuple(self._values), self._currency)
        return (found,)


def unix_of(value: Loose) -> float | None:
    """Return a Unix time in seconds, or None where it is none."""
    return number_of(value, f.UNIX_S)


def day_at(value: Loose) -> int | None:
    """Return the day that a Unix time lies in, or None where it is no time."""
    found = unix_of(value)
    return None if found is None else day_of(found)


def give_up_without(
    fields: Fields, series: Iterable[DayRows], sentence: str
) -> tuple[DayRows, ...]:
    """Return the series; raise the problems, or ``sentence`` where there are none, without any.

    Raises:
        WorldError: nothing was taken.
    """
    found = tuple(series)
    if not found:
        if not fields.problems:
            fields.note(sentence)
        fields.give_up()
    return found
