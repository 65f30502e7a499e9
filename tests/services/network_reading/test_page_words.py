from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest

from minerdesk.domain.network_choice import NetworkChoice
from minerdesk.domain.readings import NetworkState, Quantity
from minerdesk.domain.verdicts import Verdict
from minerdesk.engine.indicators.difficulty import Streak
from minerdesk.services.network_reading.explain import KEYS, explain
from minerdesk.services.network_reading.figure_rows import rigs_words, run_words
from minerdesk.services.network_reading.indicators import (
    DailyHistory,
    FleetAfter,
    Indicators,
    Turned,
    make_indicators,
    with_models,
)
from minerdesk.services.network_reading.own_money import OwnMoney
from minerdesk.services.network_reading.page_words import (
    cost_rows,
    difficulty_rows,
    hashrate_rows,
    headline,
    history_lines,
    limits_of_the_model,
    more_rows,
    moves_clause,
)
from minerdesk.services.words import Formats
from tests.support.fake_desk import network_state, reading
from tests.support.network_history import (
    some_days,
    some_history,
    some_machines,
    some_models,
    some_retargets,
)

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
EN = Formats("en", UTC)
USD = OwnMoney(EN)
EUR = OwnMoney(EN, "EUR", 0.5, "European Central Bank", "3 h old")


@pytest.fixture(scope="module")
def found() -> Indicators:
    return make_indicators(some_history(), some_machines(), NetworkChoice(), network_state(), NOW)


def at_share(found: Indicators, share: float) -> Indicators:
    cost = found.curves.price * share
    return replace(found, curves=replace(found.curves, cost_best=cost))


@pytest.mark.parametrize(
    ("share", "words"),
    [
        (1.2, "Mining costs 20% more than a coin brings, at 0.05 USD/kWh."),
        (0.8, "Mining costs 20% less than a coin brings, at 0.05 USD/kWh."),
        (1.001, "Mining costs what a coin brings, at 0.05 USD/kWh."),
    ],
)
def test_the_headline_answers(found: Indicators, share: float, words: str) -> None:
    said = headline(at_share(found, share), USD)
    assert said.sentence == words
    assert said.detail.startswith("Difficulty rose 6 of the last 8 times. ")


def test_figures_are_in_the_currency_of_the_book(found: Indicators) -> None:
    assert "at 0.05 USD/kWh (0.025 EUR/kWh)." in headline(at_share(found, 0.8), EUR).sentence
    dollars, euros = ({row.key: row for row in cost_rows(found, own)} for own in (USD, EUR))
    price = float(found.curves.price[-1])
    assert dollars["price"].value == EN.money(price, "USD", 0)
    assert euros["price"].value == EN.money(price / 2, "EUR", 0)
    assert f"converted from {dollars['price'].value}" in euros["price"].note
    assert "1 USD = 0.5000 EUR, European Central Bank, 3 h old" in euros["cost"].note
    assert "converted" not in dollars["cost"].note
    more = {row.key: row for row in more_rows(found, EUR)}
    assert "EUR/PH/day" in more["hashprice"].value
    assert "; converted from " in more["hashprice"].note
    assert "; converted from " in more["regression"].note


def test_what_a_coin_costs_is_left_out_where_it_is_not_known(found: Indicators) -> None:
    unknown = np.full(found.curves.count, np.nan)
    free = replace(found, curves=replace(found.curves, cost_best=unknown))
    assert [row.key for row in cost_rows(free, USD)] == ["price"]
    nothing = replace(found, curves=replace(found.curves, price=unknown))
    assert cost_rows(nothing, USD) == ()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ((1.0, -2.0, -3.0), "difficulty fell 2 of the last 3 times"),
        ((1.0, 2.0, 3.0), "difficulty rose 3 of the last 3 times"),
        ((1.0, -2.0), "difficulty rose 1 and fell 1 of the last 2 times"),
        ((0.0, 2.0, 3.0), "difficulty rose 2 of the last 3 times"),
    ],
)
def test_what_difficulty_did_more_often(changes: tuple[float, ...], words: str) -> None:
    count = len(changes) + 1
    retargets = replace(
        some_retargets(count),
        difficulty=100e12 * np.cumprod([1.0, *(1 + np.array(changes) / 100)]),
    )
    made = make_indicators(
        DailyHistory(None, retargets), some_machines(), NetworkChoice(), NetworkState(), NOW
    )
    assert moves_clause(made) == words


