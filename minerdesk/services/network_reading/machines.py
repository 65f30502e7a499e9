"""The catalogue as the Cambridge method sees it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import numpy as np

from minerdesk.domain.rigs import RigModel
from minerdesk.engine.industry import (
    DELIVERY_DAYS,
    IndustryCost,
    Machines,
    can_run,
    weights,
)


@dataclass(frozen=True, slots=True)
class Eligible:
    """A machine that could run: ``weight`` is by its age, 1 for the newest."""

    name: str
    j_per_th: float
    released: date
    weight: float


def hall_models(models: Iterable[RigModel]) -> tuple[RigModel, ...]:
    """Return the models of `industry_machines`, in its order."""
    return tuple(model for model in models if model.released and not model.home)


def industry_machines(models: Iterable[RigModel]) -> Machines:
    """Return the machines that halls run: those with a known month of release, not made for homes.

    A model counts with the mode it leaves the factory in, from the first day of its month.
    """
    halls = hall_models(models)
    return Machines(
        np.array(
            [date.fromisoformat(f"{each.released}-01").toordinal() for each in halls], np.int64
        ),
        np.array([each.modes[0].efficiency_j_per_th for each in halls], np.float64),
    )


def eligible_machines(
    models: Iterable[RigModel], cost: IndustryCost, first_day: int
) -> tuple[date | None, tuple[Eligible, ...]]:
    """Return the last day on which machines could run, and those, the most efficient first.

    Args:
        models: the catalogue the cost was made from.
        cost: the whole series.
        first_day: proleptic ordinal of its first day.
    """
    days = np.flatnonzero(cost.eligible)
    if not len(days):
        return None, ()
    day = first_day + int(days[-1])
    halls = hall_models(models)
    machines = industry_machines(halls)
    weight = weights(day - machines.release_day - DELIVERY_DAYS)
    runs = can_run(day, machines, float(cost.threshold_j_per_th[days[-1]])) & (weight > 0)
    found = [
        Eligible(
            halls[i].name,
            float(machines.j_per_th[i]),
            date.fromordinal(int(machines.release_day[i])),
            float(weight[i]),
        )
        for i in np.flatnonzero(runs)
    ]
    return date.fromordinal(day), tuple(sorted(found, key=lambda each: each.j_per_th))
