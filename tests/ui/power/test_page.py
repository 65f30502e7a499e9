from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog

from minerdesk.domain.book import Book
from minerdesk.domain.tariff import PriceIndex, TakeOrPay, Unused
from minerdesk.services.power.templates import templates
from minerdesk.services.power.view import BillBasis, BillView, PowerView
from minerdesk.ui.power.answer import answer
from minerdesk.ui.power.clauses import TakeOrPaySection
from minerdesk.ui.power.demand import DemandSection
from minerdesk.ui.power.energy import FlatSection, TiersSection
from minerdesk.ui.power.periods import TimeOfUseSection
from minerdesk.ui.theme import Theme
from minerdesk.ui.widgets.forms import Entry
from tests.support.fake_desk import NOW
from tests.support.power_views import power_view
from tests.support.widgets import nameless
from tests.ui.power.conftest import BOOK, MakeRoom, Room


def type_into(entry: Entry, text: str) -> None:
    entry.line.setFocus()
    entry.line.selectAll()
    QTest.keyClicks(entry.line, text)
    QTest.keyClick(entry.line, Qt.Key.Key_Return)


def add(room: Room, key: str) -> object:
    room.page.contract.start_part(key)
    return room.page.contract.sections[key]


def test_the_headline_says_what_a_kwh_costs_now_and_until_when(room: Room) -> None:
    room.state.set_slice(
        "power", replace(power_view(NOW), sites=(replace(power_view(NOW).sites[0], site="north"),))
    )
    room.page.tick(NOW)

    # 21:00 UTC is 16:00 in Texas.
    assert room.page.sentence == "0.091 USD/kWh until 16:00, then 0.052"
    assert "Texas 1, 07:00 there" in room.page.detail
    assert "energy 0.0810 + grid fee 0.0100" in room.page.detail


def test_a_site_without_a_price_says_why(room: Room) -> None:
    said = answer(power_view(NOW).sites[2], room.page.context.formats, NOW)

    assert said.sentence == "Paraguay: the price of power is unknown."
    assert "import a file" in said.detail
    assert said.tone == "warn"


def test_the_sites_are_listed_with_price_and_whether_their_rigs_earn(room: Room) -> None:
    rows = room.page.sites.model.rows

    assert [(row.name, row.price, row.standing) for row in rows] == [
        ("North", "0.0600", "all lose"),
        ("South", "0.0400", "all earn"),
    ]


def test_an_empty_book_shows_the_way_to_the_fleet(make_room: MakeRoom) -> None:
    room = make_room(Book())
    assert room.page.shows_empty


def test_a_price_is_typed_with_its_unit_and_undone_as_one_step(room: Room) -> None:
    section = room.page.contract.sections["flat"]
    assert isinstance(section, FlatSection)

    type_into(section.price, "71 USD/MWh")

    assert room.tariff.price_per_kwh == 0.071
    assert room.steps() == 1
    assert room.tariff.price_per_kwh == 0.06
    room.page.tick(NOW)
    assert section.price.text == "0.06"


def test_what_is_not_understood_stays_and_says_what_would_be(room: Room) -> None:
    section = room.page.contract.sections["flat"]
    assert isinstance(section, FlatSection)

    type_into(section.price, "cheap")

    assert section.price.text == "cheap"
    assert "is not understood; write a price such as" in section.price.complaint
    assert room.tariff.price_per_kwh == 0.06
    assert room.steps() == 0


def test_time_of_use_begins_without_changing_the_price(room: Room) -> None:
    add(room, "time_of_use")

    of_use = room.tariff.time_of_use
    assert of_use is not None
    assert {tier.per_kwh for period in of_use.periods for tier in period.tiers} == {0.06}
    assert room.tariff.price_per_kwh == 0
    assert "flat" not in room.page.contract.sections


