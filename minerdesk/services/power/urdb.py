"""A utility's rate from OpenEI's database (URDB, versions 7 and 8) as a tariff.

Keys are those of https://openei.org/services/doc/rest/util_rates. What cannot be taken is told.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from minerdesk.domain.calendar import COUNTS, DOES_NOT, Calendar
from minerdesk.domain.errors import UserError
from minerdesk.domain.tariff import (
    INTERVALS_MINUTES,
    DemandCharge,
    DemandTier,
    FixedCharge,
    Period,
    Ratchet,
    Tariff,
    Tier,
    TierUnit,
    TimeOfUse,
)
from minerdesk.domain.text import _
from minerdesk.services.power import urdb_fields as f
from minerdesk.services.power.urdb_fields import Rate

_KEYS: Final = (
    "123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
    "ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖØÙÚÛÜÝÞßàáâãäåæçèéêëìíîïðñòóôõöøùúûüýþÿ"
)
_ENDLESS: Final = 1e9  # OpenEI writes 1e38 for a tier without end
_TIER_UNITS: Final = {"": TierUnit.KWH, "kwh": TierUnit.KWH, "kwh/kw": TierUnit.KWH_PER_KW}


@dataclass(frozen=True, slots=True)
class UrdbChoice:
    """One rate of a file, for the operator to choose.

    Attributes:
        number: its place in the file. label: OpenEI's own name of the page.
    """

    number: int
    label: str
    utility: str
    name: str
    sector: str = ""
    starts: datetime | None = None
    ends: datetime | None = None


@dataclass(frozen=True, slots=True)
class UrdbImport:
    """A tariff made of a rate.

    Attributes:
        notes: sentences on what was assumed, and what was not taken and why.
    """

    tariff: Tariff
    notes: tuple[str, ...]


def choices(data: bytes) -> tuple[UrdbChoice, ...]:
    """Return the rates of a file.

    Raises:
        UserError: it holds none.
    """
    return tuple(
        UrdbChoice(
            i,
            f.text(rate, "label"),
            f.text(rate, "utility"),
            f.text(rate, "name"),
            f.text(rate, "sector"),
            f.moment(rate, "startdate"),
            f.moment(rate, "enddate"),
        )
        for i, rate in enumerate(f.rates_of(data))
    )


def read_urdb(data: bytes, tariff_id: str, now: datetime, choice: int = 0) -> UrdbImport:
    """Make a tariff of a rate.

    Args:
        data: JSON of one rate, or of an answer with ``items``.
        tariff_id: for the tariff.
        now: UTC; a rate that has ended is told.
        choice: which rate of the file.

    Raises:
        UserError: it is no rate, or contradicts itself; one sentence says where.
    """
    rate = f.rates_of(data)[choice]
    notes: list[str] = []
    tariff = Tariff(tariff_id, _name(rate), 0.0, currency="USD")
    try:
        tariff = _with_energy(tariff, rate, notes)
        tariff = replace(tariff, demand=_demand(rate, notes), fixed=_fixed(rate, notes))
        minimum = _minimum(rate, notes)
        tariff = replace(tariff, minimum_per_month=minimum if minimum > 0 else None)
    except ValueError as error:
        sentence = _("The rate “{name}” contradicts itself: {why}.")
        raise UserError(sentence.format(name=tariff.name, why=error)) from error
    _note_the_rest(rate, notes, now)
    return UrdbImport(tariff, tuple(notes))


def _name(rate: Rate) -> str:
    parts = (f.text(rate, "utility"), f.text(rate, "name"))
    return " – ".join(filter(None, parts)) or f.text(rate, "label") or "URDB"


def _with_energy(tariff: Tariff, rate: Rate, notes: list[str]) -> Tariff:
    periods = f.structure(rate, "energyratestructure")
    if not periods:
        notes.append(_("The rate has no energy price; 0 stands until you type one."))
        return tariff
    unit, tiered = _tier_unit(periods, notes)
    tiers = [_tiers(tiers if tiered else tiers[:1], p, notes) for p, tiers in enumerate(periods)]
    weekday, weekend = _schedules(rate, "energy", len(periods))
    if weekday is None:
        if len(periods) > 1:
            notes.append(_("Not taken: all energy periods but the first; no hours are given."))
        used = [0]
    else:
        used = sorted({p for grid in (weekday, weekend or weekday) for row in grid for p in row})
    if len(used) == 1 and len(tiers[used[0]]) == 1:
        return replace(tariff, price_per_kwh=tiers[used[0]][0].per_kwh)
    if len(used) > len(_KEYS):
        sentence = _("The rate has {n} energy periods, and a tariff can hold {most}.")
        raise UserError(sentence.format(n=len(used), most=len(_KEYS)))
    key_of = {p: _KEYS[i] for i, p in enumerate(used)}
    calendar = None
    if weekday is not None and len(used) > 1:
        calendar = Calendar(_rows(weekday, key_of), _rows(weekend or weekday, key_of))
    named = tuple(Period(key_of[p], _("Period {n}").format(n=p + 1), tuple(tiers[p])) for p in used)
    return replace(tariff, time_of_use=TimeOfUse(named, calendar, unit))


def _tier_unit(periods: list[list[Rate]], notes: list[str]) -> tuple[TierUnit, bool]:
    """Return what borders count, and whether they can be counted at all."""
    if all(len(tiers) == 1 for tiers in periods):
        return TierUnit.KWH, True
    units = {f.text(tier, "unit").lower() for tiers in periods if len(tiers) > 1 for tier in tiers}
    known = {_TIER_UNITS[unit] for unit in units if unit in _TIER_UNITS}
    if len(known) == 1 and units <= _TIER_UNITS.keys():
        return known.pop(), True
    sentence = _(
        "Not taken: all tiers but the first, counted in {units}; only kWh or kWh/kW can be."
    )
    notes.append(sentence.format(units=", ".join(sorted(unit or "kWh" for unit in units))))
    return TierUnit.KWH, False


def _tiers(tiers: Sequence[Rate], period: int, notes: list[str]) -> list[Tier]:
    where = f"energyratestructure[{period}]"
    found = [
        Tier(_price(tier, f"{where}[{k}]"), _border(tier, f"{where}[{k}]"))
        for k, tier in enumerate(tiers)
    ]
    if found[-1].up_to is not None and len(found) > 1:
        sentence = _("Above {border} the last tier of energy period {n} goes on.")
        notes.append(sentence.format(border=f"{found[-1].up_to:g}", n=period + 1))
    return [*found[:-1], replace(found[-1], up_to=None)]


def _demand(rate: Rate, notes: list[str]) -> tuple[DemandCharge, ...]:
    minutes = _interval(rate, notes)
    ratchet = _ratchet(rate, notes)
    charges = []
    periods = f.structure(rate, "demandratestructure")
    weekday, weekend = _schedules(rate, "demand", len(periods))
    if periods and weekday is None:
        if any(_price(tier, "demandratestructure") for tiers in periods for tier in tiers):
            notes.append(_("Not taken: demand by period; no hours are given."))
    elif _in_kw(rate, periods, "demandrateunit", notes):
        for p, tiers in enumerate(periods):
            grids = [_marks(grid, p) for grid in (weekday, weekend or weekday) if grid]
            priced = _demand_tiers(tiers, f"demandratestructure[{p}]")
            if any(tier.per_kw for tier in priced) and any(COUNTS in "".join(g) for g in grids):
                name = _("Demand, period {n}").format(n=p + 1)
                charges.append(
                    DemandCharge(name, priced, minutes, Calendar(grids[0], grids[1]), ratchet)
                )
    charges += _flat_demand(rate, minutes, ratchet, notes)
    if charges and f.number(rate, "demandwindow", "demandwindow") is None:
        notes.append(_("The rate does not say over how long demand is metered; 15 minutes stand."))
    return tuple(charges)


def _flat_demand(
    rate: Rate, minutes: int, ratchet: Ratchet | None, notes: list[str]
) -> list[DemandCharge]:
    periods = f.structure(rate, "flatdemandstructure")
    if not periods or not _in_kw(rate, periods, "flatdemandunit", notes):
        return []
    months = rate.get("flatdemandmonths") or [0] * 12
    wanted = range(len(periods))
    if not isinstance(months, list) or len(months) != 12 or any(m not in wanted for m in months):
        sentence = _(
            "flatdemandmonths must name one of {n} periods, from 0, for each of 12 months."
        )
        raise UserError(sentence.format(n=len(periods)), where="flatdemandmonths")
    charges = []
    for p, tiers in enumerate(periods):
        priced = _demand_tiers(tiers, f"flatdemandstructure[{p}]")
        if p not in months or not any(tier.per_kw for tier in priced):
            continue
        whole = all(month == p for month in months)
        name = _("Demand") if whole else _("Demand, season {n}").format(n=p + 1)
        marks = tuple((COUNTS if month == p else DOES_NOT) * 24 for month in months)
        charges.append(
            DemandCharge(name, priced, minutes, None if whole else Calendar(marks), ratchet)
        )
    return charges


def _demand_tiers(tiers: Sequence[Rate], where: str) -> tuple[DemandTier, ...]:
    found = [
        DemandTier(_price(tier, f"{where}[{k}]"), _border(tier, f"{where}[{k}]"))
        for k, tier in enumerate(tiers)
    ]
    return (*found[:-1], replace(found[-1], up_to_kw=None))


def _in_kw(rate: Rate, periods: list[list[Rate]], key: str, notes: list[str]) -> bool:
    units = {f.text(tier, "unit") for tiers in periods for tier in tiers}
    units.add(f.text(rate, key) or f.text(rate, "demandunits"))
    others = sorted(unit for unit in units if unit.lower() not in {"", "kw"})
    if others and periods:
        sentence = _("Not taken: demand charged by {units}; only kW of a month can be.")
        notes.append(sentence.format(units=", ".join(others)))
    return not others


def _interval(rate: Rate, notes: list[str]) -> int:
    window = f.number(rate, "demandwindow", "demandwindow")
    if window is None:
        return INTERVALS_MINUTES[0]
    nearest = min(INTERVALS_MINUTES, key=lambda minutes: abs(minutes - window))
    if nearest != window:
        sentence = _("Demand is metered over {window} minutes; {nearest} minutes stand for it.")
        notes.append(sentence.format(window=f"{window:g}", nearest=nearest))
    return nearest


def _ratchet(rate: Rate, notes: list[str]) -> Ratchet | None:
    fraction = f.number(rate, "lookbackpercent", "lookbackpercent") or 0.0
    by_month = rate.get("demandratchetpercentage")
    if not fraction and isinstance(by_month, list) and any(by_month):
        if len({str(each) for each in by_month}) > 1:
            notes.append(_("Not taken: a ratchet that differs by month."))
            return None
        fraction = f.number({"0": by_month[0]}, "0", "demandratchetpercentage") or 0.0
    if fraction <= 0:
        return None
    if fraction > 1:  # some pages give percent
        fraction /= 100
    months = round(f.number(rate, "lookbackrange", "lookbackrange") or 0)
    if months < 1:
        notes.append(_("The rate does not say how far its ratchet looks back; 11 months stand."))
        months = 11
    flags = rate.get("lookbackmonths")
    only = [m + 1 for m, flag in enumerate(flags) if flag] if isinstance(flags, list) else []
    return Ratchet(fraction, months, () if len(only) == 12 else tuple(only))


def _fixed(rate: Rate, notes: list[str]) -> tuple[FixedCharge, ...]:
    amount = f.per_month(rate, "fixedchargefirstmeter", "fixedchargeunits", notes)
    if amount and f.text(rate, "fixedchargeunits") == "$/day":
        sentence = _("The fixed charge by the day is taken as {amount} in every month.")
        notes.append(sentence.format(amount=f"{amount:.2f}"))
    amount += f.number(rate, "fixedmonthlycharge", "fixedmonthlycharge") or 0.0
    return (FixedCharge(_("Fixed charge"), amount),) if amount else ()


def _minimum(rate: Rate, notes: list[str]) -> float:
    amount = f.per_month(rate, "mincharge", "minchargeunits", notes)
    unit = f.text(rate, "minchargeunits")
    if amount and unit not in {"", "$/month"}:
        notes.append(_("The minimum bill ({unit}) is taken month by month.").format(unit=unit))
    amount += f.number(rate, "minmonthlycharge", "minmonthlycharge") or 0.0
    return amount + (f.number(rate, "annualmincharge", "annualmincharge") or 0.0) / 12


def _note_the_rest(rate: Rate, notes: list[str], now: datetime) -> None:
    ends, starts = f.moment(rate, "enddate"), f.moment(rate, "startdate")
    if ends is not None and ends < now:
        sentence = _("This rate ended on {date}; look for a newer one of the same utility.")
        notes.append(sentence.format(date=f"{ends:%Y-%m-%d}"))
    if starts is not None and starts > now:
        notes.append(_("This rate begins on {date}.").format(date=f"{starts:%Y-%m-%d}"))
    tiers = [tier for tiers in f.structure(rate, "energyratestructure") for tier in tiers]
    words = ", ".join(f.described(rate))
    for there, what in (
        (any(tier.get("sell") for tier in tiers), _("what is paid for energy fed into the grid")),
        (bool(f.text(rate, "dgrules")), _("rules for own generation ({rule})")),
        (bool(rate.get("coincidentratestructure")), _("coincident demand; add its hours by hand")),
        (_any_number(rate.get("fueladjustmentsmonthly")), _("fuel adjustments by month")),
        (bool(rate.get("demandreactivepowercharge")), _("the charge for reactive power")),
        (bool(rate.get("fixedchargeeaaddl")), _("the charge for each further meter")),
        (bool(words), _("what the page only describes ({words})")),
    ):
        if there:
            named = what.format(rule=f.text(rate, "dgrules"), words=words)
            notes.append(_("Not taken: {what}.").format(what=named))


def _any_number(values: object) -> bool:
    return isinstance(values, list) and any(values)


def _price(tier: Rate, where: str) -> float:
    price = (f.number(tier, "rate", where) or 0.0) + (f.number(tier, "adj", where) or 0.0)
    return round(price, 12)  # 0.071 + 0.002 is to read as 0.073


def _border(tier: Rate, where: str) -> float | None:
    border = f.number(tier, "max", where)
    return None if border is None or border >= _ENDLESS else border


def _schedules(
    rate: Rate, kind: str, periods: int
) -> tuple[list[list[int]] | None, list[list[int]] | None]:
    if not periods:  # pages without a price may keep a grid of noughts
        return None, None
    return (
        f.schedule(rate, f"{kind}weekdayschedule", periods),
        f.schedule(rate, f"{kind}weekendschedule", periods),
    )


def _rows(grid: list[list[int]], key_of: dict[int, str]) -> tuple[str, ...]:
    return tuple("".join(key_of[period] for period in row) for row in grid)


def _marks(grid: list[list[int]], period: int) -> tuple[str, ...]:
    return tuple("".join(COUNTS if p == period else DOES_NOT for p in row) for row in grid)
