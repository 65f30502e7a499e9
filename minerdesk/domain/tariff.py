"""What a power contract says: the parts of a tariff, combined freely.

The energy price of a kWh is the *sum* of the flat price, the period's tier, the index and the
adders; percentages of energy come next, in the order written. Money is in the tariff's currency;
any price may be negative.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from minerdesk.domain import limits
from minerdesk.domain.calendar import COUNTS, DOES_NOT, Calendar
from minerdesk.domain.limits import limited

INTERVALS_MINUTES: Final = (15, 30, 60)
_MONTHS: Final = range(1, 13)


@dataclass(frozen=True, slots=True)
class Adder:
    """A named amount per kWh on top of the energy price; may be negative."""

    name: str
    per_kwh: float = limited(limits.PER_KWH)

    def __post_init__(self) -> None:
        limits.check(self)


class PercentageOf(StrEnum):
    """What a percentage is taken of."""

    ENERGY = "energy"  # of the price of a kWh so far
    BILL = "bill"  # of the whole bill so far, demand and fixed charges included, such as a tax


@dataclass(frozen=True, slots=True)
class Percentage:
    """A named fraction (0.2 is 20 %) of the price so far, such as losses or a tax."""

    name: str
    fraction: float = limited(limits.Limits(above=-1, maximum=1e6))
    of: PercentageOf = PercentageOf.ENERGY

    def __post_init__(self) -> None:
        limits.check(self)


class TierUnit(StrEnum):
    """What the border of a tier counts, since the beginning of the billing month."""

    KWH = "kwh"
    KWH_PER_KW = "kwh_per_kw"  # hours of use: kWh for each kW of the month's highest demand


@dataclass(frozen=True, slots=True)
class Tier:
    """Energy up to a border costs this much.

    Attributes:
        up_to: in the unit of its `TimeOfUse`; None means without end, and is the last one's.
    """

    per_kwh: float = limited(limits.PER_KWH)
    up_to: float | None = limited(limits.POSITIVE, default=None)

    def __post_init__(self) -> None:
        limits.check(self)


@dataclass(frozen=True, slots=True)
class Period:
    """A period of the day or year with its own price: one tier, or several.

    Attributes:
        key: the one character it has in the calendar.
    """

    key: str
    name: str
    tiers: tuple[Tier, ...]

    def __post_init__(self) -> None:
        if len(self.key) != 1 or self.key.isspace():
            raise ValueError(
                f"the key of period {self.name!r} must be one character, found {self.key!r}"
            )
        _check_borders(f"period {self.name!r}", [tier.up_to for tier in self.tiers])


@dataclass(frozen=True, slots=True)
class TimeOfUse:
    """Prices by period and tier.

    The tier is found by the kWh of the whole billing month so far, over all periods.

    Attributes:
        calendar: which period holds when, local civil time; None means the one period always holds.
    """

    periods: tuple[Period, ...]
    calendar: Calendar | None = None
    tier_unit: TierUnit = TierUnit.KWH

    def __post_init__(self) -> None:
        if not self.periods:
            raise ValueError("time of use must have at least one period, found none")
        by_key: dict[str, Period] = {}
        for period in self.periods:
            other = by_key.setdefault(period.key, period)
            if other is not period:
                raise ValueError(
                    f"periods {other.name!r} and {period.name!r} overlap: both have the key "
                    f"{period.key!r}; give one of them another"
                )
        if self.calendar is not None:
            self.calendar.check_keys(frozenset(by_key), "period")
        elif len(self.periods) > 1:
            raise ValueError(
                f"{len(self.periods)} periods need a calendar that says when each holds, found none"
            )


@dataclass(frozen=True, slots=True)
class DemandTier:
    """Demand up to a border in kW costs this much per kW and month; None means without end."""

    per_kw: float = limited(limits.MONEY)
    up_to_kw: float | None = limited(limits.POSITIVE, default=None)

    def __post_init__(self) -> None:
        limits.check(self)


@dataclass(frozen=True, slots=True)
class Ratchet:
    """The billed demand is at least a fraction of the highest of past months.

    Attributes:
        months: how many months back it looks.
        of_months: only peaks of these months of the year (1 to 12) count; empty means all.
    """

    fraction: float = limited(limits.Limits(above=0, maximum=1))
    months: int = limited(limits.Limits(minimum=1, maximum=60), default=11)
    of_months: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        limits.check(self)
        _check_months("of_months of a ratchet", self.of_months)


@dataclass(frozen=True, slots=True)
class DemandCharge:
    """Money per kW of the month's highest mean over an interval.

    Attributes:
        interval_minutes: 15, 30 or 60.
        calendar: hours with the key ``x`` count, hours with ``.`` do not; None means all count.
    """

    name: str
    tiers: tuple[DemandTier, ...]
    interval_minutes: int = 15
    calendar: Calendar | None = None
    ratchet: Ratchet | None = None

    def __post_init__(self) -> None:
        if self.interval_minutes not in INTERVALS_MINUTES:
            raise ValueError(
                f"interval_minutes must be 15, 30 or 60, found {self.interval_minutes!r}"
            )
        _check_borders(f"demand charge {self.name!r}", [tier.up_to_kw for tier in self.tiers])
        if self.calendar is not None:
            self.calendar.check_keys(frozenset((COUNTS, DOES_NOT)), "mark")


@dataclass(frozen=True, slots=True)
class PeakHours:
    """Hours in which the system's peak may fall.

    Attributes:
        months: of the year, 1 to 12. from_hour, to_hour: local, the end is not inside.
        weekdays_only: not on weekends and holidays.
        probability: that a given one of these hours is one of the year's charged peaks.
    """

    months: tuple[int, ...]
    from_hour: int = limited(limits.Limits(minimum=0, maximum=23))
    to_hour: int = limited(limits.Limits(minimum=1, maximum=24))
    probability: float = limited(limits.Limits(minimum=0, maximum=1))
    weekdays_only: bool = True

    def __post_init__(self) -> None:
        limits.check(self)
        _check_months("months of peak hours", self.months)
        if self.to_hour <= self.from_hour:
            raise ValueError(
                f"to_hour must be greater than from_hour {self.from_hour}, found {self.to_hour}"
            )


@dataclass(frozen=True, slots=True)
class CoincidentPeak:
    """Yearly money per kW drawn while the system peaks, such as ERCOT's four (4CP).

    Attributes:
        per_kw_year: for a kW that is drawn in all of the year's charged peaks.
        peaks_per_year: how many peaks are charged; each weighs as much as the others.
    """

    name: str
    per_kw_year: float = limited(limits.MONEY)
    hours: tuple[PeakHours, ...] = ()
    peaks_per_year: int = limited(limits.COUNT, default=4)

    def __post_init__(self) -> None:
        limits.check(self)


@dataclass(frozen=True, slots=True)
class FixedCharge:
    """Money each month whatever is drawn."""

    name: str
    per_month: float = limited(limits.MONEY)

    def __post_init__(self) -> None:
        limits.check(self)


class Provider(StrEnum):
    """The library that asks a power market."""

    GRIDSTATUS = "gridstatus"
    ENTSOE = "entsoe"


class Market(StrEnum):
    """Which of a market's prices."""

    DAY_AHEAD = "day_ahead"
    REAL_TIME = "real_time"


