"""Which group is selected on the page; every chart and the table follow it."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal


class GroupSelection(QObject):
    """Holds the id of one rig group, or none.

    Signals:
        changed(str): the id selected now, empty for none.
    """

    changed = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._group_id = ""

    @property
    def group_id(self) -> str:
        """The id selected, empty for none."""
        return self._group_id

    def choose(self, group_id: str) -> None:
        """Select a group; the empty id selects none."""
        if group_id != self._group_id:
            self._group_id = group_id
            self.changed.emit(group_id)
