"""What a person adds to a request that is filed: photos that come late, and words ("j'ai oublié de dire que c'est au numéro 12")."""

from collections.abc import Sequence
from datetime import timedelta

from actions.expo import meant as expo_meant
from actions.places import place_in
from actions.reply import Choice, Reply, Words, say
from actions.requests import changes, questions
from actions.requests.afterwards import choices_about, corrects
from actions.requests.asking import ALBUM
from actions.requests.changes import MAX_PHOTOS
from actions.requests.correcting import add_words, denies_photo
from actions.requests.danger import is_only_hurry, is_pressed
from actions.requests.life import CITIZEN, OPEN
from actions.requests.numbers import read_number
from actions.requests.several import are_one
from actions.requests.tellings import denies_the_place, tells_more
from actions.smalltalk import affirm_nothing
from actions.turn import Turn, button, with_choices
from nlu.text import words
from nlu.understanding import Decision
from nlu.whereabouts import is_address
from store import requests as requests_store
from store.tables import ServiceRequestRow

LATE, _JUST_FILED = timedelta(hours=24), timedelta(minutes=10)
"""What comes so soon after filing belongs to the request that was filed last."""
MOST_NOTES, LONGEST = 10, 1_000
"""Notes that people may add to one request, and characters of each."""
_AWAITING = "adds:"
_WORDS_THAT_SAY_SOMETHING, _WORDS_OF_A_REMARK, _WORDS_OF_A_DETAIL = 2, 8, 12
_SURE = 0.9
_TALK = frozenset(
    {"thanks", "greet", "goodbye", "help", "affirm", "my_data", "talk_to_human", "change_language", "wrong_answer"}
)


async def wished(turn: Turn) -> Reply | None:
    """ "je veux ajouter une information", "nssit ngoul likom bli …": the words are added, or asked for; None for anything else
    and where no request is open."""
    if turn.incoming.text is None or turn.state.form is not None:
        return None
    report_words = turn.house.report_words
    forgotten = report_words.forgot_to_say.behind(turn.text)
    if forgotten is None and not report_words.adds.are_in(turn.text):
        return await _told_later(turn)
    rows = await _open_requests(turn)
    if not rows:
        return None
    newest = rows[0]
    if len(rows) > 1 and turn.now - newest.created_at > LATE:
        return with_choices(say("request.add.which"), *(Choice(Words(row.number), f"ad:{row.number}") for row in rows))
    said = report_words.say_links.not_first(forgotten or "")
    if len(words(said)) >= _WORDS_THAT_SAY_SOMETHING:
        return await _noted(turn, newest, said)
    return _ask(turn, newest)


async def _told_later(turn: Turn) -> Reply | None:
    """What belongs to the request that was just filed although nobody says so: "zid rah …", "depuis 3 jours", "hak tswira"."""
    report_words, understanding, count = turn.house.report_words, turn.understanding, len(words(turn.text))
    if understanding is None:
        return None
    if report_words.another_report.are_in(turn.text):
        return None
    joined = report_words.and_prefix.are_all_of(turn.text[:1]) and report_words.besides.begin(turn.text[1:])
    adds = (joined or report_words.besides.begin(turn.text)) and count > _WORDS_THAT_SAY_SOMETHING
    since = report_words.since.begin(turn.text) and report_words.durations.are_in(turn.text)
    again = understanding.intent.startswith("report/") and report_words.not_this.are_in(turn.text)
    presses = report_words.hurry.are_in(turn.text)
    more = count <= _WORDS_OF_A_DETAIL and tells_more(turn)
    remark = more or (count <= _WORDS_OF_A_REMARK and (since or again or presses or is_address(turn.text)))
    photo = count <= _WORDS_OF_A_REMARK and bool(turn.entities_of("photo"))
    elsewhere = count <= _WORDS_OF_A_DETAIL and len(turn.entities_of("place")) > 1
    rows = await _open_requests(turn) if adds or remark or photo or elsewhere else ()
    if not rows or turn.now - rows[0].created_at > LATE:
        return None
    row, found = rows[0], place_in(turn)
    if (
        adds
        and not expo_meant.is_topical(turn)
        and (found is None or found.arrondissement in (None, row.arrondissement))
    ):
        return await _noted(turn, row, turn.text)
    if _spoke_of_else(turn, row):
        return None
    if elsewhere and turn.now - row.created_at <= _JUST_FILED and denies_the_place(turn, row):
        return await _noted(turn, row, turn.text)
    just_filed = turn.now - row.created_at <= _JUST_FILED
    if again and not more and not corrects(turn, row):
        return None
    if more and _is_another(turn, row):
        return None
    if remark and just_filed and not questions.is_asked(turn) and (since or found is None):
        return await _noted(turn, row, turn.text)
    of_papers = understanding.intent.startswith("faq/") and understanding.confidence >= _SURE
    return _ask(turn, row) if photo and not denies_photo(turn) and not of_papers else None


