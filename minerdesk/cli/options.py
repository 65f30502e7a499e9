"""The command line: what can be asked, and what its numbers may be."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final, NoReturn

import minerdesk
from minerdesk.domain.errors import UserError
from minerdesk.domain.limits import Limits
from minerdesk.domain.text import _

_NUMBER: Final = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_LARGEST_HEIGHT: Final = 2**31 - 1
_PRICE: Final = Limits(minimum=1e-30, above=0, maximum=1e30)
_DIFFICULTY: Final = Limits(minimum=1, maximum=1e30)
_FEES: Final = Limits(minimum=0, maximum=21e6)
_FIRST_YEAR: Final = 2009  # of the first block
_LAST_YEAR: Final = 9998  # the last but one that calendars know


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
    parser.add_argument("--profile", type=_folder, metavar="DIR", help=_("keep everything there"))
    parser.add_argument(
        "--version", action="version", version=f"minerdesk-cli {minerdesk.__version__}"
    )
    commands = parser.add_subparsers(
        dest="command", metavar="COMMAND", required=True, parser_class=Parser
    )
    _add_evaluate(commands)
    _add_report(commands)
    _add_plan(commands)
    _add_bill(commands)
    _add_network(commands)
    check = commands.add_parser("check", help=_("read a book strictly and say what it holds"))
    check.add_argument("book", type=Path, metavar="BOOK")
    commands.add_parser("schema", help=_("the JSON schema of a book's file"))
    return parser.parse_args(argv)


_Commands = argparse._SubParsersAction  # noqa: SLF001 - argparse gives this type no public name


def _add_evaluate(commands: _Commands[Parser]) -> None:
    evaluate = commands.add_parser("evaluate", help=_("a table of rigs against given numbers"))
    evaluate.add_argument("rigs", type=Path, metavar="RIGS.csv")
    _numbers(evaluate, required=True)
    evaluate.add_argument(
        "--currency", type=_currency, default="USD", metavar="CODE", help=_("of all money")
    )
    _json(evaluate)


def _add_report(commands: _Commands[Parser]) -> None:
    report = commands.add_parser("report", help=_("what to do now, and what it rests on"))
    report.add_argument("book", type=Path, metavar="BOOK")
    _offline(report)
    _json(report)


def _add_network(commands: _Commands[Parser]) -> None:
    network = commands.add_parser(
        "network", help=_("the network's numbers, and what its history says")
    )
    network.add_argument(
        "--history",
        type=Path,
        metavar="FILE.csv",
        help=_("daily history to read instead of asking any source"),
    )
    network.add_argument(
        "--as-of",
        type=_day,
        metavar="DATE",
        help=_("use complete days up to and including this one, and nothing later"),
    )
    network.add_argument(
        "--power-price",
        type=_number("--power-price", Limits(minimum=0.001, maximum=10)),
        default=0.05,
        metavar="N",
        help=_("USD per kWh for the network's cost of mining"),
    )
    _offline(network)
    _json(network)


def _add_plan(commands: _Commands[Parser]) -> None:
    plan = commands.add_parser("plan", help=_("which rigs to run when, and what that is worth"))
    plan.add_argument("book", type=Path, metavar="BOOK")
    plan.add_argument(
        "--hours",
        type=_whole("--hours", 24, 336),
        default=48,
        metavar="N",
        help=_("how far to plan, 24 to 336"),
    )
    plan.add_argument(
        "--step", type=_step, default=60, metavar="N", help=_("minutes of a step: 15, 30 or 60")
    )
    plan.add_argument(
        "--prices",
        type=_site_file,
        action="append",
        default=[],
        metavar="SITE=FILE.csv",
        help=_("prices of power at a site; may be given for several"),
    )
    _numbers(plan, required=False)
    plan.add_argument(
        "--retarget",
        type=_number("--retarget", Limits(minimum=-75, maximum=300)),
        metavar="PCT",
        help=_("change of difficulty at the next retarget, percent"),
    )
    plan.add_argument(
        "--from",
        dest="begin",
        type=_moment,
        metavar="TIME",
        help=_("plan from then on, such as 2026-01-19T00:00:00Z, instead of from now"),
    )
    plan.add_argument(
        "--seconds",
        type=_number("--seconds", Limits(above=0, maximum=3600)),
        default=30.0,
        metavar="N",
        help=_("how long to search at most"),
    )
    _offline(plan)
    _json(plan)


def _add_bill(commands: _Commands[Parser]) -> None:
    bill = commands.add_parser("bill", help=_("the bill of a month, line by line"))
    bill.add_argument("book", type=Path, metavar="BOOK")
    bill.add_argument("--site", required=True, metavar="ID", help=_("whose bill"))
    bill.add_argument(
        "--load",
        required=True,
        type=Path,
        metavar="FILE.csv",
        help=_("columns start and kw, the mean of each step"),
    )
    bill.add_argument("--month", required=True, metavar="2026-01", help=_("local month"))
    bill.add_argument(
        "--prices", type=Path, metavar="FILE.csv", help=_("prices of the tariff's index")
    )
    _json(bill)


def _numbers(parser: Parser, *, required: bool) -> None:
    for name, kind, text in (
        ("--price", _number("--price", _PRICE), _("money for one BTC")),
        ("--difficulty", _number("--difficulty", _DIFFICULTY), _("difficulty of the network")),
        ("--fees", _number("--fees", _FEES), _("transaction fees of a block in BTC")),
        ("--height", _height, _("height of the block being mined")),
    ):
        parser.add_argument(name, type=kind, required=required, metavar="N", help=text)


def _offline(parser: Parser) -> None:
    parser.add_argument("--offline", action="store_true", help=_("ask no source"))


def _json(parser: Parser) -> None:
    parser.add_argument("--json", action="store_true", help=_("print JSON"))


def _folder(text: str) -> Path:
    """Return a folder. An empty text, as of a variable that is not set, is not where we stand."""
    if not text.strip():
        raise UserError(
            _("{name} must be a folder, found “{value}”.").format(name="--profile", value=text),
            where="--profile",
            value=text,
        )
    return Path(text)


def _number(name: str, limits: Limits) -> Callable[[str], float]:
    def read(text: str) -> float:
        value = float(text) if _NUMBER.fullmatch(text.strip()) else None
        if value is None or not limits.allow(value):
            raise UserError(
                _("{name} must be a number {limits}, found “{value}”.").format(
                    name=name, limits=limits.sentence(value), value=text
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


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text.strip())
    except ValueError as error:
        raise UserError(
            _("{name} must be a date such as 2026-01-19, found “{value}”.").format(
                name="--as-of", value=text
            ),
            where="--as-of",
            value=text,
        ) from error


def _whole(name: str, least: int, most: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        plain = text.strip()
        if not re.fullmatch(r"[0-9]{1,9}", plain) or not least <= int(plain) <= most:
            raise UserError(
                _("{name} must be a whole number from {least} to {most}, found “{value}”.").format(
                    name=name, least=least, most=most, value=text
                ),
                where=name,
                value=text,
            )
        return int(plain)

    return read


def _step(text: str) -> int:
    if text.strip() not in {"15", "30", "60"}:
        raise UserError(
            _("{name} must be 15, 30 or 60 minutes, found “{value}”.").format(
                name="--step", value=text
            ),
            where="--step",
            value=text,
        )
    return int(text)


def _site_file(text: str) -> tuple[str, Path]:
    site, equals, path = text.partition("=")
    if not (site.strip() and equals and path.strip()):
        raise UserError(
            _(
                "{name} must be a site and a file, such as texas=prices.csv, found “{value}”."
            ).format(name="--prices", value=text),
            where="--prices",
            value=text,
        )
    return site.strip(), Path(path.strip())


def _moment(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError:
        found = None
    if found is not None and not _FIRST_YEAR <= found.year <= _LAST_YEAR:
        raise UserError(
            _("{name} must lie in the years {first} to {last}, found “{value}”.").format(
                name="--from", first=_FIRST_YEAR, last=_LAST_YEAR, value=text
            ),
            where="--from",
            value=text,
        )
    if found is None or found.tzinfo is None:
        raise UserError(
            _(
                "{name} must be a time with its offset from UTC, such as 2026-01-19T00:00:00Z, "
                "found “{value}”."
            ).format(name="--from", value=text),
            where="--from",
            value=text,
        )
    return found.astimezone(UTC)


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
