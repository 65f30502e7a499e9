from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from minerdesk.domain.readings import NetworkState, Provenance, Quantity, Reading
from minerdesk.services.network_reading.own_money import OwnMoney
from minerdesk.services.words import Formats

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
EN = Formats("en", UTC)
RATE = Reading(
    Quantity.EXCHANGE_RATE,
    0.86,
    source="European Central Bank",
    taken_at=NOW - timedelta(hours=16),
    currency="EUR",
)


def of(state: NetworkState) -> OwnMoney:
    return OwnMoney.of(state, EN, NOW)


def test_a_book_in_usd_converts_nothing() -> None:
    own = of(NetworkState())
    assert own.money(59_337, 0) == "59,337 USD"
    assert own.power_price(0.05) == "0.05 USD/kWh"
    assert (own.converts, own.origin(59_337), own.rate()) == (False, "", "")


def test_amounts_are_converted_and_marked() -> None:
    own = of(NetworkState(currency="EUR", rates=(RATE,)))
    assert own.converts
    assert own.money(59_337, 0) == "51,030 EUR"
    assert own.money(None) == "–"
    assert own.origin(59_337, 0) == "converted from 59,337 USD"
    assert own.power_price(0.05) == "0.05 USD/kWh (0.043 EUR/kWh)"
    assert own.rate() == "1 USD = 0.8600 EUR, European Central Bank, 16 h old"


def test_the_age_of_a_typed_rate_and_of_an_example() -> None:
    typed = replace(RATE, provenance=Provenance.TYPED)
    assert of(NetworkState(currency="EUR", rates=(typed,))).age == "typed"
    then = datetime(2026, 1, 19, tzinfo=UTC)
    example = NetworkState(currency="EUR", rates=(RATE,), example_of=then)
    assert of(example).age == "of 19 January 2026"


def test_without_a_rate_it_stays_in_usd_and_says_so() -> None:
    own = of(NetworkState(currency="CHF", rates=(RATE,)))
    assert own.money(59_337, 0) == "59,337 USD"
    assert own.power_price(0.05) == "0.05 USD/kWh"
    assert own.origin(59_337) == ""
    assert own.rate() == "In USD: the exchange rate of CHF is not known."
