"""Messages to many on their way to the outbox: at their pace, once a person, through a restart, and not after a stop."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from actions.broadcasts import AUDIENCES, LONGEST, Way, dry_run, reply_in
from actions.live import LiveHouse
from actions.texts import Texts
from actions.turn import House
from bot.broadcasting import Broadcasting
from bot.channels.whatsapp.rendering import Renderer
from bot.channels.whatsapp.templates import Sids, name_of
from bot.reach import Reach
from bot.settings import PROJECT
from nlu.understanding import Language
from store import agenda, broadcasts, privacy
from store import whatsapp as whatsapp_store
from store.conversations import conversation_of
from store.database import Database
from store.requests import add_follower
from store.tables import BroadcastRow, ConversationRow, OutboxRow, ServiceRequestRow, WhatsAppContactRow

NOW = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)
TEXTS = {
    "fr": "L'eau revient à 18 h.",
    "ary": "الما راجع ف 18:00.",
    "ary-Latn": "Lma raje3 f 18:00.",
    "en": "Water is back.",
}


async def follower(
    database: Database, address: str, state: Mapping[str, Any], *, channel: str = "telegram", place: str = "anfa"
) -> int:
    """Somebody who follows a request in an arrondissement."""
    async with database.transaction() as session:
        person = await conversation_of(session, channel, address, now=NOW)
        person.state = dict(state)
        query = select(ServiceRequestRow).filter_by(arrondissement=place)
        request = (await session.scalars(query)).first()
        if request is None:
            request = ServiceRequestRow(
                number=f"{len(place):03}-001"[:7],
                category="report/road",
                description="trou",
                place_text="rue",
                arrondissement=place,
                language="fr",
                status_since=NOW,
                created_at=NOW,
                updated_at=NOW,
            )
            session.add(request)
            await session.flush()
        await add_follower(session, request.id, person.id, since=NOW)
        return person.id


async def approved(database: Database, people: list[int]) -> int:
    """A message that a second person let begin."""
    async with database.transaction() as session:
        row = BroadcastRow(
            audience="arrondissement", target="anfa", texts=TEXTS, author="samira", written_at=NOW, counts={}
        )
        session.add(row)
        await session.flush()
        begun = await broadcasts.approve(session, row.id, revision=1, approver="youssef", recipients=people, now=NOW)
        assert begun
        return row.id


def sending(database: Database, house: House, texts: Texts, *, per_second: float = 5) -> Broadcasting:
    live = LiveHouse(house, PROJECT, Path("none"))
    return Broadcasting(database, live, texts, Reach(lambda: NOW), per_second=per_second, clock=lambda: NOW)


async def told(database: Database) -> list[tuple[int, str, str]]:
    """Person, state and language of everything in the outbox."""
    async with database.transaction() as session:
        rows = (await session.scalars(select(OutboxRow).order_by(OutboxRow.id))).all()
        return [(row.conversation_id, row.state, row.parts[0]["language"]) for row in rows]


async def counts(database: Database, id_: int) -> dict[str, int]:
    async with database.transaction() as session:
        return await broadcasts.counts(session, id_)


async def test_each_gets_it_once_in_their_language_at_the_pace_also_after_a_restart(
    database: Database, house: House, texts: Texts
) -> None:
    tags = ["fr", "ary", "ary-Latn", "en", "fr"]
    people = [await follower(database, str(n), {"language": tag}) for n, tag in enumerate(tags)]
    id_ = await approved(database, people)
    before = sending(database, house, texts, per_second=2)
    first = await before.run_once()
    after = sending(database, house, texts, per_second=2)
    rest = [await after.run_once() for _ in range(4)]
    assert (first, rest) == (2, [2, 1, 0, 0])
    assert await told(database) == [(person, "new", tag) for person, tag in zip(people, tags, strict=True)]
    async with database.transaction() as session:
        row = await session.get_one(BroadcastRow, id_)
        assert (row.state, row.counts) == ("done", {"put": 5})


async def test_nothing_is_put_behind_what_the_service_does_not_take(
    database: Database, house: House, texts: Texts
) -> None:
    """Nobody sends here: three rounds lie unsent, the rest waits where it can be stopped."""
    people = [await follower(database, str(n), {}) for n in range(20)]
    id_ = await approved(database, people)
    paced = sending(database, house, texts, per_second=2)
    rounds = [await paced.run_once() for _ in range(8)]
    assert (sum(rounds), (await counts(database, id_))["waiting"]) == (8, 12)


async def test_a_stop_takes_back_what_was_not_sent_and_nothing_follows(
    database: Database, house: House, texts: Texts
) -> None:
    people = [await follower(database, str(n), {}) for n in range(6)]
    id_ = await approved(database, people)
    paced = sending(database, house, texts, per_second=2)
    await paced.run_once()
    async with database.transaction() as session:
        sent = (await session.scalars(select(OutboxRow).order_by(OutboxRow.id))).first()
        assert sent
        sent.state = "sent"
    async with database.transaction() as session:
        assert await broadcasts.end(session, id_, "stopped", by="samira", now=NOW)
        await broadcasts.take_back(session, id_)
    assert [await paced.run_once() for _ in range(3)] == [0, 0, 0]
    assert [state for _, state, _ in await told(database)] == ["sent", "dropped"]
    assert await counts(database, id_) == {"put": 1, "waiting": 5}


async def test_a_send_that_failed_while_it_was_stopped_is_not_tried_again(
    database: Database, house: House, texts: Texts
) -> None:
    id_ = await approved(database, [await follower(database, "1", {})])
    paced = sending(database, house, texts)
    await paced.run_once()
    async with database.transaction() as session:
        await session.execute(BroadcastRow.__table__.update().values(state="stopped", ended_at=NOW))
    await paced.run_once()
    assert [state for _, state, _ in await told(database)] == ["dropped"]
    assert await counts(database, id_) == {"waiting": 1}


async def test_who_wrote_stop_or_asked_to_be_forgotten_meanwhile_gets_nothing(
    database: Database, house: House, texts: Texts
) -> None:
    stopped, forgotten, kept = [await follower(database, name, {}) for name in ("a", "b", "c")]
    id_ = await approved(database, [stopped, forgotten, kept])
    async with database.transaction() as session:
        person = await session.get_one(ConversationRow, stopped)
        person.state = {"no_pushes": True}
        await privacy.forget_person(session, forgotten)
    await sending(database, house, texts).run_once()
    assert [person for person, _, _ in await told(database)] == [kept]
    assert await counts(database, id_) == {"put": 1, "opted_out": 1}


async def test_only_one_of_two_people_lets_it_begin_and_never_the_author(database: Database) -> None:
    person = await follower(database, "1", {})
    async with database.transaction() as session:
        row = BroadcastRow(
            audience="arrondissement", target="anfa", texts=TEXTS, author="samira", written_at=NOW, counts={}
        )
        session.add(row)
        await session.flush()
        asked = {"recipients": [person], "now": NOW}
        own = await broadcasts.approve(session, row.id, revision=1, approver="samira", **asked)  # type: ignore[arg-type]
        old = await broadcasts.approve(session, row.id, revision=0, approver="youssef", **asked)  # type: ignore[arg-type]
        first = await broadcasts.approve(session, row.id, revision=1, approver="youssef", **asked)  # type: ignore[arg-type]
        second = await broadcasts.approve(session, row.id, revision=1, approver="amina", **asked)  # type: ignore[arg-type]
    assert (own, old, first, second) == (False, False, True, False)


async def test_followers_are_people_with_a_request_there_each_once(database: Database, house: House) -> None:
    here = await follower(database, "here", {"language": "ary"})
    also = await follower(database, "also", {}, channel="phone")
    await follower(database, "elsewhere", {}, place="maarif")
    async with database.transaction() as session:
        found = await AUDIENCES["arrondissement"].followers(session, house, "anfa", channels=None)
        tried = await AUDIENCES["arrondissement"].followers(session, house, "anfa", channels=("phone",))
    assert [person.conversation_id for person in found] == [here, also]
    assert [person.conversation_id for person in tried] == [also]


async def test_followers_of_a_session_have_it_in_their_agenda(database: Database, expo_house: House) -> None:
    sessions = AUDIENCES["session"].choices(expo_house, Language.FRENCH)
    edition, _, first = sessions[0][0].partition("/")
    second = sessions[1][0].partition("/")[2]
    starred = await follower(database, "starred", {"language": "en"})
    other = await follower(database, "other", {})
    async with database.transaction() as session:
        for person, id_ in ((starred, first), (starred, second), (other, second)):
            await agenda.star(session, person, edition, id_, ends_at=NOW, remind_minutes=None, now=NOW)
        found = await AUDIENCES["session"].followers(session, expo_house, f"{edition}/{first}", channels=None)
    assert [person.conversation_id for person in found] == [starred]


def test_who_gets_a_message_about_a_session_reads_its_title_and_nothing_of_one_that_is_gone(
    expo_house: House, house: House, texts: Texts
) -> None:
    target = AUDIENCES["session"].choices(expo_house, Language.FRENCH)[0][0]
    row = BroadcastRow(audience="session", target=target, texts=TEXTS)
    edition = expo_house.expo.edition
    assert edition
    title = next(s for s in edition.sessions if target.endswith(s.id)).title.text(Language.FRENCH)
    (known,) = texts.render(reply_in(expo_house, row, Language.FRENCH), Language.FRENCH)
    (gone,) = texts.render(reply_in(house, row, Language.FRENCH), Language.FRENCH)
    assert f"parce que « {title[:40]}" in known["text"]
    assert "parce que vous suivez ce sujet" in gone["text"]


@pytest.mark.parametrize(
    ("hours", "approved_template", "state", "way"),
    [
        (1, False, {}, Way.MESSAGE),
        (25, False, {}, Way.CLOSED),
        (25, True, {}, Way.TEMPLATE),
        (25, True, {"language": "ary"}, Way.CLOSED),
        (None, False, {}, Way.CLOSED),
        (1, True, {"no_pushes": True}, Way.OPTED_OUT),
    ],
    ids=["in the session", "after it", "after it, template", "template of another language", "never wrote", "STOP"],
)
async def test_whatsapp_takes_free_words_within_the_session_and_templates_after_it(
    database: Database, hours: int | None, approved_template: bool, state: dict[str, Any], way: Way
) -> None:
    person = await follower(database, "212600000000", state, channel="whatsapp")
    async with database.transaction() as session:
        wrote = NOW - timedelta(hours=hours) if hours else None
        session.add(WhatsAppContactRow(conversation_id=person, reply_to="whatsapp:+2126", last_inbound_at=wrote))
        if approved_template:
            known = {name_of("broadcast", Language.FRENCH): whatsapp_store.KnownTemplate("HX1", "approved")}
            await whatsapp_store.keep_templates(session, known, now=NOW)
    async with database.transaction() as session:
        found = await broadcasts.followers_of_arrondissement(session, "anfa")
        assert await Reach(lambda: NOW)(session, found) == [way]


async def test_a_dry_run_counts_who_is_reached_how_and_how_long_it_takes(database: Database) -> None:
    for name, state in (("1", {"language": "ary"}), ("2", {}), ("3", {"no_pushes": True})):
        await follower(database, name, state)
    async with database.transaction() as session:
        found = await broadcasts.followers_of_arrondissement(session, "anfa")
        ways = await Reach(lambda: NOW)(session, found)
    counted = dry_run(found, ways, per_second=0.5)
    assert (counted.recipients, counted.messages, counted.seconds) == (3, 2, 4)
    assert counted.by_way == {Way.MESSAGE: 2, Way.OPTED_OUT: 1}
    assert (counted.by_language, counted.by_channel) == ({Language.DARIJA: 1, Language.FRENCH: 1}, {"telegram": 2})


@pytest.mark.parametrize("language", Language)
def test_the_longest_message_is_one_message_and_fits_a_template(house: House, texts: Texts, language: Language) -> None:
    longest = max(house.city.arrondissements, key=lambda place: len(place.name_fr) + len(place.name_ar)).id
    row = BroadcastRow(audience="arrondissement", target=longest, texts={language.value: "7 h " * (LONGEST // 4)})
    parts = texts.render(reply_in(house, row, language), language)
    renderer = Renderer(texts, Sids({name_of("broadcast", language): "HX1"}))
    messages = renderer.render(parts, language, "broadcast:1")
    assert [message.get("template_sid") for message in messages] == ["HX1"]
