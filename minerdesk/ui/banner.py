"""A line over the page that says how things stand until they change."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QWidget

from minerdesk.domain.text import _, ngettext
from minerdesk.ui.book_actions import BookActions
from minerdesk.ui.contracts import Desk
from minerdesk.ui.icons import Icons
from minerdesk.ui.widgets.basics import button, label

if TYPE_CHECKING:
    from minerdesk.services.book import BookService, Opened
    from minerdesk.services.words.formats import Formats


class Banner(QFrame):
    """One sentence with the buttons that answer it. Hidden while it has nothing to say."""

    def __init__(
        self,
        icons: Icons,
        next_focus: Callable[[], QWidget | None] = lambda: None,
        parent: QWidget | None = None,
    ) -> None:
        """Make it, hidden.

        Args:
            icons: where its sign is from.
            next_focus: tells which widget gets the focus after a button here had it and is gone.
            parent: as of any widget.
        """
        super().__init__(parent)
        self.setObjectName("banner")
        self._next_focus = next_focus
        self._icons = icons
        self._sign = QLabel()
        self._words = label("", wrap=True)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(24, 8, 24, 8)
        self._row.addWidget(self._sign)
        self._row.addWidget(self._words, 1)
        self._buttons: list[QPushButton] = []
        self._answers: tuple[tuple[str, Callable[[], object]], ...] = ()
        icons.changed.connect(self._tint)
        self._tint()
        self.hide()

    @property
    def text(self) -> str:
        """What it says, empty while hidden."""
        return self._words.text()

    def say(self, sentence: str, *answers: tuple[str, Callable[[], object]]) -> None:
        """Show ``sentence`` with one button per answer; the empty sentence hides the banner."""
        asked = [text for text, _handler in self._answers]
        self._answers = answers
        self._words.setText(sentence)
        self.setAccessibleName(sentence)
        # What stays the same keeps its buttons, and so the focus.
        if [text for text, _handler in answers] != asked:
            self._renew_buttons()
        self.setVisible(bool(sentence))

    def _renew_buttons(self) -> None:
        had_focus = any(old.hasFocus() for old in self._buttons)
        after = self._next_focus() if had_focus else None
        if after is not None:
            # Qt would give it to whatever comes next in the window.
            after.setFocus(Qt.FocusReason.OtherFocusReason)
        for old in self._buttons:
            self._row.removeWidget(old)
            old.hide()
            old.deleteLater()
        self._buttons = [
            button(text, partial(self._answer, row))
            for row, (text, _handler) in enumerate(self._answers)
        ]
        for made in self._buttons:
            self._row.addWidget(made)

    def _answer(self, row: int) -> None:
        self._answers[row][1]()

    def _tint(self) -> None:
        self._sign.setPixmap(self._icons.icon("warning").pixmap(16, 16))


def say_how_it_stands(
    banner: Banner, desk: Desk, actions: BookActions, formats: Formats, *, polled: bool
) -> None:
    """Say what the operator must know of the open book; the most pressing thing first.

    Args:
        banner: where it is said.
        desk: what is asked.
        actions: behind the buttons.
        formats: the operator's locale.
        polled: the sources were asked already, so that who asks them is known.
    """
    book = desk.book

    def answer(work: Callable[[], None]) -> Callable[[], None]:
        def run() -> None:
            work()
            say_how_it_stands(banner, desk, actions, formats, polled=polled)

        return run

    found = book.recoverable()
    if found is not None:
        restore = ngettext("Restore {n} edit", "Restore {n} edits", found.edits)
        banner.say(
            _say_recoverable(book, formats),
            (restore.format(n=formats.count(found.edits)), answer(book.recover)),
            (_("Discard"), answer(book.drop_recovery)),
        )
    elif book.read_only:
        banner.say(
            _("This book is shown read-only: {why}").format(why=book.why_read_only),
            (_("Save as…"), actions.ask_save_as),
        )
    elif actions.lost:
        lost = actions.lost[0]
        banner.say(
            _say_lost(lost, formats),
            (_("Restore it"), partial(actions.take_lost, lost)),
            (_("Discard"), partial(actions.drop_lost, lost)),
        )
    else:
        banner.say(desk.why_not_polling if polled else "")


def _say_recoverable(book: BookService, formats: Formats) -> str:
    found, copy = book.recoverable(), book.recovery_copy
    if found is None:
        return ""
    said = ngettext(
        "{n} edit of {when} was never saved.",
        "{n} edits until {when} were never saved.",
        found.edits,
    ).format(n=formats.count(found.edits), when=formats.date_time(found.at))
    if book.edited_since:
        said = _("{said} Restoring undoes what was edited since; Undo brings that back.").format(
            said=said
        )
    if copy is not None:
        said = _("{said} A copy is kept as {file}.").format(said=said, file=copy)
    return said


def _say_lost(lost: Opened, formats: Formats) -> str:
    found = lost.recovered
    if found is None:
        return _("A book that was never saved was left behind.")
    rigs = ngettext("{n} rig", "{n} rigs", found.book.rig_count).format(
        n=formats.count(found.book.rig_count)
    )
    return _(
        "A book that was never saved was left behind: {name}, {rigs}, last edited {when}."
    ).format(name=found.book.name or _("new book"), rigs=rigs, when=formats.date_time(found.at))
