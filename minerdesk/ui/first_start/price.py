"""Step two: what a kWh costs, with fixed amounts and percentages where the bill has them."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtWidgets import QVBoxLayout, QWidget

from minerdesk.domain.errors import UserError
from minerdesk.domain.tariff import Adder, Percentage
from minerdesk.domain.text import _
from minerdesk.services.first_book import Answers, price_in_all
from minerdesk.services.number_text import NumberStyle
from minerdesk.services.plausibility import odd_price
from minerdesk.services.quantities import parse_fraction, parse_price_per_kwh
from minerdesk.services.words import Formats
from minerdesk.ui.widgets.basics import label
from minerdesk.ui.widgets.forms import Entry, Grid, read_all
from minerdesk.ui.widgets.list_field import ListField, ListRow
from minerdesk.ui.widgets.tab_order import TabOrder


@dataclass(frozen=True, slots=True)
class Price:
    """What step two asks for, as `domain.book.Tariff` has it."""

    per_kwh: float
    adders: tuple[Adder, ...]
    percentages: tuple[Percentage, ...]


class PriceStep(QWidget):
    """The price of power and what stands on top of it."""

    def __init__(self, style: NumberStyle, formats: Formats, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._style = style
        self._formats = formats
        self._currency = ""
        self.price = Entry(_("Power price"), reserve=True)
        self.price.line.textChanged.connect(self._sum_up)
        grid = Grid()
        grid.add(_("Power price"), self.price)
        self.adders = ListField(
            _("Fixed amounts per kWh, such as network or tax (optional)"),
            (_("name"), _("amount per kWh")),
        )
        self.percentages = ListField(
            _("Percentages of the sum, such as VAT (optional)"), (_("name"), _("percent"))
        )
        self.sum = label("", "lead", wrap=True)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(16)
        for part in (grid, self.adders, self.percentages, self.sum):
            box.addWidget(part)
        box.addStretch(1)
        TabOrder(self)
        for parts in (self.adders, self.percentages):
            parts.typed.connect(self._sum_up)
        self.first = self.price.line

    def set_currency(self, currency: str) -> None:
        """Say in which currency prices are meant."""
        self._currency = currency
        self.price.line.setPlaceholderText(
            _("such as {price}, {cents} ct or {mwh} {currency}/MWh").format(
                price=self._formats.number(0.071, 3),
                cents=self._formats.number(7.1, 1),
                mwh=self._formats.number(71),
                currency=currency,
            )
        )
        self._sum_up()

    def read(self) -> Price:
        """Return what is typed.

        Raises:
            UserError: a price or a share is not understood; it stands beneath the field.
        """
        read_all(
            lambda: self.price.read(self._per_kwh),
            lambda: self.adders.read(self._adder),
            lambda: self.percentages.read(self._percentage),
        )
        return Price(
            self.price.read(self._per_kwh),
            self.adders.read(self._adder),
            self.percentages.read(self._percentage),
        )

    def _adder(self, row: ListRow) -> Adder:
        return Adder(row.name.text or _("fixed"), row.amount.read(self._per_kwh))

    def _percentage(self, row: ListRow) -> Percentage:
        return Percentage(row.name.text or _("percentage"), row.amount.read(self._share))

    def _per_kwh(self, text: str) -> float:
        return parse_price_per_kwh(text, self._style, self._currency)

    def _share(self, text: str) -> float:
        share = parse_fraction(text, self._style, "%")
        if share <= -1:
            raise UserError(_("A percentage must be above −100%."))
        return share

    def _shown(self, value: float) -> str:
        return self._formats.number(value, len(f"{value:.6g}".partition(".")[2]))

    def _sum_up(self) -> None:
        """Say the whole price while it is typed; say nothing while it is not one."""
        try:
            adders = tuple(
                Adder("", self._per_kwh(row.amount.text))
                for row in self.adders.rows
                if row.amount.text
            )
            shares = tuple(
                Percentage("", self._share(row.amount.text))
                for row in self.percentages.rows
                if row.amount.text
            )
            answers = Answers(
                self._currency, "", "UTC", self._per_kwh(self.price.text), adders, shares
            )
        except UserError:
            self.sum.setText("")
            self.price.ask("")
            return
        self.price.ask(odd_price(answers.price_per_kwh, self._currency, self._shown))
        self.sum.setText(
            _("Power costs {price} in all.").format(
                price=self._formats.price_per_kwh(price_in_all(answers), self._currency)
            )
        )
