"""Inserting a row once, whoever else does the same at this moment."""

from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.inspection import inspect

from store.tables import Base


async def insert_once(session: AsyncSession, table: type[Base], **values: Any) -> bool:
    """Inserts a row; false when a unique key of it was there before."""
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    statement = dialect.insert(table).values(**values).on_conflict_do_nothing()
    inserted = await session.execute(statement.returning(*inspect(table).primary_key))
    return inserted.first() is not None
