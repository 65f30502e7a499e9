from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from minerdesk.domain.book import Book
from minerdesk.domain.readings import Gauge, NetworkState, Provenance, Quantity, Reading
from minerdesk.domain.tariff import Tariff
from minerdesk.services.words import Formats, Headline, headline
from tests.support.evaluations import (
    NOW,
    TWO_MODES,
    book,
    evaluate,
    example_network,
    gauge,
    group,
    network,
)

EN = Formats("en")


def said(made: Book, state: NetworkState | None = None) -> Headline:
    found = headline(evaluate(made, state), EN, NOW)
    assert re.search(r"[\d,]+ of [\d,]+ rigs", found.sentence)
    return found


def test_power_down_says_how_many_and_what_it_saves() -> None:
    found = said(book(group("a", "cheap", 11_588), group("b", "dear", 412)))
    assert found.sentence == "Power down 412 of 12,000 rigs now."
    # 72 kWh at 0.09 less 4 USD of coins, 412 times.
    assert found.detail == "Saves 43 USD an hour (1,022 USD a day)."
    assert (found.tone, found.outline) == ("lose", False)


def test_a_small_fleet_speaks_days_and_months() -> None:
    found = said(book(group("a", "dear", 1)))
    assert found.sentence == "Power down 1 of 1 rigs now."
    assert found.detail == "Saves 2.48 USD a day (75 USD a month)."


def test_start() -> None:
    found = said(book(group("a", "cheap", 40, running=[("normal", 10)])))
    assert found.sentence == "Start 30 of 40 rigs now."
    assert found.detail == "Worth 1.40 USD an hour (34 USD a day)."
    assert found.tone == "warn"


def test_change_of_mode() -> None:
    found = said(book(group("a", "even", 20, model=TWO_MODES)))
    assert found.sentence == "Change the mode of 20 of 20 rigs now."


def test_all_three_kinds_in_one_sentence() -> None:
    found = said(
        book(
            group("a", "dear", 4),
            group("b", "cheap", 5, running=[]),
            group("c", "even", 6, model=TWO_MODES),
        )
    )
    assert found.sentence == "Power down 4 of 15 rigs now, start 5, change the mode of 6."


@pytest.mark.parametrize(
    ("made", "sentence"),
    [
        (book(group("a", "cheap", 12_000)), "Nothing to do: all 12,000 of 12,000 rigs earn."),
        (
            book(group("a", "cheap", 5), group("b", "dear", 2, running=[])),
            "Nothing to do: 5 of 7 rigs run, and 2 rightly stay off.",
        ),
        (
            book(group("b", "dear", 2, running=[])),
            "Nothing to do: 0 of 2 rigs run, and none would earn.",
        ),
        (
            book(group("b", "dear", 2), margin=-0.8),
            "Nothing to do: all 2 of 2 rigs run as you chose.",
        ),
    ],
)
def test_nothing_to_do(made: Book, sentence: str) -> None:
    found = said(made)
    assert (found.sentence, found.detail, found.tone) == (sentence, "", "earn")


def test_too_close_is_said_apart() -> None:
    found = said(book(group("a", "even", 5)))
    assert found.sentence == "Nothing sure to do: 5 of 5 rigs run."
    assert found.detail == "1 group is too close to call."


def test_no_advice_from_an_old_price() -> None:
    made = book(group("a", "cheap", 20), group("b", "dear", 5))
    found = said(made, network(price_age=timedelta(hours=3)))
    assert found.sentence == "No advice: the price is 3 h old; 25 of 25 rigs run."
    assert found.detail.startswith("On those numbers: 5 of 25 rigs would be powered down.")
    assert found.outline
    assert found.tone == "warn"


def test_no_advice_from_an_old_difficulty() -> None:
    found = said(book(group("a", "cheap", 1)), network(difficulty_age=timedelta(days=2)))
    assert found.sentence == "No advice: the difficulty is 2 d old; 1 of 1 rigs run."
    assert found.detail == "On those numbers: Nothing to do: all 1 of 1 rigs earn."


