from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from minerdesk.domain.book import Book
from minerdesk.domain.cancel import CancelToken
from minerdesk.domain.errors import UserError, WorldError
from minerdesk.domain.prices import PriceRows
from minerdesk.domain.readings import NetworkState
from minerdesk.domain.sites import Site
from minerdesk.domain.tariff import (
    DemandCharge,
    DemandTier,
    FixedCharge,
    Holidays,
    LiveSource,
    Percentage,
    PercentageOf,
    PriceIndex,
    Provider,
    Ratchet,
    Tariff,
)
from minerdesk.services.power.door import PowerDoor
from minerdesk.services.power.live import LivePrices
from minerdesk.services.power.series import KeptPrices
from minerdesk.services.power.templates import templates
from minerdesk.services.power.view import BillBasis, PowerView, SitePower
from minerdesk.storage.load_files import LoadFiles
from minerdesk.storage.price_files import PriceFiles
from tests.support.evaluations import NOW, RIG, group, network

BOOK = Book(
    sites=(Site("north", "North", "day", "America/Chicago"),),
    tariffs=(Tariff("day", "Day", 0.06),),
    models=(RIG,),
    groups=(group("a", "north", 100),),
)


def rows(start: datetime, hours: int, price: float = 0.03) -> PriceRows:
    first = int(start.timestamp())
    return PriceRows(
        tuple(first + 3600 * hour for hour in range(hours)),
        (price,) * hours,
        60,
        "USD",
        "test",
        NOW,
    )


@pytest.fixture
def door(tmp_path: Path) -> PowerDoor:
    return PowerDoor(
        KeptPrices(PriceFiles(tmp_path / "prices")), LoadFiles(tmp_path / "loads"), lambda: NOW
    )


def with_tariff(tariff: Tariff, **site: object) -> Book:
    sites = (replace(BOOK.sites[0], **site),)  # type: ignore[arg-type] # fields by name
    return replace(BOOK, tariffs=(tariff,), sites=sites)


def view(door: PowerDoor, book: Book = BOOK, state: NetworkState | None = None) -> PowerView:
    return door.view(book, 7, state or network(), CancelToken())


def north(door: PowerDoor, book: Book = BOOK, state: NetworkState | None = None) -> SitePower:
    found = view(door, book, state).site("north")
    assert found is not None
    return found


def test_a_flat_price_holds_for_seven_days_and_is_known(door: PowerDoor) -> None:
    site = north(door)

    assert site.steps is not None
    assert len(site.steps.start_s) == 168
    assert site.steps.start_s[0] == NOW.timestamp()
    assert set(site.steps.per_kwh) == {0.06}
    assert site.steps.known.all()
    assert site.steps.next_change(0) is None
    # 4 USD a day for 72 kWh.
    assert site.break_even_least == site.break_even_most == pytest.approx(4 / 72)
    assert view(door).book_revision == 7


def test_the_parts_of_a_price_add_up(door: PowerDoor) -> None:
    tariff = replace(
        templates()[2].make(BOOK.tariffs[0]),
        percentages=(Percentage("tax", 0.1, PercentageOf.BILL),),
    )
    steps = north(door, with_tariff(tariff)).steps

    assert steps is not None
    total = np.sum([part.per_kwh for part in steps.parts], axis=0)
    assert total == pytest.approx(steps.per_kwh)
    change = steps.next_change(0)
    assert change is not None
    assert steps.main_change(0, change) in {"off-peak", "winter peak"}


def test_without_numbers_of_the_network_there_are_prices_but_no_break_evens(
    door: PowerDoor,
) -> None:
    site = north(door, state=NetworkState())
    assert site.steps is not None
    assert site.break_even_least is None


def test_the_last_bill_is_as_if_what_runs_now_had_run(door: PowerDoor) -> None:
    bill = north(door).bills[0]

    assert (bill.month, bill.basis) == ("2025-12", BillBasis.AS_NOW)
    # 100 rigs of 3 kW through December.
    assert bill.kwh == pytest.approx(300 * 744)
    assert bill.total == pytest.approx(300 * 744 * 0.06)
    assert len(north(door).bills) == 6


def test_lines_of_a_bill_are_named_as_the_paper_does(door: PowerDoor) -> None:
    tariff = replace(
        BOOK.tariffs[0],
        demand=(
            DemandCharge(
                "peak", (DemandTier(5.0, 100.0), DemandTier(10.0)), 15, None, Ratchet(1.0, 11)
            ),
        ),
        fixed=(FixedCharge("meter", 50.0),),
        percentages=(Percentage("tax", 0.1, PercentageOf.BILL),),
        minimum_per_month=1e6,
    )
    bill = north(door, with_tariff(tariff)).bills[0]
    lines = {line.name: line for line in bill.lines}

    assert list(lines) == [
        "energy",
        "peak, tier 1",
        "peak, tier 2",
        "meter",
        "tax",
        "up to the minimum bill",
    ]
    assert lines["tax"].quantity == pytest.approx(10)
    assert (lines["tax"].unit, lines["tax"].rate) == ("%", None)
    assert lines["meter"].quantity is None
    assert bill.total == pytest.approx(1e6)


