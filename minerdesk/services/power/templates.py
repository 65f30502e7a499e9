"""Typical contracts to begin with; each is a whole that only wants its own numbers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from minerdesk.domain.tariff import (
    Adder,
    DemandCharge,
    DemandTier,
    FixedCharge,
    Holidays,
    Hosting,
    HostingBasis,
    Percentage,
    Period,
    PriceIndex,
    Ratchet,
    Tariff,
    Tier,
    TimeOfUse,
)
from minerdesk.domain.text import _
from minerdesk.services.power.parts import OFF_PEAK, ON_PEAK, counting, day_and_night


@dataclass(frozen=True, slots=True)
class Template:
    """A typical contract.

    Attributes:
        key: stable name. title, explains: translated.
        make: gives a tariff these parts in place of its own; id, name and currency stay.
    """

    key: str
    title: str
    explains: str
    make: Callable[[Tariff], Tariff]


def templates() -> tuple[Template, ...]:
    """Return the typical contracts, the plainest first."""
    return (
        Template("flat", _("One flat price"), _("The same price at all hours."), _flat),
        Template(
            "day_night",
            _("Day and night"),
            _("A dear day on weekdays, cheap nights and weekends."),
            _day_night,
        ),
        Template(
            "industrial",
            _("Industrial, with demand charge (US)"),
            _("Summer and winter peaks, a demand charge with ratchet, a customer charge."),
            _industrial,
        ),
        Template(
            "index",
            _("Market index with adder"),
            _("The grid's hourly price, a supplier's adder, losses in percent."),
            _index,
        ),
        Template(
            "hosting",
            _("Hosting"),
            _("A host's all-in price for the nameplate, with a share of profit."),
            _hosting,
        ),
    )


def _bare(tariff: Tariff, price_per_kwh: float = 0.0) -> Tariff:
    return Tariff(tariff.id, tariff.name, price_per_kwh, tariff.currency)


def _price(tariff: Tariff) -> float:
    return tariff.price_per_kwh or 0.06


def _flat(tariff: Tariff) -> Tariff:
    return _bare(tariff, _price(tariff))


def _day_night(tariff: Tariff) -> Tariff:
    price = _price(tariff)
    periods = (
        Period(OFF_PEAK, _("off-peak"), (Tier(round(price * 0.7, 4)),)),
        Period(ON_PEAK, _("on-peak"), (Tier(round(price * 1.3, 4)),)),
    )
    return replace(_bare(tariff), time_of_use=TimeOfUse(periods, day_and_night(ON_PEAK, OFF_PEAK)))


def _industrial(tariff: Tariff) -> Tariff:
    price = _price(tariff)
    winter, summer = (day_and_night(key, OFF_PEAK, 13, 19).weekday[0] for key in "ws")
    weekday = tuple(summer if 6 <= month <= 9 else winter for month in range(1, 13))
    calendar = replace(day_and_night(ON_PEAK, OFF_PEAK), weekday=weekday)
    periods = (
        Period(OFF_PEAK, _("off-peak"), (Tier(round(price * 0.75, 4)),)),
        Period("w", _("winter peak"), (Tier(round(price * 1.1, 4)),)),
        Period("s", _("summer peak"), (Tier(round(price * 1.8, 4)),)),
    )
    return replace(
        _bare(tariff),
        time_of_use=TimeOfUse(periods, calendar),
        demand=(
            DemandCharge(
                _("peak demand"),
                (DemandTier(12.0),),
                15,
                counting(13, 19),
                Ratchet(0.8, 11, (6, 7, 8, 9)),
            ),
        ),
        fixed=(FixedCharge(_("customer charge"), 500.0),),
        holidays=Holidays("US"),
    )


def _index(tariff: Tariff) -> Tariff:
    return replace(
        _bare(tariff),
        index=tariff.index or PriceIndex(tariff.id),
        adders=(Adder(_("supplier's adder"), 0.004),),
        percentages=(Percentage(_("losses"), 0.02),),
    )


def _hosting(tariff: Tariff) -> Tariff:
    return replace(_bare(tariff), hosting=Hosting(_price(tariff), HostingBasis.NAMEPLATE, 0.0))