def test_a_stroke_on_the_grid_is_one_step_of_undo(room: Room) -> None:
    section = add(room, "time_of_use")
    assert isinstance(section, TimeOfUseSection)
    before = room.tariff
    grid = section.grids.grids[1]
    section.periods.choose("p")
    grid.setFocus()

    QTest.keyClick(grid, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    QTest.keyClick(grid, Qt.Key.Key_Space)

    of_use = room.tariff.time_of_use
    assert of_use is not None
    assert of_use.calendar is not None
    assert [row[0] for row in of_use.calendar.weekend[:3]] == ["p", "p", "o"]
    room.desk.book.undo()
    assert room.tariff == before
    assert grid.rows[0][0] == "o"  # at once, not at the next beat


def test_a_period_that_goes_leaves_its_hours_to_the_first(room: Room) -> None:
    section = add(room, "time_of_use")
    assert isinstance(section, TimeOfUseSection)

    section.periods._remove(section.periods.rows[1])

    of_use = room.tariff.time_of_use
    assert of_use is not None
    assert [period.key for period in of_use.periods] == ["o"]
    assert of_use.calendar is not None
    assert of_use.calendar.keys == {"o"}


def test_borders_that_do_not_grow_are_said_beside_them_and_kept(room: Room) -> None:
    section = add(room, "tiers")
    assert isinstance(section, TiersSection)
    table = section.tables["e"]
    border = table.rows[0].fields[0]
    assert isinstance(border, Entry)

    type_into(border, "-5")

    assert "The border of a tier must be greater than 0, found -5" in table.rows[0].complaint
    assert border.text == "-5"
    type_into(border, "50000")
    assert table.rows[0].complaint == ""
    of_use = room.tariff.time_of_use
    assert of_use is not None
    assert of_use.periods[0].tiers[0].up_to == 50_000


def test_a_row_that_is_half_typed_waits_and_says_so(room: Room) -> None:
    section = add(room, "adders")
    field = section.adders  # type: ignore[attr-defined] # of this section
    row = field.add()
    name = row.fields[0]

    type_into(name, "levy")
    assert "Not taken up yet: Amount per kWh is empty." in row.complaint
    assert len(room.tariff.adders) == 1

    type_into(row.fields[1], "0.4 ct")
    assert [(each.name, each.per_kwh) for each in room.tariff.adders][1] == ("levy", 0.004)


def test_a_demand_charge_with_hours_and_ratchet(room: Room) -> None:
    section = add(room, "demand")
    assert isinstance(section, DemandSection)
    block = section.blocks[0]
    type_into(block.tiers.rows[0].fields[1], "12.5")  # type: ignore[attr-defined]
    block.some_hours.click()  # type: ignore[attr-defined]
    block.ratchet.click()  # type: ignore[attr-defined]
    type_into(block.of_months, "Jun-Sep")  # type: ignore[attr-defined]

    (charge,) = room.tariff.demand
    assert charge.tiers[0].per_kw == 12.5
    assert charge.calendar is not None
    assert charge.calendar.keys == {"x", "."}
    assert charge.ratchet is not None
    assert (charge.ratchet.fraction, charge.ratchet.of_months) == (0.8, (6, 7, 8, 9))


def test_what_does_not_go_together_is_said_in_the_section(room: Room) -> None:
    section = add(room, "take_or_pay")
    assert isinstance(section, TakeOrPaySection)
    section.unused.setCurrentIndex(section.unused.findData(Unused.SOLD_AT_INDEX))

    section.changed()

    assert "needs an index" in section.complaint
    assert room.tariff.take_or_pay == TakeOrPay(1000.0, 0.06)


def test_every_part_comes_and_goes(room: Room) -> None:
    contract = room.page.contract
    for part in contract.addable:
        contract.start_part(part.key)
        assert part.key in contract.sections
    room.price()
    for key in list(contract.sections):
        contract.sections[key].removed.emit()
    assert list(contract.sections) == ["flat"]


def test_every_template_can_be_begun_from_and_undone(room: Room) -> None:
    for template in templates()[1:]:
        room.page.contract.take_template(template)
        room.price()
        assert room.page.contract.sections
        assert room.steps() == 1


def test_the_chart_and_the_bill_follow_the_contract(room: Room) -> None:
    room.page.contract.take_template(templates()[2])
    room.price()

    assert room.page.prices.names[0] == "off-peak"
    bill = room.page.bill.bill
    assert bill is not None
    assert bill.month == "2026-05"
    assert [line.name for line in bill.lines][-1] == "customer charge"
    assert sum(line.amount for line in bill.lines) == bill.total
    assert room.page.bill.model.rows[-1][0] == "Total"


def test_choosing_a_site_shows_its_own_tariff(room: Room) -> None:
    room.page.sites.choose("south")

    assert room.page.contract.tariff == BOOK.tariffs[1]
    assert room.page.sentence.startswith("0.040 USD/kWh")


def test_an_index_without_prices_says_what_to_do(room: Room) -> None:
    room.desk.book.apply(
        "index",
        lambda book: replace(
            book, tariffs=(replace(book.tariffs[0], index=PriceIndex("hub")), book.tariffs[1])
        ),
    )
    room.price()

    assert room.page.sentence == "North: the price of power is unknown."
    assert "There are no prices “hub”" in room.page.detail
    assert "There are no prices “hub”" in room.page.prices.empty_words


def test_actions_have_the_pages_name_and_the_theme_may_change(room: Room, theme: Theme) -> None:
    actions = {action.id: action for action in room.page.page_actions()}
    assert all(each.startswith("power.") for each in actions)
    assert actions["power.prices.csv"].run()
    (dialog,) = room.page.findChildren(QFileDialog)
    assert dialog.selectedFiles()[0].endswith(f"/{room.page.prices.chart.accessibleName()}.csv")
    dialog.reject()
    theme.choose("dark")
    theme.choose("light")


def test_a_view_finds_its_sites() -> None:
    view = power_view(NOW)
    assert isinstance(view, PowerView)
    assert view.site("quebec") is view.sites[1]
    assert view.site("nowhere") is None


def test_everything_that_can_be_used_has_a_name(room: Room) -> None:
    for part in room.page.contract.addable:
        room.page.contract.start_part(part.key)
    room.page.rules.quiet.hours.add()
    room.page.rules.events.events.add()

    assert nameless(room.page) == []


def test_a_bill_that_cannot_be_made_says_why_and_is_no_bill_of_nothing(room: Room) -> None:
    site = power_view(NOW).sites[0]
    broken = BillView("2026-10", BillBasis.AS_NOW, problem="There is no bill: no prices.")

    room.page.bill.show_site(replace(site, bills=(broken,)))

    assert room.page.bill.empty_words == "There is no bill: no prices."
    assert room.page.bill.model.rowCount() == 0
    room.page.bill.show_site(site)
    assert room.page.bill.empty_words == ""
