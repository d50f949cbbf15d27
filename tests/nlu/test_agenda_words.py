"""What people want done with their agenda, and how long before a session they want to be reminded."""

import pytest

from nlu.agenda_words import minutes_before, topic_words, wishes


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("ajoute la 2 à mon agenda", {"add"}),
        ("زيد ليا ورشة السيبير فلاجوندا", {"add"}),
        ("put both of them on my list", {"add", "both"}),
        ("note le dans mon calendrier", {"add"}),
        ("enlève la session données ouvertes", {"remove"}),
        ("khwi lajenda kamla", {"everything", "remove"}),
        ("vide mon agenda", {"everything", "remove"}),
        ("fichier ics svp", {"calendar"}),
        ("بغيت فيشي كالندريي", {"calendar"}),
        ("plus de rappels svp", {"stop"}),
        ("matb9ach tfekkerni", {"stop"}),
        ("حبس عليا هاد التنبيهات", {"stop"}),
        ("mon agenda", set()),
        ("talk on trams", set()),
    ],
)
def test_wishes_in_every_variety(text: str, wanted: set[str]) -> None:
    assert wishes(text) == wanted


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("préviens-moi dix minutes avant la table ronde", 10),
        ("rappelle-moi une demi-heure avant", 30),
        ("fekkerni rob3 sa3a 9bel", 15),
        ("fekkerni 9bel b 20 d9i9a", 20),
        ("فكرني 10 دقايق قبل الورشة", 10),
        ("نبهني نص ساعة قبل", 30),
        ("5 min avant", 5),
        ("remind 1h before closing session", 60),
        ("la session de 11h30", None),
        ("add number 3", None),
        ("remind me 900 minutes before", None),
    ],
)
def test_minutes_before(text: str, minutes: int | None) -> None:
    assert minutes_before(text) == minutes


def test_what_is_left_is_the_topic() -> None:
    assert topic_words("7eyyed liya session dyal tram men l'agenda dyali") == ["tram"]
    assert topic_words("ajoute la conférence à mon agenda") == []
