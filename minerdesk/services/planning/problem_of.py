"""From the book, the network and the prices of power to what the optimiser is asked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from minerdesk.domain.book import Book
from minerdesk.domain.errors import UserError
from minerdesk.domain.readings import NetworkState
from minerdesk.domain.sites import Site
from minerdesk.domain.tariff import Tariff
from minerdesk.domain.text import _
from minerdesk.engine.dispatch.problem import Block, Demand, Horizon, Problem, Units
from minerdesk.engine.fleet import FleetArrays
from minerdesk.engine.network import NetworkNow
from minerdesk.engine.tariff.times import StepTimes
from minerdesk.services.planning.income import Income, income_by_step
from minerdesk.services.planning.plan import PlanOptions
from minerdesk.services.planning.rules_of import SiteRules, rules_of, site_rules
from minerdesk.services.planning.site_power import SitePower
from minerdesk.services.planning.units import GroupFacts, units_of
from minerdesk.services.power.calendar import step_times, zone_of

Floats = NDArray[np.float64]
# The prices of every site in the book's order, for the steps of each; money of the book's currency.
PowerOf = Callable[[Sequence[StepTimes]], Sequence[SitePower]]


@dataclass(frozen=True, slots=True)
class Fleet:
    """What changes only with an edit of the book.

    Attributes:
        arrays: rates, draws and what runs now; its prices are not looked at.
    """

    book: Book
    arrays: FleetArrays
    facts: GroupFacts


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, with all that an answer is told by.

    Attributes:
        numbers: of the network, what-if inside. times, rules, power: of each site.
        error_of_income: one standard deviation of revenue, a fraction, without the retarget's.
        kept: (sites,) what a host's share of the profit leaves of revenue and of power cost alike;
            it is inside the problem's rates and prices, and outside those of ``power``.
    """

    fleet: Fleet
    options: PlanOptions
    now: datetime
    begins: datetime
    numbers: NetworkNow
    income: Income
    times: tuple[StepTimes, ...]
    rules: tuple[SiteRules, ...]
    power: tuple[SitePower, ...]
    problem: Problem
    error_of_income: float
    kept: Floats

    @property
    def start_s(self) -> Floats:
        """(T,) seconds since 1970 UTC."""
        return self.times[0].start_s


