"""Why a move is made, told by what binds it when it is made."""

from __future__ import annotations

from minerdesk.domain.rigs import Pin, RigGroup
from minerdesk.domain.sites import Event, Site
from minerdesk.domain.tariff import TakeOrPay, Tariff
from minerdesk.services.planning.plan import Why
from minerdesk.services.words import Formats
from minerdesk.services.words.plan_words import PlanWords
from tests.services.planning.a_plan import NOW, book, day, hourly, hours_from, plan

EN = Formats("en")


def dark_from(begin: float, end: float) -> Site:
    event = Event("Grid call", hours_from(NOW, begin), hours_from(NOW, end))
    return Site("here", "Here", "power", events=(event,))


def test_an_event_that_turns_all_off_says_so() -> None:
    found = plan(book(site=dark_from(5, 8)), prices=hourly(*[0.04] * 48))
    down = found.moves[0]
    assert (down.why, down.forced) == (Why.EVENT, True)
    assert PlanWords(found, EN).why(down) == "Grid call powers everything down at Here"


def test_an_event_says_its_own_limit() -> None:
    event = Event("Grid call", hours_from(NOW, 5.5), hours_from(NOW, 8), most_kw=12.0)
    site = Site("here", "Here", "power", events=(event,), limit_kw=100.0)
    found = plan(book(site=site), prices=hourly(*[0.04] * 48))
    assert PlanWords(found, EN).why(found.moves[0]) == "Grid call limits Here to 12.0 kW"


def test_a_pin_is_the_reason_where_an_event_comes_later() -> None:
    pinned = RigGroup("a", "here", "Rig", 10, pin=Pin.OFF)
    found = plan(book(pinned, site=dark_from(5, 8)), prices=hourly(*[0.04] * 48))
    assert [move.why for move in found.moves] == [Why.PINNED]


def test_a_move_that_pays_before_an_event_names_the_price() -> None:
    # Dear from 16:00 to 22:00, and an event in the last of these hours.
    found = plan(book(site=dark_from(9, 10)), prices=hourly(*day()))
    down = found.moves[0]
    assert down.at == hours_from(NOW, 4)
    assert (down.why, down.forced, down.advised) == (Why.POWER_DEARER_THAN_WORTH, False, True)
    assert "It is worth nothing at" in PlanWords(found, EN).flips(down)


def test_a_move_that_pays_before_an_events_limit_names_the_price() -> None:
    event = Event("Grid call", hours_from(NOW, 9), hours_from(NOW, 10), most_kw=12.0)
    site = Site("here", "Here", "power", events=(event,), limit_kw=100.0)
    down = plan(book(site=site), prices=hourly(*day())).moves[0]
    assert down.at == hours_from(NOW, 4)
    assert (down.why, down.forced, down.advised) == (Why.POWER_DEARER_THAN_WORTH, False, True)
    late = plan(book(site=site), prices=hourly(*[0.04] * 48)).moves[0]
    assert (late.at, late.why, late.forced) == (hours_from(NOW, 9), Why.EVENT, True)


def test_what_a_block_holds_is_no_demand_charge() -> None:
    tariff = Tariff("power", "Power", 0.06, take_or_pay=TakeOrPay(20.0, 0.05))
    found = plan(book(tariff=tariff))
    down = found.moves[0]
    assert (down.why, down.count) == (Why.BLOCK_FULL, 3)
    assert PlanWords(found, EN).why(down) == (
        "above the take-or-pay block at Here power costs more than it earns"
    )


def test_times_in_a_sentence_of_a_site_carry_their_offset() -> None:
    far = Site("here", "Here", "power", time_zone="America/Chicago", limit_kw=20.0)
    found = plan(book(site=far), prices=hourly(*[0.04] * 48))
    assert found.gains.why_not_always_on == (
        "it draws 10 kW more than Here may on 2026-01-19 06:00-06:00"
    )
    idle = Site("here", "Here", "power", time_zone="America/Chicago", least_kw=50.0)
    assert "on 2026-01-19 06:00-06:00:" in plan(book(site=idle)).cannot
