"""The columns of the table of groups: what each is called, holds, sorts by and explains."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from minerdesk.domain.rigs import Origin, RigGroup
from minerdesk.domain.text import _
from minerdesk.domain.units import SATOSHI_PER_BTC, THS_PER_PHS
from minerdesk.domain.verdicts import Verdict
from minerdesk.services.words.formats import DASH
from minerdesk.services.words.verdicts import verdict_word
from minerdesk.ui.fleet.rows import NO_ROW, FleetRows, TextCodes

PENDING: Final = "…"
Keys = NDArray[np.float64] | NDArray[np.int64]


def _no_unit(_rows: FleetRows) -> str:
    return ""


@dataclass(frozen=True, slots=True)
class ColumnSpec:
    """One column.

    Attributes:
        key: stable name, by which the layout is kept and edits know what was typed.
        title, help: translated; ``help`` is one sentence without jargon.
        text: what a cell says. keys: what the column sorts by, shape (G,).
        unit: stands under the title.
        number: right-aligned. edit: whether a cell is edited in place. edit_text: what the editor
            begins with, where that is not the cell's text.
        shown: from the start. width: px. words: the column joins the filter with these texts.
    """

    key: str
    title: str
    help: str
    text: Callable[[FleetRows, int], str]
    keys: Callable[[FleetRows], Keys]
    unit: Callable[[FleetRows], str] = _no_unit
    number: bool = True
    edit: bool = False
    edit_text: Callable[[FleetRows, int], str] | None = None
    shown: bool = True
    width: int = 92
    words: Callable[[FleetRows], TextCodes] | None = None
    filled: Callable[[FleetRows], bool] | None = None


def all_columns() -> tuple[ColumnSpec, ...]:
    """Return every column in its first order."""
    from minerdesk.ui.fleet.money_columns import day_columns, limit_columns

    day, limits = day_columns(), limit_columns()
    return (*_identity(), *day, *_states(), *limits, *_rates(), *_remarks())


def named(
    key: str,
    title: str,
    help_: str,
    of: Callable[[FleetRows, RigGroup], str],
    width: int = 130,
    filled: Callable[[FleetRows], bool] | None = None,
) -> ColumnSpec:
    """Make an editable text column that joins the filter."""

    def words(rows: FleetRows) -> TextCodes:
        return rows.texts(key, lambda group: of(rows, group))

    return ColumnSpec(
        key,
        title,
        help_,
        text=lambda rows, row: of(rows, rows.group(row)),
        keys=lambda rows: words(rows).codes,
        number=False,
        edit=True,
        width=width,
        words=words,
        filled=filled,
    )


def _remark(key: str, title: str, help_: str) -> ColumnSpec:
    def of(_rows: FleetRows, group: RigGroup) -> str:
        text: str = getattr(group, key)
        return text

    def filled(rows: FleetRows) -> bool:
        return any(getattr(group, key) for group in rows.book.groups)

    return named(key, title, help_, of, filled=filled)


def _identity() -> tuple[ColumnSpec, ...]:
    return (
        named("site", _("Site"), _("Where the rigs stand."), lambda rows, g: rows.site_name(g), 96),
        named(
            "model",
            _("Model"),
            _("The machine, as its maker calls it."),
            lambda _rows, g: g.model,
            224,
        ),
        ColumnSpec(
            "count",
            _("Rigs"),
            _("How many equal rigs the group has."),
            text=lambda rows, row: rows.formats.count(rows.group(row).count),
            keys=lambda rows: rows.numbers("count", lambda group: group.count),
            edit=True,
            width=60,
        ),
        ColumnSpec(
            "verdict",
            _("Verdict"),
            _("What ought to happen to the group now, against what it does."),
            text=verdict_text,
            keys=lambda rows: rows.figure("verdict"),
            number=False,
            width=136,
            words=_verdict_words,
        ),
    )


def _states() -> tuple[ColumnSpec, ...]:
    return (
        ColumnSpec(
            "running",
            _("Running"),
            _("How many of the rigs run now, as far as the book knows."),
            text=lambda rows, row: rows.formats.count(_running_count(rows, row)),
            keys=lambda rows: rows.numbers("running", _running_number),
            edit=True,
            width=84,
        ),
        ColumnSpec(
            "mode",
            _("Mode"),
            _("The power mode the rigs run in now, such as normal or eco, or off."),
            text=mode_text,
            keys=lambda rows: _mode_words(rows).codes,
            number=False,
            edit=True,
            width=92,
            words=_mode_words,
        ),
    )


def _rates() -> tuple[ColumnSpec, ...]:
    return (
        ColumnSpec(
            "hashrate_ths",
            _("Hashrate"),
            _("Work of one rig in the mode shown; a dot marks measured, a ring typed values."),
            text=lambda rows, row: rows.formats.number(rows.mode_shown(row).hashrate_ths, 1),
            keys=lambda rows: rows.rate("hashrate_ths"),
            unit=lambda _rows: _("TH/s a rig"),
            edit=True,
        ),
        ColumnSpec(
            "power_w",
            _("Power draw"),
            _("Power of one rig at the wall; a dot marks measured, a ring typed values."),
            text=lambda rows, row: rows.formats.number(
                rows.mode_shown(row).power_w, 1 if rows.small else 0
            ),
            keys=lambda rows: rows.rate("power_w"),
            unit=lambda _rows: _("W a rig"),
            edit=True,
        ),
        ColumnSpec(
            "efficiency",
            _("Efficiency"),
            _("Energy for a trillion hashes: less is better."),
            text=lambda rows, row: rows.formats.number(_efficiency(rows, row), 1),
            keys=lambda rows: rows.rate("power_w") / rows.rate("hashrate_ths"),
            unit=lambda _rows: "J/TH",
            edit=True,
            width=84,
        ),
        ColumnSpec(
            "idle_w",
            _("While off"),
            _("Power a rig draws while it is off."),
            text=lambda rows, row: rows.formats.number(rows.group(row).idle_w, 0),
            keys=lambda rows: rows.numbers("idle_w", _idle_number),
            unit=lambda _rows: _("W a rig"),
            edit=True,
            edit_text=lambda rows, row: (
                "" if (watts := rows.group(row).idle_w) is None else rows.formats.number(watts, 0)
            ),
            width=84,
            filled=lambda rows: any(group.idle_w for group in rows.book.groups),
        ),
    )


def _idle_number(group: RigGroup) -> float:
    return float("nan") if group.idle_w is None else group.idle_w


def _remarks() -> tuple[ColumnSpec, ...]:
    return (
        _share("uptime", _("Uptime"), _("Share of the time the rigs hash while they are on.")),
        _share("pool_fee", _("Pool fee"), _("Share of the income the mining pool keeps.")),
        _remark("owner", _("Owner"), _("Whose rigs they are.")),
        _remark("location", _("Location"), _("Hall, row or rack inside the site.")),
        _remark("note", _("Note"), _("Anything worth remembering.")),
    )


def _share(key: str, title: str, help_: str) -> ColumnSpec:
    return ColumnSpec(
        key,
        title,
        help_,
        text=lambda rows, row: rows.formats.percent(getattr(rows.group(row), key), 1),
        keys=lambda rows: rows.numbers(key, lambda group: getattr(group, key)),
        unit=lambda _rows: "%",
        edit=True,
        edit_text=lambda rows, row: rows.formats.percent(getattr(rows.group(row), key), 2),
        width=80,
    )


def figure_column(
    key: str,
    title: str,
    help_: str,
    *,
    unit: Callable[[FleetRows], str] = _no_unit,
    digits: Callable[[FleetRows], int] = lambda _rows: 2,
    scale: Callable[[FleetRows], float] = lambda _rows: 1.0,
    shown: bool = True,
    width: int = 92,
) -> ColumnSpec:
    """Make a column of one of the engine's figures.

    Args:
        key: name for `FleetRows.figure`, and as in `ColumnSpec`.
        title: as in `ColumnSpec`.
        help_: as in `ColumnSpec`.
        unit: as in `ColumnSpec`.
        shown: as in `ColumnSpec`.
        width: as in `ColumnSpec`.
        digits: decimals, one number for the whole column so that they stand under each other.
        scale: the figure is multiplied by it where it is shown.
    """

    def text(rows: FleetRows, row: int) -> str:
        if rows.evaluated(row) == NO_ROW:
            return DASH if rows.figures is None else PENDING
        value = float(rows.figure(key)[row]) * scale(rows)
        return rows.formats.number(value, rows.keep(f"digits {key}", lambda: digits(rows)))

    return ColumnSpec(
        key,
        title,
        help_,
        text,
        lambda rows: rows.figure(key),
        unit,
        shown=shown,
        width=width,
    )


def any_figure(key: str) -> Callable[[FleetRows], bool]:
    """Return a test of whether any group has a figure."""
    return lambda rows: bool(np.isfinite(rows.figure(key)).any())


def mode_text(rows: FleetRows, row: int) -> str:
    """Return what a row's rigs do now: a mode, several with their counts, or off."""
    group, model = rows.group(row), rows.model(row)
    return _mode_words_of(group, model.modes[0].name)


