"""How a table looks that is read, not edited: whole rows of one height, no grid, named for all."""

from __future__ import annotations

from PySide6.QtCore import QAbstractItemModel
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from minerdesk.domain.text import _


def show_whole_rows(view: QTableView, model: QAbstractItemModel, name: str, row_px: int) -> None:
    """Let a table show a model as whole rows.

    Args:
        view: the table.
        model: what is shown.
        name: for screen readers; rows and columns are named after it.
        row_px: the height of each row, fixed: to measure each takes seconds where there are many.
    """
    view.setModel(model)
    view.setAccessibleName(name)
    view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    view.setShowGrid(False)
    view.setWordWrap(False)
    view.setTabKeyNavigation(False)
    rows, columns = view.verticalHeader(), view.horizontalHeader()
    rows.hide()
    rows.setAccessibleName(_("Rows: {name}").format(name=name))
    rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
    rows.setDefaultSectionSize(row_px)
    columns.setAccessibleName(_("Columns: {name}").format(name=name))
    columns.setHighlightSections(False)
