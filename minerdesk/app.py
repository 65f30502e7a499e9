"""Starts Qt and builds the window over what the assembly built. Nothing imports this."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import minerdesk
from minerdesk.domain.errors import MinerdeskError
from minerdesk.domain.text import _


@dataclass(frozen=True, slots=True)
class Options:
    """The command line, parsed.

    Attributes:
        book: the book to open; profile: where everything is kept; offline: ask no source.
        screenshot: save a picture there and quit; page, size (px), theme: what it shows.
    """

    book: Path | None = None
    profile: Path | None = None
    offline: bool = False
    screenshot: Path | None = None
    page: str = ""
    size: tuple[int, int] | None = None
    theme: str = ""


def parse(argv: Sequence[str]) -> Options:
    """Parse the command line; ``--version`` and ``--help`` end the program here."""
    parser = argparse.ArgumentParser(
        prog="minerdesk",
        description=_("Which mining machines should run, and what is that worth?"),
    )
    parser.add_argument("--book", type=Path, metavar="FILE", help=_("open this book"))
    parser.add_argument("--profile", type=Path, metavar="DIR", help=_("keep everything there"))
    parser.add_argument("--offline", action="store_true", help=_("ask no source"))
    parser.add_argument("--screenshot", type=Path, metavar="FILE", help=_("save a PNG and quit"))
    parser.add_argument("--page", default="", metavar="NAME", help=_("show this page first"))
    parser.add_argument("--size", type=_size, metavar="WxH", help=_("size of the window in pixels"))
    parser.add_argument("--theme", choices=("light", "dark"), default="", help=_("colours"))
    parser.add_argument("--version", action="version", version=f"minerdesk {minerdesk.__version__}")
    return Options(**vars(parser.parse_args(argv)))


def _size(text: str) -> tuple[int, int]:
    found = re.fullmatch(r"(\d{2,5})[xX×](\d{2,5})", text)
    if found is None:
        raise argparse.ArgumentTypeError(_("write a size such as 1280x800"))
    return int(found[1]), int(found[2])


def main(argv: Sequence[str] | None = None) -> int:
    """Run the program.

    Returns:
        0 done, 1 our or the world's failure, 2 the operator's input.
    """
    options = parse(sys.argv[1:] if argv is None else argv)
    # Qt takes time to load, so it is not loaded before the command line is known to be right.
    from minerdesk.ui.qt_check import fault_of_qt

    fault = fault_of_qt()
    if fault:
        return _refuse(fault, 1)
    from minerdesk.start import run

    try:
        return run(options)
    except MinerdeskError as error:
        return _refuse(str(error), 2)


def _refuse(sentence: str, code: int) -> int:
    sys.stderr.write(f"minerdesk: {sentence}\n")
    return code


if __name__ == "__main__":
    sys.exit(main())
