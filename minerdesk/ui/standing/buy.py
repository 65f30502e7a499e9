"""Mine or buy: what the operator expects, and the table."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QSignalBlocker, Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDoubleSpinBox,
    QHBoxLayout,
    QHeaderView,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from minerdesk.domain.text import _
from minerdesk.services.standing.view import StandingChoice
from minerdesk.services.standing.words import buy_words
from minerdesk.services.words import Formats
from minerdesk.ui.charts.base import Table
from minerdesk.ui.charts.panel import Panel
from minerdesk.ui.icons import Icons
from minerdesk.ui.standing.buy_model import COLUMNS, BuyModel
from minerdesk.ui.standing.field import number_field
from minerdesk.ui.standing.scene import Chosen, Scene
from minerdesk.ui.theme import Theme
from minerdesk.ui.widgets.basics import label
from minerdesk.ui.widgets.ranked_table import ID_ROLE

_MEASURED_ROWS: Final = 60
_CELL_MARGIN: Final = 20


class BuyView(QTableView):
    """The table itself: whole rows selected, fixed row height."""

    def __init__(self, model: BuyModel) -> None:
        super().__init__()
        self.setModel(model)
        self._rows = model
        self.setAccessibleName(_("Mine or buy"))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.setTabKeyNavigation(False)
        header = self.horizontalHeader()
        header.setAccessibleName(_("Columns; a press sorts by one"))
        header.setSectionsClickable(True)
        header.setHighlightSections(False)
        header.sectionClicked.connect(model.sort_by)
        self.verticalHeader().setAccessibleName(_("Rows"))
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + 8)

    def fit_columns(self) -> None:
        """Make columns as wide as their headings and first rows; the first takes the rest."""
        header, model = self.horizontalHeader(), self._rows
        wide = self.fontMetrics().horizontalAdvance
        for column in range(1, len(COLUMNS)):
            head = f"{model.headerData(column, Qt.Orientation.Horizontal)} ▾".splitlines()
            rows = (
                str(model.index(row, column).data())
                for row in range(min(model.rowCount(), _MEASURED_ROWS))
            )
            header.resizeSection(column, max(map(wide, (*head, *rows))) + _CELL_MARGIN)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl+C copies the whole table as it is sorted."""
        if event.matches(QKeySequence.StandardKey.Copy):
            QGuiApplication.clipboard().setText(self.table().tsv())
        else:
            super().keyPressEvent(event)

    def table(self) -> Table:
        """Return headings and rows as shown."""
        model, columns = self._rows, range(len(COLUMNS))
        heads = (
            str(model.headerData(column, Qt.Orientation.Horizontal) or "").replace("\n", " ")
            for column in columns
        )
        rows = (
            tuple(str(model.index(row, column).data()) for column in columns)
            for row in range(model.rowCount())
        )
        return Table(tuple(heads), tuple(rows))


class BuyPanel(Panel):
    """The table under its title."""

    def __init__(self, theme: Theme, icons: Icons, chosen: Chosen) -> None:
        self.model = BuyModel(theme)
        self.view = BuyView(self.model)
        super().__init__(_("Mine or buy"), theme, icons, self.view)
        self.model.setParent(self)
        self._chosen = chosen
        self.view.selectionModel().currentRowChanged.connect(self._row_chosen)
        chosen.changed.connect(self._follow)

    def show_scene(self, scene: Scene) -> None:
        """Show a view."""
        first = self.model.rowCount() == 0
        self.model.show_scene(scene)
        if first:
            self.view.fit_columns()
        if not self.view.selectionModel().hasSelection():
            self._follow(self._chosen.group_id)
        self.say(
            _("coins bought today need {price} at the horizon").format(
                price=scene.money(scene.view.buy.price_needed_bought)
            ),
            _(
                "The price at the horizon at which coins bought today have earned the discount "
                "rate, after tax on gains. For mined coins it is in the last column."
            ),
        )

    def copy_table(self) -> None:
        """Put the rows onto the clipboard, tab-separated."""
        QGuiApplication.clipboard().setText(self.view.table().tsv())

    def _row_chosen(self, current: QModelIndex, _previous: QModelIndex) -> None:
        if current.isValid():
            self._chosen.choose(str(current.data(ID_ROLE)))

    def _follow(self, group_id: str) -> None:
        current = self.view.currentIndex()
        if current.isValid() and current.data(ID_ROLE) == group_id:
            return
        rows = self.model.rows_of(group_id)
        if not rows:
            self.view.clearSelection()
            self.view.setCurrentIndex(QModelIndex())
            return
        flags = QItemSelectionModel.SelectionFlag
        index = self.model.index(rows[0], 0)
        self.view.selectionModel().setCurrentIndex(index, flags.ClearAndSelect | flags.Rows)
        self.view.scrollTo(index, QAbstractItemView.ScrollHint.PositionAtCenter)


