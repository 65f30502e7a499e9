"""Runs one command and turns its outcome into an exit code.

0 done, 1 our or the world's failure, 2 the operator's input; then one sentence stands on standard
error and nothing on standard output.
"""

from __future__ import annotations

import json
import os
import re
import sys
from argparse import Namespace
from collections.abc import Callable, Sequence
from typing import Final

from minerdesk.cli import options
from minerdesk.domain.errors import UserError, WorldError
from minerdesk.domain.text import _

DONE: Final = 0
FAILED: Final = 1
REFUSED: Final = 2

# Longer than any number and all but the rarest paths; it would push the sentence off the screen.
_LONG_WORD: Final = re.compile(r"\S{200,}")


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line.

    Args:
        argv: arguments without the program's name; None takes the process's.

    Returns:
        The exit code.
    """
    try:
        given = list(sys.argv[1:] if argv is None else argv)
        if {"-h", "--help"} & set(given):
            from minerdesk.services.words.language import speak_in_help

            speak_in_help()
        asked = options.parse(given)
        output = _COMMANDS[asked.command](asked)
    except UserError as error:
        return _refuse(error.sentence, REFUSED)
    except WorldError as error:
        return _refuse(str(error), FAILED)
    except KeyboardInterrupt:
        return _refuse(_("Stopped."), FAILED)
    except Exception as error:  # noqa: BLE001 - the last resort: one sentence, not a page
        kind = type(error).__name__
        return _refuse(
            _("This is a fault of minerdesk itself: {kind}: {what}").format(kind=kind, what=error),
            FAILED,
        )
    return _print(output)


def _evaluate(asked: Namespace) -> str:
    # Each command loads only what it needs, to keep the start fast.
    from minerdesk.cli.evaluate import run

    return run(asked)


def _report(asked: Namespace) -> str:
    from minerdesk.cli.live import report

    return report(asked)


def _network(asked: Namespace) -> str:
    from minerdesk.cli.live import network

    return network(asked)


def _plan(asked: Namespace) -> str:
    from minerdesk.cli.plan import run

    return run(asked)


def _bill(asked: Namespace) -> str:
    from minerdesk.cli.bill import run

    return run(asked)


def _check(asked: Namespace) -> str:
    from minerdesk.cli.books import check

    return check(asked.book)


def _schema(_asked: Namespace) -> str:
    from minerdesk.services.book_reading import schema

    return json.dumps(schema(), indent=2) + "\n"


_COMMANDS: Final[dict[str, Callable[[Namespace], str]]] = {
    "evaluate": _evaluate,
    "report": _report,
    "plan": _plan,
    "bill": _bill,
    "network": _network,
    "check": _check,
    "schema": _schema,
}


def _print(output: str) -> int:
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    try:
        output.encode(encoding)
    except UnicodeEncodeError:  # a terminal without a typographic minus still gets its report
        output = output.replace("−", "-").replace("–", "-").replace("×", "x")
        output = output.encode(encoding, "replace").decode(encoding)
    try:
        sys.stdout.write(output)
        sys.stdout.flush()
    except BrokenPipeError:  # who reads has seen enough, as `head` does
        sys.stderr.close()
    except OSError as error:
        # What is still buffered would fail anew at the exit, with a traceback of its own.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sentence = _("The answer could not be written: {what}.")
        return _refuse(sentence.format(what=error.strerror or error), FAILED)
    return DONE


def _refuse(sentence: str, code: int) -> int:
    shown = "".join(each if each.isprintable() else " " for each in sentence)
    plain = _LONG_WORD.sub(
        lambda found: f"{found[0][:100]}…{found[0][-80:]}", " ".join(shown.split())
    )
    stream = sys.stderr
    encoding = getattr(stream, "encoding", None) or "utf-8"
    stream.write(f"minerdesk-cli: {plain}\n".encode(encoding, "replace").decode(encoding))
    return code
