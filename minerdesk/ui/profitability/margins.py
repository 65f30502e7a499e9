"""Margin per group as bars, best first."""

from __future__ import annotations

import numpy as np
from PySide6.QtWidgets import QWidget

from minerdesk.domain.text import _
from minerdesk.ui.charts.axes import Axis
from minerdesk.ui.charts.base import Table
from minerdesk.ui.charts.blocks import Blocks, in_order
from minerdesk.ui.charts.blocks_chart import BlocksChart
from minerdesk.ui.profitability.scene import Scene
from minerdesk.ui.theme import Theme


class MarginsChart(BlocksChart):
    """One bar per group from the best margin to the worst."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        self._scene_shown: Scene | None = None
        self._unknown = 0
        self._order = np.empty(0, np.intp)
        super().__init__(
            theme,
            name=_("Margin per group"),
            x=Axis(_("groups, best margin first"), self._write_rank),
            y=Axis(_("margin"), self._write_money, movable=False),
            parent=parent,
        )

    def show_scene(self, scene: Scene | None) -> None:
        """Show the margins of a fleet's groups."""
        self._scene_shown = scene
        if scene is None:
            self.show_blocks(Blocks(), 0, 1)
            return
        margin = scene.margins
        self._order = in_order(-margin, self._order)
        known = int(np.isfinite(margin).sum())
        order = self._order[:known]
        self._unknown = len(margin) - known
        value = margin[order]
        edges = np.arange(len(order) + 1, dtype=np.float64) + 0.5
        self.getPlotItem().setLabel(
            "left", _("margin, {currency} a day").format(currency=scene.currency)
        )
        low, high = float(value.min(initial=0.0)), float(value.max(initial=0.0))
        room = (high - low) * 0.06 or 1.0
        low, high = low - room if low < 0 else 0.0, high + room
        self.show_blocks(Blocks(edges, value, value >= 0, order.astype(np.int64)), low, high)
        self.setYRange(low, high, padding=0)

    def note(self) -> str:
        """Return the worst and the best margin."""
        scene, blocks = self._scene_shown, self._blocks
        if scene is None or not len(blocks):
            return ""
        said = [
            _("after all power: best {best}, worst {worst}, {name}").format(
                best=scene.formats.number(float(blocks.value[0]), scene.digits, signed=True),
                worst=scene.margin(float(blocks.value[-1])),
                name=scene.name(int(blocks.key[-1])),
            )
        ]
        if self._unknown:
            said.append(_("{n} of unknown cost").format(n=scene.formats.count(self._unknown)))
        return " · ".join(said)

    def summary(self) -> str:
        """Return how many groups earn, the best and the worst."""
        scene, blocks = self._scene_shown, self._blocks
        if scene is None or not len(blocks):
            return _("No groups to show.")
        return _("{n} of {m} groups earn: {note}.").format(
            n=scene.formats.count(int(blocks.earns.sum())),
            m=scene.formats.count(len(blocks)),
            note=self.note(),
        )

    def table(self) -> Table:
        """Return one row per group, best first."""
        scene = self._scene_shown
        heads = (_("group"), _("rigs"), _("margin per day"), _("currency"))
        if scene is None:
            return Table(heads, ())
        groups = scene.evaluation.book.groups
        return Table(
            heads,
            tuple(
                (scene.name(key), str(groups[key].count), f"{value:.2f}", scene.currency)
                for key, value in zip(
                    self._blocks.key.tolist(), self._blocks.value.tolist(), strict=True
                )
            ),
        )

    def words_at(self, x: float) -> str:
        """Return the group at ``x``, its margin, and whether it runs."""
        scene, row = self._scene_shown, self._blocks.at(x)
        if scene is None or row is None:
            return ""
        group = int(self._blocks.key[row])
        value = float(self._blocks.value[row])
        sentence = (
            _("{margin} a day, {rig} a rig: {name}, {n} running")
            if scene.runs()[group]
            else _("{margin} a day if run, {rig} a rig: {name}, {n} off")
        )
        count = scene.rigs_in_margin(group)
        return sentence.format(
            name=scene.name(group),
            n=scene.formats.count(count),
            margin=scene.margin(value),
            rig=scene.formats.number(value / count, 2, signed=True),
        )

    def _write_rank(self, value: float) -> str:
        whole = self._scene_shown is not None and value == int(value) and value >= 1
        return self._scene_shown.formats.count(value) if whole and self._scene_shown else ""

    def _write_money(self, value: float) -> str:
        scene = self._scene_shown
        if scene is None:
            return ""
        return scene.formats.number(value, 0 if abs(value) >= 10 or value == 0 else 2)
