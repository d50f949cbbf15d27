"""The script-blind skeleton."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.skeleton import skeleton
from nlu.text import normalise

PAIRS = [
    ("7ofra kbira", "حفرة كبيرة"),
    ("hofra", "حفرة"),
    ("bghit nbelegh 3la chi 7ofra", "بغيت نبلغ على شي حفرة"),
    ("fin kayn tram", "فين كاين الطرام"),
    ("ch7al taman", "شحال الثمن"),
    ("chhal ttaman", "شحال الثمن"),
    ("kifach ndir", "كيفاش ندير"),
    ("lma m9tou3", "الما مقطوع"),
    ("lma mqtou3", "الما مقطوع"),
    ("f ddar", "ف الدار"),
    ("fddar", "فالدار"),
    ("lmsla7a", "المصلحة"),
    ("zbel", "الزبل"),
    ("khatar", "خطر"),
    ("5atar", "خطر"),
    ("ghedda", "غدا"),
    ("8edda", "غدا"),
    ("chkoun", "شكون"),
    ("shkoun", "شكون"),
    ("lyoum", "اليوم"),
    ("carte", "لاكارط"),
    ("poubelle", "بوبيل"),
    ("lampe", "لامبة"),
]


@pytest.mark.parametrize(("latin", "arabic"), PAIRS)
def test_two_spellings_of_one_word_meet(latin: str, arabic: str) -> None:
    assert skeleton(latin) == skeleton(arabic)


@pytest.mark.parametrize(("one", "other"), [("zbel", "dow"), ("حفرة", "خبزة"), ("ma", "tram"), ("3ars", "ras")])
def test_different_words_stay_apart(one: str, other: str) -> None:
    assert skeleton(one) != skeleton(other)


@given(st.text())
def test_any_text_has_a_skeleton_of_plain_letters(text: str) -> None:
    assert all(char.isdigit() or char == " " or "a" <= char <= "z" for char in skeleton(text))


@given(st.text())
def test_normalising_twice_changes_nothing(text: str) -> None:
    assert skeleton(normalise(text)) == skeleton(text)


@given(st.sampled_from([latin for latin, _ in PAIRS]), st.integers(3, 9))
def test_elongation_and_case_change_nothing(word: str, times: int) -> None:
    stretched = "".join(char * times if char in "aeiou" else char for char in word)
    assert skeleton(stretched.upper()) == skeleton(word)
