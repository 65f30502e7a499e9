"""Last month's bill, line by line, as the paper shows it."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtGui import QFont, QGuiApplication, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QMenu,
    QPushButton,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from minerdesk.domain.text import _
from minerdesk.services.power.view import BillBasis, BillView, SitePower
from minerdesk.services.words.formats import Formats
from minerdesk.ui.charts.base import Table
from minerdesk.ui.charts.panel import Panel
from minerdesk.ui.icons import Icons
from minerdesk.ui.theme import Theme
from minerdesk.ui.widgets.basics import button
from minerdesk.ui.widgets.column_table import ColumnTable, Role
from minerdesk.ui.widgets.forms import combo

_COLUMNS: Final = 4
_MONTH_PX: Final = 112  # a month such as 2026-01, whole
_ROOM_PX: Final = 400


class BillModel(ColumnTable):
    """The lines of a bill and its total."""

    def __init__(self, formats: Formats, parent: QWidget | None = None) -> None:
        super().__init__(_COLUMNS, range(1, _COLUMNS), parent)
        self._formats = formats
        self._bill: BillView | None = None
        self._currency = ""
        self.rows: tuple[tuple[str, ...], ...] = ()

    def show_bill(self, bill: BillView | None, currency: str) -> None:
        """Show another bill."""
        if bill is self._bill and currency == self._currency:
            return
        self.beginResetModel()
        self._bill, self._currency = bill, currency
        self.rows = () if bill is None else self._rows(bill)
        self.endResetModel()

    def count(self) -> int:
        """Return the number of lines, the total among them."""
        return len(self.rows)

    def head(self, column: int) -> str:
        """Return a heading."""
        return self.heads()[column]

    def text(self, row: int, column: int) -> str:
        """Return what a cell shows."""
        return self.rows[row][column]

    def look(self, row: int, column: int, role: int) -> object:
        """Return the font: the total is bold."""
        del column
        if role != Role.FontRole or row != len(self.rows) - 1:
            return None
        font = QFont()
        font.setBold(True)
        return font

    def heads(self) -> tuple[str, ...]:
        """Return the headings."""
        amount = _("amount, {currency}").format(currency=self._currency)
        return (_("line"), _("quantity"), _("rate"), amount)

    def table(self) -> Table:
        """Return the bill with plain numbers."""
        bill = self._bill
        heads = (_("line"), _("quantity"), _("unit"), _("rate"), self.heads()[-1])
        if bill is None:
            return Table(heads, ())
        rows = [
            (row.name, _plain(row.quantity), row.unit, _plain(row.rate), _plain(row.amount))
            for row in bill.lines
        ]
        return Table(heads, (*rows, (_("total"), "", "", "", _plain(bill.total))))

    def _rows(self, bill: BillView) -> tuple[tuple[str, ...], ...]:
        formats = self._formats
        lines = [
            (
                row.name,
                ""
                if row.quantity is None
                else f"{formats.number(row.quantity)} {row.unit}".strip(),
                "" if row.rate is None else formats.number(row.rate, _rate_digits(row.rate)),
                formats.number(row.amount, 2),
            )
            for row in bill.lines
        ]
        return (*lines, (_("Total"), "", "", formats.number(bill.total, 2)))


class BillPanel(Panel):
    """A month's bill with the choice of the month and of the load it is made from.

    Signals:
        import_wanted(): a load is to be imported. forget_wanted(): the imported load is to go.
        save_wanted(): the bill is to be saved as a file.
    """

    import_wanted = Signal()
    forget_wanted = Signal()
    save_wanted = Signal()

    def __init__(self, theme: Theme, icons: Icons, formats: Formats) -> None:
        body = QWidget()
        super().__init__(_("Bill"), theme, icons, body, lines=2)
        self._formats = formats
        self._site: SitePower | None = None
        self.model = BillModel(formats, self)
        self.view = QTableView()
        self.view.setModel(self.model)
        self.view.setAccessibleName(_("Bill of the month"))
        self.view.verticalHeader().hide()
        self.view.verticalHeader().setAccessibleName(_("Lines"))
        self.view.verticalHeader().setDefaultSectionSize(22)
        self.view.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.view.setShowGrid(False)
        self.view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.view.setTabKeyNavigation(False)
        header = self.view.horizontalHeader()
        header.setAccessibleName(_("Columns"))
        # A heading begins and ends where the text of its column does.
        header.setStyleSheet("QHeaderView::section { padding: 4px 3px; }")
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        for column in range(1, _COLUMNS):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)
        self.month = combo(_("Month of the bill"), ())
        self.month.setMinimumWidth(_MONTH_PX)
        self.month.activated.connect(lambda _index: self._show())
        self.load = QPushButton(_("Load"))
        self.load.setAccessibleName(_("Load the bill is made from"))
        self.load.setAutoDefault(False)
        menu = QMenu(self.load)
        menu.addAction(_("Import load (CSV: start, kw)…")).triggered.connect(self.import_wanted)
        self.forget = menu.addAction(_("Forget the imported load"))
        self.forget.triggered.connect(self.forget_wanted)
        self.load.setMenu(menu)
        self.save = button(_("Save…"), self.save_wanted.emit)
        self.save.setAccessibleName(_("Save the bill"))
        self.put_beside_title(self.month, self.load, self.save)
        self.add_entry(_("Save the bill…"), self.save_wanted.emit)
        box = QVBoxLayout(body)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(4)
        box.addWidget(self.view, 1)

    @property
    def bill(self) -> BillView | None:
        """The bill that is shown."""
        month = self.month.currentData()
        bills = () if self._site is None else self._site.bills
        return next((bill for bill in bills if bill.month == month), bills[0] if bills else None)

    def show_site(self, site: SitePower | None) -> None:
        """Show another site's bills, or newer ones; the month stays where it can."""
        if site is self._site:
            return
        kept = self.month.currentData()
        self._site = site
        self.month.clear()
        for bill in () if site is None else site.bills:
            self.month.addItem(bill.month, bill.month)
        self.month.setCurrentIndex(max(0, self.month.findData(kept)))
        self._show()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave saving to the menu where there is no room for its button."""
        super().resizeEvent(event)
        self.save.setVisible(self.width() >= _ROOM_PX)

    def copy_table(self) -> None:
        """Put the bill onto the clipboard, tab-separated."""
        QGuiApplication.clipboard().setText(self.model.table().tsv())

    def _show(self) -> None:
        bill, site = self.bill, self._site
        self.forget.setEnabled(bill is not None and bill.basis is BillBasis.IMPORTED)
        self.save.setEnabled(bill is not None and not bill.problem)
        if bill is None or site is None:
            self.model.show_bill(None, "")
            self.say(_("There is no bill yet."))
            return
        if bill.problem:
            # A total of nothing would look like a bill of nothing.
            self.model.show_bill(None, "")
            self.show_empty(bill.problem)
            return
        self.model.show_bill(bill, bill.currency or site.currency)
        self.view.scrollToTop()
        self.say(self._basis(bill), " ".join(bill.notes))

    def _basis(self, bill: BillView) -> str:
        currency = bill.currency or ("" if self._site is None else self._site.currency)
        total = self._formats.money(bill.total, currency, 0)
        facts = _("{kwh} kWh, peak {peak}").format(
            kwh=self._formats.count(bill.kwh), peak=self._formats.power(bill.peak_kw * 1000)
        )
        if bill.kwh > 0:
            mean = self._formats.price_per_kwh(bill.total / bill.kwh, currency)
            total = _("{total} ({price} in all)").format(total=total, price=mean)
        said = (
            _("from the load that was imported")
            if bill.basis is BillBasis.IMPORTED
            else _("as if what runs now had run all month")
        )
        return ". ".join((f"{total}, {said}, {facts}", *bill.notes[:1]))


def _plain(value: float | None) -> str:
    return "" if value is None else f"{value:.10g}"


def _rate_digits(rate: float) -> int:
    return 2 if abs(rate) >= 1 else 4
