"""Mine or buy: what the operator expects, and the table."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from PySide6.QtCore import QSignalBlocker, Signal, Slot
from PySide6.QtWidgets import (
    QDoubleSpinBox,
    QHBoxLayout,
    QHeaderView,
    QVBoxLayout,
    QWidget,
)

from minerdesk.domain.text import _
from minerdesk.services.standing.view import StandingChoice
from minerdesk.services.standing.words import buy_words
from minerdesk.services.words import Formats
from minerdesk.ui.icons import Icons
from minerdesk.ui.standing.buy_model import BuyModel
from minerdesk.ui.standing.field import number_field
from minerdesk.ui.standing.scene import Scene
from minerdesk.ui.theme import Theme
from minerdesk.ui.widgets.basics import label
from minerdesk.ui.widgets.group_places import GroupSelection
from minerdesk.ui.widgets.ranked_view import RankedPanel, RankedView

_CELL_MARGIN: Final = 20


class BuyView(RankedView):
    """The table itself: one row per group."""

    def __init__(self, model: BuyModel) -> None:
        super().__init__(model, _("Mine or buy"))

    def fit_columns(self) -> None:
        """Make columns as wide as their headings and first rows; the first takes the rest."""
        header = self.horizontalHeader()
        for column in range(1, self.ranked.columnCount()):
            header.resizeSection(column, self.text_width(column, " ▾") + _CELL_MARGIN)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)


class BuyPanel(RankedPanel):
    """The table under its title."""

    def __init__(self, theme: Theme, icons: Icons, chosen: GroupSelection) -> None:
        self.model = BuyModel(theme)
        self.view = BuyView(self.model)
        super().__init__(_("Mine or buy"), theme, icons, self.view, chosen)

    def show_scene(self, scene: Scene) -> None:
        """Show a view."""
        first = self.model.rowCount() == 0
        self.model.show_scene(scene)
        if first:
            self.view.fit_columns()
        if not self.view.selectionModel().hasSelection():
            self.follow(self._selection.group_id)
        self.say(
            _("coins bought today need {price} at the horizon").format(
                price=scene.money(scene.view.buy.price_needed_bought)
            ),
            _(
                "The price at the horizon at which coins bought today have earned the discount "
                "rate, after tax on gains. For mined coins it is in the last column."
            ),
        )


class MineOrBuy(QWidget):
    """What is expected, the answer, and the table.

    Signals:
        wanted(object): another `StandingChoice`.
    """

    wanted = Signal(object)

    def __init__(
        self, theme: Theme, icons: Icons, chosen: GroupSelection, formats: Formats
    ) -> None:
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
