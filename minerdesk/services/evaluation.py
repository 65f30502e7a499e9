"""From a book and a network state to what the pages show: one frozen `Evaluation`.

`Evaluator.evaluate` runs off the GUI thread. What changes only with an edit (arrays, costs, mode
steps) is kept between calls.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from minerdesk.domain.book import Book
from minerdesk.domain.readings import NetworkState
from minerdesk.engine import dispatch, economics, gains, merit
from minerdesk.engine.dispatch import Decisions, Tolerance
from minerdesk.engine.economics import Economics, Prepared
from minerdesk.engine.fleet import FleetArrays, build_fleet, with_prices
from minerdesk.engine.merit import Blocks, Ladder
from minerdesk.engine.network import NetworkNow, subsidy_btc
from minerdesk.services.group_list import ByHour, by_hour
from minerdesk.services.totals import Totals, add_up

if TYPE_CHECKING:
    from minerdesk.engine.dispatch import Target
    from minerdesk.services.planning.agenda import Agenda
    from minerdesk.services.planning.plan import Plan

Floats = NDArray[np.float64]
OFF: Final = dispatch.OFF


class Standing(StrEnum):
    """What the numbers are good for."""

    EMPTY = "empty"  # the book has no rigs
    NO_NUMBERS = "no_numbers"  # price (in the book's currency), difficulty, height or fees unknown
    EXAMPLE = "example"  # the embedded snapshot: an example of its date, never advice
    TOO_OLD = "too_old"  # no advice from old numbers
    ADVICE = "advice"


@dataclass(frozen=True, slots=True)
class AdviceLimits:
    """How old numbers may be for advice, and how wrong they are taken to be."""

    price: timedelta = timedelta(minutes=30)
    difficulty: timedelta = timedelta(hours=24)
    tolerance: Tolerance = field(default_factory=Tolerance)


@dataclass(frozen=True, slots=True)
class Figures:
    """The engine's arrays, where the numbers to compute them were known.

    Attributes:
        now: the numbers of the network they rest on.
        fleet, economics, decisions, blocks, ladder: see `engine`; gains are after the hosts' share.
        kept_of_moves: (G,) which part of its gain a group keeps: `engine.gains`.
        tolerance: one standard deviation of revenue, a fraction.
    """

    now: NetworkNow
    fleet: FleetArrays
    economics: Economics
    decisions: Decisions
    kept_of_moves: Floats
    blocks: Blocks
    ladder: Ladder
    tolerance: float

    def column(self, name: str) -> Floats:
        """Return a figure of `Economics` or `Prepared` by group, shape (G,), in its reference mode.

        The reference mode is the one most of the group's rigs run now, or would run best in.

        Raises:
            AttributeError: there is no such figure.
        """
        source = self.economics if hasattr(self.economics, name) else self.economics.prepared
        values: Floats = getattr(source, name)[self.decisions.reference_mode]
        return values


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What a book is worth at one moment.

    Attributes:
        book, network: what it was made from; ``book_revision`` and ``network.revision`` name them.
        made_at: UTC.
        standing: what the numbers are good for.
        currency: of all money here, the book's.
        old: where they are too old, which: ``price`` or ``difficulty``; else empty.
        figures: the arrays, or None where the numbers are missing or there are no rigs.
        totals: of the whole fleet, or None. sites: of each site in the book's order, or empty.
        plan: of the hours to come, of this very book, or None while there is none.
        agenda: what the plan asks for at ``made_at``, or None without a plan.
        by_hour: what this hour alone asks for; None with a plan, which nobody asks that of.
    """

    book: Book
    book_revision: int
    network: NetworkState
    made_at: datetime
    standing: Standing
    currency: str
    old: str = ""
    figures: Figures | None = None
    totals: Totals | None = None
    sites: tuple[Totals, ...] = ()
    plan: Plan | None = None
    agenda: Agenda | None = None
    by_hour: ByHour | None = None


