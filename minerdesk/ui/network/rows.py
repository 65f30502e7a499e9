"""Figures as calm rows: name and value, a note beneath, and the way to how it is computed."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from minerdesk.domain.text import _
from minerdesk.services.network_reading.figure_rows import Row
from minerdesk.ui.icons import Icons
from minerdesk.ui.network.explaining import ExplainButton
from minerdesk.ui.theme import Theme
from minerdesk.ui.widgets.basics import label


class ShareLine(QWidget):
    """A thin line filled as far as something is done."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._share = 0.0
        self.setFixedHeight(4)
        theme.changed.connect(self.update)

    def show_share(self, share: float, name: str) -> None:
        """Fill a fraction of it."""
        self._share = share
        self.setAccessibleName(name)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw both parts."""
        del event
        painter = QPainter(self)
        tokens = self._theme.tokens
        painter.fillRect(self.rect(), QColor(tokens.hairline))
        full = QRectF(self.rect())
        full.setWidth(full.width() * self._share)
        painter.fillRect(full, QColor(tokens.accent))
        painter.end()


class RowWidget(QWidget):
    """One figure."""

    def __init__(self, theme: Theme, icons: Icons, row: Row, ask: Callable[[str], object]) -> None:
        super().__init__()
        self._row = row
        self._name = label(row.name, "small")
        self._value = label(row.value, wrap=True)
        self._value.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop)
        self._note = label(row.note, "small", wrap=True)
        self._share = ShareLine(theme)
        self._ask = ExplainButton(row.name, icons, lambda: ask(self._row.key))
        box = QGridLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setHorizontalSpacing(8)
        box.setVerticalSpacing(2)
        box.setColumnStretch(1, 1)
        box.addWidget(self._name, 0, 0, Qt.AlignmentFlag.AlignTop)
        box.addWidget(self._value, 0, 1)
        box.addWidget(self._ask, 0, 2, Qt.AlignmentFlag.AlignTop)
        box.addWidget(self._share, 1, 0, 1, 2)
        box.addWidget(self._note, 2, 0, 1, 2)
        self.show_row(row)

    @property
    def row(self) -> Row:
        """What is shown."""
        return self._row

    @property
    def ask_button(self) -> QWidget:
        """Asks how the figure is computed."""
        return self._ask

    def show_row(self, row: Row) -> None:
        """Show another figure of the same name."""
        self._row = row
        self._name.setText(row.name)
        self._value.setText(row.value)
        self._note.setText(row.note)
        self._note.setVisible(bool(row.note))
        self._share.setVisible(row.share is not None)
        if row.share is not None:
            self._share.show_share(row.share, f"{row.name}: {row.value}")
        spoken = ", ".join(part for part in (row.value, row.note) if part)
        self.setAccessibleName(f"{row.name}: {spoken}")


class RowsPanel(QWidget):
    """A title and its rows.

    Args:
        title: translated.
        theme: colours the line of what is done. icons: of the page.
        ask: gets the key of a row whose computation is asked for.
    """

    def __init__(
        self, title: str, theme: Theme, icons: Icons, ask: Callable[[str], object]
    ) -> None:
        super().__init__()
        self._theme, self._icons, self._ask = theme, icons, ask
        self._shown: tuple[Row, ...] = ()
        self._widgets: list[RowWidget] = []
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(5)
        self._box.addWidget(label(title, "title"))
        self.setAccessibleName(_("Readings: {title}").format(title=title))

    @property
    def rows(self) -> tuple[Row, ...]:
        """What is shown."""
        return self._shown

    @property
    def widgets(self) -> tuple[RowWidget, ...]:
        """The rows, in order."""
        return tuple(self._widgets[: len(self._shown)])

    def show_rows(self, rows: Sequence[Row]) -> None:
        """Show other figures; nothing is touched where no word changed."""
        if tuple(rows) == self._shown:
            return
        self._shown = tuple(rows)
        while len(self._widgets) < len(rows):
            made = RowWidget(self._theme, self._icons, rows[len(self._widgets)], self._ask)
            self._box.addWidget(made)
            self._widgets.append(made)
        for widget, row in zip(self._widgets, rows, strict=False):
            widget.show_row(row)
        for index, widget in enumerate(self._widgets):
            widget.setVisible(index < len(rows))
