"""What a kW is worth to a site in each step if starts cost nothing: where the search begins.

Without starts and minimum times every step's rigs are taken in the order of what a kW of theirs
earns, so that all rigs of a step are one concave function of its load.
"""

from __future__ import annotations

import numpy as np

from minerdesk.engine.dispatch.coupled.highs import Model
from minerdesk.engine.dispatch.coupled.rule_rows import lay
from minerdesk.engine.dispatch.coupled.site import SiteRules
from minerdesk.engine.dispatch.coupled.worth import Worth
from minerdesk.engine.dispatch.problem import Floats, Problem

_PIECES = 24  # of a step's load, alike in kW; more do not make the guess better


def first_prices(
    problem: Problem, worth: Worth, rules: SiteRules, penalty: float
) -> tuple[Floats, float]:
    """Return (T,) money of a kW in each step, and the most that the site's load gives at them.

    Args:
        problem: of one site.
        worth: of its units.
        rules: of the site.
        penalty: money for a kW and step that breaks a limit.
    """
    kw, gain = _pieces(problem, worth)
    steps, pieces = kw.shape
    model = Model()
    columns = lay(model, rules, penalty)
    taken = model.add_columns(-(gain / np.maximum(kw, 1e-9)).ravel(), 0.0, kw.ravel())
    side = -rules.fixed - float(problem.units.rigs @ worth.kw[:, 0])
    rows = model.add_rows(
        side,
        side,
        [
            (taken.reshape(steps, pieces), 1.0),
            (columns.load, -1.0),
            (columns.over, -1.0),
            (columns.under, 1.0),
        ],
    )
    objective = -model.solve()
    price = -model.duals()[rows]
    of_rigs = np.maximum(gain - kw * price[:, None], 0.0).sum()
    return price, objective - float(of_rigs)


def _pieces(problem: Problem, worth: Worth) -> tuple[Floats, Floats]:
    """Return (T, K) kW above that of rigs that are off, and money, of each piece of a step."""
    kw = (worth.kw - worth.kw[:, :1])[:, None, :]
    gain = worth.gain - worth.gain[:, :, :1]
    steps = gain.shape[1]
    units, rules = problem.units, problem.rules
    may = rules.allowed[units.rule] & ~rules.forced_off[units.rule][:, :, None]
    may[..., 1:] &= units.has[:, None, :]
    may[..., 0] = True
    # One state after the other, the best per kW first, is the upper hull of a unit's states.
    at_kw, at_gain = np.zeros((2, units.count, steps))
    widths: list[Floats] = []
    slopes: list[Floats] = []
    for _ in range(units.modes):
        more = kw - at_kw[:, :, None]
        slope = np.where(may & (more > 0.0), gain - at_gain[:, :, None], -np.inf)
        slope = np.divide(slope, more, out=np.full_like(slope, -np.inf), where=more > 0.0)
        best = slope.argmax(axis=2)[:, :, None]
        found = np.take_along_axis(slope, best, axis=2)[:, :, 0]
        wider = np.take_along_axis(np.broadcast_to(more, slope.shape), best, axis=2)[:, :, 0]
        width = np.where(np.isfinite(found), wider, 0.0)
        slope_kept = np.where(np.isfinite(found), found, 0.0)
        widths.append(units.rigs[:, None].astype(np.float64) * width)
        slopes.append(slope_kept)
        at_kw, at_gain = at_kw + width, at_gain + width * slope_kept
    return _evenly(np.concatenate(widths).T, np.concatenate(slopes).T)


def _evenly(width: Floats, slope: Floats) -> tuple[Floats, Floats]:
    """Return (T, K) widths and heights of pieces alike in width, from (T, N) widths and slopes."""
    order = np.argsort(-slope, axis=1, kind="stable")
    width, slope = (np.take_along_axis(each, order, axis=1) for each in (width, slope))
    kw = np.pad(width.cumsum(axis=1), ((0, 0), (1, 0)))
    money = np.pad((width * slope).cumsum(axis=1), ((0, 0), (1, 0)))
    ends = np.linspace(0.0, 1.0, _PIECES + 1) * kw[:, -1:]
    at = np.stack([np.interp(*each) for each in zip(ends, kw, money, strict=True)])
    return np.diff(ends, axis=1), np.diff(at, axis=1)
