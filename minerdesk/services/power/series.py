"""Price series: from a file to arrays, looked over before they are taken in, and merged."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from minerdesk.domain.errors import UserError
from minerdesk.domain.prices import PriceRows
from minerdesk.domain.text import _, ngettext
from minerdesk.services.power.price_table import (
    Hole,
    Mapping,
    Parsed,
    PriceUnit,
    contract_mapping,
    guess_mapping,
    parse_table,
)
from minerdesk.storage.price_files import DamagedPricesError, PriceFiles
from minerdesk.storage.tables import RawTable, read_table

__all__ = ["Hole", "KeptPrices", "Mapping", "Preview", "PriceSeries", "PriceUnit"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class PriceSeries:
    """Prices of equal steps as arrays, shape (N,).

    Attributes:
        start_s: seconds since 1970 UTC, rising.
        per_kwh: money of ``currency`` per kWh.
        currency, source, taken_at: see `PriceRows`.
    """

    name: str
    start_s: Ints
    per_kwh: Floats
    step_minutes: int
    currency: str
    source: str
    taken_at: datetime

    @classmethod
    def of(cls, name: str, rows: PriceRows) -> PriceSeries:
        """Return rows as arrays, which nobody can write to."""
        start_s = np.array(rows.start_s, dtype=np.int64)
        per_kwh = np.array(rows.per_kwh, dtype=np.float64)
        start_s.flags.writeable = per_kwh.flags.writeable = False
        return cls(
            name,
            start_s,
            per_kwh,
            rows.step_minutes,
            rows.currency,
            rows.source,
            rows.taken_at,
        )

    @property
    def end(self) -> datetime | None:
        """End of the last step, UTC; None where there are no prices."""
        if not len(self.start_s):
            return None
        return datetime.fromtimestamp(int(self.start_s[-1]) + self.step_minutes * 60, UTC)

    @property
    def holes(self) -> tuple[Hole, ...]:
        """The spans between the first and the last price that have none."""
        step_s = self.step_minutes * 60
        at = np.flatnonzero(np.diff(self.start_s) != step_s)
        return tuple(
            Hole(int(self.start_s[i]) + step_s, int(self.start_s[i + 1])) for i in at.tolist()
        )


@dataclass(frozen=True, slots=True)
class Preview:
    """What a file holds, before it is taken in.

    Attributes:
        columns: its headers. mapping: how it was read, or the nearest guess, or None.
        rows: what would be kept; None where ``problem`` forbids it.
        start, end: UTC. mean, minimum, maximum: money per kWh. negatives: how many are below 0.
        holes: spans without prices. notes: what the reader had to assume.
        problem: why it cannot be taken in as it is; empty where it can.
    """

    columns: tuple[str, ...]
    mapping: Mapping | None
    rows: PriceRows | None = None
    start: datetime | None = None
    end: datetime | None = None
    step_minutes: int = 0
    mean: float = 0.0
    minimum: float = 0.0
    maximum: float = 0.0
    negatives: int = 0
    holes: tuple[Hole, ...] = ()
    notes: tuple[str, ...] = ()
    problem: str = ""


def read_prices_csv(
    path: Path,
    currency: str,
    taken_at: datetime,
    mapping: Mapping | None = None,
    *,
    accept_holes: bool = False,
) -> PriceRows:
    """Read a price file.

    Args:
        path: CSV or XLSX with the columns ``start`` (ISO 8601 with offset) and ``price_per_kwh`` or
            ``price_per_mwh``, or any that ``mapping`` describes.
        currency: of its prices.
        taken_at: UTC, the present moment.
        mapping: of another layout.
        accept_holes: keep the holes as holes, where the operator has seen them.

    Raises:
        UserError: one sentence with the line, the value and what would work.
    """
    table = read_table(path)
    parsed = parse_table(table, mapping or contract_mapping(table))
    if parsed.holes and not accept_holes:
        raise UserError(_hole_sentence(table, parsed))
    return _rows(table, parsed, currency, taken_at)


def look_over(
    path: Path, currency: str, taken_at: datetime, mapping: Mapping | None = None
) -> Preview:
    """Read a price file for the operator to look at; nothing is kept.

    Raises:
        UserError: the file is no table.
    """
    table = read_table(path)
    try:
        mapping = mapping or contract_mapping(table)
        parsed = parse_table(table, mapping)
    except UserError as error:
        guess = mapping or guess_mapping(table)
        return Preview(table.header, guess, notes=table.notes, problem=error.sentence)
    rows = _rows(table, parsed, currency, taken_at)
    series = PriceSeries.of("", rows)
    prices = series.per_kwh
    return Preview(
        columns=table.header,
        mapping=mapping,
        rows=rows,
        start=datetime.fromtimestamp(parsed.start_s[0], UTC),
        end=series.end,
        step_minutes=parsed.step_minutes,
        mean=float(prices.mean()),
        minimum=float(prices.min()),
        maximum=float(prices.max()),
        negatives=int(np.count_nonzero(prices < 0)),
        holes=parsed.holes,
        notes=table.notes,
        problem=_hole_sentence(table, parsed) if parsed.holes else "",
    )


def merge(old: PriceRows | None, new: PriceRows) -> PriceRows:
    """Return both series as one; where both have a price the new one stands.

    The finer of two steps is kept: an hour's price holds in each of its quarters.

    Raises:
        UserError: they are in different currencies.
    """
    if old is None or not old.start_s:
        return new
    if not new.start_s:
        return old
    if old.currency != new.currency:
        sentence = _(
            "The prices kept are in {old} and these in {new}; import them under another name."
        )
        raise UserError(sentence.format(old=old.currency, new=new.currency), value=new.currency)
    step = min(old.step_minutes, new.step_minutes)
    prices = dict(_repeated(old, step)) | dict(_repeated(new, step))
    starts = sorted(prices)
    return PriceRows(
        tuple(starts),
        tuple(prices[start] for start in starts),
        step,
        new.currency,
        new.source,
        max(old.taken_at, new.taken_at),
    )


class KeptPrices:
    """The price series of the profile, by name. Blocks on the disk; for any thread.

    Args:
        files: their folder.
        written: called with a name after its series changed.
    """

    def __init__(
        self, files: PriceFiles, written: Callable[[str], None] = lambda _name: None
    ) -> None:
        self._files = files
        self._written = written
        self._read: dict[str, tuple[object, PriceSeries | None]] = {}
        self._writing = threading.Lock()
        # Evaluation, plan and page ask at once; a series is read from the disk by one of them.
        self._reading = threading.Lock()

    def names(self) -> tuple[str, ...]:
        """Return the names of all series, sorted."""
        return self._files.names()

    def series(self, name: str) -> PriceSeries | None:
        """Return a series, or None where there is none of that name.

        Raises:
            WorldError: its file cannot be read.
        """
        try:
            found = self._files.path(name).stat()
        except OSError:
            return None
        stamp = (found.st_mtime_ns, found.st_size, found.st_ino)
        kept = self._read.get(name)
        if kept is not None and kept[0] == stamp:
            return kept[1]
        with self._reading:
            kept = self._read.get(name)
            if kept is None or kept[0] != stamp:
                rows = self._files.load(name)
                kept = (stamp, None if rows is None else PriceSeries.of(name, rows))
                self._read[name] = kept
            return kept[1]

    def merge(self, name: str, rows: PriceRows) -> PriceRows:
        """Add rows to a series, newer ones over older, and return what is kept now.

        A damaged series is put aside and begins anew.

        Raises:
            UserError: the name is empty, or the currency another.
            WorldError: the disk refuses.
        """
        with self._writing:
            merged = merge(self._load_or_begin_anew(name), rows)
            self._files.save(name, merged)
        self._written(name)
        return merged

    def _load_or_begin_anew(self, name: str) -> PriceRows | None:
        try:
            return self._files.load(name)
        except DamagedPricesError:
            self._files.set_aside(name)
            return None

    def remove(self, name: str) -> None:
        """Forget a series; none is no fault.

        Raises:
            WorldError: the disk refuses.
        """
        with self._writing:
            self._files.remove(name)
        with self._reading:
            self._read.pop(name, None)
        self._written(name)


def _rows(table: RawTable, parsed: Parsed, currency: str, taken_at: datetime) -> PriceRows:
    return PriceRows(
        tuple(parsed.start_s),
        tuple(parsed.per_kwh),
        parsed.step_minutes,
        currency,
        table.source_name,
        taken_at,
    )


def _repeated(rows: PriceRows, step_minutes: int) -> list[tuple[int, float]]:
    times = rows.step_minutes // step_minutes
    return [
        (start + i * step_minutes * 60, price)
        for start, price in zip(rows.start_s, rows.per_kwh, strict=True)
        for i in range(times)
    ]


def _hole_sentence(table: RawTable, parsed: Parsed) -> str:
    first = parsed.holes[0].sentence(table.source_name, parsed.zone)
    others = len(parsed.holes) - 1
    if not others:
        return first[:-1] + _("; add those rows, or import the parts before and after it alone.")
    more = ngettext(
        "; nor in {n} more span; add those rows, or import the parts between them alone.",
        "; nor in {n} more spans; add those rows, or import the parts between them alone.",
        others,
    )
    return first[:-1] + more.format(n=others)
