"""What the assistant says about the expo: before, during, between and after its days, and without one."""

import re
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.expo.expo import Expo
from actions.programme.edition import BREAKS
from actions.programme.loading import load_edition
from actions.programme.selection import next_after, on_at
from actions.reply import Pin, Reply
from actions.texts import Texts
from nlu.text import normalise
from nlu.times import CASABLANCA, find_times
from nlu.understanding import Language

PROJECT = Path(__file__).parents[3]
DEMO = load_edition(PROJECT / "data/expo/demo.yml")
PAST = [load_edition(path) for path in sorted((PROJECT / "data/expo").glob("20*.yml"))]
TEXTS = Texts.load(PROJECT / "data/texts")
EXPO, NO_EXPO = Expo(DEMO, PAST), Expo(None, PAST)
FRENCH, DARIJA, LATIN, ENGLISH = Language.FRENCH, Language.DARIJA, Language.DARIJA_LATIN, Language.ENGLISH
INTENTS = [
    "now", "next", "programme", "session", "speakers", "dates", "venue", "practical", "registration", "public_events",
]  # fmt: skip
BEFORE, DURING, LUNCH, BETWEEN, AFTER = (
    datetime(2027, 5, day, hour, minute, tzinfo=CASABLANCA)
    for day, hour, minute in ((18, 10, 0), (19, 10, 45), (19, 13, 0), (19, 20, 0), (21, 9, 0))
)


def shown(reply: Reply | None, language: Language = FRENCH) -> str:
    """The paragraphs of a reply as a person reads them."""
    assert reply is not None
    texts = [part["text"] for part in TEXTS.render(reply, language) if part["type"] == "text"]
    return re.sub("[\u200f\u2066\u2069]", "", "\n\n".join(texts))


def ask(intent: str, text: str, now: datetime, language: Language = FRENCH, *, expo: Expo = EXPO) -> str:
    entities = find_times(normalise(text))
    return shown(expo.answer(f"expo/{intent}", text, entities, language=language, now=now), language)


# now


def test_now_lists_every_room() -> None:
    heading, lines, notice = ask("now", "en ce moment ?", DURING).split("\n\n")
    assert heading == "En ce moment (10 h 45) :"
    assert lines.split("\n") == [
        "10:30-11:15 · Salle A · Tram et bus : réussir la correspondance",
        "10:30-11:15 · Salle B · Données ouvertes : ce que les villes africaines ont appris",
        "10:30-11:15 · Salle C · Quand le derb décide : participation de quartier",
        "10:30-12:00 · Salle D · Atelier : sa première carte avec des données ouvertes",
        "09:00-18:30 · Tente du hackathon, Place des Nations Unies · Hackathon : 48 idées pour les trottoirs, jour 1",
    ]
    assert notice == "Démonstration : cette expo est fictive, ni les séances ni les personnes n'existent."


def test_now_before_the_expo_says_when_it_opens_and_what_comes_first() -> None:
    said = ask("now", "maintenant", BEFORE)
    assert said.startswith(
        "L'expo ouvre demain à 8 h 30.\n\nEnsuite, demain à 9 h :\n\n09:00-09:30 · Salle A · Cérémonie"
    )


def test_now_at_lunch_says_until_when() -> None:
    assert ask("now", "دابا", LUNCH, DARIJA).startswith("وقت الغدا، حتى ل 14:00.\n\nدابا (13:00):")


def test_now_between_the_days_says_when_it_goes_on() -> None:
    said = ask("now", "now", BETWEEN, ENGLISH)
    assert said.startswith("The expo opens again tomorrow at 8:30.\n\nNext, tomorrow at 9:00:")


def test_now_after_the_expo_says_that_it_is_over() -> None:
    assert ask("now", "daba", AFTER, LATIN).startswith("L'expo salat lbare7.")
    assert ask("now", "", AFTER + timedelta(days=400)).startswith("L'expo a fini jeudi 20 mai 2027.")


# next


def test_next_is_what_starts_first() -> None:
    said = ask("next", "et après ?", DURING)
    assert said.startswith("Ensuite, aujourd'hui à 11 h 30 :\n\n11:30-12:15 · Salle A · L'eau en ville")


def test_at_an_hour_lists_what_is_on_then() -> None:
    said = ask("next", "مع الجوج شنو كاين", DURING, DARIJA)
    assert said.startswith("مع 14:00، اليوم:\n\n14:00-14:45 · القاعة A · زناقي باردين")


def test_after_lunch_begins_when_lunch_is_over() -> None:
    said = ask("next", "mn b3d lghda", DURING, LATIN)
    assert said.startswith("Lprogramme, lyoum men 14:00:\n\n14:00-14:45 · Salle A")


