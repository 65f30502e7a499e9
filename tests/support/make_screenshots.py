"""Makes the README's pictures by the program itself: ``python -m tests.support.make_screenshots``.

The sample farm stands in a fake world, before a profile that holds a month of history. The fake
world plays the proxy, so that sources are named as an operator sees them and nobody outside is
asked.
"""

from __future__ import annotations

import argparse
import math
import os
import shutil
import subprocess
import sys
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

from minerdesk import assembly
from minerdesk.domain.cancel import CancelToken
from minerdesk.storage.resources import sample_path
from tests.support.fake_world import FakeWorld, Mode

ROOT = Path(__file__).parents[2]
PICTURES = (
    ("dashboard", "light"),
    ("dashboard", "dark"),
    ("fleet", "light"),
    ("network", "light"),
    ("profitability", "light"),
)
HISTORY = timedelta(days=30)
STEP = timedelta(hours=6)


def settings(world: FakeWorld) -> str:
    return f"""
[feeds]
mempool_url = "http://mempool.space"
coinbase_url = "http://api.exchange.coinbase.com"
kraken_url = "http://api.kraken.com"
ecb_url = "http://www.ecb.europa.eu"
proxy_url = "{world.url}"
[display]
locale = "en_US"
"""


def live_through(world: FakeWorld, profile: Path, book: Path) -> None:
    """Fill the history as a month of running would have, with prices that end where they are."""
    prices = (world.world.coinbase, world.world.kraken, world.world.mempool_prices)
    now, today = datetime.now(UTC), [dict(each) for each in prices]
    # The ninety days of hashrate come once, at the end: each call counts them from its own moment.
    world.modes = {"hashrate": Mode.NO_LISTS}
    steps = HISTORY // STEP
    for number in range(steps, 0, -1):
        ago = number * STEP
        drift = 1 + 0.05 * math.sin(number / 9) * math.sin(number / 31) - 0.0006 * number
        for each, last in zip(prices, today, strict=True):
            each.update({currency: round(price * drift, 2) for currency, price in last.items()})
        world.world.offset, world.world.born = -ago, now - ago
        desk = assembly.build(profile, clock=lambda moment=now - ago: moment)  # type: ignore[misc] # bound now
        try:
            desk.book.open(book)
            network = desk.poll(CancelToken())
            desk.evaluate(desk.book.book, desk.book.revision, network, CancelToken())
        finally:
            desk.close()
    for each, last in zip(prices, today, strict=True):
        each.update(last)
    world.world.offset, world.world.born = timedelta(), now
    world.modes = {}


def take(folder: Path, size: str) -> None:
    """Make every picture, named by page and theme."""
    folder.mkdir(parents=True, exist_ok=True)
    with FakeWorld() as world, tempfile.TemporaryDirectory() as temporary:
        book = Path(shutil.copy(sample_path("farm"), temporary))
        profile = Path(temporary, "profile")
        profile.mkdir()
        (profile / "settings.toml").write_text(settings(world), encoding="utf-8")
        live_through(world, profile, book)
        for page, theme in PICTURES:
            picture = folder / f"{page}-{theme}.png"
            subprocess.run(
                [
                    *(sys.executable, "-m", "minerdesk.app", "--profile", profile, "--book", book),
                    *("--page", page, "--theme", theme, "--size", size, "--screenshot", picture),
                ],
                cwd=ROOT,
                env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
                check=True,
            )
            sys.stdout.write(f"{picture.name}: {picture.stat().st_size / 1000:.0f} kB\n")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=ROOT / "resources" / "screenshots")
    parser.add_argument("--size", default="1280x800")
    options = parser.parse_args()
    take(options.folder.resolve(), options.size)
    return 0


if __name__ == "__main__":
    sys.exit(main())
