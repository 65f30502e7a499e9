"""The strip of sites and the legend of the parts."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from minerdesk.ui.power.legend import Legend
from minerdesk.ui.power.sites_strip import SiteRow, SitesStrip
from minerdesk.ui.theme import Theme


def row(number: int) -> SiteRow:
    return SiteRow(f"s{number}", f"Site {number}", "Retail", "0.0801", "some lose", "warn")


def shown(theme: Theme, count: int, width: int = 600) -> SitesStrip:
    strip = SitesStrip(theme)
    strip.resize(width, 100)
    strip.show_rows([row(number) for number in range(count)])
    strip.show()
    QApplication.processEvents()
    return strip


def test_arrows_choose_the_site_beside(theme: Theme) -> None:
    strip = shown(theme, 3)
    chosen: list[str] = []
    strip.chosen.connect(chosen.append)

    strip.view.setFocus()
    QTest.keyClick(strip.view, Qt.Key.Key_Right)

    assert strip.site == "s1"
    assert chosen == ["s1"]


def test_one_site_leaves_nothing_to_choose(theme: Theme) -> None:
    strip = SitesStrip(theme)
    strip.show_rows([row(0)])

    assert strip.isHidden()
    assert strip.site == "s0"


def test_many_sites_take_two_lines_and_scroll(theme: Theme) -> None:
    one, many = shown(theme, 3).height(), shown(theme, 40)

    assert one < many.height() < 3 * one
    many.choose("s39")
    QApplication.processEvents()
    where = many.view.visualRect(many.view.currentIndex())
    assert many.view.viewport().rect().intersects(where)


def test_what_a_reader_says_has_price_and_standing(theme: Theme) -> None:
    strip = shown(theme, 2)
    said = strip.model.data(strip.model.index(0), Qt.ItemDataRole.AccessibleTextRole)
    assert said == "Site 0, Retail, 0.0801, some lose"


def test_names_that_do_not_fit_go_to_a_second_line_and_stay_inside(theme: Theme) -> None:
    legend = Legend(theme)
    names = ("off-peak", "winter peak", "Delivery", "Ancillary services", "Losses", "Tax")
    legend.resize(900, 40)
    legend.show_names(names)
    broad = legend.height()
    legend.resize(300, 40)
    legend.show()
    QApplication.processEvents()

    assert legend.height() > broad
    assert all(legend.rect().contains(box) for box in legend.places() if box.width() > 0)
    assert legend.accessibleName() == f"Parts of the price: {', '.join(names)}"
