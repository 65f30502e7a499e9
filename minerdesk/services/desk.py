"""The desk: every service of one running program, and what happens between them.

Built by the composition root; the window and the command line both stand on it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from minerdesk.domain.book import Book
from minerdesk.domain.cancel import CancelToken
from minerdesk.domain.errors import UserError, WorldError
from minerdesk.domain.readings import NetworkState
from minerdesk.domain.text import _
from minerdesk.engine.dispatch import Tolerance
from minerdesk.services import settings as settings_service
from minerdesk.services.desk_doors import DeskDoors
from minerdesk.services.desk_things import Parts
from minerdesk.services.evaluation import AdviceLimits, Evaluation
from minerdesk.services.history_view import HistorySlice
from minerdesk.services.planning.plan import Plan, PlanOptions
from minerdesk.services.rules import Rules
from minerdesk.services.settings import Settings
from minerdesk.storage.locks import CannotLock, Lock, acquire

if TYPE_CHECKING:
    from minerdesk.services.network_reading.indicators import Indicators
    from minerdesk.services.power.view import PowerView


class Desk(DeskDoors):
    """Every service of one running program.

    Attributes:
        book, refresh, history, decisions, reminding: the services themselves.
        power, past, indicators, standing: the doors, see `DeskDoors`.
        problems: sentences on what could not be used at the start.
        why_not_polling: why this process neither polls nor writes history, or empty.
    """

    def __init__(self, parts: Parts) -> None:
        super().__init__(parts, self._may_ask)
        self.why_not_polling = _("The sources were not asked yet.")
        self._profile_lock: Lock | None = None
        self._feeds_made_for: tuple[Settings, str] | None = None
        self._closed = threading.Event()
        self._put_in_force(parts.settings)
        parts.book.subscribe(self._book_changed)
        parts.book.subscribe(parts.decisions.book_changed)

    # --- settings

    def change_settings(self, new: Settings) -> str:
        """Keep settings and put them in force.

        Returns:
            A sentence for the operator where the disk needed one, else empty.

        Raises:
            WorldError: the disk refuses.
        """
        sentence = settings_service.change(
            self.profile.settings_file, self.settings, new, self._parts.clock
        )
        self.settings = new
        self._put_in_force(new)
        return sentence

    def _put_in_force(self, settings: Settings) -> None:
        self.formats = self._parts.formats_for(settings)
        offline = self._parts.force_offline or settings.flag("offline")
        self.refresh.set_offline(offline)
        self._set_past_offline(offline)
        if self._feeds_made_for is not None:
            self.refresh.use(rules=rules_of(settings))

    # --- work off the GUI thread

    def prepare(self, token: CancelToken) -> NetworkState:
        """Take up what was kept, and make ready to poll.

        Needed before polling, and again after a change of settings or of the book's currency; it
        does only what is necessary.

        Raises:
            UserError: an address in the settings is not one.
            Cancelled: the token was cancelled.
        """
        token.check()
        self._take_profile()
        if self._feeds_made_for is None or self._profile_lock is None:
            self.refresh.reload(others_ask=self._profile_lock is None)
        self._make_feeds(self.settings, self.book.book.currency)
        return self.refresh.state()

    def poll(
        self,
        token: CancelToken,
        *,
        deadline_s: float | None = None,
        on_state: Callable[[NetworkState], None] | None = None,
    ) -> NetworkState:
        """Ask the sources that are due, unless another process of this profile does.

        Raises:
            UserError: an address in the settings is not one.
            Cancelled: the token was cancelled.
        """
        try:
            state = self.prepare(token)
        finally:  # what is known is shown, even where nobody can be asked
            if on_state is not None and not token.cancelled:
                on_state(self.refresh.state())
        if self._profile_lock is None:
            return state
        return self.refresh.poll(token, deadline_s=deadline_s, on_state=on_state)

    def plan(
        self,
        book: Book,
        book_revision: int,
        network: NetworkState,
        options: PlanOptions | None,
        token: CancelToken,
        *,
        on_better: Callable[[Plan], None] | None = None,
    ) -> Plan | None:
        """Plan the hours to come.

        Args:
            book: what there is.
            book_revision: its number.
            network: what is known.
            options: what is asked; None takes the settings'.
            token: ends the search.
            on_better: gets each better plan until the last, in the calling thread.

        Returns:
            The plan, or one that says why there can be none; None where the book holds no rigs or
            a number of the network is not known.

        Raises:
            Cancelled: the token was cancelled.
        """
        return self._parts.planner().plan(
            book,
            network,
            self._parts.clock(),
            self.plan_options if options is None else options,
            token,
            book_revision=book_revision,
            tolerance=limits_of(self.settings).tolerance,
            on_better=on_better,
        )

    def evaluate(
        self,
        book: Book,
        book_revision: int,
        network: NetworkState,
        token: CancelToken,
        plan: Plan | None = None,
    ) -> Evaluation:
        """Evaluate the whole fleet, and keep a summary of it and what retarget is expected.

        Args:
            book: what there is.
            book_revision: its number.
            network: what is known.
            token: ends it.
            plan: its first step decides, where it is one of this very book and time.

        Raises:
            Cancelled: the token was cancelled.
        """
        token.check()
        key = self.book.key if self.book.book is book else ""
        found = self._parts.evaluator.evaluate(
            book,
            network,
            self._parts.clock(),
            book_revision=book_revision,
            limits=limits_of(self.settings),
            plan=plan,
        )
        if self._profile_lock is not None:
            try:
                self.history.keep_projection(network, found.made_at)
                self.history.record(found, key)
                self._history_problem = ""
            except WorldError as error:
                self._history_problem = str(error)
        return found

    def power_view(
        self, book: Book, book_revision: int, network: NetworkState, token: CancelToken
    ) -> PowerView:
        """Return each site's price of power for the next days, and its bills.

        Raises:
            Cancelled: the token was cancelled.
        """
        token.check()
        key = self.book.key if self.book.book is book else ""
        return self.power.view(book, book_revision, network, token, book_key=key)

    def renew_prices(self, book: Book, token: CancelToken) -> tuple[str, ...]:
        """Ask the live sources of prices that are due, unless another process of this profile does.

        Returns:
            The names of the series that have new prices.

        Raises:
            Cancelled: the token was cancelled.
        """
        token.check()
        if self.refresh.offline or self._profile_lock is None:
            return ()
        return self.power.renew(book, token)

    def read_history(self, token: CancelToken) -> HistorySlice:
        """Read what was kept, for the charts."""
        token.check()
        try:
            return self.history.view(self.book.key, self.book.book.currency)
        except WorldError as error:
            return replace(HistorySlice(), problem=str(error))

    def make_indicators(
        self, network: NetworkState, evaluation: object, token: CancelToken
    ) -> Indicators:
        """Compute the network's readings and what they mean for the fleet.

        Raises:
            Cancelled: the token was cancelled.
        """
        return self.indicators.make(network, evaluation, self._parts.clock(), token)

    def close(self) -> None:
        """Release locks and files; bounded in time, and again is no fault."""
        if self._closed.is_set():
            return
        self._closed.set()
        self.refresh.close()
        self.book.close()
        self._parts.journal_worker.close()
        self.decisions.close()
        self.history.close()
        if self._profile_lock is not None:
            self._profile_lock.release()
            self._profile_lock = None

    # --- inside

    def _make_feeds(self, settings: Settings, currency: str) -> None:
        """Build the feeds where those there are were made for something else."""
        wanted = (settings, currency)
        if self._feeds_made_for == wanted:
            return
        self.refresh.use(currency=currency, rules=rules_of(settings))
        try:
            feeds = self._parts.feeds_for(settings, lambda: self.secrets, currency)
        except UserError:
            if self.refresh.offline:  # nobody is asked, so a wrong address is in nobody's way
                return
            raise
        self._feeds_made_for = wanted
        self.refresh.use(feeds=feeds, pace_s=settings.number("feeds.poll_s"))

    def _take_profile(self) -> None:
        """Take the profile's lock where it is free: its holder alone polls and writes history."""
        if self._profile_lock is not None or self._closed.is_set():
            return
        try:
            self._profile_lock = acquire(self.profile.lock_file)
        except CannotLock as error:
            self.why_not_polling = str(error)
            return
        self.why_not_polling = (
            _("Another window asks the sources; this one shows what it learns.")
            if self._profile_lock is None
            else ""
        )

    def _may_ask(self) -> bool:
        self._take_profile()
        return self._profile_lock is not None and not self.refresh.offline

    def _book_changed(self, book: Book, _revision: int) -> None:
        if self.refresh.state().currency != book.currency:
            self.refresh.use(currency=book.currency)


def rules_of(settings: Settings) -> Rules:
    """Return the rules of freshness that the settings ask for."""

    def minutes(key: str) -> timedelta:
        return timedelta(minutes=settings.number(key))

    return replace(
        Rules(),
        exchange_price=minutes("freshness.exchange_price_min"),
        hourly_price=minutes("freshness.mempool_price_min"),
        chain=minutes("freshness.height_difficulty_min"),
        fees=minutes("freshness.fees_min"),
        hashrate=timedelta(hours=settings.number("freshness.hashrate_h")),
        outlier_fraction=settings.number("freshness.outlier_fraction"),
    )


def limits_of(settings: Settings) -> AdviceLimits:
    """Return how old and how wrong numbers may be, as the settings say."""
    return AdviceLimits(
        price=timedelta(minutes=settings.number("freshness.no_advice_price_min")),
        difficulty=timedelta(hours=settings.number("freshness.no_advice_difficulty_h")),
        tolerance=Tolerance(
            fee_share_error=settings.number("tolerance.fee_share"),
            price_drift_per_sqrt_day=settings.number("tolerance.price_drift_per_day"),
            floor=settings.number("tolerance.floor"),
        ),
    )
