"""Every source of daily values that the settings ask for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

from minerdesk.feeds.address import parse_address
from minerdesk.feeds.asker import Tools
from minerdesk.feeds.core_rpc import Credentials
from minerdesk.feeds.days.base import DayFeed
from minerdesk.feeds.days.blockchain import CHARTS, BlockchainDays
from minerdesk.feeds.days.coinmetrics import CoinMetricsDays
from minerdesk.feeds.days.core import CoreDays
from minerdesk.feeds.days.mempool import MempoolHashrateDays, MempoolRetargets
from minerdesk.feeds.days.mempool_blocks import MempoolBlockDays, MempoolPriceDays
from minerdesk.feeds.http import DoorSettings
from minerdesk.feeds.mempool import mempool_instance

_LONGEST_ANSWER_S: Final = 120.0
_MOST_BYTES: Final = 32 * 1024 * 1024
MEMPOOL_CURRENCIES: Final = ("USD", "EUR", "GBP", "CAD", "CHF", "AUD", "JPY")


@dataclass(frozen=True, slots=True)
class DayConfig:
    """Which sources are asked for the past, and how. An empty address switches its source off.

    Attributes:
        core_url: RPC address of an own Bitcoin Core.
        core_credentials: gives user and password before each call (a cookie), or None.
        accept_any_certificate: for the operator's own mempool instance alone.
        door: limits and proxy; answers of the past may be longer than those of the present.
    """

    mempool_url: str = ""
    blockchain_url: str = ""
    coin_metrics_url: str = ""
    core_url: str = ""
    core_credentials: Credentials = lambda: None
    accept_any_certificate: bool = False
    door: DoorSettings = field(default_factory=DoorSettings)


def build_day_feeds(
    config: DayConfig, currency: str, clock: Callable[[], datetime]
) -> tuple[DayFeed, ...]:
    """Build the sources of daily values.

    Args:
        config: addresses and limits.
        currency: the book's; prices are asked for in it and in USD.
        clock: gives the time, UTC and aware.

    Raises:
        UserError: an address is not one.
    """
    door = replace(config.door, total_s=_LONGEST_ANSWER_S, max_bytes=_MOST_BYTES)
    tools = Tools(clock, door)
    feeds: list[DayFeed] = []
    if config.core_url:
        feeds.append(CoreDays(parse_address(config.core_url), tools, config.core_credentials))
    if config.mempool_url:
        feeds += _mempool(config, tools, currency)
    if config.blockchain_url:
        address = parse_address(config.blockchain_url)
        feeds += [BlockchainDays(quantity, address, tools) for quantity in CHARTS]
    if config.coin_metrics_url:
        feeds.append(CoinMetricsDays(parse_address(config.coin_metrics_url), tools))
    return tuple(feeds)


def _mempool(config: DayConfig, tools: Tools, currency: str) -> list[DayFeed]:
    address, tools = mempool_instance(
        config.mempool_url, tools, any_certificate=config.accept_any_certificate
    )
    wanted = [c for c in dict.fromkeys(("USD", currency)) if c in MEMPOOL_CURRENCIES]
    return [
        MempoolRetargets(address, tools),
        MempoolHashrateDays(address, tools),
        *(MempoolPriceDays(address, tools, each) for each in wanted),
        MempoolBlockDays("fees", address, tools),
        MempoolBlockDays("rewards", address, tools),
    ]
