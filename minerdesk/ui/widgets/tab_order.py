"""Tab goes where the eye goes: through the fields as they stand, whenever they were made."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, cast

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QGridLayout, QLayout, QScrollArea, QSplitter, QTabWidget, QWidget

_CHANGES: Final = frozenset({QEvent.Type.Show, QEvent.Type.LayoutRequest})


class TabOrder(QObject):
    """Keeps the Tab order inside ``root``, where rows come and go, as `put_in_order` makes it."""

    def __init__(self, root: QWidget) -> None:
        super().__init__(root)
        self._root = root
        self._known: list[QWidget] = []
        root.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Look again when something came, went or moved."""
        if watched is self._root and event.type() in _CHANGES:
            found = list(stops(self._root))
            if found != self._known:
                self._known = found
                put_in_order(self._root)
        return super().eventFilter(watched, event)


def put_in_order(root: QWidget) -> None:
    """Let Tab go through what is inside ``root`` as its layouts have it.

    Qt appends whatever is made later, so that a row added in the middle would come last. The first
    stop inside stays where it is among what is outside.
    """
    before: QWidget | None = None
    for each in stops(root):
        if before is not None:
            QWidget.setTabOrder(before, each)
        before = each


def stops(root: QWidget) -> Iterator[QWidget]:
    """Yield what inside ``root`` takes the focus by Tab, as one reads; hidden parts as well."""
    yield from _stops(_parts(root))


def focus_first(layout: QLayout) -> None:
    """Give the focus to the first part of a layout that can take it."""
    for part in _stops(_laid(layout)):
        if part.isEnabled():
            part.setFocus(Qt.FocusReason.TabFocusReason)
            return


def _stops(parts: Iterator[QWidget]) -> Iterator[QWidget]:
    for part in parts:
        inner = part.focusProxy()
        if inner is not None and part.isAncestorOf(inner):
            # Tab stops at what hands its focus on, too: the two must stay together.
            yield part
            continue
        if part.focusPolicy() & Qt.FocusPolicy.TabFocus:
            yield part
        yield from stops(part)


def _parts(widget: QWidget) -> Iterator[QWidget]:
    if isinstance(widget, QTabWidget):
        yield widget.tabBar()
    if isinstance(widget, QTabWidget | QSplitter):
        inside = [widget.widget(index) for index in range(widget.count())]
        yield from (each for each in inside if each is not None)
    elif isinstance(widget, QScrollArea):
        yield from filter(None, (widget.widget(),))
    else:
        layout = widget.layout()
        if layout is not None:
            yield from _laid(layout)


def _laid(layout: QLayout) -> Iterator[QWidget]:
    order = list(range(layout.count()))
    if isinstance(layout, QGridLayout):
        order.sort(key=lambda index: _row_and_column(layout, index))
    for index in order:
        item = layout.itemAt(index)
        widget = None if item is None else item.widget()
        inner = None if item is None else item.layout()
        if widget is not None:
            yield widget
        elif inner is not None:
            yield from _laid(inner)


def _row_and_column(grid: QGridLayout, index: int) -> tuple[int, int]:
    row, column, *_spans = cast("tuple[int, int, int, int]", grid.getItemPosition(index))
    return row, column
