"""What a plan asks for: rigs of one group that change their state together."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final

OFF: Final = "off"


class Why(StrEnum):
    """What a move rests on most."""

    POWER_DEARER_THAN_WORTH = "power_dearer_than_worth"
    POWER_CHEAPER_THAN_WORTH = "power_cheaper_than_worth"
    OTHER_MODE_EARNS_MORE = "other_mode_earns_more"
    RETARGET = "retarget"  # right after the difficulty changes, not before
    EVENT = "event"
    SITE_LIMIT = "site_limit"
    SITE_LEAST = "site_least"
    SITE_RAMP = "site_ramp"
    DEMAND_PEAK = "demand_peak"
    BLOCK_FULL = "block_full"  # above a take-or-pay block power costs more than it earns
    TIER_FULL = "tier_full"  # above a border of the month's energy power costs more than it earns
    CREDIT = "credit"  # a programme pays more for power that is not drawn than it earns
    PINNED = "pinned"
    PAID_TO_CONSUME = "paid_to_consume"


@dataclass(frozen=True, slots=True)
class Flips:
    """At which number, all else as it is, a move would be worth nothing; None where no such is."""

    price_per_btc: float | None = None
    price_per_kwh: float | None = None  # mean over the move
    difficulty: float | None = None


@dataclass(frozen=True, slots=True)
class Move:
    """Rigs of one group that change their state together.

    Attributes:
        at, until: UTC; ``until`` is when they change again, None where the plan holds no such.
        group, site: ids. count: rigs. before, after: name of a power mode or `OFF`.
        why: with ``price_per_kwh`` (mean at the meter over the move, NaN where unknown) and
            ``break_even_per_kwh`` (at which the rig in its running state earns nothing, mean over
            the move) as its numbers; ``detail`` names an event or rule.
        worth: money, over leaving them as they were until ``until``. doubt: one standard deviation.
        advised: False where too close to call. forced: True where a rule or pin demands it.
        on_forecast: share of the worth that rests on forecast prices, 0 to 1.
        overrides_min_on: an event or pin ends them before their shortest time on.
        part: which of the moves of one plan that are alike in time, group and states, from 1; see
            `Columns.parts`.
    """

    at: datetime
    until: datetime | None
    site: str
    group: str
    count: int
    before: str
    after: str
    why: Why
    price_per_kwh: float
    break_even_per_kwh: float
    worth: float
    doubt: float
    flips: Flips = field(default_factory=Flips)
    advised: bool = True
    forced: bool = False
    on_forecast: float = 0.0
    detail: str = ""
    overrides_min_on: bool = False
    part: int = 1

    @property
    def key(self) -> str:
        """Of this move alone in its plan, and of the same move in a newer one.

        Not made of what a newer plan may change of it: how many rigs, until when, what it is worth.
        """
        # strftime looks for a module at each call, and lists of moves are long.
        at = self.at
        day = f"{at.year:04d}{at.month:02d}{at.day:02d}T{at.hour:02d}{at.minute:02d}Z"
        ids = (_bordered(each) for each in (self.site, self.group))
        states = (_bordered(each) for each in (self.before, self.after))
        again = f"#{self.part}" if self.part > 1 else ""
        return f"{day}{again}/{'/'.join(ids)}/{'>'.join(states)}"


def _bordered(name: str) -> str:
    """Return a name without what a key sets between names."""
    return name.replace("%", "%25").replace("/", "%2F").replace(">", "%3E")
