"""A plan weighs the tiers of a demand charge that it may climb to."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest

from minerdesk.domain.rigs import ModeCount, RigGroup, StateNow
from minerdesk.domain.sites import MeteredMonth, Site
from minerdesk.domain.tariff import DemandCharge, DemandTier, Tariff
from tests.services.planning.a_plan import book, network, plan

LATE = datetime(2026, 1, 31, 0, tzinfo=UTC)
SITE = Site("here", "Here", "power", metered=(MeteredMonth("2026-01", 900.0, 9.0, as_of=LATE),))


@pytest.mark.parametrize(
    ("tiers", "most_kw"),
    [
        ((DemandTier(0.0, 15.0), DemandTier(90.0)), 15.0),
        # A day of all rigs does not bring what the dear kW up to the border cost for the month.
        ((DemandTier(90.0, 15.0), DemandTier(0.0)), 9.0),
        ((DemandTier(1.0, 15.0), DemandTier(0.0)), 30.0),
    ],
)
def test_a_peak_climbs_as_far_as_its_tiers_are_worth(
    tiers: tuple[DemandTier, ...], most_kw: float
) -> None:
    tariff = Tariff("power", "Power", 0.03, demand=(DemandCharge("peak", tiers, 60),))
    group = RigGroup("a", "here", "Rig", 10, state_now=StateNow((ModeCount("normal", 3),)))
    found = plan(book(group, site=SITE, tariff=tariff), network(now=LATE), now=LATE, hours=24)
    assert found.sites[0].kw.max() == pytest.approx(most_kw)
    assert found.sites[0].peak_kw == pytest.approx(9.0)


def test_a_tier_out_of_reach_is_as_none() -> None:
    def charge(*tiers: DemandTier) -> Tariff:
        return Tariff("power", "Power", 0.03, demand=(DemandCharge("peak", tiers, 60),))

    site = replace(SITE, expected_peak_kw=20.0)
    plain, far = (
        plan(book(site=site, tariff=tariff), network(now=LATE), now=LATE, hours=24)
        for tariff in (charge(DemandTier(0.4)), charge(DemandTier(0.4, 500.0), DemandTier(9.0)))
    )
    assert far.objective == pytest.approx(plain.objective, abs=1e-9)
    assert np.array_equal(far.sites[0].kw, plain.sites[0].kw)
