"""What stands under the headline: controls, the three bands, the lists, the sliders."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QMenu,
    QPushButton,
    QSplitter,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from minerdesk.domain.text import _
from minerdesk.services.planning.plan import Plan, PlanOptions
from minerdesk.ui.page import PageContext
from minerdesk.ui.plan.bands_panel import BandsPanel
from minerdesk.ui.plan.by_hand import ByHandPanel
from minerdesk.ui.plan.controls import Controls
from minerdesk.ui.plan.moves_panel import MovesPanel
from minerdesk.ui.plan.pin_row import PinRow
from minerdesk.ui.plan.scene import Scene, scene_of
from minerdesk.ui.plan.selection import PlanSelection
from minerdesk.ui.plan.sliders import Sliders
from minerdesk.ui.plan.worth import WorthPanel
from minerdesk.ui.widgets.basics import label, set_tone
from minerdesk.ui.widgets.scrolling import FollowingScroll

_SIDE_BY_SIDE_PX: Final = 940
_LEAST_PX: Final = (700, 430)
_LEAST_STACKED_PX: Final = 860
_SHARES: Final = (56, 44)
_GAP_PX: Final = 12


class PlanBody(FollowingScroll):
    """Holds the parts; side by side where there is room, else one over the other.

    Attributes:
        note: a line for what the sliders' plan is about: being made, or why there is none.
    """

    def __init__(self, context: PageContext, selection: PlanSelection, asked: PlanOptions) -> None:
        super().__init__()
        self._context, self._base = context, asked
        self._scene: Scene | None = None
        self.selection = selection
        self.bands = BandsPanel(context.theme, context.icons, context.formats, selection)
        self.bands.setMinimumSize(360, 300)
        self.bands.setContentsMargins(0, 0, _GAP_PX, 0)
        self.moves = MovesPanel(selection)
        self.by_hand, self.worth = ByHandPanel(), WorthPanel()
        self.pin_row = PinRow(selection)
        self.sliders = Sliders(context.formats)
        self.controls = Controls(asked.hours, asked.step_minutes)
        self.note = label("", "small")
        self.export_button = QPushButton(_("Export"))
        self.export_button.setAccessibleName(_("Export moves"))
        self.export_button.setAutoDefault(False)
        for part in (self.note, self.export_button):
            self.controls.row.addWidget(part)
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        self.tabs.tabBar().setDrawBase(False)
        tabs = ((self.moves, _("Moves")), (self.worth, _("Worth")), (self.by_hand, _("By hand")))
        for page, title in tabs:
            self.tabs.addTab(page, title)
        self.tabs.setAccessibleName(_("Moves and numbers to act by"))
        self.tabs.tabBar().setAccessibleName(_("Moves and numbers to act by"))
        self.tabs.setMinimumWidth(300)
        beside = QWidget()
        self._beside = QVBoxLayout(beside)
        self._beside.setContentsMargins(_GAP_PX, 0, 0, 0)
        for below in (self.tabs, self.pin_row):
            self._beside.addWidget(below)
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.setHandleWidth(1)
        self.splitter.addWidget(self.bands)
        self.splitter.addWidget(beside)
        for place, share in enumerate(_SHARES):
            self.splitter.setStretchFactor(place, share)
        # The bands have no wish of their own, so the shares are given.
        self.splitter.setSizes([share * 20 for share in _SHARES])
        inside = QWidget()
        box = QVBoxLayout(inside)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(8)
        box.addWidget(self.controls)
        box.addWidget(self.splitter, 1)
        box.addWidget(self.sliders)
        inside.setMinimumSize(*_LEAST_PX)
        self._inside = inside
        self.setWidget(inside)
        self.controls.view_changed.connect(self._view_changed)
        selection.changed.connect(self._follow_site)

    @property
    def scene(self) -> Scene | None:
        """What is drawn."""
        return self._scene

    @property
    def asked(self) -> PlanOptions:
        """What the boxes and sliders ask for."""
        return replace(
            self._base,
            hours=self.controls.hours,
            step_minutes=self.controls.step_minutes,
            what_if=self.sliders.what_if,
        )

    def export_menu(self, entries: list[tuple[str, Callable[[], object]]]) -> QMenu:
        """Put entries under the export button."""
        menu = QMenu(self.export_button)
        for text, handler in entries:
            menu.addAction(text).triggered.connect(lambda _checked, run=handler: run())
        self.export_button.setMenu(menu)
        return menu

    def show_plan(self, plan: Plan) -> None:
        """Show another plan; what is selected stays where it can."""
        book_sites = {site.id: site for site in plan.book.sites}
        sites = [book_sites[each.site] for each in plan.sites]
        self.controls.show_sites(sites, len(plan.book.groups))
        self._show(plan)
        self.selection.follow(plan)

    def forget(self) -> None:
        """Have no plan, so that nothing is exported of an old one."""
        self._scene = None

    def show_now(self, now: datetime) -> None:
        """Move the lines of now."""
        self.bands.show_now(now)

    def say(self, text: str, tone: str = "") -> None:
        """Say how the sliders' plan stands."""
        self.note.setText(text)
        set_tone(self.note, tone)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the lists under the bands where the page is narrow."""
        super().resizeEvent(event)
        wide = self.viewport().width() >= _SIDE_BY_SIDE_PX
        wanted = Qt.Orientation.Horizontal if wide else Qt.Orientation.Vertical
        if self.splitter.orientation() != wanted:
            self.splitter.setOrientation(wanted)
            gap = _GAP_PX if wide else 0
            self.bands.setContentsMargins(0, 0, gap, _GAP_PX - gap)
            self._beside.setContentsMargins(gap, _GAP_PX - gap, 0, 0)
            self._inside.setMinimumHeight(_LEAST_PX[1] if wide else _LEAST_STACKED_PX)
            self.splitter.setSizes([share * 20 for share in _SHARES])

    def _follow_site(self) -> None:
        """Show the price that the selected group pays."""
        scene = self._scene
        index = None if scene is None else scene.index_of(self.selection.group_id)
        if scene is not None and index is not None:
            self.controls.choose_site(scene.plan.book.groups[index].site)

    def _view_changed(self) -> None:
        if self._scene is not None:
            self._show(self._scene.plan)

    def _show(self, plan: Plan) -> None:
        controls = self.controls
        scene = scene_of(
            plan,
            self._context.formats,
            controls.time_zone,
            folded=controls.fold.isChecked(),
            before=self._scene,
        )
        self._scene = scene
        self.bands.show_scene(scene, controls.site_index)
        self.moves.show_scene(scene)
        for part in (self.worth, self.by_hand, self.pin_row):
            part.show_scene(scene)
