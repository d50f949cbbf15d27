"""A sentence that corrects the form: "la, machi Sbata, Sidi Othmane", "c'est un trottoir, pas la chaussée", "sans photo"."""

from collections.abc import Sequence
from dataclasses import replace

from actions.places import PlaceFound, further_place, name_of, place_in
from actions.reply import Reply, Say, Words, say
from actions.requests import questions
from actions.requests.asking import next_question
from actions.requests.consent import says_no
from actions.requests.links import is_linked
from actions.requests.naming import stays_unknown
from actions.requests.replacing import with_other_number, with_other_words
from actions.requests.words import ReportWords
from actions.state import RequestForm
from actions.turn import Turn
from nlu.negation import negates
from nlu.text import Word, normalise, words
from nlu.understanding import Decision, Understanding
from nlu.whereabouts import (
    another_street,
    begins_with_place,
    from_place,
    is_address,
    says_where,
    tells_something,
    without_names,
)

MAX_DESCRIPTION = 1_000
MAX_PLACE = 300
_WORDS_OF_A_MATTER, _SURE = 3, 0.9
_WORDS_OF_A_PLACE, _WORDS_OF_AN_OFFICE = 4, 8
"""As long is a place that begins with "in front of"; more words may tell what is there."""


async def corrected(turn: Turn, form: RequestForm) -> Reply | None:
    """Takes a correction of what is known already, at whatever question the form stands; None for anything else."""
    understanding = turn.understanding
    if understanding is None:
        return None
    words_ = turn.house.report_words
    denies = understanding.intent == "deny" or says_no(turn)
    if stays_unknown(turn):
        form.anonymous = True
        return await _go_on(turn, form, "request.anonymous_now")
    forgotten = words_.say_links.not_first(words_.forgot_to_say.behind(turn.text) or "")
    if forgotten:
        add_words(form, forgotten)
        return await _go_on(turn, form, "request.added")
    if form.photos and denies_photo(turn):
        form.photos = []
        return await _go_on(turn, form)
    if not denies:
        return None
    moved = await _other_place(turn, form) or await _other_street(turn, form)
    if moved is not None:
        return moved
    if words_.not_this.are_in(turn.text):
        # "la, machi dow, zbel": what it is not would be heard as well.
        understanding = turn.house.parser.parse(asserted(turn.text, words_))
    if understanding is not turn.understanding and _is_only_where(understanding, words_):
        add_words(form, turn.text)
        return await _go_on(turn, form, "request.added")
    if _is_other_problem(understanding, form):
        form.intent, form.compared = understanding.intent, False
        add_words(form, turn.text)
        return await _go_on(turn, form)
    return None


async def replaced_at_summary(turn: Turn, form: RequestForm) -> Reply | None:
    """At the summary a place or a problem corrects without a "not" too: "c'est à Sidi Othmane"."""
    words_, understanding = turn.house.report_words, turn.understanding
    if understanding is None:
        return None
    moved = await _other_place(turn, form)
    moved = moved or await _other_street(turn, form)
    if moved is not None and understanding.intent != "affirm":
        return moved
    if understanding.intent == "report/other":
        return None  # "I want to report something" takes nothing back of what is known.
    if understanding.intent.startswith("report/") and understanding.confidence >= _SURE:
        if is_linked(turn.text, words_):
            add_words(form, turn.text)
            return await _go_on(turn, form, "request.added")
        if understanding.intent != form.intent:
            form.intent, form.compared = understanding.intent, False
        form.description = turn.text[:MAX_DESCRIPTION]
        return await _go_on(turn, form)
    return None


async def told_anew(turn: Turn, form: RequestForm) -> Reply | None:
    """ "Non c'est le chien du voisin qui aboie": behind a no, what the matter is in other words; None for a mere no."""
    words_ = turn.house.report_words
    said = asserted(turn.text, words_)
    if said == turn.text or not words_.thing_is.are_in(turn.text) or len(words(said)) < _WORDS_OF_A_MATTER:
        return None
    add_words(form, said)
    return await _go_on(turn, form)


