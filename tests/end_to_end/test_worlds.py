"""The window against every failure of the fake world: each state is shown for what it is."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QDialog

from tests.end_to_end.operator import Clock, Operator, at_the_desk, send_to
from tests.support.fake_world import FakeWorld, Mode

EXAMPLE = "Example of 19 January 2026: "
ADVICE = "Power down 412 of 12,000 rigs now"
NUMBERS = ("price", "hashprice", "difficulty", "retarget", "fees")
# Modes in which no answer can be used, and words of the sentence that says why.
DEAD = {
    Mode.TOO_MANY: "asks for fewer calls (HTTP 429)",
    Mode.ERROR: "HTTP 500: it failed inside",
    Mode.NOT_READY: "asks for fewer calls (HTTP 503)",
    Mode.FORBIDDEN: "HTTP 403: it forbids the request",
    Mode.SLOW: "did not answer within 1 s",
    Mode.CUT: "cut its answer off",
    Mode.HANG_UP: "cannot be reached",
    Mode.WRONG_TYPES: "refused, it must be a number",
    Mode.NULLS: "refused, it must be a number, found null",
    Mode.EMPTY: "that cannot be read",
    Mode.HTML: "sent a web page where numbers were asked for",
    Mode.GARBAGE: "sent an answer that cannot be read",
    Mode.ABSURD: "is refused",
    Mode.HUGE: "sent more than 4096 kB",
    Mode.ZIPPED: "compressed",
    Mode.REDIRECT_AWAY: "elsewhere.example",
    Mode.REDIRECT_LOOP: "sends from one address to the next",
}
# Modes that spoil a part of the answers, and what is said of that part; the rest holds.
SPOILT = {
    Mode.NO_LISTS: "did not send block",
    Mode.BAD_LISTS: "sent an answer that cannot be read",
    Mode.OLD_NAMES: "time is refused",
    Mode.ENTITIES: "European Central Bank sent a document type",
}


def no_box_is_open(operator: Operator) -> bool:
    """Whether neither a dialog nor a toast stands in the way: to be offline is normal."""
    dialogs = [each for each in operator.window.findChildren(QDialog) if each.isVisible()]
    return not dialogs and not operator.window.toasts.texts


@pytest.mark.parametrize("mode", [Mode.OK, Mode.REDIRECT])
def test_a_world_that_answers_is_live(
    mode: Mode, qapp: QApplication, profile: Path, farm: Path, fake_world: FakeWorld
) -> None:
    fake_world.set_all(mode)
    send_to(fake_world, profile)
    with at_the_desk(qapp, profile, farm) as operator:
        operator.wait()
        assert operator.standing() == "● live"
        assert operator.banner() == ""
        spoken = [operator.gauge(name) for name in NUMBERS]
        assert spoken[0].startswith("BTC price: 93,049 USD, ")
        assert spoken[1].startswith("hashprice: 40.12 USD/PH/day, ")
        assert spoken[2].startswith("difficulty: 146.5 T, ")
        assert spoken[3].startswith("retarget in 3 d ")
        assert "−3.8% ±1.2" in spoken[3]
        assert spoken[4].startswith("fees: 0.0148 BTC, ")
        assert all("s old" in each and "stale" not in each for each in spoken)
        assert operator.headline().startswith(ADVICE)
        operator.go("network")
        assert "expected to fall 3.8% ±1.2" in operator.headline()
        assert "▲" not in operator.page()
        assert operator.page().count("answered") == 8
        assert no_box_is_open(operator)


@pytest.mark.parametrize("mode", DEAD)
def test_a_world_that_never_answered_leaves_the_example(
    mode: Mode, qapp: QApplication, profile: Path, farm: Path, fake_world: FakeWorld
) -> None:
    fake_world.set_all(mode)
    send_to(fake_world, profile, read_timeout_s=1.0 if mode is Mode.SLOW else 10.0)
    with at_the_desk(qapp, profile, farm) as operator:
        operator.wait()
        assert operator.standing() == "◇ example"
        assert all(operator.gauge(name).endswith("stale") for name in NUMBERS)
        assert operator.gauge("price").startswith("BTC price: 93,049 USD, ")
        assert operator.headline().startswith(EXAMPLE)
        assert "Power down" not in operator.page()
        operator.go("network")
        assert ", known to 29 May 2026." in operator.headline()
        assert "● " not in operator.page()
        assert operator.page().count("▲") == 8
        assert DEAD[mode] in operator.page()
        assert no_box_is_open(operator)


@pytest.mark.parametrize("mode", [Mode.TOO_MANY, Mode.ERROR, Mode.CUT, Mode.NULLS, Mode.ABSURD])
def test_a_world_that_ends_leaves_its_last_numbers_and_then_no_advice(
    mode: Mode, qapp: QApplication, profile: Path, farm: Path, fake_world: FakeWorld
) -> None:
    send_to(fake_world, profile)
    with at_the_desk(qapp, profile, farm) as operator:
        operator.wait()
    fake_world.set_all(mode)
    with at_the_desk(qapp, profile, farm, clock=Clock(timedelta(minutes=12))) as operator:
        operator.wait()
        assert operator.standing() == "○ no answer"
        # The exchanges' prices are stale after 5 minutes; mempool's is renewed once an hour.
        assert operator.gauge("price") == "BTC price: 93,010 USD, 12 min old"
        assert "12 min old" in operator.gauge("retarget")
        assert operator.headline().startswith(ADVICE)
    with at_the_desk(qapp, profile, farm, clock=Clock(timedelta(hours=3))) as operator:
        operator.wait()
        assert all(operator.gauge(name).endswith("3 h old, stale") for name in NUMBERS)
        assert operator.headline().startswith("No advice: the price is 3 h old; ")
        assert "Power down 412" not in operator.page()
        assert no_box_is_open(operator)


def test_one_source_that_fails_stops_no_other(
    qapp: QApplication, profile: Path, farm: Path, fake_world: FakeWorld
) -> None:
    fake_world.modes = {
        "difficulty-adjustment": Mode.TOO_MANY,
        "coinbase": Mode.ERROR,
        "kraken": Mode.HTML,
        "ecb": Mode.CUT,
    }
    send_to(fake_world, profile)
    with at_the_desk(qapp, profile, farm) as operator:
        operator.wait()
        assert operator.standing() == "● live"
        assert operator.gauge("price").startswith("BTC price: 93,010 USD, ")
        assert "stale" not in operator.gauge("retarget")
        assert operator.headline().startswith(ADVICE)
        operator.go("network")
        assert operator.page().count("▲") == 4
        assert len(re.findall(r"answered \d+ s ago", operator.page())) >= 3
        assert "Kraken sent a web page" in operator.page()


@pytest.mark.parametrize("mode", SPOILT)
def test_what_can_be_used_of_an_odd_answer_is_used(
    mode: Mode, qapp: QApplication, profile: Path, farm: Path, fake_world: FakeWorld
) -> None:
    fake_world.set_all(mode)
    send_to(fake_world, profile)
    with at_the_desk(qapp, profile, farm) as operator:
        operator.wait()
        assert operator.standing() == "● live"
        assert all("s old" in operator.gauge(name) for name in NUMBERS)
        assert operator.headline().startswith(ADVICE)
        operator.go("network")
        assert "▲" in operator.page()
        assert SPOILT[mode] in operator.page()


def test_fees_of_too_few_blocks_are_not_taken_for_the_mean(
    qapp: QApplication, profile: Path, farm: Path, fake_world: FakeWorld
) -> None:
    fake_world.set_all(Mode.SHORT)
    send_to(fake_world, profile)
    with at_the_desk(qapp, profile, farm) as operator:
        operator.wait()
        assert operator.gauge("fees") == "fees: –, stale"
        assert operator.headline().startswith("No figures yet: ")
        operator.go("network")
        assert "it must count 144 blocks, found 12" in operator.page()


def test_answers_that_trickle_hold_up_neither_the_window_nor_its_end(
    qapp: QApplication, profile: Path, farm: Path, fake_world: FakeWorld
) -> None:
    fake_world.set_all(Mode.DRIP)
    send_to(fake_world, profile)
    with at_the_desk(qapp, profile, farm) as operator:
        operator.wait(lambda: operator.window.context.state.revision("evaluation") > 0)
        assert operator.gauge("price").startswith("BTC price: 93,049 USD, ")
        assert operator.standing() == "◇ example"
        assert operator.headline().startswith(EXAMPLE)
        assert not operator.window.pump.settled


def test_without_a_difficulty_there_are_no_figures_and_it_says_which_number_lacks(
    qapp: QApplication, profile: Path, farm: Path, fake_world: FakeWorld
) -> None:
    fake_world.modes = dict.fromkeys(("tip", "hashrate", "difficulty-adjustment"), Mode.NULLS)
    send_to(fake_world, profile)
    with at_the_desk(qapp, profile, farm) as operator:
        operator.wait()
        assert operator.standing() == "● live"
        assert operator.gauge("difficulty") == "difficulty: –, stale"
        assert operator.gauge("hashprice") == "hashprice: –, stale"
        assert operator.headline().startswith("No figures yet: ")
        assert "the difficulty" in operator.headline()


def test_an_exchange_that_is_far_off_is_left_out_and_named(
    qapp: QApplication, profile: Path, farm: Path, fake_world: FakeWorld
) -> None:
    fake_world.world.kraken["USD"] = 120_000.0
    send_to(fake_world, profile)
    with at_the_desk(qapp, profile, farm, page="network") as operator:
        operator.wait()
        assert operator.gauge("price").startswith("BTC price: 93,030 USD")
        assert "left out: Kraken" in operator.page()


def test_a_source_whose_clock_is_ahead_makes_no_number_older_or_younger(
    qapp: QApplication, profile: Path, farm: Path, fake_world: FakeWorld
) -> None:
    fake_world.world.jump(3 * 86_400)
    send_to(fake_world, profile)
    with at_the_desk(qapp, profile, farm) as operator:
        operator.wait()
        assert operator.standing() == "● live"
        assert all("s old" in operator.gauge(name) for name in NUMBERS)
        assert operator.headline().startswith(ADVICE)


def test_a_source_whose_clock_is_behind_gives_old_prices(
    qapp: QApplication, profile: Path, farm: Path, fake_world: FakeWorld
) -> None:
    fake_world.world.jump(-3 * 3_600)
    send_to(fake_world, profile)
    with at_the_desk(qapp, profile, farm) as operator:
        operator.wait()
        # Kraken gives no time, so its price alone is of now.
        assert operator.gauge("price").startswith("BTC price: 93,071 USD, ")
        fake_world.modes = {"kraken": Mode.ERROR}
    with at_the_desk(qapp, profile, farm, clock=Clock(timedelta(hours=1))) as operator:
        operator.wait()
        assert operator.gauge("price").endswith("1 h old, stale")
        assert operator.headline().startswith("No advice: the price is 1 h old; ")


def test_the_computers_clock_jumps_while_the_window_is_open(
    qapp: QApplication, profile: Path, farm: Path, fake_world: FakeWorld
) -> None:
    send_to(fake_world, profile)
    clock = Clock()
    with at_the_desk(qapp, profile, farm, clock=clock) as operator:
        operator.wait()
        clock.ahead = timedelta(hours=2)
        operator.beat()
        assert operator.gauge("price").endswith("2 h old, stale")
        clock.ahead = timedelta(hours=-2)
        operator.beat()
        assert operator.gauge("price") == "BTC price: 93,049 USD, 0 s old"
    clock.ahead = timedelta(days=-1)
    fake_world.set_all(Mode.ERROR)
    with at_the_desk(qapp, profile, farm, clock=clock) as operator:
        operator.wait()
        # What was read in the future is believed by nobody, and no example stands in for it.
        assert operator.gauge("price") == "BTC price: –, stale"
        assert operator.headline().startswith("No figures yet: ")


def test_an_empty_world_is_offline_by_choice(
    qapp: QApplication, profile: Path, farm: Path, fake_world: FakeWorld
) -> None:
    send_to(fake_world, profile)
    with (profile / "settings.toml").open("r+", encoding="utf-8") as file:
        kept = file.read()
        file.seek(0)
        file.write(f"offline = true\n{kept}")
    with at_the_desk(qapp, profile, farm) as operator:
        operator.wait()
        assert operator.standing() == "◇ example"
        operator.go("network")
        # The eight sources of the present, and the network's past.
        assert operator.page().count("not asked while offline") == 9
        assert fake_world.requests() == []
