"""What all feeds share: a door, a clock, and the making of readings."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from minerdesk.domain.readings import Quantity, Reading
from minerdesk.feeds.address import Address
from minerdesk.feeds.base import FeedAnswer
from minerdesk.feeds.fields import Fields
from minerdesk.feeds.http import Door, DoorSettings


@dataclass(frozen=True, slots=True)
class Tools:
    """What every feed is built with.

    Attributes:
        clock: gives the time, UTC and aware.
        settings: limits, proxy and certificates of its door.
    """

    clock: Callable[[], datetime]
    settings: DoorSettings = field(default_factory=DoorSettings)


class Asker:
    """Base of the feeds: name, source, interval and one door."""

    def __init__(
        self, name: str, source: str, interval_s: float, address: Address, tools: Tools
    ) -> None:
        self._name, self._source, self._interval_s = name, source, interval_s
        self.tools = tools
        self.door = Door(address, tools.settings)

    @property
    def name(self) -> str:
        """Unique among the feeds."""
        return self._name

    @property
    def source(self) -> str:
        """Who is asked, as readings name it."""
        return self._source

    @property
    def interval_s(self) -> float:
        """Seconds between calls while all is well."""
        return self._interval_s

    def reading(
        self,
        quantity: Quantity,
        value: float | None,
        *,
        taken_at: datetime | None = None,
        currency: str = "",
        window_days: float | None = None,
    ) -> Reading | None:
        """Return a reading of this source, taken now unless told; None where ``value`` is None."""
        if value is None:
            return None
        return Reading(
            quantity=quantity,
            value=float(value),
            source=self.source,
            taken_at=taken_at or self.tools.clock(),
            currency=currency,
            window_days=window_days,
        )

    def answer(
        self,
        fields: Fields,
        readings: Iterable[Reading | None],
        fresh_for_s: float | None = None,
        series: Iterable[Reading] = (),
    ) -> FeedAnswer:
        """Return the answer of what was taken.

        Raises:
            WorldError: nothing was taken; its sentence holds every reason.
        """
        taken = tuple(reading for reading in readings if reading is not None)
        if not taken:
            fields.give_up()
        fresh_until = None
        if fresh_for_s is not None:
            fresh_until = self.tools.clock() + timedelta(seconds=fresh_for_s)
        return FeedAnswer(taken, tuple(series), fresh_until, fields.problems)
