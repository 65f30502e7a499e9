"""Steps of a plan begin on the wall clock of its sites."""

from __future__ import annotations

from dataclasses import replace

import pytest

from minerdesk.domain.calendar import Calendar
from minerdesk.domain.rigs import RigGroup
from minerdesk.domain.sites import Site
from minerdesk.domain.tariff import Period, Tariff, Tier, TimeOfUse
from tests.services.planning.a_plan import NOW, book, hourly, plan

DEAR_FROM_18 = Tariff(
    "power",
    "Power",
    0.0,
    time_of_use=TimeOfUse(
        (Period("n", "night", (Tier(0.03),)), Period("p", "peak", (Tier(0.12),))),
        Calendar(("n" * 18 + "p" * 4 + "n" * 2,) * 12),
    ),
)


@pytest.mark.parametrize(
    ("zone", "minutes", "dear"),
    [("Asia/Kolkata", 60, "12:30"), ("Asia/Kathmandu", 30, "12:15"), ("Asia/Dubai", 60, "14:00")],
)
def test_a_period_begins_with_a_step_in_any_zone(zone: str, minutes: int, dear: str) -> None:
    site = Site("here", "Here", "power", time_zone=zone)
    found = plan(book(site=site, tariff=DEAR_FROM_18), step_minutes=minutes)
    assert found.begins <= NOW < found.begins + found.step
    assert f"{found.moves[0].at:%H:%M}" == dear
    assert sorted(set(found.sites[0].price.per_kwh.tolist())) == [0.03, 0.12]
    assert not found.notes


def test_a_site_on_another_clock_is_told_that_steps_are_off_its_hours() -> None:
    two = book(
        RigGroup("a", "here", "Rig", 10), RigGroup("b", "there", "Rig", 2), tariff=DEAR_FROM_18
    )
    there = Site("there", "Pune", "power", time_zone="Asia/Kolkata")
    found = plan(replace(two, sites=(*two.sites, there)))
    assert found.begins == NOW
    assert [note for note in found.notes if "off the hours of Pune's clock" in note]
    assert not plan(replace(two, sites=(*two.sites, there)), step_minutes=30).notes


def test_an_unknown_zone_is_still_one_sentence() -> None:
    site = Site("here", "Here", "power", time_zone="Asia/Pune")
    assert "no time zone" in plan(book(site=site), prices=hourly(0.04, 0.04)).cannot
