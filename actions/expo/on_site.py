"""What somebody at the expo asks in words that decide by themselves, whatever intent they sound like."""

from actions.expo import again, door, organiser, practical, shown, sought
from actions.reply import Reply
from actions.turn import Turn


def asked(turn: Turn) -> Reply | None:
    """The reply to a room, a way, a matter of the house or a question about the sessions on the screen; None for any other message."""
    at_door = door.own_next(turn) or door.named(turn) or door.way(turn) or door.full(turn)
    of_the_house = at_door or organiser.asked(turn) or practical.follow_up(turn) or practical.contact(turn)
    of_the_house = of_the_house or practical.unknown_of_the_house(turn)
    of_the_house = of_the_house or again.at_another_time(turn) or again.in_another_room(turn) or again.after_that(turn)
    return of_the_house or sought.ranked(turn) or shown.about(turn) or sought.about(turn)
