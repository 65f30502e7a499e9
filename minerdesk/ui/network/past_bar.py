"""How the past stands on the page: a few lines and buttons, and what lacks without a network."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from minerdesk.domain.text import _, ngettext
from minerdesk.services.network_history.status_words import Lacking, lacking, status_words
from minerdesk.services.network_reading.indicators import Indicators
from minerdesk.services.words import Formats
from minerdesk.ui.widgets.basics import button, label, set_tone

Run = Callable[[str], object]
_LINES: Final = 20


class PastBar(QWidget):
    """One line on how bringing the past goes, and the ways to its tables and files.

    Args:
        formats: the operator's locale.
        run: runs an action of the window by its id.
    """

    def __init__(self, formats: Formats, run: Run) -> None:
        super().__init__()
        self._formats = formats
        self.words = label("", "small", wrap=True)
        self.lines = label("", "small", wrap=True)
        self.history_button = button(_("History…"), lambda: run("network.history"))
        self.import_button = button(_("Import history…"), lambda: run("network.import_history"))
        self.import_button.setToolTip(
            _("Coin Metrics CSV, blockchain.com JSON or plain CSV; or drop a file on this page")
        )
        row = QHBoxLayout()
        row.addWidget(self.history_button)
        row.addWidget(self.import_button)
        row.addStretch(1)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(6)
        box.addWidget(self.words)
        box.addLayout(row)
        # As many lines as there are have room, without moving what stands below.
        self.lines.setAlignment(Qt.AlignmentFlag.AlignTop)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(self.lines)
        scroll.setAccessibleName(_("Where the past comes from"))
        box.addWidget(scroll, 1)

    def show_lines(self, lines: Iterable[str]) -> None:
        """Say where values come from and what lacks, a line each; many are left to the tables."""
        every = tuple(lines)
        shown = every[:_LINES]
        if len(every) > _LINES:
            text = ngettext("{n} more under History…", "{n} more under History…", len(every))
            shown = (*every[: _LINES - 1], text.format(n=len(every) - _LINES + 1))
        self.lines.setText("\n".join(shown))

    def show_status(self, status: object, *, offline: bool) -> None:
        """Show the slice ``past``."""
        words, tone = status_words(status, self._formats, offline=offline)
        self.words.setText(words)
        set_tone(self.words, tone)


class PastNotice(QWidget):
    """What lacks while only what comes with the program is known, and the one button that helps.

    Args:
        formats: the operator's locale.
        run: runs an action of the window by its id.
    """

    def __init__(self, formats: Formats, run: Run) -> None:
        super().__init__()
        self._formats = formats
        self._shown = Lacking()
        self.words = label("", wrap=True)
        set_tone(self.words, "warn")
        self.help_button = button(
            _("Ask the sources now"), lambda: run(self._shown.action), primary=True
        )
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(16)
        row.addWidget(self.words, 1)
        row.addWidget(self.help_button)
        self.hide()

    def show_lacking(self, found: Indicators | None, status: object, *, offline: bool) -> bool:
        """Show what lacks, or nothing; tell whether its room changed."""
        shown = lacking(found, status, self._formats, offline=offline)
        if shown == self._shown:
            return False
        self._shown = shown
        self.words.setText(shown.sentence)
        if shown.action:
            self.help_button.setText(shown.button)
            self.help_button.setAccessibleName(shown.button)
        self.help_button.setVisible(bool(shown.action))
        self.setVisible(bool(shown.sentence))
        return True
