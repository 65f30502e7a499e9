"""What a solo miner should know beside the expected income: how seldom it comes."""

from __future__ import annotations

from typing import Final

from minerdesk.domain.rigs import PoolScheme
from minerdesk.domain.text import _
from minerdesk.engine.network import chance_of_a_block
from minerdesk.services.evaluation import Evaluation
from minerdesk.services.words.formats import Formats

_YEAR_DAYS: Final = 365.25
_LIKELY: Final = 0.5


def solo_note(evaluation: Evaluation, group_index: int, formats: Formats) -> str:
    """Return ``; expected income, solo: chance of a block this year 1 in 1,234``.

    Empty for a group that a pool pays. The chance is that of all rigs of the group in the mode that
    describes it.
    """
    group, figures = evaluation.book.groups[group_index], evaluation.figures
    if figures is None or group.pool_scheme is not PoolScheme.SOLO:
        return ""
    mode = int(figures.decisions.reference_mode[group_index])
    paid_ths = float(figures.economics.prepared.paid_ths_subsidy[mode])
    chance = chance_of_a_block(paid_ths / (1 - group.pool_fee), figures.now.difficulty, _YEAR_DAYS)
    if chance <= 0:
        return ""
    if chance >= _LIKELY:
        return _("; expected income, solo: chance of a block this year {chance}").format(
            chance=formats.percent(chance, 0)
        )
    return _("; expected income, solo: chance of a block this year 1 in {n}").format(
        n=formats.count(round(1 / chance))
    )
