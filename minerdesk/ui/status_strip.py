"""The strip on top of every page: the live numbers, each with its age."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QMenu,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from minerdesk.domain.readings import NetworkState
from minerdesk.domain.text import _
from minerdesk.services.evaluation import Evaluation
from minerdesk.services.words.standing import is_small
from minerdesk.ui.icons import Icons
from minerdesk.ui.state import DeskState
from minerdesk.ui.strip_words import GaugeWords, Standing, standing_of, strip_words
from minerdesk.ui.widgets.basics import label, restyle, set_tone

if TYPE_CHECKING:
    from minerdesk.services.sources import SourceStatus
    from minerdesk.services.words.formats import Formats

_PIN_PX: Final = 16
# What makes room first when the window is narrow.
_LEAST_FIRST: Final = ("fees", "difficulty", "hashprice", "retarget", "price")


class GaugeButton(QPushButton):
    """One number: its name and age small above, the value below. A press opens its sources."""

    def __init__(self, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("gauge", "true")
        self.setAutoDefault(False)
        self.setFlat(True)
        self._icons = icons
        self._pin = label(name=_("typed by you"))
        self._pin.setVisible(False)
        self._name = label("", "small")
        # With a pin beside it and without, so that all numbers stand on one line.
        self._name.setMinimumHeight(_PIN_PX)
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
        self._pin.setPixmap(self._icons.icon("pin").pixmap(_PIN_PX, _PIN_PX))


class MoreButton(QToolButton):
    """Holds the numbers there is no room for; its tool tip says them, its menu opens each.

    Args:
        chosen: gets the button of the number that was chosen.
    """

    def __init__(self, chosen: Callable[[GaugeButton], object]) -> None:
        super().__init__()
        self._chosen = chosen
        self._held: list[GaugeButton] = []
        self._menu = QMenu(self)
        self._menu.aboutToShow.connect(self._fill)
        self.setMenu(self._menu)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setText("+0")
        self.hide()

    def hold(self, gauges: list[GaugeButton]) -> None:
        """Stand for these numbers; for none, hide."""
        said = "\n".join(gauge.words.spoken() for gauge in gauges if gauge.words is not None)
        if gauges == self._held and said == self.toolTip():
            return
        self._held = gauges
        self.setText(f"+{len(gauges)}")
        self.setToolTip(said)
        self.setAccessibleName(_("More numbers"))
        self.setAccessibleDescription(said)
        self.setVisible(bool(gauges))

    def entries(self) -> list[QAction]:
        """Return the menu's entries as they are now."""
        self._fill()
        return self._menu.actions()

    @Slot()
    def _fill(self) -> None:
        self._menu.clear()
        for gauge in self._held:
            if gauge.words is not None:
                entry = self._menu.addAction(gauge.words.spoken())
                entry.triggered.connect(partial(self._choose, gauge))

    def _choose(self, gauge: GaugeButton, *_checked: bool) -> None:
        self._chosen(gauge)


class StatusStrip(QWidget):
    """Five numbers and the sign of how the program stands: live, typed, offline, example.

    Where the window is too narrow for all, the least important go into a menu at the end.

    Signals:
        asked(object): the `Quantity` whose sources the operator wants to see.
    """

    asked = Signal(object)

    def __init__(
        self,
        icons: Icons,
        formats: Formats,
        hashprice: Callable[[NetworkState], float | None],
        offline: Callable[[], bool],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("strip")
        self._offline = offline
        self._sources: tuple[SourceStatus, ...] | None = None
        self._formats = formats
        self._hashprice_of = hashprice
        self._network = NetworkState()
        self._hashprice: float | None = None
        self._small = False
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
        self._more = MoreButton(self._ask)
        self._row.addWidget(self._more)
        self._row.addStretch(1)
        self._standing = label("", "muted")
        self._row.addWidget(self._standing)

    @property
    def more(self) -> MoreButton:
        """What holds the numbers there is no room for."""
        return self._more

    def draw(self, state: DeskState, now: datetime) -> None:
        """Take the newest network state and show it."""
        network = state.slice("network")
        if isinstance(network, NetworkState) and network is not self._network:
            self._network = network
            self._hashprice = self._hashprice_of(network)
        evaluation = state.slice("evaluation")
        self._small = (
            isinstance(evaluation, Evaluation)
            and bool(evaluation.book.groups)
            and is_small(evaluation)
        )
        sources = state.slice("sources")
        self._sources = sources if isinstance(sources, tuple) else None
        self.draw_clock(now)

    def draw_clock(self, now: datetime) -> None:
        """Let the ages grow."""
        for words in strip_words(
            self._network, self._hashprice, self._formats, now, small=self._small
        ):
            self._gauges[words.id].show_words(words)
        standing = self.standing()
        self._standing.setText(standing.text)
        self._standing.setToolTip(standing.tip)
        self._standing.setAccessibleDescription(standing.tip)
        set_tone(self._standing, standing.tone)
        self._fit()

    def standing(self) -> Standing:
        """Return how the program stands."""
        return standing_of(self._network, self._sources, offline=self._offline())

    def gauge(self, gauge_id: str) -> GaugeButton:
        """Return the button of one number."""
        return self._gauges[gauge_id]

    def minimumSizeHint(self) -> QSize:
        """As high as its parts, and as narrow as the window likes."""
        return QSize(0, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show what there is room for."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        margins, gap = self._row.contentsMargins(), self._row.spacing()
        room = self.width() - margins.left() - margins.right()
        room -= self._standing.sizeHint().width() + gap
        width = {name: made.sizeHint().width() + gap for name, made in self._gauges.items()}
        kept = list(width)
        if sum(width.values()) > room:
            room -= self._more.sizeHint().width() + gap
            for name in _LEAST_FIRST:
                if sum(width[each] for each in kept) <= room:
                    break
                kept.remove(name)
        for name, made in self._gauges.items():
            made.setVisible(name in kept)
        self._more.hold([made for name, made in self._gauges.items() if name not in kept])

    def _ask(self, gauge: GaugeButton) -> None:
        if gauge.words is not None:
            self.asked.emit(gauge.words.quantity)
