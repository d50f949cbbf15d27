"""Places and sentences in what people answer to "where is it?"."""

import pytest

from nlu import locatives
from nlu.plain_yaml import load_yaml
from nlu.understanding import Entity
from nlu.whereabouts import another_street, from_place, is_address, street_in, tells_something, with_number, without_in


@pytest.mark.parametrize(
    ("story", "street"),
    [
        ("branches cassées devant le 14 rue Ibn Batouta, ça va tomber", "devant le 14 rue Ibn Batouta"),
        ("j'ai une autre poubelle aussi rue de Foucauld", "rue de Foucauld"),
        ("un arbre est tombé sur une voiture rue Moulay Youssef", "rue Moulay Youssef"),
        ("il y a un trou avenue Hassan II depuis 3 jours", "avenue Hassan II"),
        ("زبل فزنقة عبد المومن حدا السوق", "فزنقة عبد المومن حدا السوق"),
        ("le lampadaire de la rue est éteint", None),
        ("chari3 m3ammar b zbel", None),
        ("ضو الزنقة طافي", None),
        ("street light is off", None),
    ],
)
def test_the_street_of_a_story(story: str, street: str | None) -> None:
    assert street_in(story) == street


@pytest.mark.parametrize(
    "answer", ["rah 7da lmadrassa", "قيسارية الحفاري", "pas loin du marché", "c'est juste devant le 12", "bd Zerktouni"]
)
def test_an_address_tells_nothing_else(answer: str) -> None:
    assert is_address(answer)
    assert not tells_something(answer)


@pytest.mark.parametrize(
    "answer",
    [
        "الزنقة كاملة ماشي غير دارنا",
        "ماكاينش الضو فالزنقة كاملة",
        "zen9a kamla",
        "toute la rue",
        "كيسيل من القادوس ديال الزنقة",
    ],
)
def test_a_street_that_is_not_told_which_is_no_address(answer: str) -> None:
    assert tells_something(answer)
    assert not is_address(answer)


@pytest.mark.parametrize(
    ("correction", "place"),
    [
        ("ماشي من الصباح من البارح", None),
        ("machi mn sba7 mn lbare7", None),
        ("mn zen9a 5", "mn zen9a 5"),
        ("en fait c'est rue 15", "rue 15"),
    ],
)
def test_since_when_is_no_place(correction: str, place: str | None) -> None:
    assert from_place(correction) == place


@pytest.mark.parametrize(
    ("place", "street", "corrected"),
    [
        ("عين الشق حي الإنارة زنقة 10", "زنقة 12", "عين الشق حي الإنارة زنقة 12"),
        ("Sbata rue 5", "rue 12", "Sbata rue 12"),
        ("rue 5", "rue 12", None),
        ("devant la poste", "rue 12", None),
        ("Sbata rue 5", "devant le 12", None),
    ],
)
def test_another_street_leaves_the_rest_of_the_place(place: str, street: str, corrected: str | None) -> None:
    assert another_street(place, street) == corrected


@pytest.mark.parametrize(
    "answer", ["وبنتي كتخاف", "وراه الريحة خانزة", "je veux me plaindre", "c bon c passé mal", "bghit nchki"]
)
def test_a_sentence_is_no_address(answer: str) -> None:
    assert tells_something(answer)
    assert not is_address(answer)


@pytest.mark.parametrize(
    ("text", "name", "whole"),
    [
        ("45 boulevard Ghandi il y a un trou", "boulevard ghandi", "45 boulevard Ghandi"),
        ("c'est rue Yacoub El Mansour numéro 210", "rue yacoub el mansour", "rue Yacoub El Mansour numéro 210"),
        ("boulevard Ghandi il y a un trou", "boulevard ghandi", None),
        ("45 Gauthier", "gauthier", None),
    ],
)
def test_the_number_of_a_house_stays_with_its_street(text: str, name: str, whole: str | None) -> None:
    start = text.lower().index(name)
    assert with_number(text, Entity("place", {"id": "x"}, name, start, start + len(name))) == whole


def test_the_lists_of_words_are_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    read = list[str]()

    def load(text: str) -> object:
        read.append("once")
        return load_yaml(text)

    monkeypatch.setattr(locatives, "load_yaml", load)
    locatives._lists.cache_clear()
    for _ in range(3):
        street_in("devant le 14 rue Ibn Batouta, il est cassé depuis lundi")
        is_address("pas loin de la mosquée")
    assert read == ["once"]


@pytest.mark.parametrize(
    ("told", "place"),
    [
        ("فزنقة 5", "زنقة 5"),
        ("فـزنقة الجزائر", "زنقة الجزائر"),
        ("ف زنقة الجزائر", "زنقة الجزائر"),
        ("في شارع الزرقطوني", "شارع الزرقطوني"),
        ("فوق القنطرة", "فوق القنطرة"),
        ("فاس", "فاس"),
        ("زنقة 5", "زنقة 5"),
        ("rue 5", "rue 5"),
        ("", ""),
    ],
)
def test_a_place_without_its_in(told: str, place: str) -> None:
    assert without_in(told) == place
