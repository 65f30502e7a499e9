"""The command line: what can be asked, and what its numbers may be."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable
from pathlib import Path
from typing import Final, NoReturn

import minerdesk
from minerdesk.domain.errors import UserError
from minerdesk.domain.limits import Limits
from minerdesk.domain.text import _

_NUMBER: Final = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_LARGEST_HEIGHT: Final = 2**31 - 1
_PRICE: Final = Limits(above=0, maximum=1e15)
_DIFFICULTY: Final = Limits(minimum=1, maximum=1e30)
_FEES: Final = Limits(minimum=0, maximum=21e6)


class Parser(argparse.ArgumentParser):
    """Refuses in one sentence instead of a page."""

    def error(self, message: str) -> NoReturn:
        """Raise what is wrong.

        Raises:
            UserError: always.
        """
        sentence = _("{message}; see {program} --help.").format(
            message=message[:1].upper() + message[1:], program=self.prog
        )
        raise UserError(sentence)


def parse(argv: list[str]) -> argparse.Namespace:
    """Parse the command line; ``--help`` and ``--version`` end the program here.

    Raises:
        UserError: it is not understood.
    """
    parser = Parser(
        prog="minerdesk-cli",
        description=_("Which mining machines should run, and what is that worth?"),
    )
    parser.add_argument("--profile", type=Path, metavar="DIR", help=_("keep everything there"))
    parser.add_argument(
        "--version", action="version", version=f"minerdesk-cli {minerdesk.__version__}"
    )
    commands = parser.add_subparsers(
        dest="command", metavar="COMMAND", required=True, parser_class=Parser
    )
    _add_evaluate(commands)
    _add_report(commands)
    network = commands.add_parser("network", help=_("the network's numbers, source and age"))
    _offline(network)
    _json(network)
    check = commands.add_parser("check", help=_("read a book strictly and say what it holds"))
    check.add_argument("book", type=Path, metavar="BOOK")
    commands.add_parser("schema", help=_("the JSON schema of a book's file"))
    return parser.parse_args(argv)


_Commands = argparse._SubParsersAction  # noqa: SLF001 - argparse gives this type no public name


def _add_evaluate(commands: _Commands[Parser]) -> None:
    evaluate = commands.add_parser("evaluate", help=_("a table of rigs against given numbers"))
    evaluate.add_argument("rigs", type=Path, metavar="RIGS.csv")
    for name, kind, text in (
        ("--price", _number("--price", _PRICE), _("money for one BTC")),
        ("--difficulty", _number("--difficulty", _DIFFICULTY), _("difficulty of the network")),
        ("--fees", _number("--fees", _FEES), _("transaction fees of a block in BTC")),
        ("--height", _height, _("height of the block being mined")),
    ):
        evaluate.add_argument(name, type=kind, required=True, metavar="N", help=text)
    evaluate.add_argument(
        "--currency", type=_currency, default="USD", metavar="CODE", help=_("of all money")
    )
    _json(evaluate)


def _add_report(commands: _Commands[Parser]) -> None:
    report = commands.add_parser("report", help=_("what to do now, and what it rests on"))
    report.add_argument("book", type=Path, metavar="BOOK")
    _offline(report)
    _json(report)


def _offline(parser: Parser) -> None:
    parser.add_argument("--offline", action="store_true", help=_("ask no source"))


def _json(parser: Parser) -> None:
    parser.add_argument("--json", action="store_true", help=_("print JSON"))


def _number(name: str, limits: Limits) -> Callable[[str], float]:
    def read(text: str) -> float:
        value = float(text) if _NUMBER.fullmatch(text.strip()) else None
        if value is None or not limits.allow(value):
            raise UserError(
                _("{name} must be a number {limits}, found “{value}”.").format(
                    name=name, limits=limits.sentence(), value=text
                ),
                where=name,
                value=text,
            )
        return value

    return read


def _height(text: str) -> int:
    plain = text.strip()
    if not re.fullmatch(r"[0-9]{1,10}", plain) or int(plain) > _LARGEST_HEIGHT:
        raise UserError(
            _("{name} must be a whole number from 0 to {most}, found “{value}”.").format(
                name="--height", most=_LARGEST_HEIGHT, value=text
            ),
            where="--height",
            value=text,
        )
    return int(plain)


def _currency(text: str) -> str:
    if not re.fullmatch(r"[A-Za-z]{3}", text):
        raise UserError(
            _("{name} must be a code of three letters such as USD, found “{value}”.").format(
                name="--currency", value=text
            ),
            where="--currency",
            value=text,
        )
    return text.upper()
