"""The tables of the history, SQLAlchemy Core. Times are whole microseconds since 1970, UTC.

A point is a few numbers and the id of its series, clustered by series and time: about 25 bytes.
"""

from __future__ import annotations

from sqlalchemy import Column, Float, ForeignKey, Integer, MetaData, Table, Text, UniqueConstraint

VERSION = 1

metadata = MetaData()

series = Table(
    "series",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("quantity", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("provenance", Text, nullable=False),
    Column("currency", Text, nullable=False),
    Column("window_days", Float, nullable=False),  # 0 where the quantity has no window
    UniqueConstraint("quantity", "source", "provenance", "currency", "window_days"),
)

points = Table(
    "points",
    metadata,
    Column("series", Integer, ForeignKey("series.id"), primary_key=True, autoincrement=False),
    Column("at_us", Integer, primary_key=True, autoincrement=False),
    Column("value", Float, nullable=False),
    sqlite_with_rowid=False,
)

books = Table(
    "books",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("key", Text, nullable=False, unique=True),
)

summaries = Table(
    "summaries",
    metadata,
    Column("series", Integer, ForeignKey("books.id"), primary_key=True, autoincrement=False),
    Column("at_us", Integer, primary_key=True, autoincrement=False),
    Column("currency", Text, nullable=False),
    Column("price_per_btc", Float, nullable=False),
    Column("hashprice_per_ph_day", Float, nullable=False),
    Column("difficulty", Float, nullable=False),
    Column("rigs", Integer, nullable=False),
    Column("rigs_running", Integer, nullable=False),
    Column("rigs_advised", Integer, nullable=False),
    Column("margin_is_per_day", Float, nullable=False),
    Column("margin_should_per_day", Float, nullable=False),
    Column("revenue_per_day", Float, nullable=False),
    Column("power_cost_per_day", Float, nullable=False),
    Column("power_kw", Float, nullable=False),
    sqlite_with_rowid=False,
)
