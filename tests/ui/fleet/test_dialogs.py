from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from minerdesk.domain.book import Book
from minerdesk.domain.rigs import Origin
from minerdesk.domain.sites import CostLayer
from minerdesk.services import edits
from minerdesk.services.exchange import NEW_MODEL, Action, Field
from minerdesk.services.number_text import DECIMAL_COMMA, DECIMAL_DOT
from minerdesk.ui.fleet.add_dialog import AddRigsDialog
from minerdesk.ui.fleet.bulk_dialog import BulkDialog
from minerdesk.ui.fleet.import_dialog import ImportDialog
from minerdesk.ui.fleet.import_model import ACTION, DETAIL, GROUP
from minerdesk.ui.fleet.rows import FleetRows
from minerdesk.ui.fleet.site_dialog import SiteDialog
from minerdesk.ui.fleet.sites_model import MARGIN, NAME, POWER, RIGS, SitesModel
from minerdesk.ui.widgets.forms import FormDialog
from minerdesk.ui.widgets.model_search import ModelCompleter, ModelsFound, facts
from tests.support.widgets import nameless
from tests.ui.fleet.conftest import Hall, MakeHall, sample

Role = Qt.ItemDataRole


# --- adding rigs


def add_dialog(hall: Hall) -> AddRigsDialog:
    dialog = hall.page.commands.add_rigs()
    assert isinstance(dialog, AddRigsDialog)
    return dialog


def search(dialog: AddRigsDialog, text: str) -> None:
    dialog.search.line.setText(text)
    dialog.search.line.textEdited.emit(text)


def test_rigs_of_the_catalogue_are_added_in_one_step(farm: Hall, qtbot: QtBot) -> None:
    dialog = add_dialog(farm)
    assert nameless(dialog) == []
    search(dialog, "s21 xp 270")
    assert dialog.model is not None
    name = dialog.model.name
    assert "TH/s" in dialog.facts.text()
    dialog.count.line.setText("1,250")
    dialog.ths.line.setText("268")
    dialog.measured.setChecked(True)
    dialog.site.setCurrentIndex(dialog.site.findData("quebec-1"))
    dialog.finish()
    group = farm.book.groups[-1]
    assert (group.model, group.count, group.site) == (name, 1250, "quebec-1")
    (over,) = group.overrides
    assert (over.hashrate_ths, over.hashrate_origin, over.power_w) == (268.0, Origin.MEASURED, None)
    qtbot.waitUntil(lambda: farm.page.selected_ids() == [group.id])
    assert farm.steps() == 1


def test_the_first_rigs_bring_their_site_and_its_price(empty: Hall) -> None:
    dialog = add_dialog(empty)
    search(dialog, "avalon q")
    dialog.finish()
    assert dialog.price.complaint, "a price is needed"
    assert empty.book == Book()
    dialog.site_name.line.setText("Garage")
    dialog.price.line.setText("0.12")
    dialog.finish()
    book = empty.book
    assert [site.name for site in book.sites] == ["Garage"]
    assert book.tariffs[0].price_per_kwh == 0.12
    assert book.groups[0].model == "Avalon Q"
    assert empty.page.view.isVisible()


def test_a_machine_of_ones_own_joins_the_book(farm: Hall) -> None:
    dialog = add_dialog(farm)
    dialog.own.setChecked(True)
    dialog.finish()
    assert dialog.own_name.complaint
    dialog.own_name.line.setText(farm.book.models[0].name)
    dialog.finish()
    assert "already" in dialog.own_name.complaint
    dialog.own_name.line.setText("Workbench 1")
    dialog.ths.line.setText("0.5 PH/s")
    dialog.watts.line.setText("9 kW")
    dialog.finish()
    model = next(model for model in farm.book.models if model.name == "Workbench 1")
    assert (model.modes[0].hashrate_ths, model.modes[0].power_w) == (500.0, 9000.0)
    assert farm.book.groups[-1].model == "Workbench 1"
    assert farm.page.commands.catalogue.find("workbench 1") is not None