def test_an_empty_hour_says_so_and_what_comes_then() -> None:
    said = ask("next", "demain à 8h", DURING)
    assert said.startswith("Rien au programme, demain à 8 h.\n\nEnsuite, demain à 9 h :")


def test_next_after_the_last_session() -> None:
    said = ask("next", "et après ?", datetime(2027, 5, 20, 18, 0, tzinfo=CASABLANCA))
    assert said.startswith("Il n'y a plus rien ensuite.\n\nL'expo est ouverte aujourd'hui jusqu'à 18 h 30.")


@given(st.integers(min_value=0, max_value=4 * 24 * 60))
def test_now_and_next_say_what_the_programme_says(minutes: int) -> None:
    moment = datetime(2027, 5, 18, tzinfo=CASABLANCA) + timedelta(minutes=minutes)
    now = EXPO.answer("expo/now", "", (), language=FRENCH, now=moment)
    following = EXPO.answer("expo/next", "", (), language=FRENCH, now=moment)
    assert now is not None
    assert following is not None
    running = [
        s.id for s in sorted(on_at(DEMO, moment), key=lambda s: (not s.room, s.start != moment)) if s.kind not in BREAKS
    ]
    coming = [s.id for s in next_after(DEMO, moment)]
    assert chosen_sessions(now) == sorted((running or coming)[:5])
    assert chosen_sessions(following) == sorted(coming[:5])


def chosen_sessions(reply: Reply) -> list[str]:
    return sorted(c.payload.removeprefix("expo:s:") for c in reply.choices if c.payload.startswith("expo:s:"))


def test_now_has_a_second_page_when_more_than_five_are_on() -> None:
    two = datetime(2027, 5, 20, 14, 0, tzinfo=CASABLANCA)
    reply = EXPO.answer("expo/now", "", (), language=FRENCH, now=two)
    assert reply is not None
    assert reply.choices[-2].payload == "expo:at:2027-05-20:1400:1"
    rest = EXPO.choose(reply.choices[-2].payload, language=FRENCH, now=two)
    assert rest is not None
    assert chosen_sessions(reply) + chosen_sessions(rest) == [*chosen_sessions(reply), "d2-square"]


# programme, sessions, speakers


def test_programme_is_of_today_or_the_first_day_to_come() -> None:
    assert ask("programme", "programme", BEFORE).startswith("Programme, demain :")
    assert ask("programme", "programme", DURING).startswith("Programme, aujourd'hui :")
    assert ask("programme", "programme", AFTER).startswith("L'expo a fini hier.\n\nProgramme, mercredi 19 mai :")


def test_programme_of_a_named_day_and_part() -> None:
    assert ask("programme", "النهار التاني", BEFORE, DARIJA).startswith("البرنامج، نهار الخميس 20 ماي:\n\n09:00")
    assert ask("programme", "jeudi après-midi", DURING).startswith(
        "Programme, demain à partir de 12 h :\n\n12:00-12:30"
    )


def test_programme_of_a_day_without_expo() -> None:
    said = ask("programme", "samedi", DURING)
    assert said.startswith("Il n'y a pas d'expo à cette date (samedi 22 mai). Elle a lieu les 19 et 20 mai 2027.")


def test_the_pages_of_a_day_hold_five_and_hold_everything() -> None:
    reply = EXPO.choose("expo:day:2027-05-19:0", language=FRENCH, now=DURING)
    seen: list[str] = []
    while reply is not None:
        assert len(chosen_sessions(reply)) <= 5
        seen += chosen_sessions(reply)
        more = [c.payload for c in reply.choices if c.payload.startswith("expo:day:")]
        reply = EXPO.choose(more[0], language=FRENCH, now=DURING) if more else None
    assert sorted(seen) == sorted(s.id for s in DEMO.sessions if s.dates[0] == DEMO.days[0] and s.kind not in BREAKS)


def test_one_session_found_is_told_in_full() -> None:
    assert ask("session", "l'IA fo9ach", BEFORE, LATIN).split("\n\n")[0] == (
        "larbe3 19 · 11:30-12:15 · Salle C · L'intelligence artificielle au guichet, sans perdre l'humain\n"
        "Inês Carvalhidosa, designer de services, studio imaginaire de Lisbonne\n"
        "Lougha: l'anglais\nTarjama: lferansawiya"
    )


def test_a_room_has_its_programme() -> None:
    assert ask("session", "شنو كاين ف القاعة ب غدا", DURING, DARIJA).startswith(
        "القاعة B، شنو كاين فيها:\n\nالخميس 20 · 10:00-10:45 · القاعة B"
    )


def test_a_topic_that_is_not_there_is_not_invented() -> None:
    assert ask("session", "drones", BEFORE, ENGLISH).startswith("I found nothing on that in the programme.")


