"""Makes the README's pictures by the program itself: ``python -m tests.support.make_screenshots``.

The sample farm stands in a fake world on the day the sample is of, before a profile that holds a
month of its own history and two years of the network's. The fake world plays the proxy, so that
sources are named as an operator sees them and nobody outside is asked.
"""

from __future__ import annotations

import argparse
import math
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from PySide6.QtWidgets import QApplication

from minerdesk import assembly
from minerdesk.app import build_window
from minerdesk.domain.cancel import CancelToken
from minerdesk.services.desk import Desk
from minerdesk.storage.resources import sample_path
from minerdesk.ui.main_window import MainWindow
from minerdesk.ui.pictures import take_picture, wait_until
from minerdesk.ui.shutdown import Shutdown
from tests.support.fake_world import FakeWorld, Mode

ROOT = Path(__file__).parents[2]
PICTURES = (
    ("dashboard", "light"),
    ("dashboard", "dark"),
    ("fleet", "light"),
    ("power", "light"),
    ("plan", "light"),
    ("network", "light"),
    ("standing", "light"),
    ("profitability", "light"),
)
# The numbers of the fake world are of that day.
THEN = datetime(2026, 1, 19, 14, tzinfo=UTC)
HISTORY = timedelta(days=30)
STEP = timedelta(hours=6)
SETTLED_MS = 20_000
PAST_STEPS = 40
# Difficulty comes from the retargets the program knows by itself, as on a real desk.
NO_DIFFICULTY = {
    "past-retargets": Mode.NO_LISTS,
    "past-hashrate": Mode.NO_LISTS,
    "blockchain": Mode.NO_LISTS,
}


def settings(world: FakeWorld) -> str:
    return f"""
[feeds]
mempool_url = "http://mempool.space"
coinbase_url = "http://api.exchange.coinbase.com"
kraken_url = "http://api.kraken.com"
ecb_url = "http://www.ecb.europa.eu"
blockchain_url = ""
coin_metrics = true
coin_metrics_url = "http://community-api.coinmetrics.io"
proxy_url = "{world.url}"
[display]
locale = "en_US"
"""


def live_through(world: FakeWorld, profile: Path, book: Path) -> None:
    """Fill the history as a month of running would have, with prices that end where they are."""
    prices = (world.world.coinbase, world.world.kraken, world.world.mempool_prices)
    today = [dict(each) for each in prices]
    # The ninety days of hashrate come once, at the end: each call counts them from its own moment.
    world.modes = {"hashrate": Mode.NO_LISTS}
    steps = HISTORY // STEP
    for number in range(steps, 0, -1):
        moment = THEN - number * STEP
        drift = 1 + 0.05 * math.sin(number / 9) * math.sin(number / 31) - 0.0006 * number
        for each, last in zip(prices, today, strict=True):
            each.update({currency: round(price * drift, 2) for currency, price in last.items()})
        world.world.offset, world.world.born = moment - datetime.now(UTC), moment
        desk = assembly.build(profile, clock=lambda moment=moment: moment)  # type: ignore[misc] # bound now
        try:
            desk.book.open(book)
            network = desk.poll(CancelToken())
            desk.evaluate(desk.book.book, desk.book.revision, network, CancelToken())
        finally:
            desk.close()
    for each, last in zip(prices, today, strict=True):
        each.update(last)
    world.world.offset, world.world.born = THEN - datetime.now(UTC), THEN
    world.modes = dict(NO_DIFFICULTY)


def learn_the_past(desk: Desk) -> None:
    """Ask the sources of the network's past until they have told all."""
    token = CancelToken()
    for _step in range(PAST_STEPS):
        if not desk.past.bring_up_to_date(token):
            return


@contextmanager
def window_at_the_desk(
    app: QApplication, world: FakeWorld, profile: Path, book: Path
) -> Iterator[MainWindow]:
    """Open the window over everything that was lived through."""
    shutdown = Shutdown()
    desk = assembly.build(profile, clock=world.world.now)
    shutdown.add("desk", lambda _left_s: desk.close())
    try:
        desk.book.open(book)
        learn_the_past(desk)
        window = build_window(app, desk, shutdown, "light")
        yield window
        window.close_without_asking()
    finally:
        shutdown.run()


def take(folder: Path, size: tuple[int, int]) -> None:
    """Make every picture, named by page and theme."""
    folder.mkdir(parents=True, exist_ok=True)
    app = QApplication.instance() or QApplication(sys.argv[:1])
    if not isinstance(app, QApplication):
        raise TypeError("pictures need an application with windows")
    with FakeWorld() as world, tempfile.TemporaryDirectory() as temporary:
        book = Path(shutil.copy(sample_path("farm"), temporary))
        profile = Path(temporary, "profile")
        profile.mkdir()
        (profile / "settings.toml").write_text(settings(world), encoding="utf-8")
        live_through(world, profile, book)
        with window_at_the_desk(app, world, profile, book) as window:
            window.resize(*size)
            window.show()
            window.pump.start()
            wait_until(lambda: window.ready, SETTLED_MS)
            for page, theme in PICTURES:
                window.go(page)
                window.theme.choose(theme)
                wait_until(lambda: window.ready, SETTLED_MS)
                window.tick()
                picture = folder / f"{page}-{theme}.png"
                take_picture(window, picture)
                sys.stdout.write(f"{picture.name}: {picture.stat().st_size / 1000:.0f} kB\n")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=ROOT / "resources" / "screenshots")
    parser.add_argument("--size", default="1280x800")
    options = parser.parse_args()
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    width, height = (int(part) for part in options.size.split("x"))
    take(options.folder.resolve(), (width, height))
    return 0


if __name__ == "__main__":
    sys.exit(main())
