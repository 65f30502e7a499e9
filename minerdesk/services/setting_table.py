"""Every setting, declared once: the preferences page, the command line and the docs come from it.

A key has the form ``section.name`` (or ``name`` alone); its unit stands in its name.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final
from urllib.parse import urlsplit

from minerdesk.domain.errors import UserError
from minerdesk.domain.limits import Limits
from minerdesk.domain.text import _

Value = bool | int | float | str

_HTTP: Final = ("http", "https")
_PROXY: Final = ("socks5h", "socks5", "http", "https")


def N_(message: str) -> str:  # noqa: N802 - the name tools that collect text know
    """Mark text that is translated later, where it is shown."""
    return message


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting.

    Attributes:
        key: such as ``feeds.poll_s``.
        default: its value where the operator said nothing; it gives the type.
        limits: what a number may be.
        choices: the only texts allowed; empty allows every text.
        numbers: the only numbers allowed; empty allows every one within the limits.
        schemes: the text is an address of one of these schemes, or empty.
        pattern: regular expression the whole text must match.
        secret: never in a file; `storage.secrets` keeps it under the same key.
        restart: it takes effect at the next start.
    """

    key: str
    default: Value
    label_text: str
    help_text: str = ""
    limits: Limits | None = None
    choices: tuple[str, ...] = ()
    numbers: tuple[int, ...] = ()
    schemes: tuple[str, ...] = ()
    pattern: str = ""
    secret: bool = False
    restart: bool = False

    @property
    def section(self) -> str:
        """The part before the dot; empty where there is none."""
        return self.key.rpartition(".")[0]

    @property
    def label(self) -> str:
        """What it is called, in the operator's language."""
        return _(self.label_text)

    @property
    def help(self) -> str:
        """What it does, in the operator's language; may be empty."""
        return _(self.help_text) if self.help_text else ""

    def check(self, value: object) -> Value:
        """Return a value in the setting's type.

        Raises:
            UserError: one sentence with the key, what is allowed and the value found.
        """
        if isinstance(self.default, bool):
            return value if isinstance(value, bool) else self._refuse(_("true or false"), value)
        if isinstance(self.default, str):
            return self._check_text(value)
        return self._check_number(value)

    def parse(self, text: str) -> Value:
        """Read a value from text as TOML writes it: ``true``, ``60``, ``0.015``, or the text.

        Raises:
            UserError: as `check`.
        """
        text = text.strip()
        if isinstance(self.default, str):
            return self.check(text)
        if isinstance(self.default, bool):
            return self.check({"true": True, "false": False}.get(text.lower(), text))
        try:
            return self.check(int(text) if isinstance(self.default, int) else float(text))
        except ValueError:
            return self._check_number(text)

    def _check_number(self, value: object) -> Value:
        whole = isinstance(self.default, int)
        wanted = _("a whole number") if whole else _("a number")
        allowed = (int,) if whole else (int, float)
        if isinstance(value, bool) or not isinstance(value, allowed):
            return self._refuse(wanted, value)
        if self.limits is not None and not self.limits.allow(value):
            return self._refuse(f"{wanted} {self.limits.sentence(value)}", value)
        if self.numbers and value not in self.numbers:
            listed = ", ".join(str(number) for number in self.numbers)
            return self._refuse(_("one of {choices}").format(choices=listed), value)
        return value if whole else float(value)

    def _check_text(self, value: object) -> Value:
        if not isinstance(value, str):
            return self._refuse(_("a text"), value)
        if self.choices and value not in self.choices:
            return self._refuse(
                _("one of {choices}").format(choices=", ".join(self.choices)), value
            )
        if self.schemes and value and not _is_address(value, self.schemes):
            form = " / ".join(f"{scheme}://…" for scheme in self.schemes)
            return self._refuse(_("an address ({form}) or empty").format(form=form), value)
        if self.pattern and not re.fullmatch(self.pattern, value):
            return self._refuse(_("of the right form"), value)
        return value

    def _refuse(self, wanted: str, value: object) -> Value:
        found = value if isinstance(value, str) else repr(value)
        raise UserError(
            _("The setting {key} must be {wanted}; found {value}.").format(
                key=self.key, wanted=wanted, value=f"“{found}”"
            ),
            where=self.key,
            value=str(value),
        )


