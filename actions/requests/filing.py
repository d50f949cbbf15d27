"""Filing a service request: only what is missing is asked, everything can be corrected, nothing is stored before the yes."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from actions import plain_reports
from actions.expo import meant as expo_meant
from actions.places import place_in
from actions.reply import Lines, Reply, Say, Words, say
from actions.requests import afterwards, answering, asides, beside, dropped, elsewhere, placing, questions
from actions.requests.asking import ask_what, cancel, next_question, summary_choices
from actions.requests.changes import Draft, file_request
from actions.requests.correcting import MAX_DESCRIPTION, MAX_PLACE, denies_photo, take_place
from actions.requests.danger import is_daily_smoke, warn
from actions.requests.explaining import explained
from actions.requests.photos import said_without, take_photos
from actions.requests.several import are_one, problems_of, served
from actions.requests.status import open_ones
from actions.state import LOCATION_LASTS, RequestForm
from actions.turn import Turn, button, with_choices
from nlu.programme_words import says
from nlu.text import normalise
from nlu.understanding import Decision, Understanding
from nlu.whereabouts import landmark_in, street_in, without_in
from store import requests as requests_store

_TALK = frozenset({"greet", "help", "bot_challenge", "wrong_answer", "talk_to_human", "my_data", "change_language"})
LEFT_AFTER = timedelta(hours=1)
"""After so long the question is not pressed again; the form is offered."""
FORGOTTEN_AFTER = timedelta(days=7)
_DOUBTFUL, _WORDS_BESIDE_A_WISH = 0.9, 3
_PAIR = 2
_LIKELY = 0.4
_HEARD = 0.02
"""Of the problem behind "I want to report …": a wish that names none is heard with a thousandth at most."""
RESUME = "resume_form"
"""What a bare yes or no answers after an open form was only offered."""
AT_MOST, WITHIN = 10, timedelta(minutes=10)
"""Requests that one person may file in a time; more are kept in hand and filed later."""


async def begin(turn: Turn, intent: str) -> Reply:
    """Starts a form from a sentence (or a choice) and asks for what it did not say."""
    form = _new_form(turn, served(turn.house.categories, intent))
    if turn.incoming.photo:
        take_photos(turn, form, turn.incoming.photos)
        turn.state.photo_at = turn.now
    understanding, problems = turn.understanding, tuple[Understanding, ...]()
    if turn.text and turn.incoming.text:
        problems = several_told(turn)
        understanding = problems[0] if problems else turn.understanding
        form.intent = problems[0].intent if problems else form.intent
        form.description = (understanding.text if understanding else turn.text)[:MAX_DESCRIPTION]
        form.anonymous = turn.house.report_words.anonymous.are_in(turn.text)
        found = place_in(turn, understanding=understanding)
        if found is None and not (problems and street_in(form.description)):
            # Of several problems the first may have a street of its own, which no gazetteer knows.
            found = place_in(turn)
        if found and found.outside:
            turn.state.form, turn.state.topic = form, None
            return warn(turn, form, turn.text).then(elsewhere.not_ours(turn, form, found))
        on_the_way = turn.house.categories[form.intent].place == "line" and turn.house.report_words.goes_to.are_in(
            turn.text
        )
        take_place(form, None if on_the_way else found)
        if found is None:
            form.place_text = without_in(street_in(form.description) or "")[:MAX_PLACE]
        form.landmark = (landmark_in(form.description) or "")[:MAX_PLACE]
        form.photo_asked = form.photo_asked or said_without(turn)
    form.same_place_as = _shared_before(turn, form)
    await _take_place_before(turn, form)
    turn.state.form, turn.state.topic = form, None
    wished = form.intent == "report/other" and not _says_what(understanding) and not is_daily_smoke(turn)
    if wished:
        wish = _meant_besides(understanding) or _behind_the_wish(turn) or form.intent
        form.intent = served(turn.house.categories, wish)
    opening = warn(turn, form, turn.text)
    if turn.state.later:
        what = Words(turn.house.knowledge.label(turn.state.later[-1].intent, turn.language))
        opening = opening.then(say("request.kept_for_later", what=what))
    if problems:
        opening = opening.then(_announce_all(turn, form, problems))
    elif understanding and form.intent != "report/other" and (wished or _is_to_be_told(turn, understanding, form)):
        # What was heard is told at once, not only in the summary: "la, lfiran" is then one short message.
        heard = Words(turn.house.knowledge.label(form.intent, turn.language))
        opening = opening.then(say("request.heard", what=heard))
    if (wished and form.intent == "report/other") or plain_reports.only_complains(turn):
        form.description = ""
    return opening.then(await next_question(turn, form))


async def problem_at_same_place(turn: Turn) -> str | None:
    """The problem of "il y a aussi des ordures au même endroit" behind a report of another one; None for anything else.

    The place is left out of what is heard: "f nefs lblassa" by itself sounds like a question for one.
    """
    said = turn.house.report_words.same_place
    if turn.state.form is not None or not said.are_in(turn.text) or questions.is_asked(turn):
        return None
    meant, before = turn.house.parser.parse(said.without(turn.text)), await placing.filed_before(turn)
    if before is None or meant.decision is Decision.LOST or not meant.intent.startswith("report/"):
        return None
    return None if are_one(turn.house.categories, meant.intent, before.category) else meant.intent


async def _take_place_before(turn: Turn, form: RequestForm) -> None:
    if form.place_text or not turn.house.report_words.same_place.are_in(turn.text):
        return
    before = await placing.place_before(turn)
    if before is not None:
        form.same_place_as = before
        placing.use_same_place(form)


def wishes_another(turn: Turn) -> bool:
    """ "زيد شكاية أخرى", "un autre problème": the wish alone, in a few words."""
    said = turn.house.report_words
    short = len(said.another_report.without(turn.text).split()) <= _WORDS_BESIDE_A_WISH
    return turn.state.form is None and short and said.another_report.are_in(turn.text)


def several_told(turn: Turn) -> tuple[Understanding, ...]:
    """The problems of a message that tells of several, in their order; empty for one."""
    return problems_of(turn.text, turn.house.parser, turn.house.categories, turn.house.report_words)


async def begin_with_photos(turn: Turn, photos: Sequence[str]) -> Reply:
    """Photos are a report; without words under them that say of what, this is asked."""
    understanding = turn.understanding
    if understanding and understanding.decision is not Decision.LOST and understanding.intent.startswith("report/"):
        return await begin(turn, understanding.intent)
    form = _new_form(turn, "report/other")
    take_photos(turn, form, photos)
    turn.state.form, turn.state.photo_at = form, turn.now
    received = say("request.photo_received", count=len(form.photos))
    return received.then(ask_what(turn, form))


async def go_on(turn: Turn) -> Reply | None:
    """Takes this message as the answer to the form's question; None when it is about something else."""
    form = turn.state.form
    if form is None:
        return None
    if form.updated_at and turn.now - form.updated_at > FORGOTTEN_AFTER:
        turn.state.form = None
        return None
    offered, turn.state.awaiting = (
        turn.state.awaiting == RESUME,
        None if turn.state.awaiting == RESUME else turn.state.awaiting,
    )
    if offered and turn.understanding and turn.understanding.intent in ("affirm", "deny") and not denies_photo(turn):
        return await _taken_up(turn, form) if turn.understanding.intent == "affirm" else await abandon(turn)
    if form.asking == "elsewhere" and not elsewhere.is_in_casablanca(turn):
        turn.state.form = None
        return None
    told_besides = form.asking == "photo" and beside.is_further(turn, form)
    another_story = asides.is_another_story(turn, form) and not told_besides
    if _is_new_report(turn, form) and (_was_left(turn, form) or another_story):
        turn.state.later.append(form)
        turn.state.form = None
        return None
    reply = await answering.answer(turn, form)
    if reply is None:
        return None
    form.updated_at, form.interruptions = turn.now, 0
    match form.asking:
        case "file":
            return await _file(turn, form)
        case "joined":
            return reply.then(await _next_problem(turn))
        case "cancelled":
            return await abandon(turn)
        case "solved":
            turn.state.form = None
            return say("request.solved").then(await _next_problem(turn, filed=form.follows_another))
        case _:
            return reply


