"""What somebody asks of an edition, as its answers take it."""

from collections.abc import Mapping
from typing import Any

from actions.expo.pages import Pages, Question
from actions.programme.edition import Edition
from actions.turn import Turn
from nlu.times import CASABLANCA


def pages_for(turn: Turn, edition: Edition, text: str = "", when: Mapping[str, Any] | None = None) -> Pages:
    """The pages of the edition for whoever writes: in their language, at their time, with their stars.

    `text` and `when` are what a question says, where it is one of words.
    """
    now = turn.expo_time.astimezone(CASABLANCA)
    return Pages(edition, Question(text, when or {}, turn.language, now, turn.starred))
