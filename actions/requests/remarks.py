"""What people say in the middle of a report that no question asks for: "attendez", "plus tard", "pourquoi une photo ?",
"oui mais …", "je veux changer l'adresse"."""

from dataclasses import replace

from actions.places import place_in
from actions.reply import Reply, say
from actions.requests import asides, asking
from actions.requests.asking import next_question
from actions.requests.correcting import MAX_PLACE, add_words, closer, take_place
from actions.state import RequestForm
from actions.turn import Turn, with_choices
from nlu.text import words

_WORDS_OF_A_REMARK = 8
_WORDS_OF_A_PLACE = 2


async def remark(turn: Turn, form: RequestForm) -> Reply | None:
    """The reply to a remark; None for an answer."""
    said, short = turn.house.report_words, len(words(turn.text)) <= _WORDS_OF_A_REMARK
    if said.wait.are_all_of(turn.text):
        return with_choices(say("request.take_your_time"), *asking.choices_now(turn, form))
    if form.asking in ("photo", "confirm"):
        place = said.change_place.behind(turn.text)
        if place is not None:
            return await _change_place(turn, form, place)
        about_photo = bool(turn.entities_of("photo")) and asides.is_asked(turn)
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


def agrees_with_thanks(turn: Turn) -> bool:
    """ "oui merci", "ah llah ykhlik": a yes at the summary, whatever it is taken for."""
    said = turn.house.report_words
    if not said.begins_yes.begin(turn.text):
        return False
    return not said.begins_yes.without(said.thanks.without(turn.text))


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