@dataclass(frozen=True, slots=True)
class _PerEdit:
    """What changes only with an edit; ``bare`` is the fleet at no price in particular."""

    book: Book
    rates: Mapping[str, float]
    bare: FleetArrays


@dataclass(frozen=True, slots=True)
class _PerPrice:
    """What changes only with an edit or a price of power."""

    bare: FleetArrays
    per_kwh: Mapping[str, float]
    fleet: FleetArrays
    prepared: Prepared
    blocks: Blocks


PricesNow = Callable[[Book, FleetArrays, Mapping[str, float], datetime], Mapping[str, float]]


class Evaluator:
    """Evaluates; keeps between calls what changes only with an edit. For one thread at a time.

    Args:
        workers: threads for large fleets.
        prices_now: gives the present price of power by site (`services.power.site_prices`); None
            takes the plainest price of each tariff.
    """

    def __init__(self, workers: int = 1, prices_now: PricesNow | None = None) -> None:
        self._workers = workers
        self._prices_now = prices_now
        self._kept: _PerEdit | None = None
        self._priced: _PerPrice | None = None
        self._agenda: Agenda | None = None

    def evaluate(
        self,
        book: Book,
        network: NetworkState,
        now: datetime,
        *,
        book_revision: int = 0,
        limits: AdviceLimits | None = None,
        plan: Plan | None = None,
    ) -> Evaluation:
        """Evaluate ``book`` on ``network`` as of ``now``.

        Args:
            book: what there is.
            network: what is known.
            now: UTC.
            book_revision: of the book.
            limits: how old and how wrong numbers may be.
            plan: of the hours to come; its first step decides where it is of this very book, real,
                and holds ``now``.

        Raises:
            ValueError: the book's modes cannot be resolved (`engine.fleet.build_fleet`).
        """
        limits = limits or AdviceLimits()
        standing, old = _standing(book, network, now, limits)
        base = Evaluation(
            book, book_revision, network, now, standing, currency=book.currency, old=old
        )
        if standing in {Standing.EMPTY, Standing.NO_NUMBERS}:
            return base
        edit = self._per_price(book, network, now)
        plan, target = _in_force(plan, book, edit.fleet, now)
        now_numbers = network_now(network, book.currency)
        tolerance = limits.tolerance.fraction(
            fee_share=now_numbers.fee_share,
            # The example is one of its own date, so its price is as old as it was then.
            price_age_days=price_age(network, network.example_of or now) / timedelta(days=1),
            spread=network.price.spread,
        )
        figures = economics.evaluate(edit.prepared, now_numbers, workers=self._workers)
        decisions = dispatch.decide(edit.fleet, figures, tolerance, target)
        part = gains.part_kept_of_moves(edit.fleet, figures, decisions)
        decisions = gains.after_share_of(decisions, part)
        found = Figures(
            now_numbers,
            edit.fleet,
            figures,
            decisions,
            part,
            edit.blocks,
            merit.ladder(edit.blocks, figures),
            tolerance,
        )
        totals, sites = add_up(edit.fleet, figures, decisions, len(book.sites))
        return replace(
            base,
            figures=found,
            totals=totals,
            sites=sites,
            plan=plan,
            agenda=None if plan is None else self._agenda_of(plan, now),
            by_hour=by_hour(book.groups, decisions) if plan is None else None,
        )

    def _agenda_of(self, plan: Plan, now: datetime) -> Agenda:
        from minerdesk.services.planning.agenda import agenda_of

        held = self._agenda
        if held is None or held.plan is not plan or not held.holds_at(now):
            self._agenda = held = agenda_of(plan, now)
        return held

    def _per_price(self, book: Book, network: NetworkState, now: datetime) -> _PerPrice:
        rates = rates_into(book.currency, network)
        edit = self._kept
        if edit is None or edit.book is not book or edit.rates != rates:
            self._kept = edit = _PerEdit(book, rates, build_fleet(book, rates))
        per_kwh = self._price_by_site(edit, now)
        kept = self._priced
        if kept is None or kept.bare is not edit.bare or not _same(kept.per_kwh, per_kwh):
            fleet = with_prices(edit.bare, book, rates, per_kwh) if per_kwh else edit.bare
            prepared = economics.prepare(fleet)
            blocks = merit.mode_steps(fleet, prepared)
            self._priced = kept = _PerPrice(edit.bare, per_kwh, fleet, prepared, blocks)
        return kept

    def _price_by_site(self, edit: _PerEdit, now: datetime) -> Mapping[str, float]:
        if self._prices_now is None:
            return {}
        return self._prices_now(edit.book, edit.bare, edit.rates, now)


