"""Filing a service request: only what is missing is asked, everything can be corrected, nothing is stored before the yes."""

from dataclasses import replace

from actions.places import PlaceFound, name_of, place_at, place_in
from actions.reply import AskLocation, Choice, Reply, Say, Words, say
from actions.requests.categories import Category
from actions.requests.changes import Draft, file_request
from actions.state import RequestForm
from actions.turn import Turn, button, with_choices
from nlu.text import normalise, words
from nlu.understanding import Decision

MAX_PHOTOS = 3
MAX_DESCRIPTION = 1_000
FREQUENT = ("report/waste", "report/road", "report/street_light", "report/water", "report/sewer", "report/noise")
_WORDS_THAT_SAY_SOMETHING = 3


async def begin(turn: Turn, intent: str) -> Reply:
    """Starts a form from a sentence (or a choice) and asks for what it did not say."""
    form = RequestForm(intent=intent, updated_at=turn.now)
    if turn.incoming.photo:
        _take_photo(turn, form, turn.incoming.photo)
    if turn.text and turn.incoming.text:
        form.description = turn.text[:MAX_DESCRIPTION]
        _take_place(form, place_in(turn))
    turn.state.form = form
    turn.state.topic = None
    opening = _danger_first(turn, form, turn.text)
    if intent == "report/other" and not _says_what(turn):
        form.description = ""
    return opening.then(await _next_question(turn, form))


async def begin_with_photo(turn: Turn, photo: str) -> Reply:
    """A photo is a report; without words under it that say of what, this is asked."""
    understanding = turn.understanding
    if understanding and understanding.decision is not Decision.LOST and understanding.intent.startswith("report/"):
        return await begin(turn, understanding.intent)
    form = RequestForm(intent="report/other", updated_at=turn.now)
    _take_photo(turn, form, photo)
    turn.state.form = form
    return say("request.photo_received").then(_ask_what(turn, form))


async def go_on(turn: Turn) -> Reply | None:
    """Takes this message as the answer to the form's question; None when it is about something else."""
    form = turn.state.form
    if form is None:
        return None
    form.updated_at = turn.now
    incoming = turn.incoming
    if incoming.photo:
        return await _add_photo(turn, form, incoming.photo)
    if incoming.location:
        return await _take_location(turn, form, incoming.location)
    if incoming.choice:
        return await _take_choice(turn, form, incoming.choice)
    if turn.understanding is None:
        return None
    if form.asking != "confirm" and _is_something_else(turn, form):
        return None
    match form.asking:
        case "what":
            return await _take_what(turn, form)
        case "where":
            return await _take_where(turn, form)
        case "arrondissement":
            return await _take_arrondissement(turn, form)
        case "photo":
            return await _take_photo_answer(turn, form)
        case _:
            return await _take_confirmation(turn, form)


async def resume(turn: Turn) -> Reply:
    """The question that was open, asked again after an interruption."""
    form = turn.state.form
    if form is None:
        return Reply(())
    return say("request.back_to_form").then(await _next_question(turn, form))


def abandon(turn: Turn) -> Reply:
    """Forgets the form; nothing was stored."""
    turn.state.form = None
    return say("request.abandoned")


async def _next_question(turn: Turn, form: RequestForm) -> Reply:
    if not form.description:
        return _ask_what(turn, form)
    if not form.place_text and form.lat is None:
        form.asking = "where"
        question = Reply((_where_question(turn, form), AskLocation()))
        if form.photo_lat is None:
            return with_choices(question, _cancel())
        offer = button("request.button.photo_place", "r:where:photo")
        return with_choices(say("request.photo_place_known").then(question), offer, _cancel())
    if form.arrondissement is None:
        form.asking = "arrondissement"
        question = Reply((Say("request.ask_arrondissement", {"place": Words(form.place_text)}), AskLocation()))
        return with_choices(question, button("request.button.unknown", "r:arr:unknown"), _cancel())
    if not form.photo_asked:
        form.asking = "photo"
        form.photo_asked = True
        return with_choices(say("request.ask_photo"), button("request.button.no_photo", "r:photo:no"), _cancel())
    form.asking = "confirm"
    return _summary(turn, form)


def _where_question(turn: Turn, form: RequestForm) -> Say:
    if form.arrondissement in (None, "unknown"):
        return Say("request.ask_where")
    arrondissement = turn.house.city.place(str(form.arrondissement))
    return Say("request.ask_where_in", {"arrondissement": Words(name_of(arrondissement, turn.language))})


def _ask_what(turn: Turn, form: RequestForm) -> Reply:
    form.asking = "what"
    choices = [
        Choice(Words(turn.house.knowledge.label(intent, turn.language)), f"r:what:{intent}") for intent in FREQUENT
    ]
    return with_choices(say("request.ask_what"), *choices, _cancel())


