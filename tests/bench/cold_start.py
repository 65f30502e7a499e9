"""Cold start to the first painted window, against a bare PySide6 and pyqtgraph window with a plot.

Run ``python -m tests.bench.cold_start [rounds]``. Prints one row:
``name, measured s, reference s, ratio, budget``.
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]
BUDGET = 1.6

# Both write the seconds since the process was started, at the first paint of the window.
_WATCH = """
import os, sys, time
from PySide6.QtCore import QEvent, QObject, QTimer

class Watch(QObject):
    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint:
            watched.removeEventFilter(self)
            QTimer.singleShot(0, self.tell)
        return False

    def tell(self):
        print(time.time() - float(os.environ["STARTED"]), flush=True)
        os._exit(0)
"""
_BARE = (
    _WATCH
    + """
from PySide6.QtWidgets import QApplication, QMainWindow
import pyqtgraph as pg
app = QApplication(sys.argv)
window = QMainWindow()
plot = pg.PlotWidget()
plot.plot([1, 2, 3])
window.setCentralWidget(plot)
window.resize(1280, 800)
watch = Watch()
plot.viewport().installEventFilter(watch)
window.show()
app.exec()
"""
)
_OURS = (
    _WATCH
    + """
from minerdesk.app import main
from minerdesk.ui.main_window import MainWindow

watch = Watch()

def show(window, shown=MainWindow.show):
    window.pages.currentWidget().installEventFilter(watch)
    shown(window)

MainWindow.show = show
main()
"""
)


def first_paint_s(code: str, *options: str) -> float:
    """Seconds from the start of a process to its first painted window."""
    environment = {"QT_QPA_PLATFORM": "offscreen", **os.environ, "STARTED": str(time.time())}
    done = subprocess.run(
        [sys.executable, "-c", code, *options],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return float(done.stdout.split()[-1])


def main(rounds: int = 9) -> None:
    """Measure both in turn and print the row."""
    bare: list[float] = []
    ours: list[float] = []
    with tempfile.TemporaryDirectory() as profile:
        farm = shutil.copy(ROOT / "resources/samples/farm.minerdesk", profile)
        for _round in range(rounds + 1):
            bare.append(first_paint_s(_BARE))
            ours.append(
                first_paint_s(_OURS, "--offline", "--profile", profile, "--book", str(farm))
            )
    # The first round only fills the disk's cache.
    reference, measured = statistics.median(bare[1:]), statistics.median(ours[1:])
    print(f"cold start, {measured:.3f}, {reference:.3f}, {measured / reference:.2f}, {BUDGET}")


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:]))
