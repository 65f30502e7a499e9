"""What a dry run says before anything is changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, Protocol

from minerdesk.domain.book import Book
from minerdesk.domain.errors import UserError
from minerdesk.domain.rigs import RigGroup, RigModel
from minerdesk.domain.sites import Site
from minerdesk.domain.tariff import Tariff
from minerdesk.domain.text import _
from minerdesk.services.exchange.columns import Column, Field
from minerdesk.services.exchange.export import RESULT_PREFIX, group_cells
from minerdesk.services.exchange.number_style import StyleFinding, StyleState
from minerdesk.storage.tables import Cell, RawTable

NEW_MODEL: Final = "*"
"""As a choice for an unknown model: make a model of the operator's own from the row's numbers."""


class Models(Protocol):
    """What is needed of the rig catalogue."""

    def matches(self, name: str) -> Sequence[RigModel]:
        """Return every model a name fits."""
        ...

    def closest(self, name: str, n: int = 3) -> Sequence[RigModel]:
        """Return up to ``n`` models whose names are most like ``name``."""
        ...


class Action(StrEnum):
    """What taking a row in would do."""

    ADD = "add"
    CHANGE = "change"
    SAME = "same"
    REFUSE = "refuse"


class MatchBy(StrEnum):
    """How a row finds the group it is about."""

    AUTO = "auto"  # by id where the row has one, else by place
    ID = "id"
    PLACE = "site+model+location"


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One value before and after; None where there was no group, empty where there is no value."""

    field: Field
    before: Cell | None
    after: Cell


@dataclass(frozen=True, slots=True)
class RowPlan:
    """What one row would do.

    Attributes:
        row: its number in the file, as a spreadsheet counts.
        reasons: why it is refused, a sentence each with column and value.
        warnings: what is taken in but looks odd.
        before, after: the group as it is and as it would be; None where there is none.
        suggestions: names of the closest models where the row's is unknown or fits several.
    """

    row: int
    action: Action
    reasons: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    before: RigGroup | None = None
    after: RigGroup | None = None
    suggestions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DryRun:
    """The preview of an import. Nothing has been changed by it.

    Attributes:
        book: the book it was made against.
        columns: what each column was taken for; change it by ``mapping`` and run again.
        finding: the number style, and what to ask where it is not known.
        rows: one plan for each row that is not blank, in the file's order.
        sites, tariffs, models: all that accepted rows may need and the book lacks.
        unknown_models: names that fit no model, each with the closest ones' names.
        notes: what the operator should know of the whole file, in sentences.
    """

    book: Book
    table: RawTable
    columns: tuple[Column, ...]
    finding: StyleFinding
    match_by: MatchBy
    rows: tuple[RowPlan, ...] = ()
    sites: tuple[Site, ...] = ()
    tariffs: tuple[Tariff, ...] = ()
    models: tuple[RigModel, ...] = ()
    unknown_models: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    @property
    def counts(self) -> dict[Action, int]:
        """How many rows each action has."""
        found = Counter(plan.action for plan in self.rows)
        return {action: found[action] for action in Action}

    @property
    def all_understood(self) -> bool:
        """Whether every column that has a name means something, results of an export aside."""
        return all(
            column.field is not None or not column.header or column.header.startswith(RESULT_PREFIX)
            for column in self.columns
        )

    @property
    def question(self) -> str:
        """What must be answered before anything is taken in; empty where nothing."""
        return self.finding.question

    @property
    def ready(self) -> bool:
        """Whether it may be applied: the number style is known."""
        return self.finding.state in {StyleState.DECIDED, StyleState.FREE}

    def changes(self, plan: RowPlan) -> tuple[FieldChange, ...]:
        """Return the values a row would change, in the order of an export's columns."""
        if plan.after is None or plan.before == plan.after:
            return ()
        after = self._cells(plan.after)
        before = self._cells(plan.before) if plan.before is not None else None
        return tuple(
            FieldChange(name, None if before is None else before[name], value)
            for name, value in after.items()
            if (before[name] != value if before is not None else value != "")
        )

    def _cells(self, group: RigGroup) -> dict[Field, Cell]:
        models = (*self.book.models, *self.models)
        sites = (*self.book.sites, *self.sites)
        model = next(model for model in models if model.name == group.model)
        site = next(site for site in sites if site.id == group.site)
        return group_cells(group, model, site.name)


def refusal(column: str, error: UserError) -> str:
    """Make the sentence that refuses a row for one of its values; which row stands beside it."""
    return _("Column “{column}”: {sentence}").format(column=column, sentence=error.sentence)
