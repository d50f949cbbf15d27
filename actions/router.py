"""From what a person sent to what the assistant does: the one place where intents meet actions.

Order of precedence: emergencies, STOP and START, a person of staff who has the conversation, abuse, yes or no to "forget me", the open form, a sentence that
was asked for, taps, photos, locations and other kinds, and then what the words mean (`_understood`).
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace

from actions import directions, emergency, faq, handover, irrevocable, notices, privacy, push_consent, smalltalk
from actions.expo import again as expo_again
from actions.expo import door as expo_door
from actions.expo import meant as expo_meant
from actions.expo import on_site as expo_on_site
from actions.expo import practical as expo_practical
from actions.expo import screen as expo_screen
from actions.geography import is_on_earth
from actions.reply import Reply, say
from actions.requests import additions, afterwards, elsewhere, filing, questions, receipts, status
from actions.requests.consent import agrees, refuses
from actions.requests.several import are_one
from actions.turn import Outcome, Turn, with_choices
from actions.visitors import chosen, cleared, know_stars, ordered, own_agenda, remembered, written
from nlu.understanding import Decision, Language, Understanding
from nlu.whereabouts import is_address

_WHICH = "which:"
_WORTH_ASKING, _WORTH_ASKING_OF_STRANGERS = 0.2, 0.3
"""Probability of both sides together of "did you mean A or B?"; the second where nothing that is served is likeliest."""
NEVER_ASKED = frozenset({"out_of_scope", "affirm", "deny", "help", "greet", "goodbye", "thanks"})
"""Intents that make no sense as one side of "did you mean A or B?"."""


async def respond(turn: Turn) -> Reply:
    """The reply to one message. Never empty, whatever was sent."""
    reply = await _respond(turn)
    if turn.state.form is not None and turn.state.expo_at != turn.now:
        expo_screen.move_on(turn)
    if (
        turn.incoming.other is not None
        and turn.understanding is not None
        and not emergency.is_meant(turn)
        and reply.parts
    ):
        return smalltalk.only_words(turn).then(reply)
    return reply


async def _respond(turn: Turn) -> Reply:
    if emergency.is_meant(turn):
        return await _emergency(turn)
    about_pushes = push_consent.decide(turn)
    if about_pushes is not None:
        return about_pushes
    with_a_person = await handover.with_a_person(turn)
    if with_a_person is not None:
        return with_a_person
    if smalltalk.is_abuse(turn):
        return await _then_form(turn, smalltalk.calm(turn))
    decided = await irrevocable.decided(turn)
    if decided is not None:
        return decided if turn.forget_person else await _then_form(turn, decided)
    in_form = await filing.go_on(turn)
    if in_form is not None:
        turn.outcome = Outcome.FORM
        return in_form
    sentence = await written(turn)
    if sentence is not None:
        return sentence
    if turn.understanding is None:
        turn.outcome = Outcome.OTHER
    if turn.incoming.choice is not None:
        return await _chosen(turn, turn.incoming.choice)
    if turn.incoming.photo is not None:
        return await additions.late_photos(turn) or await filing.begin_with_photos(turn, turn.incoming.photos)
    if turn.incoming.location is not None:
        if not is_on_earth(*turn.incoming.location):
            return with_choices(say("refused.bad_location"), turn.intent_choice("help"))
        return directions.about_location(turn, *turn.incoming.location)
    if turn.incoming.voice is not None:
        return await _then_form(turn, smalltalk.voice(turn))
    if turn.incoming.other is not None and turn.understanding is None:
        return await _then_form(turn, smalltalk.cannot_use(turn))
    return await _understood(turn)


async def _understood(turn: Turn) -> Reply:
    understanding = turn.understanding
    answered = await afterwards.written_answer(turn) or await additions.written(turn)
    another = None if answered else await filing.problem_at_same_place(turn)
    if another is not None:
        return await act_on(turn, another)
    answered = answered or await ordered(turn) or await additions.wished(turn)
    if answered is not None:
        return answered
    if understanding is None:
        return await _then_form(turn, smalltalk.unreadable(turn))
    complained = await status.nothing_done(turn) or await status.told_fixed(turn)
    if complained is not None:
        return await _then_form(turn, complained)
    bare = await _bare_answer(turn, understanding)
    if bare is not None:
        return bare
    if filing.wishes_another(turn):
        return await act_on(turn, "report/other")
    if status.is_bare_number(turn):
        return await act_on(turn, "request/status")
    if status.names_request(turn) and not understanding.intent.startswith("report/"):
        # A number makes it sure, however unsure the words around it are.
        meant = {"cancel": "request/cancel", "request/cancel": "request/cancel", "request/list": "request/list"}
        return await act_on(turn, meant.get(understanding.intent, "request/status"))
    await know_stars(turn)
    at_expo = expo_on_site.asked(turn)
    if at_expo is not None:
        return await _then_form(turn, remembered(turn, at_expo))
    other_end = directions.other_end(turn) or directions.way_back(turn)
    if other_end is not None:
        return await _then_form(turn, other_end)
    about_report = await filing.asked_about(turn) or await status.by_whom_and_when(turn)
    if about_report is not None:
        return about_report
    followed = faq.follow_up(turn)
    if followed is not None:
        return await _then_form(turn, followed)
    if turn.state.form is None:
        unknown = faq.case_unknown(turn)
        if unknown is None and not expo_meant.is_topical(turn):
            unknown = faq.about_nothing(turn)
        if unknown is not None:
            return unknown
    if directions.is_bare_place(turn) or emergency.is_ruled_out(turn):
        return _ask_which(turn, ["transport/directions", "report/other"])
    if status.asks_what_became(turn):
        return await act_on(turn, "request/status")
    with_a_place = elsewhere.report_with_a_place(turn)
    if with_a_place is not None:
        return await act_on(turn, with_a_place)
    about_expo = expo_meant.intent(turn) or expo_practical.of_service(turn)
    if about_expo is not None:
        turn.state.lost_in_a_row = 0
        return await act_on(turn, about_expo)
    perhaps = expo_meant.either(turn)
    if perhaps is not None:
        turn.state.lost_in_a_row = 0
        return _ask_which(turn, perhaps)
    if understanding.decision is Decision.LOST:
        turn.outcome = Outcome.LOST
        return await _then_form(turn, smalltalk.lost(turn))
    lost_before, turn.state.lost_in_a_row = turn.state.lost_in_a_row, 0
    if expo_practical.is_meant(turn):
        return await act_on(turn, "expo/practical")
    if understanding.decision is Decision.ASK:
        about_requests = any(ranked.intent.startswith("request/") for ranked in understanding.ranking)
        if about_requests and not await status.has_any(turn):
            understanding = status.without_requests(understanding)
        asked = [ranked for ranked in understanding.ranking if _may_be_asked(turn, ranked.intent)][:2]
        intents = [ranked.intent for ranked in asked]
        unserved = understanding.ranking[0].intent == "out_of_scope"
        enough = _WORTH_ASKING_OF_STRANGERS if unserved else _WORTH_ASKING
        if sum(ranked.confidence for ranked in asked) < enough:
            # What was likely cannot be asked about, and the rest is far-fetched.
            turn.outcome, turn.state.lost_in_a_row = Outcome.LOST, lost_before
            return await _then_form(turn, smalltalk.lost(turn))
        if await status.withdraws_rather(turn, intents):
            return await act_on(turn, "request/cancel")
        if intents[0].startswith("report/") and filing.tells_of_two(turn):
            return await act_on(turn, intents[0])
        if "report/other" in intents and all(intent.startswith("report/") for intent in intents):
            # "I want to report a pothole": the report that says what is meant, the summary lets it be corrected.
            return await act_on(turn, next(intent for intent in intents if intent != "report/other"))
        if all(intent.startswith("report/") for intent in intents) and are_one(turn.house.categories, *intents):
            # Rubbish or bins: two words for one problem, which the summary shows.
            return await act_on(turn, intents[0])
        nearby = faq.near_topic(turn, intents)
        if nearby is not None:
            return await act_on(turn, nearby)
        if expo_meant.PROGRAMME.issuperset(intents):
            # Day, hour, room, topic and speaker are read from the words whichever of them it is.
            return await act_on(turn, intents[0])
        return _ask_which(turn, intents)
    return await act_on(turn, "report/road" if emergency.is_traffic_light(turn) else understanding.intent)


def _may_be_asked(turn: Turn, intent: str) -> bool:
    """Whether an intent makes sense as one side of "did you mean A or B?"; the expo does not amid talk of something else."""
    return intent not in NEVER_ASKED and not (intent.startswith("expo/") and expo_meant.is_far(turn))


def _ask_which(turn: Turn, intents: Sequence[str]) -> Reply:
    turn.outcome = Outcome.ASKED
    turn.state.last_question, turn.state.awaiting = turn.text[:1_000], _WHICH + ",".join(intents)
    return smalltalk.ask_which(turn, intents)


async def act_on(turn: Turn, intent: str) -> Reply:
    """Does what an intent asks for; an open form is taken up again afterwards."""
    turn.state.awaiting = None
    reply = await notices.with_notices(turn, intent, await _act(turn, intent))
    if intent.startswith("request/"):
        expo_screen.move_on(turn)
    if intent.startswith("report/") or intent in ("cancel", "request/cancel", "my_data"):
        return reply
    return await _then_form(turn, reply)


async def _act(turn: Turn, intent: str) -> Reply:
    """Reports and expo questions by family, the others by the tables below; whatever has an answer file is answered from it."""
    if intent.startswith("report/"):
        return await filing.begin(turn, intent)
    if intent == "expo/directions":
        return directions.to_the_expo(turn)
    if intent.startswith("expo/"):
        reply = await own_agenda(turn, intent) or remembered(turn, _about_expo(turn, intent))
        expo_again.keep(turn, intent)
        return reply
    if intent in _STORED:
        return await _STORED[intent](turn)
    if intent in _DIRECT:
        return _DIRECT[intent](turn)
    return faq.answer(turn, intent)


def _about_expo(turn: Turn, intent: str) -> Reply:
    unanswered = expo_practical.unanswered(turn, intent)
    if unanswered is not None:
        return unanswered
    entities = expo_again.entities(turn)
    answered = turn.expo.answer(
        intent, turn.text, entities, language=turn.language, now=turn.expo_time, starred=turn.starred
    )
    return answered or faq.answer(turn, intent)


async def _cancel(turn: Turn) -> Reply:
    if turn.state.form:
        return await filing.abandon(turn)
    return await status.change_of_mind(turn) or smalltalk.nothing_to_cancel(turn)


_DIRECT: Mapping[str, Callable[[Turn], Reply]] = {
    "greet": smalltalk.greet,
    "goodbye": smalltalk.goodbye,
    "thanks": smalltalk.thanks,
    "help": smalltalk.help_,
    "affirm": smalltalk.affirm_nothing,
    "deny": smalltalk.affirm_nothing,
    "change_language": smalltalk.change_language,
    "bot_challenge": smalltalk.who_are_you,
    "wrong_answer": smalltalk.wrong_answer,
    "out_of_scope": smalltalk.out_of_scope,
    "faq/arrondissement": directions.arrondissement,
    "transport/nearest_stop": directions.nearest_stop,
    "transport/directions": directions.directions,
    "transport/airport": directions.airport,
    "transport/lines": directions.lines,
}
_STORED: Mapping[str, Callable[[Turn], Awaitable[Reply]]] = {
    "cancel": _cancel,
    "my_data": privacy.my_data,
    "talk_to_human": handover.talk_to_human,
    "request/status": status.status,
    "request/list": status.own_list,
    "request/cancel": status.withdraw,
}


async def _chosen(turn: Turn, payload: str) -> Reply:
    """A button was tapped. Payloads of an older version or of a finished form get the menu, not an error."""
    kind, _, rest = payload.partition(":")
    if kind in ("start", "door"):
        await know_stars(turn)
    match kind:
        case "i" if rest in turn.house.knowledge.intents:
            _ask_again(turn, rest)
            return await act_on(turn, rest)
        case "start":
            # A link or a QR code whose parameter nothing knows (any more) still opens the chat.
            return await _then_form(turn, expo_door.opened(turn, rest) or smalltalk.welcome(turn))
        case "door":
            return remembered(turn, expo_door.chosen(turn, rest) or smalltalk.help_(turn))
        case "l" if rest in set(Language):
            return await _then_form(turn, smalltalk.fix_language(turn, Language(rest)))
        case _ if kind in status.PAYLOADS:
            return await status.chosen(turn, kind, rest)
        case "ad":
            return await additions.ask(turn, rest)
        case "rc":
            return await receipts.receipt(turn, rest)
        case "q":
            return await afterwards.chosen_answer(turn, rest) or smalltalk.help_(turn)
        case "pn" if await additions.take_photo_back(turn, rest):
            return await filing.begin_with_photos(turn, [rest])
        case "forget" if turn.state.awaiting == "forget_me":
            return await privacy.forget(turn)
        case "keep":
            turn.state.awaiting = None
            return await filing.resume(turn) if turn.state.form else smalltalk.affirm_nothing(turn)
        case "report_here" if turn.state.location:
            reply = await filing.begin(turn, "report/other")
            found = turn.house.city.arrondissement_at(*turn.state.location)
            if turn.state.form and found:
                turn.state.form.lat, turn.state.form.lon = turn.state.location
                turn.state.form.arrondissement = found.id
            return reply
        case "expo" | "ag" | "fb":
            expo_again.keep_chosen(turn, payload)
            return await chosen(turn, payload) or smalltalk.help_(turn)
        case _:
            return smalltalk.help_(turn)


def _ask_again(turn: Turn, intent: str) -> None:
    """The answer to "which of the two?" is about the message that was unsure, so its words and places are used."""
    question, turn.state.last_question = turn.state.last_question, None
    if question is None:
        return
    meant = turn.house.parser.parse(question)
    heard = intent in expo_meant.PROGRAMME or intent in [ranked.intent for ranked in meant.ranking]
    if heard or directions.names_only_places(meant):
        turn.understanding = replace(meant, intent=intent, decision=Decision.ANSWER)
        turn.incoming = replace(turn.incoming, text=question)


async def _bare_answer(turn: Turn, understanding: Understanding) -> Reply | None:
    """Yes or no to the question that is open."""
    awaiting = turn.state.awaiting
    if awaiting is None:
        return None
    if awaiting.startswith(_WHICH):
        return await _yes_or_no_to_which(turn, understanding, awaiting.removeprefix(_WHICH).split(","))
    if understanding.intent not in ("affirm", "deny", "request/cancel") or questions.asks_anywhere(turn):
        return None
    if awaiting.startswith("fixed:"):
        fixed = understanding.intent != "deny" and not refuses(turn)
        return await afterwards.is_fixed(turn, awaiting.removeprefix("fixed:"), fixed=fixed)
    if awaiting == "clear_agenda" and understanding.intent != "request/cancel":
        confirmed = agrees(turn, turn.house.report_words.erases)
        return await cleared(turn, confirmed=confirmed) or smalltalk.affirm_nothing(turn)
    return None


async def _yes_or_no_to_which(turn: Turn, understanding: Understanding, intents: Sequence[str]) -> Reply | None:
    """A yes to "did you mean A?" is A, one to "A or B?" says no more than that it was one of them; a no is neither.

    Who answers with a place reported something there: the report that was likelier goes on with both messages.
    """
    turn.state.awaiting = None
    report = next((intent for intent in intents if intent.startswith("report/")), None)
    if report and turn.state.last_question and (is_address(turn.text) or turn.entities_of("place")):
        text = f"{turn.state.last_question}, {turn.text}"
        turn.understanding = replace(turn.house.parser.parse(text), intent=report, decision=Decision.ANSWER)
        turn.incoming, turn.state.last_question = replace(turn.incoming, text=text), None
        return await act_on(turn, report)
    if understanding.decision is not Decision.ANSWER or understanding.intent not in ("affirm", "deny"):
        return None
    if understanding.intent == "deny":
        return smalltalk.help_(turn)
    if len(intents) == 1:
        _ask_again(turn, intents[0])
        return await act_on(turn, intents[0])
    turn.outcome, turn.state.awaiting = Outcome.ASKED, _WHICH + ",".join(intents)
    return smalltalk.ask_which(turn, intents)


async def _then_form(turn: Turn, reply: Reply) -> Reply:
    return reply.then(await filing.resume(turn)) if turn.state.form else reply


async def _emergency(turn: Turn) -> Reply:
    return await _then_form(turn, faq.answer(turn, "emergency"))
