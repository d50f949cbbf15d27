"""What is asked about the sessions that stand on the screen: "is it in Arabic?", "till when?", "the AI one", "do they clash?"."""

from collections.abc import Sequence

from actions.agenda.agenda import empty, with_ids, wording_of
from actions.agenda.clashes import clashes, walk_minutes
from actions.agenda.wording import clash_lines, marked
from actions.expo.around import Around
from actions.expo.asked import pages_for
from actions.expo.lists import Listing
from actions.expo.pages import PAGE
from actions.expo.screen import is_recent, shows_sessions
from actions.programme.edition import Edition, Session
from actions.programme.reading import read
from actions.programme.search import find_rooms, search
from actions.reply import Reply, Say, say
from actions.turn import Turn, with_choices
from nlu.agenda_words import bids, topic_words
from nlu.programme_words import content_words, parts, says, spoken_language, translated_into
from nlu.shown_words import asked
from nlu.times import CASABLANCA, resolve

_PAIR = 2
_SHORT = 8
"""Words of a question about what is on the screen; a longer one tells itself what it is about."""


def about(turn: Turn) -> Reply | None:
    """The reply to a short question about the sessions that were shown last, or about two of the agenda; None for any other."""
    edition = turn.expo.edition
    if edition is None or not is_recent(turn) or turn.incoming.text is None:
        return None
    shown = [session for key in turn.state.sessions for session in with_ids(edition, [key])]
    of_them = _asked_of_them(turn, edition, shown) if shown else None
    if of_them is not None or len(turn.text.split()) > _SHORT:
        return of_them
    if _asks_clash(turn.text):
        if not turn.starred and len(shown) > _PAIR:
            return empty(edition)  # What is on at one time does of course overlap.
        return _clashes(turn, edition, with_ids(edition, turn.starred) or shown)
    if not shown:
        return None
    language = _asked_language(turn)
    if language is not None:
        topic = " ".join(word for word in topic_words(turn.text) if not spoken_language(word))
        named = search(edition, topic) if topic else ()
        return _in_language(turn, edition, named if len(named) == 1 else shown, language)
    reading = read(edition, turn.text, turn.understanding.entities if turn.understanding else ())
    if reading.rooms or reading.speakers or reading.when or bids(turn.text):
        return None
    asks_of_one = says(turn.text, "until") or says(turn.text, "by_whom")
    few = len(shown) == 1 or (len(shown) <= PAGE and says(turn.text, "until"))
    beside = [word for word in (*reading.topic, *reading.rest) if not says(word, "until") and not says(word, "by_whom")]
    if few and asks_of_one and not beside:
        return _told(turn, edition, shown)
    if len(shown) > 1 and says(turn.text, "the_one"):
        topic = " ".join(topic_words(turn.text))
        meant = [session for session in search(edition, topic) if session in shown] if topic else []
        return _told(turn, edition, meant) if len(meant) == 1 else None
    return None


def _asked_of_them(turn: Turn, edition: Edition, shown: Sequence[Session]) -> Reply | None:
    """What is asked of what was just shown by a question that names nothing: its room, its language, who that is, how long it takes."""
    what = asked(turn.text) if shows_sessions(turn) else frozenset[str]()
    if not what or (turn.entities_of("time") and not what & {"else", "until"}) or find_rooms(edition, turn.text):
        return None
    everywhere = frozenset[str].intersection(*(frozenset(session.speakers) for session in shown))
    person = next(iter(everywhere)) if len(everywhere) == 1 else None
    if "else" in what:
        return _of_person(turn, person) if person and "person" in what else None
    if len(shown) > 1:
        running = [session for session in shown if _is_on(session, turn)]
        by_time = _told(turn, edition, running or shown) if what & {"when", "until", "how_long"} else None
        if what == {"who"} and person is None:
            speakers = [key for session in shown for key in session.speakers]
            listed = Around(pages_for(turn, edition)).speakers(list(dict.fromkeys(speakers)))
            return turn.expo.marked(listed) if listed else None
        if person is None:
            # "How long is it?", "et quand ?" after several: their hours, once more, rather than a guess at a matter of the city.
            of_these = what == {"how_long"} or (what == {"when"} and _goes_on(turn.text))
            return by_time if of_these and len(shown) <= PAGE else None
        return by_time or _of_person(turn, person)
    if what == {"more"}:
        choice = wording_of(turn, edition).choice(shown[0])
        return turn.expo.marked(with_choices(say("expo.shown.all_known"), choice))
    room = edition.rooms.get(shown[0].room or "")
    if room is None or "where" not in what:
        return _told(turn, edition, shown)
    there = Around(pages_for(turn, edition)).room(room)
    choice = wording_of(turn, edition).choice(shown[0])
    return turn.expo.marked(Reply(there.parts, (choice, *there.choices)))


