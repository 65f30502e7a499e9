"""Edits of the book, as pure functions from a book to a new one.

Each keeps the book's references whole, touches only what it names, and raises `UserError` with one
sentence where it cannot be done.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, Protocol, TypeVar

from minerdesk.domain.book import Book, check_modes
from minerdesk.domain.errors import UserError
from minerdesk.domain.rigs import ModeCount, Pin, RigGroup, RigModel, StateNow, StateSource
from minerdesk.domain.sites import Site
from minerdesk.domain.starts import StartCosts
from minerdesk.domain.tariff import Tariff
from minerdesk.domain.text import _


class _Identified(Protocol):
    @property
    def id(self) -> str: ...


I = TypeVar("I", bound=_Identified)  # noqa: E741 - the one type variable of this file


def new_id(taken: Collection[str], wish: str) -> str:
    """Return ``wish``, or it with the first number that makes it new among ``taken``."""
    if wish and wish not in taken:
        return wish
    number = 2 if wish else 1
    while f"{wish}-{number}" in taken:
        number += 1
    return f"{wish}-{number}"


def change_groups(book: Book, ids: Collection[str], changes: Mapping[str, Any]) -> Book:
    """Set fields of the groups ``ids``; a smaller count takes rigs off what runs now.

    Raises:
        UserError: a value is outside its limits, a site or model is unknown, or a group would run
            or override a mode that it has not.
    """
    return _change_each(book, ids, lambda group: with_fields(book, group, changes))


def with_fields(book: Book, group: RigGroup, changes: Mapping[str, Any]) -> RigGroup:
    """Return the group with ``changes``; see `change_groups`."""
    changes = dict(changes)
    if "site" in changes and not any(site.id == changes["site"] for site in book.sites):
        raise UserError(_("There is no site {site!r}.").format(site=changes["site"]))
    if "model" in changes:
        model = next((each for each in book.models if each.name == changes["model"]), None)
        if model is None:
            raise UserError(_("There is no rig model {model!r}.").format(model=changes["model"]))
        if changes["model"] != group.model:
            # Measured values and modes belong to the machine that was there before.
            changes.setdefault("overrides", ())
            changes.setdefault("state_now", _all_in_first_mode(group, model))
    state = changes.get("state_now", group.state_now)
    if state is not None and "count" in changes:
        changes["state_now"] = _at_most(state, changes["count"])
    try:
        made = replace(group, **changes)
        if {"overrides", "state_now"} & changes.keys():
            for its_model in (each for each in book.models if each.name == made.model):
                check_modes(made, its_model)
    except (ValueError, TypeError) as error:
        raise UserError(str(error)) from error
    return made


def add_groups(book: Book, groups: Iterable[RigGroup], models: Iterable[RigModel] = ()) -> Book:
    """Append groups, and the models they bring; a model the book has already stays as it is.

    An id that is taken is made new.

    Raises:
        UserError: a group names a site or a model that is nowhere.
    """
    have = {model.name for model in book.models}
    brought = {model.name: model for model in models if model.name not in have}
    taken = {group.id for group in book.groups}
    sites = {site.id for site in book.sites}
    added = []
    for group in groups:
        if group.site not in sites:
            raise UserError(_("There is no site {site!r}.").format(site=group.site))
        if group.model not in have and group.model not in brought:
            raise UserError(_("There is no rig model {model!r}.").format(model=group.model))
        fresh = new_id(taken, group.id)
        taken.add(fresh)
        added.append(group if fresh == group.id else replace(group, id=fresh))
    return replace(book, groups=(*book.groups, *added), models=(*book.models, *brought.values()))


def remove_groups(book: Book, ids: Collection[str]) -> Book:
    """Remove groups; models no group uses stay, they cost nothing and may be the operator's own."""
    gone = set(ids)
    return replace(book, groups=tuple(group for group in book.groups if group.id not in gone))


def add_model(book: Book, model: RigModel) -> Book:
    """Add a rig model, or replace the one of the same name.

    Raises:
        UserError: a group runs a mode that the new model lacks, or overrides it in part.
    """
    lacking = {mode.name for mode in model.modes}
    for group in book.groups:
        if group.model == model.name and group.state_now is not None:
            known = lacking | {override.mode for override in group.overrides}
            for entry in group.state_now.running:
                if entry.mode not in known:
                    raise UserError(
                        _("Group {group} runs in mode {mode}, which {model} would lack.").format(
                            group=group.id, mode=entry.mode, model=model.name
                        )
                    )
        if group.model == model.name and group.overrides:
            try:
                check_modes(group, model)
            except ValueError as error:
                raise UserError(str(error)) from error
    others = tuple(each for each in book.models if each.name != model.name)
    return replace(book, models=(*others, model))