def closer(turn: Turn, form: RequestForm, said: str | None = None) -> bool:
    """ "7da lmadrassa" once a place is known: the words join it, unless they name another arrondissement.

    `said`: the part of the message that may be such words.
    """
    report_words, said = turn.house.report_words, said or turn.text
    text = report_words.place_openers.not_first(said)
    if report_words.not_this.are_in(said) and not report_words.near.begin(said):
        return False
    if (
        not text
        or normalise(text) in normalise(form.place_text)
        or not (is_address(text) or names_the_office(turn, form) or _is_a_place_alone(turn, form))
    ):
        return False
    understanding = turn.understanding
    reports = understanding is not None and understanding.intent.startswith("report/")
    if reports and understanding and understanding.confidence >= _SURE and len(words(text)) > _WORDS_OF_A_MATTER:
        return False  # "chari3 m3ammar b zbel"
    found = place_in(turn)
    if found and (found.outside or found.arrondissement not in (None, form.arrondissement)):
        return False
    form.place_text = (further_place(turn, form.place_text, text) if form.place_text else text)[:MAX_PLACE]
    form.compared = False
    return True


def names_the_office(turn: Turn, form: RequestForm) -> bool:
    """ "المقاطعة نيت", "service légalisation": where a complaint about an office is, though it sounds like a question for one."""
    if turn.house.categories[form.intent].place != "office" or questions.is_asked(turn):
        return False
    reports = turn.understanding is not None and turn.understanding.intent.startswith("report/")
    if reports or tells_something(turn.text):
        return False  # "le guichet était fermé"
    return len(words(turn.text)) <= _WORDS_OF_AN_OFFICE and turn.house.report_words.offices.are_in(turn.text)


def _is_a_place_alone(turn: Turn, form: RequestForm) -> bool:
    """ "السلامة 3 سيدي عثمان": names of places and numbers, what is known already, and nothing that tells."""
    rest, within = words(without_names(turn.text, turn.entities_of("place"))), turn.house.report_words.within
    known = {word.text for word in words(normalise(form.place_text))}
    return bool(turn.entities_of("place")) and all(
        word.text.isdigit() or word.text in known or within.are_all_of(word.text) for word in rest
    )


def denies_photo(turn: Turn) -> bool:
    """ "sans photo", "bla tswira", "laissez tomber la photo": a short word about no photo."""
    words_ = turn.house.report_words
    denied = words_.without.are_in(turn.text) or words_.negation.are_in(turn.text) or negates(turn.text)
    heard = turn.understanding
    refused = heard is not None and heard.intent in ("cancel", "deny") and heard.decision is Decision.ANSWER
    return bool(turn.entities_of("photo")) and (denied or refused)


def asserted(text: str, report_words: ReportWords) -> str:
    """What a correction says it is, without what it says it is not: "c'est rue 15 pas rue 14" is "rue 15", and so is
    "en fait c'est pas rue 14 c'est rue 15"."""
    typed = _said_anew(words(text), report_words)
    denied, since, kept = False, 0, list[int]()
    for number, word in enumerate(typed):
        if number and any(sign in normalise(text[typed[number - 1].end : word.start]) for sign in ".,;"):
            denied = False
        if report_words.not_this.are_all_of(word.text):
            denied, since = True, number
        elif denied and number == since + 1 and report_words.articles.are_all_of(word.text):
            since = number  # "pas le boulevard d'Anfa": the place that is denied begins behind it.
        elif denied and number > since + 1 and _begins_a_place(typed, number, report_words):
            denied = False  # "machi socrate f bd ghandi": the second place is what it is.
            kept.append(number)
        elif not denied and (kept or not report_words.it_is.are_all_of(word.text)):
            kept.append(number)
        elif kept:
            break
    return text[typed[kept[0]].start : typed[kept[-1]].end] if kept else text


def denied(text: str, report_words: ReportWords) -> str:
    """What a correction says it is not: of "la, machi zbel, 7ofra" it is "zbel"; nothing where nothing is denied."""
    typed = words(text)
    first = next((n for n, word in enumerate(typed) if report_words.not_this.are_all_of(word.text)), None)
    if first is None or first + 1 == len(typed):
        return ""
    last = first + 1
    while last + 1 < len(typed):
        apart = any(sign in normalise(text[typed[last].end : typed[last + 1].start]) for sign in ".,;")
        if apart or report_words.but_is.are_all_of(typed[last + 1].text):
            break
        last += 1
    return text[typed[first + 1].start : typed[last].end]


