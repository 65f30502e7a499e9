"""Price series in the profile: one CSV each, whose first line says what a CSV has no place for.

Such a file is ``start,price_per_kwh`` with UTC starts, so it can be imported anywhere a price
file can once its first line is taken off.
"""

from __future__ import annotations

import hashlib
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import msgspec

from minerdesk.domain.errors import UserError, WorldError
from minerdesk.domain.limits import PER_KWH
from minerdesk.domain.prices import PriceRows
from minerdesk.domain.text import _
from minerdesk.storage import atomic
from minerdesk.storage.paths import make_private_dir

_COLUMNS: Final = "start,price_per_kwh"
_PLAIN: Final = re.compile(r"[a-z0-9][a-z0-9_-]{0,59}")
_RESERVED: Final = re.compile(r"con|prn|aux|nul|com[0-9]|lpt[0-9]")  # Windows keeps these names


class DamagedPricesError(WorldError):
    """A series' file is there and holds something else."""


class _Head(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    name: str
    currency: str
    source: str
    step_minutes: int
    taken_at: datetime
    unit: str = "per_kwh"


class PriceFiles:
    """The folder of price series."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def names(self) -> tuple[str, ...]:
        """Return the names of all series that can be read, sorted."""
        found: set[str] = set()
        for path in self._folder.glob("*.csv"):
            try:
                found.add(_read_head(path.read_bytes().partition(b"\n")[0]).name)
            except (OSError, ValueError):
                continue
        return tuple(sorted(found))

    def load(self, name: str) -> PriceRows | None:
        """Return a series, or None where there is none of that name.

        Raises:
            DamagedPricesError: the file holds something else.
            WorldError: the file cannot be read.
        """
        path = self.path(name)
        try:
            data = path.read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            sentence = _("The prices “{name}” cannot be read: {why}.")
            raise WorldError(sentence.format(name=name, why=error.strerror)) from error
        try:
            return _parse(data)
        except ValueError as error:
            sentence = _("The prices “{name}” are damaged ({why}); import or ask for them again.")
            raise DamagedPricesError(sentence.format(name=name, why=error)) from error

    def set_aside(self, name: str) -> None:
        """Put a damaged file aside, as ``….csv.damaged``, so that the series can begin anew.

        Raises:
            WorldError: the disk refuses.
        """
        path = self.path(name)
        try:
            path.replace(path.with_name(f"{path.name}.damaged"))
        except OSError as error:
            sentence = _("The prices “{name}” cannot be put aside: {why}.")
            raise WorldError(sentence.format(name=name, why=error.strerror)) from error

    def save(self, name: str, rows: PriceRows) -> None:
        """Keep a series in place of the one of that name.

        Raises:
            UserError: the name is empty.
            WorldError: the disk refuses; the file is what it was.
        """
        if not name.strip():
            raise UserError(_("A price series needs a name, such as prices-north."))
        head = _Head(name, rows.currency, rows.source, rows.step_minutes, rows.taken_at)
        lines = [f"# {msgspec.json.encode(head).decode()}", _COLUMNS]
        lines += [
            f"{datetime.fromtimestamp(start, UTC).isoformat()},{price!r}"
            for start, price in zip(rows.start_s, rows.per_kwh, strict=True)
        ]
        make_private_dir(self._folder)
        try:
            atomic.write(self.path(name), ("\n".join(lines) + "\n").encode())
        except OSError as error:
            sentence = _("The prices “{name}” cannot be written: {why}.")
            raise WorldError(sentence.format(name=name, why=error.strerror)) from error

    def remove(self, name: str) -> None:
        """Forget a series; none is no fault.

        Raises:
            WorldError: the disk refuses.
        """
        try:
            self.path(name).unlink(missing_ok=True)
        except OSError as error:
            sentence = _("The prices “{name}” cannot be removed: {why}.")
            raise WorldError(sentence.format(name=name, why=error.strerror)) from error

    def path(self, name: str) -> Path:
        """Return the file of a series.

        A name that is no safe file name, or could be another's where upper and lower case are one,
        gets a part that is its alone.
        """
        if _PLAIN.fullmatch(name) and not _RESERVED.fullmatch(name):
            return self._folder / f"{name}.csv"
        slug = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:40]
        own = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:10]
        return self._folder / f"{slug or 'prices'}-{own}.csv"


def _read_head(line: bytes) -> _Head:
    if not line.startswith(b"# "):
        raise ValueError("its first line is missing")
    head = msgspec.json.decode(line[2:], type=_Head)
    if head.taken_at.tzinfo is None:
        raise ValueError("its time has no offset")
    return head


def _parse(data: bytes) -> PriceRows:
    first, _newline, rest = data.partition(b"\n")
    head = _read_head(first)
    columns, *lines = rest.decode("utf-8").splitlines() or [""]
    if columns != _COLUMNS:
        raise ValueError("its columns are not named")
    starts: list[int] = []
    prices: list[float] = []
    for line in lines:
        start, _comma, price = line.partition(",")
        moment = datetime.fromisoformat(start)
        if moment.tzinfo is None or (starts and moment.timestamp() <= starts[-1]):
            raise ValueError(f"{start} is out of order")
        starts.append(int(moment.timestamp()))
        prices.append(float(price))
        if not PER_KWH.allow(prices[-1]):
            raise ValueError(f"{price} is no price")
    return PriceRows(
        tuple(starts), tuple(prices), head.step_minutes, head.currency, head.source, head.taken_at
    )
