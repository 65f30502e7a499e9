"""The section of prices by hour: periods, and the grids that say when each holds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import ClassVar, Final

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from minerdesk.domain.errors import UserError
from minerdesk.domain.tariff import Period, Tariff, Tier, TimeOfUse
from minerdesk.domain.text import _, ngettext
from minerdesk.services.power.parts import OFF_PEAK, ON_PEAK, Part, day_and_night
from minerdesk.ui.power.calendar_grids import CalendarGrids
from minerdesk.ui.power.paint_grid import Paint
from minerdesk.ui.power.section import Section, read_field, watch_line
from minerdesk.ui.theme import Theme
from minerdesk.ui.widgets.basics import button, label
from minerdesk.ui.widgets.forms import Entry
from minerdesk.ui.widgets.typing import Typing

_BESIDE: Final = Qt.ToolButtonStyle.ToolButtonTextBesideIcon
_LETTERS: Final = "opmsabcdefghijklnqrtuvwxyz0123456789"


class PeriodRow(QWidget):
    """One period: its colour and letter, which choose it to paint with, its name and price."""

    def __init__(
        self,
        period: Period,
        theme: Theme,
        colour: int,
        edited: Callable[[], object],
        remove: Callable[[PeriodRow], object],
        hint: str,
    ) -> None:
        super().__init__()
        self.period = period
        self.colour = colour
        self._theme = theme
        self.brush = QToolButton()
        self.brush.setCheckable(True)
        self.brush.setText(period.key)
        self.brush.setIconSize(QSize(16, 16))
        self.brush.setToolButtonStyle(_BESIDE)
        self.brush.setFixedWidth(56)
        self.brush.setProperty("brush", "true")
        self.name = Entry(_("Name of the period"), hint=_("on-peak"))
        self.price = Entry(_("Price of the period per kWh"), hint=hint)
        self._more = label("", "small")
        for entry in (self.name, self.price):
            watch_line(entry.line, edited)
        gone = button(_("Remove"), lambda: remove(self))
        gone.setAccessibleName(_("Remove period {name}").format(name=period.name))
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(8)
        line.addWidget(self.brush)
        line.addWidget(self.name, 2)
        line.addWidget(self.price, 2)
        line.addWidget(self._more)
        line.addWidget(gone)
        self.tint()

    def show_period(self, period: Period, write: Callable[[float | None], str]) -> None:
        """Show a period."""
        self.period = period
        self.name.line.setText(period.name)
        self.price.line.setText(write(period.tiers[0].per_kwh))
        more = len(period.tiers) - 1
        self._more.setText(
            ngettext("and {n} more tier", "and {n} more tiers", more).format(n=more) if more else ""
        )
        self._more.setVisible(bool(more))
        words = _("Paint with {name} ({key})").format(name=period.name, key=period.key)
        self.brush.setAccessibleName(words)
        self.brush.setToolTip(words)

    def tint(self) -> None:
        """Draw the swatch in the theme's colour, as the grid fills its cells."""
        picture = QPixmap(16, 16)
        picture.fill(QColor(self._theme.tokens.surface))
        colour = QColor(self._theme.tokens.series[self.colour])
        painter = QPainter(picture)
        painter.fillRect(picture.rect(), colour)
        painter.end()
        self.brush.setIcon(QIcon(picture))


