"""The operator's hand in a process of the program: ``python -m tests.end_to_end.hand ACT …``.

It runs the program with the options behind ACT and acts once the event loop runs. Acts:
``close=MS`` and ``quit=MS`` (the cross, the menu) after so many milliseconds; ``wait`` does
nothing but say that the window is there; ``edit=N`` gives the first group N machines as soon as all
is shown; ``sample=N`` does so in a new book made of a sample.
"""

from __future__ import annotations

import sys
from functools import partial

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from minerdesk import app as program
from minerdesk.domain.book import Book
from minerdesk.services.desk import Desk
from minerdesk.services.edits import change_groups
from minerdesk.ui.main_window import MainWindow
from minerdesk.ui.shutdown import Shutdown


def say(word: str) -> None:
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


def act(window: MainWindow, what: str) -> None:
    name, _equals, number = what.partition("=")
    say("shown")
    if name == "close":
        QTimer.singleShot(int(number), window.close)
    elif name == "quit":
        QTimer.singleShot(int(number), window.table["app.quit"].run)
    elif name == "sample":
        window.book_actions.open_sample(window.desk.sample("home"))
        edit(window, int(number))
    elif name == "edit":
        edit(window, int(number))


def edit(window: MainWindow, count: int) -> None:
    """Wait in steps, for the program's own loop must run meanwhile."""
    if not (window.ready and window.desk.book.book.groups):
        QTimer.singleShot(20, partial(edit, window, count))
        return

    def change(book: Book) -> Book:
        return change_groups(book, {book.groups[0].id}, {"count": count})

    window.context.run_command("Change count", change)
    say("edited")


def main() -> int:
    what, options = sys.argv[1], sys.argv[2:]
    build = program.build_window

    def built(app: QApplication, desk: Desk, shutdown: Shutdown, theme_name: str) -> MainWindow:
        window = build(app, desk, shutdown, theme_name)
        QTimer.singleShot(0, partial(act, window, what))
        return window

    program.build_window = built
    return program.main(options)


if __name__ == "__main__":
    sys.exit(main())
