"""The same plan by PyPSA: groups of one mode as committable generators, commitment linearised.

The relaxation is exact here: minimum times and starts of one generator at one output span the
convex hull of its schedules (Rajan and Takriti, 2005).
"""

from __future__ import annotations

import logging
import warnings

import numpy as np

from minerdesk.engine.dispatch.problem import Problem


def commitment_value(problem: Problem) -> float:
    """Return what the plan of groups of one mode is worth.

    Starts must cost wear alone, and off nothing. One network holds all groups, which is faster
    than a network each; a sink takes their power.
    """
    import pypsa  # type: ignore[import-not-found]  # no dependency: measured where it is

    for name in ("pypsa", "linopy"):
        logging.getLogger(name).setLevel(logging.ERROR)
    units, horizon = problem.units, problem.horizon
    names = [f"group {i}" for i in range(units.count)]
    kw = units.kw[:, 0] * units.rigs
    earned = (
        units.paid_subsidy[:, :1] * horizon.income_subsidy
        + units.paid_fees[:, :1] * horizon.income_fees
    ) * units.keep[:, None]
    cost = horizon.price[units.site] - earned / units.kw[:, :1]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        network = pypsa.Network()
        network.set_snapshots(range(horizon.steps))
        network.add("Bus", "site")
        network.add("Generator", "sink", bus="site", p_nom=kw.sum(), p_min_pu=-1.0, p_max_pu=0.0)
        network.add(
            "Generator",
            names,
            bus="site",
            committable=True,
            p_nom=kw,
            p_min_pu=1.0,
            start_up_cost=units.wear_start * units.rigs,
            shut_down_cost=units.wear_stop * units.rigs,
            min_up_time=units.min_on,
            min_down_time=units.min_off,
            up_time_before=np.full(units.count, horizon.steps),
            marginal_cost=cost.T,
        )
        network.optimize(
            solver_name="highs",
            linearized_unit_commitment=True,
            log_to_console=False,
            output_flag=False,
            threads=1,
        )
        return -float(network.objective)
