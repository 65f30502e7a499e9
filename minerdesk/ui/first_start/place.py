"""Step one: where the rigs stand, in which currency and time zone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QLocale, QTimeZone
from PySide6.QtWidgets import QVBoxLayout, QWidget

from minerdesk.domain.book import Book
from minerdesk.domain.errors import UserError
from minerdesk.domain.text import _
from minerdesk.services.quantities import currency_of_unit
from minerdesk.ui.widgets.forms import Entry, Grid, read_all

# Only suggestions while typing; every ISO code is understood.
_SUGGESTED: Final = (
    *("USD", "EUR", "GBP", "CAD", "AUD", "BRL", "CHF", "CNY", "CZK", "DKK", "GEL", "HUF"),
    *("ISK", "JPY", "KZT", "MXN", "NOK", "NZD", "PLN", "PYG", "RON", "SEK"),
)


@dataclass(frozen=True, slots=True)
class Place:
    """What step one asks for: ISO 4217 code, the site's name (may be empty), IANA time zone."""

    currency: str
    site_name: str
    time_zone: str


class PlaceStep(QWidget):
    """Currency, site and time zone, filled in from the book or the system."""

    def __init__(self, book: Book, locale: str, parent: QWidget | None = None) -> None:
        """Build the fields.

        Args:
            book: one with sites has a currency already, which stays.
            locale: name of the operator's locale; its country's currency is proposed.
            parent: as of any widget.
        """
        super().__init__(parent)
        grid = Grid()
        currency = book.currency if book.sites else usual_currency(locale) or book.currency
        self.currency = Entry(_("Currency"), text=currency, hint="USD", reserve=True)
        grid.add(_("Currency"), self.currency)
        self.currency.complete(_SUGGESTED)
        self.currency.setEnabled(not book.sites)
        self.site = grid.add_entry(_("Name of the site"), hint=_("My site"))
        self.zone = Entry(_("Time zone"), text=system_zone(), hint="Europe/Lisbon", reserve=True)
        grid.add(_("Time zone"), self.zone)
        self.zone.complete(zones())
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(grid)
        box.addStretch(1)
        self.first = self.currency.line if not book.sites else self.site.line

    def read(self) -> Place:
        """Return what is typed.

        Raises:
            UserError: the currency or the time zone is not known; it stands beneath the field.
        """
        read_all(lambda: self.currency.read(_currency), lambda: self.zone.read(_zone))
        return Place(
            self.currency.read(_currency), self.site.text, self.zone.read(_zone) or system_zone()
        )


def usual_currency(locale: str) -> str:
    """Return the ISO code of the currency of a locale's country, or empty where none is known."""
    iso = QLocale.CurrencySymbolFormat.CurrencyIsoCode
    return currency_of_unit(QLocale(locale).currencySymbol(iso))


def system_zone() -> str:
    """Return the IANA name of the system's time zone, ``UTC`` where it has none."""
    name = bytes(QTimeZone.systemTimeZoneId().data()).decode()
    return name if name in zones() and name != "Etc/UTC" else "UTC"


def zones() -> tuple[str, ...]:
    """Return the IANA names of all time zones."""
    found = (bytes(each.data()).decode() for each in QTimeZone.availableTimeZoneIds())
    return tuple(each for each in found if "/" in each or each == "UTC")


def _currency(text: str) -> str:
    code = currency_of_unit(text.strip())
    if not code:
        raise UserError(
            _("“{value}” is no currency; write its code, such as USD or EUR.").format(value=text)
        )
    return code


def _zone(text: str) -> str:
    found = {zone.casefold(): zone for zone in zones()}.get(text.casefold().replace(" ", "_"))
    if text and found is None:
        raise UserError(
            _("“{value}” is no time zone; write one such as Europe/Lisbon.").format(value=text)
        )
    return found or ""
