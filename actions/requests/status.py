"""What became of a request: by its number, the list of one's own, withdrawing one."""

from actions.dates import spoken_date
from actions.places import name_of
from actions.reply import Choice, Lines, Reply, Say, Words, say
from actions.requests.changes import withdraw as withdraw_request
from actions.requests.life import OPEN
from actions.requests.numbers import read_number
from actions.turn import Turn, button, with_choices
from nlu.text import normalise
from store import requests as requests_store
from store.tables import ServiceRequestRow


async def status(turn: Turn) -> Reply:
    """The state of the request whose number stands in the message, or of one's own ones."""
    typed = turn.entities_of("request_number")
    valid = [number for entity in typed if (number := read_number(str(entity.value)))]
    if valid:
        return await status_of(turn, valid[0])
    mistyped = [entity for entity in typed if "-" in entity.text]
    if mistyped:
        return say("request.number_mistyped", number=str(mistyped[0].value))
    return await own_list(turn)


def is_bare_number(turn: Turn) -> bool:
    """Whether the message is a request number and nothing else."""
    typed = turn.entities_of("request_number")
    return len(typed) == 1 and normalise(turn.text).strip(" .!?#") == typed[0].text and bool(read_number(turn.text))


async def status_of(turn: Turn, number: str) -> Reply:
    """The state of one request of this person; a number of somebody else's says no more than an unknown one."""
    row = await requests_store.own_request(turn.session, turn.conversation_id, number)
    if row is None:
        return say("request.not_found", number=number)
    reply = Reply(
        (
            Say(
                "request.status",
                {
                    "number": row.number,
                    "what": Words(turn.house.knowledge.label(row.category, turn.language)),
                    "where": Words(_where(turn, row)),
                    "date": spoken_date(row.created_at.astimezone(turn.now.tzinfo).date()),
                    "state": Say(f"request.state.{row.status}"),
                    "body": Words(row.body or turn.house.categories[row.category].body),
                },
            ),
        )
    )
    return with_choices(reply, button("request.button.withdraw", f"w:{row.number}")) if row.status in OPEN else reply


async def own_list(turn: Turn) -> Reply:
    """This person's requests, a line each, with a choice each for more."""
    rows = await requests_store.own_requests(turn.session, turn.conversation_id)
    if not rows:
        return with_choices(say("request.none_yet"), turn.intent_choice("report/other"))
    lines: list[Say | Words] = [Say("request.list_heading", count=len(rows))]
    for row in rows:
        what = Words(turn.house.knowledge.label(row.category, turn.language))
        lines.append(
            Say("request.list_line", {"number": row.number, "what": what, "state": Say(f"request.state.{row.status}")})
        )
    return Reply((Lines(tuple(lines)),), tuple(Choice(Words(row.number), f"s:{row.number}") for row in rows[:5]))


async def withdraw(turn: Turn) -> Reply:
    """Asks before it withdraws: the request named, the only open one, or the one that is chosen."""
    typed = [read_number(str(entity.value)) for entity in turn.entities_of("request_number")]
    rows = [
        row
        for row in await requests_store.own_requests(turn.session, turn.conversation_id)
        if row.status in OPEN and (not typed or row.number == typed[0])
    ]
    if not rows:
        return say("request.nothing_to_withdraw")
    if len(rows) > 1:
        choices = [Choice(Words(row.number), f"w:{row.number}") for row in rows[:5]]
        return with_choices(say("request.which_to_withdraw"), *choices)
    return await ask_to_withdraw(turn, rows[0].number)


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


async def withdraw_now(turn: Turn, number: str) -> Reply:
    row = await requests_store.own_request(turn.session, turn.conversation_id, number)
    if row is None or row.status not in OPEN:
        return say("request.nothing_to_withdraw")
    gone = await withdraw_request(turn.session, turn.house.desk, row, turn.conversation_id, now=turn.now)
    return say("request.withdrawn" if gone else "request.left_to_others", number=number)


def _where(turn: Turn, row: ServiceRequestRow) -> str:
    arrondissement = name_of(turn.house.city.place(row.arrondissement), turn.language) if row.arrondissement else ""
    return ", ".join(part for part in dict.fromkeys((row.place_text, arrondissement)) if part) or "📍"
