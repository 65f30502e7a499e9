"""What a grid's programme pays for power that is not drawn during its events.

It pays for ``min(kw, max(0, baseline - load))``: each kW by which the load stays under the
baseline, at most what is enrolled. So a kWh costs the credit more between the baseline less the
enrolled power and the baseline; below, all that can be paid is paid, and above nothing is.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from minerdesk.domain.tariff import CurtailmentCredit, Tariff
from minerdesk.engine.tariff.demand import bill_factor
from minerdesk.engine.tariff.parts import PartKind, PricePart
from minerdesk.engine.tariff.times import Floats


class Called(NamedTuple):
    """The events of one programme.

    Attributes:
        share: (T,) part of each step that lies inside its events, 0 to 1.
        baseline_kw: load under which power counts as given back.
    """

    share: Floats
    baseline_kw: float


class CreditStep(NamedTuple):
    """A kWh above ``kw`` costs ``per_kwh`` more, (T,); less where it is negative."""

    name: str
    kw: float
    per_kwh: Floats


def curtailed_kwh(
    credit: CurtailmentCredit, called: Called, load_kw: Floats, hours: float
) -> float:
    """Return the energy that a programme pays for under a load (T,), kWh."""
    under = np.minimum(credit.kw, np.maximum(called.baseline_kw - load_kw, 0.0))
    return float(under @ called.share) * hours


def credit_parts(
    tariff: Tariff, curtailing: Mapping[str, Called], load_kw: Floats
) -> list[PricePart]:
    """Return the credits that one more kWh loses under a load, (T,) each.

    A load just at the baseline is priced as what lies below it.
    """
    parts = []
    for credit, called in _paid(tariff, curtailing):
        counts = (load_kw > called.baseline_kw - credit.kw) & (load_kw <= called.baseline_kw)
        lost = np.where(counts, called.share * credit.per_kwh, 0.0)
        parts.append(PricePart(credit.name, lost, PartKind.CURTAILMENT))
    return parts


def credit_steps(
    tariff: Tariff, curtailing: Mapping[str, Called], reach_kw: tuple[float, float]
) -> tuple[list[PricePart], list[CreditStep]]:
    """Return the credits for a load that is not known yet.

    Args:
        tariff: whose credits they are.
        curtailing: the events, by the name of the credit that pays for them.
        reach_kw: the least and the most that the site can draw.

    Returns:
        What is lost by every kWh that can be drawn, and what only by those above a load; the steps
        with the percentages of the bill, as they stand beside its price.
    """
    least, most = reach_kw
    always: list[PricePart] = []
    above: list[CreditStep] = []
    factor = bill_factor(tariff)
    for credit, called in _paid(tariff, curtailing):
        lost = called.share * credit.per_kwh
        for kw, more in ((called.baseline_kw - credit.kw, lost), (called.baseline_kw, -lost)):
            if kw <= least:
                always.append(PricePart(credit.name, more, PartKind.CURTAILMENT))
            elif kw < most:
                above.append(CreditStep(credit.name, kw, more * factor))
    return always, above


def _paid(
    tariff: Tariff, curtailing: Mapping[str, Called]
) -> list[tuple[CurtailmentCredit, Called]]:
    return [
        (credit, curtailing[credit.name])
        for credit in tariff.curtailment
        if credit.per_kwh and credit.kw and credit.name in curtailing
    ]