class MineOrBuy(QWidget):
    """What is expected, the answer, and the table.

    Signals:
        wanted(object): another `StandingChoice`.
    """

    wanted = Signal(object)

    def __init__(self, theme: Theme, icons: Icons, chosen: Chosen, formats: Formats) -> None:
        super().__init__()
        self._choice = StandingChoice()
        self.answer = label("", "lead", wrap=True)
        self.panel = BuyPanel(theme, icons, chosen)
        months, percent = _(" months"), formats.percent_sign
        self.months = self._field(_("Horizon"), 1, 120, months, _("How long coins are held"))
        self.growth = self._field(
            _("Difficulty a year"), -50, 300, percent, _("How difficulty is expected to grow")
        )
        self.discount = self._field(
            _("Discount rate"), 0, 100, percent, _("What the power money must earn a year")
        )
        self.income_tax = self._field(
            _("Tax on income"), 0, 90, percent, _("On the profit of mining, as it is mined")
        )
        self.gains_tax = self._field(
            _("Tax on gains"), 0, 90, percent, _("On what coins gain until the horizon")
        )
        self.fields = (self.months, self.growth, self.discount, self.income_tax, self.gains_tax)
        row = QHBoxLayout()
        row.setSpacing(16)
        for field in self.fields:
            pair = QVBoxLayout()
            pair.setSpacing(2)
            pair.addWidget(label(field.accessibleName(), "small"))
            pair.addWidget(field)
            row.addLayout(pair)
        row.addStretch(1)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 8, 0, 0)
        box.setSpacing(8)
        box.addWidget(self.answer)
        box.addLayout(row)
        box.addWidget(self.panel, 1)

    def show_scene(self, scene: Scene) -> None:
        """Show a view."""
        self._choice = scene.view.choice
        holding = self._choice.holding
        values = (
            (self.months, holding.months),
            (self.growth, 100 * holding.difficulty_growth),
            (self.discount, 100 * holding.discount),
            (self.income_tax, 100 * holding.income_tax),
            (self.gains_tax, 100 * holding.gains_tax),
        )
        for field, value in values:
            if not field.hasFocus():
                with QSignalBlocker(field):
                    field.setValue(value)
        self.answer.setText(buy_words(scene.view, scene.formats))
        self.panel.show_scene(scene)

    @Slot()
    def _changed(self) -> None:
        holding = replace(
            self._choice.holding,
            months=self.months.value(),
            difficulty_growth=self.growth.value() / 100,
            discount=self.discount.value() / 100,
            income_tax=self.income_tax.value() / 100,
            gains_tax=self.gains_tax.value() / 100,
        )
        self.wanted.emit(replace(self._choice, holding=holding))

    def _field(self, name: str, low: float, high: float, unit: str, tip: str) -> QDoubleSpinBox:
        field = number_field(name, (low, high), unit, tip, digits=1 if unit.endswith("%") else 0)
        field.valueChanged.connect(self._changed)
        return field
