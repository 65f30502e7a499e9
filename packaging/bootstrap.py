"""Install and start minerdesk from a bare checkout, or run every check of it.

Standard library only: this file is what a machine with nothing but Python runs first.
"""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 - the one file that an older Python may be given
    sys.exit(f"minerdesk needs Python 3.11 or newer, and this is {sys.version.split()[0]}.")

import argparse
import os
import subprocess
from pathlib import Path

import checks
import desktop_entry
import environment
import system_libraries
from setup_error import SetupError

CHECKOUT = Path(__file__).resolve().parent.parent
SAMPLE_BOOK = CHECKOUT / "resources" / "samples" / "farm.minerdesk"
USAGE = """\
usage: python3 packaging/bootstrap.py COMMAND

  run [ARGS]   install what is needed and open the window; ARGS go to minerdesk
  test         install what is needed and run every check
  install      the same set-up, and an entry in this user's applications menu
  uninstall    take that entry away again (books and settings stay)
  add grid     install what live prices of power markets need (about 200 MB more)
"""
# Answers that need no window, so they are given on a machine without a screen too.
SCREENLESS_ARGS = {"--version", "--help", "-h", "--screenshot"}
SCREEN_PLATFORMS = {"", "xcb", "wayland"}


def needs_screen() -> bool:
    """Say whether Qt will want a screen: the caller has not chosen a platform that needs none."""
    chosen = os.environ.get("QT_QPA_PLATFORM", "")
    return chosen.split(";")[0].split(":")[0] in SCREEN_PLATFORMS


def has_screen() -> bool:
    """Say whether there is a screen that a window can appear on."""
    if sys.platform in {"win32", "darwin"}:
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def become(command: list[str]) -> int:
    """Replace this process by `command`; on Windows, where that detaches it, wait for it."""
    sys.stdout.flush()
    sys.stderr.flush()
    if sys.platform == "win32":
        return subprocess.call(command)
    return os.execv(command[0], command)  # noqa: S606 - no shell is wanted


def report_command(venv: environment.Environment, args: list[str]) -> list[str]:
    """Build the call of the command line that stands in for the window."""
    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    parser.add_argument("--book", type=Path)
    parser.add_argument("--profile")
    parser.add_argument("--offline", action="store_true")
    known, _ = parser.parse_known_args(args)
    profile = ["--profile", known.profile] if known.profile else []
    offline = ["--offline"] if known.offline or known.book is None else []
    book = known.book or SAMPLE_BOOK
    what = "the book" if known.book else "the sample book"
    print(
        f"No screen here (neither DISPLAY nor WAYLAND_DISPLAY is set): "
        f"the text report of {what} {book.name} follows."
    )
    return [str(venv.script("minerdesk-cli")), *profile, "report", str(book), *offline]


def run(args: list[str]) -> int:
    """Open the window, or print the text report where there is no screen."""
    windowless = not needs_screen() or any(arg.split("=")[0] in SCREENLESS_ARGS for arg in args)
    if has_screen() or windowless:
        system_libraries.provide(CHECKOUT, window=has_screen() and needs_screen())
    else:
        system_libraries.provide_if_allowed(CHECKOUT)
    venv = environment.ensure(CHECKOUT, ".venv", extras=("xlsx",))
    if not has_screen() and not windowless:
        return become(report_command(venv, args))
    if not has_screen() and needs_screen():
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    return become([str(venv.script("minerdesk")), *args])


def test(args: list[str]) -> int:
    """Run every check; stop at the first that fails."""
    if args:
        raise SetupError(f"test takes no further words, and was given {' '.join(args)}.")
    system_libraries.provide(CHECKOUT, window=False)
    return checks.run_all(CHECKOUT)


def install(args: list[str]) -> int:
    """Put minerdesk into this user's applications menu."""
    if args:
        raise SetupError(f"install takes no further words, and was given {' '.join(args)}.")
    system_libraries.provide(CHECKOUT, window=True)
    venv = environment.ensure(CHECKOUT, ".venv", extras=("xlsx",))
    for path in desktop_entry.install(CHECKOUT, venv.script("minerdesk")):
        print(f"written  {path}")
    return 0


def uninstall(args: list[str]) -> int:
    """Take the entry in the applications menu away."""
    if args:
        raise SetupError(f"uninstall takes no further words, and was given {' '.join(args)}.")
    for path in desktop_entry.uninstall():
        print(f"removed  {path}")
    print("Books, settings and history were left where they are.")
    return 0


def add(args: list[str]) -> int:
    """Install an optional part of the program."""
    if args != ["grid"]:
        raise SetupError(f"add takes the word grid, and was given {' '.join(args) or 'nothing'}.")
    environment.ensure(CHECKOUT, ".venv", extras=("xlsx", "grid"))
    print("Live prices of power markets can be chosen on the Power page at the next start.")
    return 0


COMMANDS = {"run": run, "test": test, "install": install, "uninstall": uninstall, "add": add}


def main(argv: list[str]) -> int:
    """Dispatch one command; 2 means it was not understood, 1 that it could not be done."""
    if argv and argv[0] in {"-h", "--help"}:
        print(USAGE, end="")
        return 0
    if not argv or argv[0] not in COMMANDS:
        print(USAGE, end="", file=sys.stderr)
        return 2
    try:
        return COMMANDS[argv[0]](argv[1:])
    except SetupError as error:
        print(f"minerdesk: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
