"""Plans of a made-up fleet, for tests of what shows them. Consistent, though nothing optimised it.

Each step takes the best state by its own price; an event then powers down the least efficient.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from minerdesk.domain.book import Book
from minerdesk.domain.rigs import Pin, PowerMode, RigGroup, RigModel, StateNow
from minerdesk.domain.sites import Event, Site
from minerdesk.domain.tariff import Tariff
from minerdesk.engine.tariff import MarginalPrice
from minerdesk.engine.tariff.parts import PricePart
from minerdesk.services.planning.move_table import MoveTable
from minerdesk.services.planning.plan import (
    OFF,
    Flips,
    Gains,
    Hysteresis,
    Move,
    Plan,
    PlanOptions,
    SitePlan,
    Why,
)
from tests.support.evaluations import NOW

Floats = NDArray[np.float64]
States = NDArray[np.int8]

HASHPRICE: Final = 40.0
TEXAS, ALBERTA = "texas-1", "alberta"
KNOWN_H, RETARGET_H, EVENT_H = 31, 22, (27, 30)

_MODELS = (
    RigModel("S21", (PowerMode("normal", 200, 3500), PowerMode("eco", 150, 2300))),
    RigModel("S19j Pro", (PowerMode("normal", 104, 3068),)),
    RigModel("M30S++", (PowerMode("normal", 112, 3472),)),
    RigModel("S19 XP", (PowerMode("normal", 140, 3010), PowerMode("eco", 110, 2090))),
)
_TEXAS_DAY = (
    *(0.031, 0.028, -0.012, 0.026, 0.03, 0.036, 0.048, 0.055, 0.052, 0.05, 0.049, 0.051),
    *(0.054, 0.058, 0.063, 0.084, 0.1125, 0.131, 0.118, 0.092, 0.071, 0.052, 0.044, 0.036),
)
_ALBERTA_DAY = (0.041,) * 7 + (0.0562, 0.0571, 0.0568) + (0.052,) * 7 + (0.064,) * 4 + (0.047,) * 3


def plan_book(now: datetime = NOW, copies: int = 1) -> Book:
    """Return the book of `a_plan`: two sites, six kinds of group, each ``copies`` times."""
    kinds = (
        RigGroup("s21", TEXAS, "S21", 1200),
        RigGroup("s19j", TEXAS, "S19j Pro", 412),
        RigGroup("m30", TEXAS, "M30S++", 102, state_now=StateNow(())),
        RigGroup("xp", ALBERTA, "S19 XP", 600),
        RigGroup("s19j-north", ALBERTA, "S19j Pro", 300, pin=Pin.ON),
        RigGroup("m30-north", ALBERTA, "M30S++", 80, state_now=StateNow(()), pin=Pin.OFF),
    )
    groups = tuple(
        kind if copy == 0 else replace(kind, id=f"{kind.id}-{copy}")
        for copy in range(copies)
        for kind in kinds
    )
    begins = now.replace(minute=0, second=0, microsecond=0)
    first, last = (begins + timedelta(hours=hours) for hours in EVENT_H)
    event = Event("Grid call", first, last, most_kw=1500.0 * copies)
    return Book(
        name="Two sites",
        sites=(
            Site(TEXAS, "Texas 1", TEXAS, "America/Chicago", 1.02, events=(event,)),
            Site(ALBERTA, "Alberta", ALBERTA, "America/Edmonton", 1.05, limit_kw=3000.0 * copies),
        ),
        tariffs=(Tariff(TEXAS, "Texas index", 0.05), Tariff(ALBERTA, "Alberta pool", 0.05)),
        models=_MODELS,
        groups=groups,
    )


def a_plan(
    now: datetime = NOW,
    *,
    hours: int = 48,
    step_minutes: int = 60,
    copies: int = 1,
    quiet: bool = False,
    options: PlanOptions | None = None,
    book: Book | None = None,
    **changes: object,
) -> Plan:
    """Return a plan with moves advised, forced and too close, a retarget, an event and a limit.

    Args:
        now: when it was made, UTC. It begins with the hour.
        hours, step_minutes: of its options, where ``options`` is not given.
        copies: how often each of the six kinds of group is there; 170 make over 1,000 groups.
        quiet: power so cheap that all runs, always: no move, no pin and no event.
        options: of the plan; its what-if changes price of power and hashprice.
        book: in the place of `plan_book`, of the same groups and sites; pins may differ.
        changes: fields of the plan to replace.
    """
    asked = options or PlanOptions(hours, step_minutes)
    made = book or plan_book(now, copies)
    if quiet:
        calm = tuple(replace(each, state_now=None, pin=Pin.FREE) for each in made.groups)
        made = replace(made, groups=calm, sites=tuple(replace(s, events=()) for s in made.sites))
    begins = now.replace(minute=0, second=0, microsecond=0)
    every_s = asked.step_minutes * 60
    steps = np.arange(asked.hours * 3600 // every_s, dtype=np.float64)
    start_s: Floats = begins.timestamp() + steps * every_s
    world = _World(made, begins, start_s, asked, quiet)
    states = world.states()
    moves = world.moves(states)
    advised = tuple(move for move in moves if move.advised)
    gain = world.money(states) - world.money(world.always_on())
    left_out = sum(move.worth for move in moves if not move.advised)
    objective = world.money(states)
    plan = Plan(
        book=made,
        book_revision=1,
        network_revision=1,
        made_at=now,
        options=asked,
        currency=made.currency,
        start_s=start_s,
        hashprice_per_ph_day=world.hashprice,
        retarget_at=begins + timedelta(hours=RETARGET_H),
        retarget_pct=-3.8,
        retarget_error_pct=1.2,
        group_of_row=world.group_of_row,
        rigs_of_row=world.rigs_of_row,
        state_of_row=states,
        mode_names=world.mode_names,
        sites=world.site_plans(states),
        moves=moves,
        objective=objective,
        advised_objective=objective - left_out,
        bound=objective + 1e-5 * abs(objective),
        gains=Gains(gain, gain * 0.06, gain * 0.8, on_forecast=0.31),
        advised_gains=Gains(gain - left_out, gain * 0.05, gain * 0.8, on_forecast=0.29),
        hysteresis=world.hysteresis(),
        starts=sum(move.count for move in advised if move.before == OFF),
        seconds=0.42,
        finished=True,
        known_until=begins + timedelta(hours=min(KNOWN_H, asked.hours)),
        pin_costs=tuple(
            (group.id, 214.6 if group.pin is Pin.ON else 3.2)
            for group in made.groups
            if group.pin is not Pin.FREE
        ),
        notes=("After the last known price each hour costs what it cost on the days before.",),
    )
    return replace(plan, **changes)  # type: ignore[arg-type] # fields by name


@dataclass
class _World:
    book: Book
    begins: datetime
    start_s: Floats
    options: PlanOptions
    quiet: bool

    def __post_init__(self) -> None:
        sites = {site.id: i for i, site in enumerate(self.book.sites)}
        models = {model.name: model for model in self.book.models}
        rows: list[tuple[int, int]] = []
        for index, group in enumerate(self.book.groups):
            # A part of the efficient rigs keeps running through the event.
            part = group.count // 3 if group.model == "S21" else 0
            rows += [(index, group.count - part)] + ([(index, part)] if part else [])
        self.group_of_row = np.array([row[0] for row in rows], np.int64)
        self.rigs_of_row = np.array([row[1] for row in rows], np.int64)
        self.modes = [models[group.model].modes for group in self.book.groups]
        self.mode_names = tuple(tuple(mode.name for mode in modes) for modes in self.modes)
        self.site_of_row = [sites[self.book.groups[group].site] for group, _rigs in rows]
        self.hour = (self.start_s - self.start_s[0]) / 3600
        what_if = self.options.what_if
        after = self.hour >= RETARGET_H
        base = HASHPRICE * what_if.price_per_btc / what_if.difficulty
        self.hashprice = np.where(after, base / 0.962, base)
        clock = (self.begins.hour - 6 + self.hour.astype(np.int64)) % 24
        wave = 1 + 0.04 * np.sin(self.hour / 5)
        days = (np.array(_TEXAS_DAY)[clock] * wave, np.array(_ALBERTA_DAY)[clock])
        self.prices = [
            np.full(len(self.hour), 0.01) if self.quiet else day * what_if.price_per_kwh
            for day in days
        ]
        self.event = np.zeros(len(self.hour), bool)
        for event in self.book.sites[0].events:
            first, last = event.start.timestamp(), event.end.timestamp()
            self.event |= (self.start_s >= first) & (self.start_s < last)

    @property
    def _step_h(self) -> float:
        return self.options.step_minutes / 60

    def margin(self, row: int, mode: int) -> Floats:
        """Return money per rig and step, shape (T,)."""
        power = self.modes[int(self.group_of_row[row])][mode]
        earned = power.hashrate_ths * self.hashprice / 1000 / 24
        return (earned - self.kw(row, mode) * self.price(row)) * self._step_h

    def price(self, row: int) -> Floats:
        """Return the price of a row's power."""
        return self.prices[self.site_of_row[row]]

    def kw(self, row: int, mode: int) -> float:
        """Return kW at the meter of one rig."""
        pue = self.book.sites[self.site_of_row[row]].pue
        power = self.modes[int(self.group_of_row[row])][mode]
        return float(power.power_w / 1000 * pue)

    def states(self) -> States:
        """Return each row's state by step."""
        found = np.zeros((len(self.group_of_row), len(self.hour)), np.int8)
        for row, group in enumerate(self.group_of_row):
            worth = np.array([self.margin(row, mode) for mode in range(len(self.modes[group]))])
            pin = self.book.groups[group].pin
            runs = (worth.max(axis=0) > 0) | (pin is Pin.ON)
            found[row] = np.where(runs & (pin is not Pin.OFF), 1 + worth.argmax(axis=0), 0)
        parts = np.diff(self.group_of_row, prepend=-1) == 0
        stopped = (np.array(self.site_of_row) == 0) & ~parts
        found[np.ix_(stopped, self.event)] = 0
        return found

    def always_on(self) -> States:
        """Return every rig on in its first mode."""
        return np.ones((len(self.group_of_row), len(self.hour)), np.int8)

    def money(self, states: States) -> float:
        """Return the worth of a schedule."""
        total = 0.0
        for row, rigs in enumerate(self.rigs_of_row):
            for mode in range(len(self.modes[self.group_of_row[row]])):
                total += float(rigs * self.margin(row, mode)[states[row] == 1 + mode].sum())
        return total

    def site_kw(self, states: States, site: int) -> Floats:
        """Return a site's load by step."""
        total = np.zeros(len(self.hour))
        for row in [row for row, of in enumerate(self.site_of_row) if of == site]:
            each = [0.0, *(self.kw(row, m) for m in range(len(self.modes[self.group_of_row[row]])))]
            total += float(self.rigs_of_row[row]) * np.array(each)[states[row]]
        return total

    def site_plans(self, states: States) -> tuple[SitePlan, ...]:
        """Return what each site sees."""
        known = self.hour < KNOWN_H
        found = []
        for index, site in enumerate(self.book.sites):
            price, index_like = self.prices[index], index == 0
            parts = (PricePart("energy", price * 0.8), PricePart("delivery", price * 0.2))
            most = np.full(len(self.hour), np.inf if site.limit_kw is None else site.limit_kw)
            if index_like and site.events:
                most = np.where(self.event, site.events[0].most_kw, most)
            found.append(
                SitePlan(
                    site=site.id,
                    price=MarginalPrice(price, parts),
                    known=known if index_like else np.ones(len(self.hour), bool),
                    known_until=self.begins + timedelta(hours=KNOWN_H) if index_like else None,
                    kw=self.site_kw(states, index),
                    kw_always_on=self.site_kw(self.always_on(), index),
                    most_kw=most,
                    least_kw=np.full(len(self.hour), 500.0 if index_like else 0.0),
                    peak_kw=5200.0 if index_like else float("nan"),
                    may_start=np.ones(len(self.hour), bool),
                )
            )
        return tuple(found)

    def moves(self, states: States) -> tuple[Move, ...]:
        """Return the moves of all rows, rows of one group together."""
        found: dict[tuple[object, ...], Move] = {}
        for row, group_index in enumerate(self.group_of_row):
            group = self.book.groups[group_index]
            off = group.state_now is not None and not group.state_now.running_count
            before = np.concatenate(([0 if off else 1], states[row]))
            changes = [*np.flatnonzero(np.diff(before)), len(self.hour)]
            for at, until in pairwise(changes):
                move = self._move(row, group, int(at), int(until), states, int(before[at]))
                key = (move.key, move.until)
                twin = found.get(key)
                if twin is not None:
                    move = replace(
                        move, count=move.count + twin.count, worth=move.worth + twin.worth
                    )
                found[key] = move
        made = sorted(found.values(), key=lambda move: (move.at, -move.worth, move.key))
        places = {group.id: place for place, group in enumerate(self.book.groups)}
        parts = MoveTable.of(made, places).columns.parts().tolist()
        return tuple(replace(move, part=part) for move, part in zip(made, parts, strict=True))

    def _move(
        self, row: int, group: RigGroup, at: int, until: int, states: States, before: int
    ) -> Move:
        span, after, rigs = slice(at, until), int(states[row, at]), int(self.rigs_of_row[row])
        names = (OFF, *self.mode_names[self.group_of_row[row]])

        def worth_of(state: int) -> float:
            return float(self.margin(row, state - 1)[span].sum()) * rigs if state else 0.0

        mode = (after or before) - 1
        mean = float(self.price(row)[span].mean())
        hours = (until - at) * self._step_h
        ths = self.modes[self.group_of_row[row]][mode].hashrate_ths
        even = ths * float(self.hashprice[span].mean()) / 1000 / 24 / self.kw(row, mode)
        worth = worth_of(after) - worth_of(before)
        doubt = 0.02 * ths * HASHPRICE / 1000 / 24 * hours * rigs
        forced = bool(self.event[at]) and group.site == TEXAS and not after
        return Move(
            at=datetime.fromtimestamp(float(self.start_s[at]), UTC),
            until=(
                datetime.fromtimestamp(float(self.start_s[until]), UTC)
                if until < len(self.hour)
                else None
            ),
            site=group.site,
            group=group.id,
            count=rigs,
            before=names[before],
            after=names[after],
            why=self._why(at, before, after, mean, forced=forced, pinned=group.pin is not Pin.FREE),
            price_per_kwh=mean,
            break_even_per_kwh=even,
            worth=worth,
            doubt=doubt,
            flips=Flips()
            if forced
            else Flips(93_049 * mean / even if mean > 0 else None, even, 146.47e12 * even / mean),
            advised=forced or worth >= doubt,
            forced=forced,
            on_forecast=float((self.hour[span] >= KNOWN_H).mean()) if group.site == TEXAS else 0.0,
            detail="Grid call" if forced else "",
        )

    def _why(
        self, at: int, before: int, after: int, mean: float, *, forced: bool, pinned: bool
    ) -> Why:
        if forced:
            return Why.EVENT
        if pinned:
            return Why.PINNED
        if before and after:
            return Why.OTHER_MODE_EARNS_MORE
        if self.hour[at] == RETARGET_H:
            return Why.RETARGET
        if mean < 0:
            return Why.PAID_TO_CONSUME
        return Why.POWER_CHEAPER_THAN_WORTH if after else Why.POWER_DEARER_THAN_WORTH

    def hysteresis(self) -> tuple[Hysteresis, ...]:
        """Return the pairs of numbers of each group."""
        found = []
        for index, group in enumerate(self.book.groups):
            row = int(np.flatnonzero(self.group_of_row == index)[0])
            mode = self.modes[index][0]
            even = mode.hashrate_ths * HASHPRICE / 1000 / 24 / self.kw(row, 0)
            stop = HASHPRICE * float(self.price(row)[0]) / even
            found.append(Hysteresis(group.id, stop * 0.97, stop * 1.04, even * 1.03, even * 0.96))
        return tuple(found)
