"""The words by which people ask about a programme: which of them tell something, and which two of them are one."""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Literal

from rapidfuzz import fuzz

from nlu.plain_yaml import load_yaml
from nlu.skeleton import word_skeleton
from nlu.text import Word, normalise, words

WORDS_FILE = Path(__file__).with_name("programme_words.yml")
MISSPELT, SOUNDS_ALIKE = 0.92, 0.9
"""The likeness of two words in one script that differ in a letter, or in their vowels."""
_EDGES: tuple[Literal["first", "last"], ...] = ("first", "last")
_ARTICLE = re.compile(r"^(?:la|the) ")
_ARTICLE_AT_END = re.compile(r" (?:la|the|l)$")
_ELISION = re.compile(r"^(?:[ldnsjcmt]|qu)'")
_MINUTES = re.compile(r"\d+(?:min|mn|mins)")
_COMPOUND = re.compile(r"\bstart[ -](?=ups?\b)")
"""Two words that are one: neither a start nor up to something."""
_VERB_OF_MINE = re.compile(r"\bj'\w+")


def parts(text: str) -> list[str]:
    """The words of a text, normalised and without elided articles."""
    return [_ELISION.sub("", word.text) for word in words(_COMPOUND.sub("start", normalise(text)))]


def content_words(text: str) -> list[str]:
    """The words that tell something of what is sought: neither "le" nor "conférence" nor "3la", nor the "ai" of "j'ai"."""
    return [part for part in parts(_VERB_OF_MINE.sub(" ", normalise(text))) if not is_too_common(part)]


def is_too_common(word: str) -> bool:
    """Whether a word tells nothing of what is sought, as `content_words` leaves it out."""
    return word in _lists()["too_common"] or len(word) < 2


def likeness(first: str, second: str) -> float:
    """How sure it is that two words are one: 1 the same, 0.8 or more a misspelling or the other script, else 0."""
    if first == second:
        return 1.0
    if min(len(first), len(second)) < 4:
        return 0.0
    bones = word_skeleton(first)
    same_bones = len(bones) > 2 and bones == word_skeleton(second)
    if _is_arabic(first) != _is_arabic(second):
        return 0.85 if same_bones else 0.0
    if min(len(first), len(second)) > 4 and (first.startswith(second) or second.startswith(first)):
        return 0.8
    close = fuzz.ratio(first, second, score_cutoff=65)
    if close >= 84:
        return MISSPELT
    return SOUNDS_ALIKE if same_bones and close else 0.0


def room_at(text: str, names: Iterable[str]) -> tuple[int, int] | None:
    """Where in the normalised text a room is named as such by one of its names; None where it is not.

    "salle B" names one, "dans quelle salle a lieu" does not.
    """
    known = _lists()
    asks = "".join(rf"(?<!{re.escape(word)} )" for word in sorted(known["asks_which"]))
    named = rf"{asks}\b{_any(known['room'])} {_any(map(normalise, names))}\b(?! {_any(known['no_room_behind'])}\b)"
    found = re.search(named, normalise(text))
    return found.span() if found else None


def letter_at(text: str, names: Iterable[str]) -> tuple[int, int] | None:
    """Where a text names a room by its letter alone, as people do once it is plain that rooms are meant: "de la B à la C"."""
    known, written = _lists(), normalise(text)
    name = rf"(?P<name>{_any(map(normalise, names))})"
    goal = rf"\b{_any(known['goal'])} {name}[ .!?]*$"
    # In "de là à la B" the "à" is no room.
    start = rf"\b{_any(known['start'])} (?:(?:la|the) )?{name}\b(?! la\b)"
    # "I'm in a hurry" stands in no room: behind the letter the sentence ends, or the question begins.
    here = (
        rf"\b{_any(known['here'])} {name}(?: *[,.;:!?]| *$| {_any(known['where'] | known['way'] | known['onward'])}\b)"
    )
    found = re.search(goal, written) or re.search(start, written) or re.search(here, written)
    return found.span("name") if found else None


def names_room(text: str, names: Iterable[str]) -> bool:
    """Whether a text names a room as such by one of its names."""
    return room_at(text, names) is not None


def comes_from(text: str, position: int) -> bool:
    """Whether the words before a position of the normalised text say that somebody comes from there, or stands there."""
    before = _ARTICLE_AT_END.sub("", normalise(text)[:position].rstrip())
    return re.search(rf"(?:^|\W){_any(_lists()['origin'] | _lists()['here'])}$", before) is not None


def stands_in(text: str) -> bool:
    """Whether a text begins by saying that somebody is somewhere: "i'm in", "ana f"; "chno kayn f salle A" asks what is on there."""
    return re.match(rf"{_any(_lists()['here'])}\b", normalise(text)) is not None


def asks_what_is_after(text: str) -> bool:
    """Whether a text asks what comes after what was just shown, and names nothing: "and after that?", "w mn b3d?"."""
    said = parts(text)
    return says(text, "after") and all(says(word, "after") or says(word, "beside_after") for word in said)


def is_lost(text: str) -> bool:
    """Whether somebody says that they are lost or late; who lost a thing does not."""
    thing = _any(_lists()["thing_behind"])
    return says(text, "hurry") or re.search(rf"\b{_any(_lists()['lost'])}\b(?! {thing}\b)", normalise(text)) is not None


def asks_the_way(text: str) -> bool:
    """Whether a text asks how to go somewhere."""
    return bool(_lists()["way"] & set(parts(text)))


