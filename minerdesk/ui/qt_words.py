"""Words that Qt itself says, such as in its file dialog, in the operator's language."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QLibraryInfo, QTranslator
from PySide6.QtWidgets import QApplication


def let_qt_speak(app: QApplication, locale: str) -> Callable[[], object]:
    """Let Qt speak the language of ``locale`` from now on, where it knows it.

    Args:
        app: the application.
        locale: such as ``de_AT``.

    Returns:
        What gives English back.
    """
    folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    translator = QTranslator(app)
    language = locale.partition("_")[0]
    if language == "en" or not translator.load(f"qtbase_{language}", folder):
        return lambda: None
    app.installTranslator(translator)
    return lambda: app.removeTranslator(translator)
