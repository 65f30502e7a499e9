"""What can be taken out of a panel: its picture, its table, a file of its numbers."""

from __future__ import annotations

from collections.abc import Callable

from minerdesk.domain.text import _
from minerdesk.ui.actions import Action
from minerdesk.ui.charts.panel import Panel


def panel_actions(key: str, panel: Panel, save: Callable[[], object] | None = None) -> list[Action]:
    """Return copying of a panel, and saving where ``save`` asks for a file; ``key`` begins ids."""
    words = {"chart": panel.title}
    found = [
        Action(f"{key}.picture", _("{chart}: copy as picture").format(**words), panel.copy_picture),
        Action(f"{key}.table", _("{chart}: copy as table").format(**words), panel.copy_table),
    ]
    if save is not None:
        found.append(Action(f"{key}.csv", _("{chart}: save as CSV…").format(**words), save))
    return found
