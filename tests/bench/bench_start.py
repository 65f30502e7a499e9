"""Cold start to the first painted window, against a bare PySide6 and pyqtgraph window with a plot.

Each start is a process of its own; the two take turns. The clock runs from before the process is
made until the event loop has delivered the first paint. Both find their modules compiled, as
installed programs do, whatever the environment says of that.
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from minerdesk.storage.resources import sample_path
from tests.bench.rows import Row

ROOT = Path(__file__).parents[2]
BUDGET = 1.6
ROUNDS = 15

# Tells the seconds since STARTED and ends the process without the tidying that both would do. It
# loads nothing of Qt itself: when that is loaded is the program's own to say.
_TELL = """
import os, sys, time

def tell():
    print(time.time() - float(os.environ["STARTED"]), flush=True)
    os._exit(0)

def first_paint(app):
    from PySide6.QtCore import QEvent, QObject, QTimer

    class FirstPaint(QObject):
        waits = True

        def eventFilter(self, watched, event):
            if event.type() == QEvent.Type.Paint and self.waits:
                self.waits = False
                app.removeEventFilter(self)
                QTimer.singleShot(0, tell)
            return False

    found = FirstPaint()
    app.installEventFilter(found)
    return found
"""
_BARE = f"""{_TELL}
from PySide6.QtWidgets import QApplication, QMainWindow
import pyqtgraph as pg
app = QApplication(sys.argv)
window = QMainWindow()
plot = pg.PlotWidget()
plot.plot([1, 2, 3])
window.setCentralWidget(plot)
window.resize(1280, 800)
waited_for = first_paint(app)
window.show()
app.exec()
"""
# The program itself; only the moment between building and showing its window is taken hold of.
_OURS = f"""{_TELL}
from minerdesk import app
build = app.build_window
def built(application, *others):
    window = build(application, *others)
    window.waited_for = first_paint(application)
    return window
app.build_window = built
app.main()
"""
_ANSWER = f"""{_TELL}
from minerdesk import app
build = app.build_window
def built(*arguments):
    from PySide6.QtCore import QTimer
    window = build(*arguments)
    def look():
        if window.ready:
            window.tick()
            QTimer.singleShot(0, tell)
    window.looking = QTimer(window, interval=10)
    window.looking.timeout.connect(look)
    window.looking.start()
    return window
app.build_window = built
app.main()
"""


def start_s(code: str, compiled: Path, *options: str) -> float:
    """Return the seconds from making a process to what its ``code`` tells of.

    Args:
        code: what it runs.
        compiled: folder of the compiled modules.
        options: its command line.

    Raises:
        RuntimeError: it ended without telling; with what it said.
    """
    own = {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": str(compiled)}
    started = {"STARTED": repr(time.time())}
    done = subprocess.run(
        [sys.executable, "-c", code, *options],
        cwd=ROOT,
        env={"QT_QPA_PLATFORM": "offscreen", **os.environ, **own, **started},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"the program ended with {done.returncode}: {done.stderr}")
    return float(done.stdout.split()[-1])


def rows(rounds: int = ROUNDS) -> Iterator[Row]:
    """Yield the rows."""
    bare: list[float] = []
    painted: list[float] = []
    answered: list[float] = []
    with tempfile.TemporaryDirectory() as folder:
        farm = shutil.copy(sample_path("farm"), folder)
        options = ("--offline", "--profile", str(Path(folder, "profile")), "--book", str(farm))
        compiled = Path(folder, "compiled")
        for _round in range(rounds + 1):
            bare.append(start_s(_BARE, compiled))
            painted.append(start_s(_OURS, compiled, *options))
            answered.append(start_s(_ANSWER, compiled, *options))
    # The first round fills the disk's cache, compiles, and makes the profile.
    reference, first, answer = (statistics.median(each[1:]) for each in (bare, painted, answered))
    yield Row("cold start to the first painted window", first, reference, BUDGET, unit="s")
    yield Row("cold start to the first answer, 12,000 rigs", answer, reference, unit="s")
