"""The table of break-evens with its title and copying."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QTableView, QVBoxLayout, QWidget

from minerdesk.domain.text import _
from minerdesk.ui.icons import Icons
from minerdesk.ui.profitability.rungs import RungsModel
from minerdesk.ui.profitability.scene import Scene
from minerdesk.ui.theme import Theme
from minerdesk.ui.widgets.group_places import GroupSelection
from minerdesk.ui.widgets.ranked_view import RankedPanel, RankedView
from minerdesk.ui.widgets.tips import cash_layer

_CELL_MARGIN: Final = 14
_LEAST_NAME_PX: Final = 190


class WholeRows(QWidget):
    """Gives a table as much of its height as whole rows take, so that none is cut."""

    def __init__(self, view: QTableView) -> None:
        super().__init__()
        self._view = view
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(view, 1)
        box.addStretch(0)
        # Headings of two lines come with the first figures.
        view.horizontalHeader().geometriesChanged.connect(self._fit)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Round the height of the table down."""
        super().resizeEvent(event)
        self._fit()

    @Slot()
    def _fit(self) -> None:
        view = self._view
        around = view.horizontalHeader().sizeHint().height() + 2 * view.frameWidth()
        row = view.verticalHeader().defaultSectionSize()
        rows = max((self.height() - around) // row, 1)
        view.setMaximumHeight(around + rows * row)


class RungsView(RankedView):
    """The table itself: one row per mode step."""

    def __init__(self, model: RungsModel) -> None:
        super().__init__(model, _("Break-evens"))
        self.horizontalHeader().setMinimumSectionSize(48)
        # A heading begins and ends where the text of its column does.
        self.horizontalHeader().setStyleSheet("QHeaderView::section { padding: 4px 3px; }")

    def fit_columns(self) -> None:
        """Make columns as wide as their headings and first rows; the first takes the rest."""
        most = self.fontMetrics().horizontalAdvance("normal → high")
        for column in range(1, self.ranked.columnCount()):
            width = min(self.text_width(column), most) + _CELL_MARGIN
            self.horizontalHeader().resizeSection(column, width)
        self._fit_first()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the first column what is left."""
        super().resizeEvent(event)
        self._fit_first()

    def _fit_first(self) -> None:
        """Let names take the room that is left; never so little that they cannot be told apart."""
        header = self.horizontalHeader()
        others = sum(header.sectionSize(place) for place in range(1, header.count()))
        left = self.viewport().width() - others
        header.resizeSection(0, max(left, _LEAST_NAME_PX))


class RungsPanel(RankedPanel):
    """The table under its title; follows the page's selection."""

    def __init__(self, theme: Theme, icons: Icons, selection: GroupSelection) -> None:
        self.model = RungsModel(theme)
        self.view = RungsView(self.model)
        title, body = _("Break-evens"), WholeRows(self.view)
        super().__init__(title, theme, icons, self.view, selection, body=body)
        self.say(
            _(
                "cash layer · stop when BTC price or hashprice falls below, "
                "difficulty or power price rises above"
            ),
            cash_layer(),
        )

    def show_scene(self, scene: Scene | None) -> None:
        """Show another evaluation."""
        first = self.model.rowCount() == 0
        self.model.show_scene(scene)
        if first and scene is not None:
            self.view.fit_columns()
        if not self.view.selectionModel().hasSelection():
            self.follow(self._selection.group_id)
