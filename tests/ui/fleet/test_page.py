from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QFont, QFontMetrics
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QMenu
from pytestqt.qtbot import QtBot

from minerdesk.domain.rigs import Origin, StateSource
from minerdesk.services.evaluation import Evaluator
from minerdesk.ui.actions import ActionTable
from minerdesk.ui.fleet.cell_delegate import ROW_HEIGHT
from minerdesk.ui.fleet.cell_editor import CellEditor
from minerdesk.ui.fleet.columns import ColumnSpec, all_columns
from minerdesk.ui.fleet.import_dialog import ImportDialog
from minerdesk.ui.fleet.layout import LayoutStore
from minerdesk.ui.fleet.menus import selection_menu
from minerdesk.ui.fleet.rows import FleetRows
from minerdesk.ui.fleet.table_model import GroupsModel
from minerdesk.ui.fleet.table_view import GroupsView
from minerdesk.ui.theme import Theme
from tests.support.fake_desk import NOW
from tests.support.widgets import nameless
from tests.ui.fleet.books import at_price, repeated
from tests.ui.fleet.conftest import Hall, MakeHall, sample


def open_editor(hall: Hall, row: int, key: str) -> CellEditor:
    page = hall.page
    page.view.setCurrentIndex(page.model.index(row, page.model.place[key]))
    page.view.setFocus()
    QTest.keyClick(page.view, Qt.Key.Key_Return)
    editor = page.view.findChild(CellEditor)
    assert isinstance(editor, CellEditor)
    return editor


def type_into(hall: Hall, row: int, key: str, text: str, qtbot: QtBot) -> str:
    """Type into a cell and press Enter; returns the complaint, empty where it was taken."""
    editor = open_editor(hall, row, key)
    editor.setText(text)
    QTest.keyClick(editor, Qt.Key.Key_Return)
    complaint = editor.complaint
    if not complaint:
        qtbot.waitUntil(lambda: not hall.page.view.editing)
        qtbot.waitUntil(lambda: hall.page.rows.book is hall.book)
    return complaint


def choose(hall: Hall, *rows: int) -> list[str]:
    ids = [hall.page.model.group_id(row) for row in rows]
    hall.page.view.select_ids(set(ids))
    return ids


def test_an_edit_in_place_is_understood_with_its_unit(farm: Hall, qtbot: QtBot) -> None:
    group_id = farm.page.model.group_id(0)
    assert type_into(farm, 0, "power_w", "3.25 kW", qtbot) == ""
    (over,) = farm.group(group_id).overrides
    assert (over.power_w, over.power_origin) == (3250.0, Origin.TYPED)
    assert farm.page.model.text(0, farm.page.model.place["power_w"]) == "3,250"
    assert type_into(farm, 0, "hashrate_ths", "101.5 measured", qtbot) == ""
    (over,) = farm.group(group_id).overrides
    assert (over.hashrate_ths, over.hashrate_origin) == (101.5, Origin.MEASURED)
    assert farm.steps() == 2


def test_a_wrong_edit_stays_open_with_the_sentence_and_changes_nothing(
    farm: Hall, qtbot: QtBot
) -> None:
    before = farm.book
    editor = open_editor(farm, 0, "count")
    editor.setText("many")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    assert "many" in editor.complaint
    assert editor.accessibleDescription() == editor.complaint
    assert farm.page.view.editing
    assert farm.book is before
    farm.tick(at_price(60_000))
    assert editor.text() == "many", "what is being typed outlives a tick"
    editor.setText("12")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: not farm.page.view.editing)
    assert farm.book.groups[0].count == 12


def test_escape_drops_an_edit(farm: Hall, qtbot: QtBot) -> None:
    before = farm.book
    editor = open_editor(farm, 0, "count")
    editor.setText("nonsense")
    QTest.keyClick(editor, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not farm.page.view.editing)
    assert farm.book is before


@pytest.mark.parametrize(
    ("key", "text", "field", "value"),
    [
        ("count", "1,200", "count", 1200),
        ("uptime", "97.5", "uptime", 0.975),
        ("pool_fee", "1.5 %", "pool_fee", 0.015),
        ("owner", "  Ada ", "owner", "Ada"),
        ("note", "fans", "note", "fans"),
        ("site", "quebec 1", "site", "quebec-1"),
    ],
)
def test_fields_that_are_edited_in_place(
    farm: Hall, qtbot: QtBot, key: str, text: str, field: str, value: object
) -> None:
    group_id = farm.page.model.group_id(0)
    assert type_into(farm, 0, key, text, qtbot) == ""
    assert getattr(farm.group(group_id), field) == value


