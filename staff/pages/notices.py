"""Notices: switched on for some topics and arrondissements, ending by themselves or at a click."""

from datetime import datetime

from starlette.responses import Response

from actions.knowledge import Knowledge
from actions.places import name_of
from nlu.times import CASABLANCA
from nlu.understanding import Language
from staff.visit import NotHere, Visit
from store import notices as notices_store
from store.tables import NoticeRow

LONGEST = 300


async def index(visit: Visit) -> Response:
    return await _page(visit)


async def add(visit: Visit) -> Response:
    texts = {language.value: text for language in Language if (text := visit.field(f"text.{language}", longest=None))}
    if problem := visit.too_long(LONGEST, *texts.values()):
        return await _page(visit, problem=problem, status=400)
    missing = {"fr", "ary", "ary-Latn"} - set(texts)
    until = _moment(visit.field("until"))
    if missing or until is None or until <= visit.now:
        problem = visit.say(
            "Écrivez l’avis en français et dans les deux écritures de darija, et donnez une fin à venir."
        )
        return await _page(visit, problem=problem, status=400)
    house = visit.desk.live.house
    known = {place.id for place in house.city.arrondissements}
    notice = NoticeRow(
        texts=texts,
        intents=[intent for intent in visit.fields("intent") if intent in house.knowledge.intents],
        arrondissements=[id_ for id_ in visit.fields("arrondissement") if id_ in known],
        since=visit.now,
        until=until,
        author=visit.account.name,
    )
    visit.db.add(notice)
    return visit.go("/staff/notices", visit.say("L’avis est affiché."))


async def end(visit: Visit) -> Response:
    notice = await visit.db.get(NoticeRow, visit.number("id"))
    if notice is None:
        raise NotHere
    notice.until = min(notice.until, visit.now)
    return visit.go("/staff/notices", visit.say("L’avis n’est plus affiché."))


async def _page(visit: Visit, *, problem: str | None = None, status: int = 200) -> Response:
    house = visit.desk.live.house
    language = visit.reads
    names = {place.id: name_of(place, language) for place in house.city.arrondissements}
    return visit.page(
        "notices.html",
        status=status,
        problem=problem,
        active=await notices_store.active(visit.db, visit.now),
        ended=await notices_store.ended(visit.db, visit.now),
        names=names,
        topics=sorted(
            ((intent, house.knowledge.label(intent, language)) for intent in _topics(house.knowledge)),
            key=lambda topic: topic[1],
        ),
        label=lambda intent: house.knowledge.label(intent, language) if intent in house.knowledge.intents else intent,
        tags=[tag.value for tag in Language],
        longest=LONGEST,
        typed=lambda name: visit.field(name, longest=None),
        ticked=visit.fields,
    )


def _topics(knowledge: Knowledge) -> list[str]:
    """What a notice can stand before: answers, reports and the like, no "yes" or "hello"."""
    return [intent for intent in knowledge.intents if intent in knowledge.answers or "/" in intent]


def _moment(text: str) -> datetime | None:
    """A time as the browser writes it, in Casablanca."""
    try:
        return datetime.fromisoformat(text).replace(tzinfo=CASABLANCA)
    except ValueError:
        return None
