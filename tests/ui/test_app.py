"""The program as a process."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from importlib.util import find_spec
from pathlib import Path

import pytest
from PySide6.QtGui import QImage

from minerdesk.app import Options, parse

ROOT = Path(__file__).parents[2]
FARM = ROOT / "resources" / "samples" / "farm.minerdesk"


@pytest.fixture
def farm(tmp_path: Path) -> Path:
    """A copy of the sample, for an open book has a lock beside it."""
    return Path(shutil.copy(FARM, tmp_path / "farm.minerdesk"))


def run(*options: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "minerdesk.app", *options],
        cwd=ROOT,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen", **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_options() -> None:
    assert parse([]) == Options()
    found = parse(["--book", "a.minerdesk", "--size", "1280x800", "--theme", "dark", "--offline"])
    assert (found.book, found.size, found.theme) == (Path("a.minerdesk"), (1280, 800), "dark")
    assert found.offline
    with pytest.raises(SystemExit):
        parse(["--size", "large"])


def test_version_needs_no_qt() -> None:
    done = run("--version", PYTHONPROFILEIMPORTTIME="1")
    assert done.returncode == 0
    assert done.stdout.startswith("minerdesk ")
    assert "PySide6" not in done.stderr


# Runs the program until its first paint, and tells what is loaded by then.
_UNTIL_PAINTED = """
import sys
from minerdesk import app
build = app.build_window
def built(*given):
    window = build(*given)
    def painted():
        print(*sys.modules)
        window.close_without_asking()
    window.pump.start = painted
    return window
app.build_window = built
sys.exit(app.main())
"""
_LATER = frozenset(
    {
        *("highspy", "holidays", "icalendar", "keyring", "openpyxl", "pyqtgraph", "requests"),
        *("sqlalchemy", "minerdesk.engine.dispatch.coupled", "minerdesk.engine.dispatch.problem"),
        *("minerdesk.engine.indicators", "minerdesk.feeds.days", "minerdesk.services.exchange"),
        *("minerdesk.services.network_history.door", "minerdesk.services.network_history.history"),
        *("minerdesk.services.network_reading", "minerdesk.services.planning.planner"),
        *("minerdesk.services.planning.reminders", "minerdesk.services.power"),
        *("minerdesk.services.standing", "minerdesk.services.words.plan_words"),
        *("minerdesk.ui.charts", "minerdesk.ui.first_start.first_start", "minerdesk.ui.palette"),
    }
)


def test_the_first_paint_waits_for_nothing_that_it_does_not_show(
    tmp_path: Path, farm: Path
) -> None:
    done = subprocess.run(
        [
            *(sys.executable, "-c", _UNTIL_PAINTED, "--offline"),
            *("--profile", str(tmp_path / "profile"), "--book", str(farm)),
        ],
        cwd=ROOT,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert all(find_spec(name) for name in _LATER if name.startswith("minerdesk"))
    loaded = done.stdout.split()
    assert "minerdesk.ui.pages.dashboard" in loaded
    assert sorted(_LATER.intersection(loaded)) == []
    # The import hook of Qt reads the source of whatever is loaded after it.
    assert loaded.index("minerdesk.services.desk") < loaded.index("PySide6")


def test_picture_of_a_page(tmp_path: Path, farm: Path) -> None:
    picture = tmp_path / "page.png"
    done = run(
        "--offline",
        "--profile", str(tmp_path / "profile"),
        "--book", str(farm),
        "--screenshot", str(picture),
        "--size", "1280x800",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    image = QImage(str(picture))
    assert (image.width(), image.height()) == (1280, 800)
    colours = {image.pixelColor(x, y).name() for x in range(0, 1280, 8) for y in range(0, 800, 8)}
    assert len(colours) > 10


def test_a_bad_book_gives_one_sentence(tmp_path: Path) -> None:
    done = run("--profile", str(tmp_path), "--book", str(tmp_path / "none.minerdesk"))
    assert done.returncode == 2
    assert done.stderr.startswith("minerdesk: ")
    assert len(done.stderr.splitlines()) == 1
    assert done.stdout == ""


def test_an_unknown_page_is_refused(tmp_path: Path) -> None:
    done = run("--profile", str(tmp_path), "--page", "weather")
    assert done.returncode == 2
    assert "dashboard" in done.stderr


@pytest.mark.skipif(sys.platform in {"win32", "darwin"}, reason="these always have a screen")
def test_no_screen_is_said(tmp_path: Path) -> None:
    done = run("--profile", str(tmp_path), QT_QPA_PLATFORM="", DISPLAY="", WAYLAND_DISPLAY="")
    assert done.returncode == 1
    assert "no screen" in done.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="signals differ there")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_signals_end_it_cleanly_before_there_is_a_window(
    tmp_path: Path, number: signal.Signals
) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "minerdesk.app", "--offline", "--profile", str(tmp_path)],
        cwd=ROOT,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        # The profile is made by the assembly, before the window.
        while process.poll() is None and not (tmp_path / "journal").exists():
            time.sleep(0.01)
        process.send_signal(number)
        _out, errors = process.communicate()
    assert (process.returncode, errors) == (0, "")
