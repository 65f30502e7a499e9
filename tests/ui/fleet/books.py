"""Large books and figures for the table."""

from __future__ import annotations

from dataclasses import replace

from minerdesk.domain.book import Book
from minerdesk.domain.readings import NetworkState, Quantity
from minerdesk.domain.rigs import RigGroup
from tests.support.fake_desk import network_state, reading


def repeated(book: Book, groups: int) -> Book:
    """The same book with its groups over and over, each with another id and count."""
    made: list[RigGroup] = []
    for number in range(groups):
        group = book.groups[number % len(book.groups)]
        made.append(
            replace(
                group, id=f"g{number}", count=group.count + number % 7, location=f"R{number % 90}"
            )
        )
    return replace(book, groups=tuple(made))


def at_price(price: float) -> NetworkState:
    """The usual network at another BTC price."""
    state = network_state()
    gauge = replace(
        state.price, reading=reading(Quantity.PRICE, price, source="Kraken", currency="USD")
    )
    euro = reading(Quantity.EXCHANGE_RATE, 0.86, currency="EUR")
    return replace(state, price=gauge, rates=(euro,), revision=state.revision + 1)