def test_a_speaker_has_her_sessions() -> None:
    said = ask("speakers", "awa ndioran elle parle quand", BEFORE)
    assert said.startswith("Awa Ndiorane, directrice des données")
    assert "17:15-18:00 · Salle A · Plénière" in said
    assert ask("speakers", "فوقاش غادي تهضر العمدة", BEFORE, DARIJA).startswith("Salma Tazroulte، عمدة")


def test_speakers_without_a_name_are_listed_in_pages() -> None:
    reply = EXPO.answer("expo/speakers", "speakers", (), language=ENGLISH, now=BEFORE)
    assert reply is not None
    assert [c.payload for c in reply.choices][-1] == "expo:speakers:1"
    assert "Awa Ndiorane" in shown(EXPO.choose("expo:speakers:2", language=ENGLISH, now=BEFORE), ENGLISH)


def test_a_speaker_of_the_past_is_found_while_an_edition_is_loaded() -> None:
    assert "17 and 18 May 2017" in ask("speakers", "charles landry", BEFORE, ENGLISH)


# dates, venue, practical matters


def test_dates_say_days_hours_and_what_is_the_case() -> None:
    said = ask("dates", "c'est quand ?", BEFORE)
    assert "les 19 et 20 mai 2027" in said
    assert "mercredi 19 mai : de 8 h 30 à 18 h 30\njeudi 20 mai : de 8 h 30 à 18 h 30" in said
    assert "L'expo ouvre demain à 8 h 30." in said
    assert "L'expo est ouverte aujourd'hui jusqu'à 18 h 30." in ask("dates", "", DURING)
    assert "L'expo rouvre demain à 8 h 30." in ask("dates", "", BETWEEN)
    assert "L'expo a fini hier." in ask("dates", "", AFTER)
    assert "samedi 22 mai" in ask("dates", "c'est ouvert samedi ?", DURING)


def test_venue_has_a_pin_and_its_rooms() -> None:
    reply = EXPO.answer("expo/venue", "c'est où", (), language=FRENCH, now=BEFORE)
    assert reply is not None
    pin = Pin(33.59609, -7.61883, "Hyatt Regency Casablanca", "Place des Nations Unies, Casablanca")
    assert pin in reply.parts
    assert [c.payload for c in reply.choices] == [f"expo:room:{room}" for room in "ABCD"]


def test_a_room_has_its_floor_and_the_way_to_it() -> None:
    assert ask("venue", "القاعة ب فين جات", DURING, DARIJA).startswith("القاعة B، الطابق اللول. ملي تطلع الدروج")


def test_practical_answers_what_is_asked_or_everything() -> None:
    assert ask("practical", "code du wifi svp", DURING).startswith("Wi-Fi : réseau EXPO-DEMO, sans mot de passe.")
    assert ask("practical", "?", DURING, LATIN).startswith("F l'expo:\n\n• Wi-Fi")


def test_public_events_are_those_asked_for() -> None:
    said = ask("public_events", "y a quoi pour les enfants", DURING)
    assert "Robots pour les enfants" in said
    assert "Hackathon" not in said


# what holds for every answer


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("now", [BEFORE, DURING, LUNCH, BETWEEN, AFTER])
@pytest.mark.parametrize("intent", INTENTS)
def test_every_answer_is_whole_marked_and_within_limits(intent: str, now: datetime, language: Language) -> None:
    reply = EXPO.answer(f"expo/{intent}", "", (), language=language, now=now)
    said = shown(reply, language)
    assert reply is not None
    assert said.endswith(TEXTS.text("expo.demo.notice", language))
    for choice in TEXTS.render(reply, language)[-1].get("choices", []):
        assert len(choice["label"]) <= 20
        assert len(choice["payload"].encode()) <= 64
        if choice["payload"].startswith("ag:"):
            continue  # The agenda's.
        assert EXPO.choose(choice["payload"], language=language, now=now) is not None


@pytest.mark.parametrize("language", list(Language))
def test_every_session_room_and_speaker_can_be_chosen(language: Language) -> None:
    payloads = [f"expo:s:{s.id}" for s in DEMO.sessions]
    payloads += [f"expo:room:{room}" for room in DEMO.rooms] + [f"expo:p:{person}:0" for person in DEMO.speakers]
    payloads += [f"expo:track:{track}:0" for track in DEMO.tracks]
    for payload in payloads:
        assert shown(EXPO.choose(payload, language=language, now=DURING), language)


@pytest.mark.parametrize(
    "payload", ["i:expo/now", "expo:", "expo:s:gone", "expo:room:Z", "expo:day:2027-01-01:0", "expo:day:2027-05-19:x",
                "expo:win:2027-05-19:9-x:0", "expo:q", "expo:p:nobody:0"],
)  # fmt: skip
def test_a_payload_that_is_not_known_is_not_answered(payload: str) -> None:
    assert EXPO.choose(payload, language=FRENCH, now=DURING) is None


