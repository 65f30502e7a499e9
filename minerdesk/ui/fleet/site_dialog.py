"""The editor of one site and its tariff."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from zoneinfo import available_timezones

from PySide6.QtWidgets import QVBoxLayout, QWidget

from minerdesk.domain.book import Book
from minerdesk.domain.errors import UserError
from minerdesk.domain.sites import Capital, CostLayer, MonthlyCost, Site
from minerdesk.domain.tariff import Adder, Percentage, PercentageOf, Tariff
from minerdesk.domain.text import _
from minerdesk.services import edits, quantities
from minerdesk.services.plausibility import odd_price
from minerdesk.services.power.parts import mean_price_per_kwh, present
from minerdesk.ui.widgets.basics import hairline, label
from minerdesk.ui.widgets.forms import FormDialog, Grid
from minerdesk.ui.widgets.list_field import ListField, ListRow
from minerdesk.ui.widgets.scrolling import FollowingScroll
from minerdesk.ui.widgets.typing import Typing

_PLAIN_PARTS = ("flat", "adders")  # what this dialog edits itself

Run = Callable[[str, Callable[[Book], Book]], None]


class SiteDialog(FormDialog):
    """Adds a site, or changes one.

    Args:
        book: the book as it is.
        site: the site to change, or None for a new one.
        typing: the operator's numbers.
        run: the one door for edits.
    """

    def __init__(
        self,
        book: Book,
        site: Site | None,
        typing: Typing,
        run: Run,
        parent: QWidget | None = None,
    ) -> None:
        title = _("New site") if site is None else _("Site {name}").format(name=site.name)
        super().__init__(title, _("Add site") if site is None else _("Save site"), parent)
        self._book, self._site, self._typing, self._run = book, site, typing, run
        tariffs = {tariff.id: tariff for tariff in book.tariffs}
        self._tariff = tariffs.get(site.tariff) if site is not None else None
        inside = QWidget()
        box = QVBoxLayout(inside)
        box.setContentsMargins(0, 0, 16, 0)
        box.setSpacing(12)
        for part in (*self._place(), hairline(), *self._power(), hairline(), *self._costs()):
            box.addWidget(part)
        box.addStretch(1)
        scroll = FollowingScroll()
        scroll.setAccessibleName(title)
        scroll.setWidget(inside)
        self.body.addWidget(scroll)
        self.resize(700, 680)
        self.name.setFocus()

    def _place(self) -> tuple[QWidget, ...]:
        site, grid, write = self._site, Grid(), self._typing.write
        self.name = grid.add_entry(_("Name"), text=site.name if site else "")
        self.zone = grid.add_entry(
            _("Time zone"), text=site.time_zone if site else "UTC", hint="America/Chicago"
        )
        self.zone.complete(sorted(available_timezones()))
        self.pue = grid.add_entry(
            _("PUE"),
            text=write(site.pue if site else 1.0),
            note=_("power of the site over power of its rigs, at least 1"),
        )
        self.fixed = grid.add_entry(
            _("Fixed load"),
            text=write(site.fixed_load_kw if site else 0.0),
            note=_("kW, stops only when the site closes"),
        )
        self.limit = grid.add_entry(
            _("Limit"),
            text=write(site.limit_kw if site else None),
            note=_("kW the site may draw; empty for none"),
        )
        self.required = grid.add_entry(
            _("Required margin"),
            text=write((site.required_margin if site else 0.0) * 100),
            note=_("% of revenue a rig must leave; may be negative"),
        )
        return (grid,)

    def _power(self) -> tuple[QWidget, ...]:
        tariff, grid, write = self._tariff, Grid(), self._typing.write
        currency = (tariff.currency if tariff else "") or self._book.currency
        self.price = grid.add_entry(
            _("Power price"),
            text=write(tariff.price_per_kwh if tariff else None),
            note=_("per kWh; a negative price is understood"),
        )
        self.currency = grid.add_entry(
            _("Currency"), text=currency, note=_("three letters, such as USD or EUR")
        )
        self.adders = ListField(
            _("Added to each kWh: grid, levies"), (_("Name"), _("Amount per kWh"))
        )
        self.shares = ListField(_("Added in percent: taxes"), (_("Name"), _("Percent")))
        for adder in tariff.adders if tariff else ():
            self.adders.add(adder.name, write(adder.per_kwh))
        for share in tariff.percentages if tariff else ():
            self.shares.add(share.name, write(share.fraction * 100))
        self.in_all = label(" ", "lead", wrap=True)
        for entry in (self.price, self.currency):
            entry.line.textChanged.connect(self._sum_up)
        for rows in (self.adders, self.shares):
            rows.typed.connect(self._sum_up)
        self._sum_up()
        parts: list[QWidget] = [grid, self.adders, self.shares, self.in_all]
        others = self._others()
        if others:
            words = _("This tariff also holds for {names}.").format(names=", ".join(others))
            parts.append(label(words, "muted", wrap=True))
        return tuple(parts)

    def _sum_up(self) -> None:
        """Say the whole price while it is typed, and ask about one that can hardly be."""
        typing, words, question = self._typing, " ", ""
        with suppress(UserError, ValueError):
            price = self._price(self.price.text)
            currency = self.currency.text.upper() or self._book.currency
            question = odd_price(price, currency, typing.shown)
            adders = tuple(
                Adder("", typing.money(row.amount.text))
                for row in self.adders.rows
                if row.amount.text
            )
            shares = tuple(
                Percentage("", typing.share(row.amount.text))
                for row in self.shares.rows
                if row.amount.text
            )
            base = self._tariff or Tariff("tariff", "", 0.0)
            whole = replace(base, price_per_kwh=price, adders=adders, percentages=shares)
            shown = typing.formats.price_per_kwh(mean_price_per_kwh(whole), currency)
            plain = all(part.key in _PLAIN_PARTS for part in present(whole))
            words = (
                _("costs {price} in all")
                if plain
                else _("costs {price} on average; the other parts are edited on the page Power")
            ).format(price=shown)
        self.in_all.setText(words)
        self.price.ask(question)

    def _costs(self) -> tuple[QWidget, ...]:
        site, write = self._site, self._typing.write
        self.monthly = ListField(
            _("Monthly costs"),
            (_("Name"), _("Amount a month")),
            (
                (_("stops when the site closes"), CostLayer.AVOIDABLE),
                (_("overhead, goes on"), CostLayer.OVERHEAD),
            ),
        )
        for cost in site.monthly_costs if site else ():
            self.monthly.add(cost.name, write(cost.amount), cost.layer)
        capital, grid = site.capital if site else None, Grid()
        self.capital = grid.add_entry(
            _("Capital"),
            text=write(capital.amount if capital else None),
            note=_("money sunk into the site; empty for none"),
        )
        self.life = grid.add_entry(
            _("written off in"),
            text=write(capital.life_months if capital else None),
            note=_("months"),
        )
        self.interest = grid.add_entry(
            _("interest"),
            text=write(capital.interest * 100 if capital else None),
            note=_("% a year"),
        )
        return self.monthly, grid

    def take(self) -> None:
        """Put the site and its tariff into the book."""
        site, tariff = self._read()
        text = _("add site {name}") if self._site is None else _("change site {name}")
        self._run(text.format(name=site.name), lambda book: edits.put_site(book, site, tariff))

    def _read(self) -> tuple[Site, Tariff]:
        typing = self._typing
        name = self.name.read(_required)
        ids = {site.id for site in self._book.sites}
        tariffs = {tariff.id for tariff in self._book.tariffs}
        try:
            # The other parts of a contract are edited on their own page, and stay as they are.
            tariff = replace(
                self._tariff or Tariff(edits.new_id(tariffs, _slug(name)), name, 0.0),
                price_per_kwh=self.price.read(self._price),
                currency=self._currency(),
                adders=self.adders.read(
                    lambda row: Adder(row.name.text, row.amount.read(typing.money))
                ),
                percentages=self.shares.read(self._percentage),
            )
            base = self._site or Site(
                id=edits.new_id(ids, _slug(name)), name=name, tariff=tariff.id
            )
            site = replace(
                base,
                name=name,
                tariff=tariff.id,
                time_zone=self.zone.read(_zone),
                pue=self.pue.read_or(typing.number, 1.0),
                fixed_load_kw=self.fixed.read_or(typing.kw, 0.0),
                limit_kw=self.limit.read(typing.kw) if self.limit.text else None,
                required_margin=self.required.read_or(typing.share, 0.0),
                monthly_costs=self.monthly.read(self._monthly_cost),
                capital=self._capital(),
            )
        except ValueError as error:
            raise self._misplaced(error) from error
        return site, tariff

    def _misplaced(self, error: ValueError) -> UserError:
        """Say what the book refuses at the field it was typed into."""
        field, _blank, rest = str(error).partition(" ")
        entry = {
            "pue": self.pue,
            "fixed_load_kw": self.fixed,
            "limit_kw": self.limit,
            "required_margin": self.required,
            "price_per_kwh": self.price,
            "amount": self.capital,
            "interest": self.interest,
        }.get(field)
        if entry is None:
            return UserError(_sentence(str(error)))
        sentence = _sentence(rest)
        entry.say(sentence)
        return UserError(sentence)

    def _price(self, text: str) -> float:
        return quantities.parse_price_per_kwh(
            text, self._typing.style, self.currency.text.upper() or self._book.currency
        )

    def _currency(self) -> str:
        code = self.currency.read(_currency_code)
        kept = self._tariff.currency if self._tariff else ""
        return code if code != self._book.currency or code == kept else ""

    def _percentage(self, row: ListRow) -> Percentage:
        before = self._tariff.percentages if self._tariff else ()
        kept = {each.name: each.of for each in before}
        fraction = row.amount.read(self._typing.share)
        return Percentage(row.name.text, fraction, kept.get(row.name.text, PercentageOf.ENERGY))

    def _monthly_cost(self, row: ListRow) -> MonthlyCost:
        layer = row.choice.currentData() if row.choice is not None else CostLayer.AVOIDABLE
        kept = next(
            (
                c
                for c in (self._site.monthly_costs if self._site else ())
                if c.name == row.name.text
            ),
            None,
        )
        return MonthlyCost(
            row.name.text,
            row.amount.read(self._typing.money),
            CostLayer(layer),
            kept.currency if kept else "",
        )

    def _capital(self) -> Capital | None:
        if not self.capital.text:
            return None
        kept = self._site.capital if self._site else None
        return Capital(
            self.capital.read(self._typing.money),
            self.life.read(lambda text: quantities.parse_months(text, self._typing.style)),
            self.interest.read_or(self._typing.share, 0.0),
            kept.currency if kept else "",
        )

    def _others(self) -> list[str]:
        if self._site is None:
            return []
        return [
            site.name
            for site in self._book.sites
            if site.tariff == self._site.tariff and site.id != self._site.id
        ]


def _required(text: str) -> str:
    if not text:
        raise UserError(_("Write a name."))
    return text


def _zone(text: str) -> str:
    if text not in available_timezones():
        sentence = _("“{text}” is no time zone; write one such as America/Chicago or Europe/Oslo.")
        raise UserError(sentence.format(text=text), value=text)
    return text


def _currency_code(text: str) -> str:
    code = text.upper()
    if len(code) != 3 or not code.isascii() or not code.isalpha():
        raise UserError(_("Write a currency's three letters, such as USD or EUR."), value=text)
    return code


def _slug(name: str) -> str:
    kept = "".join(sign if sign.isalnum() else " " for sign in name.casefold())
    return "-".join(kept.split())


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."
