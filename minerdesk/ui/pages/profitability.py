"""The Profitability page: which groups earn at today's price, and where each should stop."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import ClassVar, Final

from PySide6.QtCore import Slot
from PySide6.QtWidgets import (
    QHBoxLayout,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from minerdesk.domain.text import _
from minerdesk.services.evaluation import Evaluation
from minerdesk.ui.actions import Action
from minerdesk.ui.answered_page import AnsweredPage
from minerdesk.ui.charts.panel import ChartPanel, Panel
from minerdesk.ui.page import PageContext
from minerdesk.ui.panel_actions import panel_actions
from minerdesk.ui.profitability.answer import answer
from minerdesk.ui.profitability.chosen import chosen_words
from minerdesk.ui.profitability.margins import MarginsChart
from minerdesk.ui.profitability.rungs_panel import RungsPanel
from minerdesk.ui.profitability.scene import Scene, scene_of
from minerdesk.ui.profitability.stairs import StairsChart
from minerdesk.ui.profitability.timeline import TimelinePanel
from minerdesk.ui.save_csv import Shown, ask_where
from minerdesk.ui.state import DeskState
from minerdesk.ui.widgets.basics import EmptyState, label
from minerdesk.ui.widgets.group_places import GroupSelection
from minerdesk.ui.widgets.scrolling import FollowingScroll
from minerdesk.ui.widgets.tips import cash_layer

_ROW_HEIGHT: Final = 220
_LEAST_WIDTH: Final = 700


class ProfitabilityPage(AnsweredPage):
    """Headline, merit order, margins, history and break-evens, with one selection."""

    name: ClassVar[str] = "profitability"
    title: ClassVar[str] = "Profitability"
    icon: ClassVar[str] = "profitability"
    wants: ClassVar[frozenset[str]] = frozenset({"evaluation", "history"})

    def __init__(self, context: PageContext, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self._scene: Scene | None = None
        self._evaluation: Evaluation | None = None
        self.selection = GroupSelection(self)
        self._chosen = label("", "muted", wrap=True)
        self._build_charts()
        self._no_rigs = EmptyState(
            _("Enter your rigs, and this page shows which of them earn."),
            _("Go to the fleet"),
            partial(context.go, "fleet"),
        )
        self._no_numbers = EmptyState(
            _("The charts are drawn as soon as price, difficulty, height and fees are known."),
            _("Ask the sources now"),
            partial(context.run_action, "network.poll"),
        )
        self._waiting = EmptyState(_("The fleet is being evaluated."))
        self._lay_out()
        self.selection.changed.connect(self._mark_chosen)

    @property
    def chosen(self) -> str:
        """What is said of the selected group."""
        return self._chosen.text()

    @property
    def shows_empty(self) -> bool:
        """Whether the page has nothing to draw."""
        return self._stack.currentWidget() is not self._body

    def draw(self, state: DeskState) -> None:
        """Show the newest evaluation and history."""
        found = state.slice("evaluation")
        if isinstance(found, Evaluation) and found is not self._evaluation:
            self._evaluation = found
            offline = self.context.services.refresh.offline
            self._no_numbers.offer(not offline)
            self._scene = scene_of(found, self.context.formats, self._scene)
            self._show_scene()
        self.timeline.show_history(state.slice("history"))

    def draw_clock(self, now: datetime) -> None:
        """Keep the headline true while numbers grow old."""
        if self._evaluation is None:
            return
        said = answer(self._evaluation, self._scene, self.context.formats, now)
        tone = "warn" if said.tone == "warn" else ""
        self.answer_with(said.sentence, said.detail, tone, muted=said.outline)

    def select(self, **selection: object) -> None:
        """Select the group whose id is given as ``group``."""
        group = selection.get("group")
        if isinstance(group, str):
            self.selection.choose(group)

    def page_actions(self) -> list[Action]:
        """Return copying and saving of each chart, and the way to the fleet."""
        taken_out = [
            action
            for key, panel, shown in self._panels()
            for action in panel_actions(f"profitability.{key}", panel, partial(self._save, shown))
        ]
        return [
            Action(
                "profitability.fleet",
                _("Show the selected group in the fleet"),
                self._go_to_fleet,
                "Ctrl+G",
                enabled=lambda: bool(self.selection.group_id),
            ),
            Action(
                "profitability.none",
                _("Select no group"),
                lambda: self.selection.choose(""),
                enabled=lambda: bool(self.selection.group_id),
            ),
            *taken_out,
        ]

    def _build_charts(self) -> None:
        theme, icons = self.context.theme, self.context.icons
        self.stairs, self.margins = StairsChart(theme), MarginsChart(theme)
        self.stairs_panel = ChartPanel(_("Merit order"), (self.stairs,), theme, icons)
        self.margins_panel = ChartPanel(_("Margin per group"), (self.margins,), theme, icons)
        self.timeline = TimelinePanel(theme, icons, self.context.formats)
        self.rungs = RungsPanel(theme, icons, self.selection)
        for chart in (self.stairs, self.margins):
            chart.picked.connect(self._picked)
        for _key, panel, shown in self._panels():
            panel.add_entry(_("Save as CSV…"), partial(self._save, shown))

    def _panels(self) -> tuple[tuple[str, Panel, Shown], ...]:
        """Return each panel with its key and the numbers in it."""
        return (
            ("stairs", self.stairs_panel, self.stairs),
            ("margins", self.margins_panel, self.margins),
            ("timeline", self.timeline, self.timeline),
            ("rungs", self.rungs, self.rungs.view),
        )

    def _save(self, shown: Shown) -> None:
        ask_where(shown, self, self.context)

    def _lay_out(self) -> None:
        charts = QWidget()
        rows = QVBoxLayout(charts)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(16)
        for left, right, shares in (
            (self.stairs_panel, self.margins_panel, (1, 1)),
            (self.timeline, self.rungs, (1, 2)),
        ):
            row = QHBoxLayout()
            row.setSpacing(24)
            row.addWidget(left, shares[0])
            row.addWidget(right, shares[1])
            rows.addLayout(row, 1)
            left.setMinimumHeight(_ROW_HEIGHT)
        charts.setMinimumWidth(_LEAST_WIDTH)
        scroll = FollowingScroll()
        scroll.setWidget(charts)
        self._body = scroll
        self._stack = QStackedLayout()
        box = QVBoxLayout(self)
        box.setContentsMargins(24, 16, 24, 16)
        box.setSpacing(8)
        box.addWidget(self.headline)
        box.addWidget(self.below)
        box.addWidget(self._chosen)
        box.addLayout(self._stack, 1)
        # Only now: a stack that has no place yet shows its first part in a window of its own.
        for part in (self._waiting, self._body, self._no_rigs, self._no_numbers):
            self._stack.addWidget(part)

    def _show_scene(self) -> None:
        scene = self._scene
        self._stack.setCurrentWidget(self._part())
        self._chosen.setVisible(scene is not None)
        self.stairs.show_scene(scene)
        self.margins.show_scene(scene)
        self.rungs.show_scene(scene)
        self.stairs_panel.say(self.stairs.note(), cash_layer())
        self.margins_panel.say(self.margins.note())
        self._mark_chosen(self.selection.group_id)

    def _part(self) -> QWidget:
        """Return what stands under the headline."""
        if self._scene is not None:
            return self._body
        empty = self._evaluation is not None and not self._evaluation.book.groups
        return self._no_rigs if empty else self._no_numbers

    @Slot(object)
    def _picked(self, group: int) -> None:
        if self._scene is not None:
            self.selection.choose(self._scene.evaluation.book.groups[group].id)

    @Slot(str)
    def _mark_chosen(self, group_id: str) -> None:
        index = None if self._scene is None else self._scene.group_index(group_id)
        self.stairs.choose(index)
        self.margins.choose(index)
        if self._scene is not None:
            self._chosen.setText(chosen_words(self._scene, index))

    def _go_to_fleet(self) -> None:
        self.context.go("fleet", group=self.selection.group_id)
