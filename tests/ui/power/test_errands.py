from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from minerdesk.domain.starts import StartCosts
from minerdesk.domain.tariff import Provider
from minerdesk.services import edits
from minerdesk.services.power import files
from minerdesk.services.power.templates import templates
from minerdesk.services.power.view import BillBasis
from minerdesk.ui.power.dialogs import CopyDialog, KeyDialog, RateDialog
from minerdesk.ui.power.index import IndexSection
from minerdesk.ui.power.prices_dialog import PricesDialog
from minerdesk.ui.power.rules import StartsSection
from minerdesk.ui.power.section import Section
from minerdesk.ui.widgets.forms import Entry
from tests.support.evaluations import RIG
from tests.support.fake_desk import NOW
from tests.support.widgets import left_of_columns
from tests.ui.power.conftest import Room
from tests.ui.power.test_page import type_into

RATE = {
    "label": "abc",
    "utility": "Some Electric",
    "name": "Large Power",
    "energyratestructure": [[{"rate": 0.05}], [{"rate": 0.11}]],
    "energyweekdayschedule": [[0] * 13 + [1] * 6 + [0] * 5] * 12,
    "energyweekendschedule": [[0] * 24] * 12,
    "fixedchargefirstmeter": 100,
    "fixedchargeunits": "$/month",
}


def wait(qtbot: QtBot, until: Callable[[], bool]) -> None:
    qtbot.waitUntil(until)


def prices_file(folder: Path, hours: int = 48, *, hole: bool = False) -> Path:
    start = datetime(2026, 6, 1, tzinfo=UTC)
    rows = [
        f"{(start + timedelta(hours=hour)).isoformat()},{-5 if hour % 24 == 3 else 30}"
        for hour in range(hours)
        if not (hole and hour == 10)
    ]
    path = folder / "prices.csv"
    path.write_text("\n".join(("start,price_per_mwh", *rows)), encoding="utf-8")
    return path


def test_a_rate_is_shown_with_its_notes_before_it_is_taken(room: Room) -> None:
    room.page.errands.run("nothing to do", "nowhere")
    room.page.errands._site = "north"
    dialog = room.page.errands.take_rate(json.dumps(RATE).encode())
    assert isinstance(dialog, RateDialog)
    assert dialog.notes.toPlainText()

    dialog.finish()

    of_use = room.tariff.time_of_use
    assert of_use is not None
    assert sorted(period.tiers[0].per_kwh for period in of_use.periods) == [0.05, 0.11]
    assert room.tariff.id == "day"
    assert room.steps() == 1


def test_nobody_is_asked_offline_and_what_lacks_is_said(room: Room) -> None:
    room.page.contract.start_part("index")
    section = room.page.contract.sections["index"]
    assert isinstance(section, IndexSection)
    section.provider.setCurrentIndex(section.provider.findData(Provider.ENTSOE))
    section._source_chosen()
    assert room.tariff.index is not None
    assert room.tariff.index.live is not None
    assert room.tariff.index.live.area == "DE_LU"

    section.ask_wanted.emit()

    assert room.toasts == [("warn", "The settings say to work offline.")]
    words, _tone = room.page.errands.series_words(None, section)
    assert words == "" or "minerdesk[grid]" in words


def test_a_rate_is_pasted_and_what_is_none_is_said(room: Room) -> None:
    QGuiApplication.clipboard().setText("no rate")
    room.page.errands.run("paste_rate", "north")
    assert room.toasts[-1][0] == "warn"

    QGuiApplication.clipboard().setText("")
    room.page.errands.run("paste_rate", "north")
    assert "clipboard is empty" in room.toasts[-1][1]


def test_prices_are_looked_over_first_and_then_taken(
    room: Room, qtbot: QtBot, tmp_path: Path
) -> None:
    room.page.errands._site = "north"
    dialog = room.page.errands.take_prices(prices_file(tmp_path))
    assert isinstance(dialog, PricesDialog)
    wait(qtbot, lambda: dialog.preview is not None)

    words = dialog.words.text()
    assert "48 prices of 60 minutes" in words
    assert "from −0.0050 to 0.0300 USD/kWh" in words
    assert "2 are negative. 0 holes." in words

    dialog.series.line.setText("hub")
    dialog.finish()
    wait(qtbot, lambda: bool(room.toasts))
    assert room.tariff.index is not None
    assert room.tariff.index.series == "hub"
    assert room.tariff.price_per_kwh == 0, "a kWh is paid once"
    assert "in place of the flat price" in room.toasts[-1][1]
    kept = room.desk.power.series.series("hub")
    assert kept is not None
    assert len(kept.start_s) == 48
    room.price()
    assert room.page.site is not None
    assert room.page.site.series is not None