def test_long_searches_fit_a_payload() -> None:
    text = "ورشة " * 3 + "الذكاء الاصطناعي الداتا المفتوحة التوأم الرقمي السيبر سيكوريتي الصحة الرقمية"
    reply = EXPO.answer("expo/session", text, (), language=DARIJA, now=DURING)
    assert reply is not None
    assert all(len(choice.payload.encode()) <= 64 for choice in reply.choices)


@given(st.text(max_size=60), st.sampled_from(INTENTS))
def test_no_message_breaks_an_answer(text: str, intent: str) -> None:
    assert EXPO.answer(f"expo/{intent}", text, (), language=DARIJA, now=DURING) is not None


@pytest.mark.parametrize("intent", ["overview", "past_editions", "directions"])
def test_the_faq_keeps_what_is_its_own(intent: str) -> None:
    assert EXPO.answer(f"expo/{intent}", "", (), language=FRENCH, now=DURING) is None


# without an edition


@pytest.mark.parametrize("intent", ["now", "next", "programme", "session", "my_agenda", "remind"])
def test_without_an_edition_the_last_known_one_is_named(intent: str) -> None:
    assert ask(intent, "", DURING, expo=NO_EXPO) == (
        "Je ne connais pas d'édition de l'expo en cours ou à venir. "
        "La dernière que je connais est la 9e, les 21 et 22 mai 2025.\n\nPour la suite, voyez casaevents.ma."
    )


@pytest.mark.parametrize("intent", ["dates", "venue", "practical", "registration", "public_events", "speakers"])
def test_without_an_edition_the_faq_answers_the_rest(intent: str) -> None:
    assert NO_EXPO.answer(f"expo/{intent}", "", (), language=FRENCH, now=DURING) is None


@pytest.mark.parametrize("name", ["fo9ach hder charlz landri", "شارل لاندري", "Charles Landry"])
def test_a_past_speaker_is_dated_without_an_edition(name: str) -> None:
    assert "f 17 w 18 mai 2017" in ask("speakers", name, DURING, LATIN, expo=NO_EXPO)


def test_a_past_topic_is_dated_without_an_edition() -> None:
    said = ask("session", "keynote medellin", DURING, expo=NO_EXPO)
    assert "la 9e" in said
    assert said.endswith(
        "les 17 et 18 mai 2017 · Smart City Expo Casablanca 2017 · Villes pour tous, l'expérience de Medellín"
    )


def test_without_any_edition_nothing_is_claimed() -> None:
    said = ask("now", "", DURING, ENGLISH, expo=Expo(None, ()))
    assert said == "I know of no edition of the expo under way or to come."


def test_old_buttons_are_answered_without_an_edition() -> None:
    assert "la 9e" in shown(NO_EXPO.choose("expo:s:d1-water", language=FRENCH, now=DURING))


def test_the_catalogues_have_the_same_keys() -> None:
    keys = [
        set(
            re.findall(r'^msgid "(.+)"', (PROJECT / f"data/texts/{tag.value}/expo.po").read_text("utf-8"), re.MULTILINE)
        )
        for tag in Language
    ]
    assert all(found == keys[0] for found in keys)


def test_lists_are_narrowed_and_their_pages_with_them() -> None:
    first = EXPO.choose("expo:all:@en:0", language=ENGLISH, now=DURING)
    second = EXPO.choose("expo:all:@en:1", language=ENGLISH, now=DURING)
    assert first is not None
    assert second is not None
    spoken = [session.id for session in DEMO.sessions if "en" in session.languages]
    assert sorted(chosen_sessions(first) + chosen_sessions(second)) == sorted(spoken[:10])
    translated = EXPO.choose("expo:in:A@to-en@2027-05-20:1600-1800:0", language=FRENCH, now=DURING)
    assert translated is not None
    assert chosen_sessions(translated) == ["d2-awards", "d2-closing"]
    assert shown(translated).startswith("Sessions interprétées en anglais :")


def test_nothing_at_that_time_says_when_else() -> None:
    said = ask("session", "salle D demain à 18h", DURING)
    assert said.startswith("Rien à ce moment-là. Aux autres moments :\n\nSalle D, ce qui s'y passe :")


def test_an_evening_without_sessions_says_so_and_what_comes_then() -> None:
    said = ask("programme", "ce soir", DURING)
    assert said.startswith("Rien au programme, aujourd'hui à partir de 18 h.\n\nEnsuite, demain à 9 h :")


def test_a_language_that_nobody_speaks_is_not_invented() -> None:
    assert ask("session", "sessions en espagnol", DURING).startswith("Aucune session en espagnol au programme.")


def test_pauses_are_told_with_their_hours() -> None:
    assert ask("next", "when is lunch", DURING, ENGLISH).startswith("Wednesday 19 · 12:30-14:00")