@pytest.mark.parametrize(
    ("key", "text", "words"),
    [
        ("site", "Nowhere", "There is no site"),
        ("model", "Blorb 9000", "not known"),
        ("model", "S19j Pro", "several"),
        ("uptime", "0", "uptime"),
        ("power_w", "-5", "greater than 0"),
        ("running", "99,999", "cannot run"),
        ("mode", "warp", "normal"),
    ],
)
def test_values_that_are_refused_in_place(
    farm: Hall, qtbot: QtBot, key: str, text: str, words: str
) -> None:
    before = farm.book
    assert words in type_into(farm, 0, key, text, qtbot)
    assert farm.book is before


def test_a_number_is_read_in_the_operators_style(make_hall: MakeHall, qtbot: QtBot) -> None:
    hall = make_hall(sample("farm"), locale="de")
    group_id = hall.page.model.group_id(0)
    assert type_into(hall, 0, "power_w", "3,25 kW", qtbot) == ""
    assert hall.group(group_id).overrides[0].power_w == 3250.0
    assert "comma" in type_into(hall, 1, "power_w", "3.25", qtbot)


def test_a_model_of_the_catalogue_joins_the_book(farm: Hall, qtbot: QtBot) -> None:
    known = {model.name for model in farm.book.models}
    assert "Antminer S9 (13.5 TH)" not in known
    group_id = farm.page.model.group_id(0)
    assert type_into(farm, 0, "model", "antminer s9 (13.5 th)", qtbot) == ""
    assert farm.group(group_id).model == "Antminer S9 (13.5 TH)"
    assert farm.steps() == 1


def test_what_runs_now_is_typed_as_a_number_or_a_mode(farm: Hall, qtbot: QtBot) -> None:
    group_id = farm.page.model.group_id(0)
    assert type_into(farm, 0, "running", "150", qtbot) == ""
    state = farm.group(group_id).state_now
    assert state is not None
    assert (state.running_count, state.since, state.source) == (150, NOW, StateSource.TYPED)
    assert type_into(farm, 0, "mode", "off", qtbot) == ""
    state = farm.group(group_id).state_now
    assert state is not None
    assert state.running_count == 0
    assert farm.page.model.text(0, farm.page.model.place["mode"]) == "off"
    assert type_into(farm, 0, "running", "0", qtbot) == ""


def test_nothing_typed_gives_the_nameplate_back(farm: Hall, qtbot: QtBot) -> None:
    group_id = farm.page.model.group_id(0)
    type_into(farm, 0, "power_w", "3000", qtbot)
    type_into(farm, 0, "efficiency", "", qtbot)
    assert farm.group(group_id).overrides == ()
    type_into(farm, 0, "efficiency", "30 J/TH", qtbot)
    assert farm.group(group_id).overrides[0].power_w == pytest.approx(30 * 104)


def test_ticks_keep_selection_and_scroll(make_hall: MakeHall) -> None:
    hall = make_hall(repeated(sample("farm"), 400))
    page = hall.page
    page.model.sort(page.model.place["margin_per_day"], Qt.SortOrder.DescendingOrder)
    chosen = choose(hall, 100, 101, 220)
    page.view.verticalScrollBar().setValue(2_000)
    for price in (60_000, 110_000):
        hall.tick(at_price(price))
        assert sorted(page.selected_ids()) == sorted(chosen)
        assert page.view.verticalScrollBar().value() == 2_000


def test_a_tick_asks_only_for_what_is_in_sight(farm: Hall, theme: Theme, qtbot: QtBot) -> None:
    asked: list[int] = []

    def counting(column: ColumnSpec) -> ColumnSpec:
        def text(rows: FleetRows, row: int) -> str:
            asked.append(row)
            return column.text(rows, row)

        return replace(column, text=text)

    book, formats = repeated(farm.book, 5_000), farm.page.context.formats

    def rows_at(price: float) -> FleetRows:
        return FleetRows(book, Evaluator().evaluate(book, at_price(price), NOW), formats)

    columns = tuple(counting(column) for column in all_columns())
    model = GroupsModel(columns, rows_at(93_049), lambda *_: None)
    store = LayoutStore(farm.desk.state_dir)
    view = GroupsView(model, theme, store, completer=lambda _key: None, still=lambda: True)
    qtbot.addWidget(view)
    view.resize(1280, 700)
    view.show()
    qtbot.waitExposed(view)
    view.repaint()
    asked.clear()
    view.show_rows(rows_at(60_000))
    view.repaint()
    rows_in_sight = view.viewport().height() // ROW_HEIGHT + 2
    assert asked
    assert len(set(asked)) <= rows_in_sight
    assert len(asked) <= 4 * rows_in_sight * len(columns)


