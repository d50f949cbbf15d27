"""What became of a request: by its number, the list of one's own, withdrawing one."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from actions.dates import spoken_date
from actions.places import name_of
from actions.reply import Choice, Lines, Reply, Say, Words, say
from actions.requests import afterwards, news, questions
from actions.requests.changes import withdraw as withdraw_request
from actions.requests.life import OPEN, RequestState
from actions.requests.numbers import read_number
from actions.requests.solved import tells_it_is_fixed
from actions.turn import Turn, button, with_choices
from nlu.negation import denies
from nlu.skeleton import word_skeleton
from nlu.text import normalise, words
from nlu.understanding import Decision, Understanding
from store import requests as requests_store
from store.tables import RequestEventRow, ServiceRequestRow

PAYLOADS = frozenset({"s", "w", "wy", "fy", "fn", "ck"})
"""First parts of the payloads of buttons about one request."""
WHAT_TO_CANCEL = "what_to_cancel"
"""Awaited behind "there is nothing to cancel": "mon signalement" then says what."""
_TELLING = 3
_JUST_FILED = timedelta(minutes=10)


async def status(turn: Turn) -> Reply:
    """The state of the request whose number stands in the message, or of one's own ones."""
    typed = turn.entities_of("request_number")
    valid = [number for entity in typed if (number := read_number(str(entity.value)))]
    if valid:
        return await status_of(turn, valid[0])
    mistyped = [entity for entity in typed if "-" in entity.text]
    if mistyped:
        return say("request.number_mistyped", number=str(mistyped[0].value))
    rows = await requests_store.own_requests(turn.session, turn.conversation_id)
    meant = _meant(turn, rows)
    return (
        _told(turn, meant, await requests_store.events_of(turn.session, meant.id, public_only=True))
        if meant
        else await own_list(turn)
    )


def is_bare_number(turn: Turn) -> bool:
    """Whether the message is a request number and nothing else."""
    typed = turn.entities_of("request_number")
    alone = len(typed) == 1 and normalise(turn.text).strip(" .!?#") == typed[0].text
    return alone and ("-" in typed[0].text or bool(read_number(turn.text)))


def names_request(turn: Turn) -> bool:
    """Whether a number that can be right stands in the message: then it is about that request, whatever the words sound like."""
    return any(read_number(str(entity.value)) for entity in turn.entities_of("request_number"))


def asks_what_became(turn: Turn) -> bool:
    """ "chno w9e3 f zbel", "اش وقع فديك الحفرة": asked that way, a problem is one that was reported before."""
    asks = turn.house.report_words.what_became
    if not asks.begin(turn.text):
        return False
    return turn.house.parser.parse(asks.without(turn.text)).intent.startswith("report/")


async def status_of(turn: Turn, number: str) -> Reply:
    """The state of one request of this person; a number of somebody else's says no more than an unknown one."""
    row = await requests_store.own_request(turn.session, turn.conversation_id, number)
    if row is None:
        return say("request.not_found", number=number)
    return _told(turn, row, await requests_store.events_of(turn.session, row.id, public_only=True))


async def by_whom_and_when(turn: Turn) -> Reply | None:
    """The state of the request that was just filed, office and deadline with it, where "qui s'en occupe ?" or "ch7al ghadi
    yakhod?" follows; None where nothing was filed, or something else was spoken of since."""
    said = turn.house.report_words
    comes = said.comes.are_in(turn.text) and said.asks_when.are_in(turn.text)
    asked = comes or questions.asks_who(turn) or questions.asks_by_when(turn)
    if_not = questions.asks_if_nobody_comes(turn)
    if turn.state.form is not None or not (asked or if_not):
        return None
    row = await just_filed(turn)
    if row is None:
        return None
    return say("request.if_not_done") if if_not else await status_of(turn, row.number)


async def just_filed(turn: Turn) -> ServiceRequestRow | None:
    """The request that this person filed a moment ago; None where something else was spoken of since."""
    rows = await requests_store.own_requests(turn.session, turn.conversation_id, limit=1)
    if not rows or turn.now - rows[0].created_at > _JUST_FILED or spoken_since(turn, rows[0].created_at):
        return None
    return rows[0]


def spoken_since(turn: Turn, at: datetime) -> bool:
    """Whether an answer of the city, or the expo, has come between."""
    topic, expo_at = turn.state.topic, turn.state.expo_at
    return bool((topic and topic.at >= at) or (expo_at and expo_at >= at))


async def has_any(turn: Turn) -> bool:
    """Whether this person made or follows any request."""
    return bool(await requests_store.own_requests(turn.session, turn.conversation_id, limit=1))


def without_requests(understanding: Understanding) -> Understanding:
    """The meaning for somebody who has no request to ask about: "la 3ème fois que je signale …" then reports."""
    left = [ranked for ranked in understanding.ranking if not ranked.intent.startswith("request/")]
    of_requests = sum(ranked.confidence for ranked in understanding.ranking if ranked not in left)
    ranking = tuple(replace(ranked, confidence=ranked.confidence / max(1 - of_requests, 0.01)) for ranked in left)
    return replace(understanding, ranking=ranking)


