from __future__ import annotations

import importlib
from collections.abc import Hashable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from minerdesk.domain.errors import UserError, WorldError
from minerdesk.domain.prices import PriceRows
from minerdesk.domain.tariff import LiveSource, Market, Provider
from minerdesk.feeds.grid import GridPrices
from minerdesk.feeds.grid.calls import AREAS
from minerdesk.feeds.grid.frames import rows_of

NOW = datetime(2026, 1, 19, 12, tzinfo=UTC)
CHICAGO = ZoneInfo("America/Chicago")


@dataclass
class Recorded:
    """A table as the libraries give it."""

    records: list[dict[Hashable, Any]]

    def to_dict(self, orient: str) -> list[dict[Hashable, Any]]:
        assert orient == "records"
        return self.records


def ercot_day(day: str) -> Recorded:
    """Columns of `Ercot.get_spp`, day ahead."""
    midnight = datetime.fromisoformat(day).replace(tzinfo=CHICAGO)
    return Recorded(
        [
            {
                "Time": midnight + timedelta(hours=h),
                "Interval Start": midnight + timedelta(hours=h),
                "Interval End": midnight + timedelta(hours=h + 1),
                "Location": hub,
                "Location Type": "Trading Hub",
                "Market": "DAY_AHEAD_HOURLY",
                "SPP": 20.0 + h + extra,
            }
            for h in range(24)
            for hub, extra in (("HB_NORTH", 0.0), ("HB_WEST", -30.0))
        ]
    )


@dataclass
class FakeGridstatus:
    """The classes of gridstatus, answering from recorded tables."""

    answer: Any
    zone: str = "America/Chicago"
    asked: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - a class of any market
        def make(**keys: str) -> SimpleNamespace:
            def call(method: str) -> Any:  # noqa: ANN401 - see above
                def ask(**arguments: Any) -> Any:  # noqa: ANN401 - see above
                    self.asked.append((f"{name}.{method}", {**keys, **arguments}))
                    return self.answer(arguments["date"])

                return ask

            methods = {c.method: call(c.method) for a in AREAS.values() for c in a.calls.values()}
            return SimpleNamespace(default_timezone=self.zone, **methods)

        return make


def prices(library: Any, keys: dict[str, str] | None = None) -> GridPrices:  # noqa: ANN401 - a fake of a library
    return GridPrices((keys or {}).get, lambda: NOW, lambda _name: library)


def live(area: str, location: str = "", market: Market = Market.DAY_AHEAD) -> LiveSource:
    return LiveSource(Provider.GRIDSTATUS, area, location, market)


def fetch(
    library: Any,  # noqa: ANN401 - a fake of a library
    source: LiveSource,
    keys: dict[str, str] | None = None,
    days: int = 2,
) -> PriceRows:
    start = datetime(2026, 1, 19, 6, tzinfo=UTC)
    return prices(library, keys).fetch(source, start, start + timedelta(days=days))


def test_ercot_day_ahead_of_one_hub() -> None:
    library = FakeGridstatus(ercot_day)
    rows = fetch(library, live("ERCOT", "hb_west"))
    assert len(rows.start_s) == 48
    assert rows.start_s[0] == datetime(2026, 1, 19, 6, tzinfo=UTC).timestamp()
    assert rows.per_kwh[:2] == (-0.01, -0.009)
    assert (rows.step_minutes, rows.currency) == (60, "USD")
    assert rows.source == "ERCOT hb_west day ahead"
    assert rows.taken_at == NOW
    assert library.asked == [
        (
            "Ercot.get_spp",
            {"date": day, "market": "DAY_AHEAD_HOURLY", "locations": ["hb_west"]},
        )
        for day in ("2026-01-19", "2026-01-20")
    ]


def test_a_day_that_is_not_published_leaves_the_others() -> None:
    def answer(day: str) -> Recorded:
        if day == "2026-01-20":
            raise RuntimeError("no document found")
        return ercot_day(day)

    assert len(fetch(FakeGridstatus(answer), live("ERCOT", "HB_NORTH")).start_s) == 24


def test_no_day_at_all_is_the_worlds_failure() -> None:
    def answer(_day: str) -> Recorded:
        raise RuntimeError("no document\nfound.")

    with pytest.raises(WorldError, match=r"^ERCOT day ahead gave no prices: no document found\.$"):
        fetch(FakeGridstatus(answer), live("ERCOT"))


@pytest.mark.parametrize("area", sorted(AREAS))
@pytest.mark.parametrize("market", list(Market))
def test_every_operator_is_asked_for_each_of_its_markets(area: str, market: Market) -> None:
    library = FakeGridstatus(ercot_day)
    keys = {"feeds.pjm_key": "k", "feeds.aeso_key": "k"}
    if area == "AESO" and market is Market.DAY_AHEAD:
        with pytest.raises(UserError, match="no day-ahead market; choose real time"):
            fetch(library, live(area, "HB_NORTH", market), keys)
        return
    rows = fetch(library, live(area, "HB_NORTH", market), keys, days=1)
    assert len(rows.start_s) == 24
    assert rows.currency == ("CAD" if area in {"IESO", "AESO"} else "USD")
    ((method, arguments),) = library.asked
    assert method.startswith(AREAS[area].name + ".")
    assert arguments["date"] == "2026-01-19"
    assert arguments.get("api_key") == ("k" if area in {"PJM", "AESO"} else None)
    if area == "IESO" and market is Market.REAL_TIME:
        assert arguments["end"] == "2026-01-20"


def test_nothing_for_a_location_may_be_for_its_name() -> None:
    with pytest.raises(WorldError, match="or no location of exactly that name"):
        fetch(FakeGridstatus(lambda _day: Recorded([])), live("ERCOT", "HB"))


