"""The calls of gridstatus and entsoe-py, and nothing else: one function for each library.

Checked against gridstatus 0.37 and entsoe-py 0.8. Both are imported when they are first asked.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from minerdesk.domain.tariff import LiveSource, Market
from minerdesk.feeds.grid.frames import PRICE, START, Frame

Load = Callable[[str], Any]  # `importlib.import_module`
_DAY: Final = timedelta(days=1)
_DAY_AHEAD: Final = {"market": "DAY_AHEAD_HOURLY"}


@dataclass(frozen=True, slots=True)
class Call:
    """A method of gridstatus that gives prices of a day.

    Attributes:
        arguments: beside the day.
        located: it takes the locations wanted, which saves a download.
        with_end: it gives one hour or less unless it is told where the day ends.
    """

    method: str
    arguments: Mapping[str, object] = field(default_factory=dict)
    located: bool = False
    with_end: bool = False


@dataclass(frozen=True, slots=True)
class Area:
    """A market operator.

    Attributes:
        name: of its class. key: it takes a key of its own.
    """

    name: str
    calls: Mapping[Market, Call]
    currency: str = "USD"
    key: bool = False


def _lmp(real_time: str, *, located: bool = True, method: str = "get_lmp") -> dict[Market, Call]:
    return {
        Market.DAY_AHEAD: Call(method, _DAY_AHEAD, located=located),
        Market.REAL_TIME: Call(method, {"market": real_time}, located=located),
    }


AREAS: Final[Mapping[str, Area]] = {
    "CAISO": Area("CAISO", _lmp("REAL_TIME_15_MIN")),
    "ERCOT": Area("Ercot", _lmp("REAL_TIME_15_MIN", method="get_spp")),
    "ISONE": Area("ISONE", _lmp("REAL_TIME_HOURLY")),
    "MISO": Area("MISO", _lmp("REAL_TIME_5_MIN")),
    "NYISO": Area("NYISO", _lmp("REAL_TIME_HOURLY")),
    # PJM takes locations as numbers; without one it gives its hubs by name.
    "PJM": Area("PJM", _lmp("REAL_TIME_5_MIN", located=False), key=True),
    "SPP": Area(
        "SPP",
        {
            Market.DAY_AHEAD: Call("get_lmp_day_ahead_hourly"),
            Market.REAL_TIME: Call(
                "get_lmp_real_time_5_min_by_location", {"use_daily_files": True}
            ),
        },
    ),
    "IESO": Area(
        "IESO",
        {
            Market.DAY_AHEAD: Call("get_lmp_day_ahead_hourly_ontario_zonal"),
            Market.REAL_TIME: Call("get_lmp_real_time_5_min_ontario_zonal", with_end=True),
        },
        currency="CAD",
    ),
    # Alberta has no day-ahead market.
    "AESO": Area("AESO", {Market.REAL_TIME: Call("get_pool_price")}, currency="CAD", key=True),
}


def ask_gridstatus(
    load: Load, source: LiveSource, start: datetime, end: datetime, key: str
) -> list[Frame]:
    """Ask for every local day from ``start`` to ``end``.

    A day that is not published is left out where any other is there.

    Raises:
        Exception: whatever the library raises for the last day, where no day could be had.
    """
    library = load("gridstatus")
    area = AREAS[source.area]
    call = area.calls[source.market]
    operator = getattr(library, area.name)(**({"api_key": key} if area.key else {}))
    zone = ZoneInfo(str(operator.default_timezone))
    day, last = start.astimezone(zone).date(), (end - timedelta(seconds=1)).astimezone(zone).date()
    frames: list[Frame] = []
    trouble: Exception | None = None
    while day <= last:
        try:
            frames.append(_one_day(operator, call, source.location, day))
        except Exception as error:  # noqa: BLE001 - the library raises whatever it likes
            trouble = error
        day += _DAY
    if trouble is not None and not frames:
        raise trouble
    return frames


def _one_day(operator: Any, call: Call, location: str, day: date) -> Frame:  # noqa: ANN401 - a class of the library
    arguments: dict[str, object] = {"date": day.isoformat(), **call.arguments}
    if call.with_end:
        arguments["end"] = (day + _DAY).isoformat()
    if call.located and location:
        arguments["locations"] = [location]
    with warnings.catch_warnings():
        # Its newer methods cannot be asked for one location.
        warnings.simplefilter("ignore")
        found: Frame = getattr(operator, call.method)(**arguments)
    return found


def ask_entsoe(
    load: Load, source: LiveSource, start: datetime, end: datetime, key: str
) -> list[Frame]:
    """Ask for the day-ahead prices of a bidding zone.

    Raises:
        Exception: whatever the library raises.
    """
    pandas = load("pandas")
    client = load("entsoe").EntsoePandasClient(api_key=key)
    series = client.query_day_ahead_prices(
        source.area, start=pandas.Timestamp(start), end=pandas.Timestamp(end)
    )
    return [series.rename_axis(START).rename(PRICE).reset_index()]
