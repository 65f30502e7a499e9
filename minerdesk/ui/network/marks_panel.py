"""The operator's own dated figures of what mining costs, beside the published ones."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from minerdesk.domain.errors import UserError
from minerdesk.domain.network_choice import ReferenceMark
from minerdesk.domain.text import _
from minerdesk.services.number_text import NumberStyle, parse_number
from minerdesk.services.words import Formats
from minerdesk.ui.widgets.basics import button, label
from minerdesk.ui.widgets.forms import FormDialog, Grid, read_all

Add = Callable[[date, float, str, str], None]


class MarkDialog(FormDialog):
    """Asks for a dated figure.

    Args:
        add: takes day, USD per BTC, name and source; it may raise a `UserError`.
        style: how the operator types numbers.
    """

    def __init__(self, add: Add, style: NumberStyle, parent: QWidget | None = None) -> None:
        super().__init__(_("Add a mark"), _("Add"), parent)
        self._add, self._style = add, style
        grid = Grid()
        self.day = grid.add_entry(_("Day"), hint=_("2026-01-19"))
        self.value = grid.add_entry(_("Cost of a BTC"), note=_("USD"))
        self.mark_name = grid.add_entry(_("Who says so"))
        self.source = grid.add_entry(_("Where"), hint=_("address or title, not needed"))
        self.body.addWidget(grid)

    def take(self) -> None:
        """Add the mark.

        Raises:
            UserError: a field cannot be used.
        """
        read_all(
            lambda: self.day.read(_day),
            lambda: self.value.read(self._number),
            lambda: self.mark_name.read(_name),
        )
        self._add(
            self.day.read(_day),
            self.value.read(self._number),
            self.mark_name.text,
            self.source.text,
        )

    def _number(self, text: str) -> float:
        return parse_number(text, self._style)


class MarksPanel(QWidget):
    """Published marks with their source, own ones with a button to remove them.

    Signals:
        removed(object): a `ReferenceMark`.
    """

    removed = Signal(object)

    def __init__(
        self, formats: Formats, ask: Callable[[], object], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._formats = formats
        self._shown: tuple[ReferenceMark, ...] | None = None
        self._rows = QWidget()
        self._grid = QGridLayout(self._rows)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(2)
        self._grid.setColumnStretch(2, 1)
        self._sources = label("", "small", wrap=True)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(4)
        box.addWidget(label(_("What others said it costs"), "title"))
        box.addWidget(self._rows)
        box.addWidget(self._sources)
        box.addSpacing(4)
        box.addWidget(button(_("Add a mark…"), ask), 0, Qt.AlignmentFlag.AlignLeft)
        box.addStretch(1)

    @property
    def marks(self) -> tuple[ReferenceMark, ...]:
        """What is shown."""
        return self._shown or ()

    @property
    def sources(self) -> str:
        """Where the marks are from, a line for each source."""
        return self._sources.text()

    def show_marks(self, marks: tuple[ReferenceMark, ...]) -> None:
        """Show other marks."""
        if marks == self._shown:
            return
        self._shown = marks
        while (item := self._grid.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for row, mark in enumerate(sorted(marks, key=lambda each: each.day, reverse=True)):
            self._add(row, mark)
        lines = dict.fromkeys(
            _("{name}: {source}").format(name=mark.name, source=mark.source)
            for mark in marks
            if mark.source
        )
        self._sources.setText("\n".join(lines))
        self._sources.setVisible(bool(lines))

    def _add(self, row: int, mark: ReferenceMark) -> None:
        self._grid.addWidget(label(self._formats.date(mark.day), "small"), row, 0)
        self._grid.addWidget(label(self._formats.money(mark.cost_per_btc, "USD", 0)), row, 1)
        who = label(mark.name, "small", wrap=True)
        who.setToolTip(mark.source)
        who.setAccessibleDescription(mark.source)
        self._grid.addWidget(who, row, 2)
        if mark.own:
            remove = button(_("Remove"), lambda: self.removed.emit(mark))
            remove.setAccessibleName(_("Remove the mark {name}").format(name=mark.name))
            self._grid.addWidget(remove, row, 3)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UserError(_("A day is written as 2026-01-19.")) from None


def _name(text: str) -> str:
    if not text:
        raise UserError(_("A mark needs a name, such as who published it."))
    return text
