"""Whole lives of the program: pictures, fifty ends, a kill, and two windows side by side."""

from __future__ import annotations

import json
import signal
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from minerdesk.domain.errors import UserError
from minerdesk.services.edits import change_groups
from tests.end_to_end.operator import at_the_desk, send_to
from tests.end_to_end.process import Ended, run, running
from tests.support.fake_world import ENDPOINTS, FakeWorld, Mode

LIVES = 50
posix = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")


def saved_count(book: Path) -> int:
    return int(json.loads(book.read_text(encoding="utf-8"))["book"]["groups"][0]["count"])


@pytest.mark.parametrize(
    ("page", "theme", "width", "height"),
    [
        ("dashboard", "light", 1280, 800),
        ("network", "dark", 1920, 1080),
        ("fleet", "light", 960, 600),
    ],
)
def test_a_picture_is_of_the_size_that_was_asked_for_and_not_blank(
    tmp_path: Path,
    profile: Path,
    farm: Path,
    fake_world: FakeWorld,
    page: str,
    theme: str,
    width: int,
    height: int,
) -> None:
    send_to(fake_world, profile)
    picture = tmp_path / "picture.png"
    done = run(
        "minerdesk.app",
        *("--profile", profile, "--book", farm, "--screenshot", picture),
        *("--page", page, "--theme", theme, "--size", f"{width}x{height}"),
    )
    assert done == Ended(0, "", [])
    image = QImage(str(picture))
    assert (image.width(), image.height()) == (width, height)
    points = [image.pixelColor(x, y) for x in range(0, width, 7) for y in range(0, height, 7)]
    assert len({point.rgb() for point in points}) > 20
    lightness = sorted(point.lightness() for point in points)
    assert (lightness[len(lightness) // 2] < 128) == (theme == "dark")
    assert fake_world.requests("coinbase")


@posix
@pytest.mark.slow
@pytest.mark.timeout(300)
def test_opened_and_ended_fifty_times(tmp_path: Path, farm: Path, fake_world: FakeWorld) -> None:
    fake_world.set_all(Mode.SLOW)
    asked = tmp_path / "asking"
    asked.mkdir()
    send_to(fake_world, asked)
    silent = tmp_path / "silent"

    def life(number: int) -> Ended:
        # Every second life ends while its sources are being asked and say nothing.
        profile = ("--profile", asked) if number % 2 else ("--profile", silent, "--offline")
        options = (*profile, "--book", farm)
        delay_ms = number * 37 % 400
        act = {0: "close", 1: "quit"}.get(number % 4)
        with running(f"{act}={delay_ms}" if act else "wait", *options) as window:
            window.wait_for("shown")
            if act:
                return window.end()
            time.sleep(delay_ms / 1000)
            return window.end(signal.SIGINT if number % 8 < 4 else signal.SIGTERM)

    with ThreadPoolExecutor(2) as pool:
        for number, ended in enumerate(pool.map(life, range(LIVES))):
            assert ended == Ended(0, "", []), f"life {number}"
    assert fake_world.requests()
    leftovers = [each for each in tmp_path.rglob("*.lock") if each.is_file()]
    assert leftovers == []


@posix
@pytest.mark.parametrize("answer", ["Restore 1 edit", "Discard"])
def test_an_edit_outlives_a_kill(
    answer: str, qapp: QApplication, profile: Path, farm: Path
) -> None:
    before = saved_count(farm)
    with running("edit=777", "--offline", "--profile", profile, "--book", farm) as window:
        window.wait_for("edited")
        until = time.monotonic() + 10
        while not list(profile.rglob("*.journal")) and time.monotonic() < until:
            time.sleep(0.01)
        assert window.end(signal.SIGKILL).code == -signal.SIGKILL
    assert saved_count(farm) == before
    with at_the_desk(qapp, profile, farm) as operator:
        operator.wait()
        book = operator.window.desk.book
        assert operator.banner().startswith("1 edit of ")
        assert operator.banner().endswith(" was never saved.")
        assert book.book.groups[0].count == before
        operator.press(answer)
        operator.wait()
        assert operator.banner() == ""
        taken = answer == "Restore 1 edit"
        assert book.book.groups[0].count == (777 if taken else before)
        assert operator.window.isWindowModified() is taken
        if taken:
            operator.window.table["book.save"].run()
            operator.wait(lambda: not book.dirty)
    assert saved_count(farm) == (777 if taken else before)
    with at_the_desk(qapp, profile, farm) as operator:
        operator.wait()
        assert operator.banner() == ""


@posix
def test_a_book_that_was_never_saved_outlives_a_kill(qapp: QApplication, profile: Path) -> None:
    with running("sample=31", "--offline", "--profile", profile) as window:
        window.wait_for("edited")
        # The journal is written by a worker of its own, each edit at once.
        time.sleep(1)
        assert window.end(signal.SIGKILL).code == -signal.SIGKILL
    with at_the_desk(qapp, profile) as operator:
        operator.wait(lambda: bool(operator.window.banner.text))
        assert operator.banner().startswith("A book that was never saved was left behind: ")
        operator.press("Restore it")
        operator.wait()
        assert operator.window.desk.book.book.groups[0].count == 31
        assert operator.banner() == ""


def asked_now(world: FakeWorld) -> int:
    """How often anybody asked for the present; the past comes in steps of its own."""
    return sum(each.endpoint in ENDPOINTS for each in world.requests())


@posix
def test_two_windows_on_one_book(
    qapp: QApplication, profile: Path, farm: Path, fake_world: FakeWorld
) -> None:
    send_to(fake_world, profile)
    with running("wait", "--profile", profile, "--book", farm) as first:
        first.wait_for("shown")
        until = time.monotonic() + 20
        while asked_now(fake_world) < 9 and time.monotonic() < until:
            time.sleep(0.02)
        time.sleep(0.5)
        asked = asked_now(fake_world)
        with at_the_desk(qapp, profile, farm) as second:
            second.wait()
            assert second.banner().startswith("This book is shown read-only: another window")
            assert "Save as…" in [each.text() for each in second.buttons(second.window.banner)]
            with pytest.raises(UserError, match="another window"):
                second.window.context.run_command(
                    "Change", lambda book: change_groups(book, {book.groups[0].id}, {"count": 3})
                )
            assert second.gauge("price").startswith("BTC price: 93,049 USD")
            assert asked_now(fake_world) == asked
            assert second.standing() == "● live"
            assert first.end(signal.SIGTERM) == Ended(0, "", [])
            second.window.pump.poll()
            second.wait()
            assert asked_now(fake_world) > asked
            assert second.standing() == "● live"


def test_two_books_of_one_profile_and_one_asks(
    qapp: QApplication, tmp_path: Path, profile: Path, farm: Path, fake_world: FakeWorld
) -> None:
    send_to(fake_world, profile)
    other = tmp_path / "other.minerdesk"
    other.write_bytes(farm.read_bytes())
    with at_the_desk(qapp, profile, farm) as first:
        first.wait()
        asked = asked_now(fake_world)
        with at_the_desk(qapp, profile, other) as second:
            second.wait()
            assert (
                second.banner() == "Another window asks the sources; this one shows what it learns."
            )
            assert first.banner() == ""
            assert second.gauge("price").startswith("BTC price: 93,049 USD")
            assert second.standing() == "● live"
            assert asked_now(fake_world) == asked
