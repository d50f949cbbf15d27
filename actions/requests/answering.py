"""What a message in the middle of a report says to the question that is open.

`form.asking` is the question; the outcomes "file", "joined", "cancelled" and "solved" are left there for `filing`.
"""

from dataclasses import replace

from actions import plain_reports
from actions.places import place_in
from actions.reply import Reply, say
from actions.requests import asides, asking, beside, joining, moving, placing, questions
from actions.requests.asking import ALBUM, next_question
from actions.requests.changes import MAX_PHOTOS
from actions.requests.consent import agrees, says_yes
from actions.requests.correcting import (
    MAX_DESCRIPTION,
    MAX_PLACE,
    add_words,
    closer,
    corrected,
    denies_photo,
    other_number,
    replaced_at_summary,
    take_place,
    told_anew,
)
from actions.requests.danger import warn
from actions.requests.dropped import wishes_it_back
from actions.requests.explaining import explained
from actions.requests.naming import stays_unknown
from actions.requests.photos import WORDS_OF_A_WISH, said_without, take_photos, wishes_photo
from actions.requests.remarks import remark
from actions.requests.solved import says_only, tells_it_is_fixed
from actions.requests.status import names_request
from actions.state import RequestForm
from actions.turn import Turn, with_choices
from nlu.negation import denies
from nlu.text import words
from nlu.understanding import Decision, Understanding
from nlu.whereabouts import begins_with_place, says_where

_WORDS_THAT_SAY_SOMETHING = 3
_WHAT_TO_CHANGE = "what_to_change"
_PHOTO_MAY_COME = ("where", "arrondissement", "photo", "confirm")
_LEAVES = frozenset({"report/parking", "report/sidewalk_occupation", "report/noise", "report/stray_animals"})
"""Problems that go by themselves; of water, light or a lid it is the problem that they are gone."""


async def answer(turn: Turn, form: RequestForm) -> Reply | None:
    """The reply to an answer; None when the message is about something else."""
    incoming = turn.incoming
    unsure = turn.state.awaiting == _WHAT_TO_CHANGE
    if unsure:
        turn.state.awaiting = None
    if incoming.photo:
        return await _add_photos(turn, form)
    if incoming.location:
        return await placing.take_location(turn, form, *incoming.location)
    if incoming.choice:
        return await _take_choice(turn, form, incoming.choice)
    understanding = turn.understanding
    if understanding is None:
        return await _signs(turn, form)
    form.photo_asked = form.photo_asked or (form.asking not in ("photo", "confirm") and said_without(turn))
    if stays_unknown(turn):
        form.anonymous = True
        if form.asking not in ("what", "where") or not place_in(turn):
            return await corrected(turn, form)
    further = beside.noted(turn, form)
    if further is not None:
        return further.then(await _asked_again(turn, form))
    remarked = await remark(turn, form)
    if remarked is not None:
        return remarked
    if _gives_up(turn, understanding):
        form.asking = "cancelled"
        return Reply(())
    if _is_solved(turn, form):
        form.asking = "solved"
        return Reply(())
    if form.asking == "elsewhere":
        form.asking = "where"
    if form.asking == "what" and plain_reports.named(turn) in turn.house.categories:
        return _warned(turn, form, await _take_what(turn, form))
    if turn.house.report_words.same_place.are_in(turn.text) and not placing.denies(turn):
        if form.asking == "where" and form.same_place_as is None:
            form.same_place_as = await placing.place_before(turn)
        if form.same_place_as:
            return await placing.take_same_place(turn, form)
        if turn.state.later and form.place_text:
            # Said of the further problem that was just told: its place is known before its turn comes.
            turn.state.later[-1].same_place_as = placing.place_of(form)
            placing.use_same_place(turn.state.later[-1])
            return say("request.added").then(await _asked_again(turn, form))
    if form.asking in ("where", "arrondissement"):
        both = await _place_and_question(turn, form)
        if both is not None:
            return both
    if form.asking == "photo" and denies_photo(turn) and len(words(turn.text)) <= WORDS_OF_A_WISH:
        return await next_question(turn, form)
    if form.asking in _PHOTO_MAY_COME and wishes_photo(turn):
        return with_choices(say("request.send_photo_now"), *asking.choices_now(turn, form))
    if form.asking == "confirm" and turn.house.report_words.adds.are_in(turn.text):
        return _ask_what_to_add(turn, form)
    if form.asking in ("photo", "confirm") and turn.house.report_words.nothing_done.are_in(turn.text):
        add_words(form, turn.text)
        return say("request.not_sent_yet").then(await _go_on(turn, form))
    moved = await moving.moved(turn, form) if form.asking not in ("what", "where") else None
    if moved is not None:
        return moved
    renumbered = await other_number(turn, form) if form.asking not in ("what", "where") else None
    if renumbered is not None:
        return renumbered
    if form.asking in ("photo", "confirm") and not _begins_with_no(turn) and closer(turn, form):
        return await _go_on(turn, form)
    if form.asking not in ("what", "where"):
        fixed = await corrected(turn, form)
        if fixed is not None:
            return _warned(turn, form, fixed)
    elif _is_no_place_but_another_problem(turn, form):
        return await corrected(turn, form)
    if asides.asks_back(turn, form) or (form.asking != "confirm" and asides.is_something_else(turn, form)):
        return None
    match form.asking:
        case "what":
            return _warned(turn, form, await _take_what(turn, form))
        case "where":
            return await placing.take_where(turn, form)
        case "arrondissement":
            return await placing.take_arrondissement(turn, form)
        case "same":
            return await _take_same(turn, form)
        case "photo":
            return _warned(turn, form, await _take_photo_answer(turn, form))
        case _:
            return await _take_confirmation(turn, form, unsure=unsure)


