"""What it costs to start and stop a rig, and how often it may be done."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

from minerdesk.domain import limits
from minerdesk.domain.limits import limited


@dataclass(frozen=True, slots=True)
class StartCosts:
    """What a start and a stop of one rig cost; None means what the next wider level says.

    A rig model's values stand over its site's, those over the book's (`DEFAULT_STARTS`).

    Attributes:
        start_lost_minutes: of full power without hashing after a start.
        wear_start, wear_stop: money of the book's currency per rig, for each start and each stop.
        mode_lost_minutes: of hashing lost at a change of mode.
        min_on_minutes, min_off_minutes: the shortest time a rig stays on, or off.
        most_starts_per_day: of one rig in one local day; 0 means as many as wanted.
    """

    start_lost_minutes: float | None = limited(limits.MINUTES, default=None)
    wear_start: float | None = limited(limits.COST, default=None)
    wear_stop: float | None = limited(limits.COST, default=None)
    mode_lost_minutes: float | None = limited(limits.MINUTES, default=None)
    min_on_minutes: float | None = limited(limits.MINUTES, default=None)
    min_off_minutes: float | None = limited(limits.MINUTES, default=None)
    most_starts_per_day: int | None = limited(limits.NOT_NEGATIVE, default=None)

    def __post_init__(self) -> None:
        limits.check(self)

    def over(self, wider: StartCosts) -> StartCosts:
        """Return these values, and those of ``wider`` where these say nothing."""
        said = {f.name: v for f in fields(self) if (v := getattr(self, f.name)) is not None}
        return replace(wider, **said)


# Stock firmware takes 5 to 15 minutes until a rig hashes at its full rate; makers publish no figure
# for that, nor for the wear of a start, so wear is 0 until the operator knows better.
DEFAULT_STARTS = StartCosts(
    start_lost_minutes=10.0,
    wear_start=0.0,
    wear_stop=0.0,
    mode_lost_minutes=0.0,
    min_on_minutes=0.0,
    min_off_minutes=0.0,
    most_starts_per_day=0,
)