@dataclass(frozen=True, slots=True)
class LiveSource:
    """Where the prices of an index come from while they are asked for.

    Attributes:
        area: market operator such as ``ERCOT``, or bidding zone such as ``DE_LU``.
        location: hub or node, empty where the area has one price.
    """

    provider: Provider
    area: str
    location: str = ""
    market: Market = Market.DAY_AHEAD


@dataclass(frozen=True, slots=True)
class PriceIndex:
    """Energy at a market's price by the hour or quarter of an hour.

    Attributes:
        series: name of a price series that this program keeps, from a file or a live source.
        multiplier: times the price, such as 1.03 for losses of 3 %.
        forecast_days: past the last known price the mean of the same local hour of so many days.
        forecast_per_kwh: the operator's own forecast instead, or None.
    """

    series: str
    live: LiveSource | None = None
    multiplier: float = limited(limits.FACTOR, default=1.0)
    forecast_days: int = limited(limits.Limits(minimum=1, maximum=60), default=7)
    forecast_per_kwh: float | None = limited(limits.PER_KWH, default=None)

    def __post_init__(self) -> None:
        limits.check(self)
        if not self.series:
            raise ValueError("an index must name its price series, found none")


class Unused(StrEnum):
    """What becomes of energy of a block that is not used."""

    LOST = "lost"
    SOLD = "sold"  # back at a fixed price
    SOLD_AT_INDEX = "sold_at_index"  # back at the index less a fee


@dataclass(frozen=True, slots=True)
class TakeOrPay:
    """A block of power that is paid whether it is used or not.

    Attributes:
        kw: power of the block in every hour. per_kwh: its price.
        sold_per_kwh: what a kWh sold back brings; with `Unused.SOLD_AT_INDEX` the fee that is taken
            off the index instead.
    """

    kw: float = limited(limits.POSITIVE)
    per_kwh: float = limited(limits.PER_KWH)
    unused: Unused = Unused.LOST
    sold_per_kwh: float = limited(limits.PER_KWH, default=0.0)

    def __post_init__(self) -> None:
        limits.check(self)


