"""A host's share of the profit, said beside the margins that are after it."""

from __future__ import annotations

from minerdesk.domain.text import _
from minerdesk.services.evaluation import Figures
from minerdesk.services.words.formats import Formats


def host_note(figures: Figures, group: int, formats: Formats) -> str:
    """Return a sentence on what the host of a group's site takes; empty where it takes nothing."""
    fleet = figures.fleet
    share = 1 - float(fleet.profit_kept[fleet.site[group]])
    if not share:
        return ""
    return _("The host takes {share} of the site's profit; the margin is what it leaves.").format(
        share=formats.percent(share)
    )