def verdict_text(rows: FleetRows, row: int) -> str:
    """Return a row's verdict as a word."""
    place, figures = rows.evaluated(row), rows.figures
    if place == NO_ROW or figures is None:
        return DASH if figures is None else PENDING
    return verdict_word(int(figures.decisions.verdict[place]))


def verdict_of(rows: FleetRows, row: int) -> Verdict | None:
    """Return a row's verdict, or None where there is none yet."""
    place, figures = rows.evaluated(row), rows.figures
    if place == NO_ROW or figures is None:
        return None
    return Verdict(int(figures.decisions.verdict[place]))


IF_RUN: Final = frozenset(
    {"margin_per_day", "margin_per_rig_day", "revenue_per_day", "btc_per_day"}
)
"""Columns that tell of a group that is off what it would do."""


def is_off(rows: FleetRows, row: int) -> bool:
    """Tell whether none of a row's rigs runs, as far as the book knows."""
    state = rows.group(row).state_now
    return state is not None and state.running_count == 0


def origin_of(rows: FleetRows, row: int, key: str) -> Origin:
    """Return where a row's TH/s or W comes from; other columns have no origin to speak of."""
    if key not in {"hashrate_ths", "power_w"}:
        return Origin.NAMEPLATE
    shown = rows.mode_shown(row)
    return shown.hashrate_origin if key == "hashrate_ths" else shown.power_origin


