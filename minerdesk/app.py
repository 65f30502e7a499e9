"""Starts Qt and builds the window over what the assembly built. Nothing imports this."""

from __future__ import annotations

import argparse
import logging
import os
import re
import signal
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import minerdesk
from minerdesk.domain.errors import UserError, WorldError
from minerdesk.domain.text import _

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

    from minerdesk.services.desk import Desk
    from minerdesk.ui.main_window import MainWindow
    from minerdesk.ui.shutdown import Shutdown

_log = logging.getLogger("minerdesk.app")
_PICTURE_LIMIT_MS = 20_000


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


class Ending:
    """Ctrl-C and the system's request to end, which close the window as its cross does.

    One that comes before there is a window is kept until there is. Left to itself Python would
    raise it as an exception somewhere inside Qt, where it is lost.
    """

    def __init__(self) -> None:
        self._asked = False
        self._end: Callable[[], object] | None = None

    def listen(self) -> None:
        """Take the signals from now on."""
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._ask)

    def close(self, end: Callable[[], object]) -> None:
        """Have ``end`` called when, or where already, the program is asked to end."""
        self._end = end
        if self._asked:
            end()

    def _ask(self, _number: int, _frame: object) -> None:
        self._asked = True
        if self._end is not None:
            self._end()


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
    given = sys.argv[1:] if argv is None else argv
    if {"-h", "--help"} & set(given):
        from minerdesk.services.words.language import speak_in_help

        speak_in_help()
    options = parse(given)
    ending = Ending()
    if options.screenshot is None:
        ending.listen()
    sentence = _prepare_screen(options)
    if sentence:
        return _refuse(sentence, 1)
    # All this takes time to load, so none of it is before the command line is known to be right. Qt
    # comes last: its import hook reads the source of every module that is loaded after it.
    import_module("minerdesk.assembly")
    from minerdesk.ui.qt_check import fault_of_qt

    sentence = fault_of_qt()
    if sentence:
        return _refuse(sentence, 1)
    try:
        return _run(options, ending)
    except UserError as error:
        return _refuse(str(error), 2)
    except WorldError as error:
        return _refuse(str(error), 1)


def _prepare_screen(options: Options) -> str:
    """See that there is a screen, or none is needed; Qt itself would abort without a word."""
    has_screen = any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY"))
    if sys.platform in {"win32", "darwin"} or has_screen or os.environ.get("QT_QPA_PLATFORM"):
        return ""
    if options.screenshot is not None:
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
        return ""
    return _("There is no screen here; `minerdesk-cli report BOOK` says the same in text.")


def _run(options: Options, ending: Ending) -> int:
    from PySide6.QtWidgets import QApplication

    from minerdesk import assembly
    from minerdesk.ui.page_table import all_pages
    from minerdesk.ui.qt_messages import log_qt_messages
    from minerdesk.ui.shutdown import Shutdown

    pages = all_pages()
    first = options.page or pages[0].name
    if first not in {entry.name for entry in pages}:
        names = ", ".join(entry.name for entry in pages)
        raise UserError(
            _("There is no page {page}; the pages are {names}.").format(page=first, names=names)
        )
    app = QApplication(sys.argv[:1])
    app.setApplicationName("minerdesk")
    app.setDesktopFileName("minerdesk")
    shutdown = Shutdown()
    desk = assembly.build(options.profile, offline=options.offline)
    _keep_log(desk, shutdown)
    end_messages = log_qt_messages()
    shutdown.add("messages of Qt", lambda _left_s: end_messages())
    shutdown.add("desk", lambda _left_s: desk.close())
    try:
        if options.book is not None:
            desk.book.open(options.book)
        elif options.screenshot is None:
            _reopen(desk)
        window = build_window(app, desk, shutdown, options.theme)
        code = _show(app, window, options, first, ending)
    finally:
        clean = shutdown.run()
    if not clean:
        # A thread that ignores its token would keep the process alive; nothing is unsaved here.
        sys.stdout.flush()
        os._exit(code)
    return code