def _begins_a_place(typed: Sequence[Word], number: int, report_words: ReportWords) -> bool:
    """Whether a word of place stands here, and not behind the one that already began this place ("f bd ghandi")."""
    word, before = normalise(typed[number].text), normalise(typed[number - 1].text)
    begins = begins_with_place(word) or report_words.within.are_all_of(word)
    return begins and not begins_with_place(before) and not report_words.within.are_all_of(before)


def _said_anew(typed: Sequence[Word], report_words: ReportWords) -> Sequence[Word]:
    """The words behind an "it is" that follows what it is not; all of them where there is none."""
    not_this = [number for number, word in enumerate(typed) if report_words.not_this.are_all_of(word.text)]
    anew = [number for number, word in enumerate(typed) if report_words.but_is.are_all_of(word.text)]
    behind = [number for number in anew if not_this and number > not_this[0] + 1 and number + 1 < len(typed)]
    return typed[behind[-1] + 1 :] if behind else typed


def add_words(form: RequestForm, text: str) -> None:
    """Further words of the person belong to the description; the first ones stay."""
    form.description = (f"{form.description}\n{text}" if form.description else text)[:MAX_DESCRIPTION]


async def other_number(turn: Turn, form: RequestForm) -> Reply | None:
    """ "الرقم 54 ماشي 45": another number of the house, in the place that was told."""
    said = turn.house.report_words
    if not (said.not_this.are_in(turn.text) or said.corrects.begin(turn.text) or said.it_is.begin(turn.text)):
        return None
    wrong, right = denied(turn.text, said), asserted(turn.text, said)
    place = with_other_number(form.place_text, turn.text, wrong=wrong, right=right, said=said)
    if place is None:
        return None
    form.place_text, form.lat, form.lon, form.compared = place[:MAX_PLACE], None, None, False
    return await _go_on(turn, form)


async def _other_place(turn: Turn, form: RequestForm) -> Reply | None:
    words_, said = turn.house.report_words, turn.understanding
    if words_.not_this.are_in(turn.text):
        said = turn.house.parser.parse(
            asserted(turn.text, words_)
        )  # "machi Sidi Othmane, Sbata": whatever stood there.
    found = place_in(turn, understanding=said, besides=form.place_id, besides_arrondissement=form.arrondissement)
    if found is None and words_.not_this.are_in(turn.text):
        found = _behind_the_denied(turn, form)
    if found is None and _is_told_again(turn, form):
        return await _go_on(turn, form)
    if found is None:
        return None
    if found.outside:
        return Reply((Say("request.outside", {"place": Words(found.text)}),)).then(await next_question(turn, form))
    _move(turn, form, found)
    form.compared = False
    return await _go_on(turn, form)


def _is_told_again(turn: Turn, form: RequestForm) -> bool:
    """ "قلت ليك درب غلف ماشي الفداء": the place that is known already, against another."""
    told = turn.house.parser.parse(asserted(turn.text, turn.house.report_words)).entities_of("place")
    other = turn.house.parser.parse(denied(turn.text, turn.house.report_words)).entities_of("place")
    return bool(other) and any(entity.value["id"] == form.place_id for entity in told)


def _behind_the_denied(turn: Turn, form: RequestForm) -> PlaceFound | None:
    """ "machi Sidi Moumen l Bernoussi": the name behind the one that is denied, where that one was told before."""
    understanding = turn.understanding
    names = understanding.entities_of("place") if understanding else ()
    told = (form.place_id, form.arrondissement)
    if understanding is None or len(names) < 2 or names[0].value["id"] not in told:
        return None
    if normalise(names[0].text) not in normalise(denied(turn.text, turn.house.report_words)):
        return None  # "derb ghallef machi el fida": the first name is what it is.
    rest = turn.house.parser.parse(understanding.text[names[0].end :])
    return place_in(turn, understanding=rest, besides=form.place_id, besides_arrondissement=form.arrondissement)


