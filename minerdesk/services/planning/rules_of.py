"""What sites, events and pins demand of a plan, as the optimiser's rules."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from minerdesk.domain.book import Book
from minerdesk.domain.rigs import Pin
from minerdesk.domain.sites import Site
from minerdesk.engine.dispatch.problem import OFF_STATE, Block, Demand, Rules, Units
from minerdesk.engine.tariff.times import StepTimes
from minerdesk.services.power.calendar import during, event_limits, may_start

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class SiteRules:
    """What one site demands by step, shape (T,).

    Attributes:
        most_kw: infinite where there is no limit. least_kw: 0 where there is none.
        dark: whether an event turns everything off.
    """

    most_kw: Floats
    least_kw: Floats
    dark: Bools
    may_start: Bools


def site_rules(site: Site, times: StepTimes) -> SiteRules:
    """Return a site's rules by step.

    An event goes before the least load: where it allows less, there is none, for whole rigs
    seldom draw just what the event allows.
    """
    limit = np.inf if site.limit_kw is None else site.limit_kw
    by_event = event_limits(site.events, times)
    dark = by_event == 0
    most = np.where(dark, limit, np.minimum(by_event, limit))
    least = np.where(most < site.least_kw, 0.0, site.least_kw)
    least[dark] = 0.0
    return SiteRules(most, least, dark, may_start(site.no_start, times))


def event_at(site: Site, times: StepTimes, step: int) -> str:
    """Return the name of the strictest event of a site in a step, empty where there is none."""
    touching = [e for e in site.events if during(times, e.start, e.end)[step]]
    return min(touching, key=lambda event: event.most_kw).name if touching else ""


def rules_of(
    book: Book,
    units: Units,
    sites: Sequence[SiteRules],
    demand: tuple[Demand, ...] = (),
    blocks: tuple[Block, ...] = (),
    released: frozenset[str] = frozenset(),
) -> tuple[Units, Rules]:
    """Return the units with the rows of their rules, and the rules.

    A pinned group is held on from the first step in which it may start, and off throughout; an
    event that turns everything off goes before a pin.

    Args:
        book: its groups' pins, and its sites.
        units: of the book.
        sites: what each site demands.
        demand: charges inside the horizon.
        blocks: of take-or-pay.
        released: ids of groups whose pins are not looked at.
    """
    table = _Rows(len(sites[0].may_start), units.modes)
    pins = [Pin.FREE if group.id in released else group.pin for group in book.groups]
    rows = [
        table.row(sites[site], pins[group], start)
        for site, group, start in zip(
            units.site.tolist(),
            units.group.tolist(),
            zip(
                (units.state > OFF_STATE).tolist(),
                units.age.tolist(),
                units.min_off.tolist(),
                strict=True,
            ),
            strict=True,
        )
    ]
    fixed = np.array([site.fixed_load_kw for site in book.sites])
    ramp = [np.inf if site.ramp_kw is None else site.ramp_kw for site in book.sites]
    return replace(units, rule=np.array(rows, dtype=np.int64)), Rules(
        allowed=np.array(table.allowed),
        forced_off=np.array(table.forced),
        may_start=np.array([site.may_start for site in sites]),
        fixed_kw=fixed,
        load_before_kw=fixed + _load_now(units, len(book.sites)),
        most_kw=np.array([site.most_kw for site in sites]),
        least_kw=np.array([site.least_kw for site in sites]),
        ramp_kw=np.array(ramp),
        demand=demand,
        blocks=blocks,
    )


class _Rows:
    """The rows of `Rules.allowed` and `Rules.forced_off`, each kind once."""

    def __init__(self, steps: int, modes: int) -> None:
        self._steps = steps
        self._known: dict[tuple[int, Pin, tuple[bool, int, int] | None], int] = {}
        self.allowed = [np.ones((steps, modes + 1), np.bool_)]
        self.forced = [np.zeros(steps, np.bool_)]

    def row(self, site: SiteRules, pin: Pin, start: tuple[bool, int, int]) -> int:
        """Return the row of a unit.

        Args:
            site: its site's rules.
            pin: what its group is held to.
            start: whether it runs before the horizon, its age, and its shortest time off in steps.
        """
        if pin is Pin.FREE and not site.dark.any():
            return 0
        key = (id(site), pin, start if pin is Pin.ON else None)
        if key not in self._known:
            self._known[key] = len(self.allowed)
            allowed, forced = self.allowed[0].copy(), site.dark.copy()
            if pin is Pin.OFF:
                forced[:] = True
            elif pin is Pin.ON:
                allowed[:, OFF_STATE] = ~_can_run(site, *start)
            allowed[forced] = False
            allowed[forced, OFF_STATE] = True
            self.allowed.append(allowed)
            self.forced.append(forced)
        return self._known[key]


def _can_run(site: SiteRules, runs: bool, age: int, min_off: int) -> Bools:
    """Return in which steps a unit can run that starts whenever it first may, (T,)."""
    can = np.zeros(len(site.dark), np.bool_)
    for step, (dark, free) in enumerate(zip(site.dark, site.may_start, strict=True)):
        before = runs
        runs = not dark and (runs or (bool(free) and age >= min_off))
        can[step] = runs
        age = age + 1 if runs == before else 1
    return can


def _load_now(units: Units, sites: int) -> Floats:
    """Return what the rigs of each site draw before the horizon, kW, (sites,)."""
    kw = np.column_stack((units.off_kw, units.kw))
    each = kw[np.arange(units.count), units.state] * units.rigs
    return np.asarray(np.bincount(units.site, each, minlength=sites), dtype=np.float64)


def most_of_all(units: Units, sites: int) -> tuple[Floats, Floats]:
    """Return kW of each site's rigs with all off and with all at their highest, (sites,) each."""
    off = np.bincount(units.site, units.off_kw * units.rigs, minlength=sites)
    full = np.bincount(units.site, units.kw.max(axis=1) * units.rigs, minlength=sites)
    return np.asarray(off, np.float64), np.asarray(full, np.float64)
