"""What every delivering channel can do, so that inbox, worker and outbox need not know which one it is.

The phone page and the terminal fetch their replies from the outbox themselves; Telegram and WhatsApp are sent to.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol

from actions.turn import Incoming
from nlu.understanding import Language

Raw = Mapping[str, Any]
"""A message as the provider's server delivered it, plain JSON, stored before it is confirmed."""
Outgoing = Mapping[str, Any]
"""One call to the provider, plain JSON: what `render` makes of a reply and `send` performs."""


class Failure(StrEnum):
    """What a send that went wrong means for the message."""

    RETRY = "retry"
    """Certainly not delivered: try again, after `wait` seconds where the provider named them."""
    UNCERTAIN = "uncertain"
    """Perhaps delivered (a time-out after the request was written): never sent again, marked for a person to see."""
    UNREACHABLE = "unreachable"
    """The person blocked the assistant or left: the conversation gets nothing until they write again."""
    REFUSED = "refused"
    """The provider will never take this message: a dead letter."""
    MOVED = "moved"
    """The chat has a new address, `address`; send there."""
    CLOSED = "closed"
    """Not sent: the provider takes it only after the person wrote again. It waits in the outbox until their next message."""


class SendFailed(Exception):
    """A send that did not succeed; never holds a token, an address or a text of the person in its message."""

    def __init__(self, failure: Failure, reason: str, *, wait: float | None = None, address: str | None = None) -> None:
        super().__init__(f"{failure.value}: {reason}")
        self.failure = failure
        self.reason = reason
        self.wait = wait
        self.address = address


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast a provider lets us send: `per_second` in all, `seconds_per_chat` between two messages of a chat."""

    per_second: float
    seconds_per_chat: float
    burst_per_chat: int = 1


class Channel(Protocol):
    """One messaging service."""

    name: str
    pace: Pace

    async def parse(self, raw: Raw) -> Incoming | None:
        """The message in no channel's terms, its media fetched and stored; None for what needs no reply.

        Called by the worker, outside of any transaction; may be called again for the same message after a crash.
        """

    def render(
        self, parts: Sequence[Mapping[str, Any]], *, language: Language, occasion: str | None = None
    ) -> list[Outgoing]:
        """The parts of a reply (docs/architecture.md, "A reply as data") as provider calls within the limits, in order.

        `occasion` is the key of the `Push` for what nobody has just asked for: some providers want a form of its own then.
        """

    async def send(self, address: str, message: Outgoing) -> str | None:
        """Performs one call; the provider's id of the message where it gives one. Raises `SendFailed`."""
