"""The strip on top of every page: the live numbers, each with its age."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from minerdesk.domain.readings import NetworkState
from minerdesk.domain.text import _
from minerdesk.ui.icons import Icons
from minerdesk.ui.state import DeskState
from minerdesk.ui.strip_words import GaugeWords, strip_words
from minerdesk.ui.widgets.basics import label, restyle, set_tone

if TYPE_CHECKING:
    from minerdesk.services.words.formats import Formats


class GaugeButton(QPushButton):
    """One number: its name and age small above, the value below. A press opens its sources."""

    def __init__(self, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("gauge", "true")
        self.setAutoDefault(False)
        self.setFlat(True)
        self._icons = icons
        self._pin = QLabel()
        self._pin.setVisible(False)
        self._name = label("", "small")
        self._age = label("", "small")
        self._value = label("", "gauge")
        above = QHBoxLayout()
        above.setSpacing(4)
        for part in (self._pin, self._name, self._age):
            above.addWidget(part)
        above.addStretch(1)
        box = QVBoxLayout(self)
        box.setContentsMargins(6, 4, 6, 4)
        box.setSpacing(0)
        box.addLayout(above)
        box.addWidget(self._value)
        for part in (self._pin, self._name, self._age, self._value):
            part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._shown: GaugeWords | None = None
        icons.changed.connect(self._tint)

    def show_words(self, words: GaugeWords) -> None:
        """Show a number; nothing is touched when nothing changed."""
        if words == self._shown:
            return
        self._shown = words
        self._name.setText(words.name)
        age = _("{age} old").format(age=words.age) if words.stale else words.age
        self._age.setText(f"· {age}")
        self._age.setVisible(bool(words.age))
        set_tone(self._age, "warn" if words.stale else "")
        self._value.setText(words.value)
        if words.typed and self._pin.pixmap().isNull():
            self._tint()
        self._pin.setVisible(words.typed)
        self.setAccessibleName(words.spoken())
        self.setToolTip(words.tip)
        stale = "true" if words.stale else "false"
        if self.property("stale") != stale:
            self.setProperty("stale", stale)
            restyle(self)

    @property
    def words(self) -> GaugeWords | None:
        """What is shown."""
        return self._shown

    def sizeHint(self) -> QSize:
        """A push button does not ask its layout by itself."""
        layout = self.layout()
        return super().sizeHint() if layout is None else layout.sizeHint()

    def minimumSizeHint(self) -> QSize:
        """As `sizeHint`."""
        return self.sizeHint()

    @Slot()
    def _tint(self) -> None:
        self._pin.setPixmap(self._icons.icon("pin").pixmap(12, 12))


class StatusStrip(QWidget):
    """Five numbers and the sign of how the program stands: live, offline or example.

    Signals:
        asked(object): the `Quantity` whose sources the operator wants to see.
    """

    asked = Signal(object)

    def __init__(
        self,
        icons: Icons,
        formats: Formats,
        hashprice: Callable[[NetworkState], float | None],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("strip")
        self._formats = formats
        self._hashprice_of = hashprice
        self._network = NetworkState()
        self._hashprice: float | None = None
        self._gauges: dict[str, GaugeButton] = {}
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(18, 4, 16, 4)
        self._row.setSpacing(4)
        for words in strip_words(self._network, None, formats, datetime.now(UTC)):
            made = GaugeButton(icons)
            made.show_words(words)
            made.clicked.connect(lambda _checked=False, gauge=made: self._ask(gauge))
            self._gauges[words.id] = made
            self._row.addWidget(made)
        self._row.addStretch(1)
        self._standing = label("", "muted")
        self._row.addWidget(self._standing)

    def draw(self, state: DeskState, now: datetime) -> None:
        """Take the newest network state and show it."""
        network = state.slice("network")
        if isinstance(network, NetworkState) and network is not self._network:
            self._network = network
            self._hashprice = self._hashprice_of(network)
        self.draw_clock(now)

    def draw_clock(self, now: datetime) -> None:
        """Let the ages grow."""
        for words in strip_words(self._network, self._hashprice, self._formats, now):
            self._gauges[words.id].show_words(words)
        text, tone = self.standing()
        self._standing.setText(text)
        set_tone(self._standing, tone)

    def standing(self) -> tuple[str, str]:
        """Return how the program stands, in words with a shape, and its tone."""
        if self._network.revision == 0:
            return "", ""  # what was kept is being read
        if self._network.example_of is not None:
            return _("◇ example"), "warn"
        if self._network.online:
            return _("● live"), "earn"
        return _("○ offline"), ""

    def gauge(self, gauge_id: str) -> GaugeButton:
        """Return the button of one number."""
        return self._gauges[gauge_id]

    def _ask(self, gauge: GaugeButton) -> None:
        if gauge.words is not None:
            self.asked.emit(gauge.words.quantity)
