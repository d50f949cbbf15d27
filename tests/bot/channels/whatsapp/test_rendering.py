"""Replies as WhatsApp messages: one a turn, buttons, lists and numbers at their limits, in both directions."""

from typing import Any

import pytest

from actions.texts import Texts
from bot.channels.whatsapp.formatting import LRI, PDI, RLM, size
from bot.channels.whatsapp.rendering import Renderer
from bot.channels.whatsapp.templates import Sids, wanted
from nlu.understanding import Language

FR, ARY = Language.FRENCH, Language.DARIJA
NUMBER = "Répondez par le numéro de votre choix."


def text(words: str) -> dict[str, Any]:
    return {"type": "text", "text": words, "language": "fr"}


def choices(*labels: str) -> dict[str, Any]:
    return {
        "type": "choices",
        "choices": [{"label": label, "payload": f"p:{number}"} for number, label in enumerate(labels, start=1)],
    }


@pytest.fixture
def bare(texts: Texts) -> Renderer:
    """Without any template."""
    return Renderer(texts, Sids())


@pytest.fixture
def renderer(texts: Texts) -> Renderer:
    """With every template; its id is its name."""
    return Renderer(texts, Sids({template.name: template.name for template in wanted(texts)}))


def render(renderer: Renderer, *parts: dict[str, Any], language: Language = FR, occasion: str | None = None) -> Any:
    """The messages without their language, which every one names."""
    messages = [dict(message) for message in renderer.render(parts, language, occasion)]
    assert {message.pop("language") for message in messages} <= {language.value}
    return messages


def test_texts_of_a_turn_are_one_message(bare: Renderer) -> None:
    assert render(bare, text("Bonjour."), text("Le bureau est ouvert.")) == [
        {"body": "Bonjour.\n\nLe bureau est ouvert."}
    ]


def test_nothing_to_say_is_no_message(bare: Renderer) -> None:
    assert render(bare) == []


def test_three_choices_are_buttons_with_numbers_to_fall_back_on(renderer: Renderer) -> None:
    assert render(renderer, text("Laquelle ?"), choices("Oui", "Non", "Autre chose")) == [
        {
            "body": f"Laquelle ?\n\n1. Oui\n2. Non\n3. Autre chose\n\n{NUMBER}",
            "content_sid": "casa_buttons_3_fr",
            "content_variables": {
                "1": "Laquelle ?",
                "2": "Oui",
                "3": "p:1",
                "4": "Non",
                "5": "p:2",
                "6": "Autre chose",
                "7": "p:3",
            },
        }
    ]


@pytest.mark.parametrize(
    ("labels", "template"),
    [
        (["x" * 20], "casa_buttons_1_fr"),
        (["x" * 21], "casa_list_1_fr"),
        (["x" * 24], "casa_list_1_fr"),
        (["x" * 25], None),
        (["a", "b", "c"], "casa_buttons_3_fr"),
        (["a", "b", "c", "d"], "casa_list_4_fr"),
        (list("abcdefghij"), "casa_list_10_fr"),
        (list("abcdefghijk"), None),
        (["le même", "le même"], None),
        (["👋" * 10, "b"], "casa_buttons_2_fr"),
        (["👋" * 11, "b"], "casa_list_2_fr"),
    ],
)
def test_buttons_and_lists_at_their_limits(renderer: Renderer, labels: list[str], template: str | None) -> None:
    (message,) = render(renderer, text("?"), choices(*labels))
    assert message.get("content_sid") == template
    assert message["body"].startswith("?\n\n1. ")


@pytest.mark.parametrize(("length", "is_interactive"), [(1024, True), (1025, False)])
def test_a_text_above_a_template_is_numbered_in_the_same_message(
    renderer: Renderer, length: int, is_interactive: bool
) -> None:
    (message,) = render(renderer, text("x" * length), choices("Oui"))
    assert ("content_sid" in message) is is_interactive


def test_a_payload_over_two_hundred_letters_is_numbered(renderer: Renderer) -> None:
    part = {"type": "choices", "choices": [{"label": "Oui", "payload": "x" * 201}]}
    (message,) = render(renderer, text("?"), part)
    assert "content_sid" not in message


@pytest.mark.parametrize(("length", "count"), [(1600, 1), (1601, 2), (3198, 2), (3300, 3)])
def test_long_texts_are_cut(bare: Renderer, length: int, count: int) -> None:
    messages = render(bare, text("x" * length))
    assert len(messages) == count
    assert all(size(message["body"]) <= 1600 for message in messages)