async def nothing_done(turn: Turn) -> Reply | None:
    """ "7ta wa7ed ma ja", "je veux relancer", "mon problème n'est pas réglé": regret, and the state of what was reported; where nothing
    is open only the last is about a request for sure."""
    said, awaiting = turn.house.report_words, turn.state.awaiting or ""
    if turn.incoming.text is None:
        return None
    if awaiting.startswith("fixed:") and said.not_yet.are_in(turn.text) and denies(turn.text):
        return await afterwards.is_fixed(turn, awaiting.removeprefix("fixed:"), fixed=False)
    unsolved = said.unsolved.are_in(turn.text)
    if not unsolved and not said.nothing_done.are_in(turn.text):
        return None
    rows = await open_ones(turn)
    if not rows and unsolved and turn.state.form is None:
        return await own_list(turn)
    if not rows or _is_new_problem(turn, rows):
        return None
    turn.state.awaiting = None
    return say("request.sorry").then(await status(turn) if len(rows) > 1 else await status_of(turn, rows[0].number))


async def told_fixed(turn: Turn) -> Reply | None:
    """ "راه صلحوها", "c'est réparé, merci": whether to withdraw what they reported, thanks where they reported nothing."""
    if turn.incoming.text is None or turn.state.form is not None or not tells_it_is_fixed(turn):
        return None
    awaiting = turn.state.awaiting or ""
    if awaiting.startswith("fixed:"):
        return await afterwards.is_fixed(turn, awaiting.removeprefix("fixed:"), fixed=True)
    turn.state.awaiting = None
    return await withdraw(turn) if await open_ones(turn) else say("request.glad")


async def withdraws_rather(turn: Turn, intents: Sequence[str]) -> bool:
    """Whether "بغيت نحيد الشكاية ديال الكلب", which sounds like a report as well, is about one of theirs that is open."""
    if denies(turn.text) or turn.house.report_words.not_yet.are_in(turn.text):
        return False
    reported = {row.category for row in await open_ones(turn)}
    return "request/cancel" in intents and not reported.isdisjoint(intents)


async def open_ones(turn: Turn) -> list[ServiceRequestRow]:
    """This person's requests that are not closed yet, the newest first."""
    rows = await requests_store.own_requests(turn.session, turn.conversation_id)
    return [row for row in rows if row.status in OPEN]


def _is_new_problem(turn: Turn, rows: Sequence[ServiceRequestRow]) -> bool:
    """ "les poubelles débordent et personne n'est venu": what no request of theirs is about."""
    understanding = turn.understanding
    if understanding is None or not understanding.intent.startswith("report/"):
        return False
    unknown = understanding.intent not in {"report/other", *(row.category for row in rows)}
    return unknown and understanding.decision is Decision.ANSWER


def _told(turn: Turn, row: ServiceRequestRow, events: Sequence[RequestEventRow]) -> Reply:
    """Everything the person may know: state and since when, office and deadline, how many follow, the office's last word."""
    zone = turn.now.tzinfo
    parts: list[Say | Words] = [
        Say(
            "request.status",
            {
                "number": row.number,
                "what": Words(turn.house.knowledge.label(row.category, turn.language)),
                "where": Words(_where(turn, row)),
                "date": spoken_date(row.created_at.astimezone(zone).date()),
                "state": Say(f"request.state.{row.status}"),
                "body": Words(row.body or turn.house.desk.category(row).body),
            },
        )
    ]
    if row.supporters > 1:
        parts.append(Say("request.status_people", count=row.supporters))
    if row.status in OPEN:
        parts.append(
            Say("request.status_due", {"due": afterwards.due_in_words(turn, turn.house.desk.category(row), row.due_at)})
        )
    word = next((event.note for event in reversed(events) if event.note and event.public), None)
    if word:
        parts.append(Say("request.news.reason", {"note": Words(word)}))
    merged = next((event.detail.get("into") for event in reversed(events) if event.kind == "merged"), None)
    reply = Reply((Lines(tuple(parts)),))
    if row.status == RequestState.MERGED and merged:
        return with_choices(reply, Choice(Words(str(merged)), f"s:{merged}"))
    if row.status == RequestState.FIXED:
        return with_choices(reply, *news.is_it_fixed(row.number))
    if row.status in OPEN:
        more = button("request.button.add", f"ad:{row.number}")
        return with_choices(reply, more, button("request.button.withdraw", f"w:{row.number}"))
    return reply


async def chosen(turn: Turn, kind: str, number: str) -> Reply:
    """A button about one request was tapped (`PAYLOADS`)."""
    match kind:
        case "w":
            return await ask_to_withdraw(turn, number)
        case "wy":
            turn.state.awaiting = None
            return await withdraw_now(turn, number)
        case "fy" | "fn":
            return await afterwards.is_fixed(turn, number, fixed=kind == "fy")
        case "ck":
            return await afterwards.complaint(turn, number)
        case _:
            return await status_of(turn, number)


