"""Handing a conversation to a person: the assistant answers what it is sure of until one comes, then is silent but for emergencies, one agent has it, and it comes back."""

import asyncio
import re
import time
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from actions import handover
from actions.desk_hours import DeskHours
from nlu.times import CASABLANCA
from staff.roles import AGENTS, Role
from store import handover as handover_store
from store import inbox
from store.conversations import conversation_of as conversation_of_channel
from store.conversations import known_conversation
from store.inbox import next_cursor
from store.tables import InboxRow
from tests.bot.pictures import voice_note
from tests.staff.conftest import Office
from tests.staff.phone import PHONE, heard, page_after, says, says_with_voice, sends

ASKS = "je veux parler à une personne"


async def conversation_of(office: Office) -> int:
    async with office.database.transaction() as session:
        row = await known_conversation(session, "phone", PHONE)
        assert row
        return row.id


def test_the_roles_that_answer_are_those_of_the_table() -> None:
    assert set(handover.ANSWERING_ROLES) == {role.value for role in AGENTS}


async def test_without_anybody_at_the_desk_the_official_channel_is_named(office: Office) -> None:
    assert "37 37" in await says(office, ASKS)


async def test_a_voice_note_can_be_listened_to_by_whoever_may_read_the_conversation(office: Office) -> None:
    agent, supervisor = await office.enter(Role.AGENT), await office.enter(Role.SUPERVISOR)
    await says_with_voice(office)
    number = await conversation_of(office)
    page = await supervisor.get(f"/staff/conversations/{number}")
    link = re.search(r'<audio [^>]*src="([^"]+)"', page.text)
    assert link is not None
    assert (await supervisor.get(link[1])).content == voice_note()
    assert (await agent.get(link[1])).status_code == 404  # Nobody has asked for a person here.
    assert (await supervisor.get(link[1].replace("/voices/", "/voices/0"))).status_code == 404
    assert (await supervisor.get(link[1].replace(f"/{number}/", "/999/"))).status_code == 404
    await says(office, ASKS)
    assert (await agent.get(link[1])).content == voice_note()


async def test_a_person_answers_and_gives_back(office: Office) -> None:
    agent = await office.enter(Role.AGENT)
    asked = await says(office, ASKS)
    await sends(office, "les parcs de Casablanca")
    number = await conversation_of(office)
    listed = await agent.get("/staff/conversations")
    page = await agent.get(f"/staff/conversations/{number}")
    await agent.post(f"/staff/conversations/{number}/take")
    taken = await agent.get(f"/staff/conversations/{number}")
    used = await agent.get(f"/staff/conversations/{number}", use="faq/parks")
    await agent.post(f"/staff/conversations/{number}/answer", {"text": "Bonjour, c'est Agent."})
    answered = await heard(office)
    await agent.post(f"/staff/conversations/{number}/back")
    back = await says(office, "les parcs de Casablanca")
    assert "Vous êtes en position 1." in asked
    assert ("attend depuis 0 min" in listed.text, "les parcs de Casablanca" in page.text) == (True, True)
    assert answered[-2:] == ["Agent, de la ville, vous répond maintenant.", "Bonjour, c'est Agent."]
    assert ("?use=faq/parks" in taken.text, "Parc de la Ligue Arabe" in used.text) == (True, True)
    assert "Parc de la Ligue Arabe" in back


async def test_an_answer_that_is_too_long_is_not_sent_and_stays_in_its_box(office: Office) -> None:
    agent = await office.enter(Role.AGENT)
    await says(office, ASKS)
    number = await conversation_of(office)
    await agent.get(f"/staff/conversations/{number}")
    await agent.post(f"/staff/conversations/{number}/take")
    before = await heard(office)
    long = "Voici la liste. " * 101
    refused = await agent.post(f"/staff/conversations/{number}/answer", {"text": long})
    assert (refused.status_code, "1615 caractères, 1600 au plus" in refused.text) == (400, True)
    assert (long.strip() in refused.text, await heard(office)) == (True, before)


async def test_who_asks_again_while_waiting_is_told_the_place_and_stays_in_it(office: Office) -> None:
    await office.enter(Role.AGENT)
    await says(office, ASKS, phone="b" * 32)
    await says(office, ASKS)
    again = await says(office, ASKS)
    async with office.database.transaction() as session:
        waiting = await handover_store.place_in_queue(session)
    assert ("Vous êtes en position 2." in again, waiting) == (True, 2)


async def test_the_usual_wait_of_the_last_days_is_told(office: Office) -> None:
    await office.enter(Role.AGENT)
    now = datetime.now(CASABLANCA)
    async with office.database.transaction() as session:
        for minutes in (2, 3, 4, 9, 40):
            person = await conversation_of_channel(session, "terminal", str(minutes), now=now)
            row = handover_store.ask(session, person.id, now=now - timedelta(hours=3))
            row.state, row.taken_at = "ended", row.asked_at + timedelta(minutes=minutes)
    assert "on attend environ 4 minutes." in await says(office, ASKS)


