"""The slice of the Network page: readings, curves, and what they mean for the fleet. Frozen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from types import MappingProxyType
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from minerdesk.domain.network_choice import NetworkChoice, ReferenceMark
from minerdesk.domain.readings import NetworkState
from minerdesk.domain.rigs import RigModel
from minerdesk.domain.units import BLOCKS_PER_DAY, BLOCKS_PER_EPOCH
from minerdesk.engine import dispatch, economics, gains, scenario
from minerdesk.engine.indicators.days import Days
from minerdesk.engine.indicators.difficulty import Retargets
from minerdesk.engine.indicators.ribbon import Confirmation
from minerdesk.engine.industry import Machines
from minerdesk.engine.network import HALVING_BLOCKS, subsidy_btc
from minerdesk.services.evaluation import Evaluation, Figures, Standing, network_now
from minerdesk.services.network_reading.curves import Curves, curves_of
from minerdesk.services.network_reading.machines import Eligible, eligible_machines
from minerdesk.services.network_reading.marks import REFERENCE_MARKS
from minerdesk.services.network_reading.readings import Asked, NetworkReadings, read_network
from minerdesk.services.totals import Totals, add_up

Ints = NDArray[np.intp]
Codes = NDArray[np.int8]

_EXTREMES: Final = 3
TURNED_MOST: Final = 100


@dataclass(frozen=True, slots=True)
class DailyHistory:
    """What the history knows by day.

    Attributes:
        days: joined daily series, or None while only retargets are known.
        retargets: every change of difficulty that is known.
        sources: by quantity (``price``, ``hashrate``, ``difficulty``, ``fees``, ``issuance``) who
            says so, in words. notes: gaps and disagreements, in sentences.
        embedded_alone: nothing but the retargets that come with the program is known.
    """

    days: Days | None
    retargets: Retargets
    sources: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    notes: tuple[str, ...] = ()
    embedded_alone: bool = False


@dataclass(frozen=True, slots=True)
class Turned:
    """A group whose verdict a change of the network turns; verdicts are `Verdict` codes."""

    site: str
    model: str
    rigs: int
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class FleetAfter:
    """The fleet before and after a change of the network, everything else as it is now.

    Attributes:
        change_pct: of difficulty, or of the subsidy.
        margin_before, margin_after: money per day after the advised moves, in ``currency``.
        earning_before, earning_after: rigs that earn more than the power that stops with them.
            rigs: all.
        turned_groups: how many groups get another verdict. turned: the largest of them, at most
            `TURNED_MOST`, the largest first.
    """

    change_pct: float
    margin_before: float
    margin_after: float
    earning_before: int
    earning_after: int
    rigs: int
    currency: str
    turned_groups: int = 0
    turned: tuple[Turned, ...] = ()


@dataclass(frozen=True, slots=True)
class Halving:
    """The next halving: its block, when at 10 minutes a block, and the subsidies in BTC."""

    height: int
    on: date
    blocks_left: int
    subsidy_before_btc: float
    subsidy_after_btc: float
    fleet: FleetAfter | None = None


@dataclass(frozen=True, slots=True)
class Extreme:
    """One of the largest changes of difficulty."""

    on: date
    change_pct: float


@dataclass(frozen=True, slots=True)
class Indicators:
    """What the Network page shows.

    Attributes:
        readings: as of the last complete day. curves: of all days.
        choice: what it was computed with. marks: published ones and the operator's own.
        history: what it was computed from. made_at: UTC.
        falls, rises: largest changes of difficulty that are known, the largest first.
        after_retarget: the fleet at the projected difficulty, or None.
        halving: the next, or None where no height is known.
        machines: number of models the cost of mining chooses from. eligible: those of them that
            could run on the day ``eligible_on``.
    """

    readings: NetworkReadings
    curves: Curves
    choice: NetworkChoice
    marks: tuple[ReferenceMark, ...]
    history: DailyHistory
    made_at: datetime
    falls: tuple[Extreme, ...] = ()
    rises: tuple[Extreme, ...] = ()
    after_retarget: FleetAfter | None = None
    halving: Halving | None = None
    machines: int = 0
    eligible: tuple[Eligible, ...] = ()
    eligible_on: date | None = None

    @property
    def offline_words(self) -> date | None:
        """The day the embedded retargets are known to, where nothing else is known; else None."""
        reading = self.readings.difficulty
        return reading.known_to if self.history.embedded_alone and reading else None


def last_complete_day(now: datetime) -> date:
    """Return the day before the one that ``now`` is in, UTC."""
    return (now.astimezone(UTC) - timedelta(days=1)).date()


def make_indicators(
    history: DailyHistory,
    machines: Machines,
    choice: NetworkChoice,
    network: NetworkState,
    now: datetime,
) -> Indicators:
    """Compute readings and curves as of the last complete day.

    Args:
        history: what is known by day.
        machines: for the cost of mining.
        choice: price of power and confirmation.
        network: live numbers; they give the projection and the height.
        now: UTC.
    """
    live = network.example_of is None
    readings = read_network(
        history.days,
        history.retargets,
        machines,
        last_complete_day(now),
        Asked(
            choice.price_per_kwh,
            Confirmation(choice.confirmation_days, choice.confirmation_band),
            network.retarget if live else None,
            history.notes,
        ),
    )
    falls, rises = _extremes(readings.retargets)
    return Indicators(
        readings,
        curves_of(readings, machines),
        choice,
        (*REFERENCE_MARKS, *choice.marks),
        history,
        now,
        falls,
        rises,
        halving=_halving(network if live else NetworkState(), readings.retargets, now),
        machines=len(machines.j_per_th),
    )


def with_models(found: Indicators, models: Iterable[RigModel]) -> Indicators:
    """Return ``found`` with the names of the machines that its cost of mining rests on."""
    cost = found.readings.cost
    if cost is None:
        return found
    day, eligible = eligible_machines(models, cost, found.readings.days.first_day)
    return replace(found, eligible=eligible, eligible_on=day)


def with_fleet(found: Indicators, evaluation: Evaluation | None) -> Indicators:
    """Return ``found`` with what the next retarget and the next halving mean for the fleet."""
    usable = evaluation is not None and evaluation.standing in {Standing.ADVICE, Standing.TOO_OLD}
    if evaluation is None or not usable or evaluation.figures is None:
        return replace(found, after_retarget=None)
    network, projection = evaluation.network, evaluation.network.retarget
    after = None
    difficulty = network.difficulty
    if projection is not None and difficulty.reading is not None:
        value = difficulty.reading.value * (1 + projection.change_pct / 100)
        changed = replace(
            network,
            difficulty=replace(difficulty, reading=replace(difficulty.reading, value=value)),
        )
        after = _fleet_on(evaluation, changed, projection.change_pct)
    halving, height = found.halving, network.height
    if halving is not None and height.reading is not None:
        reading = replace(height.reading, value=float(halving.height - 1))
        changed = replace(network, height=replace(height, reading=reading))
        fleet = _fleet_on(evaluation, changed, -50.0)
        halving = replace(halving, fleet=fleet)
    return replace(found, after_retarget=after, halving=halving)


def _fleet_on(
    evaluation: Evaluation, network: NetworkState, change_pct: float
) -> FleetAfter | None:
    figures = evaluation.figures
    if figures is None:
        return None
    before, after = (_fleet_at(evaluation, figures, each) for each in (evaluation.network, network))
    turned = np.flatnonzero(before.verdicts != after.verdicts)
    return FleetAfter(
        change_pct,
        before.totals.margin_advised_per_day,
        after.totals.margin_advised_per_day,
        before.earning,
        after.earning,
        before.totals.rigs,
        evaluation.currency,
        len(turned),
        _largest_turned(evaluation, turned, before.verdicts, after.verdicts),
    )


def _largest_turned(
    evaluation: Evaluation, turned: Ints, before: Codes, after: Codes
) -> tuple[Turned, ...]:
    book, groups = evaluation.book, evaluation.book.groups
    sites = {site.id: site.name for site in book.sites}
    largest = sorted(turned.tolist(), key=lambda i: -groups[i].count)[:TURNED_MOST]
    return tuple(
        Turned(
            sites[groups[i].site],
            groups[i].model,
            groups[i].count,
            int(before[i]),
            int(after[i]),
        )
        for i in largest
    )


class _At(NamedTuple):
    """The fleet on some numbers of the network."""

    totals: Totals
    verdicts: Codes
    earning: int


def _fleet_at(evaluation: Evaluation, figures: Figures, network: NetworkState) -> _At:
    """Decide for the fleet at the prices of power it was evaluated with, whatever a plan says.

    A plan rests on the numbers of today; with it on one side alone, the two would not compare.
    """
    fleet = figures.fleet
    found = economics.evaluate(
        economics.prepare(fleet), network_now(network, evaluation.book.currency)
    )
    decisions = dispatch.decide(fleet, found, figures.tolerance, None)
    part = gains.part_kept_of_moves(fleet, found, decisions)
    decisions = gains.after_share_of(decisions, part)
    totals = add_up(fleet, found, decisions, len(evaluation.book.sites))[0]
    return _At(totals, decisions.verdict, round(scenario.earning_rigs(fleet, found)))


def _extremes(retargets: Retargets) -> tuple[tuple[Extreme, ...], tuple[Extreme, ...]]:
    change = retargets.change_pct
    order = np.argsort(np.where(np.isfinite(change), change, 0.0), kind="stable")

    def named(indexes: np.ndarray, sign: int) -> tuple[Extreme, ...]:
        return tuple(
            Extreme(
                datetime.fromtimestamp(float(retargets.time_s[i]), UTC).date(), float(change[i])
            )
            for i in indexes
            if change[i] * sign > 0
        )

    return named(order[:_EXTREMES], -1), named(order[::-1][:_EXTREMES], 1)


def _halving(network: NetworkState, retargets: Retargets, now: datetime) -> Halving | None:
    if network.height.value is not None:
        tip = int(network.height.value)
    elif retargets.count:
        # The last retarget that is known is an early guess of where the chain stands now.
        since = now.timestamp() - float(retargets.time_s[-1])
        tip = int(retargets.height[-1]) + int(since / 86_400 * BLOCKS_PER_DAY)
    else:
        return None
    height = (tip // HALVING_BLOCKS + 1) * HALVING_BLOCKS
    left = height - tip
    return Halving(
        height,
        (now + timedelta(days=left / BLOCKS_PER_DAY)).date(),
        left,
        subsidy_btc(tip + 1 if left > 1 else tip),
        subsidy_btc(height),
    )


def epoch_progress(height: int) -> tuple[int, float]:
    """Return how many blocks of the epoch are found, and the fraction of it."""
    found = height % BLOCKS_PER_EPOCH
    return found, found / BLOCKS_PER_EPOCH
