"""When each feed is asked next. Knows no clock and no chance of its own: both are given."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final

FIRST_RETRY_S: Final = 60.0
LONGEST_RETRY_S: Final = 900.0
LONGEST_WAIT_S: Final = 86_400.0
_JITTER: Final = 0.1


@dataclass(frozen=True, slots=True)
class Slot:
    """One feed's place in the schedule; seconds of a clock that never goes back.

    Attributes:
        interval_s: between calls while all is well.
        due_s: time of the next call.
        failures: calls that failed since the last good one.
    """

    interval_s: float
    due_s: float
    failures: int = 0


def after_success(
    slot: Slot, now_s: float, chance: float, fresh_for_s: float | None = None
) -> Slot:
    """Return the slot after a good answer.

    Args:
        slot: before the call.
        now_s: time of the answer, s.
        chance: in [0, 1); lengthens the interval by up to a tenth, so that many programs do not
            ask in step. Never shortens it.
        fresh_for_s: seconds for which the source calls its answer fresh, or None.
    """
    wait_s = slot.interval_s * (1 + _JITTER * chance)
    wait_s = min(max(wait_s, fresh_for_s or 0.0), LONGEST_WAIT_S)
    return replace(slot, due_s=now_s + wait_s, failures=0)


def after_failure(
    slot: Slot, now_s: float, chance: float, retry_after_s: float | None = None
) -> Slot:
    """Return the slot after a failed call: 1, 2, 4, 8 minutes, then each quarter of an hour.

    Args:
        slot: before the call.
        now_s: time of the failure, s.
        chance: as in `after_success`.
        retry_after_s: seconds the source asked for; it is obeyed beyond the quarter of an hour.
    """
    failures = slot.failures + 1
    wait_s = FIRST_RETRY_S * 2.0 ** min(failures - 1, 10) * (1 + _JITTER * chance)
    wait_s = max(min(wait_s, LONGEST_RETRY_S), min(retry_after_s or 0.0, LONGEST_WAIT_S))
    return replace(slot, due_s=now_s + wait_s, failures=failures)


class Schedule:
    """The slots of all feeds, each by its own name: one that fails holds up no other."""

    def __init__(self, random: Callable[[], float]) -> None:
        self._random = random
        self._slots: dict[str, Slot] = {}

    def use(self, intervals_s: Mapping[str, float], now_s: float) -> None:
        """Take over the feeds named: a new one is due now, a known one keeps its place."""
        self._slots = {
            name: replace(self._slots[name], interval_s=interval_s)
            if name in self._slots
            else Slot(interval_s, now_s)
            for name, interval_s in intervals_s.items()
        }

    def forget(self, name: str) -> None:
        """Let a feed be new again; one not in use is no fault."""
        self._slots.pop(name, None)

    def hurry(self, name: str, at_s: float) -> None:
        """Ask a feed in use at this time, if not sooner."""
        slot = self._slots[name]
        self._slots[name] = replace(slot, due_s=min(slot.due_s, at_s))

    def due(self, now_s: float) -> tuple[str, ...]:
        """Return the names of the feeds to ask now, in the order given to `use`."""
        return tuple(name for name, slot in self._slots.items() if slot.due_s <= now_s)

    def succeeded(self, name: str, now_s: float, fresh_for_s: float | None = None) -> None:
        """Note a good answer; a feed no longer used is ignored."""
        if name in self._slots:
            self._slots[name] = after_success(self._slots[name], now_s, self._random(), fresh_for_s)

    def failed(self, name: str, now_s: float, retry_after_s: float | None = None) -> None:
        """Note a failed call; a feed no longer used is ignored."""
        if name in self._slots:
            self._slots[name] = after_failure(
                self._slots[name], now_s, self._random(), retry_after_s
            )

    def slot(self, name: str) -> Slot:
        """Return a feed's slot.

        Raises:
            KeyError: it is not in use.
        """
        return self._slots[name]

    def next_due_s(self, now_s: float) -> float | None:
        """Return seconds until the next call, 0 where one is due; None without feeds."""
        if not self._slots:
            return None
        return max(min(slot.due_s for slot in self._slots.values()) - now_s, 0.0)
