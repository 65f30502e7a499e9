"""What if: two sliders, the map, and what the fleet earns at the place they name."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QComboBox, QGridLayout, QLabel, QSlider, QVBoxLayout, QWidget

from minerdesk.domain.text import _
from minerdesk.services.standing.words import what_if_words
from minerdesk.ui.charts.panel import ChartPanel
from minerdesk.ui.icons import Icons
from minerdesk.ui.standing.heat import HeatChart
from minerdesk.ui.standing.scene import Scene
from minerdesk.ui.theme import Theme
from minerdesk.ui.widgets.basics import button, label

_STEPS: Final = 1_000


class WhatIf(QWidget):
    """The map under its controls.

    Attributes:
        states: which states groups take elsewhere; the page passes a change of it on.
    """

    def __init__(self, theme: Theme, icons: Icons) -> None:
        super().__init__()
        self._scene: Scene | None = None
        self._place: tuple[float, float] | None = None
        self.chart = HeatChart(theme)
        self.panel = ChartPanel(
            _("Margin over price and difficulty"), (self.chart,), theme, icons, lines=2
        )
        self.answer = label("", "lead", wrap=True)
        self.price, self._price_words = self._slider(_("What if: BTC price"))
        self.difficulty, self._difficulty_words = self._slider(_("What if: difficulty"))
        self.today = button(_("Today"), self._back)
        self.today.setToolTip(_("Back to today's price and difficulty"))
        self.states = QComboBox()
        self.states.setAccessibleName(_("States of the groups"))
        self.states.view().setAccessibleName(self.states.accessibleName())
        self.states.addItem(_("each group in its best state"), True)
        self.states.addItem(_("every rig as it runs now"), False)
        self._lay_out()
        self.chart.placed.connect(self.put)

    @property
    def place(self) -> tuple[float, float] | None:
        """Price and difficulty that are asked about; None means today's."""
        return self._place

    def show_scene(self, scene: Scene) -> None:
        """Show a view; the place that is asked about stays."""
        self._scene = scene
        self.chart.show_scene(scene)
        self.panel.say(self.chart.note())
        self.states.setCurrentIndex(0 if scene.view.choice.best_states else 1)
        self._tell()

    @Slot(float, float)
    def put(self, price_per_btc: float, difficulty: float) -> None:
        """Ask about a price and a difficulty; outside the map its edge is taken."""
        reach = self.chart.reach
        self._place = (
            min(max(price_per_btc, reach.left()), reach.right()),
            min(max(difficulty, reach.top()), reach.bottom()),
        )
        self._tell()

    @Slot()
    def _back(self) -> None:
        self._place = None
        self._tell()

    @Slot()
    def _slid(self) -> None:
        reach = self.chart.reach
        self._place = (
            reach.left() + reach.width() * self.price.value() / _STEPS,
            reach.top() + reach.height() * self.difficulty.value() / _STEPS,
        )
        self._tell()

    def _tell(self) -> None:
        scene = self._scene
        if scene is None:
            return
        view, reach = scene.view, self.chart.reach
        price, difficulty = self._place or (view.price_per_btc, view.difficulty)
        shares = (
            (self.price, (price - reach.left()) / reach.width()),
            (self.difficulty, (difficulty - reach.top()) / reach.height()),
        )
        for slider, share in shares:
            slider.blockSignals(True)
            slider.setValue(round(share * _STEPS))
            slider.blockSignals(False)
        self._price_words.setText(scene.money(price))
        self._difficulty_words.setText(scene.formats.difficulty(difficulty))
        self.answer.setText(what_if_words(view, scene.formats, price, difficulty) + ".")
        self.today.setEnabled(self._place is not None)
        self.chart.ask(self._place)

    def _slider(self, name: str) -> tuple[QSlider, QLabel]:
        slider = QSlider(Qt.Orientation.Horizontal)
        slider.setRange(0, _STEPS)
        slider.setSingleStep(_STEPS // 100)
        slider.setPageStep(_STEPS // 10)
        slider.setAccessibleName(name)
        slider.valueChanged.connect(self._slid)
        return slider, label("–")

    def _lay_out(self) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(4)
        rows = (
            (_("BTC price"), self.price, self._price_words, self.states),
            (_("Difficulty"), self.difficulty, self._difficulty_words, self.today),
        )
        for row, (name, slider, words, beside) in enumerate(rows):
            words.setMinimumWidth(90)
            words.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            for column, part in enumerate((label(name, "muted"), slider, words, beside)):
                grid.addWidget(part, row, column)
        grid.setColumnStretch(1, 1)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 8, 0, 0)
        box.setSpacing(8)
        box.addWidget(self.answer)
        box.addLayout(grid)
        box.addWidget(self.panel, 1)
