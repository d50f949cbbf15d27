"""Answers of the FAQ and the short questions that follow them."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from actions.dates import spoken_date
from actions.knowledge import Answer
from actions.reply import Reply, Words, say
from actions.state import Topic
from actions.turn import Turn
from nlu.extractors import asks_of_a_case
from nlu.understanding import Language

TOPIC_LASTS = timedelta(minutes=30)
"""After this a bare "ch7al?" is no longer about the answer before."""
CASE_LASTS = timedelta(minutes=10)
OUT_OF_SCOPE = "out_of_scope"
"""The topic after something that the city does not answer: what follows is about that as well."""
_SURE = 0.85


def answer(turn: Turn, intent: str) -> Reply:
    """The answer to an intent, with its neighbours as choices; it becomes the topic of follow-ups."""
    if intent in turn.house.knowledge.pulled:
        return _not_now(turn, intent)
    known = turn.house.knowledge.answers[intent]
    talk_about(turn, intent)
    choices = tuple(turn.intent_choice(related) for related in known.related)
    return _with_age(turn, known, Reply((Words(_in_language(known.text, turn.language)),), choices))


def talk_about(turn: Turn, intent: str) -> None:
    """Makes an intent the topic of what is asked next, also where its reply was not its answer's words."""
    turn.state.topic = Topic(intent, turn.now)


def near_topic(turn: Turn, intents: Sequence[str]) -> str | None:
    """The likeliest of the intents that a message may have, where it alone belongs to what was just spoken of."""
    topic = spoken_of(turn)
    near = {topic, *turn.house.knowledge.answers[topic].related} if topic else set[str]()
    return intents[0] if near.intersection(intents) == {intents[0]} else None


def follow_up(turn: Turn) -> Reply | None:
    """The answer to a bare question about the present topic; None when this message is not one."""
    topic = spoken_of(turn)
    if topic is None:
        return None
    asked = [entity.value["aspect"] for entity in turn.entities_of("aspect") if entity.value["bare"]]
    if not asked:
        return None
    if topic in turn.house.knowledge.pulled:
        return _not_now(turn, topic)
    known = turn.house.knowledge.answers[topic]
    talk_about(turn, topic)
    texts = [known.follow_ups[aspect] for aspect in dict.fromkeys(asked) if aspect in known.follow_ups]
    if "who" in asked:
        return _with_age(turn, known, say("request.responsible", body=Words(known.owner)))
    if not texts:
        return say("faq.aspect_unknown", topic=Words(turn.house.knowledge.label(topic, turn.language)))
    return _with_age(turn, known, Reply(tuple(Words(_in_language(text, turn.language)) for text in texts)))


def aspect_of(turn: Turn, intent: str, aspect: str) -> Reply:
    """What the answer to an intent says of one aspect, which it must have."""
    if intent in turn.house.knowledge.pulled:
        return _not_now(turn, intent)
    known = turn.house.knowledge.answers[intent]
    talk_about(turn, intent)
    return _with_age(turn, known, Reply((Words(_in_language(known.follow_ups[aspect], turn.language)),)))


def case_unknown(turn: Turn) -> Reply | None:
    """ "et si j'ai perdu l'ancienne ?": the sheet that was just answered says no more, and who does; None for anything else, and
    where something else is asked for sure."""
    topic, understanding = turn.state.topic, turn.understanding
    if topic is None or understanding is None or turn.now - topic.at > CASE_LASTS or not asks_of_a_case(turn.text):
        return None
    other = understanding.intent not in (topic.intent, OUT_OF_SCOPE) and not understanding.intent.startswith("expo/")
    if other and understanding.confidence >= _SURE and not _only_tells_where(turn, topic.intent):
        return None
    return about_the_topic(turn)


def about_the_topic(turn: Turn) -> Reply | None:
    """Who knows more of what was just answered than its sheet; None where that was long ago, or of the expo."""
    topic = turn.state.topic
    if topic is None or turn.now - topic.at > CASE_LASTS:
        return None
    if topic.intent == OUT_OF_SCOPE:
        return say("smalltalk.still_out_of_scope")
    known = turn.house.knowledge.answers.get(topic.intent)
    if known is None or topic.intent.startswith("expo/"):
        return None
    talk_about(turn, topic.intent)
    label = Words(turn.house.knowledge.label(topic.intent, turn.language))
    return say("faq.case_unknown", topic=label, body=Words(known.owner))


def _only_tells_where(turn: Turn, topic: str) -> bool:
    """ "تزادت فمكناس" behind the birth certificate: a place, where without one a neighbour of the topic would be meant."""
    known, understanding = turn.house.knowledge.answers.get(topic), turn.understanding
    neighbour = known is not None and understanding is not None and understanding.intent in known.related
    return neighbour and bool(turn.entities_of("place"))


def about_nothing(turn: Turn) -> Reply | None:
    """A bare "ch7al?" where nothing was spoken of that has a price; None for anything else."""
    if not any(entity.value["bare"] for entity in turn.entities_of("aspect")):
        return None
    topic = turn.state.topic
    if topic is None or turn.now - topic.at > TOPIC_LASTS:
        return say("smalltalk.about_what")
    return say("smalltalk.still_out_of_scope") if topic.intent == OUT_OF_SCOPE else None


def spoken_of(turn: Turn) -> str | None:
    """The intent that was just answered, as far as the FAQ knows more of it."""
    topic = turn.state.topic
    if topic is None or turn.now - topic.at > TOPIC_LASTS or topic.intent not in turn.house.knowledge.answers:
        return None
    return topic.intent


def _not_now(turn: Turn, intent: str) -> Reply:
    """Staff took the answer back: better none than a wrong one, and who knows it."""
    return say("faq.pulled", topic=Words(turn.house.knowledge.label(intent, turn.language)))


def _in_language(texts: Mapping[Language, str], language: Language) -> str:
    """English is optional for city services: better the answer in French than none."""
    return texts.get(language) or texts[Language.FRENCH]


def _with_age(turn: Turn, known: Answer, reply: Reply) -> Reply:
    """An answer that nobody has checked in time says so itself."""
    if turn.now.date() <= known.valid_until:
        return reply
    return reply.then(say("faq.expired", date=spoken_date(known.checked_on)))
