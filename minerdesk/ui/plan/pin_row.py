"""Holding what is selected on or off: three buttons, and what the plan says that costs."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QLabel, QSizePolicy, QToolButton, QWidget

from minerdesk.domain.rigs import Pin
from minerdesk.domain.text import _
from minerdesk.services.words.plan_moves import pin_sentence
from minerdesk.ui.plan.scene import Scene
from minerdesk.ui.plan.selection import PlanSelection
from minerdesk.ui.widgets.basics import label
from minerdesk.ui.widgets.tips import wrapped

_PLACE: Final = {Pin.FREE: 0, Pin.ON: 1, Pin.OFF: 2}


class PinRow(QWidget):
    """Seen while a group is selected; a folded row is held whole.

    Signals:
        wanted(object): how the selection is to be held, a `Pin`.
    """

    wanted = Signal(object)

    def __init__(self, selection: PlanSelection) -> None:
        super().__init__()
        self._selection = selection
        self._scene: Scene | None = None
        self._text = ""
        self._said: QLabel = label("")
        self._said.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._choice = QButtonGroup(self)
        self.buttons: dict[Pin, QToolButton] = {}
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        row.addWidget(self._said, 1)
        for pin, text, tip in (
            (Pin.FREE, _("Free"), _("The plan decides when it runs")),
            (Pin.ON, _("Pin on"), _("It runs, whatever that costs")),
            (Pin.OFF, _("Pin off"), _("It stays off, whatever that costs")),
        ):
            made = self.buttons[pin] = QToolButton()
            made.setText(text)
            made.setCheckable(True)
            made.setProperty("choice", "true")
            made.setAccessibleName(text)
            made.setToolTip(wrapped(tip))
            made.clicked.connect(lambda _checked=False, pin=pin: self.wanted.emit(pin))
            self._choice.addButton(made, _PLACE[pin])
            row.addWidget(made)
        selection.changed.connect(self._follow)
        self.hide()

    @property
    def said(self) -> str:
        """Which rigs are meant, how they are held, and what that costs."""
        return self._text

    def show_scene(self, scene: Scene) -> None:
        """Show another plan's pins and what they cost."""
        self._scene = scene
        self._follow()

    def check(self, pin: Pin | None) -> None:
        """Press the button of a pin; none where groups differ."""
        if pin is not None:
            self.buttons[pin].setChecked(True)
            return
        # Of buttons that exclude each other one stays checked, once one is.
        self._choice.setExclusive(False)
        for each in self.buttons.values():
            each.setChecked(False)
        self._choice.setExclusive(True)

    def minimumSizeHint(self) -> QSize:
        """As wide as the buttons; what is said is cut."""
        return QSize(sum(each.sizeHint().width() + 4 for each in self.buttons.values()), 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Cut what is said where there is no room for it."""
        super().resizeEvent(event)
        self._cut()

    def _follow(self) -> None:
        scene, group = self._scene, self._selection.group_id
        place = None if scene is None or not group else scene.row_of(group)
        self.setVisible(place is not None)
        if scene is None or place is None:
            return
        row = scene.rows[place]
        self.check(row.pin)
        cost = scene.pin_cost(row)
        said = [row.text]
        if row.pin is not Pin.FREE:
            said.append(pin_sentence(row.pin))
        if cost is not None:
            said.append(_("costs {money}").format(money=scene.words.money(cost)))
        self._text = ": ".join((said[0], ", ".join(said[1:]))) if said[1:] else said[0]
        self._said.setToolTip(self._text)
        self._said.setAccessibleName(self._text)
        self._cut()

    def _cut(self) -> None:
        metrics, room = self._said.fontMetrics(), self._said.width()
        # What is paid stands at the end.
        self._said.setText(metrics.elidedText(self._text, Qt.TextElideMode.ElideMiddle, room))
