"""The Network page: what mining costs and brings, hashrate, difficulty, and where numbers stand."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import ClassVar, Final

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QGuiApplication, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from minerdesk.domain.readings import NetworkState
from minerdesk.domain.text import _
from minerdesk.services.network_reading.explain import explain
from minerdesk.services.network_reading.indicators import Indicators
from minerdesk.services.network_reading.own_money import OwnMoney
from minerdesk.services.network_reading.page_words import (
    cost_rows,
    difficulty_rows,
    hashrate_rows,
    headline,
    history_lines,
    limits_of_the_model,
    more_rows,
    why_no_cost,
)
from minerdesk.ui.actions import Action
from minerdesk.ui.answered_page import AnsweredPage
from minerdesk.ui.charts.base import Chart
from minerdesk.ui.charts.panel import ChartPanel
from minerdesk.ui.network.answer import answer
from minerdesk.ui.network.board import Board
from minerdesk.ui.network.explaining import ExplainButton, ExplainDialog
from minerdesk.ui.network.marks_panel import MarkDialog, MarksPanel
from minerdesk.ui.network.numbers import NumberWords, number_words
from minerdesk.ui.network.past_bar import PastBar, PastNotice
from minerdesk.ui.network.past_files import HistoryDrops
from minerdesk.ui.network.past_opening import import_over
from minerdesk.ui.network.phases import PhasesPanel
from minerdesk.ui.network.range_bar import RangeBar
from minerdesk.ui.network.rows import RowsPanel
from minerdesk.ui.network.sensitivity import SensitivityChart
from minerdesk.ui.network.sources import SourcesPanel
from minerdesk.ui.network.tiles import NumberTile
from minerdesk.ui.page import PageContext
from minerdesk.ui.panel_actions import panel_actions
from minerdesk.ui.save_csv import ask_where
from minerdesk.ui.state import DeskState
from minerdesk.ui.widgets.basics import button, hairline, label
from minerdesk.ui.widgets.scrolling import FollowingScroll

_SIDE_WIDTH: Final = 300
_BOARD_LEAST: Final = 696
_AROUND: Final = 60
_SOURCES_HEIGHT: Final = 170
_BELOW_HEIGHT: Final = 260
_LEAST_WIDTH: Final = 740
_TWO_YEARS: Final = 3


class NetworkPage(AnsweredPage):
    """Headline, four charts on one time axis, readings beside, and what they rest on below."""

    name: ClassVar[str] = "network"
    title: ClassVar[str] = "Network"
    icon: ClassVar[str] = "network"
    wants: ClassVar[frozenset[str]] = frozenset({"network", "indicators", "sources", "past"})

    def __init__(self, context: PageContext, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self._network = NetworkState()
        self._found: Indicators | None = None
        self._drawn: tuple[object, object] = (None, None)
        self._hashprice: float | None = None
        self.notice = PastNotice(context.formats, context.run_action)
        HistoryDrops(self, partial(import_over, self, context))
        self._build_readings()
        self._build_below()
        self._lay_out()
        self.range_bar.choose(_TWO_YEARS)

    @property
    def numbers(self) -> tuple[NumberWords, ...]:
        """What the tiles of live numbers say."""
        return tuple(tile.words for tile in self.tiles if tile.words is not None)

    def draw(self, state: DeskState) -> None:
        """Show the newest readings, live numbers and sources."""
        now = self.context.now()
        network, found = state.slice("network"), state.slice("indicators")
        if isinstance(network, NetworkState) and network is not self._network:
            self._network = network
            self._hashprice = self.context.services.hashprice_per_ph_day(network)
        if isinstance(found, Indicators):
            self._found = found
            drawn = (found.curves, (self._network.retarget, self._network.currency))
            if drawn[0] is not self._drawn[0] or drawn[1] != self._drawn[1]:
                self._drawn = drawn
                self.board.show_indicators(found, self._network, now)
                self.sensitivity.show_indicators(found)
                self.phases.show_indicators(found)
                self._say_sensitivity(found)
            self.marks.show_marks(found.marks)
            self.past_bar.show_lines(map(self.context.formats.with_dates, history_lines(found)))
            self.range_bar.show_power_price(found.choice.price_per_kwh)
        self.sources.show_statuses(state.slice("sources"), now)
        offline = self.sources.offline
        self.past_bar.show_status(state.slice("past"), offline=offline)
        if self.notice.show_lacking(self._found, state.slice("past"), offline=offline):
            self._fit_board()
        self._ask.setDisabled(offline)
        self._ask.setToolTip(_("The settings say to work offline.") if offline else "")

    def draw_clock(self, now: datetime) -> None:
        """Let ages grow and the time to the retarget shrink."""
        formats, found = self.context.formats, self._found
        own = OwnMoney.of(self._network, formats, now)
        said, next_one = headline(found, own), answer(self._network, formats, now)
        below = [said.detail]
        if self._network.example_of is None and self._network.difficulty.reading is not None:
            below.insert(0, next_one.sentence)
        self.answer_with(said.sentence, " ".join(filter(None, below)), said.tone)
        self.below.setToolTip(next_one.detail)
        self._fit_board()
        words = number_words(self._network, self._hashprice, formats, now)
        for tile, each in zip(self.tiles, words, strict=True):
            tile.show_words(each)
        if found is not None:
            self.costs.show_rows(cost_rows(found, own))
            self.costs.setVisible(bool(self.costs.rows))
            self.difficulty.show_rows(difficulty_rows(found, self._network, formats, now))
            self.more.show_rows(more_rows(found, own))
            self.hashrates.show_rows(hashrate_rows(found, formats))
        self.sources.draw_clock(now)

    def page_actions(self) -> list[Action]:
        """Return copying and saving of every chart, explanations, ranges and marks."""
        return [
            *(
                action
                for key, panel in self._panels()
                for action in panel_actions(
                    f"network.{key}", panel, partial(self._save, panel.charts[0])
                )
            ),
            Action("network.phases.table", _("Phases: copy as table"), self.copy_phases),
            Action(
                "network.explain",
                _("How is the cost of mining computed?"),
                partial(self.explain, "cost"),
                enabled=lambda: self._found is not None,
            ),
            Action("network.mark", _("Add a mark of the cost…"), self.ask_mark),
            Action("network.log", _("Log scale of the charts"), self.range_bar.log.toggle),
        ]

    def explain(self, key: str) -> ExplainDialog | None:
        """Show how a figure is computed."""
        if self._found is None:
            return None
        found = explain(key, self._found, self._network, self.context.formats, self.context.now())
        dialog = ExplainDialog(found, self)
        dialog.open()
        return dialog

    def ask_mark(self) -> MarkDialog:
        """Ask for a dated figure of the operator's own."""
        services = self.context.services
        dialog = MarkDialog(services.indicators.add_mark, services.number_style, self)
        dialog.open()
        return dialog

    def copy_phases(self) -> None:
        """Put the list of phases onto the clipboard."""
        QGuiApplication.clipboard().setText(self.phases.copy_text())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Let headline and charts fill the first screen."""
        super().resizeEvent(event)
        self._fit_board()

    def _panels(self) -> tuple[tuple[str, ChartPanel], ...]:
        keys = ("cost", "hashrate", "difficulty", "hashprice", "sensitivity")
        return tuple(zip(keys, (*self.board.panels, self.sensitivity_panel), strict=True))

    def _fit_board(self) -> None:
        width = self.width() - _AROUND
        above = self.range_bar.sizeHint().height() + _AROUND
        for part in (self.headline, self.below):
            above += max(part.heightForWidth(width), 0) if part.text() else 0
        if not self.notice.isHidden():
            above += self.notice.sizeHint().height()
        least = max(_BOARD_LEAST, self.height() - above)
        if least != self.board.minimumHeight():
            self.board.setMinimumHeight(least)

    def _build_readings(self) -> None:
        theme, icons, formats = self.context.theme, self.context.icons, self.context.formats
        self.range_bar = RangeBar(formats)
        self.board = Board(
            theme,
            icons,
            formats,
            ask=self.explain,
            save=self._save,
        )
        self.range_bar.range_chosen.connect(self.board.show_days)
        self.range_bar.log_chosen.connect(self.board.set_log)
        self.range_bar.power_price_chosen.connect(self._choose_power_price)
        self.board.moved.connect(self.range_bar.forget_range)
        self.board.view_changed.connect(self.range_bar.show_span)
        self.costs = RowsPanel(_("Cost and price"), theme, icons, self.explain)
        self.difficulty = RowsPanel(_("Difficulty"), theme, icons, self.explain)
        self.more = RowsPanel(_("More readings"), theme, icons, self.explain)
        self.hashrates = RowsPanel(_("Hashrate"), theme, icons, self.explain)

    def _build_below(self) -> None:
        theme, icons, formats = self.context.theme, self.context.icons, self.context.formats
        self.sensitivity = SensitivityChart(theme, formats)
        self.sensitivity_panel = ChartPanel(
            self.sensitivity.accessibleName(), (self.sensitivity,), theme, icons
        )
        self.sensitivity_panel.add_entry(_("Save as CSV…"), partial(self._save, self.sensitivity))
        self.sensitivity_panel.add_to_head(
            ExplainButton(self.sensitivity_panel.title, icons, partial(self.explain, "sensitivity"))
        )
        self.sensitivity_panel.setMinimumHeight(_BELOW_HEIGHT)
        self.phases = PhasesPanel(formats)
        self.phases.setMinimumHeight(_BELOW_HEIGHT)
        self.phases.confirmation_chosen.connect(self._choose_confirmation)
        self.marks = MarksPanel(formats, self.ask_mark)
        self.marks.removed.connect(self._remove_mark)
        self._limits = label(limits_of_the_model(), "muted", wrap=True)
        self.past_bar = PastBar(formats, self.context.run_action)
        self.tiles = tuple(
            NumberTile(theme, icons)
            for _words in number_words(self._network, None, formats, self.context.now())
        )
        self.sources = SourcesPanel(formats)
        self.sources.setMinimumHeight(_SOURCES_HEIGHT)
        self._ask = button(
            _("Ask the sources now"), partial(self.context.run_action, "network.poll")
        )

    def _lay_out(self) -> None:
        inside = QWidget()
        box = QVBoxLayout(inside)
        box.setContentsMargins(24, 12, 24, 16)
        box.setSpacing(6)
        box.addWidget(self.headline)
        box.addWidget(self.below)
        box.addWidget(self.notice)
        box.addWidget(self.range_bar)
        box.addLayout(self._first_screen(), 1)
        box.addWidget(hairline())
        box.addLayout(self._below())
        box.addWidget(hairline())
        box.addWidget(label(_("Live numbers"), "title"))
        tiles = QHBoxLayout()
        tiles.setSpacing(12)
        for tile in self.tiles:
            tiles.addWidget(tile, 1)
        box.addLayout(tiles)
        inside.setMinimumWidth(_LEAST_WIDTH)
        self._scroll_area = FollowingScroll()
        self._scroll_area.setWidget(inside)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self._scroll_area)

    def _first_screen(self) -> QHBoxLayout:
        side = QWidget()
        rows = QVBoxLayout(side)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(12)
        for part in (self.costs, self.difficulty, self.hashrates):
            rows.addWidget(part)
        rows.addStretch(1)
        side.setFixedWidth(_SIDE_WIDTH)
        row = QHBoxLayout()
        row.setSpacing(16)
        row.addWidget(self.board, 1)
        row.addWidget(hairline(vertical=True))
        row.addWidget(side)
        return row

    def _below(self) -> QGridLayout:
        past = QVBoxLayout()
        past.addWidget(label(_("The past"), "title"))
        past.addWidget(self.past_bar, 1)
        sources = QVBoxLayout()
        sources.addWidget(self.sources, 1)
        sources.addWidget(self._ask, 0, Qt.AlignmentFlag.AlignLeft)
        grid = QGridLayout()
        grid.setHorizontalSpacing(24)
        grid.setVerticalSpacing(16)
        grid.addWidget(self.sensitivity_panel, 0, 0)
        grid.addWidget(self.more, 0, 1)
        grid.addWidget(self._limits, 1, 0, 1, 2)
        grid.addWidget(self.phases, 2, 0)
        grid.addWidget(self.marks, 2, 1)
        grid.addLayout(sources, 3, 0)
        grid.addLayout(past, 3, 1)
        grid.setColumnStretch(0, 5)
        grid.setColumnStretch(1, 3)
        return grid

    def _say_sensitivity(self, found: Indicators) -> None:
        if found.curves.sensitivity is None:
            self.sensitivity_panel.show_empty(why_no_cost(found))
            return
        unconverted = "" if self._network.currency == "USD" else _("in USD, not converted; ")
        self.sensitivity_panel.say(
            unconverted
            + _("day of {day}; level: what a coin brings; dashed: the price chosen").format(
                day=self.context.formats.date(found.readings.as_of)
            )
        )

    def _save(self, chart: Chart) -> None:
        ask_where(chart, self, self.context)

    @Slot(float)
    def _choose_power_price(self, price: float) -> None:
        self.context.services.indicators.choose_power_price(price)

    @Slot(int, float)
    def _choose_confirmation(self, days: int, band: float) -> None:
        self.context.services.indicators.choose_confirmation(days, band)

    @Slot(object)
    def _remove_mark(self, mark: object) -> None:
        self.context.services.indicators.remove_mark(mark)
