"""What is told to somebody who asks about the report in the making: by when, who answers for it, what it costs, who sees it, why
it is kept, and what if nobody comes."""

from actions.reply import Say, Words
from actions.requests import afterwards, questions
from actions.requests.deadlines import due_date
from actions.state import RequestForm
from actions.turn import Turn
from nlu.understanding import Decision

_SURE = 0.9
_ABOUT_IT = frozenset(
    {"affirm", "deny", "cancel", "request/cancel", "request/status", "my_data", "out_of_scope", "help"}
)
"""What such a question is taken for; any other sure meaning is a question of its own."""


def explained(turn: Turn, form: RequestForm) -> tuple[Say, ...]:
    """The answers; empty where nothing of the report is asked."""
    category, said = turn.house.categories[form.intent], turn.house.report_words
    loosely = questions.is_asked(turn) and _may_be_about_it(turn)
    due = afterwards.due_in_words(turn, category, due_date(category, turn.now))
    body = {"body": Words(category.body_in(form.arrondissement))}
    if loosely and said.if_not_done.are_in(turn.text):
        return (due, Say("request.if_not_done"))
    if questions.asks_whether_named(turn) and not said.who_sees.are_in(turn.text):
        return (Say("request.anonymous_now" if form.anonymous else "request.anonymity"),)
    own_number = said.own_numbers.are_in(turn.text) and questions.is_asked(turn) and not said.keeps.are_in(turn.text)
    if loosely and not own_number and _asks_of_privacy(turn):
        hidden = Say("request.anonymous_now" if form.anonymous else "request.anonymity")
        return (Say("request.kept_for", body), hidden)
    told = list[Say]()
    if questions.asks_who(turn) or (loosely and said.asks_who.are_in(turn.text)):
        told.append(Say("request.responsible", body))
    whether = turn.understanding is not None and turn.understanding.intent == "request/status"
    if own_number or (whether and said.number.are_in(turn.text)):
        return (Say("request.number_later"),)
    if questions.asks_by_when(turn) or (loosely and (whether or said.asks_when.are_in(turn.text))):
        told.append(due)
    if questions.asks_price(turn) or (loosely and said.asks_price.are_in(turn.text)):
        told.append(Say("request.free"))
    if not told and form.asking == "confirm" and questions.is_asked(turn) and _asks_of_the_summary(turn):
        told.append(Say("request.confirm_please"))
    return tuple(told)


def _may_be_about_it(turn: Turn) -> bool:
    understanding = turn.understanding
    if understanding is None or understanding.decision is not Decision.ANSWER:
        return understanding is not None
    asks_who = any(entity.value["aspect"] == "who" for entity in turn.entities_of("aspect"))
    hardly_a_person = understanding.intent == "talk_to_human" and (asks_who or understanding.confidence < _SURE)
    return understanding.intent in _ABOUT_IT or understanding.intent.startswith("report/") or hardly_a_person


def _asks_of_privacy(turn: Turn) -> bool:
    """ "pourquoi vous gardez ça ?", "chkoun ghadi ychouf hadchi", and a bare "3lach"; not "supprimez mes données"."""
    said = turn.house.report_words
    meant = _surely_means(turn, "my_data") and not said.is_right.are_in(turn.text)
    kept = said.keeps.are_in(turn.text) and questions.begins(turn, said.why)
    return meant or kept or said.who_sees.are_in(turn.text) or said.why.are_all_of(turn.text)


def _asks_of_the_summary(turn: Turn) -> bool:
    """ "هل هذا صحيح؟", "واش نصيفط ولا لا": what only the person can say."""
    verdict = _surely_means(turn, "affirm", "deny", "cancel", "request/cancel")
    return verdict or turn.house.report_words.is_right.are_in(turn.text)


def _surely_means(turn: Turn, *intents: str) -> bool:
    understanding = turn.understanding
    return understanding is not None and understanding.decision is Decision.ANSWER and understanding.intent in intents
