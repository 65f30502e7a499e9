"""The columns that say which group a row is, kept in sight while the others scroll."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QItemSelectionModel, QObject, Qt
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QStyledItemDelegate, QTableView

from minerdesk.domain.text import _

KEYS = frozenset({"site", "model"})


class FrozenColumns(QTableView):
    """Lies over the left edge of a table and shows its first columns again.

    It is there only while those are scrolled away, so that a table at rest is one view. Selection
    and rows are the table's own; it is never edited and never has the focus.

    Args:
        table: what it lies over; has its model, and rows of one height.
        delegate: paints the cells.
        row_height: px.
        keep: the columns that stay, where they lead the table.
    """

    def __init__(
        self,
        table: QTableView,
        delegate: QStyledItemDelegate,
        row_height: int,
        keep: frozenset[int],
    ) -> None:
        super().__init__(table)
        self._table = table
        self._keep = keep
        self._columns: list[int] = []
        self._wired = False
        self.setObjectName("frozen")
        self.setAccessibleName(_("Site and model of the rows"))
        self.setItemDelegate(delegate)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setCornerButtonEnabled(False)
        for each in (self.horizontalScrollBar(), self.verticalScrollBar()):
            each.setAccessibleName(_("Scroll bar"))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        rows, header = self.verticalHeader(), self.horizontalHeader()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setDefaultSectionSize(row_height)
        rows.setAccessibleName(_("Rows"))
        rows.hide()
        header.setAccessibleName(_("Columns"))
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header.setHighlightSections(False)
        header.setSectionsClickable(True)
        header.sectionClicked.connect(self._sort)
        self.hide()
        table.horizontalScrollBar().valueChanged.connect(self.follow)
        table.viewport().installEventFilter(self)

    @property
    def width_px(self) -> int:
        """How much of the table it covers, 0 while it is hidden."""
        return 0 if self.isHidden() else self.width()

    def lead(self) -> None:
        """Look which columns lead the table; where others come first none stays."""
        header = self._table.horizontalHeader()
        self._columns = []
        for visual in range(header.count()):
            logical = header.logicalIndex(visual)
            if header.isSectionHidden(logical):
                continue
            if logical not in self._keep:
                break
            self._columns.append(logical)
        self.follow()

    def follow(self) -> None:
        """Come when the leading columns scroll away and go when they are back."""
        away = bool(self._columns) and self._table.horizontalScrollBar().value() > 0
        if away:
            self._wire()
            self._lay()
        self.setVisible(away)
        if away:
            self.raise_()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Be as tall as the table."""
        if event.type() == QEvent.Type.Resize and not self.isHidden():
            self._lay()
        return super().eventFilter(watched, event)

    def _wire(self) -> None:
        """Take the model only when it is needed first: a second view of it is not free."""
        if self._wired:
            return
        self._wired = True
        own = self.selectionModel()
        self.setModel(self._table.model())
        self.setSelectionModel(self._table.selectionModel())
        if own is not None:
            own.deleteLater()
        header = self.horizontalHeader()
        # A header asks every row whether a column is wholly selected; this one need not know.
        header.setSelectionModel(QItemSelectionModel(self._table.model(), header))
        mine, theirs = self.verticalScrollBar(), self._table.verticalScrollBar()
        theirs.valueChanged.connect(mine.setValue)
        mine.valueChanged.connect(theirs.setValue)

    def _lay(self) -> None:
        table, header, theirs = self._table, self.horizontalHeader(), self._table.horizontalHeader()
        for column in range(header.count()):
            self.setColumnHidden(column, column not in self._columns)
        for visual, column in enumerate(self._columns):
            header.moveSection(header.visualIndex(column), visual)
            self.setColumnWidth(column, theirs.sectionSize(column))
        header.setFixedHeight(theirs.height())
        width = sum(theirs.sectionSize(column) for column in self._columns) + 1
        around = table.viewport().geometry()
        self.setGeometry(around.x(), theirs.y(), width, theirs.height() + around.height())
        self.verticalScrollBar().setValue(table.verticalScrollBar().value())

    def _sort(self, column: int) -> None:
        header = self._table.horizontalHeader()
        again = header.sortIndicatorSection() == column
        order = header.sortIndicatorOrder()
        down = again and order == Qt.SortOrder.AscendingOrder
        self._table.sortByColumn(
            column, Qt.SortOrder.DescendingOrder if down else Qt.SortOrder.AscendingOrder
        )
