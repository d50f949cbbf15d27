"""Deleting everything and withdrawing a request cannot be taken back: what is made of the answer to "shall I?"."""

from actions import privacy
from actions.reply import Reply, say
from actions.requests import status
from actions.requests.consent import refuses, says_yes
from actions.turn import Turn, button, with_choices

_FORGET, _WITHDRAW = "forget_me", "withdraw:"


async def decided(turn: Turn) -> Reply | None:
    """The answer to "shall I delete everything?" and "shall I withdraw it?"; None for anything else, which is then no longer asked."""
    awaiting, understanding = turn.state.awaiting or "", turn.understanding
    if understanding is None or not (awaiting == _FORGET or awaiting.startswith(_WITHDRAW)):
        return None
    said, number = turn.house.report_words, awaiting.removeprefix(_WITHDRAW)
    turn.state.awaiting = None
    if says_yes(turn, said.erases if awaiting == _FORGET else said.withdraws):
        return await (privacy.forget(turn) if awaiting == _FORGET else status.withdraw_now(turn, number))
    if awaiting != _FORGET and said.own_request.are_all_of(turn.text):
        return await status.ask_to_withdraw(turn, number)  # "je veux annuler" came first, and what behind it.
    if refuses(turn):
        return say("privacy.kept") if awaiting == _FORGET else status.kept(number)
    if understanding.intent != "affirm" or turn.state.form is not None:
        return None
    if awaiting != _FORGET:
        return await status.ask_to_withdraw(turn, number)
    turn.state.awaiting = _FORGET
    return with_choices(
        say("privacy.really"), button("privacy.button.forget", "forget:yes"), button("privacy.button.keep", "keep")
    )
