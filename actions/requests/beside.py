"""A further problem, told in the middle of a report of another: "et le lampadaire est éteint aussi", "وحتى الزبل عامر"."""

from actions.places import place_in
from actions.reply import Reply, Words, say
from actions.requests import placing, questions
from actions.requests.asides import tells_of_a_problem
from actions.requests.consent import says_no
from actions.requests.correcting import MAX_DESCRIPTION
from actions.requests.danger import warn
from actions.requests.links import behind_links, is_linked
from actions.requests.several import NO_THING, are_one, served
from actions.state import RequestForm
from actions.turn import Turn
from nlu.understanding import Decision, Understanding
from nlu.whereabouts import says_where

_SURE = 0.75
_MOST = 4
"""Problems that wait behind the one in hand."""
_MID_REPORT, _WHERE = ("photo", "confirm"), ("where", "arrondissement")


def noted(turn: Turn, form: RequestForm) -> Reply | None:
    """Keeps the further problem for later and says so; the open question is the caller's to ask again. None for any other message."""
    heard, problem = turn.understanding, _further_problem(turn, form)
    if heard is None or problem is None or len(turn.state.later) >= _MOST:
        return None
    later = RequestForm(
        intent=served(turn.house.categories, problem.intent),
        description=turn.text[:MAX_DESCRIPTION],
        anonymous=form.anonymous,
        started_at=form.started_at,  # Told with the one in hand: its place is offered.
        updated_at=turn.now,
    )
    placing.take_told(turn, later, heard)
    turn.state.later.append(later)
    what = Words(turn.house.knowledge.label(problem.intent, turn.language))
    return warn(turn, later, turn.text).then(say("request.also_noted", what=what))


def is_further(turn: Turn, form: RequestForm) -> bool:
    """Whether `noted` would keep the message: "pardon, il y a aussi une fuite rue Tata"."""
    return len(turn.state.later) < _MOST and _further_problem(turn, form) is not None


def _further_problem(turn: Turn, form: RequestForm) -> Understanding | None:
    said, heard = turn.house.report_words, turn.understanding
    if heard is None or says_no(turn) or questions.is_asked(turn):
        return None
    if form.asking not in _MID_REPORT and (form.asking not in _WHERE or says_where(turn.text) or place_in(turn)):
        return None
    at_its_own_place = form.asking == "confirm" and tells_of_a_problem(turn)
    if not is_linked(turn.text, said) and not at_its_own_place:
        return None
    rest = behind_links(turn.text, said)
    if said.consequence.are_in(rest):
        return None  # "… o ri7a khayba": what comes of the problem in hand.
    problem = turn.house.parser.parse(said.same_place.without(said.besides.without(rest)) or rest)
    sure = problem.decision is Decision.ANSWER and problem.confidence >= _SURE
    if not sure or not problem.intent.startswith("report/") or problem.intent in NO_THING:
        return None
    return None if are_one(turn.house.categories, problem.intent, form.intent) else problem
