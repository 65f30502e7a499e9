from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from minerdesk.domain.readings import (
    Gauge,
    NetworkState,
    Provenance,
    Quantity,
    Reading,
    RetargetProjection,
)
from minerdesk.services.words import (
    Formats,
    age_text,
    reading_rows,
    retarget_detail,
    retarget_text,
    source_text,
    value_text,
)
from tests.support.evaluations import NOW, example_network, gauge, network

EN = Formats("en")


def test_each_number_has_value_source_and_age() -> None:
    state = network(price_age=timedelta(minutes=31))
    rows = {row.key: row for row in reading_rows(state, EN, NOW)}
    assert list(rows) == ["price", "height", "difficulty", "fees", "hashrate"]
    assert (rows["price"].value, rows["price"].source, rows["price"].age) == (
        "100,000 USD",
        "Kraken",
        "31 min",
    )
    assert rows["price"].stale
    assert rows["height"].value == "932,935"
    assert rows["fees"].value == "0.0000 BTC"
    assert not rows["fees"].stale
    assert rows["hashrate"].value == "–"
    assert rows["hashrate"].source == "no source has answered yet"
    assert rows["hashrate"].stale


def test_the_numbers_of_an_example_are_never_fresh() -> None:
    assert all(row.stale for row in reading_rows(example_network(), EN, NOW))


def test_where_a_price_comes_from_is_said_in_full() -> None:
    found = replace(
        gauge(Quantity.PRICE, 1, source="median of Kraken, Coinbase"),
        disputed=True,
        spread=0.01,
        left_out=("mempool.space",),
    )
    assert source_text(found, EN, "converted from USD by 0.86.") == (
        "median of Kraken, Coinbase; converted from USD by 0.86; "
        "disputed: two sources are 2.0% apart; left out as outlier: mempool.space"
    )


def test_typed_and_embedded_are_told() -> None:
    typed = gauge(Quantity.FEES, 1, provenance=Provenance.TYPED, age=timedelta(days=9))
    assert source_text(typed, EN) == "typed by you"
    assert age_text(typed, EN, NOW) == "typed"
    assert source_text(gauge(Quantity.FEES, 1, provenance=Provenance.EMBEDDED), EN) == (
        "example that came with the program"
    )
    assert age_text(Gauge(), EN, NOW) == "–"


def test_values_have_their_units() -> None:
    def text(quantity: Quantity, value: float, currency: str = "") -> str:
        return value_text(Reading(quantity, value, "x", NOW, currency=currency), EN)

    assert text(Quantity.HASHRATE, 9.77e20) == "977 EH/s"
    assert text(Quantity.DIFFICULTY, 146.47e12) == "146.47 T"
    assert text(Quantity.EXCHANGE_RATE, 0.86, "EUR") == "0.8600 EUR/USD"
    week = Reading(Quantity.HASHRATE, 1e20, "m", NOW, window_days=7)
    assert source_text(Gauge(week), EN) == "m; mean of 7 days"


def test_the_next_retarget() -> None:
    projection = RetargetProjection(
        change_pct=-3.84,
        error_pct=1.23,
        at=NOW + timedelta(days=3, hours=10, minutes=5),
        height=933_408,
        remaining_blocks=472,
        source="own formula",
        taken_at=NOW,
    )
    state = replace(network(), retarget=projection)
    assert retarget_text(state, EN, NOW) == "−3.8% ±1.2 in 3 d 10 h"
    assert retarget_detail(state, EN) == (
        "with 95% certainty ±2.4%; block 933,408; "
        "own formula, from the times of this epoch's blocks"
    )
    named = replace(state, retarget=replace(projection, source="mempool.space"))
    assert retarget_detail(named, EN).endswith("; mempool.space")
    up = replace(state, retarget=replace(projection, change_pct=2.0))
    assert retarget_text(up, EN, NOW + timedelta(days=9)) == "+2.0% ±1.2 in 0 s"
    assert retarget_text(NetworkState(), EN, NOW) == "–"
    assert retarget_detail(NetworkState(), EN) == ""