async def _other_street(turn: Turn, form: RequestForm) -> Reply | None:
    """A place that no gazetteer knows ("c'est rue 15, pas rue 14", "9dam lhammam"), in the arrondissement that was told before."""
    said = asserted(turn.text, turn.house.report_words)
    place = from_place(said)
    if place is None or not (says_where(place) or (place == said and len(words(place)) <= _WORDS_OF_A_PLACE)):
        return None
    wrong = denied(turn.text, turn.house.report_words)
    kept = with_other_words(without_areas(turn, form.place_text) or form.place_text, wrong, place)
    kept = kept or another_street(without_areas(turn, form.place_text), place)
    form.place_text = (kept or place)[:MAX_PLACE]
    form.place_id, form.lat, form.lon = (form.place_id if kept else None), None, None
    form.compared = False
    return await _go_on(turn, form)


def _move(turn: Turn, form: RequestForm, found: PlaceFound) -> None:
    """Another arrondissement alone leaves the words of the place, without the name that was wrong."""
    kept = "" if found.exact or not form.place_text else without_areas(turn, form.place_text)
    report_words = turn.house.report_words
    wrong, right = denied(turn.text, report_words), asserted(turn.text, report_words)
    mended = with_other_words(form.place_text, wrong, right) if found.exact and not found.is_arrondissement else None
    form.lat, form.lon = None, None
    take_place(form, replace(found, exact=True, text=mended or found.text))
    names = turn.house.parser.parse(denied(turn.text, turn.house.report_words)).entities_of("place")
    ids = [str(entity.value["id"]) for entity in names]
    left = form.arrondissement in {*ids, *(turn.house.city.place(key).arrondissement for key in ids)}
    form.arrondissement = found.arrondissement or (None if left else form.arrondissement)
    if kept and found.arrondissement:
        name = name_of(turn.house.city.place(str(found.arrondissement)), turn.language)
        form.place_text = further_place(turn, kept, name)


def take_place(form: RequestForm, found: PlaceFound | None) -> None:
    """The place that a message named, as far as it did."""
    if found is None or found.outside:
        return
    form.place_id = found.place_id
    form.arrondissement = found.arrondissement or form.arrondissement
    if found.exact:
        form.place_text = found.text


def without_areas(turn: Turn, place_text: str) -> str:
    """A description of a place without the arrondissements it names: "9dam madrassa f Sbata" becomes "9dam madrassa"."""
    understanding = turn.house.parser.parse(place_text)
    areas = [
        entity
        for entity in understanding.entities_of("place")
        if turn.house.city.place(str(entity.value["id"])).kind == "arrondissement"
    ]
    typed, found = words(place_text), words(normalise(place_text))
    if not areas or len(typed) != len(found):
        return "" if areas else place_text
    in_area = [any(word.start < area.end and area.start < word.end for area in areas) for word in found]
    for number, word in enumerate(found[:-1]):
        if says_where(word.text) and not in_area[number] and in_area[number + 1]:
            in_area[number + 1] = False  # "chari3 Anfa": the name of the street.
    for number in range(len(found) - 2, -1, -1):
        # The small word before the name goes with it.
        if in_area[number + 1] and turn.house.report_words.within.are_all_of(found[number].text):
            in_area[number] = True
    kept = [number for number, area in enumerate(in_area) if not area]
    if not kept or not any(len(found[number].text) > 2 for number in kept):
        return ""
    return place_text[typed[kept[0]].start : typed[kept[-1]].end] if kept[-1] - kept[0] == len(kept) - 1 else ""


def _is_only_where(understanding: Understanding, said: ReportWords) -> bool:
    """ "dans les maisons" behind "pas les lampadaires": where it is, which names no other problem for sure."""
    return said.within.begin(understanding.text) and not understanding.entities and understanding.confidence < _SURE


def _is_other_problem(understanding: Understanding, form: RequestForm) -> bool:
    return (
        understanding.intent.startswith("report/")
        and understanding.decision is Decision.ANSWER
        and understanding.intent != "report/other"
    )


async def _go_on(turn: Turn, form: RequestForm, told: str = "request.corrected") -> Reply:
    if form.asking == "photo":
        form.photo_asked = False  # The question was not answered yet.
    return say(told).then(await next_question(turn, form))
