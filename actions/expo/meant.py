"""Whether a message is about the expo although the classifier was unsure of it, or thought of something else.

The classifier knows neither who speaks nor what the rooms are called, and hears in "demain matin" no question at all.
Where a message names something of the programme and says nothing else, there is nothing in it for another intent.
"""

from datetime import timedelta

from actions.expo.screen import is_recent, speaks_of_another
from actions.programme.edition import Edition
from actions.programme.reading import Reading, is_pause, read
from actions.programme.search import find_services
from actions.turn import Turn
from nlu.agenda_words import asks_own_day, bids, topic_words, wishes
from nlu.programme_words import asks_the_way, asks_where, content_words, has_time, says
from nlu.shown_words import asked
from nlu.text import normalise, words
from nlu.understanding import Decision, Understanding

PROGRAMME = frozenset({f"expo/{name}" for name in ("now", "next", "programme", "session", "speakers", "public_events")})
"""Intents whose answers are narrowed by what the message names."""
_AGENDA = frozenset({"expo/my_agenda", "expo/remind"})
_YIELD = frozenset({"out_of_scope", "change_language", "bot_challenge"})
"""Intents that the words of a programme look like: "who is Joan Puigdorat", "sessions in Arabic"."""
_SMALLTALK = frozenset({"greet", "goodbye", "thanks", "affirm", "deny", "cancel", "bot_challenge"})
"""What "see you tomorrow" and "have a good evening" are, although they name a time."""
_NO_MATTER = frozenset({"expo/dates", "out_of_scope", "goodbye", "greet", "bot_challenge"})
"""What a question for somebody's own day sounds like that names nothing."""
_AGENDA_VERBS = frozenset({"add", "remove", "calendar", "stop"})
_CONFIDENT_ENOUGH = 0.3
"""How sure an intent of the expo must be to be taken without a question, amid talk of it."""
_WORDS_OF_A_TITLE = 2
_LIKELY = 3
"""So many of the ranking may say that an unsure message is about the expo."""


def intent(turn: Turn) -> str | None:
    """The intent of the expo that a message has, against what was understood; None where that may stand."""
    edition, understood = turn.expo.edition, turn.understanding
    if edition is None or understood is None or not _is_topical(turn, edition):
        return None
    sure = understood.intent if understood.decision is Decision.ANSWER else None
    reading = read(edition, turn.text, understood.entities)
    wanted = wishes(_without_names(turn.text, reading))
    if understood.intent in _AGENDA and _AGENDA_VERBS & wanted:
        names = reading.names_sessions or reading.topic or reading.when
        return understood.intent if names else None
    if wanted & (_AGENDA_VERBS - {"stop"}):  # "Stop" is heard in too many words to tell by itself.
        doubted = sure is None or sure in _YIELD or sure.startswith("report/") or bids(turn.text)
        if sure == "my_data" and _titles(edition, reading) < _WORDS_OF_A_TITLE and not says(turn.text, "talks"):
            return None  # "Supprime mes données": a session has this word, and so has much else.
        return "expo/my_agenda" if doubted and _stars_or_drops(turn, edition, reading) else None
    if _names_talks(turn, reading) and sure not in PROGRAMME:
        return "expo/session"
    if sure == "expo/speakers" and reading.is_bare and reading.kind and not says(turn.text, "by_whom"):
        return "expo/session" if not (reading.speakers or asked(turn.text)) else None  # "The keynote?"
    of_house = sure == "expo/venue" or (sure == "expo/registration" and says(turn.text, "lost"))
    if of_house and not says(turn.text, "expo") and find_services(edition, turn.text):
        return "expo/practical"  # "Where is the loo", "I lost my badge".
    if _asks_way_to_venue(turn, reading, sure):
        return "expo/directions"
    if sure in _AGENDA and not (reading.is_bare and reading.names_sessions):
        return None
    if sure in (None, "faq/parking_fees") and is_recent(turn) and says(turn.text, "parking") and not _names_more(turn):
        return "expo/directions"
    if _asks_own_day(turn, understood, reading):
        return "expo/my_agenda"
    elsewhere = reading.rooms or reading.when or speaks_of_another(turn)
    if asked(turn.text) == {"where"} and is_recent(turn) and not elsewhere:
        return "expo/venue"
    if _asks_leave(turn, sure):
        return "expo/practical"
    if _finds_all_full(turn, sure) or _has_little_time(turn, reading, sure):
        return "expo/now"
    return None if sure in PROGRAMME else _by_what_it_names(turn, edition, understood, reading)


