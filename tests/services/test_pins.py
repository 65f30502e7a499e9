from __future__ import annotations

from minerdesk.domain.rigs import Pin
from minerdesk.services.edits import set_pin
from tests.support.evaluations import book, group

BOOK = book(group("a", "cheap", 2), group("b", "dear", 3))


def test_a_pin_holds_only_what_is_named() -> None:
    held = set_pin(BOOK, ["b", "not in this book"], Pin.ON)
    assert [each.pin for each in held.groups] == [Pin.FREE, Pin.ON]
    assert set_pin(held, ["b"], Pin.FREE) == BOOK
    assert held.groups[0] is BOOK.groups[0]
