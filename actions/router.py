"""Who answers a message: the one place where the order of precedence stands.

The steps below are asked in turn, and the first that has a reply gives it. Once an intent is settled, `acting.py` does what it
asks for; taps are read by `taps.py`, and messages that may mean two things by `which.py`.
"""

from collections.abc import Awaitable, Callable, Sequence
from inspect import isawaitable

from actions import (
    arriving,
    at_once,
    directions,
    emergency,
    everyday,
    faq,
    handover,
    how_far,
    irrevocable,
    other_houses,
    plain_reports,
    plain_words,
    push_consent,
    rides,
    setting_out,
    smalltalk,
)
from actions.acting import act_on, then_form
from actions.expo import meant as expo_meant
from actions.expo import on_site as expo_on_site
from actions.expo import practical as expo_practical
from actions.expo import screen as expo_screen
from actions.expo.screen import is_spoken_of
from actions.geography import is_on_earth
from actions.reply import Reply, say
from actions.requests import additions, afterwards, dropped, elsewhere, filing, own, questions, status
from actions.requests.consent import agrees, refuses
from actions.requests.danger import is_daily_smoke
from actions.taps import tapped
from actions.turn import Outcome, Turn, with_choices
from actions.visitors import cleared, know_stars, ordered, remembered, written
from actions.which import answered, ask_which, unsure
from nlu.understanding import Decision

Step = Callable[[Turn], Awaitable[Reply | None] | Reply | None]


async def respond(turn: Turn) -> Reply:
    """The reply to one message. Never empty, whatever was sent, but while a person of staff has the conversation."""
    reply = await _first(turn, _STEPS)
    if reply is None:
        reply = await _sure(turn)
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


async def _first(turn: Turn, steps: Sequence[Step]) -> Reply | None:
    for step in steps:
        reply = step(turn)
        if isawaitable(reply):
            reply = await reply
        if reply is not None:
            return reply
    return None


def _keeping_form(step: Step) -> Step:
    """The step as an aside: an open form asks its question again after the reply."""

    async def aside(turn: Turn) -> Reply | None:
        reply = await _first(turn, [step])
        return None if reply is None else await then_form(turn, reply)

    return aside


async def _emergency(turn: Turn) -> Reply | None:
    if not emergency.is_meant(turn):
        return None
    noted = await additions.pressed(turn)
    answer = faq.answer(turn, "emergency")
    return None if answer is None else answer.then(noted)


def _abuse(turn: Turn) -> Reply | None:
    return smalltalk.calm(turn) if smalltalk.is_abuse(turn) else None


async def _forget_me(turn: Turn) -> Reply | None:
    decided = await irrevocable.decided(turn)
    return decided if decided is None or turn.forget_person else await then_form(turn, decided)


async def _open_form(turn: Turn) -> Reply | None:
    reply = await filing.go_on(turn)
    if reply is not None:
        turn.outcome = Outcome.FORM
    return reply


def _wordless(turn: Turn) -> None:
    """No reply: from here on a message without words counts as one of another kind."""
    if turn.understanding is None:
        turn.outcome = Outcome.OTHER


async def _photos(turn: Turn) -> Reply | None:
    if turn.incoming.photo is None:
        return None
    return await additions.late_photos(turn) or await filing.begin_with_photos(turn, turn.incoming.photos)


def _location(turn: Turn) -> Reply | None:
    if turn.incoming.location is None:
        return None
    if not is_on_earth(*turn.incoming.location):
        return with_choices(say("refused.bad_location"), turn.intent_choice("help"))
    return directions.about_location(turn, *turn.incoming.location)


def _other_kind(turn: Turn) -> Reply | None:
    if turn.incoming.voice is not None:
        return smalltalk.voice(turn)
    return smalltalk.cannot_use(turn) if turn.incoming.other is not None and turn.understanding is None else None


async def _problem_at_same_place(turn: Turn) -> Reply | None:
    another = await filing.problem_at_same_place(turn)
    return None if another is None else await act_on(turn, another)


def _unreadable(turn: Turn) -> Reply | None:
    return smalltalk.unreadable(turn) if turn.understanding is None else None


async def _yes_or_no(turn: Turn) -> Reply | None:
    """Yes or no to the question that is open."""
    awaiting = turn.state.awaiting or ""
    intent = turn.understanding.intent if turn.understanding else ""
    if intent not in ("affirm", "deny", "request/cancel") or questions.asks_anywhere(turn):
        return None
    if awaiting.startswith("fixed:"):
        fixed = intent != "deny" and not refuses(turn)
        return await afterwards.is_fixed(turn, awaiting.removeprefix("fixed:"), fixed=fixed)
    if awaiting == "clear_agenda" and intent != "request/cancel":
        confirmed = agrees(turn, turn.house.report_words.erases)
        return await cleared(turn, confirmed=confirmed) or smalltalk.affirm_nothing(turn)
    return None


async def _another_problem(turn: Turn) -> Reply | None:
    return await act_on(turn, "report/other") if filing.wishes_another(turn) else None


