"""The third band: what the chosen site draws, and the rules it draws it under."""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QWidget

from minerdesk.domain.text import _
from minerdesk.services.planning.plan import SitePlan
from minerdesk.services.words import Formats
from minerdesk.ui.charts.axes import Axis
from minerdesk.ui.charts.band import BandItem
from minerdesk.ui.charts.base import Table
from minerdesk.ui.charts.tones import band_brush, line_pen
from minerdesk.ui.plan.band import Band, stairs
from minerdesk.ui.plan.scene import Scene
from minerdesk.ui.theme import Theme, Tokens


class KwBand(Band):
    """Load by the plan as an area, always-on as a faint line, limit, least and peak as lines."""

    def __init__(self, theme: Theme, formats: Formats, parent: QWidget | None = None) -> None:
        self.site = 0
        super().__init__(
            theme,
            formats,
            name=_("Load of the site"),
            y=Axis("kW", numbers=formats.number, movable=False),
            parent=parent,
        )
        self._area = BandItem()
        self.addItem(self._area)
        self._always = self.curve(None)
        self._least = self.curve(None)
        self._most = self.curve(None)
        self._load = self.curve(None)
        self._peak = pg.InfiniteLine(angle=0, movable=False)
        self._peak_words = pg.InfLineLabel(self._peak, "", position=0.99, anchors=[(1, 1), (1, 1)])
        self._peak.setVisible(False)
        self.addItem(self._peak, ignoreBounds=True)
        self.recolour_items(theme.tokens)

    def choose_site(self, site: int) -> None:
        """Show another site."""
        self.site = site
        self.redraw()

    def paint_data(self) -> None:
        """Hand the loads to their lines."""
        scene = self.scene_shown
        if scene is None:
            return
        site, edges = self._site(scene), scene.edges_s
        x, load = stairs(edges, site.kw)
        self._area.show_band(x, np.zeros(len(x)), load)
        self._load.setData(x, load)
        self._always.setData(*stairs(edges, site.kw_always_on))
        most = np.where(np.isfinite(site.most_kw), site.most_kw, np.nan)
        self._most.setData(*stairs(edges, most), connect="finite")
        least = np.where(site.least_kw > 0, site.least_kw, np.nan)
        self._least.setData(*stairs(edges, least), connect="finite")
        self._peak.setVisible(bool(np.isfinite(site.peak_kw)))
        if np.isfinite(site.peak_kw):
            self._peak.setPos(site.peak_kw)
            self._peak_words.setFormat(_("peak so far {kw}").format(kw=self._power(site.peak_kw)))
        limits = site.most_kw[np.isfinite(site.most_kw)]
        highest = max(
            float(site.kw.max(initial=0.0)),
            float(site.kw_always_on.max(initial=0.0)),
            float(limits.max(initial=0.0)),
            site.peak_kw if np.isfinite(site.peak_kw) else 0.0,
        )
        self.setYRange(0, max(highest, 1.0) * 1.1, padding=0)
        self.show_forecast(None, float(edges[-1]))

    def recolour_items(self, tokens: Tokens) -> None:
        """Colour the lines."""
        super().recolour_items(tokens)
        if not hasattr(self, "_peak_words"):
            return
        load = tokens.series[0]
        self._load.setPen(line_pen(load, 2))
        self._area.set_brush(band_brush(load))
        faint = QColor(tokens.text_muted)
        faint.setAlpha(140)
        self._always.setPen(line_pen(faint.name(QColor.NameFormat.HexArgb), 1))
        self._most.setPen(line_pen(tokens.lose, 2))
        self._least.setPen(line_pen(tokens.lose, 1.5, dashed=True))
        self._peak.setPen(pg.mkPen(tokens.warn, width=1, style=Qt.PenStyle.DotLine))
        self._peak_words.setColor(QColor(tokens.warn))
        self._peak_words.fill = pg.mkBrush(tokens.surface)

    def step_words(self, scene: Scene, step: int) -> str:
        """Return load and rules of a step."""
        site = self._site(scene)
        said = [
            _("{kw} of {all} with all on").format(
                kw=self._power(float(site.kw[step])),
                all=self._power(float(site.kw_always_on[step])),
            )
        ]
        if np.isfinite(site.most_kw[step]):
            said.append(_("most {kw}").format(kw=self._power(float(site.most_kw[step]))))
        if site.least_kw[step] > 0:
            said.append(_("least {kw}").format(kw=self._power(float(site.least_kw[step]))))
        if not site.may_start[step]:
            said.append(_("no starts"))
        return ", ".join(said)

    def summary(self) -> str:
        """Return lowest and highest load, and the rules."""
        scene = self.scene_shown
        if scene is None:
            return _("No plan to show.")
        site = self._site(scene)
        said = [
            _("{site} draws {low} to {high}, {all} with all rigs on.").format(
                site=scene.words.site_name(site.site),
                low=self._power(float(site.kw.min())),
                high=self._power(float(site.kw.max())),
                all=self._power(float(site.kw_always_on.max())),
            )
        ]
        if np.isfinite(site.most_kw).any():
            said.append(_("It may draw {kw} at most.").format(kw=self._power(site.most_kw.min())))
        if (site.least_kw > 0).any():
            said.append(
                _("It must draw {kw} at least.").format(kw=self._power(site.least_kw.max()))
            )
        if np.isfinite(site.peak_kw):
            said.append(_("Its peak so far is {kw}.").format(kw=self._power(site.peak_kw)))
        return " ".join(said)

    def table(self) -> Table:
        """Return a row per step."""
        scene = self.scene_shown
        heads = (_("time (UTC)"), _("kW"), _("kW always on"), _("most kW"), _("least kW"))
        if scene is None:
            return Table(heads, ())
        site = self._site(scene)
        return Table(
            heads,
            tuple(
                (
                    scene.time(step).strftime("%Y-%m-%d %H:%M"),
                    *(
                        f"{value:.6g}" if np.isfinite(value) else ""
                        for value in (
                            float(each[step])
                            for each in (site.kw, site.kw_always_on, site.most_kw, site.least_kw)
                        )
                    ),
                )
                for step in range(len(site.kw))
            ),
        )

    def _site(self, scene: Scene) -> SitePlan:
        return scene.plan.sites[min(self.site, len(scene.plan.sites) - 1)]

    def _power(self, kw: float) -> str:
        return self.formats.power(float(kw) * 1000)