def test_what_is_wrong_stands_at_its_field(farm: Hall) -> None:
    dialog = add_dialog(farm)
    before = farm.book
    dialog.finish()
    assert "Choose a model" in dialog.search.complaint
    search(dialog, "s21")
    dialog.count.line.setText("0")
    dialog.finish()
    assert dialog.count.complaint
    assert not dialog.complaint, "said once, where it was typed"
    dialog.count.line.setText("5")
    dialog.ths.line.setText("-1")
    dialog.finish()
    assert "greater than 0" in dialog.complaint + dialog.ths.complaint
    assert farm.book is before
    dialog.reject()


# --- sites


def site_dialog(dialog: object) -> SiteDialog:
    assert isinstance(dialog, SiteDialog)
    return dialog


def test_a_site_saved_unchanged_is_the_same_site(farm: Hall) -> None:
    before = farm.book
    for site in before.sites:
        farm.page.sites.choose(site.id)
        dialog = site_dialog(farm.page.commands.edit_site())
        assert nameless(dialog) == []
        dialog.finish()
        assert not dialog.complaint
    assert farm.book == before
    assert farm.steps() == 0


def test_everything_of_a_site_can_be_entered(empty: Hall) -> None:
    dialog = site_dialog(empty.page.commands.add_site())
    for entry, text in (
        (dialog.name, "Nordhalle 2"),
        (dialog.zone, "Europe/Oslo"),
        (dialog.pue, "1.08"),
        (dialog.fixed, "40"),
        (dialog.limit, "2.5 MW"),
        (dialog.required, "-3"),
        (dialog.price, "0.041"),
        (dialog.currency, "eur"),
        (dialog.capital, "250,000"),
        (dialog.life, "10 years"),
        (dialog.interest, "6.5"),
    ):
        entry.line.setText(text)
    dialog.adders.add("Grid", "0.011")
    dialog.shares.add("Tax", "19")
    dialog.monthly.add("Rent", "4,000", CostLayer.AVOIDABLE)
    dialog.monthly.add("Office", "900", CostLayer.OVERHEAD)
    gone = dialog.monthly.add("Mistake", "1")
    gone_button = gone.findChildren(type(dialog.accept_button))[-1]
    gone_button.click()
    dialog.finish()
    assert not dialog.complaint
    (site,), (tariff,) = empty.book.sites, empty.book.tariffs
    assert (site.name, site.time_zone, site.pue) == ("Nordhalle 2", "Europe/Oslo", 1.08)
    assert (site.fixed_load_kw, site.limit_kw) == (40.0, 2500.0)
    assert site.required_margin == pytest.approx(-0.03)
    assert [(c.name, c.amount, c.layer) for c in site.monthly_costs] == [
        ("Rent", 4000.0, CostLayer.AVOIDABLE),
        ("Office", 900.0, CostLayer.OVERHEAD),
    ]
    assert site.capital is not None
    assert (site.capital.amount, site.capital.life_months) == (250_000.0, 120)
    assert site.capital.interest == pytest.approx(0.065)
    assert (tariff.currency, tariff.price_per_kwh) == ("EUR", 0.041)
    assert tariff.adders[0].per_kwh == 0.011
    assert tariff.percentages[0].fraction == pytest.approx(0.19)


@pytest.mark.parametrize(
    ("field", "text", "words"),
    [
        ("name", "", "name"),
        ("zone", "Mars/Olympus", "time zone"),
        ("price", "cheap", "not understood"),
        ("currency", "dollars", "three letters"),
        ("pue", "0.9", "at least 1"),
        ("limit", "-4", "greater than 0"),
    ],
)
def test_what_a_site_cannot_be(farm: Hall, field: str, text: str, words: str) -> None:
    before = farm.book
    farm.page.sites.choose("texas-1")
    dialog = site_dialog(farm.page.commands.edit_site())
    entry = getattr(dialog, field)
    entry.line.setText(text)
    dialog.finish()
    assert words in entry.complaint
    assert not dialog.complaint, "said once"
    assert farm.book is before
    dialog.reject()


