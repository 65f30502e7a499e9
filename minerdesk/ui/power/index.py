"""The section of a market's price: its series, its forecast, and the live source."""

from __future__ import annotations

from typing import ClassVar, Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit

from minerdesk.domain.tariff import LiveSource, Market, PriceIndex, Provider, Tariff
from minerdesk.domain.text import _
from minerdesk.services.power.live import check_source, key_setting
from minerdesk.services.power.parts import Part
from minerdesk.ui.power.section import Section, read_field, read_or_none
from minerdesk.ui.widgets.basics import button, label, set_tone
from minerdesk.ui.widgets.forms import Grid, combo
from minerdesk.ui.widgets.typing import Typing

AREAS: Final = {
    Provider.GRIDSTATUS: (
        *("CAISO", "ERCOT", "ISONE", "MISO", "NYISO", "PJM", "SPP", "IESO", "AESO"),
    ),
    Provider.ENTSOE: (
        *("DE_LU", "NO_1", "NO_2", "NO_3", "NO_4", "NO_5", "SE_1", "SE_2", "SE_3", "SE_4"),
        *("FI", "DK_1", "DK_2", "FR", "ES", "PT", "NL", "BE", "AT", "CH", "PL", "CZ", "IT_NORD"),
    ),
}


class IndexSection(Section):
    """Where the market's prices come from and what stands where there are none yet.

    Signals:
        import_wanted(): a price file is to be imported. ask_wanted(): the live source is to be
            asked now. key_wanted(): the source's key is to be typed.
    """

    holds: ClassVar[tuple[str, ...]] = ("index",)
    import_wanted = Signal()
    ask_wanted = Signal()
    key_wanted = Signal()

    def __init__(self, part: Part, typing: Typing) -> None:
        super().__init__(part.title, part.explains, typing)
        grid = Grid()
        self.series = self.add_entry(
            grid,
            _("Price series"),
            hint="ercot-hb-west",
            note=_("name its prices are kept under"),
        )
        self.multiplier = self.add_entry(
            grid,
            _("Multiplier"),
            hint="1",
            note=_("times the price, {factor} for losses of {share}").format(
                factor=typing.shown(1.03), share=typing.formats.percent(0.03, 0)
            ),
        )
        self.days = self.add_entry(
            grid,
            _("Forecast from"),
            hint="7",
            note=_("days: past the last known price the mean of the same hour of so many days"),
        )
        self.own = self.add_entry(
            grid, _("Own forecast"), hint=_("none"), note=_("per kWh, in place of that mean")
        )
        self._make_source(grid)
        self.state = label("", "muted", wrap=True)
        row = QHBoxLayout()
        row.setSpacing(8)
        self.ask = button(_("Ask the live source now"), self.ask_wanted.emit)
        self.key = button(_("Key of the source…"), self.key_wanted.emit)
        for each in (button(_("Import prices…"), self.import_wanted.emit), self.ask, self.key):
            row.addWidget(each)
        row.addStretch(1)
        self.body.addWidget(grid)
        self.body.addWidget(self.state)
        self.body.addLayout(row)
        self._offer()

    def fill(self, subject: Tariff) -> None:
        """Show the index."""
        index = subject.index
        if index is None:
            return
        write = self.typing.write
        self.series.line.setText(index.series)
        self.multiplier.line.setText(write(index.multiplier))
        self.days.line.setText(write(index.forecast_days))
        self.own.line.setText(write(index.forecast_per_kwh))
        live = index.live
        self.provider.setCurrentIndex(self.provider.findData(live.provider if live else None))
        self._offer()
        self.area.setCurrentText(live.area if live else "")
        self.location.line.setText(live.location if live else "")
        self.market.setCurrentIndex(
            max(0, self.market.findData(live.market if live else Market.DAY_AHEAD))
        )
        self._offer_key(live)

    def read(self, subject: Tariff) -> dict[str, object]:
        """Return the index as it is typed."""
        del subject
        own = read_or_none(self.own, lambda text: self.typing.price(text, self.currency))
        multiplier = read_or_none(self.multiplier, self.typing.number)
        live = self._live()
        self._offer_key(live)
        if live is not None:
            check_source(live)
        index = PriceIndex(
            read_field(self.series, lambda text: text),
            live,
            1.0 if multiplier is None else multiplier,
            read_or_none(self.days, self.typing.whole) or 7,
            own,
        )
        return {"index": index}

    def say_state(self, sentence: str, tone: str = "") -> None:
        """Say what is known of the series, or what lacks for the source to be asked."""
        self.state.setText(sentence)
        self.state.setVisible(bool(sentence))
        set_tone(self.state, tone)

    def _make_source(self, grid: Grid) -> None:
        self.provider = combo(
            _("Live source"),
            (
                (_("none, prices come from files"), None),
                (_("North American grids (gridstatus)"), Provider.GRIDSTATUS),
                (_("European zones (ENTSO-E)"), Provider.ENTSOE),
            ),
        )
        self.area = combo(_("Market or bidding zone"), ())
        self._area_line = line = QLineEdit()
        self.area.setEditable(True)
        self.area.setLineEdit(line)
        line.setAccessibleName(_("Market or bidding zone"))
        self.market = combo(
            _("Prices"),
            ((_("day-ahead"), Market.DAY_AHEAD), (_("real-time"), Market.REAL_TIME)),
        )
        grid.add(_("Live source"), self.provider)
        grid.add(_("Market or bidding zone"), self.area)
        self.location = self.add_entry(
            grid, _("Location"), hint="HB_WEST", note=_("hub, zone or node; empty where one price")
        )
        grid.add(_("Prices"), self.market)
        self.provider.activated.connect(self._source_chosen)
        self.area.activated.connect(lambda _index: self.changed())
        line.editingFinished.connect(self._area_left)
        self.market.activated.connect(lambda _index: self.changed())

    def _source_chosen(self) -> None:
        self._offer()
        self.changed()

    def _area_left(self) -> None:
        if self._area_line.isModified():
            self._area_line.setModified(False)
            self.changed()

    def _live(self) -> LiveSource | None:
        provider = self.provider.currentData()
        if provider is None:
            return None
        area = self.area.currentText().strip().upper()
        return LiveSource(
            Provider(provider), area, self.location.text, Market(self.market.currentData())
        )

    def _offer(self) -> None:
        provider = self.provider.currentData()
        live = provider is not None
        typed = self.area.currentText()
        self.area.clear()
        if live:
            areas = AREAS[Provider(provider)]
            self.area.addItems(list(areas))
            self.area.setCurrentText(typed if typed in areas else areas[0])
        entsoe = provider == Provider.ENTSOE
        for part in (self.area, self.market, self.location, self.ask):
            part.setEnabled(live)
        self.location.setDisabled(not live or entsoe)
        self._offer_key(self._live())

    def _offer_key(self, live: LiveSource | None) -> None:
        self.key.setVisible(live is not None and bool(key_setting(live)))
