"""The photos of a report in the making: kept, and announced in words."""

from collections.abc import Sequence

from actions.places import place_in
from actions.requests.changes import MAX_PHOTOS
from actions.requests.correcting import denies_photo
from actions.state import RequestForm
from actions.turn import Turn
from nlu.negation import negates
from nlu.text import normalise, words

WORDS_OF_A_WISH = 5
_REACH = 10
"""Characters before a photo within which a "no" is about it: "ma 3ndich chi tswira"."""


def take_photos(turn: Turn, form: RequestForm, photos: Sequence[str]) -> tuple[int, int]:
    """Keeps photos, and where they were taken, which becomes the place only when the person says so.

    How many were added, and how many were too many.
    """
    new = [photo for photo in dict.fromkeys(photos) if photo not in form.photos]
    room = MAX_PHOTOS - len(form.photos)
    form.photos += new[:room]
    form.photo_asked = True
    if turn.incoming.photo_location:
        form.photo_lat, form.photo_lon = turn.incoming.photo_location
    return len(new[:room]), len(new[room:])


def wishes_photo(turn: Turn) -> bool:
    """ "tzad tswira", "j'ai une photo": a short word about a photo that is still to come."""
    short = len(words(turn.text)) <= WORDS_OF_A_WISH
    speaks_of_it = bool(turn.entities_of("photo")) and place_in(turn) is None
    return short and speaks_of_it and not turn.house.report_words.negation.are_in(turn.text) and not denies_photo(turn)


def said_without(turn: Turn) -> bool:
    """ "un trou rue 14, j'ai pas de photo": told beside something else; what is denied stands right before the photo."""
    said, found = turn.house.report_words, words(normalise(turn.text))
    for photo in turn.entities_of("photo"):
        before = " ".join(word.text for word in found if word.end <= photo.start and photo.start - word.end <= _REACH)
        if said.without.are_in(before) or said.negation.are_in(before) or negates(before):
            return True
    return False