def _by_what_it_names(turn: Turn, edition: Edition, understood: Understanding, reading: Reading) -> str | None:
    """The intent of a message that is not surely of the programme: sessions, a topic or a time are named, or the expo is talked of."""
    sure = understood.intent if understood.decision is Decision.ANSWER else None
    named, topic = reading.names_sessions, bool(reading.topic)
    if (named and _means_sessions(turn, understood, reading, sure)) or (
        topic and not named and _means_topic(turn, understood, reading, sure)
    ):
        return "expo/session"
    is_talk = sure in _SMALLTALK and not (sure == "goodbye" and _is_question(turn.text))
    if reading.is_bare and not named and not topic and not is_talk and not speaks_of_another(turn):
        return "expo/now" if reading.when.get("now") else "expo/next" if "hour" in reading.when else "expo/programme"
    # Amid talk of the expo its own likeliest intent needs no question back.
    likely = understood.intent.startswith("expo/") and understood.confidence >= _CONFIDENT_ENOUGH
    if sure is None and likely and is_recent(turn):
        named = understood.intent in _AGENDA and bool(find_services(edition, turn.text))
        return "expo/practical" if named else understood.intent
    return None


def _names_talks(turn: Turn, reading: Reading) -> bool:
    """Talks on a topic and nothing else: "privacy talk", "sessions on AI"; one's own are those of the agenda."""
    return bool(reading.topic) and reading.is_bare and says(turn.text, "talks") and not says(turn.text, "own")


def _asks_way_to_venue(turn: Turn, reading: Reading, sure: str | None) -> bool:
    """ "How do I get to the venue": neither where it is nor how to go elsewhere."""
    named = says(turn.text, "venue") or says(turn.text, "expo")
    likely = sure in (None, "expo/venue", "transport/directions")
    return named and likely and asks_the_way(turn.text) and not (reading.rooms or reading.topic or reading.kind)


def _without_names(text: str, reading: Reading) -> str:
    """The words without the names of people: "Klara" is heard as "clear"."""
    names = {word.text for person in reading.speakers for word in words(normalise(person.name))}
    return " ".join(word.text for word in words(normalise(text)) if word.text not in names)


def either(turn: Turn) -> tuple[str, str] | None:
    """What a message may mean that, amid talk of the expo, is a topic of it and sounds like a report: "lma"; or the price of a ticket."""
    edition, understood = turn.expo.edition, turn.understanding
    if edition is None or understood is None or not is_recent(turn):
        return None
    if understood.intent == "transport/fares" and says(turn.text, "ticket") and not says(turn.text, "transit"):
        return ("expo/registration", "transport/fares")
    if not understood.intent.startswith("report/"):
        return None
    reading = read(edition, turn.text, understood.entities)
    return ("expo/session", understood.intent) if reading.topic and reading.is_bare else None


def _means_sessions(turn: Turn, understood: Understanding, reading: Reading, sure: str | None) -> bool:
    """A room, a person, a kind or a language is named."""
    if is_pause(reading.kind) and (sure == "expo/practical" or asks_where(turn.text)):
        return False  # Where there is something to eat is a practical question.
    if reading.is_bare:
        return not (sure == "expo/venue" and not reading.when)
    if reading.speakers:
        return sure in (None, *_YIELD, "greet")
    if reading.rooms:
        return bool(reading.when) and sure in (None, "expo/venue") and not asks_where(turn.text)
    if sure == "expo/practical":
        return bool(reading.topic) and reading.translated  # "Is the talk on water translated?"
    return sure is None and _is_likely(understood)


def _stars_or_drops(turn: Turn, edition: Edition, reading: Reading) -> bool:
    """ "Ajoute l'eau en ville": the title of a session behind a verb of the agenda, which else sounds like a report."""
    says_more = any(topic_words(word) for word in reading.rest)
    titles = _titles(edition, reading)
    named = titles > 0 or reading.names_sessions
    of_programme = is_recent(turn) or says(turn.text, "session") or "hour" in reading.when
    titled = titles >= _WORDS_OF_A_TITLE or (named and of_programme)
    return turn.state.form is None and titled and not says_more


