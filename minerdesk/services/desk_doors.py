"""The doors of a desk: what stands behind each is loaded when it is first opened."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

from minerdesk.domain.cancel import CancelToken
from minerdesk.services.desk_things import DeskThings, Parts
from minerdesk.services.first_use import FirstUse

if TYPE_CHECKING:
    from collections.abc import Sequence

    from minerdesk.feeds.days.base import DayFeed
    from minerdesk.services.network_history.door import PastDoor
    from minerdesk.services.network_reading.door import IndicatorsDoor
    from minerdesk.services.power.door import PowerDoor
    from minerdesk.services.settings import Settings
    from minerdesk.services.standing.door import StandingDoor


class DeskDoors(DeskThings):
    """A desk with its doors; any thread may open one.

    They load a quarter of the program, which the first painted window shows nothing of.

    Args:
        parts: what the composition root built.
        may_ask: whether this process asks the sources at all; may take a lock.
    """

    def __init__(self, parts: Parts, may_ask: Callable[[], bool]) -> None:
        super().__init__(parts)
        self._may_ask_sources = may_ask
        self._offline = False
        self._offline_lock = threading.Lock()
        self._past_made: PastDoor | None = None
        self._power_door = FirstUse(self._make_power)
        self._past_door = FirstUse(self._make_past)
        self._indicators_door = FirstUse(self._make_indicators)
        self._standing_door = FirstUse(self._make_standing)

    @property
    def power(self) -> PowerDoor:
        """Door to prices and loads that are kept, and to bills."""
        return self._power_door()

    @property
    def past(self) -> PastDoor:
        """Door to the network's past."""
        return self._past_door()

    @property
    def indicators(self) -> IndicatorsDoor:
        """Door to what is made of the network's past."""
        return self._indicators_door()

    @property
    def standing(self) -> StandingDoor:
        """Door to what is joined to the fleet."""
        return self._standing_door()

    def open_doors(self, token: CancelToken) -> None:
        """Open every door, so that nobody waits for one later; off the GUI thread.

        Raises:
            Cancelled: the token was cancelled.
        """
        doors = (self._power_door, self._past_door, self._indicators_door, self._standing_door)
        for door in doors:
            token.check()
            door()

    @property
    def troubles(self) -> tuple[str, ...]:
        """Sentences on what does not work now, or was found broken; they come and go."""
        made = self._indicators_door.made
        own = "" if made is None else made.problem
        return tuple(dict.fromkeys(filter(None, (*super().troubles, own))))

    def _set_past_offline(self, offline: bool) -> None:
        with self._offline_lock:
            self._offline = offline
            if self._past_made is not None:
                self._past_made.set_offline(offline)

    def _make_power(self) -> PowerDoor:
        from minerdesk.services.power.live import LivePrices

        parts, door = self._parts, self._parts.make_power()
        fetch = parts.ask_grids(lambda: self.secrets)
        door.use_live(LivePrices(door.series, fetch, parts.clock))
        return door

    def _make_past(self) -> PastDoor:
        from minerdesk.services.network_history.door import PastDoor, PastSurroundings

        def feeds_for(settings: Settings, currency: str) -> Sequence[DayFeed]:
            return self._parts.day_feeds_for(settings, lambda: self.secrets, currency)

        around = PastSurroundings(
            settings=lambda: self.settings,
            currency=lambda: self.book.book.currency,
            may_ask=self._may_ask_sources,
            feeds_for=feeds_for,
        )
        door = PastDoor(self._parts.make_network_history(), around)
        with self._offline_lock:
            door.set_offline(self._offline)
            self._past_made = door
        return door

    def _make_indicators(self) -> IndicatorsDoor:
        from minerdesk.services.network_reading.door import IndicatorsDoor
        from minerdesk.services.network_reading.embedded import embedded_models
        from minerdesk.storage.network_choice_file import NetworkChoiceFile

        store = NetworkChoiceFile(self._parts.profile.network_choice_file)
        return IndicatorsDoor(self.past.read_days, embedded_models, store)

    def _make_standing(self) -> StandingDoor:
        from minerdesk.services.network_reading.embedded import embedded_models
        from minerdesk.services.standing.door import StandingDoor

        return StandingDoor(
            embedded_models,
            lambda: self.indicators.choice.price_per_kwh,
            lambda: self.settings.number("lately.price_move"),
        )
