"""The tables of daily series, SQLAlchemy Core: never thinned, and read at once for the charts.

A series lies in blocks of 512 days, each a row of little-endian doubles with NaN where nothing is
known: seventeen years of forty series are a few hundred rows instead of a quarter of a million.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import (
    Boolean,
    Column,
    Float,
    ForeignKey,
    Integer,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
)

from minerdesk.storage.history_tables import metadata

BLOCK_DAYS: Final = 512

day_sources = Table(
    "day_sources",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", Text, nullable=False, unique=True),
    Column("from_file", Boolean, nullable=False),
    Column("added_at_us", Integer, nullable=False),
    Column("retargets_at_us", Integer),
)

day_series = Table(
    "day_series",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("source", Integer, ForeignKey("day_sources.id"), nullable=False),
    Column("quantity", Text, nullable=False),
    Column("currency", Text, nullable=False),
    Column("taken_at_us", Integer, nullable=False),
    UniqueConstraint("source", "quantity", "currency"),
)

day_blocks = Table(
    "day_blocks",
    metadata,
    Column("series", Integer, ForeignKey("day_series.id"), primary_key=True, autoincrement=False),
    Column("block", Integer, primary_key=True, autoincrement=False),
    Column("value", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)

# Values that a later one of the same source, answer and day stands in place of.
day_doubles = Table(
    "day_doubles",
    metadata,
    Column("series", Integer, ForeignKey("day_series.id"), primary_key=True, autoincrement=False),
    Column("day", Integer, primary_key=True, autoincrement=False),
    Column("value", Float, primary_key=True, autoincrement=False),
    sqlite_with_rowid=False,
)

day_retargets = Table(
    "day_retargets",
    metadata,
    Column("source", Integer, ForeignKey("day_sources.id"), primary_key=True, autoincrement=False),
    Column("height", Integer, primary_key=True, autoincrement=False),
    Column("time_s", Float, nullable=False),
    Column("difficulty", Float, nullable=False),
    Column("exact", Boolean, nullable=False),
    sqlite_with_rowid=False,
)

# How asking stands, so that a restart neither asks sooner nor begins again.
day_asks = Table(
    "day_asks",
    metadata,
    Column("endpoint", Text, primary_key=True),
    Column("source", Text, nullable=False),
    Column("asked_at_us", Integer, nullable=False),
    Column("answered_at_us", Integer),
    Column("due_at_us", Integer, nullable=False),
    Column("failures", Integer, nullable=False),
    Column("cursor", Text, nullable=False),
    Column("problem", Text, nullable=False),
    sqlite_with_rowid=False,
)
