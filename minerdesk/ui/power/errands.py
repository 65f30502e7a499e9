"""What the Power page does beyond the book: files, the clipboard, live sources."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QWidget

from minerdesk.domain.book import Book
from minerdesk.domain.errors import UserError, WorldError
from minerdesk.domain.prices import PriceRows
from minerdesk.domain.tariff import PriceIndex, Provider, Tariff
from minerdesk.domain.text import _
from minerdesk.services import edits
from minerdesk.services.power import files, urdb
from minerdesk.services.power.live import key_setting
from minerdesk.services.power.view import SitePower
from minerdesk.ui.charts.base import Table
from minerdesk.ui.page import PageContext
from minerdesk.ui.power.choose_file import ask_open, ask_save
from minerdesk.ui.power.dialogs import CopyDialog, KeyDialog, RateDialog
from minerdesk.ui.power.find import site_of, tariff_of
from minerdesk.ui.power.index import IndexSection
from minerdesk.ui.power.prices_dialog import PricesDialog


class Errands:
    """Runs wishes by name; everything slow runs in tasks, troubles are toasts."""

    def __init__(self, context: PageContext, window: QWidget) -> None:
        self._context, self._window = context, window
        self._site = ""
        self._wishes: dict[str, Callable[[], object]] = {
            "import_rate": self._import_rate,
            "paste_rate": self._paste_rate,
            "import_prices": self._import_prices,
            "import_load": self._import_load,
            "forget_load": self._forget_load,
            "open": self._open_tariff,
            "export": self._export,
            "copy": self._copy,
            "ask_source": self._ask_source,
            "source_key": self._source_key,
        }

    def run(self, wish: str, site_id: str) -> object:
        """Do what is wished for a site; a wish without a site does nothing."""
        self._site = site_id
        if self._tariff is None:
            return None
        return self._wishes[wish]()

    def series_words(self, site: SitePower | None, section: IndexSection) -> tuple[str, str]:
        """Return what is known of an index's series, and its tone."""
        problem = self._source_problem(section.provider.currentData())
        state = None if site is None else site.series
        if state is None:
            return problem, "warn" if problem else ""
        formats = self._context.formats
        if state.problem:
            return " ".join(filter(None, (state.problem, problem))), "warn"
        if state.known_until is None or state.as_of is None:
            return problem, "warn" if problem else ""
        said = _("Prices are known until {until}, as of {taken}.").format(
            until=formats.date_time(state.known_until), taken=formats.date_time(state.as_of)
        )
        return " ".join(filter(None, (said, problem))), ""

    def take_rate(self, data: bytes) -> QDialog | None:
        """Show what a rate becomes; what is no rate is said."""
        tariff = self._tariff
        if tariff is None:
            return None
        try:
            rates = urdb.choices(data)
        except UserError as error:
            self._context.toast(error.sentence, "warn")
            return None
        now = self._context.now()
        return self._show(
            RateDialog(
                rates,
                lambda number: urdb.read_urdb(data, tariff.id, now, number),
                self._put,
                self._window,
            )
        )

    def take_prices(self, path: Path) -> QDialog | None:
        """Look a price file over."""
        tariff = self._tariff
        if tariff is None:
            return None
        series = tariff.index.series if tariff.index is not None else tariff.id
        context = self._context
        return self._show(
            PricesDialog(
                path,
                series,
                tariff.currency or self._book.currency,
                self._keep_prices,
                self._window,
                formats=context.formats,
                tasks=context.tasks,
                now=context.now(),
            )
        )

    def take_load(self, path: Path) -> None:
        """Read a load and keep it for the site."""
        site, door = site_of(self._book, self._site), self._door
        if site is None:
            return
        key = self._context.services.book.key
        self._task(
            "import load",
            lambda: door.import_load(path, key, site),
            _("The load of {site} was imported.").format(site=site.name),
        )

    def take_tariff(self, path: Path) -> None:
        """Read a tariff and put it in the place of the site's."""
        self._context.tasks.start(
            "open tariff",
            lambda _token: files.load_tariff(path),
            done=self._put,
            failed=self._fail,
        )

    def save_bill(self, table: Table, month: str) -> object:
        """Let the operator save a bill as CSV or XLSX."""
        site = site_of(self._book, self._site or "")
        name = _("bill {month}").format(month=month) if site is None else f"{site.name} {month}"
        comma = self._context.formats.number_style.decimal == ","
        return ask_save(
            self._window,
            _("Save the bill"),
            f"{name}.csv",
            _("Tables (*.csv *.xlsx)"),
            lambda path: self._task(
                "save bill",
                lambda: files.save_rows(path, table.heads, table.rows, decimal_comma=comma),
                _("The bill was saved as {name}.").format(name=path.name),
            ),
        )

    # Inside.

    @property
    def _book(self) -> Book:
        found = self._context.state.slice("book")
        return found if isinstance(found, Book) else Book()

    @property
    def _tariff(self) -> Tariff | None:
        return tariff_of(self._book, self._site)

    @property
    def _door(self) -> Any:  # noqa: ANN401 - what the composition root built
        return self._context.services.power

    def _import_rate(self) -> object:
        kinds = _("OpenEI rates (*.json)")
        return ask_open(self._window, _("Import a rate"), kinds, self._read_rate)

    def _read_rate(self, path: Path) -> None:
        self._context.tasks.start(
            "read rate",
            lambda _token: files.read_bytes(path),
            done=self._rate_read,
            failed=self._fail,
        )

    def _rate_read(self, data: bytes) -> None:
        self.take_rate(data)

    def _paste_rate(self) -> object:
        text = QGuiApplication.clipboard().text()
        if not text.strip():
            self._context.toast(_("The clipboard is empty; copy a rate's JSON first."), "warn")
            return None
        return self.take_rate(text.encode())

    def _import_prices(self) -> object:
        kinds = _("Tables (*.csv *.xlsx)")
        return ask_open(self._window, _("Import prices"), kinds, self.take_prices)

    def _import_load(self) -> object:
        kinds = _("Tables (*.csv *.xlsx)")
        return ask_open(self._window, _("Import load"), kinds, self.take_load)

    def _forget_load(self) -> None:
        door, key, site = self._door, self._context.services.book.key, self._site
        done = _("The bill is again as if what runs now had run.")
        self._task("forget load", lambda: door.forget_load(key, site), done)

    def _keep_prices(self, name: str, rows: PriceRows) -> None:
        door, tariff = self._door, self._tariff
        if tariff is None:
            return
        if tariff.index is None or tariff.index.series != name:
            site_id = self._site
            self._context.run_command(
                _("index {name} for {tariff}").format(name=name, tariff=tariff.name),
                lambda book: _with_series(book, site_id, name),
            )
        done = _("The prices “{name}” were imported.").format(name=name)
        if tariff.index is None and tariff.price_per_kwh:
            done += " " + _("They stand in place of the flat price; undo brings that back.")
        self._task("keep prices", lambda: door.keep_prices(name, rows), done)

    def _open_tariff(self) -> object:
        kinds = _("Tariffs (*.json)")
        return ask_open(self._window, _("Open a tariff"), kinds, self.take_tariff)

    def _export(self) -> object:
        tariff = self._tariff
        if tariff is None:
            return None
        return ask_save(
            self._window,
            _("Save the tariff"),
            f"{tariff.id or 'tariff'}.json",
            _("Tariffs (*.json)"),
            lambda path: self._task(
                "save tariff",
                lambda: files.save_tariff(path, tariff),
                _("The tariff was saved as {name}.").format(name=path.name),
            ),
        )

    def _copy(self) -> QDialog:
        return self._show(
            CopyDialog(self._book, self._site, self._context.run_command, self._window)
        )

    def _put(self, found: Tariff) -> None:
        site_id, now = self._site, self._tariff
        if now is None:
            return
        text = _("tariff {name} for {site}")
        site = site_of(self._book, site_id)
        named = "" if site is None else site.name

        def change(book: Book) -> Book:
            held = tariff_of(book, site_id)
            return book if held is None else edits.put_tariff(book, replace(found, id=held.id))

        self._context.run_command(text.format(name=found.name, site=named), change)

    def _source_problem(self, provider: str | None) -> str:
        return "" if provider is None else str(self._door.source_problem(Provider(provider)))

    def _ask_source(self) -> None:
        door, tariff = self._door, self._tariff
        if tariff is None or tariff.index is None:
            return
        index = tariff.index
        if self._context.services.refresh.offline:
            self._context.toast(_("The settings say to work offline."), "warn")
            return
        done = _("The prices “{name}” were renewed.").format(name=index.series)
        self._task("ask prices", lambda: door.ask_source(index), done)

    def _source_key(self) -> QDialog | None:
        secrets, tariff = self._context.services.secrets, self._tariff
        live = None if tariff is None or tariff.index is None else tariff.index.live
        setting = "" if live is None else key_setting(live)
        if live is None or not setting:
            return None

        def keep(key: str) -> None:
            self._task("keep key", lambda: secrets.set(setting, key), _("The key was kept."))

        owner = "ENTSO-E" if live.provider is Provider.ENTSOE else live.area
        return self._show(KeyDialog(owner, keep, self._window))

    def _show(self, dialog: QDialog) -> QDialog:
        dialog.open()
        return dialog

    def _task(self, name: str, work: Callable[[], object], done: str) -> None:
        self._context.tasks.start(
            name, lambda _token: work(), done=lambda _found: self._say(done), failed=self._fail
        )

    def _say(self, sentence: str) -> None:
        self._context.toast(sentence, "done")

    def _fail(self, error: BaseException) -> None:
        if isinstance(error, UserError):
            self._context.toast(error.sentence, "warn")
        elif isinstance(error, WorldError):
            self._context.toast(str(error), "error")
        else:
            raise error


def _with_series(book: Book, site_id: str, name: str) -> Book:
    tariff = tariff_of(book, site_id)
    if tariff is None:
        return book
    if tariff.index is not None:
        index = replace(tariff.index, series=name)
        return edits.put_tariff(book, replace(tariff, index=index))
    # A kWh is paid once: what a market asks for it takes the place of what it cost at all hours.
    return edits.put_tariff(book, replace(tariff, index=PriceIndex(name), price_per_kwh=0.0))
