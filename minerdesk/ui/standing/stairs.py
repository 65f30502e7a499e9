"""The network's cost curve as stairs, with the fleet's cost through it and the groups on it."""

from __future__ import annotations

from typing import Final

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QWidget

from minerdesk.domain.text import _, ngettext
from minerdesk.services.standing.words import basis_words
from minerdesk.ui.charts.axes import Axis
from minerdesk.ui.charts.base import Table
from minerdesk.ui.charts.blocks import Blocks
from minerdesk.ui.charts.blocks_chart import BlocksChart
from minerdesk.ui.charts.tones import line_pen
from minerdesk.ui.standing.dots import Dots
from minerdesk.ui.standing.scene import Scene
from minerdesk.ui.theme import Theme, Tokens

Floats = NDArray[np.float64]

_ROOM: Final = 1.15  # what a line says stands over it
_CUT_OFF: Final = 2.0  # prices of a BTC; dearer groups would flatten all others
_GROUND_ALPHA: Final = 200  # behind words that may lie over dots
_BEYOND: Final = 108.0  # where the lane right of the network ends, in percent of it
_LANE: Final = (101.5, 106.5)
_LANE_PLACES: Final = 3
_LAYERS: Final = ("cash", "avoidable", "all_in")


class CostChart(BlocksChart):
    """Machines of the network, cheapest coin first; those dearer than the fleet are hatched."""

    stairs = True

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        self._shown: Scene | None = None
        self._left_out = self._above = 0
        self._beyond = False
        super().__init__(
            theme,
            name=_("Cost of a coin across the network"),
            x=Axis(_("share of the network, cheapest first"), self._write_share, movable=False),
            y=Axis(_("power for 1 BTC"), self._write_money, movable=False),
            parent=parent,
        )
        self.dots = Dots(theme.tokens, self.redraw, self)
        self.addItem(self.dots.item, ignoreBounds=True)
        self._lines = {name: self._line(0.60 - 0.25 * i) for i, name in enumerate(_LAYERS)}
        self._price = self._line(0.02)
        self.recolour_items(theme.tokens)

    def show_scene(self, scene: Scene | None) -> None:
        """Show a view; one without a network's cost shows nothing."""
        self._shown = scene
        costs = None if scene is None else scene.view.costs
        if scene is None or costs is None:
            self._shown = None
            self.show_blocks(Blocks(), 0, 1)
            return
        view, fleet = scene.view, scene.view.fleet
        edges = np.concatenate(([0.0], costs.curve.upto)) * 100
        cost = costs.curve.cost_per_btc
        dear = np.nan_to_num(cost > fleet.fleet_cash)
        blocks = Blocks(edges, cost, ~dear, np.arange(len(cost)))
        own = np.array([fleet.fleet_cash, fleet.fleet_avoidable, fleet.fleet_all_in])
        most = max(float(cost.max()), 1.1 * view.price_per_btc, float(np.nanmax([*own, 0.0])))
        top = min(most * _ROOM, max(_CUT_OFF * view.price_per_btc, float(cost.max()) * _ROOM))
        low = float(np.fmin.reduce(fleet.cash, initial=0.0))
        self.getPlotItem().setLabel(
            "left", _("power for 1 BTC, {currency}").format(currency=view.currency)
        )
        self.show_blocks(blocks, low, top)
        self.setYRange(low, top, padding=0)
        place = np.where(fleet.cash <= top, 100 * (1 - fleet.dearer), np.nan)
        self._beyond = bool((place >= 100).any())
        if self._beyond:
            self.getPlotItem().getViewBox().setLimits(xMax=_BEYOND * 1.04)
        self.setXRange(0, _BEYOND if self._beyond else 100.0, padding=0.03)
        place = _side_by_side(place, fleet.cash)
        self._above = int((fleet.cash > top).sum())
        self._left_out = self.dots.show_groups(
            scene, place, fleet.cash, fleet.cash <= view.price_per_btc
        )

    def paint_data(self) -> None:
        """Draw the stairs and the lines through them."""
        super().paint_data()
        scene = self._shown
        for line in (*self._lines.values(), self._price):
            line.setVisible(False)
        self.dots.item.setVisible(scene is not None)
        if scene is None:
            return
        self.dots.paint()
        fleet = scene.view.fleet
        values = (fleet.fleet_cash, fleet.fleet_avoidable, fleet.fleet_all_in)
        words = (_("you, cash {money}"), _("you, avoidable {money}"), _("you, all-in {money}"))
        for line, value, text in zip(self._lines.values(), values, words, strict=True):
            self._put(line, value, text.format(money=scene.money(value)))
        price = scene.view.price_per_btc
        self._put(self._price, price, _("BTC price {price}").format(price=scene.money(price)))

    def recolour_items(self, tokens: Tokens) -> None:
        """Colour stairs, lines and dots."""
        super().recolour_items(tokens)
        if not hasattr(self, "_price"):
            return
        for name, line in self._lines.items():
            outer = name != "cash"
            line.setPen(line_pen(tokens.text, 1.2 if outer else 2.5, dashed=outer))
            line.label.setColor(QColor(tokens.text))
        ground = QColor(tokens.surface)
        ground.setAlpha(_GROUND_ALPHA)
        for line in (*self._lines.values(), self._price):
            line.label.fill = pg.mkBrush(ground)
            line.label.update()
        self._price.setPen(line_pen(tokens.accent, 2))
        self._price.label.setColor(QColor(tokens.accent))
        self.dots.recolour(tokens)

    def note(self) -> str:
        """Return what the curve rests on, and what is not drawn."""
        scene = self._shown
        if scene is None or scene.view.costs is None:
            return ""
        said = [basis_words(scene.view, scene.formats)]
        if self._above:
            text = ngettext("{n} group above the chart", "{n} groups above the chart", self._above)
            said.append(text.format(n=scene.formats.count(self._above)))
        if self._beyond:
            said.append(_("right of 100%: dearer than every machine"))
        if self._left_out:
            text = ngettext(
                "{n} small group not drawn", "{n} small groups not drawn", self._left_out
            )
            said.append(text.format(n=scene.formats.count(self._left_out)))
        return " · ".join(said)

    def summary(self) -> str:
        """Return where the fleet stands on the curve."""
        scene, blocks = self._shown, self._blocks
        if scene is None or not len(blocks):
            return _("No cost of the network to show.")
        fleet = scene.view.fleet
        return _(
            "{n} machines from {least} to {most} a BTC; your cash cost of {cost} is below that of "
            "{share} of the network. {note}."
        ).format(
            n=scene.formats.count(len(blocks)),
            least=scene.money(float(blocks.value[0])),
            most=scene.money(float(blocks.value[-1])),
            cost=scene.money(fleet.fleet_cash),
            share=scene.formats.percent(fleet.fleet_dearer, 0),
            note=self.note(),
        )

    def table(self) -> Table:
        """Return the machines, then the groups."""
        scene = self._shown
        heads = (_("who"), _("cost of 1 BTC"), _("currency"), _("share cheaper or equal, %"))
        costs = None if scene is None else scene.view.costs
        if scene is None or costs is None:
            return Table(heads, ())
        machines = zip(costs.names, costs.curve.cost_per_btc, costs.curve.upto, strict=True)
        rows = [
            (name, f"{cost:.2f}", scene.currency, f"{100 * upto:.2f}")
            for name, cost, upto in machines
        ]
        fleet = scene.view.fleet
        rows += [
            (scene.name(i), f"{cost:.2f}", scene.currency, f"{100 * (1 - dearer):.2f}")
            for i, (cost, dearer) in enumerate(zip(fleet.cash, fleet.dearer, strict=True))
            if np.isfinite(cost)
        ]
        return Table(heads, tuple(rows))

    def words_at(self, x: float) -> str:
        """Return which machine stands at ``x``, and how many mine dearer."""
        scene, row = self._shown, self._blocks.at(x)
        costs = None if scene is None else scene.view.costs
        if scene is None or costs is None or row is None:
            return ""
        dearer = 1 - float(costs.curve.upto[row])
        return _("{machine}: {cost}/BTC, {j} J/TH; {share} of the network mines dearer").format(
            machine=costs.names[row],
            cost=scene.money(float(self._blocks.value[row])),
            j=scene.formats.number(float(costs.curve.j_per_th[row]), 1),
            share=scene.formats.percent(dearer, 0),
        )

    def _line(self, position: float) -> pg.InfiniteLine:
        options = {"position": position, "anchors": [(0, 1), (0, 1)]}
        line = pg.InfiniteLine(angle=0, movable=False, label="", labelOpts=options)
        line.setVisible(False)
        line.setZValue(15)
        self.addItem(line, ignoreBounds=True)
        return line

    @staticmethod
    def _put(line: pg.InfiniteLine, value: float, words: str) -> None:
        line.setVisible(bool(np.isfinite(value)))
        if np.isfinite(value):
            line.setPos(value)
            line.label.setFormat(words)

    def _write_share(self, value: float) -> str:
        if self._shown is None or value > 100:
            return ""
        return self._shown.formats.percent(value / 100, 0)

    def _write_money(self, value: float) -> str:
        return "" if self._shown is None else self._shown.formats.number(value)


def _side_by_side(place: Floats, cash: Floats) -> Floats:
    """Spread those dearer than every machine over the lane, neighbours in cost apart."""
    beyond = np.flatnonzero(place >= 100.0)
    if not len(beyond):
        return place
    made = place.copy()
    order = beyond[np.argsort(cash[beyond], kind="stable")]
    steps = np.linspace(*_LANE, _LANE_PLACES)
    made[order] = steps[np.arange(len(order)) % _LANE_PLACES]
    return made
