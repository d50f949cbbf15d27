"""What people say in the middle of a report that no question asks for: "attendez", "plus tard", "pourquoi une photo ?",
"oui mais …", "je veux changer l'adresse"."""

from dataclasses import replace

from actions.places import place_in
from actions.reply import Reply, say
from actions.requests import asking, questions
from actions.requests.asking import next_question
from actions.requests.consent import says_yes
from actions.requests.correcting import MAX_PLACE, add_words, closer, take_place
from actions.requests.danger import is_only_hurry
from actions.state import RequestForm
from actions.turn import Turn, with_choices
from nlu.text import words
from nlu.whereabouts import says_where

_WORDS_OF_A_REMARK, _WORDS_OF_A_TIME = 8, 12
_WORDS_OF_A_PLACE = 2


async def _hurried(turn: Turn, form: RequestForm) -> Reply:
    """Hurry is noted with the problem; alone it is none."""
    numbers = Reply(()) if form.warned else say("request.danger")
    form.warned = True
    form.put_again()
    if not form.description:
        return numbers.then(await next_question(turn, form))
    add_words(form, turn.text)
    return numbers.then(say("request.added")).then(await next_question(turn, form))


async def remark(turn: Turn, form: RequestForm) -> Reply | None:
    """The reply to a remark; None for an answer."""
    said, short = turn.house.report_words, len(words(turn.text)) <= _WORDS_OF_A_REMARK
    if said.wait.are_all_of(turn.text):
        return with_choices(say("request.take_your_time"), *asking.choices_now(turn, form))
    if is_only_hurry(turn):
        return await _hurried(turn, form)
    if short and said.no_time.are_in(turn.text):
        if form.asking == "photo":
            form.photo_asked = True
        else:
            form.put_again()
        return await next_question(turn, form)
    if questions.asks_what_now(turn):
        form.put_again()
        return say("request.not_sent_yet").then(await next_question(turn, form))
    if form.asking == "photo" and said.that_is_all.are_in(turn.text) and says_yes(turn, said.that_is_all):
        return await next_question(turn, form)  # "ok c bon" has no photo to send: it is to go on.
    if form.asking in ("where", "arrondissement", "photo", "confirm") and _says_since_when(turn):
        add_words(form, turn.text)
        form.put_again()
        return say("request.added").then(await next_question(turn, form))
    if form.asking == "confirm" and short and said.not_to_send.are_in(turn.text):
        return with_choices(say("request.held_back"), *asking.summary_choices())
    without = short and said.negation.begin(turn.text) and said.send.are_in(turn.text)  # "la, sift": no photo, go on.
    if form.asking == "photo" and (without or wishes_to_send(turn)):
        form.photo_asked = True
        return say("request.not_sent_yet").then(await next_question(turn, form))
    if form.asking in ("photo", "confirm"):
        place = said.change_place.behind(turn.text)
        if place is not None:
            return await _change_place(turn, form, place)
        photo_named = bool(turn.entities_of("photo")) or said.takes_photo.are_in(turn.text)
        about_photo = photo_named and questions.is_asked(turn)
        if about_photo and questions.begins(turn, said.how):
            return with_choices(say("request.how_photo"), *asking.choices_now(turn, form))
        if about_photo or (form.asking == "photo" and said.why.are_all_of(turn.text)):
            return with_choices(say("request.why_photo"), *asking.choices_now(turn, form))
    if form.asking == "photo" and short and said.later.are_in(turn.text):
        form.photo_asked = True
        return await next_question(turn, form)
    if form.asking == "confirm" and said.begins_yes.begin(turn.text):
        but = said.yes_but.behind(turn.text)
        if but:
            return await _yes_but(turn, form, but)
    return None


def _says_since_when(turn: Turn) -> bool:
    """ "ماشي من الصباح من البارح", "pas depuis ce matin, depuis hier": the time, which is no place."""
    said = turn.house.report_words
    if len(words(turn.text)) > _WORDS_OF_A_TIME:
        return False
    timed = said.since.are_in(turn.text) and said.durations.are_in(turn.text)
    return timed and place_in(turn) is None and not says_where(turn.text) and not questions.is_asked(turn)


def wishes_to_send(turn: Turn) -> bool:
    """ "envoyez vite", "دغيا صيفط ليهم": no photo is coming, and nobody is in danger."""
    return turn.house.report_words.send.are_in(turn.text) and says_yes(turn, turn.house.report_words.send)


async def _change_place(turn: Turn, form: RequestForm, place: str) -> Reply:
    """The place that stands behind the wish to change it; without one it is asked for again."""
    if len(words(place)) < _WORDS_OF_A_PLACE:
        form.place_text, form.place_id, form.lat, form.lon, form.arrondissement = "", None, None, None, None
        form.compared = False
        return await next_question(turn, form)
    found = place_in(turn)
    if found is not None and not found.outside:
        take_place(form, replace(found, text=place, exact=True))
    form.place_text, form.lat, form.lon, form.compared = place[:MAX_PLACE], None, None, False
    return say("request.corrected").then(await next_question(turn, form))


async def _yes_but(turn: Turn, form: RequestForm, but: str) -> Reply:
    """Shown again before it is sent, with what the person added."""
    if not closer(turn, form, but):
        add_words(form, but)
    return say("request.added").then(asking.summary(turn, form))
