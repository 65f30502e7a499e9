from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from minerdesk.domain.book import Book
from minerdesk.services.evaluation import Evaluation
from minerdesk.services.words import Formats, Headline
from minerdesk.ui.profitability.answer import answer
from minerdesk.ui.profitability.chosen import chosen_words
from minerdesk.ui.profitability.scene import Scene, scene_of
from tests.support.evaluations import (
    NOW,
    TWO_MODES,
    book,
    evaluate,
    example_network,
    group,
    network,
)


def said(evaluation: Evaluation, formats: Formats) -> Headline:
    return answer(evaluation, scene_of(evaluation, formats), formats, NOW)


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


def test_the_answer_comes_first_and_names_the_dearest(formats: Formats) -> None:
    made = said(evaluate(book(group("a", "cheap", 100), group("b", "dear", 20))), formats)
    assert plain(made.sentence) == (
        "1 of 2 groups earn at 100,000 USD; the dearest loses 49.60 USD a day."
    )
    assert made.detail == "Rig · Dear pays 162,000 USD for 1 BTC."
    assert made.tone == "lose"


def test_several_losers_are_added_up(formats: Formats) -> None:
    made = said(evaluate(book(group("a", "dear", 10), group("b", "dear", 20))), formats)
    assert "2 groups run at a loss of 74.40 USD a day together." in made.detail


def test_losers_that_are_off_lose_nothing(formats: Formats) -> None:
    made = said(evaluate(book(group("a", "cheap", 1), group("b", "dear", 9, running=()))), formats)
    assert made.sentence == (
        "1 of 2 groups earn at 100,000 USD; those that would lose are powered down."
    )
    assert made.tone == "earn"


@pytest.mark.parametrize(
    ("groups", "sentence"),
    [
        (("a",), "The only group earns at 100,000 USD."),
        (("a", "b"), "All 2 groups earn at 100,000 USD."),
    ],
)
def test_all_earn(groups: tuple[str, ...], sentence: str, formats: Formats) -> None:
    made = said(evaluate(book(*(group(name, "cheap", 30) for name in groups))), formats)
    assert made.sentence == sentence
    assert made.detail == ""


def test_old_numbers_give_no_advice_and_say_what_they_would(formats: Formats) -> None:
    made = said(
        evaluate(book(group("a", "cheap", 30)), network(price_age=timedelta(hours=3))), formats
    )
    assert made.sentence == "No advice: the price is 3 h old."
    assert made.detail == "On those numbers: The only group earns at 100,000 USD."
    assert made.outline
    old = network(difficulty_age=timedelta(hours=30))
    assert (
        "difficulty is 1 d old"
        in said(evaluate(book(group("a", "even", 1)), old), formats).sentence
    )


def test_the_example_is_named_as_one(formats: Formats) -> None:
    made = said(evaluate(book(group("a", "cheap", 30)), example_network()), formats)
    assert made.sentence == "Example of 19 January 2026: The only group earns at 100,000 USD."
    assert made.outline


def test_without_rigs_or_numbers_it_says_what_to_do(formats: Formats) -> None:
    assert "empty" in said(evaluate(Book()), formats).sentence
    nothing = replace(network(), price=replace(network().price, reading=None))
    lacking = said(evaluate(book(group("a", "cheap", 1)), nothing), formats)
    assert lacking.sentence == "No figures yet: 1 of 1 rigs run."
    assert "Not known: the" in lacking.detail


def test_an_unknown_cost_is_said(formats: Formats) -> None:
    made = book(group("a", "cheap", 30), group("b", "dear", 30))
    abroad = replace(
        made,
        tariffs=tuple(
            replace(each, currency="CHF") if each.id == "dear" else each for each in made.tariffs
        ),
    )
    found = said(evaluate(abroad), formats)
    assert found.sentence == "The only group earns at 100,000 USD."
    assert found.detail == "What power costs is not known for 1 group."
    everywhere = replace(
        made, tariffs=tuple(replace(each, currency="CHF") for each in made.tariffs)
    )
    assert "not known for any of 2 groups" in said(evaluate(everywhere), formats).sentence
    scene = scene_of(evaluate(abroad), formats)
    assert scene is not None
    assert chosen_words(scene, 1) == "Rig · Dear: what power costs is not known."


def test_the_selected_group_is_told_with_its_break_evens(scene: Scene) -> None:
    words = chosen_words(scene, 0)
    assert words == (
        "Rig · Cheap: +112 USD a day; earns nothing below 72,000 USD for 1 BTC, or with power "
        "above 0.0556 USD/kWh (it pays 0.0400 USD/kWh)."
    )
    assert chosen_words(scene, None).startswith("Select a group")


def test_a_small_fleet_speaks_ths_and_cents(formats: Formats) -> None:
    scene = scene_of(evaluate(book(group("a", "cheap", 3, model=TWO_MODES))), formats)
    assert scene is not None
    assert scene.hashrate_unit == "TH/s"
    assert scene.hashrate_words(300) == "300 TH/s"
    assert scene.margin(123.456) == "+123.46 USD"
    large = scene_of(evaluate(book(group("a", "cheap", 30))), formats)
    assert large is not None
    assert large.hashrate_words(3_000) == "3.00 PH/s"
    assert large.margin(123.456) == "+123 USD"


def test_places_are_kept_while_the_book_is(scene: Scene, formats: Formats) -> None:
    again = scene_of(replace(scene.evaluation, old=""), formats, scene)
    assert again is not None
    assert again.places is scene.places
    assert again.group_index("bad") == 1
    assert again.group_index("nobody") is None
    assert again.group_index("") is None
    other = scene_of(evaluate(book(group("x", "cheap", 1))), formats, scene)
    assert other is not None
    assert other.group_index("x") == 0
    assert scene_of(None, formats) is None
