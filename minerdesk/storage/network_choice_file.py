"""What the operator chose for the network's readings, in a small file of the profile."""

from __future__ import annotations

import math
from datetime import date
from pathlib import Path

import msgspec

from minerdesk.domain.errors import WorldError
from minerdesk.domain.network_choice import NetworkChoice, ReferenceMark
from minerdesk.domain.text import _
from minerdesk.storage import atomic


class _Mark(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    day: date
    cost_per_btc: float
    name: str
    source: str = ""


class _Choice(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    price_per_kwh: float = 0.05
    confirmation_days: int = 1
    confirmation_band: float = 0.0
    marks: list[_Mark] = []


class NetworkChoiceFile:
    """Keeps the choice between two starts."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def load(self) -> NetworkChoice:
        """Return what was kept; the defaults where the file is missing or cannot be used."""
        try:
            found = msgspec.json.decode(self._path.read_bytes(), type=_Choice)
        except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
            return NetworkChoice()
        usable = (
            0 < found.price_per_kwh < math.inf
            and found.confirmation_days >= 1
            and 0 <= found.confirmation_band < 1
        )
        if not usable:
            return NetworkChoice()
        return NetworkChoice(
            found.price_per_kwh,
            found.confirmation_days,
            found.confirmation_band,
            tuple(
                ReferenceMark(each.day, each.cost_per_btc, each.name, each.source, own=True)
                for each in found.marks
                if each.cost_per_btc > 0
            ),
        )

    def save(self, choice: NetworkChoice) -> None:
        """Keep exactly this.

        Raises:
            WorldError: the disk refuses; the file is what it was.
        """
        entry = _Choice(
            choice.price_per_kwh,
            choice.confirmation_days,
            choice.confirmation_band,
            [_Mark(each.day, each.cost_per_btc, each.name, each.source) for each in choice.marks],
        )
        try:
            atomic.write(self._path, msgspec.json.encode(entry))
        except OSError as error:
            raise WorldError(
                _("{path} cannot be written: {why}.").format(path=self._path, why=error)
            ) from error
