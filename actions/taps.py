"""What a tapped button does, also one that was typed. Payloads of an older version or of a finished form get the menu, not an error."""

from collections.abc import Sequence
from dataclasses import replace

from actions import privacy, smalltalk
from actions.acting import act_on, then_form
from actions.expo import again as expo_again
from actions.expo import door as expo_door
from actions.expo.screen import entry_behind
from actions.reply import Reply
from actions.requests import additions, afterwards, filing, receipts, status
from actions.state import State
from actions.turn import Incoming, Turn
from actions.visitors import chosen, know_stars, remembered
from actions.which import ask_again
from nlu.ordinals import entry_meant, ordinal
from nlu.text import normalise
from nlu.understanding import Language


def typed_as_tap(incoming: Incoming, offered: Sequence[Sequence[str]], state: State) -> Incoming:
    """A typed "2", "the second one" or the words of a button count as a tap: not every channel and phone shows buttons.

    `offered` has label and payload of each button of the last reply. Where a report asks for something, "numéro 4" may be that of
    a house.
    """
    if incoming.text is None or incoming.photo or not offered:
        return incoming
    typed, plain = normalise(incoming.text).strip(" .)"), ordinal(incoming.text)
    # Right after something was put into the agenda "and number 4" is another one for it, and "the first" is a button.
    meant = plain if state.form else entry_meant(incoming.text, goes_on=not state.changed)
    of_buttons = typed.isdecimal() or (state.changed and plain is not None)
    behind = None if of_buttons else entry_behind(state, meant)
    if behind is not None:
        return replace(incoming, text=None, choice=behind)
    for position, (label, payload) in enumerate(offered, start=1):
        if meant == position or typed in (str(position), normalise(label)):
            return replace(incoming, text=None, choice=payload)
    return incoming


async def tapped(turn: Turn) -> Reply | None:
    """The reply to a tap, by the kind that stands before the first colon of its payload; None where nothing was tapped."""
    if turn.incoming.choice is None:
        return None
    kind, _, rest = turn.incoming.choice.partition(":")
    if kind in ("start", "door"):
        await know_stars(turn)
    match kind:
        case "i" if rest in turn.house.knowledge.intents:
            ask_again(turn, rest)
            return await act_on(turn, rest)
        case "start":
            # A link or a QR code whose parameter nothing knows (any more) still opens the chat.
            return await then_form(turn, expo_door.opened(turn, rest) or smalltalk.welcome(turn))
        case "door":
            return remembered(turn, expo_door.chosen(turn, rest) or smalltalk.help_(turn))
        case "l" if rest in set(Language):
            return await then_form(turn, smalltalk.fix_language(turn, Language(rest)))
        case _ if kind in status.PAYLOADS:
            return await status.chosen(turn, kind, rest)
        case "ad":
            return await additions.ask(turn, rest)
        case "rc":
            return await receipts.receipt(turn, rest)
        case "q":
            return await afterwards.chosen_answer(turn, rest) or smalltalk.help_(turn)
        case "pn" if await additions.take_photo_back(turn, rest):
            return await filing.begin_with_photos(turn, [rest])
        case "forget" if turn.state.awaiting == "forget_me":
            return await privacy.forget(turn)
        case "keep":
            turn.state.awaiting = None
            return await filing.resume(turn) if turn.state.form else smalltalk.affirm_nothing(turn)
        case "report_here" if turn.state.location:
            return await _report_here(turn, *turn.state.location)
        case "expo" | "ag" | "fb":
            expo_again.keep_chosen(turn, turn.incoming.choice)
            return await chosen(turn, turn.incoming.choice) or smalltalk.help_(turn)
        case _:
            return smalltalk.help_(turn)


async def _report_here(turn: Turn, lat: float, lon: float) -> Reply:
    reply = await filing.begin(turn, "report/other")
    found = turn.house.city.arrondissement_at(lat, lon)
    if turn.state.form and found:
        turn.state.form.lat, turn.state.form.lon = lat, lon
        turn.state.form.arrondissement = found.id
    return reply