@pytest.mark.parametrize(
    "groups",
    [
        (),
        (group("a", "cheap", 3),),
        (group("a", "dear", 3), group("b", "cheap", 2, running=[])),
        (group("a", "even", 3, model=TWO_MODES),),
    ],
)
def test_every_sentence_of_an_example_says_so(groups: tuple[object, ...]) -> None:
    made = replace(book(), groups=groups)  # type: ignore[arg-type]  # any groups
    found = said(made, example_network())
    for sentence in (found.sentence, found.detail):
        assert sentence.startswith("Example of 19 January 2026: ")
    assert " now" not in found.sentence


def test_typed_numbers_in_force_are_said_first() -> None:
    state = network(price_age=timedelta(minutes=3))
    typed = gauge(Quantity.PRICE, 100_000, provenance=Provenance.TYPED)
    found = said(book(group("a", "dear", 412)), replace(state, price=typed))
    assert found.detail.startswith("With the BTC price typed at 100,000 USD. Saves ")
    fees = gauge(Quantity.FEES, 0.0, provenance=Provenance.TYPED)
    found = said(book(group("a", "cheap", 3)), replace(state, price=typed, fees=fees))
    assert found.detail == "With typed numbers: BTC price 100,000 USD, fees per block 0.0000 BTC."
    rate = Reading(Quantity.EXCHANGE_RATE, 0.9, "typed", NOW, Provenance.TYPED, "EUR")
    euros = replace(state, currency="EUR", rates=(rate,))
    found = said(book(group("a", "cheap", 3), currency="EUR"), euros)
    assert found.detail.startswith("With the exchange rate typed at 0.9000 EUR/USD.")
    # A rate of a currency the price is not in is no typed number of this fleet's money.
    assert said(book(group("a", "cheap", 3)), replace(state, rates=(rate,))).detail == ""


def test_an_example_is_never_an_order() -> None:
    found = said(book(group("a", "dear", 3), group("b", "cheap", 9)), example_network())
    assert found.sentence == "Example of 19 January 2026: 3 of 12 rigs would be powered down."
    assert found.outline


def test_an_empty_book_says_what_to_do() -> None:
    found = said(book())
    assert found.sentence == "The book is empty: 0 of 0 rigs."
    assert "Enter your rigs" in found.detail


def test_each_missing_number_is_named() -> None:
    made = book(group("a", "cheap", 3), group("b", "cheap", 2, running=[("normal", 1)]))
    found = said(made, NetworkState())
    assert found.sentence == "No figures yet: 4 of 5 rigs run."
    assert found.detail == (
        "Not known: the BTC price in USD, the block height, the difficulty, the fees per block. "
        "Connect to the network, or type them."
    )
    found = said(made, replace(network(), fees=Gauge()))
    assert found.detail == ("Not known: the fees per block. Connect to the network, or type it.")


def test_a_price_without_exchange_rate_asks_for_the_rate() -> None:
    known = Reading(Quantity.PRICE, 100_000, "Kraken", NOW, currency="USD")
    state = replace(network(), currency="NOK", price=Gauge(beside=(known,)))
    found = said(book(group("a", "cheap", 3), currency="NOK"), state)
    assert "the exchange rate of NOK" in found.detail


def test_a_tariff_without_exchange_rate_gives_no_advice() -> None:
    made = book(group("a", "dear", 3), group("b", "cheap", 4))
    made = replace(
        made,
        tariffs=tuple(
            Tariff(t.id, t.name, t.price_per_kwh, "CAD" if t.id == "dear" else "")
            for t in made.tariffs
        ),
    )
    found = said(made)
    assert found.sentence == ("No advice: the exchange rate of CAD is not known; 7 of 7 rigs run.")
    rate = Reading(Quantity.EXCHANGE_RATE, 1.4, "ECB", NOW, currency="CAD")
    assert said(made, replace(network(), rates=(rate,))).sentence == ("Power down 3 of 7 rigs now.")
