from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from minerdesk.domain.book import Book
from minerdesk.domain.cancel import CancelToken
from minerdesk.domain.errors import Cancelled, UserError, WorldError
from minerdesk.domain.prices import PriceRows
from minerdesk.domain.tariff import LiveSource, PriceIndex, Provider, Tariff
from minerdesk.services.power.live import LivePrices
from minerdesk.services.power.series import KeptPrices
from minerdesk.storage.price_files import PriceFiles
from tests.support.books import small_book

NOON = datetime(2026, 1, 19, 12, tzinfo=UTC)
NORTH = LiveSource(Provider.GRIDSTATUS, "ERCOT", "HB_NORTH")
INDEX = PriceIndex("north", NORTH, forecast_days=7)


class World:
    """A market that publishes until midnight after tomorrow, and a clock that can be set."""

    def __init__(self, folder: Path) -> None:
        self.now = NOON
        self.asked: list[tuple[LiveSource, datetime, datetime]] = []
        self.fails: Exception | None = None
        self.nothing = False
        self.kept = KeptPrices(PriceFiles(folder / "prices"))
        self.live = LivePrices(self.kept, self.fetch, lambda: self.now)

    def fetch(self, source: LiveSource, start: datetime, end: datetime) -> PriceRows:
        self.asked.append((source, start, end))
        if self.fails is not None:
            raise self.fails
        first = int(start.timestamp()) // 3600 * 3600
        midnight = (self.now + timedelta(days=1)).replace(hour=0, minute=0)
        last = int(min(end, midnight).timestamp())
        starts = () if self.nothing else tuple(range(first, last, 3600))
        return PriceRows(starts, (0.05,) * len(starts), 60, "USD", "ERCOT", self.now)

    def refresh(self, *indices: PriceIndex) -> tuple[str, ...]:
        return self.live.refresh(book_of(*(indices or (INDEX,))), CancelToken())


def book_of(*indices: PriceIndex | None) -> Book:
    tariffs = tuple(
        Tariff(f"t{i}" if i else "house", "T", 0.0, index=index) for i, index in enumerate(indices)
    )
    return small_book(tariffs=tariffs)


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def test_the_first_time_it_asks_for_what_a_forecast_needs(world: World) -> None:
    assert world.refresh() == ("north",)
    assert world.asked == [(NORTH, NOON - timedelta(days=7), NOON + timedelta(days=2))]
    series = world.kept.series("north")
    assert series is not None
    assert series.end == datetime(2026, 1, 20, tzinfo=UTC)
    state = world.live.states["north"]
    assert (state.as_of, state.known_until, state.problem) == (NOON, series.end, "")


def test_it_asks_at_most_once_an_hour_and_then_only_for_what_is_new(world: World) -> None:
    world.refresh()
    world.now = NOON + timedelta(minutes=59)
    assert world.refresh() == ()
    assert world.live.due(book_of(INDEX)) == ()
    world.now = NOON + timedelta(hours=13)
    assert world.refresh() == ("north",)
    # A day of what is known is asked for again.
    assert world.asked[1][1] == datetime(2026, 1, 19, tzinfo=UTC)
    series = world.kept.series("north")
    assert series is not None
    assert series.holes == ()


def test_a_hole_or_a_late_beginning_is_asked_for_again(world: World) -> None:
    world.kept.merge("north", world.fetch(NORTH, NOON - timedelta(days=8), NOON))
    world.kept.merge("south", world.fetch(NORTH, NOON - timedelta(days=3), NOON))
    world.kept.merge("west", world.fetch(NORTH, NOON - timedelta(days=12), NOON))
    later = replace(world.fetch(NORTH, NOON, NOON + timedelta(hours=5)))
    gap = PriceRows(later.start_s[2:], later.per_kwh[2:], 60, "USD", "ERCOT", NOON)
    world.kept.merge("west", gap)
    world.asked.clear()
    world.now = NOON + timedelta(hours=10)
    world.refresh(INDEX, replace(INDEX, series="south"), replace(INDEX, series="west"))
    starts = [start for _source, start, _end in world.asked]
    assert starts == [
        NOON - timedelta(days=1),
        world.now - timedelta(days=7),
        world.now - timedelta(days=7),
    ]


@pytest.mark.parametrize(
    "error", [WorldError("ERCOT gave no prices: 503."), UserError("Live prices need the extra.")]
)
def test_a_failure_is_told_and_what_is_kept_stays(world: World, error: Exception) -> None:
    world.refresh()
    world.fails = error
    world.now = NOON + timedelta(hours=2)
    assert world.refresh() == ()
    state = world.live.states["north"]
    assert (state.as_of, state.problem) == (NOON, str(error))
    assert state.known_until == datetime(2026, 1, 20, tzinfo=UTC)
    assert world.kept.series("north") is not None
    world.now += timedelta(minutes=30)
    assert world.refresh() == ()
    assert len(world.asked) == 2
    world.fails = None
    assert world.live.ask(INDEX)
    assert world.live.states["north"].problem == ""


def test_another_source_under_the_same_name_is_asked_at_once(world: World) -> None:
    world.refresh()
    west = replace(INDEX, live=replace(NORTH, location="HB_WEST"))
    world.fails = WorldError("no.")
    world.refresh(west)
    state = world.live.states["north"]
    assert (state.source, state.as_of, state.problem) == (west.live, None, "no.")


def test_a_series_is_asked_for_once_and_those_from_files_never(world: World) -> None:
    file = PriceIndex("file")
    due = world.live.due(book_of(INDEX, replace(INDEX, multiplier=2.0), file, None))
    assert [index.series for index in due] == ["north"]
    with pytest.raises(ValueError, match="no live source"):
        world.live.ask(file)


def test_nothing_at_all_is_known_until_never(world: World) -> None:
    world.nothing = True
    world.refresh()
    assert world.live.states["north"].known_until is None


def test_it_stops_when_it_is_told_to(world: World) -> None:
    token = CancelToken()
    token.cancel()
    with pytest.raises(Cancelled):
        world.live.refresh(book_of(INDEX), token)
    assert world.asked == []


def test_a_damaged_series_is_asked_for_whole_and_begins_anew(world: World, tmp_path: Path) -> None:
    world.refresh()
    path = tmp_path / "prices" / "north.csv"
    path.write_text("hello", "utf-8")
    world.now = NOON + timedelta(hours=2)
    assert world.refresh() == ("north",)
    assert world.asked[1][1] == world.now - timedelta(days=7)
    assert world.kept.series("north") is not None
    assert path.with_name("north.csv.damaged").read_text("utf-8") == "hello"
