"""The ladder as a table: for each mode step the numbers at which it should stop."""

from __future__ import annotations

from typing import Final

import numpy as np
from PySide6.QtCore import QObject

from minerdesk.domain.text import _
from minerdesk.domain.units import THS_PER_PHS
from minerdesk.ui.profitability.scene import Scene
from minerdesk.ui.theme import Theme
from minerdesk.ui.widgets.ranked_table import Column, Floats, Places, RankedTable

_TRILLION: Final = 1e12


def _earns(scene: Scene) -> Floats:
    room: Floats = scene.price_per_btc - scene.figures.ladder.price_per_btc
    return room


def _now(scene: Scene, block: int) -> str:
    room = float(_earns_one(scene, block))
    if np.isnan(room):
        return _("unknown")
    return _("▲ earns") if room >= 0 else _("▼ loses")


def _earns_one(scene: Scene, block: int) -> float:
    return scene.price_per_btc - float(scene.figures.ladder.price_per_btc[block])


def _hashprice(scene: Scene, block: int) -> str:
    value = float(scene.figures.ladder.hashprice_per_ph_day[block])
    if scene.small:
        return scene.formats.number(value / THS_PER_PHS, 4)
    return scene.formats.number(value, 2)


COLUMNS: Final[tuple[Column[Scene], ...]] = (
    Column(
        lambda _scene: _("group"),
        lambda: _("Site, model and count"),
        lambda scene, block: scene.name(int(scene.figures.blocks.group[block])),
        lambda scene: [scene.name(int(group)) for group in scene.figures.blocks.group],
        number=False,
    ),
    Column(
        lambda _scene: _("step"),
        lambda: _("From which mode to which; each step is weighed by itself"),
        lambda scene, block: scene.step(block),
        lambda scene: [scene.step(block) for block in range(len(scene.figures.blocks.group))],
        number=False,
    ),
    Column(
        lambda _scene: _("now"),
        lambda: _(
            "Whether the step leaves money at today's price, after the power that stops with it"
        ),
        _now,
        _earns,
        number=False,
        loses=lambda scene, block: _earns_one(scene, block) < 0,
    ),
    Column(
        lambda scene: _("BTC price\n{currency}").format(currency=scene.currency),
        lambda: _("Stop below this price of one BTC: the cash cost of a coin"),
        lambda scene, block: scene.formats.number(float(scene.figures.ladder.price_per_btc[block])),
        lambda scene: scene.figures.ladder.price_per_btc,
    ),
    Column(
        lambda scene: (
            _("hashprice\n{currency}/TH/day") if scene.small else _("hashprice\n{currency}/PH/day")
        ).format(currency=scene.currency),
        lambda: _("Stop below this gross revenue of a day"),
        _hashprice,
        lambda scene: scene.figures.ladder.hashprice_per_ph_day,
        unit=lambda scene: THS_PER_PHS if scene.small else 1.0,
    ),
    Column(
        lambda _scene: _("difficulty\nT"),
        lambda: _("Stop above this difficulty"),
        lambda scene, block: scene.formats.number(
            float(scene.figures.ladder.difficulty[block]) / _TRILLION, 1
        ),
        lambda scene: scene.figures.ladder.difficulty,
        unit=lambda _scene: _TRILLION,
    ),
    Column(
        lambda scene: _("power\n{currency}/kWh").format(currency=scene.currency),
        lambda: _(
            "Stop above this price of power at the meter. Only the power that stops with the rig "
            "counts; a break-even power price counts all power, so it is lower where idle rigs "
            "draw power."
        ),
        lambda scene, block: scene.formats.number(
            float(scene.figures.ladder.price_per_kwh[block]), 4
        ),
        lambda scene: scene.figures.ladder.price_per_kwh,
    ),
)
PRICE_COLUMN: Final = 3


class RungsModel(RankedTable[Scene]):
    """Rows are blocks of the ladder, the dearest coin first."""

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(theme, COLUMNS, PRICE_COLUMN, parent)

    def same_places(self, before: Scene, scene: Scene) -> bool:
        """Return whether both are of the same steps."""
        return scene.figures.blocks is before.figures.blocks

    def places_of(self, scene: Scene, group_id: str) -> Places:
        """Return the steps of a group."""
        index = scene.group_index(group_id)
        return np.flatnonzero(scene.figures.blocks.group == (-1 if index is None else index))

    def group_id(self, scene: Scene, place: int) -> str:
        """Return the id of the group of a step."""
        return scene.evaluation.book.groups[int(scene.figures.blocks.group[place])].id
