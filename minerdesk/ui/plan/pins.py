"""Holding the selected group on or off in every plan, with undo."""

from __future__ import annotations

from collections.abc import Callable

from minerdesk.domain.errors import UserError
from minerdesk.domain.rigs import Pin
from minerdesk.domain.text import _
from minerdesk.services import edits
from minerdesk.ui.page import PageContext
from minerdesk.ui.plan.scene import Scene
from minerdesk.ui.plan.selection import PlanSelection
from minerdesk.ui.widgets.group_places import Places


class Pins:
    """Edits the pin of what is selected; a folded row is pinned whole."""

    def __init__(
        self, context: PageContext, selection: PlanSelection, scene: Callable[[], Scene | None]
    ) -> None:
        self._context, self._selection, self._scene = context, selection, scene
        self._known: Places | None = None

    def held(self) -> Pin | None:
        """Return how the book holds what is selected; None where nothing is, or not all alike.

        The plan may be older: it is made anew for a while after each edit.
        """
        scene = self._scene()
        ids = () if scene is None else self._ids(scene)
        self._known = known = Places.of_book(self._context.services.book.book, self._known)
        found = {known.book.groups[known.of[each]].pin for each in ids if each in known.of}
        return found.pop() if len(found) == 1 else None

    def can(self, pin: Pin) -> bool:
        """Whether something is selected that is not pinned so already."""
        scene = self._scene()
        return scene is not None and bool(self._places(scene)) and self.held() is not pin

    def set(self, pin: Pin) -> None:
        """Pin what is selected."""
        scene = self._scene()
        if scene is None:
            return
        ids = self._ids(scene)
        if not ids or not self.can(pin):
            return
        name = scene.words.group_name(ids[0])
        text = {
            Pin.ON: _("Pin {group} on"),
            Pin.OFF: _("Pin {group} off"),
            Pin.FREE: _("Unpin {group}"),
        }[pin].format(group=name)
        try:
            self._context.run_command(text, lambda book: edits.set_pin(book, ids, pin))
        except UserError as error:
            self._context.toast(error.sentence, "error")

    def menu(self) -> list[tuple[str, Callable[[], None]]]:
        """Return what can be done with what is selected, for a context menu."""
        offered = (
            (Pin.ON, _("Pin on")),
            (Pin.OFF, _("Pin off")),
            (Pin.FREE, _("Unpin")),
        )
        return [(text, lambda pin=pin: self.set(pin)) for pin, text in offered if self.can(pin)]  # type: ignore[misc] # a lambda's default has no type

    def _places(self, scene: Scene) -> tuple[int, ...]:
        row = scene.row_of(self._selection.group_id) if self._selection.group_id else None
        return () if row is None else scene.rows[row].groups

    def _ids(self, scene: Scene) -> tuple[str, ...]:
        groups = scene.plan.book.groups
        return tuple(groups[index].id for index in self._places(scene))
