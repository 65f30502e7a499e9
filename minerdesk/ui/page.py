"""What a page is, and what it is given. A page knows this file, not the window it stands in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QWidget

from minerdesk.ui.actions import Action
from minerdesk.ui.contracts import Change, Clock
from minerdesk.ui.icons import Icons
from minerdesk.ui.state import DeskState
from minerdesk.ui.tasks import TaskRunner
from minerdesk.ui.theme import Theme
from minerdesk.ui.widgets.tab_order import put_in_order

if TYPE_CHECKING:
    from minerdesk.services.words.formats import Formats


class Toast(Protocol):
    """Says what happened elsewhere."""

    def __call__(self, text: str, tone: str = "info", action: Action | None = None) -> None:
        """Show ``text``; tones are ``info``, ``done``, ``warn`` and ``error``."""
        ...


class Go(Protocol):
    """Shows another page."""

    def __call__(self, page_name: str, /, **selection: object) -> None:
        """Show the page and hand ``selection`` to its `Page.select`."""
        ...


def _no_window(action_id: str) -> None:
    raise LookupError(f"no window offers the action {action_id!r}")


@dataclass(frozen=True, slots=True)
class PageContext:
    """All a page may use.

    Attributes:
        state: the slices.
        theme: ``theme.tokens`` are the colours and sizes, ``theme.changed`` the signal to recolour.
        icons: ``icons.icon("pin")``; ask again on ``icons.changed``.
        formats: numbers, money and ages in the operator's locale.
        run_command: the one door for edits: a text for the undo list and a pure change of the book.
            A `domain.errors.UserError` it raises belongs where the operator typed.
        tasks: the one way off the GUI thread.
        services: what the composition root built (`minerdesk.assembly.Desk`).
        toast: for what happened elsewhere.
        go: shows another page.
        now: the clock, UTC.
        run_action: runs a row of the window's action table by its id, such as ``book.open``.
    """

    state: DeskState
    theme: Theme
    icons: Icons
    formats: Formats
    run_command: Callable[[str, Change], None]
    tasks: TaskRunner
    services: Any
    toast: Toast
    go: Go
    now: Clock
    run_action: Callable[[str], object] = _no_window


class Page(QWidget):
    """Base of the pages. Subclasses set the class attributes and draw.

    A subclass builds its widgets in ``__init__`` (after ``super().__init__``) and fills them in
    `draw`; it keeps no state of its own but what the operator chose (sort order, selection).

    Attributes:
        name: stable name, such as ``fleet``.
        title: what the navigation says, in English; it is translated where it is shown.
        icon: name of a drawing in ``resources/icons``.
        wants: the slices whose change makes `draw` necessary.
    """

    name: ClassVar[str] = ""
    title: ClassVar[str] = ""
    icon: ClassVar[str] = ""
    wants: ClassVar[frozenset[str]] = frozenset()

    def __init__(self, context: PageContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.context = context
        self.setObjectName(f"page.{self.name}")
        self._due = True
        context.state.changed.connect(self._mark)

    def draw(self, state: DeskState) -> None:
        """Show the slices. Called once a second at most, only while visible and after a change."""

    def draw_clock(self, now: datetime) -> None:
        """Show what grows with time alone, such as ages. Called each second while visible."""

    def page_actions(self) -> list[Action]:
        """Return the page's actions; their shortcuts work while the page has the focus.

        Ids begin with the page's name. (``actions`` is taken: it is a method of every widget.)
        """
        return []

    def select(self, **selection: object) -> None:
        """Select what another page asked for with ``context.go(name, **selection)``."""

    def take_keys(self) -> None:
        """Take the focus: where it was last, or else the page as a whole."""
        (self.focusWidget() or self).setFocus(Qt.FocusReason.ShortcutFocusReason)

    def tick(self, now: datetime) -> None:
        """One beat of the text clock; the window calls it each second."""
        if not self.isVisible():
            return
        if self._due:
            self._due = False
            self.draw(self.context.state)
        self.draw_clock(now)

    def redraw(self) -> None:
        """Draw at the next beat though no slice changed, as after a change of filter."""
        self._due = True

    def showEvent(self, event: QShowEvent) -> None:
        """Draw at once: what is shown is never older than the last beat."""
        super().showEvent(event)
        put_in_order(self)
        self.tick(self.context.now())

    @Slot(str)
    def _mark(self, name: str) -> None:
        if name in self.wants:
            self._due = True
