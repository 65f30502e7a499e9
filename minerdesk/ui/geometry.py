"""Remembers where the window stood."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QByteArray, QSettings
from PySide6.QtWidgets import QMainWindow

_KEY = "geometry"


def _file(profile: Path) -> QSettings:
    return QSettings(str(profile / "window.ini"), QSettings.Format.IniFormat)


def restore(window: QMainWindow, profile: Path) -> None:
    """Put the window where it was, or to a size that fits most screens."""
    kept = _file(profile).value(_KEY)
    if not isinstance(kept, QByteArray) or not window.restoreGeometry(kept):
        window.resize(1280, 800)


def keep(window: QMainWindow, profile: Path) -> None:
    """Write down where the window is."""
    file = _file(profile)
    file.setValue(_KEY, window.saveGeometry())
    file.sync()
