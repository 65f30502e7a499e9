"""The Network page: the next retarget, the live numbers with source and age, and their history."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import ClassVar, Final

from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from minerdesk.domain.readings import NetworkState
from minerdesk.domain.text import _
from minerdesk.ui.actions import Action
from minerdesk.ui.network.answer import answer
from minerdesk.ui.network.charts import NetworkCharts
from minerdesk.ui.network.numbers import NumberWords, number_words
from minerdesk.ui.network.sources import SourcesPanel
from minerdesk.ui.network.tiles import NumberTile
from minerdesk.ui.page import Page, PageContext
from minerdesk.ui.state import DeskState
from minerdesk.ui.widgets.basics import button, hairline, label, set_tone

_SOURCES_WIDTH: Final = 280
_CHARTS_HEIGHT: Final = 320
_LEAST_WIDTH: Final = 740


class NetworkPage(Page):
    """Headline, tiles, charts and the sources."""

    name: ClassVar[str] = "network"
    title: ClassVar[str] = "Network"
    icon: ClassVar[str] = "network"
    wants: ClassVar[frozenset[str]] = frozenset({"network", "history", "sources"})

    def __init__(self, context: PageContext, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self._network = NetworkState()
        self._hashprice: float | None = None
        self._headline = label("", "headline", wrap=True)
        self._detail = label("", "lead", wrap=True)
        now = context.now()
        self.tiles = tuple(
            NumberTile(context.theme, context.icons)
            for _words in number_words(self._network, None, context.formats, now)
        )
        self.charts = NetworkCharts(context.theme, context.icons, context.formats)
        self.sources = SourcesPanel(context.formats)
        self._ask = button(_("Ask the sources now"), partial(context.run_action, "network.poll"))
        self._lay_out()

    @property
    def sentence(self) -> str:
        """The headline."""
        return self._headline.text()

    @property
    def detail(self) -> str:
        """What stands under the headline."""
        return self._detail.text()

    @property
    def numbers(self) -> tuple[NumberWords, ...]:
        """What the tiles say."""
        return tuple(tile.words for tile in self.tiles if tile.words is not None)

    def draw(self, state: DeskState) -> None:
        """Show the newest network state, its history and the sources."""
        now = self.context.now()
        network = state.slice("network")
        if isinstance(network, NetworkState) and network is not self._network:
            self._network = network
            self._hashprice = self.context.services.hashprice_per_ph_day(network)
        self.charts.show_history(state.slice("history"), self._network, now)
        self.sources.show_statuses(state.slice("sources"), now)
        offline = self.sources.offline
        self._ask.setDisabled(offline)
        self._ask.setToolTip(_("The settings say to work offline.") if offline else "")

    def draw_clock(self, now: datetime) -> None:
        """Let ages grow and the time to the retarget shrink."""
        formats = self.context.formats
        said = answer(self._network, formats, now)
        self._headline.setText(said.sentence)
        set_tone(self._headline, "warn" if said.tone == "warn" else "")
        self._detail.setText(said.detail)
        self._detail.setVisible(bool(said.detail))
        words = number_words(self._network, self._hashprice, formats, now)
        for tile, each in zip(self.tiles, words, strict=True):
            tile.show_words(each)
        self.sources.draw_clock(now)

    def page_actions(self) -> list[Action]:
        """Return copying of the charts."""
        hashrate, difficulty = self.charts.hashrate, self.charts.difficulty
        return [
            Action(
                "network.charts.picture",
                _("{chart}: copy as picture").format(chart=self.charts.title),
                self.charts.copy_picture,
            ),
            Action(
                "network.hashrate.table",
                _("{chart}: copy as table").format(chart=hashrate.accessibleName()),
                hashrate.copy_table,
            ),
            Action(
                "network.difficulty.table",
                _("{chart}: copy as table").format(chart=difficulty.accessibleName()),
                difficulty.copy_table,
            ),
        ]

    def _lay_out(self) -> None:
        tiles = QHBoxLayout()
        tiles.setSpacing(12)
        for tile in self.tiles:
            tiles.addWidget(tile, 1)
        right = QVBoxLayout()
        right.setSpacing(8)
        right.addWidget(self.sources, 1)
        right.addWidget(self._ask)
        side = QWidget()
        side.setLayout(right)
        right.setContentsMargins(0, 0, 0, 0)
        side.setFixedWidth(_SOURCES_WIDTH)
        below = QHBoxLayout()
        below.setSpacing(16)
        below.addWidget(self.charts, 1)
        below.addWidget(hairline(vertical=True))
        below.addWidget(side)
        self.charts.setMinimumHeight(_CHARTS_HEIGHT)
        inside = QWidget()
        box = QVBoxLayout(inside)
        box.setContentsMargins(24, 16, 24, 16)
        box.setSpacing(12)
        box.addWidget(self._headline)
        box.addWidget(self._detail)
        box.addLayout(tiles)
        box.addLayout(below, 1)
        inside.setMinimumWidth(_LEAST_WIDTH)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setWidget(inside)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(scroll)
