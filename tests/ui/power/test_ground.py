"""What on the page rests on an example, on old, on typed or on forecast numbers says so."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt

from minerdesk.domain.cancel import CancelToken
from minerdesk.domain.readings import Gauge, NetworkState, Provenance, Quantity
from minerdesk.domain.tariff import Tariff
from minerdesk.services.evaluation import Evaluator
from minerdesk.services.words.formats import Formats
from minerdesk.ui.power.answer import Ground, answer
from minerdesk.ui.theme import Theme
from tests.support.fake_desk import NOW, network_state, reading
from tests.support.power_views import KNOWN_HOURS, market, power_view
from tests.ui.power.conftest import BOOK, MakeRoom, Room

EXAMPLE = network_state(example_of=NOW, online=False)
EVEN = "(break-even 0.056)"
EXAMPLE_OF = "Example of 1 June 2026: "


def old_price(hours: float = 3) -> NetworkState:
    price = reading(Quantity.PRICE, 93_049, 60 * hours, "Kraken", "USD")
    return network_state(price=Gauge(price, (price,)))


def typed_price() -> NetworkState:
    price = replace(reading(Quantity.PRICE, 93_049, 0, "typed", "USD"), provenance=Provenance.TYPED)
    return network_state(price=Gauge(price, (price,)))


def priced(room: Room, network: NetworkState) -> None:
    """The pump prices power and evaluates on these numbers."""
    desk = room.desk
    evaluation = Evaluator().evaluate(room.book, network, NOW, book_revision=desk.book.revision)
    view = desk.power_view(room.book, desk.book.revision, network, CancelToken())
    room.state.set_slice("evaluation", evaluation)
    room.state.set_slice("power", view)
    room.page.tick(NOW)


def standings(room: Room) -> list[tuple[str, str]]:
    return [(row.standing, row.tone) for row in room.page.sites.model.rows]


def test_on_live_numbers_nothing_is_marked(room: Room) -> None:
    priced(room, network_state())
    page = room.page
    assert page.rigs == ""
    assert f"rigs: all lose {EVEN}" in page.detail
    assert standings(room) == [("all lose", "lose"), ("all earn", "earn")]
    assert "· between the dotted lines some rigs lose" in page.prices.note


def test_on_an_example_what_rests_on_it_says_so_first_and_the_price_stays(room: Room) -> None:
    priced(room, EXAMPLE)
    page = room.page
    assert page.sentence == "0.060 USD/kWh all the week"
    assert "rigs" not in page.detail
    assert page.rigs == f"{EXAMPLE_OF}all rigs would lose {EVEN}."
    assert standings(room) == [("example: all lose", ""), ("example: all earn", "")]
    said = page.sites.model.index(0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert said == "North, Day, 0.0600, example: all lose"
    assert "example: between the dotted lines some rigs lose" in page.prices.note
    page.sites.choose("south")
    assert page.rigs == f"{EXAMPLE_OF}all rigs would earn {EVEN}."


def test_old_numbers_are_no_advice_and_their_age_is_said(room: Room) -> None:
    priced(room, old_price())
    page = room.page
    assert page.rigs == (
        f"No advice: the price is 3 h old. On those numbers: all rigs would lose {EVEN}."
    )
    assert standings(room)[0] == ("old numbers: all lose", "")
    assert "old numbers: between the dotted lines some rigs lose" in page.prices.note
    page.draw_clock(NOW + timedelta(hours=2))
    assert "the price is 5 h old" in page.rigs
    priced(room, network_state(revision=1001))
    assert page.rigs == ""
    assert standings(room)[0] == ("all lose", "lose")


def test_typed_numbers_are_named_and_stay_advice(room: Room) -> None:
    priced(room, typed_price())
    assert room.page.rigs.startswith("With the BTC price typed at 93,049")
    assert room.page.rigs.endswith(f"On those numbers: all rigs would lose {EVEN}.")
    assert standings(room)[0] == ("all lose", "lose")


def test_break_evens_are_marked_by_the_numbers_they_were_made_with(room: Room) -> None:
    priced(room, EXAMPLE)
    live = network_state(revision=1001)
    room.state.set_slice("evaluation", Evaluator().evaluate(room.book, live, NOW))
    room.page.tick(NOW)
    assert room.page.rigs.startswith(EXAMPLE_OF), "the prices are still of the example"
    priced(room, live)
    assert room.page.rigs == ""


def test_a_price_that_was_converted_rests_on_the_example_too(make_room: MakeRoom) -> None:
    euro = Tariff("day", "Day", 0.06, currency="EUR")
    rate = replace(reading(Quantity.EXCHANGE_RATE, 0.9), currency="EUR")
    room = make_room(replace(BOOK, tariffs=(euro, BOOK.tariffs[1])))
    priced(room, replace(EXAMPLE, rates=(rate,)))
    assert room.page.sentence.startswith(EXAMPLE_OF)
    room.page.sites.choose("south")
    assert not room.page.sentence.startswith(EXAMPLE_OF)


def test_break_evens_that_are_no_advice_are_an_outline_in_every_theme(
    room: Room, theme: Theme
) -> None:
    chart = room.page.prices.chart
    priced(room, network_state())
    assert chart._even.brush.color().alpha() > 0
    priced(room, EXAMPLE)
    assert chart._even.brush.color().alpha() == 0
    for name in ("dark", "light"):
        theme.choose(name)
        assert chart._even.brush.color().alpha() == 0
        assert chart._even.lines[0].pen.color().name() == theme.tokens.text_muted


@pytest.mark.parametrize(
    ("hour", "sentence", "detail"),
    [
        (KNOWN_HOURS - 1, "(forecast)", "known until "),
        (KNOWN_HOURS, "(forecast)", "known prices ended "),
        (1, "", "known until "),
    ],
)
def test_a_forecast_price_is_marked_in_the_headline(hour: int, sentence: str, detail: str) -> None:
    site = replace(power_view(NOW).sites[1], steps=market())
    said = answer(site, Formats("en"), NOW + timedelta(hours=hour, minutes=1))
    assert said.sentence.endswith(sentence)
    assert ("(forecast)" in said.sentence) == bool(sentence)
    assert said.sentence.count("(forecast)") <= 1
    assert detail in said.detail


def test_a_ground_marks_nothing_on_advice() -> None:
    assert Ground().mark("x") == Ground().mark_briefly("x") == "x"
