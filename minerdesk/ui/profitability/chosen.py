"""What is said of the selected group."""

from __future__ import annotations

import numpy as np

from minerdesk.domain.text import _
from minerdesk.services.words import sentence_prefix
from minerdesk.services.words.host_share import host_note
from minerdesk.services.words.reasons import group_facts
from minerdesk.ui.profitability.scene import Scene


def chosen_words(scene: Scene, group: int | None) -> str:
    """Return margin and break-evens of a group, or how to select one.

    Args:
        scene: what is shown.
        group: index of the group, or None.
    """
    if group is None:
        return _("Select a group in a chart or in the table, and all of them mark it.")
    figures, formats = scene.figures, scene.formats
    margin = float(scene.margins[group])
    stop = float(figures.column("cost_per_btc")[group])
    power = float(figures.column("break_even_price_per_kwh")[group])
    paid = float(figures.fleet.price_per_kwh[group])
    if not np.isfinite(margin):
        return _("{name}: what power costs is not known.").format(name=scene.name(group))
    limit = group_facts(figures, group).limit_per_kwh
    sentence = (
        _(
            "{name}: {margin} a day, break-even at {power} for all power (it pays {paid}). "
            "Stop below {stop} for 1 BTC or above {limit}: only the power that stops counts."
        )
        if scene.runs()[group]
        else _(
            "{name}, off: {margin} a day if run, break-even at {power} for all power (it pays "
            "{paid}). Earns above {stop} for 1 BTC or below {limit}: only the power that stops "
            "counts."
        )
    )
    said = sentence.format(
        name=scene.name(group),
        margin=scene.margin(margin),
        stop=scene.money(stop),
        limit=formats.price_per_kwh(limit, scene.currency, 4),
        power=formats.price_per_kwh(power, scene.currency, 4),
        paid=formats.price_per_kwh(paid, scene.currency, 4),
    )
    said = " ".join(filter(None, (said, host_note(figures, group, formats))))
    return sentence_prefix(scene.evaluation, formats) + said
