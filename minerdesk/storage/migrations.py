"""From the layout of an older book file to the next: pure functions, one for each version."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

Tree = dict[str, Any]


def migrate(book: Tree, version: int, current: int) -> Tree:
    """Carry the tree of a book from the layout of ``version`` to that of ``current``.

    What has not the shape its version had is left as it is, so that decoding names its place.

    Args:
        book: what stands under ``book`` in the file; it is not changed.
        version: the file's version, from 0 to ``current``.
        current: the version wanted.

    Returns:
        A tree in the layout of ``current``.
    """
    for step in range(version, current):
        book = STEPS[step](book)
    return book


def from_0(book: Tree) -> Tree:
    """Version 0, before the first release, knew no power modes and counted power in cents.

    Models and groups had ``ths`` and ``watts`` of their one mode, tariffs ``price_cents`` per kWh.
    """
    return {
        **book,
        **_each(book, "models", _model_from_0),
        **_each(book, "groups", _group_from_0),
        **_each(book, "tariffs", _tariff_from_0),
    }


def _model_from_0(model: Tree) -> Tree:
    rest, ths, watts = _without_figures(model)
    return {**rest, "modes": [{"name": "normal", "hashrate_ths": ths, "power_w": watts}]}


def _group_from_0(group: Tree) -> Tree:
    rest, ths, watts = _without_figures(group)
    if ths is None and watts is None:
        return rest
    return {**rest, "overrides": [{"mode": "normal", "hashrate_ths": ths, "power_w": watts}]}


def _tariff_from_0(tariff: Tree) -> Tree:
    cents = tariff.get("price_cents")
    if isinstance(cents, bool) or not isinstance(cents, int | float):
        return tariff
    rest = {name: value for name, value in tariff.items() if name != "price_cents"}
    return {**rest, "price_per_kwh": cents / 100}


def _without_figures(row: Tree) -> tuple[Tree, object, object]:
    rest = {name: value for name, value in row.items() if name not in {"ths", "watts"}}
    return rest, row.get("ths"), row.get("watts")


def _each(book: Tree, name: str, change: Callable[[Tree], Tree]) -> Tree:
    rows = book.get(name)
    if not isinstance(rows, list):
        return {}
    return {name: [change(row) if isinstance(row, dict) else row for row in rows]}


STEPS: Mapping[int, Callable[[Tree], Tree]] = MappingProxyType({0: from_0})
