"""The list of moves, what is too close to call beneath it, and all that is known of one."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QItemSelectionModel, QModelIndex, Qt, Slot
from PySide6.QtGui import QGuiApplication, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QToolButton, QVBoxLayout, QWidget

from minerdesk.domain.text import _, ngettext
from minerdesk.services.planning.plan import Move
from minerdesk.ui.charts.base import Table
from minerdesk.ui.plan.moves_model import WHAT, WHY, PlanMovesModel
from minerdesk.ui.plan.scene import Scene
from minerdesk.ui.plan.selection import PlanSelection
from minerdesk.ui.plan.tables import PlainTable
from minerdesk.ui.widgets.basics import hairline, label

_WHY_FROM_PX: Final = 640
_CLOSE_ROWS: Final = 3
_TOLD_LINES: Final = 5


class MovesPanel(QWidget):
    """Follows the page's selection, and leads it."""

    def __init__(self, selection: PlanSelection) -> None:
        super().__init__()
        self._selection = selection
        self._scene: Scene | None = None
        self._leading = False
        self.advised = PlanMovesModel(self)
        self.close_calls = PlanMovesModel(self)
        self.view = PlainTable(self.advised, _("Moves"), wide=WHAT, lines=2)
        self.close_view = PlainTable(self.close_calls, _("Too close to call"), wide=WHAT, lines=2)
        self.none = label(_("No move is advised."), "muted", wrap=True)
        self.fold = QToolButton()
        self.fold.setCheckable(True)
        self.fold.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.fold.setArrowType(Qt.ArrowType.RightArrow)
        self.fold.toggled.connect(self._folded)
        # The list above has the same columns.
        self.close_view.horizontalHeader().hide()
        self.close_view.hide()
        self._title = label("", "title", wrap=True)
        self._told = label("", wrap=True)
        self._told.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self._told.setAlignment(Qt.AlignmentFlag.AlignTop)
        # As high as most need, or the list above would jump from move to move.
        self._told.setMinimumHeight(_TOLD_LINES * self.fontMetrics().lineSpacing())
        self._told.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 8, 0, 0)
        box.setSpacing(6)
        box.addWidget(self.none)
        box.addWidget(self.view, 1)
        box.addWidget(self.fold)
        box.addWidget(self.close_view)
        box.addWidget(hairline())
        box.addWidget(self._title)
        box.addWidget(self._told)
        for view in (self.view, self.close_view):
            view.selectionModel().currentRowChanged.connect(self._row_chosen)
        selection.changed.connect(self._follow)

    @property
    def told(self) -> str:
        """What is said of the selected move."""
        return "\n".join(filter(None, (self._title.text(), self._told.text())))

    def show_scene(self, scene: Scene) -> None:
        """Show another plan's moves."""
        self._scene = scene
        close = scene.plan.close
        self._leading = True
        try:
            self.advised.show_moves(scene, scene.plan.advised)
            self.close_calls.show_moves(scene, close)
        finally:
            self._leading = False
        for view in (self.view, self.close_view):
            view.fit_columns()
        self.none.setVisible(not self.advised.rowCount())
        self.view.setVisible(bool(self.advised.rowCount()))
        self.fold.setVisible(len(close) > 0)
        self.fold.setText(
            ngettext(
                "Too close to call ({n} move)", "Too close to call ({n} moves)", len(close)
            ).format(n=scene.formats.count(len(close)))
        )
        rows = min(len(close), _CLOSE_ROWS)
        row_px = self.close_view.verticalHeader().defaultSectionSize()
        self.close_view.setFixedHeight(rows * row_px + 2)
        self.close_view.setVisible(len(close) > 0 and self.fold.isChecked())
        self._follow()

    def table(self) -> Table:
        """Return all moves as text, those too close to call last."""
        first = self.view.table()
        return Table(first.heads, (*first.rows, *self.close_view.table().rows))

    def copy_table(self) -> None:
        """Put all moves onto the clipboard, tab-separated."""
        QGuiApplication.clipboard().setText(self.table().tsv())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Say why in the list where there is room; the words beneath say it anyway."""
        super().resizeEvent(event)
        roomy = self.width() >= _WHY_FROM_PX
        for view in (self.view, self.close_view):
            view.setColumnHidden(WHY, not roomy)
            view.widen(WHY if roomy else WHAT)

    # --- inside

    @Slot(bool)
    def _folded(self, shown: bool) -> None:
        self.fold.setArrowType(Qt.ArrowType.DownArrow if shown else Qt.ArrowType.RightArrow)
        self.close_view.setVisible(shown and bool(self.close_calls.rowCount()))

    @Slot(QModelIndex, QModelIndex)
    def _row_chosen(self, current: QModelIndex, _previous: QModelIndex) -> None:
        if self._leading or not current.isValid():
            return
        model = current.model()
        if isinstance(model, PlanMovesModel):
            self._selection.choose_move(model.moves[current.row()])

    @Slot()
    def _follow(self) -> None:
        move = self._selection.move
        self._leading = True
        try:
            self._mark(self.view, self.advised, move)
            if move is not None and not move.advised:
                self.fold.setChecked(True)
            self._mark(self.close_view, self.close_calls, move)
        finally:
            self._leading = False
        self._tell(move)

    def _mark(self, view: PlainTable, model: PlanMovesModel, move: Move | None) -> None:
        row = None if move is None else model.row_of(move)
        if row is None:
            view.clearSelection()
            view.setCurrentIndex(QModelIndex())
            return
        flags = QItemSelectionModel.SelectionFlag
        index = model.index(row, 0)
        view.selectionModel().setCurrentIndex(index, flags.ClearAndSelect | flags.Rows)
        view.scrollTo(index)

    def _tell(self, move: Move | None) -> None:
        scene = self._scene
        if scene is None or move is None:
            self._title.setText("")
            self._title.hide()
            self._told.setText(_("Choose a move, here or in the chart, to see why."))
            return
        words = scene.words
        title = words.move(move)
        self._title.setText(title)
        self._title.show()
        self._told.setText("\n".join(words.told(move)))
