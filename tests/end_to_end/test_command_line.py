"""The command line as a process: its time, its codes, its silence, and what it leaves alone."""

from __future__ import annotations

import json
import socket
from pathlib import Path

import pytest

from tests.end_to_end.operator import send_to
from tests.end_to_end.process import Ended, run
from tests.support.fake_world import FakeWorld, Mode

CLI = "minerdesk.cli"
NUMBERS = ("--price", "93049", "--difficulty", "146.47e12", "--fees", "0.0148")
COLUMNS = "site,model,count,hashrate_ths,power_w,price_per_kwh,pue,pool_fee,uptime"


def cut_off(profile: Path) -> None:
    """Name sources at a port on which nobody listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    names = ("mempool_url", "coinbase_url", "kraken_url", "ecb_url")
    lines = [f'{name} = "http://127.0.0.1:{port}"' for name in names]
    (profile / "settings.toml").write_text("[feeds]\n" + "\n".join(lines), encoding="utf-8")


@pytest.mark.parametrize("world", ["silent", "closed"])
def test_a_report_does_not_wait_for_a_network_that_is_not_there(
    world: str, profile: Path, farm: Path, fake_world: FakeWorld
) -> None:
    if world == "silent":
        fake_world.set_all(Mode.SLOW)
        send_to(fake_world, profile, read_timeout_s=60)
    else:
        cut_off(profile)
    done = run(CLI, "--profile", profile, "report", farm)
    assert fake_world.woke == 0
    first, *_rest = done.out.splitlines()
    assert first.startswith("Example of 19 January 2026: ")
    assert "412 of 12,000 rigs" in first
    assert (done.code, done.noise) == (0, [])


def test_nothing_outside_the_profile_is_written(
    tmp_path: Path, profile: Path, farm: Path, fake_world: FakeWorld
) -> None:
    send_to(fake_world, profile)
    home = tmp_path / "home"
    home.mkdir()
    before = sorted(tmp_path.iterdir())
    places = {f"XDG_{name}_HOME": str(home) for name in ("DATA", "CONFIG", "STATE", "CACHE")}
    for command in (("report", farm), ("network",), ("check", farm)):
        done = run(CLI, "--profile", profile, *command, HOME=str(home), **places)
        assert (done.code, done.noise) == (0, [])
        assert done.out
    assert list(home.iterdir()) == []
    assert sorted(tmp_path.iterdir()) == before
    assert len(list(profile.rglob("*"))) > 1


def test_evaluate_by_its_definitions(tmp_path: Path) -> None:
    rigs = tmp_path / "rigs.csv"
    rigs.write_text(
        f"{COLUMNS}\nHall,Rig A,7,180,3100,0.07,1.08,0.02,0.95\n"
        "Hall,Rig B,2,100,3400,-0.01,1,0,1\n"
        "Hall,Rig C,3,100,3400,0.09,1,0,1\n",
        encoding="utf-8",
    )
    done = run(CLI, "evaluate", rigs, *NUMBERS, "--height", "932935", "--json")
    assert (done.code, done.noise) == (0, [])
    found = json.loads(done.out)
    first, second, third = found["rigs"]
    reward_btc = 3.125 + 0.0148
    btc = 7 * 180e12 * 0.95 * 86_400 / (146.47e12 * 2**32) * reward_btc * 0.98
    power_cost = 7 * 3.1 * 24 * 0.95 * 1.08 * 0.07
    assert first["btc_per_day"] == pytest.approx(btc, rel=1e-9)
    assert first["margin_per_day"] == pytest.approx(btc * 93_049 - power_cost, rel=1e-9)
    assert first["shutdown_price_per_btc"] == pytest.approx(power_cost / btc, rel=1e-9)
    assert second["power_cost_per_day"] == pytest.approx(-2 * 3.4 * 24 * 0.01, rel=1e-9)
    assert [each["verdict"] for each in (first, second, third)] == ["run", "run", "power_down"]
    assert found["totals"]["margin_per_day"] == pytest.approx(
        sum(each["margin_per_day"] for each in found["rigs"])
    )


def test_codes_and_one_sentence_on_standard_error(tmp_path: Path, farm: Path) -> None:
    bad = tmp_path / "bad.csv"
    bad.write_text(f"{COLUMNS}\nHall,Rig A,7,180,3100,0.07,0.5,0,1\n", encoding="utf-8")
    blocked = tmp_path / "file"
    blocked.write_text("", encoding="utf-8")
    cases = [
        (2, "pue", ("evaluate", bad, *NUMBERS, "--height", "1")),
        (2, "nowhere.minerdesk", ("check", tmp_path / "nowhere.minerdesk")),
        (2, "--help", ("guess",)),
        (1, "file", ("--profile", blocked, "report", farm, "--offline")),
    ]
    for code, word, command in cases:
        done = run(CLI, *command)
        assert (done.code, done.out, len(done.noise)) == (code, "", 1), done
        assert done.noise[0].startswith("minerdesk-cli: ")
        assert word in done.noise[0]
    assert run(CLI, "--version").code == 0
    assert run("minerdesk.app", "--book", tmp_path / "nowhere.minerdesk").code == 2
    assert run("minerdesk.app", "--version") == Ended(0, run("minerdesk.app", "--version").out, [])
