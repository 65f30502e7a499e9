"""Files that come with the program: where they lie, the embedded snapshot and the retargets."""

from __future__ import annotations

import csv
import math
from datetime import UTC, date, datetime, time
from pathlib import Path

import msgspec

from minerdesk.domain.errors import UserError, WorldError
from minerdesk.domain.network_days import RetargetRow
from minerdesk.domain.readings import Provenance, Quantity, Reading
from minerdesk.domain.text import _
from minerdesk.domain.units import BLOCKS_PER_EPOCH

_PACKAGE = Path(__file__).resolve().parents[1]

_SNAPSHOT_QUANTITIES = frozenset(
    {Quantity.PRICE, Quantity.HEIGHT, Quantity.DIFFICULTY, Quantity.FEES, Quantity.HASHRATE}
)


class _SnapshotReading(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    quantity: Quantity
    value: float
    currency: str = ""
    window_days: float | None = None


class _Snapshot(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    taken_at: datetime
    source: str
    readings: tuple[_SnapshotReading, ...]


def resource_root(package: Path = _PACKAGE) -> Path:
    """Return the directory of the shipped files.

    Args:
        package: directory of the ``minerdesk`` package.

    Returns:
        ``resources`` inside the package where it was installed, else beside it in a checkout.

    Raises:
        WorldError: neither is there, so the installation is incomplete.
    """
    for found in (package / "resources", package.parent / "resources"):
        if found.is_dir():
            return found
    raise WorldError(
        _("The program's own files are missing beside {place}: install it again.").format(
            place=package
        )
    )


def catalogue_path() -> Path:
    """Return the file of the shipped rig catalogue."""
    return resource_root() / "rigs" / "catalogue.csv"


def snapshot_path() -> Path:
    """Return the file of the embedded network state."""
    return resource_root() / "snapshot" / "network.json"


def retargets_path() -> Path:
    """Return the file of the embedded changes of difficulty."""
    return resource_root() / "retargets" / "retargets.csv"


def sample_path(name: str) -> Path:
    """Return the file of a sample book, ``home`` or ``farm``."""
    return resource_root() / "samples" / f"{name}.minerdesk"


def load_snapshot(path: Path | None = None) -> tuple[Reading, ...]:
    """Read the embedded network state: an example of its date, never advice.

    It is indivisible: price, height, difficulty, fees and hashrate of one moment, or nothing. The
    exchange rates beside them let a book in another currency show the same example.

    Args:
        path: another file than the shipped one.

    Returns:
        One reading per quantity (of exchange rates, one per currency), each `Provenance.EMBEDDED`
        with the snapshot's own time.

    Raises:
        UserError: the file is not such a snapshot.
        WorldError: the file cannot be read.
    """
    path = path or snapshot_path()
    try:
        found = msgspec.json.decode(path.read_bytes(), type=_Snapshot)
    except OSError as error:
        raise WorldError(_("{path} cannot be read: {why}.").format(path=path, why=error)) from error
    except msgspec.MsgspecError as error:
        raise _unusable(path, str(error)) from error
    rated = [x.currency for x in found.readings if x.quantity is Quantity.EXCHANGE_RATE]
    if not all(rated) or len(set(rated)) != len(rated):
        raise _unusable(path, _("each exchange rate needs a currency of its own"))
    quantities = [x.quantity for x in found.readings if x.quantity is not Quantity.EXCHANGE_RATE]
    if len(quantities) != len(_SNAPSHOT_QUANTITIES) or set(quantities) != _SNAPSHOT_QUANTITIES:
        needed = ", ".join(sorted(_SNAPSHOT_QUANTITIES))
        raise _unusable(path, _("it needs each of {needed} once").format(needed=needed))
    if found.taken_at.tzinfo is None:
        raise _unusable(path, _("taken_at needs its offset from UTC"))
    return tuple(
        Reading(
            quantity=entry.quantity,
            value=entry.value,
            source=found.source,
            taken_at=found.taken_at,
            provenance=Provenance.EMBEDDED,
            currency=entry.currency,
            window_days=entry.window_days,
        )
        for entry in found.readings
    )


def _unusable(path: Path, why: str) -> UserError:
    return UserError(
        _("The network snapshot {path} cannot be used: {why}.").format(path=path, why=why),
        where=str(path),
    )


_RETARGET_COLUMNS = ["height", "date", "difficulty"]


def load_retargets(path: Path | None = None) -> tuple[RetargetRow, ...]:
    """Read the embedded changes of difficulty: facts of the chain, for history alone.

    Args:
        path: another file than the shipped one.

    Returns:
        Consecutive retargets in order. Their dates are right within two hours, so the time is the
        middle of the day and `RetargetRow.exact` is false.

    Raises:
        UserError: the file is no such table.
        WorldError: the file cannot be read.
    """
    path = path or retargets_path()
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise WorldError(_("{path} cannot be read: {why}.").format(path=path, why=error)) from error
    header, *rows = csv.reader(lines) if lines else [[]]
    if header != _RETARGET_COLUMNS or not rows:
        raise _no_retargets(path, 1, ",".join(header))
    found: list[RetargetRow] = []
    for line, row in enumerate(rows, start=2):
        try:
            height, day, difficulty = row
            each = RetargetRow(
                int(height), _noon_s(date.fromisoformat(day)), float(difficulty), exact=False
            )
        except ValueError as error:
            raise _no_retargets(path, line, ",".join(row)) from error
        follows = not found or each.height == found[-1].height + BLOCKS_PER_EPOCH
        later = not found or each.time_s > found[-1].time_s
        possible = each.difficulty >= 1 and math.isfinite(each.difficulty)
        if each.height % BLOCKS_PER_EPOCH or not (follows and later and possible):
            raise _no_retargets(path, line, ",".join(row))
        found.append(each)
    return tuple(found)


def _noon_s(day: date) -> float:
    return datetime.combine(day, time(12), UTC).timestamp()


def _no_retargets(path: Path, line: int, value: str) -> UserError:
    sentence = _("The retargets {path} cannot be used: line {line} is “{value}”.")
    return UserError(
        sentence.format(path=path, line=line, value=value), where=f"line {line}", value=value
    )
