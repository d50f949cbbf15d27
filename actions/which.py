""" "Did you mean A or B?": when it is worth asking, and what an answer to it means."""

from collections.abc import Sequence
from dataclasses import replace

from actions import directions, faq, smalltalk
from actions.acting import act_on, then_form
from actions.expo import meant as expo_meant
from actions.reply import Reply
from actions.requests import filing, status
from actions.requests.photos import said_without
from actions.requests.several import are_one
from actions.turn import Outcome, Turn
from nlu.understanding import Decision, Understanding
from nlu.whereabouts import is_address

_AWAITED = "which:"
_WORTH_ASKING, _WORTH_ASKING_OF_STRANGERS = 0.2, 0.3
"""Probability of both sides together of "did you mean A or B?"; the second where nothing that is served is likeliest."""
_WHERE_IT_IS = frozenset({"expo/venue", "expo/directions", "transport/directions"})
_NEVER_ASKED = frozenset({"out_of_scope", "affirm", "deny", "help", "greet", "goodbye", "thanks"})
"""Intents that make no sense as one side of "did you mean A or B?"."""
_ASKS_FOR_HELP = frozenset({"help", "greet"})
_ENDS = " .,;:!?…؟،"
_COURTESIES = frozenset({"affirm", "thanks", "goodbye"})


async def unsure(turn: Turn) -> Reply | None:
    """What to do with a message whose meaning is open between intents; None for one that is surely understood.

    Where it makes no difference which of them was meant, the likelier is done and nothing asked.
    """
    understanding = turn.understanding
    if understanding is None:
        return None
    if _is_courtesy(understanding):
        turn.state.lost_in_a_row = 0
        return await act_on(turn, "thanks")
    if understanding.decision is not Decision.ASK:
        return None
    about_requests = any(ranked.intent.startswith("request/") for ranked in understanding.ranking)
    if about_requests and not await status.has_any(turn):
        own = turn.house.report_words.own_request.are_in(turn.text)
        if own and understanding.intent.startswith("request/"):
            return await act_on(turn, "request/status")  # "wach tabligh dyali wsel": there is none, which is said.
        understanding = status.without_requests(understanding)
    asked = [ranked for ranked in understanding.ranking if _may_be_asked(turn, ranked.intent)][:2]
    unserved = understanding.ranking[0].intent == "out_of_scope"
    enough = _WORTH_ASKING_OF_STRANGERS if unserved else _WORTH_ASKING
    if sum(ranked.confidence for ranked in asked) < enough:
        # What was likely cannot be asked about, and the rest is far-fetched.
        turn.outcome = Outcome.LOST
        return await then_form(turn, smalltalk.lost(turn))
    turn.state.lost_in_a_row = 0
    intents = [ranked.intent for ranked in asked]
    if "emergency" in intents and understanding.intent in _ASKS_FOR_HELP:
        intents = ["emergency"]  # "hi im stuck": somebody in danger, or lost in the menu, and nothing far-fetched.
    if await status.withdraws_rather(turn, intents):
        return await act_on(turn, "request/cancel")
    all_the_same = _as_good_as(turn, intents)
    return await act_on(turn, all_the_same) if all_the_same else ask_which(turn, intents)


def _as_good_as(turn: Turn, intents: Sequence[str]) -> str | None:
    """The intent that is right whichever of them was meant."""
    all_reports = all(intent.startswith("report/") for intent in intents)
    if all(intent.startswith("transport/") for intent in intents) and directions.tells_both_ends(turn):
        return "transport/directions"  # "le tram de Casa Voyageurs à Sidi Moumen combien de temps": the way has lines and minutes.
    if "expo/directions" in intents and _WHERE_IT_IS.issuperset(intents) and directions.starts_for_the_expo(turn):
        return "expo/directions"
    if intents[0].startswith("report/") and filing.several_told(turn):
        return intents[0]
    if "report/other" in intents and all_reports:
        # "I want to report a pothole": the report that says what is meant, the summary lets it be corrected.
        return next(intent for intent in intents if intent != "report/other")
    if all_reports and are_one(turn.house.categories, *intents):
        return intents[0]  # Rubbish or bins: two words for one problem, which the summary shows.
    nearby = faq.near_topic(turn, intents)
    if nearby is not None:
        return nearby
    # Day, hour, room, topic and speaker are read from the words whichever of them it is.
    return intents[0] if expo_meant.PROGRAMME.issuperset(intents) else None


