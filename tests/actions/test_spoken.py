"""In which language a message is answered: that of its words, unless they are everybody's."""

import pytest

from actions.spoken import language_of_reply
from actions.state import RequestForm, State
from actions.taps import typed_as_tap
from actions.turn import House, Incoming
from nlu.understanding import Language

FR, ARY, LATN, EN = Language.FRENCH, Language.DARIJA, Language.DARIJA_LATIN, Language.ENGLISH


def _after(house: House, text: str, state: State) -> Language | None:
    return language_of_reply(Incoming(text=text), house.parser.parse(text), state, house.report_words)


@pytest.mark.parametrize(
    ("before", "text", "after"),
    [
        (None, "où payer la taxe d'habitation", FR),
        (None, "فين كاين البارك", ARY),
        (None, "fin nkhelles lmarya dyal tomobil", LATN),
        (FR, "what is on now at the expo", EN),
        (LATN, "merci beaucoup", LATN),
        (ARY, "ok c bon", ARY),
        (ARY, "je voudrais un acte de naissance", FR),
        (FR, "الضو مقطوع", ARY),
        (LATN, "bghit certificat de residence", LATN),
        (EN, "ok", EN),
    ],
)
def test_the_words_decide_unless_they_are_everybodys(
    house: House, before: Language | None, text: str, after: Language
) -> None:
    assert _after(house, text, State(language=before)) is after


def test_a_choice_stays_whatever_is_written(house: House) -> None:
    assert _after(house, "فين كاين البارك", State(language=FR, fixed_language=True)) is FR


def test_an_address_in_a_report_is_written_alike_by_all(house: House) -> None:
    asked = State(language=EN, form=RequestForm("report/road", asking="where"))
    assert _after(house, "12 rue de Rome, Maârif", asked) is EN
    assert _after(house, "c'est dans la rue de Rome, juste à côté de la mosquée", asked) is FR
    assert _after(house, "زنقة روما حدا الجامع", asked) is ARY


@pytest.mark.parametrize("typed", ["2", "2.", "la deuxième", "Tanya", "التانية", "non merci"])
def test_what_is_typed_for_a_button_is_a_tap(typed: str) -> None:
    offered = [["Oui, envoyer", "yes"], ["Non merci", "no"]]
    assert typed_as_tap(Incoming(text=typed), offered, State()) == Incoming(choice="no")


@pytest.mark.parametrize("said", ["3", "non, merci beaucoup", "deux trous"])
def test_other_words_are_no_tap(said: str) -> None:
    offered = [["Oui, envoyer", "yes"], ["Non merci", "no"]]
    assert typed_as_tap(Incoming(text=said), offered, State()) == Incoming(text=said)
