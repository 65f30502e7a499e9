"""Sliders that ask what if: BTC price, difficulty and price of power, from half to double."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSlider, QWidget

from minerdesk.domain.text import _
from minerdesk.services.planning.plan import WhatIf
from minerdesk.services.words import Formats
from minerdesk.ui.widgets.basics import button, label

LEAST_PERCENT: Final = -50
MOST_PERCENT: Final = 100
_PAGE_PERCENT: Final = 10
_VALUE_PX: Final = 52


class Sliders(QWidget):
    """Three sliders with their values, and a button that puts them back.

    Signals:
        changed(): another what-if is asked.
    """

    changed = Signal()

    def __init__(self, formats: Formats) -> None:
        super().__init__()
        self._formats = formats
        self._values: dict[QSlider, QLabel] = {}
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        self.title = label(_("What if"), "title")
        row.addWidget(self.title)
        self.price = self._slider(row, _("BTC price"))
        self.difficulty = self._slider(row, _("difficulty"))
        self.power = self._slider(row, _("power price"))
        self.reset_button: QPushButton = button(_("Reset"), self.reset)
        self.reset_button.setToolTip(_("Put all three sliders back to what is"))
        row.addWidget(self.reset_button)
        self._show()

    @property
    def what_if(self) -> WhatIf:
        """What is asked."""
        return WhatIf(*(1 + slider.value() / 100 for slider in self._values))

    def reset(self) -> None:
        """Put all sliders back to what is."""
        was_real = self.what_if.is_real
        for slider in self._values:
            slider.blockSignals(True)
            slider.setValue(0)
            slider.blockSignals(False)
        self._show()
        if not was_real:
            self.changed.emit()

    def _slider(self, row: QHBoxLayout, name: str) -> QSlider:
        slider = QSlider(Qt.Orientation.Horizontal)
        slider.setRange(LEAST_PERCENT, MOST_PERCENT)
        slider.setPageStep(_PAGE_PERCENT)
        slider.setTickInterval(50)
        slider.setTickPosition(QSlider.TickPosition.TicksBelow)
        slider.setMinimumWidth(48)
        slider.setProperty("what", name)
        value = label("", name=name)
        value.setMinimumWidth(_VALUE_PX)
        self._values[slider] = value
        slider.valueChanged.connect(self._moved)
        row.addSpacing(2)
        row.addWidget(label(name, "small"))
        row.addWidget(slider, 1)
        row.addWidget(value)
        return slider

    @Slot()
    def _moved(self) -> None:
        self._show()
        self.changed.emit()

    def _show(self) -> None:
        for slider, value in self._values.items():
            text = self._formats.percent_points(slider.value(), 0, signed=True)
            value.setText(text)
            slider.setAccessibleName(
                _("What if: {name} {value}").format(name=slider.property("what"), value=text)
            )
        self.reset_button.setEnabled(not self.what_if.is_real)
