"""The three bands in one frame: one time axis, one cursor, one line of words."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Final

from PySide6.QtGui import QGuiApplication, QResizeEvent

from minerdesk.domain.text import _
from minerdesk.services.planning.move import Move
from minerdesk.services.words import Formats
from minerdesk.ui.charts.base import Table
from minerdesk.ui.charts.cursor import SharedCursor
from minerdesk.ui.charts.panel import ChartPanel
from minerdesk.ui.icons import Icons
from minerdesk.ui.plan.band import LEFT_PX
from minerdesk.ui.plan.gantt import GanttBand
from minerdesk.ui.plan.kw_band import KwBand
from minerdesk.ui.plan.price_band import EVEN, OTHER, POWER, PriceBand
from minerdesk.ui.plan.scene import Scene
from minerdesk.ui.plan.selection import PlanSelection
from minerdesk.ui.theme import Theme
from minerdesk.ui.widgets.tips import wrapped

_NAMES_SHARE: Final = 0.38


class BandsPanel(ChartPanel):
    """Price, states and load over the plan's time; follows the page's selection."""

    def __init__(
        self, theme: Theme, icons: Icons, formats: Formats, selection: PlanSelection
    ) -> None:
        self.price = PriceBand(theme, formats)
        self.gantt = GanttBand(theme, formats)
        self.kw = KwBand(theme, formats)
        self._selection = selection
        self._scene: Scene | None = None
        self._names_px = 0
        super().__init__(
            _("The next days"),
            (self.price, self.gantt, self.kw),
            theme,
            icons,
            legend=(
                (_("power"), POWER, False),
                (_("forecast"), POWER, True),
                (_("break-even"), EVEN, False),
                (_("other sites"), OTHER, False),
            ),
            stretch=(4, 6, 3),
            lines=2,
        )
        for upper in (self.price, self.gantt):
            upper.getPlotItem().setXLink(self.kw.getPlotItem())
            upper.getPlotItem().getAxis("bottom").setStyle(showValues=False)
        self._cursor = SharedCursor(self.price, self.gantt, self.kw, parent=self)
        self.gantt.picked.connect(self._picked)
        selection.changed.connect(self._follow)

    def show_scene(self, scene: Scene, site: int) -> None:
        """Show another plan, or another site of it."""
        self._scene = scene
        self._names_px = self.gantt.name_px(scene)
        self._share_width()
        for band in (self.price, self.gantt, self.kw):
            band.show_scene(scene)
        self.price.choose_site(site)
        self.kw.choose_site(site)
        self._follow()
        self.say(self._note_of(scene, site), self._hint_of(scene, site))

    def show_now(self, now: datetime) -> None:
        """Move the lines of now."""
        for band in (self.price, self.gantt, self.kw):
            band.show_now(now)

    def offer_saving(self, text: str, handler: Callable[[], object]) -> None:
        """Put an entry under the copying ones."""
        menu = self._copy.menu()
        menu.addAction(text).triggered.connect(lambda _checked: handler())

    def table(self) -> Table:
        """Return price and load of all sites by step."""
        return self.price.table()

    def copy_table(self) -> None:
        """Put price and load of all sites by step onto the clipboard, tab-separated."""
        QGuiApplication.clipboard().setText(self.table().tsv())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give names more room where there is more."""
        super().resizeEvent(event)
        if self._scene is not None:
            self._share_width()

    def _share_width(self) -> None:
        least, most = LEFT_PX
        room = min(max(self._names_px, least), max(most, round(self.width() * _NAMES_SHARE)))
        for band in (self.price, self.gantt, self.kw):
            band.set_left(room)

    def _note_of(self, scene: Scene, site: int) -> str:
        chosen = scene.plan.sites[min(site, len(scene.plan.sites) - 1)]
        name = scene.words.site_name(chosen.site)
        if chosen.known_until is None:
            known = _("{site}: prices are known").format(site=name)
        else:
            known = _("{site}: prices are known until {time}, forecast after").format(
                site=name, time=scene.words.when(chosen.known_until)
            )
        zone = scene.words.local(scene.plan.begins).tzname() or "UTC"
        return _("{known} · times are {zone}").format(known=known, zone=zone)

    def _hint_of(self, scene: Scene, site: int) -> str:
        chosen = scene.plan.sites[min(site, len(scene.plan.sites) - 1)]
        return wrapped("\n".join(dict.fromkeys((*chosen.notes, *scene.plan.notes))))

    def _picked(self, group: int | None, move: object) -> None:
        scene = self._scene
        if scene is None:
            return
        group_id = "" if group is None else scene.plan.book.groups[group].id
        self._selection.choose(group_id, move if isinstance(move, Move) else None)

    def _follow(self) -> None:
        scene, chosen = self._scene, self._selection.group_id
        if scene is None:
            return
        self.price.choose_group(scene.index_of(chosen) if chosen else None)
        row = scene.row_of(chosen) if chosen else None
        self.gantt.choose(row, self._selection.move)
