"""The table of the decision log. Times are whole microseconds since 1970, UTC."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Boolean, Column, Float, Integer, MetaData, Table, Text

VERSION: Final = 1
TIMES: Final = ("at", "due", "until", "plan_made_at", "withdrawn_at")

metadata = MetaData()

# A number that was not known is NULL: SQLite knows no NaN.
decisions = Table(
    "decisions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", Integer, nullable=False, index=True),
    Column("outcome", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("book", Text, nullable=False),
    Column("book_name", Text, nullable=False),
    Column("site", Text, nullable=False),
    Column("site_name", Text, nullable=False),
    Column("group", Text, nullable=False),
    Column("model", Text, nullable=False),
    Column("count", Integer, nullable=False),
    Column("before", Text, nullable=False),
    Column("after", Text, nullable=False),
    Column("due", Integer, nullable=False),
    Column("until", Integer),
    Column("why", Text, nullable=False),
    Column("worth", Float),
    Column("doubt", Float),
    Column("a_day", Boolean, nullable=False),
    Column("currency", Text, nullable=False),
    Column("price_per_btc", Float),
    Column("difficulty", Float),
    Column("hashprice_per_ph_day", Float),
    Column("price_per_kwh", Float),
    Column("break_even_per_kwh", Float),
    Column("sources", Text, nullable=False),
    Column("move_key", Text, nullable=False),
    Column("plan_made_at", Integer),
    Column("book_revision", Integer, nullable=False),
    Column("network_revision", Integer, nullable=False),
    Column("withdrawn_at", Integer),
    # Ids are never given twice, also not after the newest row was lost with a damaged page.
    sqlite_autoincrement=True,
)
