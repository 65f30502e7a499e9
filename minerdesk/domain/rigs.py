"""Rig models, rig groups and what runs now."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from minerdesk.domain import limits
from minerdesk.domain.limits import limited
from minerdesk.domain.starts import StartCosts
from minerdesk.domain.units import j_per_th


class Cooling(StrEnum):
    """How a machine is cooled."""

    AIR = "air"
    HYDRO = "hydro"
    IMMERSION = "immersion"


class Origin(StrEnum):
    """Where a TH/s or W figure of a group comes from."""

    NAMEPLATE = "nameplate"
    TYPED = "typed"
    MEASURED = "measured"


class PoolScheme(StrEnum):
    """How the pool pays. The expected income is the same; its variance is not."""

    FPPS = "fpps"
    PPS = "pps"
    PPS_PLUS = "pps+"
    PPLNS = "pplns"
    SOLO = "solo"


class StateSource(StrEnum):
    """Who says what runs now."""

    ASSUMED = "assumed"
    TYPED = "typed"
    DONE = "done"
    READ = "read"


class Pin(StrEnum):
    """What the operator holds a group to."""

    FREE = "free"
    ON = "on"  # in whichever mode
    OFF = "off"


OFF = "off"  # what a rig that is powered down is said to be in; no mode may be called so


@dataclass(frozen=True, slots=True)
class PowerMode:
    """One operating point of a rig: a name such as ``normal``, TH/s, and W at the wall."""

    name: str
    hashrate_ths: float = limited(limits.POSITIVE)
    power_w: float = limited(limits.POSITIVE)

    def __post_init__(self) -> None:
        limits.check(self)
        _check_mode_name(self.name)

    @property
    def efficiency_j_per_th(self) -> float:
        """Energy per work in J/TH."""
        return j_per_th(self.power_w, self.hashrate_ths)


@dataclass(frozen=True, slots=True)
class RigModel:
    """A machine as its maker sells it. The first mode is the one it leaves the factory in.

    Attributes:
        released: month of first availability, ``YYYY-MM``, empty where unknown.
        idle_w: W one rig draws while powered down by its firmware (0 where it is unplugged).
        confidence: ``high``, ``medium``, ``single-source``, ``conflict``, or ``own`` (typed by the
            operator).
        home: made for homes rather than for halls.
        starts: costs of starting one, over the site's and the book's.
    """

    name: str
    modes: tuple[PowerMode, ...]
    maker: str = ""
    cooling: Cooling = Cooling.AIR
    released: str = ""
    idle_w: float = limited(limits.NOT_NEGATIVE, default=0.0)
    confidence: str = "own"
    home: bool = False
    note: str = ""
    starts: StartCosts | None = None

    def __post_init__(self) -> None:
        limits.check(self)
        if not self.modes:
            raise ValueError(
                f"modes must hold at least one power mode, found none in {self.name!r}"
            )
        names = [mode.name for mode in self.modes]
        if len(set(names)) != len(names):
            raise ValueError(f"modes must have different names, found {names!r}")


@dataclass(frozen=True, slots=True)
class ModeOverride:
    """Measured or typed values of one mode of a group, over the nameplate.

    A value that is None leaves the nameplate's. A mode the model does not have is a custom one and
    needs both values.
    """

    mode: str
    hashrate_ths: float | None = limited(limits.POSITIVE, default=None)
    power_w: float | None = limited(limits.POSITIVE, default=None)
    hashrate_origin: Origin = Origin.TYPED
    power_origin: Origin = Origin.TYPED

    def __post_init__(self) -> None:
        limits.check(self)
        _check_mode_name(self.mode)


@dataclass(frozen=True, slots=True)
class ModeCount:
    """How many rigs of a group run in one mode."""

    mode: str
    count: int = limited(limits.NOT_NEGATIVE)

    def __post_init__(self) -> None:
        limits.check(self)


@dataclass(frozen=True, slots=True)
class StateNow:
    """What runs now in a group: rigs per mode (the rest is off), since when, and who says so."""

    running: tuple[ModeCount, ...]
    since: datetime | None = None
    source: StateSource = StateSource.TYPED

    @property
    def running_count(self) -> int:
        """Rigs that run, in whichever mode."""
        return sum(entry.count for entry in self.running)


@dataclass(frozen=True, slots=True)
class Purchase:
    """What one rig of a group cost. Money in ``currency``, or the book's where that is empty."""

    price_per_rig: float = limited(limits.COST)
    currency: str = ""
    bought_on: date | None = None
    life_months: int = limited(limits.COUNT, default=36)
    residual_per_rig: float = limited(limits.COST, default=0.0)

    def __post_init__(self) -> None:
        limits.check(self)


@dataclass(frozen=True, slots=True)
class RigGroup:
    """``count`` equal rigs on one site.

    Attributes:
        id: stable name of the group inside its book.
        site: id of its site; ``model``: name of a model in the book.
        overrides: measured or typed values over the nameplate, by mode.
        state_now: what runs now; None means all rigs run in the first mode.
        uptime: fraction of the time the rigs hash while they are on, in (0, 1].
        reject_rate, firmware_fee: fractions in [0, 1) of the work.
        pool_fee: fraction of the subsidy the pool keeps; ``pool_fee_on_fees``: of the transaction
            fees, None means the same.
        idle_w: W per rig while powered down; None means the model's.
        pin: what the operator holds the group to in every plan, whatever it costs.
    """

    id: str
    site: str
    model: str
    count: int = limited(limits.COUNT)
    overrides: tuple[ModeOverride, ...] = ()
    state_now: StateNow | None = None
    uptime: float = limited(limits.UPTIME, default=1.0)
    reject_rate: float = limited(limits.FEE, default=0.0)
    pool_fee: float = limited(limits.FEE, default=0.0)
    pool_fee_on_fees: float | None = limited(limits.FEE, default=None)
    pool_scheme: PoolScheme = PoolScheme.FPPS
    firmware_fee: float = limited(limits.FEE, default=0.0)
    idle_w: float | None = limited(limits.NOT_NEGATIVE, default=None)
    owner: str = ""
    location: str = ""
    note: str = ""
    purchase: Purchase | None = None
    pin: Pin = Pin.FREE

    def __post_init__(self) -> None:
        limits.check(self)
        if self.state_now is not None and self.state_now.running_count > self.count:
            raise ValueError(
                f"state_now must not run more rigs than count, found "
                f"{self.state_now.running_count} of {self.count}"
            )


def _check_mode_name(name: str) -> None:
    if name.casefold() == OFF:
        raise ValueError(f"a power mode must have a name other than {OFF!r}, found {name!r}")
