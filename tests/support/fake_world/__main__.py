"""Run the fake world by hand, to look at the real program against it."""

from __future__ import annotations

import argparse
import sys
import threading

from tests.support.fake_world import ENDPOINTS, PAST_ENDPOINTS, FakeWorld, Mode


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.support.fake_world")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument(
        "--mode",
        action="append",
        default=[],
        metavar="ENDPOINT=MODE",
        help=f"endpoint: * or {', '.join(ENDPOINTS + PAST_ENDPOINTS)}; mode: {', '.join(Mode)}",
    )
    parser.add_argument("--jump", type=float, default=0.0, help="seconds its clock is ahead")
    options = parser.parse_args()
    modes: dict[str, Mode] = {}
    for text in options.mode:
        endpoint, _equals, mode = text.partition("=")
        if endpoint not in {"*", *ENDPOINTS, *PAST_ENDPOINTS} or mode not in set(Mode):
            parser.error(f"--mode {text}: see --help for endpoints and modes")
        modes[endpoint] = Mode(mode)
    with FakeWorld(port=options.port) as fake:
        fake.modes = modes
        fake.world.jump(options.jump)
        sys.stdout.write(fake.settings_toml())
        sys.stdout.flush()
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            return 0
    return 0


if __name__ == "__main__":
    sys.exit(main())
