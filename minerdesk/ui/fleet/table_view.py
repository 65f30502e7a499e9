"""The table of groups: one fast view that keeps selection and scroll position on every tick."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from PySide6.QtCore import (
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPoint,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QCompleter,
    QHeaderView,
    QMenu,
    QTableView,
    QWidget,
)

from minerdesk.domain.text import _
from minerdesk.ui.fleet.cell_delegate import ROW_HEIGHT, CellDelegate
from minerdesk.ui.fleet.frozen import KEYS, FrozenColumns
from minerdesk.ui.fleet.glow import Cell, Glow
from minerdesk.ui.fleet.layout import ColumnPlace, LayoutStore, first_layout
from minerdesk.ui.fleet.rows import FleetRows, Ints
from minerdesk.ui.fleet.table_model import GroupsModel, Index
from minerdesk.ui.theme import Theme

_KEEP_MS = 400


class GroupsView(QTableView):
    """Shows a `GroupsModel`.

    Args:
        model: what it shows.
        theme: its colours.
        store: where the columns' layout is kept.
        completer: makes the suggestions of a column by its key, or None.
        still: whether the operator asked for less motion.

    Signals:
        menu_asked(QPoint): a context menu is wanted there, in screen coordinates.
        chosen(): another selection.
        edited(): the editor of a cell was closed.
    """

    menu_asked = Signal(QPoint)
    chosen = Signal()
    edited = Signal()

    def __init__(
        self,
        model: GroupsModel,
        theme: Theme,
        store: LayoutStore,
        *,
        completer: Callable[[str], QCompleter | None],
        still: Callable[[], bool],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._groups = model
        self._store = store
        self._glow = Glow(self._repaint_cells, still, self)
        self._delegate = CellDelegate(model, theme, self._glow, completer, self)
        self.setModel(model)
        self._chosen: set[str] = set()
        self._filled_of: tuple[object, bool] | None = None
        self.setItemDelegate(self._delegate)
        self._freeze(theme)
        self._delegate.closeEditor.connect(self.edited)
        self.setAccessibleName(_("Rig groups"))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(
            QAbstractItemView.EditTrigger.DoubleClicked
            | QAbstractItemView.EditTrigger.EditKeyPressed
        )
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        for corner in self.findChildren(QAbstractButton):
            corner.setAccessibleName(_("Select all groups"))
        self.setCornerWidget(QWidget())
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(
            lambda point: self.menu_asked.emit(self.viewport().mapToGlobal(point))
        )
        self.selectionModel().selectionChanged.connect(self.chosen)
        self._set_up_headers()
        self._keeper = QTimer(self, singleShot=True, interval=_KEEP_MS)
        self._keeper.timeout.connect(self.keep_layout)
        self.apply_layout(store.read(model.columns))
        header = self.horizontalHeader()
        for signal in (header.sectionMoved, header.sectionResized):
            signal.connect(self._keeper.start)
            signal.connect(self._frozen.lead)

    @property
    def editing(self) -> bool:
        """Whether a cell is being edited."""
        return self._delegate.editing

    @property
    def glow(self) -> Glow:
        """Which cells glow."""
        return self._glow

    def show_rows(self, rows: FleetRows) -> None:
        """Show newer values; the cells in sight whose text changed glow once."""
        before = self._texts_in_sight()
        self._groups.set_rows(rows)
        self._show_filled()
        if before:
            after = self._texts_in_sight()
            self._glow.begin(cell for cell, text in after.items() if before.get(cell, text) != text)

    def selected(self) -> Ints:
        """Return the book's places of the selected groups, in the order shown."""
        selection = self.selectionModel().selection()
        found = [selection.at(number) for number in range(selection.count())]
        ranges = [np.arange(each.top(), each.bottom() + 1) for each in found]
        if not ranges:
            return np.empty(0, np.int64)
        rows = np.unique(np.concatenate(ranges))
        places: Ints = self._groups.order[rows[rows < len(self._groups.order)]]
        return places

    def selected_ids(self) -> list[str]:
        """Return the ids of the selected groups, in the order shown."""
        groups = self._groups.rows.book.groups
        return [groups[place].id for place in self.selected()]

    def select_ids(self, ids: set[str]) -> None:
        """Select groups and bring the first of them into sight."""
        groups, selection = self._groups.rows.book.groups, QItemSelection()
        rows = [row for row, place in enumerate(self._groups.order) if groups[place].id in ids]
        last = len(self._groups.columns) - 1
        for row in rows:
            selection.select(self._groups.index(row, 0), self._groups.index(row, last))
        if rows:
            first = self._groups.index(rows[0], self._first_column())
            self.selectionModel().setCurrentIndex(first, QItemSelectionModel.SelectionFlag.NoUpdate)
            self.scrollTo(first)
        self.selectionModel().select(selection, QItemSelectionModel.SelectionFlag.ClearAndSelect)

    def apply_layout(self, places: tuple[ColumnPlace, ...]) -> None:
        """Show columns as a layout says."""
        header = self.horizontalHeader()
        for visual, place in enumerate(places):
            logical = self._groups.place[place.key]
            header.moveSection(header.visualIndex(logical), visual)
            header.resizeSection(logical, place.width)
            header.setSectionHidden(logical, not place.shown)
        self._chosen = {place.key for place in places if place.chosen}
        self._filled_of = None
        self._show_filled()
        self._frozen.lead()

    def layout_now(self) -> tuple[ColumnPlace, ...]:
        """Return how the columns stand."""
        header = self.horizontalHeader()
        found = []
        for visual in range(header.count()):
            logical = header.logicalIndex(visual)
            hidden = header.isSectionHidden(logical)
            column = self._groups.columns[logical]
            width = column.width if hidden else header.sectionSize(logical)
            found.append(ColumnPlace(column.key, width, not hidden, column.key in self._chosen))
        return tuple(found)

    def keep_layout(self) -> None:
        """Write down how the columns stand."""
        self._store.write(self.layout_now())

    def show_column(self, key: str, *, shown: bool) -> None:
        """Show or hide a column; the last one stays."""
        header = self.horizontalHeader()
        self._chosen.add(key)
        if shown or header.count() - header.hiddenSectionCount() > 1:
            header.setSectionHidden(self._groups.place[key], not shown)
            self._keeper.start()
            self._frozen.lead()

    def reset_layout(self) -> None:
        """Show the columns as at the first start."""
        self.apply_layout(first_layout(self._groups.columns))
        self._keeper.start()

    def columns_menu(self) -> QMenu:
        """Make the menu in which columns are chosen."""
        menu, header = QMenu(self), self.horizontalHeader()
        menu.setTitle(_("Columns"))
        for logical, column in enumerate(self._groups.columns):
            entry = menu.addAction(column.title)
            entry.setToolTip(column.help)
            entry.setCheckable(True)
            entry.setChecked(not header.isSectionHidden(logical))
            entry.toggled.connect(lambda on, key=column.key: self.show_column(key, shown=on))
        menu.addSeparator()
        menu.addAction(_("Columns as at first"), self.reset_layout)
        menu.aboutToHide.connect(menu.deleteLater)
        return menu

    def scrollTo(
        self,
        index: Index,
        hint: QAbstractItemView.ScrollHint = QAbstractItemView.ScrollHint.EnsureVisible,
    ) -> None:
        """Bring a cell into sight, out from under the columns that stay."""
        super().scrollTo(index, hint)
        key = self._groups.columns[index.column()].key if index.isValid() else ""
        under = self._frozen.width_px - self.columnViewportPosition(index.column())
        if key and key not in KEYS and under > 0:
            bar = self.horizontalScrollBar()
            bar.setValue(bar.value() - under)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Edit the current cell on Enter; Qt itself knows that key on one system only."""
        plain = event.modifiers() in {
            Qt.KeyboardModifier.NoModifier,
            Qt.KeyboardModifier.KeypadModifier,
        }
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and plain:
            current = self.currentIndex()
            if current.flags() & Qt.ItemFlag.ItemIsEditable:
                self.edit(current)
            return
        super().keyPressEvent(event)

    def hideEvent(self, event: object) -> None:
        """Glow no more, and keep what is not kept yet."""
        self._glow.stop()
        if self._keeper.isActive():
            self._keeper.stop()
            self.keep_layout()
        super().hideEvent(event)  # type: ignore[arg-type] # as it came

    def _repaint_cells(self) -> None:
        self.viewport().update()
        if not self._frozen.isHidden():
            self._frozen.viewport().update()

    def _freeze(self, theme: Theme) -> None:
        """Keep site and model in sight; editing them scrolls back to where they are."""
        delegate = CellDelegate(self._groups, theme, self._glow, lambda _key: None, self)
        leading = (self._groups.place[key] for key in KEYS if key in self._groups.place)
        frozen = self._frozen = FrozenColumns(self, delegate, ROW_HEIGHT, frozenset(leading))
        frozen.doubleClicked.connect(self._edit_frozen)
        frozen.customContextMenuRequested.connect(
            lambda point: self.menu_asked.emit(frozen.viewport().mapToGlobal(point))
        )

    def _edit_frozen(self, index: QModelIndex) -> None:
        self.horizontalScrollBar().setValue(0)
        self.setFocus()
        self.setCurrentIndex(index)
        self.edit(index)

    def _show_filled(self) -> None:
        """Hide columns that no group fills; what the operator chose stays as chosen."""
        rows = self._groups.rows
        state = rows.book, rows.figures is None
        if self._filled_of is not None and all(
            a is b for a, b in zip(self._filled_of, state, strict=True)
        ):
            return
        self._filled_of = state
        header = self.horizontalHeader()
        for logical, column in enumerate(self._groups.columns):
            if column.filled is not None and column.key not in self._chosen:
                header.setSectionHidden(logical, not (column.shown and column.filled(rows)))

    def _set_up_headers(self) -> None:
        rows = self.verticalHeader()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setDefaultSectionSize(ROW_HEIGHT)
        rows.setMinimumSectionSize(ROW_HEIGHT)
        rows.setAccessibleName(_("Rows"))
        rows.hide()
        header = self.horizontalHeader()
        # A header asks every row whether a column is wholly selected; this one need not know.
        header.setSelectionModel(QItemSelectionModel(self._groups, header))
        header.setSectionsMovable(True)
        header.setHighlightSections(False)
        header.setMinimumSectionSize(36)
        header.setAccessibleName(_("Columns"))
        header.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        header.customContextMenuRequested.connect(
            lambda point: self.columns_menu().popup(header.mapToGlobal(point))
        )
        # Before sorting is switched on, or the first column would be sorted at once.
        header.setSortIndicatorClearable(True)
        header.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        self.setSortingEnabled(True)

    def _first_column(self) -> int:
        header = self.horizontalHeader()
        shown = (header.logicalIndex(visual) for visual in range(header.count()))
        return next((each for each in shown if not header.isSectionHidden(each)), 0)

    def _texts_in_sight(self) -> dict[Cell, str]:
        """Return the texts of the cells in sight; nothing where the view is hidden."""
        if not self.isVisible() or not len(self._groups.order):
            return {}
        height = self.viewport().height()
        first, last = self.rowAt(0), self.rowAt(height - 1)
        first = max(first, 0)
        last = len(self._groups.order) - 1 if last < 0 else last
        header, width = self.horizontalHeader(), self.viewport().width()
        columns = [
            column
            for column in range(len(self._groups.columns))
            if not header.isSectionHidden(column)
            and -header.sectionSize(column) < header.sectionViewportPosition(column) < width
        ]
        return {
            (self._groups.group_id(row), column): self._groups.text(row, column)
            for row in range(first, last + 1)
            for column in columns
        }
