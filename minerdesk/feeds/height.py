"""Whether a height can be the chain's tip."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

import msgspec

from minerdesk.domain.limits import Limits
from minerdesk.domain.text import _
from minerdesk.domain.units import TARGET_SPACING_S
from minerdesk.feeds.fields import Fields

_GENESIS: Final = datetime(2009, 1, 3, 18, 15, 5, tzinfo=UTC)
_DEEPEST_REORGANISATION: Final = 100
_CONVINCED_AFTER: Final = 3
# Blocks come a little faster than planned while hashrate grows: 4 % over the first 17 years.
_FASTEST: Final = 1.25


class HeightGuard:
    """Refuses a tip that no chain can have, and one that falls back by more than 100 blocks.

    A source that repeats the lower height is believed in the end: then the earlier one was wrong.
    """

    def __init__(self) -> None:
        self._last: int | None = None
        self._lower_seen = 0

    def check(self, fields: Fields, name: str, raw: msgspec.Raw, now: datetime) -> int | None:
        """Return the height, or None with the reason noted in ``fields``."""
        most = max((now - _GENESIS).total_seconds(), 0) / TARGET_SPACING_S * _FASTEST + 2016
        value = fields.number(name, raw, Limits(minimum=0, maximum=round(most)))
        if value is None:
            return None
        if value != int(value):
            fields.refuse(name, _("it must be whole, found {value}").format(value=value))
            return None
        height = int(value)
        if self._last is not None and height < self._last - _DEEPEST_REORGANISATION:
            self._lower_seen += 1
            if self._lower_seen < _CONVINCED_AFTER:
                fields.refuse(
                    name,
                    _("it fell from {last} to {height}").format(last=self._last, height=height),
                )
                return None
        self._last, self._lower_seen = height, 0
        return height
