from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from minerdesk.domain.book import Book
from minerdesk.domain.readings import Gauge, Provenance
from minerdesk.domain.tariff import Hosting
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
from tests.ui.profitability.conftest import BOOK


def said(evaluation: Evaluation, formats: Formats) -> Headline:
    return answer(evaluation, scene_of(evaluation, formats), formats, NOW)


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


def test_the_answer_comes_first_and_names_the_biggest_loser(formats: Formats) -> None:
    made = said(evaluate(book(group("a", "cheap", 100), group("b", "dear", 20))), formats)
    assert plain(made.sentence) == (
        "1 of 2 running groups earn at 100,000 USD; the biggest loser loses 49.60 USD a day."
    )
    assert made.detail == "The biggest loser: Dear · Rig × 20; its coins cost 162,000 USD each."
    assert made.tone == "lose"


def test_several_losers_are_added_up(formats: Formats) -> None:
    made = said(evaluate(book(group("a", "dear", 10), group("b", "dear", 20))), formats)
    assert "2 groups lose 74.40 USD a day together." in made.detail


def test_losers_that_are_off_lose_nothing(formats: Formats) -> None:
    made = said(evaluate(book(group("a", "cheap", 1), group("b", "dear", 9, running=()))), formats)
    assert made.sentence == ("The only running group earns at 100,000 USD.")
    assert made.detail == "1 group is off; 0 of them would earn."
    assert made.tone == "earn"
    off = book(group("a", "cheap", 1, running=()), group("b", "dear", 9, running=()))
    assert said(evaluate(off), formats).sentence == (
        "Nothing runs at 100,000 USD; 1 of 2 groups would earn."
    )


def test_the_biggest_loser_is_the_one_that_loses_most_and_only_what_runs_counts(
    formats: Formats,
) -> None:
    made = book(
        group("dearest coins", "dear", 5, model=TWO_MODES),
        group("partly off", "dear", 100, running=[("normal", 30)]),
        group("most", "dear", 40),
        group("off", "dear", 500, running=()),
    )
    found = said(evaluate(made), formats)
    assert plain(found.sentence) == (
        "0 of 3 running groups earn at 100,000 USD; the biggest loser loses 99.20 USD a day."
    )
    assert "The biggest loser: Dear · Rig × 40;" in found.detail
    scene = scene_of(evaluate(made), formats)
    assert scene is not None
    assert scene.margins[1] == pytest.approx(-30 * 2.48)
    assert scene.rigs_in_margin(1) == 30
    totals = scene.evaluation.totals
    assert totals is not None
    assert scene.margins[:3].sum() == pytest.approx(totals.margin_per_day)


def test_typed_numbers_are_said(formats: Formats) -> None:
    reading = network().price.reading
    assert reading is not None
    typed = Gauge(replace(reading, provenance=Provenance.TYPED))
    found = said(evaluate(book(group("a", "cheap", 30)), replace(network(), price=typed)), formats)
    assert found.detail == "With the BTC price typed at 100,000 USD."


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
    assert chosen_words(scene, 1) == "Dear · Rig × 30: what power costs is not known."


def test_the_selected_group_is_told_with_its_break_evens(scene: Scene) -> None:
    words = chosen_words(scene, 0)
    assert words == (
        "Cheap · Rig × 100: +112 USD a day, break-even at 0.0556 USD/kWh for all power (it pays "
        "0.0400 USD/kWh). Stop below 72,000 USD for 1 BTC or above 0.0556 USD/kWh: only the power "
        "that stops counts."
    )
    assert chosen_words(scene, 2).startswith("Dear · Rig × 10, off: −25 USD a day if run, ")
    assert chosen_words(scene, None).startswith("Select a group")
    assert "host" not in words


def test_the_chosen_group_names_what_its_host_takes(formats: Formats) -> None:
    tariffs = tuple(replace(each, hosting=Hosting(0.0, profit_share=0.25)) for each in BOOK.tariffs)
    hosted = scene_of(evaluate(replace(BOOK, tariffs=tariffs)), formats)
    assert hosted is not None
    words = chosen_words(hosted, 0)
    assert "84 USD a day" in words
    assert "The host takes 25.0% of the site's profit" in words


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


def test_twins_are_told_apart_by_where_they_stand(formats: Formats) -> None:
    made = book(
        replace(group("a", "cheap", 10), location="Row 1"),
        replace(group("b", "cheap", 10), location="Row 2"),
        replace(group("c", "cheap", 11), location="Row 3"),
    )
    scene = scene_of(evaluate(made), formats)
    assert scene is not None
    assert [scene.name(each) for each in range(3)] == [
        "Cheap · Rig × 10 · Row 1",
        "Cheap · Rig × 10 · Row 2",
        "Cheap · Rig × 11",
    ]


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


def test_every_sentence_of_the_example_says_so(formats: Formats) -> None:
    two = book(group("a", "cheap", 100), group("b", "dear", 20))
    made = said(evaluate(two, example_network()), formats)
    assert made.detail.startswith("Example of 19 January 2026: The biggest loser: ")
