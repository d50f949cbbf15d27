"""Questions whose words say surely what they are about, whatever their names of places or people make them sound like."""

from actions import directions, faq, other_hands, other_houses
from actions.expo import meant as expo_meant
from actions.reply import Reply, Words, say
from actions.requests import questions
from actions.turn import Turn, with_choices
from nlu.negation import negates
from nlu.programme_words import says
from nlu.text import normalise
from nlu.understanding import Decision
from nlu.whereabouts import street_in, without_names

_SURE, _LIKELY = 0.9, 0.7
_OFFICE = "faq/arrondissement"
_SHEETS_OF_SERVICES = frozenset({"faq/waste_collection", "faq/water_electricity", "faq/parks", "faq/complaints"})
_TOLD_BY_SHEETS = frozenset({"report/pests", "report/stray_animals"})
_WORDS_OF_A_GREETING = 2
_SMALL = 4
"""Letters of a word that says nothing beside the name of a thing."""


def answered(turn: Turn) -> Reply | None:
    """The answer to such a question; None for any other message, and while a report is open."""
    if turn.state.form is not None or turn.understanding is None:
        return None
    if questions.asks_whether_shown(turn):
        return say("request.anonymity")
    return (
        other_hands.asked(turn)
        or _who_answers_for(turn)
        or _permit_of_a_taxi(turn)
        or _facility(turn)
        or _comes_in_person(turn)
    )


def aside(turn: Turn) -> Reply | None:
    """The answer to one that is put also in the middle of a report: where a vehicle is, when an office opens."""
    if turn.understanding is None or turn.incoming.text is None:
        return None
    if is_vehicle_gone(turn):
        return say("faq.vehicle_vanished")
    asked_amid_a_report = turn.state.form is not None and questions.is_marked(turn)
    return _hours_of_an_office(turn) or (_facility(turn) if asked_amid_a_report else None)


def intent(turn: Turn) -> str | None:
    """The intent that the words name: a neighbour who builds without a permit, where to park, how long a way takes, what the
    tram costs, when the bins are emptied."""
    said, text = turn.house.plain_words, turn.text
    if turn.state.form is not None or turn.understanding is None:
        return None
    if said.builds.are_in(text) and said.without_permit.are_in(text):
        return "report/other"
    if said.parks.are_in(text) and _asks(turn) and not expo_meant.is_topical(turn):
        return "faq/parking_fees"
    on_the_way = turn.understanding.intent.startswith("transport/") and "delay" in _aspects(turn)
    if on_the_way and directions.tells_both_ends(turn):
        return "transport/directions"  # "tram mn 7ay hassani l ain diab ch7al dyal lwe9t": the way says its minutes, and the price.
    if said.last_or_first.are_in(text) and not _reports(turn):
        return "transport/hours"  # Wherever it leaves from: "last tram from the expo".
    of_transport = turn.understanding.intent.startswith("transport/")
    if of_transport and said.taxis.are_in(text) and not said.tram.are_in(text) and "cost" in _aspects(turn):
        return "transport/taxi"  # "Taxi price from the airport".
    if said.tram.are_in(text) and "cost" in _aspects(turn) and turn.understanding.confidence < _SURE:
        return "transport/fares"
    if other_houses.asks_for_an_office(turn) and (of_transport or other_houses.asks_only_for_an_office(turn)):
        return _OFFICE
    if other_houses.asks_for_a_known_place(turn) and not turn.understanding.intent.startswith(("transport/", "expo/")):
        return "transport/directions"
    if said.sees_about.are_in(text) and _reports(turn):
        return "expo/session"  # "I want to see something about AI" is a wish, and reports nothing.
    rest = turn.house.report_words.thanks.without(said.wants_information.without(text))
    if said.wants_information.are_in(text) and len(rest.split()) <= _WORDS_OF_A_GREETING:
        return "help"
    lack = _lack(turn)
    if lack is not None:
        return lack
    collected = said.bins.are_in(text) and said.collected.are_in(text) and not negates(text)
    return "faq/waste_collection" if collected and "hours" in _aspects(turn) else None


def is_vehicle_gone(turn: Turn) -> bool:
    """ "ma voiture a disparu, fourrière ou vol ?": towed or stolen; a child, a robber or a fire beside it is for those who come.

    "Devant la fourrière" is a place, and what sheets and reports say for sure of a pound is theirs.
    """
    said, of_people, text = turn.house.plain_words, turn.house.report_words, turn.text
    dangers = (of_people.missing_person, of_people.hurt, of_people.in_danger, of_people.burns, of_people.cries)
    if any(phrases.are_in(text) for phrases in dangers) or said.animals.are_in(text):
        return False
    own = said.own_vehicles.are_in(text)
    if own and said.vanished.are_in(text):
        return True
    understanding = turn.understanding
    sure = understanding is not None and understanding.decision is Decision.ANSWER
    if sure and understanding is not None and understanding.intent.startswith(("faq/", "report/")):
        return False
    return said.pounds.are_in(text) and (_asks(turn) or (own and turn.state.form is None))