def test_the_headline_before_anything_is_known() -> None:
    assert headline(None, USD).sentence == "The network's history is being read."
    nothing = DailyHistory(None, some_retargets().until(0))
    made = make_indicators(nothing, some_machines(), NetworkChoice(), NetworkState(), NOW)
    assert headline(made, USD).sentence == "The difficulty is not known yet."
    assert [row.value for row in difficulty_rows(made, NetworkState(), EN, NOW)] == ["–"]


def test_from_retargets_alone_it_says_to_when() -> None:
    history = DailyHistory(None, some_retargets(), embedded_alone=True)
    made = make_indicators(history, some_machines(), NetworkChoice(), NetworkState(), NOW)
    said = headline(made, USD)
    assert said.sentence == "Difficulty rose 6 of the last 8 times, known to 26 May 2026."
    assert said.detail.endswith("All of this comes from the changes of difficulty alone.")
    assert said.outline


def test_rows_of_the_difficulty(found: Indicators) -> None:
    rows = {row.name: row for row in difficulty_rows(found, network_state(), EN, NOW)}
    assert rows["This epoch"].share == pytest.approx(0.765, abs=1e-3)
    assert rows["Next"].value == "−3.8% ±1.2"
    assert "95% within ±2.4%" in rows["Next"].note
    assert rows["Lately"].value == "6 of the last 8 up"
    assert rows["My margin after it"].value == "–"
    after = FleetAfter(-3.8, 15_866, 18_602, 500, 640, 700, "USD")
    with_rigs = replace(found, after_retarget=after)
    last = difficulty_rows(with_rigs, network_state(), EN, NOW)[-1]
    assert (last.value, last.note) == ("15,866 → 18,602 USD", "a day; 140 rigs earn again")


def test_without_live_numbers_the_next_is_told_why(found: Indicators) -> None:
    blind = make_indicators(some_history(), some_machines(), NetworkChoice(), NetworkState(), NOW)
    rows = {row.name: row for row in difficulty_rows(blind, NetworkState(), EN, NOW)}
    assert "This epoch" not in rows
    assert rows["Next"].note == "A projection needs the live height and block times."
    assert [row.value for row in hashrate_rows(found, EN)]


def test_groups_that_get_another_verdict_are_told_and_listed(found: Indicators) -> None:
    turned = (
        Turned("Texas 1", "S19j Pro", 310, Verdict.POWER_DOWN, Verdict.RUN),
        Turned("Quebec", "M50", 12, Verdict.STAY_OFF, Verdict.START),
    )
    after = FleetAfter(-3.8, 15_866, 18_602, 500, 640, 700, "USD", 2, turned)
    made = replace(found, after_retarget=after)
    note = difficulty_rows(made, network_state(), EN, NOW)[-1].note
    assert note == "a day; 140 rigs earn again; 2 groups get another verdict"
    listed = explain("fleet", made, network_state(), EN, NOW).listed
    assert listed is not None
    assert listed.title == "2 groups with another verdict"
    assert listed.rows == (
        ("S19j Pro, Texas 1", "310", "power down", "run"),
        ("M50, Quebec", "12", "stay off", "start"),
    )
    more = replace(made, after_retarget=replace(after, turned_groups=130))
    listed = explain("fleet", more, network_state(), EN, NOW).listed
    assert listed is not None
    assert listed.title == "130 groups with another verdict, the largest 2"
    assert made.halving is not None
    at_halving = replace(made, halving=replace(made.halving, fleet=after))
    assert explain("halving", at_halving, network_state(), EN, NOW).listed is not None


def test_small_margins_keep_their_cents(found: Indicators) -> None:
    small = replace(found, after_retarget=FleetAfter(-3.8, 1.44, 2.05, 3, 3, 4, "EUR"))
    assert difficulty_rows(small, network_state(), EN, NOW)[-1].value == "1.44 → 2.05 EUR"


def test_rigs_and_runs_in_words() -> None:
    base = FleetAfter(1, 0, 0, 5, 5, 9, "USD")
    assert rigs_words(base, EN) == "the same 5 rigs earn"
    assert rigs_words(replace(base, earning_after=4), EN) == "1 rig earns no longer"
    assert run_words(Streak(-3, 3, 8)) == "3 falls in a row"
    assert run_words(Streak(1, 3, 8)) == "1 rise at the end"
    assert run_words(Streak(0, 0, 0)) == ""


def test_more_readings(found: Indicators) -> None:
    after = FleetAfter(-50, 100, -20, 5, 2, 9, "USD")
    assert found.halving is not None
    made = replace(found, halving=replace(found.halving, fleet=after))
    rows = {row.name: row for row in more_rows(made, USD)}
    assert rows["Next halving"].value == "block 1,050,000"
    assert "3.125 to 1.5625 BTC" in rows["Next halving"].note
    assert "3 rigs earn no longer" in rows["Next halving"].note
    assert "Glassnode" in rows["Difficulty regression"].note
    lost = replace(found, halving=None)
    assert {row.name: row.value for row in more_rows(lost, USD)}["Next halving"] == "–"