async def _place_and_question(turn: Turn, form: RequestForm) -> Reply | None:
    """ "زنقة 5 حدا الحمام ولكن شكون المسؤول": the place is taken, and what is asked behind the "but" is told."""
    asked = turn.house.report_words.yes_but.behind(turn.text)
    place = turn.text.removesuffix(asked or "").rstrip()
    if not asked or not begins_with_place(place):
        return None
    question = replace(turn, understanding=turn.house.parser.parse(asked))
    told = explained(question, form) if questions.is_asked(question) else ()
    if not told:
        return None
    said = turn.house.parser.parse(turn.house.report_words.yes_but.without_last(place))
    return Reply(told).then(await placing.take_where(replace(turn, understanding=said), form))


async def _signs(turn: Turn, form: RequestForm) -> Reply | None:
    """A message without a letter answers only where "+1" does."""
    if form.asking == "same" and (turn.incoming.text or "").strip() == "+1":
        return await _take_same(turn, form)
    return None


async def _take_what(turn: Turn, form: RequestForm) -> Reply:
    understanding = turn.understanding
    reports = understanding is not None and understanding.intent.startswith("report/")
    dont_know = turn.house.report_words.dont_know.begin(turn.text) and not reports
    if dont_know or (understanding and understanding.intent in ("affirm", "deny")):
        return asking.ask_what(turn, form)
    found = place_in(turn)
    if found and not found.outside and (understanding is None or understanding.decision is not Decision.ANSWER):
        # Where, before what: the place is kept, and the question stays.
        take_place(form, replace(found, text=turn.text[:MAX_PLACE], exact=True))
        return asking.ask_what(turn, form)
    form.description = turn.text[:MAX_DESCRIPTION]
    named = plain_reports.named(turn)
    of_an_office = turn.house.categories[form.intent].place == "office"  # What a clerk did may sound like much else.
    if named is not None and named in turn.house.categories:
        form.intent = named
    elif reports and understanding and understanding.decision is not Decision.LOST and not of_an_office:
        form.intent = understanding.intent
    if understanding is None:
        take_place(form, found)
    else:
        placing.take_told(turn, form, understanding)
    return await next_question(turn, form)


async def _add_photos(turn: Turn, form: RequestForm) -> Reply:
    """Photos that follow one another fast were chosen together: the question is not asked again after each."""
    before, turn.state.photo_at = turn.state.photo_at, turn.now
    in_album = before is not None and turn.now - before <= ALBUM
    form.photo_asked = True
    if set(form.photos).issuperset(turn.incoming.photos):
        return with_choices(say("request.photo_twice"), *asking.choices_now(turn, form))
    added, left_out = take_photos(turn, form, turn.incoming.photos)
    if left_out:
        told = say("request.enough_photos", count=MAX_PHOTOS)
    elif added == len(form.photos) == 1:
        told = say("request.photo_added")
    else:
        told = say("request.photos_so_far", count=len(form.photos))
    if form.asking == "what" and turn.understanding:
        return told.then(await _take_what(turn, form))
    if in_album and form.asking is not None and len(form.photos) > 1:
        return with_choices(told, *asking.choices_now(turn, form))
    return told.then(await next_question(turn, form))


