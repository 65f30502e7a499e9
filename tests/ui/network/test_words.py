from __future__ import annotations

from dataclasses import replace
from datetime import UTC, timedelta

import pytest

from minerdesk.domain.readings import (
    Gauge,
    NetworkState,
    Provenance,
    Quantity,
    Reading,
)
from minerdesk.services.sources import SourceStatus
from minerdesk.services.words import Formats
from minerdesk.ui.network.answer import answer
from minerdesk.ui.network.numbers import NumberWords, hashrate_error, number_words
from minerdesk.ui.network.sources import asked_for, source_words
from tests.support.fake_desk import NOW, network_state

EN = Formats("en", UTC)


def sentence(network: NetworkState) -> str:
    return answer(network, EN, NOW).sentence.replace("\u00a0", " ")


def projected(change_pct: float, **changes: object) -> NetworkState:
    made = network_state().retarget
    assert made is not None
    found = replace(made, change_pct=change_pct, **changes)  # type: ignore[arg-type] # by name
    return network_state(retarget=found)


@pytest.mark.parametrize(
    ("change_pct", "words"),
    [
        (-3.8, "Difficulty is expected to fall 3.8% ±1.2 on 4 June 2026, in 3 d 10 h."),
        (2.0, "Difficulty is expected to rise 2.0% ±1.2 on 4 June 2026, in 3 d 10 h."),
        (0.01, "Difficulty is expected to stay as it is, ±1.2%, on 4 June 2026, in 3 d 10 h."),
    ],
)
def test_the_next_retarget_comes_first(change_pct: float, words: str) -> None:
    assert sentence(projected(change_pct)) == words


def test_what_the_projection_rests_on_stands_below() -> None:
    made = answer(projected(-3.8, previous_pct=1.5), EN, NOW)
    assert made.detail == (
        "473 blocks are left; with 95% certainty within ±2.4%; own formula. "
        "The last change was +1.5%."
    )


def test_a_retarget_that_is_due_is_said_so() -> None:
    late = projected(-3.8, at=NOW - timedelta(minutes=5))
    assert sentence(late) == "Difficulty is due to change, by −3.8% ±1.2."


def test_a_projection_on_old_numbers_says_so() -> None:
    state = network_state()
    assert state.difficulty.reading is not None
    old = replace(state.difficulty.reading, taken_at=NOW - timedelta(hours=5))
    made = answer(replace(state, difficulty=replace(state.difficulty, reading=old)), EN, NOW)
    assert made.tone == "warn"
    assert made.outline
    assert made.detail.startswith("The numbers it rests on are 5 h old.")


def test_without_a_projection_the_way_to_it_is_said() -> None:
    made = answer(network_state(retarget=None), EN, NOW)
    assert made.sentence == "Difficulty 146.5 T at block 932,935, with 977 EH/s hashing."
    assert made.detail.startswith("The next retarget is 473 blocks away")
    lone = network_state(retarget=None, height=Gauge(), hashrate=Gauge())
    assert answer(lone, EN, NOW).sentence == "Difficulty 146.5 T."
    assert answer(lone, EN, NOW).detail == ""


def test_the_example_is_named_as_one() -> None:
    made = answer(network_state(retarget=None, example_of=NOW), EN, NOW)
    assert made.sentence.startswith("Example of 1 June 2026: Difficulty 146.5 T")
    assert made.outline


def test_knowing_nothing_is_no_error() -> None:
    offline = answer(NetworkState(), EN, NOW)
    assert offline.sentence == "The difficulty is not known yet."
    assert "type your own" in offline.detail
    assert "none has said" in answer(NetworkState(online=True), EN, NOW).detail


def numbers(network: NetworkState, hashprice: float | None = 40.1) -> dict[str, NumberWords]:
    return {each.key: each for each in number_words(network, hashprice, EN, NOW)}


def test_live_numbers_bear_source_and_age() -> None:
    found = numbers(network_state())
    assert list(found) == ["price", "hashprice", "difficulty", "hashrate", "height", "fees"]
    price = found["price"]
    assert (price.value, price.source, price.age) == ("93,049 USD", "Kraken", "2 min")
    assert not price.stale
    assert found["hashprice"].value == "40.10 USD"
    assert found["hashprice"].age == "9 min"
    assert found["hashrate"].remark == "mean of 7 days, ±3.1%"


def test_the_error_of_a_hashrate_is_that_of_its_blocks() -> None:
    assert hashrate_error(1) == pytest.approx(1 / 12)
    assert hashrate_error(None) == pytest.approx(0.0315, abs=1e-4)


def test_stale_and_unknown_numbers_are_outlined() -> None:
    found = numbers(NetworkState(), None)
    assert all(each.stale for each in found.values())
    assert found["fees"].value == "–"
    assert found["fees"].source == "no answer yet"
    assert "stale" in found["fees"].spoken()
    state = network_state()
    assert state.price.reading is not None
    old = replace(state.price.reading, taken_at=NOW - timedelta(minutes=12))
    price = numbers(replace(state, price=replace(state.price, reading=old)))["price"]
    assert price.stale
    assert price.age == "12 min old"


def test_a_typed_number_is_pinned_and_has_no_age() -> None:
    own = Reading(Quantity.FEES, 0.03, "typed", NOW, Provenance.TYPED)
    fees = numbers(network_state(fees=Gauge(own)))["fees"]
    assert fees.typed
    assert fees.age == ""
    assert fees.source == "typed by you, until released"


def price_of(source: str, value: float) -> Reading:
    return Reading(Quantity.PRICE, value, source, NOW, currency="USD")


def test_a_dispute_shows_both_and_an_outlier_is_named() -> None:
    a, b, c = price_of("Kraken", 93_049), price_of("Coinbase", 95_300), price_of("far", 70_000)
    gauge = Gauge(a, (a, b, c), left_out=("far",), disputed=True, spread=0.012)
    price = numbers(network_state(price=gauge))["price"]
    assert price.remark == (
        "disputed: Kraken 93,049 USD, Coinbase 95,300 USD; left out: far 70,000 USD"
    )
    assert price.odd


def test_a_conversion_is_said() -> None:
    price = numbers(network_state(price_note="converted from USD"))["price"]
    assert price.remark == "converted from USD"


def test_the_example_has_a_date_and_no_age() -> None:
    found = numbers(network_state(example_of=NOW))
    assert found["difficulty"].source == "Example of 1 June 2026"
    assert {each.age for each in found.values()} == {""}
    assert all(each.stale for each in found.values())


def test_sources_tell_how_they_stand() -> None:
    minute = timedelta(minutes=1)
    good, bad, new, due, off = source_words(
        (
            SourceStatus("mempool tip", "mempool.space", NOW - 2 * minute, "", NOW + minute),
            SourceStatus("kraken EUR", "Kraken", NOW - 9 * minute, "It is slow.", NOW + 4 * minute),
            SourceStatus("ecb rates", "ECB", None, "", NOW + minute),
            SourceStatus("bitcoin core", "my node", None, "", NOW),
            SourceStatus("other", "other.example", None, "", None),
        ),
        EN,
        NOW,
    )
    assert (good.mark, good.tone, good.standing) == ("●", "earn", "answered 2 min ago")
    assert good.asked_for == "newest block"
    assert (bad.mark, bad.tone, bad.error) == ("▲", "warn", "It is slow.")
    assert bad.standing == "answered 9 min ago, again in 4 min"
    assert bad.asked_for == "price in EUR"
    assert (new.mark, new.standing) == ("○", "again in 1 min")
    assert due.standing == "being asked"
    assert off.standing == "not asked while offline"
    assert asked_for("other") == "other"
