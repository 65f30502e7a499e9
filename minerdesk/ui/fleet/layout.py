"""Which columns are shown, in which order and how wide: kept in the profile."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import Final

from PySide6.QtCore import QSettings

from minerdesk.ui.fleet.columns import ColumnSpec

_KEY: Final = "fleet/columns"
_NARROWEST: Final = 36
_WIDEST: Final = 900


@dataclass(frozen=True, slots=True)
class ColumnPlace:
    """One column's place: its key, width in px, and whether it is shown.

    ``chosen`` is whether the operator said so; else a column that is empty for the whole book hides
    by itself.
    """

    key: str
    width: int
    shown: bool
    chosen: bool = False


def first_layout(columns: Sequence[ColumnSpec]) -> tuple[ColumnPlace, ...]:
    """Return the layout of a first start."""
    return tuple(ColumnPlace(each.key, each.width, each.shown) for each in columns)


class LayoutStore:
    """Reads and writes the layout. What it cannot understand it takes for absent.

    Args:
        folder: of what belongs to this computer, beside the window's place.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / "columns.ini"

    def read(self, columns: Sequence[ColumnSpec]) -> tuple[ColumnPlace, ...]:
        """Return the kept layout with every column once; new columns come last as they begin."""
        known = {each.key: each for each in columns}
        kept: dict[str, ColumnPlace] = {}
        text = self._file().value(_KEY)
        try:
            rows = json.loads(text) if isinstance(text, str) else []
            for key, width, shown, *chosen in rows:
                if key in known and isinstance(width, int):
                    fits = min(max(width, _NARROWEST), _WIDEST)
                    # Layouts of earlier versions do not tell; what was hidden was chosen.
                    said = bool(chosen[0]) if chosen else bool(shown) != known[key].shown
                    kept[key] = ColumnPlace(key, fits, bool(shown), said)
        except (TypeError, ValueError):
            kept = {}
        rest = (place for place in first_layout(columns) if place.key not in kept)
        return (*kept.values(), *rest)

    def write(self, places: Sequence[ColumnPlace]) -> None:
        """Keep a layout."""
        file = self._file()
        file.setValue(_KEY, json.dumps([list(astuple(each)) for each in places]))
        file.sync()

    def _file(self) -> QSettings:
        return QSettings(str(self._path), QSettings.Format.IniFormat)
