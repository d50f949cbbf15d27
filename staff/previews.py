"""An answer as a messaging service shows it: what the editor previews."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from sqlalchemy.ext.asyncio import AsyncSession

from actions.reply import Reply
from nlu.understanding import Language


@dataclass(frozen=True, slots=True)
class Shown:
    """One message. `rows` are its buttons; `opens_list` are the words of the button that opens a list of choices."""

    text: str
    length: int
    limit: int
    rows: tuple[tuple[str, ...], ...] = ()
    opens_list: str = ""


@dataclass(frozen=True, slots=True)
class Preview:
    """All messages that a reply becomes on a service, in order."""

    service: str
    messages: tuple[Shown, ...]


class Previewing(Protocol):
    """Renders as the services' own channels would, with the templates that are there now."""

    async def __call__(self, session: AsyncSession, reply: Reply, language: Language) -> Sequence[Preview]: ...
