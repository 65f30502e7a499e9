"""What is exported comes back as the same groups, through real files of both kinds."""

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from minerdesk.domain.book import Book
from minerdesk.domain.rigs import (
    ModeCount,
    ModeOverride,
    Origin,
    PoolScheme,
    Purchase,
    RigGroup,
    StateNow,
    StateSource,
)
from minerdesk.domain.sites import Site
from minerdesk.domain.tariff import Tariff
from minerdesk.services.exchange import (
    Action,
    ResultColumn,
    apply,
    dry_run,
    export_groups,
    read_table,
    write_table,
)
from tests.services.exchange.shop import BOOK, CATALOGUE, M50, S21

# Fifteen digits, which a spreadsheet keeps; a CSV file keeps all.
positive = st.integers(1, 10**15).map(lambda value: value / 1e9)
fraction = st.integers(0, 999_999).map(lambda value: value / 1e6)
origin = st.sampled_from([Origin.TYPED, Origin.MEASURED])
words = st.one_of(
    st.sampled_from(
        ["", "=1+1", "-5", "+49 123", "@x", "'=x", "a,b;c", 'q"q', "two\nlines", "007"]
    ),
    st.text(
        st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff"),
        max_size=8,
    ),
).map(str.strip)


@st.composite
def groups(draw: st.DrawFn, number: int) -> RigGroup:
    model = draw(st.sampled_from([S21, M50]))
    modes = [*(mode.name for mode in model.modes), "a: custom; mode"]
    chosen = [mode for mode in modes if draw(st.booleans())]
    count = draw(st.integers(1, 10**6))
    states = st.builds(
        StateNow,
        st.just((ModeCount(modes[0], count // 2), ModeCount(modes[-1], count // 3)))
        if modes[-1] in chosen
        else st.sampled_from([(), (ModeCount(modes[0], count),)]),
        st.sampled_from([None, datetime(2026, 1, 19, 8, 30, tzinfo=UTC)]),
        st.sampled_from(StateSource),
    )
    purchases = st.builds(
        Purchase,
        positive,
        st.sampled_from(["", "EUR"]),
        st.sampled_from([None, date(2025, 2, 3)]),
        st.integers(1, 100),
        fraction,
    )
    return RigGroup(
        id=f"group {number}",
        site=draw(st.sampled_from(["north", "south", "twin-1", "twin-2"])),
        model=model.name,
        count=count,
        overrides=tuple(
            ModeOverride(mode, draw(positive), draw(positive), draw(origin), draw(origin))
            for mode in chosen
        ),
        state_now=draw(st.one_of(st.none(), states)),
        uptime=draw(fraction.filter(bool)),
        reject_rate=draw(fraction),
        pool_fee=draw(fraction),
        pool_fee_on_fees=draw(st.one_of(st.none(), fraction)),
        pool_scheme=draw(st.sampled_from(PoolScheme)),
        firmware_fee=draw(fraction),
        idle_w=draw(st.one_of(st.none(), fraction)),
        owner=draw(words),
        location=draw(words),
        note=draw(words),
        purchase=draw(st.one_of(st.none(), purchases)),
    )


@st.composite
def books(draw: st.DrawFn) -> Book:
    size = draw(st.integers(1, 4))
    return replace(
        BOOK,
        sites=(
            Site("north", "North", "flat"),
            Site("south", "South, =hall 2", "euro", pue=1.05),
            Site("twin-1", "Twin", "flat"),
            Site("twin-2", "Twin", "flat"),
        ),
        tariffs=(Tariff("flat", "Flat", 0.071), Tariff("euro", "Euro", -0.01, "EUR")),
        groups=tuple(draw(groups(number)) for number in range(size)),
    )


@pytest.mark.parametrize(
    ("name", "comma"), [("out.csv", False), ("out.csv", True), ("out.xlsx", False)]
)
@settings(max_examples=40, deadline=None)
@given(book=books())
def test_a_round_trip_gives_the_same_book(
    book: Book, name: str, tmp_path_factory: pytest.TempPathFactory, *, comma: bool
) -> None:
    path = tmp_path_factory.mktemp("export") / name
    write_table(path, export_groups(book), decimal_comma=comma)
    table = read_table(path)

    same = dry_run(book, table, CATALOGUE)
    assert same.counts[Action.SAME] == len(book.groups), [row.reasons for row in same.rows]
    assert not any(row.warnings for row in same.rows)
    assert same.ready
    assert apply(book, same) is book

    emptied = replace(book, groups=())
    again = dry_run(emptied, table, CATALOGUE)
    assert again.counts[Action.ADD] == len(book.groups), [row.reasons for row in again.rows]
    assert apply(emptied, again) == book


def test_a_new_book_gets_sites_tariffs_and_models(tmp_path: Path) -> None:
    write_table(tmp_path / "x.csv", export_groups(BOOK))
    new = dry_run(Book(), read_table(tmp_path / "x.csv"), CATALOGUE)
    made = apply(Book(), new)
    assert [(site.name, site.pue) for site in made.sites] == [("North", 1.0)]
    assert [tariff.price_per_kwh for tariff in made.tariffs] == [0.07]
    assert made.models == BOOK.models
    assert [replace(group, site="north") for group in made.groups] == list(BOOK.groups)


def test_results_stand_beside_and_are_not_read_back() -> None:
    table = export_groups(BOOK, [ResultColumn("price_per_kwh", [0.05, 0.06])])
    assert table.header[-1] == "result price_per_kwh"
    assert [row[-1] for row in table.rows] == [0.05, 0.06]
    assert dry_run(BOOK, table, CATALOGUE).counts[Action.SAME] == 2
    assert dry_run(BOOK, table, CATALOGUE).notes == ()


def test_columns_that_no_group_uses_are_left_out() -> None:
    header = export_groups(BOOK).header
    assert "purchase_price" not in header
    assert "reject_rate" not in header
    assert "hashrate_ths" in header
