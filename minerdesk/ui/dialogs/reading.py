"""Where a number comes from: every source side by side, and one's own value over them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from minerdesk.domain.errors import MinerdeskError
from minerdesk.domain.readings import Gauge, NetworkState, Provenance, Quantity, Reading
from minerdesk.domain.text import _
from minerdesk.services.number_text import parse_number
from minerdesk.ui.dialogs.keys import pressed_focused
from minerdesk.ui.widgets.basics import button, hairline, label, restyle, set_tone

if TYPE_CHECKING:
    from minerdesk.services.number_text import NumberStyle
    from minerdesk.services.words.formats import Formats


@dataclass(frozen=True, slots=True)
class Scale:
    """How a quantity is written and typed: its title, unit, digits, and the unit's size."""

    title: str
    unit: str
    digits: int
    size: float = 1.0


def scale_of(quantity: Quantity, currency: str) -> Scale:
    """Return how ``quantity`` is written."""
    return {
        Quantity.PRICE: Scale(_("BTC price"), currency, 0),
        Quantity.HEIGHT: Scale(_("Block height"), "", 0),
        Quantity.DIFFICULTY: Scale(_("Difficulty"), "T", 2, 1e12),
        Quantity.FEES: Scale(_("Fees per block, mean of 144"), "BTC", 4),
        Quantity.HASHRATE: Scale(_("Network hashrate"), "EH/s", 1, 1e18),
    }.get(quantity, Scale(_("Next retarget"), "%", 1))


def gauge_of(quantity: Quantity, network: NetworkState) -> Gauge | None:
    """Return the gauge of a quantity, or None where it has none (the retarget)."""
    return {
        Quantity.PRICE: network.price,
        Quantity.HEIGHT: network.height,
        Quantity.DIFFICULTY: network.difficulty,
        Quantity.FEES: network.fees,
        Quantity.HASHRATE: network.hashrate,
    }.get(quantity)