async def _names_request(turn: Turn) -> Reply | None:
    """A number makes it sure, however unsure the words around it are."""
    intent = turn.understanding.intent if turn.understanding else ""
    if status.is_bare_number(turn):
        return await act_on(turn, "request/status")
    if status.names_request(turn) and not intent.startswith("report/"):
        meant = {"cancel": "request/cancel", "request/cancel": "request/cancel", "request/list": "request/list"}
        return await act_on(turn, meant.get(intent, "request/status"))
    return None


async def _plainly_said(turn: Turn) -> Reply | None:
    intent = plain_words.intent(turn) or rides.intent(turn) or plain_reports.intent(turn)
    if intent is not None:
        return _if_danger(turn).then(await act_on(turn, intent))
    either = plain_reports.either(turn)
    return ask_which(turn, either) if either else plain_words.answered(turn)


async def _on_the_way(turn: Turn) -> Reply | None:
    reply = arriving.on_the_way(turn)
    return None if reply is None else remembered(turn, reply)


async def _at_the_expo(turn: Turn) -> Reply | None:
    await know_stars(turn)
    reply = expo_on_site.asked(turn)
    return None if reply is None else remembered(turn, reply)


def _unknown_case(turn: Turn) -> Reply | None:
    """What a sheet does not know is told so."""
    if turn.state.form is not None:
        return None
    unknown = None if is_spoken_of(turn) else faq.case_unknown(turn)
    return faq.about_nothing(turn) if unknown is None and not expo_meant.is_topical(turn) else unknown


def _place_alone(turn: Turn) -> Reply | None:
    if directions.is_bare_place(turn) or emergency.is_ruled_out(turn):
        return ask_which(turn, ["transport/directions", "report/other"])
    return None


async def _what_became(turn: Turn) -> Reply | None:
    return await act_on(turn, "request/status") if status.asks_what_became(turn) else None


async def _report_with_a_place(turn: Turn) -> Reply | None:
    report = elsewhere.report_with_a_place(turn)
    return None if report is None else await act_on(turn, report)


async def _about_the_expo(turn: Turn) -> Reply | None:
    intent = expo_meant.intent(turn) or expo_practical.of_service(turn)
    perhaps = expo_meant.either(turn) if intent is None else None
    if intent is None and perhaps is None:
        return None
    turn.state.lost_in_a_row = 0
    return await act_on(turn, intent) if intent is not None else ask_which(turn, perhaps or ())


def _lost(turn: Turn) -> Reply | None:
    if turn.understanding is None or turn.understanding.decision is not Decision.LOST:
        return None
    turn.outcome = Outcome.LOST
    return smalltalk.lost(turn)


async def _matter_of_the_expo(turn: Turn) -> Reply | None:
    if not expo_practical.is_meant(turn):
        return None
    turn.state.lost_in_a_row = 0
    return await act_on(turn, "expo/practical")


async def _sure(turn: Turn) -> Reply:
    turn.state.lost_in_a_row = 0
    intent = turn.understanding.intent if turn.understanding else "help"
    return _if_danger(turn).then(await act_on(turn, emergency.meant_instead(turn) or intent))


def _if_danger(turn: Turn) -> Reply:
    """The smoke of every day may be a fire today."""
    return say("smalltalk.if_danger") if is_daily_smoke(turn) and turn.state.form is None else Reply(())


_STEPS: tuple[Step, ...] = (
    _keeping_form(_emergency),
    push_consent.decide,
    handover.with_a_person,
    additions.hurried,
    emergency.hurried,
    _keeping_form(plain_words.aside),
    _keeping_form(other_houses.aside),
    _keeping_form(everyday.the_time),
    _keeping_form(_abuse),
    _forget_me,
    _open_form,
    dropped.wanted_again,
    written,
    # No question is open: taps, and messages without words.
    _wordless,
    tapped,
    _photos,
    _location,
    _keeping_form(_other_kind),
    # Words that go to a request, a list or a question before it matters which intent they sound like.
    smalltalk.short_of_time,
    own.what_now,
    afterwards.written_answer,
    additions.written,
    _problem_at_same_place,
    own.of_the_list,
    ordered,
    additions.wished,
    _keeping_form(_unreadable),
    _keeping_form(status.nothing_done),
    _keeping_form(status.told_fixed),
    answered,
    _yes_or_no,
    _another_problem,
    own.named,
    _names_request,
    _on_the_way,
    at_once.questions,
    _plainly_said,
    rides.answered,
    how_far.asked,
    everyday.toilets,
    everyday.access_of_the_tram,
    everyday.train_elsewhere,
    _keeping_form(directions.of_the_way),
    _keeping_form(_at_the_expo),
    everyday.number_of_nothing,
    directions.in_stages,
    setting_out.told,
    _keeping_form(directions.other_end),
    _keeping_form(directions.way_back),
    filing.asked_about,
    status.by_whom_and_when,
    _keeping_form(faq.follow_up),
    _unknown_case,
    _place_alone,
    _what_became,
    _report_with_a_place,
    _about_the_expo,
    # What the words alone say.
    _keeping_form(_lost),
    _matter_of_the_expo,
    unsure,
)
