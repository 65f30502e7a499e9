"""The first band: what a kWh costs beside what the fleet earns with it."""

from __future__ import annotations

from typing import Final

import numpy as np
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QWidget

from minerdesk.domain.text import _
from minerdesk.services.planning.plan import Bools, SitePlan
from minerdesk.services.words import Formats
from minerdesk.ui.charts.axes import Axis
from minerdesk.ui.charts.band import BandItem
from minerdesk.ui.charts.base import Table
from minerdesk.ui.charts.tones import band_brush, line_pen
from minerdesk.ui.plan.band import Band, Floats, forecast_word, stairs
from minerdesk.ui.plan.scene import Scene
from minerdesk.ui.theme import Theme, Tokens

POWER, EVEN, OTHER = 0, 3, 5
"""Places of the colours in the theme's series."""

_OTHERS_MOST: Final = 12


class PriceBand(Band):
    """The chosen site's marginal price, solid where known; break-evens as a band or a line."""

    def __init__(self, theme: Theme, formats: Formats, parent: QWidget | None = None) -> None:
        self.site = 0
        self.group: int | None = None
        super().__init__(
            theme,
            formats,
            name=_("Price of power and break-evens"),
            y=Axis(_("per kWh"), numbers=formats.number, movable=False),
            parent=parent,
        )
        self._evens = BandItem()
        self.addItem(self._evens)
        self._others = [self.curve(None) for _each in range(_OTHERS_MOST)]
        self._even = self.curve(None)
        self._tail = self.curve(None)
        self._known = self.curve(None)
        self._retarget_words = self.line_label(self._retarget, 0.9)
        self._now_words = self.line_label(self._now, 0.9)
        self._now_words.setFormat(_("now"))
        self.getPlotItem().getViewBox().setAutoVisible(y=True)
        self.getPlotItem().getViewBox().enableAutoRange(axis="y")
        self.recolour_items(theme.tokens)

    def choose_site(self, site: int) -> None:
        """Show another site's price as the thick line."""
        self.site = site
        self.redraw()

    def choose_group(self, group: int | None) -> None:
        """Show one group's break-even as a line; None shows the fleet's as a band."""
        self.group = group
        self.redraw()

    def paint_data(self) -> None:
        """Hand the prices to their lines."""
        scene = self.scene_shown
        if scene is None:
            return
        plan, edges = scene.plan, scene.edges_s
        self.getPlotItem().setLabel("left", _("{currency}/kWh").format(currency=plan.currency))
        chosen = self._site(scene)
        price = chosen.price.per_kwh
        self._known.setData(*_where(edges, price, chosen.known), connect="finite")
        self._tail.setData(*_where(edges, price, ~chosen.known), connect="finite")
        others = [each for each in plan.sites if each is not chosen]
        for place, line in enumerate(self._others):
            shown = place < len(others)
            line.setData(*(stairs(edges, others[place].price.per_kwh) if shown else ([], [])))
        self._paint_break_evens(scene)
        unknown = np.flatnonzero(~chosen.known)
        from_s = float(edges[unknown[0]]) if len(unknown) else None
        self.show_forecast(from_s, float(edges[-1]))
        change = self.formats.percent_points(plan.retarget_pct, 1, signed=True)
        self._retarget_words.setFormat(_("retarget {change}").format(change=change))

    def recolour_items(self, tokens: Tokens) -> None:
        """Colour the lines."""
        super().recolour_items(tokens)
        if not hasattr(self, "_now_words"):
            return
        power, even = tokens.series[POWER], tokens.series[EVEN]
        self._known.setPen(line_pen(power, 2.5))
        self._tail.setPen(line_pen(power, 2, dashed=True))
        self._even.setPen(line_pen(even, 2))
        self._evens.set_brush(band_brush(even))
        for line in self._others:
            line.setPen(line_pen(tokens.series[OTHER], 1))
        self._retarget_words.setColor(QColor(tokens.warn))
        self._now_words.setColor(QColor(tokens.accent))

    def step_words(self, scene: Scene, step: int) -> str:
        """Return price and break-even of a step."""
        site, plan = self._site(scene), scene.plan
        said = _("{site} {price}{forecast}").format(
            site=scene.words.site_name(site.site),
            price=self.formats.price_per_kwh(float(site.price.per_kwh[step]), plan.currency, 4),
            forecast=forecast_word(bool(site.known[step])),
        )
        lowest, highest = scene.fleet_evens
        if self.group is not None:
            even = self.formats.number(float(scene.break_even(self.group)[step]), 4)
            return _("{said}, breaks even at {even}").format(said=said, even=even)
        if not len(lowest):
            return said
        low, high = float(lowest[step]), float(highest[step])
        return _("{said}, fleet breaks even at {low} to {high}").format(
            said=said, low=self.formats.number(low, 4), high=self.formats.number(high, 4)
        )

    def summary(self) -> str:
        """Return the span of the price, from when it is a forecast, and the break-evens."""
        scene = self.scene_shown
        if scene is None:
            return _("No plan to show.")
        site = self._site(scene)
        price = site.price.per_kwh
        currency, formats = scene.plan.currency, self.formats
        said = _(
            "Power at {site} from {begin} to {end}: between {low} (at {low_at}) and {high} "
            "(at {high_at})."
        ).format(
            site=scene.words.site_name(site.site),
            begin=scene.words.when(scene.plan.begins),
            end=scene.words.when(scene.plan.ends),
            low=formats.price_per_kwh(float(price.min()), currency, 4),
            low_at=scene.words.when(scene.time(int(price.argmin()))),
            high=formats.price_per_kwh(float(price.max()), currency, 4),
            high_at=scene.words.when(scene.time(int(price.argmax()))),
        )
        if site.known_until is not None:
            said += " " + _("Known until {time}, a forecast after it.").format(
                time=scene.words.when(site.known_until)
            )
        lowest, highest = scene.fleet_evens
        if len(lowest):
            said += " " + _("The fleet's groups break even at {low} to {high}.").format(
                low=formats.price_per_kwh(float(lowest.min()), currency, 4),
                high=formats.price_per_kwh(float(highest.max()), currency, 4),
            )
        return said

    def table(self) -> Table:
        """Return a row per step: each site's price, whether known, load and rules."""
        scene = self.scene_shown
        if scene is None:
            return Table((), ())
        heads = [_("time (UTC)"), _("hashprice per PH/s and day")]
        columns = []
        for site in scene.plan.sites:
            name = scene.words.site_name(site.site)
            heads += [
                _("{site}: price per kWh").format(site=name),
                _("{site}: known").format(site=name),
                _("{site}: kW").format(site=name),
                _("{site}: most kW").format(site=name),
                _("{site}: kW always on").format(site=name),
            ]
            columns.append(site)
        rows = tuple(
            (
                scene.time(step).strftime("%Y-%m-%d %H:%M"),
                f"{scene.plan.hashprice_per_ph_day[step]:.6g}",
                *(cell for site in columns for cell in _cells(site, step)),
            )
            for step in range(len(scene.plan.start_s))
        )
        return Table(tuple(heads), rows)

    def _site(self, scene: Scene) -> SitePlan:
        return scene.plan.sites[min(self.site, len(scene.plan.sites) - 1)]

    def _paint_break_evens(self, scene: Scene) -> None:
        edges, (lowest, highest) = scene.edges_s, scene.fleet_evens
        empty: Floats = np.empty(0)
        even = None
        if self.group is not None and self.group < len(scene.plan.book.groups):
            even = scene.break_even(self.group)
        if even is not None or not len(lowest):
            self._evens.show_band(empty, empty, empty)
        else:
            x, low = stairs(edges, lowest)
            self._evens.show_band(x, low, stairs(edges, highest)[1])
        self._even.setData(*((empty, empty) if even is None else stairs(edges, even)))


def _where(edges_s: Floats, values: Floats, shown: Bools) -> tuple[Floats, Floats]:
    return stairs(edges_s, np.where(shown, values, np.nan))


def _cells(site: SitePlan, step: int) -> tuple[str, ...]:
    most = float(site.most_kw[step])
    return (
        f"{site.price.per_kwh[step]:.8g}",
        _("yes") if site.known[step] else _("forecast"),
        f"{site.kw[step]:.6g}",
        f"{most:.6g}" if np.isfinite(most) else "",
        f"{site.kw_always_on[step]:.6g}",
    )
