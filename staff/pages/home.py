"""The first page: what waits for this person."""

from starlette.responses import Response

from actions.requests.life import OPEN
from staff.faq_state import FaqState, listed
from staff.pages import queue
from staff.roles import AGENTS, EDITORS
from staff.visit import Visit
from store import faq as faq_store
from store import handover as handover_store
from store import requests as requests_store
from store import review


async def show(visit: Visit) -> Response:
    tiles: list[tuple[str, int, str]] = []
    if visit.role in AGENTS:
        states = [state.value for state in OPEN]
        overdue = await requests_store.count_by_arrondissement(visit.db, states=states, due_before=visit.now)
        open_ones = await requests_store.count_by_arrondissement(visit.db, states=states)
        tiles += [
            ("/staff/conversations", await handover_store.place_in_queue(visit.db), visit.say("personnes attendent")),
            ("/staff/requests?due=overdue", sum(overdue.values()), visit.say("demandes en retard")),
            ("/staff/requests", sum(open_ones.values()), visit.say("demandes ouvertes")),
        ]
    if visit.role in EDITORS:
        drafts, pulled = await faq_store.drafts(visit.db), await faq_store.pulled(visit.db)
        lines = listed(visit.desk.live, drafts, pulled, today=visit.local(visit.now).date(), language=visit.reads)
        failed = await review.count_not_understood(
            visit.db, since=visit.now - queue.SINCE, abandoned_before=visit.now - queue.ABANDONED
        )
        worrying = sum(line.state in (FaqState.SOON, FaqState.EXPIRED, FaqState.PULLED) for line in lines)
        tiles += [
            ("/staff/queue", failed, visit.say("messages pas compris")),
            ("/staff/faq", worrying, visit.say("réponses à revérifier")),
            ("/staff/faq?state=draft", len(drafts), visit.say("brouillons")),
        ]
    return visit.page("home.html", tiles=tiles)
