"""The catalogue as the Cambridge method sees it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import numpy as np

from minerdesk.domain.rigs import RigModel
from minerdesk.engine.industry import Machines


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
