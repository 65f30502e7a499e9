from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from minerdesk.domain.book import Book
from minerdesk.domain.sites import ChargePeak, MeteredMonth, Site
from minerdesk.domain.tariff import (
    CoincidentPeak,
    DemandCharge,
    DemandTier,
    Hosting,
    PeakHours,
    Tariff,
)
from minerdesk.engine.tariff import PROFIT_SHARE, LineKind
from minerdesk.services.month_bill import MonthBill, month_bill
from minerdesk.services.power.load_table import Load

PEAKS = CoincidentPeak("4CP", 60.0, (PeakHours((6, 7, 8, 9), 15, 18, 0.016),))
TARIFF = Tariff("t", "T", 0.05, coincident=(PEAKS,))
SITE = Site("s", "S", "t")
JANUARY_S = 1_767_225_600
LOAD = Load("load", JANUARY_S + 3600 * np.arange(744), np.full(744, 100.0), 60)


def bill(*metered: MeteredMonth, tariff: Tariff = TARIFF) -> MonthBill:
    site = replace(SITE, metered=metered)
    book = Book(sites=(site,), tariffs=(tariff,))
    return month_bill(book, site, LOAD, "2026-01", lambda _name: None)


def test_a_coincident_peak_is_billed_a_twelfth_by_what_was_typed_last() -> None:
    september = MeteredMonth("2025-09", peaks=(ChargePeak("4CP", 80.0),))
    january = MeteredMonth("2026-01", peaks=(ChargePeak("4CP", 90.0),))
    later = MeteredMonth("2026-02", peaks=(ChargePeak("4CP", 10.0),))
    for metered, kw in (((later, september), 80.0), ((january, september), 90.0)):
        paper = bill(*metered).paper
        (line,) = [each for each in paper.lines if each.kind is LineKind.COINCIDENT]
        assert (line.quantity, line.unit, line.rate) == (kw, "kW", 5.0)
        assert paper.unknown == ()
        assert paper.total == pytest.approx(744 * 100 * 0.05 + kw * 5)


def test_a_coincident_peak_that_nobody_typed_is_named_and_not_guessed() -> None:
    paper = bill(MeteredMonth("2026-02", peaks=(ChargePeak("4CP", 10.0),))).paper
    assert paper.unknown == ("4CP",)
    assert paper.total == pytest.approx(744 * 100 * 0.05)


def test_a_hosts_share_is_billed_of_the_revenue_that_was_typed() -> None:
    tariff = Tariff("t", "T", 0.0, hosting=Hosting(0.05, profit_share=0.1))
    assert bill(tariff=tariff).paper.unknown == (PROFIT_SHARE,)
    paper = bill(MeteredMonth("2026-01", revenue=10_000.0), tariff=tariff).paper
    share = paper.lines[-1]
    assert share.kind is LineKind.PROFIT_SHARE
    assert share.amount == pytest.approx(0.1 * (10_000 - 744 * 100 * 0.05))
    assert paper.unknown == ()


def test_it_is_no_demand_of_another_charge() -> None:
    demand = DemandCharge("d", (DemandTier(2.0),), 60)
    typed = MeteredMonth("2026-01", peaks=(ChargePeak("4CP", 500.0),))
    paper = bill(typed, tariff=replace(TARIFF, demand=(demand,))).paper
    (line,) = [each for each in paper.lines if each.kind is LineKind.DEMAND]
    assert line.quantity == 100.0