# --- bulk edit


def bulk_dialog(hall: Hall, *rows: int) -> BulkDialog:
    hall.page.view.select_ids({hall.page.model.group_id(row) for row in rows})
    dialog = hall.page.commands.edit_selected()
    assert isinstance(dialog, BulkDialog)
    assert nameless(dialog) == []
    return dialog


def test_a_bulk_edit_counts_before_and_is_one_step(farm: Hall, qtbot: QtBot) -> None:
    ids = [farm.page.model.group_id(row) for row in (0, 1, 2)]
    before = farm.book
    dialog = bulk_dialog(farm, 0, 1, 2)
    dialog.field.setCurrentIndex(dialog.field.findData("pool_fee"))
    dialog.value.line.setText("0.7 %")
    qtbot.waitUntil(lambda: dialog.preview.text() == "Changes 3 of 3 groups.")
    assert farm.book is before
    dialog.finish()
    assert [farm.group(each).pool_fee for each in ids] == [0.007] * 3
    assert farm.steps() == 1
    assert farm.book == before


def test_a_bulk_edit_says_what_does_not_fit(farm: Hall, qtbot: QtBot) -> None:
    before = farm.book
    dialog = bulk_dialog(farm, 0, 1)
    dialog.field.setCurrentIndex(dialog.field.findData("mode"))
    dialog.value.line.setText("warp")
    qtbot.waitUntil(lambda: "warp" in dialog.preview.text())
    dialog.finish()
    assert "warp" in dialog.value.complaint
    dialog.field.setCurrentIndex(dialog.field.findData("count"))
    dialog.value.line.setText("lots")
    qtbot.waitUntil(lambda: "lots" in dialog.preview.text())
    dialog.finish()
    assert "lots" in dialog.value.complaint
    assert farm.book is before
    dialog.reject()


@pytest.mark.parametrize(
    ("key", "text", "check"),
    [
        ("mode", "off", lambda g: g.state_now.running_count == 0),
        ("site", "Quebec 1", lambda g: g.site == "quebec-1"),
        ("model", "Antminer S21 (200 TH)", lambda g: g.model == "Antminer S21 (200 TH)"),
        ("power_w", "3.1 kW", lambda g: g.overrides[0].power_w == 3100),
        ("idle_w", "12", lambda g: g.idle_w == 12),
        ("idle_w", "", lambda g: g.idle_w is None),
        ("purchase_price", "1,500", lambda g: g.purchase.price_per_rig == 1500),
        ("purchase_price", "", lambda g: g.purchase is None),
        ("firmware_fee", "2", lambda g: g.firmware_fee == 0.02),
    ],
)
def test_fields_of_a_bulk_edit(farm: Hall, key: str, text: str, check: object) -> None:
    ids = [farm.page.model.group_id(row) for row in (0, 2)]
    dialog = bulk_dialog(farm, 0, 2)
    dialog.field.setCurrentIndex(dialog.field.findData(key))
    dialog.value.line.setText(text)
    dialog.finish()
    assert not dialog.complaint
    assert not dialog.value.complaint
    assert all(check(farm.group(each)) for each in ids)  # type: ignore[operator] # a lambda


# --- import

TABLE = """site,model,count,power_w,owner
Texas 1,Antminer S21 (200 TH),12,3500,Ada
New hall,Antminer S21 (200 TH),5,3500,
Texas 1,Blorb 9,3,3500,
Texas 1,Antminer S21 (200 TH),abc,3500,
"""


def open_import(hall: Hall, path: Path, qtbot: QtBot) -> ImportDialog:
    dialog = hall.page.commands.import_file(path)
    qtbot.waitUntil(lambda: not dialog.busy)
    return dialog