class PeriodList(QWidget):
    """The periods there are, as a small list; one of them is the brush.

    Signals:
        edited(): a name or price was typed. brushed(): another one is painted with.
        removed(str, str): a period went, and which one takes its hours.
    """

    edited = Signal()
    brushed = Signal()
    removed = Signal(str, str)

    def __init__(self, theme: Theme, typing: Typing) -> None:
        super().__init__()
        self._theme, self._typing = theme, typing
        self.rows: list[PeriodRow] = []
        self._group = QButtonGroup(self)
        self._group.buttonClicked.connect(lambda _button: self.brushed.emit())
        self._box = QVBoxLayout()
        self._box.setSpacing(4)
        self._add = button(_("Add a period"), self._add_one)
        below = QHBoxLayout()
        below.addWidget(
            label(_("Choose a period, then paint: drag, or arrows with Shift and Space."), "small"),
            1,
        )
        below.addWidget(self._add)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(4)
        outer.addLayout(self._box)
        outer.addLayout(below)
        theme.changed.connect(self._tint)

    @property
    def brush(self) -> str:
        """The letter that is painted with."""
        return next((row.period.key for row in self.rows if row.brush.isChecked()), "")

    @property
    def paints(self) -> tuple[Paint, ...]:
        """The periods as the grids paint them."""
        return tuple(
            Paint(row.period.key, row.name.text or row.period.name, row.colour) for row in self.rows
        )

    def show_periods(self, periods: tuple[Period, ...]) -> None:
        """Show other periods; the brush stays where it can."""
        brush = self.brush
        if [row.period.key for row in self.rows] != [period.key for period in periods]:
            for row in list(self.rows):
                self._drop(row)
            for period in periods:
                self._append(period)
        for row, period in zip(self.rows, periods, strict=True):
            row.show_period(period, self._typing.write)
        self.choose(brush or (periods[-1].key if periods else ""))

    def choose(self, key: str) -> None:
        """Paint with a period from now on; the first one where there is no such."""
        if self.rows:
            found = next((row for row in self.rows if row.period.key == key), self.rows[0])
            found.brush.setChecked(True)
            self.brushed.emit()

    def read(self, currency: str) -> tuple[Period, ...]:
        """Return the periods as they are typed; tiers beyond the first are kept.

        Raises:
            UserError: a price is not understood.
        """
        made, first = [], None
        for row in self.rows:
            try:
                price = read_field(row.price, lambda text: self._typing.price(text, currency))
            except UserError as error:
                first = first or error
                continue
            tiers = (replace(row.period.tiers[0], per_kwh=price), *row.period.tiers[1:])
            made.append(Period(row.period.key, row.name.text or row.period.name, tiers))
        if first is not None:
            raise first
        return tuple(made)

    def _append(self, period: Period) -> PeriodRow:
        used = {row.colour for row in self.rows}
        colours = len(self._theme.tokens.series)
        free = next((each for each in range(colours) if each not in used), len(used) % colours)
        row = PeriodRow(
            *(period, self._theme, free, self.edited.emit, self._remove), self._typing.shown(0.071)
        )
        self._group.addButton(row.brush)
        self.rows.append(row)
        self._box.addWidget(row)
        return row

    def _add_one(self) -> None:
        taken = {row.period.key for row in self.rows}
        key = next((each for each in _LETTERS if each not in taken), "")
        if not key:
            return
        last = self.rows[-1].period if self.rows else Period("", "", (Tier(0.0),))
        period = Period(key, _("period {key}").format(key=key), last.tiers)
        row = self._append(period)
        row.show_period(period, self._typing.write)
        self.choose(key)
        row.name.setFocus()
        row.name.line.selectAll()
        self.edited.emit()

    def _remove(self, row: PeriodRow) -> None:
        if len(self.rows) == 1:
            return
        self._drop(row)
        self.removed.emit(row.period.key, self.rows[0].period.key)

    def _drop(self, row: PeriodRow) -> None:
        was = row.brush.isChecked()
        self._group.removeButton(row.brush)
        self.rows.remove(row)
        self._box.removeWidget(row)
        row.hide()
        row.deleteLater()
        if was and self.rows:
            self.choose(self.rows[0].period.key)

    def _tint(self) -> None:
        for row in self.rows:
            row.tint()


class TimeOfUseSection(Section):
    """Periods with their prices, and the hours painted with them."""

    holds: ClassVar[tuple[str, ...]] = ("time_of_use",)

    def __init__(self, part: Part, typing: Typing, theme: Theme) -> None:
        super().__init__(part.title, part.explains, typing)
        self.periods = PeriodList(theme, typing)
        self.grids = CalendarGrids(part.title, theme)
        self.periods.edited.connect(self.changed)
        self.periods.brushed.connect(self._brushed)
        self.periods.removed.connect(self._removed)
        self.grids.edited.connect(self.changed)
        self.grids.brush_wanted.connect(self.periods.choose)
        self.body.addWidget(self.periods)
        self.body.addWidget(self.grids)

    def fill(self, subject: Tariff) -> None:
        """Show periods and hours."""
        of_use = subject.time_of_use
        if of_use is None:
            return
        calendar = of_use.calendar or day_and_night(ON_PEAK, OFF_PEAK)
        self.grids.holidays.setChecked(bool(calendar.holiday))
        self.grids.show_calendar(calendar)
        self.periods.show_periods(of_use.periods)
        self._brushed()

    def read(self, subject: Tariff) -> dict[str, object]:
        """Return periods and hours as they are typed and painted."""
        periods = self.periods.read(self.currency)
        unit = {} if subject.time_of_use is None else {"tier_unit": subject.time_of_use.tier_unit}
        return {"time_of_use": TimeOfUse(periods, self.grids.calendar, **unit)}

    def _brushed(self) -> None:
        self.grids.set_paints(self.periods.paints, self.periods.brush)

    def _removed(self, gone: str, heir: str) -> None:
        self.grids.replace_key(gone, heir)
        self._brushed()
        self.changed()
