"""The numbers of the fake world: one consistent state of the network, at a clock that can jump."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

ENDPOINTS = (
    "tip",
    "blocks",
    "difficulty-adjustment",
    "hashrate",
    "reward-stats",
    "prices",
    "coinbase",
    "kraken",
    "core",
    "ecb",
)
PAST_ENDPOINTS = (
    "past-hashrate",
    "past-retargets",
    "past-prices",
    "past-fees",
    "past-rewards",
    "blockchain",
    "coin-metrics",
)
EPOCH = 2016
CHANGE_PCT = -3.84


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass
class World:
    """Height, difficulty, fees and hashrate are those of the snapshot of 19 January 2026.

    The epoch began so long before `born` that the own formula projects -3.84 % at that moment.
    """

    height: int = 932_935
    difficulty: float = 146_472_570_619_930.78
    hashrate_hs: float = 9.77e20
    fees_sat: int = 1_480_000
    previous_pct: float = -1.2046
    source_change_pct: float = -3.5
    mempool_prices: dict[str, float] = field(
        default_factory=lambda: {
            "USD": 93_010,
            "EUR": 79_990,
            "GBP": 69_400,
            "CAD": 129_300,
            "CHF": 74_200,
            "AUD": 139_000,
            "JPY": 14_700_000,
        }
    )
    coinbase: dict[str, float] = field(
        default_factory=lambda: {"USD": 93_049.0, "EUR": 80_020.5, "GBP": 69_410.0}
    )
    kraken: dict[str, float] = field(
        default_factory=lambda: {"USD": 93_071.3, "EUR": 80_031.1, "GBP": 69_420.0}
    )
    euro_rates: dict[str, float] = field(
        default_factory=lambda: {"USD": 1.1628, "JPY": 184.1, "GBP": 0.8675, "CHF": 0.9271}
    )
    chain: str = "main"
    loading: bool = False
    refused_methods: set[str] = field(default_factory=set)
    core_tells_next: bool = True
    price_age_s: float = 0.0
    # Of the past: how far an own instance has indexed, whether it has prices, the longest page of
    # Coin Metrics, a day without fees there, and the first block a pruned node still has.
    index_days: int | None = None
    has_price_feed: bool = True
    page_size: int = 10_000
    no_fees_on: int | None = None
    pruned_below: int = 0
    # Why blockchain.com has no charts; a day of which mempool lost a block.
    charts_down: str = ""
    lost_block_on: int | None = None
    born: datetime = field(default_factory=_now)
    offset: timedelta = timedelta()

    def now(self) -> datetime:
        """The world's own time."""
        return _now() + self.offset

    def jump(self, seconds: float) -> None:
        """Let the world's clock jump, ahead or back."""
        self.offset += timedelta(seconds=seconds)

    @property
    def blocks_in(self) -> int:
        return self.height % EPOCH

    @property
    def epoch_height(self) -> int:
        return self.height - self.blocks_in

    @property
    def spacing_s(self) -> float:
        """Seconds a block in this epoch."""
        return 600 / (1 + CHANGE_PCT / 100)

    @property
    def epoch_start_s(self) -> int:
        return round(self.born.timestamp() - (self.blocks_in + 1) * self.spacing_s)

    def block_time_s(self, height: int) -> int:
        """When a block was found; every block of an epoch takes equally long."""
        after = height - self.epoch_height
        spacing_s = self.spacing_s if after >= 0 else 600 / (1 + self.previous_pct / 100)
        return round(self.epoch_start_s + after * spacing_s)
