"""What somebody at the expo asks in words that decide by themselves, whatever intent they sound like."""

from actions import expo_again, expo_door, expo_practical, expo_shown, expo_sought
from actions.reply import Reply
from actions.turn import Turn


def asked(turn: Turn) -> Reply | None:
    """The reply to a room, a way, a matter of the house or a question about the sessions on the screen; None for any other message."""
    at_door = expo_door.named(turn) or expo_door.way(turn) or expo_door.full(turn)
    of_the_house = at_door or expo_practical.follow_up(turn) or expo_practical.contact(turn)
    of_the_house = of_the_house or expo_again.at_another_time(turn)
    return of_the_house or expo_sought.ranked(turn) or expo_shown.about(turn) or expo_sought.about(turn)
