from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest

from minerdesk.domain.network_choice import NetworkChoice
from minerdesk.domain.readings import NetworkState, Quantity
from minerdesk.engine.indicators.difficulty import Streak
from minerdesk.services.network_reading.explain import KEYS, explain
from minerdesk.services.network_reading.indicators import (
    DailyHistory,
    FleetAfter,
    Indicators,
    make_indicators,
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
    rigs_words,
    run_words,
)
from minerdesk.services.words import Formats
from tests.support.fake_desk import network_state, reading
from tests.support.network_history import some_history, some_machines, some_retargets

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
