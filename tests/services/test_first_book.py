from __future__ import annotations

import pytest

from minerdesk.domain.book import Book, check_references
from minerdesk.domain.errors import UserError
from minerdesk.domain.tariff import Adder, Percentage
from minerdesk.services.first_book import Answers, price_in_all, with_answers
from tests.support.books import AVALON_Q, S21, small_book

ANSWERS = Answers(
    "EUR",
    "Köln & Co.",
    "Europe/Berlin",
    0.07,
    (Adder("network", 0.03),),
    (Percentage("VAT", 0.2),),
    ((S21, 10), (AVALON_Q, 2)),
    pool_fee=0.02,
)


def test_an_empty_book_becomes_one_with_a_site_a_tariff_and_rigs() -> None:
    book = with_answers(Book(), ANSWERS)
    check_references(book)
    assert (book.name, book.currency, book.rig_count) == ("Köln & Co.", "EUR", 12)
    assert book.assumptions.pool_fee == 0.02
    assert {group.pool_fee for group in book.groups} == {0.02}
    assert price_in_all(ANSWERS) == pytest.approx(0.12)


def test_a_book_with_sites_keeps_its_name_and_currency() -> None:
    before = small_book()
    book = with_answers(before, ANSWERS)
    check_references(book)
    assert (book.name, book.currency) == (before.name, before.currency)
    assert book.tariffs[-1].currency == "EUR"
    assert book.groups[:2] == before.groups


def test_without_a_name_the_site_has_one_and_no_name_comes_twice() -> None:
    nameless = Answers("USD", " ", "UTC", 0.05, rigs=((S21, 1),))
    book = with_answers(Book(), nameless)
    assert book.sites[0].name == "My site"
    with pytest.raises(UserError, match="already"):
        with_answers(book, nameless)
    with pytest.raises(UserError, match="at least one rig"):
        with_answers(Book(), Answers("USD", "A", "UTC", 0.05))
