"""Writing the groups to a file, with the figures shown of them beside."""

from __future__ import annotations

import math
from pathlib import Path

from minerdesk.domain.book import Book
from minerdesk.domain.cancel import CancelToken
from minerdesk.services.evaluation import Evaluation
from minerdesk.services.exchange import ResultColumn, export_groups, write_table
from minerdesk.services.words.verdicts import verdict_word

_FIGURES = (
    "margin_per_day",
    "margin_per_rig_day",
    "revenue_per_day",
    "btc_per_day",
    "break_even_price_per_kwh",
    "shutdown_price_per_btc",
    "hashcost_per_ph_day",
    "cost_per_btc",
    "cost_per_btc_avoidable",
    "cost_per_btc_all_in",
    "payback_days",
)


def results_of(book: Book, evaluation: Evaluation | None) -> tuple[ResultColumn, ...]:
    """Return the figures of every group as columns; none where they are not of this very book.

    What is not known stays empty.
    """
    figures = None if evaluation is None else evaluation.figures
    if evaluation is None or figures is None or evaluation.book is not book:
        return ()
    verdicts = [verdict_word(int(code)) for code in figures.decisions.verdict]
    columns = [ResultColumn("verdict", verdicts)]
    for name in ("gain_per_day", *_FIGURES):
        gain = name == "gain_per_day"
        values = figures.decisions.gain_per_day if gain else figures.column(name)
        cells = [float(value) if math.isfinite(value) else "" for value in values]
        columns.append(ResultColumn(name, cells))
    return tuple(columns)


def export(
    path: Path,
    book: Book,
    evaluation: Evaluation | None,
    token: CancelToken,
    *,
    decimal_comma: bool,
) -> int:
    """Write all groups to a CSV or XLSX file; run it off the GUI thread.

    Returns:
        How many groups were written.

    Raises:
        UserError: the kind of file needs a library that is absent.
        WorldError: the disk refuses.
    """
    token.check()
    table = export_groups(book, results_of(book, evaluation))
    token.check()
    write_table(path, table, decimal_comma=decimal_comma)
    return len(book.groups)
