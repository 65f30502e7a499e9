"""The fake world's past: one chain of blocks, and what each source says of its days."""

from __future__ import annotations

import bisect
import json
import math
import random
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

from tests.support.fake_world.world import EPOCH, World

UNIX_DAY = 719_163
DAY_S = 86_400
FIRST_DAY = date(2024, 1, 1).toordinal()
# Steady growth with two falls and a recovery, as networks have.
_HASHRATES_EHS = {
    date(2024, 1, 1): 510.0,
    date(2024, 4, 20): 625.0,
    date(2024, 7, 5): 575.0,
    date(2025, 1, 1): 770.0,
    date(2025, 6, 1): 905.0,
    date(2025, 6, 28): 860.0,
    date(2025, 10, 20): 1_120.0,
    date(2025, 12, 1): 1_060.0,
    date(2026, 1, 25): 985.0,
    date(2026, 6, 1): 1_010.0,
}
_PRICES = {
    date(2024, 1, 1): 43_000.0,
    date(2024, 3, 14): 71_000.0,
    date(2024, 9, 6): 56_000.0,
    date(2024, 12, 17): 103_000.0,
    date(2025, 4, 8): 79_000.0,
    date(2025, 7, 14): 117_000.0,
    date(2025, 10, 6): 123_000.0,
    date(2025, 11, 21): 87_000.0,
    date(2026, 1, 19): 92_500.0,
    date(2026, 6, 1): 74_000.0,
}
_TH = 1e12
Made = bytes | None


def today(world: World) -> int:
    return world.now().toordinal()


def days(world: World, count: int | None = None) -> range:
    """The complete days that public sources know, or the last of them."""
    end = today(world)
    first = FIRST_DAY if world.index_days is None else max(FIRST_DAY, end - world.index_days)
    return range(first if count is None else max(first, end - count), end)


def unix(day: int) -> int:
    return (day - UNIX_DAY) * DAY_S


def price(day: int) -> float:
    waves = 0.025 * math.sin(day / 6.1) + 0.015 * math.sin(day / 2.3)
    return round(_between(_PRICES, day) * (1 + waves) + (day % 7) * 10, 2)


def hashrate_hs(day: int) -> float:
    """Blocks come by chance, so the hashrate of a day is off by about 8 %."""
    chance = random.Random(day).gauss(0.0, 0.083)
    return _between(_HASHRATES_EHS, day) * 1e18 * (1 + max(min(chance, 0.25), -0.25))


def _between(anchors: dict[date, float], day: int) -> float:
    """Return what lies between two anchors; it grows by a fifth a year after the last."""
    days = [each.toordinal() for each in anchors]
    values = list(anchors.values())
    if day >= days[-1]:
        return values[-1] * (1 + 0.2 * (day - days[-1]) / 365)
    after = max(bisect.bisect_right(days, day), 1)
    share = (day - days[after - 1]) / (days[after] - days[after - 1])
    return values[after - 1] + share * (values[after] - values[after - 1])


def fees_btc(day: int) -> float:
    return round(20 + 5 * math.sin(day / 30), 6)


def issuance_btc(day: int) -> float:
    return 450.0 if day >= date(2024, 4, 20).toordinal() else 900.0


def difficulty(height: int) -> float:
    epoch = height // EPOCH
    return 1e14 * (1 + (epoch - 400) / 1000 + 0.03 * math.sin(2.1 * epoch))


def retargets(world: World) -> list[tuple[int, int, float]]:
    """Height, Unix time and difficulty, from the first that lies in the known days."""
    last = world.epoch_height
    rows = [(h, world.block_time_s(h), difficulty(h)) for h in range(last, 0, -EPOCH)]
    return [row for row in rows if row[1] >= unix(days(world)[0])][::-1]


def get(world: World, path: str, query: dict[str, str]) -> tuple[str, bytes] | None:
    """Answer a GET for the past: endpoint and body, or None where there is no such path."""
    head, _slash, tail = path.rpartition("/")
    makers: dict[str, tuple[str, Callable[[World, str, dict[str, str]], Made]]] = {
        "/api/v1/mining/hashrate": ("past-hashrate", _hashrate),
        "/api/v1/mining/blocks/fees": ("past-fees", _fees),
        "/api/v1/mining/blocks/rewards": ("past-rewards", _rewards),
        "/api/v1/mining": ("past-retargets", _adjustments),
        "/api/v1": ("past-prices", _prices),
        "/charts": ("blockchain", _chart),
        "/v4/timeseries": ("coin-metrics", _coin_metrics),
    }
    if head not in makers:
        return None
    endpoint, make = makers[head]
    body = make(world, tail, query)
    return None if body is None else (endpoint, body)


def _json(value: Any) -> bytes:  # noqa: ANN401 - any JSON
    return json.dumps(value).encode()


_SPANS = {"1m": 30, "3m": 90, "6m": 180, "1y": 365, "2y": 730, "3y": 1095, "all": None}


def _hashrate(world: World, span: str, _query: dict[str, str]) -> Made:
    if span not in _SPANS:
        return None
    return _json(
        {
            "hashrates": [
                {"timestamp": unix(day + 1), "avgHashrate": hashrate_hs(day)}
                for day in days(world, _SPANS[span])
            ],
            "difficulty": [
                {"time": time_s, "height": height, "difficulty": value, "adjustment": 1.01}
                for height, time_s, value in retargets(world)
            ],
            "currentHashrate": world.hashrate_hs,
            "currentDifficulty": world.difficulty,
        }
    )


