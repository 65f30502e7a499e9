"""The one way to the network's past: bring it up to date, read it, add and remove files."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from minerdesk.domain.cancel import CancelToken
from minerdesk.domain.errors import WorldError
from minerdesk.services.network_history.as_words import as_daily
from minerdesk.services.network_history.daily import JoinedHistory, Tolerances
from minerdesk.services.network_history.history import NetworkHistory, Progress
from minerdesk.services.network_history.reports import SourceReport
from minerdesk.services.network_reading.embedded import embedded_retargets
from minerdesk.services.network_reading.indicators import DailyHistory
from minerdesk.services.settings import Settings

if TYPE_CHECKING:
    from minerdesk.feeds.days.base import DayFeed
    from minerdesk.storage.history_day_rows import DayBatch


@dataclass(frozen=True, slots=True)
class PastSurroundings:
    """What the past stands in; asked each time.

    Attributes:
        settings: those in force. currency: of the book.
        may_ask: whether this process asks the sources at all; may take a lock.
        feeds_for: builds the feeds of the past for settings and a currency.
    """

    settings: Callable[[], Settings]
    currency: Callable[[], str]
    may_ask: Callable[[], bool]
    feeds_for: Callable[[Settings, str], Sequence[DayFeed]]


class PastDoor:
    """The network's past as the desk offers it.

    Methods with a token run off the GUI thread; `subscribe` and `tell` in it.

    Args:
        history: what is kept.
        around: what it stands in.
    """

    def __init__(self, history: NetworkHistory, around: PastSurroundings) -> None:
        self._history = history
        self._around = around
        self._made_for: tuple[Settings, str] | None = None
        self._listeners: list[Callable[[], object]] = []

    def set_offline(self, offline: bool) -> None:
        """Forbid or allow calls. What is known stays."""
        self._history.set_offline(offline)

    def bring_up_to_date(
        self,
        token: CancelToken,
        on_progress: Callable[[Progress], None] | None = None,
        *,
        again: bool = False,
    ) -> bool:
        """Take the steps of the network's past that are due; for a worker, about once a minute.

        Only the process that polls does: the other window reads what this one keeps.

        Args:
            token: cancels between steps and inside calls.
            on_progress: called in this thread after each step.
            again: the operator asks: whoever failed is asked before its time.

        Returns:
            Whether anything new was kept, so that `joined` differs.

        Raises:
            UserError: an address in the settings is not one.
            WorldError: the disk refuses.
            Cancelled: the token was cancelled.
        """
        token.check()
        if not self._around.may_ask():
            return False
        wanted = (self._around.settings(), self._around.currency())
        if self._made_for != wanted:
            self._history.use(self._around.feeds_for(*wanted))
            self._made_for = wanted
        return self._history.bring_up_to_date(token, on_progress, again=again)

    def joined(
        self, token: CancelToken, currency: str = "USD", as_of: date | None = None
    ) -> JoinedHistory:
        """Return the network's past, joined of all sources and the embedded retargets.

        Raises:
            WorldError: the disk refuses.
            Cancelled: the token was cancelled.
        """
        token.check()
        return self._history.daily(currency, tolerances_of(self._around.settings()), as_of)

    def read_days(self, token: CancelToken, as_of: date | None = None) -> DailyHistory:
        """Return the past as the readings take it; without a disk the embedded retargets remain.

        Args:
            token: ends it.
            as_of: nothing after this day is in it; None takes all complete days.

        Raises:
            Cancelled: the token was cancelled.
        """
        try:
            return as_daily(self.joined(token, as_of=as_of))
        except WorldError as error:
            return DailyHistory(
                None, embedded_retargets(), notes=(str(error),), embedded_alone=True
            )

    def sources(self, token: CancelToken) -> tuple[SourceReport, ...]:
        """Return how each source stands.

        Raises:
            WorldError: the disk refuses.
            Cancelled: the token was cancelled.
        """
        token.check()
        return self._history.sources()

    def imported(self, path: Path, token: CancelToken) -> bool:
        """Tell whether a file of this name was imported before, so that it would be replaced.

        Raises:
            WorldError: the disk refuses.
            Cancelled: the token was cancelled.
        """
        return any(s.from_file and s.name == path.name for s in self.sources(token))

    def keep(self, batch: DayBatch, token: CancelToken) -> None:
        """Keep an imported file; one of the same name is replaced.

        Raises:
            UserError: a source that is asked has this name.
            WorldError: the disk refuses.
            Cancelled: the token was cancelled; nothing is kept.
        """
        token.check()
        self._history.keep(batch)

    def remove(self, source: str, token: CancelToken) -> bool:
        """Forget an imported file; return whether there was one.

        Raises:
            WorldError: the disk refuses.
            Cancelled: the token was cancelled; nothing is removed.
        """
        token.check()
        return self._history.remove(source)

    def subscribe(self, listener: Callable[[], object]) -> Callable[[], None]:
        """Call ``listener`` after each `tell`; returns what ends it."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def tell(self) -> None:
        """Tell the listeners that a file was kept or removed."""
        for listener in tuple(self._listeners):
            listener()


def tolerances_of(settings: Settings) -> Tolerances:
    """Return how far sources of the past may differ, as the settings say."""
    return Tolerances(
        price=settings.number("past.price_tolerance"),
        hashrate=settings.number("past.hashrate_tolerance"),
        amount=settings.number("past.amount_tolerance"),
    )
