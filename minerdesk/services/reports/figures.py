"""The figures of an evaluation as JSON: network, totals, and one row for each group."""

from __future__ import annotations

from collections.abc import Iterator

from minerdesk.domain.verdicts import Verdict
from minerdesk.services.evaluation import Evaluation, Figures
from minerdesk.services.reports.plain import Plain, number
from minerdesk.services.totals import Totals
from minerdesk.services.words import Formats, reason

_COLUMNS = (
    "btc_per_day",
    "revenue_per_day",
    "power_cost_per_day",
    "margin_per_day",
    "break_even_price_per_kwh",
    "shutdown_price_per_btc",
    "hashcost_per_ph_day",
    "cost_per_btc",
    "cost_per_btc_avoidable",
    "cost_per_btc_all_in",
)
_SUMS = (
    "gain_per_day",
    "gain_exact_per_day",
    "hashrate_phs",
    "power_kw",
    "btc_per_day",
    "revenue_per_day",
    "power_cost_per_day",
    "host_share_per_day",
    "margin_per_day",
    "margin_advised_per_day",
    "cost_per_btc",
    "cost_per_btc_avoidable",
    "cost_per_btc_all_in",
    "break_even_price_per_kwh",
    "price_per_kwh",
)
_COUNTS = (
    "rigs",
    "running",
    "running_advised",
    "power_down",
    "start",
    "change_mode",
    "groups",
    "groups_to_move",
    "groups_too_close",
)


def network_figures(figures: Figures) -> dict[str, Plain]:
    """Return the numbers of the network that the figures rest on."""
    now = figures.now
    return {
        "price_per_btc": number(now.price_per_btc),
        "difficulty": number(now.difficulty),
        "subsidy_btc": number(now.subsidy_btc),
        "fees_btc": number(now.fees_btc),
        "hashprice_per_ph_day": number(figures.economics.hashprice_per_ph_day),
    }


def totals_figures(totals: Totals) -> dict[str, Plain]:
    """Return the sums of a fleet or of a site."""
    counts: dict[str, Plain] = {name: int(getattr(totals, name)) for name in _COUNTS}
    return counts | {name: number(getattr(totals, name)) for name in _SUMS}


def rig_rows(evaluation: Evaluation, formats: Formats) -> Iterator[dict[str, Plain]]:
    """Yield a row for each group in the book's order; money is of the whole group.

    A verdict is null where the price of power is not known in the evaluation's currency.
    """
    figures, book = evaluation.figures, evaluation.book
    if figures is None:
        return
    site_names = [site.name for site in book.sites]
    sites = figures.fleet.site.tolist()
    columns = {name: figures.column(name).tolist() for name in _COLUMNS}
    verdicts = figures.decisions.verdict.tolist()
    prices = figures.fleet.price_per_kwh.tolist()
    for index, group in enumerate(book.groups):
        row: dict[str, Plain] = {
            "site": site_names[sites[index]],
            "model": group.model,
            "count": group.count,
        }
        row.update({name: number(values[index]) for name, values in columns.items()})
        known = number(prices[index]) is not None
        row["verdict"] = Verdict(verdicts[index]).word if known else None
        row["reason"] = reason(evaluation, index, formats)
        yield row


def running_figures(figures: Figures) -> list[dict[str, Plain]]:
    """Return for each group how many rigs run now and what the group leaves now, idle power in.

    Beside it what the host takes of the whole group's profit if run, which is what the row's margin
    is less than revenue and power cost say; below 0 where it bears a part of a loss, since other
    rigs of the site earn.
    """
    fleet = figures.fleet
    columns = (
        (fleet.count - fleet.off).tolist(),
        figures.economics.margin_now().tolist(),
        figures.column("host_share_per_day").tolist(),
    )
    return [
        {
            "running": int(running),
            "margin_now_per_day": number(margin),
            "host_share_per_day": number(share),
        }
        for running, margin, share in zip(*columns, strict=True)
    ]
