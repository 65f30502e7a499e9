"""Sections of the energy price: flat, tiers, adders and percentages."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

from minerdesk.domain.tariff import (
    Adder,
    Percentage,
    PercentageOf,
    Period,
    Tariff,
    Tier,
    TierUnit,
    TimeOfUse,
)
from minerdesk.domain.text import _
from minerdesk.services.plausibility import odd_price
from minerdesk.services.power.parts import Part
from minerdesk.ui.power.rows import Column, RowsField
from minerdesk.ui.power.section import Section, read_field
from minerdesk.ui.widgets.forms import Grid, combo
from minerdesk.ui.widgets.typing import Typing


class FlatSection(Section):
    """One price at all hours."""

    holds: ClassVar[tuple[str, ...]] = ("price_per_kwh",)

    def __init__(self, part: Part, typing: Typing) -> None:
        super().__init__(part.title, part.explains, typing)
        grid = Grid()
        self.price = self.add_entry(
            grid,
            _("Price"),
            hint=typing.shown(0.071),
            note=_("per kWh; {mwh}/MWh and {cents} ct are understood, negative too").format(
                mwh=typing.shown(71), cents=typing.shown(7.1)
            ),
        )
        self.body.addWidget(grid)

    def fill(self, subject: Tariff) -> None:
        """Show the price."""
        self.price.line.setText(self.typing.write(subject.price_per_kwh))
        self.price.say("")

    def read(self, subject: Tariff) -> dict[str, object]:
        """Return the price, and ask about one that can hardly be."""
        del subject
        price = read_field(self.price, lambda text: self.typing.price(text, self.currency))
        self.price.ask(odd_price(price, self.currency, self.typing.shown))
        return {"price_per_kwh": price}


class TiersSection(Section):
    """Borders by use in the month, and a price for each."""

    holds: ClassVar[tuple[str, ...]] = ("time_of_use",)

    def __init__(self, part: Part, typing: Typing) -> None:
        super().__init__(part.title, part.explains, typing)
        self.unit = combo(
            _("Borders count"),
            (
                (_("kWh in the billing month"), TierUnit.KWH),
                (_("kWh for each kW of the month's peak (hours of use)"), TierUnit.KWH_PER_KW),
            ),
        )
        self.unit.activated.connect(lambda _index: self.changed())
        grid = Grid()
        grid.add(_("Borders count"), self.unit)
        self.body.addWidget(grid)
        self._fields: dict[str, RowsField] = {}

    @property
    def tables(self) -> dict[str, RowsField]:
        """The table of tiers of each period, by its key."""
        return dict(self._fields)

    def fill(self, subject: Tariff) -> None:
        """Show the tiers of every period."""
        of_use = subject.time_of_use
        if of_use is None:
            return
        self.unit.setCurrentIndex(max(0, self.unit.findData(of_use.tier_unit)))
        for key in [key for key in self._fields if key not in {p.key for p in of_use.periods}]:
            gone = self._fields.pop(key)
            self.body.removeWidget(gone)
            gone.hide()
            gone.deleteLater()
        for period in of_use.periods:
            field = self._fields.get(period.key) or self._add_table(period)
            field.show_rows([(tier.up_to, tier.per_kwh) for tier in period.tiers])

    def read(self, subject: Tariff) -> dict[str, object]:
        """Return the tiers of every period as they are typed."""
        of_use = subject.time_of_use
        if of_use is None:
            return {"time_of_use": None}
        periods = tuple(
            replace(
                period,
                tiers=self._fields[period.key].read(lambda up_to, price: Tier(price, up_to)),
            )
            for period in of_use.periods
        )
        unit = TierUnit(self.unit.currentData())
        return {"time_of_use": TimeOfUse(periods, of_use.calendar, unit)}

    def _add_table(self, period: Period) -> RowsField:
        typing = self.typing
        field = RowsField(
            _("Tiers of {name} ({key})").format(name=period.name, key=period.key),
            (
                Column(
                    _("Up to (empty: without end)"),
                    _("without end"),
                    typing.number,
                    typing.write,
                    may_be_empty=True,
                ),
                Column(_("Price per kWh"), typing.shown(0.071), self._price, typing.write),
            ),
            add=_("Add a tier"),
        )
        field.edited.connect(self.changed)
        self._fields[period.key] = field
        self.body.addWidget(field)
        return field

    def _price(self, text: str) -> float:
        return self.typing.price(text, self.currency)


class AddersSection(Section):
    """What comes on top of the energy price."""

    holds: ClassVar[tuple[str, ...]] = ("adders", "percentages")

    def __init__(self, part: Part, typing: Typing) -> None:
        super().__init__(part.title, part.explains, typing)
        self.adders = RowsField(
            _("Per kWh: grid fee, levies; may be negative"),
            (
                Column(_("Name"), _("grid fee"), width=3),
                Column(_("Amount per kWh"), typing.shown(0.012), self._price, typing.write),
            ),
            add=_("Add an adder"),
        )
        self.percentages = RowsField(
            _("In percent, in this order: losses, taxes"),
            (
                Column(_("Name"), _("tax"), width=3),
                Column(
                    _("Percent"),
                    typing.formats.percent(0.0825, 2),
                    typing.share,
                    typing.write_share,
                ),
                Column(
                    _("Of"),
                    choices=(
                        (_("the price of energy"), PercentageOf.ENERGY),
                        (_("the whole bill"), PercentageOf.BILL),
                    ),
                ),
            ),
            add=_("Add a percentage"),
        )
        for field in (self.adders, self.percentages):
            field.edited.connect(self.changed)
            self.body.addWidget(field)

    def fill(self, subject: Tariff) -> None:
        """Show adders and percentages."""
        self.adders.show_rows([(each.name, each.per_kwh) for each in subject.adders])
        self.percentages.show_rows(
            [(each.name, each.fraction, each.of) for each in subject.percentages]
        )

    def read(self, subject: Tariff) -> dict[str, object]:
        """Return both as they are typed."""
        del subject
        return {
            "adders": self.adders.read(Adder),
            "percentages": self.percentages.read(
                lambda name, share, of: Percentage(name, share, PercentageOf(of))
            ),
        }

    def _price(self, text: str) -> float:
        return self.typing.price(text, self.currency)
