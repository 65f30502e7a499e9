"""Actions are data: one table gives menus, toolbar, palette, shortcut help and their tests."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

from minerdesk.ui.icons import Icons


def _always() -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Action:
    """One thing the operator can do.

    Attributes:
        id: stable name such as ``book.save``; its first part is the menu it belongs to.
        text: what it is called, translated, without an ampersand.
        handler: called without arguments in the GUI thread.
        shortcut: in Qt's portable text, such as ``Ctrl+S``; empty for none. A page's shortcut works
            while that page is shown.
        icon: name of a picture in ``resources/icons`` without its ending; empty for none.
        enabled: asked before the action is shown or run.
        tip: one sentence more than the text, or empty.
        menu: heading of the menu it stands in, translated; empty keeps it to the palette.
        words: further words the palette finds it by.
        more_shortcuts: other keys that do the same, as on other systems.
    """

    id: str
    text: str
    handler: Callable[[], object]
    shortcut: str = ""
    icon: str = ""
    enabled: Callable[[], bool] = _always
    tip: str = ""
    menu: str = ""
    words: str = ""
    more_shortcuts: tuple[str, ...] = ()

    @property
    def shortcuts(self) -> tuple[str, ...]:
        """Every shortcut, the first one first."""
        return (self.shortcut, *self.more_shortcuts) if self.shortcut else self.more_shortcuts

    def run(self) -> bool:
        """Run the handler where the action is enabled; tell whether it ran."""
        if not self.enabled():
            return False
        self.handler()
        return True


class ActionTable(QObject):
    """The actions in force, and a `QAction` for each that follows icon tint and enabled-when."""

    def __init__(self, icons: Icons, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._icons = icons
        self._actions: dict[str, Action] = {}
        self._made: dict[str, QAction] = {}
        icons.changed.connect(self._tint)

    def __iter__(self) -> Iterator[Action]:
        return iter(self._actions.values())

    def __contains__(self, action_id: str) -> bool:
        return action_id in self._actions

    def __getitem__(self, action_id: str) -> Action:
        return self._actions[action_id]

    def add(self, actions: Iterable[Action], owner: QWidget, *, page: bool = False) -> None:
        """Add actions; their shortcuts work in ``owner``'s window, or for a page inside the page.

        Raises:
            ValueError: an id or, among the window's own, a shortcut is already taken.
        """
        for action in actions:
            self._check(action)
            made = QAction(action.text, owner)
            made.setObjectName(action.id)
            made.setToolTip(tip_of(action))
            if action.shortcuts:
                made.setShortcuts([QKeySequence(keys) for keys in action.shortcuts])
                made.setShortcutContext(
                    Qt.ShortcutContext.WidgetWithChildrenShortcut
                    if page
                    else Qt.ShortcutContext.WindowShortcut
                )
            if action.icon:
                made.setIcon(self._icons.icon(action.icon))
            made.triggered.connect(action.run)
            owner.addAction(made)
            self._actions[action.id] = action
            self._made[action.id] = made
        self.refresh()

    def qaction(self, action_id: str) -> QAction:
        """Return the `QAction` of an action, to put into a menu or a tool button."""
        return self._made[action_id]

    def refresh(self) -> None:
        """Ask every enabled-when again."""
        for action_id, made in self._made.items():
            made.setEnabled(self._actions[action_id].enabled())

    def rename(self, action_id: str, text: str) -> None:
        """Give a `QAction` another text, such as ``Undo: change count``."""
        self._made[action_id].setText(text)

    def _check(self, action: Action) -> None:
        if action.id in self._actions:
            raise ValueError(f"action {action.id!r} is declared twice")
        wanted = {QKeySequence(keys).toString(): keys for keys in action.shortcuts}
        for other in self._actions.values():
            for keys in other.shortcuts:
                if QKeySequence(keys).toString() in wanted:
                    raise ValueError(f"{action.id} and {other.id} share the shortcut {keys}")

    def _tint(self) -> None:
        for action_id, made in self._made.items():
            if self._actions[action_id].icon:
                made.setIcon(self._icons.icon(self._actions[action_id].icon))


def tip_of(action: Action) -> str:
    """Return the tool tip of an action: its tip or text, with its shortcut."""
    words = action.tip or action.text
    if not action.shortcut:
        return words
    keys = QKeySequence(action.shortcut).toString(QKeySequence.SequenceFormat.NativeText)
    return f"{words} ({keys})"