def asks_where(text: str) -> bool:
    """Whether a text asks where something is, or how to go there."""
    return bool((_lists()["where"] | _lists()["way"]) & set(parts(text)))


def asks_for_that_room(text: str) -> bool:
    """Whether a text asks which room or where the room is, and names none nor anything else: "elle est où cette salle ?"."""
    known, said = _lists(), {part for part in parts(text) if len(part) > 1}
    asked = known["where"] | known["asks_which"]
    return (
        bool(said & known["room"] and said & asked)
        and said <= known["room"] | asked | known["too_common"] | known["asking"]
    )


def is_room(text: str, names: Iterable[str]) -> bool:
    """Whether a text is the name of a room or its door and nothing else: "salle B", "باب ب", "grande salle"."""
    known, plain = _lists(), _ARTICLE.sub("", normalise(text).strip(" .,!?؟"))
    called = [normalise(name) for name in names]
    short = [name for name in called if len(name) < 3]
    return plain in set(called) - set(short) or (
        re.fullmatch(rf"{_any(known['room'] | known['door'])} {_any(short or called)}", plain) is not None
    )


def says(text: str, what: str) -> bool:
    """Whether a text has a word of that list of `programme_words.yml`: "expo", "session", "translation", "interest"…"""
    return bool(_lists()[what] & set(parts(text)))


def exhibits(text: str) -> bool:
    """Whether a text speaks of exhibitors or of a stand ("our stand", "stand 14"), not of standing somewhere."""
    said, known = [word.text for word in words(normalise(text))], _lists()
    stands = [place for place, word in enumerate(said) if word in known["stand"]]
    return says(text, "exhibits") or any(
        (place > 0 and said[place - 1] in known["before_a_stand"])
        or (said[place + 1 : place + 2] and said[place + 1].isdecimal())
        for place in stands
    )


def has_time(text: str) -> bool:
    """Whether a text tells how long somebody has: "j'ai 30 minutes"; "in 30 minutes" is a moment."""
    known, amount = _lists(), rf"(?:\d+|{_any(_lists()['an_amount'])})"
    not_at = "".join(rf"(?<!\b{re.escape(word)} )" for word in sorted(known["before_a_moment"]))
    span = rf"{not_at}\b{amount} ?(?:{_any(known['an_amount'])} )?{_any(known['time_unit'])}\b"
    return says(text, "has_time") and re.search(span, normalise(text)) is not None


def spoken_language(word: str) -> str | None:
    """The language of sessions that a word names, as the programme writes it: "ar" for "l3arbiya"."""
    return _kin(word, "spoken_", 0.85)


def translated_into(text: str) -> str | None:
    """The language named behind a word for translation: "ar" for "translated into Arabic", none for "it is in Arabic, is it translated?"."""
    said = parts(text)
    places = [place for place, word in enumerate(said) if word in _lists()["translation"]]
    return next((found for word in said[places[0] :] if (found := spoken_language(word))), None) if places else None


def session_kind(word: str) -> str | None:
    """The kind of sessions that a word names, as the programme writes it: "workshop" for "الورشات"."""
    return _kin(word, "kind_", 0.9)


def edge(text: str) -> Literal["first", "last"] | None:
    """Whether a text asks for the sessions that begin first or last."""
    written, session = normalise(text), _any(_lists()["session"])
    for name in _EDGES:
        which = _any(_lists()[name])
        if re.search(rf"\b{which} {session}\b|\b{session} (?:la |les |l )?{which}\b", written):
            return name
    return None


def tells_nothing(word: str) -> bool:
    """Whether a word of a question says only that it is one, for sessions or for their translation."""
    return _MINUTES.fullmatch(word) is not None or any(
        word in _lists()[name]
        for name in ("too_common", "asking", "session", "translation", "interest", "left", *_EDGES)
    )


def is_until(text: str) -> bool:
    """Whether a text asks until when, and nothing else: "fo9ach kaysali"."""
    return says(text, "until") and all(says(word, "until") or tells_nothing(word) for word in parts(text))


def practical_words(text: str) -> list[str]:
    """What a question for practical matters is about; empty where it asks for all of them."""
    return [word for word in content_words(text) if word not in _lists()["practical"]]


def door_code(name: str) -> str:
    """The words that the code of a door writes for whoever scans it."""
    return f"{min(_lists()['door_code']).capitalize()} {name}"


def speaks_of_tracks(text: str) -> bool:
    """Whether a text says "track", "parcours", "محور"."""
    return re.search(rf"\b{_any(_lists()['track'])}\b", normalise(text)) is not None


@lru_cache(maxsize=4_096)
def _kin(word: str, prefix: str, at_least: float) -> str | None:
    lists = ((name.removeprefix(prefix), known) for name, known in _lists().items() if name.startswith(prefix))
    return next((name for name, known in lists if any(likeness(word, form) >= at_least for form in known)), None)


def _any(known: Iterable[str]) -> str:
    """One of the words, the longer ones first."""
    return f"(?:{'|'.join(re.escape(word) for word in sorted(known, key=lambda word: (-len(word), word)))})"


@lru_cache(maxsize=16_384)
def _is_arabic(word: str) -> bool:
    return Word(word, 0, len(word)).is_arabic


@lru_cache(maxsize=1)
def _lists() -> Mapping[str, frozenset[str]]:
    content: dict[str, list[str]] = load_yaml(WORDS_FILE.read_text(encoding="utf-8"))
    return {name: frozenset(map(normalise, listed)) for name, listed in content.items()}