def _who_answers_for(turn: Turn) -> Reply | None:
    """ "chkoun mes2oul 3la ddow f zen9a": the office that answers for the problem behind the question, though nobody reports it yet.

    Where a sheet tells of it, the sheet says more.
    """
    understanding, asks_who = turn.understanding, turn.house.report_words.asks_who
    if understanding is None or understanding.intent in _SHEETS_OF_SERVICES or expo_meant.is_topical(turn):
        return None
    who = next((entity for entity in turn.entities_of("aspect") if entity.value["aspect"] == "who"), None)
    if who is None and not asks_who.begin(turn.text):
        return None
    rest = f"{turn.text[: who.start]} {turn.text[who.end :]}" if who else asks_who.without(turn.text)
    likely = [ranked for ranked in turn.house.parser.parse(rest).ranking if ranked.intent in turn.house.categories]
    bodies = {turn.house.categories[ranked.intent].body_in(None) for ranked in likely if ranked.confidence > 1 - _SURE}
    if sum(ranked.confidence for ranked in likely) < _LIKELY or len(bodies) != 1 or likely[0].intent in _TOLD_BY_SHEETS:
        return None
    told = say("request.responsible", body=Words(bodies.pop()))
    return with_choices(told, turn.intent_choice(likely[0].intent))


def _permit_of_a_taxi(turn: Turn) -> Reply | None:
    said = turn.house.plain_words
    if _reports(turn) or not (said.taxis.are_in(turn.text) and said.permits.are_in(turn.text)):
        return None
    faq.talk_about(turn, faq.OUT_OF_SCOPE)
    return say("faq.taxi_permit_unknown")


def _facility(turn: Turn) -> Reply | None:
    """ "horaires piscine municipale": the city has it, and nobody told us more; what is wrong there is a report, and the way to one
    that is on the map is told."""
    said, understanding = turn.house.plain_words, turn.understanding
    if understanding is None or not said.facilities.are_in(turn.text) or says(turn.text, "expo"):
        return None
    rest = said.of_a_facility.without(said.facilities.without(turn.text))
    names_it = not any(len(word) > _SMALL for word in rest.split())
    asked = _asks(turn) or bool(_aspects(turn)) or said.of_a_facility.are_in(turn.text)
    sends_there = understanding.intent == "transport/directions" and bool(turn.entities_of("place"))
    if sends_there or _reports(turn) or not (names_it or asked):
        return None
    faq.talk_about(turn, faq.OUT_OF_SCOPE)
    return say("faq.facility_unknown")


def _comes_in_person(turn: Turn) -> Reply | None:
    """ "faut que je vienne moi-même ?": a case of the paper spoken of, whose sheet says nothing of it; before any, of which one?"""
    said = turn.house.plain_words
    asked = questions.is_asked(turn) or said.must.begin(turn.text)
    if not (asked and said.in_person.are_in(turn.text) and said.must.are_in(turn.text)):
        return None
    return faq.about_the_topic(turn) or say("smalltalk.about_what")


def _hours_of_an_office(turn: Turn) -> Reply | None:
    """ "l'arrondissement ouvre à quelle heure ?": nobody told us, and the list of arrondissements says nothing of it."""
    said, form = turn.house.plain_words, turn.state.form
    if form is not None and turn.house.categories[form.intent].place == "office":
        return None  # A complaint about one may well tell of its hours.
    if not said.public_offices.are_in(turn.text) or not said.opens.are_in(turn.text):
        return None
    if "hours" not in _aspects(turn) and not questions.asks_anywhere(turn):
        return None
    if turn.house.report_words.yes_but.are_in(turn.text):
        return None  # "l'arrondissement est ouvert mais il n'y a personne": a complaint.
    # What follows ("et samedi ?") is about the office as well.
    faq.talk_about(turn, _OFFICE)
    return say("faq.hours_unknown")


def _lack(turn: Turn) -> str | None:
    """ "ماكاين لا ضو لا ما لا طريق", "pas deau a ain sebaa": begins like a no, and tells what there is none of; the first is reported."""
    said, understanding = turn.house.plain_words, turn.understanding
    if understanding is None or not said.lacking.begin(turn.text):
        return None
    if expo_meant.is_topical(turn) or questions.is_asked(turn):
        return None  # "any water here?"
    if understanding.intent.startswith("report/") and understanding.confidence >= _SURE:
        return None
    street, text = street_in(turn.text), normalise(turn.text)
    things = {"report/water": said.no_water, "report/electricity": said.no_power, "report/road": said.no_road}
    told = text.partition(normalise(street))[0] if street else ""
    if not any(phrases.are_in(told) for phrases in things.values()):
        told = without_names(text, turn.entities_of("place"))  # "pas de route chez nous" has no street in it.
    named, rest = dict[str, int](), told
    for intent_, phrases in things.items():
        before, rest = rest, phrases.without(rest)
        if rest != before:
            named[intent_] = len(told) - len(phrases.behind(told) or "")
    left = said.here.without(said.lacking.without(rest))
    if left.strip() or not named or (len(named) == 1 and said.hardly_lacking.begin(turn.text)):
        return None  # "la route" is French, "la dow la ma" is not.
    return min(named, key=lambda intent_: named[intent_])


def _reports(turn: Turn) -> bool:
    """Whether it sounds most like a report: what is wrong somewhere, which is nothing to be told about."""
    return turn.understanding is not None and turn.understanding.intent.startswith("report/")


def _asks(turn: Turn) -> bool:
    """Also "où se garer" and "fin nparki" without a sign; not "les gens ne savent plus où se garer"."""
    return questions.is_asked(turn) or turn.house.plain_words.asks_where.begin(turn.text)


def _aspects(turn: Turn) -> frozenset[str]:
    return frozenset(str(entity.value["aspect"]) for entity in turn.entities_of("aspect"))
