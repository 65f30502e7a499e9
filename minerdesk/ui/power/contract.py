"""The editor of a contract: its sections, which come and go, and how each edit reaches the book."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QVBoxLayout, QWidget

from minerdesk.domain.book import Book
from minerdesk.domain.errors import UserError
from minerdesk.domain.tariff import Tariff
from minerdesk.domain.text import _
from minerdesk.services import edits
from minerdesk.services.power.parts import Part, parts
from minerdesk.services.power.templates import Template, templates
from minerdesk.ui.power.find import site_of, tariff_of
from minerdesk.ui.power.index import IndexSection
from minerdesk.ui.power.section import Section, sentence_of
from minerdesk.ui.power.sections import section_of
from minerdesk.ui.theme import Theme
from minerdesk.ui.widgets.basics import label, set_tone
from minerdesk.ui.widgets.forms import Entry
from minerdesk.ui.widgets.tab_order import TabOrder, focus_first
from minerdesk.ui.widgets.typing import Typing

Run = Callable[[str, Callable[[Book], Book]], None]


class ContractEditor(QWidget):
    """Sections of one site's tariff; each edit is one step of undo.

    Args:
        theme: of the grids.
        typing: the operator's numbers.
        run: the one door for edits.

    Signals:
        asked(str): a wish that needs more than the book: ``import_prices``, ``ask_source``,
            ``source_key``, ``import_rate``, ``export`` and ``copy``.
    """

    asked = Signal(str)

    def __init__(self, theme: Theme, typing: Typing, run: Run) -> None:
        super().__init__()
        self._theme, self._typing, self._run = theme, typing, run
        self._book = Book()
        self._site = ""
        self._opened: set[str] = set()
        self.sections: dict[str, Section] = {}
        self._name = Entry(_("Name of the tariff"))
        self._currency = Entry(_("Currency of the tariff"), hint="USD")
        self._currency.line.setMinimumWidth(60)
        self._currency.setMaximumWidth(90)
        for entry in (self._name, self._currency):
            entry.line.editingFinished.connect(self._rename)
        self._shared = label("", "small", wrap=True)
        self._words = label("", wrap=True)
        set_tone(self._words, "lose")
        self._words.hide()
        self._inside = QVBoxLayout()
        self._inside.setSpacing(8)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 8, 12, 8)
        box.setSpacing(8)
        box.addLayout(self._head())
        box.addWidget(self._shared)
        box.addWidget(self._words)
        box.addLayout(self._inside)
        box.addStretch(1)
        TabOrder(self)

    @property
    def tariff(self) -> Tariff | None:
        """The tariff that is shown."""
        return tariff_of(self._book, self._site)

    @property
    def complaint(self) -> str:
        """What is wrong with the whole, or empty."""
        return self._words.text()

    @property
    def addable(self) -> tuple[Part, ...]:
        """The parts that the tariff does not have yet."""
        return tuple(part for part in parts() if part.key not in self.sections)

    def show_site(self, book: Book, site_id: str) -> None:
        """Show the tariff of a site as it is in the book."""
        if site_id != self._site:
            self._opened = set()
            self._clear()
        self._book, self._site = book, site_id
        tariff = self.tariff
        if tariff is None:
            return
        currency = tariff.currency or book.currency
        for entry, text in ((self._name, tariff.name), (self._currency, currency)):
            if not entry.line.hasFocus():
                entry.line.setText(text)
                # A long name is read from its beginning.
                entry.line.setCursorPosition(0)
        others = [
            each.name for each in book.sites if each.tariff == tariff.id and each.id != site_id
        ]
        self._shared.setText(
            _("This tariff also holds for {names}.").format(names=", ".join(others))
        )
        self._shared.setVisible(bool(others))
        self._show_sections(tariff, currency)

    def start_part(self, key: str) -> None:
        """Add a part to the contract, and go to it."""
        part = next(part for part in parts() if part.key == key)
        self._opened.add(key)
        text = _("add {part} to {tariff}").format(part=part.title, tariff=self._tariff_name())
        self._change(text, part.start)
        self.show_site(self._book, self._site)
        if key in self.sections:
            focus_first(self.sections[key].body)

    def take_template(self, template: Template) -> None:
        """Put a typical contract in place of what is there; undo brings that back."""
        self._opened = set()
        text = _("begin {tariff} as {template}")
        self._change(
            text.format(tariff=self._tariff_name(), template=template.title), template.make
        )

    # Inside.

    def _head(self) -> QHBoxLayout:
        self.add_button = _menu_button(_("Add a part"))
        self._add_menu = QMenu(self.add_button)
        self._add_menu.aboutToShow.connect(self._fill_add)
        self.add_button.setMenu(self._add_menu)
        begin = _menu_button(_("Begin from…"))
        menu = QMenu(begin)
        menu.setToolTipsVisible(True)
        for template in templates():
            made = menu.addAction(template.title)
            made.setToolTip(template.explains)
            made.triggered.connect(partial(self._template_chosen, template))
        begin.setMenu(menu)
        more = _menu_button(_("Import and export"))
        menu = QMenu(more)
        for wish, text in (
            ("import_rate", _("Import a rate (OpenEI URDB)…")),
            ("paste_rate", _("Paste a rate (OpenEI URDB)")),
            ("import_prices", _("Import prices (CSV)…")),
            ("open", _("Open a tariff…")),
            ("export", _("Save the tariff as a file…")),
            ("copy", _("Copy to another site…")),
        ):
            menu.addAction(text).triggered.connect(partial(self._wish, wish))
        more.setMenu(menu)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(label(_("Tariff"), "muted"))
        row.addWidget(self._name, 1)
        row.addWidget(self._currency)
        for each in (self.add_button, begin, more):
            row.addWidget(each)
        return row

    def _wish(self, wish: str, *_checked: object) -> None:
        self.asked.emit(wish)

    def _template_chosen(self, template: Template, *_checked: object) -> None:
        self.take_template(template)

    def _fill_add(self) -> None:
        self._add_menu.clear()
        self._add_menu.setToolTipsVisible(True)
        for part in self.addable:
            made = self._add_menu.addAction(part.title)
            made.setToolTip(part.explains)
            made.triggered.connect(partial(self._part_chosen, part.key))

    def _part_chosen(self, key: str, *_checked: object) -> None:
        self.start_part(key)

    def _show_sections(self, tariff: Tariff, currency: str) -> None:
        wanted = [part for part in parts() if part.has(tariff) or part.key in self._opened]
        for key in [key for key in self.sections if key not in {part.key for part in wanted}]:
            self._drop(key)
        for index, part in enumerate(wanted):
            section = self.sections.get(part.key)
            if section is None:
                section = self._make(part)
                self._inside.insertWidget(index, section)
            section.show_subject(tariff, currency)

    def _make(self, part: Part) -> Section:
        section = section_of(part, self._typing, self._theme)
        section.edited.connect(partial(self._take, section))
        section.removed.connect(partial(self._remove, part))
        if isinstance(section, IndexSection):
            section.import_wanted.connect(partial(self.asked.emit, "import_prices"))
            section.ask_wanted.connect(partial(self.asked.emit, "ask_source"))
            section.key_wanted.connect(partial(self.asked.emit, "source_key"))
        self.sections[part.key] = section
        return section

    def _take(self, section: Section) -> None:
        tariff = self.tariff
        fields = None if tariff is None else section.take(tariff)
        if tariff is None or fields is None:
            return
        try:
            if replace(tariff, **fields) == tariff:  # type: ignore[arg-type] # fields by name
                return
            text = _("change {part} of {tariff}")
            self._change(
                text.format(part=section.title, tariff=self._tariff_name()),
                lambda now: replace(now, **fields),  # type: ignore[arg-type] # fields by name
            )
        except ValueError as error:
            section.say(sentence_of(error))

    def _remove(self, part: Part) -> None:
        self._opened.discard(part.key)
        text = _("remove {part} from {tariff}")
        self._change(text.format(part=part.title, tariff=self._tariff_name()), part.without)
        self.show_site(self._book, self._site)

    def _rename(self) -> None:
        tariff = self.tariff
        if tariff is None:
            return
        code = self._currency.text.upper()
        if len(code) != 3 or not code.isascii() or not code.isalpha():
            self._currency.say(_("Three letters, such as USD."))
            return
        kept = code if code != self._book.currency else ""
        if code == (tariff.currency or self._book.currency):
            kept = tariff.currency
        changes = {"name": self._name.text or tariff.name, "currency": kept}
        if replace(tariff, **changes) != tariff:  # type: ignore[arg-type] # fields by name
            self._change(
                _("change tariff {tariff}").format(tariff=self._tariff_name()),
                lambda now: replace(now, **changes),  # type: ignore[arg-type] # fields by name
            )

    def _change(self, text: str, change: Callable[[Tariff], Tariff]) -> None:
        """Change the tariff as it is in the book at that moment."""
        site_id = self._site

        def apply(book: Book) -> Book:
            now = tariff_of(book, site_id)
            return book if now is None else edits.put_tariff(book, change(now))

        self._words.hide()
        try:
            self._run(text, apply)
        except UserError as error:
            self._words.setText(error.sentence)
            self._words.show()

    def _tariff_name(self) -> str:
        tariff, site = self.tariff, site_of(self._book, self._site)
        named = tariff.name if tariff is not None else ""
        return named or (site.name if site is not None else "")

    def _drop(self, key: str) -> None:
        section = self.sections.pop(key)
        self._inside.removeWidget(section)
        section.hide()
        section.deleteLater()

    def _clear(self) -> None:
        for key in list(self.sections):
            self._drop(key)


def _menu_button(text: str) -> QPushButton:
    made = QPushButton(text)
    made.setAccessibleName(text)
    made.setAutoDefault(False)
    return made
