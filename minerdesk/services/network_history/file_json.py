"""Charts of blockchain.com, from its interface or saved from its pages, as a table."""

from __future__ import annotations

from typing import Final

import msgspec

from minerdesk.domain.errors import UserError
from minerdesk.domain.network_days import DayQuantity
from minerdesk.domain.text import _
from minerdesk.services.network_history.columns import known_column
from minerdesk.services.network_history.file_days import MILLISECONDS
from minerdesk.storage.raw_table import Cell, RawTable

_TIME: Final = "time"
_DATED_AT_END: Final = frozenset({DayQuantity.PRICE, DayQuantity.HASHRATE})


class _Point(msgspec.Struct):
    x: float
    y: float | None = None


def looks_like_json(data: bytes) -> bool:
    """Tell whether a file's bytes begin as JSON does."""
    return data.lstrip()[:1] in {b"{", b"["}


def chart_table(data: bytes, source_name: str) -> RawTable:
    """Return a chart's points, one column for each of its lines.

    Args:
        data: ``{"values": [{"x": …, "y": …}], "name": …, "unit": …}`` or, as saved from a page,
            ``{"metric1": "hash-rate", "hash-rate": [{"x": …, "y": …}]}`` with x in milliseconds.
        source_name: the file's name, for sentences.

    Raises:
        UserError: it is no such chart.
    """
    try:
        found = msgspec.json.decode(data, type=dict[str, msgspec.Raw])
        lines = {name: points for name, raw in found.items() if (points := _points(raw))}
        title = _text(found.get("name")) or _text(found.get("metric1"))
        unit = _text(found.get("unit"))
    except msgspec.MsgspecError as error:
        sentence = _("{name} is no chart of blockchain.com: {why}.")
        raise UserError(sentence.format(name=source_name, why=error)) from error
    if not lines:
        sentence = _("{name} is no chart of blockchain.com: it has no list of points x and y.")
        raise UserError(sentence.format(name=source_name))
    headers = [_header(name, title, unit) for name in lines]
    rows: list[tuple[Cell, ...]] = []
    for number, (header, points) in enumerate(zip(headers, lines.values(), strict=True)):
        blank: tuple[Cell, ...] = ("",) * len(lines)
        for point in points:
            cells = list(blank)
            cells[number] = "" if point.y is None else point.y
            rows.append((_inside(header, point.x), *cells))
    note = _("A chart may show means of several days; the file does not say of how many.")
    return RawTable((_TIME, *headers), tuple(rows), source_name, (note,))


def _inside(header: str, x: float) -> float:
    """Return a time in the day of a point: some charts are dated at the midnight that ends it."""
    use = known_column(header)
    if use is None or use.quantity not in _DATED_AT_END:
        return x
    return x - (1000 if abs(x) >= MILLISECONDS else 1)


def _points(raw: msgspec.Raw) -> list[_Point]:
    try:
        return msgspec.json.decode(raw, type=list[_Point])
    except msgspec.MsgspecError:
        return []


def _text(raw: msgspec.Raw | None) -> str:
    try:
        return "" if raw is None else msgspec.json.decode(raw, type=str)
    except msgspec.MsgspecError:
        return ""


def _header(name: str, title: str, unit: str) -> str:
    """Return a name that says what the line is, hashrates with their unit."""
    name = title if name == "values" else name
    lowered = f"{name} {unit}".lower().replace(" ", "-")
    if "hash" in lowered and "rate" in lowered:
        return "hash-rate_th"  # its unit in every version of the charts
    for known in ("difficulty", "market-price", "transaction-fees"):
        if known in lowered:
            return known
    return name or "value"
