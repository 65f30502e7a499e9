"""What can be taken out of a panel: its picture, its table, a file of its numbers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from minerdesk.domain.text import _
from minerdesk.ui.actions import Action


class Copied(Protocol):
    """What can be copied, such as a `charts.panel.Panel`."""

    @property
    def title(self) -> str:
        """What is shown."""
        ...

    def copy_picture(self) -> None:
        """Put it onto the clipboard as it looks."""
        ...

    def copy_table(self) -> None:
        """Put its numbers onto the clipboard."""
        ...


def panel_actions(
    key: str,
    panel: Copied,
    save: Callable[[], object] | None = None,
    enabled: Callable[[], bool] = lambda: True,
) -> list[Action]:
    """Return copying of a panel, and saving where ``save`` asks for a file; ``key`` begins ids."""
    words = {"chart": panel.title}
    entries: list[tuple[str, str, Callable[[], object]]] = [
        ("picture", _("{chart}: copy as picture"), panel.copy_picture),
        ("table", _("{chart}: copy as table"), panel.copy_table),
    ]
    if save is not None:
        entries.append(("csv", _("{chart}: save as CSV…"), save))
    return [
        Action(f"{key}.{what}", text.format(**words), handler, enabled=enabled)
        for what, text, handler in entries
    ]
