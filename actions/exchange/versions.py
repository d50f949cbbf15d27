"""The programme of an edition as it was applied last, over the edition's own file; nothing that was applied is ever lost."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from actions.programme.edition import Edition
from actions.programme.loading import with_programme
from actions.programme.mistakes import mistakes
from store import expo as expo_store
from store.tables import ExpoVersionRow


def applied(base: Edition, version: ExpoVersionRow | None) -> Edition:
    """What is said of an edition: its file, with the programme of a version in place of the file's.

    Raises ValueError where the two do not go together (the file changed since, and lacks a room that the version needs).
    """
    if version is None or version.content is None:
        return base
    edition = with_programme(base, version.content)
    found = [str(mistake) for mistake in mistakes(edition)]
    if found:
        raise ValueError(f"version {version.number} of {base.id} does not fit its file any more: {'; '.join(found)}")
    return edition


async def present(session: AsyncSession, base: Edition) -> Edition:
    """What is said of an edition now."""
    return applied(base, (await expo_store.newest_versions(session)).get(base.id))


async def content_of(session: AsyncSession, base: Edition, number: int) -> Mapping[str, Any] | None:
    """The programme of a version, None for 0, the file's; raises ValueError with the numbers that there are."""
    if number == 0:
        return None
    version = await expo_store.version(session, base.id, number)
    if version is None:
        known = ", ".join(str(row.number) for row in reversed(await expo_store.versions_of(session, base.id)))
        raise ValueError(f"{base.id} has no version {number}; there are 0 (its file){', ' if known else ''}{known}")
    return version.content
