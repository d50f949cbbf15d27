"""What all tables share. Times are stored in UTC; a column of JSON holds plain data only."""

from datetime import UTC, datetime
from typing import cast

from sqlalchemy import DateTime, Table, TypeDecorator
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase


class UtcDateTime(TypeDecorator[datetime]):
    """An aware datetime, kept in UTC (SQLite itself forgets zones)."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without zone must not be stored")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """All tables of the project."""


def plain(table: type[Base]) -> Table:
    """The table without its class.

    For the few statements that every message needs: they are made once, as constants, and give plain rows. Making a
    statement, and objects whose changes are followed, takes several times as long as SQLite takes to run it.
    """
    return cast("Table", table.__table__)
