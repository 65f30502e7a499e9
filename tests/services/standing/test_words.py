from __future__ import annotations

from dataclasses import replace
from datetime import UTC, timedelta

import numpy as np
import pytest

from minerdesk.domain.readings import Quantity, Reading, RetargetProjection
from minerdesk.domain.sites import Site
from minerdesk.domain.tariff import Tariff
from minerdesk.services.standing.making import Beside
from minerdesk.services.standing.view import StandingView
from minerdesk.services.standing.words import (
    basis_words,
    buy_words,
    squeeze_words,
    standing_headline,
    what_if_words,
    zero_words,
)
from minerdesk.services.words import Formats
from tests.support.evaluations import NOW, book, evaluate, example_network, group, network
from tests.support.standings import BOOK, MODELS, daily, indicators, standing

FORMATS = Formats("en", UTC)


def _said(view: StandingView) -> str:
    return standing_headline(view, FORMATS, NOW).sentence


def test_the_headline_answers() -> None:
    view = standing(evaluate(book(group("good", "cheap", 100))))
    found = standing_headline(view, FORMATS, NOW)
    assert found.sentence == ("67% of the network mines dearer than you, by the model.")
    assert found.detail == (
        "Your coins cost 72,000 USD cash; one is worth 100,000 USD. "
        "The model: Cambridge's, at 0.05 USD/kWh."
    )
    assert (found.tone, found.outline) == ("", False)


def test_the_ends_of_the_curve() -> None:
    dear = standing(evaluate(book(group("bad", "dear", 3))))
    assert _said(dear).startswith("Nobody in the network mines dearer than you, by")
    paid = standing(evaluate(book(group("paid", "paid", 3))))
    assert _said(paid).startswith("The whole network mines dearer than you, by")


def test_where_nothing_runs() -> None:
    view = standing(evaluate(book(group("good", "cheap", 100, running=()))))
    assert _said(view).startswith("67% of the network would mine dearer than you")
    assert "Nothing runs; your coins would cost" in standing_headline(view, FORMATS, NOW).detail


def test_the_example_says_so() -> None:
    view = standing(evaluate(BOOK, example_network()))
    found = standing_headline(view, FORMATS, NOW)
    assert found.sentence.startswith("Example of 19 January 2026: ")
    assert found.outline


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (network(price_age=timedelta(hours=3)), "The price is 3 h old, so this is of then."),
        (network(difficulty_age=timedelta(days=2)), "The difficulty is 2 d old"),
    ],
)
def test_old_numbers_are_said_to_be_old(state: object, words: str) -> None:
    view = standing(evaluate(BOOK, state))  # type: ignore[arg-type] # a network state
    found = standing_headline(view, FORMATS, NOW)
    assert words in found.detail
    assert (found.tone, found.outline) == ("warn", True)


def test_unknown_power_cost() -> None:
    foreign = replace(
        book(group("a", "far", 3)),
        sites=(Site("far", "Far", "far"),),
        tariffs=(Tariff("far", "Far", 0.05, currency="XYZ"),),
    )
    view = standing(evaluate(foreign))
    assert "What your power costs is not known" in _said(view)
    assert standing_headline(view, FORMATS, NOW).detail == ""
    assert "cannot be set against buying" in buy_words(view, FORMATS)


def test_no_curve_is_told_why() -> None:
    view = standing(beside=Beside(MODELS, price_per_kwh_usd=0.2))
    assert _said(view) == "No machine of the model earns at 0.2 USD/kWh."


def test_what_the_curve_rests_on() -> None:
    plain = standing()
    assert plain.costs is not None
    said = basis_words(plain, FORMATS)
    assert "at 0.05 USD/kWh, PUE 1.10, machines of 19 January 2026" in said
    assert "in place of 14-day means" in said
    known = standing(beside=Beside(MODELS, indicators(daily())))
    assert known.costs is not None
    assert "in place of" not in basis_words(known, FORMATS)


def test_a_conversion_is_marked() -> None:
    rate = Reading(Quantity.EXCHANGE_RATE, 0.8, "ECB", NOW, currency="EUR")
    euro = evaluate(replace(BOOK, currency="EUR"), replace(network(), rates=(rate,)))
    view = standing(euro)
    assert view.costs is not None
    said = basis_words(view, FORMATS)
    assert "0.05 USD/kWh (0.04 EUR/kWh)" in said
    assert "converted from USD: 1 USD = 0.8000 EUR, ECB, 0 s old" in said


def _after(change_pct: float) -> str:
    projection = RetargetProjection(
        change_pct, 1.0, NOW + timedelta(days=3), 933_408, 473, "own formula", NOW
    )
    view = standing(evaluate(BOOK, replace(network(), retarget=projection)))
    return squeeze_words(view, FORMATS)


def test_who_is_squeezed() -> None:
    assert squeeze_words(standing(), FORMATS) == (
        "2 of 4 groups (30 rigs) lose at 40.00 USD a PH/s and day."
    )
    assert _after(-60.0).endswith("After the retarget (−60.0%) 30 more rigs earn.")
    assert _after(60.0).endswith("After the retarget (+60.0%) 105 more rigs lose.")
    assert _after(0.1).endswith("The retarget (+0.1%) turns none.")
    good = standing(evaluate(book(group("good", "cheap", 1))))
    assert squeeze_words(good, FORMATS) == "Every group earns at 40.00 USD a PH/s and day."


def test_mining_at_a_loss_is_dearer_than_buying() -> None:
    assert buy_words(standing(), FORMATS) == (
        "At 2 of 4 groups a mined coin costs more than 100,000 USD: buying with the same power "
        "money gives more coins, and no future price makes up for that."
    )
    good = standing(evaluate(book(group("good", "cheap", 1))))
    assert buy_words(good, FORMATS) == (
        "Every group mines a coin for less than the 100,000 USD it costs to buy; "
        "the dearest group saves 28.0%."
    )


def test_what_if() -> None:
    view = standing()
    said = what_if_words(view, FORMATS, 200_000, view.difficulty)
    assert said.startswith("At 200,000 USD and difficulty ")
    assert said.endswith(" a day; 135 of 135 rigs earn")


def test_where_zero_lies() -> None:
    assert zero_words(standing(), FORMATS).endswith("earns above 72,000 USD a BTC.")
    paid = standing(evaluate(book(group("paid", "paid", 3))))
    assert zero_words(paid, FORMATS).endswith("earns at every price.")
    view = standing()
    off = replace(
        view,
        curve=replace(
            view.curve,
            at=np.empty(0),
            revenue_per_day=np.zeros(1),
            cost_per_day=np.ones(1),
            rigs=np.zeros(1),
        ),
    )
    assert zero_words(off, FORMATS).endswith("earns at no price.")
