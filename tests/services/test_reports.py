from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from minerdesk.domain.book import Book
from minerdesk.domain.readings import Gauge, NetworkState, Provenance, RetargetProjection
from minerdesk.domain.sites import Capital, CostLayer, MonthlyCost
from minerdesk.services.reports import (
    evaluate_data,
    holds,
    network_data,
    network_text,
    report_data,
    report_text,
)
from minerdesk.services.sources import SourceStatus
from minerdesk.services.words import Formats, headline
from tests.support.evaluations import (
    NOW,
    TWO_MODES,
    book,
    evaluate,
    example_network,
    group,
    network,
)
from tests.support.plans import a_plan

EN = Formats("en")
MIXED = book(
    group("earns", "cheap", 100),
    group("loses", "dear", 9),
    group("close", "even", 3),
    group("dual", "even", 4, model=TWO_MODES),
)


def text(made: Book, state: NetworkState | None = None) -> str:
    return report_text(evaluate(made, state), EN, NOW)


def data(made: Book, state: NetworkState | None = None) -> dict[str, object]:
    made_of = report_data(evaluate(made, state), EN, NOW)
    read: dict[str, object] = json.loads(json.dumps(made_of, allow_nan=False))
    assert read == made_of
    return read


def test_the_answer_is_the_first_line() -> None:
    lines = text(MIXED).splitlines()
    assert lines[0] == "Power down 9 of 116 rigs now, change the mode of 4."
    assert lines[1].startswith("Worth 1.01 USD an hour (24 USD a day).")
    assert lines[1].endswith("1 group is too close to call.")


def test_the_sections_come_in_their_order() -> None:
    lines = text(MIXED).splitlines()
    titles = [line for line in lines[4:] if line and not line.startswith(" ")]
    assert titles == [
        "Totals",
        "Sites",
        "Moves, worth most first",
        "Too close to call",
        "Break-evens",
        "Network",
    ]
    assert any(line.startswith("  Power down") and "9 × Rig" in line for line in lines)
    assert any("Kraken" in line and "100,000 USD" in line for line in lines)


def test_a_layer_that_was_not_entered_is_a_dash() -> None:
    assert "45,000" not in text(MIXED)
    assert "– (avoidable), – (all-in)" in text(MIXED)
    sites = tuple(
        replace(
            site,
            monthly_costs=(MonthlyCost("Rent", 3000, CostLayer.AVOIDABLE),),
            capital=Capital(100_000, 60),
        )
        for site in MIXED.sites
    )
    assert "–" not in text(replace(MIXED, sites=sites)).split("cost of one BTC")[1].split("\n")[0]


def test_a_small_fleet_speaks_sats_and_months() -> None:
    found = text(book(group("a", "cheap", 2)))
    assert "sats a day" in found
    assert "margin a month" in found
    assert "200 TH/s" in found


def test_without_numbers_there_are_only_readings() -> None:
    found = text(MIXED, NetworkState())
    assert "Totals" not in found
    assert "116 of 116 rigs" in found.splitlines()[0]
    assert "no source has answered yet" in found


def test_an_example_says_so_in_every_sentence() -> None:
    found = text(MIXED, example_network())
    prefix = "Example of 19 January 2026: "
    lines = found.splitlines()
    assert lines[0].startswith(prefix)
    assert lines[1].startswith(prefix)
    assert prefix + "Moves, worth most first" in lines
    assert all(prefix in line for line in lines if "a rig a day" in line)
    rigs = data(MIXED, example_network())["rigs"]
    assert isinstance(rigs, list)
    assert all(row["reason"].startswith(prefix) for row in rigs)


def test_long_lists_say_how_much_is_left_out() -> None:
    made = book(*(group(f"g{i}", "dear", 1) for i in range(203)))
    found = text(made)
    assert found.count("and 3 more") == 2  # of the moves and of the break-evens
    assert found.count("1 × Rig") == 400


def test_json_has_the_same_answer_and_no_nan() -> None:
    found = data(MIXED)
    assert found["headline"] == text(MIXED).splitlines()[0]
    assert found["standing"] == "advice"
    assert found["made_at"] == "2026-01-19T12:00:00Z"
    assert found["book"] == {"name": "Test", "rigs": 116, "groups": 4, "sites": 4}
    rigs = found["rigs"]
    assert isinstance(rigs, list)
    assert [row["group"] for row in rigs] == ["earns", "loses", "close", "dual"]
    assert [row["verdict"] for row in rigs] == ["run", "power_down", "too_close", "change_mode"]
    assert rigs[0]["cost_per_btc_all_in"] is None
    moves = found["moves"]
    assert isinstance(moves, list)
    assert [move["group"] for move in moves] == ["loses", "dual"]
    assert moves[0]["worth_per_day"] == pytest.approx(9 * 2.48)


def test_totals_are_the_sums_of_the_rows() -> None:
    found = data(MIXED)
    rigs, totals = found["rigs"], found["totals"]
    assert isinstance(rigs, list)
    assert isinstance(totals, dict)
    for name in ("btc_per_day", "revenue_per_day", "power_cost_per_day", "margin_per_day"):
        assert totals[name] == pytest.approx(sum(row[name] for row in rigs))
    assert totals["rigs"] == 116


