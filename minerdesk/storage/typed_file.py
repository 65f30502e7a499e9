"""The values that the operator typed over live ones, in a small file of the profile."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import msgspec

from minerdesk.domain.errors import WorldError
from minerdesk.domain.readings import Provenance, Quantity, Reading
from minerdesk.domain.text import _
from minerdesk.storage import atomic


class _Entry(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    quantity: Quantity
    value: float
    source: str
    taken_at: datetime
    currency: str = ""
    window_days: float | None = None


class TypedFile:
    """Keeps typed values until they are released."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def load(self) -> tuple[Reading, ...]:
        """Return the typed values in force; none where the file is missing or cannot be read.

        A typed value lost is typed again; it must never keep the program from starting.
        """
        try:
            entries = msgspec.json.decode(self._path.read_bytes(), type=list[_Entry])
        except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
            return ()
        return tuple(
            Reading(
                entry.quantity,
                entry.value,
                entry.source,
                entry.taken_at,
                Provenance.TYPED,
                entry.currency,
                entry.window_days,
            )
            for entry in entries
            if entry.taken_at.tzinfo is not None
        )

    def save(self, readings: Sequence[Reading]) -> None:
        """Keep exactly these.

        Raises:
            WorldError: the disk refuses; the file is what it was.
        """
        entries = [
            _Entry(r.quantity, r.value, r.source, r.taken_at, r.currency, r.window_days)
            for r in readings
        ]
        try:
            atomic.write(self._path, msgspec.json.encode(entries))
        except OSError as error:
            raise WorldError(
                _("{path} cannot be written: {why}.").format(path=self._path, why=error)
            ) from error
