"""The parts a power contract is put together from: what each is, and how it begins and ends.

A part that is added changes no price until something is typed into it, so a contract can be tried
out piece by piece.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from minerdesk.domain.calendar import COUNTS, DOES_NOT, Calendar
from minerdesk.domain.tariff import (
    Adder,
    CoincidentPeak,
    CurtailmentCredit,
    DemandCharge,
    DemandTier,
    FixedCharge,
    HeatCredit,
    Holidays,
    Hosting,
    PeakHours,
    Period,
    PriceIndex,
    TakeOrPay,
    Tariff,
    Tier,
    TimeOfUse,
    Unused,
)
from minerdesk.domain.text import _
from minerdesk.engine.tariff import simple_price_per_kwh

OFF_PEAK: Final = "o"
ON_PEAK: Final = "p"
_FIRST_BORDER_KWH: Final = 100_000.0


@dataclass(frozen=True, slots=True)
class Part:
    """One kind of clause of a contract.

    Attributes:
        key: stable name, such as ``demand``.
        title, explains: what it is called, and one sentence on it, both translated.
        has: tells whether a tariff has it. start: adds it. without: takes it away.
    """

    key: str
    title: str
    explains: str
    has: Callable[[Tariff], bool]
    start: Callable[[Tariff], Tariff]
    without: Callable[[Tariff], Tariff]


def mean_price_per_kwh(tariff: Tariff) -> float:
    """Return what one more kWh costs, over a year's hours where it depends on them.

    Money of the tariff's currency; NaN with an index that has no forecast of the operator's.
    """
    return simple_price_per_kwh(tariff)


def is_time_of_use(tariff: Tariff) -> bool:
    """Tell whether prices depend on the hour by the contract itself."""
    return tariff.time_of_use is not None and tariff.time_of_use.calendar is not None


def is_tiered(tariff: Tariff) -> bool:
    """Tell whether prices depend on how much was used before in the month."""
    of_use = tariff.time_of_use
    return of_use is not None and (
        of_use.calendar is None or any(len(period.tiers) > 1 for period in of_use.periods)
    )


def is_flat(tariff: Tariff) -> bool:
    """Tell whether the tariff has an energy price that always holds."""
    of_energy = (tariff.time_of_use, tariff.index, tariff.hosting, tariff.take_or_pay)
    return tariff.price_per_kwh != 0 or not any(of_energy)


def day_and_night(day: str, night: str, from_hour: int = 7, to_hour: int = 21) -> Calendar:
    """Return a calendar with ``day`` on weekdays from one hour to another, else ``night``."""
    row = night * from_hour + day * (to_hour - from_hour) + night * (24 - to_hour)
    return Calendar((row,) * 12, (night * 24,) * 12)


def parts() -> tuple[Part, ...]:
    """Return every part there is, in the order in which a contract is read."""
    return (*_energy(), *_power(), *_rest())


def present(tariff: Tariff) -> tuple[Part, ...]:
    """Return the parts that a tariff has."""
    return tuple(part for part in parts() if part.has(tariff))


def _energy() -> tuple[Part, ...]:
    return (
        Part(
            "flat",
            _("Energy, flat"),
            _("One price for each kWh, at all hours; it may be negative."),
            is_flat,
            lambda tariff: tariff,
            lambda tariff: replace(tariff, price_per_kwh=0.0),
        ),
        Part(
            "time_of_use",
            _("Time of use"),
            _("Prices by hour, month and kind of day, in the site's own time."),
            is_time_of_use,
            _start_time_of_use,
            _without_calendar,
        ),
        Part(
            "tiers",
            _("Tiers"),
            _("The price changes once so many kWh were used in the billing month."),
            is_tiered,
            _start_tiers,
            _without_tiers,
        ),
        Part(
            "index",
            _("Index"),
            _("Energy at a market's price by the hour or quarter of an hour, from a file or live."),
            lambda tariff: tariff.index is not None,
            lambda tariff: replace(tariff, index=PriceIndex(tariff.id or "prices")),
            _without_index,
        ),
        Part(
            "adders",
            _("Adders and percentages"),
            _("Grid fees, levies, losses and taxes on top: per kWh, or in percent."),
            lambda tariff: bool(tariff.adders or tariff.percentages),
            lambda tariff: replace(tariff, adders=(Adder(_("grid fee"), 0.0),)),
            lambda tariff: replace(tariff, adders=(), percentages=()),
        ),
    )


def _power() -> tuple[Part, ...]:
    return (
        Part(
            "demand",
            _("Demand charges"),
            _(
                "Money per kW of the month's highest mean over 15, 30 or 60 minutes; "
                "a ratchet keeps past peaks."
            ),
            lambda tariff: bool(tariff.demand),
            lambda tariff: replace(
                tariff, demand=(DemandCharge(_("demand"), (DemandTier(0.0),), 15),)
            ),
            lambda tariff: replace(tariff, demand=()),
        ),
        Part(
            "coincident",
            _("Coincident peak"),
            _("Yearly money per kW drawn in the few hours when the whole grid peaks, such as 4CP."),
            lambda tariff: bool(tariff.coincident),
            lambda tariff: replace(
                tariff,
                coincident=(
                    CoincidentPeak("4CP", 0.0, (PeakHours((6, 7, 8, 9), 15, 18, 0.016),), 4),
                ),
            ),
            lambda tariff: replace(tariff, coincident=()),
        ),
        Part(
            "fixed",
            _("Fixed and minimum"),
            _("Money each month whatever is drawn, and the least a month's bill comes to."),
            lambda tariff: bool(tariff.fixed) or tariff.minimum_per_month is not None,
            lambda tariff: replace(tariff, fixed=(FixedCharge(_("customer charge"), 0.0),)),
            lambda tariff: replace(tariff, fixed=(), minimum_per_month=None),
        ),
    )


def _rest() -> tuple[Part, ...]:
    return (
        Part(
            "take_or_pay",
            _("Take or pay"),
            _("A block of power paid for whether it is used or not; what is left is lost or sold."),
            lambda tariff: tariff.take_or_pay is not None,
            lambda tariff: replace(tariff, take_or_pay=TakeOrPay(1000.0, tariff.price_per_kwh)),
            lambda tariff: replace(tariff, take_or_pay=None),
        ),
        Part(
            "hosting",
            _("Hosting"),
            _("A host's price per kWh, for what is metered or for the nameplate, and its share."),
            lambda tariff: tariff.hosting is not None,
            lambda tariff: replace(tariff, hosting=Hosting(0.0)),
            lambda tariff: replace(tariff, hosting=None),
        ),
        Part(
            "curtailment",
            _("Curtailment credit"),
            _(
                "What the grid pays for power that can be, and is, given back when it asks: in an "
                "event each kWh under the baseline, for at most the kW enrolled. Without a "
                "baseline it is what the site draws with every rig on."
            ),
            lambda tariff: bool(tariff.curtailment),
            lambda tariff: replace(
                tariff, curtailment=(CurtailmentCredit(_("demand response"), 0.0),)
            ),
            lambda tariff: replace(tariff, curtailment=()),
        ),
        Part(
            "heat",
            _("Heat credit"),
            _("What the heat of a kWh is worth, month by month."),
            lambda tariff: tariff.heat is not None,
            lambda tariff: replace(tariff, heat=HeatCredit((0.0,) * 12)),
            lambda tariff: replace(tariff, heat=None),
        ),
        Part(
            "holidays",
            _("Holidays"),
            _("Days that count as holidays in the calendars: a country's, typed ones, or both."),
            lambda tariff: tariff.holidays is not None,
            lambda tariff: replace(tariff, holidays=Holidays()),
            lambda tariff: replace(tariff, holidays=None),
        ),
    )


def _start_time_of_use(tariff: Tariff) -> Tariff:
    calendar = day_and_night(ON_PEAK, OFF_PEAK)
    tiers = (
        tariff.time_of_use.periods[0].tiers
        if tariff.time_of_use is not None
        else (Tier(tariff.price_per_kwh),)
    )
    unit = {} if tariff.time_of_use is None else {"tier_unit": tariff.time_of_use.tier_unit}
    periods = (Period(OFF_PEAK, _("off-peak"), tiers), Period(ON_PEAK, _("on-peak"), tiers))
    flat = 0.0 if tariff.time_of_use is None else tariff.price_per_kwh
    return replace(tariff, price_per_kwh=flat, time_of_use=TimeOfUse(periods, calendar, **unit))


def _without_calendar(tariff: Tariff) -> Tariff:
    of_use = tariff.time_of_use
    if of_use is None:
        return tariff
    first = of_use.periods[0]
    if len(first.tiers) > 1:
        return replace(tariff, time_of_use=TimeOfUse((first,), None, of_use.tier_unit))
    return replace(
        tariff, price_per_kwh=tariff.price_per_kwh + first.tiers[0].per_kwh, time_of_use=None
    )


def _start_tiers(tariff: Tariff) -> Tariff:
    of_use = tariff.time_of_use
    if of_use is None:
        price = tariff.price_per_kwh
        tiers = (Tier(price, _FIRST_BORDER_KWH), Tier(price))
        return replace(
            tariff, price_per_kwh=0.0, time_of_use=TimeOfUse((Period("e", _("energy"), tiers),))
        )
    first, *others = of_use.periods
    price = first.tiers[-1].per_kwh
    parted = replace(first, tiers=(Tier(price, _FIRST_BORDER_KWH), Tier(price)))
    return replace(tariff, time_of_use=replace(of_use, periods=(parted, *others)))


def _without_tiers(tariff: Tariff) -> Tariff:
    of_use = tariff.time_of_use
    if of_use is None:
        return tariff
    if of_use.calendar is None:
        price = tariff.price_per_kwh + of_use.periods[0].tiers[0].per_kwh
        return replace(tariff, price_per_kwh=price, time_of_use=None)
    periods = tuple(
        replace(period, tiers=(Tier(period.tiers[0].per_kwh),)) for period in of_use.periods
    )
    return replace(tariff, time_of_use=replace(of_use, periods=periods))


def _without_index(tariff: Tariff) -> Tariff:
    block = tariff.take_or_pay
    if block is not None and block.unused is Unused.SOLD_AT_INDEX:
        tariff = replace(tariff, take_or_pay=replace(block, unused=Unused.LOST))
    return replace(tariff, index=None)


def counting(from_hour: int, to_hour: int) -> Calendar:
    """Return the calendar of a demand charge that counts on weekdays between two hours."""
    return day_and_night(COUNTS, DOES_NOT, from_hour, to_hour)
