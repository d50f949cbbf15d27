"""Opening the database of the settings, with words for whoever set it where that is not possible."""

import sqlite3
from contextlib import closing

from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError, DBAPIError, InvalidRequestError, OperationalError

from store.database import Database, with_driver

_KNOWN = ("sqlite", "postgresql")
_EXAMPLES = "postgresql://user:password@host/name or sqlite:///var/casa.sqlite3"
_MAY_NOT = "42501"
"""PostgreSQL's code where the user lacks a right."""


async def open_database(url: str) -> Database:
    """Raises `ValueError` naming the setting and what is wrong, without the password."""
    try:
        address = with_driver(url)
    except (ArgumentError, ValueError):
        raise ValueError(f"DATABASE_URL is no address of a database; write it like {_EXAMPLES}") from None
    if address.get_backend_name() not in _KNOWN:
        raise ValueError(f"DATABASE_URL: {address.get_backend_name()} is not supported; write it like {_EXAMPLES}")
    try:
        _look_for_file(address)
        return await Database.open(url)
    except (ArgumentError, InvalidRequestError, ImportError):
        raise ValueError(f"DATABASE_URL: no driver for {address.drivername}; write it like {_EXAMPLES}") from None
    except DBAPIError as error:
        if not _is_of_the_operator(error):
            raise
        raise ValueError(_refusal(address, error.orig)) from error
    except sqlite3.Error as error:
        raise ValueError(_refusal(address, error)) from None


def _look_for_file(address: URL) -> None:
    """Fails here where SQLite cannot open its file: in the thread of the connection it would leave a trace behind."""
    if address.get_backend_name() == "sqlite" and address.database and "uri" not in address.query:
        with closing(sqlite3.connect(address.database)):
            pass


def _refusal(address: URL, reason: BaseException | None) -> str:
    said = (str(reason).splitlines() or [""])[0]
    if address.password:
        said = said.replace(str(address.password), "***")
    # What follows a question mark may be a password too.
    shown = address.set(query={}).render_as_string(hide_password=True)
    return f"DATABASE_URL: {shown} cannot be opened: {said}"


def _is_of_the_operator(error: DBAPIError) -> bool:
    """Whether address, server, disk or rights are wrong; else it is a fault of ours, whose trace is needed."""
    connecting = error.statement is None
    return connecting or isinstance(error, OperationalError) or getattr(error.orig, "sqlstate", None) == _MAY_NOT
