"""Mine or buy as a table: one row per group, the dearest coin first."""

from __future__ import annotations

from typing import Final

import numpy as np
from PySide6.QtCore import QObject

from minerdesk.domain.text import _
from minerdesk.ui.standing.scene import Scene
from minerdesk.ui.theme import Theme
from minerdesk.ui.widgets.ranked_table import Column, Places, RankedTable


def _better(scene: Scene, group: int) -> str:
    premium = float(scene.view.buy.premium[group])
    if np.isnan(premium):
        return _("unknown")
    return _("▼ buy") if premium > 0 else _("▲ mine")


def _coins(scene: Scene, value: float) -> str:
    return scene.formats.number(value, scene.coin_digits)


COLUMNS: Final[tuple[Column[Scene], ...]] = (
    Column(
        lambda _scene: _("group"),
        lambda: _("Site, model and count"),
        lambda scene, group: scene.name(group),
        lambda scene: [scene.name(i) for i in range(len(scene.view.buy.premium))],
        number=False,
    ),
    Column(
        lambda _scene: _("better"),
        lambda: _("What gives more coins for the same power money"),
        _better,
        lambda scene: scene.view.buy.premium,
        number=False,
        loses=lambda scene, group: float(scene.view.buy.premium[group]) > 0,
    ),
    Column(
        lambda scene: _("a mined BTC\n{currency}").format(currency=scene.currency),
        lambda: (
            _("Power that stops with the rigs, over the coins mined until the horizon")
            + "\n"
            + _("A host's share of the profit is spent as well.")
        ),
        lambda scene, group: scene.formats.number(float(scene.view.buy.cost_per_btc[group])),
        lambda scene: scene.view.buy.cost_per_btc,
    ),
    Column(
        lambda _scene: _("against\nspot"),
        lambda: _("Premium over today's price; below 0 mining is cheaper than buying"),
        lambda scene, group: scene.formats.percent_points(
            100 * float(scene.view.buy.premium[group]), signed=True
        ),
        lambda scene: scene.view.buy.premium,
    ),
    Column(
        lambda _scene: _("mined\nBTC"),
        lambda: _("Coins mined until the horizon, at the expected difficulty and after a halving"),
        lambda scene, group: _coins(scene, float(scene.view.buy.coins[group])),
        lambda scene: scene.view.buy.coins,
    ),
    Column(
        lambda _scene: _("bought\nBTC"),
        lambda: _("Coins that the same power money buys today"),
        lambda scene, group: _coins(scene, float(scene.view.buy.coins_bought[group])),
        lambda scene: scene.view.buy.coins_bought,
    ),
    Column(
        lambda scene: _("needed at horizon\n{currency}/BTC").format(currency=scene.currency),
        lambda: _(
            "BTC price at the horizon at which holding the mined coins has earned the discount "
            "rate on the power money, after taxes"
        ),
        lambda scene, group: scene.formats.number(float(scene.view.buy.price_needed[group])),
        lambda scene: scene.view.buy.price_needed,
    ),
)
PREMIUM_COLUMN: Final = 3


class BuyModel(RankedTable[Scene]):
    """Rows are groups, the dearest coin first."""

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(theme, COLUMNS, PREMIUM_COLUMN, parent)

    def same_places(self, before: Scene, scene: Scene) -> bool:
        """Return whether both are of one book."""
        return before.view.evaluation.book is scene.view.evaluation.book

    def places_of(self, scene: Scene, group_id: str) -> Places:
        """Return the place of a group."""
        index = scene.index(group_id)
        return np.array([] if index is None else [index], np.intp)

    def group_id(self, scene: Scene, place: int) -> str:
        """Return the id of a group."""
        return scene.group_id(place)
