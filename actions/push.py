"""A reply that nobody has just asked for: a request changed its state, a talk begins soon."""

from dataclasses import dataclass

from actions.reply import Reply


@dataclass(frozen=True, slots=True)
class Push:
    """What to say to whom; it is said in the language the conversation speaks.

    `key` names the occasion ("request:7K3-42R:fixed:3"). A conversation gets a key once, however often it is pushed.
    """

    conversation_id: int
    key: str
    reply: Reply
    awaiting: str | None = None
    """What a bare yes or no is about once this was said (`State.awaiting`)."""
