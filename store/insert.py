"""Inserting a row once, whoever else does the same at this moment."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.inspection import inspect

from store.tables import Base


async def insert_once(session: AsyncSession, table: type[Base], **values: Any) -> bool:
    """Inserts a row; false when a unique key of it was there before."""
    return bool(await insert_new(session, table, [values], returning=inspect(table).primary_key))


async def insert_new(
    session: AsyncSession, table: type[Base], rows: Sequence[dict[str, Any]], *, returning: Sequence[Any]
) -> Sequence[Row[Any]]:
    """Inserts those rows of which no unique key was there before, in their order; `returning` of these."""
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    statement = dialect.insert(table).values(rows).on_conflict_do_nothing()
    return (await session.execute(statement.returning(*returning))).all()
