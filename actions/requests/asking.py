"""The report form as it is shown: the next question, and the summary that is agreed to."""

from collections.abc import Sequence
from datetime import timedelta

from actions.geography import Place, distance_metres
from actions.places import name_of
from actions.reply import AskLocation, Choice, Reply, Say, Words, say
from actions.requests import joining
from actions.state import RequestForm
from actions.turn import Turn, button, with_choices
from nlu.text import normalise
from nlu.whereabouts import between_arrondissements

FREQUENT = ("report/waste", "report/road", "report/street_light", "report/water", "report/sewer", "report/noise")
ON_FIRST_PAGE = 7
"""Arrondissements offered at once: with "others", "I don't know" and "cancel" they make ten, which every channel can show."""
ALBUM = timedelta(seconds=20)
"""Photos that follow one another so fast were chosen together."""
_NEAR_METRES = 400
_LONGEST_QUOTE = 160


async def next_question(turn: Turn, form: RequestForm) -> Reply:
    """Asks for the first thing that is missing; the summary when nothing is."""
    if not form.description:
        return ask_what(turn, form)
    category = turn.house.categories[form.intent]
    named = turn.house.report_words.offices.are_in(form.description) and form.arrondissement not in (None, "unknown")
    if category.place == "office" and named and not form.place_text:
        form.place_text = name_of(turn.house.city.place(str(form.arrondissement)), turn.language)
    if not form.place_text and form.lat is None:
        return ask_where(turn, form)
    if category.place == "line":
        form.arrondissement = form.arrondissement or "unknown"
    if form.arrondissement is None:
        return ask_arrondissement(turn, form)
    if not form.compared:
        form.compared = True
        similar = await joining.ask_whether_same(turn, form)
        if similar is not None:
            return similar
    if not form.photo_asked and category.photo:
        form.asking, form.photo_asked = "photo", True
        return with_choices(say("request.ask_photo"), *photo_choices())
    form.asking = "confirm"
    return summary(turn, form)


def choices_now(turn: Turn, form: RequestForm) -> tuple[Choice, ...]:
    """The buttons of the question that is open, for a short word that does not ask it again."""
    match form.asking:
        case "photo":
            return photo_choices()
        case "confirm":
            return summary_choices()
        case "what":
            return ask_what(turn, form).choices
        case _:
            return (cancel(),)


def ask_what(turn: Turn, form: RequestForm) -> Reply:
    form.asking = "what"
    if turn.house.categories[form.intent].place == "office":
        return with_choices(say("request.ask_what_happened"), cancel())
    choices = [
        Choice(Words(turn.house.knowledge.label(intent, turn.language)), f"r:what:{intent}") for intent in FREQUENT
    ]
    return with_choices(say("request.ask_what"), *choices, cancel())


def ask_where(turn: Turn, form: RequestForm) -> Reply:
    form.asking = "where"
    if form.same_place_as:
        text, lat, lon = (form.same_place_as.get(name) for name in ("place_text", "lat", "lon"))
        place = Words(str(text)) if text else _shared_position(turn, lat, lon)
        return with_choices(
            say("request.same_place", place=place),
            button("request.button.same_place", "r:same_place"),
            button("request.button.other_place", "r:other_place"),
            cancel(),
        )
    question = Reply((_where_question(turn, form), AskLocation()))
    if form.photo_lat is None:
        return with_choices(question, cancel())
    offer = button("request.button.photo_place", "r:where:photo")
    return with_choices(say("request.photo_place_known").then(question), offer, cancel())


def _where_question(turn: Turn, form: RequestForm) -> Say:
    if form.arrondissement in (None, "unknown"):
        office = turn.house.categories[form.intent].place == "office"
        return Say("request.ask_where_office" if office else "request.ask_where")
    arrondissement = turn.house.city.place(str(form.arrondissement))
    return Say("request.ask_where_in", {"arrondissement": Words(name_of(arrondissement, turn.language))})


def ask_arrondissement(turn: Turn, form: RequestForm) -> Reply:
    form.asking = "arrondissement"
    either = _either_arrondissement(turn, form)
    if either:
        return _ask_which_of_two(turn, form, either)
    question = Reply((Say("request.ask_arrondissement", {"place": Words(form.place_text)}), AskLocation()))
    return with_choices(question, *arrondissement_choices(turn, turn.house.city.arrondissements[:ON_FIRST_PAGE]))


