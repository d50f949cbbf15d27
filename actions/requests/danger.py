"""The emergency numbers before anything else, once a report."""

from actions.reply import Reply, say
from actions.state import RequestForm
from actions.turn import Turn


def warn(turn: Turn, form: RequestForm, text: str) -> Reply:
    """What to say first when the words speak of people in danger; empty when they do not, or it was said before."""
    if form.warned or not turn.house.categories[form.intent].is_dangerous(text):
        return Reply(())
    form.warned = True
    return say("request.danger")
