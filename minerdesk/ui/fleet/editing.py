"""What an operator types into a field, understood and turned into a pure change of the book."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final, Protocol

from minerdesk.domain.book import Book
from minerdesk.domain.errors import UserError
from minerdesk.domain.rigs import (
    ModeOverride,
    Origin,
    Purchase,
    RigGroup,
    RigModel,
    StateNow,
    StateSource,
)
from minerdesk.domain.text import _
from minerdesk.services import edits, quantities
from minerdesk.services.catalogue import Catalogue
from minerdesk.services.exchange.states import read_running
from minerdesk.services.number_text import NumberStyle
from minerdesk.ui.fleet.rows import mode_at, mode_names, running_of

Fields = Mapping[str, Any]


class GroupChange(Protocol):
    """A pure change of some groups of a book."""

    def __call__(self, book: Book, ids: Collection[str], /) -> Book:
        """Return the changed book.

        Raises:
            UserError: it cannot be done.
        """
        ...


@dataclass(frozen=True, slots=True)
class Reading:
    """What is needed to understand what is typed.

    Attributes:
        style: how the operator writes numbers. now: since when a typed state holds, UTC.
        mode: the mode a group's TH/s and W are shown in, by the group's id.
    """

    style: NumberStyle
    catalogue: Catalogue
    now: datetime
    mode: Callable[[RigGroup, RigModel], str]


def change_of(key: str, text: str, reading: Reading) -> GroupChange:
    """Understand what was typed into the column ``key``.

    Raises:
        UserError: the text is not understood; what depends on the group is refused by the change.
    """
    text = text.strip()
    if key == "model":
        return _model(text, reading)
    if key == "site":
        return _site(text)
    if key in _PLAIN:
        return _same({key: _plain(key, text, reading.style)})
    if key == "purchase_price":
        return _purchase(text, reading)
    if key in {"running", "mode"}:
        return _running(text, reading)
    return _rate(key, text, reading)


def bulk_fields() -> tuple[tuple[str, str], ...]:
    """Return what can be set on many groups at once: key and name, translated."""
    return (
        ("site", _("Site")),
        ("model", _("Model")),
        ("count", _("Rigs")),
        ("mode", _("Mode or off, now")),
        ("hashrate_ths", _("Hashrate, TH/s a rig")),
        ("power_w", _("Power, W a rig")),
        ("efficiency", _("Efficiency, J/TH")),
        ("uptime", _("Uptime, %")),
        ("pool_fee", _("Pool fee, %")),
        ("reject_rate", _("Rejected work, %")),
        ("firmware_fee", _("Firmware fee, %")),
        ("idle_w", _("Power while off, W a rig")),
        ("purchase_price", _("Purchase price a rig")),
        ("owner", _("Owner")),
        ("location", _("Location")),
        ("note", _("Note")),
    )


def find_model(book: Book, catalogue: Catalogue, text: str) -> RigModel:
    """Return the model a text names, the book's before the catalogue's.

    Raises:
        UserError: it fits none, or several; the sentence names the closest.
    """
    own = next((each for each in book.models if each.name.casefold() == text.casefold()), None)
    if own is not None:
        return own
    found = catalogue.matches(text) if text else ()
    if len(found) == 1:
        return next((each for each in book.models if each.name == found[0].name), found[0])
    names = ", ".join(model.name for model in (found or catalogue.closest(text)))
    if found:
        sentence = _("“{text}” fits several models; write one of: {names}.")
    elif names:
        sentence = _("The model “{text}” is not known; the closest are: {names}.")
    else:
        sentence = _("The model “{text}” is not known; add it as your own with Add rigs.")
    raise UserError(sentence.format(text=text, names=names), value=text)


def change_each(
    book: Book, ids: Collection[str], fields: Callable[[RigGroup, RigModel], Fields]
) -> Book:
    """Set fields that depend on the group.

    Raises:
        UserError: a value is outside its limits.
    """
    models = {model.name: model for model in book.models}
    wanted = set(ids)
    return replace(
        book,
        groups=tuple(
            edits.with_fields(book, group, fields(group, models[group.model]))
            if group.id in wanted
            else group
            for group in book.groups
        ),
    )


_SHARES: Final = frozenset({"uptime", "pool_fee", "reject_rate", "firmware_fee"})
_TEXTS: Final = frozenset({"owner", "location", "note"})
_PLAIN: Final = _SHARES | _TEXTS | {"count", "idle_w"}


def _plain(key: str, text: str, style: NumberStyle) -> str | float | None:
    """Read a field that means the same in every group."""
    if key in _TEXTS:
        return text
    if key in _SHARES:
        return quantities.parse_fraction(text, style, "%")
    if key == "count":
        return quantities.parse_count(text, style)
    return quantities.parse_power_w(text, style) if text else None


def _same(fields: Fields) -> GroupChange:
    return lambda book, ids: edits.change_groups(book, ids, fields)


def _model(text: str, reading: Reading) -> GroupChange:
    def change(book: Book, ids: Collection[str]) -> Book:
        model = find_model(book, reading.catalogue, text)
        if all(each.name != model.name for each in book.models):
            book = edits.add_model(book, model)
        return edits.change_groups(book, ids, {"model": model.name})

    return change


def _site(text: str) -> GroupChange:
    def change(book: Book, ids: Collection[str]) -> Book:
        found = [
            site
            for site in book.sites
            if text.casefold() in {site.name.casefold(), site.id.casefold()}
        ]
        if len(found) != 1:
            names = ", ".join(site.name for site in book.sites)
            sentence = _("There is no site “{text}”; the sites are: {names}.")
            raise UserError(sentence.format(text=text, names=names), value=text)
        return edits.change_groups(book, ids, {"site": found[0].id})

    return change


def _purchase(text: str, reading: Reading) -> GroupChange:
    price = quantities.parse_money(text, reading.style) if text else None

    def fields(group: RigGroup, _model: RigModel) -> Fields:
        if price is None:
            return {"purchase": None}
        try:
            if group.purchase is None:
                return {"purchase": Purchase(price)}
            return {"purchase": replace(group.purchase, price_per_rig=price)}
        except ValueError as error:
            raise UserError(str(error), value=text) from error

    return lambda book, ids: change_each(book, ids, fields)


def _running(text: str, reading: Reading) -> GroupChange:
    """Read a number of rigs, a mode, off, or counts by mode."""
    number: int | None = None
    if text[:1].isdigit():
        number = 0 if text.strip() == "0" else quantities.parse_count(text, reading.style)

    def fields(group: RigGroup, model: RigModel) -> Fields:
        names = mode_names(group, model)
        now = running_of(group, model)
        mode = now[0].mode if now else names[0]
        if number is None:
            running = read_running(text, group.count, mode, names)
        elif number > group.count:
            sentence = _("Only {n} rigs are in the group; {found} cannot run.")
            raise UserError(sentence.format(n=group.count, found=number), value=text)
        elif number:
            running = read_running(f'"{mode}": {number}', group.count, mode, names)
        else:
            running = ()
        return {"state_now": StateNow(running, reading.now, StateSource.TYPED)}

    return lambda book, ids: change_each(book, ids, fields)


def _rate(key: str, text: str, reading: Reading) -> GroupChange:
    """Read TH/s, W or J/TH of the mode shown; nothing typed gives the nameplate back."""
    plain, origin = _origin(text)
    value: float | None = None
    if plain:
        parse = {
            "hashrate_ths": quantities.parse_hashrate_ths,
            "power_w": quantities.parse_power_w,
            "efficiency": quantities.parse_efficiency_j_per_th,
        }[key]
        value = parse(plain, reading.style)
        if not value > 0:
            raise UserError(_("The value must be greater than 0."), value=text)
    if origin is Origin.NAMEPLATE:
        value = None

    def fields(group: RigGroup, model: RigModel) -> Fields:
        mode = reading.mode(group, model)
        over = next((each for each in group.overrides if each.mode == mode), ModeOverride(mode))
        if key == "hashrate_ths":
            over = replace(over, hashrate_ths=value, hashrate_origin=origin)
        else:
            watts = value
            if key == "efficiency" and value is not None:
                watts = value * mode_at(group, model, mode).hashrate_ths
            over = replace(over, power_w=watts, power_origin=origin)
        return {"overrides": _with(group, model, over)}

    return lambda book, ids: change_each(book, ids, fields)


def _with(group: RigGroup, model: RigModel, over: ModeOverride) -> tuple[ModeOverride, ...]:
    """Put an override in its place; one that changes nothing goes."""
    custom = all(mode.name != over.mode for mode in model.modes)
    if custom and (over.hashrate_ths is None or over.power_w is None):
        raise UserError(_("A mode of your own needs both its hashrate and its power."))
    empty = over.hashrate_ths is None and over.power_w is None
    kept = [each for each in group.overrides if each.mode != over.mode]
    place = next((n for n, each in enumerate(group.overrides) if each.mode == over.mode), len(kept))
    if not empty:
        kept.insert(place, over)
    return tuple(kept)


def _origin(text: str) -> tuple[str, Origin]:
    """Split off a last word that says where the number comes from: typed, where it is not said."""
    plain, _blank, last = text.rpartition(" ")
    words = {
        **{origin.value: origin for origin in Origin},
        _("measured"): Origin.MEASURED,
        _("typed"): Origin.TYPED,
        _("nameplate"): Origin.NAMEPLATE,
    }
    if last.casefold() in words:
        return plain.strip(), words[last.casefold()]
    return text, Origin.TYPED