def test_a_wait_through_the_night_is_no_usual_wait_and_few_tell_nothing() -> None:
    hours = DeskHours.parse("mon-fri 08:30-16:30")
    noon = datetime(2026, 11, 27, 12, 0, tzinfo=CASABLANCA)
    night = (noon.replace(hour=20), noon.replace(hour=20) + timedelta(hours=60))
    quick = [(noon, noon + timedelta(seconds=20))] * 5
    assert [handover.usual_wait(waits, hours) for waits in (quick, [*quick[:4], night], [*quick, night, night])] == [
        1,
        None,
        1,
    ]


async def test_a_plain_question_is_answered_while_a_person_is_waited_for_and_the_place_is_kept(office: Office) -> None:
    await office.enter(Role.AGENT)
    await says(office, ASKS)
    answered = await says(office, "les parcs de Casablanca")
    await sends(office, "merci")
    heard_so_far = await heard(office)
    async with office.database.transaction() as session:
        waiting = await handover_store.place_in_queue(session)
    assert ("Parc de la Ligue Arabe" in answered, len(heard_so_far), waiting) == (True, 2, 1)


@pytest.mark.parametrize("said", ["laissez tomber", "safi blach", "بدلت رايي"])
async def test_who_gives_up_waiting_leaves_the_queue(office: Office, said: str) -> None:
    await office.enter(Role.AGENT)
    await says(office, ASKS)
    await says(office, said)
    async with office.database.transaction() as session:
        waiting = await handover_store.place_in_queue(session)
    answered = await says(office, "prix du tram")
    assert (waiting, "DH" in answered) == (0, True)


async def test_the_assistant_is_silent_beside_a_person_but_for_emergencies(office: Office) -> None:
    agent = await office.enter(Role.AGENT)
    await says(office, ASKS)
    await agent.get("/staff/conversations")
    await agent.post(f"/staff/conversations/{await conversation_of(office)}/take")
    before = await heard(office)
    await sends(office, "les parcs de Casablanca")
    silent = await heard(office)
    emergency = await says(office, "au secours il y a un incendie")
    assert (silent == before, "15" in emergency) == (True, True)


async def test_the_citizen_may_end_it(office: Office) -> None:
    await office.enter(Role.AGENT)
    await says(office, ASKS)
    back = await says(office, None, choice=handover.BACK)
    assert "je reprends" in back
    assert "Parc de la Ligue Arabe" in await says(office, "les parcs de Casablanca")


async def test_what_was_written_is_not_lost_when_the_citizen_ended_it_meanwhile(office: Office) -> None:
    agent = await office.enter(Role.AGENT)
    await says(office, ASKS)
    number = await conversation_of(office)
    await agent.get("/staff/conversations")
    await agent.post(f"/staff/conversations/{number}/take")
    await says(office, None, choice=handover.BACK)
    unsent = await agent.post(f"/staff/conversations/{number}/answer", {"text": "Une longue réponse."})
    assert (unsent.status_code, "Une longue réponse." in unsent.text) == (409, True)
    assert "Une longue réponse." not in await heard(office)


async def test_answers_are_suggested_from_the_last_messages_not_the_last_alone(office: Office) -> None:
    agent = await office.enter(Role.AGENT)
    await says(office, "les parcs de Casablanca")
    await says(office, ASKS)
    number = await conversation_of(office)
    await agent.get("/staff/conversations")
    page = await agent.post(f"/staff/conversations/{number}/take")
    assert "?use=faq/parks" in page.text


async def test_a_citizen_whom_the_person_forgot_finds_the_way_back(office: Office) -> None:
    agent = await office.enter(Role.AGENT)
    await says(office, ASKS)
    number = await conversation_of(office)
    await agent.get("/staff/conversations")
    await agent.post(f"/staff/conversations/{number}/take")
    await sends(office, "les parcs de Casablanca")
    silent = (await heard(office))[-1]
    offered = await says(office, "annuler")
    back = await says(office, None, choice=handover.BACK)
    assert silent == "Agent, de la ville, vous répond maintenant."
    assert ("revenir à l'assistant" in offered, "je reprends" in back) == (True, True)


async def test_a_page_that_shows_writing_is_told_when_nothing_is_written(office: Office) -> None:
    await office.enter(Role.AGENT)
    await says(office, ASKS)
    await sends(office, "merci")
    began = time.monotonic()
    page = await page_after(office, 10**17, wait=20, typing=1)
    assert (page["typing"], page["messages"], time.monotonic() - began < 5) == (False, [], True)