def _keep_log(desk: Desk, shutdown: Shutdown) -> None:
    """Write a log from now on; a disk that refuses is said in the window and stops nothing."""
    from minerdesk import assembly

    try:
        end_log = assembly.open_log(desk)
    except WorldError as error:
        desk.problems = (*desk.problems, str(error))
        return
    shutdown.add("log", lambda _left_s: end_log())
    _log.info("minerdesk %s starts.", minerdesk.__version__)


def _reopen(desk: Desk) -> None:
    """Open the book that was open last, where its file is still there and the setting allows."""
    last = next(iter(desk.recent_books), None)
    if last is None or not desk.settings.flag("display.reopen_last") or not last.is_file():
        return
    try:
        desk.book.open(last)
    except (UserError, WorldError) as error:
        desk.problems = (*desk.problems, str(error))


def build_window(app: QApplication, desk: Desk, shutdown: Shutdown, theme_name: str) -> MainWindow:
    """Build the window and everything of Qt it stands on.

    Args:
        app: the application, which wears the theme.
        desk: what the assembly built.
        shutdown: takes the steps that end what is built here.
        theme_name: ``light``, ``dark`` or ``auto``; empty takes the setting.
    """
    from minerdesk.services.words.language import speak
    from minerdesk.ui.errors import Errors
    from minerdesk.ui.main_window import MainWindow
    from minerdesk.ui.notifier import tell_of_moves
    from minerdesk.ui.page_table import all_pages
    from minerdesk.ui.pump import Pump
    from minerdesk.ui.qt_words import let_qt_speak
    from minerdesk.ui.state import DeskState
    from minerdesk.ui.tasks import TaskRunner
    from minerdesk.ui.theme import Theme
    from minerdesk.ui.tooltips import wrap_tool_tips

    # Widgets take their words when they are made.
    speak(desk.formats.locale)
    quiet = let_qt_speak(app, desk.formats.locale)
    shutdown.add("words of Qt", lambda _left_s: quiet())
    end_tips = wrap_tool_tips(app)
    shutdown.add("tool tips", lambda _left_s: end_tips())
    theme = Theme(theme_name or desk.settings.text("display.theme"))
    theme.apply(app)
    errors = Errors(lambda: desk.known_secrets)
    state, tasks = DeskState(), TaskRunner()
    errors.install()
    shutdown.add("reports", lambda _left_s: errors.uninstall())
    shutdown.add("tasks", tasks.shutdown)
    pump = Pump(desk, state, tasks, clock=lambda: desk.now)
    shutdown.add("polling", lambda _left_s: pump.stop())
    window = MainWindow(
        desk,
        state,
        theme,
        tasks=tasks,
        errors=errors,
        pump=pump,
        pages=all_pages(),
        now=lambda: desk.now,
    )
    tell_of_moves(window, state, tasks)
    return window


def _show(
    app: QApplication, window: MainWindow, options: Options, first: str, ending: Ending
) -> int:
    """Show the window until it is closed, or take its picture."""
    from PySide6.QtCore import QTimer

    from minerdesk.ui import geometry
    from minerdesk.ui.first_paint import FirstPaint

    pump, desk = window.pump, window.desk
    if options.size is not None:
        window.resize(*options.size)
    else:
        geometry.restore(window, desk.state_dir)
    window.go(first)
    window.show()
    if window.pages.current is not None:
        window.pages.current.take_keys()
    FirstPaint(window, pump.start)
    if options.screenshot is not None:
        from minerdesk.ui.pictures import take_picture, wait_until

        wait_until(lambda: window.ready, _PICTURE_LIMIT_MS)
        window.tick()
        take_picture(window, options.screenshot)
        window.close_without_asking()
        return 0
    FirstPaint(window, window.look_for_lost_books)
    window.closed.connect(lambda: geometry.keep(window, desk.state_dir))
    window.closed.connect(app.quit)
    # Python sees signals between two beats of the window's clock; none ends a loop not yet begun.
    ending.close(lambda: QTimer.singleShot(0, window.close_without_asking))
    window.tell_troubles()
    return app.exec()


def _refuse(sentence: str, code: int) -> int:
    sys.stderr.write(f"minerdesk: {sentence}\n")
    return code


if __name__ == "__main__":
    sys.exit(main())
