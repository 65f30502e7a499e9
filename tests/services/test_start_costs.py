from __future__ import annotations

from dataclasses import replace

import pytest

from minerdesk.domain.book import Assumptions, Book
from minerdesk.domain.sites import Site
from minerdesk.domain.starts import DEFAULT_STARTS, StartCosts
from minerdesk.domain.tariff import Tariff
from minerdesk.services import edits
from minerdesk.services.planning.units import start_costs
from minerdesk.services.start_costs import (
    Counting,
    counting,
    counting_words,
    sites_of_model,
)
from tests.support.evaluations import RIG, group

LOST = "start_lost_minutes"
BOOK = Book(
    sites=(
        Site("north", "North", "t", starts=StartCosts(start_lost_minutes=15)),
        Site("south", "South", "t"),
        Site("west", "", "t", starts=StartCosts(start_lost_minutes=15, wear_stop=1)),
        Site("bare", "Bare", "t", starts=StartCosts(start_lost_minutes=99)),
    ),
    tariffs=(Tariff("t", "T", 0.05),),
    models=(RIG, replace(RIG, name="Idle")),
    groups=(
        group("a", "north", 10),
        group("b", "south", 5),
        group("c", "north", 1),
        group("d", "west", 1),
    ),
    assumptions=Assumptions(starts=StartCosts(wear_start=0.5, min_on_minutes=0.0)),
)


def values(field: str, book: Book = BOOK) -> tuple[Counting, ...]:
    return counting(book, sites_of_model(book, RIG.name), field)


def test_the_nearest_that_says_it_counts_and_is_named() -> None:
    assert [site.id for site in sites_of_model(BOOK, RIG.name)] == ["north", "south", "west"]
    assert values(LOST) == (
        Counting(15, "North"),
        Counting(10, default=True),
        Counting(15, "west"),
    )
    assert values("wear_start") == (Counting(0.5),)
    # A book that says what the program takes by itself says nothing of its own.
    assert values("min_on_minutes") == (Counting(0, default=True),)


def test_a_model_without_rigs_takes_what_the_book_says() -> None:
    assert sites_of_model(BOOK, "Idle") == ()
    assert counting(BOOK, (), LOST) == (Counting(10, default=True),)
    assert counting(BOOK, (), "wear_start") == (Counting(0.5),)


def test_words_say_each_value_and_where_it_is_from() -> None:
    found = (*values(LOST)[:2], Counting(12))
    words = counting_words(found, ["15", "10", "12"])
    assert words == "15 from North, 10 by default, 12 from the book"


@pytest.mark.parametrize("field", [*DEFAULT_STARTS.__dataclass_fields__])
@pytest.mark.parametrize("site", BOOK.sites, ids=lambda site: str(site.id))
def test_it_is_what_a_plan_takes(field: str, site: Site) -> None:
    (one,) = counting(BOOK, (site,), field)
    assert getattr(start_costs(BOOK, RIG.name, site.id), field) == one.value
    own = edits.put_model_starts(BOOK, RIG.name, StartCosts(**{field: 3}))
    assert getattr(start_costs(own, RIG.name, site.id), field) == 3
    assert edits.put_model_starts(own, RIG.name, None) == BOOK