def _summary(turn: Turn, form: RequestForm) -> Reply:
    lines = Say(
        "request.summary",
        {
            "what": Words(turn.house.knowledge.label(form.intent, turn.language)),
            "description": Words(_short(form.description)),
            "where": _where_in_words(turn, form),
            "photos": Say("request.photos", count=len(form.photos)) if form.photos else Say("request.no_photo"),
        },
    )
    return with_choices(
        Reply((lines,)),
        button("request.button.send", "r:send"),
        button("request.button.change", "r:change"),
        _cancel(),
    )


def _where_in_words(turn: Turn, form: RequestForm) -> Say:
    place = Words(form.place_text) if form.place_text else Say("request.shared_location")
    if form.arrondissement in (None, "unknown"):
        return Say("request.where_only", {"place": place})
    arrondissement = turn.house.city.place(str(form.arrondissement))
    if normalise(name_of(arrondissement, turn.language)) in normalise(form.place_text):
        return Say("request.where_only", {"place": place})
    return Say("request.where", {"place": place, "arrondissement": Words(name_of(arrondissement, turn.language))})


async def _take_what(turn: Turn, form: RequestForm) -> Reply:
    understanding = turn.understanding
    if understanding and understanding.intent in ("affirm", "deny"):
        return _ask_what(turn, form)
    form.description = turn.text[:MAX_DESCRIPTION]
    if understanding and understanding.intent.startswith("report/") and understanding.decision is not Decision.LOST:
        form.intent = understanding.intent
    _take_place(form, place_in(turn))
    return _danger_first(turn, form, turn.text).then(await _next_question(turn, form))


async def _take_where(turn: Turn, form: RequestForm) -> Reply:
    found = place_in(turn)
    if found and found.outside:
        return with_choices(
            Reply((Say("request.outside", {"place": Words(found.text)}), Say("request.ask_where"), AskLocation())),
            _cancel(),
        )
    if found:
        _take_place(form, replace(found, text=turn.text[:300], exact=True))
    form.place_text = turn.text[:300]
    return await _next_question(turn, form)


async def _take_arrondissement(turn: Turn, form: RequestForm) -> Reply:
    found = place_in(turn)
    if found and found.arrondissement:
        form.arrondissement = found.arrondissement
        return await _next_question(turn, form)
    names = ", ".join(name_of(place, turn.language) for place in turn.house.city.arrondissements)
    reply = Reply((Say("request.arrondissement_not_found", {"names": Words(names)}), AskLocation()))
    return with_choices(reply, button("request.button.unknown", "r:arr:unknown"), _cancel())


async def _take_location(turn: Turn, form: RequestForm, location: tuple[float, float]) -> Reply:
    found = place_at(turn, *location)
    if found.outside:
        return with_choices(Reply((Say("request.location_outside"), Say("request.ask_where"))), _cancel())
    form.lat, form.lon, form.arrondissement = location[0], location[1], found.arrondissement
    return await _next_question(turn, form)


async def _add_photo(turn: Turn, form: RequestForm, photo: str) -> Reply:
    form.photo_asked = True
    if len(form.photos) >= MAX_PHOTOS:
        return say("request.enough_photos", count=MAX_PHOTOS).then(await _next_question(turn, form))
    _take_photo(turn, form, photo)
    if form.asking == "what" and turn.understanding:
        return say("request.photo_added").then(await _take_what(turn, form))
    return say("request.photo_added").then(await _next_question(turn, form))


def _take_photo(turn: Turn, form: RequestForm, photo: str) -> None:
    form.photos.append(photo)
    form.photo_asked = True
    if turn.incoming.photo_location:
        form.photo_lat, form.photo_lon = turn.incoming.photo_location


async def _take_photo_answer(turn: Turn, form: RequestForm) -> Reply:
    intent = turn.understanding.intent if turn.understanding else ""
    if intent == "affirm":
        form.asking = "photo"
        return with_choices(say("request.send_photo_now"), button("request.button.no_photo", "r:photo:no"), _cancel())
    about_photos = bool(turn.entities_of("photo"))
    if intent != "deny" and not about_photos and len(words(turn.text)) >= _WORDS_THAT_SAY_SOMETHING:
        form.description = f"{form.description}\n{turn.text}"[:MAX_DESCRIPTION]
    return await _next_question(turn, form)


