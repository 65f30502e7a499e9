from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from minerdesk.domain.rigs import RigGroup
from minerdesk.domain.tariff import Hosting, Tariff
from minerdesk.storage import book_file
from tests.cli.run import Cli
from tests.services.planning.a_plan import book

PRICE, HOST = 0.04, 0.2


def saved(path: Path, share: float) -> Path:
    """Write a book of one hosted site, all of whose price of power is the host's."""
    made = book(RigGroup("a", "here", "Rig", 10))
    contract = Tariff(made.tariffs[0].id, "hosted", 0.0, hosting=Hosting(PRICE, profit_share=share))
    target = path / f"share {share}.minerdesk"
    book_file.save(target, replace(made, tariffs=(contract,)))
    return target


def test_a_report_is_after_the_host_s_share(cli: Cli, tmp_path: Path) -> None:
    asked = ("--profile", tmp_path / "p", "report")
    plain = cli(*asked, saved(tmp_path, 0.0), "--offline", "--json").json
    found = cli(*asked, saved(tmp_path, HOST), "--offline", "--json").json
    totals, before = found["totals"], plain["totals"]
    profit = totals["revenue_per_day"] - totals["power_cost_per_day"]
    assert profit > 0
    assert before["margin_per_day"] == pytest.approx(profit)
    assert totals["host_share_per_day"] == pytest.approx(HOST * profit)
    assert totals["margin_per_day"] == pytest.approx((1 - HOST) * profit)
    assert found["rigs"][0]["margin_now_per_day"] == pytest.approx((1 - HOST) * profit)
    assert found["rigs"][0]["verdict"] == plain["rigs"][0]["verdict"] == "run"
    for name in ("cost_per_btc", "break_even_price_per_kwh"):
        assert totals[name] == pytest.approx(before[name])


def test_its_text_names_the_share(cli: Cli, tmp_path: Path) -> None:
    found = cli("--profile", tmp_path / "p", "report", saved(tmp_path, HOST), "--offline")
    assert "host's share of the profit" in found.out
