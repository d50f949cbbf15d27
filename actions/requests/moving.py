"""Another street in the place of the one that was told, without a "not": "en fait c'est rue de rabat, tu peux changer"."""

from actions.phrases import Phrases
from actions.places import place_in
from actions.reply import Reply, say
from actions.requests import questions
from actions.requests.asking import next_question
from actions.requests.correcting import MAX_PLACE, replaced_at_summary, without_areas
from actions.state import RequestForm
from actions.turn import Turn
from nlu.locatives import is_place_word
from nlu.text import normalise, words
from nlu.whereabouts import another_street, from_place, says_where, street_in, without_in, without_names

_WORDS_OF_A_STREET = range(2, 8)


async def moved(turn: Turn, form: RequestForm) -> Reply | None:
    """The street is changed, the rest of the place stays; None where nothing says that it was wrong, or none was told before."""
    said = turn.house.report_words
    if form.asking == "photo" and names_another_arrondissement(turn, form):
        return await replaced_at_summary(turn, form)
    if not said.moves.are_in(turn.text) or said.not_this.are_in(turn.text) or not says_where(form.place_text):
        return None
    if said.besides.are_in(turn.text) or said.wrong.are_in(turn.text):
        return None  # "pardon, il y a aussi une fuite rue X": more, and nothing that was told wrong.
    # "zn9at rabat" is a street only because nothing else is said: in a story it might be what is wrong there.
    told = street_in(turn.text) or from_place(said.moves.not_first(turn.text)) or ""
    street = _without_tail(without_in(told), said.moves, said.thanks, said.wants_to_know)
    found = place_in(turn, besides=form.place_id)
    if (
        not says_where(street)
        or len(words(street)) not in _WORDS_OF_A_STREET
        or normalise(street) in normalise(form.place_text)
        or (found and found.outside)
        or _names_a_thing(turn, street)
    ):
        return None
    if form.place_id and turn.house.city.place(form.place_id).kind == "street":
        form.arrondissement = None  # It was known from the street that was wrong.
    form.place_text = (another_street(without_areas(turn, form.place_text), street) or street)[:MAX_PLACE]
    form.place_id, form.lat, form.lon, form.compared = None, None, None, False
    if found and found.arrondissement:
        form.place_id, form.arrondissement = found.place_id, found.arrondissement
    form.put_again()
    return say("request.corrected").then(await next_question(turn, form))


def names_another_arrondissement(turn: Turn, form: RequestForm) -> bool:
    """ "Sidi Belyout", "f Sidi Belyout" and no word more, where a photo was asked for: not the one that was understood."""
    found, within = place_in(turn), turn.house.report_words.within
    rest = within.without(without_names(turn.text, turn.entities_of("place")))
    other = found is not None and found.is_arrondissement and found.arrondissement != form.arrondissement
    return other and not rest.strip(" .!") and not questions.is_marked(turn)


def _names_a_thing(turn: Turn, street: str) -> bool:
    """ "remplacez le poteau rue d'Alger": what is to be mended stands before the street, not the wish to change it."""
    said = turn.house.report_words
    before = normalise(turn.text).partition(normalise(street))[0]
    rest = said.place_openers.without(said.wants_to_know.without(said.moves.without(before)))
    return any(len(word.text) > 2 and not is_place_word(word.text) for word in words(rest))


def _without_tail(street: str, *small: Phrases) -> str:
    """The street without the words of the wish behind it: "zn9at rabat beddelha 3afak"."""
    shorter = street
    for phrases in small:
        shorter = phrases.without_last(shorter)
    return street if shorter == street else _without_tail(shorter, *small)
