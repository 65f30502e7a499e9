from __future__ import annotations

from dataclasses import replace

import pytest

from minerdesk.domain.book import Book
from minerdesk.domain.readings import NetworkState
from minerdesk.domain.tariff import Tariff
from minerdesk.domain.verdicts import Verdict
from minerdesk.services.words import Formats, mode_name, reason, verdict_word
from tests.support.evaluations import TWO_MODES, book, evaluate, example_network, group, network

EN = Formats("en")


def even_book(price_per_kwh: float, **options: float) -> Book:
    made = book(group("a", "even", 5), **options)  # type: ignore[arg-type]  # floats alone
    tariffs = tuple(
        Tariff(t.id, t.name, price_per_kwh if t.id == "even" else t.price_per_kwh)
        for t in made.tariffs
    )
    return replace(made, tariffs=tariffs)


@pytest.mark.parametrize(
    ("made", "sentence"),
    [
        (book(group("a", "dear", 7)), "0.090 > 0.056 USD/kWh: loses 2.48 USD a rig a day"),
        (book(group("a", "cheap", 7)), "0.040 < 0.056 USD/kWh: earns 1.12 USD a rig a day"),
        (
            book(group("a", "cheap", 7), margin=0.5),
            "0.040 < 0.056 USD/kWh: earns 1.12 USD a rig a day, less than the 50.0% Cheap requires",
        ),
        (
            book(group("a", "dear", 7), margin=-0.8),
            "0.090 > 0.056 USD/kWh: loses 2.48 USD a rig a day, which Dear accepts",
        ),
        (
            book(group("a", "even", 7)),
            "0.0555 < 0.0556 USD/kWh: 0.004 USD a rig a day is less than its error of 0.02 USD",
        ),
        (
            book(group("a", "paid", 7)),
            "−0.01 USD/kWh: paid to consume, earns 4.72 USD a rig a day",
        ),
        (
            book(group("a", "even", 7, model=TWO_MODES)),
            "eco earns 0.47 USD a rig a day, normal 0.00 USD",
        ),
        (
            book(group("a", "even", 7, model=TWO_MODES, running=[("eco", 5), ("normal", 2)])),
            "eco earns 0.47 USD a rig a day, normal 0.00 USD",
        ),
    ],
)
def test_the_reason_has_the_numbers(made: Book, sentence: str) -> None:
    assert reason(evaluate(made), 0, EN) == sentence


def test_rigs_to_start_are_judged_in_the_mode_they_will_run_in() -> None:
    made = book(group("a", "even", 7, model=TWO_MODES, running=[]))
    # 70 TH/s earn 2.80 USD, 42 kWh cost 2.33 USD.
    assert reason(evaluate(made), 0, EN) == "0.056 < 0.067 USD/kWh: earns 0.47 USD a rig a day"


def test_only_avoided_power_is_compared() -> None:
    made = book(group("a", "dear", 1, idle_w=500))
    # 2,500 W are avoided, 60 kWh: 4 / 60 = 0.067.
    assert (
        reason(evaluate(made), 0, EN)
        == "0.090 > 0.067 USD/kWh: powering down saves 1.40 USD a rig a day"
    )


@pytest.mark.parametrize(
    ("made", "words"),
    [
        (book(group("a", "dear", 1, idle_w=500, running=[])), ": staying off saves 1.40 USD a rig"),
        (book(group("a", "cheap", 1, idle_w=500)), ": earns 1.60 USD a rig a day over idle"),
        (
            book(group("a", "cheap", 1, idle_w=500), margin=0.5),
            "a rig a day over idle, less than the 50.0% Cheap requires",
        ),
        (
            book(group("a", "dear", 1, idle_w=500), margin=-0.8),
            "powering down would save 1.40 USD a rig a day, but Dear accepts that",
        ),
        (book(group("a", "paid", 1, idle_w=500)), "earns 4.60 USD a rig a day over idle"),
        (
            book(group("a", "even", 1, model=TWO_MODES, idle_w=100)),
            "eco earns 0.60 USD a rig a day over idle, normal 0.14 USD",
        ),
    ],
)
def test_an_idle_rig_that_draws_power_is_what_a_running_one_is_weighed_against(
    made: Book, words: str
) -> None:
    assert words in reason(evaluate(made), 0, EN)


def test_a_rigs_money_is_to_the_cent_however_small_or_near_to_one() -> None:
    # 4 USD of coins less 72 kWh at 0.0545: 7.6 cents.
    text = reason(evaluate(even_book(0.0545)), 0, EN)
    assert text.endswith("earns 0.08 USD a rig a day")


def test_two_prices_that_differ_never_read_the_same() -> None:
    text = reason(evaluate(even_book(0.05555)), 0, EN)
    left, right = text.partition(" USD/kWh")[0].split(" < ")
    assert left != right


def test_an_example_says_so() -> None:
    text = reason(evaluate(book(group("a", "dear", 7)), example_network()), 0, EN)
    assert text.startswith("Example of 19 January 2026: 0.090 > 0.056 USD/kWh")


def test_without_numbers_there_is_no_reason() -> None:
    assert reason(evaluate(book(group("a", "dear", 7)), NetworkState()), 0, EN) == "–"


def test_without_exchange_rate_that_is_the_reason() -> None:
    made = book(group("a", "dear", 7))
    made = replace(made, tariffs=tuple(replace(t, currency="NOK") for t in made.tariffs))
    assert reason(evaluate(made, network()), 0, EN) == (
        "the exchange rate of its tariff's currency is not known"
    )


def test_modes_have_names() -> None:
    evaluation = evaluate(book(group("x", "cheap", 1), group("a", "even", 7, model=TWO_MODES)))
    assert [mode_name(evaluation, mode) for mode in (-1, 0, 1, 2)] == [
        "off",
        "normal",
        "normal",
        "eco",
    ]


def test_every_verdict_has_a_word_of_its_own() -> None:
    words = [verdict_word(verdict) for verdict in Verdict]
    assert len(set(words)) == len(Verdict)
    assert verdict_word(1) == "power down"
