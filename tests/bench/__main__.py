"""Run benches by name: ``python -m tests.bench engine``; without a name all of them."""

from __future__ import annotations

import argparse
import importlib

from tests.bench.rows import print_rows

# A module with `rows() -> Iterable[Row]`; imported when it runs, for some need Qt.
BENCHES = {
    "engine": "tests.bench.bench_engine",
    "scenario": "tests.bench.bench_scenario",
    "table": "tests.bench.bench_table",
    "charts": "tests.bench.bench_charts",
    "start": "tests.bench.bench_start",
    "plan": "tests.bench.bench_plan",
    "window": "tests.bench.bench_window",
    "network": "tests.bench.bench_network",
    "coupled": "tests.bench.bench_coupled",
}


def main() -> None:
    """Print the rows of the benches that are named."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("bench", nargs="*", default=list(BENCHES), choices=BENCHES)
    for name in parser.parse_args().bench:
        print_rows(importlib.import_module(BENCHES[name]).rows())


if __name__ == "__main__":
    main()