async def asked_about(turn: Turn) -> Reply | None:
    """What somebody asks about the report in the making (who answers for it, by when, what it costs, who learns the name), and the
    open question again; None where nobody does."""
    form = turn.state.form
    if form is None or (turn.state.topic and any(entity.value["bare"] for entity in turn.entities_of("aspect"))):
        return None  # "وفين" behind an answer that came in between is about that answer.
    if questions.is_of_transport(turn):
        return None
    told = explained(turn, form)
    if not told and not _cannot_be_told(turn):
        return None
    if not told:
        body = turn.house.categories[form.intent].body_in(form.arrondissement)
        told = (Say("request.cannot_tell", {"body": Words(body)}),)
    back = () if Say("request.confirm_please") in told else (Say("request.back_to_form"),)
    return Reply((*told, *back)).then(await _taken_up(turn, form))


def _cannot_be_told(turn: Turn) -> bool:
    """ "c'est une coupure prévue ?": a question in the middle of a report that is about nothing else for sure."""
    understanding = turn.understanding
    if understanding is None or says(turn.text, "expo"):
        return False
    if understanding.intent.startswith("expo/"):
        return not expo_meant.is_topical(turn)
    unsure = understanding.decision is not Decision.ANSWER or understanding.intent.startswith("report/")
    return unsure and questions.is_asked(turn)


