from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from minerdesk.domain.tariff import (
    CurtailmentCredit,
    Holidays,
    Hosting,
    HostingBasis,
    LiveSource,
    Market,
    Provider,
)
from minerdesk.services import edits
from minerdesk.services.power import files
from minerdesk.ui.power.clauses import (
    CurtailmentSection,
    HeatSection,
    HolidaysSection,
    HostingSection,
)
from minerdesk.ui.power.demand import CoincidentSection
from minerdesk.ui.power.dialogs import KeyDialog, RateDialog
from minerdesk.ui.power.energy import AddersSection
from minerdesk.ui.power.index import IndexSection
from minerdesk.ui.power.periods import TimeOfUseSection
from minerdesk.ui.power.prices_dialog import PricesDialog
from minerdesk.ui.theme import Theme
from minerdesk.ui.widgets.forms import Entry
from tests.ui.power.conftest import Room
from tests.ui.power.test_errands import RATE, fill, wait
from tests.ui.power.test_page import add, type_into


def choose(dialog: object, path: Path) -> None:
    """Choose a file as the operator does, and close the dialog."""
    assert isinstance(dialog, QFileDialog)
    dialog.fileSelected.emit(str(path))
    dialog.reject()


def test_a_tariff_is_saved_and_opened_through_the_dialogs(
    room: Room, qtbot: QtBot, tmp_path: Path
) -> None:
    errands, path = room.page.errands, tmp_path / "day.json"
    choose(errands.run("export", "north"), path)
    wait(qtbot, lambda: bool(room.toasts))
    assert room.toasts == [("done", "The tariff was saved as day.json.")]

    choose(errands.run("open", "south"), path)
    wait(qtbot, lambda: room.book.tariffs[1].price_per_kwh == 0.06)
    assert room.book.tariffs[1].id == "plain"


