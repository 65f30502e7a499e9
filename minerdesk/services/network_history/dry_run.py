"""The dry run of a file of the past: what it would bring, or what is wrong and where."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum
from pathlib import Path
from types import MappingProxyType
from typing import Final

from minerdesk.domain.cancel import CancelToken
from minerdesk.domain.errors import UserError
from minerdesk.domain.network_days import DayQuantity
from minerdesk.domain.text import _
from minerdesk.services.network_history.columns import (
    BTC,
    HASHRATE_UNITS,
    SATS,
    USD_TO_BTC,
    ColumnUse,
)
from minerdesk.services.network_history.file_days import read_days
from minerdesk.services.network_history.import_file import (
    HistoryMapping,
    HistoryPreview,
    guess_mapping,
    preview,
    read_table_of,
)
from minerdesk.storage.raw_table import RawTable

_COINS: Final = (BTC, SATS)
_UNITS: Final[Mapping[DayQuantity, tuple[str, ...]]] = MappingProxyType(
    {
        DayQuantity.PRICE: (),
        DayQuantity.DIFFICULTY: (),
        DayQuantity.HASHRATE: tuple(HASHRATE_UNITS),
        DayQuantity.FEES: (*_COINS, USD_TO_BTC),
        DayQuantity.ISSUANCE: (*_COINS, USD_TO_BTC),
        DayQuantity.REWARD: (*_COINS, USD_TO_BTC),
        DayQuantity.FEES_PER_BLOCK: _COINS,
        DayQuantity.REWARD_PER_BLOCK: _COINS,
    }
)


class Place(Enum):
    """Where a mistake is mended."""

    FILE = "file"
    DAYS = "days"
    COLUMNS = "columns"


@dataclass(frozen=True, slots=True)
class DryRun:
    """What a file would bring.

    Attributes:
        table: the file, or None where it cannot be read. mapping: how it was read, as chosen or
            guessed, units that were found by size among them.
        preview: what would be kept, or None where something is wrong.
        problem: what is wrong and what to do, a sentence. place: where that is done.
        column: header of the column it is about, or empty.
    """

    table: RawTable | None
    mapping: HistoryMapping
    preview: HistoryPreview | None = None
    problem: str = ""
    place: Place = Place.FILE
    column: str = ""


def units_of(quantity: DayQuantity) -> tuple[str, ...]:
    """Return the units a column of this quantity may be in; none where there is one alone."""
    return _UNITS[quantity]


def dry_run(
    path: Path,
    table: RawTable | None,
    mapping: HistoryMapping | None,
    now: datetime,
    token: CancelToken,
) -> DryRun:
    """Read a file without keeping anything.

    Args:
        path: the file.
        table: what was read of it before, or None.
        mapping: how to read it; None guesses.
        now: UTC.
        token: ends it between steps.

    Raises:
        Cancelled: the token was cancelled.
    """
    token.check()
    try:
        table = table or read_table_of(path)
    except UserError as error:
        return DryRun(None, HistoryMapping("", ()), problem=error.sentence)
    token.check()
    wanted = mapping or guess_mapping(table) or HistoryMapping(_first(table), ())
    if not wanted.columns:
        sentence = _("Say of at least one column what it is.")
        return DryRun(table, wanted, problem=sentence, place=Place.COLUMNS)
    if not wanted.time:
        sentence = _("Say which column holds the days.")
        return DryRun(table, wanted, problem=sentence, place=Place.DAYS)
    try:
        found = preview(table, now.date(), wanted)
    except UserError as error:
        place, column = _place(table, wanted, now)
        return DryRun(table, wanted, problem=error.sentence, place=place, column=column)
    return DryRun(table, found.mapping, found)


def _first(table: RawTable) -> str:
    return table.header[0] if table.header else ""


def _place(table: RawTable, mapping: HistoryMapping, now: datetime) -> tuple[Place, str]:
    """Return where a mistake is: in the days, in one column, or in the file as a whole."""
    lower = [header.strip().lower() for header in table.header]
    if lower.count(mapping.time.strip().lower()) != 1:
        return Place.DAYS, ""
    at = lower.index(mapping.time.strip().lower())
    rows = [(table.first_row + i, row) for i, row in enumerate(table.rows) if row]
    try:
        read_days([(n, row[at] if at < len(row) else "") for n, row in rows], mapping.day_first)
    except UserError:
        return Place.DAYS, ""
    for use in mapping.columns:
        if _wrong(table, mapping, use, now):
            return Place.COLUMNS, use.column
    return Place.FILE, ""


def _wrong(table: RawTable, mapping: HistoryMapping, use: ColumnUse, now: datetime) -> bool:
    # A unit in money is looked at with the prices, which were looked at alone before.
    beside = tuple(
        each
        for each in mapping.columns
        if use.unit == USD_TO_BTC and each.quantity is DayQuantity.PRICE
    )
    try:
        preview(table, now.date(), replace(mapping, columns=(*beside, use)))
    except UserError:
        return True
    return False