async def resume(turn: Turn) -> Reply:
    """The question that was open, asked again after an interruption; after more of them or a long one the form is only
    offered, and somebody who takes leave is let go."""
    form = turn.state.form
    if form is None or form.asking == "elsewhere" or _takes_leave(turn):
        return Reply(())
    form.interruptions += 1
    if _is_thanks(turn):
        # Whoever thanks believes that it is done.
        if form.asking == "confirm":
            return with_choices(say("request.not_sent_yet"), *summary_choices())
        turn.state.awaiting = turn.state.awaiting or RESUME
        return with_choices(say("request.not_done_yet"), button("request.button.resume", "r:resume"), cancel())
    if _was_left(turn, form) or form.interruptions > 1 or _is_talk(turn):
        what = Words(turn.house.knowledge.label(form.intent, turn.language))
        turn.state.awaiting = turn.state.awaiting or RESUME
        return with_choices(say("request.still_open", what=what), button("request.button.resume", "r:resume"), cancel())
    return say("request.back_to_form").then(await _taken_up(turn, form))


async def _taken_up(turn: Turn, form: RequestForm) -> Reply:
    """The question that was not answered, asked again."""
    form.put_again()
    return await next_question(turn, form)


async def abandon(turn: Turn) -> Reply:
    """Lets go of the form in hand; nothing of it was filed. What was told beside it comes next, and can be given up as well."""
    form = turn.state.form
    if form and turn.state.later and not turn.house.report_words.everything.are_in(turn.text):
        return say("request.abandoned_one").then(await _next_problem(turn, filed=form.follows_another))
    filed = await open_ones(turn)
    told = "request.abandoned_this" if filed or (form and form.follows_another) else "request.abandoned"
    return dropped.drop(turn, form, told) if form else say(told)


