"""The audit log, for supervisors to read and for nobody to change."""

from starlette.responses import Response

from staff.visit import Visit, whole_number
from store import staff as staff_store


async def show(visit: Visit) -> Response:
    entries = await staff_store.audit(visit.db, before=whole_number(visit.query("before")))
    accounts = await staff_store.accounts(visit.db)
    return visit.page("journal.html", entries=entries, accounts=accounts, did=lambda action: _did(visit, action))


def _did(visit: Visit, action: str) -> str:
    """What somebody did, in words; the bare name for what older versions wrote."""
    code = f"did.{action}"
    return visit.say(code) if visit.desk.words.knows(code, visit.language) else action
