"""What is read of a message that names something of an edition, and what is left of it."""

from pathlib import Path

import pytest

from actions.programme.loading import load_edition
from actions.programme.reading import is_another_time, read
from actions.programme.search import find_rooms, search

DEMO = load_edition(Path(__file__).parents[3] / "data/expo/demo.yml")


@pytest.mark.parametrize(
    ("text", "rooms", "speakers", "kind", "language", "translated"),
    [
        ("salle B demain", ["B"], [], None, None, False),
        ("شكون سلمى تازرولت", [], ["tazroulte"], None, None, False),
        ("Kawtar Ben Jdour, c'est quand ?", [], ["benjdour"], None, None, False),
        ("wach kayn chi atelier b l3erbiya ghedda", [], [], "workshop", "ar", False),
        ("sessions translated into Arabic", [], [], None, "ar", True),
        ("الورشات بالفرنساوية", [], [], "workshop", "fr", False),
        ("la pause café", [], [], "break", None, False),
    ],
)  # fmt: skip
def test_a_bare_message_is_read_whole(
    text: str, rooms: list[str], speakers: list[str], kind: str | None, language: str | None, translated: bool
) -> None:
    found = read(DEMO, text)
    assert [room.id for room in found.rooms] == rooms
    assert [person.id for person in found.speakers] == speakers
    assert (found.kind, found.language, found.translated) == (kind, language, translated)
    assert found.is_bare


@pytest.mark.parametrize(
    "text", ["arabic please", "parle-moi en français", "hder m3aya b l3erbiya", "في الدارجة عافاك", "english"]
)
def test_a_language_without_sessions_is_none_of_theirs(text: str) -> None:
    assert read(DEMO, text).language is None


@pytest.mark.parametrize(
    ("text", "topic", "rest"),
    [
        ("انا مهتم بالما و الجفاف", ("بالما", "الجفاف"), ()),
        ("imta lclôture", ("lcloture",), ()),
        ("j'ai un souci avec mon badge", (), ("souci", "mon", "badge")),
        ("les ateliers gratuits", (), ("gratuits",)),
    ],
)
def test_topic_and_rest(text: str, topic: tuple[str, ...], rest: tuple[str, ...]) -> None:
    found = read(DEMO, text)
    assert (found.topic, found.rest) == (topic, rest)


def test_neighbouring_words_are_no_name() -> None:
    assert read(DEMO, "poubelle cassée").speakers == ()


def test_what_follows_a_pause_is_not_the_pause() -> None:
    assert read(DEMO, "y a quoi après la pause").kind is None


@pytest.mark.parametrize(
    ("text", "rooms"),
    [
        ("je suis en salle B, comment rejoindre la C ?", ["B", "C"]),
        ("how do I get from A to C", ["A", "C"]),
        ("c'est loin la salle D depuis la A ?", ["A", "D"]),
        ("la salle B", ["B"]),
        ("je vais a la commune", []),
        ("from room B to a shop", ["B"]),
    ],
)
def test_rooms_in_the_order_of_the_way(text: str, rooms: list[str]) -> None:
    assert [room.id for room in find_rooms(DEMO, text)] == rooms


def test_the_closest_spelling_counts() -> None:
    assert [session.id for session in search(DEMO, "clôture")] == ["d2-closing"]


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("et demain ?", True),
        ("on Thursday please", True),
        ("w f la3chiya?", True),
        ("وغدا؟", True),
        ("what's on tomorrow", False),
        ("le programme de demain", False),
        ("salle B demain", False),
        ("et ?", False),
    ],
)
def test_a_time_and_nothing_else(text: str, *, is_one: bool) -> None:
    assert is_another_time(text) is is_one