def test_cells_that_changed_glow_once(farm: Hall, qtbot: QtBot) -> None:
    farm.tick(at_price(61_234))
    glowing = farm.page.view.glow.cells
    keys = {farm.page.model.columns[column].key for _group, column in glowing}
    assert "margin_per_day" in keys
    assert "count" not in keys
    qtbot.waitUntil(lambda: not farm.page.view.glow.cells)


def test_nothing_glows_where_less_motion_is_asked_for(farm: Hall) -> None:
    desk = farm.desk
    desk.change_settings(desk.settings.with_value("display.less_motion", value=True))
    farm.tick(at_price(61_234))
    assert not farm.page.view.glow.cells


def test_choosing_a_site_filters_and_the_footer_follows(farm: Hall) -> None:
    page = farm.page
    page.sites.choose("quebec-1")
    names = {page.model.text(row, page.model.place["site"]) for row in range(page.model.rowCount())}
    assert names == {"Quebec 1"}
    evaluation = farm.evaluation()
    here = evaluation.sites[[site.id for site in farm.book.sites].index("quebec-1")]
    what, rigs, *_rest = page.footer.labels
    assert rigs.text() == f"{here.running:,} of {here.rigs:,} rigs run"
    choose(farm, 0, 1)
    assert what.text() == "2 groups selected"
    page.filter.setText("s21 pro")
    page.view.clearSelection()
    assert page.model.rowCount() == int(what.text().split()[0])


def test_duplicate_remove_and_run_are_one_step_each(farm: Hall) -> None:
    page = farm.page
    before = farm.book
    ids = choose(farm, 2, 3)
    page.commands.duplicate()
    assert len(farm.book.groups) == len(before.groups) + 2
    farm.desk.book.undo()
    choose(farm, 2, 3)
    page.commands.remove()
    assert {group.id for group in before.groups} - {group.id for group in farm.book.groups} == set(
        ids
    )
    assert "2 groups removed" in farm.toasts[-1]
    farm.desk.book.undo()
    assert farm.book == before
    choose(farm, 2, 3)
    page.commands.set_running(None)
    assert all(farm.group(each).state_now.running_count == 0 for each in ids)  # type: ignore[union-attr] # just set
    page.commands.set_running("")
    assert all(
        farm.group(each).state_now.running_count == farm.group(each).count  # type: ignore[union-attr] # just set
        for each in ids
    )
    assert page.commands.modes_of_selection() == ["normal"]
    assert farm.steps() == 2


def test_a_mode_some_group_lacks_is_refused_in_a_toast(farm: Hall) -> None:
    choose(farm, 0)
    before = farm.book
    farm.page.commands.set_running("warp")
    assert "no mode warp" in farm.toasts[-1]
    assert farm.book is before


def test_without_a_selection_nothing_happens(farm: Hall) -> None:
    farm.page.view.clearSelection()
    before = farm.book
    farm.page.commands.remove()
    farm.page.commands.duplicate()
    assert farm.page.commands.edit_selected() is None
    assert farm.book is before


def test_actions_are_enabled_when_they_can_run(farm: Hall) -> None:
    page = farm.page
    actions = {action.id: action for action in page.page_actions()}
    assert {"fleet.add", "fleet.import", "fleet.export", "fleet.filter"} <= set(actions)
    shortcuts = [action.shortcut for action in actions.values() if action.shortcut]
    assert len(set(shortcuts)) == len(shortcuts)
    page.view.clearSelection()
    assert not actions["fleet.remove"].enabled()
    choose(farm, 0)
    assert actions["fleet.remove"].enabled()
    assert not actions["fleet.edit_site"].enabled()
    page.sites.choose("texas-1")
    assert actions["fleet.edit_site"].enabled()
    page.activateWindow()
    assert actions["fleet.filter"].run()
    assert page.focusWidget() is page.filter


