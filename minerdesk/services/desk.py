"""The desk: every service of one running program, and what happens between them.

Built by the composition root; the window and the command line both stand on it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from minerdesk.domain.book import Book
from minerdesk.domain.cancel import CancelToken
from minerdesk.domain.errors import UserError, WorldError
from minerdesk.domain.readings import NetworkState
from minerdesk.domain.text import _
from minerdesk.engine.dispatch import Tolerance
from minerdesk.engine.network import hashprice_per_ph_day
from minerdesk.feeds.base import Feed
from minerdesk.feeds.days.base import DayFeed
from minerdesk.services import settings as settings_service
from minerdesk.services.book import BookService
from minerdesk.services.catalogue import Catalogue
from minerdesk.services.decisions import Decisions
from minerdesk.services.evaluation import AdviceLimits, Evaluation, Evaluator, network_now
from minerdesk.services.history_view import HistoryDoor, HistorySlice
from minerdesk.services.network_history.door import PastDoor, PastSurroundings
from minerdesk.services.network_history.history import NetworkHistory
from minerdesk.services.network_reading.door import IndicatorsDoor
from minerdesk.services.network_reading.embedded import embedded_machines, embedded_models
from minerdesk.services.network_reading.indicators import Indicators
from minerdesk.services.number_text import NumberStyle
from minerdesk.services.refresh import RefreshService
from minerdesk.services.reminding import Reminding
from minerdesk.services.rules import Rules
from minerdesk.services.serial import SerialWorker
from minerdesk.services.settings import Settings
from minerdesk.services.standing.door import StandingDoor
from minerdesk.services.words.formats import Formats
from minerdesk.storage import recent_file
from minerdesk.storage.locks import CannotLock, Lock, acquire
from minerdesk.storage.network_choice_file import NetworkChoiceFile
from minerdesk.storage.paths import Profile

if TYPE_CHECKING:
    from minerdesk.storage.secrets import SecretStore

FeedsFor = Callable[[Settings, "Callable[[], SecretStore]", str], Sequence[Feed]]
DayFeedsFor = Callable[[Settings, "Callable[[], SecretStore]", str], Sequence[DayFeed]]


@dataclass(frozen=True, slots=True)
class Parts:
    """What the composition root built, for a `Desk` to join.

    Attributes:
        profile: where everything is kept. clock: UTC, aware.
        settings: in force at the start. problems: sentences on what could not be used at the start.
        feeds_for, day_feeds_for: build the feeds of the present, and of the past, for settings,
            secrets and the book's currency; they load the HTTP library, so they are called off the
            GUI thread.
        load_secrets, load_catalogue: open the keyring and read the rigs when first asked for.
        sample: path of a sample book by name.
        journal_worker: writes the journal; closed with the desk.
    """

    profile: Profile
    clock: Callable[[], datetime]
    settings: Settings
    book: BookService
    refresh: RefreshService
    evaluator: Evaluator
    history: HistoryDoor
    network_history: NetworkHistory
    decisions: Decisions
    reminding: Reminding
    load_secrets: Callable[[], SecretStore]
    feeds_for: FeedsFor
    day_feeds_for: DayFeedsFor
    load_catalogue: Callable[[], Catalogue]
    sample: Callable[[str], Path]
    journal_worker: SerialWorker
    formats_for: Callable[[Settings], Formats]
    force_offline: bool = False
    problems: tuple[str, ...] = ()


class Desk:
    """Every service of one running program.

    Attributes:
        book, refresh, history, decisions, reminding: the services themselves.
        past, indicators, standing: doors to the network's past and to what is made of it.
        problems: sentences on what could not be used at the start.
        why_not_polling: why this process neither polls nor writes history, or empty.
    """

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self.profile = parts.profile
        self.book, self.refresh, self.history = parts.book, parts.refresh, parts.history
        self.decisions, self.reminding = parts.decisions, parts.reminding
        self.past = PastDoor(
            parts.network_history,
            PastSurroundings(
                settings=lambda: self.settings,
                currency=lambda: self.book.book.currency,
                may_ask=self._may_ask,
                feeds_for=lambda wanted, currency: parts.day_feeds_for(
                    wanted, lambda: self.secrets, currency
                ),
            ),
        )
        self.indicators = IndicatorsDoor(
            self.past.read_days,
            embedded_machines,
            NetworkChoiceFile(parts.profile.network_choice_file),
        )
        self.standing = StandingDoor(embedded_models, lambda: self.indicators.choice.price_per_kwh)
        self.settings = parts.settings
        self.problems = parts.problems
        self.formats = parts.formats_for(parts.settings)
        self.why_not_polling = _("The sources were not asked yet.")
        self._history_problem = ""
        self._profile_lock: Lock | None = None
        self._feeds_made_for: tuple[Settings, str] | None = None
        self._closed = threading.Event()
        self._put_in_force(parts.settings)
        parts.book.subscribe(self._book_changed)
        parts.book.subscribe(parts.decisions.book_changed)

    # --- small things the window asks for

    @property
    def number_style(self) -> NumberStyle:
        """How the operator types numbers."""
        return self.formats.number_style

    @property
    def state_dir(self) -> Path:
        """Folder of what belongs to this computer, such as the window's place."""
        return self.profile.state

    @property
    def log_file(self) -> Path:
        """The program's log."""
        return self.profile.log_file

    @property
    def known_secrets(self) -> frozenset[str]:
        """Every secret this session has seen, so that reports and the log can leave it out."""
        # Asking must not be what loads the keyring.
        store = self.__dict__.get("secrets")
        return frozenset() if store is None else store.known

    @property
    def troubles(self) -> tuple[str, ...]:
        """Sentences on what does not work now, or was found broken; they come and go."""
        aside, log_aside = self.history.set_aside, self.decisions.set_aside
        found = (
            *self.problems,
            self._parts.journal_worker.problem,
            self.refresh.store_problem or self._history_problem,
            ""
            if aside is None
            else _(
                "The history could not be used and was begun anew; the old one is {path}."
            ).format(path=aside),
            self.decisions.problem,
            ""
            if log_aside is None
            else _(
                "The decision log could not be used and was begun anew; the old one is {path}."
            ).format(path=log_aside),
            self.reminding.problem,
            self.indicators.problem,
        )
        return tuple(dict.fromkeys(filter(None, found)))

    @property
    def recent_books(self) -> tuple[Path, ...]:
        """Files opened lately, newest first."""
        return recent_file.read(self.profile.state_file("recent.json"))

    @cached_property
    def catalogue(self) -> Catalogue:
        """The rig catalogue; read when first asked for."""
        return self._parts.load_catalogue()

    @cached_property
    def secrets(self) -> SecretStore:
        """Where passwords are kept; looking for a keyring takes time, so only who needs it does."""
        return self._parts.load_secrets()

    @property
    def now(self) -> datetime:
        """The time now, UTC."""
        return self._parts.clock()

    def sample(self, name: str) -> Path:
        """Return the path of a sample book: ``home`` or ``farm``."""
        return self._parts.sample(name)

    def remember_book(self, path: Path) -> None:
        """Put a book first among the recent ones; a full disk is no reason to fail."""
        try:
            recent_file.put_first(self.profile.state_file("recent.json"), path)
        except OSError:
            return

    def hashprice_per_ph_day(self, network: NetworkState) -> float | None:
        """Return money for 1 PH/s and day before costs, or None where a number lacks."""
        return hashprice_per_ph_day(network_now(network)) if network.complete else None

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
        self.past.set_offline(offline)
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

    def evaluate(
        self, book: Book, book_revision: int, network: NetworkState, token: CancelToken
    ) -> Evaluation:
        """Evaluate the whole fleet and keep a summary of it.

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
        )
        if self._profile_lock is not None:
            try:
                self.history.record(found, key)
                self._history_problem = ""
            except WorldError as error:
                self._history_problem = str(error)
        return found

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
