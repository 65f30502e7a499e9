"""A host's share of the profit, in every figure that the window and the command line show."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from minerdesk.domain.book import Book
from minerdesk.domain.readings import RetargetProjection
from minerdesk.domain.tariff import Hosting
from minerdesk.services.network_reading.indicators import FleetAfter, with_fleet
from minerdesk.services.reports import report_data, report_text
from minerdesk.services.standing.view import StandingChoice
from minerdesk.services.words import Formats, moves, reason
from minerdesk.services.words.host_share import host_note
from tests.support.evaluations import NOW, TWO_MODES, book, evaluate, group, network
from tests.support.standings import daily, indicators, standing

EN = Formats("en")
SHARE = 0.25
PLAIN = book(
    group("earns", "cheap", 100),
    group("part", "cheap", 10, running=[("normal", 4)], idle_w=100),
    group("loses", "dear", 9),
    group("dual", "even", 4, model=TWO_MODES),
)


def hosted(made: Book, share: float = SHARE) -> Book:
    """Return a book whose hosts take a share; what power costs stays as it was."""
    return replace(
        made,
        tariffs=tuple(replace(t, hosting=Hosting(0.0, profit_share=share)) for t in made.tariffs),
    )


def data(made: Book) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(json.dumps(report_data(evaluate(made), EN, NOW)))
    return found


def test_totals_name_the_share_as_a_part() -> None:
    plain, found = data(PLAIN), data(hosted(PLAIN))
    for before, after in zip(plain["sites"], found["sites"], strict=True):
        assert before["host_share_per_day"] == 0
        profit = after["revenue_per_day"] - after["power_cost_per_day"]
        assert profit == pytest.approx(before["margin_per_day"])
        assert after["host_share_per_day"] == pytest.approx(SHARE * max(profit, 0))
        assert after["margin_per_day"] == pytest.approx(profit - SHARE * max(profit, 0))
    shares = [site["host_share_per_day"] for site in found["sites"]]
    assert found["totals"]["host_share_per_day"] == pytest.approx(sum(shares))
    # The cheap site earns, so that a quarter is the host's; the dear one bears its whole loss.
    assert found["sites"][0]["margin_per_day"] > 0
    assert found["sites"][1]["margin_per_day"] == pytest.approx(-9 * 2.48)


def test_margins_of_groups_add_up_to_the_totals() -> None:
    found = data(hosted(PLAIN))
    rows = found["rigs"]
    now = sum(row["margin_now_per_day"] for row in rows)
    assert now == pytest.approx(found["totals"]["margin_per_day"])
    for row in rows:
        left = row["revenue_per_day"] - row["power_cost_per_day"] - row["host_share_per_day"]
        assert row["margin_per_day"] == pytest.approx(left)
    assert rows[0]["margin_per_day"] == pytest.approx(100 * 1.12 * (1 - SHARE))


def test_what_is_decided_and_where_it_turns_stays() -> None:
    plain, found = data(PLAIN), data(hosted(PLAIN))
    for before, after in zip(plain["rigs"], found["rigs"], strict=True):
        for name in (
            *("verdict", "break_even_price_per_kwh", "shutdown_price_per_btc"),
            *("hashcost_per_ph_day", "cost_per_btc"),
        ):
            assert after[name] == before[name], name
    for name in ("cost_per_btc", "break_even_price_per_kwh", "price_per_kwh", "power_down"):
        assert found["totals"][name] == plain["totals"][name]


def test_the_worth_of_moves_is_what_the_margin_gains() -> None:
    evaluation = evaluate(hosted(PLAIN))
    totals = evaluation.totals
    assert totals is not None
    assert totals.gain_per_day > 0
    assert totals.margin_advised_per_day == pytest.approx(
        totals.margin_per_day + totals.gain_per_day
    )
    worth = {each.group_id: each.worth_per_day for each in moves(evaluation, EN)}
    assert sum(worth.values()) == pytest.approx(totals.gain_per_day)
    # Six rigs of 112 cents, and their idle power, for three quarters; a loss saved is saved whole.
    assert worth["part"] == pytest.approx(6 * (1.12 + 0.1 * 24 * 0.04) * (1 - SHARE))
    assert worth["loses"] == pytest.approx(9 * 2.48)


def test_reasons_speak_of_what_the_miner_keeps() -> None:
    evaluation = evaluate(hosted(PLAIN))
    assert reason(evaluation, 0, EN) == "0.040 < 0.056 USD/kWh: earns 0.84 USD a rig a day"
    assert reason(evaluation, 2, EN) == "0.090 > 0.056 USD/kWh: loses 2.48 USD a rig a day"
    assert reason(evaluation, 3, EN).startswith("eco earns 0.35 USD a rig a day, normal 0.00 USD")
    close = evaluate(hosted(book(group("a", "even", 7))))
    assert reason(close, 0, EN) == (
        "0.0555 < 0.0556 USD/kWh: 0.003 USD a rig a day is less than its error of 0.02 USD"
    )


def test_the_host_is_named_where_it_takes_something() -> None:
    figures = evaluate(hosted(PLAIN)).figures
    assert figures is not None
    assert host_note(figures, 0, EN).startswith("The host takes 25.0% of the site's profit")
    none = evaluate(PLAIN).figures
    assert none is not None
    assert host_note(none, 0, EN) == ""


def test_the_report_has_a_line_for_it() -> None:
    lines = report_text(evaluate(hosted(PLAIN)), EN, NOW).splitlines()
    (line,) = (each for each in lines if "host's share of the profit" in each)
    totals = evaluate(hosted(PLAIN)).totals
    assert totals is not None
    assert line.endswith(f"{EN.money(totals.host_share_per_day, 'USD')} a day")
    assert "host's share" not in report_text(evaluate(PLAIN), EN, NOW)


def test_the_standing_counts_it() -> None:
    evaluation = evaluate(hosted(PLAIN))
    assert evaluation.totals is not None
    for best in (True, False):
        view = standing(evaluation, choice=StandingChoice(best_states=best))
        margin = view.margin_at(view.price_per_btc, view.difficulty)
        assert margin == pytest.approx(
            evaluation.totals.margin_advised_per_day if best else evaluation.totals.margin_per_day
        )
        plain = standing(evaluate(PLAIN), choice=StandingChoice(best_states=best))
        assert view.fleet.cash.tolist() == plain.fleet.cash.tolist()
        assert (view.buy.premium < 0).tolist() == (plain.buy.premium < 0).tolist()
        assert view.squeeze.earns.tolist() == plain.squeeze.earns.tolist()
        # A coin that costs 72,000 leaves 28,000, of which the host takes a quarter.
        assert view.buy.cost_per_btc[0] == pytest.approx(72_000 + SHARE * 28_000)


def test_the_fleet_after_the_retarget_is_after_the_share() -> None:
    projected = RetargetProjection(-10.0, 1.0, NOW, 933_408, 473, "own formula", NOW)
    state = replace(network(), retarget=projected)

    def of(made: Book) -> FleetAfter:
        evaluation = evaluate(made, state)
        found = with_fleet(indicators(daily(), state), evaluation).after_retarget
        assert found is not None
        assert evaluation.totals is not None
        assert found.margin_before == pytest.approx(evaluation.totals.margin_advised_per_day)
        return found

    made = book(group("a", "cheap", 10))
    plain, found = of(made), of(hosted(made))
    assert plain.margin_after > plain.margin_before > 0
    assert found.margin_before == pytest.approx((1 - SHARE) * plain.margin_before)
    assert found.margin_after == pytest.approx((1 - SHARE) * plain.margin_after)