async def _take_same(turn: Turn, form: RequestForm) -> Reply | None:
    """ "Is it the same?": yes, "+1" and "me too" join where one was shown; a no goes on with the report."""
    intent = turn.understanding.intent if turn.understanding else "affirm"
    if intent == "deny" or turn.house.report_words.negation.begin(turn.text):
        return await next_question(turn, form)
    which = Reply(())
    if agrees(turn, turn.house.report_words.me_too) or turn.house.report_words.me_too.are_in(turn.text):
        number = await joining.only_similar(turn, form)
        if number is not None:
            return await _join(turn, form, number)
        which = say("request.which_same")
    shown = await joining.ask_whether_same(turn, form)
    return shown.then(Reply(which.parts, shown.choices)) if shown else await next_question(turn, form)


async def _join(turn: Turn, form: RequestForm, number: str) -> Reply:
    joined = await joining.join(turn, form, number)
    if joined is None:
        return await next_question(turn, form)
    form.asking = "joined"
    return joined


async def _take_photo_answer(turn: Turn, form: RequestForm) -> Reply:
    intent = turn.understanding.intent if turn.understanding else ""
    if intent == "affirm":
        form.asking = "photo"
        return with_choices(say("request.send_photo_now"), *asking.photo_choices())
    about_photos = denies_photo(turn) or bool(turn.entities_of("photo"))
    tells = len(words(turn.text)) >= _WORDS_THAT_SAY_SOMETHING or asides.gives_number(turn)
    if intent != "deny" and not about_photos and tells:
        add_words(form, turn.text)
        if not form.photos and not form.detailed:
            form.detailed = True
            return await _go_on(turn, form)  # Words are neither a photo nor a no.
    return await next_question(turn, form)


async def _take_choice(turn: Turn, form: RequestForm, payload: str) -> Reply | None:
    if payload.startswith("r:what:") and payload.removeprefix("r:what:") in turn.house.categories:
        form.intent = payload.removeprefix("r:what:")
        form.description = form.description or turn.house.knowledge.label(form.intent, turn.language)
        return _warned(turn, form, await next_question(turn, form), text="")
    if payload.startswith("r:arr:") and payload != "r:arr:others":
        return await placing.take_arrondissement_choice(turn, form, payload.removeprefix("r:arr:"))
    if payload.startswith("r:join:") and payload != "r:join:none":
        return await _join(turn, form, payload.removeprefix("r:join:"))
    match payload:
        case "r:where:photo" if form.photo_lat is not None and form.photo_lon is not None:
            return await placing.take_location(turn, form, form.photo_lat, form.photo_lon)
        case "r:arr:others":
            return asking.other_arrondissements(turn, form)
        case "r:same_place" if form.same_place_as:
            return await placing.take_same_place(turn, form)
        case "r:other_place":
            form.same_place_as = None
        case "r:photo:no":
            form.photo_asked = True
        case "r:join:none" | "r:resume":
            pass
        case "r:cancel":
            form.asking = "cancelled"
            return Reply(())
        case "r:send" if form.asking == "confirm":
            form.asking = "file"
            return Reply(())
        case "r:change" if form.asking == "confirm":
            return asking.what_to_change(turn, form)
        case "r:anonymous":
            form.anonymous = True
        case "r:redo:photos":
            form.photos, form.photo_asked = [], True
        case "r:redo:what":
            form.description = ""
        case "r:redo:where":
            form.place_text, form.place_id, form.lat, form.lon, form.arrondissement = "", None, None, None, None
            form.compared = False
        case _:
            return None
    return await next_question(turn, form)


