"""Readings: numbers from outside with source, time and age; and the network state made of them."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum


class Quantity(StrEnum):
    """What a reading is a reading of. Its unit is fixed."""

    PRICE = "price"  # money per BTC, in the reading's currency
    HEIGHT = "height"  # height of the chain's tip, blocks
    DIFFICULTY = "difficulty"  # dimensionless
    FEES = "fees"  # BTC per block, mean of the last 144 blocks
    HASHRATE = "hashrate"  # H/s, 7-day mean unless `window_days` says otherwise
    RETARGET = "retarget"  # the source's own projection of the next change, percent
    PREVIOUS_RETARGET = "previous_retarget"  # percent
    PROJECTED_RETARGET = "projected_retarget"  # the projection in force, percent
    PROJECTED_HEIGHT = "projected_height"  # first block of the epoch it is the projection of
    EPOCH_START = "epoch_start"  # Unix time of the epoch's first block, s
    QUARTER_TIME = "quarter_time"  # Unix time of the block 503 before the tip, s
    TIP_TIME = "tip_time"  # Unix time of the tip, s
    EXCHANGE_RATE = "exchange_rate"  # units of `currency` for one USD


class Provenance(StrEnum):
    """How a reading came to be."""

    LIVE = "live"
    TYPED = "typed"
    EMBEDDED = "embedded"


@dataclass(frozen=True, slots=True)
class Reading:
    """A number from outside.

    Attributes:
        value: finite; in the unit of its quantity.
        source: who says so, such as ``mempool.space`` or ``Kraken``.
        taken_at: UTC, when the source said it held (its own time where it gives one).
        currency: ISO 4217 code for a price or an exchange rate, else empty.
        window_days: the averaging window of a hashrate, else None.
    """

    quantity: Quantity
    value: float
    source: str
    taken_at: datetime
    provenance: Provenance = Provenance.LIVE
    currency: str = ""
    window_days: float | None = None

    def age(self, now: datetime) -> timedelta:
        """Return the age at ``now``, never negative; a typed value has age 0 until released."""
        if self.provenance is Provenance.TYPED:
            return timedelta(0)
        return max(now - self.taken_at, timedelta(0))


@dataclass(frozen=True, slots=True)
class Gauge:
    """One number as the window shows it: the reading in force, and all others beside it.

    Attributes:
        reading: the one in force (for a price the median of the fresh ones), or None.
        beside: every source's own reading, the typed one included.
        left_out: sources left out as outliers, by name.
        disputed: exactly two sources differ by more than the outlier limit.
        spread: half the relative spread of a disputed pair, a fraction; else 0.
        stale_after: age from which the reading is stale; it depends on the source in force.
    """

    reading: Reading | None = None
    beside: tuple[Reading, ...] = ()
    left_out: tuple[str, ...] = ()
    disputed: bool = False
    spread: float = 0.0
    stale_after: timedelta = timedelta(minutes=5)

    @property
    def value(self) -> float | None:
        """The number in force, or None."""
        return None if self.reading is None else self.reading.value

    @property
    def is_typed(self) -> bool:
        """Whether the operator typed the number in force."""
        return self.reading is not None and self.reading.provenance is Provenance.TYPED

    def is_stale(self, now: datetime) -> bool:
        """Whether the number in force is missing or older than its limit."""
        return self.reading is None or self.reading.age(now) > self.stale_after


@dataclass(frozen=True, slots=True)
class RetargetProjection:
    """The next difficulty change as projected.

    Attributes:
        change_pct, error_pct: the change and one standard deviation, both percent.
        at: when, UTC; ``height``: the first block of the next epoch; ``remaining_blocks`` to it.
        previous_pct: the last change, percent, or None.
        source: ``own formula`` or the name of the source whose value it is.
        typed: the operator typed the change.
    """

    change_pct: float
    error_pct: float
    at: datetime
    height: int
    remaining_blocks: int
    source: str
    taken_at: datetime
    previous_pct: float | None = None
    typed: bool = False


@dataclass(frozen=True, slots=True)
class NetworkState:
    """All that is known of the network at one moment; immutable, made by `services.refresh`.

    Attributes:
        revision: grows with each new state; 0 until what was kept of earlier days is read.
        price: BTC price in ``currency``; ``price_note`` says where it was converted, else empty.
        rates: units of each currency for one USD, with source and age.
        example_of: set on the embedded snapshot alone: this state is an example, never advice.
        given: every number was given for one evaluation; none stands over a live one.
    """

    revision: int = 0
    currency: str = "USD"
    price: Gauge = field(default_factory=Gauge)
    height: Gauge = field(default_factory=Gauge)
    difficulty: Gauge = field(default_factory=Gauge)
    fees: Gauge = field(default_factory=Gauge)
    hashrate: Gauge = field(default_factory=Gauge)
    retarget: RetargetProjection | None = None
    rates: tuple[Reading, ...] = ()
    price_note: str = ""
    example_of: datetime | None = None
    online: bool = False
    given: bool = False

    @property
    def complete(self) -> bool:
        """Whether price, difficulty, height and fees are known, so money can be computed."""
        return all(
            gauge.reading is not None
            for gauge in (self.price, self.height, self.difficulty, self.fees)
        )