def put_site(book: Book, site: Site, tariff: Tariff | None = None) -> Book:
    """Add or replace a site, and with it a tariff.

    Raises:
        UserError: the site names a tariff that is nowhere.
    """
    if tariff is not None:
        book = put_tariff(book, tariff)
    if not any(each.id == site.tariff for each in book.tariffs):
        raise UserError(_("There is no tariff {tariff!r}.").format(tariff=site.tariff))
    return replace(book, sites=_put(book.sites, site))


def put_tariff(book: Book, tariff: Tariff) -> Book:
    """Add or replace a tariff."""
    return replace(book, tariffs=_put(book.tariffs, tariff))


def put_starts(book: Book, starts: StartCosts) -> Book:
    """Set what a start and a stop cost where nothing nearer to the rig says it."""
    return replace(book, assumptions=replace(book.assumptions, starts=starts))


def put_model_starts(book: Book, model_name: str, starts: StartCosts | None) -> Book:
    """Set what a start and a stop of one rig model cost; None means as everywhere.

    Raises:
        UserError: there is no such model.
    """
    if not any(model.name == model_name for model in book.models):
        raise UserError(_("There is no rig model {model!r}.").format(model=model_name))
    models = tuple(
        replace(model, starts=starts) if model.name == model_name else model
        for model in book.models
    )
    return replace(book, models=models)


def copy_tariff(book: Book, tariff_id: str, site_id: str) -> Book:
    """Give a site a copy of a tariff, under a name of its own; its former one goes if unused.

    Raises:
        UserError: there is no such tariff or site.
    """
    tariff = next((each for each in book.tariffs if each.id == tariff_id), None)
    site = next((each for each in book.sites if each.id == site_id), None)
    if tariff is None:
        raise UserError(_("There is no tariff {tariff!r}.").format(tariff=tariff_id))
    if site is None:
        raise UserError(_("There is no site {site!r}.").format(site=site_id))
    fresh = new_id({each.id for each in book.tariffs}, f"{tariff_id}-{site_id}")
    book = put_site(book, replace(site, tariff=fresh), replace(tariff, id=fresh))
    used = {each.tariff for each in book.sites}
    return replace(book, tariffs=tuple(each for each in book.tariffs if each.id in used))


def remove_site(book: Book, site_id: str) -> Book:
    """Remove a site with its groups, and its tariff where no other site uses it."""
    sites = tuple(site for site in book.sites if site.id != site_id)
    used = {site.tariff for site in sites}
    dropped = {site.tariff for site in book.sites} - used
    return replace(
        book,
        sites=sites,
        tariffs=tuple(tariff for tariff in book.tariffs if tariff.id not in dropped),
        groups=tuple(group for group in book.groups if group.site != site_id),
    )


def set_running(
    book: Book,
    modes: Mapping[str, str | None],
    now: datetime,
    source: StateSource = StateSource.DONE,
) -> Book:
    """Set what runs now: all rigs of each group in the mode given, or off where it is None.

    Args:
        book: the book.
        modes: mode by group id.
        now: since when, UTC.
        source: who says so.
    """

    def changed(group: RigGroup) -> RigGroup:
        mode = modes[group.id]
        running = () if mode is None else (ModeCount(mode, group.count),)
        return replace(group, state_now=StateNow(running, now, source))

    return _change_each(book, set(modes), changed)


def set_pin(book: Book, ids: Collection[str], pin: Pin) -> Book:
    """Hold groups on or off in every plan, or let them go.

    Args:
        book: the book.
        ids: of the groups; one that is not in the book is no fault.
        pin: what they are held to.
    """
    return _change_each(book, ids, lambda group: replace(group, pin=pin))


def _change_each(book: Book, ids: Collection[str], change: Callable[[RigGroup], RigGroup]) -> Book:
    wanted = set(ids)
    groups = tuple(change(group) if group.id in wanted else group for group in book.groups)
    return replace(book, groups=groups)


def _put(values: tuple[I, ...], value: I) -> tuple[I, ...]:
    if any(each.id == value.id for each in values):
        return tuple(value if each.id == value.id else each for each in values)
    return (*values, value)


def _at_most(state: StateNow, count: int) -> StateNow:
    left, running = count, []
    for entry in state.running:
        kept = min(entry.count, left)
        left -= kept
        if kept:
            running.append(ModeCount(entry.mode, kept))
    return replace(state, running=tuple(running))


def _all_in_first_mode(group: RigGroup, model: RigModel) -> StateNow | None:
    """Keep how many run, in the new model's first mode."""
    if group.state_now is None:
        return None
    ran = group.state_now.running_count
    running = (ModeCount(model.modes[0].name, ran),) if ran else ()
    return replace(group.state_now, running=running)
