"""Times as people write them, in the four varieties."""

from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.text import normalise
from nlu.times import CASABLANCA, Moment, find_times, resolve

DAYS = (date(2027, 5, 19), date(2027, 5, 20))
NOW = {"now": True}


def clock(hour: int, minute: int = 0, **rest: str) -> dict[str, Any]:
    return {"hour": hour, "minute": minute, **rest}


ONE_TIME = [
    # French
    ("demain 15h", clock(15, day="tomorrow")),
    ("15h30", clock(15, 30)),
    ("quoi voir avant 15h30 ?", clock(15, 30, bound="before")),
    ("à partir de 14h", clock(14, bound="after")),
    ("barnamaj nhar 20", {"day": "monthday:20"}),
    ("9bel jouj", clock(14, bound="before")),
    ("من بعد 3", clock(15, bound="after")),
    ("à 9 heures et demie", clock(9, 30)),
    ("9h moins le quart", clock(8, 45)),
    ("dix-sept heures trente", clock(17, 30)),
    ("lundi 14 h 30", clock(14, 30, day="weekday:0")),
    ("20 mai à 9h", clock(9, day="date:05-20")),
    ("3 du matin", clock(3)),
    ("à 3 heures du matin", clock(3)),
    ("8 heures du soir", clock(20)),
    ("3h de l'après-midi", clock(15)),
    ("6h", clock(18)),
    ("7h", clock(7)),
    ("03:00", clock(3)),
    ("à midi pile y a quelque chose", clock(12)),
    ("midi et demi", clock(12, 30)),
    ("minuit", clock(0)),
    ("je travaille jusqu'à 17h au Maârif", clock(17)),
    ("maintenant", NOW),
    ("qu'est-ce qui se passe en ce moment ?", NOW),
    ("le planning d'aujourd'hui svp", {"day": "today"}),
    ("hier soir", {"day": "yesterday", "part": "evening"}),
    ("après-demain", {"day": "after_tomorrow"}),
    ("jeudi matin", {"day": "weekday:3", "part": "morning"}),
    ("demain après-midi", {"day": "tomorrow", "part": "afternoon"}),
    ("ce soir", {"part": "tonight"}),
    ("après le déjeuner", {"part": "after_lunch"}),
    ("après manger c quoi", {"part": "after_lunch"}),
    ("le 19 mai", {"day": "date:05-19"}),
    ("20/05", {"day": "date:05-20"}),
    ("deuxième jour", {"day": "nth:2"}),
    ("programme jour 2", {"day": "nth:2"}),
    ("sessions du dernier jour ?", {"day": "nth:-1"}),
    # Darija, Latin letters
    ("ghedda f 3", clock(15, day="tomorrow")),
    ("m3a jouj", clock(14)),
    ("m3a jouj o ness", clock(14, 30)),
    ("m3a tlata ghir rob3", clock(14, 45)),
    ("m3a jouj d l3chiya", clock(14)),
    ("m3a 8 d llil", clock(20)),
    ("jouj d llil", clock(2)),
    ("m3a l12 d lil", clock(0)),
    ("m3a l11 ach ghaydouz", clock(11)),
    ("f 10h30 chno mbrmjin", clock(10, 30)),
    ("daba", NOW),
    ("lyoum", {"day": "today"}),
    ("nhar lkhmis", {"day": "weekday:3"}),
    ("nhar tlat", {"day": "weekday:1"}),
    ("mn b3d lghda", {"part": "after_lunch"}),
    ("mora lftour", {"part": "after_breakfast"}),
    ("lwel nhar", {"day": "nth:1"}),
    ("akhir nhar dyal l'expo", {"day": "nth:-1"}),
    ("ghedda sbah", {"day": "tomorrow", "part": "morning"}),
    ("b3d ghedda", {"day": "after_tomorrow"}),
    # Darija, Arabic letters
    ("مع الجوج ونص", clock(14, 30)),
    ("مع الجوج و نص", clock(14, 30)),
    ("مع التلاتة قل ربع", clock(14, 45)),
    ("الربعة د العشية", clock(16)),
    ("فالربعة", clock(16)),
    ("مع التسعود د الصباح", clock(9)),
    ("غدا مع الربعة", clock(16, day="tomorrow")),
    ("مع ١٤:٣٠", clock(14, 30)),
    ("دابا", NOW),
    ("من بعد الفطور", {"part": "after_breakfast"}),
    ("من بعد الغدا اش كاين", {"part": "after_lunch"}),
    ("نهار 19 ماي", {"day": "date:05-19"}),
    ("اليوم", {"day": "today"}),
    ("اليوم الثاني", {"day": "nth:2"}),
    ("النهار اللول", {"day": "nth:1"}),
    ("نهار الأربعاء الصباح", {"day": "weekday:2", "part": "morning"}),
    ("نهار الحد", {"day": "weekday:6"}),
    ("البارح", {"day": "yesterday"}),
    # English
    ("tomorrow at 3 pm", clock(15, day="tomorrow")),
    ("half past ten", clock(10, 30)),
    ("what's on at quarter to three", clock(14, 45)),
    ("7:30 pm", clock(19, 30)),
    ("12 am", clock(0)),
    ("at noon", clock(12)),
    ("this afternoon after 4, is there something?", clock(16, bound="after")),
    ("anything right now?", NOW),
    ("tonight", {"part": "tonight"}),
    ("after lunch", {"part": "after_lunch"}),
    ("May 19", {"day": "date:05-19"}),
    ("the 20th of May", {"day": "date:05-20"}),
    ("first day at 10:30", clock(10, 30, day="nth:1")),
    ("day two closes at what hour", {"day": "nth:2"}),
]


