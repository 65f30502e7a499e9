"""The merit-order staircase: cumulative hashrate against the marginal cash cost of one BTC."""

from __future__ import annotations

from typing import Final

import numpy as np
import pyqtgraph as pg
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QWidget

from minerdesk.domain.text import _, ngettext
from minerdesk.ui.charts.axes import Axis
from minerdesk.ui.charts.base import Table
from minerdesk.ui.charts.blocks import Blocks
from minerdesk.ui.charts.blocks_chart import BlocksChart
from minerdesk.ui.charts.tones import line_pen
from minerdesk.ui.profitability.scene import Scene
from minerdesk.ui.theme import Theme, Tokens

_CUT_OFF: Final = 2.2  # prices of a BTC; dearer steps would flatten all others


class StairsChart(BlocksChart):
    """Each mode step of each group as a stair; right of where the price crosses it loses money."""

    stairs = True

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        self._scene_shown: Scene | None = None
        self._order = np.empty(0, np.intp)
        super().__init__(
            theme,
            name=_("Merit order"),
            x=Axis(_("cumulative hashrate"), self._write_hashrate),
            y=Axis(_("cash cost of 1 BTC"), self._write_money, movable=False),
            parent=parent,
        )
        self._price = pg.InfiniteLine(angle=0, movable=False)
        self._price_words = pg.InfLineLabel(
            self._price, "", position=0.02, anchors=[(0, 1), (0, 1)]
        )
        self._price.setVisible(False)
        self.addItem(self._price, ignoreBounds=True)
        self.recolour_items(theme.tokens)

    def show_scene(self, scene: Scene | None) -> None:
        """Show the steps of a fleet."""
        self._scene_shown = scene
        if scene is None:
            self._order = np.empty(0, np.intp)
            self.show_blocks(Blocks(), 0, 1)
            return
        ladder, steps = scene.figures.ladder, scene.figures.blocks
        self._order = ladder.order[np.isfinite(ladder.cost_per_btc[ladder.order])]
        cost = ladder.cost_per_btc[self._order]
        edges = np.concatenate(([0.0], np.cumsum(scene.hashrate(steps.extra_ths[self._order]))))
        price = scene.price_per_btc
        blocks = Blocks(edges, cost, cost <= price, steps.group[self._order])
        most = float(cost.max(initial=0.0)) * 1.05
        low = float(cost.min(initial=0.0))
        high = max(1.2 * price, min(most, _CUT_OFF * price))
        self.getPlotItem().setLabel(
            "bottom", _("cumulative {unit}").format(unit=scene.hashrate_unit)
        )
        self.getPlotItem().setLabel(
            "left", _("cash cost, {currency} per BTC").format(currency=scene.currency)
        )
        self.show_blocks(blocks, low, high)
        self.setYRange(low, high, padding=0)

    def paint_data(self) -> None:
        """Draw the stairs and the price through them."""
        super().paint_data()
        scene = self._scene_shown
        self._price.setVisible(scene is not None)
        if scene is not None:
            self._price.setPos(scene.price_per_btc)
            self._price_words.setFormat(
                _("BTC price {price}").format(price=scene.money(scene.price_per_btc))
            )

    def recolour_items(self, tokens: Tokens) -> None:
        """Colour the stairs and the price."""
        super().recolour_items(tokens)
        if hasattr(self, "_price"):
            self._price.setPen(line_pen(tokens.accent, 2))
            self._price_words.setColor(QColor(tokens.accent))

    def note(self) -> str:
        """Return which layer the costs are of, and how much of the hashrate earns."""
        scene, blocks = self._scene_shown, self._blocks
        if scene is None:
            return ""
        ths = scene.figures.blocks.extra_ths[self._order]
        said = [
            _("cash layer"),
            _earn_and_lose(scene, float(ths[blocks.earns].sum()), float(ths[~blocks.earns].sum())),
        ]
        above = int((blocks.value > self._bounds.bottom()).sum())
        if above:
            text = ngettext(
                "{n} step reaches above the chart", "{n} steps reach above the chart", above
            )
            said.append(text.format(n=scene.formats.count(above)))
        unknown = len(scene.figures.ladder.order) - len(self._order)
        if unknown:
            text = ngettext("{n} step of unknown cost", "{n} steps of unknown cost", unknown)
            said.append(text.format(n=scene.formats.count(unknown)))
        return " · ".join(said)

    def summary(self) -> str:
        """Return how many steps earn and where the stairs begin and end."""
        scene, blocks = self._scene_shown, self._blocks
        if scene is None or not len(blocks):
            return _("No steps to show.")
        return _(
            "{n} of {m} mode steps earn at a BTC price of {price}: {note}. "
            "The cheapest coin costs {least}, the dearest {most}."
        ).format(
            n=scene.formats.count(int(blocks.earns.sum())),
            m=scene.formats.count(len(blocks)),
            price=scene.money(scene.price_per_btc),
            note=self.note(),
            least=scene.money(float(blocks.value[0])),
            most=scene.money(float(blocks.value[-1])),
        )

    def table(self) -> Table:
        """Return one row per step, cheapest coin first."""
        scene = self._scene_shown
        heads = (
            _("group"),
            _("step"),
            _("cumulative PH/s"),
            _("cash cost of 1 BTC"),
            _("currency"),
            _("earns"),
        )
        if scene is None:
            return Table(heads, ())
        total = scene.figures.blocks.extra_ths[self._order].cumsum() / 1000
        return Table(
            heads,
            tuple(
                (
                    scene.name(int(self._blocks.key[row])),
                    scene.step(int(self._order[row])),
                    f"{total[row]:.6g}",
                    f"{self._blocks.value[row]:.2f}",
                    scene.currency,
                    _("yes") if self._blocks.earns[row] else _("no"),
                )
                for row in range(len(self._order))
            ),
        )

    def words_at(self, x: float) -> str:
        """Return whose step stands at ``x`` and what it costs."""
        scene, row = self._scene_shown, self._blocks.at(x)
        if scene is None or row is None:
            return ""
        block, group = int(self._order[row]), int(self._blocks.key[row])
        cost = float(self._blocks.value[row])
        name = scene.name(group)
        sentence = (
            _("{cost}/BTC, {apart} to spare: {name}, {extra}")
            if self._blocks.earns[row]
            else _("{cost}/BTC, {apart} too dear: {name}, {extra}")
        )
        return sentence.format(
            name=f"{name}, {scene.step(block)}" if scene.has_modes(group) else name,
            extra=scene.hashrate_words(float(scene.figures.blocks.extra_ths[block])),
            cost=scene.money(cost),
            apart=scene.formats.number(abs(scene.price_per_btc - cost)),
        )

    def _write_hashrate(self, value: float) -> str:
        if self._scene_shown is None:
            return ""
        digits = 0 if value == round(value) else 1 if value >= 10 else 2
        return self._scene_shown.formats.number(value, digits)

    def _write_money(self, value: float) -> str:
        return "" if self._scene_shown is None else self._scene_shown.formats.number(value)


def _earn_and_lose(scene: Scene, earn_ths: float, lose_ths: float) -> str:
    if not lose_ths:
        text = _("{earn} earn, nothing loses")
    elif not earn_ths:
        text = _("{lose} lose, nothing earns")
    else:
        text = _("{earn} earn, {lose} lose")
    return text.format(earn=scene.hashrate_words(earn_ths), lose=scene.hashrate_words(lose_ths))
