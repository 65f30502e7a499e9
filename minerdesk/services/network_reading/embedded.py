"""What comes with the program: the chain's retargets and the catalogue's machines."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from minerdesk.domain.rigs import RigModel
from minerdesk.engine.indicators.difficulty import Retargets
from minerdesk.engine.industry import Machines
from minerdesk.services.network_reading.machines import industry_machines
from minerdesk.storage.catalogue_file import load_catalogue
from minerdesk.storage.resources import catalogue_path, load_retargets


def embedded_retargets() -> Retargets:
    """Return the retargets that come with the program."""
    rows = load_retargets()
    return Retargets(
        np.array([row.height for row in rows], np.int64),
        np.array([row.time_s for row in rows], np.float64),
        np.array([row.difficulty for row in rows], np.float64),
    )


def embedded_models() -> Sequence[RigModel]:
    """Return the catalogue."""
    return load_catalogue(catalogue_path())


def embedded_machines() -> Machines:
    """Return the machines of the catalogue that halls run."""
    return industry_machines(embedded_models())