def test_an_unknown_operator_is_refused_with_those_there_are() -> None:
    with pytest.raises(UserError, match="no market operator “TEXAS”; choose one of CAISO, ERCOT"):
        fetch(FakeGridstatus(ercot_day), live("TEXAS"))


@pytest.mark.parametrize(
    ("location", "words"),
    [
        ("HB_NORHT", "no location “HB_NORHT”; it has such as HB_NORTH"),
        ("", "choose one such as HB"),
    ],
)
def test_an_unknown_location_is_refused_with_near_ones(location: str, words: str) -> None:
    with pytest.raises(UserError, match=words):
        fetch(FakeGridstatus(ercot_day), live("ERCOT", location))


@pytest.mark.parametrize(
    ("source", "words"),
    [
        (live("PJM"), "PJM needs a key of yours; enter it in the preferences as feeds.pjm_key"),
        (live("AESO", market=Market.REAL_TIME), "AESO needs a key"),
        (LiveSource(Provider.ENTSOE, "DE_LU"), "ENTSO-E needs a key"),
        (LiveSource(Provider.ENTSOE, "DE_LU", market=Market.REAL_TIME), "day-ahead prices alone"),
    ],
)
def test_what_is_missing_is_said(source: LiveSource, words: str) -> None:
    with pytest.raises(UserError, match=words):
        fetch(FakeGridstatus(ercot_day), source)


def test_without_the_extra_it_says_how_to_add_it() -> None:
    def load(name: str) -> Any:  # noqa: ANN401 - a module
        return importlib.import_module(f"{name}_which_is_not_there")

    with pytest.raises(UserError) as caught:
        GridPrices(lambda _key: None, lambda: NOW, load).fetch(live("ERCOT"), NOW, NOW)
    assert caught.value.sentence == (
        "Live prices need the grid extra: pip install 'minerdesk[grid]'."
    )


@dataclass
class FakeSeries:
    """What is used of a pandas series, as `query_day_ahead_prices` gives it."""

    values: list[tuple[datetime, float]]
    index: str = ""
    named: str = ""

    def rename_axis(self, name: str) -> FakeSeries:
        return FakeSeries(self.values, name, self.named)

    def rename(self, name: str) -> FakeSeries:
        return FakeSeries(self.values, self.index, name)

    def reset_index(self) -> Recorded:
        return Recorded([{self.index: at, self.named: price} for at, price in self.values])


def entsoe(answer: Any) -> Any:  # noqa: ANN401 - a series or an error
    def client(api_key: str) -> SimpleNamespace:
        def query(area: str, start: datetime, end: datetime) -> FakeSeries:
            assert (area, api_key) == ("DE_LU", "secret-token")
            if isinstance(answer, Exception):
                raise answer
            found = [(at, price) for at, price in answer if start <= at < end]
            return FakeSeries(found)

        return SimpleNamespace(query_day_ahead_prices=query)

    return SimpleNamespace(EntsoePandasClient=client, Timestamp=lambda at: at)


def test_entsoe_quarters_come_per_kwh_in_euro() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    first = datetime(2026, 1, 19, 6, tzinfo=UTC)
    answer = [
        ((first + timedelta(minutes=15 * i)).astimezone(berlin), 80.0 - 40 * i) for i in range(8)
    ]
    rows = fetch(
        entsoe(answer), LiveSource(Provider.ENTSOE, "DE_LU"), {"feeds.entsoe_key": "secret-token"}
    )
    assert rows.step_minutes == 15
    assert rows.per_kwh[:4] == (0.08, 0.04, 0.0, -0.04)
    assert (rows.currency, rows.source) == ("EUR", "ENTSO-E DE_LU day ahead")


def test_a_key_never_stands_in_a_message() -> None:
    error = RuntimeError("401 for url https://example.org/api?securityToken=secret-token&x=1")
    with pytest.raises(WorldError) as caught:
        fetch(
            entsoe(error),
            LiveSource(Provider.ENTSOE, "DE_LU"),
            {"feeds.entsoe_key": "secret-token"},
        )
    assert "secret" not in str(caught.value)
    assert "401" in str(caught.value)
    assert caught.value.__cause__ is None
    with pytest.raises(WorldError, match="TimeoutError"):
        fetch(
            entsoe(TimeoutError()),
            LiveSource(Provider.ENTSOE, "DE_LU"),
            {"feeds.entsoe_key": "secret-token"},
        )


def test_what_is_not_settled_is_left_out_and_one_location_needs_no_name() -> None:
    frame = Recorded(
        [
            {"Interval Start": NOW + timedelta(minutes=5 * i), "LMP": price, "Location": "ONTARIO"}
            for i, price in enumerate([1.0, float("nan"), 3.0, 4.0, 5.0])
        ]
    )
    rows = rows_of([frame], "", "CAD", "IESO", NOW)
    assert rows.per_kwh == (0.001, 0.003, 0.004, 0.005)
    assert rows.step_minutes == 5


@pytest.mark.parametrize(
    ("records", "words"),
    [
        ([], "has no prices for these days"),
        ([{"Interval Start": NOW, "Load": 3}], "not understood: Interval Start, Load"),
        ([{"Time": NOW, "LMP": 3}], "not understood"),
        ([{"Interval Start": NOW, "LMP": 3}], "steps of 0 minutes"),
        (
            [
                {"Interval Start": NOW, "LMP": 3},
                {"Interval Start": NOW + timedelta(minutes=7), "LMP": 3},
            ],
            "steps of 7 minutes",
        ),
    ],
)
def test_a_table_without_prices_is_the_worlds_failure(
    records: list[dict[Hashable, Any]], words: str
) -> None:
    with pytest.raises(WorldError, match=words):
        rows_of([Recorded(records)], "", "USD", "ERCOT", NOW)
