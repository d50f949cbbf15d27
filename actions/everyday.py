"""What people ask anybody in passing, here the assistant too: the time, a toilet; and a number that belongs to no list."""

from actions import faq
from actions.dates import spoken_date
from actions.expo import meant as expo_meant
from actions.expo.screen import shows_sessions
from actions.phrases import Phrases
from actions.places import name_of
from actions.reply import Reply, Words, say
from actions.requests import questions
from actions.smalltalk import which_number
from actions.turn import Turn
from nlu.ordinals import entry_meant
from nlu.programme_words import says
from nlu.shown_words import asked
from nlu.understanding import Decision

_PER_HOUR = "faq/parking_fees"


def the_time(turn: Turn) -> Reply | None:
    """What the clock says; None for any other message, also where a session or a car park was spoken of and "what time" is about it."""
    said, topic = turn.house.plain_words, turn.state.topic
    if not _is_only(turn, said.clock):
        return None
    of_session = shows_sessions(turn) and len(turn.state.sessions) == 1 and asked(turn.text) == {"when"}
    of_session = of_session and not turn.entities_of("time")  # "What time is it now" is the clock's.
    recent = topic is not None and turn.now - topic.at <= faq.TOPIC_LASTS
    if of_session or (recent and topic is not None and topic.intent == _PER_HOUR):
        return None
    return say("smalltalk.clock", date=spoken_date(turn.now.date()), time=f"{turn.now:%H:%M}")


def toilets(turn: Turn) -> Reply | None:
    """Where nobody told us of any in the city; those of the expo are told by its own file."""
    said = turn.house.plain_words
    seeks = said.toilets.are_in(turn.text) and (questions.begins(turn, said.asks_where) or questions.is_marked(turn))
    if turn.state.form is not None or not (seeks or _is_only(turn, said.toilets)):
        return None
    if expo_meant.is_topical(turn) or says(turn.text, "expo"):
        return None
    faq.talk_about(turn, faq.OUT_OF_SCOPE)
    return say("faq.toilets_unknown")


def access_of_the_tram(turn: Turn) -> Reply | None:
    """Whether somebody in a wheelchair can take the tram, which nobody told us; a way that is asked for is told by itself."""
    said, understanding = turn.house.plain_words, turn.understanding
    if turn.state.form is not None or understanding is None or turn.entities_of("place"):
        return None
    if not (said.on_wheels.are_in(turn.text) and said.rides.are_in(turn.text)):
        return None
    if understanding.intent.startswith("report/") and understanding.decision is Decision.ANSWER:
        return None
    faq.talk_about(turn, "transport/lines")
    return say("smalltalk.tram_access_unknown")


def train_elsewhere(turn: Turn) -> Reply | None:
    """A train to another town, which the railways know."""
    said, understanding = turn.house.plain_words, turn.understanding
    cities = [
        place
        for entity in turn.entities_of("place")
        if (place := turn.house.city.place(entity.value["id"])).kind == "city"
    ]
    if turn.state.form is not None or understanding is None or len(cities) != 1 or not said.trains.are_in(turn.text):
        return None
    unserved = understanding.decision is not Decision.ANSWER or understanding.intent == faq.OUT_OF_SCOPE
    only = len(turn.entities_of("place")) == 1 and unserved
    return say("itinerary.other_city", place=Words(name_of(cities[0], turn.language))) if only else None


def number_of_nothing(turn: Turn) -> Reply | None:
    """ "Number 5" where no list is, or one that is shorter: which list, instead of a guess at what it sounds like."""
    if turn.state.form is not None or turn.state.awaiting or turn.incoming.text is None:
        return None
    return which_number(turn) if entry_meant(turn.text) is not None else None


def _is_only(turn: Turn, phrases: Phrases) -> bool:
    """Whether a message says this and, beside small words, nothing else."""
    if turn.understanding is None or turn.incoming.text is None or not phrases.are_in(turn.text):
        return False
    return not turn.house.plain_words.in_passing.without(phrases.without(turn.text))
