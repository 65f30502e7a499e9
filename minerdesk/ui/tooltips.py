"""Tool tips are read in a few lines: long ones are broken, whoever wrote them."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QAbstractItemView, QApplication, QToolTip, QWidget

from minerdesk.ui.widgets.tips import wrapped


def wrap_tool_tips(app: QApplication) -> Callable[[], None]:
    """Break the long tool tips of every widget and every item from now on.

    Returns:
        What ends that.
    """
    wrapper = TipWrapper(app)
    app.installEventFilter(wrapper)

    def end() -> None:
        app.removeEventFilter(wrapper)
        wrapper.deleteLater()

    return end


class TipWrapper(QObject):
    """An event filter that shows long tool tips in Qt's place."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Show the tool tip in lines where it is longer than one; leave all else to Qt."""
        if event.type() != QEvent.Type.ToolTip:
            return False
        if not isinstance(event, QHelpEvent) or not isinstance(watched, QWidget):
            return False
        tip = tip_at(watched, event)
        lines = wrapped(tip)
        if lines == tip or tip.lstrip().startswith("<"):
            return False
        QToolTip.showText(event.globalPos(), lines, watched)
        return True


def tip_at(widget: QWidget, event: QHelpEvent) -> str:
    """Return the tool tip a widget has where the mouse is, or empty."""
    view = widget.parentWidget()
    if isinstance(view, QAbstractItemView) and view.viewport() is widget:
        found = view.indexAt(event.pos()).data(Qt.ItemDataRole.ToolTipRole)
        if isinstance(found, str) and found:
            return found
    return widget.toolTip()
