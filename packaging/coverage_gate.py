"""Hold the measured coverage against its thresholds, one line a package."""

import json
import sys
from collections import defaultdict
from pathlib import Path, PureWindowsPath

PACKAGE = "minerdesk"
# Everything that turns numbers into advice or writes the operator's files is covered wholly.
WHOLE = {"engine": 100.0, "storage": 100.0}
REST_PERCENT = 90.0


def room(path: str) -> str:
    """Return the package a measured file belongs to; modules at the top count as one."""
    parts = PureWindowsPath(path).parts
    inside = parts[parts.index(PACKAGE) + 1 :]
    return inside[0] if len(inside) > 1 else PACKAGE


def tally(report: dict[str, dict[str, dict[str, dict[str, int]]]]) -> dict[str, tuple[int, int]]:
    """Return (covered, all) lines and branches of every package."""
    sums: defaultdict[str, tuple[int, int]] = defaultdict(lambda: (0, 0))
    for path, entry in report["files"].items():
        numbers = entry["summary"]
        covered, whole = sums[room(path)]
        sums[room(path)] = (
            covered + numbers["covered_lines"] + numbers["covered_branches"],
            whole + numbers["num_statements"] + numbers["num_branches"],
        )
    return dict(sums)


def main(argv: list[str]) -> int:
    """Read the JSON report named by the only argument; 1 where a package is under its gate."""
    sums = tally(json.loads(Path(argv[0]).read_text(encoding="utf-8")))
    failed = False
    for name in sorted({*sums, *WHOLE}):
        covered, whole = sums.get(name, (0, 0))
        gate = WHOLE.get(name, REST_PERCENT)
        # A package that has nothing to cover is whole; one that was not measured is not.
        percent = 100.0 * covered / whole if whole else 100.0 * (name in sums)
        good = percent >= gate
        failed |= not good
        verdict = "ok" if good else "UNDER THE GATE"
        missed = f"{whole - covered} of {whole} lines and branches missed"
        print(f"{name:<12} {percent:6.2f} %  gate {gate:5.1f} %  {verdict}  ({missed})")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
