"""What an answer to "where is it?" says: a place in words, an arrondissement, a shared location, or something else."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from actions.geography import is_on_earth
from actions.places import further_place, name_of, place_at, place_in
from actions.reply import AskLocation, Reply, Say, Words, say
from actions.requests import asides, asking
from actions.requests.asking import cancel, next_question
from actions.requests.consent import says_no, says_yes
from actions.requests.correcting import MAX_PLACE, add_words, asserted, denies_photo, take_place
from actions.requests.photos import said_without
from actions.state import RequestForm
from actions.turn import Turn, with_choices
from nlu.text import normalise, words
from nlu.understanding import Decision, Language, Understanding
from nlu.whereabouts import (
    begins_with_place,
    is_address,
    landmark_in,
    says_where,
    street_in,
    tells_something,
    without_in,
)
from store import requests as requests_store
from store.tables import ServiceRequestRow

_WORDS_THAT_SAY_SOMETHING = 3
_SAME_PLACE_LASTS = timedelta(hours=24)
_TELLS_AT_MOST = 2
"""Sentences that name no place where one was asked for; the next one is taken for it."""


async def take_where(turn: Turn, form: RequestForm) -> Reply:
    """The answer to "where is it?"."""
    understanding, said = turn.understanding, turn.text
    found = place_in(turn)
    if found and understanding and understanding.intent == "deny":
        # "la machi Sbata, Sidi Othmane": a first place that was never taken is denied all the same.
        said = asserted(turn.text, turn.house.report_words)
        found = place_in(turn, understanding=turn.house.parser.parse(said))
    if found and found.outside:
        return with_choices(
            Reply((Say("request.outside", {"place": Words(found.text)}), Say("request.ask_where"), AskLocation())),
            cancel(),
        )
    bare = understanding is not None and understanding.intent in ("affirm", "deny") and found is None
    if form.same_place_as and bare:
        if not denies(turn):
            return await take_same_place(turn, form)
        form.same_place_as = None
        return asking.ask_where(turn, form)
    form.same_place_as = None
    street = _street_of_the_problem(turn, form)
    if street:
        add_words(form, turn.text)
        take_place(form, found)
        form.place_text = street[:MAX_PLACE]
        return await next_question(turn, form)
    if found and understanding and asides.tells_of_a_problem(turn):
        form.intent = understanding.intent if form.intent == "report/other" else form.intent
        add_words(form, turn.text)
        take_place(form, found)
        return await next_question(turn, form)
    if found is None and _names_the_problem(turn, form):
        form.intent = understanding.intent if understanding else form.intent
        add_words(form, turn.text)
        return say("request.added").then(asking.ask_where(turn, form))
    if asides.tells_of_home(turn):
        add_words(form, turn.text)
        return with_choices(Reply((Say("request.added"), Say("request.ask_home"), AskLocation())), cancel())
    if found is None and form.misses < _TELLS_AT_MOST and _corrects_the_matter(turn):
        form.misses += 1
        add_words(form, turn.text)
        return say("request.added").then(asking.ask_where(turn, form))
    home = turn.house.report_words.home.are_all_of(turn.text)
    if found is None and not home and form.misses < _TELLS_AT_MOST and tells_something(turn.text) and not bare:
        form.misses += 1
        add_words(form, turn.text)
        if form.misses == 1:
            return say("request.added").then(asking.ask_where(turn, form))
        return with_choices(Reply((Say("request.added"), Say("request.where_help"), AskLocation())), cancel())
    if found is None and home and form.misses == 0:
        form.misses += 1
        return with_choices(Reply((Say("request.ask_home"), AskLocation())), cancel())
    form.misses = 0
    if found is None and turn.entities_of("photo") and not says_where(turn.text):
        return await _without_photo(turn, form)
    if bare or turn.house.report_words.dont_know.are_in(turn.text):
        return with_choices(Reply((Say("request.where_help"), AskLocation())), cancel())
    said = without_in(turn.house.report_words.place_openers.not_first(said) or said)
    if found and said_without(turn):
        said = found.text  # "Sbata, pas de photo"
    if found:
        take_place(form, replace(found, text=said[:MAX_PLACE], exact=True))
    form.place_text = _with_landmark(turn, form, said)[:MAX_PLACE]
    return await next_question(turn, form)


def _with_landmark(turn: Turn, form: RequestForm, said: str) -> str:
    """The place that was asked for, behind the landmark that stood in the report, unless it tells another one."""
    tells_one = landmark_in(said) is not None or normalise(form.landmark) in normalise(said)
    return said if not form.landmark or tells_one else further_place(turn, form.landmark, said)


def _street_of_the_problem(turn: Turn, form: RequestForm) -> str | None:
    """The street of "pas deau rue omar slaoui": told with the problem once more, which is no part of the place; None for a mere place."""
    street = street_in(turn.text)
    if not street or begins_with_place(turn.text):
        return None
    before = normalise(turn.text).partition(normalise(street))[0]
    lacks = turn.house.plain_words.lacking.begin(before)
    told = len(words(before)) > 1 and (lacks or turn.house.parser.parse(before).intent == form.intent)
    return without_in(street) if told else None


def _names_the_problem(turn: Turn, form: RequestForm) -> bool:
    """ "7ofra" where a place was asked for: what the matter is, in a word or two."""
    understanding = turn.understanding
    if understanding is None or understanding.decision is not Decision.ANSWER or is_address(turn.text):
        return False
    wanted = understanding.intent == form.intent or form.intent == "report/other"
    short = len(words(turn.text)) < _WORDS_THAT_SAY_SOMETHING or form.intent == "report/other"
    return understanding.intent.startswith("report/") and understanding.intent != "report/other" and wanted and short


def _corrects_the_matter(turn: Turn) -> bool:
    """ "en fait plusieurs", "finalement deux": says anew what was told, and names neither a street nor a landmark."""
    said = turn.house.report_words
    places = says_where(turn.text) or is_address(turn.text) or begins_with_place(said.moves.without(turn.text))
    return said.moves.begin(turn.text) and not places and landmark_in(turn.text) is None


async def take_same_place(turn: Turn, form: RequestForm) -> Reply:
    """The place that was offered is the one."""
    use_same_place(form)
    return await next_question(turn, form)


def take_told(turn: Turn, form: RequestForm, told: Understanding) -> bool:
    """Takes the place that a part of a message names, also a street that no gazetteer knows; whether it names one."""
    found = place_in(turn, understanding=told)
    take_place(form, found)
    form.place_text = form.place_text or without_in(street_in(told.text) or "")[:MAX_PLACE]
    form.landmark = form.landmark or (landmark_in(told.text) or "")[:MAX_PLACE]
    return found is not None or bool(form.place_text)


def place_of(form: RequestForm) -> dict[str, Any] | None:
    """The place of a report in the making, to be offered for another; None while it has none."""
    if not form.place_text and form.lat is None:
        return None
    return {name: getattr(form, name) for name in ("place_text", "place_id", "arrondissement", "lat", "lon")}


def use_same_place(form: RequestForm) -> None:
    """Puts the place that was offered, or told by "au même endroit", into the report."""
    place, form.same_place_as = form.same_place_as or {}, None
    form.place_text = str(place.get("place_text") or "")
    form.place_id, form.arrondissement = place.get("place_id"), place.get("arrondissement")
    form.lat, form.lon = place.get("lat"), place.get("lon")


async def place_before(turn: Turn) -> dict[str, Any] | None:
    """The place of the request filed last, which "au même endroit" means; None where the last one is too old."""
    row = await filed_before(turn)
    if row is None:
        return None
    place = {name: getattr(row, name) for name in ("place_text", "place_id", "lat", "lon")}
    return {**place, "arrondissement": row.arrondissement or "unknown"}


async def filed_before(turn: Turn) -> ServiceRequestRow | None:
    """The request that "the same" is said of, for a day after it was filed."""
    rows = await requests_store.own_requests(turn.session, turn.conversation_id, limit=1)
    return next((row for row in rows if turn.now - row.created_at <= _SAME_PLACE_LASTS), None)


async def take_arrondissement(turn: Turn, form: RequestForm) -> Reply:
    """The answer to "in which arrondissement?"; after two that name none it is left open."""
    found, street = place_in(turn), street_in(turn.text)
    if begins_with_place(turn.text) and not (found and found.is_arrondissement):
        # "c'est devant chez moi" was said first; the street that follows belongs to it.
        form.place_text = further_place(turn, form.place_text, without_in(turn.text))[:MAX_PLACE]
        if found is None:
            return say("request.added").then(asking.ask_arrondissement(turn, form))
    elif street and normalise(street) not in normalise(form.place_text):
        # "au 18 rue Abou Hanifa, Maârif"
        form.place_text = further_place(turn, form.place_text, without_in(street))[:MAX_PLACE]
    if found and found.arrondissement:
        form.arrondissement = found.arrondissement
        return await next_question(turn, form)
    if found and not found.outside:
        # A quarter whose arrondissement no source tells: a crew finds it all the same.
        form.place_text = (
            form.place_text
            if normalise(turn.text) in normalise(form.place_text)
            else further_place(turn, form.place_text, turn.text)
        )
        form.arrondissement = "unknown"
        return await next_question(turn, form)
    if found is None and denies_photo(turn):
        return await _without_photo(turn, form)
    unknown = turn.house.report_words.dont_know.are_in(turn.text)
    if found is None and not form.misses and says_yes(turn, turn.house.report_words.send):
        form.misses += 1  # "oui envoie": one answer is still missing.
        return say("request.arrondissement_missing").then(asking.ask_arrondissement(turn, form))
    if found is None and not unknown and (tells_something(turn.text) or turn.house.report_words.hurt.are_in(turn.text)):
        add_words(form, turn.text)
        return say("request.added").then(asking.ask_arrondissement(turn, form))
    form.misses += 1
    if unknown or form.misses > 1:
        form.arrondissement, form.misses = "unknown", 0
        return await next_question(turn, form)
    names = ("، " if turn.language is Language.DARIJA else ", ").join(
        name_of(place, turn.language) for place in turn.house.city.arrondissements
    )
    reply = Reply((Say("request.arrondissement_not_found", {"names": Words(names)}), AskLocation()))
    places = turn.house.city.arrondissements[: asking.ON_FIRST_PAGE]
    return with_choices(reply, *asking.arrondissement_choices(turn, places))


async def _without_photo(turn: Turn, form: RequestForm) -> Reply:
    """No photo, said before it was asked for: it will not be; where the problem is stays open."""
    denied = denies_photo(turn)
    form.photo_asked = form.photo_asked or denied
    told = say("request.without_photo") if denied else Reply(())
    return told.then(await next_question(turn, form))


async def take_location(turn: Turn, form: RequestForm, lat: float, lon: float) -> Reply:
    """A location that was shared, in degrees."""
    if not is_on_earth(lat, lon):
        return say("refused.bad_location").then(await next_question(turn, form))
    found = place_at(turn, lat, lon)
    if found.outside:
        return with_choices(outside(turn, lat, lon).then(say("request.ask_where")), cancel())
    if form.arrondissement not in (None, "unknown", found.arrondissement):
        form.place_text, form.place_id = "", None  # The words named another place than the pin shows.
    form.place_text = form.place_text or form.landmark
    form.lat, form.lon, form.arrondissement = lat, lon, found.arrondissement
    form.same_place_as, form.compared = None, False
    return await next_question(turn, form)


def outside(turn: Turn, lat: float, lon: float) -> Reply:
    """A pin that is not in the city, with the name of the commune that it is near, where the data tells."""
    commune = turn.house.city.commune_near(lat, lon)
    if commune is None:
        return say("request.location_outside")
    return say("request.location_outside_near", commune=Words(name_of(commune, turn.language)))


async def take_arrondissement_choice(turn: Turn, form: RequestForm, chosen: str) -> Reply | None:
    """The tap on an arrondissement, or on "unknown"; None for what is no longer one."""
    known = {place.id for place in turn.house.city.arrondissements}
    if chosen != "unknown" and chosen not in known:
        return None
    form.arrondissement = chosen
    return await next_question(turn, form)


def denies(turn: Turn) -> bool:
    """Whether a message says no to something."""
    return bool(turn.understanding and turn.understanding.intent == "deny") or says_no(turn)
