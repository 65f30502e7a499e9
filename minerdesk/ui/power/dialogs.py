"""Dialogs of the Power page: a rate that is imported, a copy to another site, a source's key."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QWidget

from minerdesk.domain.book import Book
from minerdesk.domain.errors import UserError
from minerdesk.domain.tariff import Tariff
from minerdesk.domain.text import _, ngettext
from minerdesk.services import edits
from minerdesk.services.power.urdb import UrdbChoice, UrdbImport
from minerdesk.ui.widgets.basics import label
from minerdesk.ui.widgets.forms import FormDialog, Grid, combo

Run = Callable[[str, Callable[[Book], Book]], None]


class RateDialog(FormDialog):
    """Shows what a rate becomes, what was assumed and what was left out, before it is taken.

    Args:
        rates: the rates of the file.
        read: makes a tariff of one of them.
        take: puts the tariff in place.
    """

    def __init__(
        self,
        rates: Sequence[UrdbChoice],
        read: Callable[[int], UrdbImport],
        take: Callable[[Tariff], object],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(_("Import a rate"), _("Take this rate"), parent)
        self._read, self._take = read, take
        self._found: UrdbImport | None = None
        self.rates = combo(_("Rate"), [(_rate_words(rate), rate.number) for rate in rates])
        self.rates.setMinimumContentsLength(40)
        grid = Grid()
        grid.add(_("Rate"), self.rates)
        self._parts = label("", wrap=True)
        self.notes = QPlainTextEdit()
        self.notes.setReadOnly(True)
        self.notes.setTabChangesFocus(True)
        self.notes.setAccessibleName(_("What was assumed and what was left out"))
        self.body.addWidget(grid)
        self.body.addWidget(self._parts)
        self.body.addWidget(label(_("What was assumed and what was left out"), "muted"))
        self.body.addWidget(self.notes, 1)
        self.rates.activated.connect(lambda _index: self._show())
        self.resize(640, 480)
        self._show()

    def take(self) -> None:
        """Put the tariff in place."""
        if self._found is None:
            raise UserError(self.complaint or _("This rate cannot be taken."))
        self._take(self._found.tariff)

    def _show(self) -> None:
        self._found = None
        try:
            self._found = self._read(self.rates.currentData())
        except UserError as error:
            self.say(error.sentence)
            self.notes.setPlainText("")
            return
        self.say("")
        self._parts.setText(_summary(self._found.tariff))
        notes = self._found.notes or (_("Everything was taken as it stands."),)
        self.notes.setPlainText("\n".join(notes))


class CopyDialog(FormDialog):
    """Gives another site a copy of a tariff."""

    def __init__(self, book: Book, site_id: str, run: Run, parent: QWidget | None = None) -> None:
        super().__init__(_("Copy the tariff"), _("Copy"), parent)
        self._run = run
        site = next(each for each in book.sites if each.id == site_id)
        self._tariff = site.tariff
        others = [(each.name, each.id) for each in book.sites if each.id != site_id]
        self.site = combo(_("To site"), others)
        grid = Grid()
        grid.add(_("To site"), self.site)
        self.body.addWidget(grid)
        words = _("The site's present tariff is replaced; undo brings it back.")
        self.body.addWidget(label(words, "muted", wrap=True))

    def take(self) -> None:
        """Copy the tariff."""
        to = self.site.currentData()
        if to is None:
            raise UserError(_("There is no other site to copy it to."))
        text = _("copy tariff to {site}").format(site=self.site.currentText())
        self._run(text, lambda book: edits.copy_tariff(book, self._tariff, to))


class KeyDialog(FormDialog):
    """Asks for the key of a source; it is kept with the passwords, never in the book."""

    def __init__(
        self, owner: str, keep: Callable[[str], object], parent: QWidget | None = None
    ) -> None:
        super().__init__(_("Key of {owner}").format(owner=owner), _("Keep the key"), parent)
        self._keep = keep
        grid = Grid()
        self.key = grid.add_entry(_("Key"))
        self.key.line.setEchoMode(QLineEdit.EchoMode.Password)
        self.body.addWidget(grid)
        words = _("It is kept in the system's keyring. Who registers there gets one, free of cost.")
        self.body.addWidget(label(words, "muted", wrap=True))

    def take(self) -> None:
        """Keep the key."""
        if not self.key.text:
            self.key.say(_("Write the key."))
            raise UserError(_("Write the key."))
        self._keep(self.key.text)


def _rate_words(rate: UrdbChoice) -> str:
    return " · ".join(filter(None, (rate.utility, rate.name, rate.sector)))


def _summary(tariff: Tariff) -> str:
    of_use = tariff.time_of_use
    periods = 0 if of_use is None else len(of_use.periods)
    counted = (
        ngettext("{n} period", "{n} periods", periods).format(n=periods),
        ngettext("{n} demand charge", "{n} demand charges", len(tariff.demand)).format(
            n=len(tariff.demand)
        ),
        ngettext("{n} fixed charge", "{n} fixed charges", len(tariff.fixed)).format(
            n=len(tariff.fixed)
        ),
    )
    return f"{tariff.name}: {', '.join(counted)}."
