"""What the tests of feeds share."""

from __future__ import annotations

from datetime import UTC, datetime

from minerdesk.domain.cancel import CancelToken
from minerdesk.domain.readings import Quantity, Reading
from minerdesk.feeds.address import parse_address
from minerdesk.feeds.asker import Tools
from minerdesk.feeds.base import Feed, FeedAnswer
from minerdesk.feeds.core import CoreNode
from minerdesk.feeds.ecb import EcbRates
from minerdesk.feeds.exchanges import CoinbasePrice, KrakenPrice
from minerdesk.feeds.http import Door, DoorSettings
from minerdesk.feeds.mempool import MempoolAdjustment, MempoolTip
from minerdesk.feeds.mempool_stats import MempoolFees, MempoolHashrate, MempoolPrices

# Only where nothing is to come in time; the rest is long enough for a busy machine.
QUICK = DoorSettings(connect_s=2, read_s=0.3, total_s=0.6)
PATIENT = DoorSettings(connect_s=10, read_s=10, total_s=20)


def now() -> datetime:
    return datetime.now(UTC)


def tools(settings: DoorSettings = PATIENT) -> Tools:
    return Tools(now, settings)


def door(url: str, settings: DoorSettings = PATIENT) -> Door:
    return Door(parse_address(url), settings)


def get(url: str, path: str = "api/v1/prices", settings: DoorSettings = PATIENT) -> bytes:
    return door(url, settings).get(path, CancelToken()).body


def feed(endpoint: str, url: str, settings: DoorSettings = PATIENT) -> Feed:
    """Build the feed that asks ``endpoint`` of the fake world."""
    address, kit = parse_address(url), tools(settings)
    made: dict[str, Feed] = {
        "tip": MempoolTip(address, kit),
        "difficulty-adjustment": MempoolAdjustment(address, kit),
        "hashrate": MempoolHashrate(address, kit),
        "reward-stats": MempoolFees(address, kit),
        "prices": MempoolPrices(address, kit, ("USD", "EUR")),
        "coinbase": CoinbasePrice(address, kit, "USD"),
        "kraken": KrakenPrice(address, kit, "USD"),
        "core": CoreNode(address, kit),
        "ecb": EcbRates(address, kit),
    }
    return made[endpoint]


FEEDS = (
    "tip",
    "difficulty-adjustment",
    "hashrate",
    "reward-stats",
    "prices",
    "coinbase",
    "kraken",
    "core",
    "ecb",
)


def fetch(found: Feed) -> FeedAnswer:
    return found.fetch(CancelToken())


def only(readings: tuple[Reading, ...], quantity: Quantity, currency: str = "") -> Reading:
    """Return the one reading of a quantity; fails where there are more or none."""
    (found,) = [r for r in readings if r.quantity is quantity and r.currency == currency]
    return found
