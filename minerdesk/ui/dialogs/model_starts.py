"""What a start and a stop of a rig model cost: what counts, who says so, and its own values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QGridLayout,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from minerdesk.domain.book import Book
from minerdesk.domain.errors import UserError
from minerdesk.domain.starts import StartCosts
from minerdesk.domain.text import _, ngettext
from minerdesk.services import edits
from minerdesk.services.start_costs import counting, counting_words, sites_of_model
from minerdesk.ui.dialogs.model_starts_model import NAME, OWN, RIGS, Draft, ModelsTable
from minerdesk.ui.page import PageContext
from minerdesk.ui.widgets.basics import button, hairline, label
from minerdesk.ui.widgets.forms import Entry, FormDialog
from minerdesk.ui.widgets.scrolling import FollowingScroll
from minerdesk.ui.widgets.start_fields import read_start, start_fields
from minerdesk.ui.widgets.typing import Typing
from minerdesk.ui.widgets.whole_rows import show_whole_rows

_ROW_PX: Final = 28
_MOST_ROWS: Final = 6
_LEAST_PX: Final = 150
_FIELD_PX: Final = 120


class ModelStartsDialog(FormDialog):
    """The book's rig models, and the fields of the chosen one. What is typed is saved at once.

    Args:
        context: as of a page; its `run_command` is the one door for edits.
        book: the book as it is.
        model: name of the model to begin with; else the one with the most rigs.
    """

    def __init__(
        self, context: PageContext, book: Book, model: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(_("Starting and stopping by model"), _("Save"), parent)
        self._run, self._book = context.run_command, book
        formats = context.formats
        self._typing = Typing(formats.number_style, formats)
        self._fields = start_fields()
        self.model = ModelsTable(book, self._draft(book), self._fields, formats, self)
        self._lacking: dict[str, str] = {}
        self.entries: dict[str, Entry] = {}
        self.words: dict[str, QLabel] = {}
        self._model = ""
        self._build()
        self.table.selectionModel().currentRowChanged.connect(self._chosen)
        self.choose(model if model in self.model.names else next(iter(self.model.names), ""))

    @property
    def chosen(self) -> str:
        """The name of the model whose fields are shown, or empty."""
        return self._model

    def choose(self, model: str) -> None:
        """Show the fields of a model."""
        if model in self.model.names:
            row = self.model.names.index(model)
            self.table.setCurrentIndex(self.model.index(row, 0))

    def take(self) -> None:
        """Put what was typed into the book, as one step of undo."""
        had = {model.name: model.starts for model in self._book.models}
        found = {name: self._read(name) for name in self.model.names}
        changed = {name: starts for name, starts in found.items() if starts != had[name]}
        if not changed:
            return
        if len(changed) == 1:
            text = _("change starting of {model}").format(model=next(iter(changed)))
        else:
            text = ngettext(
                "change starting of {n} model", "change starting of {n} models", len(changed)
            ).format(n=len(changed))
        self._run(text, lambda book: _with_starts(book, changed))

    # Inside.

    def _draft(self, book: Book) -> Draft:
        """Return what the fields of each model begin with, as it is typed."""
        write = self._typing.write
        return {
            model.name: {
                field.name: write(getattr(model.starts or StartCosts(), field.name))
                for field in self._fields
            }
            for model in book.models
        }

    def _build(self) -> None:
        explains = _(
            "A model's own values stand over its site's, and those over the book's. "
            "An empty field takes what counts without it."
        )
        self.body.addWidget(label(explains, "muted", wrap=True))
        self.table = self._make_table()
        self.body.addWidget(self.table, 2)
        self._title = label("", "title")
        self.clear = button(_("Clear all fields"), self._clear)
        self.clear.setToolTip(_("The model takes what its sites and the book say again"))
        head = QHBoxLayout()
        head.addWidget(self._title, 1)
        head.addWidget(self.clear)
        self.body.addWidget(hairline())
        self.body.addLayout(head)
        self._scroll = FollowingScroll()
        self._scroll.setAccessibleName(_("Values of the model"))
        self._scroll.setWidget(self._make_fields())
        self._scroll.setMinimumHeight(_LEAST_PX)
        self.body.addWidget(self._scroll, 3)
        self.resize(720, 720)
        self.table.setFocus()

    def _make_table(self) -> QTableView:
        made = QTableView()
        show_whole_rows(made, self.model, _("Rig models"), _ROW_PX)
        made.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        head = made.horizontalHeader()
        # A heading begins where the text of its column does.
        head.setStyleSheet("QHeaderView::section { padding: 4px 3px; }")
        for column, px in ((NAME, 220), (RIGS, 72)):
            head.resizeSection(column, px)
        head.setSectionResizeMode(OWN, QHeaderView.ResizeMode.Stretch)
        shown = min(max(self.model.rowCount(), 2), _MOST_ROWS)
        made.setMinimumHeight(3 * _ROW_PX)
        made.setMaximumHeight((shown + 1) * _ROW_PX + 2 * made.frameWidth() + 4)
        return made

    def _make_fields(self) -> QWidget:
        inside = QWidget()
        grid = QGridLayout(inside)
        grid.setContentsMargins(0, 0, 16, 0)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(2, 1)
        top = Qt.AlignmentFlag.AlignTop
        for row, field in enumerate(self._fields):
            entry, name = Entry(field.title), label(field.title)
            entry.setFixedWidth(_FIELD_PX)
            entry.line.setToolTip(field.note)
            name.setMinimumHeight(_ROW_PX)
            name.setBuddy(entry)
            counts = label("", wrap=True)
            beside = QVBoxLayout()
            beside.setSpacing(0)
            beside.addWidget(counts)
            beside.addWidget(label(field.note, "muted", wrap=True))
            beside.addStretch(1)
            grid.addWidget(name, row, 0, top)
            grid.addWidget(entry, row, 1, top)
            grid.addLayout(beside, row, 2)
            entry.line.textEdited.connect(self._typed)
            self.entries[field.name], self.words[field.name] = entry, counts
        grid.setRowStretch(len(self._fields), 1)
        return inside

    def _chosen(self, current: QModelIndex, _before: QModelIndex | None = None) -> None:
        self._model = self.model.names[current.row()]
        self._title.setText(self._model)
        sites = sites_of_model(self._book, self._model)
        texts = self.model.draft[self._model]
        for field in self._fields:
            values = counting(self._book, sites, field.name)
            shown = [self._typing.shown(each.value) for each in values]
            self._lacking[field.name] = counting_words(values, shown)
            entry = self.entries[field.name]
            entry.line.setPlaceholderText(" / ".join(dict.fromkeys(shown)))
            entry.line.setText(texts[field.name])
            entry.say("")
        self._say_what_counts()

    def _typed(self, _text: str = "") -> None:
        texts = {name: entry.text for name, entry in self.entries.items()}
        self.model.type_texts(self._model, texts)
        self._say_what_counts()

    def _say_what_counts(self) -> None:
        for name, entry in self.entries.items():
            words = _("its own, instead of {values}") if entry.text else _("counts: {values}")
            words = words.format(values=self._lacking[name])
            self.words[name].setText(words)
            entry.line.setAccessibleDescription(words)
        self.clear.setEnabled(any(entry.text for entry in self.entries.values()))

    def _clear(self) -> None:
        for entry in self.entries.values():
            entry.line.clear()
            entry.say("")
        self._typed()
        self.entries[self._fields[0].name].line.setFocus()

    def _read(self, model: str) -> StartCosts | None:
        """Return what is typed for a model; one that is wrong is shown, and says what.

        Raises:
            UserError: a field is not understood.
        """
        read: dict[str, Any] = {}
        for field in self._fields:
            text = self.model.draft[model][field.name]
            try:
                read[field.name] = read_start(field.name, text, self._typing) if text else None
            except UserError as error:
                self.choose(model)
                entry = self.entries[field.name]
                entry.say(error.sentence)
                entry.line.setFocus()
                self._scroll.ensureWidgetVisible(entry, 0, _ROW_PX)
                raise
        starts = StartCosts(**read)
        return None if starts == StartCosts() else starts


def open_model_starts(
    context: PageContext, parent: QWidget, model: str = ""
) -> ModelStartsDialog | None:
    """Show the dialog, beginning with a model; without models there is nothing to show."""
    book = context.state.slice("book")
    if not isinstance(book, Book) or not book.models:
        context.toast(_("There is no rig model yet; add rigs first."), "warn")
        return None
    dialog = ModelStartsDialog(context, book, model, parent)
    dialog.open()
    return dialog


def _with_starts(book: Book, changed: Mapping[str, StartCosts | None]) -> Book:
    for name, starts in changed.items():
        book = edits.put_model_starts(book, name, starts)
    return book
