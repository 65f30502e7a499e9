"""A site: a place with one tariff, its costs, and the rules its machines run under."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from minerdesk.domain import limits
from minerdesk.domain.limits import first_twice, limited
from minerdesk.domain.starts import StartCosts


class CostLayer(StrEnum):
    """The layer a monthly cost belongs to (the cash layer is power and variable fees alone)."""

    AVOIDABLE = "avoidable"
    OVERHEAD = "overhead"


@dataclass(frozen=True, slots=True)
class MonthlyCost:
    """Money a site costs each month whatever its rigs do."""

    name: str
    amount: float = limited(limits.MONEY)
    layer: CostLayer = CostLayer.AVOIDABLE
    currency: str = ""

    def __post_init__(self) -> None:
        limits.check(self)


@dataclass(frozen=True, slots=True)
class Capital:
    """Money sunk into a site, written off over its life with yearly interest as a fraction."""

    amount: float = limited(limits.COST)
    life_months: int = limited(limits.COUNT)
    interest: float = limited(limits.Limits(minimum=0, maximum=1e6), default=0.0)
    currency: str = ""

    def __post_init__(self) -> None:
        limits.check(self)


@dataclass(frozen=True, slots=True)
class QuietHours:
    """Local hours in which nothing may start, for noise or for want of staff.

    Attributes:
        from_hour, to_hour: the end is not inside; an end at or before the start is the next day's.
        days: of the week, Monday is 0; empty means all. They are the days the hours begin on.
    """

    from_hour: int = limited(limits.Limits(minimum=0, maximum=23))
    to_hour: int = limited(limits.Limits(minimum=0, maximum=24))
    days: tuple[int, ...] = ()
    reason: str = ""

    def __post_init__(self) -> None:
        limits.check(self)
        for day in self.days:
            if day not in range(7):
                raise ValueError(f"days must be from 0 (Monday) to 6 (Sunday), found {day!r}")


@dataclass(frozen=True, slots=True)
class Event:
    """A span of time in which the site must draw no more than ``most_kw``.

    Attributes:
        start, end: UTC, aware.
        most_kw: the whole site, PUE, idle rigs and fixed load included; 0 means everything off.
        programme: name of the tariff's curtailment credit that pays for it, or empty.
    """

    name: str
    start: datetime
    end: datetime
    most_kw: float = limited(limits.NOT_NEGATIVE, default=0.0)
    programme: str = ""

    def __post_init__(self) -> None:
        limits.check(self)
        for moment in (self.start, self.end):
            if moment.tzinfo is None:
                raise ValueError(
                    f"event {self.name!r} needs times with an offset from UTC, found {moment}"
                )
        if self.end <= self.start:
            raise ValueError(
                f"event {self.name!r} must end after it starts, found {self.end} after {self.start}"
            )


@dataclass(frozen=True, slots=True)
class ChargePeak:
    """What a month is charged of one demand charge, or of one coincident peak.

    Attributes:
        charge: its name. kw: the highest mean that a demand charge has metered; of a coincident
            peak the mean draw in the system peaks that are charged.
    """

    charge: str
    kw: float = limited(limits.METERED)

    def __post_init__(self) -> None:
        limits.check(self)


@dataclass(frozen=True, slots=True)
class MeteredMonth:
    """What the meter says of a month: a past one, or the present one so far.

    Attributes:
        month: ``YYYY-MM``, local.
        kwh: used. peak_kw: the highest mean; for every demand charge without its own in ``peaks``.
        peaks: a coincident peak's holds for bills of this month and later ones until another does.
        as_of: UTC, for the present month; None for one that is over.
        revenue: of the month, in the tariff's currency, for a host's share of the profit.
    """

    month: str
    kwh: float = limited(limits.METERED, default=0.0)
    peak_kw: float = limited(limits.METERED, default=0.0)
    peaks: tuple[ChargePeak, ...] = ()
    as_of: datetime | None = None
    revenue: float | None = limited(limits.NOT_NEGATIVE, default=None)

    def __post_init__(self) -> None:
        limits.check(self)
        twice = first_twice(each.charge for each in self.peaks)
        if twice is not None:
            raise ValueError(
                f"peaks of {self.month} must have each demand charge once, found {twice!r} twice; "
                "keep one of the two"
            )
        year, dash, month = self.month.partition("-")
        if not (
            dash
            and len(year) == 4
            and year.isdecimal()
            and len(month) == 2
            and month.isdecimal()
            and 1 <= int(month) <= 12
        ):
            raise ValueError(f"month must be written as 2026-01, found {self.month!r}")

    def peak_of(self, charge: str) -> float:
        """Return the peak of one demand charge in kW."""
        return next((peak.kw for peak in self.peaks if peak.charge == charge), self.peak_kw)


@dataclass(frozen=True, slots=True)
class Site:
    """A place with one tariff.

    Attributes:
        id: stable name of the site inside its book.
        tariff: id of its tariff.
        time_zone: IANA name, such as ``America/Chicago``.
        pue: power usage effectiveness, at least 1.
        fixed_load_kw: load beside PUE that stops only when the site closes (avoidable, not cash).
        limit_kw: most the site may draw; None means no limit.
        least_kw: least the site must draw, fixed load included.
        ramp_kw: most its load may change from one step of the plan to the next; None for any.
        no_start: hours in which nothing may start. events: spans that must be obeyed.
        expected_peak_kw: demand the month will reach anyway; None means what the meter has reached,
            and where that is not known what runs now.
        metered: what the meter said, by month.
        required_margin: fraction of revenue a rig must leave after its avoided power; may be
            negative, which is mining at a chosen loss.
        starts: costs of starting here, over the book's.
    """

    id: str
    name: str
    tariff: str
    time_zone: str = "UTC"
    pue: float = limited(limits.PUE, default=1.0)
    fixed_load_kw: float = limited(limits.NOT_NEGATIVE, default=0.0)
    limit_kw: float | None = limited(limits.POSITIVE, default=None)
    least_kw: float = limited(limits.NOT_NEGATIVE, default=0.0)
    ramp_kw: float | None = limited(limits.POSITIVE, default=None)
    no_start: tuple[QuietHours, ...] = ()
    events: tuple[Event, ...] = ()
    expected_peak_kw: float | None = limited(limits.NOT_NEGATIVE, default=None)
    metered: tuple[MeteredMonth, ...] = ()
    monthly_costs: tuple[MonthlyCost, ...] = ()
    capital: Capital | None = None
    required_margin: float = limited(limits.Limits(minimum=-1e6, below=1), default=0.0)
    starts: StartCosts | None = None
    note: str = ""

    def __post_init__(self) -> None:
        limits.check(self)
        twice = first_twice(each.month for each in self.metered)
        if twice is not None:
            raise ValueError(
                f"metered must have each month once, found {twice!r} twice; keep one of the two"
            )
        if self.limit_kw is not None and self.limit_kw < self.least_kw:
            raise ValueError(
                f"limit_kw must be at least least_kw {self.least_kw:g}, found {self.limit_kw:g}"
            )
