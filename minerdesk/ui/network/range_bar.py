"""Controls over the charts: how much time, which scale, at what price of power."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from PySide6.QtCore import QSignalBlocker, Qt, QTimer, Signal
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QSizePolicy,
    QSlider,
    QToolButton,
    QWidget,
)

from minerdesk.domain.errors import UserError
from minerdesk.domain.text import _
from minerdesk.services.number_text import parse_number
from minerdesk.services.words import Formats
from minerdesk.ui.widgets.basics import label, restyle

DAY_S: Final = 86_400.0
_LOW, _HIGH, _STEP = 0.01, 0.20, 0.001
_WAIT_MS: Final = 120


class _WholeOrNothing(QLabel):
    """Small text that is not shown where it would be cut."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "small")
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw all of it, or nothing."""
        if self.sizeHint().width() <= self.width():
            super().paintEvent(event)


class RangeBar(QWidget):
    """Buttons of ranges, the switch of the scale, and the price of power.

    Signals:
        range_chosen(object): days to show as a float, or None for all.
        log_chosen(bool): heights as logarithms.
        power_price_chosen(float): USD per kWh, a moment after the last move.
    """

    range_chosen = Signal(object)
    log_chosen = Signal(bool)
    power_price_chosen = Signal(float)

    def __init__(self, formats: Formats, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._formats = formats
        self._price = 0.05
        self._days: dict[str, float | None] = {
            _("3 m"): 91.0,
            _("6 m"): 183.0,
            _("1 y"): 365.0,
            _("2 y"): 731.0,
            _("5 y"): 1_826.0,
            _("all"): None,
        }
        box = QHBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(4)
        self._group = QButtonGroup(self)
        self.buttons = tuple(self._button(text) for text in self._days)
        for each in self.buttons:
            box.addWidget(each)
        self.log = QCheckBox(_("Log scale"))
        self.log.setAccessibleName(_("Log scale of all four charts"))
        self.log.toggled.connect(self.log_chosen)
        box.addSpacing(8)
        box.addWidget(self.log)
        self.span = _WholeOrNothing()
        box.addSpacing(6)
        box.addWidget(self.span, 1)
        box.addSpacing(6)
        name = _("Price of power")
        words = label(name, "small")
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(round(_LOW / _STEP), round(_HIGH / _STEP))
        self.slider.setPageStep(10)
        self.slider.setMinimumWidth(40)
        self.slider.setMaximumWidth(128)
        self.slider.setAccessibleName(_("Price of power, slider"))
        self.field = QLineEdit()
        self.field.setFixedWidth(72)
        self.field.setAccessibleName(name)
        words.setBuddy(self.field)
        for part in (words, self.slider, self.field, label(_("USD/kWh"), "small")):
            box.addWidget(part)
        self._wait = QTimer(self, singleShot=True, interval=_WAIT_MS)
        self._wait.timeout.connect(self._tell_price)
        self.slider.valueChanged.connect(self._slid)
        self.field.editingFinished.connect(self._typed)

    @property
    def pressed(self) -> bool:
        """Whether a range is chosen, rather than a view by hand."""
        return self._group.checkedButton() is not None

    def choose(self, index: int) -> None:
        """Press the button of a range."""
        self.buttons[index].click()

    def forget_range(self) -> None:
        """Let no button be pressed: the view was moved by hand."""
        pressed = self._group.checkedButton()
        if pressed is not None:
            self._group.setExclusive(False)
            pressed.setChecked(False)
            self._group.setExclusive(True)

    def show_span(self, begin: datetime, end: datetime) -> None:
        """Say which time is in view; the charts' own axis may be further down the page."""
        day = self._formats.date
        text = _("{begin} to {end}").format(begin=day(begin.date()), end=day(end.date()))
        if text != self.span.text():
            self.span.setText(text)

    def show_power_price(self, price_per_kwh: float) -> None:
        """Show the price in force without telling anybody; not while it is being chosen."""
        if self._wait.isActive():
            return
        self._price = price_per_kwh
        with QSignalBlocker(self.slider):
            self.slider.setValue(round(price_per_kwh / _STEP))
        if not self.field.hasFocus():
            self._write()

    def _button(self, text: str) -> QToolButton:
        made = QToolButton()
        made.setText(text)
        made.setCheckable(True)
        made.setProperty("choice", "true")
        made.setAccessibleName(_("Show {range}").format(range=text))
        made.clicked.connect(lambda _on=False: self.range_chosen.emit(self._days[text]))
        self._group.addButton(made)
        return made

    def _slid(self, value: int) -> None:
        self._price = round(value * _STEP, 3)
        self._write()
        self._wait.start()

    def _typed(self) -> None:
        try:
            price = parse_number(self.field.text().strip(), self._formats.number_style)
        except UserError as error:
            self._complain(error.sentence)
            return
        if not _LOW <= price <= _HIGH:
            self._complain(_("The price of power must lie between 0.01 and 0.20 USD/kWh."))
            return
        self._complain("")
        if price == self._price:
            return
        self._price = price
        with QSignalBlocker(self.slider):
            self.slider.setValue(round(price / _STEP))
        self._wait.start()

    def _write(self) -> None:
        self.field.setText(self._formats.number(self._price, 3))
        self._complain("")

    def _complain(self, sentence: str) -> None:
        self.field.setToolTip(sentence)
        self.field.setAccessibleDescription(sentence)
        self.field.setProperty("wrong", "true" if sentence else "false")
        restyle(self.field)

    def _tell_price(self) -> None:
        self.power_price_chosen.emit(self._price)
