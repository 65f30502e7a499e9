"""The Standing page: where the fleet stands against the network, against buying, and elsewhere."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import ClassVar, Final

from PySide6.QtCore import QLocale, QSignalBlocker, Slot
from PySide6.QtWidgets import (
    QHBoxLayout,
    QStackedLayout,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from minerdesk.domain.book import Book
from minerdesk.domain.errors import UserError
from minerdesk.domain.text import _
from minerdesk.services.standing.explain import explain_standing
from minerdesk.services.standing.view import StandingChoice, StandingView
from minerdesk.services.standing.words import standing_headline
from minerdesk.ui.actions import Action
from minerdesk.ui.answered_page import AnsweredPage
from minerdesk.ui.charts.panel import ChartPanel, Panel
from minerdesk.ui.network.explaining import ExplainButton, ExplainDialog
from minerdesk.ui.page import PageContext
from minerdesk.ui.panel_actions import panel_actions
from minerdesk.ui.save_csv import Shown, ask_where
from minerdesk.ui.standing.border import BorderChart
from minerdesk.ui.standing.buy import MineOrBuy
from minerdesk.ui.standing.dots import shapes_words
from minerdesk.ui.standing.field import number_field
from minerdesk.ui.standing.scene import Scene
from minerdesk.ui.standing.stairs import CostChart
from minerdesk.ui.standing.what_if import WhatIf
from minerdesk.ui.state import DeskState
from minerdesk.ui.widgets.basics import EmptyState, label
from minerdesk.ui.widgets.group_places import GroupSelection
from minerdesk.ui.widgets.scrolling import FollowingScroll

_LEAST_WIDTH: Final = 740
_LEAST_HEIGHT: Final = 480


class StandingPage(AnsweredPage):
    """Headline, then four evidences on a tab each, with one selection."""

    name: ClassVar[str] = "standing"
    title: ClassVar[str] = "Standing"
    icon: ClassVar[str] = "standing"
    wants: ClassVar[frozenset[str]] = frozenset({"book", "evaluation", "standing"})

    def __init__(self, context: PageContext, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self._scene: Scene | None = None
        self.chosen = GroupSelection(self)
        self._build_parts()
        self._no_rigs = EmptyState(
            _("Enter your rigs, and this page shows where they stand."),
            _("Go to the fleet"),
            partial(context.go, "fleet"),
        )
        self._no_numbers = EmptyState(
            _("This page is drawn as soon as price, difficulty, height and fees are known."),
            _("Ask the sources now"),
            partial(context.run_action, "network.poll"),
        )
        self._lay_out()
        self.chosen.changed.connect(self._mark_chosen)

    @property
    def shows_empty(self) -> bool:
        """Whether the page has nothing to draw."""
        return self._stack.currentWidget() is not self._body

    def draw(self, state: DeskState) -> None:
        """Show the newest view."""
        view = state.slice("standing")
        book = state.slice("book")
        empty = isinstance(book, Book) and not book.groups
        if not isinstance(view, StandingView) or empty:
            self._scene = None
            offline = self.context.services.refresh.offline
            self._no_numbers.offer(not offline)
            self._stack.setCurrentWidget(self._no_rigs if empty else self._no_numbers)
            self.headline.clear()
            self.below.clear()
            return
        if self._scene is None or self._scene.view is not view:
            self._scene = Scene.of(view, self.context.formats, self._scene)
            self._show_scene(self._scene)
        self._stack.setCurrentWidget(self._body)

    def draw_clock(self, now: datetime) -> None:
        """Keep the headline true while numbers grow old."""
        if self._scene is None:
            return
        said = standing_headline(self._scene.view, self.context.formats, now)
        tone = "warn" if said.tone == "warn" else ""
        self.answer_with(said.sentence, said.detail, tone, muted=said.outline)

    def select(self, **selection: object) -> None:
        """Select the group whose id is given as ``group``."""
        group = selection.get("group")
        if isinstance(group, str):
            self.chosen.choose(group)

    def explain(self, key: str) -> ExplainDialog | None:
        """Show how an evidence is computed."""
        if self._scene is None:
            return None
        found = explain_standing(key, self._scene.view, self.context.formats, self.context.now())
        dialog = ExplainDialog(found, self)
        dialog.open()
        return dialog

    def page_actions(self) -> list[Action]:
        """Return the ways to the selected group elsewhere, and copying and saving."""

        def picked() -> bool:
            return bool(self.chosen.group_id)

        return [
            Action(
                "standing.fleet",
                _("Show the selected group in the fleet"),
                lambda: self.context.go("fleet", group=self.chosen.group_id),
                "Ctrl+Shift+G",
                enabled=picked,
            ),
            Action(
                "standing.profitability",
                _("Show the selected group in profitability"),
                lambda: self.context.go("profitability", group=self.chosen.group_id),
                enabled=picked,
            ),
            *(
                action
                for key, panel, shown in self._saved()
                for action in panel_actions(f"standing.{key}", panel, partial(self._save, shown))
            ),
        ]

    def _build_parts(self) -> None:
        theme, icons = self.context.theme, self.context.icons
        self.cost, self.border = CostChart(theme), BorderChart(theme)
        self.cost_panel = ChartPanel(
            _("Cost of a coin across the network"), (self.cost,), theme, icons, lines=2
        )
        self.border_panel = ChartPanel(_("Who is squeezed"), (self.border,), theme, icons)
        self.squeezed = label("", "lead", wrap=True)
        self.buy = MineOrBuy(theme, icons, self.chosen, self.context.formats)
        self.what_if = WhatIf(theme, icons)
        self.power_price = number_field(
            _("The network's price of power"),
            (0.01, 0.20),
            " USD/kWh",
            _(
                "What the model takes the network to pay. It is the same as on the Network "
                "page; Cambridge's own figure is 0.05."
            ),
            digits=3,
        )
        self.power_price.setSingleStep(0.005)
        self.power_price.valueChanged.connect(self._choose_power_price)
        self.buy.wanted.connect(self._choose)
        self.what_if.states.activated.connect(self._choose_states)
        for field in (self.power_price, *self.buy.fields):
            field.setLocale(QLocale(self.context.formats.locale))
        for key, panel, shown in self._saved():
            panel.add_entry(_("Save as CSV…"), partial(self._save, shown))
            panel.add_to_head(ExplainButton(panel.title, icons, partial(self.explain, key)))
        for dots in (self.cost.dots, self.border.dots):
            dots.picked.connect(self.chosen.choose)

    def _saved(self) -> tuple[tuple[str, Panel, Shown], ...]:
        """Return each panel with its key and the numbers in it."""
        return (
            ("cost", self.cost_panel, self.cost),
            ("border", self.border_panel, self.border),
            ("buy", self.buy.panel, self.buy.panel.view),
            ("what_if", self.what_if.panel, self.what_if.chart),
        )

    def _save(self, shown: Shown) -> None:
        ask_where(shown, self, self.context)

    def _lay_out(self) -> None:
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        self.tabs.tabBar().setDrawBase(False)
        self.tabs.tabBar().setAccessibleName(_("Evidence"))
        self.tabs.setAccessibleName(_("Evidence"))
        self.tabs.addTab(self._cost_tab(), _("Cost against the network"))
        self.tabs.addTab(self._border_tab(), _("Who is squeezed"))
        self.tabs.addTab(self.buy, _("Mine or buy"))
        self.tabs.addTab(self.what_if, _("What if"))
        self._body = QWidget()
        box = QVBoxLayout(self._body)
        box.setContentsMargins(24, 16, 24, 16)
        box.setSpacing(12)
        box.addWidget(self.headline)
        box.addWidget(self.below)
        box.addWidget(self.tabs, 1)
        self._body.setMinimumSize(_LEAST_WIDTH, _LEAST_HEIGHT)
        holder = QWidget()
        self._stack = QStackedLayout(holder)
        for part in (self._no_numbers, self._no_rigs, self._body):
            self._stack.addWidget(part)
        scroll = FollowingScroll()
        scroll.setWidget(holder)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(scroll)

    def _cost_tab(self) -> QWidget:
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(label(_("The network pays"), "muted"))
        row.addWidget(self.power_price)
        row.addStretch(1)
        foot = label(shapes_words(), "small", wrap=True)
        made = _column(self.cost_panel, foot)
        layout = made.layout()
        if isinstance(layout, QVBoxLayout):
            layout.insertLayout(0, row)
        return made

    def _border_tab(self) -> QWidget:
        made = _column(self.border_panel, label(shapes_words(), "small", wrap=True))
        layout = made.layout()
        if isinstance(layout, QVBoxLayout):
            layout.insertWidget(0, self.squeezed)
        return made

    def _show_scene(self, scene: Scene) -> None:
        with QSignalBlocker(self.power_price):
            if not self.power_price.hasFocus():
                self.power_price.setValue(self.context.services.indicators.choice.price_per_kwh)
        self.cost.show_scene(scene)
        if scene.view.costs is None:
            self.cost_panel.show_empty(scene.view.why_no_costs)
        else:
            self.cost_panel.say(self.cost.note())
        self.border.show_scene(scene)
        self.squeezed.setText(self.border.note())
        self.border_panel.say(
            _("a dot is a group; under the border it earns, in the hatching it loses")
        )
        self.buy.show_scene(scene)
        self.what_if.show_scene(scene)
        self._mark_chosen(self.chosen.group_id)

    @Slot(str)
    def _mark_chosen(self, group_id: str) -> None:
        index = None if self._scene is None else self._scene.index(group_id)
        self.cost.dots.choose(index)
        self.border.dots.choose(index)

    @Slot(object)
    def _choose(self, choice: StandingChoice) -> None:
        self.context.services.standing.choose(choice)

    @Slot()
    def _choose_states(self) -> None:
        held: StandingChoice = self.context.services.standing.choice
        best = bool(self.what_if.states.currentData())
        self._choose(replace(held, best_states=best))

    @Slot(float)
    def _choose_power_price(self, price: float) -> None:
        try:
            self.context.services.indicators.choose_power_price(price)
        except UserError as error:
            self.context.toast(str(error), "error")


def _column(*parts: QWidget) -> QWidget:
    made = QWidget()
    box = QVBoxLayout(made)
    box.setContentsMargins(0, 8, 0, 0)
    box.setSpacing(6)
    for place, part in enumerate(parts):
        box.addWidget(part, 1 if place == 0 else 0)
    return made
