"""Rules of a site that leave little room: what still can be, and what is said where nothing can."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest

from minerdesk.domain.rigs import Pin, RigGroup, StateNow
from minerdesk.domain.sites import Event, Site
from minerdesk.domain.starts import StartCosts
from tests.services.planning.a_plan import NOW, book, hourly, hours_from, plan

CHEAP = hourly(*[0.04] * 48)


@pytest.mark.parametrize("limit", [20.0, 8.0])
def test_the_ramp_that_would_work_works_and_none_much_slower(limit: float) -> None:
    said = plan(book(site=Site("here", "Here", "power", limit_kw=limit, ramp_kw=5.0)), prices=CHEAP)
    found = re.search(r"with a ramp of 5 kW a step; a ramp of (\d+) kW would work", said.cannot)
    assert found is not None, said.cannot
    nearest = float(found[1])

    def with_ramp(ramp_kw: float) -> str:
        site = Site("here", "Here", "power", limit_kw=limit, ramp_kw=ramp_kw)
        return plan(book(site=site), prices=CHEAP).cannot

    assert not with_ramp(nearest)
    assert with_ramp(nearest - 1.0)


def test_what_no_ramp_mends_is_not_called_a_ramp() -> None:
    site = Site("here", "Here", "power", least_kw=50.0, ramp_kw=5.0)
    assert "lower the least load to 30 kW" in plan(book(site=site), prices=CHEAP).cannot


def mended(site: Site, said: str) -> Site:
    """Return the site with all that a sentence says would work."""
    changes: dict[str, Any] = {}
    for pattern, name in (
        (r"lower the least load to ([\d.]+) kW", "least_kw"),
        (r"raise the limit to ([\d.]+) kW", "limit_kw"),
        (r"a ramp of ([\d.]+) kW would work", "ramp_kw"),
    ):
        if found := re.search(pattern, said):
            changes[name] = float(found[1])
    return replace(site, **changes)


def test_what_is_said_to_work_does_even_where_several_rules_stand_in_the_way() -> None:
    one = RigGroup("a", "here", "Rig", 1)
    site = Site("here", "Here", "power", fixed_load_kw=2.0, limit_kw=3.0, least_kw=2.9, ramp_kw=2.0)
    said = plan(book(one, site=site), prices=CHEAP).cannot
    first, *others = said.split(" That alone is not enough: ")
    assert others
    assert plan(book(one, site=mended(site, first)), prices=CHEAP).cannot
    assert not plan(book(one, site=mended(site, said)), prices=CHEAP).cannot


def test_rigs_that_can_be_in_no_state_are_told_beside_a_limit() -> None:
    stopped = RigGroup("a", "here", "Rig", 4)
    started = StateNow((), hours_from(NOW, -1))
    held = RigGroup("b", "here", "Rig", 10, pin=Pin.ON, state_now=started)
    event = Event("Grid call", hours_from(NOW, 5), hours_from(NOW, 8), most_kw=0.0)
    site = Site("here", "Here", "power", limit_kw=20.0, events=(event,))
    once = StartCosts(most_starts_per_day=1)
    said = plan(book(stopped, held, site=site, starts=once), prices=CHEAP).cannot
    assert "may not start" in said
    assert "allow one more start a day" in said


def test_a_limit_that_fails_twice_is_told_once_with_what_is_enough() -> None:
    held = RigGroup("a", "here", "Rig", 10, pin=Pin.ON)
    event = Event("Grid call", hours_from(NOW, 5), hours_from(NOW, 8), most_kw=8.0)
    site = Site("here", "Here", "power", limit_kw=20.0, events=(event,))
    said = plan(book(held, site=site), prices=CHEAP).cannot
    assert "raise the limit to 30 kW. That alone is not enough: " in said
    assert said.count("raise the limit") == 1
    assert "“Grid call”" in said
    assert "allow it 30 kW" in said
    mild = replace(event, most_kw=30.0)
    again = replace(site, limit_kw=30.0, events=(mild,))
    assert not plan(book(held, site=again), prices=CHEAP).cannot


def test_an_event_below_the_least_load_leaves_none() -> None:
    event = Event("Grid call", hours_from(NOW, 5), hours_from(NOW, 8), most_kw=10.0)
    site = Site("here", "Here", "power", least_kw=20.0, events=(event,))
    found = plan(book(site=site), prices=CHEAP)
    assert not found.cannot
    assert found.sites[0].kw[4:9].tolist() == [30.0, 9.0, 9.0, 9.0, 30.0]
    assert found.sites[0].least_kw[4:6].tolist() == [20.0, 0.0]


def test_groups_that_are_held_on_are_named_beside_a_limit() -> None:
    held = RigGroup("a", "here", "Rig", 10, pin=Pin.ON)
    site = Site("here", "Here", "power", limit_kw=20.0)
    said = plan(book(held, site=site), prices=CHEAP).cannot
    assert said.endswith("held on; release them, or raise the limit to 30 kW.")


def test_what_a_small_site_reaches_is_not_rounded_to_nothing() -> None:
    one = RigGroup("a", "here", "Dual", 1)
    site = Site("here", "Here", "power", least_kw=4.5)
    said = plan(book(one, site=site), prices=CHEAP).cannot
    assert said.endswith("it reaches 3 kW; lower the least load to 3 kW.")
    idle = replace(one, count=1, uptime=0.25)
    assert "lower the least load to 0.75 kW" in plan(book(idle, site=site), prices=CHEAP).cannot
