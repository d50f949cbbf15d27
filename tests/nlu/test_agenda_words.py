"""What people want done with their agenda, and how long before a session they want to be reminded."""

import pytest

from nlu.agenda_words import bids, minutes_before, number_in_list, order, topic_words, wishes


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


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("ok add it", {"add"}),
        ("oui ajoute-la", {"add"}),
        ("wakha zidha liya", {"add"}),
        ("زيدها", {"add"}),
        ("i'll take it", {"add"}),
        ("ajoute les deux", {"add", "both"}),
        ("take out the first one", {"remove"}),
        ("lla 7eyyedha", {"remove"}),
        ("vide tout", {"remove", "everything"}),
    ],
)
def test_an_order_says_nothing_but_what_to_do(text: str, wanted: set[str]) -> None:
    assert order(text) == wanted


@pytest.mark.parametrize(
    "text",
    [
        "ne l'ajoute pas",
        "don't add it",
        "vide la poubelle",
        "efface mon numéro",
        "je veux voir mon agenda",
        "bghit fichier ics",
        "mon agenda",
        "oui",
    ],
)
def test_what_says_more_or_less_is_no_order(text: str) -> None:
    assert order(text) is None


def test_a_word_of_the_programme_names_a_session() -> None:
    assert order("ajoute le tourisme") == {"add"}
    assert order("ajoute le tourisme", {"tourisme"}) is None
    assert topic_words("ajoute la cérémonie d'ouverture", {"ouverture"}) == ["ceremonie", "ouverture"]
    assert topic_words("ajoute la première", {"premiere"}) == []


@pytest.mark.parametrize(
    ("text", "number"),
    [("ajoute la 3", 3), ("7eyyed tanya", 2), ("حيد اللولة", 1), ("remove the last one", -1), ("7eyyed hadi", None)],
)
def test_the_place_in_a_list_may_be_a_figure_or_a_word(text: str, number: int | None) -> None:
    assert number_in_list(text) == number


def test_a_clause_of_its_own_may_say_what_to_do() -> None:
    assert bids("the one about startups, add it")
    assert bids("oui, ajoute l'atelier")
    assert not bids("est-ce que je peux ajouter une session")
