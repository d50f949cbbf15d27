"""An agenda from the first star to the last opinion: told by messages, taps, chores and a programme that changes."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from actions.agenda import news
from actions.agenda.changes import changes_between, spots_of
from actions.expo.expo import Expo
from actions.programme.edition import Edition
from actions.texts import Texts
from actions.turn import House
from bot.chores import CHORES, ON_NEW_PROGRAMME, Chores
from nlu.times import CASABLANCA
from store import privacy
from store.tables import ConversationRow, FeedbackRow, OutboxRow, SnapshotRow, StarRow
from tests.conftest import Person, Talk, payloads_of, text_of

MORNING = datetime(2027, 5, 19, 9, 0, tzinfo=CASABLANCA)
TRAM = "d1-tram-bus"
"""From 10:30 to 11:15 in room A."""
WATER = "d1-water"
"""From 11:30 in room A."""


def rounds(person: Person, house: House, texts: Texts) -> Chores:
    """The chores of one process; a new one stands for a restart."""
    return Chores(person.database, house, texts, clock=lambda: person.at)


async def pushed(person: Person) -> list[OutboxRow]:
    async with person.database.transaction() as session:
        query = select(OutboxRow).where(OutboxRow.push_key.is_not(None)).order_by(OutboxRow.id)
        return list((await session.scalars(query)).all())


async def stars(person: Person) -> list[StarRow]:
    async with person.database.transaction() as session:
        return list((await session.scalars(select(StarRow).order_by(StarRow.id))).all())


def with_programme(house: House, **fields: Any) -> House:
    """The house after the session about trams changed; `gone=True` cancels it."""
    edition = house.expo.edition
    assert edition
    if fields.pop("gone", False):
        sessions: Sequence[Any] = [s for s in edition.sessions if s.id != TRAM]
    else:
        sessions = [replace(s, **fields) if s.id == TRAM else s for s in edition.sessions]
    return replace(house, expo=Expo(replace(edition, sessions=tuple(sessions)), ()))


def edition_of(house: House) -> Edition:
    assert house.expo.edition
    return house.expo.edition


# the agenda


async def test_a_session_is_starred_from_a_list_in_two_taps_and_marked_afterwards(
    talk: Talk, expo_house: House
) -> None:
    async with talk(at=MORNING, in_house=expo_house) as person:
        await person.says("bonjour, le programme de la salle A svp")
        asked = await person.sends(choice="ag:pick")
        assert "ag:+:d1-opening" in payloads_of(asked)
        told = text_of(await person.sends(choice=f"ag:+:{TRAM}"))
        assert "10:30-11:15 · Salle A" in told
        assert "15 minutes avant" in told
        again = text_of(await person.sends(choice=f"ag:+:{TRAM}"))
        assert "déjà dans votre agenda" in again
        assert len(await stars(person)) == 1
        assert "★ Tram et bus" in text_of(await person.sends(choice="expo:in:A:0"))
        assert f"ag:-:{TRAM}" in payloads_of(await person.sends(choice=f"expo:s:{TRAM}"))
        await person.sends(choice=f"ag:-:{TRAM}")
        assert await stars(person) == []


async def test_a_tap_on_a_session_that_is_gone_is_answered(talk: Talk, expo_house: House, house: House) -> None:
    async with talk(at=MORNING, in_house=expo_house) as person:
        assert "n'est plus au programme" in text_of(await person.sends(choice="ag:+:gone"))
        assert "fb:" not in str(payloads_of(await person.sends(choice="fb:1:4")))
    async with talk(at=MORNING, in_house=house, name="other") as person:
        assert "casaevents.ma" in text_of(await person.sends(choice=f"ag:+:{TRAM}"))


async def test_the_file_is_a_part_of_the_reply_and_goes_with_the_person(talk: Talk, expo_house: House) -> None:
    async with talk(at=MORNING, in_house=expo_house) as person:
        await person.sends(choice=f"ag:+:{TRAM}")
        parts = await person.sends(choice="ag:file")
        (file,) = (part for part in parts if part["type"] == "file")
        assert (file["name"], file["media_type"]) == ("expo.ics", "text/calendar")
        path = person.attachments.path(file["reference"])
        assert path
        assert b"TZID:Africa/Casablanca" in path.read_bytes()
        await person.sends(choice=f"ag:remind:{10}")
        held = text_of(await person.says("quelles données avez-vous sur moi ?"))
        assert "Agenda de l'Expo : 1 (dont 1 avec rappel)" in held
        await person.sends(choice="forget:yes")
        assert not path.exists()
        assert await stars(person) == []


# reminders


async def test_a_reminder_comes_once_also_after_a_restart(talk: Talk, expo_house: House, texts: Texts) -> None:
    async with talk(at=MORNING, in_house=expo_house) as person:
        await person.says("bonjour, je parle français")
        await person.sends(choice=f"ag:+:{TRAM}")
        counts = []
        for minutes in (74, 75, 80, 89, 90, 91):
            person.at = MORNING + timedelta(minutes=minutes)
            counts.append(await rounds(person, expo_house, texts).run_once())
        assert counts == [0, 1, 0, 0, 0, 0]
        (row,) = await pushed(person)
        assert text_of(row.parts).startswith("Dans 15 minutes : « Tram et bus")
        assert "Salle A" in text_of(row.parts)
        assert payloads_of(row.parts) == ["ag:stop", "ag:show"]


async def test_a_reminder_that_was_late_says_the_minutes_that_are_left(
    talk: Talk, expo_house: House, texts: Texts
) -> None:
    async with talk(at=MORNING, in_house=expo_house) as person:
        await person.sends(choice=f"ag:+:{TRAM}")
        person.at = MORNING + timedelta(minutes=86, seconds=10)
        await rounds(person, expo_house, texts).run_once()
        assert text_of((await pushed(person))[0].parts).startswith("Dans 4 minutes")


async def test_one_tap_stops_all_reminders_and_later_stars_have_none(
    talk: Talk, expo_house: House, texts: Texts
) -> None:
    async with talk(at=MORNING, in_house=expo_house) as person:
        await person.sends(choice=f"ag:+:{TRAM}")
        await person.sends(choice="ag:stop")
        await person.sends(choice=f"ag:+:{WATER}")
        assert [star.remind_minutes for star in await stars(person)] == [None, None]
        person.at = MORNING + timedelta(minutes=85)
        assert await rounds(person, expo_house, texts).run_once() == 0
        await person.sends(choice="ag:remind:30")
        assert await rounds(person, expo_house, texts).run_once() == 1


async def test_a_session_that_moved_is_reminded_of_again(talk: Talk, expo_house: House, texts: Texts) -> None:
    async with talk(at=MORNING, in_house=expo_house) as person:
        await person.sends(choice=f"ag:+:{TRAM}")
        person.at = MORNING + timedelta(minutes=80)
        assert await rounds(person, expo_house, texts).run_once() == 1
        tram = next(s for s in edition_of(expo_house).sessions if s.id == TRAM)
        assert tram.start
        assert tram.end
        later = with_programme(expo_house, start=tram.start + timedelta(hours=5), end=tram.end + timedelta(hours=5))
        process = rounds(person, later, texts)
        assert await process.run_once() == 1
        person.at = tram.start + timedelta(hours=5, minutes=-10)
        assert await process.run_once() == 1
        assert [(row.push_key or "").partition(":")[0] for row in await pushed(person)] == [
            "remind",
            "change",
            "remind",
        ]


# news of changes


async def test_changes_are_told_with_old_and_new_once_after_a_restart(
    talk: Talk, expo_house: House, texts: Texts
) -> None:
    async with talk(at=MORNING, in_house=expo_house) as person:
        await person.says("salam, chno kayn daba f l expo")
        await person.sends(choice=f"ag:+:{TRAM}")
        assert await rounds(person, expo_house, texts).run_once() == 0
        moved = with_programme(expo_house, room="C")
        assert [await rounds(person, moved, texts).run_once() for _ in range(2)] == [1, 0]
        for later in (with_programme(expo_house, gone=True), moved, with_programme(expo_house, gone=True)):
            person.at += timedelta(minutes=1)
            assert await rounds(person, later, texts).run_once() == 1
        told = [text_of(row.parts).split("\n") for row in await pushed(person)]
        assert told[0][1:3] == [
            "Kanet: lyoum men 10:30 7ta l 11:15, Salle A",
            "Wellat: lyoum men 10:30 7ta l 11:15, Salle C",
        ]
        assert [lines[0].partition(":")[0] for lines in told[1:]] == ["Tlghat", "Rej3at l lprogramme", "Tlghat"]


async def test_a_process_with_an_old_programme_tells_nobody_that_all_is_back(
    talk: Talk, expo_house: House, texts: Texts
) -> None:
    async with talk(at=MORNING, in_house=expo_house) as person:
        await person.sends(choice=f"ag:+:{TRAM}")
        old = rounds(person, expo_house, texts)
        assert await old.run_once() == 0
        assert await rounds(person, with_programme(expo_house, room="C"), texts).run_once() == 1
        assert await old.run_once() == 0


async def test_a_programme_that_changes_while_it_runs_is_told(talk: Talk, expo_house: House, texts: Texts) -> None:
    async with talk(at=MORNING, in_house=expo_house) as person:
        await person.sends(choice=f"ag:+:{TRAM}")
        houses = [expo_house]
        process = Chores(person.database, lambda: houses[-1], texts, clock=lambda: person.at)
        assert await process.run_once() == 0
        houses.append(with_programme(expo_house, room="C"))
        assert [await process.run_once() for _ in range(2)] == [1, 0]


async def test_nobody_is_told_of_what_is_over_or_wants_no_messages(talk: Talk, expo_house: House, texts: Texts) -> None:
    async with talk(at=MORNING, in_house=expo_house) as person:
        await person.sends(choice=f"ag:+:{TRAM}")
        await rounds(person, expo_house, texts).run_once()
        person.at = MORNING + timedelta(days=2)
        assert await rounds(person, with_programme(expo_house, room="C"), texts).run_once() == 0
        await person.sends(choice="push:off")
        person.at = MORNING
        assert await rounds(person, with_programme(expo_house, room="B"), texts).run_once() == 0
        async with person.database.transaction() as session:
            snapshot = await session.get(SnapshotRow, "demo")
            assert snapshot
            assert snapshot.sessions[TRAM]["room"] == "B"


async def test_the_audience_of_changes_is_known_before_they_are_told(talk: Talk, expo_house: House) -> None:
    async with talk(at=MORNING, in_house=expo_house) as person:
        await person.sends(choice=f"ag:+:{TRAM}")
        await person.sends(choice=f"ag:+:{WATER}")
        before, after = edition_of(expo_house), edition_of(with_programme(expo_house, gone=True))
        changes = changes_between(spots_of(before), spots_of(after))
        async with person.database.transaction() as session:
            assert await news.audience(session, after, changes, MORNING) == news.Audience(1, 1, {TRAM: 1})


# feedback


async def test_after_a_session_one_tap_and_a_sentence_are_enough(talk: Talk, expo_house: House, texts: Texts) -> None:
    async with talk(at=MORNING, in_house=expo_house) as person:
        await person.says("hello, I speak English")
        await person.sends(choice=f"ag:+:{TRAM}")
        await person.sends(choice="ag:stop")
        counts = []
        for minutes in (136, 138, 140):
            person.at = MORNING + timedelta(minutes=minutes)
            counts.append(await rounds(person, expo_house, texts).run_once())
        assert counts == [0, 1, 0]
        (row,) = await pushed(person)
        payloads = payloads_of(row.parts)
        star = (await stars(person))[0].id
        assert payloads == [f"fb:{star}:{rating}" for rating in (4, 3, 2, 1, 0)] + ["fb:stop"]
        thanks = await person.sends(choice=f"fb:{star}:3")
        assert "noted: Good" in text_of(thanks)
        assert payloads_of(thanks) == [f"fb:{star}:w"]
        await person.sends(choice=f"fb:{star}:w")
        assert "kept for the organisers" in text_of(await person.says("where is room B? nobody knew, but great talk"))
        async with person.database.transaction() as session:
            (given,) = (await session.scalars(select(FeedbackRow))).all()
        assert (given.session_id, given.rating) == (TRAM, 3)
        assert given.words == "where is room B? nobody knew, but great talk"
        await person.says("delete my data")
        await person.sends(choice="forget:yes")
        async with person.database.transaction() as session:
            (left,) = (await session.scalars(select(FeedbackRow))).all()
        assert (left.rating, left.words, left.conversation_id) == (3, None, None)


async def test_an_emergency_is_no_sentence_for_the_organisers(talk: Talk, expo_house: House, texts: Texts) -> None:
    async with talk(at=MORNING, in_house=expo_house) as person:
        await person.sends(choice=f"ag:+:{TRAM}")
        star = (await stars(person))[0].id
        await person.sends(choice=f"fb:{star}:4")
        await person.sends(choice=f"fb:{star}:w")
        assert "15" in text_of(await person.says("au secours il y a le feu, un homme est tombé"))
        async with person.database.transaction() as session:
            assert [row.words for row in (await session.scalars(select(FeedbackRow))).all()] == [None]


async def test_who_wants_no_questions_gets_none_and_nobody_gets_two_at_once(
    talk: Talk, expo_house: House, texts: Texts
) -> None:
    async with talk(at=MORNING, in_house=expo_house) as person:
        for session_id in (TRAM, "d1-open-data-africa"):
            await person.sends(choice=f"ag:+:{session_id}")
        await person.sends(choice="ag:stop")
        person.at = MORNING + timedelta(minutes=140)
        assert await rounds(person, expo_house, texts).run_once() == 1
        person.at += timedelta(minutes=5)
        assert await rounds(person, expo_house, texts).run_once() == 0
        await person.sends(choice="fb:stop")
        person.at += timedelta(minutes=10)
        assert await rounds(person, expo_house, texts).run_once() == 0


async def test_another_persons_star_cannot_be_rated(talk: Talk, expo_house: House) -> None:
    async with talk(at=MORNING, in_house=expo_house) as person:
        await person.sends(choice=f"ag:+:{TRAM}")
        star = (await stars(person))[0].id
    async with talk(at=MORNING, in_house=expo_house, name="other") as other:
        await other.sends(choice=f"fb:{star}:4")
        async with other.database.transaction() as session:
            assert (await session.scalars(select(FeedbackRow))).all() == []


# the demonstration


async def test_in_the_demonstration_reminders_and_questions_come_by_its_own_clock(talk: Talk, house: House) -> None:
    async with talk(in_house=house) as person:
        await person.sends(text="salut", demo_at=MORNING)
        await person.sends(choice=f"ag:+:{TRAM}", demo_at=MORNING)
        assert await pushed(person) == []
        for minutes in (80, 81, 140, 141):
            await person.sends(text="mon agenda", demo_at=MORNING + timedelta(minutes=minutes))
        reminder, question = [text_of(row.parts) for row in await pushed(person)]
        assert reminder.startswith("Dans 10 minutes : « Tram et bus")
        assert question.startswith("« Tram et bus : réussir la correspondance » vient de finir.")


# what is kept


async def test_a_purge_takes_old_agendas_and_the_words_of_old_opinions(talk: Talk, expo_house: House) -> None:
    async with talk(at=MORNING, in_house=expo_house) as person:
        await person.sends(choice=f"ag:+:{TRAM}")
        star = (await stars(person))[0].id
        await person.sends(choice=f"fb:{star}:4")
        for days, left in ((-1, 1), (1, 0)):
            limit = MORNING + timedelta(days=days)
            async with person.database.transaction() as session:
                await privacy.purge(session, (), messages_before=limit, forgotten_before=limit)
            assert len(await stars(person)) == left
        async with person.database.transaction() as session:
            (given,) = (await session.scalars(select(FeedbackRow))).all()
            assert (given.rating, given.conversation_id) == (4, None)
            assert (await session.scalars(select(ConversationRow))).all() == []


@pytest.mark.parametrize("chore", ["remind", "ask"])
def test_they_are_chores(chore: str) -> None:
    assert chore in {known.__name__ for known in CHORES}
    assert news.tell_of_changes in ON_NEW_PROGRAMME
