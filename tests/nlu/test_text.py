"""Normalisation."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.text import MAX_CHARS, clean, normalise, words


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("  Éclairage   PUBLIC ", "eclairage public"),
        ("salaaaaam", "salam"),
        ("أين الإدارة؟؟؟", "اين الاداره?"),
        ("مـــرحـــبا", "مرحبا"),
        ("مَرْحَبًا", "مرحبا"),
        ("٣٧ ٣٧", "37 37"),
        ("l’eau", "l'eau"),
        ("\u202eevil\u202c", "evil"),
        ("a\u200bb\u0000c", "abc"),
        ("ﷺ", normalise("ﷺ")),
        ("Œuvre", "oeuvre"),
        ("1000000", "1000000"),
    ],
)
def test_one_shape_for_many_spellings(typed: str, expected: str) -> None:
    assert normalise(typed) == expected


@given(st.text(max_size=300))
def test_normalising_is_idempotent(text: str) -> None:
    once = normalise(text)
    assert normalise(once) == once


@given(st.text(max_size=300))
def test_nothing_invisible_is_left(text: str) -> None:
    assert not [char for char in clean(text) if unicodedata.category(char) in ("Cc", "Cf", "Cs")]


@given(st.text(max_size=300))
def test_words_lie_where_they_say(text: str) -> None:
    normalised = normalise(text)
    assert [normalised[word.start : word.end] for word in words(normalised)] == [
        word.text for word in words(normalised)
    ]


def test_a_pasted_document_is_cut() -> None:
    assert len(normalise("a b " * 10_000)) <= MAX_CHARS


def test_a_character_that_stands_for_many_does_not_make_a_long_text() -> None:
    long = normalise("ﷺ" * 4_000)
    assert len(long) <= MAX_CHARS
    assert normalise(long) == long