def test_columns_that_nobody_knows_are_to_be_chosen(
    room: Room, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "odd.csv"
    path.write_text("start,price\n2026-01-19T00:00Z,30\n2026-01-19T01:00Z,31\n", encoding="utf-8")
    room.page.errands._site = "north"
    dialog = room.page.errands.take_prices(path)
    assert isinstance(dialog, PricesDialog)
    wait(qtbot, lambda: dialog.preview is not None)

    assert "choose above which columns" in dialog.complaint
    assert dialog.price.currentText() == "price"
    dialog.unit.setCurrentIndex(dialog.unit.findText("MWh"))
    dialog.look(mapped=True)
    wait(qtbot, dialog.accept_button.isEnabled)
    assert dialog.complaint == ""
    dialog.reject()


def test_prices_with_a_hole_are_refused_with_the_sentence(
    room: Room, qtbot: QtBot, tmp_path: Path
) -> None:
    room.page.errands._site = "north"
    dialog = room.page.errands.take_prices(prices_file(tmp_path, hole=True))
    assert isinstance(dialog, PricesDialog)
    wait(qtbot, lambda: dialog.preview is not None)

    assert "10:00" in dialog.complaint
    assert not dialog.accept_button.isEnabled()
    dialog.reject()


def test_a_load_makes_the_bill_and_can_be_forgotten(
    room: Room, qtbot: QtBot, tmp_path: Path
) -> None:
    start = datetime(2026, 4, 1, 5, tzinfo=UTC)  # midnight in Chicago
    rows = [f"{(start + timedelta(hours=h)).isoformat()},1000" for h in range(30 * 24)]
    path = tmp_path / "load.csv"
    path.write_text("\n".join(("start,kw", *rows)), encoding="utf-8")
    heard: list[int] = []
    end = room.desk.power.subscribe(lambda: heard.append(1))
    room.page.errands._site = "north"

    room.page.errands.take_load(path)
    wait(qtbot, lambda: bool(room.toasts))
    room.price()

    bill = room.page.bill.bill
    assert bill is not None
    assert (bill.month, bill.basis, bill.kwh) == ("2026-04", BillBasis.IMPORTED, 720_000)
    assert bill.total == 43_200
    room.page.errands.run("forget_load", "north")
    wait(qtbot, lambda: len(room.toasts) == 2)
    room.price()
    assert room.page.bill.bill is not None
    assert room.page.bill.bill.basis is BillBasis.AS_NOW
    assert heard == [1, 1]
    end()


def test_a_load_that_is_none_is_refused_in_a_sentence(
    room: Room, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "load.csv"
    path.write_text("when,power\n1,2\n3,4\n", encoding="utf-8")
    room.page.errands._site = "north"
    room.page.errands.take_load(path)
    wait(qtbot, lambda: bool(room.toasts))
    assert room.toasts == [("warn", "load.csv needs the columns start and kw; found when, power.")]


def test_a_tariff_goes_to_a_file_and_comes_back(room: Room, qtbot: QtBot, tmp_path: Path) -> None:
    tariff = templates()[2].make(room.tariff)
    files.save_tariff(tmp_path / "tariff.json", tariff)
    room.page.errands._site = "north"

    room.page.errands.take_tariff(tmp_path / "tariff.json")

    wait(qtbot, lambda: room.tariff == tariff)


def test_a_tariff_is_copied_to_another_site(room: Room) -> None:
    dialog = room.page.errands.run("copy", "north")
    assert isinstance(dialog, CopyDialog)
    dialog.finish()

    south = room.book.sites[1]
    copied = next(each for each in room.book.tariffs if each.id == south.tariff)
    assert copied.price_per_kwh == 0.06
    assert south.tariff != room.book.sites[0].tariff
    assert {each.id for each in room.book.tariffs} == {site.tariff for site in room.book.sites}


def test_a_key_is_asked_for_and_kept(room: Room, qtbot: QtBot) -> None:
    kept: list[str] = []
    dialog = KeyDialog("ENTSO-E", kept.append)
    assert dialog.windowTitle() == "Key of ENTSO-E"
    qtbot.addWidget(dialog)
    dialog.finish()
    assert dialog.key.complaint == "Write the key."
    dialog.key.line.setText("secret")
    dialog.finish()
    assert kept == ["secret"]
    assert room.page.isVisible()


def test_a_bills_cells_stand_under_their_headings(room: Room) -> None:
    view = room.page.bill.view
    assert view.model().rowCount() > 0
    head, cell = left_of_columns(view, 0)
    assert abs(head - cell) <= 2


def test_a_bill_is_saved_as_csv(room: Room, tmp_path: Path) -> None:
    table = room.page.bill.model.table()
    path = tmp_path / "bill.csv"
    files.save_rows(path, table.heads, table.rows, decimal_comma=False)
    text = path.read_text(encoding="utf-8-sig")
    assert text.splitlines()[0] == 'line,quantity,unit,rate,"amount, USD"'
    assert "energy" in text


def test_site_rules_are_typed_and_what_contradicts_is_said(room: Room) -> None:
    limits = room.page.rules.limits
    type_into(limits.limit, "5 MW")
    type_into(limits.least, "6000")

    assert room.book.sites[0].limit_kw == 5000
    assert "The limit must be at least the least load 6000" in limits.complaint
    assert limits.least.text == "6000"
    type_into(limits.least, "600")
    assert (limits.complaint, room.book.sites[0].least_kw) == ("", 600)


def fill(section: Section, texts: list[str]) -> None:
    entries = [entry for entry in section.findChildren(Entry) if not entry.isHidden()]
    for entry, text in zip(entries, texts, strict=True):
        type_into(entry, text)


def test_quiet_hours_events_and_readings(room: Room) -> None:
    room.page.select(rules=True)
    rules = room.page.rules
    rules.quiet.hours.add()
    fill(rules.quiet, ["22:00", "6", "Mon-Fri", "noise"])
    rules.events.events.add()
    fill(rules.events, ["call", "2026-06-01 15:00", "2026-06-01 18:00", "100 kW", ""])
    rules.meter.months.add()
    fill(rules.meter, ["2026-05", "3,600,000", "5.2 MW", "", "", ""])

    site = room.book.sites[0]
    assert (site.no_start[0].from_hour, site.no_start[0].days) == (22, (0, 1, 2, 3, 4))
    assert site.events[0].start == datetime(2026, 6, 1, 20, tzinfo=UTC)
    assert site.events[0].most_kw == 100
    assert (site.metered[0].kwh, site.metered[0].peak_kw) == (3_600_000, 5200)
    assert NOW.tzinfo is not None


def test_costs_of_starting_of_the_site_stand_over_those_of_the_book(room: Room) -> None:
    here, everywhere = room.page.rules.starts, room.page.rules.book_starts
    assert isinstance(here, StartsSection)
    assert here.entries["start_lost_minutes"].line.placeholderText() == "10"

    type_into(everywhere.entries["start_lost_minutes"], "15")
    type_into(here.entries["wear_start"], "0.5")

    assert room.book.assumptions.starts.start_lost_minutes == 15
    assert here.entries["start_lost_minutes"].line.placeholderText() == "15"
    starts = room.book.sites[0].starts
    assert starts is not None
    assert (starts.wear_start, starts.start_lost_minutes) == (0.5, None)
    type_into(here.entries["most_starts_per_day"], "1.5")
    assert "whole number" in here.entries["most_starts_per_day"].complaint
    type_into(here.entries["wear_stop"], "-1")
    assert "0 or more" in here.entries["wear_stop"].complaint
    assert room.book.sites[0].starts == starts
    assert here.entries["start_lost_minutes"].line.toolTip() == "Empty: 15 from the book"
    assert here.entries["min_on_minutes"].line.toolTip() == "Empty: 0 by default"


def test_models_with_values_of_their_own_are_named_and_their_table_is_one_key_away(
    room: Room,
) -> None:
    rules = room.page.rules
    assert rules.starts.own.text() == ""
    starts = StartCosts(start_lost_minutes=20)
    room.desk.book.apply("own", lambda book: edits.put_model_starts(book, RIG.name, starts))
    for section in (rules.starts, rules.book_starts):
        assert section.own.text() == f"Values of their own: {RIG.name}."
        section.by_model.click()
    assert room.ran == ["book.model_starts"] * 2