def _goes_on(text: str) -> bool:
    """ "And when?", "w wa9tach": about what was just told; "when is it" may be about the expo."""
    first, *others = parts(text)
    return bool(others) and says(first, "onward")


def _of_person(turn: Turn, speaker: str) -> Reply | None:
    """All sessions of a speaker."""
    payload = f"expo:p:{speaker}:0"
    return turn.expo.choose(payload, language=turn.language, now=turn.expo_time, starred=turn.starred)


def _is_on(session: Session, turn: Turn) -> bool:
    return bool(session.start and session.end and session.start <= turn.expo_time < session.end)


def _asked_language(turn: Turn) -> str | None:
    """The language in which a session may be ("is it in Arabic?"); None where the replies are to be in it, or anything that is."""
    if says(turn.text, "answer_in") or says(turn.text, "something"):
        return None
    named = [language for word in content_words(turn.text) if (language := spoken_language(word))]
    first = parts(turn.text)[:1]
    # "Seulement en anglais" under a list narrows it; nobody asks for replies that way.
    begins = bool(first) and (says(first[0], "asks_of_it") or says(first[0], "only"))
    is_asked = "?" in turn.text or "؟" in turn.text or begins
    return named[0] if named and is_asked else None


def _in_language(turn: Turn, edition: Edition, shown: Sequence[Session], language: str) -> Reply:
    """The one shown, or meant by its hour, in full, for it says its languages; of several those that are in the language, or put into it."""
    shown = _at_the_hour(turn, edition, shown) or shown
    if len(shown) == 1:
        return _told(turn, edition, shown)
    if translated_into(turn.text):
        spoken = [s for s in shown if language in (*s.languages, *s.interpretation)]
    else:
        spoken = [s for s in shown if language in s.languages] or [s for s in shown if language in s.interpretation]
    if says(turn.text, "translation") and not translated_into(turn.text):
        # "It's in Arabic, is there a translation?": of the one where they sit, if one is.
        spoken = [s for s in spoken if s.start and s.end and s.start <= turn.expo_time < s.end] or spoken
    if not spoken:
        none = say("expo.shown.none_in", language=Say(f"expo.language.{language}"))
        return turn.expo.marked(with_choices(none, *map(wording_of(turn, edition).choice, shown[:PAGE])))
    return _told(turn, edition, spoken)


def _at_the_hour(turn: Turn, edition: Edition, shown: Sequence[Session]) -> Sequence[Session]:
    """Those that begin at the hour that the message names, if it does ("celle de 11h15")."""
    when = read(edition, turn.text, turn.understanding.entities if turn.understanding else ()).when
    if "hour" not in when:
        return ()
    start = resolve(when, now=turn.expo_time.astimezone(CASABLANCA), days=edition.days).start
    return [s for s in shown if s.start and start and s.start.time() == start.time()]


def _told(turn: Turn, edition: Edition, sessions: Sequence[Session]) -> Reply:
    pages = pages_for(turn, edition)
    if len(sessions) == 1:
        return turn.expo.marked(pages.detail(sessions[0]))
    return turn.expo.marked(pages.page(Listing("", Say("expo.shown.these"), sessions), 0))


def _asks_clash(text: str) -> bool:
    return says(text, "clash") or (says(text, "same") and says(text, "time"))


def _clashes(turn: Turn, edition: Edition, sessions: Sequence[Session]) -> Reply | None:
    if len(sessions) < _PAIR:
        return None if not turn.starred else turn.expo.marked(say("agenda.no_clash"))
    found = clashes(sessions, walk_minutes(edition))
    lines = clash_lines(found, wording_of(turn, edition))
    return marked(edition, Reply(tuple(lines)) if lines else say("agenda.no_clash"))