def first_step(book: Book, now: datetime, minutes: int) -> datetime:
    """Return the start of the step that ``now`` lies in, UTC.

    Steps begin on the wall clock of the site with the most rigs, for prices, quiet hours and
    demand change there on its hours: half past by UTC in a zone such as India's.
    """
    length = minutes * 60
    rigs = Counter[str]()
    for group in book.groups:
        rigs[group.site] += group.count
    most = max(book.sites, key=lambda site: rigs[site.id], default=None)
    ahead = 0.0 if most is None else _ahead_s(most, now, length)
    return datetime.fromtimestamp((now.timestamp() + ahead) // length * length - ahead, UTC)


def _ahead_s(site: Site, now: datetime, length_s: int) -> float:
    """Return by how many seconds the steps of a site's wall clock begin before those of UTC."""
    try:
        offset = now.astimezone(zone_of(site.time_zone)).utcoffset()
    except UserError:
        return 0.0  # whoever asks for the site's times says that there is no such zone
    return (offset or timedelta()).total_seconds() % length_s


def _out_of_step(site: Site, begins: datetime, minutes: int) -> tuple[str, ...]:
    """Return what is to be said of a site on whose clock steps begin inside an hour's part."""
    if not _ahead_s(site, begins, minutes * 60) - (-begins.timestamp() % (minutes * 60)):
        return ()
    sentence = _(
        "Steps of {n} minutes begin off the hours of {site}'s clock, so its prices change inside "
        "them; plan in shorter steps to be exact."
    )
    return (sentence.format(n=minutes, site=site.name or site.id),)


def question(
    fleet: Fleet,
    network: NetworkState,
    numbers: NetworkNow,
    now: datetime,
    options: PlanOptions,
    *,
    power_of: PowerOf,
    error_of_income: float,
    starts_today: Mapping[str, int] | None = None,
) -> Question:
    """Return what the optimiser is asked.

    Args:
        fleet: of a book with groups.
        network: gives the height and the projected retarget.
        numbers: of the network in the book's currency.
        now: UTC.
        options: the horizon, and what is asked about the numbers.
        power_of: gives the prices of power.
        error_of_income: one standard deviation of revenue, a fraction.
        starts_today: by the group's id, of any one of its rigs; None where nothing is known.

    Raises:
        UserError: a time zone, holidays or prices of a site cannot be used.
    """
    book, what_if = fleet.book, options.what_if
    begins = first_step(book, now, options.step_minutes)
    count = options.hours * 60 // options.step_minutes
    hours = options.step_minutes / 60
    tariffs = {tariff.id: tariff for tariff in book.tariffs}
    times = tuple(
        step_times(site, tariffs[site.tariff].holidays, begins, count, options.step_minutes)
        for site in book.sites
    )
    numbers = numbers._replace(
        price_per_btc=numbers.price_per_btc * what_if.price_per_btc,
        difficulty=numbers.difficulty * what_if.difficulty,
    )
    income = income_by_step(numbers, network, times[0].start_s, hours, now)
    rules = tuple(site_rules(site, each) for site, each in zip(book.sites, times, strict=True))
    power = tuple(
        _as_asked(each, site, tariffs[site.tariff], begins, options)
        for site, each in zip(book.sites, power_of(times), strict=True)
    )
    kept = np.array([1 - _share(tariffs[site.tariff]) for site in book.sites])
    starts = np.array([(starts_today or {}).get(group.id, 0) for group in book.groups])
    day_starts_s = [each.start_s[0] - each.hour[0] * 3600 - each.minute[0] * 60 for each in times]
    units = units_of(fleet.arrays, fleet.facts, begins, hours, np.array(day_starts_s), starts)
    units, engine_rules = rules_of(
        book, _after_share(units, kept), rules, _demands(power, kept), _blocks(power, kept)
    )
    return Question(
        fleet=fleet,
        options=options,
        now=now,
        begins=begins,
        numbers=numbers,
        income=income,
        times=times,
        rules=rules,
        power=power,
        problem=Problem(_horizon(hours, times, income, power, kept), units, engine_rules),
        error_of_income=error_of_income,
        kept=kept,
    )


def _horizon(
    hours: float,
    times: Sequence[StepTimes],
    income: Income,
    power: Sequence[SitePower],
    kept: Floats,
) -> Horizon:
    return Horizon(
        hours=hours,
        day=np.array([each.day for each in times]),
        income_subsidy=income.subsidy,
        income_fees=income.fees,
        price=np.array([each.price.per_kwh for each in power]) * kept[:, None],
    )


def _as_asked(
    power: SitePower, site: Site, tariff: Tariff, begins: datetime, options: PlanOptions
) -> SitePower:
    """Return a site's prices, what-if inside, with what is to be said of them."""
    notes = (*_out_of_step(site, begins, options.step_minutes), *_host_keeps(site, tariff))
    dearer = _dearer(power, options.what_if.price_per_kwh)
    return replace(dearer, notes=(*power.notes, *notes))


def _demands(power: Sequence[SitePower], kept: Floats) -> tuple[Demand, ...]:
    """Return the demand charges of all sites, each as far as its host leaves it."""
    return tuple(
        replace(demand, per_kw=demand.per_kw * keeps)
        for each, keeps in zip(power, kept.tolist(), strict=True)
        for demand in each.demand
    )


def _blocks(power: Sequence[SitePower], kept: Floats) -> tuple[Block, ...]:
    """Return the blocks of all sites, each as far as its host leaves it."""
    return tuple(
        replace(block, above=block.above * keeps)
        for each, keeps in zip(power, kept.tolist(), strict=True)
        for block in each.blocks
    )


def _share(tariff: Tariff) -> float:
    return 0.0 if tariff.hosting is None else tariff.hosting.profit_share


def _after_share(units: Units, kept: Floats) -> Units:
    """Return units that earn what a host's share of the profit leaves."""
    if (kept == 1).all():
        return units
    keeps = kept[units.site][:, None]
    return replace(
        units, paid_subsidy=units.paid_subsidy * keeps, paid_fees=units.paid_fees * keeps
    )


def _host_keeps(site: Site, tariff: Tariff) -> tuple[str, ...]:
    share = _share(tariff)
    if not share:
        return ()
    sentence = _(
        "The host of {site} keeps {share}% of revenue less power; money of the plan is what is "
        "left of both."
    )
    return (sentence.format(site=site.name or site.id, share=f"{share * 100:g}"),)


def _dearer(power: SitePower, factor: float) -> SitePower:
    """Return the prices of a site with every price times a factor."""
    if factor == 1:
        return power
    price = power.price
    return replace(
        power,
        price=price._replace(
            per_kwh=price.per_kwh * factor,
            parts=tuple(part._replace(per_kwh=part.per_kwh * factor) for part in price.parts),
        ),
        error=power.error * factor,
        demand=tuple(replace(each, per_kw=each.per_kw * factor) for each in power.demand),
        blocks=tuple(replace(each, above=each.above * factor) for each in power.blocks),
    )