def _adjustments(world: World, name: str, _query: dict[str, str]) -> Made:
    if name != "difficulty-adjustments":
        return None
    return _json([[t, height, value, 1.01] for height, t, value in reversed(retargets(world))])


def _blocks(world: World, span: str, name: str, sats: Callable[[int], float]) -> Made:
    if not world.has_price_feed:
        return b"[]"
    if span == "3d":
        since = world.now().timestamp() - 3 * DAY_S
        # 144 blocks a day, the first at midnight.
        return _json(
            [
                {
                    "avgHeight": world.height - (today(world) - day) * 144 + i,
                    "timestamp": unix(day) + i * 600,
                    name: round(sats(day)),
                    "USD": 93_000,
                }
                for day in range(today(world) - 3, today(world) + 1)
                for i in range(144)
                if since <= unix(day) + i * 600 <= world.now().timestamp()
                if (day, i) != (world.lost_block_on, 70)
            ]
        )
    return _json(
        [
            {
                "avgHeight": world.height - (today(world) - day) * 144 + 72,
                "timestamp": unix(day) + 43_000,
                name: round(sats(day)),
            }
            for day in days(world)
        ]
    )


def _fees(world: World, span: str, _query: dict[str, str]) -> Made:
    return _blocks(world, span, "avgFees", lambda day: fees_btc(day) / 144 * 1e8)


def _rewards(world: World, span: str, _query: dict[str, str]) -> Made:
    return _blocks(
        world, span, "avgRewards", lambda day: (fees_btc(day) + issuance_btc(day)) / 144 * 1e8
    )


def _prices(world: World, name: str, query: dict[str, str]) -> Made:
    if name != "historical-price":
        return None
    currency = query.get("currency", "USD")
    rate = {"USD": 1.0, "EUR": 0.9}.get(currency, 0.0)
    wanted = list(days(world))
    if "timestamp" in query:
        wanted = [(int(query["timestamp"]) // DAY_S) + UNIX_DAY]
    rows = [
        {"time": unix(day) + hour * 3600, currency: round(price(day) * rate - 23 + hour, 2)}
        for day in wanted
        for hour in (0, 12, 23)
        if world.has_price_feed
    ]
    return _json({"prices": rows, "exchangeRates": {"USDEUR": 0.9}})


def _chart(world: World, name: str, query: dict[str, str]) -> Made:
    series: dict[str, Callable[[int], float]] = {
        "hash-rate": lambda day: hashrate_hs(day) / _TH * 1.004,
        "difficulty": lambda day: _difficulty_on(world, day),
        "market-price": lambda day: price(day) * 1.001,
        "transaction-fees": fees_btc,
    }
    if name not in series:
        return None
    if world.charts_down:
        return _json({"status": "error", "error": world.charts_down})
    span = query["timespan"]
    count = None if span == "all" else int(span.removesuffix("days"))
    late = name in {"hash-rate", "market-price"}  # dated at the day's end
    values = [{"x": unix(day + late), "y": series[name](day)} for day in days(world, count)]
    return _json({"status": "ok", "name": name, "unit": "", "period": "day", "values": values})


def _difficulty_on(world: World, day: int) -> float:
    before = [value for _h, t, value in retargets(world) if t < unix(day + 1)]
    return before[-1] if before else 1e13


def _coin_metrics(world: World, name: str, query: dict[str, str]) -> Made:
    if name != "asset-metrics":
        return None
    first = FIRST_DAY
    if "start_time" in query:
        first = date.fromisoformat(query["start_time"]).toordinal()
    wanted = [day for day in days(world) if day >= first]
    size = min(int(query["page_size"]), world.page_size)
    page = wanted[:size]
    rows = [
        {
            "asset": "btc",
            "time": f"{datetime.fromtimestamp(unix(day), UTC):%Y-%m-%dT%H:%M:%S}.000000000Z",
            "PriceUSD": f"{price(day) * 0.999:.10f}",
            "HashRate": f"{hashrate_hs(day) / _TH:.10f}",
            "IssTotUSD": f"{issuance_btc(day) * price(day) * 0.999:.10f}",
            "FeeTotNtv": None if day == world.no_fees_on else f"{fees_btc(day):.8f}",
        }
        for day in page
    ]
    body: dict[str, Any] = {"data": rows}
    if size < len(wanted):
        body["next_page_url"] = (
            "https://elsewhere.example/v4/timeseries/asset-metrics?next_page_token=0.x"
        )
    return _json(body)


class Chain:
    """Headers of a young chain: ten minutes a block, and a time that sometimes goes back."""

    def __init__(self, world: World) -> None:
        self.world = world

    def time_s(self, height: int) -> int:
        tip_s = int(self.world.now().timestamp())
        # Two hours ahead, once in a while: the rule of the protocol, and what breaks a bisection.
        jump = 5_400 if height % 97 == 0 and height < self.world.height else 0
        return tip_s - (self.world.height - height) * 600 + jump

    def header(self, height: int) -> dict[str, Any]:
        times = sorted(self.time_s(h) for h in range(max(height - 10, 0), height + 1))
        full, rest = divmod(height + 1, EPOCH)
        work = sum(difficulty(e * EPOCH) * EPOCH for e in range(full))
        work += rest * difficulty(full * EPOCH)
        return {
            "hash": f"{height:064x}",
            "height": height,
            "time": self.time_s(height),
            "mediantime": times[len(times) // 2],
            "difficulty": difficulty(height),
            "chainwork": f"{int(work * 2**32):064x}",
        }