async def test_two_agents_never_get_the_same_conversation(office: Office) -> None:
    agent, supervisor = await office.enter(Role.AGENT), await office.enter(Role.SUPERVISOR)
    await says(office, ASKS)
    number = await conversation_of(office)
    await agent.get("/staff/conversations")
    await supervisor.get("/staff/conversations")
    pages = await asyncio.gather(*(b.post(f"/staff/conversations/{number}/take") for b in (agent, supervisor)))
    said = await heard(office)
    assert sorted("Un collègue a déjà pris" in page.text for page in pages) == [False, True]
    assert sum("vous répond maintenant" in text for text in said) == 1


async def test_a_supervisor_takes_a_conversation_that_nobody_asked_for(office: Office) -> None:
    agent, supervisor = await office.enter(Role.AGENT), await office.enter(Role.SUPERVISOR)
    await says(office, "bonjour")
    number = await conversation_of(office)
    hidden = await agent.get(f"/staff/conversations/{number}")
    await supervisor.get("/staff/conversations")
    await supervisor.post(f"/staff/conversations/{number}/take")
    assert hidden.status_code == 404
    assert (await heard(office))[-1] == "Supervisor, de la ville, vous répond maintenant."


async def test_outside_hours_the_citizen_is_told_when_people_are_back(office: Office) -> None:
    await office.enter(Role.AGENT)
    tomorrow = datetime.now(CASABLANCA) + timedelta(days=1)
    day = tomorrow.strftime("%a").lower()
    live = office.app.state.live
    live.house = replace(live.house, desk_hours=DeskHours.parse(f"{day} 08:30-16:30"))
    told = await says(office, ASKS)
    assert re.search(rf"reviennent le {tomorrow.day} \w+ {tomorrow.year} à 08:30\.", told)


def test_hours_are_read_and_the_next_opening_found() -> None:
    hours = DeskHours.parse("mon-fri 08:30-16:30; sat 9:00-12:00")
    friday_evening = datetime(2026, 11, 27, 18, 0, tzinfo=CASABLANCA)
    assert (hours.is_open(friday_evening), hours.is_open(friday_evening.replace(hour=9))) == (False, True)
    assert hours.next_opening(friday_evening) == datetime(2026, 11, 28, 9, 0, tzinfo=CASABLANCA)
    assert DeskHours.parse("").is_open(friday_evening)


@pytest.mark.parametrize("text", ["always", "mon 16:30-08:30", "fri-mon 08:00-12:00", "xyz 08:00-12:00"])
def test_hours_that_cannot_be_read_are_refused_with_the_remedy(text: str) -> None:
    with pytest.raises(ValueError, match="STAFF_HOURS"):
        DeskHours.parse(text)


@pytest.mark.parametrize(
    ("hours_ago", "shown"),
    [(2, "WhatsApp livre vos réponses jusqu’au"), (30, "ne livrera votre réponse que lorsque la personne écrira")],
)
async def test_until_when_whatsapp_delivers_is_shown(office: Office, hours_ago: int, shown: str) -> None:
    agent = await office.enter(Role.AGENT)
    written = datetime.now(CASABLANCA) - timedelta(hours=hours_ago)
    async with office.database.transaction() as session:
        await inbox.accept(session, "whatsapp", "whatsapp:+212600000001", "SM1", {"text": ASKS}, now=written)
        person = await conversation_of_channel(session, "whatsapp", "whatsapp:+212600000001", now=written)
        handover_store.ask(session, person.id, now=written)
    await agent.post(f"/staff/conversations/{person.id}/take")
    page = await agent.get(f"/staff/conversations/{person.id}")
    assert shown in page.text


async def test_of_a_long_conversation_the_end_is_shown_and_the_beginning_is_a_tap_away(office: Office) -> None:
    supervisor = await office.enter(Role.SUPERVISOR)
    await says(office, "salam")
    number = await conversation_of(office)
    async with office.database.transaction() as session:
        for count in range(250):
            row = InboxRow(
                channel="phone",
                message_id=f"many-{count}",
                conversation_id=number,
                payload={"text": f"message no {count:03}"},
                state="done",
                cursor=next_cursor(),
                received_at=datetime.now(CASABLANCA),
            )
            session.add(row)
    await says(office, "merci")
    page = (await supervisor.get(f"/staff/conversations/{number}")).text
    news = (await supervisor.get(f"/staff/conversations/{number}/messages")).text
    link = re.search(rf'href="/staff/conversations/{number}\?before=(\d+)"', page)
    assert link is not None
    earlier = (await supervisor.get(f"/staff/conversations/{number}", before=link[1])).text
    shown = [re.findall(r"message no (\d+)", text) for text in (earlier, page)]
    assert ["salam" in earlier, "merci" in page, "salam" in page, link[0] in news] == [True, True, False, True]
    assert [*shown[0], *shown[1]] == [f"{count:03}" for count in range(250)]
    assert ("?before=" in earlier, f'href="/staff/conversations/{number}"' in earlier) == (False, True)
