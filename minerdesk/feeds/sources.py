"""Every feed the settings ask for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from minerdesk.feeds.address import parse_address
from minerdesk.feeds.asker import Tools
from minerdesk.feeds.base import Feed
from minerdesk.feeds.core import CoreNode
from minerdesk.feeds.ecb import EcbRates
from minerdesk.feeds.exchanges import (
    COINBASE_CURRENCIES,
    KRAKEN_CURRENCIES,
    CoinbasePrice,
    KrakenPrice,
)
from minerdesk.feeds.http import DoorSettings
from minerdesk.feeds.mempool import MempoolAdjustment, MempoolTip, mempool_instance
from minerdesk.feeds.mempool_stats import MempoolFees, MempoolHashrate, MempoolPrices

MEMPOOL_URL: Final = "https://mempool.space"
COINBASE_URL: Final = "https://api.exchange.coinbase.com"
KRAKEN_URL: Final = "https://api.kraken.com"
ECB_URL: Final = "https://www.ecb.europa.eu"


@dataclass(frozen=True, slots=True)
class FeedConfig:
    """Which sources are asked, and how. An empty address switches its source off.

    Attributes:
        core_url: RPC address of an own Bitcoin Core; empty means none.
        core_credentials: gives user and password before each call (a cookie), or None.
        accept_any_certificate: for the operator's own mempool instance alone.
    """

    mempool_url: str = MEMPOOL_URL
    coinbase_url: str = COINBASE_URL
    kraken_url: str = KRAKEN_URL
    core_url: str = ""
    ecb_url: str = ECB_URL
    core_credentials: Callable[[], tuple[str, str] | None] = lambda: None
    accept_any_certificate: bool = False
    door: DoorSettings = field(default_factory=DoorSettings)


def build_feeds(
    config: FeedConfig, currency: str, clock: Callable[[], datetime]
) -> tuple[Feed, ...]:
    """Build the feeds, an own node first: where sources agree, the first is shown.

    Args:
        config: addresses and limits.
        currency: the book's; prices are asked for in it and in USD.
        clock: gives the time, UTC and aware.

    Raises:
        UserError: an address is not one.
    """
    tools = Tools(clock, config.door)
    currencies = tuple(dict.fromkeys((currency, "USD")))
    feeds: list[Feed] = []
    if config.core_url:
        feeds.append(CoreNode(parse_address(config.core_url), tools, config.core_credentials))
    if config.mempool_url:
        feeds += _mempool(config, tools, currencies)
    if config.coinbase_url:
        address = parse_address(config.coinbase_url)
        feeds += [CoinbasePrice(address, tools, c) for c in currencies if c in COINBASE_CURRENCIES]
    if config.kraken_url:
        address = parse_address(config.kraken_url)
        feeds += [KrakenPrice(address, tools, c) for c in currencies if c in KRAKEN_CURRENCIES]
    if config.ecb_url:
        feeds.append(EcbRates(parse_address(config.ecb_url), tools))
    return tuple(feeds)


def _mempool(config: FeedConfig, tools: Tools, currencies: tuple[str, ...]) -> list[Feed]:
    address, tools = mempool_instance(
        config.mempool_url, tools, any_certificate=config.accept_any_certificate
    )
    return [
        MempoolTip(address, tools),
        MempoolAdjustment(address, tools),
        MempoolHashrate(address, tools),
        MempoolFees(address, tools),
        MempoolPrices(address, tools, currencies),
    ]