@pytest.mark.parametrize("key", KEYS)
def test_every_figure_says_how_it_is_computed(found: Indicators, key: str) -> None:
    after = FleetAfter(-3.8, 1, 2, 3, 4, 5, "USD")
    for made, state in (
        (replace(found, after_retarget=after), network_state()),
        (
            make_indicators(
                DailyHistory(None, some_retargets().until(0)),
                some_machines(),
                NetworkChoice(),
                NetworkState(),
                NOW,
            ),
            NetworkState(),
        ),
    ):
        said = explain(key, made, state, EN, NOW)
        assert said.title
        assert said.formula
        assert said.title in said.text()
        assert said.formula in said.text()


def said_in(found: Indicators, key: str) -> dict[str, float]:
    """Return the inputs that are told, as numbers."""
    made = explain(key, found, network_state(), EN, NOW)
    return {
        each.name: float(number[0].replace(",", "").replace("\u2212", "-"))
        for each in made.inputs
        if (number := re.findall(r"[\u2212+]?[\d,]+\.?\d*", each.value))
    }


def test_figures_follow_from_the_inputs_that_are_told(found: Indicators) -> None:
    """Who computes the formula with the inputs shown finds the figure shown."""
    said = said_in(found, "hashprice")
    fees = said["fees of the day"] / 144
    coins = 1e15 * 86_400 / (said["difficulty"] * 1e12 * 2**32) * (said["subsidy"] + fees)
    assert said["hashprice"] == pytest.approx(coins * said["price"], rel=1e-3)
    said = said_in(found, "puell")
    assert said["their value"] == pytest.approx(
        said["new coins of the day"] * said["price"], rel=1e-4
    )
    assert said["multiple"] == pytest.approx(
        said["their value"] / said["mean over 365 days"], abs=1e-3
    )
    said = said_in(found, "fee_share")
    fees, coins = said["fees of the day"], said["new coins of the day"]
    assert said["share"] == pytest.approx(100 * fees / (fees + coins), abs=0.01)
    said = said_in(found, "issuance")
    pace = said["new coins of the day"] * 365.25 / said["coins there are"]
    assert said["a year"] == pytest.approx(100 * pace, abs=0.01)
    said = said_in(found, "regression")
    fit = np.exp(10.2560 + 0.5250 * np.log(said["difficulty"] * 1e12)) / said["coins there are"]
    assert said["result"] == pytest.approx(fit, rel=1e-3)
    said = said_in(found, "projection")
    assert 600 / said["spacing of blocks that stands for"] - 1 == pytest.approx(-0.038, abs=1e-3)
    assert said["blocks found"] + said["blocks left"] == 2016


def test_the_largest_changes_are_explained_by_themselves(found: Indicators) -> None:
    made = explain("extremes", found, network_state(), EN, NOW)
    assert [each.name for each in made.inputs] == [
        *("changes looked at", "fall", "fall", "fall", "rise", "rise", "rise"),
    ]
    assert made.inputs[1].value == "\u22123.00%"


def test_the_cost_names_the_machines_it_rests_on(found: Indicators) -> None:
    made = with_models(found, some_models())
    cost = made.readings.cost
    assert cost is not None
    assert made.eligible_on == made.readings.as_of
    assert len(made.eligible) == cost.eligible[-1] > 1
    assert all(each.j_per_th < cost.threshold_j_per_th[-1] for each in made.eligible)
    # Without the smoothing of seven days, the weighted mean of those listed is the best guess.
    weight = np.array([each.weight for each in made.eligible])
    mean = weight @ [each.j_per_th for each in made.eligible] / weight.sum()
    assert cost.best_guess.j_per_th_ex_pue[-1] == pytest.approx(mean, rel=0.02)
    for key in ("cost", "power", "sensitivity"):
        listed = explain(key, made, network_state(), EN, NOW).listed
        assert listed is not None
        assert [row[0] for row in listed.rows] == [each.name for each in made.eligible]
        assert f"\n{made.eligible[0].name}\t" in explain(key, made, network_state(), EN, NOW).text()
    released = {each.released.isoformat()[:7]: each.weight for each in made.eligible}
    assert released["2025-06"] == 1.0
    assert released["2024-12"] == 0.8
    free = replace(found, readings=replace(found.readings, cost=None))
    assert with_models(free, some_models()).eligible == ()