class HostingBasis(StrEnum):
    """What a host bills."""

    METERED = "metered"  # what the rigs draw
    NAMEPLATE = "nameplate"  # what they would draw, whether they run or not


@dataclass(frozen=True, slots=True)
class Hosting:
    """A host's price per kWh, and its share of revenue less power cost."""

    per_kwh: float = limited(limits.PER_KWH)
    basis: HostingBasis = HostingBasis.METERED
    profit_share: float = limited(limits.FEE, default=0.0)

    def __post_init__(self) -> None:
        limits.check(self)


@dataclass(frozen=True, slots=True)
class CurtailmentCredit:
    """What a grid pays for power that can be, and is, given back.

    Attributes:
        name: events of a site name it as their programme.
        kw: power that is enrolled.
        per_kw_month: for being available. per_kwh: for each kWh by which the site stays under its
            baseline during an event: ``min(kw, max(0, baseline_kw - load))`` for its hours.
        baseline_kw: what the site would draw without the event; None means what it draws with
            every rig on, each in its hungriest mode.
    """

    name: str
    kw: float = limited(limits.NOT_NEGATIVE)
    per_kw_month: float = limited(limits.MONEY, default=0.0)
    per_kwh: float = limited(limits.PER_KWH, default=0.0)
    baseline_kw: float | None = limited(limits.NOT_NEGATIVE, default=None)

    def __post_init__(self) -> None:
        limits.check(self)


@dataclass(frozen=True, slots=True)
class HeatCredit:
    """What the heat of a kWh is worth, by month, January first."""

    per_kwh: tuple[float, ...]

    def __post_init__(self) -> None:
        if len(self.per_kwh) != 12:
            raise ValueError(f"a heat credit must have 12 months, found {len(self.per_kwh)}")
        for month, value in zip(_MONTHS, self.per_kwh, strict=True):
            if not limits.PER_KWH.allow(value):
                raise ValueError(
                    f"a heat credit must be {limits.PER_KWH.sentence(value)}, found {value!r} in "
                    f"month {month}"
                )


@dataclass(frozen=True, slots=True)
class Holidays:
    """Days that count as holidays: a country's, typed ones, or both.

    Attributes:
        country: ISO 3166 code such as ``US``; empty for none. subdivision: such as ``TX``.
    """

    country: str = ""
    subdivision: str = ""
    dates: tuple[date, ...] = ()


@dataclass(frozen=True, slots=True)
class Tariff:
    """What a kWh costs and what a month's bill is made of.

    Attributes:
        price_per_kwh: the flat part of the energy price; 0 where other parts give it all.
        currency: ISO 4217 code; empty means the book's.
        percentages: of the energy price in the order written, then of the bill likewise.
        minimum_per_month: the least a month's bill comes to, or None.
    """

    id: str
    name: str
    price_per_kwh: float = limited(limits.PER_KWH)
    currency: str = ""
    adders: tuple[Adder, ...] = ()
    percentages: tuple[Percentage, ...] = ()
    time_of_use: TimeOfUse | None = None
    index: PriceIndex | None = None
    demand: tuple[DemandCharge, ...] = ()
    coincident: tuple[CoincidentPeak, ...] = ()
    fixed: tuple[FixedCharge, ...] = ()
    minimum_per_month: float | None = limited(limits.COST, default=None)
    take_or_pay: TakeOrPay | None = None
    hosting: Hosting | None = None
    curtailment: tuple[CurtailmentCredit, ...] = ()
    heat: HeatCredit | None = None
    holidays: Holidays | None = None

    def __post_init__(self) -> None:
        limits.check(self)
        if (
            self.take_or_pay is not None
            and self.take_or_pay.unused is Unused.SOLD_AT_INDEX
            and self.index is None
        ):
            raise ValueError(
                "a block whose unused energy is sold at the index needs an index, found none"
            )


def _check_borders(what: str, borders: list[float | None]) -> None:
    if not borders:
        raise ValueError(f"{what} must have at least one tier, found none")
    if borders[-1] is not None:
        raise ValueError(
            f"the last tier of {what} must be without end, found a border at {borders[-1]:g}"
        )
    below = 0.0
    for border in borders[:-1]:
        if border is None or border <= below:
            found = "no border" if border is None else f"{border:g}"
            raise ValueError(
                f"the borders of {what} must grow from tier to tier, found {found} after {below:g}"
            )
        below = border


def _check_months(what: str, months: tuple[int, ...]) -> None:
    for month in months:
        if month not in _MONTHS:
            raise ValueError(f"{what} must be from 1 to 12, found {month!r}")