async def _file(turn: Turn, form: RequestForm) -> Reply:
    recent = await requests_store.requests_made_since(turn.session, turn.conversation_id, turn.now - WITHIN)
    if recent >= AT_MOST:
        form.asking = "confirm"
        minutes = int(WITHIN.total_seconds() // 60)
        return with_choices(
            say("request.too_many", count=recent, minutes=minutes), button("request.button.send", "r:send"), cancel()
        )
    draft = Draft(
        category=form.intent,
        description=form.description,
        language=turn.language,
        conversation_id=None if form.anonymous else turn.conversation_id,
        place_text=form.place_text,
        place_id=form.place_id,
        arrondissement=None if form.arrondissement == "unknown" else form.arrondissement,
        lat=form.lat,
        lon=form.lon,
        photos=tuple(form.photos),
    )
    row = await file_request(turn.session, turn.house.desk, draft, now=turn.now)
    if form.anonymous:
        turn.forget_since = form.started_at
        told = say("request.filed_anonymously", number=row.number, body=Words(row.body))
    else:
        told = afterwards.filed(turn, row)
    if turn.state.later:
        return told.then(await _next_problem(turn))
    turn.state.form = None
    return told if form.anonymous else await afterwards.with_extra_question(turn, row, told)


async def _next_problem(turn: Turn, *, filed: bool = True) -> Reply:
    """The next of several problems, once the one in hand is done; `filed`: something of the same message is stored."""
    if not turn.state.later:
        turn.state.form = None
        return Reply(())
    before = turn.state.form
    for told_with in turn.state.later:
        if before and told_with.started_at == before.started_at and not told_with.place_text:
            told_with.same_place_as = placing.place_of(before)  # It was told after the message that told of both.
    form = turn.state.later.pop(0)
    form.updated_at = form.started_at = turn.now
    form.follows_another = filed
    turn.state.form = form
    what = Words(turn.house.knowledge.label(form.intent, turn.language))
    opening = say("request.next_problem", what=what).then(warn(turn, form, form.description))
    return opening.then(await next_question(turn, form))


def _announce_all(turn: Turn, form: RequestForm, problems: Sequence[Understanding]) -> Reply:
    """Keeps all but the first problem for later, with the place they share or may share."""
    for problem in problems[1:]:
        later = _new_form(turn, problem.intent)
        later.description = problem.text[:MAX_DESCRIPTION]
        later.anonymous = form.anonymous
        if not placing.take_told(turn, later, problem):
            later.same_place_as = placing.place_of(form)
        turn.state.later.append(later)
    labels = [turn.house.knowledge.label(problem.intent, turn.language) for problem in problems]
    if len(labels) == _PAIR:
        return say("request.two_problems", first=Words(labels[0]), second=Words(labels[1]))
    listed = (Words(f"• {label}") for label in labels)
    return Reply((Lines((Say("request.many_problems", {"number": len(labels)}), *listed)),))


def _new_form(turn: Turn, intent: str) -> RequestForm:
    return RequestForm(intent=intent, started_at=turn.now, updated_at=turn.now)


def _shared_before(turn: Turn, form: RequestForm) -> dict[str, Any] | None:
    """The location shared a moment ago, to be offered as the place of a report that names none."""
    shared, at = turn.state.location, turn.state.located_at
    if form.place_text or form.arrondissement or shared is None or at is None or turn.now - at > LOCATION_LASTS:
        return None
    arrondissement = turn.house.city.arrondissement_at(*shared)
    return {"lat": shared[0], "lon": shared[1], "arrondissement": arrondissement.id} if arrondissement else None


def _was_left(turn: Turn, form: RequestForm) -> bool:
    return form.updated_at is not None and turn.now - form.updated_at > LEFT_AFTER


def _takes_leave(turn: Turn) -> bool:
    return turn.understanding is not None and turn.understanding.intent == "goodbye"


def _is_thanks(turn: Turn) -> bool:
    return turn.understanding is not None and turn.understanding.intent == "thanks"


def _is_talk(turn: Turn) -> bool:
    """Talk about the conversation itself: to press the question on top of it would be deaf."""
    return turn.understanding is not None and turn.understanding.intent in _TALK


def _is_new_report(turn: Turn, form: RequestForm) -> bool:
    """Hours later another problem is a report of its own, not an answer to the old question."""
    understanding = turn.understanding
    return (
        understanding is not None
        and understanding.decision is Decision.ANSWER
        and understanding.intent.startswith("report/")
        and "report/other" not in (understanding.intent, form.intent)
        and understanding.intent != form.intent
    )


def _meant_besides(understanding: Understanding | None) -> str | None:
    """The problem that "I want to report …" goes on to name, though the wish itself is what was heard first."""
    if understanding is None:
        return None
    named = (r.intent for r in understanding.ranking if r.confidence >= _HEARD)
    return next((intent for intent in named if intent.startswith("report/") and intent != "report/other"), None)


def _behind_the_wish(turn: Turn) -> str | None:
    """The problem of "bghit nsignaler des ordures …", heard without the wish, which weighs more than all the rest."""
    rest = turn.house.report_words.wishes_to_report.without(turn.text)
    if not rest or rest == normalise(turn.text):
        return None
    meant = turn.house.parser.parse(rest)
    likely = meant.intent.startswith("report/") and meant.intent != "report/other" and meant.confidence >= _LIKELY
    return meant.intent if likely else None


def _is_to_be_told(turn: Turn, understanding: Understanding, form: RequestForm) -> bool:
    """Whether the report is not for sure what the words sounded like, leans on what was told before or takes another's turn."""
    sure = understanding.confidence >= _DOUBTFUL and understanding.intent == form.intent
    return not sure or bool(turn.state.later) or turn.house.report_words.same_place.are_in(turn.text)


def _says_what(understanding: Understanding | None) -> bool:
    """Whether "I want to report …" went on to say what: some words remain that only a problem has. Smoke that sounded like a fire does."""
    sure = understanding is not None and understanding.decision is Decision.ANSWER
    return understanding is None or not sure or understanding.intent == "emergency"