@pytest.mark.parametrize("length", [1500, 1541, 1560, 1600, 1601, 2600, 3199, 5000])
def test_a_long_text_with_choices_keeps_them_at_the_end(renderer: Renderer, length: int) -> None:
    messages = render(renderer, text("mot " * (length // 4)), choices("Oui", "Non"))
    assert all(size(message["body"]) <= 1600 for message in messages)
    assert [NUMBER in message["body"] for message in messages] == [*[False] * (len(messages) - 1), True]
    body = messages[-1].get("content_variables", {}).get("1", "")
    assert size(body) <= 1024


def test_arabic_choices_are_buttons_without_marks_and_numbers_in_isolates(renderer: Renderer) -> None:
    part = text(f"{RLM}عيط ل {LRI}37 37{PDI}")
    (message,) = render(renderer, part, choices(f"{RLM}آه", f"{RLM}لا"), language=ARY)
    assert message == {
        "body": f"{RLM}عيط ل {LRI}37 37{PDI}\n\n{RLM}{LRI}1.{PDI} آه\n{RLM}{LRI}2.{PDI} لا\n\n"
        f"{RLM}جاوب بالنمرة ديال الاختيار ديالك.",
        "content_sid": "casa_buttons_2_ary",
        "content_variables": {"1": f"{RLM}عيط ل {LRI}37 37{PDI}", "2": "آه", "3": "p:1", "4": "لا", "5": "p:2"},
    }


def test_arabic_text_is_cut_within_the_limit(bare: Renderer) -> None:
    messages = render(bare, text(f"{RLM}{'كلمة زوينة ' * 200}"), language=ARY)
    assert len(messages) == 2
    assert all(size(message["body"]) <= 1600 and message["body"].startswith(RLM) for message in messages)


def test_the_way_to_share_a_place_is_said_in_words(bare: Renderer) -> None:
    assert render(bare, text("Où est-ce ?"), {"type": "ask_location"}) == [
        {"body": "Où est-ce ?\n\nPour envoyer votre position sur WhatsApp : touchez 📎 (ou +), puis « Localisation »."}
    ]


def test_a_place_is_a_pin_before_a_text_with_choices_and_after_one_without(renderer: Renderer) -> None:
    pin = {"type": "location", "lat": 33.5731, "lon": -7.5898, "title": "Casa | Port", "address": "Bd *Moulay*"}
    shown = {"body": "Casa | Port\nBd ∗Moulay∗", "persistent_action": ["geo:33.573100,-7.589800|Casa Port"]}
    assert render(renderer, text("Voici."), pin) == [{"body": "Voici."}, shown]
    messages = render(renderer, text("Voici."), pin, choices("Merci"))
    assert [message.get("persistent_action") for message in messages] == [shown["persistent_action"], None]


def test_pictures_go_themselves_and_dates_for_a_calendar_by_a_link(bare: Renderer) -> None:
    picture = {"type": "picture", "reference": "ab.png", "alt": "Plan du tram"}
    dates = {"type": "file", "reference": "cd.ics", "name": "expo.ics", "media_type": "text/calendar"}
    assert render(bare, text("Voici."), picture, dates) == [
        {"body": "Voici."},
        {"body": "Plan du tram", "media": "ab.png"},
        {"body": "expo.ics", "link": "cd.ics"},
    ]


def test_choices_alone_get_a_question(renderer: Renderer) -> None:
    (message,) = render(renderer, choices("Oui"))
    assert message["content_variables"]["1"] == "Que choisissez-vous ?"


def test_a_push_about_a_request_can_be_said_outside_of_the_session(renderer: Renderer) -> None:
    parts = [text("Demande 7K3-42R :\nle travail a commencé.")]
    assert render(renderer, *parts, occasion="request:7K3-42R:in_progress:3") == [
        {
            "body": "Demande 7K3-42R :\nle travail a commencé.",
            "template_sid": "casa_request_fr",
            "template_variables": {"1": "Demande 7K3-42R : le travail a commencé."},
        }
    ]
    assert render(renderer, *parts, occasion="reminder:12") == [{"body": "Demande 7K3-42R :\nle travail a commencé."}]
    (with_choices,) = render(renderer, *parts, choices("Oui"), occasion="request:7K3-42R:fixed:3")
    assert "template_sid" not in with_choices


def test_a_reminder_does_not_wait_until_somebody_taps_read(renderer: Renderer) -> None:
    (reminder,) = render(renderer, text("Dans 10 minutes, salle B."), choices("Arrêter"), occasion="remind:demo:d1:9")
    assert (reminder["template_sid"], reminder["template_variables"]) == (
        "casa_agenda_fr",
        {"1": "Dans 10 minutes, salle B."},
    )
    (change,) = render(renderer, text("Nouvelle salle : C."), occasion="change:demo:d1:1")
    assert change["template_sid"] == "casa_agenda_fr"


def test_signs_of_formatting_in_data_are_harmless(renderer: Renderer) -> None:
    (message,) = render(renderer, text("Votre texte : *urgent*"), choices("*a*"))
    assert (message["content_variables"]["1"], message["body"].splitlines()[2]) == (
        "Votre texte : ∗urgent∗",
        "1. ∗a∗",
    )
