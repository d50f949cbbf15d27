"""What people do to a message without changing what it says."""

import string
from functools import partial

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.settings import PROJECT
from nlu.examples import read_examples
from nlu.runtime import Parser
from nlu.text import normalise
from tests.nlu.fuzz import strings

CLEAR = {
    "kayna 7ofra kbira f zen9a dyalna": "report/road",
    "الما مقطوع علينا من الصباح": "report/water",
    "comment obtenir un extrait d'acte de naissance": "faq/birth_certificate",
    "how much is the tram ticket?": "transport/fares",
    "au secours il y a le feu": "emergency",
    "شكون غادي يهضر فالإكسبو": "expo/speakers",
    "الزبل عامر قدام الدار": "report/waste",
    "merci beaucoup": "thanks",
}
_HARAKAT = "\u064b\u064c\u064d\u064e\u064f\u0650\u0651\u0652"
_INVISIBLE = "\u200b\u200e\u200f\u2066\u2069\ufeff"
_property = partial(
    settings, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60
)
clear = st.sampled_from(sorted(CLEAR))


@given(clear, st.data())
@_property()
def test_more_spaces_change_nothing(parser: Parser, text: str, data: st.DataObject) -> None:
    spaces = st.text(" \t\n\u00a0\u2003", min_size=1, max_size=4)
    spread = "".join(data.draw(spaces) if char == " " else char for char in text)
    assert parser.parse(data.draw(spaces) + spread + data.draw(spaces)).intent == CLEAR[text]


@given(clear, st.data())
@_property()
def test_elongated_letters_change_nothing(parser: Parser, text: str, data: st.DataObject) -> None:
    """A letter held for emphasis: at least three times, or it might be a double letter."""
    at = data.draw(st.sampled_from([i for i, char in enumerate(text) if char.isalpha() and text[i - 1 : i] != char]))
    letter = text[at]
    if letter == text[at + 1 : at + 2]:  # In "beaucoupp" it is the pair that is held.
        return
    stretched = text[:at] + letter * data.draw(st.integers(3, 12)) + text[at + 1 :]
    assert parser.parse(stretched).intent == CLEAR[text]


@given(clear, st.data())
@_property()
def test_tatweel_and_diacritics_change_nothing(parser: Parser, text: str, data: st.DataObject) -> None:
    marks = st.text("ـ" + _HARAKAT, max_size=2)
    marked = "".join(char + data.draw(marks) if "\u0620" <= char <= "\u064a" else char for char in text)
    assert parser.parse(marked).intent == CLEAR[text]


@given(clear, st.data())
@_property()
def test_invisible_characters_change_nothing(parser: Parser, text: str, data: st.DataObject) -> None:
    hidden = "".join(char + data.draw(st.text(_INVISIBLE, max_size=1)) for char in text)
    assert parser.parse(hidden).intent == CLEAR[text]


@given(clear, st.data())
@_property()
def test_the_case_of_latin_letters_changes_nothing(parser: Parser, text: str, data: st.DataObject) -> None:
    shouted = "".join(char.upper() if data.draw(st.booleans()) else char for char in text)
    assert parser.parse(shouted).intent == CLEAR[text]


@given(clear, st.text(string.whitespace + "🙏!?.", max_size=6))
@_property()
def test_signs_at_the_end_change_nothing(parser: Parser, text: str, signs: str) -> None:
    assert parser.parse(text + signs).intent == CLEAR[text]


@pytest.mark.parametrize(
    ("composed", "loose"), [("é", "e\u0301"), ("ç", "c\u0327"), ("أ", "ا\u0654"), ("آ", "ا\u0653")]
)
def test_composed_and_loose_accents_are_one(composed: str, loose: str) -> None:
    assert normalise(f"b{composed}b") == normalise(f"b{loose}b")


def test_a_thousand_random_strings_are_understood_somehow(parser: Parser) -> None:
    """`make fuzz` takes a hundred times as many, and looks at the time each takes."""
    pieces = [example.text for example in read_examples(PROJECT)]
    for text in strings(1_000, pieces, seed=1):
        understood = parser.parse(text)
        assert len(understood.ranking) == 5, repr(text)
        assert 0 <= understood.ranking[-1].confidence <= understood.confidence <= 1, repr(text)
        normalised = normalise(text)
        for entity in understood.entities:
            assert 0 <= entity.start <= entity.end <= len(normalised), repr(text)
