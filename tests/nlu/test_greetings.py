"""What is heard behind a greeting."""

import pytest

from nlu.greetings import without_greeting
from nlu.text import normalise, words


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("Bonjour madame, il y a un trou", "il y a un trou"),
        ("bjr ça va ? dites-moi où est le tram", "dites moi ou est le tram"),
        ("السلام عليكم ورحمة الله وبركاته كاين الما كيسيل", "كاين الما كيسيل"),
        ("salamo 3alaykom khouya kayna zbel bzaf", "kayna zbel bzaf"),
        ("Good morning everyone, where is room B", "where is room b"),
    ],
)
def test_a_greeting_in_front_is_left_out(text: str, rest: str) -> None:
    assert [word.text for word in without_greeting(words(normalise(text)))] == rest.split()


@pytest.mark.parametrize(
    "text", ["bonjour madame", "salam labas", "السلام عليكم", "bonjour prix", "hamza salam alaikoum"]
)
def test_a_greeting_alone_and_one_that_comes_later_stay(text: str) -> None:
    found = words(normalise(text))
    assert tuple(without_greeting(found)) == found


def test_a_message_without_words_stays_empty() -> None:
    assert list(without_greeting([])) == []
