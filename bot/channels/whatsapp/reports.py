"""What Twilio reports about messages that were sent: in any order, repeatedly, sometimes before its own answer is stored."""

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime

import structlog

from bot.channels.whatsapp.api import CLOSED_SESSION, UNREACHABLE
from store import deliveries, outbox
from store import whatsapp as store
from store.database import Database

log = structlog.get_logger()

_STATES = {
    "accepted": "accepted",
    "scheduled": "accepted",
    "queued": "accepted",
    "sending": "accepted",
    "sent": "sent",
    "delivered": "delivered",
    "read": "read",
    "failed": "failed",
    "undelivered": "failed",
    "canceled": "failed",
}
_SECONDS_FOR_ANSWER = 5.0


class Reports:
    """Takes reports in; a message that came too late for the session goes on as a template, or waits."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def take(self, form: Mapping[str, str]) -> None:
        """One status callback. Reports that tell nothing new, or of a state that is not known, change nothing."""
        state = _STATES.get(form.get("MessageStatus", ""))
        if state is None:
            return
        sid, code = form["MessageSid"], form.get("ErrorCode", "")
        if state == "failed":
            await self._wait_for_answer(sid)
        async with self._database.transaction() as session:
            reason = f"twilio {code}" if code.isdecimal() else None
            reported = await deliveries.report(session, store.CHANNEL, sid, state, now=datetime.now(UTC), reason=reason)
            if reported is None or state != "failed":
                return
            log.warning("not delivered", reply=reported.outbox_id, reason=reason)
            if reported.outbox_id is None or reported.conversation_id is None or not code.isdecimal():
                return
            if int(code) == CLOSED_SESSION:
                contact = await store.contact_of(session, reported.address or "")
                if contact is not None:
                    contact.last_inbound_at = None
                await outbox.take_up(session, reported.outbox_id, reported.position)
            elif int(code) in UNREACHABLE:
                await outbox.put_aside(session, reported.conversation_id)

    async def _wait_for_answer(self, sid: str) -> None:
        """Gives the sender time to store which reply this message belongs to."""
        deadline = asyncio.get_running_loop().time() + _SECONDS_FOR_ANSWER
        while asyncio.get_running_loop().time() < deadline:
            async with self._database.transaction() as session:
                if await deliveries.is_known(session, store.CHANNEL, sid):
                    return
            await asyncio.sleep(0.1)
