"""How an endpoint misbehaves on request."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from enum import StrEnum
from typing import Any

HTML = b"<!DOCTYPE html><html><body><h1>Just a moment...</h1></body></html>"
_XML_RATE = re.compile(rb"rate='[^']*'")


class Mode(StrEnum):
    """What an endpoint does."""

    OK = "ok"
    TOO_MANY = "429"
    ERROR = "500"
    NOT_READY = "503"
    FORBIDDEN = "403"
    SLOW = "slow"  # nothing comes for `slow_s`
    DRIP = "drip"  # a byte at a time
    CUT = "cut"  # the connection ends in the middle of the answer
    HANG_UP = "hang-up"  # the connection ends before the answer
    WRONG_TYPES = "wrong-types"
    NULLS = "nulls"
    EMPTY = "empty"
    HTML = "html"
    GARBAGE = "garbage"
    ABSURD = "absurd"
    HUGE = "huge"
    ZIPPED = "zipped"
    REDIRECT = "redirect"
    REDIRECT_AWAY = "redirect-away"
    REDIRECT_LOOP = "redirect-loop"
    SHORT = "short"  # statistics of 12 blocks instead of 144
    NO_LISTS = "no-lists"  # every list is empty
    BAD_LISTS = "bad-lists"  # every list holds something else than was asked for
    OLD_NAMES = "old-names"  # fields as another version names them
    ENTITIES = "entities"  # XML that grows while it is read


def changed(mode: Mode, body: bytes) -> bytes:
    """Return what an endpoint sends in ``mode`` in place of ``body``."""
    fixed = {Mode.HTML: HTML, Mode.GARBAGE: b'{"USD": 93', Mode.EMPTY: b""}
    if mode in fixed:
        return fixed[mode]
    if mode is Mode.HUGE:
        return b" " * 5_000_000 + body
    if mode in _REWRITES:
        pattern, replacement = _REWRITES[mode]
        return re.sub(pattern, replacement, body)
    if mode not in _LEAVES:
        return body
    if body.startswith(b"<"):
        rate = {Mode.WRONG_TYPES: b"many", Mode.NULLS: b"", Mode.ABSURD: b"-1"}[mode]
        return _XML_RATE.sub(b"rate='" + rate + b"'", body)
    return json.dumps(_mapped(json.loads(body), _LEAVES[mode])).encode()


def _mapped(value: Any, leaf: Callable[[Any], Any]) -> Any:  # noqa: ANN401 - any JSON
    if isinstance(value, dict):
        # An id belongs to the call, not to the answer; chain names are looked at elsewhere.
        kept = {"id", "chain"}
        return {k: v if k in kept else _mapped(v, leaf) for k, v in value.items()}
    if isinstance(value, list):
        return [_mapped(entry, leaf) for entry in value]
    return leaf(value)


def _absurd(value: Any) -> Any:  # noqa: ANN401 - any JSON
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, str):
        return "-1" if re.fullmatch(r"[-0-9.]+", value) else value
    return -1e12


_REWRITES: dict[Mode, tuple[bytes, bytes]] = {
    Mode.SHORT: (rb'"startBlock": \d+, "endBlock": \d+', b'"startBlock": 1, "endBlock": 12'),
    Mode.NO_LISTS: (rb"\[.*?\](?=[,}]|$)", b"[]"),
    Mode.BAD_LISTS: (rb"\[.*?\](?=[,}]|$)", b"[7]"),
    Mode.OLD_NAMES: (rb'\btime\b(?="?[=:])', b"timestamp"),
    Mode.ENTITIES: (rb"^<\?xml[^>]*>", b'<!DOCTYPE x [<!ENTITY a "aaaa">]>'),
}
_LEAVES: dict[Mode, Callable[[Any], Any]] = {
    Mode.WRONG_TYPES: lambda value: value if value is None else ["many"],
    Mode.NULLS: lambda _value: None,
    Mode.ABSURD: _absurd,
}