def _is_another(turn: Turn, row: ServiceRequestRow) -> bool:
    """ "il y a un lampadaire éteint" behind a report of rubbish: a problem of its own, unless it only says that it got worse."""
    heard = turn.understanding
    reports = heard is not None and heard.intent.startswith("report/") and heard.decision is Decision.ANSWER
    same = heard is not None and are_one(turn.house.categories, heard.intent, row.category)
    return reports and not same and not turn.house.report_words.worse.are_in(turn.text)


def _spoke_of_else(turn: Turn, row: ServiceRequestRow) -> bool:
    """Whether something was answered since the request was filed."""
    return turn.state.topic is not None and turn.state.topic.at >= row.created_at


async def hurried(turn: Turn) -> Reply | None:
    """ "c'est urgent" right behind a report: noted with it, and said that it changes nobody's deadline; None for anything else."""
    if turn.incoming.text is None or turn.state.form is not None or not is_only_hurry(turn):
        return None
    if (turn.state.awaiting or "").startswith(_AWAITING):
        return None  # It is what they want to add.
    rows = await _open_requests(turn)
    if not rows or turn.now - rows[0].created_at > _JUST_FILED or _spoke_of_else(turn, rows[0]):
        return None
    noted = await _noted(turn, rows[0], turn.text, told="request.urgent_noted")
    return say("smalltalk.if_danger").then(noted)


async def pressed(turn: Turn) -> Reply:
    """ "c'est urgent, il y a des enfants": heard as a call for help, it belongs to the report in hand or just filed all the same.

    What is said after the emergency numbers; empty where somebody is in danger, and where there is no such report.
    """
    form = turn.state.form
    if not is_pressed(turn):
        return Reply(())
    if form is not None:
        if form.description:
            add_words(form, turn.text)
        return say("request.added") if form.description else Reply(())
    rows = await _open_requests(turn)
    if not rows or turn.now - rows[0].created_at > _JUST_FILED or _spoke_of_else(turn, rows[0]):
        return Reply(())
    return await _noted(turn, rows[0], turn.text, told="request.urgent_noted")


async def ask(turn: Turn, number: str) -> Reply:
    """The button "add a detail" was tapped."""
    row = await requests_store.own_request(turn.session, turn.conversation_id, number)
    if row is None or row.status not in OPEN:
        return say("request.add.closed" if row else "request.not_found", number=number)
    return _ask(turn, row)


async def written(turn: Turn) -> Reply | None:
    """The words that were asked for; None when they are about something else."""
    if not (turn.state.awaiting or "").startswith(_AWAITING) or turn.incoming.text is None or turn.incoming.photo:
        return None
    row, turn.state.awaiting = await _awaited(turn), None
    understanding = turn.understanding
    short = len(words(turn.text)) <= _WORDS_THAT_SAY_SOMETHING
    sure = understanding is not None and (understanding.confidence >= _SURE or short)
    intent = understanding.intent if understanding and sure else ""
    heard = understanding is not None and understanding.decision is not Decision.LOST
    asks = heard and questions.is_a_question(turn)
    if row is None or intent in _TALK or intent.startswith("request/") or asks:
        return None
    if intent in ("deny", "cancel"):
        return affirm_nothing(turn)
    return await _noted(turn, row, turn.incoming.text.strip())


