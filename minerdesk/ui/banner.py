"""A line over the page that says how things stand until they change."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QWidget

from minerdesk.domain.text import _, ngettext
from minerdesk.ui.book_actions import BookActions
from minerdesk.ui.contracts import Desk
from minerdesk.ui.icons import Icons
from minerdesk.ui.widgets.basics import button, label

if TYPE_CHECKING:
    from minerdesk.services.book import Opened
    from minerdesk.services.words.formats import Formats


class Banner(QFrame):
    """One sentence with the buttons that answer it. Hidden while it has nothing to say."""

    def __init__(self, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("banner")
        self._icons = icons
        self._sign = QLabel()
        self._words = label("", wrap=True)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(24, 8, 24, 8)
        self._row.addWidget(self._sign)
        self._row.addWidget(self._words, 1)
        self._buttons: list[QWidget] = []
        icons.changed.connect(self._tint)
        self._tint()
        self.hide()

    @property
    def text(self) -> str:
        """What it says, empty while hidden."""
        return self._words.text()

    def say(self, sentence: str, *answers: tuple[str, Callable[[], object]]) -> None:
        """Show ``sentence`` with one button per answer; the empty sentence hides the banner."""
        for old in self._buttons:
            self._row.removeWidget(old)
            old.hide()
            old.deleteLater()
        self._buttons = []
        self._words.setText(sentence)
        self.setAccessibleName(sentence)
        for text, handler in answers:
            made = button(text, handler)
            self._buttons.append(made)
            self._row.addWidget(made)
        self.setVisible(bool(sentence))

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
        sentence = ngettext(
            "{n} edit of {when} was never saved.",
            "{n} edits until {when} were never saved.",
            found.edits,
        ).format(n=formats.count(found.edits), when=formats.date_time(found.at))
        banner.say(
            sentence,
            (_("Take them back"), answer(book.recover)),
            (_("Let them go"), answer(book.drop_recovery)),
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
            (_("Take it back"), partial(actions.take_lost, lost)),
            (_("Let it go"), partial(actions.drop_lost, lost)),
        )
    else:
        banner.say(desk.why_not_polling if polled else "")


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
