""" "Is it far?": asked of the way, the room, the matter of the house or the expo that was told last."""

from actions import directions
from actions.expo import door, practical
from actions.expo.screen import is_spoken_of
from actions.reply import Reply
from actions.turn import Turn


def asked(turn: Turn) -> Reply | None:
    """How far what was told last is, as far as that is known; None for any other message."""
    said = turn.house.plain_words
    if turn.state.form is not None or turn.understanding is None or not said.far.are_in(turn.text):
        return None
    if said.in_passing.without(said.around_far.without(said.far.without(turn.text))):
        return None
    minutes = directions.minutes_again(turn)
    if minutes is not None or turn.expo.edition is None or not is_spoken_of(turn):
        return minutes
    return practical.spoken_of(turn) or door.room_spoken_of(turn) or directions.to_the_expo(turn)