@pytest.mark.parametrize(("text", "value"), ONE_TIME)
def test_a_phrase_is_one_time(text: str, value: dict[str, Any]) -> None:
    assert [entity.value for entity in find_times(normalise(text))] == [value]


@pytest.mark.parametrize(
    "text",
    [
        "dans 2 heures",
        "hackathon de 48 heures",
        "10 minutes avant",
        "1h before closing session",
        "f 3 dyal les salles",
        "on est 5 personnes",
        "j'ai 3 enfants",
        "le tram T3",
        "la session sur la 5G",
        "sur la place Mohammed V",
        "mondial 2030",
        "sept sessions",
        "حتى حاجة",
        "",
    ],
)
def test_what_is_no_time_is_not_taken_for_one(text: str) -> None:
    assert find_times(normalise(text)) == ()


def test_two_hours_are_two_times() -> None:
    assert [e.value for e in find_times(normalise("بين التلاتة و الخمسة"))] == [clock(15), clock(17)]
    assert [e.value for e in find_times(normalise("mn daba 7ta l 6"))] == [NOW, clock(18)]
    assert [e.value for e in find_times(normalise("la 5G est à 10h ou à 11h ?"))] == [clock(10), clock(11)]


def test_an_entity_says_where_it_stands() -> None:
    text = normalise("Le panel IA demain 15h, c'est où ?")
    (entity,) = find_times(text)
    assert (entity.kind, text[entity.start : entity.end], entity.text) == ("time", "demain 15h", "demain 15h")


@given(st.text(max_size=80))
def test_no_text_breaks_it(text: str) -> None:
    normalised = normalise(text)
    for entity in find_times(normalised):
        assert normalised[entity.start : entity.end] == entity.text
        resolve(entity.value, now=at(19, 10), days=DAYS)


@given(st.sampled_from([text for text, _ in ONE_TIME]), st.sampled_from([text for text, _ in ONE_TIME]))
def test_values_always_resolve(first: str, second: str) -> None:
    for entity in find_times(normalise(f"{first} {second}")):
        moment = resolve(entity.value, now=at(19, 10), days=DAYS)
        assert moment.start is None or moment.start.tzinfo is CASABLANCA


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2027, 5, day, hour, minute, tzinfo=CASABLANCA)


@pytest.mark.parametrize(
    ("value", "now", "start"),
    [
        (clock(15), at(19, 10), at(19, 15)),
        (clock(9), at(19, 18), at(20, 9)),  # nine has passed today
        (clock(15), at(20, 16), at(20, 15)),  # and there is no later day
        (clock(15), at(1, 10), at(19, 15)),  # before the expo: its first day
        (clock(15, day="tomorrow"), at(19, 10), at(20, 15)),
        (clock(15, day="weekday:3"), at(19, 10), at(20, 15)),
        (clock(9, day="nth:-1"), at(1, 10), at(20, 9)),
        (clock(9, day="date:05-20"), at(1, 10), at(20, 9)),
    ],
)
def test_an_hour_becomes_a_moment(value: dict[str, Any], now: datetime, start: datetime) -> None:
    assert resolve(value, now=now, days=DAYS) == Moment(start.date(), start, None)


def test_a_part_of_a_day_has_an_end() -> None:
    moment = resolve({"day": "weekday:3", "part": "morning"}, now=at(1, 9), days=DAYS)
    assert moment == Moment(DAYS[1], at(20, 6), at(20, 12))


def test_now_is_now_in_casablanca() -> None:
    now = datetime.fromisoformat("2027-05-19T09:00:00+00:00")
    assert resolve(NOW, now=now, days=DAYS) == Moment(DAYS[0], at(19, 10), None)


def test_days_outside_the_expo_are_calendar_days() -> None:
    assert resolve({"day": "weekday:5"}, now=at(19, 10), days=DAYS).day == date(2027, 5, 22)
    assert resolve({"day": "date:06-01"}, now=at(19, 10), days=DAYS).day == date(2027, 6, 1)


@pytest.mark.parametrize("day", ["nth:3", "date:06-31"])
def test_a_day_that_does_not_exist_gives_no_moment(day: str) -> None:
    assert resolve({"day": day}, now=at(19, 10), days=DAYS) == Moment(None, None, None)


def test_nothing_said_gives_no_moment() -> None:
    assert resolve({}, now=at(19, 10), days=DAYS) == Moment(None, None, None)