def test_where_nothing_earns_the_machines_of_the_last_day_that_did_are_named() -> None:
    days = some_days()
    poor = np.where(np.arange(days.count) < days.count - 20, days.price, 1.0)
    history = DailyHistory(replace(days, price=poor), some_retargets())
    made = make_indicators(history, some_machines(), NetworkChoice(), NetworkState(), NOW)
    named = with_models(made, some_models())
    assert named.eligible_on is not None
    assert named.eligible_on < named.readings.as_of
    assert named.eligible


def test_the_power_of_the_network_and_its_bounds(found: Indicators) -> None:
    rows = {row.key: row for row in (*cost_rows(found, USD), *more_rows(found, USD))}
    cost = found.readings.cost
    assert cost is not None
    assert rows["power"].value == f"{cost.best_guess.gw[-1]:.1f} GW"
    assert f"{cost.best_guess.twh_per_year[-1]:.0f} TWh a year" in rows["power"].note
    assert "J/TH at PUE 1.10" in rows["power"].note
    assert "14-day mean " in rows["cost"].note


def test_hashrate_by_difficulty_stands_beside_that_by_blocks(found: Indicators) -> None:
    assert found.readings.difficulty is not None
    implied = found.readings.difficulty.value * 2**32 / 600 / 1e18
    row = hashrate_rows(found, EN)[-1]
    assert row.name == "By difficulty"
    assert row.value == f"{implied:,.0f} EH/s"
    apart = (found.curves.means_ehs[7][-1] / implied - 1) * 100
    assert f"{abs(apart):.1f}% from it" in row.note


def test_offline_every_day_that_is_told_is_the_day_it_is_of() -> None:
    history = DailyHistory(None, some_retargets(), embedded_alone=True)
    later = datetime(2026, 9, 1, 12, tzinfo=UTC)
    made = make_indicators(history, some_machines(), NetworkChoice(), NetworkState(), later)
    known = made.readings.difficulty
    assert known is not None
    assert known.old
    row = hashrate_rows(made, EN)[-1]
    assert row.value == f"{known.value * 2**32 / 600 / 1e18:,.0f} EH/s"
    assert row.note == ""
    for key in ("hashrate", "difficulty", "regression"):
        told = [each.age for each in explain(key, made, NetworkState(), EN, later).inputs]
        assert all("May 2026, 9" in age for age in told if age), (key, told)
    why = {row.key: row.note for row in more_rows(made, USD)}
    assert why["hashprice"] == "It needs the price of the day."
    assert why["fee_share"] == "It needs fees and new coins of the day."


def test_new_coins_in_words(found: Indicators) -> None:
    row = next(row for row in more_rows(found, USD) if row.key == "issuance")
    assert row.value == "450.0 BTC a day"
    assert row.note.startswith(f"worth {EN.money(450 * found.curves.price[-1], 'USD', 0)}; 0.8")
    lost = replace(found.readings.days, issuance_btc=np.full(found.curves.count, np.nan))
    free = replace(found, readings=replace(found.readings, days=lost))
    assert next(row for row in more_rows(free, USD) if row.key == "issuance").value == "\u2013"


def test_every_row_has_its_explanation(found: Indicators) -> None:
    rows = (
        *difficulty_rows(found, network_state(), EN, NOW),
        *cost_rows(found, USD),
        *more_rows(found, USD),
        *hashrate_rows(found, EN),
    )
    assert {row.key for row in rows} <= set(KEYS)


def test_who_says_what_of_the_past(found: Indicators) -> None:
    assert history_lines(found) == ("Price: Kraken.", "Hashrate: own node.")


def test_inputs_bear_source_and_age(found: Indicators) -> None:
    text = explain("cost", found, network_state(), EN, NOW).text()
    assert "price of power: 0.05 USD/kWh (chosen by you)" in text
    assert "(Kraken, day of 31 May 2026, 12 h old)" in text
    assert limits_of_the_model() in text
    assert np.isfinite(found.curves.cost_best[-1])
    projected = explain("projection", found, network_state(), EN, NOW).text()
    assert "expected: −3.80% ±1.20 (own formula, 0 s old)" in projected
    rate = reading(Quantity.EXCHANGE_RATE, 0.86, source="European Central Bank", currency="EUR")
    in_euros = network_state(currency="EUR", rates=(rate,))
    said = explain("cost", found, in_euros, EN, NOW).text()
    assert "1 USD: 0.8600 EUR (European Central Bank, " in said
    with pytest.raises(KeyError):
        explain("nothing", found, network_state(), EN, NOW)
