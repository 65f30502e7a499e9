"""Ask a power market for its prices."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from datetime import datetime
from typing import Final

from minerdesk.domain.errors import UserError, WorldError
from minerdesk.domain.prices import PriceRows
from minerdesk.domain.tariff import LiveSource, Market, Provider
from minerdesk.domain.text import _
from minerdesk.feeds.grid.calls import AREAS, Load, ask_entsoe, ask_gridstatus
from minerdesk.feeds.grid.frames import rows_of

# By area where it has a key of its own, else by provider: the setting that holds the key.
_KEYS: Final = {
    "PJM": "feeds.pjm_key",
    "AESO": "feeds.aeso_key",
    Provider.ENTSOE: "feeds.entsoe_key",
}


class GridPrices:
    """Asks through the libraries of the extra; slow, so never on the GUI thread.

    Args:
        key_of: gives the secret kept under the key of a setting, or None.
        clock: gives the time, UTC.
        load: imports a module by its name.
    """

    def __init__(
        self,
        key_of: Callable[[str], str | None],
        clock: Callable[[], datetime],
        load: Load = importlib.import_module,
    ) -> None:
        self._key_of = key_of
        self._clock = clock
        self._load = load

    def fetch(self, source: LiveSource, start: datetime, end: datetime) -> PriceRows:
        """Return the prices from ``start`` to ``end`` as far as they are published.

        Raises:
            UserError: the extra or a key is missing, or area, market or location is unknown.
            WorldError: the market did not answer, or not with prices.
        """
        check_source(source)
        name = _name(source)
        key = self._key(source)
        ask = ask_entsoe if source.provider is Provider.ENTSOE else ask_gridstatus
        try:
            frames = ask(self._load, source, start, end, key)
        except ImportError as error:
            sentence = _("Live prices need the grid extra: pip install 'minerdesk[grid]'.")
            raise UserError(sentence) from error
        except Exception as error:  # noqa: BLE001 - the libraries raise whatever they like
            # Libraries put the address they asked, with the key, into their messages.
            why = str(error) or type(error).__name__
            why = why.replace(key, "…") if key else why
            sentence = _("{source} gave no prices: {why}.")
            raise WorldError(
                sentence.format(source=name, why=" ".join(why.split())[:200].rstrip("."))
            ) from None
        return rows_of(frames, source.location, _currency(source), name, self._clock())

    def _key(self, source: LiveSource) -> str:
        setting = key_setting(source)
        if not setting:
            return ""
        found = self._key_of(setting)
        if found:
            return found
        sentence = _("{source} needs a key of yours; enter it in the preferences as {setting}.")
        raise UserError(sentence.format(source=_owner(source), setting=setting), where=setting)


def key_setting(source: LiveSource) -> str:
    """Return the setting that holds the key of a source; empty where it needs none."""
    return _KEYS.get(source.area) or _KEYS.get(source.provider) or ""


def check_source(source: LiveSource) -> None:
    """Let only a source pass that there is.

    Raises:
        UserError: its area or market is unknown.
    """
    if source.provider is Provider.ENTSOE:
        if source.market is not Market.DAY_AHEAD:
            raise UserError(_("ENTSO-E gives day-ahead prices alone; choose day ahead."))
        return
    area = AREAS.get(source.area)
    if area is None:
        sentence = _("There is no market operator “{area}”; choose one of {known}.")
        raise UserError(
            sentence.format(area=source.area, known=", ".join(AREAS)), value=source.area
        )
    if source.market not in area.calls:
        sentence = _("{area} has no day-ahead market; choose real time.")
        raise UserError(sentence.format(area=source.area))


def _owner(source: LiveSource) -> str:
    return "ENTSO-E" if source.provider is Provider.ENTSOE else source.area


def _name(source: LiveSource) -> str:
    market = _("day ahead") if source.market is Market.DAY_AHEAD else _("real time")
    owner = "ENTSO-E" if source.provider is Provider.ENTSOE else ""
    return " ".join(filter(None, (owner, source.area, source.location, market)))


def _currency(source: LiveSource) -> str:
    return "EUR" if source.provider is Provider.ENTSOE else AREAS[source.area].currency
