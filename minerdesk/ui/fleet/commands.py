"""What can be done with groups and sites: each opens its dialog or makes one edit."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QDialog, QFileDialog, QWidget

from minerdesk.domain.book import Book
from minerdesk.domain.errors import MinerdeskError, UserError
from minerdesk.domain.rigs import RigGroup, RigModel, StateSource
from minerdesk.domain.text import _, ngettext
from minerdesk.services import edits
from minerdesk.services.catalogue import Catalogue
from minerdesk.services.evaluation import Evaluation
from minerdesk.services.number_text import NumberStyle
from minerdesk.services.plausibility import odd_rig
from minerdesk.services.quantities import parse_hashrate_ths, parse_power_w
from minerdesk.ui.dialogs.model_starts import open_model_starts
from minerdesk.ui.fleet.add_dialog import AddRigsDialog
from minerdesk.ui.fleet.bulk_dialog import BulkDialog
from minerdesk.ui.fleet.editing import Reading, change_of
from minerdesk.ui.fleet.export import export
from minerdesk.ui.fleet.import_dialog import ImportDialog
from minerdesk.ui.fleet.import_model import Look
from minerdesk.ui.fleet.rows import NO_ROW, FleetRows, mode_names
from minerdesk.ui.fleet.site_dialog import SiteDialog
from minerdesk.ui.page import PageContext
from minerdesk.ui.widgets.typing import Typing

ENDINGS = (".csv", ".xlsx", ".tsv", ".txt")
_EXPORT_ENDINGS = (".csv", ".xlsx")


class Desk(Protocol):
    """What is shown and chosen on the page, as the commands need it."""

    @property
    def rows(self) -> FleetRows:
        """What is shown."""
        ...

    @property
    def chosen_site(self) -> str:
        """The id of the chosen site, or empty."""
        ...

    def selected_ids(self) -> list[str]:
        """Return the ids of the selected groups."""
        ...

    def select_group(self, group_id: str) -> None:
        """Select a group once it is shown."""
        ...


class FleetCommands(QObject):
    """The handlers of the page's actions.

    Args:
        context: what the page was given.
        desk: what is chosen.
        window: over which dialogs open.
    """

    def __init__(self, context: PageContext, desk: Desk, window: QWidget) -> None:
        super().__init__(window)
        self._context, self._desk, self._window = context, desk, window

    @property
    def book(self) -> Book:
        """The book in force."""
        found = self._context.state.slice("book")
        return found if isinstance(found, Book) else Book()

    @property
    def catalogue(self) -> Catalogue:
        """The shipped models and the book's own."""
        shipped: Catalogue = self._context.services.catalogue
        return shipped.with_own(model for model in self.book.models if model.confidence == "own")

    @property
    def typing(self) -> Typing:
        """How the operator writes numbers."""
        formats = self._context.formats
        return Typing(formats.number_style, formats)

    def reading(self) -> Reading:
        """Return what is needed to understand what is typed into a cell."""
        rows = self._desk.rows

        def mode(group: RigGroup, model: RigModel) -> str:
            place = rows.place_of(group.id)
            return mode_names(group, model)[0] if place == NO_ROW else rows.mode_shown(place).name

        style: NumberStyle = self._context.formats.number_style
        return Reading(style, self.catalogue, self._context.now(), mode)

    def edit_cell(self, group_id: str, key: str, text: str) -> None:
        """Make the edit of one cell.

        Raises:
            UserError: the text is not understood, or the book refuses it.
        """
        change = change_of(key, text, self.reading())
        words = _("change {field}").format(field=key.replace("_", " "))
        self._context.run_command(words, lambda book: change(book, [group_id]))

    def doubt(self, group_id: str, key: str, text: str) -> str:
        """Return what to ask about a rig's numbers while they are typed into a cell, or empty."""
        rows, reading = self._desk.rows, self.reading()
        place = rows.place_of(group_id)
        if place == NO_ROW or key not in {"hashrate_ths", "power_w"}:
            return ""
        shown = rows.mode_shown(place)
        ths, watts = shown.hashrate_ths, shown.power_w
        try:
            if key == "power_w":
                watts = parse_power_w(text, reading.style)
            else:
                ths = parse_hashrate_ths(text, reading.style)
        except UserError:
            return ""
        return odd_rig(ths, watts, self.typing.shown)

    def add_rigs(self) -> QDialog:
        """Open the dialog that adds rigs."""
        dialog = AddRigsDialog(
            self.book,
            self.catalogue,
            self.typing,
            self._context.run_command,
            site=self._desk.chosen_site,
            added=self._desk.select_group,
            parent=self._window,
        )
        return _opened(dialog)

    def edit_selected(self) -> QDialog | None:
        """Open the dialog that sets one value of all selected groups."""
        ids = self._desk.selected_ids()
        if not ids:
            return None
        dialog = BulkDialog(
            self.book,
            ids,
            self.reading(),
            self._context.run_command,
            self._context.tasks,
            parent=self._window,
        )
        return _opened(dialog)

    def duplicate(self) -> None:
        """Add a copy of each selected group."""
        ids = set(self._desk.selected_ids())

        def change(book: Book) -> Book:
            copies = [replace(group) for group in book.groups if group.id in ids]
            return edits.add_groups(book, copies)

        words = ngettext("duplicate {n} group", "duplicate {n} groups", len(ids))
        self._try(words.format(n=len(ids)), change, ids)

    def remove(self) -> None:
        """Remove the selected groups; undo brings them back."""
        ids = set(self._desk.selected_ids())
        words = ngettext("remove {n} group", "remove {n} groups", len(ids)).format(n=len(ids))
        if self._try(words, lambda book: edits.remove_groups(book, ids), ids):
            said = ngettext("{n} group removed.", "{n} groups removed.", len(ids))
            self._context.toast(f"{said.format(n=len(ids))} {_('Undo brings it back.')}", "done")

    def set_running(self, mode: str | None) -> None:
        """Set what runs now in the selected groups: a mode, each group's first, or off.

        Args:
            mode: its name; empty for the first mode of each group; None for off.
        """
        ids = set(self._desk.selected_ids())
        now = self._context.now()

        def change(book: Book) -> Book:
            models = {model.name: model for model in book.models}
            modes: dict[str, str | None] = {}
            for group in book.groups:
                if group.id in ids:
                    names = mode_names(group, models[group.model])
                    if mode and mode not in names:
                        sentence = _("{model} has no mode {mode}.")
                        raise UserError(sentence.format(model=group.model, mode=mode))
                    modes[group.id] = None if mode is None else (mode or names[0])
            return edits.set_running(book, modes, now, StateSource.TYPED)

        what = _("off") if mode is None else (mode or _("running"))
        self._try(_("set {n} groups to {what}").format(n=len(ids), what=what), change, ids)

    def edit_starts(self) -> QDialog | None:
        """Open what a start and a stop of the first selected group's model cost."""
        ids = set(self._desk.selected_ids())
        model = next((group.model for group in self.book.groups if group.id in ids), "")
        return open_model_starts(self._context, self._window, model)

    def modes_of_selection(self) -> list[str]:
        """Return the modes that every selected group has."""
        rows, ids = self._desk.rows, set(self._desk.selected_ids())
        common: dict[str, None] | None = None
        seen: set[tuple[str, ...]] = set()
        for group in rows.book.groups:
            if group.id in ids:
                names = mode_names(group, rows.models[group.model])
                if names not in seen:
                    seen.add(names)
                    common = {
                        name: None
                        for name in (names if common is None else common)
                        if name in names
                    }
        return list(common or ())

    def add_site(self) -> QDialog:
        """Open the editor for a new site."""
        return self._site_dialog("")

    def edit_site(self) -> QDialog | None:
        """Open the editor of the chosen site."""
        return self._site_dialog(self._desk.chosen_site) if self._desk.chosen_site else None

    def remove_site(self) -> None:
        """Remove the chosen site with its groups; undo brings them back."""
        site_id, book = self._desk.chosen_site, self.book
        site = next((each for each in book.sites if each.id == site_id), None)
        if site is None:
            return
        words = _("remove site {name}").format(name=site.name)
        if self._try(words, lambda each: edits.remove_site(each, site_id), [site_id]):
            n = sum(group.site == site_id for group in book.groups)
            said = ngettext(
                "{name} and its {n} group were removed. Undo brings them back.",
                "{name} and its {n} groups were removed. Undo brings them back.",
                n,
            )
            self._context.toast(said.format(name=site.name, n=n), "done")

    def ask_import(self) -> QDialog:
        """Let the operator choose a file to import."""
        dialog = QFileDialog(self._window, _("Import rigs"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        patterns = " ".join(f"*{ending}" for ending in ENDINGS)
        dialog.setNameFilter(_("Tables ({patterns})").format(patterns=patterns))
        dialog.finished.connect(dialog.deleteLater)
        dialog.fileSelected.connect(lambda path: self.import_file(Path(path)))
        return _opened(dialog)

    def import_file(self, path: Path) -> ImportDialog:
        """Open the dry run of a file."""
        dialog = ImportDialog(
            path,
            lambda: self.book,
            self.catalogue,
            tasks=self._context.tasks,
            run=self._context.run_command,
            look=Look(self._context.theme, self.typing.shown),
            taken=lambda text: self._context.toast(text, "done"),
            parent=self._window,
        )
        dialog.open()
        return dialog

    def ask_export(self) -> QDialog:
        """Let the operator choose where to write the groups."""
        dialog = QFileDialog(self._window, _("Export rigs"))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilters([f"{ending[1:].upper()} (*{ending})" for ending in _EXPORT_ENDINGS])
        dialog.setDefaultSuffix("csv")
        dialog.filterSelected.connect(
            lambda name: dialog.setDefaultSuffix(name[:4].strip().lower())
        )
        dialog.finished.connect(dialog.deleteLater)
        dialog.fileSelected.connect(lambda path: self.export_file(Path(path)))
        return _opened(dialog)

    def export_file(self, path: Path) -> None:
        """Write the groups to a file, off the GUI thread."""
        book, evaluation = self.book, self._context.state.slice("evaluation")
        comma = self._context.formats.number_style.decimal == ","
        known = evaluation if isinstance(evaluation, Evaluation) else None

        def done(count: int) -> None:
            said = ngettext("{n} group written to {name}.", "{n} groups written to {name}.", count)
            self._context.toast(said.format(n=count, name=path.name), "done")

        self._context.tasks.start(
            "export",
            lambda token: export(path, book, known, token, decimal_comma=comma),
            done=done,
            failed=self._export_failed,
        )

    def _export_failed(self, error: BaseException) -> None:
        if isinstance(error, MinerdeskError):
            self._context.toast(str(error), "error")
        else:
            self._context.tasks.failed.emit("export", error)

    def _site_dialog(self, site_id: str) -> QDialog:
        book = self.book
        site = next((each for each in book.sites if each.id == site_id), None)
        run = self._context.run_command
        return _opened(SiteDialog(book, site, self.typing, run, parent=self._window))

    def _try(self, text: str, change: Callable[[Book], Book], ids: Collection[str]) -> bool:
        """Make an edit that has no field of its own to complain at."""
        if not ids:
            return False
        try:
            self._context.run_command(text, change)
        except UserError as error:
            self._context.toast(error.sentence, "error")
            return False
        return True


def _opened(dialog: QDialog) -> QDialog:
    dialog.open()
    return dialog