def test_a_dry_run_shows_every_row_and_changes_nothing(
    farm: Hall, tmp_path: Path, qtbot: QtBot, qtmodeltester: ModelTester
) -> None:
    path = tmp_path / "rigs.csv"
    path.write_text(TABLE.replace("owner", "location"), encoding="utf-8")
    before = farm.book
    dialog = open_import(farm, path, qtbot)
    qtmodeltester.check(dialog.model)  # type: ignore[no-untyped-call] # the library has no types
    assert nameless(dialog) == []
    words = [dialog.model.index(row, ACTION).data() for row in range(4)]
    assert words == ["+ add", "× refuse", "× refuse", "× refuse"]
    assert "Texas 1" in dialog.model.index(0, GROUP).data()
    assert "power price" in dialog.model.index(1, DETAIL).data()
    assert "Blorb 9" in dialog.model.index(2, DETAIL).data()
    assert "abc" in dialog.model.index(3, Role.AccessibleTextRole and DETAIL).data(
        Role.AccessibleTextRole
    )
    dialog.view.selectRow(3)
    assert "count" in dialog.detail.text()
    dialog.show_only.setCurrentIndex(dialog.show_only.findData(Action.REFUSE))
    dialog.show_only.activated.emit(0)
    assert dialog.model.rowCount() == 3
    assert farm.book is before
    dialog.finish()
    assert len(farm.book.groups) == len(before.groups) + 1
    assert "1 added, 0 changed, 3 refused" in farm.toasts[-1]
    assert farm.steps() == 1
    assert farm.book == before


def test_the_operator_maps_columns_and_unknown_models(
    farm: Hall, tmp_path: Path, qtbot: QtBot
) -> None:
    path = tmp_path / "rigs.csv"
    path.write_text(
        "hall,kind of box,how many,TH/s,power draw (W)\nTexas 1,Blorb 9,7,120,3000\n",
        encoding="utf-8",
    )
    dialog = open_import(farm, path, qtbot)
    assert "no column for the model" in dialog.complaint
    dialog.reject()
    path.write_text(
        "site,model,how many,TH/s,power draw (W)\nTexas 1,Blorb 9,7,120,3000\n", encoding="utf-8"
    )
    dialog = open_import(farm, path, qtbot)
    count = dialog.columns.columns[2]
    count.setCurrentIndex(count.findData(Field.COUNT))
    count.activated.emit(count.currentIndex())
    qtbot.waitUntil(lambda: not dialog.busy)
    assert not dialog.accept_button.isEnabled()
    model = dialog.columns.models["Blorb 9"]
    model.setCurrentIndex(model.findData(NEW_MODEL))
    model.activated.emit(model.currentIndex())
    qtbot.waitUntil(lambda: not dialog.busy)
    dialog.finish()
    group = farm.book.groups[-1]
    assert (group.model, group.count) == ("Blorb 9", 7)


def test_a_choice_for_one_unknown_model_moves_no_other(
    farm: Hall, tmp_path: Path, qtbot: QtBot
) -> None:
    path = tmp_path / "rigs.csv"
    names = ("Zork 1", "Blorb 9", "Antminer S19 XQ", "Muncher")
    rows = "".join(f"Texas 1,{name},7,120,3000\n" for name in names)
    path.write_text(f"site,model,count,TH/s,power (W)\n{rows}", encoding="utf-8")
    dialog = open_import(farm, path, qtbot)
    before = dict(dialog.columns.models)
    assert tuple(before) == names
    for name in ("Blorb 9", "Zork 1"):
        choice = dialog.columns.models[name]
        choice.setCurrentIndex(choice.findData(NEW_MODEL))
        choice.activated.emit(choice.currentIndex())
        qtbot.waitUntil(lambda: not dialog.busy)
        assert dialog.columns.models == before, "the same fields at the same places"
    assert [c.currentData() for c in before.values()] == [NEW_MODEL, NEW_MODEL, "", ""]
    dialog.reject()


