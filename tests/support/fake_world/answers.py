"""The bodies that real sources send, in their recorded shapes, with the fake world's numbers."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from tests.support.fake_world import past
from tests.support.fake_world.world import EPOCH, World

Answer = tuple[str, bytes] | None  # endpoint and body; None is 404


def answer_get(world: World, path: str) -> Answer:
    """Answer a GET of ``path`` (with its query), by whichever source has such a path."""
    for pattern, endpoint, make in _ROUTES:
        if match := re.fullmatch(pattern, path):
            body = make(world, *match.groups())
            return None if body is None else (endpoint, body)
    parts = urlsplit(path)
    return past.get(world, parts.path, dict(parse_qsl(parts.query)))


def answer_core(world: World, body: bytes) -> tuple[int, bytes]:
    """Answer a JSON-RPC call or a batch of them as Bitcoin Core does: status and body."""
    calls = json.loads(body)
    if isinstance(calls, list):
        return 200, _json([_rpc(world, call) for call in calls])
    reply = _rpc(world, calls)
    return (500 if reply["error"] else 200), _json(reply)


def _json(value: Any) -> bytes:  # noqa: ANN401 - any JSON
    return json.dumps(value).encode()


def _tip(world: World) -> bytes:
    return str(world.height).encode()


def _blocks(world: World, height: str) -> bytes:
    first = min(int(height), world.height)
    return _json(
        [
            {
                "id": _hash(h),
                "height": h,
                "version": 536_870_912,
                "timestamp": world.block_time_s(h),
                "difficulty": world.difficulty,
                "tx_count": 3_210,
                "extras": {"totalFees": world.fees_sat, "reward": 312_500_000 + world.fees_sat},
            }
            for h in range(first, max(first - 15, -1), -1)
        ]
    )


def _adjustment(world: World) -> bytes:
    now_s = world.now().timestamp()
    remaining = EPOCH - world.blocks_in
    mean_ms = int((now_s - world.epoch_start_s) / max(world.blocks_in, 1) * 1000)
    return _json(
        {
            "progressPercent": world.blocks_in / EPOCH * 100,
            "difficultyChange": world.source_change_pct,
            "estimatedRetargetDate": int(now_s * 1000) + remaining * mean_ms,
            "remainingBlocks": remaining,
            "remainingTime": remaining * mean_ms,
            "previousRetarget": world.previous_pct,
            "previousTime": world.epoch_start_s,
            "nextRetargetHeight": world.height + remaining,
            "timeAvg": mean_ms,
            "adjustedTimeAvg": mean_ms,
            "timeOffset": 0,
            "expectedBlocks": (now_s - world.epoch_start_s) / 600,
        }
    )


def _hashrate(world: World, _span: str) -> bytes:
    now_s = int(world.now().timestamp())
    return _json(
        {
            "hashrates": [
                {
                    "timestamp": now_s - day * 86_400,
                    "avgHashrate": world.hashrate_hs * (1 + day / 900),
                }
                for day in range(90, 0, -1)
            ],
            "difficulty": [
                {
                    "time": world.epoch_start_s - epoch * EPOCH * 600,
                    "height": world.epoch_height - epoch * EPOCH,
                    "difficulty": world.difficulty * (1 + epoch / 90),
                    "adjustment": 0.987954,
                }
                for epoch in range(6, -1, -1)
            ],
            "currentHashrate": world.hashrate_hs,
            "currentDifficulty": world.difficulty,
        }
    )


def _reward_stats(world: World, count: str) -> bytes:
    blocks = int(count)
    fees_sat = blocks * world.fees_sat
    return _json(
        {
            "startBlock": world.height - blocks + 1,
            "endBlock": world.height,
            "totalReward": str(blocks * 312_500_000 + fees_sat),
            "totalFee": str(fees_sat),
            "totalTx": "449112",
        }
    )


def _prices(world: World) -> bytes:
    taken_at = world.now() - timedelta(seconds=world.price_age_s)
    return _json({"time": int(taken_at.timestamp()), **world.mempool_prices})


def _coinbase(world: World, currency: str) -> bytes | None:
    if currency not in world.coinbase:
        return None
    price = world.coinbase[currency]
    taken_at = world.now() - timedelta(seconds=world.price_age_s)
    return _json(
        {
            "ask": f"{price + 0.01:.2f}",
            "bid": f"{price - 0.01:.2f}",
            "volume": "7421.33182917",
            "trade_id": 942_113_245,
            "price": f"{price:.2f}",
            "size": "0.00021",
            "time": taken_at.isoformat().replace("+00:00", "Z"),
        }
    )


def _kraken(world: World, currency: str) -> bytes:
    if currency not in world.kraken:
        return _json({"error": ["EQuery:Unknown asset pair"]})
    price = f"{world.kraken[currency]:.5f}"
    pair = {"a": [price, "1", "1.000"], "b": [price, "1", "1.000"], "c": [price, "0.00042"]}
    return _json({"error": [], "result": {f"XXBTZ{currency}": pair}})


def _ecb(world: World) -> bytes:
    rates = "".join(
        f"<Cube currency='{currency}' rate='{rate}'/>"
        for currency, rate in world.euro_rates.items()
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<gesmes:Envelope xmlns:gesmes="http://www.gesmes.org/xml/2002-08-01" '
        'xmlns="http://www.ecb.int/vocabulary/2002-08-01/eurofxref">'
        "<gesmes:subject>Reference rates</gesmes:subject>"
        f"<Cube><Cube time='{world.now():%Y-%m-%d}'>{rates}</Cube></Cube></gesmes:Envelope>"
    ).encode()


_ROUTES: tuple[tuple[str, str, Callable[..., bytes | None]], ...] = (
    (r"/api/blocks/tip/height", "tip", _tip),
    (r"/api/v1/blocks/(\d+)", "blocks", _blocks),
    (r"/api/v1/difficulty-adjustment", "difficulty-adjustment", _adjustment),
    (r"/api/v1/mining/hashrate/(3m)", "hashrate", _hashrate),
    (r"/api/v1/mining/reward-stats/(\d+)", "reward-stats", _reward_stats),
    (r"/api/v1/prices", "prices", _prices),
    (r"/products/BTC-([A-Z]{3})/ticker", "coinbase", _coinbase),
    (r"/0/public/Ticker\?pair=XBT([A-Z]{3})", "kraken", _kraken),
    (r"(?:/stats/eurofxref)?/eurofxref-daily\.xml", "ecb", _ecb),
)


def _hash(height: int) -> str:
    return f"{height:064x}"


def _next(world: World) -> dict[str, float]:
    return {"height": world.height + 1, "difficulty": world.difficulty}


def _rpc(world: World, call: dict[str, Any]) -> dict[str, Any]:
    methods: dict[str, Callable[..., Any]] = {
        "getblockchaininfo": lambda: {
            "chain": world.chain,
            "blocks": world.height,
            "headers": world.height,
            "bestblockhash": _hash(world.height),
            "difficulty": world.difficulty,
            "time": world.block_time_s(world.height),
            "initialblockdownload": world.loading,
            "pruned": False,
        },
        "getmininginfo": lambda: {
            "blocks": world.height,
            "difficulty": world.difficulty,
            "networkhashps": world.hashrate_hs,
            "chain": world.chain,
            **({"next": _next(world)} if world.core_tells_next else {}),
        },
        "getnetworkhashps": lambda _blocks: world.hashrate_hs,
        "getblockhash": _hash,
        "getblockheader": lambda block: {
            **past.Chain(world).header(int(block, 16)),
            "time": world.block_time_s(int(block, 16)),
        },
        "getblockstats": lambda _height, _which: {"totalfee": world.fees_sat},
    }
    if call["method"] == "getblockstats" and call["params"][0] < world.pruned_below:
        error = {"code": -1, "message": "Block not available (pruned data)"}
        return {"result": None, "error": error, "id": call["id"]}
    if call["method"] in world.refused_methods:
        return {"result": None, "error": {"code": -1, "message": "not here"}, "id": call["id"]}
    make = methods.get(call["method"])
    if make is None:
        error = {"code": -32601, "message": "Method not found"}
        return {"result": None, "error": error, "id": call["id"]}
    return {"result": make(*call["params"]), "error": None, "id": call["id"]}
