"""In which arrondissement a place lies."""

from actions.faq import answer
from actions.places import name_of, place_in
from actions.reply import AskLocation, Reply, Words, say
from actions.turn import Turn


def arrondissement(turn: Turn) -> Reply:
    """The arrondissement of the place that is named; without one the general answer, and a location is welcome."""
    found = place_in(turn)
    if found and found.arrondissement and found.place_id != found.arrondissement:
        name = name_of(turn.house.city.place(found.arrondissement), turn.language)
        return say("directions.in_arrondissement", place=Words(found.text), arrondissement=Words(name))
    turn.state.awaiting = "arrondissement"
    return answer(turn, "faq/arrondissement").then(Reply((AskLocation(),)))