def test_what_is_understood_takes_one_line(farm: Hall, tmp_path: Path, qtbot: QtBot) -> None:
    path = tmp_path / "rigs.csv"
    path.write_text(
        "site,model,count,pool fee (%),location\n,Antminer S21 (200 TH),12,2,Z9\n"
        "Texas 1,Antminer S21 (200 TH),12,2,Z9\n",
        encoding="utf-8",
    )
    dialog = open_import(farm, path, qtbot)
    assert dialog.mapping.words.text() == "5 columns understood"
    assert not dialog.columns.isVisible()
    assert dialog.model.index(1, DETAIL).data() == "Pool fee (%) 2, Location Z9"
    dialog.mapping.change.click()
    assert dialog.columns.isVisible()
    assert dialog.columns.columns[0].currentText() == "Site"
    dialog.mapping.change.click()
    assert not dialog.columns.isVisible()
    dialog.reject()


def test_reasons_are_readable_whole_and_the_button_is_ready(
    farm: Hall, tmp_path: Path, qtbot: QtBot
) -> None:
    path = tmp_path / "rigs.csv"
    path.write_text(
        "site,model,count,power_w,location,serial\nTexas 1,Antminer S21 (200 TH),5,3.500,Z9,1\n"
        f'Texas 1,{"Blorb " * 40},3,3.500,Z8,2\nTexas 1,Antminer S21 (200 TH),2,"3,5 kW",Z7,3\n',
        encoding="utf-8",
    )
    dialog = open_import(farm, path, qtbot)
    assert "decimal comma: 3.500 is 3,500" in dialog.notes.text()
    assert dialog.columns.isVisible(), "a column was left out"
    assert "1 left out" in dialog.mapping.words.text()
    qtbot.waitUntil(lambda: dialog.view.rowHeight(1) > 2 * dialog.view.rowHeight(0))
    assert dialog.focusWidget() is dialog.accept_button
    dialog.reject()


@pytest.mark.parametrize(("style", "watts"), [(DECIMAL_DOT, 3.25), (DECIMAL_COMMA, 3250.0)])
def test_an_undecided_number_style_is_asked_for(
    farm: Hall, tmp_path: Path, qtbot: QtBot, style: object, watts: float
) -> None:
    path = tmp_path / "rigs.csv"
    path.write_text(
        "site;model;count;power;location\nTexas 1;Antminer S21 (200 TH);5;3.250;Z9\n",
        encoding="utf-8",
    )
    dialog = open_import(farm, path, qtbot)
    assert dialog.question.isVisible()
    assert not dialog.accept_button.isEnabled()
    choice = dialog.question.choice
    assert choice.currentData() is None
    row = next(n for n in range(choice.count()) if choice.itemData(n) == style)
    choice.setCurrentIndex(row)
    choice.activated.emit(row)
    qtbot.waitUntil(lambda: not dialog.busy)
    assert dialog.question.isVisible(), "the answer can be changed"
    dialog.finish()
    assert farm.book.groups[-1].overrides[0].power_w == watts


def test_a_file_that_is_no_table_says_so_in_the_dialog(
    farm: Hall, tmp_path: Path, qtbot: QtBot
) -> None:
    path = tmp_path / "empty.csv"
    path.write_text("", encoding="utf-8")
    dialog = open_import(farm, path, qtbot)
    assert "empty" in dialog.complaint
    dialog.finish()
    assert "not ready" in dialog.complaint
    dialog.reject()


def test_an_import_whose_book_changed_meanwhile_is_made_again(
    farm: Hall, tmp_path: Path, qtbot: QtBot
) -> None:
    path = tmp_path / "rigs.csv"
    path.write_text(
        "site,model,count,location\nTexas 1,Antminer S21 (200 TH),12,Z9\n", encoding="utf-8"
    )
    dialog = open_import(farm, path, qtbot)
    farm.desk.book.apply("rename", lambda book: replace(book, name="Another"))
    dialog.finish()
    assert "changed since" in dialog.complaint
    dialog.ask()
    qtbot.waitUntil(lambda: not dialog.busy)
    dialog.finish()
    assert farm.book.groups[-1].location == "Z9"