def origin_words(origin: Origin) -> str:
    """Return an origin as a sentence."""
    return {
        Origin.NAMEPLATE: _("From the maker's nameplate."),
        Origin.TYPED: _("Typed by you over the nameplate."),
        Origin.MEASURED: _("Measured."),
    }[origin]


def small_scale(rows: FleetRows, large: float, small: float) -> float:
    """Return the one of two scales that fits the fleet's size."""
    return small if rows.small else large


def coin_scale(rows: FleetRows) -> float:
    """Return what coins are multiplied by: sats in a small fleet, else BTC."""
    return small_scale(rows, 1.0, SATOSHI_PER_BTC)


def hash_scale(rows: FleetRows) -> float:
    """Return what money for a PH/s and day is multiplied by: a small fleet speaks of TH/s."""
    return small_scale(rows, 1.0, 1 / THS_PER_PHS)


def _efficiency(rows: FleetRows, row: int) -> float:
    shown = rows.mode_shown(row)
    return shown.power_w / shown.hashrate_ths


def _running_number(group: RigGroup) -> float:
    return group.count if group.state_now is None else group.state_now.running_count


def _running_count(rows: FleetRows, row: int) -> float:
    return _running_number(rows.group(row))


def _mode_words_of(group: RigGroup, first: str) -> str:
    if group.state_now is None:
        return first
    running = [entry for entry in group.state_now.running if entry.count]
    if not running:
        return _("off")
    if len(running) == 1:
        return running[0].mode
    return ", ".join(f"{entry.mode} {entry.count}" for entry in running)


def _mode_words(rows: FleetRows) -> TextCodes:
    first = {name: model.modes[0].name for name, model in rows.models.items()}
    return rows.texts("mode", lambda group: _mode_words_of(group, first[group.model]))


def _verdict_words(rows: FleetRows) -> TextCodes:
    words = tuple(verdict_word(verdict) for verdict in Verdict)
    verdicts = rows.figure("verdict")
    codes = np.where(np.isnan(verdicts), len(words), verdicts).astype(np.int64)
    return TextCodes((*words, ""), codes)
