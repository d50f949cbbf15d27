"""Replies within Telegram's limits, at every boundary."""

import pytest

from actions.requests.numbers import with_check_letter
from actions.texts import Texts
from bot.channels.telegram import keyboard
from bot.channels.telegram.rendering import html_of, render
from nlu.understanding import Language

FR, ARY = Language.FRENCH, Language.DARIJA
RLM, LRI, PDI = "\u200f", "\u2066", "\u2069"


def text(words: str) -> dict[str, str]:
    return {"type": "text", "text": words, "language": "fr"}


def choices(*labels: str, payload: str = "i:help") -> dict[str, object]:
    return {"type": "choices", "choices": [{"label": label, "payload": payload} for label in labels]}


def units(words: str) -> int:
    return len(words.encode("utf-16-le")) // 2


@pytest.mark.parametrize(("length", "messages"), [(1, 1), (4_095, 1), (4_096, 1), (4_097, 2), (8_300, 3)])
def test_long_texts_are_split_at_4096(texts: Texts, length: int, messages: int) -> None:
    calls = render([text("a" * length), choices("Oui")], texts, FR)
    assert len(calls) == messages
    assert "".join(call["text"] for call in calls) == "a" * length
    assert all(units(call["text"]) <= 4_096 for call in calls)
    assert ["buttons" in call for call in calls] == [False] * (messages - 1) + [True]


def test_a_split_falls_between_paragraphs(texts: Texts) -> None:
    first, second = "un mot " * 500, "deux mots " * 200
    calls = render([text(first.strip()), text(second.strip())], texts, FR)
    assert [call["text"] for call in calls] == [first.strip(), second.strip()]


def test_signs_outside_of_the_basic_plane_count_twice(texts: Texts) -> None:
    calls = render([text("🚋" * 2_049)], texts, FR)
    assert [units(call["text"]) for call in calls] == [4_094, 4] or all(units(call["text"]) <= 4_096 for call in calls)
    assert "".join(call["text"] for call in calls) == "🚋" * 2_049


def test_a_split_inside_arabic_keeps_directions_whole(texts: Texts) -> None:
    line = f"{RLM}عيط ل {LRI}37 37{PDI} ولا شوف {LRI}chikaya.ma{PDI} "
    calls = render([text(line * 200)], texts, ARY)
    for call in calls:
        assert call["text"].count(LRI) == call["text"].count(PDI)
        assert call["text"].startswith(RLM)
        assert RLM * 2 not in call["text"]


@pytest.mark.parametrize(("length", "calls"), [(1_024, ["sendPhoto"]), (1_025, ["sendPhoto", "sendMessage"])])
def test_a_caption_is_split_at_1024(texts: Texts, length: int, calls: list[str]) -> None:
    picture = {"type": "picture", "reference": "0a.png", "alt": "b" * length}
    rendered = render([picture], texts, FR)
    assert [call["method"] for call in rendered] == calls
    assert rendered[0]["caption"] + "".join(call["text"] for call in rendered[1:]) == "b" * length


@pytest.mark.parametrize(
    ("payload", "whole"),
    [("x" * 64, True), ("x" * 65, False), ("ش" * 32, True), ("ش" * 33, False), ("#" + "x" * 5, False)],
)
def test_payloads_have_64_bytes_at_most(payload: str, whole: bool) -> None:
    data = keyboard.data_of(payload)
    assert len(data.encode()) <= 64
    assert (data == payload) is whole
    assert keyboard.is_hashed(data) is not whole
    assert data == keyboard.data_of(payload)


def test_a_hashed_payload_is_found_by_the_words_of_its_button() -> None:
    under = {"reply_markup": keyboard.inline([{"label": "Sidi Moumen", "payload": "ش" * 40}])}
    assert keyboard.label_of(keyboard.data_of("ش" * 40), under) == "Sidi Moumen"
    assert keyboard.label_of("#gone", under) is None


@pytest.mark.parametrize("count", [1, 8, 9, 100, 101, 250])
@pytest.mark.parametrize("label", ["Oui", "Extrait de naissance", "ب" * 60])
def test_keyboards_have_rows_of_eight_and_a_hundred_buttons_at_most(count: int, label: str) -> None:
    rows = keyboard.rows_of([label] * count)
    assert [at for row in rows for at in row] == list(range(min(count, 100)))
    assert all(1 <= len(row) <= 8 for row in rows)


def test_short_buttons_share_a_row_and_long_ones_do_not() -> None:
    labels = ["Oui", "Non", "Annuler", "Extrait de naissance", "Autre chose", "Signaler"]
    assert keyboard.rows_of(labels) == [[0, 1, 2], [3], [4, 5]]


def test_a_question_for_the_place_has_its_buttons_in_place_of_the_letters(texts: Texts) -> None:
    (call,) = render([text("Où ?"), {"type": "ask_location"}, choices("Annuler", payload="r:cancel")], texts, FR)
    assert call["buttons"] == {
        "inline": {"inline_keyboard": [[{"text": "Annuler", "callback_data": "r:cancel"}]]},
        "private": {
            "keyboard": [[{"text": "📍 Envoyer ma position", "request_location": True}], [{"text": "Annuler"}]],
            "resize_keyboard": True,
            "one_time_keyboard": True,
        },
    }


def test_places_pictures_and_files_keep_their_order_and_the_last_has_the_buttons(texts: Texts) -> None:
    place = {"type": "location", "lat": 33.59, "lon": -7.61, "title": "Place des\nNations Unies", "address": ""}
    file = {"type": "file", "reference": "0a.ics", "name": "agenda.ics", "media_type": "text/calendar"}
    calls = render([text("Voici."), place, file, choices("Merci")], texts, FR)
    inline = {"inline_keyboard": [[{"text": "Merci", "callback_data": "i:help"}]]}
    assert calls == [
        {"method": "sendMessage", "text": "Voici."},
        {
            "method": "sendVenue",
            "latitude": 33.59,
            "longitude": -7.61,
            "title": "Place des Nations Unies",
            "address": "Casablanca",
        },
        {"method": "sendDocument", "document": "0a.ics", "filename": "agenda.ics", "buttons": {"inline": inline}},
    ]


def test_a_place_without_a_name_is_a_pin(texts: Texts) -> None:
    (call,) = render([{"type": "location", "lat": 33.5, "lon": -7.6, "title": "", "address": ""}], texts, FR)
    assert call["method"] == "sendLocation"


def test_choices_alone_get_a_question(texts: Texts) -> None:
    (call,) = render([choices("Oui", "Non")], texts, FR)
    assert call["text"] == "Que choisissez-vous ?"


def test_nothing_renders_to_nothing(texts: Texts) -> None:
    assert render([], texts, FR) == []
    assert render([text("  ")], texts, FR) == []


def test_html_is_escaped_and_only_true_request_numbers_are_marked() -> None:
    assert html_of("a < b & c > d <b>x</b>") == "a &lt; b &amp; c &gt; d &lt;b&gt;x&lt;/b&gt;"
    assert html_of("ABC-DEF et 123-456") == "ABC-DEF et 123-456"
    number = with_check_letter("7K342")
    assert html_of(f"demande {number} <") == f"demande <code>{number}</code> &lt;"