def test_a_load_is_imported_for_one_site_of_one_book(door: PowerDoor, tmp_path: Path) -> None:
    start = datetime(2025, 11, 1, 5, tzinfo=UTC)
    text = "".join(f"{(start + timedelta(hours=h)).isoformat()},200\n" for h in range(721))
    path = tmp_path / "load.csv"
    path.write_text(f"start,kw\n{text}", encoding="utf-8")
    heard: list[int] = []
    end = door.subscribe(lambda: heard.append(1))

    door.import_load(path, "book", BOOK.sites[0])

    found = door.view(BOOK, 1, network(), CancelToken(), book_key="book").sites[0]
    (bill,) = found.bills
    assert (bill.month, bill.basis, bill.kwh) == ("2025-11", BillBasis.IMPORTED, 721 * 200)
    assert north(door).bills[0].basis is BillBasis.AS_NOW  # of another book
    door.forget_load("book", "north")
    end()
    assert heard == [1, 1]


def test_a_damaged_load_is_told_and_costs_no_price(door: PowerDoor, tmp_path: Path) -> None:
    (tmp_path / "loads").mkdir()
    LoadFiles(tmp_path / "loads").path("\nnorth").write_text("rubbish", encoding="utf-8")

    site = north(door)

    assert site.steps is not None
    assert "damaged" in " ".join(site.notes)


def test_an_index_tells_how_far_its_prices_are_known(door: PowerDoor) -> None:
    book = with_tariff(Tariff("day", "Day", 0.0, index=PriceIndex("hub")))
    assert "There are no prices “hub”" in north(door, book).problem

    door.keep_prices("hub", rows(NOW - timedelta(days=3), 96))
    site = north(door, book)

    assert site.steps is not None
    assert int(site.steps.known.sum()) == 24
    assert site.series is not None
    assert site.series.known_until == NOW + timedelta(days=1)
    assert "There is no bill" in site.bills[0].problem


def test_an_unknown_zone_is_said_at_the_site(door: PowerDoor) -> None:
    site = north(door, with_tariff(BOOK.tariffs[0], time_zone="Nowhere/Land"))
    assert site.steps is None
    assert "Nowhere/Land" in site.problem


def test_holidays_that_are_none_leave_the_other_sites_their_prices(door: PowerDoor) -> None:
    unknown = Tariff("odd", "Odd", 0.05, holidays=Holidays("US", "ZZ"))
    other = Site("odd", "Odd", "odd")
    book = replace(BOOK, sites=(*BOOK.sites, other), tariffs=(*BOOK.tariffs, unknown))
    view = door.view(book, 1, network(), CancelToken())
    found = view.site("odd")
    assert found is not None
    assert found.problem.startswith("US has no subdivision “ZZ”")
    for site in BOOK.sites:
        priced = view.site(site.id)
        assert priced is not None
        assert (priced.problem, priced.steps is None) == ("", False)


def test_live_sources_are_asked_when_due_and_failures_are_told(door: PowerDoor) -> None:
    asked: list[LiveSource] = []
    live = LiveSource(Provider.ENTSOE, "DE_LU")
    index = PriceIndex("hub", live)
    book = with_tariff(Tariff("day", "Day", 0.0, index=index))

    def fetch(source: LiveSource, _start: datetime, _end: datetime) -> PriceRows:
        asked.append(source)
        if len(asked) > 1:
            raise WorldError("The market is closed.")
        return rows(NOW - timedelta(days=3), 96)

    assert door.renew(book, CancelToken()) == ()
    with pytest.raises(UserError, match="Choose a live source"):
        door.ask_source(index)
    door.use_live(LivePrices(door.series, fetch, lambda: NOW))

    assert door.renew(book, CancelToken()) == ("hub",)
    assert door.renew(book, CancelToken()) == ()  # within the hour
    with pytest.raises(WorldError, match="closed"):
        door.ask_source(index)
    site = north(door, book)
    assert site.series is not None
    assert site.series.problem == "The market is closed."
    assert asked == [live, live]


def test_what_lacks_for_a_provider_is_one_line(door: PowerDoor) -> None:
    for provider in Provider:
        assert door.source_problem(provider) in {
            "",
            "Live prices need the grid extra: pip install 'minerdesk[grid]'.",
        }
