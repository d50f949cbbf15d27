"""From an intent to what the assistant does about it, by whatever way the intent was found: words, a button, a question back."""

from collections.abc import Awaitable, Callable, Mapping

from actions import arrondissement, directions, faq, handover, notices, privacy, smalltalk, stops
from actions.expo import again, screen
from actions.expo import practical as expo_practical
from actions.reply import Reply
from actions.requests import filing, status
from actions.turn import Turn
from actions.visitors import own_agenda, remembered


async def act_on(turn: Turn, intent: str) -> Reply:
    """Does what an intent asks for; an open form is taken up again afterwards."""
    turn.state.awaiting = None
    reply = await notices.with_notices(turn, intent, await _act(turn, intent))
    if intent.startswith("request/"):
        screen.move_on(turn)
    if intent.startswith("report/") or intent in ("cancel", "request/cancel", "my_data"):
        return reply
    return await then_form(turn, reply)


async def then_form(turn: Turn, reply: Reply) -> Reply:
    """The reply, and the open form's question after it."""
    return reply.then(await filing.resume(turn)) if turn.state.form else reply


async def _act(turn: Turn, intent: str) -> Reply:
    """Reports and expo questions by family, the others by the tables below; whatever has an answer file is answered from it."""
    if intent.startswith("report/"):
        return await filing.begin(turn, intent)
    if intent == "expo/directions":
        return directions.to_the_expo(turn)
    if intent.startswith("expo/"):
        reply = await own_agenda(turn, intent) or remembered(turn, _about_expo(turn, intent))
        again.keep(turn, intent)
        if intent == "expo/registration":
            turn.state.service = expo_practical.REGISTRATION
        if intent == "expo/venue":
            directions.await_start(turn)
        return reply
    if intent in _STORED:
        return await _STORED[intent](turn)
    if intent in _DIRECT:
        return _DIRECT[intent](turn)
    return faq.answer(turn, intent)


def _about_expo(turn: Turn, intent: str) -> Reply:
    unanswered = expo_practical.unanswered(turn, intent)
    if unanswered is not None:
        return unanswered
    entities = again.entities(turn)
    answered = turn.expo.answer(
        intent, turn.text, entities, language=turn.language, now=turn.expo_time, starred=turn.starred
    )
    return answered or faq.answer(turn, intent)


async def _cancel(turn: Turn) -> Reply:
    if turn.state.form:
        return await filing.abandon(turn)
    reply = await status.change_of_mind(turn)
    if reply is None:
        turn.state.awaiting = status.WHAT_TO_CANCEL
        reply = smalltalk.nothing_to_cancel(turn)
    return reply


_DIRECT: Mapping[str, Callable[[Turn], Reply]] = {
    "greet": smalltalk.greet,
    "goodbye": smalltalk.goodbye,
    "thanks": smalltalk.thanks,
    "help": smalltalk.help_,
    "affirm": smalltalk.affirm_nothing,
    "deny": smalltalk.affirm_nothing,
    "change_language": smalltalk.change_language,
    "bot_challenge": smalltalk.who_are_you,
    "wrong_answer": smalltalk.wrong_answer,
    "out_of_scope": smalltalk.out_of_scope,
    "faq/arrondissement": arrondissement.arrondissement,
    "transport/nearest_stop": stops.nearest,
    "transport/directions": directions.directions,
    "transport/airport": directions.airport,
    "transport/lines": stops.lines,
}
_STORED: Mapping[str, Callable[[Turn], Awaitable[Reply]]] = {
    "cancel": _cancel,
    "my_data": privacy.my_data,
    "talk_to_human": handover.talk_to_human,
    "request/status": status.status,
    "request/list": status.own_list,
    "request/cancel": status.withdraw,
}
