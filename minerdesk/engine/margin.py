"""Cash margin: what a miner keeps of revenue less power, where a host takes a share of the profit.

The one place that knows of the share; every margin, gain and curve goes through it. It is taken as
the bill takes it (`engine.tariff.bill`): over the *profit of one site and month*, never of a rig,
and never of a loss. Figures of a moment are money a day, as though the whole month were as now.
With the profit P of a site (revenue less power, idle power included) and the part k that is kept,

    margin = k x P  where P > 0, and P, the whole loss, elsewhere.

What follows, and what every figure does about it:

* Margins of groups add up to their site's: a site in profit keeps k of what each of its groups
  earns and bears k of what each loses, since a loss there lessens what the host takes; of a site at
  a loss each group keeps and bears the whole. A group in a mode that it does not run in counts as
  though it alone were changed.
* The margin rises with the profit. So no share moves a verdict, a break-even, a shutdown price, a
  step of the ladder or the merit order; hashcost and the cash cost of a coin are before it.
* A gain is the margin after a move less the margin before it: k of the gain in profit where the
  site earns before and after, the whole of it where it loses in both, and between the two the part
  that `part_kept_of_change` gives. Required margins withhold a part of what is kept.
* Costs that the host does not bill (staff, overhead, capital) are paid of the margin, so that the
  outer cost layers need ``cost / k`` of profit: `before_share`.

Charges of the bill beside energy (demand, fixed) would lessen the share too. They are no part of
the cash layer, so they are not looked at here; the bill itself counts them. A plan's steps count k
of gains and losses alike, which is this for a site whose month ends in profit.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def after_share(profit: Floats, kept: Floats | float) -> Floats:
    """Return the margin that a profit leaves, same shape: ``kept x profit``, or the whole loss.

    Args:
        profit: of whole sites, money; NaN stays NaN.
        kept: what the host leaves of a profit, in (0, 1]; broadcast to ``profit``.
    """
    found: Floats = np.minimum(profit, profit * kept)
    return found


def before_share(margin: Floats, kept: Floats | float) -> Floats:
    """Return the profit that leaves a margin, same shape: the inverse of `after_share`.

    Args:
        margin: money; NaN stays NaN.
        kept: what the host leaves of a profit, in (0, 1]; broadcast to ``margin``.
    """
    found: Floats = np.maximum(margin, margin / kept)
    return found


def part_kept(profit: Floats, kept: Floats) -> Floats:
    """Return ``after_share / profit``, same shape: ``kept`` where there is a profit, else 1."""
    return np.where(profit > 0, kept, 1.0)


def part_kept_of_change(before: Floats, after: Floats, kept: Floats) -> Floats:
    """Return which part of a change of profit reaches the margin, same shape, in [kept, 1].

    Args:
        before: profit of whole sites, money.
        after: theirs after the change.
        kept: what the host leaves of a profit, in (0, 1].
    """
    crosses = (before > 0) != (after > 0)
    # Of a change across zero only what lies above it is shared.
    shared = np.array(after > 0, dtype=np.float64)
    above = np.maximum(after, 0.0) - np.maximum(before, 0.0)
    np.divide(above, after - before, out=shared, where=crosses)
    found: Floats = np.where(shared > 0, 1 - shared + shared * kept, 1.0)
    return found
