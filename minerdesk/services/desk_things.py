"""What a desk is made of, and the small things the window asks of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from minerdesk.domain.readings import NetworkState
from minerdesk.domain.text import _
from minerdesk.engine.network import hashprice_per_ph_day
from minerdesk.services.book import BookService
from minerdesk.services.catalogue import Catalogue
from minerdesk.services.decisions import Decisions
from minerdesk.services.evaluation import Evaluator, network_now
from minerdesk.services.history_view import HistoryDoor
from minerdesk.services.number_text import NumberStyle
from minerdesk.services.planning.plan import PlanOptions
from minerdesk.services.refresh import RefreshService
from minerdesk.services.reminding import Reminding
from minerdesk.services.serial import SerialWorker
from minerdesk.services.settings import Settings
from minerdesk.services.words.formats import Formats
from minerdesk.storage import recent_file
from minerdesk.storage.paths import Profile

if TYPE_CHECKING:
    from minerdesk.feeds.base import Feed
    from minerdesk.feeds.days.base import DayFeed
    from minerdesk.services.network_history.history import NetworkHistory
    from minerdesk.services.planning.planner import Planner
    from minerdesk.services.power.door import PowerDoor
    from minerdesk.services.power.live import Fetch
    from minerdesk.storage.secrets import SecretStore

FeedsFor = Callable[[Settings, "Callable[[], SecretStore]", str], "Sequence[Feed]"]
DayFeedsFor = Callable[[Settings, "Callable[[], SecretStore]", str], "Sequence[DayFeed]"]


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
        make_power, make_network_history: what stands behind these doors, once each. planner: makes
            it once, and returns it again; loading these is left to who opens or plans first.
        ask_grids: makes, from where secrets are, what asks the power markets.
        sample: path of a sample book by name.
        journal_worker: writes the journal; closed with the desk.
    """

    profile: Profile
    clock: Callable[[], datetime]
    settings: Settings
    book: BookService
    refresh: RefreshService
    evaluator: Evaluator
    planner: Callable[[], Planner]
    history: HistoryDoor
    make_network_history: Callable[[], NetworkHistory]
    decisions: Decisions
    reminding: Reminding
    make_power: Callable[[], PowerDoor]
    ask_grids: Callable[[Callable[[], SecretStore]], Fetch]
    load_secrets: Callable[[], SecretStore]
    feeds_for: FeedsFor
    day_feeds_for: DayFeedsFor
    load_catalogue: Callable[[], Catalogue]
    sample: Callable[[str], Path]
    journal_worker: SerialWorker
    formats_for: Callable[[Settings], Formats]
    force_offline: bool = False
    problems: tuple[str, ...] = ()


class DeskThings:
    """The services of one running program, and what is only looked up.

    Attributes:
        book, refresh, history, decisions, reminding: the services themselves.
        settings, formats: in force.
        problems: sentences on what could not be used at the start.
    """

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self.profile = parts.profile
        self.book, self.refresh, self.history = parts.book, parts.refresh, parts.history
        self.decisions, self.reminding = parts.decisions, parts.reminding
        self.settings = parts.settings
        self.problems = parts.problems
        self.formats = parts.formats_for(parts.settings)
        self._history_problem = ""

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

    @property
    def plan_options(self) -> PlanOptions:
        """What the settings ask of a plan."""
        return PlanOptions(
            hours=int(self.settings.number("plan.hours")),
            step_minutes=int(self.settings.number("plan.step_minutes")),
            seconds=self.settings.number("plan.seconds"),
        )
