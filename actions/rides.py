"""What somebody asks in a few words of what carries people in the city: the next tram, "and the busway?", the tram to a place."""

from actions import directions, faq
from actions.phrases import Phrases
from actions.reply import Reply, say
from actions.travel.ends import named_ends
from actions.turn import Turn
from nlu.text import normalise
from nlu.understanding import Decision

_HOURS, _FARES, _TAXI, _WAY = "transport/hours", "transport/fares", "transport/taxi", "transport/directions"
_ELSEWHERE = ("report/", "request/", "emergency")


def intent(turn: Turn) -> str | None:
    """The way for "tram to Aïn Diab"; the bus and the taxi have answers of their own, also right behind the tram's."""
    said, text = turn.house.plain_words, turn.text
    if not _may_be_meant(turn) or not said.rides.are_in(text):
        return None
    if turn.entities_of("place"):
        return _WAY if _goes_to_a_place(turn) else None
    if said.next_ones.are_in(text) and said.buses.are_in(text) and not _left(turn, said.next_ones):
        return "transport/bus"
    topic = faq.spoken_of(turn)
    if topic is None or not topic.startswith("transport/") or _left(turn):
        return None
    if said.taxis.are_in(text):
        return _TAXI
    return "transport/bus" if said.buses.are_in(text) else _FARES if topic == _TAXI else None


def answered(turn: Turn) -> Reply | None:
    """The reply to a question for the next tram or train, or for the tram or the busway beside what was just told; None for any other."""
    if not _may_be_meant(turn):
        return None
    return _next_one(turn) or _the_other(turn)


def _next_one(turn: Turn) -> Reply | None:
    """Nobody tells us of departures as they happen: from when to when they run, and how often, is the next best."""
    said, text = turn.house.plain_words, turn.text
    train = said.trains.are_in(text)
    if not said.next_ones.are_in(text) or not (train or said.rides.are_in(text)) or said.taxis.are_in(text):
        return None
    places = [turn.house.city.place(str(entity.value["id"])) for entity in turn.entities_of("place")]
    if any(place.kind == "city" for place in places) or _left(turn, said.next_ones, said.trains):
        return None
    told = say("directions.train_unknown") if train and not said.rides.are_in(text) else say("directions.not_live")
    return told.then(faq.answer(turn, _HOURS))


def _the_other(turn: Turn) -> Reply | None:
    """ "Et le busway ?" behind the hours, the price or the way of the tram."""
    said = turn.house.plain_words
    is_tram = said.rides.are_in(turn.text) and not (said.taxis.are_in(turn.text) or said.buses.are_in(turn.text))
    if not is_tram or turn.entities_of("place") or _left(turn):
        return None
    match faq.spoken_of(turn):
        case "transport/hours":
            return faq.aspect_of(turn, _HOURS, "where")
        case "transport/fares":
            faq.talk_about(turn, _FARES)
            return say("directions.same_fares")
        case "transport/directions":
            return directions.told_again(turn)
    return None


def _goes_to_a_place(turn: Turn) -> bool:
    """Whether a ride and where it goes are all that is said; which line stops there, or where, is asked in other words."""
    said, understanding = turn.house.plain_words, turn.understanding
    if understanding is None or understanding.intent == "transport/nearest_stop":
        return False
    goal = named_ends(turn.text, turn.entities_of("place"), turn.house.city, turn.house.network.of).goal
    return (
        goal is not None and said.toward.are_in(_without_places(turn)) and not _left(turn, said.next_ones, said.toward)
    )


def _may_be_meant(turn: Turn) -> bool:
    understanding = turn.understanding
    if turn.state.form is not None or turn.state.awaiting == "clear_agenda" or understanding is None:
        return False
    return not (understanding.decision is Decision.ANSWER and understanding.intent.startswith(_ELSEWHERE))


def _left(turn: Turn, *besides: Phrases) -> str:
    """What a message says beside rides, names of places, small words and these."""
    said, left = turn.house.plain_words, _without_places(turn)
    for phrases in (said.rides, *besides, said.around_a_ride, said.in_passing):
        left = phrases.without(left)
    return left


def _without_places(turn: Turn) -> str:
    text = normalise(turn.text)
    for entity in turn.entities_of("place"):
        text = f"{text[: entity.start]}{' ' * (entity.end - entity.start)}{text[entity.end :]}"
    return text
