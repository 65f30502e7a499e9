"""How each source stands: when it answered, what was wrong, when it is asked again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from minerdesk.domain.text import _
from minerdesk.services.sources import SourceStatus
from minerdesk.services.words import Formats
from minerdesk.ui.widgets.basics import label, set_tone


@dataclass(frozen=True, slots=True)
class SourceWords:
    """One source: a shape with its tone, its name, what it is asked for, and how it stands."""

    mark: str
    tone: str
    source: str
    asked_for: str
    standing: str
    error: str = ""


def source_words(
    statuses: Iterable[SourceStatus], formats: Formats, now: datetime
) -> tuple[SourceWords, ...]:
    """Return what is said of each source.

    Args:
        statuses: from `services.refresh.RefreshService`.
        formats: the operator's locale.
        now: for the ages, UTC.
    """
    return tuple(_words(status, formats, now) for status in statuses)


def _words(status: SourceStatus, formats: Formats, now: datetime) -> SourceWords:
    zero = timedelta(0)
    parts = []
    if status.last_ok is not None:
        parts.append(
            _("answered {age} ago").format(age=formats.age(max(now - status.last_ok, zero)))
        )
    if status.next_try is None:
        parts.append(_("not asked while offline"))
    elif status.next_try <= now:
        parts.append(_("being asked"))
    elif status.last_error or status.last_ok is None:
        parts.append(_("again in {time}").format(time=formats.age(status.next_try - now)))
    if status.last_error:
        mark, tone = "▲", "warn"
    elif status.last_ok is not None:
        mark, tone = "●", "earn"
    else:
        mark, tone = "○", ""
    return SourceWords(
        mark=mark,
        tone=tone,
        source=status.source,
        asked_for=asked_for(status.name),
        standing=", ".join(parts),
        error=status.last_error,
    )


def asked_for(name: str) -> str:
    """Return in words what a feed is asked for; one without words of its own is named."""
    known = {
        "mempool difficulty-adjustment": _("retarget"),
        "mempool tip": _("newest block"),
        "mempool hashrate": _("hashrate and difficulty"),
        "mempool reward-stats": _("fees"),
        "mempool prices": _("price"),
        "ecb rates": _("exchange rates"),
        "bitcoin core": _("own node"),
    }
    if name in known:
        return known[name]
    maker, _blank, currency = name.partition(" ")
    if maker in {"coinbase", "kraken"} and currency:
        return _("price in {currency}").format(currency=currency)
    return name


class SourcesPanel(QWidget):
    """The list, one row or two per source."""

    def __init__(self, formats: Formats) -> None:
        super().__init__()
        self._formats = formats
        self._statuses: tuple[SourceStatus, ...] = ()
        self._shown: tuple[SourceWords, ...] | None = None
        self._labels: list[list[QLabel]] = []
        self._rows = QWidget()
        self._grid = QGridLayout(self._rows)
        self._grid.setContentsMargins(0, 0, 8, 0)
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(2)
        self._grid.setColumnStretch(1, 1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(self._rows)
        scroll.setAccessibleName(_("Sources"))
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(8)
        box.addWidget(label(_("Sources"), "title"))
        box.addWidget(scroll, 1)

    @property
    def words(self) -> tuple[SourceWords, ...]:
        """What is shown."""
        return self._shown or ()

    @property
    def offline(self) -> bool:
        """Whether the operator forbade every call."""
        return bool(self._statuses) and all(s.next_try is None for s in self._statuses)

    def show_statuses(self, statuses: object, now: datetime) -> None:
        """Show how the sources stand; nothing is rebuilt when no word changed."""
        if isinstance(statuses, tuple):
            self._statuses = tuple(s for s in statuses if isinstance(s, SourceStatus))
        self.draw_clock(now)

    def draw_clock(self, now: datetime) -> None:
        """Let the ages grow."""
        words = source_words(self._statuses, self._formats, now)
        if words == self._shown:
            return
        shape = [bool(each.error) for each in words]
        if self._shown is None or shape != [bool(each.error) for each in self._shown]:
            self._fill(words)
        else:  # ages alone grow each second: rows that stay do not blink
            for row, each in zip(self._labels, words, strict=True):
                self._write(row, each)
        self._shown = words

    @staticmethod
    def _write(row: Sequence[QLabel], words: SourceWords) -> None:
        texts = (words.mark, f"{words.source}: {words.asked_for}", words.standing, words.error)
        for each, text in zip(row, texts, strict=False):
            each.setText(text)
        set_tone(row[0], words.tone)

    def _fill(self, words: tuple[SourceWords, ...]) -> None:
        while (item := self._grid.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        row = 0
        self._labels = []
        for each in words:
            made = [label("", "small"), label("", wrap=True), label("", "small", wrap=True)]
            self._add(made[0], row, 0)
            self._add(made[1], row, 1)
            self._add(made[2], row + 1, 1)
            row += 2
            if each.error:
                made.append(label("", "small", wrap=True))
                set_tone(made[3], "warn")
                self._add(made[3], row, 1)
                row += 1
            self._write(made, each)
            self._labels.append(made)
            self._grid.setRowMinimumHeight(row, 6)
            row += 1
        if not words:
            text = _("No source is switched on. The settings have their addresses.")
            self._add(label(text, "muted", wrap=True), 0, 1)
        for each_row in range(self._grid.rowCount()):
            self._grid.setRowStretch(each_row, 0)
        self._grid.setRowStretch(row, 1)

    def _add(self, widget: QLabel, row: int, column: int) -> None:
        self._grid.addWidget(widget, row, column, Qt.AlignmentFlag.AlignTop)
