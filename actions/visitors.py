"""Where messages and taps about the expo meet a visitor's own agenda, so that the router need not know its parts."""

from actions.agenda import agenda, asking, feedback, reminders
from actions.expo import practical as expo_practical
from actions.expo.screen import is_in_view
from actions.reply import Reply
from actions.turn import Turn

written = feedback.written


def remembered(turn: Turn, reply: Reply) -> Reply:
    """The reply; from now on a message that names something of the expo is about it, and "number 3" is one of its sessions."""
    turn.state.expo_at = turn.now
    service = expo_practical.service_named(turn)
    if service or reply.choices:
        # An answer without choices was about the same matter.
        turn.state.service = service
    return agenda.remembered(turn, reply)


async def know_stars(turn: Turn) -> None:
    """From then on the turn knows what is starred."""
    turn.starred = await agenda.starred(turn)


async def own_agenda(turn: Turn, intent: str) -> Reply | None:
    """The reply to an intent about the agenda, else None. From then on the turn knows what is starred."""
    turn.starred = await agenda.starred(turn)
    reply = await asking.answer(turn, intent) if intent in asking.INTENTS else None
    return remembered(turn, reply) if reply else None


async def ordered(turn: Turn) -> Reply | None:
    """The reply to a short order about the sessions on the screen, however it was understood; None for anything else."""
    if turn.incoming.text is None:
        return None
    heard = is_in_view(turn) or turn.state.awaiting == agenda.CLEARING
    reply = await asking.ordered(turn) if heard else None
    if reply is None and not (turn.understanding and turn.understanding.intent == "thanks"):
        agenda.forget_change(turn)
    return remembered(turn, reply) if reply else None


async def chosen(turn: Turn, payload: str) -> Reply | None:
    """The reply to a tap on something of the expo, of the agenda or of a question how it was; None for unknown ones."""
    kind, _, rest = payload.partition(":")
    if kind == "fb":
        return await feedback.chosen(turn, rest)
    if kind == "ag":
        return remembered(turn, await asking.chosen(turn, rest) or asking.too_late(turn))
    agenda.forget_change(turn)
    turn.starred = await agenda.starred(turn)
    reply = turn.expo.choose(payload, language=turn.language, now=turn.expo_time, starred=turn.starred)
    return remembered(turn, reply) if reply else None


async def by_own_clock(turn: Turn) -> None:
    """What is due by the clock of the demonstration, which is the person's own and which no chore sees: said with the reply."""
    edition = turn.expo.edition
    if turn.incoming.demo_at is None or edition is None or turn.forget_person:
        return
    for due in (reminders.due, feedback.due):
        turn.pushes += await due(turn.session, edition, turn.expo_time, conversation_id=turn.conversation_id)


async def cleared(turn: Turn, *, confirmed: bool) -> Reply | None:
    """The answer to "shall I empty your agenda?"; None for a no."""
    turn.state.awaiting = None
    edition = turn.expo.edition
    return await agenda.clear(turn, edition) if confirmed and edition else None
