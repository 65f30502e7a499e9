from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from PySide6.QtWidgets import QComboBox

from minerdesk.domain.sites import ChargePeak, MeteredMonth
from minerdesk.domain.tariff import CoincidentPeak, DemandCharge, DemandTier, Hosting
from minerdesk.services import edits
from minerdesk.ui.power.meter import KWH, MONTH, PEAK, PEAKS, READ_AT, REVENUE
from minerdesk.ui.widgets.forms import Entry
from tests.support.fake_desk import NOW
from tests.ui.power.conftest import Room
from tests.ui.power.test_page import type_into

CHARGES = tuple(DemandCharge(name, (DemandTier(5.0),)) for name in ("On-peak", "All hours"))


def field(room: Room, column: int, row: int = 0) -> Entry:
    found = room.page.rules.meter.months.rows[row].fields[column]
    assert not isinstance(found, QComboBox)
    return found


def typed(room: Room, month: str, kwh: str = "1,000", peak: str = "50") -> None:
    room.page.rules.meter.months.add()
    for column, text in ((MONTH, month), (KWH, kwh), (PEAK, peak)):
        type_into(field(room, column), text)


def metered(room: Room) -> MeteredMonth:
    (found,) = room.book.sites[0].metered
    return found


def with_charges(room: Room) -> None:
    tariff = replace(room.tariff, demand=CHARGES)
    room.desk.book.apply("demand", lambda book: edits.put_tariff(book, tariff))


def test_a_reading_of_the_present_month_is_of_its_moment(room: Room) -> None:
    room.page.select(rules=True)
    typed(room, "2026-06")
    assert metered(room).as_of == NOW
    assert field(room, READ_AT).text == "2026-06-01 07:00", "on the site's wall clock"

    type_into(field(room, READ_AT), "2026-06-01 02:00")
    assert metered(room).as_of == datetime(2026, 6, 1, 7, tzinfo=UTC)

    type_into(field(room, KWH), "1,200")
    assert metered(room).as_of == NOW, "another reading is a newer one"
    assert field(room, READ_AT).text == "2026-06-01 07:00"


def test_a_month_that_is_over_has_no_moment(room: Room) -> None:
    room.page.select(rules=True)
    typed(room, "2026-05")
    assert metered(room) == MeteredMonth("2026-05", 1000.0, 50.0)
    assert field(room, READ_AT).text == ""


def test_a_reading_still_to_come_is_refused_where_it_is_typed(room: Room) -> None:
    room.page.select(rules=True)
    typed(room, "2026-06")
    type_into(field(room, READ_AT), "2026-06-02 07:00")
    assert field(room, READ_AT).complaint == (
        "2026-06-02 07:00 is still to come; a meter is read now or before."
    )
    assert metered(room).as_of == NOW


def test_each_demand_charge_may_have_a_peak_of_its_own(room: Room) -> None:
    with_charges(room)
    room.page.select(rules=True)
    typed(room, "2026-05")
    type_into(field(room, PEAKS), "on-peak: 4.8 MW")
    assert metered(room).peaks == (ChargePeak("On-peak", 4800.0),)
    assert metered(room).peak_of("All hours") == 50.0

    type_into(field(room, PEAKS), "night: 10")
    assert field(room, PEAKS).complaint == (
        "“night: 10” is no peak of a charge; write such as On-peak: 5200; All hours: 5200."
    )
    assert metered(room).peaks == (ChargePeak("On-peak", 4800.0),)


def test_what_was_drawn_in_the_grids_peaks_comes_onto_the_bill(room: Room) -> None:
    tariff = replace(room.tariff, coincident=(CoincidentPeak("4CP", 60.0),))
    room.desk.book.apply("peak", lambda book: edits.put_tariff(book, tariff))
    room.price()
    bill = room.page.bill
    assert "Not billed until it is typed at the meter readings: 4CP." in bill.line
    room.page.select(rules=True)
    typed(room, "2026-05")
    type_into(field(room, PEAKS), "4cp: 200")
    room.price()
    assert "Not billed" not in bill.line
    (row,) = [each for each in bill.model.rows if each[0] == "4CP"]
    assert row == ("4CP", "200 kW", "5.00", "1,000.00")


def test_a_hosts_share_is_billed_of_the_revenue_that_is_typed(room: Room) -> None:
    tariff = replace(room.tariff, price_per_kwh=0.0, hosting=Hosting(0.01, profit_share=0.1))
    room.desk.book.apply("host", lambda book: edits.put_tariff(book, tariff))
    room.price()
    unbilled = "Not billed until it is typed at the meter readings: host's share of the profit."
    assert unbilled in room.page.bill.line
    room.page.select(rules=True)
    typed(room, "2026-05")
    type_into(field(room, REVENUE), "1,000,000")
    assert metered(room).revenue == 1_000_000.0
    room.price()
    rows = [each for each in room.page.bill.model.rows if each[0] == "host's share of the profit"]
    assert [row[1] for row in rows] == ["10 %"]