def _in_force(
    plan: Plan | None, book: Book, fleet: FleetArrays, now: datetime
) -> tuple[Plan | None, Target | None]:
    """Return the plan where it decides, with what it wants of the present step."""
    if plan is None:
        return None, None
    # Without a plan, as at the start, nobody waits for what reads one.
    from minerdesk.services.planning.first_step import is_in_force, target_of

    return (plan, target_of(plan, fleet, now)) if is_in_force(plan, book, now) else (None, None)


def _same(one: Mapping[str, float], other: Mapping[str, float]) -> bool:
    """Compare prices; two that are not known are the same."""
    return one.keys() == other.keys() and all(
        value == other[key] or (value != value and other[key] != other[key])  # noqa: PLR0124 - NaN
        for key, value in one.items()
    )


def network_now(network: NetworkState, currency: str = "") -> NetworkNow:
    """Return the engine's numbers of a complete network state.

    The block being mined is the one after the tip.

    Args:
        network: price, height, difficulty and fees known.
        currency: of the price returned; empty means the state's own.

    Raises:
        ValueError: the state is not complete, or the price cannot be had in that currency.
    """
    price, height = price_in(currency or network.currency, network), network.height.value
    difficulty, fees = network.difficulty.value, network.fees.value
    if price is None or height is None or difficulty is None or fees is None:
        raise ValueError("the network state lacks price, height, difficulty or fees")
    return NetworkNow(price, difficulty, subsidy_btc(int(height) + 1), fees)


def price_in(currency: str, network: NetworkState) -> float | None:
    """Return the BTC price in ``currency``, or None where it or the exchange rate is unknown."""
    price, rate = network.price.value, rates_into(currency, network).get(network.currency)
    return None if price is None or rate is None else price * rate


def rates_into(currency: str, network: NetworkState) -> dict[str, float]:
    """Return what one unit of each known currency is worth in ``currency``."""
    per_usd = {"USD": 1.0} | {r.currency: r.value for r in network.rates if r.value > 0}
    if currency not in per_usd:
        return {currency: 1.0}
    return {each: per_usd[currency] / rate for each, rate in per_usd.items()}


def price_age(network: NetworkState, now: datetime) -> timedelta:
    """Return how old the price in force was at a moment; 0 for an example and a typed one."""
    reading = network.price.reading
    if reading is None or network.example_of is not None:  # an example is judged at its own moment
        return timedelta(0)
    return reading.age(now)


def _standing(
    book: Book, network: NetworkState, now: datetime, limits: AdviceLimits
) -> tuple[Standing, str]:
    if not book.groups:
        return Standing.EMPTY, ""
    if not network.complete or price_in(book.currency, network) is None:
        return Standing.NO_NUMBERS, ""
    if network.example_of is not None:
        return Standing.EXAMPLE, ""
    for name, gauge, limit in (
        ("price", network.price, limits.price),
        ("difficulty", network.difficulty, limits.difficulty),
    ):
        if gauge.reading is not None and gauge.reading.age(now) > limit:
            return Standing.TOO_OLD, name
    return Standing.ADVICE, ""
