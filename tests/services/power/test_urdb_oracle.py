"""A rate of OpenEI billed by us and by NREL's own reader of the same JSON."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pytest

from minerdesk.domain.sites import Site
from minerdesk.engine.tariff import bill
from minerdesk.services.power.calendar import billing_month, step_times
from minerdesk.services.power.urdb import read_urdb
from tests.services.power.test_urdb import V7

RATE: dict[str, Any] = {
    key: value
    for key, value in V7["items"][0].items()
    # How a minimum is spread over the year, and what a ratchet bills, differ there.
    if not key.startswith(("lookback", "mincharge"))
} | {
    "dgrules": "Buy All Sell All",
    # It shares tiers out among the periods of a month; with one tier each there is no difference.
    "energyratestructure": [[{"rate": 0.061, "adj": 0.004}], [{"rate": 0.11, "adj": 0.004}]],
}


def test_every_month_costs_what_nrel_says() -> None:
    rates = pytest.importorskip("PySAM.Utilityrate5")
    tools = pytest.importorskip("PySAM.UtilityRateTools")
    load = 400 + 300 * np.random.default_rng(1).random(8760)
    model = rates.new()
    # It counts the periods of a schedule from 1 by writing into what it is given.
    for key, value in tools.URDBv8_to_ElectricityRates(json.loads(json.dumps(RATE))).items():
        setattr(model.ElectricityRates, key, value)
    model.ElectricityRates.rate_escalation = [0]
    model.ElectricityRates.ur_metering_option = 0
    model.Lifetime.analysis_period = 1
    model.Lifetime.inflation_rate = 0
    model.Lifetime.system_use_lifetime_output = 0
    model.SystemOutput.gen = [0.0] * 8760
    model.SystemOutput.degradation = [0.0]
    model.Load.load = load.tolist()
    model.execute()
    theirs = model.Outputs.utility_bill_wo_sys_ym[1]

    # Its year begins on a Monday and has no leap day, as 2018.
    tariff = read_urdb(json.dumps(RATE).encode(), "t", datetime(2018, 1, 1, tzinfo=UTC)).tariff
    site, at = Site("a", "A", "t"), 0
    for month in range(12):
        start, end = billing_month(site, f"2018-{month + 1:02}")
        hours = round((end - start).total_seconds() / 3600)
        times = step_times(site, None, start, hours, 60)
        ours = bill(tariff, times, load[at : at + hours]).total
        at += hours
        assert ours == pytest.approx(theirs[month], abs=0.01)
