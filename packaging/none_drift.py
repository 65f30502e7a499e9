"""Guard: fail if the installed PySide6 loses references to None or True.

PySide6 6.12.0 does on Python before 3.12, and a program that uses it aborts after some minutes,
long after a short test suite has passed. This runs in a process of its own, because the fault
ends the process it is found in.
"""

import os
import sys

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
import pyqtgraph as pg
import PySide6
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QPainterPath

# A healthy release gains a few references a repaint; a broken one loses two hundred.
ALLOWED_LOSS = 100
SIGNALS = 5_000
REPAINTS = 200


class Bell(QObject):
    """Something that emits."""

    rung = Signal(bool)


def exercise() -> int:
    """Emit, call and repaint as a long session does; return how many signals arrived."""
    heard: list[bool] = []
    bell = Bell()
    bell.rung.connect(heard.append)
    path = QPainterPath()
    for _ in range(SIGNALS):
        bell.rung.emit(True)
        path.moveTo(0.0, 0.0)
    plot = pg.PlotWidget()
    plot.plot(np.arange(200.0), np.sin(np.arange(200.0)))
    plot.resize(400, 300)
    for _ in range(REPAINTS):
        plot.grab()
    plot.close()
    return len(heard)


def main() -> int:
    """Print the drift in one line; 1 where references were lost."""
    application = pg.mkQApp("none-drift")
    before = sys.getrefcount(None), sys.getrefcount(True)
    heard = exercise()
    after = sys.getrefcount(None), sys.getrefcount(True)
    application.quit()
    drift = [late - early for early, late in zip(before, after, strict=True)]
    print(
        f"PySide6 {PySide6.__version__} on Python {sys.version.split()[0]}: {heard} signals and "
        f"{REPAINTS} repaints, references to None {drift[0]:+d}, to True {drift[1]:+d}"
    )
    return int(min(drift) < -ALLOWED_LOSS or heard != SIGNALS)


if __name__ == "__main__":
    sys.exit(main())