async def _take_choice(turn: Turn, form: RequestForm, payload: str) -> Reply | None:
    if payload.startswith("r:what:"):
        form.intent = payload.removeprefix("r:what:")
        form.description = form.description or turn.house.knowledge.label(form.intent, turn.language)
        return _danger_first(turn, form, "").then(await _next_question(turn, form))
    match payload:
        case "r:where:photo" if form.photo_lat is not None and form.photo_lon is not None:
            return await _take_location(turn, form, (form.photo_lat, form.photo_lon))
        case "r:arr:unknown":
            form.arrondissement = "unknown"
        case "r:photo:no":
            form.photo_asked = True
        case "r:cancel":
            return abandon(turn)
        case "r:send" if form.asking == "confirm":
            return await _file(turn, form)
        case "r:change" if form.asking == "confirm":
            return with_choices(
                say("request.what_to_change"),
                button("request.button.change_what", "r:redo:what"),
                button("request.button.change_where", "r:redo:where"),
                _cancel(),
            )
        case "r:redo:what":
            form.description = ""
        case "r:redo:where":
            form.place_text, form.place_id, form.lat, form.lon, form.arrondissement = "", None, None, None, None
        case _:
            return None
    return await _next_question(turn, form)


async def _take_confirmation(turn: Turn, form: RequestForm) -> Reply | None:
    """Yes, no, or a sentence that corrects: "la, machi Sbata, Sidi Othmane"."""
    understanding = turn.understanding
    if understanding is None:
        return None
    found = place_in(turn, besides=form.place_id, besides_arrondissement=form.arrondissement)
    if found and found.outside:
        return Reply((Say("request.outside", {"place": Words(found.text)}),)).then(_summary(turn, form))
    if found and understanding.intent != "affirm":
        form.lat, form.lon, form.arrondissement, form.place_text = None, None, None, ""
        _take_place(form, replace(found, exact=True))
        return say("request.corrected").then(await _next_question(turn, form))
    if understanding.decision is not Decision.LOST:
        if understanding.intent == "affirm":
            return await _file(turn, form)
        if understanding.intent == "deny":
            return await _take_choice(turn, form, "r:change")
        if understanding.intent.startswith("report/") and understanding.decision is Decision.ANSWER:
            form.intent, form.description = understanding.intent, turn.text[:MAX_DESCRIPTION]
            return say("request.corrected").then(await _next_question(turn, form))
    if _is_something_else(turn, form):
        return None
    return say("request.confirm_please").then(_summary(turn, form))


async def _file(turn: Turn, form: RequestForm) -> Reply:
    draft = Draft(
        category=form.intent,
        description=form.description,
        language=turn.language,
        conversation_id=turn.conversation_id,
        place_text=form.place_text,
        place_id=form.place_id,
        arrondissement=None if form.arrondissement == "unknown" else form.arrondissement,
        lat=form.lat,
        lon=form.lon,
        photos=tuple(form.photos),
    )
    row = await file_request(turn.session, turn.house.desk, draft, now=turn.now)
    turn.state.form = None
    return with_choices(
        say("request.filed", number=row.number, body=Words(row.body)),
        button("request.button.status", f"s:{row.number}"),
        turn.intent_choice("request/list"),
    )


def _is_something_else(turn: Turn, form: RequestForm) -> bool:
    """Whether a message in the middle of a form is a question or a wish of its own, not the answer that was asked for."""
    understanding = turn.understanding
    if understanding is None or understanding.decision is not Decision.ANSWER:
        return False
    intent = understanding.intent
    if intent.startswith("report/") or intent in ("affirm", "deny", "out_of_scope"):
        return False
    if form.asking in ("where", "arrondissement") and understanding.entities_of("place"):
        return _is_a_question(turn)
    return True


def _is_a_question(turn: Turn) -> bool:
    return "?" in turn.text or "؟" in turn.text or bool(turn.entities_of("aspect"))


def _says_what(turn: Turn) -> bool:
    """Whether "I want to report …" went on to say what: some words remain that only a problem has."""
    understanding = turn.understanding
    return understanding is None or understanding.decision is not Decision.ANSWER


def _danger_first(turn: Turn, form: RequestForm, text: str) -> Reply:
    if _category(turn, form.intent).is_dangerous(text):
        return say("request.danger")
    return Reply(())


def _category(turn: Turn, intent: str) -> Category:
    return turn.house.categories[intent]


def _take_place(form: RequestForm, found: PlaceFound | None) -> None:
    if found is None or found.outside:
        return
    form.place_id = found.place_id
    form.arrondissement = found.arrondissement or form.arrondissement
    if found.exact:
        form.place_text = found.text


def _short(text: str, *, limit: int = 160) -> str:
    return text if len(text) <= limit else f"{text[: limit - 1].rstrip()}…"


def _cancel() -> Choice:
    return button("request.button.cancel", "r:cancel")
