"""Loads of sites that the operator imported, one CSV each: ``start,kw`` with UTC starts."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from minerdesk.domain.errors import WorldError
from minerdesk.domain.limits import NOT_NEGATIVE
from minerdesk.domain.loads import LoadRows
from minerdesk.domain.text import _
from minerdesk.storage import atomic
from minerdesk.storage.paths import make_private_dir

_COLUMNS: Final = "start,kw"


class LoadFiles:
    """The folder of loads. A load is known by a key, such as a book's with a site's."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def load(self, key: str) -> LoadRows | None:
        """Return a load, or None where there is none of that key.

        Raises:
            WorldError: the file cannot be read, or was damaged.
        """
        try:
            data = self.path(key).read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            sentence = _("The load that was imported cannot be read: {why}.")
            raise WorldError(sentence.format(why=error.strerror)) from error
        try:
            return _parse(data)
        except ValueError as error:
            sentence = _("The load that was imported is damaged ({why}); import it again.")
            raise WorldError(sentence.format(why=error)) from error

    def save(self, key: str, rows: LoadRows) -> None:
        """Keep a load in place of the one of that key.

        Raises:
            WorldError: the disk refuses; the file is what it was.
        """
        lines = [f"# {rows.step_minutes}", _COLUMNS]
        lines += [
            f"{datetime.fromtimestamp(start, UTC).isoformat()},{kw!r}"
            for start, kw in zip(rows.start_s, rows.kw, strict=True)
        ]
        try:
            make_private_dir(self._folder)
            atomic.write(self.path(key), ("\n".join(lines) + "\n").encode())
        except OSError as error:
            sentence = _("The load cannot be kept: {why}.")
            raise WorldError(sentence.format(why=error.strerror)) from error

    def remove(self, key: str) -> None:
        """Forget a load; none is no fault.

        Raises:
            WorldError: the disk refuses.
        """
        try:
            self.path(key).unlink(missing_ok=True)
        except OSError as error:
            sentence = _("The load cannot be removed: {why}.")
            raise WorldError(sentence.format(why=error.strerror)) from error

    def path(self, key: str) -> Path:
        """Return the file of a load."""
        name = hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:24]
        return self._folder / f"load-{name}.csv"


def _parse(data: bytes) -> LoadRows:
    head, columns, *lines = data.decode("utf-8").splitlines() or ["", ""]
    if not head.startswith("# ") or columns != _COLUMNS:
        raise ValueError("its first lines are missing")
    starts: list[int] = []
    loads: list[float] = []
    for line in lines:
        start, _comma, kw = line.partition(",")
        moment = datetime.fromisoformat(start)
        if moment.tzinfo is None or (starts and moment.timestamp() <= starts[-1]):
            raise ValueError(f"{start} is out of order")
        starts.append(int(moment.timestamp()))
        loads.append(float(kw))
        if not NOT_NEGATIVE.allow(loads[-1]):
            raise ValueError(f"{kw} is no load")
    return LoadRows(tuple(starts), tuple(loads), int(head[2:]))