async def late_photos(turn: Turn) -> Reply | None:
    """Photos that come after filing go to the request that was named, or else to the one filed last; None when there is none
    to take them."""
    row = await _takes_photos(turn)
    if row is None:
        return None
    before, turn.state.photo_at = turn.state.photo_at, turn.now
    in_album = before is not None and turn.now - before <= ALBUM
    new = [photo for photo in dict.fromkeys(turn.incoming.photos) if photo not in row.photos]
    if not new:
        return with_choices(say("request.photo_twice"), *choices_about(turn, row))
    if len(row.photos) >= MAX_PHOTOS:
        if not in_album:
            return None
        return with_choices(say("request.enough_photos", count=MAX_PHOTOS), *choices_about(turn, row))
    added = [photo for photo in new if await changes.add_photo(turn.session, row, photo, now=turn.now)]
    other_problem = [button("request.button.other_problem", f"pn:{added[0]}")] if len(added) == 1 else []
    return with_choices(
        say("request.photo_added_to", count=len(added), number=row.number),
        *other_problem,
        *choices_about(turn, row),
    )


async def take_photo_back(turn: Turn, photo: str) -> bool:
    """The late photo is about something else: whether it was taken from the request that it went to."""
    row = await _takes_photos(turn)
    if row is None or photo not in row.photos:
        return False
    await changes.remove_photo(turn.session, row, photo, now=turn.now)
    return True


def _ask(turn: Turn, row: ServiceRequestRow) -> Reply:
    turn.state.awaiting = f"{_AWAITING}{row.number}"
    return with_choices(say("request.add.ask", number=row.number), button("request.button.nothing_to_add", "keep"))


async def _noted(turn: Turn, row: ServiceRequestRow, text: str, *, told: str = "request.question_answered") -> Reply:
    written_before = await requests_store.notes_by_citizens(turn.session, row.id)
    if written_before >= MOST_NOTES:
        return with_choices(say("request.add.enough", number=row.number), turn.intent_choice("talk_to_human"))
    await changes.add_note(
        turn.session,
        turn.house.desk,
        row,
        text[:LONGEST],
        actor=CITIZEN,
        now=turn.now,
        public=False,  # Nobody has read it yet: names and numbers may stand in it.
        by_conversation=turn.conversation_id,
    )
    return with_choices(say(told, number=row.number), *choices_about(turn, row))


async def _open_requests(turn: Turn) -> Sequence[ServiceRequestRow]:
    """One's own, the newest first; the one alone whose number stands in the message."""
    typed = [read_number(str(entity.value)) for entity in turn.entities_of("request_number")]
    rows = await requests_store.own_requests(turn.session, turn.conversation_id)
    return [row for row in rows if row.status in OPEN and (not typed or row.number in typed)]


async def _awaited(turn: Turn) -> ServiceRequestRow | None:
    """The request to which something is about to be added."""
    awaiting = turn.state.awaiting or ""
    if not awaiting.startswith(_AWAITING):
        return None
    number = awaiting.removeprefix(_AWAITING)
    row = await requests_store.own_request(turn.session, turn.conversation_id, number)
    return row if row is not None and row.status in OPEN else None


async def _takes_photos(turn: Turn) -> ServiceRequestRow | None:
    awaited = await _awaited(turn)
    if awaited is not None:
        return awaited
    rows = await requests_store.own_requests(turn.session, turn.conversation_id, limit=5)
    return next(
        (
            row
            for row in rows
            if row.conversation_id == turn.conversation_id and row.status in OPEN and turn.now - row.created_at <= LATE
        ),
        None,
    )
