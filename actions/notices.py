"""Notices of the city, said before the answers that they concern."""

from collections.abc import Collection, Iterable

from actions.reply import Reply, Words
from actions.turn import Turn
from nlu.understanding import Language
from store import notices as notices_store
from store.tables import NoticeRow


async def with_notices(turn: Turn, intent: str, reply: Reply) -> Reply:
    """The reply, after the notices that concern its topic and the arrondissement that is spoken of."""
    concerned = concerning(await notices_store.active(turn.session, turn.now), intent, _arrondissement(turn))
    texts = [Words(notice.texts.get(turn.language) or notice.texts[Language.FRENCH]) for notice in concerned]
    return Reply((*texts, *reply.parts), reply.choices, reply.shows) if texts else reply


def concerning(notices: Iterable[NoticeRow], intent: str, arrondissement: str | None) -> list[NoticeRow]:
    """Notices for this topic and place. Where nobody knows the place, a notice for some arrondissements is shown too: it names them."""
    return [
        notice
        for notice in notices
        if _fits(intent, notice.intents) and (arrondissement is None or _fits(arrondissement, notice.arrondissements))
    ]


def _fits(value: str, wanted: Collection[str]) -> bool:
    return not wanted or value in wanted


def _arrondissement(turn: Turn) -> str | None:
    if turn.state.form and turn.state.form.arrondissement not in (None, "unknown"):
        return turn.state.form.arrondissement
    if turn.state.location:
        found = turn.house.city.arrondissement_at(*turn.state.location)
        return found.id if found else None
    return None