def test_shortcuts_act_on_what_was_selected_a_moment_ago(farm: Hall, qtbot: QtBot) -> None:
    page = farm.page
    table = ActionTable(page.context.icons, page)
    table.add(page.page_actions(), page, page=True)
    assert not table.qaction("fleet.remove").isEnabled()
    page.activateWindow()
    page.view.setFocus()
    qtbot.waitUntil(page.view.hasFocus)
    (gone,) = choose(farm, 3)
    assert table.qaction("fleet.remove").isEnabled()
    QTest.keyClick(page.view, Qt.Key.Key_Delete)
    assert gone not in {group.id for group in farm.book.groups}
    choose(farm, 0)
    QTest.keyClick(page.view, Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier)
    assert len(farm.book.groups) == 40
    QTest.keyClick(page.view, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert page.filter.hasFocus()
    page.filter.setText("s21")
    before = farm.book
    QTest.keyClick(page.filter, Qt.Key.Key_Delete)
    assert farm.book is before, "Delete in the filter deletes text"
    page.sites.choose("texas-1")
    assert table.qaction("fleet.edit_site").isEnabled()
    page.view.clearSelection()
    assert not table.qaction("fleet.remove").isEnabled()


def test_columns_are_chosen_and_kept(farm: Hall, make_hall: MakeHall) -> None:
    view = farm.page.view
    view.show_column("revenue_per_day", shown=False)
    view.show_column("btc_per_day", shown=True)
    header = view.horizontalHeader()
    header.moveSection(header.visualIndex(farm.page.model.place["note"]), 0)
    header.resizeSection(farm.page.model.place["model"], 321)
    view.keep_layout()
    again = make_hall(sample("home")).page.view
    places = again.layout_now()
    assert places[0].key == "note"
    kept = {place.key: place for place in places}
    assert not kept["revenue_per_day"].shown
    assert kept["btc_per_day"].shown
    assert kept["model"].width == 321
    again.reset_layout()
    assert again.layout_now()[0].key == "site"


def test_the_last_column_cannot_be_hidden(farm: Hall) -> None:
    view = farm.page.view
    for column in farm.page.model.columns:
        view.show_column(column.key, shown=False)
    assert sum(place.shown for place in view.layout_now()) == 1


def test_a_damaged_layout_is_taken_for_absent(farm: Hall) -> None:
    store = LayoutStore(farm.desk.state_dir)
    columns = farm.page.model.columns
    store.write(store.read(columns))
    path = farm.desk.state_dir / "columns.ini"
    path.write_text("[fleet]\ncolumns=rubbish", encoding="utf-8")
    assert [place.key for place in store.read(columns)] == [column.key for column in columns]


def test_the_columns_menu_names_them_all(farm: Hall, qtbot: QtBot) -> None:
    menu = farm.page.view.columns_menu()
    entries = {entry.text(): entry for entry in menu.actions() if entry.isCheckable()}
    assert set(entries) == {column.title for column in farm.page.model.columns}
    entries["Coins"].trigger()
    assert not farm.page.view.isColumnHidden(farm.page.model.place["btc_per_day"])
    menu.deleteLater()
    qtbot.wait(1)


def test_everything_has_a_name(farm: Hall, empty: Hall) -> None:
    assert nameless(farm.page) == []
    assert nameless(empty.page) == []


def test_an_empty_book_says_what_to_do(empty: Hall) -> None:
    page = empty.page
    assert not page.view.isVisible()
    assert not page.filter.isVisible()
    empty.desk.book.new(sample("home"))
    assert page.view.isVisible()
    assert page.filter.isVisible()


def test_old_numbers_are_named_and_verdicts_are_no_advice(farm: Hall) -> None:
    page = farm.page
    assert page.rows.is_advice
    assert not page.caption.isVisible()
    state = at_price(93_049)
    assert state.price.reading is not None
    old = replace(state.price.reading, taken_at=state.price.reading.taken_at.replace(hour=6))
    farm.tick(replace(state, price=replace(state.price, reading=old)))
    assert not page.rows.is_advice
    assert page.caption.isVisible()
    assert "No advice" in page.caption.text()
    page.grab()


def test_another_page_selects_groups_here(farm: Hall, qtbot: QtBot) -> None:
    page = farm.page
    page.filter.setText("quebec")
    wanted = farm.book.groups[0].id
    page.select(group=wanted)
    qtbot.waitUntil(lambda: page.selected_ids() == [wanted])
    page.select(site="paraguay-1", groups=[])
    assert page.chosen_site == "paraguay-1"


def drop(page: object, path: Path) -> bool:
    """Drag a file over the page and drop it; tells whether it was taken."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    action, button = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    none = Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(QPoint(5, 5), action, data, button, none)
    page.dragEnterEvent(enter)  # type: ignore[attr-defined] # the page
    if not enter.isAccepted():
        return False
    event = QDropEvent(QPointF(5, 5), action, data, button, none)
    page.dropEvent(event)  # type: ignore[attr-defined] # the page
    return event.isAccepted()


def test_a_table_dropped_on_the_page_opens_its_dry_run(
    farm: Hall, tmp_path: Path, qtbot: QtBot
) -> None:
    path = tmp_path / "rigs.CSV"
    path.write_text("site,model,count\nTexas 1,Antminer S21 (200 TH),5\n", encoding="utf-8")
    assert drop(farm.page, path)
    dialog = farm.page.findChild(ImportDialog)
    assert isinstance(dialog, ImportDialog)
    qtbot.waitUntil(lambda: not dialog.busy)
    dialog.reject()
    assert not drop(farm.page, tmp_path / "book.minerdesk")


def test_export_writes_a_file_that_reads_back(farm: Hall, tmp_path: Path, qtbot: QtBot) -> None:
    path = tmp_path / "out.csv"
    farm.page.commands.export_file(path)
    qtbot.waitUntil(lambda: bool(farm.toasts))
    assert "40 groups written" in farm.toasts[-1]
    head, first, *_rest = path.read_text(encoding="utf-8-sig").splitlines()
    assert "result verdict" in head
    assert "result margin_per_day" in head
    assert "power down" in first
    dialog = farm.page.commands.import_file(path)
    qtbot.waitUntil(lambda: not dialog.busy)
    assert dialog.result is not None
    assert len(dialog.result.rows) == 40
    assert not any(plan.reasons or dialog.result.changes(plan) for plan in dialog.result.rows)
    dialog.reject()
    farm.page.commands.export_file(tmp_path / "no" / "such" / "folder" / "x.csv")
    qtbot.waitUntil(lambda: len(farm.toasts) == 2)
    assert "cannot be written" in farm.toasts[-1]


def test_file_dialogs_open_and_close(farm: Hall, qtbot: QtBot) -> None:
    for ask in (farm.page.commands.ask_import, farm.page.commands.ask_export):
        dialog = ask()
        assert isinstance(dialog, QDialog)
        dialog.reject()
    qtbot.wait(1)


def test_removing_a_site_takes_its_groups_and_undo_brings_them_back(farm: Hall) -> None:
    page, before = farm.page, farm.book
    page.commands.remove_site()
    assert farm.book is before, "without a site chosen nothing goes"
    page.sites.choose("texas-1")
    page.commands.remove_site()
    assert all(group.site != "texas-1" for group in farm.book.groups)
    assert page.chosen_site == ""
    assert "Texas 1" in farm.toasts[-1]
    farm.desk.book.undo()
    assert farm.book == before
    assert np.array_equal(page.model.order, np.arange(len(before.groups)))


def test_the_window_shows_a_read_only_book_and_refuses_edits(farm: Hall, qtbot: QtBot) -> None:
    farm.desk.book.why_read_only = "another window has it open."
    assert "another window" in type_into(farm, 0, "count", "5", qtbot)
    choose(farm, 0)
    farm.page.commands.remove()
    assert "another window" in farm.toasts[-1]


def test_the_menu_of_a_selection_sets_what_runs(farm: Hall, qtbot: QtBot) -> None:
    page = farm.page
    two_modes = [
        row
        for row in range(page.model.rowCount())
        if len(page.rows.model(int(page.model.order[row])).modes) > 1
    ]
    ids = choose(farm, two_modes[0])
    menu = selection_menu(page.commands, page.view.columns_menu(), page)
    modes = next(entry.menu() for entry in menu.actions() if entry.text() == "What runs now")
    assert isinstance(modes, QMenu)
    names = [entry.text() for entry in modes.actions() if entry.text()]
    assert names[-1] == "off"
    assert len(names) > 2
    modes.actions()[1].trigger()
    state = farm.group(ids[0]).state_now
    assert state is not None
    assert [entry.mode for entry in state.running] == [names[1]]
    modes.actions()[-1].trigger()
    state = farm.group(ids[0]).state_now
    assert state is not None
    assert not state.running
    menu.deleteLater()
    qtbot.wait(1)


def test_a_right_click_opens_the_menu_only_over_a_selection(farm: Hall, qtbot: QtBot) -> None:
    page = farm.page
    choose(farm, 0)
    page.view.customContextMenuRequested.emit(QPoint(5, 5))
    popup = QApplication.activePopupWidget()
    assert isinstance(popup, QMenu)
    popup.close()
    page.view.clearSelection()
    page.view.customContextMenuRequested.emit(QPoint(5, 5))
    assert QApplication.activePopupWidget() is None
    page.view.horizontalHeader().customContextMenuRequested.emit(QPoint(5, 5))
    popup = QApplication.activePopupWidget()
    assert isinstance(popup, QMenu)
    popup.close()
    qtbot.wait(1)


def test_tab_goes_on_to_the_next_cell(farm: Hall, qtbot: QtBot) -> None:
    editor = open_editor(farm, 0, "uptime")
    editor.setText("95")
    QTest.keyClick(editor, Qt.Key.Key_Tab)
    qtbot.waitUntil(lambda: farm.book.groups[0].uptime == 0.95)
    assert farm.page.view.editing
    place = farm.page.model.place["pool_fee"]
    qtbot.waitUntil(lambda: farm.page.view.currentIndex().column() == place)
    after = [each for each in farm.page.view.findChildren(CellEditor) if not each.leaving]
    assert len(after) == 1
    QTest.keyClick(after[0], Qt.Key.Key_Backtab)
    qtbot.waitUntil(
        lambda: farm.page.view.currentIndex().column() == farm.page.model.place["uptime"]
    )


def test_leaving_a_cell_takes_what_was_typed(farm: Hall, qtbot: QtBot) -> None:
    farm.page.activateWindow()
    editor = open_editor(farm, 0, "count")
    qtbot.waitUntil(editor.hasFocus)
    editor.setText("77")
    farm.page.filter.setFocus()
    qtbot.waitUntil(lambda: farm.book.groups[0].count == 77)


@pytest.mark.parametrize(
    ("key", "typed", "taken"),
    [("model", "s21 xp 270", "Antminer S21 XP (270 TH)"), ("site", "queb", "Quebec 1")],
)
def test_an_editor_suggests_while_typing(
    farm: Hall, qtbot: QtBot, key: str, typed: str, taken: str
) -> None:
    editor = open_editor(farm, 0, key)
    completer = editor.completer()
    assert completer is not None
    editor.clear()
    QTest.keyClicks(editor, typed)
    popup = completer.popup()
    assert popup is not None
    qtbot.waitUntil(popup.isVisible)
    assert popup.model().index(0, 0).data() == taken
    QTest.keyClick(popup, Qt.Key.Key_Down)
    QTest.keyClick(popup, Qt.Key.Key_Return)
    assert editor.text() == taken
    QTest.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: farm.page.model.text(0, farm.page.model.place[key]) == taken)


def test_the_pictures_differ_with_the_theme_and_the_selection(farm: Hall) -> None:
    plain = farm.page.view.grab().toImage()
    choose(farm, 0)
    assert farm.page.view.grab().toImage() != plain
    farm.page.view.clearSelection()
    farm.theme.choose("dark")
    assert farm.page.view.grab().toImage() != plain
    farm.theme.choose("light")


def test_no_total_of_a_site_is_cut(make_hall: MakeHall) -> None:
    book = sample("farm")
    many = tuple(replace(each, count=each.count * 1_000, state_now=None) for each in book.groups)
    tree = make_hall(replace(book, groups=many)).page.sites.tree
    model = tree.model()
    every = model.index(0, 0)
    assert len(str(every.siblingAtColumn(1).data())) > 9
    bold = QFont(tree.font())
    bold.setBold(True)
    for column in range(1, model.columnCount()):
        text = str(every.siblingAtColumn(column).data())
        assert tree.columnWidth(column) > QFontMetrics(bold).horizontalAdvance(text)
    assert tree.header().length() <= max(tree.viewport().width(), tree.minimumWidth())