def _asks_own_day(turn: Turn, understood: Understanding, reading: Reading) -> bool:
    """ "What do I have tomorrow", from somebody who has an agenda, or calls it their own."""
    if not asks_own_day(turn.text) or reading.names_sessions or not reading.when:
        return False
    if understood.intent not in (*PROGRAMME, *_AGENDA, *_NO_MATTER):
        return False
    return bool(turn.starred) and not any(topic_words(word) for word in (*reading.topic, *reading.rest))


def _is_question(text: str) -> bool:
    return "?" in text or "؟" in text


def _titles(edition: Edition, reading: Reading) -> int:
    """How many words of titles a message has, those left out that every order has: "mes", "it"."""
    return sum(bool(topic_words(word, edition.vocabulary)) for word in reading.topic)


def _means_topic(turn: Turn, understood: Understanding, reading: Reading, sure: str | None) -> bool:
    """Some words are those of sessions, which many a report has too."""
    if not reading.is_bare or (speaks_of_another(turn) and not says(turn.text, "talks")):
        return False  # "w étudiant ?" behind the price of the tram.
    if says(turn.text, "interest") or (says(turn.text, "something") and says(turn.text, "about")):
        return True
    lost = understood.decision is Decision.LOST
    if understood.intent.startswith("report/") and not lost:
        return False
    nothing_else = lost or (sure is None and bool(reading.when))
    likely = nothing_else or _is_likely(understood) or is_recent(turn)
    return likely and sure in (None, "out_of_scope", "bot_challenge")


def _asks_leave(turn: Turn, sure: str | None) -> bool:
    """Whether something may be brought along to the expo."""
    comes_with = says(turn.text, "come") and says(turn.text, "with")
    if not (says(turn.text, "allowed") or comes_with) or (sure == "expo/directions" and asks_the_way(turn.text)):
        return False
    if says(turn.text, "expo"):
        return sure is None or sure == "expo/directions" or not sure.startswith("expo/")
    return sure is None and is_recent(turn)


def _finds_all_full(turn: Turn, sure: str | None) -> bool:
    """ "It's full, what else?" from somebody of whom no room is known."""
    elsewhere = says(turn.text, "full") and (says(turn.text, "else") or says(turn.text, "room"))
    return (
        elsewhere
        and sure in (None, "wrong_answer", "expo/venue", *PROGRAMME, *_YIELD)
        and (is_recent(turn) or says(turn.text, "room"))
    )


def _has_little_time(turn: Turn, reading: Reading, sure: str | None) -> bool:
    """ "Journalist, I have 30 minutes": what is on, unless they tell what they want to see."""
    elsewhere = turn.entities_of("place") or reading.names_sessions or reading.topic or turn.state.form is not None
    return not elsewhere and sure in (None, "help", *_YIELD, *PROGRAMME) and has_time(turn.text)


def _names_more(turn: Turn) -> bool:
    """Whether a price, a place of the city or a session is asked for as well."""
    costs = any(entity.value["aspect"] == "cost" for entity in turn.entities_of("aspect"))
    return costs or bool(turn.entities_of("place")) or len(content_words(turn.text)) > 1


def _is_likely(understood: Understanding) -> bool:
    return any(ranked.intent in PROGRAMME for ranked in understood.ranking[:_LIKELY])


def is_topical(turn: Turn) -> bool:
    """On the days of the expo and the day before, amid talk of it, and where it is named."""
    return turn.expo.edition is not None and _is_topical(turn, turn.expo.edition)


def is_far(turn: Turn) -> bool:
    """Whether something else was spoken of last, and nothing speaks for the expo."""
    return not is_topical(turn) and not says(turn.text, "expo") and speaks_of_another(turn)


def _is_topical(turn: Turn, edition: Edition) -> bool:
    """On the days of the expo and the day before, amid talk of it, and where it is named."""
    during = edition.days[0] - timedelta(days=1) <= turn.expo_time.date() <= edition.days[-1]
    return during or is_recent(turn) or says(turn.text, "expo")
