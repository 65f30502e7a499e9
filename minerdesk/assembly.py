"""The composition root: builds every object that is not Qt and hands it on.

Imported by `app` and `cli` alone. Nothing here computes, and nothing else builds.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import minerdesk
from minerdesk.domain.book import Book
from minerdesk.domain.errors import WorldError
from minerdesk.services import settings as settings_service
from minerdesk.services.book import BookService
from minerdesk.services.catalogue import Catalogue
from minerdesk.services.decisions import Decisions
from minerdesk.services.desk import Desk
from minerdesk.services.desk_things import DayFeedsFor, FeedsFor, Parts
from minerdesk.services.evaluation import Evaluator
from minerdesk.services.first_use import FirstUse
from minerdesk.services.history_view import HistoryDoor
from minerdesk.services.redact import redact
from minerdesk.services.refresh import Basis, RefreshService, Surroundings
from minerdesk.services.reminding import Reminding
from minerdesk.services.serial import SerialWorker
from minerdesk.services.settings import Settings
from minerdesk.services.words.formats import Formats
from minerdesk.storage import log_file, resources
from minerdesk.storage.catalogue_file import load_catalogue
from minerdesk.storage.cookie import read_cookie
from minerdesk.storage.paths import Profile
from minerdesk.storage.reminder_file import ReminderFile
from minerdesk.storage.typed_file import TypedFile

if TYPE_CHECKING:
    from minerdesk.domain.prices import PriceRows
    from minerdesk.domain.tariff import LiveSource
    from minerdesk.engine.fleet import FleetArrays
    from minerdesk.feeds.base import Feed
    from minerdesk.feeds.days.base import DayFeed
    from minerdesk.feeds.http import DoorSettings
    from minerdesk.services.evaluation import PricesNow
    from minerdesk.services.network_history.history import NetworkHistory
    from minerdesk.services.planning.planner import Planner, StartsToday
    from minerdesk.services.power.door import PowerDoor
    from minerdesk.services.power.live import Fetch
    from minerdesk.services.power.series import KeptPrices
    from minerdesk.services.power.site_prices import SitePrices
    from minerdesk.storage.secrets import SecretStore

_log = logging.getLogger(__name__)
_WORKERS = 2


def _utc_now() -> datetime:
    return datetime.now(UTC)


def build(
    profile_dir: Path | None = None,
    *,
    offline: bool = False,
    clock: Callable[[], datetime] = _utc_now,
) -> Desk:
    """Build the desk.

    Args:
        profile_dir: keep everything in this folder; None takes the system's places.
        offline: ask no source, whatever the settings say.
        clock: gives the time, UTC and aware.

    Raises:
        WorldError: the profile's folders cannot be made.
    """
    profile = Profile.system() if profile_dir is None else Profile.at(profile_dir)
    profile.prepare()
    loaded = settings_service.load(profile.settings_file)
    journal_worker = SerialWorker("minerdesk-journal", _report_journal)
    history = HistoryDoor(profile.history_file, clock)
    book = BookService(profile, clock, journal_worker)
    refresh = RefreshService(
        (),
        history,
        Basis(book.book.currency, example=resources.load_snapshot()),
        Surroundings(clock=clock),
        TypedFile(profile.typed_file),
        read_now=False,
    )
    kept = FirstUse(lambda: _kept_prices(profile))
    prices = FirstUse(lambda: _site_prices(kept))
    decisions = Decisions(profile.decisions_file, clock, _report_decisions)
    return Desk(
        Parts(
            profile=profile,
            clock=clock,
            settings=loaded.settings,
            book=book,
            refresh=refresh,
            evaluator=Evaluator(_WORKERS, _prices_now(prices)),
            planner=FirstUse(lambda: _planner(prices, _starts_today(decisions, book))),
            history=history,
            decisions=decisions,
            make_network_history=lambda: _network_history(history, clock),
            reminding=Reminding(ReminderFile(profile.state)),
            make_power=lambda: _power_door(kept, profile, clock),
            ask_grids=_ask_grids(clock),
            load_secrets=_load_secrets,
            feeds_for=_feeds_for(clock),
            day_feeds_for=_day_feeds_for(clock),
            load_catalogue=lambda: Catalogue(load_catalogue(resources.catalogue_path())),
            sample=resources.sample_path,
            journal_worker=journal_worker,
            formats_for=lambda settings: Formats(settings.text("display.locale")),
            force_offline=offline,
            problems=loaded.problems,
        )
    )


def keeps_history(profile_dir: Path | None) -> bool:
    """Tell whether a profile holds a history; nothing is made on disk."""
    profile = Profile.system() if profile_dir is None else Profile.at(profile_dir)
    try:
        return profile.history_file.is_file()
    except OSError:  # a name that no file can have
        return False


def open_log(desk: Desk) -> Callable[[], None]:
    """Write the program's log into the desk's profile.

    Returns:
        What ends it.

    Raises:
        WorldError: it cannot be written.
    """
    return log_file.open_log(
        desk.log_file, lambda line: redact(line, desk.known_secrets), minerdesk.__name__
    )


def _load_secrets() -> SecretStore:
    # Looking for a keyring takes a tenth of a second, and most operators never need one.
    from minerdesk.storage.secrets import SecretStore

    return SecretStore()


# What the first painted window shows nothing of is loaded after it, off the GUI thread.


def _kept_prices(profile: Profile) -> KeptPrices:
    from minerdesk.services.power.series import KeptPrices
    from minerdesk.storage.price_files import PriceFiles

    return KeptPrices(PriceFiles(profile.prices_dir))


def _site_prices(kept: Callable[[], KeptPrices]) -> SitePrices:
    from minerdesk.services.power.site_prices import SitePrices

    return SitePrices(kept().series)


def _prices_now(prices: Callable[[], SitePrices]) -> PricesNow:
    def found(
        book: Book, fleet: FleetArrays, rates: Mapping[str, float], at: datetime
    ) -> Mapping[str, float]:
        return prices().price_now(book, fleet, rates, at)

    return found


def _planner(prices: Callable[[], SitePrices], starts_today: StartsToday) -> Planner:
    from minerdesk.services.planning.planner import Planner

    return Planner(prices(), starts_today=starts_today)


def _power_door(
    kept: Callable[[], KeptPrices], profile: Profile, clock: Callable[[], datetime]
) -> PowerDoor:
    from minerdesk.services.power.door import PowerDoor
    from minerdesk.storage.load_files import LoadFiles

    return PowerDoor(kept(), LoadFiles(profile.loads_dir), clock)


def _network_history(history: HistoryDoor, clock: Callable[[], datetime]) -> NetworkHistory:
    from minerdesk.services.network_history.history import Chances, NetworkHistory

    return NetworkHistory(history, Chances(clock), resources.load_retargets())


def _feeds_for(clock: Callable[[], datetime]) -> FeedsFor:
    def build_for(
        settings: Settings, secrets: Callable[[], SecretStore], currency: str
    ) -> Sequence[Feed]:
        # The HTTP library takes a tenth of a second to load; only who polls pays for it.
        from minerdesk.feeds.sources import FeedConfig, build_feeds

        config = FeedConfig(
            mempool_url=settings.text("feeds.mempool_url"),
            coinbase_url=settings.text("feeds.coinbase_url"),
            kraken_url=settings.text("feeds.kraken_url"),
            core_url=settings.text("feeds.core_url"),
            ecb_url=settings.text("feeds.ecb_url"),
            core_credentials=_core_credentials(settings, secrets),
            accept_any_certificate=settings.flag("feeds.mempool_allow_self_signed"),
            door=_door(settings),
        )
        return build_feeds(config, currency, clock)

    return build_for


def _ask_grids(
    clock: Callable[[], datetime],
) -> Callable[[Callable[[], SecretStore]], Fetch]:
    def with_secrets(secrets: Callable[[], SecretStore]) -> Fetch:
        def fetch(source: LiveSource, start: datetime, end: datetime) -> PriceRows:
            from minerdesk.feeds.grid import GridPrices

            return GridPrices(lambda key: secrets().get(key), clock).fetch(source, start, end)

        return fetch

    return with_secrets


def _starts_today(decisions: Decisions, open_book: BookService) -> StartsToday:
    def found(book: Book, now: datetime) -> Mapping[str, int]:
        from minerdesk.services.planning.units import limited_days

        if open_book.book is not book:
            return {}
        try:
            return decisions.starts_since(limited_days(book, now), open_book.key)
        except WorldError:
            return {}  # a log that cannot be read is told where it is shown

    return found


def _day_feeds_for(clock: Callable[[], datetime]) -> DayFeedsFor:
    def build_for(
        settings: Settings, secrets: Callable[[], SecretStore], currency: str
    ) -> Sequence[DayFeed]:
        from minerdesk.feeds.days.sources import DayConfig, build_day_feeds

        # Its licence is not for everybody, so the operator says first.
        coin_metrics_url = settings.text("feeds.coin_metrics_url")
        if not settings.flag("feeds.coin_metrics"):
            coin_metrics_url = ""
        config = DayConfig(
            mempool_url=settings.text("feeds.mempool_url"),
            blockchain_url=settings.text("feeds.blockchain_url"),
            coin_metrics_url=coin_metrics_url,
            core_url=settings.text("feeds.core_url"),
            core_credentials=_core_credentials(settings, secrets),
            accept_any_certificate=settings.flag("feeds.mempool_allow_self_signed"),
            door=_door(settings),
        )
        return build_day_feeds(config, currency, clock)

    return build_for


def _door(settings: Settings) -> DoorSettings:
    from minerdesk.feeds.http import DoorSettings

    return DoorSettings(
        connect_s=settings.number("feeds.connect_timeout_s"),
        read_s=settings.number("feeds.read_timeout_s"),
        proxy=settings.text("feeds.proxy_url"),
    )


def _core_credentials(
    settings: Settings, secrets: Callable[[], SecretStore]
) -> Callable[[], tuple[str, str] | None]:
    def credentials() -> tuple[str, str] | None:
        cookie, user = settings.text("feeds.core_cookie_file"), settings.text("feeds.core_user")
        if cookie:
            return read_cookie(Path(cookie).expanduser())
        return (user, secrets().get("feeds.core_password") or "") if user else None

    return credentials


def _report_decisions(error: BaseException) -> None:
    _log.error("A decision could not be written.", exc_info=error)


def _report_journal(error: BaseException) -> None:
    _log.error("The journal could not be written.", exc_info=error)
