"""Moves one by one, for lists that make only the rows they show."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from minerdesk.domain.readings import Gauge, NetworkState, Quantity, Reading
from minerdesk.services import edits
from minerdesk.services.evaluation import Evaluation, Evaluator
from minerdesk.services.group_list import move_order
from minerdesk.services.words import Formats, deed_at, modes_when_done, moves
from tests.support.books import small_book

NOW = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)
FORMATS = Formats("en", UTC)


def evaluated(price: float | None, power: dict[str, str | None]) -> Evaluation:
    def gauge(quantity: Quantity, value: float, currency: str = "") -> Gauge:
        return Gauge(Reading(quantity, value, "source", NOW, currency=currency))

    network = NetworkState(
        price=Gauge() if price is None else gauge(Quantity.PRICE, price, "USD"),
        height=gauge(Quantity.HEIGHT, 932_935),
        difficulty=gauge(Quantity.DIFFICULTY, 146.47e12),
        fees=gauge(Quantity.FEES, 0.0148),
    )
    return Evaluator().evaluate(edits.set_running(small_book(), power, NOW), network, NOW)


@pytest.mark.parametrize("price", [20_000.0, 93_049.0, 400_000.0])
def test_doing_every_move_leaves_nothing_to_do(price: float) -> None:
    found = evaluated(price, {"a": None, "b": "eco"})
    assert found.figures is not None
    order = move_order(found.figures.decisions).tolist()
    assert order
    assert [
        (deed.group.id, deed.verdict, deed.count, deed.what, deed.site, deed.to_mode)
        for deed in (deed_at(found, place) for place in order)
    ] == [
        (move.group_id, move.verdict, move.count, move.what, move.site, move.to_mode)
        for move in moves(found, FORMATS)
    ]
    done = modes_when_done(found, order)
    again = evaluated(price, {"a": None, "b": "eco"} | done)
    assert moves(again, FORMATS) == ()


def test_what_is_to_be_powered_down_is_off_when_done() -> None:
    found = evaluated(20_000, {"a": "normal", "b": "super"})
    assert modes_when_done(found, [0, 1]) == {"a": None, "b": None}


def test_without_figures_there_are_no_moves() -> None:
    found = evaluated(None, {})
    assert modes_when_done(found, [0]) == {}
    with pytest.raises(ValueError, match="no moves"):
        deed_at(found, 0)
