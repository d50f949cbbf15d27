import pytest

from nlu.darija_grammar import well_formed


@pytest.mark.parametrize(
    ("filled", "written"),
    [
        ("من عين السبع ل الحي المحمدي", "من عين السبع للحي المحمدي"),
        ("من أنفا ل سيدي معروف: تقريبا", "من أنفا لسيدي معروف: تقريبا"),
        ("نزل ف الصخور السوداء", "نزل فالصخور السوداء"),
        ("شد الطرام ل Casa Port", "شد الطرام ل Casa Port"),
        ("عيط ل 37 37", "عيط ل 37 37"),
        ("كيف كيف ل", "كيف كيف ل"),
    ],
)
def test_prepositions_hold_on_to_arabic_names_alone(filled: str, written: str) -> None:
    assert well_formed(filled) == written


@pytest.mark.parametrize(
    ("filled", "written"),
    [
        ("(1 دقيقة)", "(دقيقة وحدة)"),
        ("تقريبا 2 دقيقة", "تقريبا جوج دقايق"),
        ("3 دقيقة", "3 دقايق"),
        ("10 دقيقة", "10 دقايق"),
        ("11 دقيقة", "11 دقيقة"),
        ("100 دقيقة", "100 دقيقة"),
        ("2 درهم", "2 دراهم"),
        ("1 درهم", "1 درهم"),
        ("20 درهم", "20 درهم"),
        ("6,50 درهم", "6,50 درهم"),
        ("14:30 درهم", "14:30 درهم"),
        ("5 محطة", "5 محطات"),
    ],
)
def test_counted_nouns_agree(filled: str, written: str) -> None:
    assert well_formed(filled) == written
