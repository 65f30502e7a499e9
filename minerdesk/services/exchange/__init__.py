"""Bulk in and out of rig groups: a table is read, previewed row by row, taken in as one edit."""

from minerdesk.services.exchange.columns import Column, Field, recognise
from minerdesk.services.exchange.dry_run import apply, dry_run
from minerdesk.services.exchange.export import ResultColumn, export_groups
from minerdesk.services.exchange.labels import field_label, value_words
from minerdesk.services.exchange.number_style import StyleFinding, StyleState, decided_words
from minerdesk.services.exchange.preview import (
    NEW_MODEL,
    Action,
    DryRun,
    FieldChange,
    MatchBy,
    Models,
    RowPlan,
)
from minerdesk.storage.tables import RawTable, parse_table, read_table, write_table

__all__ = [
    "NEW_MODEL",
    "Action",
    "Column",
    "DryRun",
    "Field",
    "FieldChange",
    "MatchBy",
    "Models",
    "RawTable",
    "ResultColumn",
    "RowPlan",
    "StyleFinding",
    "StyleState",
    "apply",
    "decided_words",
    "dry_run",
    "export_groups",
    "field_label",
    "parse_table",
    "read_table",
    "recognise",
    "value_words",
    "write_table",
]