def _is_address(text: str, schemes: tuple[str, ...]) -> bool:
    try:
        parts = urlsplit(text)
        has_host = bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        return False
    return parts.scheme in schemes and has_host and not re.search(r"\s", text)


def _url(key: str, default: str, label: str, help_text: str = "") -> Setting:
    return Setting(key, default, label, help_text, schemes=_HTTP)


_POSITIVE = Limits(above=0)
_FRACTION = Limits(minimum=0, below=1)
_TOLERANCE = Limits(above=0, below=1)
_WAIT = Limits(minimum=0.5, maximum=120)

SETTINGS: Final[tuple[Setting, ...]] = (
    Setting(
        "offline",
        False,
        N_("Work offline"),
        N_("No feed is asked; the last known and the typed numbers stay in force."),
    ),
    _url(
        "feeds.mempool_url",
        "https://mempool.space",
        N_("Mempool address"),
        N_("Any instance, with its path where it has one. Empty turns this source off."),
    ),
    Setting(
        "feeds.mempool_allow_self_signed",
        False,
        N_("Accept a certificate nobody vouches for"),
        N_("For your own mempool server alone: whoever stands between can change the numbers."),
    ),
    _url("feeds.coinbase_url", "https://api.exchange.coinbase.com", N_("Coinbase address")),
    _url("feeds.kraken_url", "https://api.kraken.com", N_("Kraken address")),
    _url(
        "feeds.core_url",
        "",
        N_("Bitcoin Core address"),
        N_("Your own node, such as http://127.0.0.1:8332. Empty turns this source off."),
    ),
    Setting(
        "feeds.core_cookie_file",
        "",
        N_("Bitcoin Core cookie file"),
        N_("The node's .cookie file; it goes before user and password."),
    ),
    Setting("feeds.core_user", "", N_("Bitcoin Core user")),
    Setting(
        "feeds.core_password",
        "",
        N_("Bitcoin Core password"),
        N_("Kept in the system's keyring; without one, until you quit."),
        secret=True,
    ),
    _url(
        "feeds.ecb_url",
        "https://www.ecb.europa.eu",
        N_("European Central Bank address"),
        N_("Daily exchange rates. Empty turns this source off."),
    ),
    _url(
        "feeds.blockchain_url",
        "https://api.blockchain.info",
        N_("blockchain.com address"),
        N_("Charts of the network's past. Empty turns this source off."),
    ),
    Setting(
        "feeds.coin_metrics",
        False,
        N_("Ask Coin Metrics"),
        N_("The network's past; its community data are for non-commercial use (CC BY-NC 4.0)."),
    ),
    _url(
        "feeds.coin_metrics_url",
        "https://community-api.coinmetrics.io",
        N_("Coin Metrics address"),
        N_("Asked only where you allow it above."),
    ),
    Setting(
        "feeds.entsoe_key",
        "",
        N_("ENTSO-E key"),
        N_("For live power prices in Europe; ENTSO-E gives one to everybody who registers."),
        secret=True,
    ),
    Setting("feeds.pjm_key", "", N_("PJM key"), N_("For live power prices of PJM."), secret=True),
    Setting(
        "feeds.aeso_key",
        "",
        N_("AESO key"),
        N_("For live power prices of Alberta."),
        secret=True,
    ),
    Setting(
        "feeds.proxy_url",
        "",
        N_("Proxy"),
        N_("Such as socks5h://127.0.0.1:9050 for Tor. Empty takes the system's."),
        schemes=_PROXY,
    ),
    Setting(
        "feeds.poll_s",
        60,
        N_("Ask every (s)"),
        N_("Public servers ban those who ask more often than once a minute."),
        limits=Limits(minimum=30, maximum=3600),
    ),
    Setting("feeds.connect_timeout_s", 5.0, N_("Longest wait for a connection (s)"), limits=_WAIT),
    Setting("feeds.read_timeout_s", 10.0, N_("Longest wait for an answer (s)"), limits=_WAIT),
    Setting(
        "freshness.exchange_price_min",
        5.0,
        N_("An exchange's price is stale after (min)"),
        limits=_POSITIVE,
    ),
    Setting(
        "freshness.mempool_price_min",
        75.0,
        N_("Mempool's price is stale after (min)"),
        N_("It is renewed once an hour."),
        limits=_POSITIVE,
    ),
    Setting(
        "freshness.height_difficulty_min",
        30.0,
        N_("Height and difficulty are stale after (min)"),
        limits=_POSITIVE,
    ),
    Setting("freshness.fees_min", 60.0, N_("Fees are stale after (min)"), limits=_POSITIVE),
    Setting("freshness.hashrate_h", 24.0, N_("Hashrate is stale after (h)"), limits=_POSITIVE),
    Setting(
        "freshness.no_advice_price_min",
        30.0,
        N_("No advice on a price older than (min)"),
        limits=_POSITIVE,
    ),
    Setting(
        "freshness.no_advice_difficulty_h",
        24.0,
        N_("No advice on a difficulty older than (h)"),
        limits=_POSITIVE,
    ),
    Setting(
        "freshness.outlier_fraction",
        0.015,
        N_("A price is an outlier beyond (fraction of the median)"),
        limits=Limits(above=0, below=1),
    ),
    Setting(
        "tolerance.fee_share",
        0.10,
        N_("Error of fees (fraction of their share)"),
        N_("How far the mean of fees may be off; it widens “too close to call”."),
        limits=_FRACTION,
    ),
    Setting(
        "tolerance.price_drift_per_day",
        0.025,
        N_("Drift of the price (fraction in a day)"),
        N_("How far an old price may have moved; it grows with the root of its age."),
        limits=_FRACTION,
    ),
    Setting(
        "tolerance.floor",
        0.005,
        N_("Least error (fraction of revenue)"),
        N_("Gains smaller than this are always too close to call."),
        limits=_FRACTION,
    ),
    Setting(
        "plan.hours",
        48,
        N_("How far to plan (h)"),
        N_("From one day to fourteen; past the last known price a forecast stands."),
        limits=Limits(minimum=24, maximum=336),
    ),
    Setting(
        "plan.step_minutes",
        60,
        N_("Length of a plan's step (min)"),
        N_("A quarter of an hour follows prices closest and takes longest to plan."),
        numbers=(15, 30, 60),
    ),
    Setting(
        "plan.seconds",
        30.0,
        N_("Longest search for a better plan (s)"),
        N_("A first plan is there at once; where a site's rules bind it is bettered so long."),
        limits=Limits(minimum=1, maximum=600),
    ),
    Setting(
        "plan.notify",
        True,
        N_("Tell me of moves"),
        N_("A message of the system before an advised move, and when one changes."),
    ),
    Setting(
        "plan.notify_minutes",
        10.0,
        N_("How long before a move (min)"),
        N_("0 tells of a move when it is due."),
        limits=Limits(minimum=0, maximum=60),
    ),
    Setting(
        "lately.price_move",
        0.03,
        N_("A move of the price is told from (fraction in a day)"),
        N_("A smaller one is told only where it makes rigs earn or lose."),
        limits=_TOLERANCE,
    ),
    Setting(
        "past.price_tolerance",
        0.02,
        N_("Sources disagree on a day's price beyond (fraction)"),
        N_("Closes of different markets; a larger distance is shown, and never averaged."),
        limits=_TOLERANCE,
    ),
    Setting(
        "past.hashrate_tolerance",
        0.05,
        N_("Sources disagree on a day's hashrate beyond (fraction)"),
        N_("They count the same blocks: one more or less at midnight is 0.7%."),
        limits=_TOLERANCE,
    ),
    Setting(
        "past.amount_tolerance",
        0.05,
        N_("Sources disagree on a day's fees and new coins beyond (fraction)"),
        N_("They count the same blocks: one more or less at midnight is 0.7%."),
        limits=_TOLERANCE,
    ),
    Setting(
        "display.locale",
        "",
        N_("Language and number style"),
        N_("Such as de_DE. Empty takes the system's."),
        pattern=r"([A-Za-z]{2,3}([_-][A-Za-z0-9]{2,8})*)?",
        restart=True,
    ),
    Setting("display.theme", "auto", N_("Theme"), choices=("auto", "light", "dark")),
    Setting(
        "display.less_motion",
        False,
        N_("Less motion"),
        N_("A cell that changed does not glow."),
    ),
    Setting(
        "display.reopen_last",
        True,
        N_("Open the last book at the start"),
        N_("Where its file is still there."),
    ),
)

BY_KEY: Final[Mapping[str, Setting]] = MappingProxyType({s.key: s for s in SETTINGS})
