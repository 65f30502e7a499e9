"""A decision to write down, for tests of the log and what shows it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from minerdesk.domain.decisions import Decision, Outcome
from tests.support.evaluations import NOW

BASE = Decision(
    at=NOW,
    outcome=Outcome.DONE,
    group="s19j",
    site="texas-1",
    model="S19j Pro",
    site_name="Texas 1",
    count=412,
    before="normal",
    after="off",
    due=NOW,
    until=NOW + timedelta(hours=5),
    why="0.091 > 0.057 USD/kWh: power costs more than it earns",
    worth=320.5,
    doubt=12.25,
    currency="USD",
    price_per_btc=93_049.0,
    difficulty=146_472_570_619_930.78,
    hashprice_per_ph_day=40.1,
    price_per_kwh=0.091,
    break_even_per_kwh=0.057,
    sources="BTC price: Kraken, 2 min old",
    book="/books/farm.minerdesk",
    book_name="Farm",
    move_key="20260119T1200Z/texas-1/s19j/normal>off",
    plan_made_at=NOW - timedelta(minutes=1),
    book_revision=3,
    network_revision=12,
)


def a_decision(**changes: object) -> Decision:
    """Return `BASE` with changes."""
    return replace(BASE, **changes)  # type: ignore[arg-type] # fields by name