async def _take_confirmation(turn: Turn, form: RequestForm, *, unsure: bool) -> Reply | None:
    """Yes, no, or a sentence that corrects. `unsure`: a bare yes would answer "what is wrong?"."""
    understanding = turn.understanding
    if understanding is None:
        return None
    if denies_photo(turn) and not form.photos:
        return asking.summary(turn, form)
    send = turn.house.report_words.send
    if send.are_all_of(turn.text) or (not unsure and says_yes(turn, send)):
        form.asking = "file"
        return Reply(())
    replaced = await replaced_at_summary(turn, form)
    if replaced is not None:
        return _warned(turn, form, replaced)
    if understanding.decision is not Decision.LOST:
        if turn.house.report_words.besides.are_all_of(turn.text):
            return _ask_what_to_add(turn, form)  # "zid" is "go on" as well as "add".
        if not unsure and agrees(turn, send):
            form.asking = "file"
            return Reply(())
        if understanding.intent == "deny":
            return await told_anew(turn, form) or _ask_what_to_change(turn, form)
    if _keeps_it(turn):
        return say("request.confirm_please").then(asking.summary(turn, form))
    if asides.is_something_else(turn, form):
        return None
    tells = unsure or understanding.intent == "affirm" or asides.is_a_detail(turn, form)
    enough = len(words(turn.text)) >= _WORDS_THAT_SAY_SOMETHING or turn.house.report_words.worse.are_in(turn.text)
    says_something = enough or asides.gives_number(turn)
    if tells and says_something and not questions.is_asked(turn):
        add_words(form, turn.text)
        return say("request.added").then(asking.summary(turn, form))
    return say("request.confirm_please").then(asking.summary(turn, form))


async def _go_on(turn: Turn, form: RequestForm) -> Reply:
    """After something was added beside what the question was about."""
    return say("request.added").then(await _asked_again(turn, form))


async def _asked_again(turn: Turn, form: RequestForm) -> Reply:
    form.put_again()
    return await next_question(turn, form)


def _begins_with_no(turn: Turn) -> bool:
    report_words = turn.house.report_words
    return report_words.negation.begin(turn.text) and not report_words.near.begin(turn.text)


def _ask_what_to_add(turn: Turn, form: RequestForm) -> Reply:
    turn.state.awaiting = _WHAT_TO_CHANGE
    return with_choices(say("request.add.now"), *asking.choices_now(turn, form))


def _ask_what_to_change(turn: Turn, form: RequestForm) -> Reply:
    turn.state.awaiting = _WHAT_TO_CHANGE
    return asking.what_to_change(turn, form)


def _gives_up(turn: Turn, understanding: Understanding) -> bool:
    """ "annule", "بدلت رايي", "حيد الطلب" of a request that is not filed yet, and "nn anulé tt": a no that may be a cancelling
    as well is one."""
    if questions.asks_anywhere(turn):
        return False  # "واش نصيفط ولا لا"
    if turn.entities_of("photo"):
        return False  # "Laissez tomber la photo" gives up the photo alone.
    said = turn.house.report_words
    if says_only(turn, said.gives_up) or said.cancels.are_all_of(turn.text):
        return True
    if _keeps_it(turn):
        return False
    if understanding.decision is Decision.ANSWER:
        return understanding.intent == "cancel" or _withdraws_the_draft(turn, understanding)
    return understanding.decision is Decision.ASK and {r.intent for r in understanding.ranking[:2]} == {
        "cancel",
        "deny",
    }


def _keeps_it(turn: Turn) -> bool:
    """ "لا عفاك رجعها" behind "don't send it" sounds like a cancelling, and is the contrary."""
    said = turn.house.report_words
    gives_up = said.gives_up.are_in(turn.text) or said.cancels.are_in(turn.text)
    return wishes_it_back(turn) and not said.send.are_in(turn.text) and not gives_up


def _withdraws_the_draft(turn: Turn, understanding: Understanding) -> bool:
    """The words for a filed request, without the number of one, mean the report that is being written."""
    about_it = not names_request(turn) and place_in(turn) is None
    return understanding.intent == "request/cancel" and about_it and not denies(turn.text)


def _is_solved(turn: Turn, form: RequestForm) -> bool:
    said = turn.house.report_words
    return tells_it_is_fixed(turn) or (form.intent in _LEAVES and says_only(turn, said.gone))


def _is_no_place_but_another_problem(turn: Turn, form: RequestForm) -> bool:
    """ "la, lfiran" where a place was asked for."""
    reports = turn.understanding is not None and turn.understanding.intent.startswith("report/")
    return (
        form.asking == "where" and reports and placing.denies(turn) and not says_where(turn.text) and not place_in(turn)
    )


def _warned(turn: Turn, form: RequestForm, reply: Reply, *, text: str | None = None) -> Reply:
    """With the emergency numbers first, where the new words speak of danger."""
    return warn(turn, form, turn.text if text is None else text).then(reply)
