"""A plan weighs a tier's border that it may cross, whatever runs now."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from minerdesk.domain.rigs import ModeCount, RigGroup, StateNow
from minerdesk.domain.sites import MeteredMonth, Site
from minerdesk.domain.starts import StartCosts
from minerdesk.domain.tariff import Period, Tariff, Tier, TimeOfUse
from minerdesk.services.planning.plan import Why
from minerdesk.services.words import Formats
from minerdesk.services.words.plan_words import PlanWords
from tests.services.planning.a_plan import book, network, plan

# The last 24 hours of January, 900 of 1,200 kWh used.
LATE = datetime(2026, 1, 31, 0, tzinfo=UTC)
SITE = Site("here", "Here", "power", metered=(MeteredMonth("2026-01", 900.0, 30.0, as_of=LATE),))
TIERED = Tariff(
    "power",
    "Power",
    0.0,
    time_of_use=TimeOfUse((Period("a", "all", (Tier(0.03, 1200.0), Tier(0.08))),)),
)


@pytest.mark.parametrize("running", [0, 10])
def test_only_what_a_tier_leaves_is_used(running: int) -> None:
    now = StateNow((ModeCount("normal", running),) if running else ())
    group = RigGroup("a", "here", "Rig", 10, state_now=now)
    found = plan(
        book(group, site=SITE, tariff=TIERED, starts=StartCosts(10.0, 0.01, 0.01, 0, 0, 0, 0)),
        network(now=LATE),
        now=LATE,
        hours=24,
    )
    assert found.sites[0].kw.sum() == pytest.approx(300.0, abs=3.0)
    assert set(found.sites[0].price.per_kwh.tolist()) == {0.03}
    for down in (move for move in found.moves if move.after == "off"):
        assert down.why is Why.TIER_FULL
        assert PlanWords(found, Formats("en")).why(down).startswith("Here reaches a dearer tier")
    assert any(move.after == "off" for move in found.moves) == bool(running)


def test_a_border_out_of_reach_couples_nothing() -> None:
    far = Site("here", "Here", "power", metered=(MeteredMonth("2026-01", 100.0, 30.0, as_of=LATE),))
    found = plan(book(site=far, tariff=TIERED), network(now=LATE), now=LATE, hours=24)
    assert found.moves == ()
    assert found.bound == pytest.approx(found.objective, abs=1e-9)