def test_a_rate_comes_through_the_dialog(room: Room, qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "rate.json"
    path.write_text(json.dumps(RATE), encoding="utf-8")
    choose(room.page.errands.run("import_rate", "north"), path)
    wait(qtbot, lambda: bool(room.page.findChildren(RateDialog)))
    (dialog,) = room.page.findChildren(RateDialog)
    assert "Large Power" in dialog.rates.currentText()
    dialog.reject()


def test_a_bill_goes_through_the_dialog(room: Room, qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "bill.csv"
    room.page.errands.run("forget_load", "north")
    dialog = room.page.errands.save_bill(room.page.bill.model.table(), "2026-05")
    choose(dialog, path)
    wait(qtbot, lambda: path.exists() and not room.page.findChildren(QFileDialog))
    # Where the button has no room, the menu of copying offers the same.
    bill = room.page.bill
    assert bill.save.isVisibleTo(bill)
    room.page.resize(700, 700)
    assert not bill.save.isVisibleTo(bill)
    (entry,) = [each for each in bill.findChildren(QAction) if each.text() == "Save the bill…"]
    entry.trigger()
    (asked,) = room.page.findChildren(QFileDialog)
    asked.reject()


def test_files_that_are_none_are_said(room: Room, qtbot: QtBot, tmp_path: Path) -> None:
    room.page.errands._site = "north"
    room.page.errands.take_tariff(tmp_path / "none.json")
    wait(qtbot, lambda: bool(room.toasts))
    assert "cannot be read" in room.toasts[0][1]
    with pytest.raises(Exception, match="cannot be read"):
        files.read_bytes(tmp_path / "none.json")
    assert room.page.errands.run("copy", "nowhere") is None


def test_a_price_file_of_another_layout_is_mapped(room: Room, qtbot: QtBot, tmp_path: Path) -> None:
    start = datetime(2026, 6, 1, tzinfo=UTC)
    rows = [f"{(start + timedelta(hours=hour)):%Y-%m-%d %H:%M},{hour}" for hour in range(24)]
    path = tmp_path / "market.csv"
    path.write_text("\n".join(("Hour begins,Settlement", *rows)), encoding="utf-8")
    room.page.errands._site = "north"
    dialog = room.page.errands.take_prices(path)
    assert isinstance(dialog, PricesDialog)
    wait(qtbot, lambda: dialog.preview is not None)
    assert "needs the columns start" in dialog.complaint

    dialog.price.setCurrentIndex(1)
    dialog.unit.setCurrentIndex(1)
    type_into(dialog.zone, "UTC")
    wait(qtbot, lambda: dialog.complaint == "")

    assert "24 prices of 60 minutes" in dialog.words.text()
    assert dialog.accept_button.isEnabled()
    type_into(dialog.currency, "EUR")
    wait(qtbot, lambda: "EUR/kWh" in dialog.words.text())
    dialog.series.line.setText("")
    dialog.finish()
    assert dialog.series.complaint == "Write a name."
    dialog.reject()


def test_a_file_that_is_no_table_is_said_in_the_dialog(
    room: Room, qtbot: QtBot, tmp_path: Path
) -> None:
    room.page.errands._site = "north"
    dialog = room.page.errands.take_prices(tmp_path / "none.csv")
    assert isinstance(dialog, PricesDialog)
    wait(qtbot, lambda: bool(dialog.complaint))
    assert "cannot be read" in dialog.complaint
    dialog.reject()


def test_a_tariff_is_renamed_and_its_currency_is_three_letters(room: Room) -> None:
    contract = room.page.contract
    type_into(contract._name, "Night")
    assert room.tariff.name == "Night"
    type_into(contract._currency, "euro")
    assert contract._currency.complaint == "Three letters, such as USD."
    type_into(contract._currency, "eur")
    assert room.tariff.currency == "EUR"


def test_small_clauses_are_typed(room: Room) -> None:
    hosting = add(room, "hosting")
    assert isinstance(hosting, HostingSection)
    hosting.basis.setCurrentIndex(1)
    fill(hosting, ["7.8 ct", "10 %"])
    assert room.tariff.hosting == Hosting(0.078, HostingBasis.NAMEPLATE, 0.1)

    credit = add(room, "curtailment")
    assert isinstance(credit, CurtailmentSection)
    fill(credit, ["ERS", "5 MW", "4", "0.5", ""])
    (ers,) = room.tariff.curtailment
    assert (ers.name, ers.kw, ers.per_kwh, ers.baseline_kw) == ("ERS", 5000, 0.5, None)
    fill(credit, ["ERS", "5 MW", "4", "0.5", "8 MW"])
    assert room.tariff.curtailment[0].baseline_kw == 8000

    heat = add(room, "heat")
    assert isinstance(heat, HeatSection)
    fill(heat, ["0.01"] * 12)
    assert room.tariff.heat is not None
    assert set(room.tariff.heat.per_kwh) == {0.01}


def test_coincident_peaks_are_typed_and_hours_the_wrong_way_round_are_said(room: Room) -> None:
    section = add(room, "coincident")
    assert isinstance(section, CoincidentSection)
    fill(section, ["4CP", "60", "4", "6-9", "18", "15", "1.6 %"])
    block = section.blocks[0]
    assert "The end hour must be greater than the start hour 18, found 15" in (
        block.hours.rows[0].complaint  # type: ignore[attr-defined] # of this block
    )

    fill(section, ["4CP", "60", "4", "6-9", "15", "18", "1.6 %"])
    assert room.tariff.coincident[0].per_kw_year == 60
    section._add_one()
    assert len(room.tariff.coincident) == 2
    section.blocks[1].removed.emit(section.blocks[1])
    assert len(room.tariff.coincident) == 1


def test_a_row_that_is_taken_away_is_gone_from_the_contract(room: Room) -> None:
    section = add(room, "adders")
    assert isinstance(section, AddersSection)
    section.adders._add_and_go()
    section.adders._remove(section.adders.rows[0])
    assert room.tariff.adders == ()


def test_a_period_is_added_named_and_painted_with(room: Room, theme: Theme) -> None:
    section = add(room, "time_of_use")
    assert isinstance(section, TimeOfUseSection)
    section.periods._add_one()
    row = section.periods.rows[2]
    assert section.periods.brush == row.period.key
    type_into(row.name, "shoulder")
    type_into(row.price, "dear")
    assert "is not understood" in row.price.complaint
    type_into(row.price, "0.08")
    of_use = room.tariff.time_of_use
    assert of_use is not None
    assert (of_use.periods[2].name, of_use.periods[2].tiers[0].per_kwh) == ("shoulder", 0.08)
    section.grids.holidays.click()
    assert not section.grids.grids[2].isHidden()
    theme.choose("dark")
    theme.choose("light")


def test_holidays_nobody_knows_are_said_where_they_are_typed(room: Room) -> None:
    room.page.contract.start_part("holidays")
    section = room.page.contract.sections["holidays"]
    assert isinstance(section, HolidaysSection)
    type_into(section.country, "")
    type_into(section.subdivision, "TX")
    assert section.subdivision.complaint.startswith("Holidays of “TX” need the country")
    type_into(section.country, "xq")
    assert "No holidays are known for the country “XQ”" in section.country.complaint
    type_into(section.country, "us")
    assert section.country.complaint == ""
    type_into(section.subdivision, "zz")
    assert section.subdivision.complaint.startswith("US has no subdivision “ZZ”")
    assert room.tariff.holidays == Holidays("US", "TX")
    type_into(section.subdivision, "ca")
    assert room.tariff.holidays == Holidays("US", "CA")


def test_an_events_programme_that_the_contract_has_not_is_said_in_its_row(room: Room) -> None:
    room.page.select(rules=True)
    events = room.page.rules.events
    events.events.add()
    fill(events, ["call", "2026-06-01 15:00", "2026-06-01 18:00", "100 kW", "4CP"])
    (row,) = events.events.rows
    paid = row.fields[-1]
    assert isinstance(paid, Entry)
    assert paid.complaint == (
        "The contract has no programme; add a curtailment credit to it first."
    )
    credit = CurtailmentCredit("Demand response", 50.0)
    tariff = replace(room.tariff, curtailment=(credit,))
    room.desk.book.apply("credit", lambda book: edits.put_tariff(book, tariff))
    type_into(paid, "demand")
    assert paid.complaint == ("The contract has no programme “demand”; it has Demand response.")
    type_into(paid, "demand response")
    assert paid.complaint == ""
    assert [each.programme for each in room.book.sites[0].events] == ["Demand response"]


def test_a_live_sources_key_and_mistakes_are_told_at_the_source(room: Room) -> None:
    room.page.contract.start_part("index")
    index = room.page.contract.sections["index"]
    assert isinstance(index, IndexSection)
    assert index.key.isHidden()

    def choose_source(provider: Provider, area: str, market: Market) -> None:
        index.provider.setCurrentIndex(index.provider.findData(provider))
        index.provider.activated.emit(index.provider.currentIndex())
        index.area.setCurrentText(area)
        index.market.setCurrentIndex(index.market.findData(market))
        index.market.activated.emit(index.market.currentIndex())

    choose_source(Provider.GRIDSTATUS, "ERCOT", Market.REAL_TIME)
    assert index.key.isHidden()
    choose_source(Provider.GRIDSTATUS, "AESO", Market.DAY_AHEAD)
    assert index.complaint == "AESO has no day-ahead market; choose real time."
    assert not index.key.isHidden()
    choose_source(Provider.ENTSOE, "DE_LU", Market.REAL_TIME)
    assert index.complaint == "ENTSO-E gives day-ahead prices alone; choose day ahead."
    choose_source(Provider.GRIDSTATUS, "PJM", Market.DAY_AHEAD)
    assert index.complaint == ""
    assert room.tariff.index is not None
    assert room.tariff.index.live == LiveSource(Provider.GRIDSTATUS, "PJM")
    index.key.click()
    (dialog,) = room.page.findChildren(KeyDialog)
    assert dialog.windowTitle() == "Key of PJM"
    dialog.reject()