class ReadingDialog(QDialog):
    """Shows the sources of one number; lets the operator type a value or release it.

    Args:
        quantity: which number.
        network: what is known now.
        formats: the operator's locale.
        style: how the operator types numbers.
        type_value: puts a value over the live one, or releases it with None; it may raise
            `MinerdeskError`, whose sentence is shown beside the field.
        now: for the ages, UTC.
    """

    def __init__(
        self,
        quantity: Quantity,
        network: NetworkState,
        formats: Formats,
        *,
        style: NumberStyle,
        type_value: Callable[[Quantity, float | None], None],
        now: datetime,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._quantity = quantity
        self._formats = formats
        self._style = style
        self._type_value = type_value
        self._now = now
        self._scale = scale_of(quantity, network.currency)
        self.setWindowTitle(self._scale.title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(520)
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(24, 24, 24, 24)
        self._box.setSpacing(16)
        self._box.addWidget(label(self._scale.title, "title"))
        gauge = gauge_of(quantity, network)
        if gauge is None:
            self._show_retarget(network)
        else:
            self._show_sources(gauge)
            self._show_entry(gauge)
        self._box.addWidget(button(_("Close"), self.reject), 0, Qt.AlignmentFlag.AlignRight)

    @property
    def entry(self) -> QLineEdit:
        """The field for one's own value."""
        return self._entry

    @property
    def complaint(self) -> str:
        """What is wrong with what was typed, or empty."""
        return self._wrong.text()

    @property
    def in_force(self) -> str:
        """What is said of the number in force."""
        return self._in_force.text()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let Return press the button that has the focus."""
        if not pressed_focused(self, event):
            super().keyPressEvent(event)

    def use_typed(self) -> None:
        """Use what stands in the field, or say there what is wrong with it."""
        try:
            self._type_value(self._quantity, self._typed())
        except MinerdeskError as error:
            self._wrong.setText(str(error))
            self._wrong.show()
            self._entry.setProperty("wrong", "true")
            restyle(self._entry)
            self._entry.setFocus()
            return
        self.accept()

    def _typed(self) -> float:
        return parse_number(self._entry.text(), self._style) * self._scale.size

    def release(self) -> None:
        """Let the live value through again."""
        self._type_value(self._quantity, None)
        self.accept()

    def _show_sources(self, gauge: Gauge) -> None:
        self._in_force = label(self._said_in_force(gauge), wrap=True)
        set_tone(self._in_force, "warn" if gauge.is_typed else "")
        self._box.addWidget(self._in_force)
        if not gauge.beside and gauge.reading is None:
            self._box.addWidget(label(_("No source has answered yet."), "muted"))
            return
        grid = QGridLayout()
        grid.setHorizontalSpacing(24)
        for column, head in enumerate((_("source"), _("value"), _("age"), "")):
            grid.addWidget(label(head, "small"), 0, column)
        beside = gauge.beside or ((gauge.reading,) if gauge.reading else ())
        for row, reading in enumerate(beside, start=1):
            for column, text in enumerate(self._cells(reading, gauge)):
                grid.addWidget(label(text), row, column)
        self._box.addLayout(grid)
        if gauge.disputed:
            words = label(_("Two sources disagree; half their distance joins the tolerance."))
            set_tone(words, "warn")
            self._box.addWidget(words)

    def _said_in_force(self, gauge: Gauge) -> str:
        reading = gauge.reading
        if reading is None:
            return _("No number is in force.")
        value = self._written(reading)
        if gauge.is_typed:
            return _("In force: {value}, typed by you, until you release it.").format(value=value)
        return _("In force: {value}, {source}.").format(value=value, source=reading.source)

    def _written(self, reading: Reading) -> str:
        value = self._formats.number(reading.value / self._scale.size, self._scale.digits)
        return f"{value} {reading.currency or self._scale.unit}".strip()

    def _cells(self, reading: Reading, gauge: Gauge) -> tuple[str, str, str, str]:
        typed = reading.provenance is Provenance.TYPED
        if reading.source in gauge.left_out:
            remark = _("left out: too far from the others")
        elif reading is gauge.reading or reading == gauge.reading:
            remark = _("in force")
        elif reading.age(self._now) > gauge.stale_after:
            remark = _("stale")
        else:
            remark = ""
        age = _("until released") if typed else self._formats.age(reading.age(self._now))
        return reading.source, self._written(reading), age, remark

    def _show_entry(self, gauge: Gauge) -> None:
        self._box.addWidget(hairline())
        self._entry = QLineEdit()
        name = _("Your own value in {unit}").format(unit=self._scale.unit or _("blocks"))
        self._entry.setAccessibleName(name)
        self._entry.setPlaceholderText(name)
        self._entry.returnPressed.connect(self.use_typed)
        self._wrong = label("", wrap=True)
        set_tone(self._wrong, "lose")
        self._wrong.hide()
        row = QHBoxLayout()
        row.addWidget(self._entry, 1)
        row.addWidget(button(_("Use my value"), self.use_typed, primary=True))
        if gauge.is_typed:
            row.addWidget(button(_("Release"), self.release))
        self._box.addLayout(row)
        self._box.addWidget(self._wrong)

    def _show_retarget(self, network: NetworkState) -> None:
        found = network.retarget
        if found is None:
            self._box.addWidget(label(_("The next retarget is not known yet."), "muted"))
            return
        number = self._formats.number
        lines = [
            _("{change}, one standard deviation").format(
                change=self._formats.change(found.change_pct, found.error_pct, 2)
            ),
            _("at block {height}, in {blocks} blocks, {when} UTC").format(
                height=number(found.height),
                blocks=number(found.remaining_blocks),
                when=f"{found.at:%Y-%m-%d %H:%M}",
            ),
            _("source: {source}").format(source=found.source),
        ]
        if found.previous_pct is not None:
            lines.append(
                _("the last one was {change}").format(
                    change=self._formats.percent_points(found.previous_pct, 2, signed=True)
                )
            )
        for line in lines:
            self._box.addWidget(label(line))