def _is_courtesy(understanding: Understanding) -> bool:
    """ "safi chokran", "ok merci": assent or thanks, which are answered alike where nothing is open."""
    likeliest = {ranked.intent for ranked in understanding.ranking[:2] if ranked.confidence >= _WORTH_ASKING}
    return "thanks" in likeliest and likeliest <= _COURTESIES


def _may_be_asked(turn: Turn, intent: str) -> bool:
    """Whether an intent makes sense as one side of "did you mean A or B?"; the expo does not amid talk of something else."""
    return intent not in _NEVER_ASKED and not (intent.startswith("expo/") and expo_meant.is_far(turn))


def ask_which(turn: Turn, intents: Sequence[str]) -> Reply:
    """Asks, and keeps the question's words for the answer."""
    turn.outcome = Outcome.ASKED
    turn.state.last_question, turn.state.awaiting = turn.text[:1_000], _AWAITED + ",".join(intents)
    return smalltalk.ask_which(turn, intents)


def ask_again(turn: Turn, intent: str) -> None:
    """The answer to "which of the two?" is about the message that was unsure, so its words and places are used."""
    question, turn.state.last_question = turn.state.last_question, None
    if question is None:
        return
    meant = turn.house.parser.parse(question)
    heard = intent in expo_meant.PROGRAMME or intent in [ranked.intent for ranked in meant.ranking]
    # "il m'a insulté" was asked about by its words, whatever it sounded like.
    heard = heard or (intent.startswith("report/") and turn.house.plain_words.mistreats.are_in(question))
    if heard or directions.names_only_places(meant):
        turn.understanding = replace(meant, intent=intent, decision=Decision.ANSWER)
        turn.incoming = replace(turn.incoming, text=question)


async def answered(turn: Turn) -> Reply | None:
    """A yes to "did you mean A?" is A, one to "A or B?" says no more than that it was one of them; a no is neither.

    Who answers with a place reported something there, and who tells more of the problem or has no photo means the report: it
    goes on with both messages.
    """
    understanding, awaiting = turn.understanding, turn.state.awaiting
    if understanding is None or awaiting is None or not awaiting.startswith(_AWAITED):
        return None
    turn.state.awaiting = None
    intents = awaiting.removeprefix(_AWAITED).split(",")
    report = next((intent for intent in intents if intent.startswith("report/")), None)
    question, told_more = turn.state.last_question, understanding.intent == report
    told_more = (told_more and understanding.decision is Decision.ANSWER) or is_address(turn.text)
    no_photo = said_without(turn)
    if report and question and (told_more or no_photo or turn.entities_of("place")):
        text = f"{question.rstrip(_ENDS)}, {turn.text}"
        meant = replace(turn.house.parser.parse(text), intent=report, decision=Decision.ANSWER)
        # "bla photo" goes on with the report too, and is none of its words.
        turn.understanding = replace(meant, text=question) if no_photo and not told_more else meant
        turn.incoming, turn.state.last_question = replace(turn.incoming, text=text), None
        return await act_on(turn, report)
    if understanding.decision is not Decision.ANSWER or understanding.intent not in ("affirm", "deny"):
        return None
    return await _yes_or_no(turn, understanding, intents)


async def _yes_or_no(turn: Turn, understanding: Understanding, intents: Sequence[str]) -> Reply:
    if understanding.intent == "deny":
        return smalltalk.help_(turn)
    if len(intents) == 1:
        ask_again(turn, intents[0])
        return await act_on(turn, intents[0])
    turn.outcome, turn.state.awaiting = Outcome.ASKED, _AWAITED + ",".join(intents)
    return smalltalk.ask_which(turn, intents)
