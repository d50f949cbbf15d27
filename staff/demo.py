"""The demonstration desk: while the city has no account of its own, one account and some invented cases to try it on."""

import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from actions.live import LiveHouse
from actions.requests.changes import Draft, file_request
from actions.requests.life import RequestState
from nlu.plain_yaml import load_yaml
from nlu.understanding import Language
from staff import accounts
from staff.roles import Role
from store import demo as demo_store
from store import handover as handover_store
from store import inbox, turns
from store import staff as staff_store
from store.conversations import conversation_of
from store.tables import BroadcastRow, ConversationRow, RequestFollowerRow, TurnRow

NAME = "demo"
LINK_LASTS = timedelta(hours=12)
CASES = "data/staff/demo.yml"


async def prepare(session: AsyncSession, live: LiveHouse, *, connected: bool, now: datetime) -> str | None:
    """Makes what is missing of the demonstration; the token of a one-time link to it.

    Whoever has the link is a supervisor, so there is none, and nothing is left of it, where citizens or the city's
    systems are `connected` or citizens ever wrote, and where there are real accounts.
    """
    if connected or await demo_store.citizens_wrote(session) or await staff_store.real_account_exists(session):
        await demo_store.remove(session)
        return None
    account = await staff_store.account_named(session, NAME)
    if account is None:
        account = await accounts.add(
            session,
            NAME,
            full_name="Samira (démo)",
            role=Role.SUPERVISOR,
            password=secrets.token_urlsafe(24),
            demo=True,
            now=now,
        )
        await _invent(session, live, now=now)
    return accounts.new_link(session, account, lasts=LINK_LASTS, now=now)


async def _invent(session: AsyncSession, live: LiveHouse, *, now: datetime) -> None:
    """The cases of `data/staff/demo.yml`, on a channel of their own."""
    cases = load_yaml((live.root / CASES).read_text(encoding="utf-8"))
    conversations = [await _conversation(session, case, now=now) for case in cases["conversations"]]
    known = {row.address: row for row in conversations}
    for case in cases["requests"]:
        await _request(session, live, case, known, now=now)
    session.add_all(_broadcast(case, now=now) for case in cases["broadcasts"])
    for case in cases["turns"]:
        turns.add(session, _turn(case, conversations[-1].id, now=now))


async def _conversation(session: AsyncSession, case: dict[str, Any], *, now: datetime) -> ConversationRow:
    conversation = await conversation_of(session, demo_store.CHANNEL, case["name"], now=now)
    conversation.state = {"language": case["language"]}
    minutes = int(case.get("waiting_minutes", 0))
    for number, said in enumerate(case["said"]):
        moment = now - timedelta(minutes=minutes + len(case["said"]) - number)
        await inbox.accept(
            session, demo_store.CHANNEL, case["name"], f"{case['name']}:{number}", {"text": said["person"]}, now=moment
        )
    await demo_store.mark_read(session)
    if minutes:
        handover_store.ask(session, conversation.id, now=now - timedelta(minutes=minutes))
    return conversation


async def _request(
    session: AsyncSession, live: LiveHouse, case: dict[str, Any], known: Mapping[str, ConversationRow], *, now: datetime
) -> None:
    """A request of the first person, followed by others."""
    then = now - timedelta(days=int(case["days_ago"]))
    draft = Draft(
        category=case["category"],
        description=case["text"],
        language=Language.FRENCH,
        conversation_id=next(iter(known.values())).id,
        place_text=case["place"],
        arrondissement=case["arrondissement"],
        lat=case.get("lat"),
        lon=case.get("lon"),
    )
    row = await file_request(session, live.house.desk, draft, now=then)
    row.status = RequestState(case["state"]).value
    for name in case.get("followed_by", ()):
        session.add(RequestFollowerRow(request_id=row.id, conversation_id=known[name].id, since=then))


def _turn(case: dict[str, Any], conversation_id: int, *, now: datetime) -> TurnRow:
    return TurnRow(
        at=now - timedelta(days=int(case["days_ago"]), hours=2),
        conversation_id=conversation_id,
        channel=demo_store.CHANNEL,
        language=case["language"],
        text=case["text"],
        intent=case["intent"],
        confidence=0.5,
        ranking=[[case["intent"], 0.5]],
        outcome=case["outcome"],
        complained=bool(case.get("complained")),
    )


def _broadcast(case: dict[str, Any], *, now: datetime) -> BroadcastRow:
    """A message that a colleague wrote, to be approved by whoever tries the desk."""
    return BroadcastRow(
        audience=case["audience"],
        target=case["target"],
        texts=case["texts"],
        state="proposed",
        revision=1,
        demo=True,
        author=case["author"],
        written_at=now - timedelta(minutes=int(case["minutes_ago"])),
        counts={},
    )
