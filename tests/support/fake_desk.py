"""A small stand-in for what the assembly builds: real services over a temporary profile."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np

from minerdesk.domain.book import Book
from minerdesk.domain.cancel import CancelToken
from minerdesk.domain.network_choice import NetworkChoice
from minerdesk.domain.readings import (
    Gauge,
    NetworkState,
    Quantity,
    Reading,
    RetargetProjection,
)
from minerdesk.engine.indicators.difficulty import Retargets
from minerdesk.feeds.days.base import DayFeed
from minerdesk.services.book import BookService
from minerdesk.services.decisions import Decisions
from minerdesk.services.history_view import HistoryDoor
from minerdesk.services.network_history.door import PastDoor, PastSurroundings
from minerdesk.services.network_history.history import Chances, NetworkHistory
from minerdesk.services.network_reading.door import IndicatorsDoor
from minerdesk.services.network_reading.indicators import DailyHistory
from minerdesk.services.number_text import DECIMAL_DOT
from minerdesk.services.planning.plan import Plan, PlanOptions
from minerdesk.services.power.door import PowerDoor
from minerdesk.services.power.series import KeptPrices
from minerdesk.services.refresh import Basis, RefreshService, Surroundings
from minerdesk.services.reminding import Reminding
from minerdesk.services.serial import SerialWorker
from minerdesk.services.settings import Settings
from minerdesk.services.standing.door import StandingDoor
from minerdesk.services.words.formats import Formats
from minerdesk.storage.load_files import LoadFiles
from minerdesk.storage.paths import Profile
from minerdesk.storage.price_files import PriceFiles
from minerdesk.storage.reminder_file import ReminderFile
from minerdesk.storage.resources import load_retargets
from minerdesk.storage.secrets import SecretStore

NOW = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)


def reading(
    quantity: Quantity,
    value: float,
    minutes: float = 2,
    source: str = "mempool.space",
    currency: str = "",
) -> Reading:
    """A reading of ``minutes`` ago."""
    return Reading(quantity, value, source, NOW - timedelta(minutes=minutes), currency=currency)


def network_state(**changes: object) -> NetworkState:
    """A complete, live state of the network."""
    price = reading(Quantity.PRICE, 93_049, source="Kraken", currency="USD")
    other = reading(Quantity.PRICE, 93_100, source="Coinbase", currency="USD")
    state = NetworkState(
        revision=1000,
        price=Gauge(price, (price, other)),
        height=Gauge(reading(Quantity.HEIGHT, 932_935), stale_after=timedelta(minutes=30)),
        difficulty=Gauge(
            reading(Quantity.DIFFICULTY, 146.47e12), stale_after=timedelta(minutes=30)
        ),
        fees=Gauge(reading(Quantity.FEES, 0.0148, 9), stale_after=timedelta(hours=1)),
        hashrate=Gauge(reading(Quantity.HASHRATE, 977e18), stale_after=timedelta(hours=24)),
        retarget=RetargetProjection(
            -3.8, 1.2, NOW + timedelta(days=3, hours=10), 933_408, 473, "own formula", NOW
        ),
        online=True,
    )
    return replace(state, **changes)  # type: ignore[arg-type] # fields by name


class Forgetful:
    """Keeps the choice nowhere."""

    def load(self) -> NetworkChoice:
        return NetworkChoice()

    def save(self, choice: NetworkChoice) -> None:
        del choice


def no_door() -> IndicatorsDoor:
    """A door to indicators of a chain nobody knows anything of."""
    nothing = Retargets(np.empty(0, np.int64), np.empty(0), np.empty(0))
    return IndicatorsDoor(
        lambda _token: DailyHistory(None, nothing),
        tuple,
        Forgetful(),
    )


def a_past(kept: HistoryDoor, *feeds: DayFeed) -> PastDoor:
    """A door to the past in ``kept`` that asks ``feeds`` alone."""
    around = PastSurroundings(
        settings=Settings,
        currency=lambda: "USD",
        may_ask=lambda: bool(feeds),
        feeds_for=lambda _settings, _currency: feeds,
    )
    return PastDoor(NetworkHistory(kept, Chances(lambda: NOW), load_retargets()), around)


class FakeDesk:
    """What `minerdesk.assembly.build` makes, without feeds and without history."""

    def __init__(self, folder: Path) -> None:
        profile = Profile.at(folder)
        profile.prepare()
        self.journal_errors: list[BaseException] = []
        self.worker = SerialWorker("test-journal", self.journal_errors.append)
        self.book = BookService(profile, lambda: NOW, self.worker)
        self.refresh = RefreshService(
            (), basis=Basis(), surroundings=Surroundings(clock=lambda: NOW)
        )
        self.decisions = Decisions(profile.decisions_file, lambda: NOW, self.journal_errors.append)
        self.reminding = Reminding(ReminderFile(profile.state))
        self.power = PowerDoor(
            KeptPrices(PriceFiles(profile.prices_dir)), LoadFiles(profile.loads_dir), lambda: NOW
        )
        self.kept = HistoryDoor(profile.history_file, lambda: NOW)
        self.past = a_past(self.kept)
        self.indicated: list[NetworkState] = []
        self.indicators = no_door()
        self.standing = StandingDoor(tuple, lambda: 0.05, lambda: 0.03)
        self.formats = Formats("en", UTC)
        self.number_style = DECIMAL_DOT
        self.settings = Settings()
        self.secrets = SecretStore()
        self.state_dir = profile.state
        self.log_file = profile.log_file
        self.why_not_polling = ""
        self.problems: tuple[str, ...] = ()
        self.troubles: tuple[str, ...] = ()
        self.recent_books: tuple[Path, ...] = ()
        self.evaluations: list[tuple[Book, int, NetworkState]] = []
        self.plans: list[tuple[Book, int, NetworkState, PlanOptions | None]] = []
        self.evaluated_with: list[Plan | None] = []
        self.planned: Plan | None = None
        self.plan_error: Exception | None = None
        self.plan_s = 0.0
        self.evaluate_error: Exception | None = None
        self.settings_error: Exception | None = None

    def change_settings(self, new: Settings) -> str:
        if self.settings_error is not None:
            raise self.settings_error
        self.settings = new
        return ""

    @property
    def known_secrets(self) -> frozenset[str]:
        return self.secrets.known

    def sample(self, name: str) -> Path:
        return Path(__file__).parents[2] / "resources" / "samples" / f"{name}.minerdesk"

    def remember_book(self, path: Path) -> None:
        rest = [each for each in self.recent_books if each != path]
        self.recent_books = (path, *rest)

    def poll(
        self, token: CancelToken, *, on_state: Callable[[NetworkState], None] | None = None
    ) -> NetworkState:
        return self.refresh.poll(token, on_state=on_state)

    plan_options = PlanOptions()

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
        token.check()
        if self.plan_error is not None:
            raise self.plan_error
        self.plans.append((book, book_revision, network, options))
        if on_better is not None and self.planned is not None:
            on_better(self.planned)
        if self.plan_s:
            token.wait(self.plan_s)
        return self.planned

    def evaluate(
        self,
        book: Book,
        book_revision: int,
        network: NetworkState,
        token: CancelToken,
        plan: Plan | None = None,
    ) -> object:
        token.check()
        if self.evaluate_error is not None:
            raise self.evaluate_error
        self.evaluations.append((book, book_revision, network))
        self.evaluated_with.append(plan)
        return ("evaluation", book_revision)

    def power_view(
        self, book: Book, book_revision: int, network: NetworkState, token: CancelToken
    ) -> object:
        return self.power.view(book, book_revision, network, token)

    def renew_prices(self, book: Book, token: CancelToken) -> object:
        return self.power.renew(book, token)

    def open_doors(self, token: CancelToken) -> None:
        token.check()

    def read_history(self, token: CancelToken) -> object:
        token.check()
        return ("history",)

    def make_indicators(
        self, network: NetworkState, evaluation: object, token: CancelToken
    ) -> object:
        del evaluation
        token.check()
        self.indicated.append(network)
        return ("indicators", len(self.indicated))

    def hashprice_per_ph_day(self, network: NetworkState) -> float | None:
        return 40.1 if network.complete else None

    def close(self) -> None:
        self.book.close()
        self.refresh.close()
        self.decisions.close()
        self.kept.close()
        self.worker.close()
