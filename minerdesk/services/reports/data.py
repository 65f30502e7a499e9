"""Whole documents for JSON. Keys and numbers do not depend on the locale; sentences are English."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from minerdesk.domain.readings import Gauge, NetworkState, Provenance, Reading
from minerdesk.engine.network import hashprice_per_ph_day
from minerdesk.services.evaluation import Evaluation, network_now
from minerdesk.services.in_force import typed_quantities
from minerdesk.services.reports.figures import (
    network_figures,
    rig_rows,
    running_figures,
    totals_figures,
)
from minerdesk.services.reports.plain import Plain, moment, number
from minerdesk.services.sources import SourceStatus
from minerdesk.services.words import (
    Formats,
    Move,
    ReadingRow,
    headline,
    moves,
    reading_rows,
    too_close,
)


def evaluate_data(
    evaluation: Evaluation, formats: Formats, models: Sequence[str]
) -> dict[str, Plain]:
    """Return what ``evaluate --json`` prints.

    Args:
        evaluation: one with figures.
        formats: of the sentences; English for JSON.
        models: what each row is called, in the place of the book's own name for it.

    Raises:
        ValueError: the evaluation has no figures.
    """
    if evaluation.figures is None or evaluation.totals is None:
        raise ValueError("an evaluation without figures has nothing to print")
    rigs: list[Plain] = [
        {**row, "model": model}
        for row, model in zip(rig_rows(evaluation, formats), models, strict=True)
    ]
    return {
        "currency": evaluation.currency,
        "network": network_figures(evaluation.figures),
        "rigs": rigs,
        "totals": totals_figures(evaluation.totals),
    }


def report_data(evaluation: Evaluation, formats: Formats, now: datetime) -> dict[str, Plain]:
    """Return what ``report --json`` prints; without numbers the figures are null.

    A row's figures are of the whole group if run; ``margin_now_per_day`` is of what runs now, and
    its sum is the totals' margin.
    """
    said = headline(evaluation, formats, now)
    book, figures, totals = evaluation.book, evaluation.figures, evaluation.totals
    sites: list[Plain] = [
        {"site": site.name, **totals_figures(sums)}
        for site, sums in zip(book.sites, evaluation.sites, strict=False)
    ]
    running = [] if figures is None else running_figures(figures)
    rows: list[Plain] = [
        {"group": group.id, **row, **runs}
        for group, row, runs in zip(
            book.groups, rig_rows(evaluation, formats), running, strict=False
        )
    ]
    return {
        "headline": said.sentence,
        "detail": said.detail,
        "outline": said.outline,
        "typed": [quantity.value for quantity in typed_quantities(evaluation.network)],
        "standing": evaluation.standing.value,
        "made_at": moment(now),
        "currency": evaluation.currency,
        "book": {
            "name": book.name,
            "rigs": book.rig_count,
            "groups": len(book.groups),
            "sites": len(book.sites),
        },
        "network": None if figures is None else network_figures(figures),
        "totals": None if totals is None else totals_figures(totals),
        "sites": sites,
        "moves": [_move(each) for each in moves(evaluation, formats)],
        "too_close": [_move(each) for each in too_close(evaluation, formats)],
        "rigs": rows,
        **_readings(evaluation.network, formats, now),
    }


def network_data(
    network: NetworkState, formats: Formats, now: datetime, statuses: Sequence[SourceStatus] = ()
) -> dict[str, Plain]:
    """Return what ``network --json`` prints.

    Args:
        network: what is known.
        formats: of the sentences; English for JSON.
        now: for the ages, UTC.
        statuses: how each source stands.
    """
    sources: list[Plain] = [
        {
            "name": each.name,
            "source": each.source,
            "last_ok": moment(each.last_ok),
            "error": each.last_error or None,
        }
        for each in statuses
    ]
    subsidy: float | None = None
    hashprice: float | None = None
    if network.complete:
        numbers = network_now(network)
        subsidy, hashprice = numbers.subsidy_btc, hashprice_per_ph_day(numbers)
    return {
        "made_at": moment(now),
        "currency": network.currency,
        "online": network.online,
        "subsidy_btc": number(subsidy),
        "hashprice_per_ph_day": number(hashprice),
        "sources": sources,
        **_readings(network, formats, now),
    }


def _readings(network: NetworkState, formats: Formats, now: datetime) -> dict[str, Plain]:
    found = network.retarget
    retarget: dict[str, Plain] | None = None
    if found is not None:
        retarget = {
            "change_pct": number(found.change_pct),
            "error_pct": number(found.error_pct),
            "previous_pct": number(found.previous_pct),
            "at": moment(found.at),
            "height": found.height,
            "remaining_blocks": found.remaining_blocks,
            "source": found.source,
            "time": moment(found.taken_at),
        }
    rates: list[Plain] = [_reading(rate, now) for rate in network.rates]
    return {
        "example_of": moment(network.example_of),
        "readings": {
            row.key: _gauge(row, network, now) for row in reading_rows(network, formats, now)
        },
        "retarget": retarget,
        "exchange_rates": rates,
    }


def _gauge(row: ReadingRow, network: NetworkState, now: datetime) -> Plain:
    gauge: Gauge = row.gauge
    reading = gauge.reading
    if reading is None:
        return {"value": None, "source": None, "stale": True, "why": row.source}
    beside: list[Plain] = [_reading(each, now) for each in gauge.beside]
    made: dict[str, Plain] = {**_reading(reading, now), "stale": row.stale}
    made["stale_after_s"] = gauge.stale_after.total_seconds()
    made["disputed"] = gauge.disputed
    made["left_out"] = list(gauge.left_out)
    if row.key == "price":
        made["note"] = network.price_note or None
    made["sources"] = beside
    return made


def _reading(reading: Reading, now: datetime) -> dict[str, Plain]:
    made: dict[str, Plain] = {
        "value": number(reading.value),
        "source": reading.source,
        "time": moment(reading.taken_at),
        "age_s": reading.age(now).total_seconds(),
        "provenance": reading.provenance.value,
        "typed": reading.provenance is Provenance.TYPED,
    }
    if reading.currency:
        made["currency"] = reading.currency
    if reading.window_days is not None:
        made["window_days"] = reading.window_days
    return made


def _move(move: Move) -> Plain:
    return {
        "group": move.group_id,
        "site": move.site,
        "model": move.model,
        "verdict": move.verdict.word,
        "count": move.count,
        "to_mode": move.to_mode,
        "worth_per_day": number(move.worth_per_day),
        "doubt_per_day": number(move.doubt_per_day),
        "reason": move.reason,
        "advised": move.advised,
    }
