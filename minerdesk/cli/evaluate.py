"""``minerdesk-cli evaluate``: a table of rigs against numbers given on the command line."""

from __future__ import annotations

from argparse import Namespace
from datetime import UTC, datetime

from minerdesk.cli.as_json import as_json
from minerdesk.services.given import GivenNumbers, evaluate_table
from minerdesk.services.reports import evaluate_data, report_text
from minerdesk.services.words import Formats


def run(asked: Namespace) -> str:
    """Return what to print.

    Raises:
        UserError: the table or a number cannot be used.
    """
    now = datetime.now(UTC)
    numbers = GivenNumbers(
        price_per_btc=asked.price,
        difficulty=asked.difficulty,
        fees_btc=asked.fees,
        block_height=asked.height,
        currency=asked.currency,
    )
    evaluation, models = evaluate_table(asked.rigs, numbers, now)
    formats = Formats("en")
    if asked.json:
        return as_json(evaluate_data(evaluation, formats, models))
    return report_text(evaluation, formats, now)