def test_a_dialog_closed_while_reading_leaves_nothing(
    farm: Hall, tmp_path: Path, qtbot: QtBot
) -> None:
    path = tmp_path / "rigs.csv"
    path.write_text(TABLE, encoding="utf-8")
    dialog = farm.page.commands.import_file(path)
    dialog.reject()
    qtbot.waitUntil(lambda: not farm.tasks.running)
    assert not farm.toasts


# --- the rest


def test_a_form_is_made_by_its_subclass() -> None:
    with pytest.raises(NotImplementedError):
        FormDialog.take(FormDialog.__new__(FormDialog))


def test_models_are_found_while_typing(farm: Hall, qtmodeltester: ModelTester) -> None:
    formats = farm.page.context.formats
    catalogue = farm.page.commands.catalogue
    found = ModelsFound(formats)
    qtmodeltester.check(found)  # type: ignore[no-untyped-call] # the library has no types
    found.show_models(catalogue.search("m60s"))
    assert found.rowCount() > 1
    assert "J/TH" in found.index(0, 0).data(Role.ToolTipRole)
    assert "modes: " in facts(catalogue.models[0], formats) or catalogue.models
    completer = ModelCompleter(catalogue.search, formats)
    completer.splitPath("s19j 104")
    assert "S19j" in str(completer.model().index(0, 0).data())
    completer.deleteLater()


def test_the_tree_of_sites_keeps_its_rows(make_hall: MakeHall, qtmodeltester: ModelTester) -> None:
    hall = make_hall(sample("farm"))
    formats = hall.page.context.formats
    model = SitesModel(hall.page.rows)
    qtmodeltester.check(model)  # type: ignore[no-untyped-call] # the library has no types
    tester = QAbstractItemModelTester(
        model, QAbstractItemModelTester.FailureReportingMode.Fatal, model
    )
    top = model.index(0, 0)
    assert [model.index(row, NAME, top).data() for row in range(model.rowCount(top))] == [
        site.name for site in hall.book.sites
    ]
    totals = hall.evaluation().totals
    assert totals is not None
    assert model.index(0, RIGS).data() == f"{totals.rigs:,}"
    assert model.index(0, POWER).data() == f"{totals.power_kw:,.0f}"
    assert model.index(0, MARGIN).data(Role.AccessibleTextRole).startswith("Margin USD/day")
    texas = model.index_of("texas-1")
    assert "18,500 kW" in texas.data(Role.ToolTipRole)
    tight = edits.put_site(hall.book, replace(hall.book.sites[0], limit_kw=100.0))
    model.set_rows(FleetRows(tight, hall.page.rows.evaluation, formats))
    crowded = model.index(0, POWER, model.index(0, 0))
    assert crowded.data().startswith("! ")
    assert "over its limit of 100 kW" in crowded.data(Role.ToolTipRole)
    fewer = replace(hall.book, sites=hall.book.sites[1:], groups=())
    model.set_rows(FleetRows(fewer, None, formats))
    assert model.rowCount(model.index(0, 0)) == 2
    assert model.index(0, POWER).data() == "–"
    model.set_rows(FleetRows(hall.book, None, formats))
    assert model.rowCount(model.index(0, 0)) == 3
    assert model.site_id(model.index_of("texas-1")) == "texas-1"
    assert model.index_of("nowhere") == model.index(0, 0)
    del tester


def test_what_many_rows_have_in_common_is_told_once(
    farm: Hall, tmp_path: Path, qtbot: QtBot
) -> None:
    path = tmp_path / "rigs.csv"
    row = "Texas 1,Antminer S21 (200 TH),{count},0.999,{place}\n"
    text = "".join(row.format(count=count, place=f"row {count}") for count in (5, 6))
    path.write_text(f"site,model,count,price_per_kwh,location\n{text}", encoding="utf-8")
    dialog = open_import(farm, path, qtbot)
    model = dialog.model
    told = [str(model.index(row, DETAIL).data()) for row in range(model.rowCount())]
    assert [text.count("keeps its") for text in told] == [1, 0]
    assert "keeps its" in model.whole(1)
    dialog.reject()