def test_margins_are_of_what_runs_and_add_up() -> None:
    made = book(
        group("on", "cheap", 100),
        group("part", "cheap", 10, running=[("normal", 4)], idle_w=100),
        group("off", "dear", 9, running=[], idle_w=50),
    )
    found = data(made)
    rigs, totals = found["rigs"], found["totals"]
    assert isinstance(rigs, list)
    assert isinstance(totals, dict)
    assert [row["running"] for row in rigs] == [100, 4, 0]
    assert sum(row["margin_now_per_day"] for row in rigs) == pytest.approx(totals["margin_per_day"])
    # 9 rigs of 50 W are 10.8 kWh at 0.09 while they are off.
    assert rigs[2]["margin_now_per_day"] == pytest.approx(-0.972)
    lines = text(made).splitlines()
    (off,) = (line for line in lines if "9 × Rig" in line and "stay off" in line)
    assert "−0.97 USD (−22.32 USD if run)" in off
    (whole,) = (line for line in lines if line.startswith("  all sites"))
    assert EN.money(totals["margin_per_day"], "USD", signed=True) in whole


def test_what_powering_down_saves_stands_beside_the_break_even_of_all_power() -> None:
    found = text(book(group("a", "dear", 1, idle_w=500)))
    heads = next(line for line in found.splitlines() if "stop above" in line)
    assert "break-even, all power" in heads
    row = next(line for line in found.splitlines() if "1 × Rig" in line and "0.0556" in line)
    assert "0.0667 USD/kWh" in row


def test_typed_numbers_are_said_with_the_advice() -> None:
    reading = network().price.reading
    assert reading is not None
    typed = replace(reading, value=60_000, provenance=Provenance.TYPED, source="typed")
    state = replace(network(), price=Gauge(typed, beside=(typed,)))
    assert text(MIXED, state).splitlines()[1].startswith("With the BTC price typed at 60,000 USD. ")
    assert data(MIXED, state)["typed"] == ["price"]
    assert data(MIXED)["typed"] == []


def test_what_the_advice_is_worth_is_one_number() -> None:
    totals = data(MIXED)["totals"]
    assert isinstance(totals, dict)
    worth = f"{EN.money(totals['gain_per_day'], 'USD')} a day"
    row = next(line for line in text(MIXED).splitlines() if "advice is worth" in line)
    assert row.endswith(worth)
    assert "at the meter" in text(MIXED)


def test_json_without_numbers_is_null_and_keeps_the_headline() -> None:
    found = data(MIXED, NetworkState())
    assert (found["network"], found["totals"], found["rigs"]) == (None, None, [])
    assert "116 of 116 rigs" in str(found["headline"])
    readings = found["readings"]
    assert isinstance(readings, dict)
    assert readings["price"] == {
        "value": None,
        "source": None,
        "stale": True,
        "why": "no source has answered yet",
    }


def test_a_price_of_power_nobody_knows_has_no_verdict() -> None:
    made = replace(MIXED, tariffs=tuple(replace(t, currency="NOK") for t in MIXED.tariffs))
    rigs = data(made)["rigs"]
    assert isinstance(rigs, list)
    assert {row["verdict"] for row in rigs} == {None}
    assert {row["margin_per_day"] for row in rigs} == {None}


def test_evaluate_needs_figures() -> None:
    with pytest.raises(ValueError, match="without figures"):
        evaluate_data(evaluate(MIXED, NetworkState()), EN, ())


def test_the_network_with_source_age_and_stale() -> None:
    projection = RetargetProjection(
        -3.84, 1.23, NOW + timedelta(days=1), 933_408, 472, "own formula", NOW
    )
    state = replace(network(price_age=timedelta(minutes=40)), retarget=projection)
    found = network_data(state, EN, NOW)
    assert found["hashprice_per_ph_day"] == pytest.approx(40)
    assert found["subsidy_btc"] == 3.125
    readings = found["readings"]
    assert isinstance(readings, dict)
    price = readings["price"]
    assert isinstance(price, dict)
    assert {key: price[key] for key in ("value", "source", "time", "age_s", "stale")} == {
        "value": 100_000,
        "source": "Kraken",
        "time": "2026-01-19T11:20:00Z",
        "age_s": 2400,
        "stale": True,
    }
    retarget = found["retarget"]
    assert isinstance(retarget, dict)
    assert retarget["at"] == "2026-01-20T12:00:00Z"
    json.dumps(found, allow_nan=False)


def test_the_network_as_text() -> None:
    assert network_text(network(), EN, NOW).startswith("Live numbers, 19 January 2026")
    offline = network_text(replace(network(), online=False), EN, NOW)
    assert offline.startswith("Not connected: the last known numbers")
    assert network_text(example_network(), EN, NOW).startswith("Example of 19 January 2026: ")


def test_sources_that_fail_are_named_once() -> None:
    failing = [
        SourceStatus(name, "mempool.space", last_error="mempool.space cannot be reached.")
        for name in ("tip", "fees")
    ]
    found = network_text(network(), EN, NOW, [*failing, SourceStatus("k", "Kraken", NOW)])
    assert found.count("cannot be reached") == 1
    sources = network_data(network(), EN, NOW, failing)["sources"]
    assert isinstance(sources, list)
    assert len(sources) == 2


def test_what_a_book_holds() -> None:
    assert holds(MIXED, EN) == "116 rigs, 4 groups, 4 sites"
    assert holds(book(group("a", "cheap", 1)), EN) == "1 rig, 1 group, 4 sites"


def test_with_a_plan_the_report_says_what_the_dashboard_says() -> None:
    plan = a_plan()
    found = replace(evaluate(plan.book), plan=plan)
    lines = report_text(found, EN, NOW).splitlines()
    said = headline(found, EN, NOW)
    assert lines[:2] == [said.sentence, said.detail]
    assert "Next: " in lines[1]
    moves = lines[lines.index("Moves, worth most first") + 1]
    assert "until" in moves
    assert "a day" not in moves