def _either_arrondissement(turn: Turn, form: RequestForm) -> Sequence[Place]:
    """The two arrondissements between which the place is, as it was told; empty for any other place."""
    named = between_arrondissements(form.place_text, turn.house.parser.parse(form.place_text).entities_of("place"))
    return [turn.house.city.place(str(entity.value["id"])) for entity in named or ()]


def _ask_which_of_two(turn: Turn, form: RequestForm, places: Sequence[Place]) -> Reply:
    """Of two arrondissements that were named, the one whose office is told."""
    first, second = (Words(name_of(place, turn.language)) for place in places)
    asked = Say("request.which_of_two", {"place": Words(form.place_text), "first": first, "second": second})
    buttons = (Choice(Words(name_of(place, turn.language)), f"r:arr:{place.id}") for place in places)
    return with_choices(Reply((asked,)), *buttons, button("request.button.unknown", "r:arr:unknown"), cancel())


def other_arrondissements(turn: Turn, form: RequestForm) -> Reply:
    """The second page of the list."""
    form.asking = "arrondissement"
    rest = turn.house.city.arrondissements[ON_FIRST_PAGE:]
    buttons = [Choice(Words(name_of(place, turn.language)), f"r:arr:{place.id}") for place in rest]
    return with_choices(say("request.which_arrondissement"), *buttons, cancel())


def arrondissement_choices(turn: Turn, places: Sequence[Place]) -> tuple[Choice, ...]:
    return (
        *(Choice(Words(name_of(place, turn.language)), f"r:arr:{place.id}") for place in places),
        button("request.button.others", "r:arr:others"),
        button("request.button.unknown", "r:arr:unknown"),
        cancel(),
    )


def photo_choices() -> tuple[Choice, ...]:
    return (button("request.button.no_photo", "r:photo:no"), cancel())


def summary_choices() -> tuple[Choice, ...]:
    return (button("request.button.send", "r:send"), button("request.button.change", "r:change"), cancel())


def summary(turn: Turn, form: RequestForm) -> Reply:
    """Everything that would be stored, in words, and the question for consent."""
    lines = Say(
        "request.summary_anonymous" if form.anonymous else "request.summary",
        {
            "what": Words(turn.house.knowledge.label(form.intent, turn.language)),
            "description": Words(_short(form.description)),
            "where": where_in_words(turn, form),
            "photos": Say("request.photos", count=len(form.photos)) if form.photos else Say("request.no_photo"),
        },
    )
    return with_choices(Reply((lines,)), *summary_choices())


def what_to_change(turn: Turn, form: RequestForm) -> Reply:
    return with_choices(
        say("request.what_to_change"),
        button("request.button.change_what", "r:redo:what"),
        button("request.button.change_where", "r:redo:where"),
        *([button("request.button.no_photo", "r:redo:photos")] if form.photos else []),
        *([] if form.anonymous else [button("request.button.anonymous", "r:anonymous")]),
        cancel(),
    )


def where_in_words(turn: Turn, form: RequestForm) -> Say:
    """The place so that the person can say whether it is right, a shared position by what stands near it."""
    place = Words(form.place_text) if form.place_text else _shared_position(turn, form.lat, form.lon)
    if form.arrondissement in (None, "unknown"):
        return Say("request.where_only", {"place": place})
    name = name_of(turn.house.city.place(str(form.arrondissement)), turn.language)
    if normalise(name) in normalise(form.place_text) and not _either_arrondissement(turn, form):
        return Say("request.where_only", {"place": place})
    return Say("request.where", {"place": place, "arrondissement": Words(name)})


def _shared_position(turn: Turn, lat: float | None, lon: float | None) -> Say:
    near = _named_thing_near(turn, lat, lon) if lat is not None and lon is not None else None
    if near is None:
        return Say("request.shared_location")
    return Say("request.shared_location_near", {"near": Words(name_of(near, turn.language))})


def _named_thing_near(turn: Turn, lat: float, lon: float) -> Place | None:
    city = turn.house.city
    stops = [(near.metres, near.stop) for near in city.nearest_stops(lat, lon, limit=1)]
    landmarks = [
        (round(distance_metres(lat, lon, place.lat, place.lon)), place)
        for place in city.landmarks
        if place.lat is not None and place.lon is not None
    ]
    metres, place = min([*stops, *landmarks], key=lambda near: near[0])
    return place if metres <= _NEAR_METRES else None


def cancel() -> Choice:
    return button("request.button.cancel", "r:cancel")


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST_QUOTE else f"{text[: _LONGEST_QUOTE - 1].rstrip()}…"