def _meant(turn: Turn, rows: Sequence[ServiceRequestRow]) -> ServiceRequestRow | None:
    """The one request that the words mean ("chno w9e3 f lpoubelle li 9olt likom 3liha"); None when it may be several."""
    if len(rows) == 1:
        return rows[0]
    if not rows or turn.understanding is None:
        return None
    likely = [ranked.intent for ranked in turn.understanding.ranking]
    said = _bones(turn, turn.text)
    scores = [
        (2 * (row.category in likely) + len(said & _bones(turn, f"{row.description} {row.place_text}")), row)
        for row in rows
    ]
    best = max(score for score, _ in scores)
    meant = [row for score, row in scores if score == best]
    return meant[0] if best > 0 and len(meant) == 1 else None


def _bones(turn: Turn, text: str) -> set[str]:
    """Words, and their skeletons by which they are known again in another script; short and common ones say nothing."""
    common = turn.house.report_words.place_fillers
    telling = {w.text for w in words(normalise(text)) if not common.are_all_of(w.text)}
    return {said for said in telling | set(map(word_skeleton, telling)) if len(said) >= _TELLING}


async def own_list(turn: Turn) -> Reply:
    """This person's requests, a line each, with a choice each for more."""
    rows = await requests_store.own_requests(turn.session, turn.conversation_id)
    if not rows:
        return with_choices(say("request.none_yet"), turn.intent_choice("report/other"))
    _shows(turn, rows)
    lines: list[Say | Words] = [Say("request.list_heading", count=len(rows))]
    for row in rows:
        what = Words(turn.house.knowledge.label(row.category, turn.language))
        lines.append(
            Say("request.list_line", {"number": row.number, "what": what, "state": Say(f"request.state.{row.status}")})
        )
    return Reply((Lines(tuple(lines)),), tuple(Choice(Words(row.number), f"s:{row.number}") for row in rows[:5]))


def _shows(turn: Turn, rows: Sequence[ServiceRequestRow]) -> None:
    """From now on "the second one" is one of these."""
    turn.state.requests, turn.state.requests_at = [row.number for row in rows], turn.now


async def withdraw(turn: Turn) -> Reply:
    """Asks before it withdraws: the request named, the only open one, or the one that is chosen."""
    typed = [read_number(str(entity.value)) for entity in turn.entities_of("request_number")]
    rows = [row for row in await open_ones(turn) if not typed or row.number == typed[0]]
    if not rows:
        return say("request.nothing_to_withdraw")
    meant = _meant(turn, rows)
    if meant is None:
        _shows(turn, rows)
        choices = [Choice(Words(row.number), f"w:{row.number}") for row in rows[:5]]
        return with_choices(say("request.which_to_withdraw"), *choices)
    return await ask_to_withdraw(turn, meant.number)


async def change_of_mind(turn: Turn) -> Reply | None:
    """ "annule" right after filing means the request that was filed; None where none was."""
    for row in await requests_store.own_requests(turn.session, turn.conversation_id, limit=1):
        if row.status in OPEN and turn.now - row.created_at <= _JUST_FILED:
            return await ask_to_withdraw(turn, row.number)
    return None


async def ask_to_withdraw(turn: Turn, number: str) -> Reply:
    """Asks before it withdraws one's own open request; of any other number it says no more than of an unknown one."""
    row = await requests_store.own_request(turn.session, turn.conversation_id, number)
    if row is None or row.status not in OPEN:
        return say("request.nothing_to_withdraw")
    turn.state.awaiting = f"withdraw:{number}"
    return with_choices(
        say("request.really_withdraw", number=number),
        button("button.yes", f"wy:{number}"),
        button("button.no", "keep"),
    )


def kept(number: str) -> Reply:
    """The request was not withdrawn after all; whoever meant just that finds it under a button."""
    return with_choices(
        say("request.kept", number=number),
        button("request.button.status", f"s:{number}"),
        button("request.button.withdraw", f"w:{number}"),
    )


async def withdraw_now(turn: Turn, number: str) -> Reply:
    row = await requests_store.own_request(turn.session, turn.conversation_id, number)
    if row is None or row.status not in OPEN:
        return say("request.nothing_to_withdraw")
    gone = await withdraw_request(turn.session, turn.house.desk, row, turn.conversation_id, now=turn.now)
    return say("request.withdrawn" if gone else "request.left_to_others", number=number)


def _where(turn: Turn, row: ServiceRequestRow) -> str:
    arrondissement = name_of(turn.house.city.place(row.arrondissement), turn.language) if row.arrondissement else ""
    if normalise(arrondissement) in normalise(row.place_text):
        return row.place_text or "📍"
    return ", ".join(part for part in (row.place_text, arrondissement) if part)
